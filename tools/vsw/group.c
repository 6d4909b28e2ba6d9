// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "object_file.h"

static const char help[] =
"Usage: vsw group { add | set } SWITCH GROUP\n"
"       vsw group { load | replace | check } SWITCH { FILE | - }\n"
"       vsw group save SWITCH\n"
"       vsw group delete SWITCH [ ID ]\n"
"       vsw group [ show [ SWITCH [ numbers ] [ ID ] ] ]\n"
"GROUP  := group_id=ID[,type=TYPE][,hash=HASH][,bucket=BUCKET]...\n"
"BUCKET := [bucket_id:N,][weight:N,][watch_port:PORT,]ACTION,...\n"
"TYPE   := all | select | indirect | ff\n"
"HASH   := l4 | symmetric_l4 | l3 | l2\n"
"\n"
"  Buckets of actions, to which flows send packets by the action group:ID.\n"
"  all       each bucket gets a copy\n"
"  select    one of them gets it, the same one for all packets of a connection;\n"
"            their weights say how often, and hash what a connection is [l4]\n"
"  indirect  the one bucket that there is\n"
"  ff        the first one whose watch_port is up (fast failover)\n"
"  With a group go the flows that use it. 'delete' without ID deletes all.\n"
"  load     add all groups of a file, one a line\n"
"  replace  have those of a file and no others\n"
"  check    read a file as these do, and do nothing\n"
"  save     print groups so that load and replace take them back\n"
"\n"
"Examples:\n"
"  vsw group add vs0 group_id=1,type=select,bucket=weight:5,eth1,bucket=eth2\n"
"  vsw flow add vs0 ip,nw_dst=192.0.2.1,actions=group:1\n"
"  vsw -s group show vs0\n";

static const struct hint hints[] = {
	{ ENODEV, "See 'vsw switch show'." },
	{ ENOENT, "See 'vsw group show'." },
	{ EEXIST, "'vsw group set' changes it." },
	{}
};

static int refused(const struct vsw_group *group, struct err *err)
{
	if (group->has & HAS(VSWITCH_A_GROUP_ID))
		return explain(hints, err, "group %u of switch '%s'", group->id,
			       group->switch_name);
	return explain(hints, err, "switch '%s'", group->switch_name);
}

typedef int call_fn(struct vsw_nl *nl, const struct vsw_group *req, struct err *err);

/* What one can't be without; is_new: one that is not there yet. */
static int check(const struct vsw_group *group, bool is_new, struct err *err)
{
	if (!(group->has & HAS(VSWITCH_A_GROUP_ID)))
		return err_set(err, STATUS_USAGE, "'group_id=' is missing");
	if (is_new && !(group->has & HAS(VSWITCH_A_GROUP_TYPE)))
		return err_set(err, STATUS_USAGE, "'type=' is missing");
	return 0;
}

static int change(struct vsw *vsw, char **words, call_fn *call, struct err *err)
{
	struct vsw_group group = {};
	struct switch_ports of;
	char *text;
	int ret;

	if (flow_take_switch(&words, group.switch_name, err) < 0)
		return -1;
	text = flow_join(words, err);
	if (!text)
		return -1;
	group.has = HAS(VSWITCH_A_GROUP_SWITCH_NAME);
	switch_ports_init(&of, vsw, group.switch_name);
	ret = flow_parse_group(text, &of.ports, &group, err);
	if (!ret)
		ret = check(&group, call == vsw_nl_group_new, err);
	if (!ret)
		ret = vsw_connect(vsw, err);
	if (!ret && call(vsw->nl, &group, err) < 0)
		ret = refused(&group, err);
	object_clear(&kind_group, &group);
	switch_ports_free(&of);
	free(text);
	return ret;
}

/* ---- files ------------------------------------------------------------------------------ */

static int file_parse(char *text, struct switch_ports *of, void *object, struct err *err)
{
	struct vsw_group *group = object;

	strcpy(group->switch_name, of->switch_name);
	group->has = HAS(VSWITCH_A_GROUP_SWITCH_NAME);
	if (flow_parse_group(text, &of->ports, group, err) < 0 || check(group, true, err) < 0)
		return -1;
	/* One that is there would keep its hash. */
	if (group->type == VSWITCH_GROUP_TYPE_SELECT)
		group->has |= HAS(VSWITCH_A_GROUP_HASH);
	return 0;
}

static void file_print(FILE *out, const void *object)
{
	flow_print_group(out, object, NULL);
}

static uint32_t file_id(const void *object)
{
	return ((const struct vsw_group *)object)->id;
}

static int file_add(struct vsw_nl *nl, const void *object, struct err *err)
{
	return vsw_nl_group_new(nl, object, err);
}

static int file_set(struct vsw_nl *nl, const void *object, struct err *err)
{
	return vsw_nl_group_set(nl, object, err);
}

static int file_del(struct vsw_nl *nl, const void *object, struct err *err)
{
	const struct vsw_group *group = object;
	struct vsw_group req = {
		.has = HAS(VSWITCH_A_GROUP_SWITCH_NAME) | HAS(VSWITCH_A_GROUP_ID),
		.id = group->id,
	};

	strcpy(req.switch_name, group->switch_name);
	return vsw_nl_group_del(nl, &req, err);
}

static int file_dump(struct vsw_nl *nl, const char *switch_name, struct list *groups,
		     struct err *err)
{
	struct vsw_group filter = { .has = HAS(VSWITCH_A_GROUP_SWITCH_NAME) };

	strcpy(filter.switch_name, switch_name);
	return vsw_nl_group_dump(nl, &filter, groups, err);
}

static int file_refused(const void *object, struct err *err)
{
	return refused(object, err);
}

static const struct object_file file = {
	.kind = &kind_group,
	.one = "group",
	.many = "groups",
	.most = VSWITCH_FLOW_GROUPS_MAX,
	.parse = file_parse,
	.print = file_print,
	.id = file_id,
	.add = file_add,
	.set = file_set,
	.del = file_del,
	.dump = file_dump,
	.refused = file_refused,
	.order = flow_group_order,
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
	return change(vsw, words, vsw_nl_group_new, err);
}

static int do_set(struct vsw *vsw, char **words, struct err *err)
{
	return change(vsw, words, vsw_nl_group_set, err);
}

/* "1" or "group_id=1", as the last word, if there is one. */
static int read_id(char **words, struct vsw_group *group, struct err *err)
{
	const char *word = *words;
	uint64_t id;

	if (!word)
		return 0;
	if (words[1])
		return err_set(err, STATUS_USAGE, "'%s' stands behind the group", words[1]);
	if (!strncmp(word, "group_id=", 9))
		word += 9;
	if (flow_parse_number("group_id", word, VSWITCH_FLOW_GROUP_MAX, &id, err) < 0)
		return -1;
	group->id = id;
	group->has |= HAS(VSWITCH_A_GROUP_ID);
	return 0;
}

static int do_delete(struct vsw *vsw, char **words, struct err *err)
{
	struct vsw_group group = { .has = HAS(VSWITCH_A_GROUP_SWITCH_NAME) };

	if (flow_take_switch(&words, group.switch_name, err) < 0 ||
	    read_id(words, &group, err) < 0 || vsw_connect(vsw, err) < 0)
		return -1;
	return vsw_nl_group_del(vsw->nl, &group, err) < 0 ? refused(&group, err) : 0;
}

/* Of one switch, into what is there of others. */
static int get(struct vsw *vsw, const char *switch_name, const struct vsw_group *req,
	       struct list *groups, struct err *err)
{
	struct vsw_group filter = { .has = req->has | HAS(VSWITCH_A_GROUP_SWITCH_NAME) };
	struct vsw_group *group;
	int ret;

	filter.id = req->id;
	strcpy(filter.switch_name, switch_name);
	if (filter.has & HAS(VSWITCH_A_GROUP_ID)) {
		group = list_grow(groups, &kind_group);
		if (!group)
			return err_set(err, STATUS_SYSTEM, "out of memory");
		ret = vsw_nl_group_get(vsw->nl, &filter, group, err);
	} else {
		ret = vsw_nl_group_dump(vsw->nl, &filter, groups, err);
	}
	return ret < 0 ? refused(&filter, err) : ret;
}

static int join(struct list *all, struct list *groups, struct err *err)
{
	struct vsw_group *group;
	size_t i;

	for (i = 0; i < groups->n; i++) {
		group = list_grow(all, &kind_group);
		if (!group)
			return err_set(err, STATUS_SYSTEM, "out of memory");
		memcpy(group, list_at(groups, &kind_group, i), sizeof(*group));
		memset(list_at(groups, &kind_group, i), 0, sizeof(*group));
	}
	return 0;
}

/* All of JSON is one array; text is by switch, whose name stands above if it was not said. */
static int show_switch(struct vsw *vsw, const char *name, const struct vsw_group *req,
		       bool numbers, struct list *all, struct err *err)
{
	struct list groups = {};
	struct switch_ports of;
	int ret, shown = 0;

	switch_ports_init(&of, vsw, name);
	ret = get(vsw, name, req, &groups, err);
	if (ret >= 0 && vsw->out.json)
		shown = join(all, &groups, err);
	if (ret >= 0 && !vsw->out.json) {
		if (groups.n && !*req->switch_name)
			output_name(name);
		shown = output_groups(&vsw->out, &groups, numbers ? NULL : &of.ports, err);
	}
	list_free(&groups, &kind_group);
	switch_ports_free(&of);
	return shown < 0 ? -1 : ret;
}

static int do_show(struct vsw *vsw, char **words, struct err *err)
{
	struct list switches = {}, all = {};
	struct vsw_group req = {};
	bool inconsistent = false, numbers;
	int ret;
	size_t i;

	if (*words && flow_take_switch(&words, req.switch_name, err) < 0)
		return -1;
	numbers = flow_take_word(&words, "numbers");
	if (read_id(words, &req, err) < 0)
		return -1;
	ret = flow_switches(vsw, req.switch_name, &switches, err);
	for (i = 0; i < switches.n && ret >= 0; i++) {
		const struct vsw_switch *sw = list_at(&switches, &kind_switch, i);

		ret = show_switch(vsw, sw->name, &req, numbers, &all, err);
		inconsistent |= ret > 0;
	}
	if (ret >= 0 && vsw->out.json)
		ret = output_groups(&vsw->out, &all, NULL, err);
	list_free(&switches, &kind_switch);
	list_free(&all, &kind_group);
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

const struct object object_group = { "group", help, commands, NULL, false };
