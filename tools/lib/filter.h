/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Which frames a packet socket takes: those that go one way, and that an
 * expression of pcap-filter(7) fits.
 *
 * The expression sees a frame as it is on a wire, with its VLAN tags in it, as
 * it will in the file.  The kernel has the outermost one beside the frame, often:
 * such frames it passes, and filter_fits() decides when the tag is back in it.
 */
#ifndef VSW_LIB_FILTER_H
#define VSW_LIB_FILTER_H

#include <stdbool.h>
#include <stdint.h>

#include <pcap/pcap.h>

#include "err.h"

#define FILTER_MOST	262144	/* bytes of a frame, at most */

/* As the device sees it. */
enum direction { DIRECTION_BOTH, DIRECTION_IN, DIRECTION_OUT };

struct filter {
	enum direction direction;
	struct bpf_program program;	/* of the expression; owned */
};

/* An empty text fits all.  The filter is the caller's to free. */
int filter_compile(struct filter *filter, const char *text, enum direction direction,
		   struct err *err);
void filter_free(struct filter *filter);

/* Have the socket take what fits; of each frame most bytes.  0, or -1 and errno. */
int filter_attach(const struct filter *filter, int fd, uint32_t most);
/* Have it take nothing any more. */
int filter_close(int fd);

/* For a frame of which the kernel had a tag beside it. */
bool filter_fits(const struct filter *filter, const uint8_t *data, uint32_t captured,
		 uint32_t length);

#endif
