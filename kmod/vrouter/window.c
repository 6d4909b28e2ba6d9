// SPDX-License-Identifier: GPL-2.0
#include <kunit/visibility.h>
#include <linux/math64.h>
#include <linux/string.h>

#include "window.h"

u64 vrt_window_part(u64 now, u32 length)
{
	return div_u64(now * VRT_WINDOW_PARTS, length);
}
EXPORT_SYMBOL_IF_KUNIT(vrt_window_part);

void vrt_window_clear(struct vrt_window *window)
{
	memset(window, 0, sizeof(*window));
}

/* Parts that nobody counted in are empty, those from before the window forgotten. */
static void move_on(struct vrt_window *window, u64 part)
{
	if (part < window->part || part - window->part >= VRT_WINDOW_PARTS)
		vrt_window_clear(window);
	else
		while (window->part < part) {
			unsigned int i = ++window->part % VRT_WINDOW_PARTS;

			window->good[i] = 0;
			window->bad[i] = 0;
		}
	window->part = part;
}

void vrt_window_add(struct vrt_window *window, u64 part, bool bad)
{
	u32 *count;

	move_on(window, part);
	count = bad ? window->bad : window->good;
	if (count[part % VRT_WINDOW_PARTS] < U32_MAX)
		count[part % VRT_WINDOW_PARTS]++;
}
EXPORT_SYMBOL_IF_KUNIT(vrt_window_add);

bool vrt_window_fails(struct vrt_window *window, u64 part, u32 minimum, u32 share)
{
	u64 good = 0, bad = 0;
	unsigned int i;

	move_on(window, part);
	for (i = 0; i < VRT_WINDOW_PARTS; i++) {
		good += window->good[i];
		bad += window->bad[i];
	}
	return bad && good + bad >= minimum && bad * 100 >= (good + bad) * share;
}
EXPORT_SYMBOL_IF_KUNIT(vrt_window_fails);
