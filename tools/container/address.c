// SPDX-License-Identifier: GPL-2.0
/* Addresses of a container: which ones an interface can really have. */
#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include "spec.h"
#include "units.h"

static unsigned int addr_bits(const struct spec_addr *addr)
{
	return addr->family == AF_INET ? 32 : 128;
}

static bool addr_bit(const struct spec_addr *addr, unsigned int i)
{
	return addr->bytes[i / 8] & (0x80 >> i % 8);
}

static int addr_parse(const char *text, struct spec_addr *addr)
{
	addr->family = strchr(text, ':') ? AF_INET6 : AF_INET;
	return inet_pton(addr->family, text, addr->bytes) == 1 ? 0 : -1;
}

/* Why no interface may have it, or NULL. */
static const char *unusable_v4(const struct spec_addr *addr)
{
	uint32_t a = ntohl(addr->v4.s_addr);

	if (IN_MULTICAST(a))
		return "is a multicast address";
	if (a >> 24 == 0)
		return "is not an address of a host";
	if (a >> 24 == IN_LOOPBACKNET)
		return "is a loopback address";
	if (a >> 28 == 0xf)
		return "is a reserved address";
	return NULL;
}

static const char *unusable_v6(const struct spec_addr *addr)
{
	if (IN6_IS_ADDR_MULTICAST(&addr->v6))
		return "is a multicast address";
	if (IN6_IS_ADDR_UNSPECIFIED(&addr->v6))
		return "is not an address of a host";
	if (IN6_IS_ADDR_LOOPBACK(&addr->v6))
		return "is a loopback address";
	if (IN6_IS_ADDR_V4MAPPED(&addr->v6))
		return "is an IPv4 address in disguise";
	return NULL;
}

static const char *unusable(const struct spec_addr *addr)
{
	return addr->family == AF_INET ? unusable_v4(addr) : unusable_v6(addr);
}

/*
 * The first and, with IPv4, the last address of a network belong to no host,
 * unless the network is a point-to-point link or a single address.
 */
static const char *unusable_in_network(const struct spec_addr *addr)
{
	unsigned int bits = addr_bits(addr), i, ones = 0;

	if (addr->prefix >= bits - 1)
		return NULL;
	for (i = addr->prefix; i < bits; i++)
		ones += addr_bit(addr, i);
	if (!ones)
		return "is the address of the network, not of a host";
	if (addr->family == AF_INET && ones == bits - addr->prefix)
		return "is the broadcast address of its network";
	return NULL;
}

bool spec_addr_contains(const struct spec_addr *net, const struct spec_addr *addr)
{
	unsigned int i;

	if (net->family != addr->family)
		return false;
	for (i = 0; i < net->prefix; i++) {
		if (addr_bit(net, i) != addr_bit(addr, i))
			return false;
	}
	return true;
}

static int parse_prefix(const char *text, struct spec_addr *addr, const char *prefix,
			struct err *err)
{
	uint64_t bits;

	if (units_parse_count("ip", prefix, &bits, CONTAINER_FAILED, NULL) < 0 ||
	    bits < 1 || bits > addr_bits(addr))
		return err_set(err, CONTAINER_FAILED,
			       "ip: '%s': the prefix length is not between 1 and %u",
			       text, addr_bits(addr));
	addr->prefix = bits;
	return 0;
}

int spec_add_ip(struct spec *spec, const char *text, struct err *err)
{
	struct spec_addr addr = { 0 };
	char copy[INET6_ADDRSTRLEN + 4];
	const char *why;
	char *slash;
	size_t i;

	if (!strcmp(text, "dhcp")) {
		spec->dhcp = true;
		return 0;
	}
	if (snprintf(copy, sizeof(copy), "%s", text) >= (int)sizeof(copy))
		return err_set(err, CONTAINER_FAILED, "ip: '%s' is not an address", text);
	slash = strchr(copy, '/');
	if (slash)
		*slash = '\0';
	if (addr_parse(copy, &addr) < 0)
		return err_set(err, CONTAINER_FAILED,
			       "ip: '%s' is not an address like 10.0.0.2/24 or 2001:db8::2/64",
			       text);
	if (!slash)
		return err_set(err, CONTAINER_FAILED,
			       "ip: '%s' has no prefix length (write %s/%u)", text, text,
			       addr.family == AF_INET ? 24 : 64);
	if (parse_prefix(text, &addr, slash + 1, err) < 0)
		return -1;
	why = unusable(&addr);
	if (!why)
		why = unusable_in_network(&addr);
	if (why)
		return err_set(err, CONTAINER_FAILED, "ip: '%s' %s", text, why);
	for (i = 0; i < spec->n_addrs; i++) {
		if (spec->addrs[i].family == addr.family &&
		    !memcmp(spec->addrs[i].bytes, addr.bytes, sizeof(addr.bytes)))
			return err_set(err, CONTAINER_FAILED, "ip: '%s' is given twice", text);
	}
	if (spec->n_addrs == SPEC_ADDRS_MAX)
		return err_set(err, CONTAINER_FAILED, "ip: more than %d addresses",
			       SPEC_ADDRS_MAX);
	spec->addrs[spec->n_addrs++] = addr;
	return 0;
}

int spec_set_gateway(struct spec *spec, const char *text, struct err *err)
{
	struct spec_addr addr = { 0 }, *slot;
	const char *why;

	if (addr_parse(text, &addr) < 0)
		return err_set(err, CONTAINER_FAILED,
			       "gateway: '%s' is not an address like 10.0.0.1 or 2001:db8::1",
			       text);
	why = unusable(&addr);
	if (why)
		return err_set(err, CONTAINER_FAILED, "gateway: '%s' %s", text, why);
	slot = addr.family == AF_INET ? &spec->gateway4 : &spec->gateway6;
	if (slot->family)
		return err_set(err, CONTAINER_FAILED, "gateway: there is already one for %s",
			       addr.family == AF_INET ? "IPv4" : "IPv6");
	*slot = addr;
	return 0;
}
