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
extern const struct nla_policy vswitch_action_nl_policy[VSWITCH_A_ACTION_OUTPUT_FIELD + 1];
extern const struct nla_policy vswitch_bucket_nl_policy[VSWITCH_A_BUCKET_BYTES + 1];
extern const struct nla_policy vswitch_controller_nl_policy[VSWITCH_A_CONTROLLER_USERDATA + 1];
extern const struct nla_policy vswitch_ct_nl_policy[VSWITCH_A_CT_NAT + 1];
extern const struct nla_policy vswitch_flow_entry_nl_policy[VSWITCH_A_FLOW_ENTRY_HARD_AGE + 1];
extern const struct nla_policy vswitch_guard_nl_policy[VSWITCH_A_GUARD_FORGED_TRANSMITS + 1];
extern const struct nla_policy vswitch_learn_nl_policy[VSWITCH_A_LEARN_SPEC + 1];
extern const struct nla_policy vswitch_learn_spec_nl_policy[VSWITCH_A_LEARN_SPEC_BITS + 1];
extern const struct nla_policy vswitch_match_nl_policy[VSWITCH_A_MATCH_TP_DST_RANGE + 1];
extern const struct nla_policy vswitch_move_nl_policy[VSWITCH_A_MOVE_BITS + 1];
extern const struct nla_policy vswitch_nat_nl_policy[VSWITCH_A_NAT_PERSISTENT + 1];
extern const struct nla_policy vswitch_resubmit_nl_policy[VSWITCH_A_RESUBMIT_TABLE + 1];
extern const struct nla_policy vswitch_sample_nl_policy[VSWITCH_A_SAMPLE_MAX_LEN + 1];

extern const struct nla_policy vswitch_switch_new_nl_policy[VSWITCH_A_SWITCH_VLAN_STATS + 1];

extern const struct nla_policy vswitch_switch_set_nl_policy[VSWITCH_A_SWITCH_VLAN_STATS + 1];

extern const struct nla_policy vswitch_switch_del_nl_policy[VSWITCH_A_SWITCH_NAME + 1];

extern const struct nla_policy vswitch_switch_get_nl_policy[VSWITCH_A_SWITCH_NAME + 1];

extern const struct nla_policy vswitch_port_new_nl_policy[VSWITCH_A_PORT_CGROUP + 1];

extern const struct nla_policy vswitch_port_set_nl_policy[VSWITCH_A_PORT_CGROUP + 1];

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

extern const struct nla_policy vswitch_flow_new_nl_policy[VSWITCH_A_FLOW_BUNDLE + 1];

extern const struct nla_policy vswitch_flow_set_nl_policy[VSWITCH_A_FLOW_RESET_COUNTS + 1];

extern const struct nla_policy vswitch_flow_del_nl_policy[VSWITCH_A_FLOW_MATCH + 1];

extern const struct nla_policy vswitch_flow_get_nl_policy[VSWITCH_A_FLOW_MATCH + 1];

extern const struct nla_policy vswitch_flow_bundle_new_nl_policy[VSWITCH_A_FLOW_SWITCH_NAME + 1];

extern const struct nla_policy vswitch_flow_bundle_commit_nl_policy[VSWITCH_A_FLOW_BUNDLE + 1];

extern const struct nla_policy vswitch_flow_bundle_del_nl_policy[VSWITCH_A_FLOW_BUNDLE + 1];

extern const struct nla_policy vswitch_flow_table_set_nl_policy[VSWITCH_A_FLOW_TABLE_MISS + 1];

extern const struct nla_policy vswitch_flow_table_get_nl_policy[VSWITCH_A_FLOW_TABLE_TABLE + 1];

extern const struct nla_policy vswitch_group_new_nl_policy[VSWITCH_A_GROUP_BUCKET + 1];

extern const struct nla_policy vswitch_group_set_nl_policy[VSWITCH_A_GROUP_BUCKET + 1];

extern const struct nla_policy vswitch_group_del_nl_policy[VSWITCH_A_GROUP_ID + 1];

extern const struct nla_policy vswitch_group_get_nl_policy[VSWITCH_A_GROUP_ID + 1];

extern const struct nla_policy vswitch_meter_new_nl_policy[VSWITCH_A_METER_PER_FLOW + 1];

extern const struct nla_policy vswitch_meter_set_nl_policy[VSWITCH_A_METER_PER_FLOW + 1];

extern const struct nla_policy vswitch_meter_del_nl_policy[VSWITCH_A_METER_ID + 1];

extern const struct nla_policy vswitch_meter_get_nl_policy[VSWITCH_A_METER_ID + 1];

extern const struct nla_policy vswitch_trace_nl_policy[VSWITCH_A_TRACE_MARK + 1];

/* Ops table for vswitch */
extern const struct genl_ops vswitch_nl_ops[43];

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
int vswitch_nl_flow_new_doit(struct sk_buff *skb, struct genl_info *info);
int vswitch_nl_flow_set_doit(struct sk_buff *skb, struct genl_info *info);
int vswitch_nl_flow_del_doit(struct sk_buff *skb, struct genl_info *info);
int vswitch_nl_flow_get_doit(struct sk_buff *skb, struct genl_info *info);
int vswitch_nl_flow_get_dumpit(struct sk_buff *skb,
			       struct netlink_callback *cb);
int vswitch_nl_flow_bundle_new_doit(struct sk_buff *skb,
				    struct genl_info *info);
int vswitch_nl_flow_bundle_commit_doit(struct sk_buff *skb,
				       struct genl_info *info);
int vswitch_nl_flow_bundle_del_doit(struct sk_buff *skb,
				    struct genl_info *info);
int vswitch_nl_flow_table_set_doit(struct sk_buff *skb, struct genl_info *info);
int vswitch_nl_flow_table_get_doit(struct sk_buff *skb, struct genl_info *info);
int vswitch_nl_flow_table_get_dumpit(struct sk_buff *skb,
				     struct netlink_callback *cb);
int vswitch_nl_group_new_doit(struct sk_buff *skb, struct genl_info *info);
int vswitch_nl_group_set_doit(struct sk_buff *skb, struct genl_info *info);
int vswitch_nl_group_del_doit(struct sk_buff *skb, struct genl_info *info);
int vswitch_nl_group_get_doit(struct sk_buff *skb, struct genl_info *info);
int vswitch_nl_group_get_dumpit(struct sk_buff *skb,
				struct netlink_callback *cb);
int vswitch_nl_meter_new_doit(struct sk_buff *skb, struct genl_info *info);
int vswitch_nl_meter_set_doit(struct sk_buff *skb, struct genl_info *info);
int vswitch_nl_meter_del_doit(struct sk_buff *skb, struct genl_info *info);
int vswitch_nl_meter_get_doit(struct sk_buff *skb, struct genl_info *info);
int vswitch_nl_meter_get_dumpit(struct sk_buff *skb,
				struct netlink_callback *cb);
int vswitch_nl_trace_doit(struct sk_buff *skb, struct genl_info *info);

enum {
	VSWITCH_NLGRP_SWITCH,
	VSWITCH_NLGRP_PORT,
	VSWITCH_NLGRP_FDB,
	VSWITCH_NLGRP_MIRROR,
	VSWITCH_NLGRP_BINDING,
	VSWITCH_NLGRP_DROP,
	VSWITCH_NLGRP_MDB,
	VSWITCH_NLGRP_FLOW,
	VSWITCH_NLGRP_PACKET_IN,
};

#endif /* _LINUX_VSWITCH_GEN_H */
