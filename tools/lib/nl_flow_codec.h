/* SPDX-License-Identifier: GPL-2.0 */
/* Matches, actions and buckets <-> netlink attributes. */
#ifndef VSW_LIB_NL_FLOW_CODEC_H
#define VSW_LIB_NL_FLOW_CODEC_H

#include <linux/netlink.h>

#include "flow.h"

/* The most that an attribute of netlink can have. */
#define NL_FLOW_NEST_MAX	65000

/* Bytes that they take at most, with the header of the nest. */
size_t vsw_nl_match_size(const struct flow_match *match);
size_t vsw_nl_actions_size(const struct flow_actions *actions);
size_t vsw_nl_flow_size(const struct vsw_flow *flow);
size_t vsw_nl_bucket_size(const struct vsw_bucket *bucket);

void vsw_nl_put_match(struct nlmsghdr *nlh, uint16_t attr, const struct flow_match *match);
void vsw_nl_put_actions(struct nlmsghdr *nlh, uint16_t attr, const struct flow_actions *actions);
void vsw_nl_put_buckets(struct nlmsghdr *nlh, uint16_t attr, const struct flow_buckets *buckets);

/* 0, -EBADMSG or -ENOMEM. */
int vsw_nl_get_match(const struct nlattr *nest, struct flow_match *match);
int vsw_nl_get_actions(const struct nlattr *nest, struct flow_actions *actions);
/* One more of them. */
int vsw_nl_get_bucket(const struct nlattr *nest, struct flow_buckets *buckets);

/* nl_flow_ct.c: what is within the nest. */
#define NL_FLOW_CT_SIZE	160		/* bytes at most */

void vsw_nl_put_ct(struct nlmsghdr *nlh, const struct flow_ct *ct);
int vsw_nl_get_ct(const struct nlattr *nest, struct flow_ct *ct);

/* nl_flow_learn.c */
size_t vsw_nl_learn_size(const struct flow_learn *learn);
void vsw_nl_put_learn(struct nlmsghdr *nlh, const struct flow_learn *learn);
int vsw_nl_get_learn(const struct nlattr *nest, struct flow_learn **learn);

/* nl_flow_codec.c: a number of 1, 2 or 4 bytes. */
int vsw_nl_get_number(const struct nlattr *attr, size_t size, uint32_t *number);

#endif
