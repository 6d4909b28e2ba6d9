// SPDX-License-Identifier: GPL-2.0
/*
 * What only servers and routers send, and only those that are trusted may: answers of
 * DHCP, router advertisements and redirects. What can't be told from these is taken
 * for them.
 */
#include <linux/udp.h>
#include <net/ndisc.h>

#include "inspect.h"
#include "source.h"

#define DHCP_SERVER	67	/* RFC 2131 4.1 */
#define DHCP_CLIENT	68
#define DHCPV6_CLIENT	546	/* RFC 8415 7.2 */
#define DHCPV6_SERVER	547
#define BOOTREQUEST	1

static bool is_answer(const struct sk_buff *skb, const struct vsw_seen *seen)
{
	struct {
		struct udphdr udp;
		u8 op;
	} __packed buf;
	const struct udphdr *udp;
	const typeof(buf) *dhcp;

	udp = skb_header_pointer(skb, seen->upper_at, sizeof(buf.udp), &buf);
	if (!udp)
		return true;
	if (seen->kind == VSW_SEEN_IPV6)
		/* Clients take it whatever port it is from (RFC 7610 4). */
		return udp->source == htons(DHCPV6_SERVER) || udp->dest == htons(DHCPV6_CLIENT);
	if (udp->source == htons(DHCP_SERVER))
		return true;
	if (udp->dest != htons(DHCP_CLIENT))
		return false;
	/* The rest may come in the next fragment, and padding in its place. */
	if (seen->upper_at + (int)sizeof(buf) > seen->end)
		return true;
	dhcp = skb_header_pointer(skb, seen->upper_at, sizeof(buf), &buf);
	return !dhcp || dhcp->op != BOOTREQUEST;
}

/* Does @skb come from a DHCP server, for all that can be told? */
bool vsw_is_dhcp_server(const struct sk_buff *skb, const struct vsw_seen *seen)
{
	switch (seen->kind) {
	case VSW_SEEN_IPV4:
	case VSW_SEEN_IPV6:
		if (seen->broken)
			return true;
		return seen->upper == IPPROTO_UDP && !seen->later_fragment &&
		       is_answer(skb, seen);
	default:
		return seen->kind == VSW_SEEN_UNCLEAR;
	}
}

/*
 * Does @skb come from a router (RFC 6105)? Of fragments the first one says it, or
 * nobody puts them together (RFC 7112, RFC 7113).
 */
bool vsw_is_router(const struct sk_buff *skb, const struct vsw_seen *seen)
{
	u8 buf;
	const u8 *type;

	if (seen->kind != VSW_SEEN_IPV6)
		return seen->kind == VSW_SEEN_UNCLEAR;
	if (seen->broken)
		return true;
	if (seen->upper != IPPROTO_ICMPV6 || seen->later_fragment)
		return false;
	type = skb_header_pointer(skb, seen->upper_at, sizeof(buf), &buf);
	return !type || *type == NDISC_ROUTER_ADVERTISEMENT || *type == NDISC_REDIRECT;
}
