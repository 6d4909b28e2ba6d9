// SPDX-License-Identifier: GPL-2.0
#include <kunit/visibility.h>
#include <net/netfilter/nf_conntrack.h>

#include "nat.h"

static bool matches(const struct vrt_prefix *prefix, const union nf_inet_addr *addr)
{
	return prefix->family == NFPROTO_UNSPEC || vrt_prefix_has(prefix, addr);
}

static bool matches_protocol(const struct vrt_nat_config *config,
			     const struct vrt_nat_query *query)
{
	if (config->family != NFPROTO_UNSPEC && config->family != query->family)
		return false;
	if (config->protocol && config->protocol != query->protocol)
		return false;
	return !config->port ||
	       (query->port >= config->port && query->port <= config->port_last);
}

bool vrt_nat_matches_source(const struct vrt_nat *rule, const struct vrt_nat_query *query)
{
	const struct vrt_nat_config *config = &rule->config;

	return config->kind != VROUTER_NAT_KIND_DNAT && matches_protocol(config, query) &&
	       matches(&config->source, query->source) &&
	       matches(&config->destination, query->destination);
}
EXPORT_SYMBOL_IF_KUNIT(vrt_nat_matches_source);

bool vrt_nat_matches_destination(const struct vrt_nat *rule, const struct vrt_nat_query *query)
{
	const struct vrt_nat_config *config = &rule->config;

	if (!matches_protocol(config, query))
		return false;
	switch (config->kind) {
	case VROUTER_NAT_KIND_DNAT:
		return matches(&config->source, query->source) &&
		       matches(&config->destination, query->destination);
	case VROUTER_NAT_KIND_ONE_TO_ONE:
		/* The way back: who is the destination of the rule comes in. */
		return matches(&config->destination, query->source) &&
		       matches(&rule->to, query->destination);
	default:
		return false;
	}
}
EXPORT_SYMBOL_IF_KUNIT(vrt_nat_matches_destination);

static u16 port_of(u8 protocol, __be16 port)
{
	switch (protocol) {
	case IPPROTO_TCP:
	case IPPROTO_UDP:
	case IPPROTO_SCTP:
	case IPPROTO_DCCP:
	case IPPROTO_UDPLITE:
		return ntohs(port);
	default:
		return 0;
	}
}

void vrt_nat_query_destination(const struct nf_conn *ct, struct vrt_nat_query *query)
{
	const struct nf_conntrack_tuple *original = &ct->tuplehash[IP_CT_DIR_ORIGINAL].tuple;

	query->family = original->src.l3num;
	query->protocol = original->dst.protonum;
	query->port = port_of(query->protocol, original->dst.u.all);
	query->source = &original->src.u3;
	query->destination = &original->dst.u3;
}

void vrt_nat_query_source(const struct nf_conn *ct, struct vrt_nat_query *query)
{
	const struct nf_conntrack_tuple *reply = &ct->tuplehash[IP_CT_DIR_REPLY].tuple;

	vrt_nat_query_destination(ct, query);
	query->port = port_of(query->protocol, reply->src.u.all);
	query->destination = &reply->src.u3;
}
