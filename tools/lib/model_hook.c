// SPDX-License-Identifier: GPL-2.0
#include "model_hook.h"

#define STEP(key, ATTR, kind, member) \
	{ key, HOOK_STEP_##ATTR, kind, offsetof(struct vsw_hook_step, member), NULL }

static const struct field step_fields[] = {
	STEP("hook", HOOK, FIELD_TEXT, hook),
	STEP("priority", PRIORITY, FIELD_S32, priority),
	STEP("by", BY, FIELD_TEXT, by),
	STEP("what", WHAT, FIELD_TEXT, what),
};

const struct kind kind_hook_step = {
	"step", sizeof(struct vsw_hook_step), step_fields,
	sizeof(step_fields) / sizeof(step_fields[0])
};
