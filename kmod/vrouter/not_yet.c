// SPDX-License-Identifier: GPL-2.0
/*
 * What is still to come: each part that comes takes its functions out of here.
 */
#include "conn.h"
#include "nat.h"
#include "netlink.h"
#include "publish.h"
#include "service.h"

#define NOT_YET(name) int vrouter_nl_##name(struct sk_buff *skb, struct genl_info *info) { return -EOPNOTSUPP; }
#define NOT_YET_DUMP(name) int vrouter_nl_##name(struct sk_buff *skb, struct netlink_callback *cb) { return -EOPNOTSUPP; }

/* PUB takes these out */
struct vrt_target *vrt_publish_target(const struct vrt_front *front, u8 family) { return NULL; }
bool vrt_publish_allowed(const struct vrt_front *front, struct sk_buff *skb, const struct nf_hook_state *state) { return true; }
void vrt_publish_flush(struct vrt_net *rn) {}
int vrt_publish_init(struct vrt_net *rn) { return 0; }
void vrt_publish_destroy(struct vrt_net *rn) {}
void vrt_publish_netns_gone(struct net *gone) {}
unsigned int vrt_nat_destination(struct vrt_net *rn, struct sk_buff *skb, struct nf_conn *ct, const struct nf_hook_state *state) { return NF_ACCEPT; }
unsigned int vrt_nat_source(struct vrt_net *rn, struct sk_buff *skb, struct nf_conn *ct, const struct nf_hook_state *state) { return NF_ACCEPT; }
void vrt_nat_flush(struct vrt_net *rn) {}
int vrt_nat_init(struct vrt_net *rn) { return 0; }
void vrt_nat_destroy(struct vrt_net *rn) {}
NOT_YET(publish_new_doit) NOT_YET(publish_set_doit) NOT_YET(publish_del_doit) NOT_YET(publish_get_doit) NOT_YET_DUMP(publish_get_dumpit)
NOT_YET(nat_new_doit) NOT_YET(nat_del_doit) NOT_YET(nat_get_doit) NOT_YET_DUMP(nat_get_dumpit)
