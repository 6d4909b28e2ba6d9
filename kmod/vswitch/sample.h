/* SPDX-License-Identifier: GPL-2.0 */
/* Samples of packets for who listens to the kernel's psample. */
#ifndef _VSWITCH_SAMPLE_H
#define _VSWITCH_SAMPLE_H

#include "flow.h"

struct vsw_port;

/*
 * @action has psample's group of its number, which is made if need be, until it is unused.
 * The module psample is loaded before ours, where there is one. -EOPNOTSUPP: there is none;
 * -ENOMEM. Flow lock.
 */
int vsw_sample_use(const struct vsw_flows *flows, struct vsw_action_sample *action,
		   struct netlink_ext_ack *extack);
void vsw_sample_unuse(struct vsw_action_sample *action);
/* Nobody has such an action any more, or ever will. */
void vsw_sample_exit(void);

/*
 * It is told of @skb, which came by @in, with data behind the MAC header, if it is the turn
 * of that. Under RCU with BH off.
 */
void vsw_sample(const struct vsw_port *in, struct sk_buff *skb,
		const struct vsw_action_sample *action);

#endif /* _VSWITCH_SAMPLE_H */
