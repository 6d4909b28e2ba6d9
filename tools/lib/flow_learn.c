// SPDX-License-Identifier: GPL-2.0
/* The action learn, its text <-> structs. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "flow.h"
#include "flow_private.h"
#include "status.h"

/* ---- numbers of up to 128 bits --------------------------------------------------- */

static bool bit_of(const uint8_t wide[FLOW_FIELD_SIZE], unsigned int bit)
{
	return bit < 8 * FLOW_FIELD_SIZE && wide[FLOW_FIELD_SIZE - 1 - bit / 8] >> bit % 8 & 1;
}

/* All of the bits above are 0. */
static bool fits(const uint8_t wide[FLOW_FIELD_SIZE], unsigned int bits)
{
	for (; bits < 8 * FLOW_FIELD_SIZE; bits++)
		if (bit_of(wide, bits))
			return false;
	return true;
}

/* Decimal, or with 0x as many digits as it takes. */
static int parse_wide(const char *text, unsigned int bits, uint8_t wide[FLOW_FIELD_SIZE],
		      struct err *err)
{
	const char *digits = "0123456789abcdef";
	size_t len = strlen(text), i;
	uint64_t number;
	int at;

	memset(wide, 0, FLOW_FIELD_SIZE);
	if (text[0] == '0' && text[1] == 'x' && len > 2 && !text[2 + strspn(text + 2, digits)] &&
	    len <= 2 + 2 * FLOW_FIELD_SIZE) {
		for (i = 0; i < len - 2; i++)
			wide[FLOW_FIELD_SIZE - 1 - i / 2] |=
				(strchr(digits, text[len - 1 - i]) - digits) << 4 * (i % 2);
	} else {
		if (flow_parse_bits("learn", text, UINT64_MAX, &number, err) < 0)
			return -1;
		for (at = FLOW_FIELD_SIZE - 1; number; at--, number >>= 8)
			wide[at] = number;
	}
	if (!fits(wide, bits))
		return err_set(err, STATUS_USAGE, "learn: '%s' is more than %u bits", text, bits);
	return 0;
}

static void print_wide(FILE *out, const uint8_t wide[FLOW_FIELD_SIZE])
{
	unsigned int i = 0;

	while (i < FLOW_FIELD_SIZE - 1 && !wide[i])
		i++;
	fprintf(out, "0x%x", wide[i]);
	while (++i < FLOW_FIELD_SIZE)
		fprintf(out, "%02x", wide[i]);
}

/* ---- fields ---------------------------------------------------------------------- */

static bool is_field(const char *text)
{
	char name[32];
	size_t len = strcspn(text, "[");

	if (len >= sizeof(name))
		return false;
	memcpy(name, text, len);
	name[len] = '\0';
	return flow_field_find(name);
}

static void put_dst(struct flow_learn_spec *spec, const struct flow_field *f)
{
	spec->dst = f->field;
	spec->dst_offset = f->shift;
	spec->bits = f->bits;
}

/* From a field, or a number of as many bits; dst is known. */
static int parse_source(char *text, struct flow_learn_spec *spec, struct err *err)
{
	struct flow_field f;

	if (!is_field(text))
		return parse_wide(text, spec->bits, spec->value, err);
	if (flow_parse_subfield(text, &f, err) < 0)
		return -1;
	if (f.bits != spec->bits)
		return err_set(err, STATUS_USAGE, "learn: %u bits of %s are not %u of %s", f.bits,
			       f.name, spec->bits, flow_field_name(spec->dst));
	spec->has_src = true;
	spec->src = f.field;
	spec->src_offset = f.shift;
	return 0;
}

/* "FIELD=VALUE" as in a match, where the bits that count are side by side. */
static int parse_value(const struct flow_field *f, char *text, struct flow_ports *ports,
		       struct flow_learn_spec *spec, struct err *err)
{
	uint8_t value[FLOW_FIELD_SIZE], mask[FLOW_FIELD_SIZE];
	unsigned int first = 0, bits = 0, i;
	struct flow_term term;

	if (flow_parse_value(f, text, ports, &term, err) < 0)
		return -1;
	if (flow_is_range(term.field))
		return err_set(err, STATUS_USAGE, "learn: %s: a range can't be learned", f->name);
	flow_to_wide(term.field, term.value, value);
	flow_to_wide(term.field, term.mask, mask);
	while (first < 8 * FLOW_FIELD_SIZE && !bit_of(mask, first))
		first++;
	while (bit_of(mask, first + bits))
		bits++;
	if (!bits || !fits(mask, first + bits))
		return err_set(err, STATUS_USAGE, "learn: %s: the bits of a mask are side by side",
			       f->name);
	spec->dst = term.field;
	spec->dst_offset = first;
	spec->bits = bits;
	for (i = 0; i < bits; i++)
		spec->value[FLOW_FIELD_SIZE - 1 - i / 8] |= bit_of(value, first + i) << i % 8;
	return 0;
}

/* ---- specs ----------------------------------------------------------------------- */

static struct flow_learn_spec *add_spec(struct flow_learn *learn, unsigned int kind,
					struct err *err)
{
	struct flow_learn_spec *spec = flow_learn_grow(learn);

	if (spec)
		spec->kind = kind;
	else
		err_set(err, STATUS_SYSTEM, "out of memory");
	return spec;
}

/* "FIELD", "FIELD=FIELD" or "FIELD=VALUE". */
static int parse_match(const struct flow_piece *piece, struct flow_ports *ports,
		       struct flow_learn *learn, struct err *err)
{
	struct flow_learn_spec *spec = add_spec(learn, VSWITCH_LEARN_KIND_MATCH, err);
	bool whole = !strchr(piece->key, '[');
	struct flow_field f;

	if (!spec || flow_parse_subfield(piece->key, &f, err) < 0)
		return -1;
	put_dst(spec, &f);
	if (!piece->form) {
		spec->has_src = true;
		spec->src = f.field;
		spec->src_offset = f.shift;
		return 0;
	}
	if (piece->form != '=')
		return err_set(err, STATUS_USAGE, "learn: '%s' lacks '=' and its value",
			       piece->key);
	if (whole && !is_field(piece->value))
		return parse_value(flow_field_find(piece->key), piece->value, ports, spec, err);
	return parse_source(piece->value, spec, err);
}

static int parse_load(const struct flow_piece *piece, struct flow_learn *learn, struct err *err)
{
	struct flow_learn_spec *spec = add_spec(learn, VSWITCH_LEARN_KIND_SET, err);
	char *arrow = piece->form == ':' ? strstr(piece->value, "->") : NULL;
	struct flow_field f;

	if (!spec)
		return -1;
	if (!arrow)
		return err_set(err, STATUS_USAGE, "learn: 'load' lacks ':', '->' or a field");
	*arrow = '\0';
	if (flow_parse_subfield(arrow + 2, &f, err) < 0)
		return -1;
	put_dst(spec, &f);
	return parse_source(piece->value, spec, err);
}

static int parse_output(const struct flow_piece *piece, struct flow_learn *learn, struct err *err)
{
	struct flow_learn_spec *spec = add_spec(learn, VSWITCH_LEARN_KIND_OUTPUT, err);
	struct flow_field f;

	if (!spec)
		return -1;
	if (piece->form != ':')
		return err_set(err, STATUS_USAGE, "learn: 'output' lacks ':' and a field");
	if (flow_parse_subfield(piece->value, &f, err) < 0)
		return -1;
	spec->has_src = true;
	spec->src = f.field;
	spec->src_offset = f.shift;
	spec->bits = f.bits;
	return 0;
}

/* ---- settings -------------------------------------------------------------------- */

/* Of ovs-actions(7); vswitch lacks them. */
static const char * const lacking[] = {
	"fin_idle_timeout", "fin_hard_timeout", "send_flow_rem", "delete_learned", "result_dst",
};

static const struct {
	const char *name;
	uint64_t max;			/* 0: it is a time */
} settings[] = {
	{ "table", VSWITCH_FLOW_TABLE_MAX },
	{ "priority", UINT16_MAX },
	{ "cookie", UINT64_MAX },
	{ "limit", UINT32_MAX },
	{ "idle_timeout", 0 },
	{ "hard_timeout", 0 },
};

#define N_OF(a) (sizeof(a) / sizeof((a)[0]))

static int set(struct flow_learn *learn, size_t i, uint64_t number, struct err *err)
{
	switch (i) {
	case 0:
		learn->table = number;
		break;
	case 1:
		learn->priority = number;
		break;
	case 2:
		learn->cookie = number;
		break;
	case 3:
		if (!number)
			return err_set(err, STATUS_USAGE, "learn: limit: one flow is the least");
		learn->limit = number;
		break;
	case 4:
		learn->idle_timeout = number;
		break;
	case 5:
		learn->hard_timeout = number;
		break;
	}
	return 1;
}

/* 1: the piece is one of these, 0: it is none, -1. */
static int parse_setting(const struct flow_piece *piece, struct flow_learn *learn,
			 struct err *err)
{
	uint64_t number;
	uint32_t ms;
	size_t i;

	for (i = 0; i < N_OF(lacking); i++)
		if (!strcmp(piece->key, lacking[i]))
			return err_set(err, STATUS_USAGE, "learn: vswitch has no '%s'", lacking[i]);
	for (i = 0; i < N_OF(settings) && strcmp(piece->key, settings[i].name); i++)
		;
	if (i == N_OF(settings))
		return 0;
	if (piece->form != '=')
		return err_set(err, STATUS_USAGE, "learn: '%s' lacks '=' and its value",
			       piece->key);
	if (settings[i].max)
		return flow_parse_number(piece->key, piece->value, settings[i].max, &number,
					 err) < 0 ? -1 : set(learn, i, number, err);
	return flow_parse_time(piece->key, piece->value, &ms, err) < 0 ? -1 :
	       set(learn, i, ms, err);
}

/* ---- learn ----------------------------------------------------------------------- */

static int parse_piece(const struct flow_piece *piece, struct flow_ports *ports,
		       struct flow_learn *learn, struct err *err)
{
	int ret = parse_setting(piece, learn, err);

	if (ret)
		return ret < 0 ? -1 : 0;
	if (!strcmp(piece->key, "load"))
		return parse_load(piece, learn, err);
	if (!strcmp(piece->key, "output"))
		return parse_output(piece, learn, err);
	if (is_field(piece->key))
		return parse_match(piece, ports, learn, err);
	return err_set(err, STATUS_USAGE,
		       "learn: '%s' is no setting, no field, and neither load: nor output:",
		       piece->key);
}

int flow_read_learn(struct flow_reader *r)
{
	char *text = r->piece.value;
	struct flow_action *action;
	struct flow_piece piece;
	int ret = 0;

	if (r->piece.form && r->piece.form != '(')
		return err_set(r->err, STATUS_USAGE, "'learn' lacks its parentheses");
	action = flow_action_new(r, VSWITCH_A_ACTION_LEARN);
	if (!action)
		return -1;
	action->learn = flow_learn_new();
	if (!action->learn)
		return err_set(r->err, STATUS_SYSTEM, "out of memory");
	while (text && (ret = flow_piece_next(&text, &piece, r->err)) > 0)
		if (parse_piece(&piece, r->ports, action->learn, r->err) < 0)
			return -1;
	return ret;
}

/* ---- text ------------------------------------------------------------------------ */

static void print_match(FILE *out, const struct flow_learn_spec *spec)
{
	const char *name = flow_field_name(spec->dst);
	struct flow_term term = { .field = spec->dst };

	if (spec->has_src) {
		flow_print_subfield(out, spec->dst, spec->dst_offset, spec->bits);
		if (spec->src == spec->dst && spec->src_offset == spec->dst_offset)
			return;
		fputc('=', out);
		flow_print_subfield(out, spec->src, spec->src_offset, spec->bits);
		return;
	}
	if (!spec->dst_offset && spec->bits == flow_field_bits(spec->dst)) {
		flow_from_wide(spec->dst, spec->value, term.value);
		flow_full_mask(spec->dst, term.mask);
		fprintf(out, "%s=", name);
		/* a port's name could be that of a field */
		flow_print_value(out, flow_field_find(name), &term, NULL);
		return;
	}
	flow_print_subfield(out, spec->dst, spec->dst_offset, spec->bits);
	fputc('=', out);
	print_wide(out, spec->value);
}

static void print_set(FILE *out, const struct flow_learn_spec *spec)
{
	fputs("load:", out);
	if (spec->has_src)
		flow_print_subfield(out, spec->src, spec->src_offset, spec->bits);
	else
		print_wide(out, spec->value);
	fputs("->", out);
	flow_print_subfield(out, spec->dst, spec->dst_offset, spec->bits);
}

static void print_spec(FILE *out, const struct flow_learn_spec *spec)
{
	fputc(',', out);
	if (spec->kind == VSWITCH_LEARN_KIND_MATCH) {
		print_match(out, spec);
	} else if (spec->kind == VSWITCH_LEARN_KIND_SET) {
		print_set(out, spec);
	} else {
		fputs("output:", out);
		flow_print_subfield(out, spec->src, spec->src_offset, spec->bits);
	}
}

static void print_time(FILE *out, const char *name, uint32_t ms)
{
	if (!ms)
		return;
	fprintf(out, ",%s=", name);
	flow_print_seconds(out, ms);
}

void flow_print_learn(FILE *out, const struct flow_learn *learn)
{
	size_t i;

	fprintf(out, "learn(table=%u", learn->table);
	print_time(out, "idle_timeout", learn->idle_timeout);
	print_time(out, "hard_timeout", learn->hard_timeout);
	if (learn->priority != VSWITCH_FLOW_PRIORITY)
		fprintf(out, ",priority=%u", learn->priority);
	if (learn->cookie)
		fprintf(out, ",cookie=0x%" PRIx64, learn->cookie);
	if (learn->limit != FLOW_LEARN_LIMIT)
		fprintf(out, ",limit=%u", learn->limit);
	for (i = 0; i < learn->n; i++)
		print_spec(out, &learn->spec[i]);
	fputc(')', out);
}
