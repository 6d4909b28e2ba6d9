// SPDX-License-Identifier: GPL-2.0
#include <errno.h>

#include "lib/parse.h"
#include "vsw.h"

static const char help[] =
"Usage: vsw mdb add dev DEV grp GROUP [ src SOURCE ] [ vid VID ] [ switch SWITCH ]\n"
"               [ permanent | temp ]\n"
"       vsw mdb del dev DEV grp GROUP [ src SOURCE ] [ vid VID ] [ switch SWITCH ]\n"
"       vsw mdb get dev DEV grp GROUP [ vid VID ] [ switch SWITCH ]\n"
"       vsw mdb [ show [ switch SWITCH ] [ dev DEV ] [ grp GROUP ] [ vid VID ] ]\n"
"       vsw mdb flush { switch SWITCH | dev DEV } [ vid VID ] [ permanent ]\n"
"\n"
"  The multicast groups of switches that have 'mcast-snooping on', and the ports\n"
"  that are members of them: since their hosts have said so by IGMP or MLD, or by\n"
"  'add'. GROUP and SOURCE are IPv4 or IPv6 addresses; DEV is a port.\n"
"  src        the port wants the group from this source only\n"
"  vid        the VLAN that the group is of, if the switch filters by VLAN\n"
"  permanent  until it is deleted; of 'flush', those that were added, too\n"
"  temp       as if a host had asked for it now: until the membership interval\n"
"             is over [this is the default]\n"
"\n"
"Examples:\n"
"  vsw mdb add dev eth1 grp 239.1.1.1 permanent\n"
"  vsw mdb add dev eth1 grp 232.1.1.1 src 192.0.2.7 vid 10\n"
"  vsw -j mdb show switch vs0 grp ff0e::db8:1\n"
"  vsw mdb flush dev eth1\n";

#define PLACE_KEYWORDS \
	{ "dev", KEYWORD_DEVICE, DEVICE_NAME, 0 }, \
	{ "switch", KEYWORD_VALUE, VSWITCH_A_MDB_SWITCH_NAME, 0 }, \
	{ "vid", KEYWORD_VALUE, VSWITCH_A_MDB_VLAN, 0 }
#define GROUP_KEYWORDS \
	{ "grp", KEYWORD_VALUE, VSWITCH_A_MDB_GROUP, 0 }
#define SOURCE_KEYWORDS \
	{ "src", KEYWORD_VALUE, VSWITCH_A_MDB_SOURCE, 0 }

static const struct keyword add_keywords[] = {
	PLACE_KEYWORDS, GROUP_KEYWORDS, SOURCE_KEYWORDS,
	{ "permanent", KEYWORD_CONSTANT, VSWITCH_A_MDB_PERMANENT, true },
	{ "temp", KEYWORD_CONSTANT, VSWITCH_A_MDB_PERMANENT, false },
	{}
};

static const struct keyword del_keywords[] = {
	PLACE_KEYWORDS, GROUP_KEYWORDS, SOURCE_KEYWORDS, {}
};

static const struct keyword filter_keywords[] = { PLACE_KEYWORDS, GROUP_KEYWORDS, {} };

static const struct keyword flush_keywords[] = {
	PLACE_KEYWORDS,
	{ "permanent", KEYWORD_CONSTANT, VSWITCH_A_MDB_PERMANENT, true },
	{}
};

static const struct hint hints[] = {
	{ ENODEV, "See 'vsw port show' and 'vsw switch show'." },
	{ ENOENT, "See 'vsw mdb show'." },
	{}
};

/* What a command is about: a member or a filter, and where it is. */
struct target {
	struct vsw_mdb mdb;
	struct place place;
};

static int refused(const struct target *target, struct err *err)
{
	if (target->place.word)
		return explain(hints, err, "port '%s'", target->place.word);
	if (*target->place.switch_name)
		return explain(hints, err, "switch '%s'", target->place.switch_name);
	return explain(hints, err, "multicast groups");
}

static int read_place(char **words, const struct keyword *keys, struct target *target,
		      struct err *err)
{
	struct vsw_device device = {};

	if (keywords_read(&kind_mdb, keys, words, &target->mdb, &device, err) < 0)
		return -1;
	target->place.word = device.name;
	target->place.switch_name = target->mdb.switch_name;
	return 0;
}

static int read_member(char **words, const struct keyword *keys, struct target *target,
		       struct err *err)
{
	if (read_place(words, keys, target, err) < 0)
		return -1;
	if (!target->place.word)
		return err_set(err, STATUS_USAGE, "'dev DEV' is missing");
	if (!(target->mdb.has & HAS(VSWITCH_A_MDB_GROUP)))
		return err_set(err, STATUS_USAGE, "'grp GROUP' is missing");
	return 0;
}

/* Put the next name of the port into the request, if there is one to try. */
static bool next_name(struct vsw *vsw, struct target *target, struct err *err)
{
	if (!place_next(vsw, &target->place, err))
		return false;
	place_mdb(&target->place, &target->mdb);
	return true;
}

static int do_add(struct vsw *vsw, char **words, struct err *err)
{
	struct target target = {};
	int ret = -1;

	if (read_member(words, add_keywords, &target, err) < 0 || vsw_connect(vsw, err) < 0)
		return -1;
	while (ret < 0 && next_name(vsw, &target, err))
		ret = vsw_nl_mdb_new(vsw->nl, &target.mdb, err);
	return ret < 0 ? refused(&target, err) : 0;
}

static int do_del(struct vsw *vsw, char **words, struct err *err)
{
	struct target target = {};
	int ret = -1;

	if (read_member(words, del_keywords, &target, err) < 0 || vsw_connect(vsw, err) < 0)
		return -1;
	while (ret < 0 && next_name(vsw, &target, err))
		ret = vsw_nl_mdb_del(vsw->nl, &target.mdb, err);
	return ret < 0 ? refused(&target, err) : 0;
}

static int do_get(struct vsw *vsw, char **words, struct err *err)
{
	struct target target = {};
	struct vsw_mdb mdb = {};
	int ret = -1;

	if (read_member(words, filter_keywords, &target, err) < 0 || vsw_connect(vsw, err) < 0)
		return -1;
	while (ret < 0 && next_name(vsw, &target, err))
		ret = vsw_nl_mdb_get(vsw->nl, &target.mdb, &mdb, err);
	ret = ret < 0 ? refused(&target, err) :
			output_object(&vsw->out, &kind_mdb, &mdb, err);
	object_clear(&kind_mdb, &mdb);
	return ret;
}

static int do_show(struct vsw *vsw, char **words, struct err *err)
{
	struct target target = {};
	struct list list = {};
	int ret = -1, shown;

	if (read_place(words, filter_keywords, &target, err) < 0 || vsw_connect(vsw, err) < 0)
		return -1;
	while (ret < 0 && next_name(vsw, &target, err))
		ret = vsw_nl_mdb_dump(vsw->nl, &target.mdb, &list, err);
	if (ret < 0)
		return refused(&target, err);
	shown = output_list(&vsw->out, &kind_mdb, &list, err);
	list_free(&list, &kind_mdb);
	return shown < 0 ? -1 : explain_dump(ret, err);
}

static int do_flush(struct vsw *vsw, char **words, struct err *err)
{
	struct target target = {};
	uint32_t flushed;
	int ret = -1;

	if (read_place(words, flush_keywords, &target, err) < 0)
		return -1;
	if (!target.place.word && !*target.place.switch_name)
		return err_set(err, STATUS_USAGE, "'dev DEV' or 'switch SWITCH' is missing");
	if (vsw_connect(vsw, err) < 0)
		return -1;
	while (ret < 0 && next_name(vsw, &target, err))
		ret = vsw_nl_mdb_flush(vsw->nl, &target.mdb, &flushed, err);
	if (ret < 0)
		return refused(&target, err);
	return output_flushed(&vsw->out, flushed, err);
}

static const struct command commands[] = {
	{ "show", do_show, false },
	{ "list", do_show, false },
	{ "lst", do_show, false },
	{ "ls", do_show, false },
	{ "add", do_add, true },
	{ "delete", do_del, true },
	{ "get", do_get, false },
	{ "flush", do_flush, true },
	{}
};

const struct object object_mdb = { "mdb", help, commands, NULL, false };
