// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <string.h>

#include "lib/nl_link.h"
#include "lib/parse.h"
#include "vsw.h"

static const char help[] =
"Usage: vsw port add DEV switch SWITCH [ OPTIONS ] [ down ]\n"
"       vsw port add DEV type vnic switch SWITCH [ netns NETNS ] [ mtu BYTES ]\n"
"                    [ address MAC ] [ alias TEXT ] [ OPTIONS ] [ down ]\n"
"       vsw port set PORT [ switch SWITCH ] [ OPTIONS ] [ alias TEXT ] [ up | down ]\n"
"       vsw port del PORT [ switch SWITCH ]\n"
"       vsw port [ show [ PORT ] [ switch SWITCH ] ]\n"
"PORT    := DEV | SWITCH:NUMBER | ALIAS\n"
"OPTIONS := [ learning ONOFF ] [ flood ONOFF ] [ mcast-flood ONOFF ]\n"
"           [ bcast-flood ONOFF ] [ hairpin ONOFF ] [ isolated ONOFF ]\n"
"           [ neigh-suppress ONOFF ] [ group-fwd-mask MASK ] [ fdb-max N ]\n"
"           [ access VID | trunk LIST [ native VID [ tagged ] ] |\n"
"             hybrid LIST [ untagged LIST ] [ pvid VID ] |\n"
"             tunnel VID [ cvlans LIST ] ]\n"
"           [ vlan-map OUTSIDE:INSIDE[,OUTSIDE:INSIDE]... | vlan-map none ]\n"
"           [ GUARD ]\n"
"           [ wire ONOFF ] [ bpdu-guard ONOFF ] [ bpdu-filter ONOFF ]\n"
"           [ loop-protect ONOFF ]\n"
"           [ shut ONOFF ] [ recovery SECONDS ] [ state STATE ]\n"
"           [ mcast-router off | auto | on | temp ] [ mcast-fast-leave ONOFF ]\n"
"           [ mcast-max-groups N ]\n"
"           [ container NAME | cgroup ID | cgroup PATH | cgroup none ]\n"
"GUARD   := [ source-guard ONOFF ] [ dhcp-guard ONOFF ]\n"
"           [ dhcp-trusted ONOFF ] [ ra-guard ONOFF ] [ ra-trusted ONOFF ]\n"
"           [ locked ONOFF [ mab ONOFF ] ] [ sticky-macs ONOFF ] [ max-macs N ]\n"
"           [ violation protect | restrict | shutdown ] [ storm-broadcast RATE ]\n"
"           [ storm-multicast RATE ] [ storm-unknown RATE ]\n"
"           [ promiscuous POLICY ] [ mac-changes POLICY ] [ forged-transmits POLICY ]\n"
"POLICY  := accept | reject | inherit\n"
"RATE    := Npps | Nkbit | Nmbit | Ngbit | off\n"
"ONOFF   := on | off\n"
"STATE   := disabled | listening | learning | forwarding | blocking\n"
"LIST    := VID[-VID][,VID[-VID]]... | all | none\n"
"\n"
"  The device of a new port is set up, unless 'down' is said. One of 'type vnic' is\n"
"  made, in the network namespace NETNS (a name, a path or a process) if one is\n"
"  said, and deleted by 'del'; of the type 'device', the default, it is there.\n"
"  PORT is a device of this network namespace, or any port by its number, or by\n"
"  its alias or the name of its vnic elsewhere, if only one is called so.\n"
"  learning        learn the addresses seen on this port [on]\n"
"  flood           send frames to unknown addresses out of it [on]\n"
"  mcast-flood     send multicast out of it [on]\n"
"  bcast-flood     send broadcast out of it [on]\n"
"  hairpin         a frame may leave by the port that it came from [off]\n"
"  isolated        isolated ports exchange no frames with each other [off]\n"
"  neigh-suppress  answer for who is bound to it, see 'vsw binding help', instead of\n"
"                  sending it what others ask for by ARP and ND [off]\n"
"  group-fwd-mask  bit n: forward frames to 01-80-C2-00-00-0n [0]\n"
"  fdb-max         most addresses learned on this port [0: no bound]\n"
"  wire            forward to all of these, as a wire does: group-fwd-mask 0xffff [off]\n"
"  bpdu-guard      shut the port when a BPDU comes in by it [off]\n"
"  bpdu-filter     drop the BPDUs that come in [off]\n"
"  loop-protect    shut the port when what the switch sends out of it comes back [off]\n"
"  state           what a spanning tree lets it do [forwarding]\n"
"  shut            let nothing in or out, or open a port that the switch has shut [off]\n"
"  recovery        seconds after which a port that it has shut opens again [0: never]\n"
"  access          member of this VLAN alone, without tags [1]\n"
"  trunk           member of these VLANs, with tags; what comes without one is\n"
"                  dropped, or belongs to the VLAN 'native', which goes out untagged\n"
"                  unless 'tagged' is said\n"
"  hybrid          member of these VLANs, of which some go out untagged; what comes\n"
"                  without a tag is dropped, or belongs to the VLAN 'pvid'\n"
"  tunnel          all that comes in gets a tag of this VLAN, before those that it\n"
"                  has, which is taken off what goes out; with 'cvlans' only what\n"
"                  comes with a tag of these\n"
"  vlan-map        tags to translate, as they are outside and as the VLAN is inside\n"
"  locked          only addresses that 'vsw fdb add' has put there may send [off]\n"
"  source-guard    only who is bound to it may send, see 'vsw binding help' [off]\n"
"  dhcp-guard      no answers of DHCP come in by it [off: as its switch]\n"
"  dhcp-trusted    they may, in spite of any guard [off]\n"
"  ra-guard        no router advertisements nor redirects come in by it [off: as its\n"
"                  switch]\n"
"  ra-trusted      they may, in spite of any guard [off]\n"
"  mab             make known who would send on a locked port, as locked entries [off]\n"
"  max-macs        drop frames of more addresses than this [0: no bound]\n"
"  sticky-macs     what is learned stays, and may send nowhere else [off]\n"
"  violation       of the last two: drop it, 'restrict' tells, 'shutdown' shuts the port\n"
"                  [protect]\n"
"  storm-...       drop what comes in beyond so much of broadcast, of multicast, of\n"
"                  unicast that nobody is known to have [off]\n"
"  mcast-router    it leads to a multicast router, and gets all groups; 'auto': if a\n"
"                  router was heard there; 'temp': as if it had been now [auto]\n"
"  mcast-fast-leave  there is but one host: what it leaves it has left at once [off]\n"
"  mcast-max-groups  most multicast groups that it is a member of [0: no bound]\n"
"  container       it belongs to this container: what enters by it and is of no\n"
"                  process's socket is sent by the container, to flows [none]\n"
"  cgroup          likewise, of any cgroup v2, by number or path\n"
"  promiscuous     it gets all that the switch forwards in its VLANs\n"
"  mac-changes     nothing is sent to it if its adapter's MAC is not the first one\n"
"  forged-transmits  it may send from other MACs than its adapter's\n"
"                  [of these three: inherit, as the switch says]\n"
"  VLANs mean something when the switch has 'vlan-filtering on', see also 'vsw vlan'.\n"
"  'show' lists what differs from the defaults, all with -d; the counters and\n"
"  the reasons of drops with -s. The host's own port has number 0.\n"
"\n"
"Examples:\n"
"  vsw port add eth1 switch vs0\n"
"  vsw port set eth1 learning off isolated on\n"
"  vsw port set eth2 trunk 10,20-30 native 1\n"
"  vsw port add eth0 type vnic switch vs0 netns blue alias web access 10\n"
"  vsw port set web isolated on\n"
"  vsw -j -s port show switch vs0\n";

#define OPTION_KEYWORDS \
	{ "switch", KEYWORD_VALUE, VSWITCH_A_PORT_SWITCH_NAME, 0 }, \
	{ "learning", KEYWORD_VALUE, VSWITCH_A_PORT_LEARNING, 0 }, \
	{ "flood", KEYWORD_VALUE, VSWITCH_A_PORT_FLOOD, 0 }, \
	{ "mcast-flood", KEYWORD_VALUE, VSWITCH_A_PORT_MCAST_FLOOD, 0 }, \
	{ "bcast-flood", KEYWORD_VALUE, VSWITCH_A_PORT_BCAST_FLOOD, 0 }, \
	{ "hairpin", KEYWORD_VALUE, VSWITCH_A_PORT_HAIRPIN, 0 }, \
	{ "isolated", KEYWORD_VALUE, VSWITCH_A_PORT_ISOLATED, 0 }, \
	{ "neigh-suppress", KEYWORD_VALUE, VSWITCH_A_PORT_NEIGH_SUPPRESS, 0 }, \
	{ "group-fwd-mask", KEYWORD_VALUE, VSWITCH_A_PORT_GROUP_FWD_MASK, 0 }, \
	{ "fdb-max", KEYWORD_VALUE, VSWITCH_A_PORT_FDB_MAX, 0 }, \
	{ "shut", KEYWORD_VALUE, VSWITCH_A_PORT_SHUT, 0 }, \
	{ "recovery", KEYWORD_SECONDS, VSWITCH_A_PORT_RECOVERY, 0 }, \
	{ "state", KEYWORD_VALUE, VSWITCH_A_PORT_STATE, 0 }, \
	{ "wire", KEYWORD_WIRE, VSWITCH_A_PORT_GROUP_FWD_MASK, 0 }, \
	{ "bpdu-guard", KEYWORD_VALUE, VSWITCH_A_PORT_BPDU_GUARD, 0 }, \
	{ "bpdu-filter", KEYWORD_VALUE, VSWITCH_A_PORT_BPDU_FILTER, 0 }, \
	{ "loop-protect", KEYWORD_VALUE, VSWITCH_A_PORT_LOOP_PROTECT, 0 }, \
	{ "access", KEYWORD_VALUE, VSWITCH_A_PORT_PVID, 0 }, \
	{ "trunk", KEYWORD_VALUE, VSWITCH_A_PORT_VLAN, 0 }, \
	{ "native", KEYWORD_VALUE, VSWITCH_A_PORT_VLAN_UNTAGGED, 0 }, \
	{ "tagged", KEYWORD_CONSTANT, PORT_SAID_TAGGED, true }, \
	{ "hybrid", KEYWORD_VALUE, PORT_SAID_HYBRID, 0 }, \
	{ "untagged", KEYWORD_VALUE, PORT_SAID_UNTAGGED, 0 }, \
	{ "pvid", KEYWORD_VALUE, PORT_SAID_PVID, 0 }, \
	{ "tunnel", KEYWORD_VALUE, PORT_SAID_TUNNEL, 0 }, \
	{ "cvlans", KEYWORD_VALUE, VSWITCH_A_PORT_CVLANS, 0 }, \
	{ "vlan-map", KEYWORD_VALUE, VSWITCH_A_PORT_VLAN_MAP, 0 }, \
	{ "mcast-router", KEYWORD_VALUE, VSWITCH_A_PORT_MCAST_ROUTER, 0 }, \
	{ "mcast-fast-leave", KEYWORD_VALUE, VSWITCH_A_PORT_MCAST_FAST_LEAVE, 0 }, \
	{ "mcast-max-groups", KEYWORD_VALUE, VSWITCH_A_PORT_MCAST_MAX_GROUPS, 0 }, \
	{ "locked", KEYWORD_GUARD, VSWITCH_A_GUARD_LOCKED, 0 }, \
	{ "source-guard", KEYWORD_GUARD, VSWITCH_A_GUARD_SOURCE_GUARD, 0 }, \
	{ "dhcp-guard", KEYWORD_GUARD, VSWITCH_A_GUARD_DHCP_GUARD, 0 }, \
	{ "dhcp-trusted", KEYWORD_GUARD, VSWITCH_A_GUARD_DHCP_TRUSTED, 0 }, \
	{ "ra-guard", KEYWORD_GUARD, VSWITCH_A_GUARD_RA_GUARD, 0 }, \
	{ "ra-trusted", KEYWORD_GUARD, VSWITCH_A_GUARD_RA_TRUSTED, 0 }, \
	{ "mab", KEYWORD_GUARD, VSWITCH_A_GUARD_MAB, 0 }, \
	{ "max-macs", KEYWORD_GUARD, VSWITCH_A_GUARD_MAX_MACS, 0 }, \
	{ "violation", KEYWORD_GUARD, VSWITCH_A_GUARD_VIOLATION, 0 }, \
	{ "sticky-macs", KEYWORD_GUARD, VSWITCH_A_GUARD_STICKY_MACS, 0 }, \
	{ "promiscuous", KEYWORD_GUARD, VSWITCH_A_GUARD_PROMISCUOUS, 0 }, \
	{ "mac-changes", KEYWORD_GUARD, VSWITCH_A_GUARD_MAC_CHANGES, 0 }, \
	{ "forged-transmits", KEYWORD_GUARD, VSWITCH_A_GUARD_FORGED_TRANSMITS, 0 }, \
	{ "storm-broadcast", KEYWORD_STORM, VSWITCH_A_GUARD_STORM_BROADCAST_PPS, 0 }, \
	{ "storm-multicast", KEYWORD_STORM, VSWITCH_A_GUARD_STORM_MULTICAST_PPS, 0 }, \
	{ "storm-unknown", KEYWORD_STORM, VSWITCH_A_GUARD_STORM_UNKNOWN_PPS, 0 }, \
	{ "cgroup", KEYWORD_VALUE, VSWITCH_A_PORT_CGROUP, 0 }, \
	{ "container", KEYWORD_CONTAINER, VSWITCH_A_PORT_CGROUP, 0 }, \
	{ "alias", KEYWORD_VALUE, VSWITCH_A_PORT_ALIAS, 0 }

static const struct keyword add_keywords[] = {
	OPTION_KEYWORDS,
	{ "type", KEYWORD_VALUE, VSWITCH_A_PORT_TYPE, 0 },
	{ "netns", KEYWORD_DEVICE, DEVICE_NETNS, 0 },
	{ "mtu", KEYWORD_DEVICE, DEVICE_MTU, 0 },
	{ "address", KEYWORD_DEVICE, DEVICE_ADDRESS, 0 },
	{ "up", KEYWORD_DEVICE_UP, DEVICE_UP, true },
	{ "down", KEYWORD_DEVICE_UP, DEVICE_UP, false },
	{}
};

static const struct keyword set_keywords[] = {
	OPTION_KEYWORDS,
	{ "up", KEYWORD_DEVICE_UP, DEVICE_UP, true },
	{ "down", KEYWORD_DEVICE_UP, DEVICE_UP, false },
	{}
};

static const struct keyword switch_keyword[] = {
	{ "switch", KEYWORD_VALUE, VSWITCH_A_PORT_SWITCH_NAME, 0 },
	{}
};

static const struct hint hints[] = {
	{ ENODEV, "See 'vsw port show' and 'ip link show'." },
	{ ENOENT, "See 'vsw port show' and 'ip link show'." },
	{}
};

/* name is that of the port, if one was named. */
static int refused(const char *name, const struct vsw_port *req, struct err *err)
{
	if (name)
		return explain(hints, err, "port '%s'", name);
	if (req->has)
		return explain(hints, err, "switch '%s'", req->switch_name);
	return explain(hints, err, "ports");
}

static int read_words(char **words, const struct keyword *keys, bool need_name,
		      struct vsw_port *port, struct vsw_device *device, struct err *err)
{
	int named = keywords_first_name(&words, "dev", keys, &device->name, err);

	if (named < 0)
		return -1;
	if (!named && need_name)
		return err_set(err, STATUS_USAGE, "the device is missing");
	if (keywords_read(&kind_port, keys, words, port, device, err) < 0)
		return -1;
	return vlans_complete(port, err);
}

/* A new device has more that can be said of it than one that is there. */
static int check_new(const struct vsw_port *req, const struct vsw_device *device, struct err *err)
{
	const char *word = device->has & HAS(DEVICE_NETNS) ? "netns" :
			   device->has & HAS(DEVICE_MTU) ? "mtu" :
			   device->has & HAS(DEVICE_ADDRESS) ? "address" :
			   req->has & HAS(VSWITCH_A_PORT_ALIAS) ? "alias" : NULL;

	if (!(req->has & HAS(VSWITCH_A_PORT_SWITCH_NAME)))
		return err_set(err, STATUS_USAGE, "'switch SWITCH' is missing");
	if (word && req->type != VSWITCH_PORT_TYPE_VNIC)
		return err_set(err, STATUS_USAGE,
			       "'%s' needs 'type vnic': of a device that is there 'ip link set' changes it",
			       word);
	return 0;
}

/* A port whose device could not be set up is not left behind. */
static int bring_up(struct vsw *vsw, const struct vsw_port *created, struct err *err)
{
	const struct vsw_port half = {
		.has = HAS(VSWITCH_A_PORT_IFINDEX), .ifindex = created->ifindex,
	};

	if (link_set_up(NULL, created->ifindex, true, err) == 0)
		return 0;
	err_prefix(err, "port '%s'", created->name);
	vsw_nl_port_del(vsw->nl, &half, NULL);
	return -1;
}

/* Make a device a port; made gets what names it. */
static int add_device(struct vsw *vsw, struct vsw_port *req, const struct vsw_device *device,
		      struct vsw_port *made, struct err *err)
{
	struct vsw_port reply = {};
	int ret;

	strcpy(req->name, device->name);
	req->has &= ~HAS(VSWITCH_A_PORT_TYPE);
	req->has |= HAS(VSWITCH_A_PORT_NAME);
	if (vsw_nl_port_new(vsw->nl, req, &reply, err) < 0)
		return refused(device->name, req, err);
	made->has = HAS(VSWITCH_A_PORT_IFINDEX);
	made->ifindex = reply.ifindex;
	ret = device->up ? bring_up(vsw, &reply, err) : 0;
	object_clear(&kind_port, &reply);
	return ret;
}

static int show_made(struct vsw *vsw, const struct vsw_port *made, struct err *err)
{
	struct vsw_port now = {};
	int ret = vsw_nl_port_get(vsw->nl, made, &now, err);

	if (!ret)
		ret = output_object(&vsw->out, &kind_port, &now, err);
	object_clear(&kind_port, &now);
	return ret;
}

static int do_add(struct vsw *vsw, char **words, struct err *err)
{
	struct vsw_device device = { .up = true };
	struct vsw_port req = {}, made = {};
	char name[MODEL_NAME_SIZE];
	int ret = -1;

	if (read_words(words, add_keywords, true, &req, &device, err) < 0 ||
	    parse_name("dev", device.name, name, err) < 0 ||
	    check_new(&req, &device, err) < 0 || vsw_connect(vsw, err) < 0)
		goto out;
	if (req.type == VSWITCH_PORT_TYPE_VNIC)
		ret = vnic_add(vsw, &req, &device, &made, err);
	else
		ret = add_device(vsw, &req, &device, &made, err);
	if (!ret && vsw->out.json)
		ret = show_made(vsw, &made, err);
out:
	object_clear(&kind_port, &req);
	return ret;
}

static int set_up(struct vsw *vsw, struct place *place, bool up, struct err *err)
{
	struct vsw_port port = {};
	int ret;

	if (place_get(vsw, place, &port, err) < 0)
		return refused(place->word, NULL, err);
	if (port.has & HAS(VSWITCH_A_PORT_NETNSID))	/* its ifindex means another here */
		ret = err_set(err, STATUS_REFUSED, "the device is in another network namespace, it is set up and down there ('ip -n NETNS link set %s %s')",
			      port.name, up ? "up" : "down");
	else
		ret = link_set_up(NULL, port.ifindex, up, err);
	if (ret < 0)
		err_prefix(err, "port '%s'", place->word);
	object_clear(&kind_port, &port);
	return ret;
}

static int set_options(struct vsw *vsw, struct place *place, struct vsw_port *req, struct err *err)
{
	int ret = -1;

	while (ret < 0 && place_next(vsw, place, err)) {
		place_port(place, req);
		ret = vsw_nl_port_set(vsw->nl, req, err);
	}
	return ret < 0 ? refused(place->word, NULL, err) : 0;
}

static int do_set(struct vsw *vsw, char **words, struct err *err)
{
	struct vsw_device device = {};
	struct vsw_port req = {};
	int ret = read_words(words, set_keywords, true, &req, &device, err);
	const struct place place = { .word = device.name, .switch_name = req.switch_name };
	struct place to_set = place, to_get = place;
	bool options = req.has & ~HAS(VSWITCH_A_PORT_SWITCH_NAME);

	if (!ret && !options && !device.has)
		ret = err_set(err, STATUS_USAGE, "there is nothing to set");
	if (!ret)
		ret = vsw_connect(vsw, err);
	if (!ret && options)
		ret = set_options(vsw, &to_set, &req, err);
	if (!ret && device.has) {
		ret = set_up(vsw, &to_get, device.up, err);
		if (ret < 0 && options)
			err_suffix(err, "; what was set before stays");
	}
	object_clear(&kind_port, &req);
	return ret;
}

static int do_del(struct vsw *vsw, char **words, struct err *err)
{
	struct vsw_device device = {};
	struct vsw_port req = {};
	struct place place = { .switch_name = req.switch_name };
	int ret = -1;

	if (read_words(words, switch_keyword, true, &req, &device, err) < 0 ||
	    vsw_connect(vsw, err) < 0)
		return -1;
	place.word = device.name;
	while (ret < 0 && place_next(vsw, &place, err)) {
		place_port(&place, &req);
		ret = vsw_nl_port_del(vsw->nl, &req, err);
	}
	return ret < 0 ? refused(device.name, &req, err) : 0;
}

static int do_show(struct vsw *vsw, char **words, struct err *err)
{
	struct vsw_device device = {};
	struct vsw_port req = {}, port = {};
	struct place place = { .switch_name = req.switch_name };
	struct list list = {};
	int ret, shown;

	if (read_words(words, switch_keyword, false, &req, &device, err) < 0 ||
	    vsw_connect(vsw, err) < 0)
		return -1;
	place.word = device.name;
	if (place.word) {
		if (place_get(vsw, &place, &port, err) < 0)
			return refused(place.word, &req, err);
		ret = output_object(&vsw->out, &kind_port, &port, err);
		object_clear(&kind_port, &port);
		return ret;
	}
	ret = vsw_nl_port_dump(vsw->nl, &req, &list, err);
	if (ret < 0)
		return refused(NULL, &req, err);
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
