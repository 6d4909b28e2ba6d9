// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <string.h>

#include "lib/rtnl.h"
#include "vsw.h"

static const char help[] =
"Usage: vsw port add DEV switch SWITCH [ OPTIONS ] [ down ]\n"
"       vsw port set DEV [ switch SWITCH ] [ OPTIONS ] [ up | down ]\n"
"       vsw port del DEV [ switch SWITCH ]\n"
"       vsw port [ show ] [ DEV ] [ switch SWITCH ]\n"
"OPTIONS := [ learning ONOFF ] [ flood ONOFF ] [ mcast-flood ONOFF ]\n"
"           [ bcast-flood ONOFF ] [ hairpin ONOFF ] [ isolated ONOFF ]\n"
"           [ group-fwd-mask MASK ] [ fdb-max N ]\n"
"           [ access VID | trunk LIST [ native VID ] ]\n"
"ONOFF   := on | off\n"
"LIST    := VID[-VID][,VID[-VID]]... | all | none\n"
"\n"
"  The device of a new port is set up, unless 'down' is said.\n"
"  learning        learn the addresses seen on this port [on]\n"
"  flood           send frames to unknown addresses out of it [on]\n"
"  mcast-flood     send multicast out of it [on]\n"
"  bcast-flood     send broadcast out of it [on]\n"
"  hairpin         a frame may leave by the port that it came from [off]\n"
"  isolated        isolated ports exchange no frames with each other [off]\n"
"  group-fwd-mask  bit n: forward frames to 01-80-C2-00-00-0n [0]\n"
"  fdb-max         most addresses learned on this port [0: no bound]\n"
"  access          member of this VLAN alone, without tags [1]\n"
"  trunk           member of these VLANs, with tags; what comes without one is\n"
"                  dropped, or belongs to the VLAN 'native', which goes out untagged\n"
"  VLANs mean something when the switch has 'vlan-filtering on', see also 'vsw vlan'.\n"
"  'show' lists what differs from the defaults, all with -d; the counters and\n"
"  the reasons of drops with -s. The host's own port has number 0.\n"
"\n"
"Examples:\n"
"  vsw port add eth1 switch vs0\n"
"  vsw port set eth1 learning off isolated on\n"
"  vsw port set eth2 trunk 10,20-30 native 1\n"
"  vsw -j -s port show switch vs0\n";

#define OPTION_KEYWORDS \
	{ "switch", KEYWORD_VALUE, VSWITCH_A_PORT_SWITCH_NAME, 0 }, \
	{ "learning", KEYWORD_VALUE, VSWITCH_A_PORT_LEARNING, 0 }, \
	{ "flood", KEYWORD_VALUE, VSWITCH_A_PORT_FLOOD, 0 }, \
	{ "mcast-flood", KEYWORD_VALUE, VSWITCH_A_PORT_MCAST_FLOOD, 0 }, \
	{ "bcast-flood", KEYWORD_VALUE, VSWITCH_A_PORT_BCAST_FLOOD, 0 }, \
	{ "hairpin", KEYWORD_VALUE, VSWITCH_A_PORT_HAIRPIN, 0 }, \
	{ "isolated", KEYWORD_VALUE, VSWITCH_A_PORT_ISOLATED, 0 }, \
	{ "group-fwd-mask", KEYWORD_VALUE, VSWITCH_A_PORT_GROUP_FWD_MASK, 0 }, \
	{ "fdb-max", KEYWORD_VALUE, VSWITCH_A_PORT_FDB_MAX, 0 }, \
	{ "access", KEYWORD_VALUE, VSWITCH_A_PORT_PVID, 0 }, \
	{ "trunk", KEYWORD_VALUE, VSWITCH_A_PORT_VLAN, 0 }, \
	{ "native", KEYWORD_VALUE, VSWITCH_A_PORT_VLAN_UNTAGGED, 0 }

static const struct keyword keywords[] = {
	OPTION_KEYWORDS,
	{ "up", KEYWORD_UP, 0, 0 },
	{ "down", KEYWORD_DOWN, 0, 0 },
	{}
};

static const struct keyword switch_keyword[] = {
	{ "switch", KEYWORD_VALUE, VSWITCH_A_PORT_SWITCH_NAME, 0 },
	{}
};

#define NAMING (HAS(VSWITCH_A_PORT_NAME) | HAS(VSWITCH_A_PORT_SWITCH_NAME))

static const struct hint hints[] = {
	{ ENODEV, "See 'vsw port show' and 'ip link show'." },
	{ ENOENT, "See 'vsw port show' and 'ip link show'." },
	{}
};

static int refused(const struct vsw *vsw, const struct vsw_port *req, struct err *err)
{
	if (req->has & HAS(VSWITCH_A_PORT_NAME))
		return explain(vsw, hints, err, "port '%s'", req->name);
	if (req->has & HAS(VSWITCH_A_PORT_SWITCH_NAME))
		return explain(vsw, hints, err, "switch '%s'", req->switch_name);
	return explain(vsw, hints, err, "ports");
}

/*
 * The three attributes from the one or two that were said: they only make sense
 * together, and the kernel takes them as one.
 */
static int complete_vlans(struct vsw_port *port, struct err *err)
{
	bool access = port->has & HAS(VSWITCH_A_PORT_PVID);
	bool trunk = port->has & HAS(VSWITCH_A_PORT_VLAN);
	bool native = port->has & HAS(VSWITCH_A_PORT_VLAN_UNTAGGED);
	struct vlans *vlans = &port->vlans;
	struct vlan_run run = {};

	if (access && (trunk || native))
		return err_set(err, STATUS_USAGE, "'access' and '%s' exclude each other",
			       trunk ? "trunk" : "native");
	if (native && !trunk)
		return err_set(err, STATUS_USAGE, "'native' needs 'trunk LIST'");
	if (access)
		vlan_set_add(&vlans->untagged, port->pvid);
	if (native && vlan_run_next(&vlans->untagged, NULL, &run))
		port->pvid = run.first;
	if (port->pvid)
		vlan_set_add(&vlans->member, port->pvid);
	if (access || trunk)
		port->has |= HAS(VSWITCH_A_PORT_PVID) | HAS(VSWITCH_A_PORT_VLAN) |
			     HAS(VSWITCH_A_PORT_VLAN_UNTAGGED);
	return 0;
}

static int read_words(char **words, const struct keyword *keys, bool need_name,
		      struct vsw_port *port, enum admin *admin, struct err *err)
{
	int named = keywords_first_name(&words, "dev", keys, port->name, err);

	if (named < 0)
		return -1;
	if (named)
		port->has = HAS(VSWITCH_A_PORT_NAME);
	else if (need_name)
		return err_set(err, STATUS_USAGE, "the device is missing");
	if (keywords_read(&kind_port, keys, words, port, admin, err) < 0)
		return -1;
	return complete_vlans(port, err);
}

/* A port whose device could not be set up is not left behind. */
static int bring_up(struct vsw *vsw, const struct vsw_port *created, struct err *err)
{
	const struct vsw_port half = {
		.has = HAS(VSWITCH_A_PORT_IFINDEX), .ifindex = created->ifindex,
	};

	if (link_set_up(created->ifindex, true, err) == 0)
		return 0;
	err_prefix(err, "port '%s'", created->name);
	vsw_nl_port_del(vsw->nl, &half, NULL);
	return -1;
}

static int do_add(struct vsw *vsw, char **words, struct err *err)
{
	struct vsw_port req = {}, reply = {}, now = {};
	enum admin admin = ADMIN_UNSAID;
	int ret = -1;

	if (read_words(words, keywords, true, &req, &admin, err) < 0)
		return -1;
	if (!(req.has & HAS(VSWITCH_A_PORT_SWITCH_NAME)))
		return err_set(err, STATUS_USAGE, "'switch SWITCH' is missing");
	if (vsw_connect(vsw, err) < 0)
		return -1;
	if (vsw_nl_port_new(vsw->nl, &req, &reply, err) < 0)
		return refused(vsw, &req, err);
	if (admin != ADMIN_DOWN && bring_up(vsw, &reply, err) < 0)
		goto out;
	ret = 0;
	if (vsw->out.json) {
		req.has = HAS(VSWITCH_A_PORT_IFINDEX);
		req.ifindex = reply.ifindex;
		ret = vsw_nl_port_get(vsw->nl, &req, &now, err);
		if (!ret)
			ret = output_object(&vsw->out, &kind_port, &now, err);
	}
out:
	object_clear(&kind_port, &reply);
	object_clear(&kind_port, &now);
	return ret;
}

static int set_admin(struct vsw *vsw, const struct vsw_port *req, enum admin admin, struct err *err)
{
	struct vsw_port naming = *req, port = {};
	int ret;

	naming.has &= NAMING;
	if (vsw_nl_port_get(vsw->nl, &naming, &port, err) < 0)
		return refused(vsw, req, err);
	ret = link_set_up(port.ifindex, admin == ADMIN_UP, err);
	if (ret < 0)
		err_prefix(err, "port '%s'", req->name);
	object_clear(&kind_port, &port);
	return ret;
}

static int do_set(struct vsw *vsw, char **words, struct err *err)
{
	enum admin admin = ADMIN_UNSAID;
	struct vsw_port req = {};
	bool options;

	if (read_words(words, keywords, true, &req, &admin, err) < 0)
		return -1;
	options = req.has & ~NAMING;
	if (!options && admin == ADMIN_UNSAID)
		return err_set(err, STATUS_USAGE, "there is nothing to set");
	if (vsw_connect(vsw, err) < 0)
		return -1;
	if (options && vsw_nl_port_set(vsw->nl, &req, err) < 0)
		return refused(vsw, &req, err);
	if (admin == ADMIN_UNSAID || set_admin(vsw, &req, admin, err) == 0)
		return 0;
	return options ? err_suffix(err, "; what was set before stays") : -1;
}

static int do_del(struct vsw *vsw, char **words, struct err *err)
{
	struct vsw_port req = {};

	if (read_words(words, switch_keyword, true, &req, NULL, err) < 0 ||
	    vsw_connect(vsw, err) < 0)
		return -1;
	if (vsw_nl_port_del(vsw->nl, &req, err) < 0)
		return refused(vsw, &req, err);
	return 0;
}

static int do_show(struct vsw *vsw, char **words, struct err *err)
{
	struct vsw_port req = {}, port = {};
	struct list list = {};
	int ret, shown;

	if (read_words(words, switch_keyword, false, &req, NULL, err) < 0 ||
	    vsw_connect(vsw, err) < 0)
		return -1;
	if (req.has & HAS(VSWITCH_A_PORT_NAME)) {
		if (vsw_nl_port_get(vsw->nl, &req, &port, err) < 0)
			return refused(vsw, &req, err);
		ret = output_object(&vsw->out, &kind_port, &port, err);
		object_clear(&kind_port, &port);
		return ret;
	}
	ret = vsw_nl_port_dump(vsw->nl, &req, &list, err);
	if (ret < 0)
		return refused(vsw, &req, err);
	shown = output_list(&vsw->out, &kind_port, &list, err);
	list_free(&list, &kind_port);
	return shown < 0 ? -1 : explain_dump(ret, err);
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

const struct object object_port = { "port", help, commands, NULL, false };
