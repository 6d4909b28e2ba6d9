/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Network namespaces: a path if the text has a '/', else a name that
 * ip-netns(8) knows, else a process id.
 */
#ifndef VSW_LIB_NETNS_H
#define VSW_LIB_NETNS_H

#include "err.h"

/* Move the process into it. */
int netns_enter(const char *which, struct err *err);

/* Its descriptor, or -1 with err set. */
int netns_open(const char *which, struct err *err);

/* Store what call returns inside of a network namespace, and come back. */
int netns_call(int netns, void *(*call)(void), void **result, struct err *err);

#endif
