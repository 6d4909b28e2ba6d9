// SPDX-License-Identifier: GPL-2.0
/*
 * The action "ct" on a kernel that has no connection tracking with zones, marks and NAT, or
 * no IPv6: it is refused. See Kbuild.
 */
#include <linux/netlink.h>

#include "conntrack.h"

int vsw_ct_prepare(const struct vsw_actions *actions, const struct vsw_switch *sw,
		   struct netlink_ext_ack *extack)
{
	NL_SET_ERR_MSG(extack, "this kernel has no connection tracking with zones, marks and NAT");
	return -EOPNOTSUPP;
}

void vsw_ct_release(struct vsw_actions *actions)
{
}

/* None of these is called: no flow has the action. */
enum vsw_drop vsw_ct_track(const struct vsw_port *in, struct sk_buff **pskb,
			   struct vsw_key *key, struct vsw_key_layout *layout,
			   const struct vsw_action_ct *ct, u16 *mru)
{
	return VSW_DROP_CT;
}

void vsw_ct_forget(struct sk_buff *skb)
{
}

bool vsw_ct_fragment(const struct vsw_port *in, struct sk_buff *skb, const struct vsw_key *key,
		     const struct vsw_key_layout *layout, u16 mru, vsw_ct_send_t send,
		     const void *to)
{
	return false;
}
