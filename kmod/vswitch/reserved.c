// SPDX-License-Identifier: GPL-2.0
/*
 * Frames to the reserved addresses 01-80-C2-00-00-00 to -0F, which end at the first
 * bridge (802.1Q-2018 8.6.3): the port's own device has them, so that lldpd, hostapd
 * or a spanning-tree daemon work there. Unless the port is told to forward them, or
 * to be on its guard against BPDUs.
 */
#include "forward.h"
#include "reserved.h"

/* 802.3 annex 31B: PAUSE goes from link partner to link partner only. */
static bool is_pause(const u8 *dest)
{
	return dest[5] == 0x01;
}

/*
 * BPDUs have the LLC address 0x42 (802.1D-2004 9.2.1) and go to the bridges' group
 * address, or to that of provider bridges (802.1Q-2018 tables 8-1 and 8-2), as does
 * LLDP, which has an EtherType.
 */
static bool is_bpdu(const struct sk_buff *skb)
{
	const u8 *dest = eth_hdr(skb)->h_dest;
	const u8 *lsap;
	u8 buf[2];

	if ((dest[5] != 0x00 && dest[5] != 0x08) || skb->protocol != htons(ETH_P_802_2))
		return false;
	lsap = skb_header_pointer(skb, 0, sizeof(buf), buf);
	return lsap && lsap[0] == 0x42 && lsap[1] == 0x42;
}

static int end(const struct vsw_port *in, struct sk_buff *skb, enum vsw_drop reason)
{
	vsw_drop(in, skb, reason);
	return RX_HANDLER_CONSUMED;
}

/*
 * What the core is to be told of @skb, which came by @in, which has @flags, and is to a
 * reserved address, if it ends here, or VSW_GOES_ON. Even if the port does not forward,
 * as 802.1X opens a port by what comes to it while closed; but not if it is shut. Under
 * RCU with BH off.
 */
int vsw_reserved_ends(struct vsw_port *in, struct sk_buff *skb, unsigned long flags)
{
	const u8 *dest = eth_hdr(skb)->h_dest;
	bool bpdu = is_bpdu(skb);

	if (flags & VSW_PORT_SHUT)
		return end(in, skb, vsw_why_not(in, flags));
	if (bpdu && READ_ONCE(in->reserved.bpdu_filter))
		return end(in, skb, VSW_DROP_BPDU_FILTER);
	if (bpdu && READ_ONCE(in->reserved.bpdu_guard)) {
		vsw_port_shut(in, VSWITCH_SHUT_REASON_BPDU_GUARD);
		return end(in, skb, VSW_DROP_BPDU_GUARD);
	}
	if (READ_ONCE(in->reserved.forwarded) & BIT(dest[5]))
		return VSW_GOES_ON;
	if (is_pause(dest))
		return end(in, skb, VSW_DROP_RESERVED_ADDRESS);
	return RX_HANDLER_PASS;
}

/*
 * Reserved addresses that nothing is to be asked about. Not those of BPDUs if some of
 * what is sent there does not pass.
 */
static u16 passing(const struct vsw_reserved *reserved)
{
	const u16 bridges = BIT(0x00) | BIT(0x08);

	if (reserved->bpdu_filter || reserved->bpdu_guard)
		return reserved->forwarded & ~bridges;
	return reserved->forwarded;
}

/* What @config gives. RTNL, or before anything comes in. */
void vsw_reserved_configure(struct vsw_port *port, const struct vsw_reserved_config *config)
{
	struct vsw_reserved *reserved = &port->reserved;

	if (config->forwarded_given)
		WRITE_ONCE(reserved->forwarded, config->forwarded);
	if (config->bpdu_filter_given)
		WRITE_ONCE(reserved->bpdu_filter, config->bpdu_filter);
	if (config->bpdu_guard_given)
		WRITE_ONCE(reserved->bpdu_guard, config->bpdu_guard);
	WRITE_ONCE(port->group_pass, passing(reserved));
}
