/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VSW_LIB_NETNS_H
#define VSW_LIB_NETNS_H

#include "err.h"

/*
 * Move the process into a network namespace: a path if the text has a '/',
 * else a name that ip-netns(8) knows, else a process id.
 */
int netns_enter(const char *which, struct err *err);

#endif
