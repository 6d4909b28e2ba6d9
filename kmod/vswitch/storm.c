// SPDX-License-Identifier: GPL-2.0
/* Storm control: how much of what goes to many may come in by a port. */
#include <linux/if_ether.h>

#include "guard.h"

/* The bucket has what comes in that part of a second, but this at least. */
#define BURSTS_A_SECOND	10
#define BURST_PACKETS	10
#define BURST_BYTES	(BURST_PACKETS * ETH_FRAME_LEN)

/* Make @storm, all zero, the bucket of @limit. */
void vsw_storm_init(struct vsw_storm *storm, const struct vsw_storm_limit *limit)
{
	u64 bytes = limit->kbps * (1000ULL / BITS_PER_BYTE);

	if (limit->pps) {
		vsw_rate_init(&storm->rate, limit->pps,
			      max_t(u32, limit->pps / BURSTS_A_SECOND, BURST_PACKETS));
	} else if (bytes) {
		storm->counts_bytes = true;
		vsw_rate_init(&storm->rate, bytes,
			      max_t(u64, div_u64(bytes, BURSTS_A_SECOND), BURST_BYTES));
	}
}

/* What a GSO packet says of how many it is may come from a guest. */
static unsigned int packets_of(const struct sk_buff *skb)
{
	return skb_is_gso(skb) ? DIV_ROUND_UP(skb->len, skb_shinfo(skb)->gso_size) : 1;
}

static bool admit(const struct vsw_storm *storm, atomic64_t *full, const struct sk_buff *skb)
{
	return vsw_rate_admit(&storm->rate, full,
			      storm->counts_bytes ? skb->len + ETH_HLEN : packets_of(skb));
}

/* Whether @skb, with data behind its MAC header, is within the limit, which it uses up. */
bool vsw_storm_admit(struct vsw_storm *storm, const struct sk_buff *skb)
{
	return admit(storm, &storm->full, skb);
}

/* Likewise, but it is as it was then. */
bool vsw_storm_would_admit(const struct vsw_storm *storm, const struct sk_buff *skb)
{
	atomic64_t full = ATOMIC64_INIT(atomic64_read(&storm->full));

	return admit(storm, &full, skb);
}
