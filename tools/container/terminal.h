/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A terminal in a container, and the one of vsw that it is connected to.
 *
 *   command of the container        vsw
 *   /dev/pts/N, a slave  <--->  its master  <--->  standard input and output
 *
 * Inside it is made (terminal_create) and becomes that of a session (terminal_control);
 * outside vsw shovels (terminal_begin ... terminal_end) with a poll() of its own, which may
 * wait for other things, too. Who shovels need not be who made it.
 */
#ifndef VSW_CONTAINER_TERMINAL_H
#define VSW_CONTAINER_TERMINAL_H

#include <poll.h>
#include <stdbool.h>
#include <termios.h>

#include "err.h"

#define TERMINAL_FDS	3		/* of a poll() */
#define TERMINAL_BUFFER	4096

/* What has been read and waits until it can be written. */
struct terminal_flow {
	char data[TERMINAL_BUFFER];
	size_t begin, end;
};

/* The side of vsw. */
struct terminal {
	int master;			/* owned; -1: there is none, or nobody is there any more */
	int in, out;			/* standard files; -1: none, or at its end */
	bool raw;			/* in is, and was as saved says before */
	struct termios saved;
	struct terminal_flow typed, shown;
};

#define TERMINAL_NONE { .master = -1, .in = -1, .out = -1 }

/* Before anything is made: what is typed has to come from a terminal.  -1 with status 125. */
int terminal_check(bool wanted, bool interactive, struct err *err);

/*
 * In the mount namespace of a container, as its user: the standard files become a new
 * terminal of /dev/pts there.  Its master, non-blocking, for the caller to close; -1 with
 * err set.
 */
int terminal_create(struct err *err);
/* Standard input becomes the controlling terminal of this process, which leads a session. */
int terminal_control(struct err *err);

/*
 * Connect it to the standard files.  interactive: keys go there as they are typed, Ctrl-C
 * too.  Takes no SIGWINCH: who does calls terminal_resize().
 */
void terminal_begin(struct terminal *terminal, bool interactive);
/* As large as that of vsw. */
void terminal_resize(const struct terminal *terminal);
/* For poll(): what it waits for, at fds[0] to fds[TERMINAL_FDS - 1]. */
void terminal_poll(const struct terminal *terminal, struct pollfd *fds);
/* What poll() said. */
void terminal_work(struct terminal *terminal, const struct pollfd *fds);
/* Show what is still to be shown, and leave vsw's terminal as it was found.  May come twice. */
void terminal_end(struct terminal *terminal);

#endif
