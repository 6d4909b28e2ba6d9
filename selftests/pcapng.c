// SPDX-License-Identifier: GPL-2.0
/*
 * Prints what is in a pcapng file, and checks all of its structure: an
 * independent reader of what tools/lib/pcapng.c writes.
 *
 *   pcapng FILE
 *
 *	section PROGRAM
 *	interface NAME most N resolution N filter "TEXT" (DESCRIPTION)
 *	frame in|out|? unicast|multicast|broadcast|other|- CAPTURED LENGTH TIME HEX
 *	comment INTERFACE TEXT		of the frame before, if it has one
 *	counters fitted N dropped N captured N
 *
 * HEX are its first 18 bytes, TIME is in seconds. Exit status 1 when it is
 * malformed or ends within a block.
 */
#include <err.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SHOWN	18

static uint8_t *file;
static size_t size;

struct block {
	uint32_t type;
	const uint8_t *body, *end;	/* without its type and lengths */
};

static uint32_t u32(const uint8_t *at)
{
	uint32_t value;

	memcpy(&value, at, sizeof(value));
	return value;
}

static uint16_t u16(const uint8_t *at)
{
	uint16_t value;

	memcpy(&value, at, sizeof(value));
	return value;
}

static uint64_t u64(const uint8_t *at)
{
	uint64_t value;

	memcpy(&value, at, sizeof(value));
	return value;
}

static void load(const char *name)
{
	FILE *in = fopen(name, "re");
	size_t n;

	if (!in)
		err(2, "%s", name);
	do {
		file = realloc(file, size + 65536);
		if (!file)
			errx(2, "no memory");
		n = fread(file + size, 1, 65536, in);
		size += n;
	} while (n);
	fclose(in);
}

/* An option of the block whose options begin at from, or NULL; its length must be that. */
static const uint8_t *option(const struct block *block, const uint8_t *from, uint16_t code,
			     uint16_t *length)
{
	while (from < block->end) {
		const uint8_t *value = from + 4;
		uint16_t has = from + 4 <= block->end ? u16(from + 2) : UINT16_MAX;

		if (value + has > block->end)
			errx(1, "an option goes beyond its block");
		if (u16(from) == code) {
			if (*length && *length != has)
				errx(1, "option %u has %u bytes", code, has);
			*length = has;
			return value;
		}
		if (!u16(from) && value != block->end)
			errx(1, "something follows the options");
		from = value + (has + 3) / 4 * 4;
	}
	return NULL;
}

static void show_text(const struct block *block, const uint8_t *from, uint16_t code, bool typed,
		      const char *format)
{
	uint16_t length = 0;
	const char *text = (const char *)option(block, from, code, &length);
	char copy[4096] = "";

	if (text && length >= typed)
		snprintf(copy, sizeof(copy), "%.*s", length - typed, text + typed);
	printf(format, copy);
}

static uint64_t number(const struct block *block, const uint8_t *from, uint16_t code,
		       uint16_t length)
{
	const uint8_t *value = option(block, from, code, &length);

	if (!value)
		return 0;
	return length == 8 ? u64(value) : length == 4 ? u32(value) : *value;
}

static void show_frame(const struct block *block)
{
	static const char * const ways[] = { "?", "in", "out", "!" };
	static const char * const casts[] = {
		"-", "unicast", "multicast", "broadcast", "other", "!", "!", "!",
	};
	const uint8_t *data = block->body + 20, *options;
	uint16_t comment = 0;
	uint32_t captured = u32(block->body + 12), length = u32(block->body + 16), flags, i;
	uint64_t time = (uint64_t)u32(block->body + 4) << 32 | u32(block->body + 8);

	if (captured > length || data + captured > block->end)
		errx(1, "a frame of %u bytes, of %u, goes beyond its block", captured, length);
	options = data + (captured + 3) / 4 * 4;
	flags = number(block, options, 2, 4);
	printf("frame %s %s %u %u %" PRIu64 ".%09" PRIu64 " ", ways[flags & 3],
	       casts[flags >> 2 & 7], captured, length, time / 1000000000, time % 1000000000);
	for (i = 0; i < captured && i < SHOWN; i++)
		printf("%02x", data[i]);
	printf("\n");
	if (option(block, options, 1, &comment)) {
		printf("comment %u", u32(block->body));
		show_text(block, options, 1, false, " %s\n");
	}
}

static void show(const struct block *block)
{
	const uint8_t *options;

	switch (block->type) {
	case 0x0a0d0d0a:
		if (u32(block->body) != 0x1a2b3c4d || u16(block->body + 4) != 1)
			errx(1, "not of this byte order and version");
		show_text(block, block->body + 16, 4, false, "section %s\n");
		break;
	case 1:
		options = block->body + 8;
		show_text(block, options, 2, false, "interface %s");
		printf(" most %u resolution %" PRIu64, u32(block->body + 4),
		       number(block, options, 9, 1));
		show_text(block, options, 11, true, " filter \"%s\"");
		show_text(block, options, 3, false, " (%s)\n");
		break;
	case 5:
		options = block->body + 12;
		printf("counters fitted %" PRIu64 " dropped %" PRIu64 " captured %" PRIu64 "\n",
		       number(block, options, 6, 8), number(block, options, 7, 8),
		       number(block, options, 8, 8));
		break;
	case 6:
		show_frame(block);
		break;
	default:
		errx(1, "a block of type %u", block->type);
	}
}

int main(int argc, char **argv)
{
	size_t at, length;

	if (argc != 2)
		errx(2, "usage: pcapng FILE");
	load(argv[1]);
	for (at = 0; at < size; at += length) {
		struct block block = { .body = file + at + 8 };

		length = size - at >= 12 ? u32(file + at + 4) : 0;
		if (length < 28 - 8 || length % 4 || length > size - at ||
		    u32(file + at + length - 4) != length)
			errx(1, "a block at %zu has no right length", at);
		block.type = u32(file + at);
		block.end = file + at + length - 4;
		show(&block);
	}
	return 0;
}
