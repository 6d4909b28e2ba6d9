// SPDX-License-Identifier: GPL-2.0
/* Rules of security groups as text. */
#include <inttypes.h>

#include "acl.h"
#include "output_private.h"

static enum colour colour_of(const struct vsw_acl *acl)
{
	return acl->action[0] == 'a' ? COLOUR_GOOD : COLOUR_BAD;
}

int acl_table(const struct output *out, const struct list *list, struct err *err)
{
	static const char * const heads[] = {
		"SWITCH", "WHOM", "DIRECTION", ">RULE", "ACTION", "PROTOCOL", "?PORTS", "?NET",
		">PACKETS", ">BYTES", NULL
	};
	struct table table = { .colour = out->colour };
	size_t i;

	table_heads(&table, heads);
	for (i = 0; i < list->n; i++) {
		const struct vsw_acl *acl = list_at(list, &kind_acl, i);

		table_cell(&table, COLOUR_NAME, "%s", acl->switch_name);
		if (acl->port_name)
			table_cell(&table, COLOUR_NAME, "%s", acl->port_name);
		else
			table_cell(&table, COLOUR_NAME, "%u", acl->port_number);
		table_cell(&table, COLOUR_NONE, "%s", acl->direction);
		if (acl->number)
			table_cell(&table, COLOUR_NONE, "%u", acl->number);
		else
			table_cell(&table, COLOUR_NONE, "policy");
		table_cell(&table, colour_of(acl), "%s", acl->action);
		table_cell(&table, COLOUR_NONE, "%s", acl->protocol);
		table_cell(&table, COLOUR_NONE, "%s", *acl->ports ? acl->ports : "-");
		table_cell(&table, COLOUR_NONE, "%s", acl->net ?: "-");
		table_cell(&table, COLOUR_NONE, "%" PRIu64, acl->packets);
		table_cell(&table, COLOUR_NONE, "%" PRIu64, acl->bytes);
	}
	return table_print(&table, err);
}
