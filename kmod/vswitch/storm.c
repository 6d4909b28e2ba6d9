// SPDX-License-Identifier: GPL-2.0
/*
 * Storm control: how much of what goes to many may come in by a port.
 *
 * Each limit is a token bucket, of which nothing is kept but the moment at which it
 * will be full again (the virtual scheduling of ITU-T I.371 annex A). So it is one
 * word, which CPUs change without a lock, and only to let a packet in: what is dropped
 * in a storm just reads it.
 */
#include <linux/if_ether.h>
#include <linux/timekeeping.h>

#include "guard.h"

/* Costs are in 1/65536 of a nanosecond. */
#define COST_SHIFT	16
#define COST_OF_SECOND	((u64)NSEC_PER_SEC << COST_SHIFT)

/* The bucket has what comes in that part of a second, but this at least. */
#define BURSTS_A_SECOND	10
#define BURST_PACKETS	10
#define BURST_BYTES	(BURST_PACKETS * ETH_FRAME_LEN)

/* Make @storm, all zero, the bucket of @limit. */
void vsw_storm_init(struct vsw_storm *storm, const struct vsw_storm_limit *limit)
{
	u64 bytes = limit->kbps * (1000ULL / BITS_PER_BYTE);

	if (limit->pps) {
		storm->cost = div_u64(COST_OF_SECOND, limit->pps);
		storm->burst = storm->cost * (max_t(u32, limit->pps / BURSTS_A_SECOND,
						    BURST_PACKETS) - 1);
	} else if (bytes) {
		storm->counts_bytes = true;
		storm->cost = div64_u64(COST_OF_SECOND, bytes);
		storm->burst = storm->cost * max_t(u64, div_u64(bytes, BURSTS_A_SECOND),
						   BURST_BYTES);
	}
	storm->burst >>= COST_SHIFT;
}

/* What a GSO packet says of how many it is may come from a guest. */
static unsigned int packets_of(const struct sk_buff *skb)
{
	return skb_is_gso(skb) ? DIV_ROUND_UP(skb->len, skb_shinfo(skb)->gso_size) : 1;
}

/* Whether @skb, with data behind its MAC header, is within the limit, which it uses up. */
bool vsw_storm_admit(struct vsw_storm *storm, const struct sk_buff *skb)
{
	u64 units = storm->counts_bytes ? skb->len + ETH_HLEN : packets_of(skb);
	u64 cost = (units * storm->cost) >> COST_SHIFT, now = ktime_get_ns(), start;
	s64 full = atomic64_read(&storm->full);

	do {
		start = max_t(u64, full, now);
		if (start - now > storm->burst)
			return false;
	} while (!atomic64_try_cmpxchg(&storm->full, &full, start + cost));
	return true;
}
