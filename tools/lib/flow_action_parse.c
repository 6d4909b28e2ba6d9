// SPDX-License-Identifier: GPL-2.0
/* The text of actions -> structs. */
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "flow.h"
#include "flow_private.h"
#include "status.h"

#define N_OF(a) (sizeof(a) / sizeof((a)[0]))

/* What an action is read from and into. */
struct reader {
	struct flow_piece piece;
	struct flow_ports *ports;
	struct flow_actions *actions;
	bool drops;
	struct err *err;
};

static struct flow_action *grow(struct reader *r, unsigned int type)
{
	struct flow_action *action = flow_actions_grow(r->actions);

	if (action)
		action->type = type;
	else
		err_set(r->err, STATUS_SYSTEM, "out of memory");
	return action;
}

static int add_number(struct reader *r, unsigned int type, uint32_t number)
{
	struct flow_action *action = grow(r, type);

	if (!action)
		return -1;
	action->number = number;
	return 0;
}

static int add_set(struct reader *r, const struct flow_term *term)
{
	struct flow_action *action = grow(r, VSWITCH_A_ACTION_SET);

	if (!action)
		return -1;
	action->set = *term;
	return 0;
}

/* The value behind ':' or within parentheses. */
static int need_value(struct reader *r)
{
	if (r->piece.value && *r->piece.value)
		return 0;
	return err_set(r->err, STATUS_USAGE, "'%s' lacks ':' and its value", r->piece.key);
}

static int no_value(struct reader *r)
{
	if (!r->piece.form)
		return 0;
	return err_set(r->err, STATUS_USAGE, "'%s' has no value", r->piece.key);
}

static int read_number(struct reader *r, uint64_t max, uint64_t *number)
{
	if (need_value(r) < 0)
		return -1;
	return flow_parse_number(r->piece.key, r->piece.value, max, number, r->err);
}

/* ---- where to ------------------------------------------------------------------ */

static int add_controller(struct reader *r, uint32_t max_len)
{
	struct flow_action *action = grow(r, VSWITCH_A_ACTION_CONTROLLER);

	if (!action)
		return -1;
	action->controller.max_len = max_len;
	action->controller.rate = FLOW_RATE;
	return 0;
}

static int add_output(struct reader *r, char *port)
{
	uint32_t number;

	if (!strcasecmp(port, "controller") || !strcmp(port, "65533"))
		return add_controller(r, FLOW_MAX_LEN);
	if (strchr(port, '['))
		return err_set(r->err, STATUS_USAGE,
			       "output: '%s': vswitch does not take the port from a field", port);
	if (flow_port_parse("output", port, r->ports, &number, r->err) < 0)
		return -1;
	return add_number(r, VSWITCH_A_ACTION_OUTPUT, number);
}

/* output(port=N,max_len=N) */
static int read_output_pieces(struct reader *r, char **port, uint64_t *max_len)
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
		else if (flow_parse_number("max_len", piece.value, UINT32_MAX, max_len,
					   r->err) < 0)
			return -1;
	}
	return ret;
}

static int read_output(struct reader *r)
{
	uint64_t max_len = 0;
	char *port = NULL;

	if (need_value(r) < 0)
		return -1;
	if (r->piece.form != '(')
		return add_output(r, r->piece.value);
	if (read_output_pieces(r, &port, &max_len) < 0)
		return -1;
	if (!port || !max_len)
		return err_set(r->err, STATUS_USAGE, "output: 'port=' or 'max_len=' is missing");
	if (add_number(r, VSWITCH_A_ACTION_TRUNCATE, max_len) < 0)
		return -1;
	return add_output(r, port);
}

static int read_drop(struct reader *r)
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
	action = grow(r, VSWITCH_A_ACTION_DROP);
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

static int read_controller(struct reader *r)
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

/* ---- where on ------------------------------------------------------------------ */

/* "PORT", "PORT,", ",TABLE" or "PORT,TABLE"; in_port is the port that the packet has. */
static int read_resubmit_port(struct reader *r, char *port, struct flow_resubmit *resubmit)
{
	if (!*port || !strcasecmp(port, "in_port"))
		return 0;
	if (flow_port_parse("resubmit", port, r->ports, &resubmit->port, r->err) < 0)
		return -1;
	resubmit->has_port = resubmit->port != VSWITCH_FLOW_PORT_IN_PORT;
	return 0;
}

static int read_resubmit(struct reader *r)
{
	struct flow_resubmit resubmit = {};
	struct flow_action *action;
	char *comma, *table = NULL;
	uint64_t number;

	if (need_value(r) < 0)
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
	action = grow(r, VSWITCH_A_ACTION_RESUBMIT);
	if (!action)
		return -1;
	action->resubmit = resubmit;
	return 0;
}

/* ---- fields -------------------------------------------------------------------- */

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

/* Cut "WHAT->WHERE". */
static char *cut_arrow(struct reader *r)
{
	char *arrow = need_value(r) < 0 ? NULL : strstr(r->piece.value, "->");

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

static int set_field(struct reader *r, const struct flow_field *f, char *value)
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

static int read_set_field(struct reader *r)
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
static int read_load(struct reader *r)
{
	char *where = cut_arrow(r);
	struct flow_term term = {};
	unsigned int i, at, size;
	struct flow_field f;
	uint64_t number;

	if (!where || flow_parse_subfield(where, &f, r->err) < 0)
		return -1;
	if (flow_parse_number("load", r->piece.value,
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

static int read_move(struct reader *r)
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
	action = grow(r, VSWITCH_A_ACTION_MOVE);
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

static int read_setter(struct reader *r, const char *field)
{
	if (need_value(r) < 0)
		return -1;
	if (strchr(r->piece.value, '/') && strcmp(field, "metadata"))
		return err_set(r->err, STATUS_USAGE,
			       "%s takes no mask: 'set_field:%s->%s' does", r->piece.key,
			       r->piece.value, field);
	return set_field(r, flow_field_find(field), r->piece.value);
}

/* Of a tag that is there; where there is none they do nothing. */
static int set_tag(struct reader *r, uint64_t max, unsigned int shift)
{
	struct flow_term term = { .field = VSWITCH_A_MATCH_VLAN_TCI };
	uint64_t number;

	if (read_number(r, max, &number) < 0)
		return -1;
	flow_put_number(term.field, term.value, number << shift);
	flow_put_number(term.field, term.mask, max << shift);
	return add_set(r, &term);
}

static int read_push_vlan(struct reader *r)
{
	uint64_t type;

	if (read_number(r, UINT16_MAX, &type) < 0)
		return -1;
	if (type != 0x8100 && type != 0x88a8)
		return err_set(r->err, STATUS_USAGE, "push_vlan: 0x%x is neither 0x8100 nor 0x88a8",
			       (unsigned int)type);
	return add_number(r, VSWITCH_A_ACTION_PUSH_VLAN, type);
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
	{ "truncate", VSWITCH_A_ACTION_TRUNCATE, UINT32_MAX },
	{ "strip_vlan", VSWITCH_A_ACTION_POP_VLAN, 0 },
	{ "pop_vlan", VSWITCH_A_ACTION_POP_VLAN, 0 },
	{ "dec_ttl", VSWITCH_A_ACTION_DEC_TTL, 0 },
};

static int read_plain(struct reader *r, size_t i)
{
	uint64_t number = 0;

	if (!plain[i].max ? no_value(r) < 0 : read_number(r, plain[i].max, &number) < 0)
		return -1;
	return add_number(r, plain[i].type, number);
}

static const struct {
	const char *name;
	int (*read)(struct reader *r);
} others[] = {
	{ "output", read_output },
	{ "drop", read_drop },
	{ "controller", read_controller },
	{ "CONTROLLER", read_controller },
	{ "resubmit", read_resubmit },
	{ "set_field", read_set_field },
	{ "load", read_load },
	{ "move", read_move },
	{ "push_vlan", read_push_vlan },
};

/* Of ovs-ofctl(8); vswitch lacks them. */
static const char * const lacking[] = {
	"ct", "ct_clear", "learn", "note", "sample", "bundle", "bundle_load", "multipath",
	"conjunction", "clone", "check_pkt_larger", "encap", "decap", "enqueue", "pop_queue",
	"push", "pop", "exit", "fin_timeout", "clear_actions", "write_actions", "apply_actions",
	"dec_mpls_ttl", "set_mpls_label", "set_mpls_tc", "set_mpls_ttl", "push_mpls", "pop_mpls",
	"dec_nsh_ttl", "nat", "delete_field", "unroll_xlate",
};

/* A word that is no action: a port, by its number or name. */
static int read_port(struct reader *r)
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
	return add_number(r, VSWITCH_A_ACTION_OUTPUT, number);
}

static int read_action(struct reader *r)
{
	const char *key = r->piece.key;
	size_t i;

	for (i = 0; i < N_OF(others); i++)
		if (!strcmp(key, others[i].name))
			return others[i].read(r);
	for (i = 0; i < N_OF(plain); i++)
		if (!strcmp(key, plain[i].name))
			return read_plain(r, i);
	for (i = 0; i < N_OF(setters); i++)
		if (!strcmp(key, setters[i].action))
			return read_setter(r, setters[i].field);
	if (!strcmp(key, "set_vlan_vid"))
		return set_tag(r, 0xfff, 0);
	if (!strcmp(key, "set_vlan_pcp"))
		return set_tag(r, 7, 13);
	return read_port(r);
}

int flow_parse_actions(char *text, struct flow_ports *ports, struct flow_actions *actions,
		       struct err *err)
{
	struct reader r = { .ports = ports, .actions = actions, .err = err };
	unsigned int n = 0;
	int ret;

	actions->n = 0;
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
