// SPDX-License-Identifier: GPL-2.0
/*
 * What a rule of address translation may say.
 */
#include <kunit/visibility.h>
#include <linux/in.h>

#include "nat.h"
#include "refuse.h"

static bool has_ports(u8 protocol)
{
	return protocol == IPPROTO_TCP || protocol == IPPROTO_UDP || protocol == IPPROTO_SCTP;
}

static int check_prefixes(struct vrt_nat_config *config, struct netlink_ext_ack *extack)
{
	const struct vrt_prefix *prefixes[] = { &config->source, &config->destination };
	static const u16 attrs[] = { VROUTER_A_NAT_SOURCE, VROUTER_A_NAT_DESTINATION };
	int i;

	for (i = 0; i < ARRAY_SIZE(prefixes); i++) {
		if (prefixes[i]->family == NFPROTO_UNSPEC)
			continue;
		if (!vrt_prefix_is_exact(prefixes[i]))
			return vrt_refuse(extack, attrs[i], -EINVAL,
					  "the prefix has bits behind its length");
		if (config->family == NFPROTO_UNSPEC)
			config->family = prefixes[i]->family;
		if (config->family != prefixes[i]->family)
			return vrt_refuse(extack, attrs[i], -EINVAL,
					  "the addresses of a rule are of one family");
	}
	return 0;
}

static int check_ports(struct vrt_nat_config *config, struct netlink_ext_ack *extack)
{
	if ((config->port_last && !config->port) || (config->to_port_last && !config->to_port))
		return vrt_refuse(extack, config->port_last && !config->port ?
				  VROUTER_A_NAT_PORT : VROUTER_A_NAT_TO_PORT, -EINVAL,
				  "a last port needs a first one");
	if (!config->port_last)
		config->port_last = config->port;
	if (!config->to_port_last)
		config->to_port_last = config->to_port;
	if (config->port_last < config->port || config->to_port_last < config->to_port)
		return vrt_refuse(extack, config->port_last < config->port ?
				  VROUTER_A_NAT_PORT_LAST : VROUTER_A_NAT_TO_PORT_LAST, -EINVAL,
				  "the last port is below the first one");
	if ((config->port || config->to_port) && !has_ports(config->protocol))
		return vrt_refuse(extack, VROUTER_A_NAT_PROTOCOL, -EINVAL,
				  "ports need a protocol that has ports: TCP, UDP or SCTP");
	return 0;
}

static int check_one_to_one(const struct vrt_nat_config *config, struct netlink_ext_ack *extack)
{
	struct vrt_prefix to = config->source;

	if (config->source.family == NFPROTO_UNSPEC)
		return vrt_refuse(extack, VROUTER_A_NAT_SOURCE, -EINVAL,
				  "one to one needs a source prefix");
	if (config->port || config->to_port || config->flags)
		return vrt_refuse(extack, VROUTER_A_NAT_KIND, -EINVAL,
				  "one to one keeps ports and addresses, there is nothing to choose");
	if (memcmp(&config->to_first, &config->to_last, sizeof(config->to_last)))
		return vrt_refuse(extack, VROUTER_A_NAT_TO_LAST, -EINVAL,
				  "one to one has as many addresses as its source, no last one");
	to.addr = config->to_first;
	if (!vrt_prefix_is_exact(&to))
		return vrt_refuse(extack, VROUTER_A_NAT_TO_FIRST, -EINVAL,
				  "the first address must be that of a prefix as long as the source's");
	return 0;
}

static int check_kind(const struct vrt_nat_config *config, struct netlink_ext_ack *extack)
{
	switch (config->kind) {
	case VROUTER_NAT_KIND_MASQUERADE:
		if (!config->has_to)
			return 0;
		return vrt_refuse(extack, VROUTER_A_NAT_TO_FIRST, -EINVAL,
				  "masquerade finds its address, snat is told one");
	case VROUTER_NAT_KIND_ONE_TO_ONE:
		return check_one_to_one(config, extack);
	case VROUTER_NAT_KIND_DNAT:
		if (config->destination.family || config->port || config->device[0])
			return 0;
		return vrt_refuse(extack, VROUTER_A_NAT_KIND, -EINVAL,
				  "dnat needs a destination, a port or a device: it would take all there is");
	default:
		return 0;
	}
}

static int compare(u8 family, const union nf_inet_addr *a, const union nf_inet_addr *b)
{
	return memcmp(a, b, family == NFPROTO_IPV4 ? 4 : 16);
}

int vrt_nat_check(struct vrt_nat_config *config, struct netlink_ext_ack *extack)
{
	int err;

	if (config->kind != VROUTER_NAT_KIND_MASQUERADE && !config->has_to)
		return vrt_refuse(extack, VROUTER_A_NAT_TO_FIRST, -EINVAL,
				  "say the address that it is translated to");
	if (config->has_to && compare(config->family, &config->to_first, &config->to_last) > 0)
		return vrt_refuse(extack, VROUTER_A_NAT_TO_LAST, -EINVAL,
				  "the last address is below the first one");
	err = check_prefixes(config, extack) ?: check_ports(config, extack);
	return err ?: check_kind(config, extack);
}
EXPORT_SYMBOL_IF_KUNIT(vrt_nat_check);
