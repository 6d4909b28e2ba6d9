/* SPDX-License-Identifier: GPL-2.0 */
/* Tell the sender of a packet that it is refused. */
#ifndef _VSWITCH_REJECT_H
#define _VSWITCH_REJECT_H

#include "key.h"

/* Whether this kernel can; the modules nf_reject_ipv4 and nf_reject_ipv6 do it. */
#define VSW_CAN_REJECT	(IS_ENABLED(CONFIG_NF_REJECT_IPV4) && IS_ENABLED(CONFIG_NF_REJECT_IPV6))

/*
 * The answer to @skb, which came by @in, is the caller's, with its @key and
 * where its headers are: a
 * reset of TCP, of others the ICMP message "port unreachable", from whom @skb was for to whom
 * it is from, with the same VLAN tags. NULL, and it is as well: of what must not be answered
 * (errors of ICMP, resets, what is for many or from nobody, later fragments, wrong checksums),
 * when there are too many, or without memory. What is behind the IP packet is cut off from
 * @skb, which is to be dropped. With data behind the MAC header. BH must be off.
 */
struct sk_buff *vsw_reject(const struct vsw_port *in, struct sk_buff *skb,
			   const struct vsw_key *key, const struct vsw_key_layout *layout);

#endif /* _VSWITCH_REJECT_H */
