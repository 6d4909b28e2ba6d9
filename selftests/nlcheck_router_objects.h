/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Of nlcheck_router: objects that are not there or are there already, and values that are
 * wrong for an object.
 */
#ifndef SELFTESTS_NLCHECK_ROUTER_OBJECTS_H
#define SELFTESTS_NLCHECK_ROUTER_OBJECTS_H

static const uint8_t multicast[4] = { 224, 1, 1, 1 }, broadcast[4] = { 255, 255, 255, 255 };
static const uint8_t zero[16], loopback[4] = { 127, 0, 0, 1 };
static const uint8_t multicast6[16] = { 0xff, 5, [15] = 1 }, loopback6[16] = { [15] = 1 };
static const uint8_t link_local6[16] = { 0xfe, 0x80, [15] = 1 };
static const uint8_t mapped6[16] = { [10] = 0xff, 0xff, 10, 0, 0, 1 };

/* Nobody is reached by these, of the family that the request has. */
static void wrong_hosts(const struct target *t, unsigned int type, bool is_6)
{
	if (is_6) {
		replaced(t, type, zero, 16, "no IPv6 address");
		replaced(t, type, multicast6, 16, "an IPv6 multicast address");
		return;
	}
	replaced(t, type, zero, 4, "no address");
	replaced(t, type, multicast, 4, "a multicast address");
	replaced(t, type, broadcast, 4, "the broadcast address");
}

static void wrong_service(const struct target *t)
{
	static const uint16_t low = 1;
	static const uint32_t share = 1;
	static const uint8_t udp = IPPROTO_UDP;

	switch (t->cmd) {
	case VROUTER_CMD_SERVICE_NEW:
		replaced(t, VROUTER_A_SERVICE_NAME, "s0", 3, "a name that is there");
		replaced(t, VROUTER_A_SERVICE_PORT_LAST, &low, 2, "a last port below the first");
		wrong_hosts(t, VROUTER_A_SERVICE_ADDRESS, t->way);
		/* All of it is there: the port is at fault, or any of them. */
		contradicts(t, VROUTER_A_SERVICE_ADDRESS, t->way ? VALID_VIP6 : VALID_VIP,
			    t->way ? 16 : 4, "a place that another service has");
		if (!t->way)
			contradicts(t, VROUTER_A_SERVICE_PROTOCOL, &udp, 1, "health of UDP");
		break;
	case VROUTER_CMD_SERVICE_SET: case VROUTER_CMD_SERVICE_DEL: case VROUTER_CMD_SERVICE_GET:
		replaced(t, VROUTER_A_SERVICE_NAME, "nosuch", 7, "a name that is not there");
		break;
	}
	if (t->way && (t->cmd == VROUTER_CMD_SERVICE_NEW || t->cmd == VROUTER_CMD_SERVICE_SET))
		replaced(t, VROUTER_A_SERVICE_HEALTH_SHARE, &share, 4, "health of UDP");
}

/* Descriptors of nothing, and of what is something else. */
static void wrong_descriptor(const struct target *t, unsigned int type, int other)
{
	static const uint32_t none[] = { 1023, 0x7fffffff, 0x80000000, ANY32 };
	uint32_t fd = other;
	unsigned int i;

	for (i = 0; i < sizeof(none) / sizeof(*none); i++)
		replaced(t, type, &none[i], 4, "a descriptor of nothing");
	replaced(t, type, &fd, 4, "a descriptor of something else");
	fd = nl.fd;
	replaced(t, type, &fd, 4, "a descriptor of a socket");
}

static void wrong_backend(const struct target *t)
{
	bool is_new = t->cmd == VROUTER_CMD_BACKEND_NEW, is_set = t->cmd == VROUTER_CMD_BACKEND_SET;
	static const uint16_t port = 9999;
	static const uint8_t yes = 1;

	if (operations[t->cmd].set != &backend_set)
		return;
	replaced(t, VROUTER_A_BACKEND_SERVICE, "nosuch", 7, "a service that is not there");
	contradicts(t, VROUTER_A_BACKEND_SERVICE, t->way ? "s0" : "s6", 3, "another service");
	if (!is_new) {
		contradicts(t, VROUTER_A_BACKEND_PORT, &port, 2, "a port that is not there");
		replaced(t, VROUTER_A_BACKEND_ADDRESS,
			 t->way ? VALID_NEW_BACKEND6 : VALID_NEW_BACKEND, t->way ? 16 : 4,
			 "an address that is not there");
	}
	if (is_set && !t->way)
		contradicts(t, VROUTER_A_BACKEND_UP, &yes, 1, "a cut of what is up");
	if (is_set && t->way)
		replaced(t, VROUTER_A_BACKEND_CUT, &yes, 1, "a cut of what is up");
	if (is_new || is_set)
		wrong_descriptor(t, VROUTER_A_BACKEND_CGROUP_FD, valid_netns);
	if (!is_new)
		return;
	wrong_descriptor(t, VROUTER_A_BACKEND_NETNS_FD, valid_group_fd);
	wrong_hosts(t, VROUTER_A_BACKEND_ADDRESS, t->way);
	replaced(t, VROUTER_A_BACKEND_ADDRESS, t->way ? VALID_BACKEND6 : VALID_BACKEND,
		 t->way ? 16 : 4, "an address that is there");
	replaced(t, VROUTER_A_BACKEND_ADDRESS, t->way ? VALID_BACKEND : VALID_BACKEND6,
		 t->way ? 4 : 16, "an address of another family");
	if (t->way)
		replaced(t, VROUTER_A_BACKEND_ADDRESS, link_local6, 16, "a link-local address");
}

static void wrong_publish_to(const struct target *t)
{
	static const uint16_t high = 65535;

	wrong_hosts(t, VROUTER_A_PUBLISH_TO_IPV4, false);
	replaced(t, VROUTER_A_PUBLISH_TO_IPV4, loopback, 4, "the loopback address");
	if (t->way) {
		contradicts(t, VROUTER_A_PUBLISH_TO_IPV6, VALID_BACKEND6, 16,
			    "IPv6 of an IPv4 address");
		contradicts(t, VROUTER_A_PUBLISH_TO_PORT, &high, 2, "ports above the last");
		return;
	}
	wrong_hosts(t, VROUTER_A_PUBLISH_TO_IPV6, true);
	replaced(t, VROUTER_A_PUBLISH_TO_IPV6, loopback6, 16, "the IPv6 loopback address");
	replaced(t, VROUTER_A_PUBLISH_TO_IPV6, link_local6, 16, "a link-local address");
	replaced(t, VROUTER_A_PUBLISH_TO_IPV6, mapped6, 16, "a mapped address");
	wrong_descriptor(t, VROUTER_A_PUBLISH_NETNS_FD, valid_group_fd);
}

static void wrong_publish(const struct target *t)
{
	bool is_new = t->cmd == VROUTER_CMD_PUBLISH_NEW;
	static const uint16_t none = 7777, low = 1, there[] = { 8080, 5000 };

	if (operations[t->cmd].set != &publish_set)
		return;
	wrong_hosts(t, VROUTER_A_PUBLISH_ADDRESS, false);
	wrong_hosts(t, VROUTER_A_PUBLISH_ADDRESS, true);
	replaced(t, VROUTER_A_PUBLISH_ADDRESS, link_local6, 16, "a link-local address");
	replaced(t, VROUTER_A_PUBLISH_ADDRESS, mapped6, 16, "a mapped address");
	contradicts(t, VROUTER_A_PUBLISH_PORT_LAST, &low, 2, "a last port below the first");
	if (is_new || t->cmd == VROUTER_CMD_PUBLISH_SET)
		wrong_publish_to(t);
	if (is_new) {
		contradicts(t, VROUTER_A_PUBLISH_ADDRESS, VALID_VIP, 4, "an address of others");
		contradicts(t, VROUTER_A_PUBLISH_PORT, &there[t->way], 2, "ports that are published");
		return;
	}
	contradicts(t, VROUTER_A_PUBLISH_PORT, &none, 2, "a port that is not published");
	contradicts(t, VROUTER_A_PUBLISH_PORT_LAST, &none, 2, "another range");
	contradicts(t, VROUTER_A_PUBLISH_ADDRESS, loopback, 4, "another address");
}

static void wrong_snat(const struct target *t)
{
	static const uint8_t family = AF_UNIX, long_prefix = 33, short_prefix = 6, icmp = 1;
	static const uint8_t masquerade = VROUTER_NAT_KIND_MASQUERADE;
	static const uint8_t one_to_one = VROUTER_NAT_KIND_ONE_TO_ONE;
	static const uint16_t low = 1;
	static const uint32_t there = 10;

	replaced(t, VROUTER_A_NAT_ID, &there, 4, "an id that is there");
	replaced(t, VROUTER_A_NAT_FAMILY, &family, 1, "a family without addresses");
	replaced(t, VROUTER_A_NAT_SOURCE_LEN, &long_prefix, 1, "a prefix too long");
	replaced(t, VROUTER_A_NAT_DESTINATION_LEN, &long_prefix, 1, "a prefix too long");
	contradicts(t, VROUTER_A_NAT_SOURCE_LEN, &short_prefix, 1, "bits behind a prefix");
	contradicts(t, VROUTER_A_NAT_SOURCE, VALID_PREFIX6, 16, "addresses of two families");
	contradicts(t, VROUTER_A_NAT_DESTINATION, VALID_VIP6, 16, "addresses of two families");
	contradicts(t, VROUTER_A_NAT_TO_FIRST, VALID_BACKEND6, 16, "addresses of two families");
	contradicts(t, VROUTER_A_NAT_TO_LAST, VALID_BACKEND6, 16, "addresses of two families");
	contradicts(t, VROUTER_A_NAT_TO_LAST, VALID_PREFIX, 4, "a last address below the first");
	contradicts(t, VROUTER_A_NAT_PORT_LAST, &low, 2, "a last port below the first");
	contradicts(t, VROUTER_A_NAT_TO_PORT_LAST, &low, 2, "a last port below the first");
	contradicts(t, VROUTER_A_NAT_PROTOCOL, &icmp, 1, "ports of ICMP");
	contradicts(t, VROUTER_A_NAT_KIND, &masquerade, 1, "an address of masquerade");
	contradicts(t, VROUTER_A_NAT_KIND, &one_to_one, 1, "a choice of one to one");
	without(t, HAS(VROUTER_A_NAT_TO_FIRST), "a last address, and no first");
	without(t, HAS(VROUTER_A_NAT_TO_FIRST) | HAS(VROUTER_A_NAT_TO_LAST), "no address");
	without(t, HAS(VROUTER_A_NAT_SOURCE), "the length of no prefix");
	without(t, HAS(VROUTER_A_NAT_DESTINATION), "the length of no prefix");
	without(t, HAS(VROUTER_A_NAT_PORT), "a last port, and no first");
	without(t, HAS(VROUTER_A_NAT_TO_PORT), "a last port, and no first");
	without(t, HAS(VROUTER_A_NAT_PROTOCOL), "ports of no protocol");
}

static void wrong_one_to_one(const struct target *t)
{
	static const uint8_t dnat = VROUTER_NAT_KIND_DNAT, short_prefix = 16;
	static const uint16_t port = 80;
	static const uint32_t flags = 1;

	contradicts(t, VROUTER_A_NAT_TO_FIRST, VALID_BACKEND6, 16, "bits behind a prefix");
	contradicts(t, VROUTER_A_NAT_TO_LAST, VALID_BACKEND6, 16, "a last address");
	contradicts(t, VROUTER_A_NAT_SOURCE_LEN, &short_prefix, 1, "bits behind a prefix");
	contradicts(t, VROUTER_A_NAT_PORT, &port, 2, "a port");
	contradicts(t, VROUTER_A_NAT_FLAGS, &flags, 4, "a choice");
	contradicts(t, VROUTER_A_NAT_KIND, &dnat, 1, "all there is");
	without(t, HAS(VROUTER_A_NAT_SOURCE), "the length of no prefix");
	without(t, HAS(VROUTER_A_NAT_SOURCE) | HAS(VROUTER_A_NAT_SOURCE_LEN), "no prefix");
}

static void wrong_nat(const struct target *t)
{
	static const uint32_t none = 77;

	if (operations[t->cmd].set != &nat_set)
		return;
	if (t->cmd != VROUTER_CMD_NAT_NEW)
		replaced(t, VROUTER_A_NAT_ID, &none, 4, "an id that is not there");
	else if (t->way)
		wrong_one_to_one(t);
	else
		wrong_snat(t);
}

static void wrong_connection(const struct target *t)
{
	static const uint16_t none = 7;

	if (t->cmd != VROUTER_CMD_CONNECTION_GET)
		return;
	contradicts(t, VROUTER_A_CONNECTION_SOURCE_PORT, &none, 2, "a port that nobody has");
	contradicts(t, VROUTER_A_CONNECTION_DESTINATION, VALID_VIP, 4, "ends of two families");
	contradicts(t, VROUTER_A_CONNECTION_SERVICE, "s6", 3, "the service of one connection");
}

static void wrong_rates(const struct target *t)
{
	static const uint64_t low = VROUTER_MIN_SHAPE_RATE - 1, high = VROUTER_MAX_SHAPE_RATE + 1;
	static const uint64_t none, all = UINT64_MAX, above = 60000000000;
	static const uint32_t no_time;
	static const uint16_t rates[] = {
		VROUTER_A_SHAPE_RATE, VROUTER_A_SHAPE_CEIL, VROUTER_A_SHAPE_SLOW_RATE,
	};
	unsigned int i;

	/* Of the other way, the last has no quota that it would belong to. */
	for (i = 0; i < 3; i++) {
		contradicts(t, rates[i], &low, 8, "a rate too low");
		contradicts(t, rates[i], &high, 8, "a rate too high");
		contradicts(t, rates[i], &all, 8, "the highest rate");
	}
	contradicts(t, VROUTER_A_SHAPE_RATE, &none, 8, "no rate");
	contradicts(t, VROUTER_A_SHAPE_SLOW_RATE, &above, 8, "a slow rate above all others");
	if (t->way)
		return;
	contradicts(t, VROUTER_A_SHAPE_RATE, &above, 8, "a rate above the ceiling");
	contradicts(t, VROUTER_A_SHAPE_SLOW_RATE, &none, 8, "a quota without a slow rate");
	contradicts(t, VROUTER_A_SHAPE_PERIOD, &no_time, 4, "a quota without a period");
}

static void wrong_match(const struct target *t)
{
	static const uint8_t icmp = 1, long_prefix = 33, short_prefix = 6;
	static const uint16_t low = 1;
	static const uint32_t mask = 0xfe;

	contradicts(t, VROUTER_A_SHAPE_MATCH_PROTOCOL, &icmp, 1, "ports of ICMP");
	contradicts(t, VROUTER_A_SHAPE_MATCH_PORT_LAST, &low, 2, "a last port below the first");
	contradicts(t, VROUTER_A_SHAPE_MATCH_FAR_PORT_LAST, &low, 2, "a last port below the first");
	contradicts(t, VROUTER_A_SHAPE_MATCH_MARK_MASK, &mask, 4, "a mark outside its mask");
	contradicts(t, VROUTER_A_SHAPE_MATCH_NEAR, VALID_PREFIX6, 16, "ends of two families");
	replaced(t, VROUTER_A_SHAPE_MATCH_NEAR_LEN, &long_prefix, 1, "a prefix too long");
	replaced(t, VROUTER_A_SHAPE_MATCH_FAR_LEN, &long_prefix, 1, "a prefix too long");
	contradicts(t, VROUTER_A_SHAPE_MATCH_NEAR_LEN, &short_prefix, 1, "bits behind a prefix");
	without(t, HAS(VROUTER_A_SHAPE_MATCH_MARK), "the mask of no mark");
	without(t, HAS(VROUTER_A_SHAPE_MATCH_NEAR), "the length of no prefix");
	without(t, HAS(VROUTER_A_SHAPE_MATCH_FAR), "the length of no prefix");
	without(t, HAS(VROUTER_A_SHAPE_MATCH_PORT), "a last port, and no first");
	without(t, HAS(VROUTER_A_SHAPE_MATCH_FAR_PORT), "a last port, and no first");
	without(t, HAS(VROUTER_A_SHAPE_MATCH_PROTOCOL), "ports of no protocol");
}

static void wrong_shape(const struct target *t)
{
	static const uint64_t no_group = 0x7fffffff, much = 99500000;

	if (operations[t->cmd].set != &shape_set)
		return;
	if (t->cmd != VROUTER_CMD_SHAPE_NEW)
		replaced(t, VROUTER_A_SHAPE_NAME, "nosuch", 7, "a name that is not there");
	if (t->cmd == VROUTER_CMD_SHAPE_DEL)
		contradicts(t, VROUTER_A_SHAPE_NAME, "c0", 3, "a parent");
	if (t->cmd != VROUTER_CMD_SHAPE_NEW && t->cmd != VROUTER_CMD_SHAPE_SET)
		return;
	wrong_rates(t);
	if (t->cmd != VROUTER_CMD_SHAPE_NEW)
		return;
	contradicts(t, VROUTER_A_SHAPE_NAME, "c1", 3, "a name that is there");
	contradicts(t, VROUTER_A_SHAPE_PARENT, "nosuch", 7, "a parent that is not there");
	contradicts(t, VROUTER_A_SHAPE_MATCH_CGROUP, &no_group, 8, "a cgroup that is not there");
	if (t->way) {
		contradicts(t, VROUTER_A_SHAPE_RATE, &much, 8, "more than the parent has");
		return;
	}
	/* Which is for both directions. */
	contradicts(t, VROUTER_A_SHAPE_PARENT, "c0", 3, "a parent of another direction");
	wrong_match(t);
}

#endif
