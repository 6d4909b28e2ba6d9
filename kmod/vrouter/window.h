/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A window: how connections went in the time that is looked back. It moves on by
 * parts, so it is between 7/8 of its length and all of it.
 */
#ifndef _VROUTER_WINDOW_H
#define _VROUTER_WINDOW_H

#include <linux/types.h>

#define VRT_WINDOW_PARTS	8

struct vrt_window {
	u64 part;			/* the newest one's number */
	u32 good[VRT_WINDOW_PARTS], bad[VRT_WINDOW_PARTS];	/* by number of the part */
};

/* The number of the part that it is at @now in a window of @length, both in milliseconds. */
u64 vrt_window_part(u64 now, u32 length);

/*
 * One connection more that went well or @bad. A part before the newest one, as when the
 * window's length was changed, begins the window anew. The caller excludes others.
 */
void vrt_window_add(struct vrt_window *window, u64 part, bool bad);

/* Whether of those known at @part at least @share per cent went bad, and @minimum are known. */
bool vrt_window_fails(struct vrt_window *window, u64 part, u32 minimum, u32 share);

void vrt_window_clear(struct vrt_window *window);

#endif /* _VROUTER_WINDOW_H */
