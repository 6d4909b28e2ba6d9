// SPDX-License-Identifier: GPL-2.0
#include "model_container.h"

#define CONTAINER(key, ATTR, kind, member) \
	{ key, CONTAINER_##ATTR, kind, offsetof(struct vsw_container, member), NULL }

static const struct field container_fields[] = {
	CONTAINER("name", NAME, FIELD_TEXT, name),
	CONTAINER("image", IMAGE, FIELD_TEXT, image),
	CONTAINER("command", COMMAND, FIELD_TEXT, command),
	CONTAINER("status", STATUS, FIELD_TEXT, status),
	CONTAINER("exit-status", EXIT_STATUS, FIELD_U32, exit_status),
	CONTAINER("created", CREATED, FIELD_TEXT, created),
	CONTAINER("started", STARTED, FIELD_TEXT, started),
	CONTAINER("finished", FINISHED, FIELD_TEXT, finished),
	CONTAINER("pid", PID, FIELD_U32, pid),
	CONTAINER("switch", SWITCH, FIELD_TEXT, switch_name),
	CONTAINER("ports", PORTS, FIELD_TEXT, ports),
	CONTAINER("restarts", RESTARTS, FIELD_U32, restarts),
	CONTAINER("error", ERROR, FIELD_TEXT, error),
	CONTAINER("supervised", SUPERVISED, FIELD_BOOL, supervised),
};

const struct kind kind_container = {
	"container", sizeof(struct vsw_container), container_fields,
	sizeof(container_fields) / sizeof(container_fields[0])
};
