// SPDX-License-Identifier: GPL-2.0
/* The text of actions -> structs. */
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "flow.h"
#include "flow_private.h"
#include "parse.h"
#include "status.h"

#define N_OF(a) (sizeof(a) / sizeof((a)[0]))

#define OPENFLOW_CONTROLLER 65533
#define MAX_LEN_LEAST 14		/* the Ethernet header */

struct flow_action *flow_action_new(struct flow_reader *r, unsigned int type)
{
	struct flow_action *action = flow_actions_grow(r->actions);

	if (action)
		action->type = type;
	else
		err_set(r->err, STATUS_SYSTEM, "out of memory");
	return action;
}

int flow_action_number(struct flow_reader *r, unsigned int type, uint32_t number)
{
	struct flow_action *action = flow_action_new(r, type);

	if (!action)
		return -1;
	action->number = number;
	return 0;
}

int flow_need_value(struct flow_reader *r)
{
	if (r->piece.value && *r->piece.value)
		return 0;
	return err_set(r->err, STATUS_USAGE, "'%s' lacks ':' and its value", r->piece.key);
}

int flow_no_value(struct flow_reader *r)
{
	if (!r->piece.form)
		return 0;
	return err_set(r->err, STATUS_USAGE, "'%s' has no value", r->piece.key);
}

int flow_read_number(struct flow_reader *r, uint64_t max, uint64_t *number)
{
	if (flow_need_value(r) < 0)
		return -1;
	return flow_parse_number(r->piece.key, r->piece.value, max, number, r->err);
}

/* ---- where to ------------------------------------------------------------------ */

static int add_controller(struct flow_reader *r, uint32_t max_len)
{
	struct flow_action *action = flow_action_new(r, VSWITCH_A_ACTION_CONTROLLER);

	if (!action)
		return -1;
	action->controller.max_len = max_len;
	action->controller.rate = FLOW_RATE;
	return 0;
}

/* "FIELD[FIRST..LAST]" has the number of the port. */
static int add_output_field(struct flow_reader *r, char *text)
{
	struct flow_action *action;
	struct flow_field f;

	if (flow_parse_subfield(text, &f, r->err) < 0)
		return -1;
	action = flow_action_new(r, VSWITCH_A_ACTION_OUTPUT_FIELD);
	if (!action)
		return -1;
	action->move.src = f.field;
	action->move.src_offset = f.shift;
	action->move.bits = f.bits;
	return 0;
}

static int add_output(struct flow_reader *r, char *port)
{
	uint32_t number;

	if (!strcasecmp(port, "controller"))
		return add_controller(r, FLOW_MAX_LEN);
	if (*port != '"' && strchr(port, '['))
		return add_output_field(r, port);
	if (flow_port_parse("output", port, r->ports, &number, r->err) < 0)
		return -1;
	if (number == OPENFLOW_CONTROLLER)
		return add_controller(r, FLOW_MAX_LEN);
	return flow_action_number(r, VSWITCH_A_ACTION_OUTPUT, number);
}

/* To which packets are cut. */
static int read_length(struct flow_reader *r, const char *what, const char *text,
		       uint64_t *length)
{
	if (flow_parse_number(what, text, UINT32_MAX, length, r->err) < 0)
		return -1;
	if (*length < MAX_LEN_LEAST)
		return err_set(r->err, STATUS_USAGE, "%s: '%s' is too small, the least is %u",
			       what, text, MAX_LEN_LEAST);
	return 0;
}

static int read_truncate(struct flow_reader *r)
{
	uint64_t length;

	if (flow_need_value(r) < 0 || read_length(r, "truncate", r->piece.value, &length) < 0)
		return -1;
	return flow_action_number(r, VSWITCH_A_ACTION_TRUNCATE, length);
}

/* output(port=N,max_len=N) */
static int read_output_pieces(struct flow_reader *r, char **port, uint64_t *max_len)
{
	char *text = r->piece.value;
	struct flow_piece piece;
	int ret;

	while ((ret = flow_piece_next(&text, &piece, r->err)) > 0) {
		if (piece.form == '=' && !strcmp(piece.key, "port"))
			*port = piece.value;
		else if (piece.form != '=' || strcmp(piece.key, "max_len"))
			return err_set(r->err, STATUS_USAGE,
				       "output: '%s' is neither 'port=' nor 'max_len='", piece.key);
		else if (read_length(r, "max_len", piece.value, max_len) < 0)
			return -1;
	}
	return ret;
}

static int read_output(struct flow_reader *r)
{
	uint64_t max_len = 0;
	char *port = NULL;

	if (flow_need_value(r) < 0)
		return -1;
	if (r->piece.form != '(')
		return add_output(r, r->piece.value);
	if (read_output_pieces(r, &port, &max_len) < 0)
		return -1;
	if (!port || !max_len)
		return err_set(r->err, STATUS_USAGE, "output: 'port=' or 'max_len=' is missing");
	if (flow_action_number(r, VSWITCH_A_ACTION_TRUNCATE, max_len) < 0)
		return -1;
	return add_output(r, port);
}

static int read_drop(struct flow_reader *r)
{
	struct flow_action *action;
	const char *p;

	r->drops = true;
	if (!r->piece.form || !*r->piece.value)
		return 0;
	for (p = r->piece.value; *p; p++)
		if (!isalnum((unsigned char)*p) && !strchr("_-.:/ ", *p))
			return err_set(r->err, STATUS_USAGE,
				       "drop: a label is made of letters, digits, blanks and _-.:/");
	if (p - r->piece.value > VSWITCH_FLOW_LABEL_LEN)
		return err_set(r->err, STATUS_USAGE, "drop: the label is too long, the most is %d bytes",
			       VSWITCH_FLOW_LABEL_LEN);
	action = flow_action_new(r, VSWITCH_A_ACTION_DROP);
	if (!action)
		return -1;
	strcpy(action->label, r->piece.value);
	return 0;
}

static int hex_digit(char c)
{
	const char *digits = "0123456789abcdef", *p;

	p = c ? strchr(digits, tolower((unsigned char)c)) : NULL;
	return p ? p - digits : -1;
}

/* "00.1f.aa" */
static int read_userdata(const char *text, struct flow_controller *controller, struct err *err)
{
	const char *p = text;
	int high, low;

	while (*p) {
		high = hex_digit(*p);
		low = high < 0 ? -1 : hex_digit(p[1]);
		if (low < 0 || (p[2] && p[2] != '.') || (p[2] && !p[3]))
			return err_set(err, STATUS_USAGE,
				       "userdata: '%s' is not pairs of hexadecimal digits with dots between",
				       text);
		if (controller->n_userdata == VSWITCH_FLOW_USERDATA_LEN)
			return err_set(err, STATUS_USAGE, "userdata: more than %d bytes",
				       VSWITCH_FLOW_USERDATA_LEN);
		controller->userdata[controller->n_userdata++] = high << 4 | low;
		p += p[2] ? 3 : 2;
	}
	return 0;
}

static int read_max_len(const char *text, struct flow_controller *controller, struct err *err)
{
	uint64_t number;

	if (flow_parse_number("max_len", text, FLOW_MAX_LEN, &number, err) < 0)
		return -1;
	controller->max_len = number;
	return 0;
}

static int read_controller_piece(const struct flow_piece *piece,
				 struct flow_controller *controller, struct err *err)
{
	uint64_t number;

	if (piece->form != '=')
		return err_set(err, STATUS_USAGE, "controller: '%s' lacks '=' and its value",
			       piece->key);
	if (!strcmp(piece->key, "userdata")) {
		controller->n_userdata = 0;
		return read_userdata(piece->value, controller, err);
	}
	if (!strcmp(piece->key, "max_len"))
		return read_max_len(piece->value, controller, err);
	if (strcmp(piece->key, "rate"))
		return err_set(err, STATUS_USAGE,
			       "controller: '%s' is none of max_len, rate, userdata", piece->key);
	if (flow_parse_number("rate", piece->value, UINT32_MAX, &number, err) < 0)
		return -1;
	if (!number)
		return err_set(err, STATUS_USAGE, "rate: one packet a second is the least");
	controller->rate = number;
	return 0;
}

static int read_controller(struct flow_reader *r)
{
	struct flow_controller *controller;
	char *text = r->piece.value;
	struct flow_piece piece;
	int ret;

	if (add_controller(r, FLOW_MAX_LEN) < 0)
		return -1;
	controller = &r->actions->action[r->actions->n - 1].controller;
	if (!r->piece.form)
		return 0;
	if (r->piece.form != '(')
		return read_max_len(text, controller, r->err);
	while ((ret = flow_piece_next(&text, &piece, r->err)) > 0)
		if (read_controller_piece(&piece, controller, r->err) < 0)
			return -1;
	return ret;
}

/* ---- copies -------------------------------------------------------------------- */

static int read_mirror(struct flow_reader *r)
{
	size_t len = r->piece.value ? strlen(r->piece.value) : 0;
	struct flow_action *action;
	char *name = r->piece.value;

	if (flow_need_value(r) < 0)
		return -1;
	if (*name == '"' && len >= 2 && name[len - 1] == '"') {
		name[len - 1] = '\0';
		name++;
	}
	if (strchr(name, '"'))
		return err_set(r->err, STATUS_USAGE,
			       "mirror: a name with a quotation mark in it can't be written");
	action = flow_action_new(r, VSWITCH_A_ACTION_MIRROR);
	if (!action)
		return -1;
	return parse_name("mirror", name, action->mirror, r->err);
}

/* Open vSwitch has so many of 65535 packets instead of one of so many. */
static int read_probability(const char *text, struct flow_sample *sample, struct err *err)
{
	uint64_t number;

	if (flow_parse_number("probability", text, UINT16_MAX, &number, err) < 0)
		return -1;
	if (!number || UINT16_MAX % number)
		return err_set(err, STATUS_USAGE,
			       "probability: %s of 65535 packets is not one of a whole number: use rate=N, one of N packets",
			       text);
	sample->rate = UINT16_MAX / number;
	return 0;
}

static int read_sample_piece(const struct flow_piece *piece, struct flow_sample *sample,
			     struct err *err)
{
	static const char * const names[] = { "rate", "group", "max_len" };
	uint32_t * const to[] = { &sample->rate, &sample->group, &sample->max_len };
	static const uint32_t max[] = { UINT32_MAX, UINT32_MAX, FLOW_MAX_LEN };
	static const uint32_t min[] = { 1, 0, MAX_LEN_LEAST };
	uint64_t number;
	size_t i;

	if (piece->form == '=' && !strcmp(piece->key, "probability"))
		return read_probability(piece->value, sample, err);
	for (i = 0; i < N_OF(names) && strcmp(piece->key, names[i]); i++)
		;
	if (i == N_OF(names) || piece->form != '=')
		return err_set(err, STATUS_USAGE,
			       "sample: '%s' is none of rate=, probability=, group=, max_len=",
			       piece->key);
	if (flow_parse_number(names[i], piece->value, max[i], &number, err) < 0)
		return -1;
	if (number < min[i])
		return err_set(err, STATUS_USAGE, "%s: '%s' is too small, the least is %u",
			       names[i], piece->value, min[i]);
	*to[i] = number;
	return 0;
}

static int read_sample(struct flow_reader *r)
{
	struct flow_sample sample = { .max_len = FLOW_MAX_LEN };
	char *text = r->piece.value;
	struct flow_action *action;
	struct flow_piece piece;
	int ret = 0;

	if (r->piece.form && r->piece.form != '(')
		return err_set(r->err, STATUS_USAGE, "'sample' lacks its parentheses");
	while (text && (ret = flow_piece_next(&text, &piece, r->err)) > 0)
		if (read_sample_piece(&piece, &sample, r->err) < 0)
			return -1;
	if (ret < 0)
		return -1;
	if (!sample.rate)
		return err_set(r->err, STATUS_USAGE, "sample: 'rate=' is missing");
	action = flow_action_new(r, VSWITCH_A_ACTION_SAMPLE);
	if (!action)
		return -1;
	action->sample = sample;
	return 0;
}

/* ---- where on ------------------------------------------------------------------ */

/* "PORT", "PORT,", ",TABLE" or "PORT,TABLE"; in_port is the port that the packet has. */
static int read_resubmit_port(struct flow_reader *r, char *port, struct flow_resubmit *resubmit)
{
	if (!*port || !strcasecmp(port, "in_port"))
		return 0;
	if (flow_port_parse("resubmit", port, r->ports, &resubmit->port, r->err) < 0)
		return -1;
	resubmit->has_port = resubmit->port != VSWITCH_FLOW_PORT_IN_PORT;
	return 0;
}

static int read_resubmit(struct flow_reader *r)
{
	struct flow_resubmit resubmit = {};
	struct flow_action *action;
	char *comma, *table = NULL;
	uint64_t number;

	if (flow_need_value(r) < 0)
		return -1;
	comma = r->piece.form == '(' ? strchr(r->piece.value, ',') : NULL;
	if (comma) {
		*comma = '\0';
		table = comma + 1 + strspn(comma + 1, " ");
	}
	if (read_resubmit_port(r, r->piece.value, &resubmit) < 0)
		return -1;
	if (table && *table) {
		if (strchr(table, ','))
			return err_set(r->err, STATUS_USAGE,
				       "resubmit: '%s' is more than a port and a table", table);
		if (flow_parse_number("resubmit", table, VSWITCH_FLOW_TABLE_MAX, &number,
				      r->err) < 0)
			return -1;
		resubmit.has_table = true;
		resubmit.table = number;
	}
	if (!resubmit.has_port && !resubmit.has_table)
		return err_set(r->err, STATUS_USAGE,
			       "resubmit: without another port or table it would find the same flow");
	action = flow_action_new(r, VSWITCH_A_ACTION_RESUBMIT);
	if (!action)
		return -1;
	action->resubmit = resubmit;
	return 0;
}

/* ---- all of them ---------------------------------------------------------------- */

/* With a number; those that are 0 at most have none. */
static const struct {
	const char *name;
	uint8_t type;
	uint32_t max;
} plain[] = {
	{ "group", VSWITCH_A_ACTION_GROUP, VSWITCH_FLOW_GROUP_MAX },
	{ "meter", VSWITCH_A_ACTION_METER, VSWITCH_FLOW_METER_MAX },
	{ "goto_table", VSWITCH_A_ACTION_GOTO, VSWITCH_FLOW_TABLE_MAX },
	{ "set_queue", VSWITCH_A_ACTION_PRIORITY, UINT32_MAX },
	{ "strip_vlan", VSWITCH_A_ACTION_POP_VLAN, 0 },
	{ "pop_vlan", VSWITCH_A_ACTION_POP_VLAN, 0 },
	{ "dec_ttl", VSWITCH_A_ACTION_DEC_TTL, 0 },
	{ "reject", VSWITCH_A_ACTION_REJECT, 0 },
};

static int read_plain(struct flow_reader *r, size_t i)
{
	uint64_t number = 0;

	if (!plain[i].max ? flow_no_value(r) < 0 : flow_read_number(r, plain[i].max, &number) < 0)
		return -1;
	return flow_action_number(r, plain[i].type, number);
}

static const struct {
	const char *name;
	int (*read)(struct flow_reader *r);
} others[] = {
	{ "output", read_output },
	{ "truncate", read_truncate },
	{ "drop", read_drop },
	{ "controller", read_controller },
	{ "CONTROLLER", read_controller },
	{ "resubmit", read_resubmit },
	{ "ct", flow_read_ct },
	{ "learn", flow_read_learn },
	{ "sample", read_sample },
	{ "mirror", read_mirror },
};

/* Of ovs-ofctl(8); vswitch lacks them. */
static const char * const lacking[] = {
	"ct_clear", "note", "bundle", "bundle_load", "multipath",
	"conjunction", "clone", "check_pkt_larger", "encap", "decap", "enqueue", "pop_queue",
	"push", "pop", "exit", "fin_timeout", "clear_actions", "write_actions", "apply_actions",
	"dec_mpls_ttl", "set_mpls_label", "set_mpls_tc", "set_mpls_ttl", "push_mpls", "pop_mpls",
	"dec_nsh_ttl", "nat", "delete_field", "unroll_xlate",
};

/* A word that is no action: a port, by its number or name. */
static int read_port(struct flow_reader *r)
{
	uint32_t number;
	size_t i;

	for (i = 0; i < N_OF(lacking); i++)
		if (!strcmp(r->piece.key, lacking[i]))
			return err_set(r->err, STATUS_USAGE, "vswitch has no action '%s'",
				       r->piece.key);
	if (r->piece.form)
		return err_set(r->err, STATUS_USAGE, "there is no action '%s'", r->piece.key);
	if (isdigit((unsigned char)*r->piece.key) || *r->piece.key == '"')
		return add_output(r, r->piece.key);
	if (flow_port_parse("actions", r->piece.key, r->ports, &number, r->err) < 0)
		return r->err && r->err->status != STATUS_USAGE ? -1 :
		       err_set(r->err, STATUS_USAGE,
			       "'%s' is no action, and no port of the switch", r->piece.key);
	return flow_action_number(r, VSWITCH_A_ACTION_OUTPUT, number);
}

static int read_action(struct flow_reader *r)
{
	const char *key = r->piece.key;
	size_t i;
	int ret;

	for (i = 0; i < N_OF(others); i++)
		if (!strcmp(key, others[i].name))
			return others[i].read(r);
	for (i = 0; i < N_OF(plain); i++)
		if (!strcmp(key, plain[i].name))
			return read_plain(r, i);
	ret = flow_read_field_action(r);
	return ret ? (ret < 0 ? -1 : 0) : read_port(r);
}

int flow_parse_actions(char *text, struct flow_ports *ports, struct flow_actions *actions,
		       struct err *err)
{
	struct flow_reader r = { .ports = ports, .actions = actions, .err = err };
	unsigned int n = 0;
	int ret;

	flow_actions_empty(actions);
	for (; (ret = flow_piece_next(&text, &r.piece, err)) > 0; n++)
		if (read_action(&r) < 0)
			return -1;
	if (ret < 0)
		return -1;
	if (!n)
		return err_set(err, STATUS_USAGE,
			       "the actions are missing; 'actions=drop' drops the packets");
	if (r.drops && n > 1)
		return err_set(err, STATUS_USAGE, "'drop' stands alone, or not at all");
	return 0;
}
