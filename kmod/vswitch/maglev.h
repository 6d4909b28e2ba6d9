/* SPDX-License-Identifier: GPL-2.0 */
/* Hash values shared out by weight, so that a change of shares moves as few as it has to. */
#ifndef _VSWITCH_MAGLEV_H
#define _VSWITCH_MAGLEV_H

#include <linux/types.h>

/*
 * Always the same, whatever the number of shares is: a prime that leaves 16 slots for each
 * of 256 shares, and fits in a page. A share of 1/4093 is the smallest.
 */
#define VSW_MAGLEV_SLOTS	4093
#define VSW_MAGLEV_SHARES_MAX	256

/* Who gets slots. */
struct vsw_maglev_share {
	u32 id;				/* of which there is one */
	u16 weight;			/* 0: none */
	s16 was;			/* its index in the table before, or -1 */
};

int vsw_maglev_fill(u8 *slot, const u8 *old, const struct vsw_maglev_share *share, u32 count);

#endif /* _VSWITCH_MAGLEV_H */
