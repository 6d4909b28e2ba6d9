// SPDX-License-Identifier: GPL-2.0
/* Routes and rules as text: one table for each. */
#include <stdio.h>
#include <string.h>

#include <linux/fib_rules.h>
#include <linux/rtnetlink.h>

#include "model_route.h"
#include "model_router.h"
#include "output_private.h"

static void text_cell(struct table *table, enum colour colour, const char *text)
{
	table_cell(table, colour, "%s", text && *text ? text : "-");
}

static void number_cell(struct table *table, uint32_t number)
{
	if (number)
		table_cell(table, COLOUR_NONE, "%u", number);
	else
		table_cell(table, COLOUR_NONE, "-");
}

static void word_cell(struct table *table, unsigned int type, unsigned int value)
{
	const char *word = route_word(type, value);

	if (word)
		table_cell(table, COLOUR_NONE, "%s", word);
	else
		table_cell(table, COLOUR_NONE, "%u", value);
}

static void net_cell(struct table *table, enum colour colour, const struct prefix *net)
{
	char text[IP_TEXT_SIZE];

	text_cell(table, colour, net->len ? net_text(text, net) : NULL);
}

/* By its VRF, or its name, or its number. */
static void table_of_cell(struct table *table, uint32_t number, const char *vrf)
{
	const char *word = route_table_word(number);

	if (vrf && *vrf)
		table_cell(table, COLOUR_NAME, "vrf %s", vrf);
	else if (word)
		table_cell(table, COLOUR_NONE, "%s", word);
	else
		table_cell(table, COLOUR_NONE, "%u", number);
}

static void flags_text(char *text, size_t size, unsigned int type, uint32_t mask)
{
	unsigned int bit;
	size_t len = 0;

	text[0] = '\0';
	for (bit = 0; bit < 32 && len < size; bit++) {
		const char *word = mask & 1u << bit ? route_word(type, bit) : NULL;

		if (word)
			len += snprintf(text + len, size - len, "%s%s", len ? "," : "", word);
	}
}

#define FLAGS_SIZE 80

static void nexthop_cells(struct table *table, const struct vsw_nexthop *hop, bool several)
{
	char text[IP_TEXT_SIZE], flags[FLAGS_SIZE];

	text_cell(table, COLOUR_NONE, hop->gateway.len ? ip_text(text, &hop->gateway) : NULL);
	text_cell(table, COLOUR_NAME, hop->dev);
	number_cell(table, several ? hop->weight : 0);
	flags_text(flags, sizeof(flags), FIELD_NEXTHOP_FLAGS, hop->flags);
	text_cell(table, COLOUR_NONE, flags);
}

static void route_cells(struct table *table, const struct vsw_route *route)
{
	char src[IP_TEXT_SIZE];

	net_cell(table, COLOUR_NAME, &route->dst);
	net_cell(table, COLOUR_NONE, &route->from);
	text_cell(table, COLOUR_BAD, route->type == RTN_UNICAST ? NULL :
		  route_word(FIELD_ROUTE_TYPE, route->type) ?: "?");
	table_of_cell(table, route->table, route->vrf);
	word_cell(table, FIELD_ROUTE_PROTOCOL, route->protocol);
	word_cell(table, FIELD_ROUTE_SCOPE, route->scope);
	number_cell(table, route->metric);
	text_cell(table, COLOUR_NONE, route->src.len ? ip_text(src, &route->src) : NULL);
	number_cell(table, route->mtu);
}

#define N_ROUTE_CELLS	9	/* that the further nexthops of a route leave empty */

static void further_cells(struct table *table)
{
	size_t i;

	for (i = 0; i < N_ROUTE_CELLS; i++)
		table_cell(table, COLOUR_NONE, "%s", i ? "-" : "+");
}

/* A row for each way that a route has, the first with the route itself. */
static int routes(const struct output *out, const struct list *list, struct err *err)
{
	static const char * const heads[] = {
		"DESTINATION", "?FROM", "?TYPE", "TABLE", "PROTO", "?SCOPE", "?>METRIC", "?SRC",
		"?>MTU", "?VIA", "?DEV", "?>WEIGHT", "?FLAGS", NULL
	};
	static const struct vsw_nexthop none = {};
	struct table table = { .colour = out->colour };
	size_t i, hop;

	table_heads(&table, heads);
	for (i = 0; i < list->n; i++) {
		const struct vsw_route *route = list_at(list, &kind_route, i);
		size_t n = route->nexthops.n;

		route_cells(&table, route);
		nexthop_cells(&table, n ? list_at(&route->nexthops, &kind_nexthop, 0) : &none,
			      n > 1);
		for (hop = 1; hop < n; hop++) {
			further_cells(&table);
			nexthop_cells(&table, list_at(&route->nexthops, &kind_nexthop, hop), true);
		}
	}
	return table_print(&table, err);
}

/* "tcp sport 1-1023 dport 80" */
static void traffic_cell(struct table *table, const struct vsw_rule *rule)
{
	const char *word = rule->ip_protocol ?
			   router_word(FIELD_IP_PROTOCOL, rule->ip_protocol) ?: "?" : "";
	char sport[32] = "", dport[32] = "", tos[16] = "", text[96];

	if (rule->has & HAS(RULE_SPORT))
		snprintf(sport, sizeof(sport), rule->sport_last != rule->sport ?
			 " sport %u-%u" : " sport %u", rule->sport, rule->sport_last);
	if (rule->has & HAS(RULE_DPORT))
		snprintf(dport, sizeof(dport), rule->dport_last != rule->dport ?
			 " dport %u-%u" : " dport %u", rule->dport, rule->dport_last);
	if (rule->has & HAS(RULE_TOS))
		snprintf(tos, sizeof(tos), " tos %u", rule->tos);
	snprintf(text, sizeof(text), "%s%s%s%s", word, sport, dport, tos);
	text_cell(table, COLOUR_NONE, *text == ' ' ? text + 1 : text);
}

static void action_cell(struct table *table, const struct vsw_rule *rule)
{
	const char *word = route_word(FIELD_RULE_ACTION, rule->action);

	if (rule->l3mdev)
		table_cell(table, COLOUR_NONE, "l3mdev");
	else if (rule->action == FR_ACT_TO_TBL)
		table_of_cell(table, rule->table, rule->vrf);
	else if (rule->action == FR_ACT_GOTO)
		table_cell(table, COLOUR_NONE, "goto %u", rule->goto_priority);
	else
		table_cell(table, COLOUR_BAD, "%s", word ?: "?");
}

static void mark_cell(struct table *table, const struct vsw_rule *rule)
{
	if (!(rule->has & (HAS(RULE_MARK) | HAS(RULE_MASK))))
		table_cell(table, COLOUR_NONE, "-");
	else if (rule->mask && rule->mask != UINT32_MAX)
		table_cell(table, COLOUR_NONE, "0x%x/0x%x", rule->mark, rule->mask);
	else
		table_cell(table, COLOUR_NONE, "0x%x", rule->mark);
}

static int rules(const struct output *out, const struct list *list, struct err *err)
{
	static const char * const heads[] = {
		">PRIORITY", "FAMILY", "FROM", "?TO", "?IIF", "?OIF", "?FWMARK", "?TRAFFIC",
		"?ALSO", "ACTION", NULL
	};
	struct table table = { .colour = out->colour };
	char also[FLAGS_SIZE], net[IP_TEXT_SIZE];
	size_t i;

	table_heads(&table, heads);
	for (i = 0; i < list->n; i++) {
		const struct vsw_rule *rule = list_at(list, &kind_rule, i);

		table_cell(&table, COLOUR_NAME, "%u", rule->priority);
		table_cell(&table, COLOUR_NONE, "%s", router_word(FIELD_FAMILY, rule->family) ?: "?");
		text_cell(&table, COLOUR_NONE, rule->from.bits ? net_text(net, &rule->from) : "all");
		text_cell(&table, COLOUR_NONE, rule->to.bits ? net_text(net, &rule->to) : NULL);
		text_cell(&table, COLOUR_NAME, rule->iif);
		text_cell(&table, COLOUR_NAME, rule->oif);
		mark_cell(&table, rule);
		traffic_cell(&table, rule);
		flags_text(also, sizeof(also), FIELD_RULE_ALSO, rule->also);
		text_cell(&table, COLOUR_BAD, also);
		action_cell(&table, rule);
	}
	return table_print(&table, err);
}

bool route_table(const struct output *out, const struct kind *kind, const struct list *list,
		 int *ret, struct err *err)
{
	if (kind == &kind_route)
		*ret = routes(out, list, err);
	else if (kind == &kind_rule)
		*ret = rules(out, list, err);
	else
		return false;
	return true;
}
