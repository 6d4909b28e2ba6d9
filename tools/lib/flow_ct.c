// SPDX-License-Identifier: GPL-2.0
/* The action ct, its text <-> structs. */
#include <arpa/inet.h>
#include <ctype.h>
#include <string.h>

#include "flow.h"
#include "flow_private.h"
#include "status.h"

/* ---- nat ----------------------------------------------------------------------- */

/* An address of a range, which is cut off behind it; of IPv6 with or without brackets. */
static char *cut_address(char *text, const char *ends)
{
	char *end;

	if (*text == '[') {
		end = strchr(text, ']');
		if (!end)
			return NULL;
		*end++ = '\0';
		return end;
	}
	end = text + strcspn(text, ends);
	/* one of IPv6 has colons of its own, and then no port */
	if (*end == ':' && strchr(end + 1, ':'))
		end = text + strcspn(text, "-");
	return end;
}

static int parse_address(const char *text, uint8_t *ip_size, uint8_t *ip, struct err *err)
{
	unsigned int size = inet_pton(AF_INET, text, ip) == 1 ? 4 :
			    inet_pton(AF_INET6, text, ip) == 1 ? MODEL_IP_SIZE : 0;

	if (!size)
		return err_set(err, STATUS_USAGE, "nat: '%s' is not an address", text);
	if (*ip_size && *ip_size != size)
		return err_set(err, STATUS_USAGE, "nat: the addresses are not of one family");
	*ip_size = size;
	return 0;
}

/* "A" or "A-B"; *text moves behind them. */
static int parse_addresses(char **text, struct flow_nat *nat, struct err *err)
{
	char *first = *text, *end = cut_address(first, ":-"), *second, sign;

	if (!end)
		return err_set(err, STATUS_USAGE, "nat: '%s': the bracket is not closed", first);
	sign = *end;
	*end = '\0';
	if (parse_address(first + (*first == '['), &nat->ip_size, nat->ip_min, err) < 0)
		return -1;
	memcpy(nat->ip_max, nat->ip_min, sizeof(nat->ip_max));
	*end = sign;
	*text = end;
	if (sign != '-')
		return 0;
	second = end + 1;
	end = cut_address(second, ":");
	if (!end)
		return err_set(err, STATUS_USAGE, "nat: '%s': the bracket is not closed", second);
	sign = *end;
	*end = '\0';
	if (parse_address(second + (*second == '['), &nat->ip_size, nat->ip_max, err) < 0)
		return -1;
	if (memcmp(nat->ip_min, nat->ip_max, nat->ip_size) > 0)
		return err_set(err, STATUS_USAGE, "nat: the lower address is first");
	*end = sign;
	*text = end;
	return 0;
}

/* "P" or "P-Q". */
static int parse_ports(char *text, struct flow_nat *nat, struct err *err)
{
	char *dash = strchr(text, '-');
	uint64_t min, max;

	if (dash)
		*dash = '\0';
	if (flow_parse_number("nat", text, UINT16_MAX, &min, err) < 0 ||
	    flow_parse_number("nat", dash ? dash + 1 : text, UINT16_MAX, &max, err) < 0)
		return -1;
	if (!min || min > max)
		return err_set(err, STATUS_USAGE,
			       "nat: ports are 1 to 65535, and the lower one is first");
	nat->port_min = min;
	nat->port_max = max;
	return 0;
}

static int parse_nat_range(char *text, struct flow_nat *nat, struct err *err)
{
	char *p = text;

	if (parse_addresses(&p, nat, err) < 0)
		return -1;
	if (!*p)
		return 0;
	if (*p != ':')
		return err_set(err, STATUS_USAGE, "nat: '%s' does not belong there", p);
	return parse_ports(p + 1, nat, err);
}

static int parse_nat_piece(const struct flow_piece *piece, struct flow_nat *nat, struct err *err)
{
	bool source = !strcmp(piece->key, "src"), dest = !strcmp(piece->key, "dst");

	if (source || dest) {
		if (nat->source || nat->dest)
			return err_set(err, STATUS_USAGE, "nat: src or dst, and once");
		nat->source = source;
		nat->dest = dest;
		if (!piece->form)
			return 0;
		if (piece->form != '=')
			return err_set(err, STATUS_USAGE, "nat: '%s' lacks '='", piece->key);
		return parse_nat_range(piece->value, nat, err);
	}
	if (!strcmp(piece->key, "hash"))
		return err_set(err, STATUS_USAGE,
			       "nat: vswitch has no 'hash': the port is kept if it can be, or 'random'");
	if (piece->form || (strcmp(piece->key, "random") && strcmp(piece->key, "persistent")))
		return err_set(err, STATUS_USAGE,
			       "nat: '%s' is none of src=, dst=, random, persistent", piece->key);
	if (*piece->key == 'r')
		nat->random = true;
	else
		nat->persistent = true;
	return 0;
}

static int parse_nat(char *text, struct flow_nat *nat, struct err *err)
{
	struct flow_piece piece;
	int ret;

	while ((ret = flow_piece_next(&text, &piece, err)) > 0)
		if (parse_nat_piece(&piece, nat, err) < 0)
			return -1;
	if (ret < 0)
		return -1;
	if ((nat->random || nat->persistent) && !nat->source && !nat->dest)
		return err_set(err, STATUS_USAGE, "nat: 'random' and 'persistent' need src or dst");
	return 0;
}

/* ---- exec ---------------------------------------------------------------------- */

/* Actions that set bits of the connection's mark. */
static int parse_exec(char *text, struct flow_ct *ct, struct err *err)
{
	struct flow_actions actions = {};
	struct flow_reader r = { .actions = &actions, .err = err };
	const struct flow_term *set;
	uint32_t mask;
	int ret;

	while ((ret = flow_piece_next(&text, &r.piece, err)) > 0) {
		ret = flow_read_field_action(&r);
		if (ret < 0)
			break;
		set = ret ? &actions.action[actions.n - 1].set : NULL;
		if (!set || actions.action[actions.n - 1].type != VSWITCH_A_ACTION_SET ||
		    set->field != VSWITCH_A_MATCH_CT_MARK) {
			ret = err_set(err, STATUS_USAGE,
				      "ct: exec() sets ct_mark, and '%s' does not", r.piece.key);
			break;
		}
		mask = flow_number(set->field, set->mask);
		ct->mark = (ct->mark & ~mask) | flow_number(set->field, set->value);
		ct->mark_mask |= mask;
	}
	if (!ret && !actions.n)
		ret = err_set(err, STATUS_USAGE, "ct: exec() lacks what sets ct_mark");
	flow_actions_free(&actions);
	ct->has_mark = true;
	return ret;
}

/* ---- ct ------------------------------------------------------------------------ */

static int parse_number(const struct flow_piece *piece, uint64_t max, uint64_t *number,
			struct err *err)
{
	if (piece->form != '=')
		return err_set(err, STATUS_USAGE, "ct: '%s' lacks '=' and its value", piece->key);
	return flow_parse_number(piece->key, piece->value, max, number, err);
}

static int parse_zone(const struct flow_piece *piece, struct flow_ct *ct, struct err *err)
{
	uint64_t number;

	if (piece->form == '=' && isalpha((unsigned char)*piece->value))
		return err_set(err, STATUS_USAGE,
			       "zone: '%s': vswitch does not take the zone from a field",
			       piece->value);
	if (parse_number(piece, UINT16_MAX, &number, err) < 0)
		return -1;
	ct->zone = number;
	return 0;
}

static int parse_table(const struct flow_piece *piece, struct flow_ct *ct, struct err *err)
{
	uint64_t number;

	if (parse_number(piece, VSWITCH_FLOW_TABLE_MAX, &number, err) < 0)
		return -1;
	ct->table = number;
	ct->has_table = true;
	return 0;
}

static int parse_helper(const struct flow_piece *piece, struct flow_ct *ct, struct err *err)
{
	const char *p;

	if (piece->form != '=' || !*piece->value)
		return err_set(err, STATUS_USAGE, "ct: 'alg' lacks '=' and the name of a helper");
	for (p = piece->value; *p; p++)
		if (!isalnum((unsigned char)*p) && !strchr("_-.", *p))
			return err_set(err, STATUS_USAGE,
				       "alg: '%s' is not the name of a helper, like ftp",
				       piece->value);
	if (p - piece->value > VSWITCH_FLOW_HELPER_LEN)
		return err_set(err, STATUS_USAGE, "alg: the name is too long, the most is %d bytes",
			       VSWITCH_FLOW_HELPER_LEN);
	strcpy(ct->helper, piece->value);
	return 0;
}

static int parse_nested(const struct flow_piece *piece, struct flow_ct *ct, struct err *err)
{
	bool nat = !strcmp(piece->key, "nat");

	if (nat ? ct->has_nat : ct->has_mark)
		return err_set(err, STATUS_USAGE, "ct: '%s' was given before", piece->key);
	if (nat)
		ct->has_nat = true;
	if (nat && !piece->form)
		return 0;
	if (piece->form != '(')
		return err_set(err, STATUS_USAGE, "ct: '%s' lacks its parentheses", piece->key);
	return nat ? parse_nat(piece->value, &ct->nat, err) : parse_exec(piece->value, ct, err);
}

static int parse_piece(const struct flow_piece *piece, struct flow_ct *ct, struct err *err)
{
	const char *key = piece->key;

	if (!strcmp(key, "zone"))
		return parse_zone(piece, ct, err);
	if (!strcmp(key, "table"))
		return parse_table(piece, ct, err);
	if (!strcmp(key, "alg"))
		return parse_helper(piece, ct, err);
	if (!strcmp(key, "nat") || !strcmp(key, "exec"))
		return parse_nested(piece, ct, err);
	if (piece->form || (strcmp(key, "commit") && strcmp(key, "force")))
		return err_set(err, STATUS_USAGE,
			       "ct: '%s' is none of commit, force, table=, zone=, nat, exec(), alg=",
			       key);
	if (*key == 'c')
		ct->commit = true;
	else
		ct->force = true;
	return 0;
}

/* What makes sense only for a connection that is committed is refused without. */
static int check(const struct flow_ct *ct, struct err *err)
{
	const char *what = ct->force ? "force" : ct->has_mark ? "exec" : *ct->helper ? "alg" :
			   ct->nat.source ? "nat(src)" : ct->nat.dest ? "nat(dst)" : NULL;

	if (ct->commit || !what)
		return 0;
	return err_set(err, STATUS_USAGE, "ct: '%s' needs 'commit'", what);
}

int flow_read_ct(struct flow_reader *r)
{
	char *text = r->piece.value;
	struct flow_action *action;
	struct flow_piece piece;
	struct flow_ct ct = {};
	int ret;

	if (r->piece.form && r->piece.form != '(')
		return err_set(r->err, STATUS_USAGE, "'ct' lacks its parentheses");
	while (text && (ret = flow_piece_next(&text, &piece, r->err)))
		if (ret < 0 || parse_piece(&piece, &ct, r->err) < 0)
			return -1;
	if (check(&ct, r->err) < 0)
		return -1;
	action = flow_action_new(r, VSWITCH_A_ACTION_CT);
	if (!action)
		return -1;
	action->ct = ct;
	return 0;
}

/* ---- text ---------------------------------------------------------------------- */

static void print_address(FILE *out, const struct flow_nat *nat, const uint8_t *ip)
{
	bool brackets = nat->ip_size != 4 && nat->port_min;
	char text[INET6_ADDRSTRLEN];

	inet_ntop(nat->ip_size == 4 ? AF_INET : AF_INET6, ip, text, sizeof(text));
	fprintf(out, brackets ? "[%s]" : "%s", text);
}

static void print_nat(FILE *out, const struct flow_nat *nat)
{
	fputs("nat", out);
	if (!nat->source && !nat->dest)
		return;
	fputs(nat->source ? "(src" : "(dst", out);
	if (nat->ip_size || nat->port_min)
		fputc('=', out);
	if (nat->ip_size) {
		print_address(out, nat, nat->ip_min);
		if (memcmp(nat->ip_min, nat->ip_max, nat->ip_size)) {
			fputc('-', out);
			print_address(out, nat, nat->ip_max);
		}
	}
	if (nat->port_min)
		fprintf(out, ":%u", nat->port_min);
	if (nat->port_max != nat->port_min)
		fprintf(out, "-%u", nat->port_max);
	fprintf(out, "%s%s)", nat->random ? ",random" : "", nat->persistent ? ",persistent" : "");
}

/* A helper's name is the kernel's, and there may be others than ours. */
static void print_helper(FILE *out, const char *name)
{
	for (; *name; name++)
		fputc(isalnum((unsigned char)*name) || strchr("_-.", *name) ? *name : '?', out);
}

void flow_print_ct(FILE *out, const struct flow_ct *ct)
{
	const char *sign = "(";

	fputs("ct", out);
	if (ct->commit) {
		fprintf(out, "%scommit", sign);
		sign = ",";
	}
	if (ct->force) {
		fprintf(out, "%sforce", sign);
		sign = ",";
	}
	if (ct->has_table) {
		fprintf(out, "%stable=%u", sign, ct->table);
		sign = ",";
	}
	if (ct->zone) {
		fprintf(out, "%szone=%u", sign, ct->zone);
		sign = ",";
	}
	if (ct->has_nat) {
		fputs(sign, out);
		print_nat(out, &ct->nat);
		sign = ",";
	}
	if (ct->has_mark) {
		fprintf(out, "%sexec(set_field:0x%x", sign, ct->mark);
		if (ct->mark_mask != UINT32_MAX)
			fprintf(out, "/0x%x", ct->mark_mask);
		fputs("->ct_mark)", out);
		sign = ",";
	}
	if (*ct->helper) {
		fprintf(out, "%salg=", sign);
		print_helper(out, ct->helper);
		sign = ",";
	}
	if (*sign == ',')
		fputc(')', out);
}
