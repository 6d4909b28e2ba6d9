// SPDX-License-Identifier: GPL-2.0
/* Flows, groups, meters, and packets that flows tell of, as text. */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "flow.h"
#include "output_flow.h"
#include "output_private.h"
#include "status.h"

#define NANOSECONDS	UINT64_C(1000000000)

/* Text that is printed into memory, for a cell. */
struct cell_text {
	FILE *stream;
	char *text;
	size_t size;
};

static FILE *cell_open(struct cell_text *cell)
{
	*cell = (struct cell_text){};
	cell->stream = open_memstream(&cell->text, &cell->size);
	return cell->stream;
}

/* Without memory the cell says so. */
static void cell_close(struct table *table, enum colour colour, struct cell_text *cell)
{
	if (!cell->stream || fclose(cell->stream))
		table->failed = true;
	table_cell(table, colour, "%s", cell->text && *cell->text ? cell->text : "-");
	free(cell->text);
}

static void count_cell(struct table *table, bool there, uint64_t count)
{
	if (there)
		table_cell(table, COLOUR_NONE, "%" PRIu64, count);
	else
		table_cell(table, COLOUR_NONE, "-");
}

static void time_cell(struct table *table, bool there, uint64_t ms)
{
	struct cell_text cell;

	if (cell_open(&cell) && there) {
		flow_print_seconds(cell.stream, ms);
		fputc('s', cell.stream);
	}
	cell_close(table, COLOUR_NONE, &cell);
}

static void hex_cell(struct table *table, uint64_t number)
{
	if (number)
		table_cell(table, COLOUR_NONE, "0x%" PRIx64, number);
	else
		table_cell(table, COLOUR_NONE, "-");
}

/* ---- flows ---------------------------------------------------------------------------- */

static void flag_cell(struct table *table, uint32_t flags)
{
	table_cell(table, COLOUR_NONE, "%s%s%s%s", flags ? "" : "-",
		   flags & VSWITCH_FLOW_FLAG_SEND_REMOVED ? "r" : "",
		   flags & VSWITCH_FLOW_FLAG_CHECK_OVERLAP ? "o" : "",
		   flags & VSWITCH_FLOW_FLAG_NO_COUNTS ? "n" : "");
}

static void match_cell(struct table *table, const struct vsw_flow *flow, struct flow_ports *ports)
{
	struct cell_text cell;

	if (cell_open(&cell)) {
		flow_print_match(cell.stream, &flow->match, true, ports);
		if (!flow->match.n)
			fputs("all", cell.stream);
	}
	cell_close(table, COLOUR_NAME, &cell);
}

static void actions_cell(struct table *table, const struct flow_actions *actions,
			 struct flow_ports *ports)
{
	bool drops = !actions->n || actions->action[0].type == VSWITCH_A_ACTION_DROP;
	struct cell_text cell;

	if (cell_open(&cell))
		flow_print_actions(cell.stream, actions, ports);
	cell_close(table, drops ? COLOUR_BAD : COLOUR_GOOD, &cell);
}

static void flow_row(struct table *table, const struct output *out, const struct vsw_flow *flow,
		     struct flow_ports *ports)
{
	const uint64_t has = flow->has;

	table_cell(table, COLOUR_NONE, "%u", flow->table);
	table_cell(table, COLOUR_NONE, "%u", flow->priority);
	hex_cell(table, flow->cookie);
	count_cell(table, has & HAS(VSWITCH_A_FLOW_ENTRY_PACKETS), flow->packets);
	count_cell(table, has & HAS(VSWITCH_A_FLOW_ENTRY_BYTES), flow->bytes);
	if (out->stats || out->details) {
		time_cell(table, has & HAS(VSWITCH_A_FLOW_ENTRY_DURATION), flow->duration);
		time_cell(table, has & HAS(VSWITCH_A_FLOW_ENTRY_IDLE), flow->idle);
		time_cell(table, has & HAS(VSWITCH_A_FLOW_ENTRY_HARD_AGE), flow->hard_age);
	}
	time_cell(table, flow->idle_timeout, flow->idle_timeout);
	time_cell(table, flow->hard_timeout, flow->hard_timeout);
	count_cell(table, flow->importance, flow->importance);
	flag_cell(table, flow->flags);
	match_cell(table, flow, ports);
	actions_cell(table, &flow->actions, ports);
}

int output_flows(const struct output *out, const struct list *flows, struct flow_ports *ports,
		 struct err *err)
{
	static const char * const heads[] = {
		">TABLE", ">PRIORITY", "?COOKIE", "?>PACKETS", "?>BYTES", "?>IDLE-TIMEOUT",
		"?>HARD-TIMEOUT", "?>IMPORTANCE", "?FLAGS", "MATCH", "ACTIONS", NULL
	};
	static const char * const more[] = {
		">TABLE", ">PRIORITY", "?COOKIE", "?>PACKETS", "?>BYTES", "?>AGE", "?>IDLE",
		"?>HARD-AGE", "?>IDLE-TIMEOUT", "?>HARD-TIMEOUT", "?>IMPORTANCE", "?FLAGS",
		"MATCH", "ACTIONS", NULL
	};
	struct table table = { .colour = out->colour };
	size_t i;

	if (out->json)
		return output_list(out, &kind_flow, flows, err);
	if (!flows->n)
		return 0;
	table_heads(&table, out->stats || out->details ? more : heads);
	for (i = 0; i < flows->n; i++)
		flow_row(&table, out, list_at(flows, &kind_flow, i), ports);
	return table_print(&table, err);
}

int output_flow_texts(const struct list *flows, struct err *err)
{
	size_t i;

	for (i = 0; i < flows->n; i++) {
		flow_print(stdout, list_at(flows, &kind_flow, i), NULL);
		putchar('\n');
	}
	return output_flush(err);
}

int output_flow_count(const struct output *out, uint32_t count, const char *done,
		      struct err *err)
{
	const struct vsw_flow_request req = {
		.has = HAS(VSWITCH_A_FLOW_COUNT), .count = count
	};

	if (out->json)
		return output_object(out, &kind_flow_request, &req, err);
	printf("%u %s %s\n", count, count == 1 ? "flow" : "flows", done);
	return 0;
}

void flow_removed_line(const struct output *out, const struct vsw_flow_request *event)
{
	put(out->colour, COLOUR_NAME, "%s", event->switch_name);
	putchar(' ');
	flow_print(stdout, &event->entry, NULL);
	printf(" %s", flow_word(FIELD_FLOW_REMOVED, event->reason));
}

/* ---- tables ----------------------------------------------------------------------------- */

int flow_tables(const struct output *out, const struct list *tables, struct err *err)
{
	static const char * const heads[] = {
		"SWITCH", ">TABLE", ">FLOWS", "?>MAX-FLOWS", "?FULL", "MISS", ">MASKS", ">LOOKUPS",
		">HITS", ">MISSES", ">MEMORY", NULL
	};
	struct table table = { .colour = out->colour };
	size_t i;

	table_heads(&table, heads);
	for (i = 0; i < tables->n; i++) {
		const struct vsw_flow_table *t = list_at(tables, &kind_flow_table, i);

		table_cell(&table, COLOUR_NAME, "%s", t->switch_name);
		table_cell(&table, COLOUR_NONE, "%u", t->table);
		table_cell(&table, COLOUR_NONE, "%u", t->flows);
		count_cell(&table, t->max_flows, t->max_flows);
		table_cell(&table, COLOUR_NONE, "%s", t->evict ? "evict" : "-");
		table_cell(&table, COLOUR_NONE, "%s", flow_word(FIELD_FLOW_MISS, t->miss));
		table_cell(&table, COLOUR_NONE, "%u", t->masks);
		table_cell(&table, COLOUR_NONE, "%" PRIu64, t->lookups);
		table_cell(&table, COLOUR_NONE, "%" PRIu64, t->hits);
		table_cell(&table, COLOUR_NONE, "%" PRIu64, t->misses);
		table_cell(&table, COLOUR_NONE, "%" PRIu64, t->memory);
	}
	return table_print(&table, err);
}

/* ---- groups and meters -------------------------------------------------------------------- */

static void print_counts(const char *what, uint64_t packets, uint64_t bytes)
{
	printf("    %s%" PRIu64 " packets  %" PRIu64 " bytes\n", what, packets, bytes);
}

int output_groups(const struct output *out, const struct list *groups, struct flow_ports *ports,
		  struct err *err)
{
	size_t i, j;

	if (out->json)
		return output_list(out, &kind_group, groups, err);
	for (i = 0; i < groups->n; i++) {
		const struct vsw_group *group = list_at(groups, &kind_group, i);

		flow_print_group(stdout, group, ports);
		putchar('\n');
		if (!out->stats)
			continue;
		printf("    used by %u flows and buckets\n", group->flows);
		print_counts("", group->packets, group->bytes);
		for (j = 0; j < group->buckets.n; j++) {
			printf("    bucket %u", group->buckets.bucket[j].id);
			print_counts("", group->buckets.bucket[j].packets,
				     group->buckets.bucket[j].bytes);
		}
	}
	return 0;
}

int output_meters(const struct output *out, const struct list *meters, struct err *err)
{
	size_t i;

	if (out->json)
		return output_list(out, &kind_meter, meters, err);
	for (i = 0; i < meters->n; i++) {
		const struct vsw_meter *meter = list_at(meters, &kind_meter, i);

		flow_print_meter(stdout, meter);
		putchar('\n');
		if (!out->stats)
			continue;
		printf("    used by %u flows and buckets\n", meter->flows);
		print_counts("measured    ", meter->packets, meter->bytes);
		print_counts("above rate  ", meter->over_packets, meter->over_bytes);
	}
	return 0;
}

/* ---- packets that flows tell of --------------------------------------------------------- */

/* Local time, as tcpdump has it. */
static void put_time(uint64_t time)
{
	time_t seconds = time / NANOSECONDS;
	char text[16] = "";
	struct tm tm;

	if (localtime_r(&seconds, &tm))
		strftime(text, sizeof(text), "%H:%M:%S", &tm);
	printf("%s.%06u ", text, (unsigned int)(time % NANOSECONDS / 1000));
}

static void put_header(const struct bytes *frame)
{
	char to[MAC_TEXT_SIZE], from[MAC_TEXT_SIZE];

	if (frame->n >= 14)
		printf(", %s > %s, ethertype 0x%02x%02x", mac_text(from, frame->data + 6),
		       mac_text(to, frame->data), frame->data[12], frame->data[13]);
}

void output_packet_in(const struct vsw_packet_in *packet)
{
	size_t i;

	put_time(packet->time);
	put(false, COLOUR_NONE, "%s", *packet->port_name ? packet->port_name : "-");
	printf(" port %u table %u", packet->port_number, packet->table);
	if (packet->has & HAS(VSWITCH_A_PACKET_IN_COOKIE))
		printf(" cookie 0x%" PRIx64, packet->cookie);
	printf(" %s", flow_word(FIELD_PACKET_IN_REASON, packet->reason));
	for (i = 0; i < packet->userdata.n; i++)
		printf(i ? ".%02x" : " userdata %02x", packet->userdata.data[i]);
	put_header(&packet->frame);
	printf(", length %u", packet->length);
	if (packet->lost)
		printf(", %u lost before", packet->lost);
	putchar('\n');
}
