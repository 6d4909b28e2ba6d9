// SPDX-License-Identifier: GPL-2.0
#include <errno.h>

#include "vsw.h"

static const char help[] =
"Usage: vsw vlan [ show [ PORT ] [ switch SWITCH ] [ vid VID ] ]\n"
"\n"
"  Shows of which VLANs ports are members, and which of these leave without a\n"
"  tag. PVID is the VLAN of frames that come in without one; if there is none,\n"
"  they are dropped. All this means something when the switch has\n"
"  'vlan-filtering on'. 'vsw port set' changes it.\n"
"\n"
"Examples:\n"
"  vsw switch set vs0 vlan-filtering on\n"
"  vsw port set eth1 access 10\n"
"  vsw port set eth2 trunk 10,20-30\n"
"  vsw vlan show vid 10\n";

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

int vlans_complete(struct vsw_port *port, struct err *err)
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

/* What was shown means nothing yet where the switch does not filter. */
static int tell_idle(struct vsw *vsw, const struct list *ports, struct err *err)
{
	struct list switches = {};
	size_t i;

	if (vsw_nl_switch_dump(vsw->nl, &switches, err) < 0)
		return explain(hints, err, "switches");
	for (i = 0; i < switches.n; i++) {
		const struct vsw_switch *sw = list_at(&switches, &kind_switch, i);

		if (!sw->vlan_filtering && is_shown(ports, sw))
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
	req.has &= ~HAS(VSWITCH_A_PORT_PVID);
	ret = get_ports(vsw, name, &req, &ports, err);
	if (ret >= 0) {
		select_ports(&ports, req.pvid);
		shown = output_list(&vsw->out, &kind_vlan, &ports, err);
		if (!shown && !vsw->out.json)
			shown = tell_idle(vsw, &ports, err);
		if (shown < 0)
			ret = -1;
	}
	list_free(&ports, &kind_port);
	return explain_dump(ret, err);
}

static const struct command commands[] = {
	{ "show", do_show, false },
	{ "list", do_show, false },
	{ "lst", do_show, false },
	{ "ls", do_show, false },
	{}
};

const struct object object_vlan = { "vlan", help, commands, NULL, false };
