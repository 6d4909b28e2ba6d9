// SPDX-License-Identifier: GPL-2.0
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "output_private.h"

#define SECONDS_SIZE 24

static const char *on_off(bool on)
{
	return on ? "on" : "off";
}

/* Milliseconds as seconds, with as many decimals as it needs. */
static const char *seconds(char text[SECONDS_SIZE], uint32_t ms)
{
	int len = snprintf(text, SECONDS_SIZE, "%u.%03u", ms / 1000, ms % 1000);

	while (text[len - 1] == '0')
		text[--len] = '\0';
	if (text[len - 1] == '.')
		text[--len] = '\0';
	return strcat(text, "s");
}

/* An age, which the kernel knows in coarse steps only. */
static const char *tenths(char text[SECONDS_SIZE], uint32_t ms)
{
	snprintf(text, SECONDS_SIZE, "%u.%us", ms / 1000, ms % 1000 / 100);
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

static void print_stats(const struct output *out, const struct stats *stats)
{
	size_t i;

	printf("    rx  %" PRIu64 " packets  %" PRIu64 " bytes\n",
	       stats->rx_packets, stats->rx_bytes);
	printf("    tx  %" PRIu64 " packets  %" PRIu64 " bytes\n",
	       stats->tx_packets, stats->tx_bytes);
	printf("    fdb  learned %" PRIu64 "  moved %" PRIu64 "  refused %" PRIu64 "\n",
	       stats->learned, stats->moved, stats->learn_refused);
	printf("    dropped  ");
	put(out->colour, stats->drops ? COLOUR_BAD : COLOUR_NONE, "%" PRIu64, stats->drops);
	for (i = 0; i < stats->n_drop; i++) {
		put(out->colour, COLOUR_NONE, "%s %s %" PRIu64, i ? "," : ":",
		    stats->drop[i].reason, stats->drop[i].packets);
	}
	putchar('\n');
}

/* ---- switches ----------------------------------------------------------- */

static int switch_table(const struct output *out, const struct list *list, struct err *err)
{
	struct table table = { .colour = out->colour, .columns = 7 };
	static const char * const heads[] = {
		"SWITCH", "STATE", "ADDRESS", ">MTU", ">PORTS", ">FDB", ">AGEING"
	};
	char text[SECONDS_SIZE], mac[MAC_TEXT_SIZE];
	size_t i;

	for (i = 0; i < table.columns; i++)
		table_cell(&table, COLOUR_HEAD, "%s", heads[i]);
	for (i = 0; i < list->n; i++) {
		const struct vsw_switch *sw = list_at(list, &kind_switch, i);

		table_cell(&table, COLOUR_NAME, "%s", sw->name);
		table_cell(&table, sw->up ? COLOUR_GOOD : COLOUR_BAD, "%s", sw->up ? "up" : "down");
		table_cell(&table, COLOUR_MAC, "%s", mac_text(mac, sw->address));
		table_cell(&table, COLOUR_NONE, "%u", sw->mtu);
		table_cell(&table, COLOUR_NONE, "%u", sw->port_count);
		table_cell(&table, COLOUR_NONE, "%s", fdb_fill(text, sw->fdb_count, sw->fdb_max));
		table_cell(&table, COLOUR_NONE, "%s", seconds(text, sw->ageing_time));
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
	printf(" ageing %s", seconds(text, sw->ageing_time));
}

static void switch_block(const struct output *out, const struct vsw_switch *sw)
{
	switch_line(out, sw);
	if (out->details)
		printf("\n    ifindex %u fdb-max %u", sw->ifindex, sw->fdb_max);
	putchar('\n');
	if (out->stats)
		print_stats(out, &sw->stats);
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
};

#define N_FLAGS (sizeof(flags) / sizeof(flags[0]))

static bool flag_of(const struct vsw_port *port, const struct flag *flag)
{
	return *(const bool *)((const char *)port + flag->offset);
}

/* What differs from a new port, as the words that would set it. */
static const char *departures(char *text, size_t size, const struct vsw_port *port)
{
	size_t i, len = 0;

	if (port->number == VSWITCH_HOST_PORT)	/* it has no settings */
		return "-";
	text[0] = '\0';
	for (i = 0; i < N_FLAGS; i++)
		if (flag_of(port, &flags[i]) != flags[i].standard)
			len += snprintf(text + len, size - len, "%s%s %s", len ? " " : "",
					flags[i].name, on_off(!flags[i].standard));
	if (port->group_fwd_mask)
		snprintf(text + len, size - len, "%sgroup-fwd-mask 0x%x", len ? " " : "",
			 port->group_fwd_mask);
	return text[0] ? text : "-";
}

static const char *port_state(const struct vsw_port *port)
{
	return port->forwarding ? "forwarding" : "down";
}

static int port_table(const struct output *out, const struct list *list, struct err *err)
{
	struct table table = { .colour = out->colour, .columns = 7 };
	static const char * const heads[] = {
		"PORT", "SWITCH", ">NO", "STATE", ">FDB", "FLAGS", "ALIAS"
	};
	char text[SECONDS_SIZE], words[256];
	size_t i;

	for (i = 0; i < table.columns; i++)
		table_cell(&table, COLOUR_HEAD, "%s", heads[i]);
	for (i = 0; i < list->n; i++) {
		const struct vsw_port *port = list_at(list, &kind_port, i);
		bool host = port->number == VSWITCH_HOST_PORT;

		table_cell(&table, COLOUR_NAME, "%s", port->name);
		table_cell(&table, COLOUR_NAME, "%s", port->switch_name);
		table_cell(&table, COLOUR_NONE, "%u", port->number);
		table_cell(&table, port->forwarding ? COLOUR_GOOD : COLOUR_BAD, "%s%s",
			   host ? "host, " : "", port_state(port));
		table_cell(&table, COLOUR_NONE, "%s",
			   fdb_fill(text, port->fdb_count, port->fdb_max));
		table_cell(&table, COLOUR_NONE, "%s", departures(words, sizeof(words), port));
		table_cell(&table, COLOUR_NONE, "%s", port->alias ? port->alias : "-");
	}
	return table_print(&table, err);
}

static void port_line(const struct output *out, const struct vsw_port *port)
{
	char text[SECONDS_SIZE];

	put(out->colour, COLOUR_NAME, "%s", port->name);
	if (port->number == VSWITCH_HOST_PORT)
		printf(" host port of ");
	else
		printf(" port %u of ", port->number);
	put(out->colour, COLOUR_NAME, "%s", port->switch_name);
	printf(" ");
	put(out->colour, port->forwarding ? COLOUR_GOOD : COLOUR_BAD, "%s", port_state(port));
	printf(" fdb %s", fdb_fill(text, port->fdb_count, port->fdb_max));
}

static void port_block(const struct output *out, const struct vsw_port *port)
{
	char words[256];
	size_t i;

	port_line(out, port);
	if (!out->details && strcmp(departures(words, sizeof(words), port), "-"))
		printf(" %s", words);
	if (port->alias)
		put(false, COLOUR_NONE, " alias %s", port->alias);
	if (out->details) {
		printf("\n    ifindex %u", port->ifindex);
		for (i = 0; i < N_FLAGS && port->number != VSWITCH_HOST_PORT; i++)
			printf(" %s %s", flags[i].name, on_off(flag_of(port, &flags[i])));
		if (port->number != VSWITCH_HOST_PORT)
			printf(" group-fwd-mask 0x%x fdb-max %u",
			       port->group_fwd_mask, port->fdb_max);
	}
	putchar('\n');
	if (out->stats)
		print_stats(out, &port->stats);
}

/* ---- MAC entries -------------------------------------------------------- */

static int fdb_table(const struct output *out, const struct list *list, struct err *err)
{
	struct table table = { .colour = out->colour, .columns = out->details ? 6 : 5 };
	static const char * const heads[] = {
		"ADDRESS", "PORT", "SWITCH", "TYPE", ">AGE", "SOURCE"
	};
	char text[SECONDS_SIZE], mac[MAC_TEXT_SIZE];
	size_t i;

	for (i = 0; i < table.columns; i++)
		table_cell(&table, COLOUR_HEAD, "%s", heads[i]);
	for (i = 0; i < list->n; i++) {
		const struct vsw_fdb *fdb = list_at(list, &kind_fdb, i);
		bool dynamic = fdb->type == VSWITCH_FDB_TYPE_DYNAMIC;

		table_cell(&table, COLOUR_MAC, "%s", mac_text(mac, fdb->address));
		table_cell(&table, COLOUR_NAME, "%s", fdb->port_name);
		table_cell(&table, COLOUR_NAME, "%s", fdb->switch_name);
		table_cell(&table, COLOUR_NONE, "%s%s", fdb_type_name(fdb->type),
			   fdb->sticky ? " sticky" : "");
		table_cell(&table, COLOUR_NONE, "%s", dynamic ? tenths(text, fdb->age) : "-");
		if (out->details)
			table_cell(&table, COLOUR_NONE, "%s", fdb->user ? "user" : "kernel");
	}
	return table_print(&table, err);
}

static void fdb_line(const struct output *out, const struct vsw_fdb *fdb)
{
	char mac[MAC_TEXT_SIZE];

	put(out->colour, COLOUR_MAC, "%s", mac_text(mac, fdb->address));
	printf(" dev ");
	put(out->colour, COLOUR_NAME, "%s", fdb->port_name);
	printf(" switch ");
	put(out->colour, COLOUR_NAME, "%s", fdb->switch_name);
	printf(" %s%s%s", fdb_type_name(fdb->type), fdb->sticky ? " sticky" : "",
	       fdb->user && fdb->type == VSWITCH_FDB_TYPE_DYNAMIC ? " user" : "");
}

/* ---- ------------------------------------------------------------------- */

int text_list(const struct output *out, const struct kind *kind, const struct list *list,
	      struct err *err)
{
	bool blocks = out->stats || out->details;
	size_t i;

	if (!list->n)
		return 0;
	if (kind == &kind_fdb)
		return fdb_table(out, list, err);
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
	bool gone = strstr(event, "-del") || !kind;
	char words[256];

	if (timestamp)
		printf("%s ", timestamp);
	put(out->colour, gone ? COLOUR_BAD : COLOUR_GOOD, "%-10s", event);
	putchar(' ');
	if (kind == &kind_switch) {
		switch_line(out, object);
	} else if (kind == &kind_port) {
		port_line(out, object);
		if (strcmp(departures(words, sizeof(words), object), "-"))
			printf(" %s", words);
	} else if (kind == &kind_fdb) {
		fdb_line(out, object);
	} else {
		printf("events were lost, the socket was full");
	}
	putchar('\n');
}
