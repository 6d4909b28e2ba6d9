/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Network namespaces: a path if the text has a '/', else a name that
 * ip-netns(8) knows, else a process id.
 */
#ifndef VSW_LIB_NETNS_H
#define VSW_LIB_NETNS_H

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "err.h"

/* Move the process into it. */
int netns_enter(const char *which, struct err *err);

/* Its descriptor, or -1 with err set. */
int netns_open(const char *which, struct err *err);

/* Call inside of a network namespace, and come back.  errno is what call left. */
int netns_call(int netns, void (*call)(void *arg), void *arg, struct err *err);

/* A network namespace that was found. */
struct netns_place {
	int32_t number;			/* that it has in this one */
	ino_t inode;
	char path[64 + NAME_MAX];	/* where it was seen */
};

/*
 * The descriptor of the network namespace that has this number in this one, and
 * where it is: one that has a name, or that a process is in.  -1: err is set.
 */
int netns_find(int32_t number, struct netns_place *place, struct err *err);
/* Does it still have a name or a process?  It may be one that only we keep. */
bool netns_in_use(struct netns_place *place);

#endif
