/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A tap on a device: its frames, both ways, by a packet socket whose ring of
 * memory is shared with the kernel.
 */
#ifndef VSW_LIB_TAP_H
#define VSW_LIB_TAP_H

#include <stdbool.h>
#include <stdint.h>

#include "err.h"
#include "filter.h"

struct tap;

/* Whom a frame that came in is for. */
enum tap_cast { CAST_UNKNOWN, CAST_UNICAST, CAST_MULTICAST, CAST_BROADCAST, CAST_OTHER };

struct tap_frame {
	const uint8_t *data;	/* valid until the next call */
	uint32_t captured;	/* bytes of it that are here */
	uint32_t length;	/* that it has */
	uint64_t time;		/* nanoseconds since 1970 */
	enum direction direction;
	enum tap_cast cast;	/* of one that came in */
};

enum tap_state { TAP_UP, TAP_DOWN, TAP_GONE };

/*
 * A tap on the device ifindex in the network namespace netns (-1: in this one).
 * Of each frame up to most bytes are taken.  promisc: make the device receive
 * what is not for it, too.  filter stays the caller's and has to outlive the tap.
 */
struct tap *tap_open(int netns, uint32_t ifindex, const struct filter *filter, uint32_t most,
		     bool promisc, struct err *err);
void tap_free(struct tap *tap);		/* NULL is allowed */

/* To poll for POLLIN; POLLERR: see tap_state(). */
int tap_fd(const struct tap *tap);
/* What has become of the device; also takes the reason of POLLERR away. */
enum tap_state tap_state(const struct tap *tap);

/* The next frame: true, or false if there is none now. */
bool tap_next(struct tap *tap, struct tap_frame *frame);
/* No more frames come in.  Those that did are still to be taken until tap_empty(). */
void tap_stop(struct tap *tap);
bool tap_empty(struct tap *tap);
/* Frames that fitted the filter in the kernel and for which there was no room. */
uint64_t tap_dropped(struct tap *tap);

#endif
