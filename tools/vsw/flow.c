// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>
#include <string.h>

#include "flow.h"

static const char help[] =
"Usage: vsw flow add SWITCH { FLOW | - }\n"
"       vsw flow { load | replace | check } SWITCH { FILE | - }\n"
"       vsw flow modify SWITCH [ strict ] FLOW\n"
"       vsw flow delete SWITCH [ strict ] [ FILTER ]\n"
"       vsw flow [ show [ SWITCH [ strict ] [ numbers ] [ FILTER ] ] ]\n"
"       vsw flow save SWITCH [ FILTER ]\n"
"       vsw flow table [ show [ SWITCH ] ]\n"
"       vsw flow table set SWITCH TABLE [ max-flows N ] [ evict ONOFF ]\n"
"                      [ miss normal | drop | controller | continue ]\n"
"       vsw flow snoop SWITCH\n"
"FLOW   := [SETTING | FIELD],...actions=ACTION,...   as in ovs-ofctl(8)\n"
"FILTER := [table=N | cookie=N[/MASK] | out_port=PORT | out_group=N | FIELD],...\n"
"FIELD  := in_port=PORT | dl_src=MAC | dl_vlan=VID | ip | nw_dst=ADDRESS | tcp |\n"
"          tp_dst=PORT[-PORT] | ...   all are in vsw-flow(8)\n"
"ACTION := output:PORT | PORT | normal | flood | drop | strip_vlan |\n"
"          mod_vlan_vid:VID | set_field:VALUE->FIELD | goto_table:N | ...\n"
"\n"
"  What a switch does with packets, before and instead of what it does by itself.\n"
"  Of the flows of a table that match a packet the one of the highest priority\n"
"  counts; table 0 is the first. A port is named by its number or its name.\n"
"  load     add all flows of a file, one a line\n"
"  replace  have those of a file and no others: no packet meets some of both\n"
"  check    read a file as these do, and do nothing\n"
"  modify   give the flows that are meant other actions\n"
"  save     print flows so that load and replace take them back\n"
"  strict   those of just this match and priority are meant, not all that match\n"
"           no more than this\n"
"  snoop    show packets for which flows have the action controller\n"
"\n"
"Examples:\n"
"  vsw flow add vs0 in_port=eth1,actions=strip_vlan,output:eth2\n"
"  vsw flow add vs0 priority=100,tcp,nw_dst=10.0.0.0/24,tp_dst=80-89,actions=drop\n"
"  vsw flow del vs0 cookie=0x7/-1\n"
"  vsw flow save vs0 > flows && vsw flow replace vs0 flows\n";

/* ---- add ------------------------------------------------------------------------------- */

static int send_one(struct vsw *vsw, const char *switch_name, const struct vsw_flow *flow,
		    struct err *err)
{
	struct vsw_flow_request to = { .has = HAS(VSWITCH_A_FLOW_SWITCH_NAME) };
	struct vsw_nl_batch *batch;
	size_t failed;
	int ret;

	strcpy(to.switch_name, switch_name);
	if (vsw_connect(vsw, err) < 0)
		return -1;
	batch = vsw_nl_batch_new(vsw->nl, &to, err);
	if (!batch)
		return -1;
	ret = vsw_nl_batch_add(batch, flow, err);
	if (!ret && vsw_nl_batch_send(vsw->nl, batch, &failed, err) < 0)
		ret = flow_refused(switch_name, err);
	vsw_nl_batch_free(batch);
	return ret;
}

static int do_add(struct vsw *vsw, char **words, struct err *err)
{
	char switch_name[MODEL_NAME_SIZE];
	struct switch_ports of;
	struct vsw_flow flow = {};
	char **all = words;
	char *text;
	int ret;

	if (flow_take_switch(&words, switch_name, err) < 0)
		return -1;
	if (*words && !strcmp(*words, "-"))
		return flow_load(vsw, all, err);
	if (!*words)
		return err_set(err, STATUS_USAGE, "the flow is missing");
	text = flow_join(words, err);
	if (!text)
		return -1;
	switch_ports_init(&of, vsw, switch_name);
	ret = flow_parse(text, &of.ports, &flow, err);
	if (!ret)
		ret = send_one(vsw, switch_name, &flow, err);
	object_clear(&kind_flow, &flow);
	switch_ports_free(&of);
	free(text);
	return ret;
}

/* ---- which flows are meant ---------------------------------------------------------------- */

/* The words behind the switch. */
static int read_request(char **words, struct switch_ports *of, enum flow_use use,
			struct vsw_flow_request *req, struct err *err)
{
	char *text = flow_join(words, err);
	int ret;

	if (!text)
		return -1;
	strcpy(req->switch_name, of->switch_name);
	req->has |= HAS(VSWITCH_A_FLOW_SWITCH_NAME);
	ret = flow_parse_request(text, &of->ports, use, req, err);
	free(text);
	return ret;
}

static int change(struct vsw *vsw, char **words, enum flow_use use, struct err *err)
{
	struct vsw_flow_request req = {};
	char switch_name[MODEL_NAME_SIZE];
	struct switch_ports of;
	uint32_t count = 0;
	int ret;

	if (flow_take_switch(&words, switch_name, err) < 0)
		return -1;
	req.strict = flow_take_word(&words, "strict");
	switch_ports_init(&of, vsw, switch_name);
	ret = read_request(words, &of, use, &req, err);
	if (!ret)
		ret = vsw_connect(vsw, err);
	if (!ret) {
		ret = use == FLOW_USE_MODIFY ? vsw_nl_flow_set(vsw->nl, &req, &count, err) :
					       vsw_nl_flow_del(vsw->nl, &req, &count, err);
		if (ret < 0)
			flow_refused(switch_name, err);
	}
	if (!ret)
		ret = output_flow_count(&vsw->out, count,
					use == FLOW_USE_MODIFY ? "changed" : "deleted", err);
	object_clear(&kind_flow_request, &req);
	switch_ports_free(&of);
	return ret;
}

static int do_modify(struct vsw *vsw, char **words, struct err *err)
{
	return change(vsw, words, FLOW_USE_MODIFY, err);
}

static int do_delete(struct vsw *vsw, char **words, struct err *err)
{
	return change(vsw, words, FLOW_USE_FILTER, err);
}

/* ---- show ------------------------------------------------------------------------------- */

/* Flows in their order, the earlier one first where that says nothing. */
struct place_of {
	struct vsw_flow flow;
	size_t at;
};

static int by_number(uint32_t a, uint32_t b)
{
	return (a > b) - (a < b);
}

static int by_priority(const void *one, const void *other)
{
	const struct place_of *a = one, *b = other;

	return by_number(a->flow.table, b->flow.table) ?:
	       by_number(b->flow.priority, a->flow.priority) ?: by_number(a->at, b->at);
}

/* By table and falling priority: the order in which they are looked at. */
static int sort(struct list *flows, struct err *err)
{
	struct vsw_flow *flow = flows->items;
	struct place_of *places;
	size_t i;

	places = calloc(flows->n + 1, sizeof(*places));
	if (!places)
		return err_set(err, STATUS_SYSTEM, "out of memory");
	for (i = 0; i < flows->n; i++)
		places[i] = (struct place_of){ flow[i], i };
	qsort(places, flows->n, sizeof(*places), by_priority);
	for (i = 0; i < flows->n; i++)
		flow[i] = places[i].flow;
	free(places);
	return 0;
}

static int dump(struct vsw *vsw, const struct vsw_flow_request *req, struct list *flows,
		struct err *err)
{
	struct vsw_flow *flow;
	size_t i;
	int ret;

	ret = vsw_nl_flow_dump(vsw->nl, req, flows, err);
	if (ret < 0)
		return flow_refused(req->switch_name, err);
	for (i = 0; i < flows->n; i++) {
		flow = list_at(flows, &kind_flow, i);
		strcpy(flow->switch_name, req->switch_name);
		flow->has |= HAS(FLOW_SAID_SWITCH_NAME);
	}
	return sort(flows, err) < 0 ? -1 : ret;
}

/* Those of other into one, which owns them then. */
static int join(struct list *all, struct list *other, struct err *err)
{
	struct vsw_flow *flow;
	size_t i;

	for (i = 0; i < other->n; i++) {
		flow = list_grow(all, &kind_flow);
		if (!flow)
			return err_set(err, STATUS_SYSTEM, "out of memory");
		memcpy(flow, list_at(other, &kind_flow, i), sizeof(*flow));
		memset(list_at(other, &kind_flow, i), 0, sizeof(*flow));
	}
	return 0;
}

struct view {
	struct vsw *vsw;
	char **words;			/* of the filter */
	bool strict, numbers, named;	/* a switch is named */
	struct list all;		/* for JSON: of all switches */
	bool inconsistent;
};

static int show_flows(struct view *view, const struct switch_ports *of, struct list *flows,
		      struct err *err)
{
	struct output *out = &view->vsw->out;

	if (out->json)
		return join(&view->all, flows, err);
	if (!view->named && flows->n)
		output_name(of->switch_name);
	return output_flows(out, flows, view->numbers ? NULL : (struct flow_ports *)&of->ports,
			    err);
}

/* The words are read anew for each switch: ports have other numbers there. */
static int show_switch(struct view *view, const char *switch_name, struct err *err)
{
	struct vsw_flow_request req = { .strict = view->strict };
	struct list flows = {};
	struct switch_ports of;
	int ret;

	switch_ports_init(&of, view->vsw, switch_name);
	ret = read_request(view->words, &of, FLOW_USE_FILTER, &req, err);
	if (!ret)
		ret = dump(view->vsw, &req, &flows, err);
	if (ret >= 0) {
		view->inconsistent |= ret > 0;
		ret = show_flows(view, &of, &flows, err);
	}
	list_free(&flows, &kind_flow);
	object_clear(&kind_flow_request, &req);
	switch_ports_free(&of);
	return ret;
}

static int do_show(struct vsw *vsw, char **words, struct err *err)
{
	struct view view = { .vsw = vsw, .named = *words };
	char switch_name[MODEL_NAME_SIZE] = "";
	struct list switches = {};
	int ret = 0;
	size_t i;

	if (*words && flow_take_switch(&words, switch_name, err) < 0)
		return -1;
	view.strict = flow_take_word(&words, "strict");
	view.numbers = flow_take_word(&words, "numbers");
	view.words = words;
	ret = flow_switches(vsw, switch_name, &switches, err);
	for (i = 0; i < switches.n && ret >= 0; i++) {
		const struct vsw_switch *sw = list_at(&switches, &kind_switch, i);

		ret = show_switch(&view, sw->name, err);
	}
	if (ret >= 0 && vsw->out.json)
		ret = output_flows(&vsw->out, &view.all, NULL, err);
	list_free(&switches, &kind_switch);
	list_free(&view.all, &kind_flow);
	return ret < 0 ? -1 : explain_dump(view.inconsistent, err);
}

static int do_save(struct vsw *vsw, char **words, struct err *err)
{
	char switch_name[MODEL_NAME_SIZE];
	struct vsw_flow_request req = {};
	struct list flows = {};
	struct switch_ports of;
	int ret;

	if (flow_take_switch(&words, switch_name, err) < 0)
		return -1;
	switch_ports_init(&of, vsw, switch_name);
	ret = read_request(words, &of, FLOW_USE_FILTER, &req, err);
	if (!ret)
		ret = vsw_connect(vsw, err);
	if (!ret)
		ret = dump(vsw, &req, &flows, err);
	if (ret >= 0 && output_flow_texts(&flows, err) < 0)
		ret = -1;
	list_free(&flows, &kind_flow);
	object_clear(&kind_flow_request, &req);
	switch_ports_free(&of);
	return explain_dump(ret, err);
}

static const struct command commands[] = {
	{ "show", do_show, false },
	{ "list", do_show, false },
	{ "lst", do_show, false },
	{ "ls", do_show, false },
	{ "add", do_add, true },
	{ "set", do_modify, true },
	{ "change", do_modify, true },
	{ "check", flow_check, false },
	{ "modify", do_modify, true },
	{ "replace", flow_replace, true },
	{ "delete", do_delete, true },
	{ "load", flow_load, true },
	{ "save", do_save, false },
	{ "table", flow_table_run, true },
	{ "snoop", flow_snoop, false },
	{}
};

const struct object object_flow = { "flow", help, commands, NULL, false };
