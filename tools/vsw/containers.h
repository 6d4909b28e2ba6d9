/* SPDX-License-Identifier: GPL-2.0 */
/* Commands about containers that are there: their words. */
#ifndef VSW_VSW_CONTAINERS_H
#define VSW_VSW_CONTAINERS_H

#include <getopt.h>

#include "err.h"

/*
 * containers.c: do something to each container that is named, and say its name. What fails is
 * told at once, and the others are done; the exit status of the first failure, or 0.
 */
int each_container(char **names, int (*what)(const char *name, struct err *err),
		   struct err *err);

/* start.c: as "vsw start NAME" */
int start_container(const char *name, struct err *err);

/*
 * The options of a verb, whose words are behind it. What getopt_long() returns, '?' with err
 * set, -1 at their end. *words is moved to the first word behind them then.
 */
int verb_option(const char *verb, char ***words, const char *shorts,
		const struct option *longs, struct err *err);

#endif
