// SPDX-License-Identifier: GPL-2.0
/*
 * Answers to packets that flows refuse. The IP packet is what netfilter makes for bridges;
 * what is around it, and what is not answered, is ours.
 */
#include <linux/icmp.h>
#include <linux/icmpv6.h>
#include <linux/if_vlan.h>
#include <linux/in.h>
#include <linux/netfilter.h>
#include <net/ip.h>
#include <net/ipv6.h>
#include <net/netfilter/ipv4/nf_reject.h>
#include <net/netfilter/ipv6/nf_reject.h>

#include "rate.h"
#include "reject.h"
#include "tracer.h"
#include "vswitch.h"

/* As the kernel's own for ICMP: of a network namespace, a second, and at once. */
#define RATE	1000
#define BURST	50

/* Where checksums of what was received are looked at, whoever it is for. */
#define HOOK	NF_INET_PRE_ROUTING

static bool is_within_rate(const struct net *net)
{
	atomic64_t *full = &vsw_net(net)->rejects_rate;
	atomic64_t as_it_is;
	struct vsw_rate rate;

	vsw_rate_init(&rate, RATE, BURST);
	if (unlikely(vsw_tracing())) {
		atomic64_set(&as_it_is, atomic64_read(full));
		full = &as_it_is;
	}
	return vsw_rate_admit(&rate, full, 1);
}

/* ---- IPv4 ------------------------------------------------------------------ */

static bool is_icmp_error(const struct sk_buff *skb, unsigned int at)
{
	const u8 *type;
	u8 buf;

	type = skb_header_pointer(skb, at, sizeof(buf), &buf);
	if (!type)
		return true;
	switch (*type) {
	case ICMP_DEST_UNREACH:
	case ICMP_SOURCE_QUENCH:
	case ICMP_REDIRECT:
	case ICMP_TIME_EXCEEDED:
	case ICMP_PARAMETERPROB:
		return true;
	}
	return false;
}

/* From one and for one, whole as far as it says, and nothing that must not be answered. */
static bool may_answer_ipv4(struct sk_buff *skb)
{
	const struct iphdr *ip = ip_hdr(skb);
	unsigned int header = ip->ihl * 4;

	if (ip->version != 4 || header < sizeof(*ip) || ntohs(ip->tot_len) < header ||
	    ntohs(ip->tot_len) > skb->len || !pskb_may_pull(skb, header))
		return false;
	ip = ip_hdr(skb);
	if (ip_fast_csum(ip, ip->ihl) || ip->frag_off & htons(IP_OFFSET))
		return false;
	if (ipv4_is_multicast(ip->daddr) || ipv4_is_lbcast(ip->daddr) ||
	    ipv4_is_multicast(ip->saddr) || ipv4_is_lbcast(ip->saddr) ||
	    ipv4_is_zeronet(ip->saddr) || ipv4_is_loopback(ip->saddr))
		return false;
	if (ip->protocol == IPPROTO_ICMP && is_icmp_error(skb, header))
		return false;
	return !pskb_trim_rcsum(skb, ntohs(ip->tot_len));
}

static struct sk_buff *answer_ipv4(struct net *net, struct sk_buff *skb,
				   const struct net_device *dev)
{
	if (!pskb_may_pull(skb, sizeof(struct iphdr)) || !may_answer_ipv4(skb) ||
	    !is_within_rate(net))
		return NULL;
	if (ip_hdr(skb)->protocol == IPPROTO_TCP)
		return nf_reject_skb_v4_tcp_reset(net, skb, dev, HOOK);
	return nf_reject_skb_v4_unreach(net, skb, dev, HOOK, ICMP_PORT_UNREACH);
}

/* ---- IPv6 ------------------------------------------------------------------ */

static bool is_icmpv6_error(const struct sk_buff *skb, unsigned int at)
{
	const u8 *type;
	u8 buf;

	type = skb_header_pointer(skb, at, sizeof(buf), &buf);
	return !type || !(*type & ICMPV6_INFOMSG_MASK) || *type == NDISC_REDIRECT;
}

/* Likewise; *@protocol is what is behind its extension headers. */
static bool may_answer_ipv6(struct sk_buff *skb, u8 *protocol)
{
	const struct ipv6hdr *ip = ipv6_hdr(skb);
	unsigned int length = ntohs(ip->payload_len) + sizeof(*ip);
	__be16 fragment;
	int at;

	/* The longest ones do not say how long they are, and are nothing to be answered. */
	if (ip->version != 6 || !ip->payload_len || length > skb->len)
		return false;
	if (ipv6_addr_is_multicast(&ip->daddr) || ipv6_addr_is_multicast(&ip->saddr) ||
	    ipv6_addr_any(&ip->saddr) || ipv6_addr_loopback(&ip->saddr))
		return false;
	*protocol = ip->nexthdr;
	at = ipv6_skip_exthdr(skb, sizeof(*ip), protocol, &fragment);
	if (at < 0 || fragment & htons(IP6_OFFSET))
		return false;
	if (*protocol == IPPROTO_ICMPV6 && is_icmpv6_error(skb, at))
		return false;
	return !pskb_trim_rcsum(skb, length);
}

static struct sk_buff *answer_ipv6(struct net *net, struct sk_buff *skb,
				   const struct net_device *dev)
{
	u8 protocol;

	/* Without IPv6 there are no defaults of it to answer with. */
	if (!ipv6_mod_enabled() || !pskb_may_pull(skb, sizeof(struct ipv6hdr)) ||
	    !may_answer_ipv6(skb, &protocol) || !is_within_rate(net))
		return NULL;
	if (protocol == IPPROTO_TCP)
		return nf_reject_skb_v6_tcp_reset(net, skb, dev, HOOK);
	return nf_reject_skb_v6_unreach(net, skb, dev, HOOK, ICMPV6_PORT_UNREACH);
}

/* ---- both ------------------------------------------------------------------ */

/* @skb's Ethernet header and its tags, of @tags bytes, go in front of @answer. */
static bool dress(struct sk_buff *answer, const struct sk_buff *skb, unsigned int tags)
{
	const struct ethhdr *eth = eth_hdr(skb);
	struct ethhdr *header;

	if (skb_cow_head(answer, ETH_HLEN + tags))
		return false;
	memcpy(skb_push(answer, ETH_HLEN + tags), skb_mac_header(skb), ETH_HLEN + tags);
	skb_reset_mac_header(answer);
	header = eth_hdr(answer);
	ether_addr_copy(header->h_dest, eth->h_source);
	ether_addr_copy(header->h_source, eth->h_dest);
	answer->protocol = header->h_proto;
	__skb_pull(answer, ETH_HLEN);
	skb_reset_network_header(answer);
	skb_reset_mac_len(answer);
	if (skb_vlan_tag_present(skb))
		__vlan_hwaccel_put_tag(answer, skb->vlan_proto, skb_vlan_tag_get(skb));
	return true;
}

/* To the IP packet in @skb, which begins it, behind the MAC header and tags. */
static struct sk_buff *answer(const struct vsw_port *in, struct sk_buff *skb, __be16 type)
{
	const struct net_device *dev = in->sw->dev;

	switch (type) {
	case htons(ETH_P_IP):
		return answer_ipv4(dev_net(dev), skb, dev);
	case htons(ETH_P_IPV6):
		return answer_ipv6(dev_net(dev), skb, dev);
	}
	return NULL;
}

struct sk_buff *vsw_reject(const struct vsw_port *in, struct sk_buff *skb,
			   const struct vsw_key *key, const struct vsw_key_layout *layout)
{
	const struct ethhdr *eth = eth_hdr(skb);
	struct sk_buff *made;
	unsigned int tags;

	if (!VSW_CAN_REJECT || !layout->network || layout->is_snap ||
	    is_multicast_ether_addr(eth->h_dest) || !is_valid_ether_addr(eth->h_source))
		return NULL;
	tags = layout->network - 1;
	if (!pskb_may_pull(skb, tags))
		return NULL;
	skb_pull_rcsum(skb, tags);
	skb_reset_network_header(skb);
	made = answer(in, skb, key->eth_type);
	skb_push_rcsum(skb, tags);
	if (made && !dress(made, skb, tags)) {
		kfree_skb(made);
		return NULL;
	}
	return made;
}
