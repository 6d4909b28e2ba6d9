// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/parse.h"
#include "vsw.h"

static const char help[] =
"Usage: vsw fdb { add | replace } MAC dev DEV [ switch SWITCH ] [ vlan VID ]\n"
"                                 [ TYPE ] [ STICKY ]\n"
"       vsw fdb set MAC { dev DEV | switch SWITCH } [ vlan VID ] [ TYPE ] [ STICKY ]\n"
"       vsw fdb { del | get } MAC { dev DEV | switch SWITCH } [ vlan VID ]\n"
"       vsw fdb [ show [ switch SWITCH ] [ dev DEV ] [ vlan VID ] [ TYPE ] ]\n"
"       vsw fdb flush { switch SWITCH | dev DEV } [ vlan VID ] [ TYPE ]\n"
"TYPE   := static | dynamic | local\n"
"STICKY := sticky [ on | off ]\n"
"\n"
"  static   never ages, moves when the address is seen on another port\n"
"  dynamic  ages like a learned one\n"
"  local    an address of the host: frames to it go to the switch's own device\n"
"  sticky   does not move to another port\n"
"  vlan     the VLAN that the entry is of: there is one for an address in each.\n"
"           Without it the entry is of no VLAN, and so of each that has none itself\n"
"  'add' makes a new entry, static and not sticky unless said otherwise; on the\n"
"  switch's own device it is local. 'set' changes what is given of an entry that\n"
"  is there, and moves it to DEV. 'replace' is 'add', or 'set' to the same when\n"
"  there is an entry. 'flush' removes the dynamic entries unless a type is given,\n"
"  and says how many there were.\n"
"\n"
"Examples:\n"
"  vsw fdb add 02:00:00:00:00:0a dev eth1 static\n"
"  vsw fdb show switch vs0 vlan 10 dynamic\n"
"  vsw fdb flush dev eth1\n";

#define PLACE_KEYWORDS \
	{ "dev", KEYWORD_DEVICE, DEVICE_NAME, 0 }, \
	{ "switch", KEYWORD_VALUE, VSWITCH_A_FDB_SWITCH_NAME, 0 }, \
	{ "vlan", KEYWORD_VALUE, VSWITCH_A_FDB_VLAN, 0 }
#define TYPE_KEYWORDS \
	{ "dynamic", KEYWORD_CONSTANT, VSWITCH_A_FDB_TYPE, VSWITCH_FDB_TYPE_DYNAMIC }, \
	{ "static", KEYWORD_CONSTANT, VSWITCH_A_FDB_TYPE, VSWITCH_FDB_TYPE_STATIC }, \
	{ "local", KEYWORD_CONSTANT, VSWITCH_A_FDB_TYPE, VSWITCH_FDB_TYPE_LOCAL }

static const struct keyword add_keywords[] = {
	PLACE_KEYWORDS, TYPE_KEYWORDS,
	{ "sticky", KEYWORD_FLAG, VSWITCH_A_FDB_STICKY, 0 },
	{}
};

static const struct keyword place_keywords[] = { PLACE_KEYWORDS, {} };
static const struct keyword filter_keywords[] = { PLACE_KEYWORDS, TYPE_KEYWORDS, {} };

#define REPLACE_ROUNDS 5

static const struct hint entry_hints[] = {
	{ ENODEV, "See 'vsw port show'." },
	{ ENOENT, "See 'vsw fdb show'." },
	{ EEXIST, "'vsw fdb set' and 'vsw fdb replace' change it." },
	{}
};

static const struct hint table_hints[] = {
	{ ENODEV, "See 'vsw port show' and 'vsw switch show'." },
	{ ENOENT, "See 'vsw port show' and 'vsw switch show'." },
	{}
};

/* What a command is about: an entry or a filter, and where it is. */
struct target {
	struct vsw_fdb fdb;
	struct place place;
};

static int refused(const struct target *target, const char *mac, struct err *err)
{
	if (mac)
		return explain(entry_hints, err, "entry '%s'", mac);
	if (target->place.word)
		return explain(table_hints, err, "port '%s'", target->place.word);
	if (*target->place.switch_name)
		return explain(table_hints, err, "switch '%s'", target->place.switch_name);
	return explain(table_hints, err, "MAC entries");
}

static int read_place(char **words, const struct keyword *keys, struct target *target,
		      struct err *err)
{
	struct vsw_device device = {};

	if (keywords_read(&kind_fdb, keys, words, &target->fdb, &device, err) < 0)
		return -1;
	target->place.word = device.name;
	target->place.switch_name = target->fdb.switch_name;
	return 0;
}

static int check_place(const struct target *target, struct err *err)
{
	if (target->place.word || *target->place.switch_name)
		return 0;
	return err_set(err, STATUS_USAGE, "'dev DEV' or 'switch SWITCH' is missing");
}

/* MAC first, then the keywords. */
static int read_entry(char **words, const struct keyword *keys, struct target *target,
		      struct err *err)
{
	if (!*words)
		return err_set(err, STATUS_USAGE, "the MAC address is missing");
	if (parse_mac("address", *words, target->fdb.address, err) < 0)
		return -1;
	target->fdb.has = HAS(VSWITCH_A_FDB_ADDRESS);
	if (read_place(words + 1, keys, target, err) < 0)
		return -1;
	return check_place(target, err);
}

/* Put the next name of the port into the request, if there is one to try. */
static bool next_name(struct vsw *vsw, struct target *target, struct err *err)
{
	if (!place_next(vsw, &target->place, err))
		return false;
	place_fdb(&target->place, &target->fdb);
	return true;
}

/* On the switch's own device there are only local entries. */
static uint8_t default_type(struct vsw *vsw, const char *device)
{
	struct vsw_switch req = { .has = HAS(VSWITCH_A_SWITCH_NAME) }, sw = {};
	int ret;

	if (strlen(device) >= sizeof(req.name))
		return VSWITCH_FDB_TYPE_STATIC;
	strcpy(req.name, device);
	ret = vsw_nl_switch_get(vsw->nl, &req, &sw, NULL);
	object_clear(&kind_switch, &sw);
	return ret < 0 ? VSWITCH_FDB_TYPE_STATIC : VSWITCH_FDB_TYPE_LOCAL;
}

/* The words of "add" and "replace": a whole entry. */
static int read_new_entry(struct vsw *vsw, char **words, struct target *target, struct err *err)
{
	if (read_entry(words, add_keywords, target, err) < 0)
		return -1;
	if (!target->place.word)
		return err_set(err, STATUS_USAGE, "'dev DEV' is missing");
	if (vsw_connect(vsw, err) < 0)
		return -1;
	if (!(target->fdb.has & HAS(VSWITCH_A_FDB_TYPE)))
		target->fdb.type = default_type(vsw, target->place.word);
	target->fdb.has |= HAS(VSWITCH_A_FDB_TYPE);
	return 0;
}

static int do_add(struct vsw *vsw, char **words, struct err *err)
{
	struct target target = {};
	int ret = -1;

	if (read_new_entry(vsw, words, &target, err) < 0)
		return -1;
	while (ret < 0 && next_name(vsw, &target, err))
		ret = vsw_nl_fdb_new(vsw->nl, &target.fdb, err);
	return ret < 0 ? refused(&target, *words, err) : 0;
}

/*
 * The entry may go or come between the two requests, learned ones do so all the
 * time; so a few rounds.
 */
static int replace(struct vsw_nl *nl, const struct vsw_fdb *entry, struct err *err)
{
	struct vsw_fdb req = *entry;
	int round;

	for (round = 0; round < REPLACE_ROUNDS; round++) {
		*err = (struct err)ERR_INIT;
		if (vsw_nl_fdb_new(nl, &req, err) == 0)
			return 0;
		if (err->errnum != EEXIST)
			break;
		*err = (struct err)ERR_INIT;
		req.has |= HAS(VSWITCH_A_FDB_STICKY);
		if (vsw_nl_fdb_set(nl, &req, err) == 0)
			return 0;
		if (err->errnum != ENOENT)
			break;
	}
	return -1;
}

static int do_replace(struct vsw *vsw, char **words, struct err *err)
{
	struct target target = {};
	int ret = -1;

	if (read_new_entry(vsw, words, &target, err) < 0)
		return -1;
	while (ret < 0 && next_name(vsw, &target, err))
		ret = replace(vsw->nl, &target.fdb, err);
	return ret < 0 ? refused(&target, *words, err) : 0;
}

static int do_set(struct vsw *vsw, char **words, struct err *err)
{
	const uint32_t naming = HAS(VSWITCH_A_FDB_ADDRESS) | HAS(VSWITCH_A_FDB_SWITCH_NAME) |
				HAS(VSWITCH_A_FDB_VLAN);
	struct target target = {};
	int ret = -1;

	if (read_entry(words, add_keywords, &target, err) < 0)
		return -1;
	if (!(target.fdb.has & ~naming) && !target.place.word)
		return err_set(err, STATUS_USAGE, "there is nothing to set");
	if (vsw_connect(vsw, err) < 0)
		return -1;
	while (ret < 0 && next_name(vsw, &target, err))
		ret = vsw_nl_fdb_set(vsw->nl, &target.fdb, err);
	return ret < 0 ? refused(&target, *words, err) : 0;
}

static int do_del(struct vsw *vsw, char **words, struct err *err)
{
	struct target target = {};
	int ret = -1;

	if (read_entry(words, place_keywords, &target, err) < 0 || vsw_connect(vsw, err) < 0)
		return -1;
	while (ret < 0 && next_name(vsw, &target, err))
		ret = vsw_nl_fdb_del(vsw->nl, &target.fdb, err);
	return ret < 0 ? refused(&target, *words, err) : 0;
}

static int do_get(struct vsw *vsw, char **words, struct err *err)
{
	struct target target = {};
	struct vsw_fdb fdb = {};
	int ret = -1;

	if (read_entry(words, place_keywords, &target, err) < 0 || vsw_connect(vsw, err) < 0)
		return -1;
	while (ret < 0 && next_name(vsw, &target, err))
		ret = vsw_nl_fdb_get(vsw->nl, &target.fdb, &fdb, err);
	ret = ret < 0 ? refused(&target, *words, err) :
			output_object(&vsw->out, &kind_fdb, &fdb, err);
	object_clear(&kind_fdb, &fdb);
	return ret;
}

static int by_number(uint32_t a, uint32_t b)
{
	return (a > b) - (a < b);
}

/* By switch, port, VLAN and address. The kernel's order is that of its table: none. */
static int by_place(const void *one, const void *other)
{
	const struct vsw_fdb *a = one, *b = other;

	return by_number(a->switch_ifindex, b->switch_ifindex) ?:
	       by_number(a->port_number, b->port_number) ?:
	       by_number(a->port_ifindex, b->port_ifindex) ?:
	       by_number(a->vlan, b->vlan) ?:
	       memcmp(a->address, b->address, sizeof(a->address));
}

static int do_show(struct vsw *vsw, char **words, struct err *err)
{
	struct target target = {};
	int ret = -1, shown;
	struct list list = {};

	if (read_place(words, filter_keywords, &target, err) < 0 || vsw_connect(vsw, err) < 0)
		return -1;
	while (ret < 0 && next_name(vsw, &target, err))
		ret = vsw_nl_fdb_dump(vsw->nl, &target.fdb, &list, err);
	if (ret < 0)
		return refused(&target, NULL, err);
	if (list.n)
		qsort(list.items, list.n, sizeof(struct vsw_fdb), by_place);
	shown = output_list(&vsw->out, &kind_fdb, &list, err);
	list_free(&list, &kind_fdb);
	return shown < 0 ? -1 : explain_dump(ret, err);
}

static int do_flush(struct vsw *vsw, char **words, struct err *err)
{
	struct target target = {};
	uint32_t flushed;
	int ret = -1;

	if (read_place(words, filter_keywords, &target, err) < 0 ||
	    check_place(&target, err) < 0 || vsw_connect(vsw, err) < 0)
		return -1;
	while (ret < 0 && next_name(vsw, &target, err))
		ret = vsw_nl_fdb_flush(vsw->nl, &target.fdb, &flushed, err);
	if (ret < 0)
		return refused(&target, NULL, err);
	return output_flushed(&vsw->out, flushed, err);
}

static const struct command commands[] = {
	{ "show", do_show, false },
	{ "list", do_show, false },
	{ "lst", do_show, false },
	{ "ls", do_show, false },
	{ "add", do_add, true },
	{ "set", do_set, true },
	{ "change", do_set, true },
	{ "replace", do_replace, true },
	{ "delete", do_del, true },
	{ "get", do_get, false },
	{ "flush", do_flush, true },
	{}
};

const struct object object_fdb = { "fdb", help, commands, NULL, false };
