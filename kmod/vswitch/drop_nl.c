// SPDX-License-Identifier: GPL-2.0
/*
 * Codec of dropped frames, which are only ever sent: drop-ntf.
 */
#include "netlink.h"

int vsw_nl_fill_drop_info(struct sk_buff *skb, const struct vsw_drop_info *info)
{
	if (nla_put_u32(skb, VSWITCH_A_DROPPED_SWITCH_IFINDEX, info->switch_ifindex) ||
	    nla_put_string(skb, VSWITCH_A_DROPPED_SWITCH_NAME, info->switch_name) ||
	    nla_put_u32(skb, VSWITCH_A_DROPPED_PORT_IFINDEX, info->port_ifindex) ||
	    nla_put_string(skb, VSWITCH_A_DROPPED_PORT_NAME, info->port_name) ||
	    nla_put_u32(skb, VSWITCH_A_DROPPED_PORT_NUMBER, info->port_number) ||
	    nla_put_string(skb, VSWITCH_A_DROPPED_REASON, info->reason) ||
	    nla_put_u64_64bit(skb, VSWITCH_A_DROPPED_TIME, info->time,
			      VSWITCH_A_DROPPED_PAD) ||
	    nla_put_u32(skb, VSWITCH_A_DROPPED_SEQUENCE, info->sequence))
		return -EMSGSIZE;
	if (info->direction != VSWITCH_DIRECTION_UNKNOWN &&
	    nla_put_u8(skb, VSWITCH_A_DROPPED_DIRECTION, info->direction))
		return -EMSGSIZE;
	if (info->vid && nla_put_u16(skb, VSWITCH_A_DROPPED_VLAN, info->vid))
		return -EMSGSIZE;
	if (info->length &&
	    (nla_put_u32(skb, VSWITCH_A_DROPPED_LENGTH, info->length) ||
	     nla_put(skb, VSWITCH_A_DROPPED_FRAME, info->captured, info->data)))
		return -EMSGSIZE;
	return 0;
}
