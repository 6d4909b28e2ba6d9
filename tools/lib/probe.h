/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A probe asks a backend once whether it is well: connects to it, or asks for a page, or
 * runs a command. It never blocks: whoever has it waits for its descriptor and its time.
 */
#ifndef VSW_LIB_PROBE_H
#define VSW_LIB_PROBE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "model.h"

enum probe_kind { PROBE_TCP, PROBE_HTTP, PROBE_EXEC };

/* How to ask. */
struct probe_config {
	enum probe_kind kind;
	const char *path;		/* of the page */
	const char *host;		/* that the request names; NULL: the address */
	const char *command;		/* for /bin/sh; its status 0 is well */
	uint32_t timeout;		/* milliseconds */
};

/* Whom. */
struct probe_target {
	const char *service;
	struct prefix address;
	uint16_t port;
};

enum probe_result {
	PROBE_RUNNING,
	PROBE_WELL,
	PROBE_ILL,
	PROBE_LATER,			/* this host lacks descriptors, memory or processes */
};

#define PROBE_REASON_SIZE	96

struct probe {
	const struct probe_config *config;
	int fd;				/* to wait for; -1: none is under way */
	short events;			/* of poll(), that it waits for */
	int64_t deadline;		/* milliseconds of CLOCK_MONOTONIC */
	pid_t pid;			/* of the command, leader of its process group; 0: none */
	pid_t killed;			/* the one before, which is not gone yet; 0: none */
	bool connected;
	char *request;			/* owned */
	size_t sent, received;
	char answer[64];		/* the beginning of it */
	char reason[PROBE_REASON_SIZE];	/* of what came out: printable, no line ends */
};

/* An idle one. */
#define PROBE_INIT { .fd = -1 }

int64_t probe_now(void);

/* Begin. config has to stay as long as it runs. */
enum probe_result probe_begin(struct probe *probe, const struct probe_config *config,
			      const struct probe_target *target);
/* Its descriptor is ready, or maybe not; or its deadline is over. */
enum probe_result probe_go_on(struct probe *probe);
/* What is under way ends without a result. */
void probe_end(struct probe *probe);

#endif
