/* SPDX-License-Identifier: ((GPL-2.0 WITH Linux-syscall-note) OR BSD-3-Clause) */
/* Do not edit directly, auto-generated from: */
/*	Documentation/netlink/specs/vswitch.yaml */
/* YNL-GEN kernel header */

#ifndef _LINUX_VSWITCH_GEN_H
#define _LINUX_VSWITCH_GEN_H

#include <net/netlink.h>
#include <net/genetlink.h>

#include <uapi/linux/vswitch.h>

/* Common nested types */
extern const struct nla_policy vswitch_guard_nl_policy[VSWITCH_A_GUARD_FORGED_TRANSMITS + 1];

extern const struct nla_policy vswitch_switch_new_nl_policy[VSWITCH_A_SWITCH_VLAN_STATS + 1];

extern const struct nla_policy vswitch_switch_set_nl_policy[VSWITCH_A_SWITCH_VLAN_STATS + 1];

extern const struct nla_policy vswitch_switch_del_nl_policy[VSWITCH_A_SWITCH_NAME + 1];

extern const struct nla_policy vswitch_switch_get_nl_policy[VSWITCH_A_SWITCH_NAME + 1];

extern const struct nla_policy vswitch_port_new_nl_policy[VSWITCH_A_PORT_LOOP_PROTECT + 1];

extern const struct nla_policy vswitch_port_set_nl_policy[VSWITCH_A_PORT_VLAN_MASK + 1];

extern const struct nla_policy vswitch_port_del_nl_policy[VSWITCH_A_PORT_NUMBER + 1];

extern const struct nla_policy vswitch_port_get_nl_policy[VSWITCH_A_PORT_NUMBER + 1];

extern const struct nla_policy vswitch_fdb_new_nl_policy[VSWITCH_A_FDB_PORT_NUMBER + 1];

extern const struct nla_policy vswitch_fdb_set_nl_policy[VSWITCH_A_FDB_PORT_NUMBER + 1];

extern const struct nla_policy vswitch_fdb_del_nl_policy[VSWITCH_A_FDB_PORT_NUMBER + 1];

extern const struct nla_policy vswitch_fdb_get_nl_policy[VSWITCH_A_FDB_PORT_NUMBER + 1];

extern const struct nla_policy vswitch_fdb_flush_nl_policy[VSWITCH_A_FDB_PORT_NUMBER + 1];

extern const struct nla_policy vswitch_mirror_new_nl_policy[VSWITCH_A_MIRROR_SAMPLE + 1];

extern const struct nla_policy vswitch_mirror_set_nl_policy[VSWITCH_A_MIRROR_SAMPLE + 1];

extern const struct nla_policy vswitch_mirror_del_nl_policy[VSWITCH_A_MIRROR_NAME + 1];

extern const struct nla_policy vswitch_mirror_get_nl_policy[VSWITCH_A_MIRROR_NAME + 1];

extern const struct nla_policy vswitch_binding_new_nl_policy[VSWITCH_A_BINDING_PREFIX_LEN + 1];

extern const struct nla_policy vswitch_binding_del_nl_policy[VSWITCH_A_BINDING_PREFIX_LEN + 1];

extern const struct nla_policy vswitch_binding_get_nl_policy[VSWITCH_A_BINDING_PREFIX_LEN + 1];

extern const struct nla_policy vswitch_mdb_new_nl_policy[VSWITCH_A_MDB_PERMANENT + 1];

extern const struct nla_policy vswitch_mdb_del_nl_policy[VSWITCH_A_MDB_VLAN + 1];

extern const struct nla_policy vswitch_mdb_get_nl_policy[VSWITCH_A_MDB_VLAN + 1];

extern const struct nla_policy vswitch_mdb_flush_nl_policy[VSWITCH_A_MDB_PERMANENT + 1];

extern const struct nla_policy vswitch_vlan_get_nl_policy[VSWITCH_A_VLAN_VLAN + 1];

/* Ops table for vswitch */
extern const struct genl_ops vswitch_nl_ops[25];

int vswitch_nl_switch_new_doit(struct sk_buff *skb, struct genl_info *info);
int vswitch_nl_switch_set_doit(struct sk_buff *skb, struct genl_info *info);
int vswitch_nl_switch_del_doit(struct sk_buff *skb, struct genl_info *info);
int vswitch_nl_switch_get_doit(struct sk_buff *skb, struct genl_info *info);
int vswitch_nl_switch_get_dumpit(struct sk_buff *skb,
				 struct netlink_callback *cb);
int vswitch_nl_port_new_doit(struct sk_buff *skb, struct genl_info *info);
int vswitch_nl_port_set_doit(struct sk_buff *skb, struct genl_info *info);
int vswitch_nl_port_del_doit(struct sk_buff *skb, struct genl_info *info);
int vswitch_nl_port_get_doit(struct sk_buff *skb, struct genl_info *info);
int vswitch_nl_port_get_dumpit(struct sk_buff *skb,
			       struct netlink_callback *cb);
int vswitch_nl_fdb_new_doit(struct sk_buff *skb, struct genl_info *info);
int vswitch_nl_fdb_set_doit(struct sk_buff *skb, struct genl_info *info);
int vswitch_nl_fdb_del_doit(struct sk_buff *skb, struct genl_info *info);
int vswitch_nl_fdb_get_doit(struct sk_buff *skb, struct genl_info *info);
int vswitch_nl_fdb_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb);
int vswitch_nl_fdb_flush_doit(struct sk_buff *skb, struct genl_info *info);
int vswitch_nl_mirror_new_doit(struct sk_buff *skb, struct genl_info *info);
int vswitch_nl_mirror_set_doit(struct sk_buff *skb, struct genl_info *info);
int vswitch_nl_mirror_del_doit(struct sk_buff *skb, struct genl_info *info);
int vswitch_nl_mirror_get_doit(struct sk_buff *skb, struct genl_info *info);
int vswitch_nl_mirror_get_dumpit(struct sk_buff *skb,
				 struct netlink_callback *cb);
int vswitch_nl_binding_new_doit(struct sk_buff *skb, struct genl_info *info);
int vswitch_nl_binding_del_doit(struct sk_buff *skb, struct genl_info *info);
int vswitch_nl_binding_get_doit(struct sk_buff *skb, struct genl_info *info);
int vswitch_nl_binding_get_dumpit(struct sk_buff *skb,
				  struct netlink_callback *cb);
int vswitch_nl_mdb_new_doit(struct sk_buff *skb, struct genl_info *info);
int vswitch_nl_mdb_del_doit(struct sk_buff *skb, struct genl_info *info);
int vswitch_nl_mdb_get_doit(struct sk_buff *skb, struct genl_info *info);
int vswitch_nl_mdb_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb);
int vswitch_nl_mdb_flush_doit(struct sk_buff *skb, struct genl_info *info);
int vswitch_nl_vlan_get_doit(struct sk_buff *skb, struct genl_info *info);
int vswitch_nl_vlan_get_dumpit(struct sk_buff *skb,
			       struct netlink_callback *cb);

enum {
	VSWITCH_NLGRP_SWITCH,
	VSWITCH_NLGRP_PORT,
	VSWITCH_NLGRP_FDB,
	VSWITCH_NLGRP_MIRROR,
	VSWITCH_NLGRP_BINDING,
	VSWITCH_NLGRP_DROP,
	VSWITCH_NLGRP_MDB,
};

#endif /* _LINUX_VSWITCH_GEN_H */
