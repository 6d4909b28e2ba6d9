/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Rates since the last look at a counter. They are taken when somebody looks, so nobody
 * pays who does not. Who looks again within a second, or beside another one, sees the rate
 * since the look before: so each is over a second at least, but in an object's first one.
 */
#ifndef _VROUTER_RATE_H
#define _VROUTER_RATE_H

#include "target.h"

#define VRT_RATE_LEAST	1000		/* milliseconds */

/* What is counted, a second; @time: milliseconds that it is taken over, 0: it is none yet. */
struct vrt_rates {
	u32 time;
	u64 rx_packets, rx_bytes, tx_packets, tx_bytes;
};

struct vrt_rate {
	struct {
		u64 time;		/* milliseconds */
		struct vrt_counts counts;
	} look[2];			/* the last one, and one that is a second older or more */
};

/* @now: in milliseconds of a clock that does not go back. The caller excludes others. */
void vrt_rate_begin(struct vrt_rate *rate, u64 now);
void vrt_rate_look(struct vrt_rate *rate, u64 now, const struct vrt_counts *counts,
		   struct vrt_rates *rates);

#endif /* _VROUTER_RATE_H */
