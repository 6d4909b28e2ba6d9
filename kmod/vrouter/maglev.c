// SPDX-License-Identifier: GPL-2.0
/* Shares take turns to take the slot that they like best of those that are free. */
#include <kunit/visibility.h>
#include <linux/bitmap.h>
#include <linux/math64.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/sort.h>

#include "maglev.h"

#define SLOTS VRT_MAGLEV_SLOTS

struct taker {
	u64 id;
	u32 index;
	u32 weight;
	u32 left;			/* slots that it is still to have */
	u32 at, step;			/* the slot that it asks next, and to the one after */
};

struct filling {
	DECLARE_BITMAP(taken, SLOTS);
	struct taker taker[];
};

static int by_id(const void *a, const void *b)
{
	const struct taker *one = a, *other = b;

	if (one->id == other->id)
		return 0;
	return one->id < other->id ? -1 : 1;
}

/*
 * In the order of their ids, so that it does not matter in which they came. How many one
 * has is where its weights end, of all slots, less where they begin.
 */
static void line_up(struct filling *filling, const struct vrt_maglev_share *share, u32 count)
{
	struct taker *taker = filling->taker;
	u64 sum = 0, before = 0;
	u32 i;

	for (i = 0; i < count; i++) {
		taker[i].id = share[i].id;
		taker[i].index = i;
		taker[i].weight = share[i].weight;
		taker[i].at = reciprocal_scale((u32)share[i].id, SLOTS);
		taker[i].step = 1 + reciprocal_scale(share[i].id >> 32, SLOTS - 1);
		sum += share[i].weight;
	}
	sort(taker, count, sizeof(*taker), by_id, NULL);
	for (i = 0; i < count; i++) {
		taker[i].left = div64_u64((before + taker[i].weight) * SLOTS, sum) -
				div64_u64(before * SLOTS, sum);
		before += taker[i].weight;
	}
}

static void take_one(struct filling *filling, struct taker *taker, u16 *slot)
{
	u32 s;

	do {
		s = taker->at;
		taker->at += taker->step;
		if (taker->at >= SLOTS)
			taker->at -= SLOTS;
	} while (test_bit(s, filling->taken));
	__set_bit(s, filling->taken);
	slot[s] = taker->index;
	taker->left--;
}

int vrt_maglev_fill(u16 *slot, const struct vrt_maglev_share *share, u32 count)
{
	struct filling *filling;
	u32 i, left = SLOTS;

	filling = kvzalloc(struct_size(filling, taker, count), GFP_KERNEL);
	if (!filling)
		return -ENOMEM;
	line_up(filling, share, count);
	while (left) {
		for (i = 0; i < count; i++) {
			if (!filling->taker[i].left)
				continue;
			take_one(filling, &filling->taker[i], slot);
			left--;
		}
		cond_resched();
	}
	kvfree(filling);
	return 0;
}
EXPORT_SYMBOL_IF_KUNIT(vrt_maglev_fill);
