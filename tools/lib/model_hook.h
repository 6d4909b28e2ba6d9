/* SPDX-License-Identifier: GPL-2.0 */
/* What stands in the way of a packet at netfilter's hooks; in the way of model.h. */
#ifndef VSW_LIB_MODEL_HOOK_H
#define VSW_LIB_MODEL_HOOK_H

#include "model.h"

enum hook_step_attr {
	HOOK_STEP_HOOK = 1, HOOK_STEP_PRIORITY, HOOK_STEP_BY, HOOK_STEP_WHAT,
};

/* One thing that a packet meets. */
struct vsw_hook_step {
	uint64_t has;			/* HOOK_STEP_* */
	char *hook;			/* owned; "prerouting", ...; "routing", "end" are none */
	int32_t priority;
	char *by;			/* owned; whose it is: "vrouter", "nft ip filter FORWARD" */
	char *what;			/* owned; a sentence */
	uint32_t order;			/* of what is of one hook and priority */
};

extern const struct kind kind_hook_step;

#endif
