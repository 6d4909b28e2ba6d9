// SPDX-License-Identifier: GPL-2.0
/* What switches counted by VLAN, as text. */
#include <inttypes.h>
#include <stdio.h>

#include "output_private.h"

int vlan_stats_table(const struct output *out, const struct list *list, struct err *err)
{
	static const char * const heads[] = {
		"SWITCH", ">VLAN", ">RX PACKETS", ">RX BYTES", ">TX PACKETS", ">TX BYTES", NULL
	};
	struct table table = { .colour = out->colour };
	size_t i;

	table_heads(&table, heads);
	for (i = 0; i < list->n; i++) {
		const struct vsw_vlan_stats *vlan = list_at(list, &kind_vlan_stats, i);

		table_cell(&table, COLOUR_NAME, "%s", vlan->switch_name);
		table_cell(&table, COLOUR_NONE, "%u", vlan->vlan);
		table_cell(&table, COLOUR_NONE, "%" PRIu64, vlan->rx_packets);
		table_cell(&table, COLOUR_NONE, "%" PRIu64, vlan->rx_bytes);
		table_cell(&table, COLOUR_NONE, "%" PRIu64, vlan->tx_packets);
		table_cell(&table, COLOUR_NONE, "%" PRIu64, vlan->tx_bytes);
	}
	return table_print(&table, err);
}

void output_uncounted_vlans(const char *switch_name)
{
	put(false, COLOUR_NONE, "%s does not count by VLAN: 'vsw switch set %s vlan-stats on'",
	    switch_name, switch_name);
	putchar('\n');
}
