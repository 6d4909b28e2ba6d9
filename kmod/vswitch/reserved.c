// SPDX-License-Identifier: GPL-2.0
/*
 * Frames to the reserved addresses 01-80-C2-00-00-00 to -0F, which end at the first
 * bridge (802.1Q-2018 8.6.3): the port's own device has them, so that lldpd, hostapd
 * or a spanning-tree daemon work there. Unless the port is told to forward them, or
 * to be on its guard against BPDUs.
 */
#include <linux/if_vlan.h>

#include "forward.h"
#include "reserved.h"

/* 802.3 annex 31B: PAUSE goes from link partner to link partner only. */
static bool is_pause(const u8 *dest)
{
	return dest[5] == 0x01;
}

/* More tags than this nobody reads. */
#define MAX_TAGS	4

/* Where the LLC header of @skb is, behind what tags are in the frame; -1: it has none. */
static int find_llc(const struct sk_buff *skb)
{
	__be16 type = eth_hdr(skb)->h_proto;
	const struct vlan_hdr *tag;
	struct vlan_hdr buf;
	int at;

	for (at = 0; eth_type_vlan(type); at += sizeof(*tag)) {
		tag = skb_header_pointer(skb, at, sizeof(buf), &buf);
		if (!tag || at == MAX_TAGS * sizeof(*tag))
			return -1;
		type = tag->h_vlan_encapsulated_proto;
	}
	return eth_proto_is_802_3(type) ? -1 : at;
}

static bool starts_with(const struct sk_buff *skb, int at, const u8 *bytes, unsigned int len)
{
	const u8 *llc;
	u8 buf[8];

	llc = skb_header_pointer(skb, at, len, buf);
	return llc && !memcmp(llc, bytes, len);
}

/*
 * BPDUs have the LLC address 0x42 (802.1D-2004 9.2.1) and go to the bridges' group
 * address, or to that of provider bridges (802.1Q-2018 tables 8-1 and 8-2), as does
 * LLDP, which has an EtherType. Those of Cisco's spanning trees for each VLAN (PVST+)
 * go to an address of theirs, behind SNAP. A tag makes none of them something else: who
 * has a port in that VLAN reads it.
 */
static bool is_bpdu(const struct sk_buff *skb)
{
	static const u8 bridges[] = { 0x42, 0x42 };
	static const u8 pvst[] = { 0xaa, 0xaa, 0x03, 0x00, 0x00, 0x0c, 0x01, 0x0b };
	const u8 *dest = eth_hdr(skb)->h_dest;
	int at;

	if (vsw_is_pvst(dest)) {
		at = find_llc(skb);
		return at >= 0 && starts_with(skb, at, pvst, sizeof(pvst));
	}
	if (dest[5] != 0x00 && dest[5] != 0x08)
		return false;
	at = find_llc(skb);
	return at >= 0 && starts_with(skb, at, bridges, sizeof(bridges));
}

static int end(const struct vsw_port *in, struct sk_buff *skb, enum vsw_drop reason)
{
	vsw_drop(in, skb, reason);
	return RX_HANDLER_CONSUMED;
}

/*
 * What the core is to be told of @skb, which came by @in, which has @flags, and is to a
 * reserved address, or to that of PVST+, which is none, if it ends here, or VSW_GOES_ON.
 * Even if the port does not forward, as 802.1X opens a port by what comes to it while
 * closed; but not if it is shut. Under RCU with BH off.
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
	if (vsw_is_pvst(dest) || (READ_ONCE(in->reserved.forwarded) & BIT(dest[5])))
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
	unsigned long flags;

	if (config->forwarded_given)
		WRITE_ONCE(reserved->forwarded, config->forwarded);
	if (config->bpdu_filter_given)
		WRITE_ONCE(reserved->bpdu_filter, config->bpdu_filter);
	if (config->bpdu_guard_given)
		WRITE_ONCE(reserved->bpdu_guard, config->bpdu_guard);
	WRITE_ONCE(port->group_pass, passing(reserved));
	flags = port->flags & ~VSW_PORT_PVST_ENDS;
	if (reserved->bpdu_filter || reserved->bpdu_guard)
		flags |= VSW_PORT_PVST_ENDS;
	if (flags != port->flags)
		vsw_port_set_flags(port, flags);
}
