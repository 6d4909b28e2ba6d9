// SPDX-License-Identifier: GPL-2.0
/* Mirrors as text: the words that would set them, and what they have copied. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "output_private.h"

static void put_port(FILE *text, const struct vsw_mirror *mirror, const struct port_ref *ref,
		     const char *way)
{
	if (*ref->name)
		fprintf(text, "dev %s %s ", ref->name, way);
	else
		fprintf(text, "dev %s:%u %s ", mirror->switch_name, ref->number, way);
}

static void put_sources(FILE *text, const struct vsw_mirror *mirror)
{
	char vlans[VLAN_TEXT_SIZE];
	size_t i;

	for (i = 0; i < mirror->in.n; i++)
		put_port(text, mirror, &mirror->in.ref[i],
			 port_refs_have(&mirror->out, mirror->in.ref[i].number) ? "both" : "in");
	for (i = 0; i < mirror->out.n; i++)
		if (!port_refs_have(&mirror->in, mirror->out.ref[i].number))
			put_port(text, mirror, &mirror->out.ref[i], "out");
	if (!vlan_set_is(&mirror->vlan, 0))
		fprintf(text, "vlan %s ", vlan_text(vlans, &mirror->vlan));
}

/* The sources in words, the caller's to free; NULL without memory. */
static char *sources(const struct vsw_mirror *mirror)
{
	char *words = NULL;
	size_t size;
	FILE *text = open_memstream(&words, &size);

	if (!text)
		return NULL;
	put_sources(text, mirror);
	if (fclose(text)) {
		free(words);
		return NULL;
	}
	if (size)
		words[size - 1] = '\0';
	return words;
}

static const char *to_word(const struct vsw_mirror *mirror)
{
	return mirror->to_type == VSWITCH_MIRROR_TO_PORT ? "dev" : "netdev";
}

static enum colour state_colour(const struct vsw_mirror *mirror)
{
	return mirror->state == VSWITCH_MIRROR_STATE_ACTIVE ? COLOUR_GOOD : COLOUR_BAD;
}

static const char *state_text(const struct vsw_mirror *mirror)
{
	switch (mirror->state) {
	case VSWITCH_MIRROR_STATE_DOWN:
		return "destination down";
	case VSWITCH_MIRROR_STATE_GONE:
		return "destination gone";
	}
	return mirror_state_name(mirror->state);
}

void mirror_line(const struct output *out, const struct vsw_mirror *mirror)
{
	char *from = sources(mirror);

	put(out->colour, COLOUR_NAME, "%s", mirror->name);
	printf(" switch ");
	put(out->colour, COLOUR_NAME, "%s", mirror->switch_name);
	if (from && *from)
		put(false, COLOUR_NONE, " from %s", from);
	printf(" to %s ", to_word(mirror));
	put(out->colour, COLOUR_NAME, "%s", mirror->to_name);
	if (mirror->forwarding)
		printf(" forwarding on");
	if (mirror->truncate)
		printf(" truncate %u", mirror->truncate);
	if (mirror->sample > 1)
		printf(" sample %u", mirror->sample);
	printf(" ");
	put(out->colour, state_colour(mirror), "%s", state_text(mirror));
	free(from);
}

static void mirror_block(const struct output *out, const struct vsw_mirror *mirror)
{
	const struct stats *stats = &mirror->stats;

	mirror_line(out, mirror);
	if (out->details) {
		printf("\n    switch-ifindex %u", mirror->switch_ifindex);
		if (mirror->has & HAS(VSWITCH_A_MIRROR_TO_IFINDEX))
			printf(" to-ifindex %u", mirror->to_ifindex);
		if (mirror->has & HAS(VSWITCH_A_MIRROR_TO_NUMBER))
			printf(" to-number %u", mirror->to_number);
		printf(" forwarding %s truncate %u sample %u", mirror->forwarding ? "on" : "off",
		       mirror->truncate, mirror->sample);
	}
	putchar('\n');
	if (!out->stats)
		return;
	printf("    seen    %" PRIu64 " packets  %" PRIu64 " bytes\n", stats->rx_packets,
	       stats->rx_bytes);
	printf("    copied  %" PRIu64 " packets  %" PRIu64 " bytes\n", stats->tx_packets,
	       stats->tx_bytes);
	text_drops(out, stats);
}

static void number_cell(struct table *table, uint32_t number, uint32_t standard)
{
	if (number == standard)
		table_cell(table, COLOUR_NONE, "-");
	else
		table_cell(table, COLOUR_NONE, "%u", number);
}

static int mirror_table(const struct output *out, const struct list *list, struct err *err)
{
	static const char * const heads[] = {
		"MIRROR", "SWITCH", "STATE", "FROM", "TO", "?>SAMPLE", "?>TRUNCATE", NULL
	};
	struct table table = { .colour = out->colour };
	size_t i;

	table_heads(&table, heads);
	for (i = 0; i < list->n; i++) {
		const struct vsw_mirror *mirror = list_at(list, &kind_mirror, i);
		char *from = sources(mirror);

		table_cell(&table, COLOUR_NAME, "%s", mirror->name);
		table_cell(&table, COLOUR_NAME, "%s", mirror->switch_name);
		table_cell(&table, state_colour(mirror), "%s", state_text(mirror));
		table_cell(&table, COLOUR_NONE, "%s", from && *from ? from : "-");
		table_cell(&table, COLOUR_NAME, "%s %s%s", to_word(mirror), mirror->to_name,
			   mirror->forwarding ? " forwarding" : "");
		number_cell(&table, mirror->sample, 1);
		number_cell(&table, mirror->truncate, 0);
		free(from);
	}
	return table_print(&table, err);
}

int mirror_list(const struct output *out, const struct list *list, struct err *err)
{
	size_t i;

	if (!out->stats && !out->details)
		return mirror_table(out, list, err);
	for (i = 0; i < list->n; i++)
		mirror_block(out, list_at(list, &kind_mirror, i));
	return 0;
}
