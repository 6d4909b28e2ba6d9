/* SPDX-License-Identifier: GPL-2.0 */
/* Files that have a flow, a group or a meter on each line, as those for ovs-ofctl(8). */
#ifndef VSW_LINES_H
#define VSW_LINES_H

#include "vsw.h"

struct lines {
	const char *name;		/* of the file, for people */
	const char *what;		/* "flows", "groups", ... */
	unsigned long number;		/* of the line that came last */
	char *text;			/* owned; all of it */
	size_t size;
	const char *next;
	char *line;			/* owned; a copy of one */
	size_t room;
};

/* Read all of the file; "-" is standard input. To be closed by the caller, also on errors. */
int lines_open(struct lines *lines, struct vsw *vsw, const char *name, const char *what,
	       struct err *err);
/*
 * The next line that is not empty, without what is a comment and blanks around, and without
 * the word "add"; it may be cut into pieces. 1: there is one, 0: no more, -1.
 */
int lines_next(struct lines *lines, char **line, struct err *err);
void lines_close(struct lines *lines);

#endif
