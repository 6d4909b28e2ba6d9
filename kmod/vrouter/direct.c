// SPDX-License-Identifier: GPL-2.0
/*
 * Direct return, see direct.h.
 *
 * Of TCP conntrack is told what it would have concluded from the answers: SYN makes a
 * connection half open (SYN_RECV), the client's FIN one that is closed (TIME_WAIT), from
 * where its next SYN begins a new one. It checks no window, of which it sees one side.
 */
#include <linux/icmpv6.h>
#include <linux/inetdevice.h>
#include <linux/netlink.h>
#include <net/addrconf.h>
#include <net/icmp.h>
#include <net/inet_ecn.h>
#include <net/ip6_route.h>
#include <net/netfilter/ipv4/nf_reject.h>
#include <net/netfilter/ipv6/nf_reject.h>
#include <net/netfilter/nf_conntrack_l4proto.h>
#include <net/netfilter/nf_nat.h>
#include <net/route.h>

#include "conn.h"
#include "direct.h"

/*
 * No reset of the backend's is seen, so not the five days that conntrack gives an
 * established connection, but what RFC 5382 asks for: two hours, which is when the ends
 * look for each other, and some more.
 */
#define IDLE_MAX	((2 * 60 + 4) * 60 * HZ)

/* ---- conntrack -------------------------------------------------------------------- */

static void begin_tcp(struct nf_conn *ct)
{
	const struct nf_tcp_net *tcp = nf_tcp_pernet(nf_ct_net(ct));

	spin_lock_bh(&ct->lock);
	if (ct->proto.tcp.state == TCP_CONNTRACK_SYN_SENT) {
		ct->proto.tcp.state = TCP_CONNTRACK_SYN_RECV;
		/* From when it is confirmed on. */
		WRITE_ONCE(ct->timeout, tcp->timeouts[TCP_CONNTRACK_SYN_RECV]);
	}
	spin_unlock_bh(&ct->lock);
}

unsigned int vrt_direct_begin(struct nf_conn *ct, unsigned int hook)
{
	set_bit(IPS_SEEN_REPLY_BIT, &ct->status);
	if (nf_ct_protonum(ct) == IPPROTO_TCP)
		begin_tcp(ct);
	/* Nobody else is asked then. */
	return nf_nat_alloc_null_binding(ct, hook);
}

void vrt_direct_follow(struct nf_conn *ct)
{
	struct ip_ct_tcp *tcp = &ct->proto.tcp;

	if (nf_ct_protonum(ct) != IPPROTO_TCP)
		return;
	spin_lock_bh(&ct->lock);
	if (tcp->state >= TCP_CONNTRACK_FIN_WAIT && tcp->state <= TCP_CONNTRACK_LAST_ACK)
		tcp->state = TCP_CONNTRACK_TIME_WAIT;
	vrt_conn_lose_window(tcp);
	/* Alike are those by which a client says that it is still there. */
	tcp->retrans = 0;
	spin_unlock_bh(&ct->lock);
	if (nf_ct_is_confirmed(ct) && nf_ct_expires(ct) > IDLE_MAX)
		WRITE_ONCE(ct->timeout, nfct_time_stamp + IDLE_MAX);
}

/* ---- routes ----------------------------------------------------------------------- */

/* The route @skb has, to the backend, with the backend for the next hop; NULL. */
static struct rtable *with_next_hop(const struct rtable *rt, __be32 hop)
{
	struct rtable *own = rt_dst_clone(rt->dst.dev, (struct rtable *)rt);

	if (!own)
		return NULL;
	ip_dst_init_metrics(&own->dst, (struct dst_metrics *)dst_metrics_ptr((void *)&rt->dst));
	own->rt_uses_gateway = 1;
	own->rt_gw_family = AF_INET;
	own->rt_gw4 = hop;
	return own;
}

/* How a packet that came in is forwarded. -EINVAL: it is one that nobody answers. */
static int route_ipv4_in(struct sk_buff *skb, __be32 hop)
{
	const struct iphdr *ip = ip_hdr(skb);
	const struct rtable *rt;
	struct rtable *own;

	skb_dst_drop(skb);
	/* A source that can't be, or not from there. */
	if (vsw_ip_route_input_noref(skb, hop, ip->saddr, ip->tos, skb->dev))
		return -EINVAL;
	rt = skb_rtable(skb);
#ifdef IPSKB_MULTIPATH
	/* Of what is received with it, others to this address have another route. */
	IPCB(skb)->flags |= IPSKB_MULTIPATH;
#endif
	/* Which also says so, and why. */
	if (rt->dst.error)
		return 0;
	if (rt->rt_type != RTN_UNICAST || rt->rt_gw_family)
		return -EHOSTUNREACH;
	own = with_next_hop(rt, hop);
	skb_dst_drop(skb);
	if (!own)
		return -EHOSTUNREACH;
	skb_dst_set(skb, &own->dst);
	/* That the backend is nearer is not for the client to know. */
	IPCB(skb)->flags &= ~IPSKB_DOREDIRECT;
	return 0;
}

/* How this host sends one. */
static int route_ipv4_out(struct sk_buff *skb, const struct nf_hook_state *state, __be32 hop)
{
	const struct iphdr *ip = ip_hdr(skb);
	struct flowi4 fl4 = {
		.daddr = hop,
		.saddr = ip->saddr,
		.flowi4_tos = ip->tos & ~INET_ECN_MASK,
		.flowi4_mark = skb->mark,
		.flowi4_proto = ip->protocol,
		.flowi4_oif = state->sk ? READ_ONCE(state->sk->sk_bound_dev_if) : 0,
		.flowi4_flags = FLOWI_FLAG_KNOWN_NH | FLOWI_FLAG_ANYSRC,
	};
	struct rtable *rt = ip_route_output_key(state->net, &fl4);

	if (IS_ERR(rt))
		return -EHOSTUNREACH;
	if (rt->rt_type != RTN_UNICAST || rt->rt_gw_family != AF_INET || rt->rt_gw4 != hop) {
		ip_rt_put(rt);
		return -EHOSTUNREACH;
	}
	skb_dst_drop(skb);
	skb_dst_set(skb, &rt->dst);
	return 0;
}

/* A route of its own, for an address that is on the link; both forward and send by it. */
static int route_ipv6(struct sk_buff *skb, const struct nf_hook_state *state,
		      const struct in6_addr *hop)
{
	const struct ipv6hdr *ip = ipv6_hdr(skb);
	struct flowi6 fl6 = {
		.daddr = *hop,
		.saddr = ip->saddr,
		.flowlabel = ip6_flowinfo(ip),
		.flowi6_mark = skb->mark,
		.flowi6_proto = ip->nexthdr,
		.flowi6_flags = FLOWI_FLAG_KNOWN_NH,
	};
	struct dst_entry *dst;
	u32 flags;

	if (state->hook == NF_INET_PRE_ROUTING) {
		fl6.flowi6_iif = state->in->ifindex;
		dst = ip6_route_input_lookup(state->net, skb->dev, &fl6, skb,
					     RT6_LOOKUP_F_HAS_SADDR);
	} else {
		fl6.flowi6_oif = state->sk ? READ_ONCE(state->sk->sk_bound_dev_if) : 0;
		dst = ip6_route_output(state->net, state->sk, &fl6);
	}
	flags = ((struct rt6_info *)dst)->rt6i_flags;
	if (dst->error || !(flags & RTF_CACHE) || flags & (RTF_GATEWAY | RTF_LOCAL)) {
		dst_release(dst);
		return -EHOSTUNREACH;
	}
	skb_dst_drop(skb);
	skb_dst_set(skb, dst);
	if (state->hook == NF_INET_PRE_ROUTING) {
		/* No redirect, as to who says the way himself. */
		IP6CB(skb)->srcrt = sizeof(*ip);
#ifdef IP6SKB_MULTIPATH
		/* As for IPv4. */
		IP6CB(skb)->flags |= IP6SKB_MULTIPATH;
#endif
	}
	return 0;
}

/* From the service's own address nobody could be answered. */
static bool is_from(const struct sk_buff *skb, u8 family)
{
	if (family == NFPROTO_IPV4)
		return ip_hdr(skb)->saddr == ip_hdr(skb)->daddr;
	return ipv6_addr_equal(&ipv6_hdr(skb)->saddr, &ipv6_hdr(skb)->daddr);
}

static bool is_error(const struct sk_buff *skb)
{
	enum ip_conntrack_info ctinfo;

	nf_ct_get(skb, &ctinfo);
	return ctinfo == IP_CT_RELATED || ctinfo == IP_CT_RELATED_REPLY;
}

static bool is_to(const struct sk_buff *skb, const struct nf_conn *ct)
{
	const struct nf_conntrack_tuple *tuple = &ct->tuplehash[IP_CT_DIR_ORIGINAL].tuple;

	if (tuple->src.l3num == NFPROTO_IPV4)
		return ip_hdr(skb)->daddr == tuple->dst.u3.ip;
	return ipv6_addr_equal(&ipv6_hdr(skb)->daddr, &tuple->dst.u3.in6);
}

static int route(struct sk_buff *skb, const struct nf_hook_state *state,
		 const union nf_inet_addr *hop)
{
	if (state->pf == NFPROTO_IPV6)
		return route_ipv6(skb, state, &hop->in6);
	if (state->hook == NF_INET_PRE_ROUTING)
		return route_ipv4_in(skb, hop->ip);
	return route_ipv4_out(skb, state, hop->ip);
}

static unsigned int no_way(struct sk_buff *skb, const struct nf_hook_state *state, int err)
{
	if (err == -EINVAL)
		return NF_DROP;
	/* Who sends the error looks for the way back itself. */
	if (state->hook == NF_INET_PRE_ROUTING)
		skb_dst_drop(skb);
	if (state->pf == NFPROTO_IPV4)
		nf_send_unreach(skb, ICMP_HOST_UNREACH, state->hook);
	else
		nf_send_unreach6(state->net, skb, ICMPV6_ADDR_UNREACH, state->hook);
	return NF_DROP;
}

unsigned int vrt_direct_send(const struct vrt_conn *conn, struct sk_buff *skb,
			     const struct nf_hook_state *state)
{
	int err;

	/* Errors that come of the backend's answers are for it, too. */
	if (!is_to(skb, conn->ct))
		return NF_ACCEPT;
	/* What this host sends from there: errors are for itself, all else has no answer. */
	if (is_from(skb, state->pf))
		return is_error(skb) ? NF_ACCEPT : no_way(skb, state, -EHOSTUNREACH);
	err = route(skb, state, &conn->target->addr);
	return err ? no_way(skb, state, err) : NF_ACCEPT;
}

/* ---- what is configured ------------------------------------------------------------- */

int vrt_direct_check_front(const struct vrt_front *front, struct netlink_ext_ack *extack)
{
	if (front->protocol != IPPROTO_TCP && front->protocol != IPPROTO_UDP) {
		NL_SET_ERR_MSG(extack, "with direct return a service's protocol is TCP or UDP");
		return -EPROTONOSUPPORT;
	}
	if (front->family == NFPROTO_IPV4 ? ipv4_is_loopback(front->addr.ip) :
					    ipv6_addr_loopback(&front->addr.in6)) {
		NL_SET_ERR_MSG(extack, "with direct return a service's address is one that a backend can answer from");
		return -EINVAL;
	}
	return 0;
}

int vrt_direct_check_backend(struct net *net, const struct vrt_front *front,
			     const union nf_inet_addr *addr, struct netlink_ext_ack *extack)
{
	bool local;

	if (front->family == NFPROTO_IPV4)
		local = addr->ip == front->addr.ip || ipv4_is_loopback(addr->ip) ||
			inet_addr_type(net, addr->ip) == RTN_LOCAL;
	else
		local = ipv6_addr_equal(&addr->in6, &front->addr.in6) ||
			ipv6_addr_loopback(&addr->in6) ||
			ipv6_chk_addr(net, &addr->in6, NULL, 0);
	if (!local)
		return 0;
	NL_SET_ERR_MSG(extack, "with direct return a backend is another host, by an address of its own");
	return -EINVAL;
}
