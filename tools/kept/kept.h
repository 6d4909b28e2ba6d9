/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Containers that are kept: there before they run, and after it.
 *
 *   directory.c   what is on the disk of each
 *   status.c      how each of them is: from there, and from what runs
 *   policy.c      options of one that is kept
 *   supervisor.c  the process beside each that runs
 *   log.c         what it says, into files; log_read.c  and out of them
 *   end.c         stop, kill, wait
 *
 * They are below /var/lib/vsw, or what VSW_DATA_DIR says:
 *
 *   containers/NAME/lock         locked by its supervisor, or by who changes or removes it
 *                   config.json  what "create" was told
 *                   last.json    how it went, by the supervisor
 *                   stopped      is there: a person wanted its end
 *                   log, log.1   what it said, the newest in "log"
 *                   files/upper  what it wrote, as overlayfs has it
 *                        /work
 *
 * What there is only while it runs is in /run, see container/state.c.
 */
#ifndef VSW_KEPT_KEPT_H
#define VSW_KEPT_KEPT_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#include "container/container.h"
#include "container/spec.h"
#include "err.h"
#include "model_container.h"

#define KEPT_TIME_SIZE	40	/* "2026-01-02T03:04:05.000000006Z" */

/* RFC 3339, in UTC, with nanoseconds: as text the earlier one is the smaller one. */
void kept_time(char text[KEPT_TIME_SIZE], const struct timespec *time);
void kept_now(char text[KEPT_TIME_SIZE]);

/* ---- directory.c ------------------------------------------------------------------------ */

struct kept {
	char name[SPEC_NAME_MAX + 1];
	int fd;				/* of its directory */
	int lock;			/* -1: not ours */
	json_t *config;
};

/* STATUS_REFUSED: there is no such one. */
int kept_open(const char *name, struct kept *kept, struct err *err);
void kept_close(struct kept *kept);
/*
 * A new one, complete when it gets its name. config is the caller's. STATUS_REFUSED: the name
 * is taken. files: room for what it writes.
 */
int kept_create(const char *name, json_t *config, struct err *err);
/* Whoever has the lock is the only one to start, change or remove it. */
int kept_lock(struct kept *kept, struct err *err);
/* The process that has the lock; 0: nobody. */
pid_t kept_holder(const struct kept *kept);
/* With the lock: all of it goes. */
int kept_remove(struct kept *kept, struct err *err);
/* With the lock; STATUS_REFUSED: the name is taken. */
int kept_rename(struct kept *kept, const char *name, struct err *err);
/* The path of what it writes, for spec.kept_files. */
int kept_files(const struct kept *kept, char *path, size_t size, struct err *err);
/* All names, each said to visit, until that returns other than 0. 0 if there are none. */
int kept_each(int (*visit)(const char *name, void *data, struct err *err), void *data,
	      struct err *err);

const char *kept_text(const struct kept *kept, const char *key);	/* "": it has none */
bool kept_flag(const struct kept *kept, const char *key);

/* How it went. NULL: it never ran. */
json_t *kept_last(const struct kept *kept);
int kept_set_last(const struct kept *kept, json_t *last, struct err *err);
/* That a person wanted its end, which no restart policy overrides. */
int kept_set_stopped(const struct kept *kept, bool stopped, struct err *err);
bool kept_stopped(const struct kept *kept);

/* ---- status.c --------------------------------------------------------------------------- */

/* Into an empty one. */
int kept_describe(struct kept *kept, struct vsw_container *about, struct err *err);
/* Also those that run and that nobody keeps. */
int kept_list(struct list *list, struct err *err);

/* ---- supervisor.c ----------------------------------------------------------------------- */

/*
 * Start one that does not run, in a process of its own. Returns when its command runs, or
 * with why it does not. spec is as "create" was told. held: a descriptor that is open as long
 * as it runs, that of its image; -1: none.
 */
int supervisor_start(struct kept *kept, struct spec *spec, int held, struct err *err);

/* ---- log.c ------------------------------------------------------------------------------ */

enum log_stream { LOG_STDOUT, LOG_STDERR, LOG_VSW };

/* What becomes of a log that is larger than that. */
struct log_limits {
	uint64_t bytes;		/* of a file */
	unsigned int files;	/* with the one that is written */
};

struct log {
	int dir;		/* the caller's */
	int fd;
	uint64_t size;
	struct log_limits limits;
};

int log_open(struct log *log, int dir, const struct log_limits *limits, struct err *err);
void log_close(struct log *log);
/* What can't be written is lost: a full disk does not stop the container. */
void log_write(struct log *log, enum log_stream stream, const char *text, size_t size);

/* ---- log_read.c ------------------------------------------------------------------------- */

struct log_wish {
	const char *since, *until;	/* as kept_time() writes it; NULL: no bound */
	uint64_t tail;			/* so many of the last lines; UINT64_MAX: all */
	bool follow;			/* until it does not run any more */
	bool times;			/* before each line */
};

int log_show(const struct kept *kept, const struct log_wish *wish, struct err *err);
/* "10m", "1h30m" before now; seconds since 1970; RFC 3339. */
int log_read_time(const char *text, char time[KEPT_TIME_SIZE], struct err *err);

/* ---- end.c ------------------------------------------------------------------------------ */

/*
 * Ask one that runs to end, by its stop signal, and after seconds end it. signal 0: its own.
 * Nothing is left of its run when this returns. One that does not run is no error.
 */
int kept_stop(const char *name, int signal, unsigned int seconds, struct err *err);
int kept_kill(const char *name, int signal, struct err *err);
/* Until it has ended, and will not start again by itself: its exit status, or -1. */
int kept_wait(const char *name, struct err *err);
int kept_freeze(const char *name, bool freeze, struct err *err);
/* "TERM", "SIGTERM", "15", "SIGRTMIN+3". 0: there is none of that name. */
int signal_number(const char *text);

#endif
