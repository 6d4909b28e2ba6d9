// SPDX-License-Identifier: GPL-2.0
#include <linux/inetdevice.h>
#include <net/addrconf.h>
#include <net/ip6_route.h>
#include <net/netfilter/nf_conntrack.h>
#include <net/netfilter/nf_nat.h>
#include <net/route.h>

#include "conn.h"
#include "forget.h"

/* What conntrack asks about each connection, under a spinlock of it with BH off. */
struct query {
	struct vrt_net *rn;
	const struct vrt_front *front;
	const struct vrt_nat *rule;
};

static void iterate(struct query *query, int (*forget)(struct nf_conn *ct, void *data))
{
	const struct nf_ct_iter_data data = { .net = query->rn->net, .data = query };

	lockdep_assert_held(&query->rn->lock);

	nf_ct_iterate_cleanup_net(forget, &data);
}

static bool is_local(struct net *net, u8 family, const union nf_inet_addr *addr)
{
	if (family == NFPROTO_IPV4)
		return inet_addr_type(net, addr->ip) == RTN_LOCAL;
	return ipv6_chk_addr(net, &addr->in6, NULL, 0);
}

static bool comes_to(struct net *net, const struct vrt_front *front,
		     const struct nf_conntrack_tuple *tuple)
{
	u16 port = ntohs(tuple->dst.u.all);

	if (tuple->dst.protonum != front->protocol || port < front->port ||
	    port > front->port_last)
		return false;
	if (front->any_local)
		return is_local(net, tuple->src.l3num, &tuple->dst.u3);
	return tuple->src.l3num == front->family &&
	       nf_inet_addr_cmp(&tuple->dst.u3, &front->addr);
}

/* Those of a target are translated already, by this front or by one that goes before it. */
static int front_wants(struct nf_conn *ct, void *data)
{
	const struct query *query = data;
	const struct vrt_conn *conn;
	bool wanted;

	if (!comes_to(query->rn->net, query->front, &ct->tuplehash[IP_CT_DIR_ORIGINAL].tuple))
		return 0;
	rcu_read_lock();
	conn = vrt_conn_find(query->rn, ct);
	wanted = !conn || !conn->target;
	rcu_read_unlock();
	return wanted;
}

void vrt_forget_front(struct vrt_net *rn, const struct vrt_front *front)
{
	struct query query = { .rn = rn, .front = front };

	iterate(&query, front_wants);
}

static bool is_named(const struct net_device *dev, const char *name)
{
	return dev && !strcmp(dev->name, name);
}

/* Whether the device by which @addr is reached, now, is the one that the rule names. */
static bool is_behind(struct net *net, const struct vrt_nat_config *config, u8 family,
		      const union nf_inet_addr *addr)
{
	struct flowi6 fl6 = { .daddr = addr->in6 };
	struct flowi4 fl4 = { .daddr = addr->ip };
	struct dst_entry *dst;
	struct rtable *rt;
	bool is;

	if (!config->device[0])
		return true;
	if (family == NFPROTO_IPV4) {
		rt = ip_route_output_key(net, &fl4);
		if (IS_ERR(rt))
			return false;
		dst = &rt->dst;
	} else {
		dst = ip6_route_output(net, NULL, &fl6);
	}
	is = !dst->error && is_named(dst->dev, config->device);
	dst_release(dst);
	return is;
}

/* A rule after this one may have translated it, one before it or another may not have. */
static bool is_free(struct vrt_net *rn, const struct nf_conn *ct, u32 id,
		    enum nf_nat_manip_type manip, unsigned long bit)
{
	const struct vrt_conn *conn;
	bool is = true;

	rcu_read_lock();
	conn = vrt_conn_find(rn, ct);
	if (conn && READ_ONCE(conn->rules[manip]))
		is = READ_ONCE(conn->rules[manip]) > id;
	else if (READ_ONCE(ct->status) & bit)
		is = false;
	else if (conn && conn->target && manip == NF_NAT_MANIP_DST)
		is = false;
	rcu_read_unlock();
	return is;
}

static bool wants_source(struct vrt_net *rn, const struct vrt_nat *rule, const struct nf_conn *ct)
{
	struct vrt_nat_query query;

	vrt_nat_query_source(ct, &query);
	return vrt_nat_matches_source(rule, &query) &&
	       is_free(rn, ct, rule->config.id, NF_NAT_MANIP_SRC, IPS_SRC_NAT) &&
	       !is_local(rn->net, query.family, query.destination) &&
	       !(rule->config.kind == VROUTER_NAT_KIND_MASQUERADE &&
		 is_local(rn->net, query.family, query.source)) &&
	       is_behind(rn->net, &rule->config, query.family, query.destination);
}

static bool wants_destination(struct vrt_net *rn, const struct vrt_nat *rule,
			      const struct nf_conn *ct)
{
	struct vrt_nat_query query;

	vrt_nat_query_destination(ct, &query);
	return vrt_nat_matches_destination(rule, &query) &&
	       is_free(rn, ct, rule->config.id, NF_NAT_MANIP_DST, IPS_DST_NAT) &&
	       is_behind(rn->net, &rule->config, query.family, query.source);
}

static int rule_wants(struct nf_conn *ct, void *data)
{
	const struct query *query = data;

	return wants_source(query->rn, query->rule, ct) ||
	       wants_destination(query->rn, query->rule, ct);
}

void vrt_forget_nat(struct vrt_net *rn, const struct vrt_nat *rule)
{
	struct query query = { .rn = rn, .rule = rule };

	iterate(&query, rule_wants);
}
