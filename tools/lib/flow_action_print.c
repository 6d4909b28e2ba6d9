// SPDX-License-Identifier: GPL-2.0
/* Actions -> the text that flow_parse_actions() takes back. */
#include <ctype.h>
#include <inttypes.h>
#include <string.h>

#include "flow.h"
#include "flow_private.h"

#define ALL_BITS	0

/* Actions that set one field, by field and mask; the first that fits is printed. */
static const struct {
	const char *action, *field;
	uint8_t attr;
	uint64_t mask;			/* ALL_BITS: of the field */
	uint64_t must;			/* bits of the value that are set */
} setters[] = {
	{ "mod_vlan_vid", "dl_vlan", VSWITCH_A_MATCH_VLAN_TCI, 0x1fff, 0x1000 },
	{ "mod_vlan_pcp", "dl_vlan_pcp", VSWITCH_A_MATCH_VLAN_TCI, 0xf000, 0x1000 },
	{ "mod_dl_src", "dl_src", VSWITCH_A_MATCH_ETH_SRC, ALL_BITS, 0 },
	{ "mod_dl_dst", "dl_dst", VSWITCH_A_MATCH_ETH_DST, ALL_BITS, 0 },
	{ "mod_nw_src", "nw_src", VSWITCH_A_MATCH_IPV4_SRC, ALL_BITS, 0 },
	{ "mod_nw_dst", "nw_dst", VSWITCH_A_MATCH_IPV4_DST, ALL_BITS, 0 },
	{ "mod_nw_tos", "nw_tos", VSWITCH_A_MATCH_IP_TOS, 0xfc, 0 },
	{ "mod_nw_ecn", "nw_ecn", VSWITCH_A_MATCH_IP_TOS, 3, 0 },
	{ "mod_nw_ttl", "nw_ttl", VSWITCH_A_MATCH_IP_TTL, ALL_BITS, 0 },
	{ "mod_tp_src", "tp_src", VSWITCH_A_MATCH_TP_SRC, ALL_BITS, 0 },
	{ "mod_tp_dst", "tp_dst", VSWITCH_A_MATCH_TP_DST, ALL_BITS, 0 },
	{ "write_metadata", "metadata", VSWITCH_A_MATCH_METADATA, ALL_BITS, 0 },
	{ "set_tunnel", "tun_id", VSWITCH_A_MATCH_TUN_ID, ALL_BITS, 0 },
};

#define N_SETTERS (sizeof(setters) / sizeof(setters[0]))

static bool fits(const struct flow_term *set, size_t i)
{
	if (setters[i].attr != set->field)
		return false;
	if (setters[i].mask == ALL_BITS)
		return flow_is_exact(set);
	return flow_number(set->field, set->mask) == setters[i].mask &&
	       (flow_number(set->field, set->value) & setters[i].must) == setters[i].must;
}

static bool print_tag(FILE *out, const struct flow_term *set)
{
	unsigned int value, mask;

	if (set->field != VSWITCH_A_MATCH_VLAN_TCI)
		return false;
	value = flow_number(set->field, set->value);
	mask = flow_number(set->field, set->mask);
	if (mask == 0x0fff)
		fprintf(out, "set_vlan_vid:%u", value);
	else if (mask == 0xe000)
		fprintf(out, "set_vlan_pcp:%u", value >> 13);
	else
		return false;
	return true;
}

static void print_set(FILE *out, const struct flow_term *set, struct flow_ports *ports)
{
	const char *name = flow_field_name(set->field);
	size_t i;

	for (i = 0; i < N_SETTERS; i++) {
		if (!fits(set, i))
			continue;
		fprintf(out, "%s:", setters[i].action);
		flow_print_value(out, flow_field_find(setters[i].field), set, ports);
		return;
	}
	if (print_tag(out, set))
		return;
	fputs("set_field:", out);
	flow_print_value(out, flow_field_find(name), set, ports);
	fprintf(out, "->%s", name);
}

void flow_print_subfield(FILE *out, unsigned int field, unsigned int offset, unsigned int bits)
{
	fprintf(out, "%s[", flow_field_name(field));
	if (bits == 1)
		fprintf(out, "%u", offset);
	else if (offset || bits != flow_field_bits(field))
		fprintf(out, "%u..%u", offset, offset + bits - 1);
	fputc(']', out);
}

static void print_move(FILE *out, const struct flow_move *move)
{
	fputs("move:", out);
	flow_print_subfield(out, move->src, move->src_offset, move->bits);
	fputs("->", out);
	flow_print_subfield(out, move->dst, move->dst_offset, move->bits);
}

/* What differs from what is meant without it. */
static void print_controller(FILE *out, const struct flow_controller *controller)
{
	char sign = '(';
	unsigned int i;

	fputs("controller", out);
	if (controller->max_len != FLOW_MAX_LEN) {
		fprintf(out, "%cmax_len=%u", sign, controller->max_len);
		sign = ',';
	}
	if (controller->rate != FLOW_RATE) {
		fprintf(out, "%crate=%u", sign, controller->rate);
		sign = ',';
	}
	if (controller->n_userdata) {
		fprintf(out, "%cuserdata", sign);
		sign = '=';
	}
	for (i = 0; i < controller->n_userdata; i++) {
		fprintf(out, "%c%02x", sign, controller->userdata[i]);
		sign = '.';
	}
	if (sign != '(')
		fputc(')', out);
}

static void print_resubmit(FILE *out, const struct flow_resubmit *resubmit,
			   struct flow_ports *ports)
{
	fputs(resubmit->has_table ? "resubmit(" : "resubmit:", out);
	if (resubmit->has_port)
		flow_port_print(out, resubmit->port, ports);
	if (resubmit->has_table)
		fprintf(out, ",%u)", resubmit->table);
}

/* Others may have put there what is no label to us. */
static void print_drop(FILE *out, const char *label)
{
	fputs("drop", out);
	if (!*label)
		return;
	fputc('(', out);
	for (; *label; label++)
		fputc(isalnum((unsigned char)*label) || strchr("_-.:/ ", *label) ? *label : '?',
		      out);
	fputc(')', out);
}

static void print_sample(FILE *out, const struct flow_sample *sample)
{
	fprintf(out, "sample(rate=%u", sample->rate);
	if (sample->group)
		fprintf(out, ",group=%u", sample->group);
	if (sample->max_len != FLOW_MAX_LEN)
		fprintf(out, ",max_len=%u", sample->max_len);
	fputc(')', out);
}

/* In quotes if the name has signs of its own; such a sign within can't be read back. */
static void print_mirror(FILE *out, const char *name)
{
	bool plain = true;
	const char *p;

	for (p = name; *p; p++)
		plain = plain && (isalnum((unsigned char)*p) || strchr("_-.@", *p));
	fputs(plain ? "mirror:" : "mirror:\"", out);
	for (p = name; *p; p++)
		fputc(*p == '"' ? '?' : *p, out);
	if (!plain)
		fputc('"', out);
}

static void print_number(FILE *out, const struct flow_action *action)
{
	static const char * const names[] = {
		[VSWITCH_A_ACTION_PRIORITY] = "set_queue",
		[VSWITCH_A_ACTION_METER] = "meter",
		[VSWITCH_A_ACTION_GROUP] = "group",
		[VSWITCH_A_ACTION_GOTO] = "goto_table",
		[VSWITCH_A_ACTION_TRUNCATE] = "truncate",
	};

	fprintf(out, "%s:%u", names[action->type], action->number);
}

/* The word is needed for a port only, and not for what is none. */
static void print_output(FILE *out, uint32_t port, struct flow_ports *ports)
{
	if (port < VSWITCH_FLOW_PORT_IN_PORT && port != VSWITCH_HOST_PORT)
		fputs("output:", out);
	flow_port_print(out, port, ports);
}

static void print_action(FILE *out, const struct flow_action *action, struct flow_ports *ports)
{
	switch (action->type) {
	case VSWITCH_A_ACTION_OUTPUT:
		print_output(out, action->number, ports);
		break;
	case VSWITCH_A_ACTION_DROP:
		print_drop(out, action->label);
		break;
	case VSWITCH_A_ACTION_SET:
		print_set(out, &action->set, ports);
		break;
	case VSWITCH_A_ACTION_MOVE:
		print_move(out, &action->move);
		break;
	case VSWITCH_A_ACTION_PUSH_VLAN:
		fprintf(out, "push_vlan:0x%x", action->number);
		break;
	case VSWITCH_A_ACTION_POP_VLAN:
		fputs("strip_vlan", out);
		break;
	case VSWITCH_A_ACTION_DEC_TTL:
		fputs("dec_ttl", out);
		break;
	case VSWITCH_A_ACTION_RESUBMIT:
		print_resubmit(out, &action->resubmit, ports);
		break;
	case VSWITCH_A_ACTION_CONTROLLER:
		print_controller(out, &action->controller);
		break;
	case VSWITCH_A_ACTION_CT:
		flow_print_ct(out, &action->ct);
		break;
	case VSWITCH_A_ACTION_LEARN:
		flow_print_learn(out, action->learn);
		break;
	case VSWITCH_A_ACTION_REJECT:
		fputs("reject", out);
		break;
	case VSWITCH_A_ACTION_SAMPLE:
		print_sample(out, &action->sample);
		break;
	case VSWITCH_A_ACTION_MIRROR:
		print_mirror(out, action->mirror);
		break;
	case VSWITCH_A_ACTION_OUTPUT_FIELD:
		fputs("output:", out);
		flow_print_subfield(out, action->move.src, action->move.src_offset,
				    action->move.bits);
		break;
	default:
		print_number(out, action);
	}
}

/* A bound and the output that it is for are one action in text. */
static bool is_bounded_output(const struct flow_actions *actions, size_t i)
{
	return i + 1 < actions->n && actions->action[i].type == VSWITCH_A_ACTION_TRUNCATE &&
	       actions->action[i].number &&
	       actions->action[i + 1].type == VSWITCH_A_ACTION_OUTPUT;
}

void flow_print_actions(FILE *out, const struct flow_actions *actions, struct flow_ports *ports)
{
	size_t i;

	if (!actions->n)
		fputs("drop", out);
	for (i = 0; i < actions->n; i++) {
		if (i)
			fputc(',', out);
		if (is_bounded_output(actions, i)) {
			fputs("output(port=", out);
			flow_port_print(out, actions->action[i + 1].number, ports);
			fprintf(out, ",max_len=%u)", actions->action[i++].number);
		} else {
			print_action(out, &actions->action[i], ports);
		}
	}
}
