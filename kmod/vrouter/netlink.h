/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the codecs of the Generic Netlink family share: permission and lock, refusals,
 * addresses, replies, dumps.
 */
#ifndef _VROUTER_NETLINK_H
#define _VROUTER_NETLINK_H

#include <linux/netfilter.h>
#include <net/genetlink.h>
#include <net/sock.h>

#include "prefix.h"
#include "rate.h"
#include "target.h"
#include "vrouter.h"
#include "vrouter_nl_gen.h"

extern struct genl_family vrt_nl_family;

int vrt_nl_register(void);
void vrt_nl_unregister(void);

/*
 * Carry out a request under vrt_net.lock of the socket's namespace: one that anybody
 * may make, or one that needs CAP_NET_ADMIN. No error goes without a sentence.
 */
typedef int (*vrt_nl_request_t)(struct vrt_net *rn, struct genl_info *info);
int vrt_nl_read(struct genl_info *info, vrt_nl_request_t request);
int vrt_nl_change(struct sk_buff *skb, struct genl_info *info, vrt_nl_request_t request);
/* -EPERM with a sentence; for dumps that need it. */
int vrt_nl_check_permission(const struct sk_buff *skb, struct net *net,
			    struct netlink_ext_ack *extack);

/* The request lacks @attr: -EINVAL, with the sentence @what. */
int vrt_nl_missing(struct genl_info *info, int attr, const char *what);
/* @attr is wrong: @err, with the sentence @what. */
int vrt_nl_refuse(const struct nlattr *attr, int err, const char *what,
		  struct netlink_ext_ack *extack);
int vrt_nl_check_once(const struct nlmsghdr *nlh, struct netlink_ext_ack *extack);
/* A dump that takes no attribute is refused one with the sentence @what. */
int vrt_nl_check_no_filter(const struct nlmsghdr *nlh, const char *what,
			   struct netlink_ext_ack *extack);

/*
 * The address in @attr, 4 or 16 bytes: its @family, and all of @addr, zero behind an
 * IPv4 address. -EINVAL with a sentence: it has another length.
 */
int vrt_nl_get_address(const struct nlattr *attr, u8 *family, union nf_inet_addr *addr,
		       struct netlink_ext_ack *extack);
int vrt_nl_put_address(struct sk_buff *skb, int attr, u8 family,
		       const union nf_inet_addr *addr);
/*
 * The prefix in @attr, of the length in @len_attr or all of the address; neither leaves
 * @prefix as it is. Refused with a sentence otherwise.
 */
int vrt_nl_get_prefix(struct genl_info *info, int attr, int len_attr, struct vrt_prefix *prefix);
int vrt_nl_put_prefix(struct sk_buff *skb, const struct vrt_prefix *prefix, int attr,
		      int len_attr);
/* A nest of VROUTER_A_STATS_*; @rates may be NULL. */
int vrt_nl_put_counts(struct sk_buff *skb, int attr, const struct vrt_counts *counts,
		      const struct vrt_rates *rates);

typedef int (*vrt_nl_fill_t)(struct sk_buff *skb, const void *object);
int vrt_nl_reply(struct genl_info *info, u8 cmd, vrt_nl_fill_t fill, const void *object);
/*
 * Add one @object to a dump. -EMSGSIZE: it goes into the next message. What a dump
 * returns for a part that ended with @err is vrt_nl_dump_end().
 */
int vrt_nl_dump_one(struct sk_buff *skb, struct netlink_callback *cb, u8 cmd,
		    vrt_nl_fill_t fill, const void *object);
int vrt_nl_dump_end(const struct sk_buff *skb, int err);

#endif /* _VROUTER_NETLINK_H */
