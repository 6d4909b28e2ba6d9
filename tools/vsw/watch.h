/* SPDX-License-Identifier: GPL-2.0 */
/* Backends that are asked whether they are well. */
#ifndef VSW_VSW_WATCH_H
#define VSW_VSW_WATCH_H

#include "lib/probe.h"
#include "router.h"

struct watched {
	struct probe_target target;	/* of it the service's name is owned */
	uint16_t port;			/* that names the backend, 0: it keeps the port */
	bool up;			/* as the kernel has it */
	bool seen;			/* in the look under way */
	uint32_t row;			/* answers in a row that were alike ... */
	bool well;			/* ... and what they said */
	int64_t next;			/* when to ask, if nothing is under way */
	struct probe probe;
	bool ready;			/* its descriptor was */
};

struct watch {
	struct vsw *vsw;
	char **names;			/* of services; none: all */
	size_t n_names;
	struct probe_config config;
	uint16_t port;			/* 0: the backend's */
	uint32_t interval;		/* milliseconds */
	uint32_t rise, fall;
	bool cut;

	struct watched **item;		/* owned, as is each */
	size_t n, size;
	int64_t next_look;
};

/* Are the services there that were named, and can they be asked? */
int watch_check(struct watch *watch, struct err *err);
/* If it is time: which backends there are, and what the kernel has of them. */
int watch_look(struct watch *watch, struct err *err);
/*
 * Begin what is due, take what came, and mark who is up or down; until: when to come
 * again if nothing is ready before.
 */
int watch_ask(struct watch *watch, int64_t *until, struct err *err);
void watch_clear(struct watch *watch);

#endif
