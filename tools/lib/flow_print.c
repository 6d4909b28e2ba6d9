// SPDX-License-Identifier: GPL-2.0
/* Flows -> the text that flow_parse() takes back. */
#include <arpa/inet.h>
#include <inttypes.h>
#include <string.h>

#include "flow.h"
#include "flow_private.h"

/* ---- values -------------------------------------------------------------------- */

static bool is_mask(const struct flow_field *f, uint64_t mask)
{
	uint64_t named = f->bits < 64 ? (UINT64_C(1) << f->bits) - 1 : UINT64_MAX;

	return mask == named || (mask == UINT16_MAX && (f->field == VSWITCH_A_MATCH_TP_SRC ||
							f->field == VSWITCH_A_MATCH_TP_DST));
}

static void print_number(FILE *out, const struct flow_field *f, uint64_t value, uint64_t mask)
{
	if (!is_mask(f, mask))
		fprintf(out, "0x%" PRIx64 "/0x%" PRIx64, value, mask);
	else if (f->format == FLOW_HEX && f->field == VSWITCH_A_MATCH_ETH_TYPE)
		fprintf(out, "0x%04" PRIx64, value);
	else if (f->format == FLOW_HEX || f->format == FLOW_VID)
		fprintf(out, "0x%" PRIx64, value);
	else
		fprintf(out, "%" PRIu64, value);
}

static void print_mac(FILE *out, const uint8_t mac[MODEL_MAC_SIZE])
{
	fprintf(out, "%02x:%02x:%02x:%02x:%02x:%02x", mac[0], mac[1], mac[2], mac[3], mac[4],
		mac[5]);
}

/* The length of the prefix that a mask is, or -1. */
static int prefix_length(const uint8_t *mask, unsigned int size)
{
	unsigned int bits = 0, i;

	while (bits < size * 8 && mask[bits / 8] & 0x80 >> bits % 8)
		bits++;
	for (i = bits; i < size * 8; i++)
		if (mask[i / 8] & 0x80 >> i % 8)
			return -1;
	return bits;
}

static void print_ip(FILE *out, const struct flow_field *f, const struct flow_term *term)
{
	int family = f->format == FLOW_IPV4 ? AF_INET : AF_INET6;
	unsigned int size = flow_field_size(f->field);
	int length = prefix_length(term->mask, size);
	char text[INET6_ADDRSTRLEN];

	fputs(inet_ntop(family, term->value, text, sizeof(text)), out);
	if (length < 0)
		fprintf(out, "/%s", inet_ntop(family, term->mask, text, sizeof(text)));
	else if ((unsigned int)length != size * 8)
		fprintf(out, "/%d", length);
}

static void print_addresses(FILE *out, const struct flow_field *f, const struct flow_term *term)
{
	if (f->format != FLOW_MAC) {
		print_ip(out, f, term);
		return;
	}
	print_mac(out, term->value);
	if (!flow_is_exact(term)) {
		fputc('/', out);
		print_mac(out, term->mask);
	}
}

static void print_fragment(FILE *out, const struct flow_field *f, uint64_t value, uint64_t mask)
{
	const struct flow_bits_word *word;

	for (word = flow_fragment_words; word->name; word++) {
		if (word->mask == mask && word->value == value) {
			fputs(word->name, out);
			return;
		}
	}
	fprintf(out, "0x%x/0x%x", (unsigned int)value, (unsigned int)mask);
	(void)f;
}

static void print_flags(FILE *out, const struct flow_field *f, const struct flow_bits_word *words,
			uint64_t value, uint64_t mask)
{
	bool exact = is_mask(f, mask), first = true;
	const struct flow_bits_word *word;
	uint64_t named = 0;

	for (word = words; word->name; word++)
		named |= word->value;
	if ((exact ? value : mask) & ~named || (exact && !value)) {
		fprintf(out, "0x%x/0x%x", (unsigned int)value, (unsigned int)mask);
		return;
	}
	for (word = words; word->name; word++) {
		if (exact ? !(value & word->value) : !(mask & word->value))
			continue;
		if (!exact)
			fputc(value & word->value ? '+' : '-', out);
		else if (!first)
			fputc('|', out);
		fputs(word->name, out);
		first = false;
	}
}

static void print_range(FILE *out, const struct flow_term *term)
{
	uint16_t pair[2];

	memcpy(pair, term->value, sizeof(pair));
	fprintf(out, "%u-%u", ntohs(pair[0]), ntohs(pair[1]));
}

static void print_part(FILE *out, const struct flow_field *f, const struct flow_term *term,
		       struct flow_ports *ports)
{
	uint64_t value = flow_number(f->field, term->value) >> f->shift;
	uint64_t mask = flow_number(f->field, term->mask) >> f->shift;

	switch (f->format) {
	case FLOW_PORT:
		if (is_mask(f, mask))
			flow_port_print(out, value, ports);
		else
			print_number(out, f, value, mask);
		break;
	case FLOW_FRAGMENT:
		print_fragment(out, f, value, mask);
		break;
	case FLOW_TCP_FLAGS:
		print_flags(out, f, flow_tcp_flag_words, value, mask);
		break;
	case FLOW_CT_STATE:
		print_flags(out, f, flow_ct_state_words, value, mask);
		break;
	case FLOW_TOS:
		if (mask == 0xfc)
			fprintf(out, "%u", (unsigned int)value);
		else
			fprintf(out, "0x%x/0x%x", (unsigned int)value, (unsigned int)mask);
		break;
	case FLOW_TAG:
		fprintf(out, "%u", (unsigned int)value & ((1 << f->bits) - 1));
		break;
	default:
		print_number(out, f, value, mask);
	}
}

void flow_print_value(FILE *out, const struct flow_field *f, const struct flow_term *term,
		      struct flow_ports *ports)
{
	if (flow_is_range(term->field))
		print_range(out, term);
	else if (f->format == FLOW_MAC || f->format == FLOW_IPV4 || f->format == FLOW_IPV6)
		print_addresses(out, f, term);
	else
		print_part(out, f, term, ports);
}

/* ---- names that depend on what else there is -------------------------------------- */

/* The number of an exact field; -1: it is not exact, or not there. */
static int exact_number(const struct flow_match *match, unsigned int field)
{
	const struct flow_term *term = match ? flow_match_find(match, field) : NULL;

	return term && flow_is_exact(term) ? (int)flow_number(field, term->value) : -1;
}

/* A type or code of ICMP is one of all of the field, or of some of its lower byte. */
static bool is_icmp(const struct flow_term *term)
{
	uint64_t mask = flow_number(term->field, term->mask);

	return flow_number(term->field, term->value) <= UINT8_MAX &&
	       (mask == UINT16_MAX || mask < UINT8_MAX);
}

static const char *transport_name(const struct flow_term *term, int eth_type, int proto)
{
	bool src = term->field == VSWITCH_A_MATCH_TP_SRC ||
		   term->field == VSWITCH_A_MATCH_TP_SRC_RANGE;

	if (!flow_is_range(term->field) && is_icmp(term)) {
		if (eth_type == 0x0800 && proto == 1)
			return src ? "icmp_type" : "icmp_code";
		if (eth_type == 0x86dd && proto == 58)
			return src ? "icmpv6_type" : "icmpv6_code";
	}
	return src ? "tp_src" : "tp_dst";
}

static const char *term_name(const struct flow_match *match, const struct flow_term *term)
{
	int eth_type = exact_number(match, VSWITCH_A_MATCH_ETH_TYPE);
	bool arp = eth_type == 0x0806 || eth_type == 0x8035;

	switch (term->field) {
	case VSWITCH_A_MATCH_IP_PROTO:
		return arp ? "arp_op" : "nw_proto";
	case VSWITCH_A_MATCH_IPV4_SRC:
		return arp ? "arp_spa" : "nw_src";
	case VSWITCH_A_MATCH_IPV4_DST:
		return arp ? "arp_tpa" : "nw_dst";
	case VSWITCH_A_MATCH_ARP_SHA:
		return eth_type == 0x86dd ? "nd_sll" : "arp_sha";
	case VSWITCH_A_MATCH_ARP_THA:
		return eth_type == 0x86dd ? "nd_tll" : "arp_tha";
	case VSWITCH_A_MATCH_TP_SRC:
	case VSWITCH_A_MATCH_TP_DST:
	case VSWITCH_A_MATCH_TP_SRC_RANGE:
	case VSWITCH_A_MATCH_TP_DST_RANGE:
		return transport_name(term, eth_type,
				      exact_number(match, VSWITCH_A_MATCH_IP_PROTO));
	}
	return flow_field_name(term->field);
}

/* VID, priority or both of a tag that is there; else all bits as they are. */
static void print_tci(FILE *out, const struct flow_term *term)
{
	const char *second = term->field == VSWITCH_A_MATCH_VLAN2_TCI ? "2" : "";
	unsigned int value = flow_number(term->field, term->value);
	unsigned int mask = flow_number(term->field, term->mask);
	unsigned int vid = mask & 0x0fff, priority = mask & 0xe000;

	if (value & mask & VSWITCH_FLOW_VLAN_PRESENT && (!vid || vid == 0x0fff) &&
	    (!priority || priority == 0xe000) && (vid || priority)) {
		if (vid)
			fprintf(out, "dl_vlan%s=%u", second, value & 0x0fff);
		if (priority)
			fprintf(out, "%sdl_vlan%s_pcp=%u", vid ? "," : "", second, value >> 13);
		return;
	}
	fprintf(out, "vlan%s_tci=0x%04x", second, value);
	if (mask != UINT16_MAX)
		fprintf(out, "/0x%04x", mask);
}

/* DSCP, ECN or both; else all bits as they are. */
static void print_tos(FILE *out, const struct flow_term *term)
{
	unsigned int value = term->value[0], mask = term->mask[0];
	unsigned int dscp = mask & 0xfc, ecn = mask & 3;

	if ((dscp && dscp != 0xfc) || (ecn && ecn != 3)) {
		fprintf(out, "nw_tos=0x%x/0x%x", value, mask);
		return;
	}
	if (dscp)
		fprintf(out, "nw_tos=%u", value & 0xfc);
	if (ecn)
		fprintf(out, "%snw_ecn=%u", dscp ? "," : "", value & 3);
}

void flow_print_term(FILE *out, const struct flow_match *match, const struct flow_term *term,
		     struct flow_ports *ports)
{
	const char *name;

	if (term->field == VSWITCH_A_MATCH_VLAN_TCI || term->field == VSWITCH_A_MATCH_VLAN2_TCI) {
		print_tci(out, term);
	} else if (term->field == VSWITCH_A_MATCH_IP_TOS) {
		print_tos(out, term);
	} else {
		name = term_name(match, term);
		fprintf(out, "%s=", name);
		flow_print_value(out, flow_field_find(name), term, ports);
	}
}

/* ---- match ---------------------------------------------------------------------- */

/* A word for the EtherType, or for it and the protocol. */
static const char *protocol_word(const struct flow_match *match, bool *with_proto)
{
	int eth_type = exact_number(match, VSWITCH_A_MATCH_ETH_TYPE);
	int proto = exact_number(match, VSWITCH_A_MATCH_IP_PROTO);
	const char *word = NULL;

	if (eth_type >= 0 && proto >= 0)
		word = flow_protocol_name(eth_type, proto);
	*with_proto = word;
	return word || eth_type < 0 ? word : flow_protocol_name(eth_type, -1);
}

void flow_print_match(FILE *out, const struct flow_match *match, bool words,
		      struct flow_ports *ports)
{
	const char *comma = "", *word = NULL;
	bool with_proto = false;
	size_t i;

	if (words)
		word = protocol_word(match, &with_proto);
	for (i = 0; i < match->n; i++) {
		const struct flow_term *term = &match->term[i];

		if (term->field == VSWITCH_A_MATCH_IP_PROTO && with_proto)
			continue;
		fputs(comma, out);
		comma = ",";
		if (term->field == VSWITCH_A_MATCH_ETH_TYPE && word)
			fputs(word, out);
		else
			flow_print_term(out, match, term, ports);
	}
}

/* ---- flows ---------------------------------------------------------------------- */

void flow_print_seconds(FILE *out, uint64_t ms)
{
	unsigned int digits = 3, rest = ms % 1000;

	fprintf(out, "%" PRIu64, ms / 1000);
	if (!rest)
		return;
	for (; rest % 10 == 0; rest /= 10)
		digits--;
	fprintf(out, ".%0*u", digits, rest);
}

static void print_timeout(FILE *out, const char *name, uint32_t ms)
{
	if (!ms)
		return;
	fprintf(out, "%s=", name);
	flow_print_seconds(out, ms);
	fputc(',', out);
}

static void print_settings(FILE *out, const struct vsw_flow *flow)
{
	if (flow->cookie)
		fprintf(out, "cookie=0x%" PRIx64 ",", flow->cookie);
	fprintf(out, "table=%u,priority=%u,", flow->table, flow->priority);
	print_timeout(out, "idle_timeout", flow->idle_timeout);
	print_timeout(out, "hard_timeout", flow->hard_timeout);
	if (flow->importance)
		fprintf(out, "importance=%u,", flow->importance);
	if (flow->flags & VSWITCH_FLOW_FLAG_SEND_REMOVED)
		fputs("send_flow_rem,", out);
	if (flow->flags & VSWITCH_FLOW_FLAG_CHECK_OVERLAP)
		fputs("check_overlap,", out);
	if (flow->flags & VSWITCH_FLOW_FLAG_NO_COUNTS)
		fputs("no_counts,", out);
}

void flow_print(FILE *out, const struct vsw_flow *flow, struct flow_ports *ports)
{
	print_settings(out, flow);
	flow_print_match(out, &flow->match, true, ports);
	if (flow->match.n)
		fputc(',', out);
	fputs("actions=", out);
	flow_print_actions(out, &flow->actions, ports);
}
