// SPDX-License-Identifier: GPL-2.0
#include <kunit/visibility.h>
#include <linux/math64.h>
#include <linux/string.h>
#include <linux/time64.h>

#include "rate.h"

void vrt_rate_begin(struct vrt_rate *rate, u64 now)
{
	memset(rate, 0, sizeof(*rate));
	rate->look[0].time = now;
	rate->look[1].time = now;
}
EXPORT_SYMBOL_IF_KUNIT(vrt_rate_begin);

static u64 a_second(u64 count, u64 time)
{
	u64 rest, whole = div64_u64_rem(count, time, &rest);

	/* The product of all of it might be too much. */
	return whole * MSEC_PER_SEC + div64_u64(rest * MSEC_PER_SEC, time);
}

void vrt_rate_look(struct vrt_rate *rate, u64 now, const struct vrt_counts *counts,
		   struct vrt_rates *rates)
{
	const struct vrt_counts *old;
	u64 time;

	if (now - rate->look[0].time >= VRT_RATE_LEAST) {
		rate->look[1] = rate->look[0];
		rate->look[0].time = now;
		rate->look[0].counts = *counts;
	}
	memset(rates, 0, sizeof(*rates));
	time = now - rate->look[1].time;
	if (!time)
		return;
	old = &rate->look[1].counts;
	rates->time = min_t(u64, time, U32_MAX);
	rates->rx_packets = a_second(counts->rx_packets - old->rx_packets, time);
	rates->rx_bytes = a_second(counts->rx_bytes - old->rx_bytes, time);
	rates->tx_packets = a_second(counts->tx_packets - old->tx_packets, time);
	rates->tx_bytes = a_second(counts->tx_bytes - old->tx_bytes, time);
}
EXPORT_SYMBOL_IF_KUNIT(vrt_rate_look);
