/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Parts of "vsw capture": capture.c has the words and finds the port, record.c
 * writes what its tap hears until something ends it, viewer.c shows that.
 */
#ifndef VSW_CAPTURE_H
#define VSW_CAPTURE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "lib/err.h"
#include "lib/netns.h"
#include "lib/pcapng.h"
#include "lib/tap.h"

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

/* viewer.c: a program that shows a capture in text */
struct viewer {
	pid_t pid;
	int fd;				/* what is written there it shows */
};

int viewer_start(struct viewer *viewer, struct err *err);
/* No more comes.  Wait until it has shown all; -1: it failed. */
int viewer_end(struct viewer *viewer, struct err *err);

#endif
