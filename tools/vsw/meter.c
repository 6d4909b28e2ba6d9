// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "object_file.h"

static const char help[] =
"Usage: vsw meter { add | set } SWITCH METER\n"
"       vsw meter { load | replace | check } SWITCH { FILE | - }\n"
"       vsw meter save SWITCH\n"
"       vsw meter delete SWITCH [ ID ]\n"
"       vsw meter [ show [ SWITCH [ ID ] ] ]\n"
"METER := meter=ID,UNIT[,burst][,per_flow],band=type=BAND,rate=N[,burst_size=N]\n"
"UNIT  := pktps | kbps\n"
"BAND  := drop | dscp_remark,dscp=N\n"
"\n"
"  A rate, in packets or kilobits a second, that flows hold packets to by the\n"
"  action meter:ID. What is above it is dropped, or gets another DSCP.\n"
"  burst_size  so many packets or kilobits may come at once [those of 0.1 s]\n"
"  per_flow    each flow that uses the meter has the whole rate for itself\n"
"  With a meter go the flows that use it. 'delete' without ID deletes all.\n"
"  load     add all meters of a file, one a line\n"
"  replace  have those of a file and no others\n"
"  check    read a file as these do, and do nothing\n"
"  save     print meters so that load and replace take them back\n"
"\n"
"Examples:\n"
"  vsw meter add vs0 meter=1,pktps,burst,band=type=drop,rate=1000,burst_size=100\n"
"  vsw flow add vs0 arp,actions=meter:1,normal\n"
"  vsw -s meter show vs0\n";

static const struct hint hints[] = {
	{ ENODEV, "See 'vsw switch show'." },
	{ ENOENT, "See 'vsw meter show'." },
	{ EEXIST, "'vsw meter set' changes it." },
	{}
};

static int refused(const struct vsw_meter *meter, struct err *err)
{
	if (meter->has & HAS(VSWITCH_A_METER_ID))
		return explain(hints, err, "meter %u of switch '%s'", meter->id,
			       meter->switch_name);
	return explain(hints, err, "switch '%s'", meter->switch_name);
}

typedef int call_fn(struct vsw_nl *nl, const struct vsw_meter *req, struct err *err);

/* What a meter can't be without. */
static int check(const struct vsw_meter *meter, struct err *err)
{
	if (!(meter->has & HAS(VSWITCH_A_METER_ID)))
		return err_set(err, STATUS_USAGE, "'meter=' is missing");
	if (!(meter->has & HAS(VSWITCH_A_METER_UNIT)))
		return err_set(err, STATUS_USAGE, "'pktps' or 'kbps' is missing");
	if (!(meter->has & HAS(VSWITCH_A_METER_RATE)))
		return err_set(err, STATUS_USAGE, "'rate=' is missing");
	return 0;
}

static int change(struct vsw *vsw, char **words, call_fn *call, struct err *err)
{
	struct vsw_meter meter = {};
	char *text;
	int ret;

	if (flow_take_switch(&words, meter.switch_name, err) < 0)
		return -1;
	text = flow_join(words, err);
	if (!text)
		return -1;
	meter.has = HAS(VSWITCH_A_METER_SWITCH_NAME);
	ret = flow_parse_meter(text, &meter, err);
	free(text);
	if (ret < 0 || check(&meter, err) < 0 || vsw_connect(vsw, err) < 0)
		return -1;
	return call(vsw->nl, &meter, err) < 0 ? refused(&meter, err) : 0;
}

/* ---- files ------------------------------------------------------------------------------ */

static int file_parse(char *text, struct switch_ports *of, void *object, struct err *err)
{
	struct vsw_meter *meter = object;

	strcpy(meter->switch_name, of->switch_name);
	meter->has = HAS(VSWITCH_A_METER_SWITCH_NAME);
	if (flow_parse_meter(text, meter, err) < 0 || check(meter, err) < 0)
		return -1;
	meter->has |= HAS(VSWITCH_A_METER_PER_FLOW);
	return 0;
}

static void file_print(FILE *out, const void *object)
{
	flow_print_meter(out, object);
}

static uint32_t file_id(const void *object)
{
	return ((const struct vsw_meter *)object)->id;
}

static int file_add(struct vsw_nl *nl, const void *object, struct err *err)
{
	return vsw_nl_meter_new(nl, object, err);
}

static int file_set(struct vsw_nl *nl, const void *object, struct err *err)
{
	return vsw_nl_meter_set(nl, object, err);
}

static int file_del(struct vsw_nl *nl, const void *object, struct err *err)
{
	const struct vsw_meter *meter = object;
	struct vsw_meter req = {
		.has = HAS(VSWITCH_A_METER_SWITCH_NAME) | HAS(VSWITCH_A_METER_ID),
		.id = meter->id,
	};

	strcpy(req.switch_name, meter->switch_name);
	return vsw_nl_meter_del(nl, &req, err);
}

static int file_dump(struct vsw_nl *nl, const char *switch_name, struct list *meters,
		     struct err *err)
{
	struct vsw_meter filter = { .has = HAS(VSWITCH_A_METER_SWITCH_NAME) };

	strcpy(filter.switch_name, switch_name);
	return vsw_nl_meter_dump(nl, &filter, meters, err);
}

static int file_may_become(const void *was, const void *object, struct err *err)
{
	const struct vsw_meter *meter = object;

	return meter->per_flow == ((const struct vsw_meter *)was)->per_flow ? 0 :
	       err_set(err, STATUS_REFUSED,
		       "meter %u of switch '%s': a meter stays what it was, per flow or shared",
		       meter->id, meter->switch_name);
}

static int file_refused(const void *object, struct err *err)
{
	return refused(object, err);
}

static const struct object_file file = {
	.kind = &kind_meter,
	.one = "meter",
	.many = "meters",
	.most = VSWITCH_FLOW_METERS_MAX,
	.parse = file_parse,
	.print = file_print,
	.id = file_id,
	.add = file_add,
	.set = file_set,
	.del = file_del,
	.dump = file_dump,
	.may_become = file_may_become,
	.refused = file_refused,
};

static int do_load(struct vsw *vsw, char **words, struct err *err)
{
	return object_file_load(&file, vsw, words, err);
}

static int do_replace(struct vsw *vsw, char **words, struct err *err)
{
	return object_file_replace(&file, vsw, words, err);
}

static int do_check(struct vsw *vsw, char **words, struct err *err)
{
	return object_file_check(&file, vsw, words, err);
}

static int do_save(struct vsw *vsw, char **words, struct err *err)
{
	return object_file_save(&file, vsw, words, err);
}

/* ---- one -------------------------------------------------------------------------------- */

static int do_add(struct vsw *vsw, char **words, struct err *err)
{
	if (words[0] && words[1] && !strcmp(words[1], "-"))
		return object_file_load(&file, vsw, words, err);
	return change(vsw, words, vsw_nl_meter_new, err);
}

static int do_set(struct vsw *vsw, char **words, struct err *err)
{
	return change(vsw, words, vsw_nl_meter_set, err);
}

/* "1" or "meter=1", as the last word, if there is one. */
static int read_id(char **words, struct vsw_meter *meter, struct err *err)
{
	const char *word = *words;
	uint64_t id;

	if (!word)
		return 0;
	if (words[1])
		return err_set(err, STATUS_USAGE, "'%s' stands behind the meter", words[1]);
	if (!strncmp(word, "meter=", 6))
		word += 6;
	if (flow_parse_number("meter", word, VSWITCH_FLOW_METER_MAX, &id, err) < 0)
		return -1;
	meter->id = id;
	meter->has |= HAS(VSWITCH_A_METER_ID);
	return 0;
}

static int do_delete(struct vsw *vsw, char **words, struct err *err)
{
	struct vsw_meter meter = { .has = HAS(VSWITCH_A_METER_SWITCH_NAME) };

	if (flow_take_switch(&words, meter.switch_name, err) < 0 ||
	    read_id(words, &meter, err) < 0 || vsw_connect(vsw, err) < 0)
		return -1;
	return vsw_nl_meter_del(vsw->nl, &meter, err) < 0 ? refused(&meter, err) : 0;
}

static int get(struct vsw *vsw, const char *switch_name, const struct vsw_meter *req,
	       struct list *meters, struct err *err)
{
	struct vsw_meter filter = *req, *meter;
	int ret;

	strcpy(filter.switch_name, switch_name);
	filter.has |= HAS(VSWITCH_A_METER_SWITCH_NAME);
	if (!(filter.has & HAS(VSWITCH_A_METER_ID))) {
		ret = vsw_nl_meter_dump(vsw->nl, &filter, meters, err);
		return ret < 0 ? refused(&filter, err) : ret;
	}
	meter = list_grow(meters, &kind_meter);
	if (!meter)
		return err_set(err, STATUS_SYSTEM, "out of memory");
	return vsw_nl_meter_get(vsw->nl, &filter, meter, err) < 0 ? refused(&filter, err) : 0;
}

/* All of JSON is one array; text is by switch, whose name stands above if it was not said. */
static int show_switch(struct vsw *vsw, const char *name, const struct vsw_meter *req,
		       struct list *all, struct err *err)
{
	struct list meters = {};
	struct vsw_meter *meter;
	int ret, shown = 0;
	size_t i;

	ret = get(vsw, name, req, &meters, err);
	if (ret >= 0 && !vsw->out.json) {
		if (meters.n && !*req->switch_name)
			output_name(name);
		shown = output_meters(&vsw->out, &meters, err);
	}
	for (i = 0; ret >= 0 && !shown && vsw->out.json && i < meters.n; i++) {
		meter = list_grow(all, &kind_meter);
		if (meter)
			*meter = *(struct vsw_meter *)list_at(&meters, &kind_meter, i);
		else
			shown = err_set(err, STATUS_SYSTEM, "out of memory");
	}
	list_free(&meters, &kind_meter);
	return shown < 0 ? -1 : ret;
}

static int do_show(struct vsw *vsw, char **words, struct err *err)
{
	struct list switches = {}, all = {};
	struct vsw_meter req = {};
	bool inconsistent = false;
	int ret;
	size_t i;

	if (*words && flow_take_switch(&words, req.switch_name, err) < 0)
		return -1;
	if (read_id(words, &req, err) < 0)
		return -1;
	ret = flow_switches(vsw, req.switch_name, &switches, err);
	for (i = 0; i < switches.n && ret >= 0; i++) {
		const struct vsw_switch *sw = list_at(&switches, &kind_switch, i);

		ret = show_switch(vsw, sw->name, &req, &all, err);
		inconsistent |= ret > 0;
	}
	if (ret >= 0 && vsw->out.json)
		ret = output_meters(&vsw->out, &all, err);
	list_free(&switches, &kind_switch);
	list_free(&all, &kind_meter);
	return ret < 0 ? -1 : explain_dump(inconsistent, err);
}

static const struct command commands[] = {
	{ "show", do_show, false },
	{ "list", do_show, false },
	{ "lst", do_show, false },
	{ "ls", do_show, false },
	{ "add", do_add, true },
	{ "set", do_set, true },
	{ "change", do_set, true },
	{ "check", do_check, false },
	{ "modify", do_set, true },
	{ "replace", do_replace, true },
	{ "delete", do_delete, true },
	{ "load", do_load, true },
	{ "save", do_save, false },
	{}
};

const struct object object_meter = { "meter", help, commands, NULL, false };
