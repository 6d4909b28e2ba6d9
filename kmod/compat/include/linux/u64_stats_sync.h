/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _VSW_COMPAT_LINUX_U64_STATS_SYNC_H
#define _VSW_COMPAT_LINUX_U64_STATS_SYNC_H

#include_next <linux/u64_stats_sync.h>

/*
 * Before 6.3 a reader of counters that softirqs write needs the _irq variant
 * on 32-bit machines; since then there is one kind of reader.
 */
#ifdef VSW_HAVE_U64_STATS_FETCH_IRQ
#define vsw_u64_stats_fetch_begin	u64_stats_fetch_begin_irq
#define vsw_u64_stats_fetch_retry	u64_stats_fetch_retry_irq
#else
#define vsw_u64_stats_fetch_begin	u64_stats_fetch_begin
#define vsw_u64_stats_fetch_retry	u64_stats_fetch_retry
#endif

#endif /* _VSW_COMPAT_LINUX_U64_STATS_SYNC_H */
