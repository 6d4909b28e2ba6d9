// SPDX-License-Identifier: GPL-2.0
/*
 * The packet's way through the hooks of netfilter, in the order in which it meets
 * them (numbers are priorities):
 *
 *   PRE_ROUTING             -500 vrt_fast_ipv4(), of a connection that is carried: the
 *                                end of its way; see way.h
 *   PRE_ROUTING, LOCAL_OUT  -200 conntrack
 *                           -101 destination(), of a connection's first packet
 *                            -99 destination_late(), likewise, if the host's own
 *                                rules go first; count(), which with direct return says
 *                                where the packet goes, too
 *   POST_ROUTING, LOCAL_IN    99 source(), of a connection's first packet
 *   POST_ROUTING            last vrt_learn(): can it be carried from now on?
 *   POST_ROUTING, LOCAL_IN  last shape(), while there are classes: it passes, waits or is
 *                                dropped; see shape.h
 *
 * Connections of 127.0.0.1 and ::1 need more: see loopback.h.
 *
 * destination() and source() are chains of nf_nat's, before nftables' own: they say
 * how a connection is translated, and nf_nat does it, to each of its packets and to
 * the errors that come of them. So rules of nftables are not ours to lose.
 */
#include <linux/inetdevice.h>
#include <linux/netfilter.h>
#include <linux/netfilter_ipv4.h>
#include <linux/netfilter_ipv6.h>
#include <linux/netlink.h>
#include <linux/slab.h>
#include <net/addrconf.h>
#include <net/netfilter/ipv4/nf_reject.h>
#include <net/netfilter/ipv6/nf_reject.h>
#include <net/netfilter/nf_conntrack.h>
#include <net/netfilter/nf_nat.h>

#include "conn.h"
#include "direct.h"
#include "front.h"
#include "loopback.h"
#include "nat.h"
#include "publish.h"
#include "service.h"
#include "way.h"

static bool has_ports(u8 protocol)
{
	return protocol == IPPROTO_TCP || protocol == IPPROTO_UDP || protocol == IPPROTO_SCTP;
}

static bool is_local(struct net *net, const struct nf_conntrack_tuple *tuple)
{
	if (tuple->src.l3num == NFPROTO_IPV4)
		return inet_addr_type(net, tuple->dst.u3.ip) == RTN_LOCAL;
	return ipv6_chk_addr(net, &tuple->dst.u3.in6, NULL, 0);
}

static const struct vrt_front *find_front(struct vrt_net *rn,
					  const struct nf_conntrack_tuple *tuple)
{
	u8 protocol = tuple->dst.protonum;
	u16 port = ntohs(tuple->dst.u.all);
	const struct vrt_front *front;

	if (!has_ports(protocol))
		return NULL;
	front = vrt_front_find(rn, tuple->src.l3num, protocol, &tuple->dst.u3, port);
	if (!front && READ_ONCE(rn->n_local_fronts)) {
		front = vrt_front_find_local(rn, protocol, port);
		if (front && !is_local(rn->net, tuple))
			front = NULL;
	}
	return front;
}

static struct vrt_target *choose(const struct vrt_front *front,
				 const struct nf_conntrack_tuple *tuple)
{
	struct vrt_client client = {
		.family = tuple->src.l3num,
		.port = ntohs(tuple->src.u.all),
		.to_port = ntohs(tuple->dst.u.all),
		.addr = tuple->src.u3,
	};

	if (front->kind == VRT_FRONT_PUBLISH)
		return vrt_publish_target(front, client.family);
	return vrt_service_choose(vrt_service_of_front(front), &client);
}

/* As if nobody listened at the port. */
static unsigned int refuse(struct sk_buff *skb, const struct nf_hook_state *state, u8 protocol)
{
	if (state->pf == NFPROTO_IPV4) {
		if (protocol == IPPROTO_TCP)
			nf_send_reset(state->net, state->sk, skb, state->hook);
		else
			nf_send_unreach(skb, ICMP_PORT_UNREACH, state->hook);
	} else {
		if (protocol == IPPROTO_TCP)
			nf_send_reset6(state->net, state->sk, skb, state->hook);
		else
			nf_send_unreach6(state->net, skb, ICMPV6_PORT_UNREACH, state->hook);
	}
	return NF_DROP;
}

static unsigned int translate(struct nf_conn *ct, const struct vrt_front *front,
			      const struct vrt_target *target)
{
	const struct nf_conntrack_tuple *tuple = &ct->tuplehash[IP_CT_DIR_ORIGINAL].tuple;
	struct nf_nat_range2 range = {
		.flags = NF_NAT_RANGE_MAP_IPS | NF_NAT_RANGE_PROTO_SPECIFIED,
		.min_addr = target->addr,
		.max_addr = target->addr,
	};
	u16 port = ntohs(tuple->dst.u.all);

	if (target->port)
		port += target->port - front->port;
	range.min_proto.all = htons(port);
	range.max_proto.all = htons(port);
	return nf_nat_setup_info(ct, &range, NF_NAT_MANIP_DST);
}

/*
 * Before routing refuses it: what a neighbour sends to a loopback address is not for
 * what is published there.
 */
static bool is_martian(const struct nf_conntrack_tuple *tuple, const struct nf_hook_state *state)
{
	return state->hook == NF_INET_PRE_ROUTING && !(state->in->flags & IFF_LOOPBACK) &&
	       vrt_loopback_destination(tuple);
}

/* @late: behind the host's own rules of nftables, where those come that obey them. */
static unsigned int by_front_or_rule(struct vrt_net *rn, struct sk_buff *skb, struct nf_conn *ct,
				     const struct nf_hook_state *state, bool late)
{
	const struct nf_conntrack_tuple *tuple = &ct->tuplehash[IP_CT_DIR_ORIGINAL].tuple;
	const struct vrt_front *front;
	struct vrt_target *target;
	unsigned int verdict;

	front = find_front(rn, tuple);
	if (late != (front && front->kind == VRT_FRONT_PUBLISH && vrt_publish_obeys(front)))
		return NF_ACCEPT;
	if (!front)
		return vrt_nat_destination(rn, skb, ct, state);
	if (late) {
		verdict = vrt_publish_allowed(front, skb, state);
		if (verdict != NF_ACCEPT)
			return verdict;
	}
	target = choose(front, tuple);
	if (!target)
		return refuse(skb, state, tuple->dst.protonum);
	if (target->direct)
		verdict = vrt_direct_begin(ct, state->hook);
	else
		verdict = translate(ct, front, target);
	if (verdict != NF_ACCEPT) {
		atomic_dec(&target->active);
		vrt_target_put(target);
		return verdict;
	}
	/* Not on record it could not be limited, drained or cut: the client tries again. */
	return vrt_conn_add(rn, ct, target) ? NF_DROP : NF_ACCEPT;
}

static unsigned int early_or_late(struct sk_buff *skb, const struct nf_hook_state *state,
				  bool late)
{
	enum ip_conntrack_info ctinfo;
	struct nf_conn *ct = nf_ct_get(skb, &ctinfo);
	unsigned int verdict;

	if (!ct || ctinfo != IP_CT_NEW ||
	    is_martian(&ct->tuplehash[IP_CT_DIR_ORIGINAL].tuple, state))
		return NF_ACCEPT;
	verdict = by_front_or_rule(vrt_net(state->net), skb, ct, state, late);
	if (verdict == NF_ACCEPT && (ct->status & IPS_DST_NAT))
		verdict = vrt_loopback_begins(skb, ct, state);
	return verdict;
}

static unsigned int destination(void *priv, struct sk_buff *skb,
				const struct nf_hook_state *state)
{
	return early_or_late(skb, state, false);
}

static unsigned int destination_late(void *priv, struct sk_buff *skb,
				     const struct nf_hook_state *state)
{
	return early_or_late(skb, state, true);
}

static bool is_direct(const struct vrt_conn *conn)
{
	return conn && conn->target && conn->target->direct;
}

static unsigned int source(void *priv, struct sk_buff *skb, const struct nf_hook_state *state)
{
	enum ip_conntrack_info ctinfo;
	struct nf_conn *ct = nf_ct_get(skb, &ctinfo);

	/* A connection that a helper expected is new, too. */
	if (!ct || (ctinfo != IP_CT_NEW && ctinfo != IP_CT_RELATED))
		return NF_ACCEPT;
	if (is_direct(vrt_conn_find(vrt_net(state->net), ct)))
		return nf_nat_alloc_null_binding(ct, state->hook);
	return vrt_nat_source(vrt_net(state->net), skb, ct, state);
}

static unsigned int count(void *priv, struct sk_buff *skb, const struct nf_hook_state *state)
{
	enum ip_conntrack_info ctinfo;
	struct nf_conn *ct = nf_ct_get(skb, &ctinfo);
	struct vrt_conn *conn;

	if (!ct)
		return NF_ACCEPT;
	conn = vrt_conn_find(priv, ct);
	if (!conn || !conn->target)
		return NF_ACCEPT;
	/* Before it is looked whether the connection is over. */
	if (is_direct(conn))
		vrt_direct_follow(ct);
	local_bh_disable();
	vrt_conn_packet(conn, CTINFO2DIR(ctinfo), skb->len);
	local_bh_enable();
	return is_direct(conn) ? vrt_direct_send(conn, skb, state) : NF_ACCEPT;
}

static unsigned int came_in(void *priv, struct sk_buff *skb, const struct nf_hook_state *state)
{
	unsigned int verdict = count(priv, skb, state);

	return verdict == NF_ACCEPT ? vrt_loopback_in(skb, state) : verdict;
}

#define NAT_OPS(FAMILY, PRI) {						\
	{ .hook = destination, .pf = FAMILY, .hooknum = NF_INET_PRE_ROUTING,	\
	  .priority = PRI##_NAT_DST - 1 },				\
	{ .hook = destination, .pf = FAMILY, .hooknum = NF_INET_LOCAL_OUT,	\
	  .priority = PRI##_NAT_DST - 1 },				\
	{ .hook = destination_late, .pf = FAMILY, .hooknum = NF_INET_PRE_ROUTING,	\
	  .priority = PRI##_NAT_DST + 1 },				\
	{ .hook = destination_late, .pf = FAMILY, .hooknum = NF_INET_LOCAL_OUT,	\
	  .priority = PRI##_NAT_DST + 1 },				\
	{ .hook = source, .pf = FAMILY, .hooknum = NF_INET_POST_ROUTING,	\
	  .priority = PRI##_NAT_SRC - 1 },				\
	{ .hook = source, .pf = FAMILY, .hooknum = NF_INET_LOCAL_IN,	\
	  .priority = PRI##_NAT_SRC - 1 },				\
}

static const struct nf_hook_ops ipv4_nat_ops[] = NAT_OPS(NFPROTO_IPV4, NF_IP_PRI);
static const struct nf_hook_ops ipv6_nat_ops[] = NAT_OPS(NFPROTO_IPV6, NF_IP6_PRI);

#define COUNT_OPS(FAMILY, PRI)						\
	{ .hook = came_in, .pf = FAMILY, .hooknum = NF_INET_PRE_ROUTING,	\
	  .priority = PRI##_NAT_DST + 1 },				\
	{ .hook = count, .pf = FAMILY, .hooknum = NF_INET_LOCAL_OUT,	\
	  .priority = PRI##_NAT_DST + 1 }

#define LOOPBACK_OP(FAMILY, PRI)					\
	{ .hook = vrt_loopback_out, .pf = FAMILY, .hooknum = NF_INET_LOCAL_OUT,	\
	  .priority = PRI##_NAT_DST - 1 }

static const struct nf_hook_ops plain_ops[] = {
	{ .hook = vrt_fast_ipv4, .pf = NFPROTO_IPV4, .hooknum = NF_INET_PRE_ROUTING,
	  .priority = VRT_PRI_FAST },
	{ .hook = vrt_fast_ipv6, .pf = NFPROTO_IPV6, .hooknum = NF_INET_PRE_ROUTING,
	  .priority = VRT_PRI_FAST },
	{ .hook = vrt_learn, .pf = NFPROTO_IPV4, .hooknum = NF_INET_POST_ROUTING,
	  .priority = VRT_PRI_LEARN },
	{ .hook = vrt_learn, .pf = NFPROTO_IPV6, .hooknum = NF_INET_POST_ROUTING,
	  .priority = VRT_PRI_LEARN },
	LOOPBACK_OP(NFPROTO_IPV4, NF_IP_PRI),
	LOOPBACK_OP(NFPROTO_IPV6, NF_IP6_PRI),
	COUNT_OPS(NFPROTO_IPV4, NF_IP_PRI),
	COUNT_OPS(NFPROTO_IPV6, NF_IP6_PRI),
};

typedef int (*nat_register_t)(struct net *net, const struct nf_hook_ops *ops);
typedef void (*nat_unregister_t)(struct net *net, const struct nf_hook_ops *ops);

static void unregister_nat(struct net *net, const struct nf_hook_ops *ops, size_t n,
			   nat_unregister_t unregister)
{
	while (n--)
		unregister(net, &ops[n]);
}

static int register_nat(struct net *net, const struct nf_hook_ops *ops, size_t n,
			nat_register_t do_register, nat_unregister_t unregister)
{
	size_t i;
	int err;

	for (i = 0; i < n; i++) {
		err = do_register(net, &ops[i]);
		if (err) {
			unregister_nat(net, ops, i, unregister);
			return err;
		}
	}
	return 0;
}

/* The fast path finds its namespace by its priv. */
static int register_plain(struct vrt_net *rn)
{
	size_t i;
	int err;

	rn->hooks = kmemdup(plain_ops, sizeof(plain_ops), GFP_KERNEL_ACCOUNT);
	if (!rn->hooks)
		return -ENOMEM;
	for (i = 0; i < ARRAY_SIZE(plain_ops); i++)
		rn->hooks[i].priv = rn;
	err = nf_register_net_hooks(rn->net, rn->hooks, ARRAY_SIZE(plain_ops));
	if (err) {
		/* Who lists hooks may have found some of them. */
		synchronize_net();
		kfree(rn->hooks);
	}
	return err;
}

int vrt_hooks_register(struct vrt_net *rn, struct netlink_ext_ack *extack)
{
	struct net *net = rn->net;
	int err;

	err = nf_ct_netns_get(net, NFPROTO_INET);
	if (err)
		goto out;
	err = register_nat(net, ipv4_nat_ops, ARRAY_SIZE(ipv4_nat_ops),
			   nf_nat_ipv4_register_fn, nf_nat_ipv4_unregister_fn);
	if (err)
		goto put_conntrack;
	err = register_nat(net, ipv6_nat_ops, ARRAY_SIZE(ipv6_nat_ops),
			   nf_nat_ipv6_register_fn, nf_nat_ipv6_unregister_fn);
	if (err)
		goto unregister_ipv4;
	err = vrt_change_listen(rn, extack);
	if (err)
		goto unregister_ipv6;
	err = register_plain(rn);
	if (!err)
		return 0;

	vrt_change_unlisten(rn);
unregister_ipv6:
	unregister_nat(net, ipv6_nat_ops, ARRAY_SIZE(ipv6_nat_ops), nf_nat_ipv6_unregister_fn);
unregister_ipv4:
	unregister_nat(net, ipv4_nat_ops, ARRAY_SIZE(ipv4_nat_ops), nf_nat_ipv4_unregister_fn);
put_conntrack:
	nf_ct_netns_put(net, NFPROTO_INET);
out:
	if (extack && !extack->_msg)
		NL_SET_ERR_MSG(extack, "can't register with the kernel's connection tracking");
	return err;
}

void vrt_hooks_unregister(struct vrt_net *rn)
{
	struct net *net = rn->net;

	nf_unregister_net_hooks(net, rn->hooks, ARRAY_SIZE(plain_ops));
	vrt_change_unlisten(rn);
	unregister_nat(net, ipv6_nat_ops, ARRAY_SIZE(ipv6_nat_ops), nf_nat_ipv6_unregister_fn);
	unregister_nat(net, ipv4_nat_ops, ARRAY_SIZE(ipv4_nat_ops), nf_nat_ipv4_unregister_fn);
	nf_ct_netns_put(net, NFPROTO_INET);
	/*
	 * Who is in the middle of a hook may still use what is configured, and who lists
	 * hooks (nfnetlink_hook) reads those that were there.
	 */
	synchronize_net();
	kfree(rn->hooks);
}
