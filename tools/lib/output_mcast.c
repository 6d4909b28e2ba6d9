// SPDX-License-Identifier: GPL-2.0
/* Multicast snooping as text: of switches and ports, and the groups. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "output_private.h"

/* "igmp  rx queries 0/0/2 ..." : versions behind each other. */
static void print_messages(const char *name, const uint64_t rx[], const uint64_t tx[],
			   unsigned int versions)
{
	const uint64_t *counts[] = { rx, tx };
	static const char * const ways[] = { "rx", "tx" };
	unsigned int way, i;

	for (way = 0; way < 2; way++) {
		const uint64_t *n = counts[way];

		printf("    %s %s  queries", name, ways[way]);
		for (i = 0; i < versions; i++)
			printf(" v%u %" PRIu64, i + 1, n[i]);
		printf("  reports");
		for (i = 0; i < versions; i++)
			printf(" v%u %" PRIu64, i + 1, n[versions + i]);
		printf("  leaves %" PRIu64 "\n", n[2 * versions]);
	}
}

void mcast_print_stats(const struct output *out, const struct mcast_stats *stats)
{
	uint64_t sum = stats->rx_invalid + stats->refused;
	unsigned int i;

	for (i = 0; i < MODEL_MCAST_KINDS; i++)
		sum += stats->rx[i] + stats->tx[i];
	if (!sum && !out->details)
		return;
	print_messages("igmp", stats->rx, stats->tx, 3);
	print_messages("mld", stats->rx + 7, stats->tx + 7, 2);
	printf("    mcast  invalid %" PRIu64 "  refused %" PRIu64 "\n",
	       stats->rx_invalid, stats->refused);
}

void mcast_print_switch(const struct mcast *mcast)
{
	char text[SECONDS_SIZE];

	printf("\n    mcast-snooping %s", mcast->snooping ? "on" : "off");
	printf(" mcast-querier %s", mcast->querier ? "on" : "off");
	printf(" groups %u/%u", mcast->group_count, mcast->max_groups);
	printf(" mcast-igmp-version %u mcast-mld-version %u", mcast->igmp_version,
	       mcast->mld_version);
	printf("\n    mcast-query-interval %s", seconds_text(text, mcast->query_interval));
	printf(" mcast-query-response-interval %s",
	       seconds_text(text, mcast->query_response_interval));
	printf(" mcast-last-member-count %u", mcast->last_member_count);
	printf(" mcast-last-member-interval %s",
	       seconds_text(text, mcast->last_member_interval));
	printf("\n    mcast-startup-query-count %u", mcast->startup_query_count);
	printf(" mcast-startup-query-interval %s",
	       seconds_text(text, mcast->startup_query_interval));
	printf(" mcast-membership-interval %s",
	       seconds_text(text, mcast->membership_interval));
	printf(" mcast-querier-interval %s", seconds_text(text, mcast->querier_interval));
}

int mcast_port_words(char text[MCAST_TEXT_SIZE], const struct vsw_port *port, bool all)
{
	int len = 0;

	text[0] = '\0';
	if (!(port->has & HAS(VSWITCH_A_PORT_MCAST_ROUTER)))
		return 0;
	if (all || port->mcast_router != VSWITCH_MCAST_ROUTER_AUTO)
		len += sprintf(text + len, "mcast-router %s ",
			       mcast_router_name(port->mcast_router));
	if (all || port->mcast_fast_leave)
		len += sprintf(text + len, "mcast-fast-leave %s ",
			       port->mcast_fast_leave ? "on" : "off");
	if (all || port->mcast_max_groups)
		len += sprintf(text + len, "mcast-max-groups %u ", port->mcast_max_groups);
	if (all)
		len += sprintf(text + len, "groups %u router-port %s ", port->mcast_group_count,
			       port->mcast_is_router ? "yes" : "no");
	return len;
}

/* Each source, and how long it is wanted. */
static void sources_text(char text[SOURCES_TEXT_SIZE], const struct vsw_mdb *mdb)
{
	char ip[IP_TEXT_SIZE], time[SECONDS_SIZE];
	size_t i, len = 0;

	strcpy(text, "-");
	for (i = 0; i < mdb->n_sources && len + IP_TEXT_SIZE + SECONDS_SIZE + 16 <
	     SOURCES_TEXT_SIZE; i++) {
		const struct mdb_source *source = &mdb->sources[i];

		len += sprintf(text + len, "%s%s", i ? "," : "", mapped_text(ip, source->address));
		if (source->blocked)
			len += sprintf(text + len, "/blocked");
		else if (source->permanent)
			len += sprintf(text + len, "/permanent");
		else
			len += sprintf(text + len, "/%s", seconds_text(time, source->timer));
	}
	if (i < mdb->n_sources)
		strcpy(text + len, ",...");
}

int mdb_table(const struct output *out, const struct list *list, struct err *err)
{
	static const char * const heads[] = {
		"GROUP", "?>VLAN", "PORT", "SWITCH", "?>NO", "FILTER", ">TIMER", "?SOURCES",
		"?ALIAS", NULL
	};
	char ip[IP_TEXT_SIZE], text[SECONDS_SIZE], sources[SOURCES_TEXT_SIZE];
	struct table table = { .colour = out->colour };
	size_t i;

	table_heads(&table, heads);
	for (i = 0; i < list->n; i++) {
		const struct vsw_mdb *mdb = list_at(list, &kind_mdb, i);
		bool timed = mdb->has & HAS(VSWITCH_A_MDB_TIMER);

		table_cell(&table, COLOUR_MAC, "%s", mapped_text(ip, mdb->group));
		if (mdb->vlan)
			table_cell(&table, COLOUR_NONE, "%u", mdb->vlan);
		else
			table_cell(&table, COLOUR_NONE, "-");
		table_cell(&table, COLOUR_NAME, "%s", mdb->port_name);
		table_cell(&table, COLOUR_NAME, "%s", mdb->switch_name);
		if (out->details)
			table_cell(&table, COLOUR_NONE, "%u", mdb->port_number);
		else
			table_cell(&table, COLOUR_NONE, "-");
		table_cell(&table, COLOUR_NONE, "%s", mcast_filter_name(mdb->filter));
		table_cell(&table, COLOUR_NONE, "%s", timed ? seconds_text(text, mdb->timer) :
			   mdb->permanent ? "permanent" : "-");
		sources_text(sources, mdb);
		table_cell(&table, COLOUR_NONE, "%s", sources);
		table_cell(&table, COLOUR_NONE, "%s", mdb->port_alias ?: "-");
	}
	return table_print(&table, err);
}

void mdb_line(const struct output *out, const struct vsw_mdb *mdb)
{
	char ip[IP_TEXT_SIZE], sources[SOURCES_TEXT_SIZE];

	put(out->colour, COLOUR_MAC, "%s", mapped_text(ip, mdb->group));
	if (mdb->vlan)
		printf(" vlan %u", mdb->vlan);
	printf(" dev ");
	put(out->colour, COLOUR_NAME, "%s", mdb->port_name);
	printf(" switch ");
	put(out->colour, COLOUR_NAME, "%s", mdb->switch_name);
	printf(" %s%s", mcast_filter_name(mdb->filter), mdb->permanent ? " permanent" : "");
	sources_text(sources, mdb);
	if (mdb->n_sources)
		printf(" sources %s", sources);
}
