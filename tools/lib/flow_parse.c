// SPDX-License-Identifier: GPL-2.0
/* The text of a flow, or of which flows are meant -> structs. */
#include <stdlib.h>
#include <string.h>

#include "flow.h"
#include "flow_private.h"
#include "status.h"
#include "units.h"

#define BLANKS	", \t\r\n"

/* ---- pieces ------------------------------------------------------------------ */

/*
 * The end of a value: a blank or a comma outside of quotes and parentheses, or with close
 * the parenthesis that closes. NULL: there is none.
 */
static char *value_end(char *p, bool close)
{
	unsigned int depth = close;
	bool quoted = false;

	for (; *p; p++) {
		if (*p == '"')
			quoted = !quoted;
		else if (quoted)
			continue;
		else if (*p == '(')
			depth++;
		else if (*p == ')' && depth && !--depth && close)
			return p;
		else if (!depth && strchr(BLANKS, *p))
			return p;
	}
	return depth || quoted ? NULL : p;
}

static int take_parentheses(char **text, struct flow_piece *piece, struct err *err)
{
	char *p = value_end(piece->value, true);

	if (!p)
		return err_set(err, STATUS_USAGE, "'%s(': the parenthesis is not closed",
			       piece->key);
	*p++ = '\0';
	if (*p && !strchr(BLANKS, *p))
		return err_set(err, STATUS_USAGE,
			       "'%s(%s)': what is behind it, '%.16s', does not belong there",
			       piece->key, piece->value, p);
	*text = p;
	return 1;
}

int flow_piece_next(char **text, struct flow_piece *piece, struct err *err)
{
	char *p = *text + strspn(*text, BLANKS);

	if (!*p)
		return 0;
	*piece = (struct flow_piece){ .key = p };
	p = *p == '"' ? value_end(p, false) : p + strcspn(p, "=:(" BLANKS);
	if (!p)
		return err_set(err, STATUS_USAGE, "a quotation mark is not closed");
	if (p == piece->key)
		return err_set(err, STATUS_USAGE, "'%.32s': a name is missing in front of it", p);
	if (!*p || strchr(BLANKS, *p)) {
		*text = p + !!*p;
		*p = '\0';
		return 1;
	}
	piece->form = *p;
	*p++ = '\0';
	piece->value = p;
	if (piece->form == '(')
		return take_parentheses(text, piece, err);
	p = value_end(p, false);
	if (!p)
		return err_set(err, STATUS_USAGE,
			       "'%s': a parenthesis or a quotation mark is not closed", piece->key);
	*text = p + !!*p;
	*p = '\0';
	return 1;
}

/* ---- match ------------------------------------------------------------------- */

int flow_match_add(struct flow_match *match, const char *name, const struct flow_term *term,
		   struct err *err)
{
	struct flow_term *old = flow_match_find(match, term->field);
	unsigned int i;

	if (!old) {
		old = flow_match_grow(match, term->field);
		if (!old)
			return err_set(err, STATUS_SYSTEM, "out of memory");
	}
	for (i = 0; i < FLOW_FIELD_SIZE; i++) {
		if ((old->value[i] ^ term->value[i]) & old->mask[i] & term->mask[i])
			return err_set(err, STATUS_USAGE,
				       "'%s': another value was given before", name);
		old->value[i] |= term->value[i];
		old->mask[i] |= term->mask[i];
	}
	return 0;
}

static int add_exact(struct flow_match *match, const char *name, unsigned int field,
		     uint64_t number, struct err *err)
{
	struct flow_term term = { .field = field };

	flow_put_number(field, term.value, number);
	flow_full_mask(field, term.mask);
	return flow_match_add(match, name, &term, err);
}

static int add_protocol(struct flow_match *match, const struct flow_protocol *protocol,
			struct err *err)
{
	if (add_exact(match, protocol->name, VSWITCH_A_MATCH_ETH_TYPE, protocol->eth_type,
		      err) < 0)
		return -1;
	return protocol->has_proto ?
	       add_exact(match, protocol->name, VSWITCH_A_MATCH_IP_PROTO, protocol->proto, err) : 0;
}

static bool is_empty(const struct flow_term *term)
{
	static const uint8_t none[FLOW_FIELD_SIZE];

	return !memcmp(term->mask, none, sizeof(none));
}

/* A port is an exact one, some by a mask, or a range: one of these. */
static int check_ranges(const struct flow_match *match, struct err *err)
{
	if (flow_match_find(match, VSWITCH_A_MATCH_TP_SRC) &&
	    flow_match_find(match, VSWITCH_A_MATCH_TP_SRC_RANGE))
		return err_set(err, STATUS_USAGE, "'tp_src': another value was given before");
	if (flow_match_find(match, VSWITCH_A_MATCH_TP_DST) &&
	    flow_match_find(match, VSWITCH_A_MATCH_TP_DST_RANGE))
		return err_set(err, STATUS_USAGE, "'tp_dst': another value was given before");
	return 0;
}

/* 1: the piece is one of a match, 0: it is none, -1. */
static int take_match(const struct flow_piece *piece, struct flow_ports *ports,
		      struct flow_match *match, struct err *err)
{
	const struct flow_protocol *protocol;
	const struct flow_field *f;
	struct flow_term term;

	if (!piece->form) {
		protocol = flow_protocol_find(piece->key);
		if (protocol)
			return add_protocol(match, protocol, err) < 0 ? -1 : 1;
	}
	f = flow_field_find(piece->key);
	if (!f)
		return 0;
	if (piece->form != '=')
		return err_set(err, STATUS_USAGE, "'%s' lacks '=' and its value", piece->key);
	if (flow_parse_value(f, piece->value, ports, &term, err) < 0)
		return -1;
	if (flow_is_range(term.field) && flow_match_find(match, term.field))
		return err_set(err, STATUS_USAGE, "'%s': another value was given before", f->name);
	if (is_empty(&term))
		return 1;
	if (flow_match_add(match, f->name, &term, err) < 0 || check_ranges(match, err) < 0)
		return -1;
	return 1;
}

/* ---- what is said of a flow beside its match ----------------------------------- */

int flow_parse_time(const char *what, const char *text, uint32_t *ms, struct err *err)
{
	uint64_t milli;

	if (units_parse_milli(what, text, &milli, STATUS_USAGE, err) < 0)
		return -1;
	if (milli > VSWITCH_FLOW_TIMEOUT_MAX)
		return err_set(err, STATUS_USAGE, "%s: '%s' seconds are too many, the most is %u",
			       what, text, VSWITCH_FLOW_TIMEOUT_MAX / 1000);
	*ms = milli;
	return 0;
}

static const struct {
	const char *name;
	uint32_t flag;			/* 0: means nothing */
} flag_words[] = {
	{ "send_flow_rem", VSWITCH_FLOW_FLAG_SEND_REMOVED },
	{ "check_overlap", VSWITCH_FLOW_FLAG_CHECK_OVERLAP },
	{ "no_counts", VSWITCH_FLOW_FLAG_NO_COUNTS },
	{ "no_packet_counts", VSWITCH_FLOW_FLAG_NO_COUNTS },
	{ "no_byte_counts", VSWITCH_FLOW_FLAG_NO_COUNTS },
};

/* What dumps say, and who feeds them back does not mean. */
static const char * const said_only[] = {
	"duration", "n_packets", "n_bytes", "idle_age", "hard_age",
};

#define N_OF(a) (sizeof(a) / sizeof((a)[0]))

static int take_flag(const struct flow_piece *piece, struct vsw_flow *flow)
{
	size_t i;

	for (i = 0; !piece->form && i < N_OF(flag_words); i++) {
		if (!strcmp(piece->key, flag_words[i].name)) {
			flow->flags |= flag_words[i].flag;
			flow->has |= HAS(VSWITCH_A_FLOW_ENTRY_FLAGS);
			return 1;
		}
	}
	for (i = 0; piece->form && i < N_OF(said_only); i++)
		if (!strcmp(piece->key, said_only[i]))
			return 1;
	return 0;
}

static int take_number(const struct flow_piece *piece, uint64_t max, uint64_t *number,
		       struct err *err)
{
	if (piece->form != '=')
		return err_set(err, STATUS_USAGE, "'%s' lacks '=' and its value", piece->key);
	return flow_parse_number(piece->key, piece->value, max, number, err);
}

enum setting { SET_TABLE, SET_PRIORITY, SET_COOKIE, SET_IDLE, SET_HARD, SET_IMPORTANCE };

static const struct {
	const char *name;
	uint16_t attr;
	uint64_t max;			/* 0: it is a time */
} settings[] = {
	[SET_TABLE] = { "table", VSWITCH_A_FLOW_ENTRY_TABLE, VSWITCH_FLOW_TABLE_MAX },
	[SET_PRIORITY] = { "priority", VSWITCH_A_FLOW_ENTRY_PRIORITY, UINT16_MAX },
	[SET_COOKIE] = { "cookie", VSWITCH_A_FLOW_ENTRY_COOKIE, UINT64_MAX },
	[SET_IDLE] = { "idle_timeout", VSWITCH_A_FLOW_ENTRY_IDLE_TIMEOUT, 0 },
	[SET_HARD] = { "hard_timeout", VSWITCH_A_FLOW_ENTRY_HARD_TIMEOUT, 0 },
	[SET_IMPORTANCE] = { "importance", VSWITCH_A_FLOW_ENTRY_IMPORTANCE, UINT16_MAX },
};

static int set(struct vsw_flow *flow, enum setting which, const struct flow_piece *piece,
	       struct err *err)
{
	uint32_t ms = 0;
	uint64_t number = 0;

	if (settings[which].max) {
		if (take_number(piece, settings[which].max, &number, err) < 0)
			return -1;
	} else if (piece->form != '=') {
		return err_set(err, STATUS_USAGE, "'%s' lacks '=' and its value", piece->key);
	} else if (flow_parse_time(piece->key, piece->value, &ms, err) < 0) {
		return -1;
	}
	switch (which) {
	case SET_TABLE:
		flow->table = number;
		break;
	case SET_PRIORITY:
		flow->priority = number;
		break;
	case SET_COOKIE:
		flow->cookie = number;
		break;
	case SET_IDLE:
		flow->idle_timeout = ms;
		break;
	case SET_HARD:
		flow->hard_timeout = ms;
		break;
	case SET_IMPORTANCE:
		flow->importance = number;
		break;
	}
	return 1;
}

/* 1: the piece is one of these, 0: it is none, -1. */
static int take_setting(const struct flow_piece *piece, struct vsw_flow *flow, struct err *err)
{
	size_t i;

	for (i = 0; i < N_OF(settings); i++) {
		if (strcmp(piece->key, settings[i].name))
			continue;
		if (flow->has & HAS(settings[i].attr))
			return err_set(err, STATUS_USAGE, "'%s' was given before", piece->key);
		flow->has |= HAS(settings[i].attr);
		return set(flow, i, piece, err);
	}
	return take_flag(piece, flow);
}

static int unknown(const struct flow_piece *piece, struct err *err)
{
	return err_set(err, STATUS_USAGE, "'%s' is no field and no setting of a flow", piece->key);
}

/* Behind "actions=" all is of them. NULL: that is not what the text begins with. */
static char *behind_actions(char *text)
{
	char *p = text + strspn(text, BLANKS);

	if (!strncmp(p, "actions=", 8))
		return p + 8;
	return strncmp(p, "action=", 7) ? NULL : p + 7;
}

/* ---- all of it ----------------------------------------------------------------- */

int flow_parse(char *text, struct flow_ports *ports, struct vsw_flow *flow, struct err *err)
{
	struct flow_piece piece;
	char *actions = NULL;
	int ret = 1;

	flow_reset(flow);
	flow->priority = VSWITCH_FLOW_PRIORITY;
	while (ret > 0) {
		actions = behind_actions(text);
		if (actions)
			break;
		ret = flow_piece_next(&text, &piece, err);
		if (ret <= 0)
			break;
		ret = take_match(&piece, ports, &flow->match, err) ?:
		      take_setting(&piece, flow, err);
		if (!ret)
			return unknown(&piece, err);
	}
	if (ret < 0)
		return -1;
	if (!actions)
		return err_set(err, STATUS_USAGE,
			       "'actions=' is missing; 'actions=drop' drops the packets");
	flow->has |= HAS(VSWITCH_A_FLOW_ENTRY_MATCH) | HAS(VSWITCH_A_FLOW_ENTRY_ACTIONS) |
		     HAS(VSWITCH_A_FLOW_ENTRY_TABLE) | HAS(VSWITCH_A_FLOW_ENTRY_PRIORITY);
	return flow_parse_actions(actions, ports, &flow->actions, err);
}

static int take_cookie(const struct flow_piece *piece, enum flow_use use,
		       struct vsw_flow_request *req, struct err *err)
{
	char *slash = piece->form == '=' ? strchr(piece->value, '/') : NULL;
	uint64_t mask = UINT64_MAX;

	if (req->has & HAS(VSWITCH_A_FLOW_COOKIE))
		return err_set(err, STATUS_USAGE, "'cookie' was given before");
	if (slash)
		*slash = '\0';
	if (take_number(piece, UINT64_MAX, &req->cookie, err) < 0 ||
	    (slash && flow_parse_bits("cookie", slash + 1, UINT64_MAX, &mask, err) < 0))
		return -1;
	if (!slash && use == FLOW_USE_MODIFY)
		return err_set(err, STATUS_USAGE,
			       "flows keep their cookie; to name them by it, write cookie=%s/-1",
			       piece->value);
	req->cookie &= mask;
	req->cookie_mask = mask;
	req->has |= HAS(VSWITCH_A_FLOW_COOKIE) | HAS(VSWITCH_A_FLOW_COOKIE_MASK);
	return 1;
}

static int take_table(const struct flow_piece *piece, struct vsw_flow_request *req,
		      struct err *err)
{
	uint64_t number;

	/* OpenFlow's number for all of them */
	if (piece->form == '=' && !strcmp(piece->value, "255"))
		return 1;
	if (take_number(piece, VSWITCH_FLOW_TABLE_MAX, &number, err) < 0)
		return -1;
	req->table = number;
	req->has |= HAS(VSWITCH_A_FLOW_TABLE);
	return 1;
}

static int take_out(const struct flow_piece *piece, struct flow_ports *ports,
		    struct vsw_flow_request *req, struct err *err)
{
	uint64_t number;

	if (!strcmp(piece->key, "out_group")) {
		if (take_number(piece, VSWITCH_FLOW_GROUP_MAX, &number, err) < 0)
			return -1;
		req->out_group = number;
		req->has |= HAS(VSWITCH_A_FLOW_OUT_GROUP);
		return 1;
	}
	if (piece->form != '=')
		return err_set(err, STATUS_USAGE, "'out_port' lacks '=' and its value");
	if (flow_port_parse("out_port", piece->value, ports, &req->out_port, err) < 0)
		return -1;
	req->has |= HAS(VSWITCH_A_FLOW_OUT_PORT);
	return 1;
}

static int take_request(const struct flow_piece *piece, struct flow_ports *ports,
			enum flow_use use, struct vsw_flow_request *req, struct err *err)
{
	uint64_t number;

	if (!strcmp(piece->key, "table"))
		return take_table(piece, req, err);
	if (!strcmp(piece->key, "cookie"))
		return take_cookie(piece, use, req, err);
	if (!strcmp(piece->key, "out_port") || !strcmp(piece->key, "out_group"))
		return take_out(piece, ports, req, err);
	if (!strcmp(piece->key, "reset_counts") && !piece->form && use == FLOW_USE_MODIFY) {
		req->reset_counts = true;
		req->has |= HAS(VSWITCH_A_FLOW_RESET_COUNTS);
		return 1;
	}
	if (strcmp(piece->key, "priority"))
		return 0;
	if (!req->strict)
		return err_set(err, STATUS_USAGE, "'priority' needs the word 'strict' behind the switch");
	if (take_number(piece, UINT16_MAX, &number, err) < 0)
		return -1;
	req->priority = number;
	return 1;
}

int flow_parse_request(char *text, struct flow_ports *ports, enum flow_use use,
		       struct vsw_flow_request *req, struct err *err)
{
	struct flow_piece piece;
	char *actions = NULL;
	int ret = 1;

	req->priority = VSWITCH_FLOW_PRIORITY;
	while (ret > 0) {
		actions = behind_actions(text);
		if (actions)
			break;
		ret = flow_piece_next(&text, &piece, err);
		if (ret <= 0)
			break;
		ret = take_match(&piece, ports, &req->match, err);
		if (!ret && use == FLOW_USE_PACKET)
			return err_set(err, STATUS_USAGE,
				       "'%s' is no field, and only fields describe a packet",
				       piece.key);
		if (!ret)
			ret = take_request(&piece, ports, use, req, err);
		if (!ret)
			return unknown(&piece, err);
	}
	if (ret < 0)
		return -1;
	if (req->match.n || req->strict)
		req->has |= HAS(VSWITCH_A_FLOW_MATCH);
	if (req->strict)
		req->has |= HAS(VSWITCH_A_FLOW_STRICT) | HAS(VSWITCH_A_FLOW_PRIORITY);
	if (use == FLOW_USE_FILTER && actions)
		return err_set(err, STATUS_USAGE,
			       "actions do not say which flows are meant: 'out_port=' and 'out_group=' do");
	if (use == FLOW_USE_PACKET && actions)
		return err_set(err, STATUS_USAGE, "actions do not describe a packet, only fields do");
	if (use != FLOW_USE_MODIFY)
		return 0;
	if (!actions)
		return err_set(err, STATUS_USAGE, "'actions=' is missing");
	req->has |= HAS(VSWITCH_A_FLOW_ACTIONS);
	return flow_parse_actions(actions, ports, &req->actions, err);
}
