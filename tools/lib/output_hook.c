// SPDX-License-Identifier: GPL-2.0
#include "model_hook.h"
#include "output_private.h"

int hook_table(const struct output *out, const struct list *list, struct err *err)
{
	static const char * const heads[] = { "HOOK", ">PRIORITY", "BY", "WHAT", NULL };
	struct table table = { .colour = out->colour };
	size_t i;

	table_heads(&table, heads);
	for (i = 0; i < list->n; i++) {
		const struct vsw_hook_step *step = list_at(list, &kind_hook_step, i);

		table_cell(&table, COLOUR_NAME, "%s", step->hook);
		if (step->has & HAS(HOOK_STEP_PRIORITY))
			table_cell(&table, COLOUR_NONE, "%d", step->priority);
		else
			table_cell(&table, COLOUR_NONE, "-");
		table_cell(&table, COLOUR_NONE, "%s", step->by);
		table_cell(&table, COLOUR_NONE, "%s", step->what);
	}
	return table_print(&table, err);
}
