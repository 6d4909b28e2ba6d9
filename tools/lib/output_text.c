// SPDX-License-Identifier: GPL-2.0
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "flow.h"
#include "acl.h"
#include "model_hook.h"
#include "model_container.h"
#include "model_image.h"
#include "model_natnet.h"
#include "model_router.h"
#include "output_private.h"

#define WORDS_SIZE (256 + 2 * VLAN_TEXT_SIZE + GUARD_TEXT_SIZE + VLAN_MAP_TEXT_SIZE + \
		    MCAST_TEXT_SIZE)

static const char *on_off(bool on)
{
	return on ? "on" : "off";
}

/* An age, which the kernel knows in coarse steps only. */
static const char *tenths(char text[SECONDS_SIZE], uint32_t ms)
{
	snprintf(text, SECONDS_SIZE, "%u.%us", ms / 1000, ms % 1000 / 100);
	return text;
}

/* Days and hours are easier to read than many seconds. */
static const char *age(char text[SECONDS_SIZE], uint64_t ms)
{
	uint64_t s = ms / 1000;

	if (s < 60)
		snprintf(text, SECONDS_SIZE, "%u.%us", (unsigned int)s,
			 (unsigned int)(ms % 1000 / 100));
	else if (s < 86400)
		snprintf(text, SECONDS_SIZE, "%02u:%02u:%02u", (unsigned int)(s / 3600),
			 (unsigned int)(s / 60 % 60), (unsigned int)(s % 60));
	else
		snprintf(text, SECONDS_SIZE, "%" PRIu64 "d%02uh", s / 86400,
			 (unsigned int)(s / 3600 % 24));
	return text;
}

/* "12" or "12/1000", when there is a bound. */
static const char *fdb_fill(char text[SECONDS_SIZE], uint32_t count, uint32_t max)
{
	if (max)
		snprintf(text, SECONDS_SIZE, "%u/%u", count, max);
	else
		snprintf(text, SECONDS_SIZE, "%u", count);
	return text;
}

void text_drops(const struct output *out, const struct stats *stats)
{
	size_t i;

	if (stats->answered)
		printf("    neigh  answered %" PRIu64 "\n", stats->answered);
	printf("    dropped  ");
	put(out->colour, stats->drops ? COLOUR_BAD : COLOUR_NONE, "%" PRIu64, stats->drops);
	for (i = 0; i < stats->n_drop; i++) {
		put(out->colour, COLOUR_NONE, "%s %s %" PRIu64, i ? "," : ":",
		    stats->drop[i].reason, stats->drop[i].packets);
	}
	putchar('\n');
}

static void print_stats(const struct output *out, const struct stats *stats)
{
	printf("    rx  %" PRIu64 " packets  %" PRIu64 " bytes\n",
	       stats->rx_packets, stats->rx_bytes);
	printf("    tx  %" PRIu64 " packets  %" PRIu64 " bytes\n",
	       stats->tx_packets, stats->tx_bytes);
	printf("    fdb  learned %" PRIu64 "  moved %" PRIu64 "  refused %" PRIu64 "\n",
	       stats->learned, stats->moved, stats->learn_refused);
	text_drops(out, stats);
}

static const char *vid_text(char text[SECONDS_SIZE], unsigned int vid)
{
	if (!vid)
		return "-";
	snprintf(text, SECONDS_SIZE, "%u", vid);
	return text;
}

/* ---- switches ----------------------------------------------------------- */

#define POLICIES_SIZE 96

static int policy_words(char *text, const char *name, uint8_t policy, uint8_t standard)
{
	return policy != standard ? sprintf(text, " %s %s", name, policy_name(policy)) : 0;
}

/* Those that differ from a new switch's, or all: each behind a blank. */
static const char *policies_text(char text[POLICIES_SIZE], const struct vsw_switch *sw, bool all)
{
	const uint8_t none = VSWITCH_POLICY_INHERIT;	/* which a switch never does */
	int len = 0;

	text[0] = '\0';
	len += policy_words(text + len, "promiscuous", sw->promiscuous,
			    all ? none : VSWITCH_POLICY_REJECT);
	len += policy_words(text + len, "mac-changes", sw->mac_changes,
			    all ? none : VSWITCH_POLICY_ACCEPT);
	policy_words(text + len, "forged-transmits", sw->forged_transmits,
		     all ? none : VSWITCH_POLICY_ACCEPT);
	return text;
}

static int switch_table(const struct output *out, const struct list *list, struct err *err)
{
	struct table table = { .colour = out->colour };
	static const char * const heads[] = {
		"SWITCH", "STATE", "ADDRESS", ">MTU", ">PORTS", ">FDB", ">AGEING", "?VLANS",
		"?GUARDS", "?POLICIES", NULL
	};
	char text[SECONDS_SIZE], mac[MAC_TEXT_SIZE], policies[POLICIES_SIZE];
	size_t i;

	table_heads(&table, heads);
	for (i = 0; i < list->n; i++) {
		const struct vsw_switch *sw = list_at(list, &kind_switch, i);

		table_cell(&table, COLOUR_NAME, "%s", sw->name);
		table_cell(&table, sw->up ? COLOUR_GOOD : COLOUR_BAD, "%s", sw->up ? "up" : "down");
		table_cell(&table, COLOUR_MAC, "%s", mac_text(mac, sw->address));
		table_cell(&table, COLOUR_NONE, "%u", sw->mtu);
		table_cell(&table, COLOUR_NONE, "%u", sw->port_count);
		table_cell(&table, COLOUR_NONE, "%s", fdb_fill(text, sw->fdb_count, sw->fdb_max));
		table_cell(&table, COLOUR_NONE, "%s", seconds_text(text, sw->ageing_time));
		table_cell(&table, COLOUR_NONE, "%s", sw->vlan_filtering ? "filtering" : "-");
		table_cell(&table, COLOUR_NONE, "%s",
			   sw->dhcp_guard && sw->ra_guard ? "dhcp ra" :
			   sw->dhcp_guard ? "dhcp" : sw->ra_guard ? "ra" : "-");
		policies_text(policies, sw, false);
		table_cell(&table, COLOUR_NONE, "%s", policies[0] ? policies + 1 : "-");
	}
	return table_print(&table, err);
}

static void switch_line(const struct output *out, const struct vsw_switch *sw)
{
	char text[SECONDS_SIZE], mac[MAC_TEXT_SIZE];

	put(out->colour, COLOUR_NAME, "%s", sw->name);
	printf(" ");
	put(out->colour, sw->up ? COLOUR_GOOD : COLOUR_BAD, "%s", sw->up ? "up" : "down");
	printf(" address ");
	put(out->colour, COLOUR_MAC, "%s", mac_text(mac, sw->address));
	printf(" mtu %u ports %u", sw->mtu, sw->port_count);
	printf(" fdb %s", fdb_fill(text, sw->fdb_count, sw->fdb_max));
	printf(" ageing %s", seconds_text(text, sw->ageing_time));
}

static void print_switch_settings(const struct vsw_switch *sw)
{
	char text[POLICIES_SIZE];

	if (sw->vlan_filtering)
		printf(" vlan-filtering on");
	if (sw->dhcp_guard)
		printf(" dhcp-guard on");
	if (sw->ra_guard)
		printf(" ra-guard on");
	if (sw->vlan_protocol != VSWITCH_VLAN_PROTOCOL_8021Q)
		printf(" vlan-protocol %s", vlan_protocol_name(sw->vlan_protocol));
	if (sw->vlan_default_pvid != VSWITCH_DEFAULT_PVID &&
	    (sw->has & HAS(VSWITCH_A_SWITCH_VLAN_DEFAULT_PVID)))
		printf(" vlan-default-pvid %u", sw->vlan_default_pvid);
	if (sw->vlan_stats)
		printf(" vlan-stats on");
	if (sw->mcast.snooping)
		printf(" mcast-snooping on");
	if (sw->loop_interval != VSWITCH_DEFAULT_LOOP_INTERVAL &&
	    (sw->has & HAS(VSWITCH_A_SWITCH_LOOP_INTERVAL)))
		printf(" loop-interval %s", seconds_text(text, sw->loop_interval));
	if (sw->private_vlans.n)
		printf(" private-vlans %u", sw->private_vlans.n);
	printf("%s", policies_text(text, sw, false));
}

static void switch_block(const struct output *out, const struct vsw_switch *sw)
{
	char text[SECONDS_SIZE], policies[POLICIES_SIZE];

	switch_line(out, sw);
	if (out->details) {
		printf("\n    ifindex %u fdb-max %u vlan-filtering %s vlan-protocol %s",
		       sw->ifindex, sw->fdb_max, on_off(sw->vlan_filtering),
		       vlan_protocol_name(sw->vlan_protocol));
		printf(" vlan-default-pvid %u vlan-stats %s dhcp-guard %s ra-guard %s loop-interval %s",
		       sw->vlan_default_pvid, on_off(sw->vlan_stats),
		       on_off(sw->dhcp_guard), on_off(sw->ra_guard),
		       seconds_text(text, sw->loop_interval));
		printf(" private-vlans %u%s", sw->private_vlans.n,
		       policies_text(policies, sw, true));
		mcast_print_switch(&sw->mcast);
	} else {
		print_switch_settings(sw);
	}
	putchar('\n');
	if (out->stats) {
		print_stats(out, &sw->stats);
		mcast_print_stats(out, &sw->mcast.stats);
	}
}

/* ---- ports -------------------------------------------------------------- */

struct flag {
	const char *name;
	size_t offset;
	bool standard;
};

#define FLAG(name, member, standard) { name, offsetof(struct vsw_port, member), standard }

static const struct flag flags[] = {
	FLAG("learning", learning, true),
	FLAG("flood", flood, true),
	FLAG("mcast-flood", mcast_flood, true),
	FLAG("bcast-flood", bcast_flood, true),
	FLAG("hairpin", hairpin, false),
	FLAG("isolated", isolated, false),
	FLAG("bpdu-guard", bpdu_guard, false),
	FLAG("bpdu-filter", bpdu_filter, false),
	FLAG("neigh-suppress", neigh_suppress, false),
	FLAG("loop-protect", loop_protect, false),
};

#define N_FLAGS (sizeof(flags) / sizeof(flags[0]))

static bool flag_of(const struct vsw_port *port, const struct flag *flag)
{
	return *(const bool *)((const char *)port + flag->offset);
}

/*
 * The VLANs as the words that would set them, unless no words would: then they
 * name the attributes.
 */
static const char *vlan_words(char text[WORDS_SIZE], const struct vsw_port *port)
{
	const struct vlan_set *member = &port->vlans.member, *untagged = &port->vlans.untagged;
	bool native = vlan_set_is(untagged, port->pvid), none = vlan_set_is(untagged, 0);
	char list[VLAN_TEXT_SIZE];
	int len;

	if (port->vlan_tunnel) {
		len = sprintf(text, "tunnel %u", port->pvid);
		if (!vlan_set_is(&port->cvlans, 0))
			sprintf(text + len, " cvlans %s", vlan_text(list, &port->cvlans));
		return text;
	}
	if (port->pvid && native && vlan_set_is(member, port->pvid)) {
		sprintf(text, "access %u", port->pvid);
		return text;
	}
	len = sprintf(text, "%s %s", native || none ? "trunk" : "hybrid", vlan_text(list, member));
	if (!native && !none)
		len += sprintf(text + len, " untagged %s", vlan_text(list, untagged));
	if (port->pvid)
		sprintf(text + len, " %s %u%s", native || none ? "native" : "pvid", port->pvid,
			none ? " tagged" : "");
	return text;
}

static bool vlans_are_standard(const struct vsw_port *port)
{
	const unsigned int vid = VSWITCH_DEFAULT_PVID;

	return !(port->has & HAS(VSWITCH_A_PORT_VLAN)) ||
	       (!port->vlan_tunnel && port->pvid == vid && vlan_set_is(&port->vlans.member, vid) &&
		vlan_set_is(&port->vlans.untagged, vid));
}

/* What differs from a new port, as the words that would set it. */
static const char *departures(char text[WORDS_SIZE], const struct vsw_port *port)
{
	bool host = port->number == VSWITCH_HOST_PORT;	/* it has no flags */
	char words[WORDS_SIZE], number[SECONDS_SIZE], map[VLAN_MAP_TEXT_SIZE];
	int len = 0;
	size_t i;

	text[0] = '\0';
	for (i = 0; i < N_FLAGS && !host; i++)
		if (flag_of(port, &flags[i]) != flags[i].standard)
			len += sprintf(text + len, "%s %s ", flags[i].name,
				       on_off(!flags[i].standard));
	if (port->group_fwd_mask == UINT16_MAX && !host)
		len += sprintf(text + len, "wire on ");
	else if (port->group_fwd_mask && !host)
		len += sprintf(text + len, "group-fwd-mask 0x%x ", port->group_fwd_mask);
	len += guard_words(text + len, &port->guard, false);
	if (port->recovery)
		len += sprintf(text + len, "recovery %s ", seconds_word(number, port->recovery));
	if (!vlans_are_standard(port))
		len += sprintf(text + len, "%s ", vlan_words(words, port));
	if (port->vlan_map.n)
		len += sprintf(text + len, "vlan-map %s ", vlan_map_text(map, &port->vlan_map));
	len += mcast_port_words(text + len, port, false);
	if (!len)
		return strcpy(text, "-");
	text[len - 1] = '\0';
	return text;
}

#define STATE_SIZE 40

static const char *port_state(char text[STATE_SIZE], const struct vsw_port *port)
{
	if (port->shut)
		snprintf(text, STATE_SIZE, "shut: %s", shut_reason_name(port->shut));
	else if (port->has & HAS(VSWITCH_A_PORT_STATE) &&
		 port->state != VSWITCH_PORT_STATE_FORWARDING)
		strcpy(text, port_state_name(port->state));
	else
		strcpy(text, port->forwarding ? "forwarding" : "down");
	return text;
}

static int port_table(const struct output *out, const struct list *list, struct err *err)
{
	struct table table = { .colour = out->colour };
	static const char * const heads[] = {
		"PORT", "SWITCH", ">NO", "?TYPE", "STATE", ">FDB", "FLAGS", "ALIAS", NULL
	};
	char text[SECONDS_SIZE], words[WORDS_SIZE], state[STATE_SIZE];
	size_t i;

	table_heads(&table, heads);
	for (i = 0; i < list->n; i++) {
		const struct vsw_port *port = list_at(list, &kind_port, i);
		bool host = port->number == VSWITCH_HOST_PORT;

		table_cell(&table, COLOUR_NAME, "%s", port->name);
		table_cell(&table, COLOUR_NAME, "%s", port->switch_name);
		table_cell(&table, COLOUR_NONE, "%u", port->number);
		table_cell(&table, COLOUR_NONE, "%s",
			   port->type == VSWITCH_PORT_TYPE_VNIC ? "vnic" : "-");
		table_cell(&table, port->forwarding ? COLOUR_GOOD : COLOUR_BAD, "%s%s",
			   host ? "host, " : "", port_state(state, port));
		table_cell(&table, COLOUR_NONE, "%s",
			   fdb_fill(text, port->fdb_count, port->fdb_max));
		table_cell(&table, COLOUR_NONE, "%s", departures(words, port));
		table_cell(&table, COLOUR_NONE, "%s", port->alias ? port->alias : "-");
	}
	return table_print(&table, err);
}

static void port_line(const struct output *out, const struct vsw_port *port)
{
	char text[SECONDS_SIZE], state[STATE_SIZE];

	put(out->colour, COLOUR_NAME, "%s", port->name);
	if (port->number == VSWITCH_HOST_PORT)
		printf(" host port of ");
	else
		printf(" %sport %u of ", port->type == VSWITCH_PORT_TYPE_VNIC ? "vnic " : "",
		       port->number);
	put(out->colour, COLOUR_NAME, "%s", port->switch_name);
	printf(" ");
	put(out->colour, port->forwarding ? COLOUR_GOOD : COLOUR_BAD, "%s",
	    port_state(state, port));
	if (port->shut)
		printf(" for %s", age(text, port->shut_age));
	printf(" fdb %s", fdb_fill(text, port->fdb_count, port->fdb_max));
}

/* The words of its settings, if any, its alias and its cgroup. */
static void print_settings(const struct vsw_port *port, bool departed)
{
	char words[WORDS_SIZE];

	if (departed && strcmp(departures(words, port), "-"))
		printf(" %s", words);
	if (port->alias)
		put(false, COLOUR_NONE, " alias %s", port->alias);
	if (port->cgroup)
		printf(" cgroup %llu", (unsigned long long)port->cgroup);
}

static void port_block(const struct output *out, const struct vsw_port *port)
{
	char words[WORDS_SIZE], map[VLAN_MAP_TEXT_SIZE];
	size_t i;

	port_line(out, port);
	print_settings(port, !out->details);
	if (out->details) {
		printf("\n    ifindex %u", port->ifindex);
		if (port->has & HAS(VSWITCH_A_PORT_NETNSID))
			printf(" netnsid %d", port->netnsid);
		for (i = 0; i < N_FLAGS && port->number != VSWITCH_HOST_PORT; i++)
			printf(" %s %s", flags[i].name, on_off(flag_of(port, &flags[i])));
		if (port->number != VSWITCH_HOST_PORT)
			printf(" group-fwd-mask 0x%x fdb-max %u recovery %s state %s",
			       port->group_fwd_mask, port->fdb_max,
			       seconds_word(words, port->recovery), port_state_name(port->state));
		if (port->has & HAS(VSWITCH_A_PORT_VLAN))
			printf(" %s", vlan_words(words, port));
		if (port->vlan_map.n)
			printf(" vlan-map %s", vlan_map_text(map, &port->vlan_map));
		if (port->has & HAS(VSWITCH_A_PORT_GUARD)) {
			words[guard_words(words, &port->guard, true) - 1] = '\0';
			printf("\n    %s", words);
		}
		if (mcast_port_words(words, port, true))
			printf("\n    %.*s", (int)strlen(words) - 1, words);
	}
	putchar('\n');
	if (out->stats) {
		print_stats(out, &port->stats);
		mcast_print_stats(out, &port->mcast_stats);
	}
}

/* ---- VLANs -------------------------------------------------------------- */

/* What a port does with tags beyond taking them off and putting them on. */
static const char *odd_words(char text[WORDS_SIZE], const struct vsw_port *port)
{
	char list[VLAN_TEXT_SIZE > VLAN_MAP_TEXT_SIZE ? VLAN_TEXT_SIZE : VLAN_MAP_TEXT_SIZE];

	if (port->vlan_map.n)
		sprintf(text, "vlan-map %s", vlan_map_text(list, &port->vlan_map));
	else if (!port->vlan_tunnel)
		strcpy(text, "-");
	else if (vlan_set_is(&port->cvlans, 0))
		strcpy(text, "tunnel");
	else
		sprintf(text, "tunnel cvlans %s", vlan_text(list, &port->cvlans));
	return text;
}

static int vlan_table(const struct output *out, const struct list *list, struct err *err)
{
	static const char * const heads[] = {
		"PORT", "SWITCH", ">NO", ">PVID", "UNTAGGED", "TAGGED", "?TAGS", "?ALIAS", NULL
	};
	struct table table = { .colour = out->colour };
	char text[WORDS_SIZE], vid[SECONDS_SIZE];
	size_t i;

	table_heads(&table, heads);
	for (i = 0; i < list->n; i++) {
		const struct vsw_port *port = list_at(list, &kind_port, i);
		const struct vlan_set *untagged = &port->vlans.untagged;
		struct vlan_set tagged = vlan_set_without(&port->vlans.member, untagged);

		table_cell(&table, COLOUR_NAME, "%s", port->name);
		table_cell(&table, COLOUR_NAME, "%s", port->switch_name);
		table_cell(&table, COLOUR_NONE, "%u", port->number);
		table_cell(&table, COLOUR_NONE, "%s", vid_text(vid, port->pvid));
		table_cell(&table, COLOUR_NONE, "%s",
			   vlan_set_is(untagged, 0) ? "-" : vlan_text(text, untagged));
		table_cell(&table, COLOUR_NONE, "%s",
			   vlan_set_is(&tagged, 0) ? "-" : vlan_text(text, &tagged));
		table_cell(&table, COLOUR_NONE, "%s", odd_words(text, port));
		table_cell(&table, COLOUR_NONE, "%s", port->alias ?: "-");
	}
	return table_print(&table, err);
}

static int private_table(const struct output *out, const struct list *list, struct err *err)
{
	static const char * const heads[] = { "SWITCH", ">PRIMARY", ">SECONDARY", "TYPE", NULL };
	struct table table = { .colour = out->colour };
	size_t i;

	table_heads(&table, heads);
	for (i = 0; i < list->n; i++) {
		const struct vsw_private *private = list_at(list, &kind_private, i);

		table_cell(&table, COLOUR_NAME, "%s", private->switch_name);
		table_cell(&table, COLOUR_NONE, "%u", private->vlan.primary);
		table_cell(&table, COLOUR_NONE, "%u", private->vlan.secondary);
		table_cell(&table, COLOUR_NONE, "%s", vlan_private_name(private->vlan.type));
	}
	return table_print(&table, err);
}

/* ---- MAC entries -------------------------------------------------------- */

static int fdb_table(const struct output *out, const struct list *list, struct err *err)
{
	struct table table = { .colour = out->colour };
	static const char * const heads[] = {
		"ADDRESS", "?>VLAN", "PORT", "SWITCH", "?>NO", "TYPE", ">AGE", "?SOURCE", "?ALIAS",
		NULL
	};
	char text[SECONDS_SIZE], mac[MAC_TEXT_SIZE];
	size_t i;

	table_heads(&table, heads);
	for (i = 0; i < list->n; i++) {
		const struct vsw_fdb *fdb = list_at(list, &kind_fdb, i);
		bool dynamic = fdb->type == VSWITCH_FDB_TYPE_DYNAMIC;

		table_cell(&table, COLOUR_MAC, "%s", mac_text(mac, fdb->address));
		table_cell(&table, COLOUR_NONE, "%s", vid_text(text, fdb->vlan));
		table_cell(&table, COLOUR_NAME, "%s", fdb->port_name);
		table_cell(&table, COLOUR_NAME, "%s", fdb->switch_name);
		if (out->details)
			table_cell(&table, COLOUR_NONE, "%u", fdb->port_number);
		else
			table_cell(&table, COLOUR_NONE, "-");
		table_cell(&table, COLOUR_NONE, "%s%s%s", fdb_type_name(fdb->type),
			   fdb->sticky ? " sticky" : "", fdb->locked ? " locked" : "");
		table_cell(&table, COLOUR_NONE, "%s", dynamic ? tenths(text, fdb->age) : "-");
		table_cell(&table, COLOUR_NONE, "%s",
			   !out->details ? "-" : fdb->user ? "user" : "kernel");
		table_cell(&table, COLOUR_NONE, "%s", fdb->port_alias ?: "-");
	}
	return table_print(&table, err);
}

static void fdb_line(const struct output *out, const struct vsw_fdb *fdb)
{
	char mac[MAC_TEXT_SIZE];

	put(out->colour, COLOUR_MAC, "%s", mac_text(mac, fdb->address));
	if (fdb->vlan)
		printf(" vlan %u", fdb->vlan);
	printf(" dev ");
	put(out->colour, COLOUR_NAME, "%s", fdb->port_name);
	printf(" switch ");
	put(out->colour, COLOUR_NAME, "%s", fdb->switch_name);
	printf(" %s%s%s%s", fdb_type_name(fdb->type), fdb->sticky ? " sticky" : "",
	       fdb->locked ? " locked" : "",
	       fdb->user && fdb->type == VSWITCH_FDB_TYPE_DYNAMIC ? " user" : "");
	if (fdb->port_alias)
		put(false, COLOUR_NONE, " alias %s", fdb->port_alias);
}

/* ---- bindings ----------------------------------------------------------- */

static int binding_table(const struct output *out, const struct list *list, struct err *err)
{
	static const char * const heads[] = {
		"MAC", "?>VLAN", "IP", "PORT", "SWITCH", ">NO", "?ALIAS", NULL
	};
	char text[SECONDS_SIZE], mac[MAC_TEXT_SIZE], ip[IP_TEXT_SIZE];
	struct table table = { .colour = out->colour };
	size_t i;

	table_heads(&table, heads);
	for (i = 0; i < list->n; i++) {
		const struct vsw_binding *binding = list_at(list, &kind_binding, i);

		table_cell(&table, COLOUR_MAC, "%s", mac_text(mac, binding->mac));
		table_cell(&table, COLOUR_NONE, "%s", vid_text(text, binding->vlan));
		table_cell(&table, COLOUR_NONE, "%s",
			   binding->ip.len ? prefix_text(ip, &binding->ip) : "any");
		table_cell(&table, COLOUR_NAME, "%s", binding->port_name);
		table_cell(&table, COLOUR_NAME, "%s", binding->switch_name);
		table_cell(&table, COLOUR_NONE, "%u", binding->port_number);
		table_cell(&table, COLOUR_NONE, "%s", binding->port_alias ?: "-");
	}
	return table_print(&table, err);
}

static void binding_line(const struct output *out, const struct vsw_binding *binding)
{
	char mac[MAC_TEXT_SIZE], ip[IP_TEXT_SIZE];

	printf("dev ");
	put(out->colour, COLOUR_NAME, "%s", binding->port_name);
	printf(" switch ");
	put(out->colour, COLOUR_NAME, "%s", binding->switch_name);
	printf(" mac ");
	put(out->colour, COLOUR_MAC, "%s", mac_text(mac, binding->mac));
	if (binding->vlan)
		printf(" vlan %u", binding->vlan);
	if (binding->ip.len)
		printf(" ip %s", prefix_text(ip, &binding->ip));
}

/* ---- ------------------------------------------------------------------- */

int text_list(const struct output *out, const struct kind *kind, const struct list *list,
	      struct err *err)
{
	bool blocks = out->stats || out->details;
	size_t i;
	int ret;

	if (!list->n)
		return 0;
	if (router_table(out, kind, list, &ret, err) || route_table(out, kind, list, &ret, err))
		return ret;
	if (kind == &kind_hook_step)
		return hook_table(out, list, err);
	if (kind == &kind_image)
		return image_table(out, list, err);
	if (kind == &kind_container)
		return container_table(out, list, err);
	if (kind == &kind_natnet)
		return natnet_table(out, list, err);
	if (kind == &kind_fdb)
		return fdb_table(out, list, err);
	if (kind == &kind_binding)
		return binding_table(out, list, err);
	if (kind == &kind_vlan)
		return vlan_table(out, list, err);
	if (kind == &kind_vlan_stats)
		return vlan_stats_table(out, list, err);
	if (kind == &kind_private)
		return private_table(out, list, err);
	if (kind == &kind_mirror)
		return mirror_list(out, list, err);
	if (kind == &kind_mdb)
		return mdb_table(out, list, err);
	if (kind == &kind_acl)
		return acl_table(out, list, err);
	if (kind == &kind_flow_table)
		return flow_tables(out, list, err);
	if (!blocks)
		return kind == &kind_switch ? switch_table(out, list, err) :
					      port_table(out, list, err);
	for (i = 0; i < list->n; i++) {
		const void *object = list_at(list, kind, i);

		if (kind == &kind_switch)
			switch_block(out, object);
		else
			port_block(out, object);
	}
	return 0;
}

void text_event(const struct output *out, const char *event, const struct kind *kind,
		const void *object, const char *timestamp)
{
	bool gone = strstr(event, "-del") || strstr(event, "-down") || !kind;

	if (timestamp)
		printf("%s ", timestamp);
	put(out->colour, gone ? COLOUR_BAD : COLOUR_GOOD, "%-10s", event);
	putchar(' ');
	if (kind == &kind_switch) {
		switch_line(out, object);
		print_switch_settings(object);
	} else if (kind == &kind_port) {
		port_line(out, object);
		print_settings(object, true);
	} else if (kind == &kind_fdb) {
		fdb_line(out, object);
	} else if (kind == &kind_mirror) {
		mirror_line(out, object);
	} else if (kind == &kind_binding) {
		binding_line(out, object);
	} else if (kind == &kind_mdb) {
		mdb_line(out, object);
	} else if (kind == &kind_flow_request) {
		flow_removed_line(out, object);
	} else if (kind == &kind_health) {
		health_line(object);
	} else {
		printf("events were lost, the socket was full");
	}
	putchar('\n');
}
