/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Writer of pcapng, the format of captures that Wireshark and tcpdump read
 * (draft-ietf-opsawg-pcapng): one section, of any number of interfaces.
 *
 * The functions that take err return 0, or -1 with err set.  When nobody reads
 * the pipe any more that is none: what is written goes nowhere from then on.
 */
#ifndef VSW_LIB_PCAPNG_H
#define VSW_LIB_PCAPNG_H

#include <stdbool.h>
#include <stdint.h>

#include "err.h"

struct pcapng;

/* Begin a file of Ethernet frames.  program names who writes it.  NULL: err is set. */
struct pcapng *pcapng_new(int fd, const char *program, struct err *err);
void pcapng_free(struct pcapng *file);	/* NULL is allowed; leaves fd open */

struct pcapng_interface {
	const char *name, *description, *filter;	/* NULL: not said */
	uint32_t most;					/* bytes kept of a frame */
};

/* Interfaces have numbers from 0 on, in the order in which they are added. */
int pcapng_interface(struct pcapng *file, const struct pcapng_interface *interface,
		     struct err *err);

/* Bits of epb_flags */
#define PCAPNG_INBOUND		0x1
#define PCAPNG_OUTBOUND		0x2
#define PCAPNG_UNICAST		(1 << 2)
#define PCAPNG_MULTICAST	(2 << 2)
#define PCAPNG_BROADCAST	(3 << 2)
#define PCAPNG_OTHER		(4 << 2)	/* "promiscuous": for somebody else */

struct pcapng_frame {
	uint32_t interface;
	uint64_t time;			/* nanoseconds since 1970 */
	uint32_t captured, length;	/* bytes of it that are here, and that it has */
	const uint8_t *data;
	uint32_t flags;
	const char *comment;		/* NULL: none */
};

int pcapng_frame(struct pcapng *file, const struct pcapng_frame *frame, struct err *err);

struct pcapng_counters {
	uint64_t start, end;		/* nanoseconds since 1970 */
	uint64_t fitted;		/* passed the filter */
	uint64_t dropped;		/* of these, by the system, for want of room */
	uint64_t captured;		/* and that are in the file */
};

int pcapng_counters(struct pcapng *file, uint32_t interface,
		    const struct pcapng_counters *counters, struct err *err);

/* Write what is still here. */
int pcapng_flush(struct pcapng *file, struct err *err);
/* Does nobody read it any more? */
bool pcapng_unread(const struct pcapng *file);

#endif
