/* SPDX-License-Identifier: ((GPL-2.0 WITH Linux-syscall-note) OR BSD-3-Clause) */
/* Do not edit directly, auto-generated from: */
/*	Documentation/netlink/specs/vrouter.yaml */
/* YNL-GEN kernel header */

#ifndef _LINUX_VROUTER_GEN_H
#define _LINUX_VROUTER_GEN_H

#include <net/netlink.h>
#include <net/genetlink.h>

#include <uapi/linux/vrouter.h>

extern const struct nla_policy vrouter_router_get_nl_policy[VROUTER_A_ROUTER_PAD + 1];

extern const struct nla_policy vrouter_router_set_nl_policy[VROUTER_A_ROUTER_FAST_PATH + 1];

extern const struct nla_policy vrouter_router_flush_nl_policy[VROUTER_A_ROUTER_PAD + 1];

extern const struct nla_policy vrouter_service_new_nl_policy[VROUTER_A_SERVICE_HEALTH_OUT + 1];

extern const struct nla_policy vrouter_service_set_nl_policy[VROUTER_A_SERVICE_HEALTH_OUT + 1];

extern const struct nla_policy vrouter_service_del_nl_policy[VROUTER_A_SERVICE_NAME + 1];

extern const struct nla_policy vrouter_service_get_nl_policy[VROUTER_A_SERVICE_NAME + 1];

extern const struct nla_policy vrouter_backend_new_nl_policy[VROUTER_A_BACKEND_CGROUP_FD + 1];

extern const struct nla_policy vrouter_backend_set_nl_policy[VROUTER_A_BACKEND_CGROUP_FD + 1];

extern const struct nla_policy vrouter_backend_del_nl_policy[VROUTER_A_BACKEND_PORT + 1];

extern const struct nla_policy vrouter_backend_get_nl_policy[VROUTER_A_BACKEND_PORT + 1];

extern const struct nla_policy vrouter_publish_new_nl_policy[VROUTER_A_PUBLISH_OBEY_FIREWALL + 1];

extern const struct nla_policy vrouter_publish_set_nl_policy[VROUTER_A_PUBLISH_OBEY_FIREWALL + 1];

extern const struct nla_policy vrouter_publish_del_nl_policy[VROUTER_A_PUBLISH_ADDRESS + 1];

extern const struct nla_policy vrouter_publish_get_nl_policy[VROUTER_A_PUBLISH_ADDRESS + 1];

extern const struct nla_policy vrouter_nat_new_nl_policy[VROUTER_A_NAT_FLAGS + 1];

extern const struct nla_policy vrouter_nat_del_nl_policy[VROUTER_A_NAT_ID + 1];

extern const struct nla_policy vrouter_nat_get_nl_policy[VROUTER_A_NAT_ID + 1];

extern const struct nla_policy vrouter_connection_get_nl_policy[VROUTER_A_CONNECTION_SERVICE + 1];

extern const struct nla_policy vrouter_shape_new_nl_policy[VROUTER_A_SHAPE_LABEL + 1];

extern const struct nla_policy vrouter_shape_set_nl_policy[VROUTER_A_SHAPE_SLOW_RATE + 1];

extern const struct nla_policy vrouter_shape_del_nl_policy[VROUTER_A_SHAPE_NAME + 1];

extern const struct nla_policy vrouter_shape_get_nl_policy[VROUTER_A_SHAPE_NAME + 1];

/* Ops table for vrouter */
extern const struct genl_ops vrouter_nl_ops[23];

int vrouter_nl_router_get_doit(struct sk_buff *skb, struct genl_info *info);
int vrouter_nl_router_set_doit(struct sk_buff *skb, struct genl_info *info);
int vrouter_nl_router_flush_doit(struct sk_buff *skb, struct genl_info *info);
int vrouter_nl_service_new_doit(struct sk_buff *skb, struct genl_info *info);
int vrouter_nl_service_set_doit(struct sk_buff *skb, struct genl_info *info);
int vrouter_nl_service_del_doit(struct sk_buff *skb, struct genl_info *info);
int vrouter_nl_service_get_doit(struct sk_buff *skb, struct genl_info *info);
int vrouter_nl_service_get_dumpit(struct sk_buff *skb,
				  struct netlink_callback *cb);
int vrouter_nl_backend_new_doit(struct sk_buff *skb, struct genl_info *info);
int vrouter_nl_backend_set_doit(struct sk_buff *skb, struct genl_info *info);
int vrouter_nl_backend_del_doit(struct sk_buff *skb, struct genl_info *info);
int vrouter_nl_backend_get_doit(struct sk_buff *skb, struct genl_info *info);
int vrouter_nl_backend_get_dumpit(struct sk_buff *skb,
				  struct netlink_callback *cb);
int vrouter_nl_publish_new_doit(struct sk_buff *skb, struct genl_info *info);
int vrouter_nl_publish_set_doit(struct sk_buff *skb, struct genl_info *info);
int vrouter_nl_publish_del_doit(struct sk_buff *skb, struct genl_info *info);
int vrouter_nl_publish_get_doit(struct sk_buff *skb, struct genl_info *info);
int vrouter_nl_publish_get_dumpit(struct sk_buff *skb,
				  struct netlink_callback *cb);
int vrouter_nl_nat_new_doit(struct sk_buff *skb, struct genl_info *info);
int vrouter_nl_nat_del_doit(struct sk_buff *skb, struct genl_info *info);
int vrouter_nl_nat_get_doit(struct sk_buff *skb, struct genl_info *info);
int vrouter_nl_nat_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb);
int vrouter_nl_connection_get_doit(struct sk_buff *skb, struct genl_info *info);
int vrouter_nl_connection_get_dumpit(struct sk_buff *skb,
				     struct netlink_callback *cb);
int vrouter_nl_shape_new_doit(struct sk_buff *skb, struct genl_info *info);
int vrouter_nl_shape_set_doit(struct sk_buff *skb, struct genl_info *info);
int vrouter_nl_shape_del_doit(struct sk_buff *skb, struct genl_info *info);
int vrouter_nl_shape_get_doit(struct sk_buff *skb, struct genl_info *info);
int vrouter_nl_shape_get_dumpit(struct sk_buff *skb,
				struct netlink_callback *cb);

#endif /* _LINUX_VROUTER_GEN_H */
