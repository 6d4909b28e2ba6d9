/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Parts of "vsw capture": capture.c has the words and finds the port, record.c
 * writes what its tap hears until something ends it, viewer.c shows that; drops.c
 * writes or shows what a switch drops.
 */
#ifndef VSW_CAPTURE_H
#define VSW_CAPTURE_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "lib/err.h"
#include "lib/netns.h"
#include "lib/nl.h"
#include "lib/pcapng.h"
#include "lib/tap.h"

/* ending.c: signals that end a capture, and the time */
#define N_ENDINGS 4

struct endings {
	int fd;				/* readable when one has come */
	struct sigaction was[N_ENDINGS];
};

/*
 * A signal comes through once; the next of its kind does what it does by default, so
 * that one can get out of a write() to somebody who does not read.
 */
int endings_catch(struct endings *to, struct err *err);
void endings_restore(const struct endings *from);
/* Nanoseconds since 1970. */
uint64_t time_now(void);

/* record.c */
struct record {
	struct tap *tap;
	int fd;				/* where to */
	struct pcapng_interface interface;
	uint64_t most;			/* frames; 0: no bound */
	struct netns_place *netns;	/* when nobody else uses it, it ends; or NULL */
	uint64_t captured, dropped;	/* the result, also of one that failed */
};

/*
 * Until there are enough frames, a signal to end it comes, nobody reads any more
 * (0), the device is gone, or it can't be written (-1).
 */
int record(struct record *record, struct err *err);

/* drops.c */
struct drops {
	struct vsw_nl *nl;
	const char *name;		/* of what is captured */
	uint32_t switch_ifindex;	/* only what this one dropped, ... */
	uint32_t port_number;		/* ... on this port, ... */
	char device[MODEL_NAME_SIZE], switch_name[MODEL_NAME_SIZE];	/* their names */
	bool all_ports;			/* ... or on any */
	const struct filter *filter;
	const char *expression;		/* of the filter */
	int fd;				/* where to; -1: text to standard output */
	uint32_t most;			/* bytes of a frame */
	uint64_t count;			/* frames; 0: no bound */
	uint64_t captured, lost;	/* the result, also of one that failed */
};

/* Until there are enough, a signal to end it comes, or nobody reads any more (0). */
int record_drops(struct drops *drops, struct err *err);

/* viewer.c: a program that shows a capture in text */
struct viewer {
	pid_t pid;
	int fd;				/* what is written there it shows */
};

int viewer_start(struct viewer *viewer, struct err *err);
/* No more comes.  Wait until it has shown all; -1: it failed. */
int viewer_end(struct viewer *viewer, struct err *err);

#endif
