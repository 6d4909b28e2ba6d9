// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <string.h>

#include "vsw.h"

static const char help[] =
"Usage: vsw [ -s ] vlan [ show [ PORT ] [ switch SWITCH ] [ vid VID ] ]\n"
"       vsw vlan add LIST dev PORT [ switch SWITCH ] [ pvid ] [ untagged ]\n"
"       vsw vlan del LIST dev PORT [ switch SWITCH ]\n"
"       vsw vlan private [ show [ switch SWITCH ] ]\n"
"       vsw vlan private add PRIMARY SECONDARY { isolated | community } switch SWITCH\n"
"       vsw vlan private del SECONDARY switch SWITCH\n"
"LIST := VID[-VID][,VID[-VID]]... | all\n"
"\n"
"  Shows of which VLANs ports are members, and which of these leave without a\n"
"  tag. PVID is the VLAN of frames that come in without one; if there is none,\n"
"  they are dropped. All this means something when the switch has\n"
"  'vlan-filtering on'. 'vsw port set' says all of it at once.\n"
"  -s   show what the switch counted of these VLANs, if it has 'vlan-stats on'\n"
"  add  make the port a member of these VLANs, too\n"
"  del  or no longer\n"
"  pvid      frames that come in without a tag are of this VLAN; of one that is\n"
"            added without this word they are not any more\n"
"  untagged  frames leave without a tag; without this word, with one\n"
"\n"
"  private   what comes in VLAN SECONDARY reaches the promiscuous ports, which are\n"
"            members of PRIMARY, and trunks with SECONDARY; among hosts those of the\n"
"            same community, or nobody. What promiscuous ports send reaches all\n"
"\n"
"Examples:\n"
"  vsw switch set vs0 vlan-filtering on\n"
"  vsw port set eth1 access 10\n"
"  vsw port set eth2 trunk 10,20-30\n"
"  vsw vlan add 40 dev eth2\n"
"  vsw vlan add 10 dev eth3 pvid untagged\n"
"  vsw vlan show vid 10\n"
"  vsw -s vlan show\n";

static const struct keyword keywords[] = {
	{ "switch", KEYWORD_VALUE, VSWITCH_A_PORT_SWITCH_NAME, 0 },
	{ "vid", KEYWORD_VALUE, VSWITCH_A_PORT_PVID, 0 },	/* any VLAN, in fact */
	{}
};

static const struct hint hints[] = {
	{ ENODEV, "See 'vsw port show' and 'vsw switch show'." },
	{ ENOENT, "See 'vsw port show' and 'vsw switch show'." },
	{}
};

/* The words that say what kind of port it is, of which there is one at most. */
static const struct {
	unsigned int attr;
	const char *word;
} modes[] = {
	{ VSWITCH_A_PORT_PVID, "access" },
	{ VSWITCH_A_PORT_VLAN, "trunk" },
	{ PORT_SAID_HYBRID, "hybrid" },
	{ PORT_SAID_TUNNEL, "tunnel" },
};

/* Those that say more of one kind, and mean nothing else. */
static const struct {
	unsigned int attr, needed;
	const char *word, *needed_words;
} additions[] = {
	{ VSWITCH_A_PORT_VLAN_UNTAGGED, VSWITCH_A_PORT_VLAN, "native", "trunk LIST" },
	{ PORT_SAID_TAGGED, VSWITCH_A_PORT_VLAN_UNTAGGED, "tagged", "trunk LIST native VID" },
	{ PORT_SAID_UNTAGGED, PORT_SAID_HYBRID, "untagged", "hybrid LIST" },
	{ PORT_SAID_PVID, PORT_SAID_HYBRID, "pvid", "hybrid LIST" },
	{ VSWITCH_A_PORT_CVLANS, PORT_SAID_TUNNEL, "cvlans", "tunnel VID" },
};

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

/* The attribute of the port's kind, 0 if none is said; -1. */
static int find_mode(const struct vsw_port *port, struct err *err)
{
	size_t i, found = ARRAY_SIZE(modes);

	for (i = 0; i < ARRAY_SIZE(modes); i++) {
		if (!(port->has & HAS(modes[i].attr)))
			continue;
		if (found < i)
			return err_set(err, STATUS_USAGE, "'%s' and '%s' exclude each other",
				       modes[found].word, modes[i].word);
		found = i;
	}
	for (i = 0; i < ARRAY_SIZE(additions); i++) {
		if (!(port->has & HAS(additions[i].attr)) ||
		    port->has & HAS(additions[i].needed))
			continue;
		if (found < ARRAY_SIZE(modes) && found != 1 && !i)
			return err_set(err, STATUS_USAGE, "'%s' and 'native' exclude each other",
				       modes[found].word);
		return err_set(err, STATUS_USAGE, "'%s' needs '%s'", additions[i].word,
			       additions[i].needed_words);
	}
	return found < ARRAY_SIZE(modes) ? (int)modes[found].attr : 0;
}

/* The VLAN of "native": that is in a set of its own until now. */
static void take_native(struct vsw_port *port)
{
	struct vlan_run run = {};

	if (vlan_run_next(&port->vlans.untagged, NULL, &run))
		port->pvid = run.first;
	if (port->native_tagged)
		port->vlans.untagged = (struct vlan_set){};
}

int vlans_complete(struct vsw_port *port, struct err *err)
{
	const uint64_t said = HAS(PORT_SAID_TUNNEL) | HAS(PORT_SAID_HYBRID) |
			      HAS(PORT_SAID_UNTAGGED) | HAS(PORT_SAID_PVID) |
			      HAS(PORT_SAID_TAGGED);
	const uint64_t whole = HAS(VSWITCH_A_PORT_PVID) | HAS(VSWITCH_A_PORT_VLAN) |
			       HAS(VSWITCH_A_PORT_VLAN_UNTAGGED) |
			       HAS(VSWITCH_A_PORT_VLAN_TUNNEL);
	struct vlans *vlans = &port->vlans;
	int mode = find_mode(port, err);

	if (mode <= 0)
		return mode;
	if (port->has & HAS(VSWITCH_A_PORT_CVLANS) && vlan_set_is(&port->cvlans, 0))
		return err_set(err, STATUS_USAGE, "cvlans: without a VLAN nothing would pass; say no 'cvlans' for all that comes");
	port->vlan_tunnel = mode == PORT_SAID_TUNNEL;
	if (port->vlan_tunnel || mode == VSWITCH_A_PORT_PVID)
		vlan_set_add(&vlans->untagged, port->pvid);
	if (mode == VSWITCH_A_PORT_VLAN)
		take_native(port);
	vlan_set_join(&vlans->member, &vlans->untagged);
	if (port->pvid)
		vlan_set_add(&vlans->member, port->pvid);
	port->has = (port->has & ~said) | whole;
	if (port->vlan_tunnel)
		port->has |= HAS(VSWITCH_A_PORT_CVLANS);
	return 0;
}

/* The ports that the words name; 1 as of a dump. */
static int get_ports(struct vsw *vsw, const char *name, const struct vsw_port *req,
		     struct list *ports, struct err *err)
{
	struct place place = { .word = name, .switch_name = req->switch_name };
	struct vsw_port *port;
	int ret;

	if (!name) {
		ret = vsw_nl_port_dump(vsw->nl, req, ports, err);
		if (ret < 0 && req->has)
			return explain(hints, err, "switch '%s'", req->switch_name);
		return ret < 0 ? explain(hints, err, "ports") : ret;
	}
	port = list_grow(ports, &kind_port);
	if (!port)
		return err_set(err, STATUS_SYSTEM, "out of memory");
	if (place_get(vsw, &place, port, err) < 0)
		return explain(hints, err, "port '%s'", name);
	return 0;
}

/* Leave those that are members of a VLAN, 0: those that know of VLANs. */
static void select_ports(struct list *ports, uint16_t vid)
{
	size_t i, n = 0;

	for (i = 0; i < ports->n; i++) {
		struct vsw_port *port = list_at(ports, &kind_port, i), swap = *port;

		if (!(port->has & HAS(VSWITCH_A_PORT_VLAN)) ||
		    (vid && !vlan_set_has(&port->vlans.member, vid)))
			continue;
		*port = *(struct vsw_port *)list_at(ports, &kind_port, n);
		*(struct vsw_port *)list_at(ports, &kind_port, n++) = swap;
	}
	for (i = n; i < ports->n; i++)
		object_clear(&kind_port, list_at(ports, &kind_port, i));
	ports->n = n;
}

static bool is_shown(const struct list *ports, const struct vsw_switch *sw)
{
	size_t i;

	for (i = 0; i < ports->n; i++)
		if (((const struct vsw_port *)list_at(ports, &kind_port, i))->switch_ifindex ==
		    sw->ifindex)
			return true;
	return false;
}

/* What switches know of VLANs beside their ports, or that it means nothing yet. */
static int tell_switches(struct vsw *vsw, const struct list *ports, struct err *err)
{
	struct list switches = {};
	size_t i;

	if (vsw_nl_switch_dump(vsw->nl, &switches, err) < 0)
		return explain(hints, err, "switches");
	for (i = 0; i < switches.n; i++) {
		const struct vsw_switch *sw = list_at(&switches, &kind_switch, i);

		if (!is_shown(ports, sw))
			continue;
		output_private_vlans(sw);
		if (!sw->vlan_filtering)
			output_idle_vlans(sw->name);
	}
	list_free(&switches, &kind_switch);
	return 0;
}

static int do_show(struct vsw *vsw, char **words, struct err *err)
{
	struct vsw_port req = {};
	struct list ports = {};
	const char *name = NULL;
	int ret, shown;

	if (keywords_first_name(&words, "dev", keywords, &name, err) < 0 ||
	    keywords_read(&kind_port, keywords, words, &req, NULL, err) < 0 ||
	    vsw_connect(vsw, err) < 0)
		return -1;
	if (vsw->out.stats)
		return vlan_stats_show(vsw, name, &req, err);
	req.has &= ~HAS(VSWITCH_A_PORT_PVID);
	ret = get_ports(vsw, name, &req, &ports, err);
	if (ret >= 0) {
		select_ports(&ports, req.pvid);
		shown = output_list(&vsw->out, &kind_vlan, &ports, err);
		if (!shown && !vsw->out.json)
			shown = tell_switches(vsw, &ports, err);
		if (shown < 0)
			ret = -1;
	}
	list_free(&ports, &kind_port);
	return explain_dump(ret, err);
}

static const struct keyword change_keywords[] = {
	{ "dev", KEYWORD_DEVICE, DEVICE_NAME, 0 },
	{ "switch", KEYWORD_VALUE, VSWITCH_A_PORT_SWITCH_NAME, 0 },
	{ "pvid", KEYWORD_CONSTANT, PORT_SAID_PVID, true },
	{ "untagged", KEYWORD_CONSTANT, PORT_SAID_UNTAGGED, true },
	{}
};

/* What "vlan add" and "vlan del" say. */
struct change {
	bool add;
	struct vlan_set vlans;
	struct vsw_port words;		/* pvid and untagged, as they were said */
	struct vsw_device device;
};

static int read_change(char **words, struct change *change, struct err *err)
{
	const char *list;
	int named = keywords_first_name(&words, "vid", change_keywords, &list, err);

	if (named < 0)
		return -1;
	if (!named)
		return err_set(err, STATUS_USAGE, "the VLANs are missing");
	if (vlan_parse_set("vid", list, &change->vlans, err) < 0 ||
	    keywords_read(&kind_port, change_keywords, words, &change->words, &change->device,
			  err) < 0)
		return -1;
	if (vlan_set_is(&change->vlans, 0))
		return err_set(err, STATUS_USAGE, "the VLANs are missing");
	if (!change->device.name)
		return err_set(err, STATUS_USAGE, "'dev PORT' is missing");
	return 0;
}

/* The VLAN if it is one; 0: they are several. */
static unsigned int only_vlan(const struct vlan_set *set)
{
	struct vlan_run run = {};

	return vlan_run_next(set, NULL, &run) && vlan_set_is(set, run.first) ? run.first : 0;
}

/* What the request says: of the VLANs of the list, and of no others. */
static int say_change(const struct change *change, struct vsw_port *req, struct err *err)
{
	const bool pvid = change->words.has & HAS(PORT_SAID_PVID);

	if (!change->add && change->words.has & (HAS(PORT_SAID_PVID) | HAS(PORT_SAID_UNTAGGED)))
		return err_set(err, STATUS_USAGE, "'pvid' and 'untagged' are words of 'vlan add'");
	if (pvid && !only_vlan(&change->vlans))
		return err_set(err, STATUS_USAGE, "a port has one PVID: say 'pvid' with one VLAN");
	req->vlan_mask = change->vlans;
	if (pvid)
		req->pvid = only_vlan(&change->vlans);
	if (change->add)
		req->vlans.member = change->vlans;
	if (change->words.has & HAS(PORT_SAID_UNTAGGED))
		req->vlans.untagged = change->vlans;
	req->has |= HAS(VSWITCH_A_PORT_PVID) | HAS(VSWITCH_A_PORT_VLAN) |
		    HAS(VSWITCH_A_PORT_VLAN_UNTAGGED) | HAS(VSWITCH_A_PORT_VLAN_MASK);
	return 0;
}

static int do_change(struct vsw *vsw, char **words, bool add, struct err *err)
{
	struct change change = { .add = add };
	struct place place = { .switch_name = change.words.switch_name };
	struct vsw_port req = {};
	int ret = -1;

	if (read_change(words, &change, err) < 0 || say_change(&change, &req, err) < 0 ||
	    vsw_connect(vsw, err) < 0)
		return -1;
	place.word = change.device.name;
	if (*change.words.switch_name) {
		strcpy(req.switch_name, change.words.switch_name);
		req.has |= HAS(VSWITCH_A_PORT_SWITCH_NAME);
	}
	while (ret < 0 && place_next(vsw, &place, err)) {
		place_port(&place, &req);
		ret = vsw_nl_port_set(vsw->nl, &req, err);
	}
	return ret < 0 ? explain(hints, err, "port '%s'", place.word) : 0;
}

static int do_add(struct vsw *vsw, char **words, struct err *err)
{
	return do_change(vsw, words, true, err);
}

static int do_del(struct vsw *vsw, char **words, struct err *err)
{
	return do_change(vsw, words, false, err);
}

static const struct command commands[] = {
	{ "show", do_show, false },
	{ "list", do_show, false },
	{ "lst", do_show, false },
	{ "ls", do_show, false },
	{ "add", do_add, true },
	{ "delete", do_del, true },
	{ "private", private_run, true },
	{}
};

const struct object object_vlan = { "vlan", help, commands, NULL, false };
