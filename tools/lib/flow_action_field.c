// SPDX-License-Identifier: GPL-2.0
/* The text of actions that set fields of a packet -> structs. */
#include <string.h>

#include "flow.h"
#include "flow_private.h"
#include "status.h"

#define N_OF(a) (sizeof(a) / sizeof((a)[0]))

int flow_parse_subfield(char *text, struct flow_field *f, struct err *err)
{
	const struct flow_field *named;
	char *bracket = strchr(text, '['), *dots, *end;
	uint64_t first = 0, last;

	if (bracket)
		*bracket++ = '\0';
	named = flow_field_find(text);
	if (!named)
		return err_set(err, STATUS_USAGE, "'%s' is no field", text);
	*f = *named;
	if (!bracket)
		return 0;
	end = strchr(bracket, ']');
	if (!end || end[1])
		return err_set(err, STATUS_USAGE, "'%s[%s': bits are written [FIRST..LAST]",
			       text, bracket);
	*end = '\0';
	if (!*bracket)
		return 0;
	dots = strstr(bracket, "..");
	if (dots)
		*dots = '\0';
	if (flow_parse_number(text, bracket, f->bits - 1, &first, err) < 0 ||
	    flow_parse_number(text, dots ? dots + 2 : bracket, f->bits - 1, &last, err) < 0)
		return -1;
	if (first > last)
		return err_set(err, STATUS_USAGE, "'%s': bit %s is behind bit %s", text, bracket,
			       dots + 2);
	f->shift += first;
	f->bits = last - first + 1;
	return 0;
}

static int add_set(struct flow_reader *r, const struct flow_term *term)
{
	struct flow_action *action = flow_action_new(r, VSWITCH_A_ACTION_SET);

	if (!action)
		return -1;
	action->set = *term;
	return 0;
}

/* Cut "WHAT->WHERE". */
static char *cut_arrow(struct flow_reader *r)
{
	char *arrow = flow_need_value(r) < 0 ? NULL : strstr(r->piece.value, "->");

	if (!r->piece.value || !*r->piece.value)
		return NULL;
	if (!arrow) {
		err_set(r->err, STATUS_USAGE, "%s: '%s' lacks '->' and a field", r->piece.key,
			r->piece.value);
		return NULL;
	}
	*arrow = '\0';
	return arrow + 2;
}

static bool is_nothing(const struct flow_term *term)
{
	static const uint8_t none[FLOW_FIELD_SIZE];

	return !memcmp(term->mask, none, sizeof(none));
}

static int set_field(struct flow_reader *r, const struct flow_field *f, char *value)
{
	struct flow_term term;

	if (flow_parse_value(f, value, r->ports, &term, r->err) < 0)
		return -1;
	if (flow_is_range(term.field))
		return err_set(r->err, STATUS_USAGE, "%s: a range can't be set", f->name);
	if (is_nothing(&term))
		return err_set(r->err, STATUS_USAGE, "%s: the mask has no bits", f->name);
	return add_set(r, &term);
}

static int read_set_field(struct flow_reader *r)
{
	char *where = cut_arrow(r);
	const struct flow_field *f;

	if (!where)
		return -1;
	f = flow_field_find(where);
	if (!f)
		return err_set(r->err, STATUS_USAGE, "set_field: '%s' is no field", where);
	return set_field(r, f, r->piece.value);
}

static bool bit_of(uint64_t number, unsigned int bit)
{
	return bit < 64 && number >> bit & 1;
}

/* Bits of a number into bytes in network order, or those of the host. */
static int read_load(struct flow_reader *r)
{
	char *where = cut_arrow(r);
	struct flow_term term = {};
	unsigned int i, at, size;
	struct flow_field f;
	uint64_t number;

	if (!where || flow_parse_subfield(where, &f, r->err) < 0)
		return -1;
	if (flow_parse_bits("load", r->piece.value,
			    f.bits < 64 ? (UINT64_C(1) << f.bits) - 1 : UINT64_MAX, &number,
			    r->err) < 0)
		return -1;
	term.field = f.field;
	size = flow_field_size(f.field);
	if (size <= sizeof(number)) {
		uint64_t mask = f.bits < 64 ? (UINT64_C(1) << f.bits) - 1 : UINT64_MAX;

		flow_put_number(f.field, term.value, number << f.shift);
		flow_put_number(f.field, term.mask, mask << f.shift);
		return add_set(r, &term);
	}
	for (i = 0; i < f.bits; i++) {
		at = f.shift + i;
		term.mask[size - 1 - at / 8] |= 1 << at % 8;
		term.value[size - 1 - at / 8] |= bit_of(number, i) << at % 8;
	}
	return add_set(r, &term);
}

static int read_move(struct flow_reader *r)
{
	char *where = cut_arrow(r);
	struct flow_action *action;
	struct flow_field src, dst;

	if (!where || flow_parse_subfield(r->piece.value, &src, r->err) < 0 ||
	    flow_parse_subfield(where, &dst, r->err) < 0)
		return -1;
	if (src.bits != dst.bits)
		return err_set(r->err, STATUS_USAGE, "move: %u bits of %s are not %u of %s",
			       src.bits, src.name, dst.bits, dst.name);
	action = flow_action_new(r, VSWITCH_A_ACTION_MOVE);
	if (!action)
		return -1;
	action->move = (struct flow_move){
		.src = src.field, .src_offset = src.shift,
		.dst = dst.field, .dst_offset = dst.shift, .bits = src.bits,
	};
	return 0;
}

/* Actions that set one field, each with the name of the field. */
static const struct {
	const char *action, *field;
} setters[] = {
	{ "mod_vlan_vid", "dl_vlan" },
	{ "mod_vlan_pcp", "dl_vlan_pcp" },
	{ "mod_dl_src", "dl_src" },
	{ "mod_dl_dst", "dl_dst" },
	{ "mod_nw_src", "nw_src" },
	{ "mod_nw_dst", "nw_dst" },
	{ "mod_nw_tos", "nw_tos" },
	{ "mod_nw_ecn", "nw_ecn" },
	{ "mod_nw_ttl", "nw_ttl" },
	{ "mod_tp_src", "tp_src" },
	{ "mod_tp_dst", "tp_dst" },
	{ "write_metadata", "metadata" },
	{ "set_tunnel", "tun_id" },
	{ "set_tunnel64", "tun_id" },
};

static int read_setter(struct flow_reader *r, const char *field)
{
	if (flow_need_value(r) < 0)
		return -1;
	if (strchr(r->piece.value, '/') && strcmp(field, "metadata"))
		return err_set(r->err, STATUS_USAGE,
			       "%s takes no mask: 'set_field:%s->%s' does", r->piece.key,
			       r->piece.value, field);
	return set_field(r, flow_field_find(field), r->piece.value);
}

/* Of a tag that is there; where there is none they do nothing. */
static int set_tag(struct flow_reader *r, uint64_t max, unsigned int shift)
{
	struct flow_term term = { .field = VSWITCH_A_MATCH_VLAN_TCI };
	uint64_t number;

	if (flow_read_number(r, max, &number) < 0)
		return -1;
	flow_put_number(term.field, term.value, number << shift);
	flow_put_number(term.field, term.mask, max << shift);
	return add_set(r, &term);
}

static int read_push_vlan(struct flow_reader *r)
{
	uint64_t type;

	if (flow_read_number(r, UINT16_MAX, &type) < 0)
		return -1;
	if (type != 0x8100 && type != 0x88a8)
		return err_set(r->err, STATUS_USAGE, "push_vlan: 0x%x is neither 0x8100 nor 0x88a8",
			       (unsigned int)type);
	return flow_action_number(r, VSWITCH_A_ACTION_PUSH_VLAN, type);
}

static const struct {
	const char *name;
	int (*read)(struct flow_reader *r);
} others[] = {
	{ "set_field", read_set_field },
	{ "load", read_load },
	{ "move", read_move },
	{ "push_vlan", read_push_vlan },
};

int flow_read_field_action(struct flow_reader *r)
{
	const char *key = r->piece.key;
	size_t i;

	for (i = 0; i < N_OF(others); i++)
		if (!strcmp(key, others[i].name))
			return others[i].read(r) < 0 ? -1 : 1;
	for (i = 0; i < N_OF(setters); i++)
		if (!strcmp(key, setters[i].action))
			return read_setter(r, setters[i].field) < 0 ? -1 : 1;
	if (!strcmp(key, "set_vlan_vid"))
		return set_tag(r, 0xfff, 0) < 0 ? -1 : 1;
	if (!strcmp(key, "set_vlan_pcp"))
		return set_tag(r, 7, 13) < 0 ? -1 : 1;
	return 0;
}
