// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/parse.h"
#include "vsw.h"

#define MAX_WORDS 256

struct input {
	FILE *file;
	const char *name;
	char *line;		/* a whole one, continuation lines joined */
	size_t room;
	unsigned long number, next;
};

/* Append the next line of the file.  Bytes it has, 0 at the end, -1 on failure. */
static ssize_t append_line(struct input *in, size_t len)
{
	char *part = NULL, *joined;
	size_t room = 0;
	ssize_t n;

	errno = 0;
	n = getline(&part, &room, in->file);
	if (n < 0) {
		free(part);
		return errno ? -1 : 0;
	}
	joined = len + n + 1 > in->room ? realloc(in->line, len + n + 1) : in->line;
	if (!joined) {
		free(part);
		return -1;
	}
	if (len + n + 1 > in->room)
		in->room = len + n + 1;
	in->line = joined;
	memcpy(in->line + len, part, n + 1);
	free(part);
	in->next++;
	return n;
}

/* A line that ends with a backslash goes on in the next.  1, 0 at the end, -1. */
static int next_line(struct input *in, struct err *err)
{
	size_t len = 0;
	ssize_t n;

	in->number = in->next + 1;
	for (;;) {
		n = append_line(in, len);
		if (n < 0)
			return err_set_errno(err, STATUS_SYSTEM, errno, "%s", in->name);
		len += n;
		if (n && memchr(in->line + len - n, 0, n))
			return err_set(err, STATUS_USAGE, "%s:%lu: the line has a NUL byte",
				       in->name, in->next);
		if (n < 2 || strcmp(in->line + len - 2, "\\\n"))
			return len > 0;
		len -= 2;
	}
}

static int run_line(struct vsw *vsw, struct input *in, struct err *err)
{
	char *words[MAX_WORDS + 1];
	int n = parse_words(in->line, words, MAX_WORDS, err);

	return n > 0 ? vsw_command(vsw, words, err) : n;
}

int vsw_batch(struct vsw *vsw, const char *name, bool force, struct err *err)
{
	bool standard = !strcmp(name, "-");
	struct input in = { .name = standard ? "standard input" : name };
	int status = 0, ret;

	vsw->batch = true;
	in.file = standard ? stdin : fopen(name, "re");
	if (!in.file)
		return err_set_errno(err, STATUS_SYSTEM, errno, "%s", name);
	while ((ret = next_line(&in, err)) > 0) {
		struct err line_err = ERR_INIT;
		char where[256];

		ret = run_line(vsw, &in, &line_err);
		if (ret < 0) {
			snprintf(where, sizeof(where), "%s:%lu: ", in.name, in.number);
			vsw_report(where, &line_err);
			ret = line_err.status;
		}
		if (ret && !status)
			status = ret;
		if (ret && !force)
			break;
		ret = 0;
	}
	if (!standard)
		fclose(in.file);
	free(in.line);
	return ret < 0 ? -1 : status;
}
