// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <string.h>

#include "lib/parse.h"
#include "lib/nl_link.h"
#include "vsw.h"

static const char help[] =
"Usage: vsw switch add [ NAME ] [ OPTIONS ] [ down ]\n"
"       vsw switch set NAME [ OPTIONS ] [ up | down ]\n"
"       vsw switch del NAME\n"
"       vsw switch [ show [ NAME ] ]\n"
"OPTIONS := [ ageing SECONDS ] [ fdb-max N ] [ address MAC ] [ mtu BYTES ]\n"
"           [ vlan-filtering ONOFF ] [ dhcp-guard ONOFF ] [ ra-guard ONOFF ]\n"
"           [ vlan-protocol 802.1Q | 802.1ad ] [ vlan-default-pvid VID ]\n"
"           [ vlan-stats ONOFF ]\n"
"           [ promiscuous POLICY ] [ mac-changes POLICY ] [ forged-transmits POLICY ]\n"
"           [ loop-interval SECONDS ] [ mcast-snooping ONOFF ] [ MCAST ]\n"
"ONOFF   := on | off\n"
"POLICY  := accept | reject\n"
"MCAST   := [ mcast-querier ONOFF ] [ mcast-igmp-version 2 | 3 ]\n"
"           [ mcast-mld-version 1 | 2 ] [ mcast-query-interval SECONDS ]\n"
"           [ mcast-query-response-interval SECONDS ] [ mcast-last-member-count N ]\n"
"           [ mcast-last-member-interval SECONDS ] [ mcast-startup-query-count N ]\n"
"           [ mcast-startup-query-interval SECONDS ] [ mcast-max-groups N ]\n"
"           [ mcast-membership-interval SECONDS ] [ mcast-querier-interval SECONDS ]\n"
"\n"
"  A new switch is set up, unless 'down' is said. Without NAME the kernel\n"
"  chooses one, which is printed.\n"
"  ageing   seconds after which an address that was not seen is forgotten, with\n"
"           up to three decimals [300]; 0: learn nothing\n"
"  fdb-max  most addresses that the switch learns [65536]; 0: no bound\n"
"  address  MAC of the switch device [the lowest of its ports']\n"
"  mtu      MTU of the switch device [the smallest of its ports']\n"
"  vlan-filtering  frames belong to VLANs, and pass only ports that are members\n"
"           of theirs [off: VLAN tags mean nothing to the switch]\n"
"  vlan-protocol  which tags say the VLAN; others are payload [802.1Q]\n"
"  vlan-default-pvid  the VLAN of new ports [1]; 0: they are in none\n"
"  vlan-stats  count frames and bytes of each VLAN [off]; see 'vsw -s vlan show'\n"
"  dhcp-guard  only ports that are 'dhcp-trusted' may send answers of DHCP [off]\n"
"  ra-guard    only ports that are 'ra-trusted' may send router advertisements and\n"
"           redirects [off]\n"
"  promiscuous  accept: ports get all that the switch forwards in their VLANs [reject]\n"
"  mac-changes  reject: whose adapter has not the MAC that it had when it became a\n"
"           port gets nothing [accept]\n"
"  forged-transmits  reject: an adapter sends from its own MAC only [accept]\n"
"  mcast-snooping  multicast goes to ports whose hosts asked for it, by IGMP or MLD,\n"
"           and to routers [off: to all]; see 'vsw mdb'. The switch asks who wants\n"
"           what where nobody else does, unless 'mcast-querier off' is said.\n"
"           vsw-switch(8) has the times and numbers of MCAST\n"
"  loop-interval  seconds between two probes out of ports with 'loop-protect' [5]\n"
"\n"
"Examples:\n"
"  vsw switch add vs0 ageing 300\n"
"  vsw -j -s switch show vs0\n";

static const struct keyword keywords[] = {
	{ "ageing", KEYWORD_SECONDS, VSWITCH_A_SWITCH_AGEING_TIME, 0 },
	{ "fdb-max", KEYWORD_VALUE, VSWITCH_A_SWITCH_FDB_MAX, 0 },
	{ "address", KEYWORD_VALUE, VSWITCH_A_SWITCH_ADDRESS, 0 },
	{ "mtu", KEYWORD_VALUE, VSWITCH_A_SWITCH_MTU, 0 },
	{ "vlan-filtering", KEYWORD_VALUE, VSWITCH_A_SWITCH_VLAN_FILTERING, 0 },
	{ "dhcp-guard", KEYWORD_VALUE, VSWITCH_A_SWITCH_DHCP_GUARD, 0 },
	{ "ra-guard", KEYWORD_VALUE, VSWITCH_A_SWITCH_RA_GUARD, 0 },
	{ "promiscuous", KEYWORD_VALUE, VSWITCH_A_SWITCH_PROMISCUOUS, 0 },
	{ "mac-changes", KEYWORD_VALUE, VSWITCH_A_SWITCH_MAC_CHANGES, 0 },
	{ "forged-transmits", KEYWORD_VALUE, VSWITCH_A_SWITCH_FORGED_TRANSMITS, 0 },
	{ "vlan-protocol", KEYWORD_VALUE, VSWITCH_A_SWITCH_VLAN_PROTOCOL, 0 },
	{ "vlan-default-pvid", KEYWORD_VALUE, VSWITCH_A_SWITCH_VLAN_DEFAULT_PVID, 0 },
	{ "vlan-stats", KEYWORD_VALUE, VSWITCH_A_SWITCH_VLAN_STATS, 0 },
	{ "mcast-snooping", KEYWORD_VALUE, VSWITCH_A_SWITCH_MCAST_SNOOPING, 0 },
	{ "mcast-querier", KEYWORD_VALUE, VSWITCH_A_SWITCH_MCAST_QUERIER, 0 },
	{ "mcast-igmp-version", KEYWORD_VALUE, VSWITCH_A_SWITCH_MCAST_IGMP_VERSION, 0 },
	{ "mcast-mld-version", KEYWORD_VALUE, VSWITCH_A_SWITCH_MCAST_MLD_VERSION, 0 },
	{ "mcast-query-interval", KEYWORD_SECONDS, VSWITCH_A_SWITCH_MCAST_QUERY_INTERVAL, 0 },
	{ "mcast-query-response-interval", KEYWORD_SECONDS,
	  VSWITCH_A_SWITCH_MCAST_QUERY_RESPONSE_INTERVAL, 0 },
	{ "mcast-last-member-count", KEYWORD_VALUE, VSWITCH_A_SWITCH_MCAST_LAST_MEMBER_COUNT, 0 },
	{ "mcast-last-member-interval", KEYWORD_SECONDS,
	  VSWITCH_A_SWITCH_MCAST_LAST_MEMBER_INTERVAL, 0 },
	{ "mcast-startup-query-count", KEYWORD_VALUE,
	  VSWITCH_A_SWITCH_MCAST_STARTUP_QUERY_COUNT, 0 },
	{ "mcast-startup-query-interval", KEYWORD_SECONDS,
	  VSWITCH_A_SWITCH_MCAST_STARTUP_QUERY_INTERVAL, 0 },
	{ "mcast-membership-interval", KEYWORD_SECONDS,
	  VSWITCH_A_SWITCH_MCAST_MEMBERSHIP_INTERVAL, 0 },
	{ "mcast-querier-interval", KEYWORD_SECONDS, VSWITCH_A_SWITCH_MCAST_QUERIER_INTERVAL, 0 },
	{ "mcast-max-groups", KEYWORD_VALUE, VSWITCH_A_SWITCH_MCAST_MAX_GROUPS, 0 },
	{ "loop-interval", KEYWORD_SECONDS, VSWITCH_A_SWITCH_LOOP_INTERVAL, 0 },
	{ "up", KEYWORD_DEVICE_UP, DEVICE_UP, true },
	{ "down", KEYWORD_DEVICE_UP, DEVICE_UP, false },
	{}
};

static const struct keyword no_keywords[] = { {} };

static const struct hint hints[] = {
	{ ENODEV, "See 'vsw switch show'." },
	{ ENOENT, "See 'vsw switch show'." },
	{ EEXIST, "Choose another name: 'ip link show' lists those that are taken." },
	{}
};

/* The words of a command that names its switch first, and must. */
static int read_words(char **words, const struct keyword *keys, struct vsw_switch *sw,
		      struct vsw_device *device, struct err *err)
{
	const char *name;
	int named = keywords_first_name(&words, "name", keys, &name, err);

	if (named < 0)
		return -1;
	if (!named)
		return err_set(err, STATUS_USAGE, "the name of the switch is missing");
	if (parse_name("name", name, sw->name, err) < 0)
		return -1;
	sw->has = HAS(VSWITCH_A_SWITCH_NAME);
	return keywords_read(&kind_switch, keys, words, sw, device, err);
}

/* A switch that could not be set up is not left behind. */
static int bring_up(struct vsw *vsw, const struct vsw_switch *created, struct err *err)
{
	const struct vsw_switch half = {
		.has = HAS(VSWITCH_A_SWITCH_IFINDEX), .ifindex = created->ifindex,
	};

	if (link_set_up(NULL, created->ifindex, true, err) == 0)
		return 0;
	err_prefix(err, "switch '%s'", created->name);
	vsw_nl_switch_del(vsw->nl, &half, NULL);
	return -1;
}

static int do_add(struct vsw *vsw, char **words, struct err *err)
{
	struct vsw_switch req = {}, reply = {}, now = {};
	struct vsw_device device = { .up = true };
	int named = keywords_first_name(&words, "name", keywords, &device.name, err);
	int ret = -1;

	if (named < 0 || (named && parse_name("name", device.name, req.name, err) < 0))
		return -1;
	if (named)
		req.has = HAS(VSWITCH_A_SWITCH_NAME);
	if (keywords_read(&kind_switch, keywords, words, &req, &device, err) < 0 ||
	    vsw_connect(vsw, err) < 0)
		return -1;
	if (vsw_nl_switch_new(vsw->nl, &req, &reply, err) < 0)
		return named ? explain(hints, err, "switch '%s'", req.name) :
			       explain(hints, err, "a new switch");
	if (device.up && bring_up(vsw, &reply, err) < 0)
		goto out;
	ret = 0;
	if (vsw->out.json) {
		req.has = HAS(VSWITCH_A_SWITCH_IFINDEX);
		req.ifindex = reply.ifindex;
		ret = vsw_nl_switch_get(vsw->nl, &req, &now, err);
		if (!ret)
			ret = output_object(&vsw->out, &kind_switch, &now, err);
	} else if (!named) {
		output_name(reply.name);
	}
out:
	object_clear(&kind_switch, &reply);
	object_clear(&kind_switch, &now);
	return ret;
}

static int set_up(struct vsw *vsw, const struct vsw_switch *req, bool up, struct err *err)
{
	struct vsw_switch by_name = *req, sw = {};
	int ret;

	by_name.has = HAS(VSWITCH_A_SWITCH_NAME);
	if (vsw_nl_switch_get(vsw->nl, &by_name, &sw, err) < 0)
		return explain(hints, err, "switch '%s'", req->name);
	ret = link_set_up(NULL, sw.ifindex, up, err);
	if (ret < 0)
		err_prefix(err, "switch '%s'", req->name);
	object_clear(&kind_switch, &sw);
	return ret;
}

static int do_set(struct vsw *vsw, char **words, struct err *err)
{
	struct vsw_device device = {};
	struct vsw_switch req = {};
	bool options;

	if (read_words(words, keywords, &req, &device, err) < 0)
		return -1;
	options = req.has != HAS(VSWITCH_A_SWITCH_NAME);
	if (!options && !device.has)
		return err_set(err, STATUS_USAGE, "there is nothing to set");
	if (vsw_connect(vsw, err) < 0)
		return -1;
	if (options && vsw_nl_switch_set(vsw->nl, &req, err) < 0)
		return explain(hints, err, "switch '%s'", req.name);
	if (!device.has || set_up(vsw, &req, device.up, err) == 0)
		return 0;
	return options ? err_suffix(err, "; what was set before stays") : -1;
}

static int do_del(struct vsw *vsw, char **words, struct err *err)
{
	struct vsw_switch req = {};

	if (read_words(words, no_keywords, &req, NULL, err) < 0 || vsw_connect(vsw, err) < 0)
		return -1;
	if (vsw_nl_switch_del(vsw->nl, &req, err) < 0)
		return explain(hints, err, "switch '%s'", req.name);
	return 0;
}

static int show_all(struct vsw *vsw, struct err *err)
{
	struct list list = {};
	int ret, shown;

	ret = vsw_nl_switch_dump(vsw->nl, &list, err);
	if (ret < 0)
		return explain(hints, err, "switches");
	shown = output_list(&vsw->out, &kind_switch, &list, err);
	list_free(&list, &kind_switch);
	return shown < 0 ? -1 : explain_dump(ret, err);
}

static int do_show(struct vsw *vsw, char **words, struct err *err)
{
	struct vsw_switch req = {}, sw = {};
	int ret;

	if (*words && read_words(words, no_keywords, &req, NULL, err) < 0)
		return -1;
	if (vsw_connect(vsw, err) < 0)
		return -1;
	if (!req.has)
		return show_all(vsw, err);
	if (vsw_nl_switch_get(vsw->nl, &req, &sw, err) < 0)
		return explain(hints, err, "switch '%s'", req.name);
	ret = output_object(&vsw->out, &kind_switch, &sw, err);
	object_clear(&kind_switch, &sw);
	return ret;
}

static const struct command commands[] = {
	{ "show", do_show, false },
	{ "list", do_show, false },
	{ "lst", do_show, false },
	{ "ls", do_show, false },
	{ "add", do_add, true },
	{ "set", do_set, true },
	{ "change", do_set, true },
	{ "delete", do_del, true },
	{}
};

const struct object object_switch = { "switch", help, commands, NULL, false };
