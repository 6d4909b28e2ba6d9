// SPDX-License-Identifier: GPL-2.0
/* The value and the mask of a field, as text -> its bytes. */
#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "flow.h"
#include "flow_private.h"
#include "parse.h"
#include "status.h"

int flow_parse_number(const char *what, const char *text, uint64_t max, uint64_t *number,
		      struct err *err)
{
	bool hex = text[0] == '0' && (text[1] == 'x' || text[1] == 'X');
	const char *digits = hex ? text + 2 : text;

	/* strtoull() would take blanks, a sign or a second 0x */
	if (!*digits || digits[strspn(digits, hex ? "0123456789abcdefABCDEF" : "0123456789")])
		return err_set(err, STATUS_USAGE, "%s: '%s' is not a number", what, text);
	errno = 0;
	*number = strtoull(digits, NULL, hex ? 16 : 10);
	if (errno || *number > max)
		return err_set(err, STATUS_USAGE, "%s: '%s' is too large, the most is %llu",
			       what, text, (unsigned long long)max);
	return 0;
}

int flow_parse_bits(const char *what, const char *text, uint64_t all, uint64_t *bits,
		    struct err *err)
{
	if (strcmp(text, "-1"))
		return flow_parse_number(what, text, all, bits, err);
	*bits = all;
	return 0;
}

/* Cut the text at its slash. What is behind it, or NULL. */
static char *cut_mask(char *text)
{
	char *slash = strchr(text, '/');

	if (!slash)
		return NULL;
	*slash = '\0';
	return slash + 1;
}

static uint64_t ones(unsigned int bits)
{
	return bits < 64 ? (UINT64_C(1) << bits) - 1 : UINT64_MAX;
}

/* Bits of the named ones -> bytes of all of the field. */
static void put(const struct flow_field *f, struct flow_term *term, uint64_t value, uint64_t mask)
{
	flow_put_number(f->field, term->value, (value & mask) << f->shift);
	flow_put_number(f->field, term->mask, mask << f->shift);
}

/*
 * Who says no mask means all bits of the field, not only of its name: the type of ICMP
 * is a byte in two.
 */
static int parse_plain(const struct flow_field *f, char *text, struct flow_term *term,
		       struct err *err)
{
	char *slash = cut_mask(text);
	uint64_t value, mask = ones(f->bits);

	if (flow_parse_bits(f->name, text, mask, &value, err) < 0 ||
	    (slash && flow_parse_bits(f->name, slash, mask, &mask, err) < 0))
		return -1;
	if (!slash && (f->field == VSWITCH_A_MATCH_TP_SRC || f->field == VSWITCH_A_MATCH_TP_DST))
		mask = ones(flow_field_bits(f->field));
	put(f, term, value, mask);
	return 0;
}

/* VID or priority of a tag, which is there then. */
static int parse_tag(const struct flow_field *f, char *text, struct flow_term *term,
		     struct err *err)
{
	const uint64_t present = VSWITCH_FLOW_VLAN_PRESENT;
	uint64_t value, mask = ones(f->bits);
	char *slash = cut_mask(text);

	if (f->bits == 12 && !slash && (!strcmp(text, "0xffff") || !strcmp(text, "65535"))) {
		/* OpenFlow 1.0's way to say that there is none */
		flow_put_number(f->field, term->mask, UINT16_MAX);
		return 0;
	}
	if (flow_parse_number(f->name, text, mask, &value, err) < 0 ||
	    (slash && flow_parse_bits(f->name, slash, mask, &mask, err) < 0))
		return -1;
	put(f, term, value, mask);
	flow_put_number(f->field, term->value, flow_number(f->field, term->value) | present);
	flow_put_number(f->field, term->mask, flow_number(f->field, term->mask) | present);
	return 0;
}

static int parse_vid(const struct flow_field *f, char *text, struct flow_term *term,
		     struct err *err)
{
	uint64_t value, mask;

	if (parse_plain(f, text, term, err) < 0)
		return -1;
	value = flow_number(f->field, term->value);
	mask = flow_number(f->field, term->mask);
	if (mask & VSWITCH_FLOW_VLAN_PRESENT && !(value & VSWITCH_FLOW_VLAN_PRESENT) && value)
		return err_set(err, STATUS_USAGE,
			       "%s: %u is without the bit 0x1000 that each tag has: write 0x%x, or dl_vlan=%u",
			       f->name, (unsigned int)value, (unsigned int)value | 0x1000,
			       (unsigned int)value);
	return 0;
}

/* All eight bits with a mask; without one DSCP, in the upper six. */
static int parse_tos(const struct flow_field *f, char *text, struct flow_term *term,
		     struct err *err)
{
	bool masked = strchr(text, '/');

	if (parse_plain(f, text, term, err) < 0)
		return -1;
	if (masked)
		return 0;
	if (term->value[0] & 3)
		return err_set(err, STATUS_USAGE,
			       "%s: %u has bits of ECN, which is nw_ecn; of DSCP it is a multiple of 4",
			       f->name, term->value[0]);
	term->mask[0] = 0xfc;
	return 0;
}

/* Lowest and highest, instead of the field itself. */
static int parse_range(const struct flow_field *f, char *text, char *dash,
		       struct flow_term *term, struct err *err)
{
	uint64_t min, max;
	uint16_t pair[2];

	*dash = '\0';
	if (flow_parse_number(f->name, text, UINT16_MAX, &min, err) < 0 ||
	    flow_parse_number(f->name, dash + 1, UINT16_MAX, &max, err) < 0)
		return -1;
	if (min > max)
		return err_set(err, STATUS_USAGE, "%s: %s-%s is no range: the lower one is first",
			       f->name, text, dash + 1);
	term->field = f->field == VSWITCH_A_MATCH_TP_SRC ? VSWITCH_A_MATCH_TP_SRC_RANGE :
							   VSWITCH_A_MATCH_TP_DST_RANGE;
	pair[0] = htons(min);
	pair[1] = htons(max);
	memcpy(term->value, pair, sizeof(pair));
	memset(term->mask, 0xff, sizeof(pair));
	return 0;
}

static int parse_transport(const struct flow_field *f, char *text, struct flow_term *term,
			   struct err *err)
{
	char *dash = strchr(text, '-');

	if (dash && dash != text)
		return parse_range(f, text, dash, term, err);
	return parse_plain(f, text, term, err);
}

static int parse_port(const struct flow_field *f, char *text, struct flow_ports *ports,
		      struct flow_term *term, struct err *err)
{
	uint32_t number;

	if (strchr(text, '/') && *text != '"')
		return parse_plain(f, text, term, err);
	if (flow_port_parse(f->name, text, ports, &number, err) < 0)
		return -1;
	if (number > UINT16_MAX)
		return err_set(err, STATUS_USAGE, "%s: there is no port %s", f->name, text);
	put(f, term, number, UINT16_MAX);
	return 0;
}

static int parse_address(const struct flow_field *f, const char *text, uint8_t *bytes,
			 struct err *err)
{
	if (f->format == FLOW_MAC)
		return parse_mac(f->name, text, bytes, err);
	if (inet_pton(f->format == FLOW_IPV4 ? AF_INET : AF_INET6, text, bytes) != 1)
		return err_set(err, STATUS_USAGE, "%s: '%s' is not an address like %s", f->name,
			       text, f->format == FLOW_IPV4 ? "10.0.0.2" : "2001:db8::2");
	return 0;
}

static int parse_prefix_length(const struct flow_field *f, const char *text, uint8_t *mask,
			       struct err *err)
{
	unsigned int i;
	uint64_t bits;

	if (flow_parse_number(f->name, text, f->bits, &bits, err) < 0)
		return -1;
	for (i = 0; i < bits; i++)
		mask[i / 8] |= 0x80 >> i % 8;
	return 0;
}

/* Behind the slash is a mask like an address, or of IP the length of a prefix. */
static int parse_addresses(const struct flow_field *f, char *text, struct flow_term *term,
			   struct err *err)
{
	char *slash = cut_mask(text);
	unsigned int i;
	int ret = 0;

	if (parse_address(f, text, term->value, err) < 0)
		return -1;
	if (!slash)
		flow_full_mask(f->field, term->mask);
	else if (f->format != FLOW_MAC && !slash[strspn(slash, "0123456789")])
		ret = parse_prefix_length(f, slash, term->mask, err);
	else
		ret = parse_address(f, slash, term->mask, err);
	for (i = 0; i < FLOW_FIELD_SIZE; i++)
		term->value[i] &= term->mask[i];
	return ret;
}

static int parse_fragment(const struct flow_field *f, char *text, struct flow_term *term,
			  struct err *err)
{
	const struct flow_bits_word *word;

	if (strchr(text, '/'))
		return parse_plain(f, text, term, err);
	for (word = flow_fragment_words; word->name; word++) {
		if (!strcmp(word->name, text)) {
			term->value[0] = word->value;
			term->mask[0] = word->mask;
			return 0;
		}
	}
	return err_set(err, STATUS_USAGE,
		       "%s: '%s' is none of no, yes, first, later, not_later", f->name, text);
}

/* The flag whose name is LEN bytes long; 0: there is none. */
static uint16_t find_flag(const struct flow_bits_word *word, const char *name, size_t len)
{
	for (; word->name; word++)
		if (strlen(word->name) == len && !strncmp(word->name, name, len))
			return word->value;
	return 0;
}

static int no_flag(const struct flow_field *f, const struct flow_bits_word *word,
		   const char *name, size_t len, struct err *err)
{
	char all[80] = "";

	for (; word->name; word++) {
		strcat(all, *all ? ", " : "");
		strcat(all, word->name);
	}
	return err_set(err, STATUS_USAGE, "%s: '%.*s' is none of %s", f->name, (int)len, name, all);
}

/* "+syn-ack": those that are set, and those that are not; "syn|ack": just these. */
static int parse_flags(const struct flow_field *f, const struct flow_bits_word *words, char *text,
		       struct flow_term *term, struct err *err)
{
	bool all = *text != '+' && *text != '-', set;
	uint16_t value = 0, mask = 0, flag;
	const char *p = text;
	size_t len;

	if (strspn(text, "0123456789"))
		return parse_plain(f, text, term, err);
	while (*p) {
		set = *p != '-';
		p += p != text || !all;		/* the sign */
		len = strcspn(p, "+-|");
		flag = find_flag(words, p, len);
		if (!flag)
			return no_flag(f, words, p, len, err);
		if (mask & flag)
			return err_set(err, STATUS_USAGE, "%s: '%.*s' is there twice", f->name,
				       (int)len, p);
		mask |= flag;
		value |= set ? flag : 0;
		p += len;
		if (*p && (*p == '|') != all)
			return err_set(err, STATUS_USAGE,
				       "%s: flags are put together by + and -, or by |", f->name);
	}
	if (!mask)
		return err_set(err, STATUS_USAGE, "%s: the flags are missing", f->name);
	put(f, term, value, all ? ones(f->bits) : mask);
	return 0;
}

/* Of a path or a number; the number may have a mask, which is not for this here to judge. */
static int parse_cgroup_id(const struct flow_field *f, char *text, struct flow_term *term,
			   struct err *err)
{
	uint64_t id;

	if (*text != '/')
		return parse_plain(f, text, term, err);
	if (parse_cgroup(f->name, text, &id, err) < 0)
		return -1;
	put(f, term, id, UINT64_MAX);
	return 0;
}

static int parse_container_id(const struct flow_field *f, const char *text,
			      struct flow_term *term, struct err *err)
{
	uint64_t id;

	if (parse_container(f->name, text, &id, err) < 0)
		return -1;
	put(f, term, id, UINT64_MAX);
	return 0;
}

int flow_parse_value(const struct flow_field *f, char *text, struct flow_ports *ports,
		     struct flow_term *term, struct err *err)
{
	*term = (struct flow_term){ .field = f->field };
	switch (f->format) {
	case FLOW_PORT:
		return parse_port(f, text, ports, term, err);
	case FLOW_MAC:
	case FLOW_IPV4:
	case FLOW_IPV6:
		return parse_addresses(f, text, term, err);
	case FLOW_TRANSPORT:
		return parse_transport(f, text, term, err);
	case FLOW_FRAGMENT:
		return parse_fragment(f, text, term, err);
	case FLOW_TCP_FLAGS:
		return parse_flags(f, flow_tcp_flag_words, text, term, err);
	case FLOW_CT_STATE:
		return parse_flags(f, flow_ct_state_words, text, term, err);
	case FLOW_TOS:
		return parse_tos(f, text, term, err);
	case FLOW_TAG:
		return parse_tag(f, text, term, err);
	case FLOW_VID:
		return parse_vid(f, text, term, err);
	case FLOW_CGROUP:
		return parse_cgroup_id(f, text, term, err);
	case FLOW_CONTAINER:
		return parse_container_id(f, text, term, err);
	}
	return parse_plain(f, text, term, err);
}
