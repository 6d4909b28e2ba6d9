// SPDX-License-Identifier: GPL-2.0
/* The one with the fewest connections for its weight. */
#include "sched.h"

const struct vrt_scheduler vrt_sched_wlc = {
	.weighted = true,
	.by_load = true,
	.choose = vrt_sched_least,
};
