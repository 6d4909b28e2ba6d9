// SPDX-License-Identifier: GPL-2.0
/*
 * vsw-unpack digest|files|layer BYTES: read an archive from standard input, and unpack it into
 * the working directory, unless only its digest is asked for.  At most so many bytes, of all
 * files together, and of the archive when it is decompressed.
 *
 * Prints one object: { "digest", "content-digest", "bytes", "entries", "left-out" }, or
 * { "error" } with exit status 1.
 */
#include <jansson.h>
#include <locale.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "unpack.h"

static void say(json_t *object)
{
	if (!object || json_dumpf(object, stdout, JSON_COMPACT) < 0 || fflush(stdout))
		exit(2);
	json_decref(object);
}

void fail(const char *fmt, ...)
{
	char text[384];
	json_t *message;
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	message = json_string(text);
	say(json_pack("{s:o}", "error", message ?: json_string("a file's name is no UTF-8")));
	exit(1);
}

int main(int argc, char **argv)
{
	char input[DIGEST_TEXT_SIZE], content[DIGEST_TEXT_SIZE];
	static struct stream stream;
	struct target target = {};
	uint64_t max;

	/* names in archives are UTF-8, which libarchive only takes where the locale is, too */
	setlocale(LC_CTYPE, "C.UTF-8");
	if (argc != 3 || (strcmp(argv[1], "digest") && strcmp(argv[1], "files") &&
			  strcmp(argv[1], "layer")))
		fail("vsw-unpack is called by vsw: digest|files|layer BYTES");
	max = strtoull(argv[2], NULL, 10);
	confine();
	stream_open(&stream, max);
	if (strcmp(argv[1], "digest")) {
		struct archive *archive = stream_archive(&stream);

		target_open(&target, !strcmp(argv[1], "layer"), max);
		target_take(&target, archive);
		target_close(&target);
		archive_read_free(archive);
	}
	stream_close(&stream, input, content);
	say(json_pack("{s:s, s:s, s:I, s:I, s:I}", "digest", input, "content-digest", content,
		      "bytes", (json_int_t)target.bytes, "entries", (json_int_t)target.entries,
		      "left-out", (json_int_t)target.left_out));
	return 0;
}
