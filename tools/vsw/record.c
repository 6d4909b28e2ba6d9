// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <unistd.h>

#include "capture.h"
#include "lib/status.h"

#define LOOK_MS		1000	/* how often to see whether the network namespace is still used */
#define DRAIN_MS	100	/* how often to look for what the kernel has not handed over */
#define DRAIN_TIMES	20

static uint32_t flags(const struct tap_frame *frame)
{
	static const uint32_t casts[] = {
		[CAST_UNKNOWN] = 0,
		[CAST_UNICAST] = PCAPNG_UNICAST,
		[CAST_MULTICAST] = PCAPNG_MULTICAST,
		[CAST_BROADCAST] = PCAPNG_BROADCAST,
		[CAST_OTHER] = PCAPNG_OTHER,
	};

	if (frame->direction == DIRECTION_OUT)
		return PCAPNG_OUTBOUND;
	return PCAPNG_INBOUND | casts[frame->cast];
}

static bool enough(const struct record *record)
{
	return record->most && record->captured >= record->most;
}

/* Write what there is, and through to whoever reads. */
static int take_frames(struct record *record, struct pcapng *file, struct err *err)
{
	struct tap_frame frame;

	while (!enough(record) && tap_next(record->tap, &frame)) {
		const struct pcapng_frame block = {
			.time = frame.time,
			.captured = frame.captured,
			.length = frame.length,
			.data = frame.data,
			.flags = flags(&frame),
		};

		if (pcapng_frame(file, &block, err) < 0)
			return -1;
		record->captured++;
	}
	return pcapng_flush(file, err);
}

/* What came before the end and is still on its way to us. */
static int drain(struct record *record, struct pcapng *file, struct err *err)
{
	struct pollfd poll_tap = { .fd = tap_fd(record->tap), .events = POLLIN };
	int i;

	tap_stop(record->tap);
	for (i = 0; i < DRAIN_TIMES; i++) {
		if (take_frames(record, file, err) < 0)
			return -1;
		if (enough(record) || tap_empty(record->tap))
			return 0;
		poll(&poll_tap, 1, DRAIN_MS);
	}
	return 0;
}

/* Our socket keeps the network namespace, and all its devices, when all others have left. */
static bool deserted(struct record *record, struct err *err)
{
	if (!record->netns || netns_in_use(record->netns))
		return false;
	err_set(err, STATUS_SYSTEM, "the network namespace of the device is not in use any more");
	return true;
}

/* That it is down is said once. */
static int look_at_device(struct record *record, bool *down, struct err *err)
{
	switch (tap_state(record->tap)) {
	case TAP_GONE:
		return err_set(err, STATUS_SYSTEM, "the device is gone");
	case TAP_DOWN:
		if (!*down)
			fprintf(stderr, "vsw: the device is down, there are no frames until it is up\n");
		*down = true;
		break;
	case TAP_UP:
		break;
	}
	return 0;
}

/* 0: it is over as it should be. */
static int listen_on(struct record *record, struct pcapng *file, const struct endings *endings,
		     struct err *err)
{
	/* of a pipe that nobody reads, poll() tells without being asked */
	struct pollfd fds[] = {
		{ .fd = tap_fd(record->tap), .events = POLLIN },
		{ .fd = endings->fd, .events = POLLIN },
		{ .fd = record->fd },
	};
	bool down = false;

	for (;;) {
		if (take_frames(record, file, err) < 0)
			return -1;
		if (enough(record) || pcapng_unread(file) || fds[1].revents || fds[2].revents)
			return 0;
		/* that a device goes which was down before is no error of the socket */
		if ((fds[0].revents & POLLERR || down) && look_at_device(record, &down, err) < 0)
			return -1;
		if (poll(fds, 3, record->netns || down ? LOOK_MS : -1) < 0) {
			if (errno != EINTR)
				return err_set_errno(err, STATUS_SYSTEM, errno, "can't wait for frames");
			fds[0].revents = fds[1].revents = fds[2].revents = 0;
		}
		if (deserted(record, err))
			return -1;
	}
}

static int write_all(struct record *record, struct pcapng *file, const struct endings *endings,
		     struct err *err)
{
	struct pcapng_counters counters = { .start = time_now() };
	int ret, rest;

	if (pcapng_interface(file, &record->interface, err) < 0)
		return -1;
	ret = listen_on(record, file, endings, err);
	rest = drain(record, file, ret < 0 ? NULL : err);
	record->dropped = tap_dropped(record->tap);
	if (!rest) {
		counters.end = time_now();
		counters.dropped = record->dropped;
		counters.captured = record->captured;
		counters.fitted = counters.captured + counters.dropped;
		rest = pcapng_counters(file, 0, &counters, ret < 0 ? NULL : err);
	}
	if (!rest)
		rest = pcapng_flush(file, ret < 0 ? NULL : err);
	return ret < 0 ? -1 : rest;
}

int record(struct record *record, struct err *err)
{
	struct endings endings;
	struct pcapng *file;
	int ret = -1;

	if (endings_catch(&endings, err) < 0)
		return -1;
	fprintf(stderr, "vsw: capturing on %s, %s\n", record->interface.name,
		record->interface.description);
	file = pcapng_new(record->fd, "vsw " VSW_VERSION, err);
	if (file)
		ret = write_all(record, file, &endings, err);
	pcapng_free(file);
	endings_restore(&endings);
	return ret;
}
