/* SPDX-License-Identifier: GPL-2.0 */
/*
 * vsw-unpack: the one program that reads archives of strangers.  It is its own process, so
 * that what goes wrong in there stays in there, and so that vsw does not load libarchive and
 * all that comes with it each time that it begins.
 */
#ifndef VSW_UNPACK_UNPACK_H
#define VSW_UNPACK_UNPACK_H

#include <archive.h>
#include <stdbool.h>
#include <stdint.h>

#define DIGEST_TEXT_SIZE 65	/* 64 digits of SHA-256, and NUL */

/* Ends the program: why goes to standard output, for vsw to read. */
void fail(const char *fmt, ...) __attribute__((format(printf, 1, 2), noreturn));

/* stream.c: standard input, and what is in it when it is not compressed any more */
struct stream {
	struct archive *source;			/* standard input without its compression */
	void *of_input, *of_content;		/* EVP_MD_CTX */
	uint64_t content, content_max;		/* bytes */
	bool empty;
	char buffer[65536];
};

void stream_open(struct stream *stream, uint64_t content_max);
/* An archive of libarchive's that reads from it. */
struct archive *stream_archive(struct stream *stream);
/* Read what is left, and say both digests. */
void stream_close(struct stream *stream, char input[DIGEST_TEXT_SIZE],
		  char content[DIGEST_TEXT_SIZE]);

/* entry.c: one file after the other, into the working directory */
struct target {
	struct archive *disk;
	bool layer;		/* of an image, with owners and whiteouts; else plain files */
	uint64_t bytes, bytes_max;
	uint64_t entries;
	uint64_t left_out;	/* device nodes and sockets */
};

void target_open(struct target *target, bool layer, uint64_t bytes_max);
void target_take(struct target *target, struct archive *from);
void target_close(struct target *target);

/* confine.c: from now on nothing can be written outside of the working directory */
void confine(void);

#endif
