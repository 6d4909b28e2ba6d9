// SPDX-License-Identifier: GPL-2.0
#include "model_image.h"
#include "output_private.h"

int image_table(const struct output *out, const struct list *list, struct err *err)
{
	static const char * const heads[] = {
		"IMAGE", "ID", "CREATED", "PLATFORM", ">LAYERS", ">SIZE", NULL
	};
	struct table table = { .colour = out->colour };
	size_t i;

	table_heads(&table, heads);
	for (i = 0; i < list->n; i++) {
		const struct vsw_image *image = list_at(list, &kind_image, i);

		table_cell(&table, COLOUR_NAME, "%s", image->name ?: "-");
		table_cell(&table, COLOUR_NONE, out->details ? "%s" : "%.12s", image->id);
		/* the day and the minute, of a time that may have nanoseconds */
		table_cell(&table, COLOUR_NONE, out->details ? "%s" : "%.16s",
			   image->created ?: "-");
		table_cell(&table, COLOUR_NONE, "%s", image->platform);
		table_cell(&table, COLOUR_NONE, "%u", image->layers);
		table_cell(&table, COLOUR_NONE, "%.1fM", image->size / 1048576.0);
	}
	return table_print(&table, err);
}
