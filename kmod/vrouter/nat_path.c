// SPDX-License-Identifier: GPL-2.0
#include <linux/netfilter.h>
#include <net/netfilter/nf_nat.h>
#include <net/netfilter/nf_nat_masquerade.h>

#include "conn.h"
#include "hairpin.h"
#include "nat.h"

static bool is_device(const struct vrt_nat_config *config, const struct net_device *dev)
{
	return !config->device[0] || (dev && !strcmp(config->device, dev->name));
}

static unsigned int range_flags(const struct vrt_nat_config *config)
{
	return (config->flags & VROUTER_NAT_FLAGS_RANDOM ? NF_NAT_RANGE_PROTO_RANDOM_FULLY : 0) |
	       (config->flags & VROUTER_NAT_FLAGS_PERSISTENT ? NF_NAT_RANGE_PERSISTENT : 0);
}

/* Each port its own counterpart, if there are as many of them. */
static bool keeps_distance(const struct vrt_nat_config *config)
{
	return config->kind == VROUTER_NAT_KIND_DNAT && config->port_last > config->port &&
	       config->to_port_last - config->to_port == config->port_last - config->port;
}

static void fill_range(const struct vrt_nat_config *config, struct nf_nat_range2 *range)
{
	memset(range, 0, sizeof(*range));
	range->flags = range_flags(config);
	if (config->has_to) {
		range->flags |= NF_NAT_RANGE_MAP_IPS;
		range->min_addr = config->to_first;
		range->max_addr = config->to_last;
	}
	if (!config->to_port)
		return;
	range->flags |= NF_NAT_RANGE_PROTO_SPECIFIED;
	range->min_proto.all = htons(config->to_port);
	range->max_proto.all = htons(config->to_port_last);
	if (keeps_distance(config)) {
		range->flags |= NF_NAT_RANGE_PROTO_OFFSET;
		range->base_proto.all = htons(config->port);
	}
}

static void fill_one(const union nf_inet_addr *addr, struct nf_nat_range2 *range)
{
	memset(range, 0, sizeof(*range));
	range->flags = NF_NAT_RANGE_MAP_IPS;
	range->min_addr = *addr;
	range->max_addr = *addr;
}

/*
 * The connection is told by which rule it was translated, so that it goes with that.
 * Without memory for it there is no connection: the client tries again.
 */
static bool remember(struct vrt_net *rn, struct nf_conn *ct, u32 id,
		     enum nf_nat_manip_type manip)
{
	struct vrt_conn *conn;

	local_bh_disable();
	conn = vrt_conn_find(rn, ct);
	if (!conn) {
		vrt_conn_add(rn, ct, NULL);
		conn = vrt_conn_find(rn, ct);
	}
	if (conn)
		WRITE_ONCE(conn->rules[manip], id);
	local_bh_enable();
	return conn;
}

static unsigned int masquerade(struct sk_buff *skb, const struct nf_nat_range2 *range,
			       const struct nf_hook_state *state)
{
	if (state->pf == NFPROTO_IPV4)
		return nf_nat_masquerade_ipv4(skb, state->hook, range, state->out);
	return nf_nat_masquerade_ipv6(skb, range, state->out);
}

static unsigned int to_counterpart(struct nf_conn *ct, const struct vrt_prefix *prefix,
				   const union nf_inet_addr *addr, enum nf_nat_manip_type manip)
{
	struct nf_nat_range2 range;
	union nf_inet_addr to;

	vrt_prefix_map(prefix, addr, &to);
	fill_one(&to, &range);
	return nf_nat_setup_info(ct, &range, manip);
}

static unsigned int translate_destination(struct vrt_nat *rule, struct nf_conn *ct,
					  const struct vrt_nat_query *query)
{
	struct nf_nat_range2 range;

	if (rule->config.kind == VROUTER_NAT_KIND_ONE_TO_ONE)
		return to_counterpart(ct, &rule->config.source, query->destination,
				      NF_NAT_MANIP_DST);
	fill_range(&rule->config, &range);
	return nf_nat_setup_info(ct, &range, NF_NAT_MANIP_DST);
}

static unsigned int translate_source(struct vrt_nat *rule, struct sk_buff *skb, struct nf_conn *ct,
				     const struct vrt_nat_query *query,
				     const struct nf_hook_state *state)
{
	struct nf_nat_range2 range;

	if (rule->config.kind == VROUTER_NAT_KIND_ONE_TO_ONE)
		return to_counterpart(ct, &rule->to, query->source, NF_NAT_MANIP_SRC);
	fill_range(&rule->config, &range);
	if (rule->config.kind == VROUTER_NAT_KIND_MASQUERADE)
		return masquerade(skb, &range, state);
	return nf_nat_setup_info(ct, &range, NF_NAT_MANIP_SRC);
}

unsigned int vrt_nat_destination(struct vrt_net *rn, struct sk_buff *skb, struct nf_conn *ct,
				 const struct nf_hook_state *state)
{
	struct vrt_nat_query query;
	struct vrt_nat *rule;

	if (list_empty(&rn->nats))
		return NF_ACCEPT;
	vrt_nat_query_destination(ct, &query);
	list_for_each_entry_rcu(rule, &rn->nats, list) {
		if (!vrt_nat_matches_destination(rule, &query) ||
		    !is_device(&rule->config, state->in))
			continue;
		if (!remember(rn, ct, rule->config.id, NF_NAT_MANIP_DST))
			return NF_DROP;
		atomic64_inc(&rule->connections);
		return translate_destination(rule, ct, &query);
	}
	return NF_ACCEPT;
}

static unsigned int by_rule(struct vrt_net *rn, struct sk_buff *skb, struct nf_conn *ct,
			    const struct nf_hook_state *state)
{
	struct vrt_nat_query query;
	struct vrt_nat *rule;

	vrt_nat_query_source(ct, &query);
	list_for_each_entry_rcu(rule, &rn->nats, list) {
		if (!vrt_nat_matches_source(rule, &query) ||
		    !is_device(&rule->config, state->out))
			continue;
		if (!remember(rn, ct, rule->config.id, NF_NAT_MANIP_SRC))
			return NF_DROP;
		atomic64_inc(&rule->connections);
		return translate_source(rule, skb, ct, &query, state);
	}
	return NF_ACCEPT;
}

unsigned int vrt_nat_source(struct vrt_net *rn, struct sk_buff *skb, struct nf_conn *ct,
			    const struct nf_hook_state *state)
{
	static const struct nf_nat_range2 any = {};

	/* To this host, or within it, sources stay what they are. */
	if (state->hook != NF_INET_POST_ROUTING || (state->out->flags & IFF_LOOPBACK))
		return NF_ACCEPT;
	if (vrt_hairpin_is(rn, skb, ct, state))
		return masquerade(skb, &any, state);
	return list_empty(&rn->nats) ? NF_ACCEPT : by_rule(rn, skb, ct, state);
}

int vrt_nat_register(void)
{
	return nf_nat_masquerade_inet_register_notifiers();
}

void vrt_nat_unregister(void)
{
	nf_nat_masquerade_inet_unregister_notifiers();
}
