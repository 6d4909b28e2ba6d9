// SPDX-License-Identifier: GPL-2.0
/*
 * Consistent hashing with a table of slots, each of which belongs to a share.
 *
 * As in Maglev (Eisenbud et al., NSDI 2016, section 3.4) each share has an order of its own
 * in which it likes the slots, and shares take turns to take the one that they like best of
 * those that are free. Here, a share has as many turns as its weight gives it slots, so that
 * weights hold to the slot; and a table that follows another begins with what it had: a
 * share loses slots only if it has too many now, and gains only what others lost.
 */
#include <kunit/visibility.h>
#include <linux/bitmap.h>
#include <linux/errno.h>
#include <linux/jhash.h>
#include <linux/kernel.h>
#include <linux/sched.h>
#include <linux/slab.h>

#include "maglev.h"

#define SLOTS VSW_MAGLEV_SLOTS

struct taker {
	u32 quota;			/* slots that it is to have */
	u32 left;			/* of these it has not yet */
	u32 at, step;			/* the slot that it asks next, and to the one after */
};

struct filling {
	DECLARE_BITMAP(taken, SLOTS);
	struct taker taker[];
};

/* How much too little @taker has, in parts of a slot that are the sum of all weights. */
static s64 lack(const struct taker *taker, const struct vsw_maglev_share *share, u32 sum)
{
	return (s64)SLOTS * share->weight - (s64)taker->quota * sum;
}

/* Change the quota by @by of who it is most right for; of two, it is the lower id. */
static void adjust(struct taker *taker, const struct vsw_maglev_share *share, u32 count, u32 sum,
		   int by)
{
	s64 most = S64_MIN, l;
	u32 i, best = 0;

	for (i = 0; i < count; i++) {
		if (!share[i].weight || (by < 0 && taker[i].quota == 1))
			continue;
		l = lack(&taker[i], &share[i], sum) * by;
		if (l > most || (l == most && share[i].id < share[best].id)) {
			most = l;
			best = i;
		}
	}
	taker[best].quota += by;
}

/* All slots, by weight; who has any has one at least. False: nobody has. */
static bool share_out(struct taker *taker, const struct vsw_maglev_share *share, u32 count)
{
	u32 i, sum = 0, given = 0;

	for (i = 0; i < count; i++)
		sum += share[i].weight;
	if (!sum)
		return false;
	for (i = 0; i < count; i++) {
		if (share[i].weight)
			taker[i].quota = max_t(u32, 1, SLOTS * (u64)share[i].weight / sum);
		given += taker[i].quota;
	}
	for (; given < SLOTS; given++)
		adjust(taker, share, count, sum, 1);
	for (; given > SLOTS; given--)
		adjust(taker, share, count, sum, -1);
	return true;
}

/* SLOTS is a prime, so each step leads to all of them. */
static void line_up(struct taker *taker, u32 id)
{
	taker->at = reciprocal_scale(jhash_1word(id, 0x6d61676c), SLOTS);
	taker->step = 1 + reciprocal_scale(jhash_1word(id, 0x65762121), SLOTS - 1);
}

static u32 next_slot(struct taker *taker)
{
	u32 slot = taker->at;

	taker->at += taker->step;
	if (taker->at >= SLOTS)
		taker->at -= SLOTS;
	return slot;
}

static void take(struct filling *filling, u8 *slot, u32 i, u32 s)
{
	__set_bit(s, filling->taken);
	slot[s] = i;
	filling->taker[i].left--;
}

/* What shares had, as far as they may. */
static void keep(struct filling *filling, u8 *slot, const u8 *old,
		 const struct vsw_maglev_share *share, u32 count)
{
	s16 now[VSW_MAGLEV_SHARES_MAX];
	u32 i, s;

	memset(now, -1, sizeof(now));
	for (i = 0; i < count; i++) {
		if (share[i].was >= 0)
			now[share[i].was] = i;
	}
	for (s = 0; s < SLOTS; s++) {
		if (now[old[s]] >= 0 && filling->taker[now[old[s]]].left)
			take(filling, slot, now[old[s]], s);
	}
}

/* One turn of share @i. */
static void take_one(struct filling *filling, u8 *slot, u32 i)
{
	u32 s;

	do {
		s = next_slot(&filling->taker[i]);
	} while (test_bit(s, filling->taken));
	take(filling, slot, i, s);
}

/*
 * Fill @slot, of VSW_MAGLEV_SLOTS, each with the index of a share. @old is the table before,
 * in which the shares that were there had the index that they say; or NULL. -ENOENT: no
 * share has weight, and @slot is as it was. -ENOMEM. May sleep.
 */
int vsw_maglev_fill(u8 *slot, const u8 *old, const struct vsw_maglev_share *share, u32 count)
{
	struct filling *filling;
	bool more = true;
	u32 i;

	if (count > VSW_MAGLEV_SHARES_MAX)
		return -EINVAL;
	filling = kzalloc(struct_size(filling, taker, count), GFP_KERNEL);
	if (!filling)
		return -ENOMEM;
	if (!share_out(filling->taker, share, count)) {
		kfree(filling);
		return -ENOENT;
	}
	for (i = 0; i < count; i++) {
		filling->taker[i].left = filling->taker[i].quota;
		line_up(&filling->taker[i], share[i].id);
	}
	if (old)
		keep(filling, slot, old, share, count);
	while (more) {
		more = false;
		for (i = 0; i < count; i++) {
			if (!filling->taker[i].left)
				continue;
			take_one(filling, slot, i);
			more = true;
		}
		cond_resched();
	}
	kfree(filling);
	return 0;
}
EXPORT_SYMBOL_IF_KUNIT(vsw_maglev_fill);
