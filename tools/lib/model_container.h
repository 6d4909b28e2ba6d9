/* SPDX-License-Identifier: GPL-2.0 */
/* A container, as "ps" shows it; in the way of model.h. */
#ifndef VSW_LIB_MODEL_CONTAINER_H
#define VSW_LIB_MODEL_CONTAINER_H

#include "model.h"

enum container_attr {
	CONTAINER_NAME = 1, CONTAINER_IMAGE, CONTAINER_COMMAND, CONTAINER_STATUS,
	CONTAINER_EXIT_STATUS, CONTAINER_CREATED, CONTAINER_STARTED, CONTAINER_FINISHED,
	CONTAINER_PID, CONTAINER_SWITCH, CONTAINER_PORTS, CONTAINER_RESTARTS, CONTAINER_ERROR,
	CONTAINER_SUPERVISED,
};

/* All text is owned. Times are RFC 3339, in UTC. */
struct vsw_container {
	uint64_t has;			/* CONTAINER_* */
	char *name;
	char *image;			/* as it was said; of a directory its path */
	char *command;			/* its words with blanks between them */
	char *status;			/* created, running, paused, restarting, exited, lost */
	uint32_t exit_status;		/* of its last end */
	char *created, *started, *finished;
	uint32_t pid;			/* of its first process, here */
	char *switch_name;
	char *ports;			/* as they were said, with blanks between them */
	uint32_t restarts;		/* without a person */
	char *error;			/* why it did not start */
	bool supervised;		/* its supervisor is there */
};

extern const struct kind kind_container;

#endif
