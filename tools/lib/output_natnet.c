// SPDX-License-Identifier: GPL-2.0
#include <string.h>

#include "model_natnet.h"
#include "output_private.h"

static void state_cell(struct table *table, const char *state)
{
	table_cell(table, strcmp(state, "running") ? COLOUR_BAD : COLOUR_GOOD, "%s", state);
}

int natnet_table(const struct output *out, const struct list *list, struct err *err)
{
	static const char * const heads[] = {
		"NETWORK", "STATE", "SUBNET", "GATEWAY", "?IPV6", "DHCP", ">LEASES", ">LIMIT", NULL
	};
	struct table table = { .colour = out->colour };
	char first[IP_TEXT_SIZE], last[IP_TEXT_SIZE], text[IP_TEXT_SIZE];
	size_t i;

	table_heads(&table, heads);
	for (i = 0; i < list->n; i++) {
		const struct vsw_natnet *net = list_at(list, &kind_natnet, i);

		table_cell(&table, COLOUR_NAME, "%s", net->name);
		state_cell(&table, net->state);
		table_cell(&table, COLOUR_NONE, "%s", prefix_text(text, &net->subnet));
		table_cell(&table, COLOUR_NONE, "%s", ip_text(text, &net->gateway));
		table_cell(&table, COLOUR_NONE, "%s",
			   net->ipv6.len ? prefix_text(text, &net->ipv6) : "-");
		if (!net->dhcp) {
			table_cell(&table, COLOUR_NONE, "off");
			table_cell(&table, COLOUR_NONE, "-");
			table_cell(&table, COLOUR_NONE, "-");
			continue;
		}
		table_cell(&table, COLOUR_NONE, "%s-%s", ip_text(first, &net->first),
			   ip_text(last, &net->last));
		table_cell(&table, COLOUR_NONE, "%u", net->leases);
		table_cell(&table, COLOUR_NONE, "%u", net->limit);
	}
	return table_print(&table, err);
}
