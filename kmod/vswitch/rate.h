/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How much may come in a second: a token bucket, of which nothing is kept but the moment
 * at which it will be full again (the virtual scheduling of ITU-T I.371 annex A). So it
 * is one word, which CPUs change without a lock, and only to let something in: what is
 * above the rate just reads it.
 */
#ifndef _VSWITCH_RATE_H
#define _VSWITCH_RATE_H

#include <linux/atomic.h>
#include <linux/math64.h>
#include <linux/timekeeping.h>

/*
 * Moments are in 1/16 ns, so that short packets on a fast link are not rounded off; they
 * last for 36 years of uptime.
 */
#define VSW_RATE_TICK_SHIFT	4
/* A unit's cost is in parts of that. */
#define VSW_RATE_COST_SHIFT	20

/* The longest burst, in seconds at the rate. */
#define VSW_RATE_BURST_MAX	86400

struct vsw_rate {
	u64 cost;			/* of a unit, never 0 if there is a rate */
	u64 burst;			/* ticks */
};

/*
 * @per_second units, of which @burst may come at once, if none came before. That, at
 * least 1, must be no more than VSW_RATE_BURST_MAX seconds' worth.
 */
static inline void vsw_rate_init(struct vsw_rate *rate, u64 per_second, u64 burst)
{
	rate->cost = div64_u64((u64)NSEC_PER_SEC << (VSW_RATE_TICK_SHIFT + VSW_RATE_COST_SHIFT),
			       per_second);
	rate->burst = mul_u64_u64_shr(rate->cost, burst - 1, VSW_RATE_COST_SHIFT);
}

static inline u64 vsw_rate_now(void)
{
	return ktime_get_ns() << VSW_RATE_TICK_SHIFT;
}

/*
 * Whether @units are within the rate at the moment @now, which they then use up. They are
 * if one of them is: larger ones than the burst would never be. The others are owed.
 */
static inline bool vsw_rate_admit_at(const struct vsw_rate *rate, atomic64_t *full, u32 units,
				     u64 now)
{
	u64 cost = mul_u64_u32_shr(rate->cost, units, VSW_RATE_COST_SHIFT), start;
	s64 was = atomic64_read(full);

	do {
		start = max_t(u64, was, now);
		if (start - now > rate->burst)
			return false;
	} while (!atomic64_try_cmpxchg(full, &was, start + cost));
	return true;
}

static inline bool vsw_rate_admit(const struct vsw_rate *rate, atomic64_t *full, u32 units)
{
	return vsw_rate_admit_at(rate, full, units, vsw_rate_now());
}

#endif /* _VSWITCH_RATE_H */
