// SPDX-License-Identifier: GPL-2.0
/* "vsw flow table" */
#include <string.h>

#include "flow.h"
#include "lib/parse.h"

static const struct keyword set_keywords[] = {
	{ "max-flows", KEYWORD_VALUE, VSWITCH_A_FLOW_TABLE_MAX_FLOWS, 0 },
	{ "evict", KEYWORD_VALUE, VSWITCH_A_FLOW_TABLE_EVICT, 0 },
	{ "miss", KEYWORD_VALUE, VSWITCH_A_FLOW_TABLE_MISS, 0 },
	{}
};

static int set(struct vsw *vsw, char **words, struct err *err)
{
	const uint64_t naming = HAS(VSWITCH_A_FLOW_TABLE_SWITCH_NAME) |
				HAS(VSWITCH_A_FLOW_TABLE_TABLE);
	struct vsw_flow_table req = { .has = naming };
	uint64_t number;

	if (flow_take_switch(&words, req.switch_name, err) < 0)
		return -1;
	if (!*words)
		return err_set(err, STATUS_USAGE, "the number of the table is missing");
	if (flow_parse_number("table", *words, VSWITCH_FLOW_TABLE_MAX, &number, err) < 0)
		return -1;
	req.table = number;
	if (keywords_read(&kind_flow_table, set_keywords, words + 1, &req, NULL, err) < 0)
		return -1;
	if (req.has == naming)
		return err_set(err, STATUS_USAGE, "there is nothing to set");
	if (vsw_connect(vsw, err) < 0)
		return -1;
	return vsw_nl_flow_table_set(vsw->nl, &req, err) < 0 ?
	       flow_refused(req.switch_name, err) : 0;
}

static int add_tables(struct vsw *vsw, const char *switch_name, struct list *all,
		      struct err *err)
{
	struct vsw_flow_table filter = { .has = HAS(VSWITCH_A_FLOW_TABLE_SWITCH_NAME) };
	struct vsw_flow_table *table;
	struct list tables = {};
	int ret;
	size_t i;

	strcpy(filter.switch_name, switch_name);
	ret = vsw_nl_flow_table_dump(vsw->nl, &filter, &tables, err);
	if (ret < 0)
		return flow_refused(switch_name, err);
	for (i = 0; i < tables.n && ret >= 0; i++) {
		table = list_grow(all, &kind_flow_table);
		if (table)
			*table = *(struct vsw_flow_table *)list_at(&tables, &kind_flow_table, i);
		else
			ret = err_set(err, STATUS_SYSTEM, "out of memory");
	}
	list_free(&tables, &kind_flow_table);
	return ret;
}

static int show(struct vsw *vsw, char **words, struct err *err)
{
	char switch_name[MODEL_NAME_SIZE] = "";
	struct list switches = {}, tables = {};
	bool inconsistent = false;
	int ret;
	size_t i;

	if (*words && flow_take_switch(&words, switch_name, err) < 0)
		return -1;
	if (*words)
		return err_set(err, STATUS_USAGE, "'%s' stands behind the switch", *words);
	ret = flow_switches(vsw, switch_name, &switches, err);
	for (i = 0; i < switches.n && ret >= 0; i++) {
		const struct vsw_switch *sw = list_at(&switches, &kind_switch, i);

		ret = add_tables(vsw, sw->name, &tables, err);
		inconsistent |= ret > 0;
	}
	if (ret >= 0)
		ret = output_list(&vsw->out, &kind_flow_table, &tables, err);
	list_free(&switches, &kind_switch);
	list_free(&tables, &kind_flow_table);
	return ret < 0 ? -1 : explain_dump(inconsistent, err);
}

int flow_table_run(struct vsw *vsw, char **words, struct err *err)
{
	if (!*words)
		return show(vsw, words, err);
	if (parse_abbreviates(*words, "show"))
		return show(vsw, words + 1, err);
	if (parse_abbreviates(*words, "set"))
		return set(vsw, words + 1, err);
	return err_set(err, STATUS_USAGE, "there is no command 'table %s'", *words);
}
