/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Consistent hashing by a table of slots (Eisenbud et al., "Maglev", NSDI 2016, section
 * 3.4): the same shares have the same table, and of those that stay when one goes few
 * lose a slot.
 *
 * The switch's groups have a table like that, which is another trade: small, of bytes,
 * made from the one before so that nothing moves but what must. Here it must not depend
 * on what was: a backend that was down for a while gets back the slots that it had.
 */
#ifndef _VROUTER_MAGLEV_H
#define _VROUTER_MAGLEV_H

#include <linux/types.h>

/* A prime, so that each step leads to all slots. */
#define VRT_MAGLEV_SLOTS	65537

struct vrt_maglev_share {
	u64 id;				/* of which there is one; a hash */
	u32 weight;			/* at least 1 */
};

/*
 * Give each of VRT_MAGLEV_SLOTS at @slot the index of a share, of @count, at least one.
 * Each has as many as its weight says, or one more or one less. -ENOMEM. Sleeps.
 */
int vrt_maglev_fill(u16 *slot, const struct vrt_maglev_share *share, u32 count);

#endif /* _VROUTER_MAGLEV_H */
