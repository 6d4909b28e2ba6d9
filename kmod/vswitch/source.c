// SPDX-License-Identifier: GPL-2.0
/*
 * Source guard: what comes in by a port is from whom is bound to it, and says so of
 * nobody else, in ARP (RFC 826, RFC 5227) and neighbour discovery (RFC 4861) neither.
 */
#include <net/addrconf.h>
#include <net/ndisc.h>
#include <kunit/visibility.h>

#include "binding.h"
#include "header.h"
#include "inspect.h"
#include "source.h"

/* Who has sent a frame, for those who judge what is in it. */
struct sender {
	const u8 *mac;
	struct rhlist_head *bindings;
	u16 vid;
};

/* The address that a host makes of its MAC without being told one (RFC 4291 2.5.1). */
static bool is_own_link_local(const struct in6_addr *ip, const u8 *mac)
{
	struct in6_addr own = { .s6_addr = { 0xfe, 0x80 } };

	own.s6_addr[8] = mac[0] ^ 2;
	own.s6_addr[9] = mac[1];
	own.s6_addr[10] = mac[2];
	own.s6_addr[11] = 0xff;
	own.s6_addr[12] = 0xfe;
	memcpy(own.s6_addr + 13, mac + 3, 3);
	return ipv6_addr_equal(ip, &own);
}

static bool is_bound(const struct sender *sender, const struct in6_addr *ip)
{
	const struct vsw_binding *binding;
	struct rhlist_head *pos;

	rhl_for_each_entry_rcu(binding, pos, sender->bindings, by_mac) {
		if (vsw_binding_is_of(binding, sender->vid) && vsw_binding_has(binding, ip))
			return true;
	}
	return false;
}

static bool is_bound_v4(const struct sender *sender, __be32 address)
{
	struct in6_addr ip;

	/* Not even a MAC that may have any address may have these. */
	if (!address || ipv4_is_multicast(address) || ipv4_is_lbcast(address))
		return false;
	ipv6_addr_set_v4mapped(address, &ip);
	return is_bound(sender, &ip);
}

static bool is_bound_v6(const struct sender *sender, const struct in6_addr *ip)
{
	/* What stands for IPv4 in our tables is never on the wire (RFC 4942 2.2). */
	if (ipv6_addr_any(ip) || ipv6_addr_is_multicast(ip) || ipv6_addr_v4mapped(ip))
		return false;
	return is_own_link_local(ip, sender->mac) || is_bound(sender, ip);
}

static bool arp_is_own(const struct sender *sender, const struct sk_buff *skb, int at)
{
	struct vsw_arp_packet buf;
	const struct vsw_arp_packet *arp = skb_header_pointer(skb, at, sizeof(buf), &buf);
	bool request;

	if (!arp)
		return false;
	request = arp->header.ar_op == htons(ARPOP_REQUEST);
	/* Those of IEEE 802 networks are taken for the same by many. */
	if ((arp->header.ar_hrd != htons(ARPHRD_ETHER) &&
	     arp->header.ar_hrd != htons(ARPHRD_IEEE802)) ||
	    arp->header.ar_pro != htons(ETH_P_IP) || arp->header.ar_hln != ETH_ALEN ||
	    arp->header.ar_pln != sizeof(arp->spa) ||
	    (!request && arp->header.ar_op != htons(ARPOP_REPLY)))
		return false;
	if (!ether_addr_equal(arp->sha, sender->mac))
		return false;
	/*
	 * A probe: it has no address yet (RFC 5227 1.1). One for the address of somebody
	 * else would keep that one from using it, should he just probe, too (2.1.1).
	 */
	if (!arp->spa)
		return request && is_bound_v4(sender, arp->tpa);
	return is_bound_v4(sender, arp->spa);
}

/* What a DHCP client asks as long as it has no address (RFC 2131 4.1). */
static bool is_dhcp_client(const struct sender *sender, const struct sk_buff *skb,
			   const struct vsw_seen *seen)
{
	struct {
		struct udphdr udp;
		u8 op, htype, hlen, hops;
		u8 unused[24];
		u8 chaddr[ETH_ALEN];
	} __packed buf;
	const typeof(buf) *dhcp;

	if (seen->upper != IPPROTO_UDP || seen->fragment ||
	    seen->dest.s6_addr32[3] != htonl(INADDR_BROADCAST))
		return false;
	dhcp = skb_header_pointer(skb, seen->upper_at, sizeof(buf), &buf);
	/* Who asks in the name of others takes all addresses that there are. */
	return dhcp && dhcp->udp.source == htons(68) && dhcp->udp.dest == htons(67) &&
	       dhcp->op == 1 && dhcp->htype == ARPHRD_ETHER && dhcp->hlen == ETH_ALEN &&
	       ether_addr_equal_unaligned(dhcp->chaddr, sender->mac);
}

static bool ipv4_is_own(const struct sender *sender, const struct sk_buff *skb,
			const struct vsw_seen *seen)
{
	if (seen->broken)
		return false;
	if (seen->source.s6_addr32[3])
		return is_bound_v4(sender, seen->source.s6_addr32[3]);
	/* Groups are joined without an address, too (RFC 3376 4.2.13). */
	if (seen->upper == IPPROTO_IGMP)
		return ipv4_is_multicast(seen->dest.s6_addr32[3]);
	return is_dhcp_client(sender, skb, seen);
}

/* Whatever a message says of link-layer addresses, from @at on, it says of its sender. */
static bool options_are_own(const struct sender *sender, const struct sk_buff *skb,
			    const struct vsw_seen *seen, int at, bool none)
{
	struct {
		u8 type, length;	/* in units of 8 bytes */
		u8 mac[ETH_ALEN];
	} buf;
	const typeof(buf) *option;

	for (; at < seen->end; at += option->length * 8) {
		/* Each is this long at least. */
		option = skb_header_pointer(skb, at, sizeof(buf), &buf);
		if (!option || !option->length || at + option->length * 8 > seen->end)
			return false;
		if (option->type != ND_OPT_SOURCE_LL_ADDR && option->type != ND_OPT_TARGET_LL_ADDR)
			continue;
		if (none || option->length != 1 || !ether_addr_equal(option->mac, sender->mac))
			return false;
	}
	return at == seen->end;
}

/* How long a message is before its options, or 0 if it is none of these. */
static unsigned int nd_length(u8 type)
{
	switch (type) {
	case NDISC_ROUTER_SOLICITATION:
		return sizeof(struct rs_msg);
	case NDISC_ROUTER_ADVERTISEMENT:
		return sizeof(struct ra_msg);
	case NDISC_NEIGHBOUR_SOLICITATION:
	case NDISC_NEIGHBOUR_ADVERTISEMENT:
		return sizeof(struct nd_msg);
	case NDISC_REDIRECT:
		return sizeof(struct rd_msg);
	}
	return 0;
}

/* Nobody's address yet: is it asked for by whom it is bound to (RFC 4862 5.4.2)? */
static bool is_own_probe(const struct sender *sender, const struct vsw_seen *seen,
			 const struct in6_addr *target)
{
	struct in6_addr group;

	addrconf_addr_solict_mult(target, &group);
	return ipv6_addr_equal(&seen->dest, &group) && is_bound_v6(sender, target);
}

static bool nd_is_own(const struct sender *sender, const struct sk_buff *skb,
		      const struct vsw_seen *seen, const struct icmp6hdr *icmp)
{
	bool unspecified = ipv6_addr_any(&seen->source);
	unsigned int length = nd_length(icmp->icmp6_type);
	struct in6_addr target_buf;
	const struct in6_addr *target;

	/* RFC 6980; and what all have to ignore (RFC 4861 6.1, 7.1, 8.1). */
	if (seen->fragment || seen->hop_limit != 255 || icmp->icmp6_code ||
	    seen->upper_at + (int)length > seen->end)
		return false;
	if (!unspecified && !is_bound_v6(sender, &seen->source))
		return false;
	switch (icmp->icmp6_type) {
	case NDISC_ROUTER_SOLICITATION:
		break;
	case NDISC_NEIGHBOUR_SOLICITATION:
	case NDISC_NEIGHBOUR_ADVERTISEMENT:
		target = skb_header_pointer(skb, seen->upper_at + sizeof(*icmp),
					    sizeof(target_buf), &target_buf);
		if (!target)
			return false;
		if (icmp->icmp6_type == NDISC_NEIGHBOUR_ADVERTISEMENT ?
		    unspecified || !is_bound_v6(sender, target) :
		    unspecified && !is_own_probe(sender, seen, target))
			return false;
		break;
	default:
		if (unspecified)
			return false;
	}
	return options_are_own(sender, skb, seen, seen->upper_at + length, unspecified);
}

/* Groups are joined before there is an address (RFC 3590, RFC 3810 5.2.13). */
static bool is_group_report(u8 type)
{
	return type == ICMPV6_MGM_REPORT || type == ICMPV6_MGM_REDUCTION ||
	       type == ICMPV6_MLD2_REPORT;
}

static bool ipv6_is_own(const struct sender *sender, const struct sk_buff *skb,
			const struct vsw_seen *seen, enum vsw_drop *reason)
{
	struct icmp6hdr buf;
	const struct icmp6hdr *icmp = NULL;

	if (seen->broken)
		return false;
	if (seen->upper == IPPROTO_ICMPV6 && !seen->later_fragment) {
		icmp = skb_header_pointer(skb, seen->upper_at, sizeof(buf), &buf);
		if (!icmp)
			return false;
		if (nd_length(icmp->icmp6_type)) {
			*reason = VSW_DROP_SOURCE_ND;
			return nd_is_own(sender, skb, seen, icmp);
		}
	}
	if (ipv6_addr_any(&seen->source))
		return icmp && is_group_report(icmp->icmp6_type);
	return is_bound_v6(sender, &seen->source);
}

/* Whether any binding of the MAC is for this VLAN. */
static bool is_known(const struct sender *sender)
{
	const struct vsw_binding *binding;
	struct rhlist_head *pos;

	rhl_for_each_entry_rcu(binding, pos, sender->bindings, by_mac) {
		if (vsw_binding_is_of(binding, sender->vid))
			return true;
	}
	return false;
}

/* Is @skb, which came by @in, of the VLAN @vid or 0 for none, from whom it says? */
static bool is_own(const struct vsw_port *in, const struct sk_buff *skb, u16 vid,
		   const struct vsw_seen *seen, enum vsw_drop *reason)
{
	/* A switch that does not filter leaves it to others to read the tag. */
	const struct sender sender = {
		.mac = eth_hdr(skb)->h_source,
		.bindings = vsw_bindings_of_mac(in, eth_hdr(skb)->h_source),
		.vid = vid ?: seen->vid,
	};

	*reason = VSW_DROP_SOURCE_MAC;
	if (!is_known(&sender))
		return false;
	*reason = VSW_DROP_SOURCE_IP;
	switch (seen->kind) {
	case VSW_SEEN_OTHER:
		return true;
	case VSW_SEEN_ARP:
		*reason = VSW_DROP_SOURCE_ARP;
		return arp_is_own(&sender, skb, seen->at);
	case VSW_SEEN_IPV4:
		return ipv4_is_own(&sender, skb, seen);
	case VSW_SEEN_IPV6:
		return ipv6_is_own(&sender, skb, seen, reason);
	default:
		return false;
	}
}

/*
 * Whether @skb, which came by @in, of VLAN @vid or 0 for none, may go on by the
 * @flags of the port's guard; if not, why. Its data is behind its MAC header, and
 * nothing of it is changed.
 */
bool vsw_source_admit(const struct vsw_port *in, const struct sk_buff *skb, u16 vid,
		      u32 flags, enum vsw_drop *reason)
{
	struct vsw_seen seen;

	vsw_inspect(skb, &seen);
	if (flags & VSW_GUARD_SOURCE) {
		bool own;

		/* With BH off we could do without, but hash tables don't know that. */
		rcu_read_lock();
		own = is_own(in, skb, vid, &seen, reason);
		rcu_read_unlock();
		if (!own)
			return false;
	}
	if ((flags & VSW_GUARD_DHCP) && !(flags & VSW_GUARD_DHCP_TRUSTED) &&
	    vsw_is_dhcp_server(skb, &seen)) {
		*reason = VSW_DROP_DHCP_GUARD;
		return false;
	}
	if ((flags & VSW_GUARD_RA) && !(flags & VSW_GUARD_RA_TRUSTED) &&
	    vsw_is_router(skb, &seen)) {
		*reason = VSW_DROP_RA_GUARD;
		return false;
	}
	return true;
}
EXPORT_SYMBOL_IF_KUNIT(vsw_source_admit);
