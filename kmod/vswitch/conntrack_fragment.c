// SPDX-License-Identifier: GPL-2.0
/*
 * Fragments are put together to be tracked, and taken apart again when they leave, both by
 * what the kernel's IP has for it.
 */
#include <linux/if_vlan.h>
#include <net/dst.h>
#include <net/dst_metadata.h>
#include <net/ip.h>
#include <net/ip6_fib.h>
#include <net/ipv6.h>
#include <net/ipv6_frag.h>
#include <net/ipv6_stubs.h>
#include <net/netfilter/ipv6/nf_defrag_ipv6.h>
#include <net/route.h>

#include "conntrack.h"
#include "conntrack_fragment.h"
#include "vswitch.h"

/*
 * Each link carries as much of IPv4 (RFC 791), so what comes in smaller parts was made to
 * cost more than it does. IPv6 has a bound of its own.
 */
#define LEAST_MRU	68
/* What precedes IP: Ethernet, and VLAN tags in the frame. */
#define MOST_BEFORE	(ETH_HLEN + 4 * VLAN_HLEN)

static int gather_ipv4(struct net *net, struct sk_buff *skb, u16 zone, u16 *mru)
{
	int err;

	memset(IPCB(skb), 0, sizeof(struct inet_skb_parm));
	err = ip_defrag(net, skb, IP_DEFRAG_CONNTRACK_IN + zone);
	if (!err)
		*mru = IPCB(skb)->frag_max_size;
	return err;
}

static int gather_ipv6(struct net *net, struct sk_buff *skb, u16 zone, u16 *mru)
{
	int err;

	memset(IP6CB(skb), 0, sizeof(struct inet6_skb_parm));
	err = nf_ct_frag6_gather(net, skb, IP6_DEFRAG_CONNTRACK_IN + zone);
	if (!err)
		*mru = IP6CB(skb)->frag_max_size;
	else if (err != -EINPROGRESS)
		kfree_skb(skb);
	return err;
}

/* By which tunnel @skb came or is to go, with a reference, or NULL. */
static struct dst_entry *hold_tunnel(const struct sk_buff *skb)
{
	struct metadata_dst *tunnel = skb_metadata_dst(skb);

	return tunnel && dst_hold_safe(&tunnel->dst) ? &tunnel->dst : NULL;
}

int vsw_ct_gather(struct net *net, struct sk_buff *skb, u16 zone, u8 family, u16 *mru)
{
	struct dst_entry *tunnel = hold_tunnel(skb);
	int err;

	/* What waits has no past that could outlive what it refers to. */
	skb_orphan(skb);
	nf_reset_ct(skb);
	skb_dst_drop(skb);
	err = family == NFPROTO_IPV4 ? gather_ipv4(net, skb, zone, mru) :
				       gather_ipv6(net, skb, zone, mru);
	if (!err) {
		skb_clear_hash(skb);
		skb_dst_set(skb, tunnel);
	} else {
		dst_release(tunnel);
	}
	return err;
}

/*
 * What each fragment gets of the whole packet. IP asks a route for the MTU, so it gets one
 * that has nothing else, by which each fragment finds this here.
 */
struct whole {
	union {
		struct rtable ipv4;
		struct rt6_info ipv6;
		struct dst_entry dst;
	};
	struct dst_entry *tunnel;	/* or NULL */
	vsw_ct_send_t send;
	const void *to;
	unsigned int length;		/* of what is before the network header */
	u8 header[MOST_BEFORE];
	bool is_tagged;
	u16 tci;
	__be16 tag_protocol, protocol;
};

/* @skb, a fragment with data at its network header, gets what is before that, and leaves. */
static int send_fragment(struct net *net, struct sock *sk, struct sk_buff *skb)
{
	const struct whole *whole = container_of(skb_dst(skb), struct whole, dst);

	skb_dst_drop(skb);
	if (whole->tunnel)
		skb_dst_set(skb, dst_clone(whole->tunnel));
	if (skb_cow_head(skb, whole->length)) {
		kfree_skb(skb);
		return -ENOMEM;
	}
	skb_set_network_header(skb, 0);
	__skb_push(skb, whole->length);
	memcpy(skb->data, whole->header, whole->length);
	skb_reset_mac_header(skb);
	skb_postpush_rcsum(skb, skb->data, whole->length);
	skb->protocol = whole->protocol;
	__vlan_hwaccel_clear_tag(skb);
	if (whole->is_tagged)
		__vlan_hwaccel_put_tag(skb, whole->tag_protocol, whole->tci);
	skb_pull_rcsum(skb, ETH_HLEN);
	skb_reset_mac_len(skb);
	whole->send(whole->to, skb);
	return 0;
}

/* The longest fragment says how long they may be, and the port by which they leave if they are. */
static unsigned int mtu_of(const struct dst_entry *dst)
{
	return IP_MAX_MTU;
}

static struct dst_ops fragment_dst_ops = {
	.family = AF_UNSPEC,
	.mtu = mtu_of,
};

static int fragment_ipv4(struct net *net, struct sk_buff *skb, u16 mru)
{
	memset(IPCB(skb), 0, sizeof(struct inet_skb_parm));
	IPCB(skb)->frag_max_size = mru;
	/* Was set in all of them, and is to be again. */
	if (ip_hdr(skb)->frag_off & htons(IP_DF))
		IPCB(skb)->flags = IPSKB_FRAG_PMTU;
	return ip_do_fragment(net, NULL, skb, send_fragment);
}

static int fragment_ipv6(struct net *net, struct sk_buff *skb, u16 mru)
{
	memset(IP6CB(skb), 0, sizeof(struct inet6_skb_parm));
	IP6CB(skb)->frag_max_size = mru;
	skb->ignore_df = 1;
	return ipv6_stub->ipv6_fragment(net, NULL, skb, send_fragment);
}

static bool can_fragment(const struct vsw_key *key, const struct vsw_key_layout *layout, u16 mru)
{
	if (!layout->network || layout->network - 1 + ETH_HLEN > MOST_BEFORE)
		return false;
	return key->eth_type == htons(ETH_P_IPV6) ||
	       (key->eth_type == htons(ETH_P_IP) && mru >= LEAST_MRU);
}

bool vsw_ct_fragment(const struct vsw_port *in, struct sk_buff *skb, const struct vsw_key *key,
		     const struct vsw_key_layout *layout, u16 mru, vsw_ct_send_t send,
		     const void *to)
{
	bool is_ipv4 = key->eth_type == htons(ETH_P_IP);
	unsigned int len = vsw_frame_len(skb), offset;
	struct net *net = dev_net(in->sw->dev);
	__be16 protocol = skb->protocol;
	struct whole whole;
	int err;

	if (!can_fragment(key, layout, mru))
		return false;
	offset = layout->network - 1;
	whole.tunnel = hold_tunnel(skb);
	whole.send = send;
	whole.to = to;
	whole.length = offset + ETH_HLEN;
	whole.is_tagged = skb_vlan_tag_present(skb);
	whole.tci = skb_vlan_tag_get(skb);
	whole.tag_protocol = skb->vlan_proto;
	whole.protocol = skb->protocol;
	memcpy(whole.header, skb_mac_header(skb), whole.length);
	if (is_ipv4)
		memset(&whole.ipv4, 0, sizeof(whole.ipv4));
	else
		memset(&whole.ipv6, 0, sizeof(whole.ipv6));
	vsw_dst_init(&whole.dst, &fragment_dst_ops, NULL, DST_OBSOLETE_NONE, DST_NOCOUNT);
	whole.dst.dev = in->sw->dev;
	if (is_ipv4)
		whole.ipv4.rt_pmtu = mru;
	whole.dst.expires = jiffies + HZ;

	skb_dst_drop(skb);
	skb_set_network_header(skb, offset);
	skb_pull_rcsum(skb, offset);
	skb->protocol = key->eth_type;
	skb_dst_set_noref(skb, &whole.dst);
	rcu_read_lock();
	err = is_ipv4 ? fragment_ipv4(net, skb, mru) : fragment_ipv6(net, skb, mru);
	rcu_read_unlock();
	dst_release(whole.tunnel);
	if (err)
		vsw_count_drop(in, VSW_DROP_NO_MEMORY, protocol, len);
	return true;
}
