// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <linux/fib_rules.h>
#include <linux/rtnetlink.h>

#include "lib/endpoint.h"
#include "lib/parse.h"
#include "route.h"

static const char help[] =
"Usage: vsw route rule add [ from PREFIX ] [ to PREFIX ] [ iif DEV ] [ oif DEV ]\n"
"                 [ fwmark MARK[/MASK] ] [ tos TOS ] [ ipproto IPPROTO ]\n"
"                 [ sport PORT[-PORT] ] [ dport PORT[-PORT] ] [ priority NUMBER ]\n"
"                 [ family FAMILY ] ACTION\n"
"       vsw route rule delete [ what it has ]\n"
"       vsw route rule [ show [ family FAMILY ] ]\n"
"ACTION := table TABLE | vrf VRF | l3mdev | goto PRIORITY | blackhole | unreachable |\n"
"          prohibit\n"
"TABLE  := main | local | default | NUMBER\n"
"\n"
"  Rules say which table a packet's route is looked up in, that of the least priority\n"
"  first. Without an address a rule is of IPv4 unless 'family ipv6' is said.\n"
"  delete   the first one that has all that is said\n"
"\n"
"Examples:\n"
"  vsw route rule add from 10.0.0.0/24 table 100 priority 1000\n"
"  vsw route rule add fwmark 0x1/0xff vrf blue\n"
"  vsw route rule delete priority 1000\n";

static const struct hint hints[] = {
	{ EEXIST, "There is such a rule, see 'vsw route rule show'." },
	{ ENOENT, "See 'vsw route rule show'." },
	{}
};

static int say(struct vsw_rule *rule, unsigned int attr, const char *word, struct err *err)
{
	if (rule->has & HAS(attr))
		return err_set(err, STATUS_USAGE, "'%s' was given before", word);
	rule->has |= HAS(attr);
	return 0;
}

static int read_from(void *object, const char *word, const char *value, struct err *err)
{
	struct vsw_rule *rule = object;

	return say(rule, RULE_FROM, word, err) < 0 ? -1 :
	       route_read_net(word, value, &rule->from, err);
}

static int read_to(void *object, const char *word, const char *value, struct err *err)
{
	struct vsw_rule *rule = object;

	return say(rule, RULE_TO, word, err) < 0 ? -1 : route_read_net(word, value, &rule->to, err);
}

static int read_iif(void *object, const char *word, const char *value, struct err *err)
{
	struct vsw_rule *rule = object;

	return say(rule, RULE_IIF, word, err) < 0 ? -1 : parse_name(word, value, rule->iif, err);
}

static int read_oif(void *object, const char *word, const char *value, struct err *err)
{
	struct vsw_rule *rule = object;

	return say(rule, RULE_OIF, word, err) < 0 ? -1 : parse_name(word, value, rule->oif, err);
}

/* MARK or MARK/MASK */
static int read_mark(void *object, const char *word, const char *value, struct err *err)
{
	struct vsw_rule *rule = object;
	const char *slash = strchrnul(value, '/');
	char mark[32];

	if (say(rule, RULE_MARK, word, err) < 0)
		return -1;
	snprintf(mark, sizeof(mark), "%.*s", (int)(slash - value), value);
	if (parse_u32(word, mark, &rule->mark, err) < 0)
		return -1;
	if (!*slash)
		return 0;
	rule->has |= HAS(RULE_MASK);
	return parse_u32("mask of fwmark", slash + 1, &rule->mask, err);
}

static int read_tos(void *object, const char *word, const char *value, struct err *err)
{
	struct vsw_rule *rule = object;
	uint16_t tos;

	if (say(rule, RULE_TOS, word, err) < 0 || parse_u16(word, value, &tos, err) < 0)
		return -1;
	if (tos > UINT8_MAX)
		return err_set(err, STATUS_USAGE, "%s: '%s' is too large, the most is 255", word,
			       value);
	rule->tos = tos;
	return 0;
}

static int read_ip_protocol(void *object, const char *word, const char *value, struct err *err)
{
	struct vsw_rule *rule = object;

	return say(rule, RULE_IP_PROTOCOL, word, err) < 0 ? -1 :
	       route_read_ip_protocol(value, &rule->ip_protocol, err);
}

static int read_ports(const char *word, const char *value, uint16_t *port, uint16_t *last,
		      struct err *err)
{
	return endpoint_parse_ports(word, value, port, last, err);
}

static int read_sport(void *object, const char *word, const char *value, struct err *err)
{
	struct vsw_rule *rule = object;

	return say(rule, RULE_SPORT, word, err) < 0 ? -1 :
	       read_ports(word, value, &rule->sport, &rule->sport_last, err);
}

static int read_dport(void *object, const char *word, const char *value, struct err *err)
{
	struct vsw_rule *rule = object;

	return say(rule, RULE_DPORT, word, err) < 0 ? -1 :
	       read_ports(word, value, &rule->dport, &rule->dport_last, err);
}

static int read_priority(void *object, const char *word, const char *value, struct err *err)
{
	struct vsw_rule *rule = object;

	return say(rule, RULE_PRIORITY, word, err) < 0 ? -1 :
	       parse_u32(word, value, &rule->priority, err);
}

static int read_family(void *object, const char *word, const char *value, struct err *err)
{
	struct vsw_rule *rule = object;

	return say(rule, RULE_FAMILY, word, err) < 0 ? -1 :
	       route_read_family(value, &rule->family, err);
}

/* A rule has one action. */
static int act(struct vsw_rule *rule, uint8_t action, struct err *err)
{
	if (rule->has & HAS(RULE_ACTION))
		return err_set(err, STATUS_USAGE, "a rule has one action, and two are said");
	rule->has |= HAS(RULE_ACTION);
	rule->action = action;
	return 0;
}

static int read_table(void *object, const char *word, const char *value, struct err *err)
{
	struct vsw_rule *rule = object;

	(void)word;
	rule->has |= HAS(RULE_TABLE);
	return act(rule, FR_ACT_TO_TBL, err) < 0 ? -1 : route_read_table(value, &rule->table, err);
}

/* Looked up when all words are understood. */
static int read_vrf(void *object, const char *word, const char *value, struct err *err)
{
	struct vsw_rule *rule = object;

	rule->has |= HAS(RULE_TABLE);
	return act(rule, FR_ACT_TO_TBL, err) < 0 ? -1 : parse_name(word, value, rule->vrf, err);
}

static int read_goto(void *object, const char *word, const char *value, struct err *err)
{
	struct vsw_rule *rule = object;

	rule->has |= HAS(RULE_GOTO);
	return act(rule, FR_ACT_GOTO, err) < 0 ? -1 :
	       parse_u32(word, value, &rule->goto_priority, err);
}

static int read_l3mdev(void *object, const char *word, const char *value, struct err *err)
{
	struct vsw_rule *rule = object;

	(void)word;
	(void)value;
	rule->l3mdev = true;
	return act(rule, FR_ACT_TO_TBL, err);
}

static int read_action(void *object, const char *word, const char *value, struct err *err)
{
	(void)value;
	return act(object, route_word_find(FIELD_RULE_ACTION, word), err);
}

static const struct route_word rule_words[] = {
	{ "from", read_from, false },
	{ "to", read_to, false },
	{ "iif", read_iif, false },
	{ "dev", read_iif, false },
	{ "oif", read_oif, false },
	{ "fwmark", read_mark, false },
	{ "tos", read_tos, false },
	{ "dsfield", read_tos, false },
	{ "ipproto", read_ip_protocol, false },
	{ "sport", read_sport, false },
	{ "dport", read_dport, false },
	{ "priority", read_priority, false },
	{ "preference", read_priority, false },
	{ "pref", read_priority, false },
	{ "order", read_priority, false },
	{ "family", read_family, false },
	{ "table", read_table, false },
	{ "lookup", read_table, false },
	{ "vrf", read_vrf, false },
	{ "goto", read_goto, false },
	{ "l3mdev", read_l3mdev, true },
	{ "blackhole", read_action, true },
	{ "unreachable", read_action, true },
	{ "prohibit", read_action, true },
	{ "nop", read_action, true },
	{}
};

/* Of ip(8). */
static const char * const unsaid[] = {
	"not", "uidrange", "tun_id", "suppress_prefixlength", "sup_pl", "suppress_ifgroup", "sup_group",
	"realms", "nat", "flush", "protocol", "dscp", "flowlabel", NULL
};

static const struct route_grammar grammar = { rule_words, unsaid, "ip rule" };

static int settle_family(struct vsw_rule *rule, struct err *err)
{
	unsigned int len = rule->from.len ?: rule->to.len;

	if (rule->from.len && rule->to.len && rule->from.len != rule->to.len)
		return err_set(err, STATUS_USAGE, "the addresses are of both IPv4 and IPv6");
	if (rule->has & HAS(RULE_FAMILY)) {
		if (len && (len == 4) != (rule->family == AF_INET))
			return err_set(err, STATUS_USAGE,
				       "family: the addresses are of the other one");
	} else {
		rule->family = len == 16 ? AF_INET6 : AF_INET;
	}
	route_net_family(&rule->from, rule->family);
	route_net_family(&rule->to, rule->family);
	return 0;
}

static int read_rule(struct vsw *vsw, char **words, struct vsw_rule *rule, struct err *err)
{
	if (route_read_words(&grammar, words, rule, err) < 0 || settle_family(rule, err) < 0 ||
	    route_connect(vsw, err) < 0)
		return -1;
	return *rule->vrf ? route_vrf_table(vsw->fib, rule->vrf, &rule->table, err) : 0;
}

static int do_add(struct vsw *vsw, char **words, struct err *err)
{
	struct vsw_rule rule = { .protocol = RTPROT_STATIC, .has = HAS(RULE_PROTOCOL) };

	if (read_rule(vsw, words, &rule, err) < 0)
		return -1;
	if (!(rule.has & HAS(RULE_ACTION)))
		return err_set(err, STATUS_USAGE, "what the rule does is missing, like 'table NUMBER'");
	return rule_new(vsw->fib, &rule, err) < 0 ? explain(hints, err, "rule") : 0;
}

static int do_delete(struct vsw *vsw, char **words, struct err *err)
{
	struct vsw_rule rule = {};

	if (!*words)
		return err_set(err, STATUS_USAGE, "what the rule has is missing, like its priority");
	if (read_rule(vsw, words, &rule, err) < 0)
		return -1;
	return rule_del(vsw->fib, &rule, err) < 0 ? explain(hints, err, "rule") : 0;
}

static const struct route_word show_words[] = {
	{ "family", read_family, false },
	{}
};

static const struct route_grammar show_grammar = { show_words, NULL, NULL };

static int by_priority(const void *one, const void *other)
{
	const struct vsw_rule *a = one, *b = other;

	if (a->family != b->family)
		return a->family == AF_INET ? -1 : 1;
	return (a->priority > b->priority) - (a->priority < b->priority);
}

static int do_show(struct vsw *vsw, char **words, struct err *err)
{
	struct vsw_rule filter = {};
	struct list list = {};
	int ret, shown = -1;

	if (route_read_words(&show_grammar, words, &filter, err) < 0 ||
	    route_connect(vsw, err) < 0)
		return -1;
	ret = rule_dump(vsw->fib, filter.has & HAS(RULE_FAMILY) ? filter.family : AF_UNSPEC, &list,
			err);
	if (ret < 0) {
		explain(NULL, err, "rules");
	} else {
		if (list.n)
			qsort(list.items, list.n, sizeof(struct vsw_rule), by_priority);
		shown = output_list(&vsw->out, &kind_rule, &list, err);
	}
	list_free(&list, &kind_rule);
	return shown < 0 ? -1 : explain_dump(ret, err);
}

int rule_run(struct vsw *vsw, char **words, struct err *err)
{
	static const struct command commands[] = {
		{ "show", do_show, false },
		{ "list", do_show, false },
		{ "lst", do_show, false },
		{ "ls", do_show, false },
		{ "add", do_add, true },
		{ "delete", do_delete, true },
		{}
	};
	const struct command *command = commands;

	if (!*words)
		return do_show(vsw, words, err);
	while (command->name && !parse_abbreviates(*words, command->name))
		command++;
	if (command->name)
		return command->run(vsw, words + 1, err);
	if (!parse_abbreviates(*words, "help"))
		return err_set(err, STATUS_USAGE, "there is no command '%s'", *words);
	output_text(help);
	return 0;
}
