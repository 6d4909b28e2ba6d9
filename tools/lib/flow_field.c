// SPDX-License-Identifier: GPL-2.0
/* Fields of packets by the names that ovs-fields(7) and OpenFlow have for them. */
#include <string.h>

#include "flow.h"

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

/* By attribute, as the spec has them. */
static const struct {
	uint8_t size, bits;
	bool is_host;			/* byte order */
} wire[] = {
	[VSWITCH_A_MATCH_IN_PORT] = { 2, 16, true },
	[VSWITCH_A_MATCH_ETH_DST] = { 6, 48, false },
	[VSWITCH_A_MATCH_ETH_SRC] = { 6, 48, false },
	[VSWITCH_A_MATCH_ETH_TYPE] = { 2, 16, false },
	[VSWITCH_A_MATCH_VLAN_TCI] = { 2, 16, false },
	[VSWITCH_A_MATCH_VLAN2_TCI] = { 2, 16, false },
	[VSWITCH_A_MATCH_IP_PROTO] = { 1, 8, false },
	[VSWITCH_A_MATCH_IP_TOS] = { 1, 8, false },
	[VSWITCH_A_MATCH_IP_TTL] = { 1, 8, false },
	[VSWITCH_A_MATCH_IP_FRAG] = { 1, 2, false },
	[VSWITCH_A_MATCH_IPV4_SRC] = { 4, 32, false },
	[VSWITCH_A_MATCH_IPV4_DST] = { 4, 32, false },
	[VSWITCH_A_MATCH_IPV6_SRC] = { 16, 128, false },
	[VSWITCH_A_MATCH_IPV6_DST] = { 16, 128, false },
	[VSWITCH_A_MATCH_IPV6_LABEL] = { 4, 20, false },
	[VSWITCH_A_MATCH_TP_SRC] = { 2, 16, false },
	[VSWITCH_A_MATCH_TP_DST] = { 2, 16, false },
	[VSWITCH_A_MATCH_TCP_FLAGS] = { 2, 12, false },
	[VSWITCH_A_MATCH_ARP_SHA] = { 6, 48, false },
	[VSWITCH_A_MATCH_ARP_THA] = { 6, 48, false },
	[VSWITCH_A_MATCH_ND_TARGET] = { 16, 128, false },
	[VSWITCH_A_MATCH_METADATA] = { 8, 64, true },
	[VSWITCH_A_MATCH_REG0] = { 4, 32, true },
	[VSWITCH_A_MATCH_REG1] = { 4, 32, true },
	[VSWITCH_A_MATCH_REG2] = { 4, 32, true },
	[VSWITCH_A_MATCH_REG3] = { 4, 32, true },
	[VSWITCH_A_MATCH_REG4] = { 4, 32, true },
	[VSWITCH_A_MATCH_REG5] = { 4, 32, true },
	[VSWITCH_A_MATCH_REG6] = { 4, 32, true },
	[VSWITCH_A_MATCH_REG7] = { 4, 32, true },
	[VSWITCH_A_MATCH_MARK] = { 4, 32, true },
	[VSWITCH_A_MATCH_CT_STATE] = { 2, 16, true },
	[VSWITCH_A_MATCH_CT_ZONE] = { 2, 16, true },
	[VSWITCH_A_MATCH_CT_MARK] = { 4, 32, true },
	[VSWITCH_A_MATCH_CT_IPV4_SRC] = { 4, 32, false },
	[VSWITCH_A_MATCH_CT_IPV4_DST] = { 4, 32, false },
	[VSWITCH_A_MATCH_CT_IPV6_SRC] = { 16, 128, false },
	[VSWITCH_A_MATCH_CT_IPV6_DST] = { 16, 128, false },
	[VSWITCH_A_MATCH_CT_IP_PROTO] = { 1, 8, false },
	[VSWITCH_A_MATCH_CT_TP_SRC] = { 2, 16, false },
	[VSWITCH_A_MATCH_CT_TP_DST] = { 2, 16, false },
	[VSWITCH_A_MATCH_TUN_ID] = { 8, 64, false },
	[VSWITCH_A_MATCH_TUN_IPV4_SRC] = { 4, 32, false },
	[VSWITCH_A_MATCH_TUN_IPV4_DST] = { 4, 32, false },
	[VSWITCH_A_MATCH_TUN_IPV6_SRC] = { 16, 128, false },
	[VSWITCH_A_MATCH_TUN_IPV6_DST] = { 16, 128, false },
	[VSWITCH_A_MATCH_CGROUP] = { 8, 64, true },
	[VSWITCH_A_MATCH_TP_SRC_RANGE] = { 4, 32, false },
	[VSWITCH_A_MATCH_TP_DST_RANGE] = { 4, 32, false },
};

/* All of a field, or BITS of it from SHIFT on. */
#define ALL(name, ATTR, bits, format) { name, VSWITCH_A_MATCH_##ATTR, 0, bits, format }
#define PART(name, ATTR, shift, bits, format) { name, VSWITCH_A_MATCH_##ATTR, shift, bits, format }
#define REG(n) \
	ALL("reg" #n, REG##n, 32, FLOW_HEX), ALL("NXM_NX_REG" #n, REG##n, 32, FLOW_HEX)

/* Of those for all of a field the first is the one that is printed. */
static const struct flow_field fields[] = {
	ALL("in_port", IN_PORT, 16, FLOW_PORT),
	ALL("NXM_OF_IN_PORT", IN_PORT, 16, FLOW_PORT),
	ALL("in_port_oxm", IN_PORT, 16, FLOW_PORT),
	ALL("OXM_OF_IN_PORT", IN_PORT, 16, FLOW_PORT),
	ALL("dl_dst", ETH_DST, 48, FLOW_MAC),
	ALL("eth_dst", ETH_DST, 48, FLOW_MAC),
	ALL("NXM_OF_ETH_DST", ETH_DST, 48, FLOW_MAC),
	ALL("OXM_OF_ETH_DST", ETH_DST, 48, FLOW_MAC),
	ALL("dl_src", ETH_SRC, 48, FLOW_MAC),
	ALL("eth_src", ETH_SRC, 48, FLOW_MAC),
	ALL("NXM_OF_ETH_SRC", ETH_SRC, 48, FLOW_MAC),
	ALL("OXM_OF_ETH_SRC", ETH_SRC, 48, FLOW_MAC),
	ALL("dl_type", ETH_TYPE, 16, FLOW_HEX),
	ALL("eth_type", ETH_TYPE, 16, FLOW_HEX),
	ALL("NXM_OF_ETH_TYPE", ETH_TYPE, 16, FLOW_HEX),
	ALL("OXM_OF_ETH_TYPE", ETH_TYPE, 16, FLOW_HEX),
	ALL("vlan_tci", VLAN_TCI, 16, FLOW_HEX),
	ALL("NXM_OF_VLAN_TCI", VLAN_TCI, 16, FLOW_HEX),
	PART("dl_vlan", VLAN_TCI, 0, 12, FLOW_TAG),
	PART("vlan_vid", VLAN_TCI, 0, 13, FLOW_VID),
	PART("OXM_OF_VLAN_VID", VLAN_TCI, 0, 13, FLOW_VID),
	PART("dl_vlan_pcp", VLAN_TCI, 13, 3, FLOW_TAG),
	PART("vlan_pcp", VLAN_TCI, 13, 3, FLOW_TAG),
	PART("OXM_OF_VLAN_PCP", VLAN_TCI, 13, 3, FLOW_TAG),
	ALL("vlan2_tci", VLAN2_TCI, 16, FLOW_HEX),
	PART("dl_vlan2", VLAN2_TCI, 0, 12, FLOW_TAG),
	PART("vlan2_vid", VLAN2_TCI, 0, 13, FLOW_VID),
	PART("dl_vlan2_pcp", VLAN2_TCI, 13, 3, FLOW_TAG),
	PART("vlan2_pcp", VLAN2_TCI, 13, 3, FLOW_TAG),
	ALL("nw_proto", IP_PROTO, 8, FLOW_DECIMAL),
	ALL("ip_proto", IP_PROTO, 8, FLOW_DECIMAL),
	ALL("NXM_OF_IP_PROTO", IP_PROTO, 8, FLOW_DECIMAL),
	ALL("OXM_OF_IP_PROTO", IP_PROTO, 8, FLOW_DECIMAL),
	ALL("arp_op", IP_PROTO, 8, FLOW_DECIMAL),
	ALL("NXM_OF_ARP_OP", IP_PROTO, 8, FLOW_DECIMAL),
	ALL("OXM_OF_ARP_OP", IP_PROTO, 8, FLOW_DECIMAL),
	ALL("nw_tos", IP_TOS, 8, FLOW_TOS),
	ALL("ip_tos", IP_TOS, 8, FLOW_TOS),
	ALL("NXM_OF_IP_TOS", IP_TOS, 8, FLOW_TOS),
	PART("ip_dscp", IP_TOS, 2, 6, FLOW_DECIMAL),
	PART("nw_tos_shifted", IP_TOS, 2, 6, FLOW_DECIMAL),
	PART("OXM_OF_IP_DSCP", IP_TOS, 2, 6, FLOW_DECIMAL),
	PART("nw_ecn", IP_TOS, 0, 2, FLOW_DECIMAL),
	PART("ip_ecn", IP_TOS, 0, 2, FLOW_DECIMAL),
	PART("NXM_NX_IP_ECN", IP_TOS, 0, 2, FLOW_DECIMAL),
	PART("OXM_OF_IP_ECN", IP_TOS, 0, 2, FLOW_DECIMAL),
	ALL("nw_ttl", IP_TTL, 8, FLOW_DECIMAL),
	ALL("ip_ttl", IP_TTL, 8, FLOW_DECIMAL),
	ALL("NXM_NX_IP_TTL", IP_TTL, 8, FLOW_DECIMAL),
	ALL("OXM_OF_IP_TTL", IP_TTL, 8, FLOW_DECIMAL),
	ALL("ip_frag", IP_FRAG, 2, FLOW_FRAGMENT),
	ALL("nw_frag", IP_FRAG, 2, FLOW_FRAGMENT),
	ALL("NXM_NX_IP_FRAG", IP_FRAG, 2, FLOW_FRAGMENT),
	ALL("nw_src", IPV4_SRC, 32, FLOW_IPV4),
	ALL("ip_src", IPV4_SRC, 32, FLOW_IPV4),
	ALL("NXM_OF_IP_SRC", IPV4_SRC, 32, FLOW_IPV4),
	ALL("OXM_OF_IPV4_SRC", IPV4_SRC, 32, FLOW_IPV4),
	ALL("arp_spa", IPV4_SRC, 32, FLOW_IPV4),
	ALL("NXM_OF_ARP_SPA", IPV4_SRC, 32, FLOW_IPV4),
	ALL("OXM_OF_ARP_SPA", IPV4_SRC, 32, FLOW_IPV4),
	ALL("nw_dst", IPV4_DST, 32, FLOW_IPV4),
	ALL("ip_dst", IPV4_DST, 32, FLOW_IPV4),
	ALL("NXM_OF_IP_DST", IPV4_DST, 32, FLOW_IPV4),
	ALL("OXM_OF_IPV4_DST", IPV4_DST, 32, FLOW_IPV4),
	ALL("arp_tpa", IPV4_DST, 32, FLOW_IPV4),
	ALL("NXM_OF_ARP_TPA", IPV4_DST, 32, FLOW_IPV4),
	ALL("OXM_OF_ARP_TPA", IPV4_DST, 32, FLOW_IPV4),
	ALL("ipv6_src", IPV6_SRC, 128, FLOW_IPV6),
	ALL("NXM_NX_IPV6_SRC", IPV6_SRC, 128, FLOW_IPV6),
	ALL("OXM_OF_IPV6_SRC", IPV6_SRC, 128, FLOW_IPV6),
	ALL("ipv6_dst", IPV6_DST, 128, FLOW_IPV6),
	ALL("NXM_NX_IPV6_DST", IPV6_DST, 128, FLOW_IPV6),
	ALL("OXM_OF_IPV6_DST", IPV6_DST, 128, FLOW_IPV6),
	ALL("ipv6_label", IPV6_LABEL, 20, FLOW_HEX),
	ALL("NXM_NX_IPV6_LABEL", IPV6_LABEL, 20, FLOW_HEX),
	ALL("OXM_OF_IPV6_FLABEL", IPV6_LABEL, 20, FLOW_HEX),
	ALL("tp_src", TP_SRC, 16, FLOW_TRANSPORT),
	ALL("tcp_src", TP_SRC, 16, FLOW_TRANSPORT),
	ALL("udp_src", TP_SRC, 16, FLOW_TRANSPORT),
	ALL("sctp_src", TP_SRC, 16, FLOW_TRANSPORT),
	ALL("NXM_OF_TCP_SRC", TP_SRC, 16, FLOW_TRANSPORT),
	ALL("OXM_OF_TCP_SRC", TP_SRC, 16, FLOW_TRANSPORT),
	ALL("NXM_OF_UDP_SRC", TP_SRC, 16, FLOW_TRANSPORT),
	ALL("OXM_OF_UDP_SRC", TP_SRC, 16, FLOW_TRANSPORT),
	ALL("OXM_OF_SCTP_SRC", TP_SRC, 16, FLOW_TRANSPORT),
	PART("icmp_type", TP_SRC, 0, 8, FLOW_DECIMAL),
	PART("icmpv6_type", TP_SRC, 0, 8, FLOW_DECIMAL),
	PART("NXM_OF_ICMP_TYPE", TP_SRC, 0, 8, FLOW_DECIMAL),
	PART("OXM_OF_ICMPV4_TYPE", TP_SRC, 0, 8, FLOW_DECIMAL),
	PART("NXM_NX_ICMPV6_TYPE", TP_SRC, 0, 8, FLOW_DECIMAL),
	PART("OXM_OF_ICMPV6_TYPE", TP_SRC, 0, 8, FLOW_DECIMAL),
	ALL("tp_dst", TP_DST, 16, FLOW_TRANSPORT),
	ALL("tcp_dst", TP_DST, 16, FLOW_TRANSPORT),
	ALL("udp_dst", TP_DST, 16, FLOW_TRANSPORT),
	ALL("sctp_dst", TP_DST, 16, FLOW_TRANSPORT),
	ALL("NXM_OF_TCP_DST", TP_DST, 16, FLOW_TRANSPORT),
	ALL("OXM_OF_TCP_DST", TP_DST, 16, FLOW_TRANSPORT),
	ALL("NXM_OF_UDP_DST", TP_DST, 16, FLOW_TRANSPORT),
	ALL("OXM_OF_UDP_DST", TP_DST, 16, FLOW_TRANSPORT),
	ALL("OXM_OF_SCTP_DST", TP_DST, 16, FLOW_TRANSPORT),
	PART("icmp_code", TP_DST, 0, 8, FLOW_DECIMAL),
	PART("icmpv6_code", TP_DST, 0, 8, FLOW_DECIMAL),
	PART("NXM_OF_ICMP_CODE", TP_DST, 0, 8, FLOW_DECIMAL),
	PART("OXM_OF_ICMPV4_CODE", TP_DST, 0, 8, FLOW_DECIMAL),
	PART("NXM_NX_ICMPV6_CODE", TP_DST, 0, 8, FLOW_DECIMAL),
	PART("OXM_OF_ICMPV6_CODE", TP_DST, 0, 8, FLOW_DECIMAL),
	ALL("tcp_flags", TCP_FLAGS, 12, FLOW_TCP_FLAGS),
	ALL("NXM_NX_TCP_FLAGS", TCP_FLAGS, 12, FLOW_TCP_FLAGS),
	ALL("OXM_OF_TCP_FLAGS", TCP_FLAGS, 12, FLOW_TCP_FLAGS),
	ALL("arp_sha", ARP_SHA, 48, FLOW_MAC),
	ALL("NXM_NX_ARP_SHA", ARP_SHA, 48, FLOW_MAC),
	ALL("OXM_OF_ARP_SHA", ARP_SHA, 48, FLOW_MAC),
	ALL("nd_sll", ARP_SHA, 48, FLOW_MAC),
	ALL("NXM_NX_ND_SLL", ARP_SHA, 48, FLOW_MAC),
	ALL("OXM_OF_IPV6_ND_SLL", ARP_SHA, 48, FLOW_MAC),
	ALL("arp_tha", ARP_THA, 48, FLOW_MAC),
	ALL("NXM_NX_ARP_THA", ARP_THA, 48, FLOW_MAC),
	ALL("OXM_OF_ARP_THA", ARP_THA, 48, FLOW_MAC),
	ALL("nd_tll", ARP_THA, 48, FLOW_MAC),
	ALL("NXM_NX_ND_TLL", ARP_THA, 48, FLOW_MAC),
	ALL("OXM_OF_IPV6_ND_TLL", ARP_THA, 48, FLOW_MAC),
	ALL("nd_target", ND_TARGET, 128, FLOW_IPV6),
	ALL("NXM_NX_ND_TARGET", ND_TARGET, 128, FLOW_IPV6),
	ALL("OXM_OF_IPV6_ND_TARGET", ND_TARGET, 128, FLOW_IPV6),
	ALL("metadata", METADATA, 64, FLOW_HEX),
	ALL("OXM_OF_METADATA", METADATA, 64, FLOW_HEX),
	REG(0), REG(1), REG(2), REG(3), REG(4), REG(5), REG(6), REG(7),
	ALL("pkt_mark", MARK, 32, FLOW_HEX),
	ALL("NXM_NX_PKT_MARK", MARK, 32, FLOW_HEX),
	ALL("ct_state", CT_STATE, 16, FLOW_CT_STATE),
	ALL("NXM_NX_CT_STATE", CT_STATE, 16, FLOW_CT_STATE),
	ALL("ct_zone", CT_ZONE, 16, FLOW_DECIMAL),
	ALL("NXM_NX_CT_ZONE", CT_ZONE, 16, FLOW_DECIMAL),
	ALL("ct_mark", CT_MARK, 32, FLOW_HEX),
	ALL("NXM_NX_CT_MARK", CT_MARK, 32, FLOW_HEX),
	ALL("ct_nw_src", CT_IPV4_SRC, 32, FLOW_IPV4),
	ALL("ct_nw_dst", CT_IPV4_DST, 32, FLOW_IPV4),
	ALL("ct_ipv6_src", CT_IPV6_SRC, 128, FLOW_IPV6),
	ALL("ct_ipv6_dst", CT_IPV6_DST, 128, FLOW_IPV6),
	ALL("ct_nw_proto", CT_IP_PROTO, 8, FLOW_DECIMAL),
	ALL("ct_tp_src", CT_TP_SRC, 16, FLOW_DECIMAL),
	ALL("ct_tp_dst", CT_TP_DST, 16, FLOW_DECIMAL),
	ALL("tun_id", TUN_ID, 64, FLOW_HEX),
	ALL("tunnel_id", TUN_ID, 64, FLOW_HEX),
	ALL("NXM_NX_TUN_ID", TUN_ID, 64, FLOW_HEX),
	ALL("OXM_OF_TUNNEL_ID", TUN_ID, 64, FLOW_HEX),
	ALL("tun_src", TUN_IPV4_SRC, 32, FLOW_IPV4),
	ALL("NXM_NX_TUN_IPV4_SRC", TUN_IPV4_SRC, 32, FLOW_IPV4),
	ALL("tun_dst", TUN_IPV4_DST, 32, FLOW_IPV4),
	ALL("NXM_NX_TUN_IPV4_DST", TUN_IPV4_DST, 32, FLOW_IPV4),
	ALL("tun_ipv6_src", TUN_IPV6_SRC, 128, FLOW_IPV6),
	ALL("NXM_NX_TUN_IPV6_SRC", TUN_IPV6_SRC, 128, FLOW_IPV6),
	ALL("tun_ipv6_dst", TUN_IPV6_DST, 128, FLOW_IPV6),
	ALL("NXM_NX_TUN_IPV6_DST", TUN_IPV6_DST, 128, FLOW_IPV6),
	ALL("cgroup", CGROUP, 64, FLOW_CGROUP),
	ALL("container", CGROUP, 64, FLOW_CONTAINER),
};

/* Of several words for the same the first is the one that is printed. */
static const struct flow_protocol protocols[] = {
	{ "ip", 0x0800, false, 0 },
	{ "ip4", 0x0800, false, 0 },
	{ "ipv4", 0x0800, false, 0 },
	{ "icmp", 0x0800, true, 1 },
	{ "igmp", 0x0800, true, 2 },
	{ "tcp", 0x0800, true, 6 },
	{ "udp", 0x0800, true, 17 },
	{ "sctp", 0x0800, true, 132 },
	{ "ipv6", 0x86dd, false, 0 },
	{ "ip6", 0x86dd, false, 0 },
	{ "icmp6", 0x86dd, true, 58 },
	{ "icmpv6", 0x86dd, true, 58 },
	{ "tcp6", 0x86dd, true, 6 },
	{ "udp6", 0x86dd, true, 17 },
	{ "sctp6", 0x86dd, true, 132 },
	{ "arp", 0x0806, false, 0 },
	{ "rarp", 0x8035, false, 0 },
	{ "mpls", 0x8847, false, 0 },
	{ "mplsm", 0x8848, false, 0 },
};

/* A file of flows asks for some million names: a hash of them, made once. */
#define SLOTS	512

static uint8_t slots[SLOTS];		/* index + 1; those that collide follow */

_Static_assert(ARRAY_SIZE(fields) < UINT8_MAX, "an index does not fit its slot");

static unsigned int slot_of(const char *name)
{
	uint32_t hash = 2166136261u;

	for (; *name; name++)
		hash = (hash ^ (unsigned char)*name) * 16777619u;
	return (hash ^ hash >> 16) % SLOTS;
}

static void fill_slots(void)
{
	unsigned int slot, i;

	for (i = 0; i < ARRAY_SIZE(fields); i++) {
		slot = slot_of(fields[i].name);
		while (slots[slot])
			slot = (slot + 1) % SLOTS;
		slots[slot] = i + 1;
	}
}

const struct flow_field *flow_field_find(const char *name)
{
	static bool filled;
	unsigned int slot;

	if (!filled)
		fill_slots();
	filled = true;
	for (slot = slot_of(name); slots[slot]; slot = (slot + 1) % SLOTS)
		if (!strcmp(fields[slots[slot] - 1].name, name))
			return &fields[slots[slot] - 1];
	return NULL;
}

const char *flow_field_name(unsigned int field)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(fields); i++)
		if (fields[i].field == field && fields[i].bits == wire[field].bits)
			return fields[i].name;
	return "?";
}

unsigned int flow_field_size(unsigned int field)
{
	return field < ARRAY_SIZE(wire) ? wire[field].size : 0;
}

unsigned int flow_field_bits(unsigned int field)
{
	return field < ARRAY_SIZE(wire) ? wire[field].bits : 0;
}

static bool is_little(unsigned int field)
{
	return wire[field].is_host && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__;
}

uint64_t flow_number(unsigned int field, const uint8_t bytes[FLOW_FIELD_SIZE])
{
	unsigned int size = wire[field].size, i;
	uint64_t number = 0;

	for (i = 0; i < size; i++)
		number = number << 8 | bytes[is_little(field) ? size - 1 - i : i];
	return number;
}

void flow_put_number(unsigned int field, uint8_t bytes[FLOW_FIELD_SIZE], uint64_t number)
{
	unsigned int size = wire[field].size, i;

	for (i = 0; i < size; i++, number >>= 8)
		bytes[is_little(field) ? i : size - 1 - i] = number;
}

void flow_to_wide(unsigned int field, const uint8_t *bytes, uint8_t wide[FLOW_FIELD_SIZE])
{
	uint64_t number;
	int i;

	memset(wide, 0, FLOW_FIELD_SIZE);
	if (flow_field_size(field) > sizeof(number)) {
		memcpy(wide + FLOW_FIELD_SIZE - flow_field_size(field), bytes,
		       flow_field_size(field));
		return;
	}
	number = flow_number(field, bytes);
	for (i = FLOW_FIELD_SIZE - 1; number; i--, number >>= 8)
		wide[i] = number;
}

void flow_from_wide(unsigned int field, const uint8_t wide[FLOW_FIELD_SIZE], uint8_t *bytes)
{
	unsigned int size = flow_field_size(field), i;
	uint64_t number = 0;

	if (size > sizeof(number)) {
		memcpy(bytes, wide + FLOW_FIELD_SIZE - size, size);
		return;
	}
	for (i = FLOW_FIELD_SIZE - sizeof(number); i < FLOW_FIELD_SIZE; i++)
		number = number << 8 | wide[i];
	flow_put_number(field, bytes, number);
}

void flow_full_mask(unsigned int field, uint8_t mask[FLOW_FIELD_SIZE])
{
	unsigned int bits = wire[field].bits;

	if (bits < 64)
		flow_put_number(field, mask, (UINT64_C(1) << bits) - 1);
	else
		memset(mask, 0xff, wire[field].size);
}

bool flow_is_exact(const struct flow_term *term)
{
	uint8_t full[FLOW_FIELD_SIZE] = {};

	flow_full_mask(term->field, full);
	return !memcmp(term->mask, full, wire[term->field].size);
}

bool flow_is_range(unsigned int field)
{
	return field == VSWITCH_A_MATCH_TP_SRC_RANGE || field == VSWITCH_A_MATCH_TP_DST_RANGE;
}

const struct flow_protocol *flow_protocol_find(const char *name)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(protocols); i++)
		if (!strcmp(protocols[i].name, name))
			return &protocols[i];
	return NULL;
}

const char *flow_protocol_name(unsigned int eth_type, int proto)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(protocols); i++)
		if (protocols[i].eth_type == eth_type &&
		    (protocols[i].has_proto ? protocols[i].proto == proto : proto < 0))
			return protocols[i].name;
	return NULL;
}
