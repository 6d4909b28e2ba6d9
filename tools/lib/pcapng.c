// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "pcapng.h"
#include "status.h"

/* Types of blocks */
#define SHB	0x0a0d0d0a	/* Section Header Block */
#define IDB	0x00000001	/* Interface Description Block */
#define ISB	0x00000005	/* Interface Statistics Block */
#define EPB	0x00000006	/* Enhanced Packet Block */

#define BYTE_ORDER_MAGIC	0x1a2b3c4d
#define VERSION_MAJOR		1
#define VERSION_MINOR		0
#define LENGTH_UNKNOWN		UINT64_MAX	/* of a section */
#define LINKTYPE_ETHERNET	1

/* Options; what they are depends on the block. */
#define OPT_ENDOFOPT		0
#define OPT_COMMENT		1
#define SHB_USERAPPL		4
#define IF_NAME			2
#define IF_DESCRIPTION		3
#define IF_TSRESOL		9
#define IF_FILTER		11
#define EPB_FLAGS		2
#define ISB_STARTTIME		2
#define ISB_ENDTIME		3
#define ISB_FILTERACCEPT	6
#define ISB_OSDROP		7
#define ISB_USRDELIV		8

#define TSRESOL_NANOSECONDS	9	/* 10^-9 */
#define FILTER_IS_TEXT		0	/* the first byte of IF_FILTER */

#define ROOM	(1 << 20)	/* bytes; what is not written yet */
#define BLOCK_MOST	512	/* bytes of a block beside the frame or the texts in it */

struct pcapng {
	int fd;
	bool unread;
	size_t n, begin;	/* bytes used; where the block begins that is being made */
	uint8_t room[ROOM] __attribute__((aligned(8)));
};

/* All parts of a block begin at multiples of four. */
static void pad(struct pcapng *file)
{
	while (file->n % 4)
		file->room[file->n++] = 0;
}

static void put(struct pcapng *file, const void *data, size_t size)
{
	memcpy(file->room + file->n, data, size);
	file->n += size;
	pad(file);
}

static void put_u32(struct pcapng *file, uint32_t value)
{
	put(file, &value, sizeof(value));
}

static void put_u16s(struct pcapng *file, uint16_t first, uint16_t second)
{
	const uint16_t both[] = { first, second };

	put(file, both, sizeof(both));
}

/* Times are not u64s of the file's byte order, but two halves, the upper one first. */
static void put_time(struct pcapng *file, uint64_t time)
{
	put_u32(file, time >> 32);
	put_u32(file, (uint32_t)time);
}

static void put_option(struct pcapng *file, uint16_t code, const void *data, uint16_t size)
{
	put_u16s(file, code, size);
	put(file, data, size);
}

static void put_option_u64(struct pcapng *file, uint16_t code, uint64_t value)
{
	put_option(file, code, &value, sizeof(value));
}

static void put_option_time(struct pcapng *file, uint16_t code, uint64_t time)
{
	put_u16s(file, code, sizeof(time));
	put_time(file, time);
}

static void put_option_text(struct pcapng *file, uint16_t code, const char *text)
{
	if (text)
		put_option(file, code, text, strlen(text));
}

/* Room for a block with so many bytes of data is made first. */
static int begin(struct pcapng *file, uint32_t type, size_t data, struct err *err)
{
	if (data > ROOM - BLOCK_MOST)
		return err_set(err, STATUS_SYSTEM, "a block of the capture is too long");
	if (file->n + data + BLOCK_MOST > ROOM && pcapng_flush(file, err) < 0)
		return -1;
	file->begin = file->n;
	put_u32(file, type);
	put_u32(file, 0);	/* its length, which end() knows */
	return 0;
}

static void end(struct pcapng *file)
{
	uint32_t length = file->n + sizeof(length) - file->begin;

	put_u32(file, length);
	memcpy(file->room + file->begin + sizeof(uint32_t), &length, sizeof(length));
}

struct pcapng *pcapng_new(int fd, const char *program, struct err *err)
{
	const uint64_t length = LENGTH_UNKNOWN;
	struct pcapng *file = malloc(sizeof(*file));

	if (!file) {
		err_set(err, STATUS_SYSTEM, "out of memory");
		return NULL;
	}
	file->fd = fd;
	file->n = 0;
	file->unread = false;
	begin(file, SHB, strlen(program), NULL);
	put_u32(file, BYTE_ORDER_MAGIC);
	put_u16s(file, VERSION_MAJOR, VERSION_MINOR);
	put(file, &length, sizeof(length));
	put_option_text(file, SHB_USERAPPL, program);
	put_u16s(file, OPT_ENDOFOPT, 0);
	end(file);
	return file;
}

void pcapng_free(struct pcapng *file)
{
	free(file);
}

static size_t length_of(const char *text)
{
	return text ? strlen(text) : 0;
}

int pcapng_interface(struct pcapng *file, const struct pcapng_interface *interface,
		     struct err *err)
{
	const size_t filter = length_of(interface->filter);
	const uint8_t resolution = TSRESOL_NANOSECONDS;

	if (begin(file, IDB, length_of(interface->name) + length_of(interface->description) +
		  filter, err) < 0)
		return -1;
	put_u16s(file, LINKTYPE_ETHERNET, 0);
	put_u32(file, interface->most);
	put_option_text(file, IF_NAME, interface->name);
	put_option_text(file, IF_DESCRIPTION, interface->description);
	put_option(file, IF_TSRESOL, &resolution, sizeof(resolution));
	if (filter && filter < UINT16_MAX) {
		put_u16s(file, IF_FILTER, 1 + filter);
		file->room[file->n++] = FILTER_IS_TEXT;
		memcpy(file->room + file->n, interface->filter, filter);
		file->n += filter;
		pad(file);
	}
	put_u16s(file, OPT_ENDOFOPT, 0);
	end(file);
	return 0;
}

int pcapng_frame(struct pcapng *file, const struct pcapng_frame *frame, struct err *err)
{
	if (begin(file, EPB, frame->captured + length_of(frame->comment), err) < 0)
		return -1;
	put_u32(file, frame->interface);
	put_time(file, frame->time);
	put_u32(file, frame->captured);
	put_u32(file, frame->length);
	put(file, frame->data, frame->captured);
	put_option_text(file, OPT_COMMENT, frame->comment);
	put_option(file, EPB_FLAGS, &frame->flags, sizeof(frame->flags));
	put_u16s(file, OPT_ENDOFOPT, 0);
	end(file);
	return 0;
}

int pcapng_counters(struct pcapng *file, uint32_t interface,
		    const struct pcapng_counters *counters, struct err *err)
{
	if (begin(file, ISB, 0, err) < 0)
		return -1;
	put_u32(file, interface);
	put_time(file, counters->end);
	put_option_time(file, ISB_STARTTIME, counters->start);
	put_option_time(file, ISB_ENDTIME, counters->end);
	put_option_u64(file, ISB_FILTERACCEPT, counters->fitted);
	put_option_u64(file, ISB_OSDROP, counters->dropped);
	put_option_u64(file, ISB_USRDELIV, counters->captured);
	put_u16s(file, OPT_ENDOFOPT, 0);
	end(file);
	return 0;
}

int pcapng_flush(struct pcapng *file, struct err *err)
{
	size_t done = 0, all = file->n;
	ssize_t n;

	file->n = 0;
	while (done < all && !file->unread) {
		n = write(file->fd, file->room + done, all - done);
		if (n >= 0)
			done += n;
		else if (errno == EPIPE)
			file->unread = true;
		else if (errno != EINTR)
			return err_set_errno(err, STATUS_SYSTEM, errno, "can't write the capture");
	}
	return 0;
}

bool pcapng_unread(const struct pcapng *file)
{
	return file->unread;
}
