// SPDX-License-Identifier: GPL-2.0
/*
 * Who asks for a neighbour, by ARP or by neighbour solicitation, is answered by the
 * switch if the address is bound to a port that is to be spared such questions. As
 * the bridge does it, from its neighbour table, for ports with neigh_suppress.
 */
#include <net/addrconf.h>
#include <net/arp.h>
#include <net/ip6_checksum.h>
#include <net/ndisc.h>

#include "binding.h"
#include "forward.h"
#include "header.h"
#include "inspect.h"
#include "suppress.h"
#include "tracer.h"

/* What is asked, and by whom. */
struct question {
	struct in6_addr target;
	struct in6_addr source;		/* all zero (mapped or not): none yet */
	u8 mac[ETH_ALEN];		/* the answer is for */
	bool announcement;		/* it asks for its own address */
};

static bool read_arp(const struct sk_buff *skb, const struct vsw_seen *seen,
		     struct question *q)
{
	struct vsw_arp_packet buf;
	const struct vsw_arp_packet *arp = skb_header_pointer(skb, seen->at, sizeof(buf), &buf);

	if (!arp || arp->header.ar_hrd != htons(ARPHRD_ETHER) ||
	    arp->header.ar_pro != htons(ETH_P_IP) || arp->header.ar_hln != ETH_ALEN ||
	    arp->header.ar_pln != sizeof(arp->spa) ||
	    arp->header.ar_op != htons(ARPOP_REQUEST))
		return false;
	ipv6_addr_set_v4mapped(arp->tpa, &q->target);
	ipv6_addr_set_v4mapped(arp->spa, &q->source);
	ether_addr_copy(q->mac, arp->sha);
	q->announcement = arp->spa == arp->tpa;
	return true;
}

static bool read_solicitation(const struct sk_buff *skb, const struct vsw_seen *seen,
			      struct question *q)
{
	struct nd_msg buf;
	const struct nd_msg *nd;

	if (seen->broken || seen->fragment || seen->upper != IPPROTO_ICMPV6 ||
	    seen->hop_limit != 255 || seen->upper_at + (int)sizeof(buf) > seen->end)
		return false;
	nd = skb_header_pointer(skb, seen->upper_at, sizeof(buf), &buf);
	if (!nd || nd->icmph.icmp6_type != NDISC_NEIGHBOUR_SOLICITATION || nd->icmph.icmp6_code)
		return false;
	q->target = nd->target;
	q->source = seen->source;
	ether_addr_copy(q->mac, eth_hdr(skb)->h_source);
	q->announcement = ipv6_addr_equal(&q->source, &q->target);
	return true;
}

/* Behind one tag at most, which the answer has, too; else it is for nobody here. */
static bool read_question(const struct sk_buff *skb, u16 vid, struct vsw_seen *seen,
			  struct question *q)
{
	bool beside = skb_vlan_tag_present(skb);

	vsw_inspect(skb, seen);
	if (seen->encapsulated || seen->tags > (!vid && !beside))
		return false;
	switch (seen->kind) {
	case VSW_SEEN_ARP:
		return read_arp(skb, seen, q);
	case VSW_SEEN_IPV6:
		return read_solicitation(skb, seen, q);
	default:
		return false;
	}
}

/*
 * Who has the address that is asked for by @in, in this VLAN, or NULL: there is no telling
 * which of two MACs it is, as of routers that stand in for each other. What is bound to
 * several ports is @in's if it is one of them. Under rcu_read_lock().
 */
static const struct vsw_binding *find_owner(const struct vsw_port *in,
					    const struct in6_addr *ip, u16 vid)
{
	const struct vsw_binding *binding, *owner = NULL;
	struct rhlist_head *list, *pos;

	list = vsw_bindings_of_ip(in->sw, ip);
	rhl_for_each_entry_rcu(binding, pos, list, by_ip) {
		if (!vsw_binding_is_of(binding, vid))
			continue;
		if (owner && !ether_addr_equal(owner->mac.address, binding->mac.address))
			return NULL;
		if (!owner || binding->port == in)
			owner = binding;
	}
	return owner;
}

static struct sk_buff *answer_arp(const struct vsw_switch *sw, const struct question *q,
				  const u8 *owner)
{
	return arp_create(ARPOP_REPLY, ETH_P_ARP, q->source.s6_addr32[3], sw->dev,
			  q->target.s6_addr32[3], q->mac, owner, q->mac);
}

/* RFC 4861 4.4, with the option of 4.6.1. */
struct advertisement {
	struct ethhdr eth;
	struct ipv6hdr ip;
	struct nd_msg nd;
	u8 option[2];
	u8 mac[ETH_ALEN];
} __packed;

/* RFC 4861 7.2.4. The flag for routers is taken from them if it is not set. */
static struct sk_buff *answer_solicitation(const struct vsw_switch *sw,
					   const struct question *q, const u8 *owner,
					   bool is_router)
{
	bool asker_has_none = ipv6_addr_any(&q->source);
	struct advertisement *na;
	const unsigned int length = sizeof(*na) - sizeof(na->eth) - sizeof(na->ip);
	struct sk_buff *skb;

	skb = alloc_skb(LL_RESERVED_SPACE(sw->dev) + sizeof(*na), GFP_ATOMIC);
	if (!skb)
		return NULL;
	skb_reserve(skb, LL_RESERVED_SPACE(sw->dev) - ETH_HLEN);
	na = skb_put_zero(skb, sizeof(*na));
	ether_addr_copy(na->eth.h_source, owner);
	na->eth.h_proto = htons(ETH_P_IPV6);
	na->ip.version = 6;
	na->ip.payload_len = htons(length);
	na->ip.nexthdr = IPPROTO_ICMPV6;
	na->ip.hop_limit = 255;
	na->ip.saddr = q->target;
	na->ip.daddr = asker_has_none ? in6addr_linklocal_allnodes : q->source;
	ether_addr_copy(na->eth.h_dest, q->mac);
	if (asker_has_none)
		ipv6_eth_mc_map(&na->ip.daddr, na->eth.h_dest);
	na->nd.icmph.icmp6_type = NDISC_NEIGHBOUR_ADVERTISEMENT;
	na->nd.icmph.icmp6_router = is_router;
	na->nd.icmph.icmp6_solicited = !asker_has_none;
	na->nd.icmph.icmp6_override = 1;
	na->nd.target = q->target;
	na->option[0] = ND_OPT_TARGET_LL_ADDR;
	na->option[1] = 1;
	ether_addr_copy(na->mac, owner);
	na->nd.icmph.icmp6_cksum = csum_ipv6_magic(&na->ip.saddr, &na->ip.daddr, length,
						   IPPROTO_ICMPV6,
						   csum_partial(&na->nd, length, 0));
	skb->protocol = na->eth.h_proto;
	return skb;
}

/* The answer leaves by @in, in the VLAN in which it was asked. */
static void answer(struct vsw_port *in, const struct sk_buff *skb, u16 vid,
		   const struct vsw_seen *seen, const struct question *q,
		   const struct vsw_binding *owner)
{
	const struct vsw_guard *guard = rcu_dereference(owner->port->guard);
	bool is_router = guard && (guard->settings.flags & VSW_GUARD_RA_TRUSTED);
	struct sk_buff *reply;

	if (seen->kind == VSW_SEEN_ARP)
		reply = answer_arp(in->sw, q, owner->mac.address);
	else
		reply = answer_solicitation(in->sw, q, owner->mac.address, is_router);
	if (!reply) {
		vsw_count_drop(in, VSW_DROP_NO_MEMORY, skb->protocol, 0);
		return;
	}
	skb_reset_mac_header(reply);
	__skb_pull(reply, ETH_HLEN);
	skb_reset_network_header(reply);
	skb_reset_mac_len(reply);
	if (!vid && skb_vlan_tag_present(skb))
		__vlan_hwaccel_put_tag(reply, skb->vlan_proto, skb_vlan_tag_get(skb));
	else if (!vid && seen->tags)
		__vlan_hwaccel_put_tag(reply, eth_hdr(skb)->h_proto, seen->vid);
	vsw_stats_inc(in->stats, answered);
	/* Who asks in what is part of a private VLAN is answered in all of it. */
	vsw_answer(in, reply, vsw_vlan_fid(in, vid));
}

/* Is @owner to be spared what comes by @in, where it could be asked by who is there? */
static bool is_to_be_answered(const struct vsw_port *in, u16 vid,
			      const struct vsw_binding *owner)
{
	enum vsw_drop reason;

	return (READ_ONCE(owner->port->flags) & VSW_PORT_NEIGH_SUPPRESS) && owner->port != in &&
	       vsw_may_leave(in, owner->port, vid, &reason);
}

/*
 * @skb, of VLAN @vid or 0 for none, which came by @in, is to be flooded. What it asks for
 * is answered, if anybody is known to have it. Returns what vsw_flood() is to
 * know, VSW_FLOOD_SPARED or 0. BH is off.
 */
unsigned long vsw_suppress(struct vsw_port *in, const struct sk_buff *skb, u16 vid)
{
	const struct vsw_binding *owner;
	unsigned long flood = 0;
	struct vsw_seen seen;
	struct question q;

	if (!read_question(skb, vid, &seen, &q))
		return 0;
	rcu_read_lock();
	owner = find_owner(in, &q.target, vsw_vlan_fid(in, vid) ?: seen.vid);
	if (!owner)
		goto unlock;
	/* Others have to hear who says that he has the address of somebody else. */
	if (q.announcement && (owner->port != in || !ether_addr_equal(owner->mac.address, q.mac)))
		goto unlock;
	flood = VSW_FLOOD_SPARED;
	if (is_to_be_answered(in, vid, owner) && vsw_tracing())
		vsw_trace_answer(in);
	else if (is_to_be_answered(in, vid, owner))
		answer(in, skb, vid, &seen, &q, owner);
unlock:
	rcu_read_unlock();
	return flood;
}
