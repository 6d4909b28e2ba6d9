// SPDX-License-Identifier: GPL-2.0
/* "vsw capture --drops": what a switch has dropped -> pcapng, or a line each. */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "capture.h"
#include "lib/output.h"
#include "lib/status.h"

#define COMMENT_SIZE	128

/* A port, as an interface of the file. Its number may be another's later. */
struct interface {
	uint32_t switch_ifindex, number, ifindex;
	uint64_t captured;
};

struct sink {
	struct drops *drops;
	struct pcapng *file;		/* NULL: text */
	struct interface *interfaces;	/* owned */
	size_t n;
	bool any;			/* one was heard: */
	uint32_t first, last;		/* sequence numbers */
	uint64_t heard;
	bool overrun;			/* the socket was full */
};

/*
 * What was lost is what is missing among the numbers that were heard. They may come
 * out of order: processors count together and send one by one.
 */
static void count(struct sink *sink, uint32_t sequence)
{
	if (!sink->any)
		sink->first = sink->last = sequence;
	sink->any = true;
	sink->heard++;
	if ((int32_t)(sequence - sink->last) > 0)
		sink->last = sequence;
	if ((int32_t)(sink->first - sequence) > 0)
		sink->first = sequence;
	sink->drops->lost = (uint64_t)(sink->last - sink->first) + 1 - sink->heard;
}

static bool is_wanted(const struct drops *drops, const struct vsw_dropped *dropped)
{
	enum direction way = drops->filter->direction;

	if (dropped->switch_ifindex != drops->switch_ifindex ||
	    (!drops->all_ports && dropped->port_number != drops->port_number))
		return false;
	if ((way == DIRECTION_IN && dropped->direction != VSWITCH_DIRECTION_IN) ||
	    (way == DIRECTION_OUT && dropped->direction != VSWITCH_DIRECTION_OUT))
		return false;
	/* Of one that is gone nobody knows what it was. */
	if (!dropped->frame.n)
		return !*drops->expression;
	return filter_fits(drops->filter, dropped->frame.data, dropped->frame.n,
			   dropped->length);
}

static int add_interface(struct sink *sink, const struct vsw_dropped *dropped, struct err *err)
{
	char name[MODEL_NAME_SIZE], text[MODEL_NAME_SIZE + 32];
	const struct pcapng_interface interface = {
		.name = name,
		.description = text,
		.filter = sink->drops->expression,
		.most = sink->drops->most,
	};
	struct interface *all;

	all = reallocarray(sink->interfaces, sink->n + 1, sizeof(*all));
	if (!all)
		return err_set(err, STATUS_SYSTEM, "out of memory");
	sink->interfaces = all;
	all[sink->n++] = (struct interface){
		.switch_ifindex = dropped->switch_ifindex, .number = dropped->port_number,
		.ifindex = dropped->port_ifindex,
	};
	strcpy(name, dropped->port_name);
	snprintf(text, sizeof(text), "port %u of %s", dropped->port_number, dropped->switch_name);
	output_harmless(name);
	output_harmless(text);
	return pcapng_interface(sink->file, &interface, err);
}

/* The number of the port's interface, which is made if it is the first of its frames. */
static int find_interface(struct sink *sink, const struct vsw_dropped *dropped, uint32_t *number,
			  struct err *err)
{
	size_t i;

	for (i = 0; i < sink->n; i++)
		if (sink->interfaces[i].switch_ifindex == dropped->switch_ifindex &&
		    sink->interfaces[i].number == dropped->port_number &&
		    sink->interfaces[i].ifindex == dropped->port_ifindex)
			break;
	*number = i;
	return i < sink->n ? 0 : add_interface(sink, dropped, err);
}

static uint32_t flags(const struct vsw_dropped *dropped)
{
	switch (dropped->direction) {
	case VSWITCH_DIRECTION_IN:
		return PCAPNG_INBOUND;
	case VSWITCH_DIRECTION_OUT:
		return PCAPNG_OUTBOUND;
	}
	return 0;
}

static const char *reason_of(const struct vsw_dropped *dropped)
{
	return dropped->reason ? dropped->reason : "?";
}

static int write_frame(struct sink *sink, const struct vsw_dropped *dropped, struct err *err)
{
	char comment[COMMENT_SIZE], vlan[sizeof(" vlan 65535")] = "";
	struct pcapng_frame frame = {
		.time = dropped->time,
		.captured = dropped->frame.n,
		.length = dropped->length,
		.data = dropped->frame.data,
		.flags = flags(dropped),
		.comment = comment,
	};

	if (frame.captured > sink->drops->most)
		frame.captured = sink->drops->most;
	if (dropped->vlan)
		snprintf(vlan, sizeof(vlan), " vlan %u", dropped->vlan);
	snprintf(comment, sizeof(comment), "dropped: %s%s%s", reason_of(dropped), vlan,
		 dropped->length ? "" : " (the frame was gone already)");
	if (find_interface(sink, dropped, &frame.interface, err) < 0 ||
	    pcapng_frame(sink->file, &frame, err) < 0)
		return -1;
	sink->interfaces[frame.interface].captured++;
	return 0;
}

/* Stops at 1 when there are enough. */
static int on_event(const struct vsw_nl_event *event, void *arg, struct err *err)
{
	const struct vsw_dropped *dropped = event->object;
	struct sink *sink = arg;

	if (!dropped) {
		sink->overrun = true;
		return 0;
	}
	if (event->kind != &kind_dropped)
		return 0;
	count(sink, dropped->sequence);
	if (!is_wanted(sink->drops, dropped))
		return 0;
	if (!sink->file)
		output_dropped(dropped);
	else if (write_frame(sink, dropped, err) < 0)
		return -1;
	sink->drops->captured++;
	return sink->drops->count && sink->drops->captured >= sink->drops->count;
}

static int flush(struct sink *sink, struct err *err)
{
	return sink->file ? pcapng_flush(sink->file, err) : output_flush(err);
}

static int listen_on(struct sink *sink, const struct endings *endings, struct err *err)
{
	struct pollfd fds[] = {
		{ .fd = vsw_nl_fd(sink->drops->nl), .events = POLLIN },
		{ .fd = endings->fd, .events = POLLIN },
		{ .fd = sink->drops->fd },
	};
	int ret;

	for (;;) {
		ret = vsw_nl_take_events(sink->drops->nl, on_event, sink, err);
		if (ret < 0 || flush(sink, err) < 0)
			return -1;
		if (ret || (sink->file && pcapng_unread(sink->file)) || fds[1].revents ||
		    fds[2].revents)
			return 0;
		if (poll(fds, 3, -1) < 0) {
			if (errno != EINTR)
				return err_set_errno(err, STATUS_SYSTEM, errno, "can't wait for frames");
			fds[1].revents = fds[2].revents = 0;
		}
	}
}

/* A file without an interface is one that nobody can read. */
static int add_what_was_asked(struct sink *sink, struct err *err)
{
	struct vsw_dropped none = { .switch_ifindex = sink->drops->switch_ifindex };

	none.port_number = sink->drops->port_number;
	memcpy(none.port_name, sink->drops->device, sizeof(none.port_name));
	memcpy(none.switch_name, sink->drops->switch_name, sizeof(none.switch_name));
	return add_interface(sink, &none, err);
}

/* What was lost is of no port; it stands with the first. */
static int write_counters(struct sink *sink, uint64_t start, struct err *err)
{
	struct pcapng_counters counters = { .start = start, .end = time_now() };
	size_t i;

	if (!sink->n && add_what_was_asked(sink, err) < 0)
		return -1;
	for (i = 0; i < sink->n; i++) {
		counters.captured = sink->interfaces[i].captured;
		counters.dropped = i ? 0 : sink->drops->lost;
		counters.fitted = counters.captured + counters.dropped;
		if (pcapng_counters(sink->file, i, &counters, err) < 0)
			return -1;
	}
	return pcapng_flush(sink->file, err);
}

static int record_to_sink(struct sink *sink, const struct endings *endings, struct err *err)
{
	uint64_t start = time_now();
	int ret = listen_on(sink, endings, err);

	if (sink->file && write_counters(sink, start, ret < 0 ? NULL : err) < 0)
		ret = -1;
	return ret;
}

int record_drops(struct drops *drops, struct err *err)
{
	struct sink sink = { .drops = drops };
	struct endings endings;
	int ret = -1;

	if (vsw_nl_subscribe(drops->nl, NL_GROUP_DROP, err) < 0)
		return -1;
	if (endings_catch(&endings, err) < 0)
		return -1;
	fprintf(stderr, "vsw: capturing on %s, what is dropped\n", drops->name);
	if (drops->fd >= 0)
		sink.file = pcapng_new(drops->fd, "vsw " VSW_VERSION, err);
	if (sink.file || drops->fd < 0)
		ret = record_to_sink(&sink, &endings, err);
	if (sink.overrun && !drops->lost)
		fprintf(stderr, "vsw: some at the end were lost, the socket was full\n");
	pcapng_free(sink.file);
	free(sink.interfaces);
	endings_restore(&endings);
	return ret;
}
