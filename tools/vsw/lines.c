// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lines.h"

#define READ_SIZE	(64 << 10)
#define BLANKS		" \t\r"

static int read_stream(struct lines *lines, FILE *stream, struct err *err)
{
	size_t room = 0, n;
	char *text;

	do {
		if (lines->size + READ_SIZE > room) {
			room = 2 * (room + READ_SIZE);
			text = realloc(lines->text, room);
			if (!text)
				return err_set(err, STATUS_SYSTEM, "out of memory");
			lines->text = text;
		}
		n = fread(lines->text + lines->size, 1, READ_SIZE, stream);
		lines->size += n;
	} while (n);
	if (ferror(stream))
		return err_set_errno(err, STATUS_SYSTEM, errno, "%s", lines->name);
	return 0;
}

int lines_open(struct lines *lines, struct vsw *vsw, const char *name, const char *what,
	       struct err *err)
{
	bool standard = !strcmp(name, "-");
	FILE *stream = stdin;
	int ret;

	*lines = (struct lines){ .name = standard ? "standard input" : name, .what = what };
	if (standard && vsw->batch)
		return err_set(err, STATUS_USAGE,
			       "'-' can't stand in a batch: standard input may be the batch");
	if (!standard)
		stream = fopen(name, "re");
	if (!stream)
		return err_set_errno(err, STATUS_SYSTEM, errno, "%s", name);
	ret = read_stream(lines, stream, err);
	if (!standard)
		fclose(stream);
	lines->next = lines->text;
	return ret;
}

void lines_close(struct lines *lines)
{
	free(lines->line);
	free(lines->text);
}

/* A copy, without what is a comment and without blanks around. NULL: no memory. */
static char *copy_line(struct lines *lines, const char *line, size_t len)
{
	const char *comment = memchr(line, '#', len);
	char *copy;

	if (comment)
		len = comment - line;
	if (len + 1 > lines->room) {
		copy = realloc(lines->line, 2 * len + 256);
		if (!copy)
			return NULL;
		lines->line = copy;
		lines->room = 2 * len + 256;
	}
	while (len && strchr(BLANKS, line[len - 1]))
		len--;
	memcpy(lines->line, line, len);
	lines->line[len] = '\0';
	return lines->line + strspn(lines->line, BLANKS);
}

/* Lines of files for ovs-ofctl(8) may begin with what is done. */
static int take_command(const struct lines *lines, char **line, struct err *err)
{
	static const char * const others[] = {
		"delete", "modify", "add_or_mod", "insert_bucket", "remove_bucket"
	};
	size_t i;

	if (!strncmp(*line, "add ", 4)) {
		*line += 4;
		return 1;
	}
	for (i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (!strncmp(*line, others[i], strlen(others[i])))
			return err_set(err, STATUS_USAGE,
				       "%s:%lu: a file of %s adds them; 'vsw -batch' takes other commands",
				       lines->name, lines->number, lines->what);
	return 1;
}

int lines_next(struct lines *lines, char **line, struct err *err)
{
	const char *end = lines->text + lines->size, *begin;
	size_t len;

	while (lines->next < end) {
		begin = lines->next;
		len = (const char *)(memchr(begin, '\n', end - begin) ?: end) - begin;
		lines->next = begin + len + 1;
		lines->number++;
		if (memchr(begin, '\0', len))
			return err_set(err, STATUS_USAGE, "%s:%lu: the line has a NUL byte",
				       lines->name, lines->number);
		*line = copy_line(lines, begin, len);
		if (!*line)
			return err_set(err, STATUS_SYSTEM, "out of memory");
		if (**line)
			return take_command(lines, line, err);
	}
	return 0;
}
