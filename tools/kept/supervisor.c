// SPDX-License-Identifier: GPL-2.0
/*
 * The process beside a container that is kept. It has the container's lock, writes down what
 * it says and how it ended, and starts it again if it is to be. Whoever asked for the start
 * may go when it runs; the container goes on when this process goes.
 */
#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>

#include "container/cleanup.h"
#include "kept.h"
#include "status.h"

#define OUTPUT_SIZE	16384	/* read at once, and the longest part of a line in the log */

/* Between two runs: twice as long each time, until one lasted. As Docker does. */
#define DELAY_MIN	100	/* milliseconds */
#define DELAY_MAX	60000
#define LASTED		10	/* seconds */

/* Its descriptors, from the first one that is not standard. */
enum { KEPT_FD = 3, HELD_FD, TELL_FD, N_FDS };

struct supervisor {
	struct supervision base;	/* first: it is what the container has of us */
	struct kept *kept;
	struct log log;
	json_t *last;
	int input;			/* of its command, which waits for it; -1 */
	int tell;			/* who waits for the start; -1: nobody */
	bool ran;
	time_t began;			/* of CLOCK_MONOTONIC */
	char buffer[OUTPUT_SIZE];
};

static time_t monotonic(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec;
}

/* ---- what the container has of it ------------------------------------------------------- */

static int read_output(struct supervision *base, int number)
{
	struct supervisor *s = (struct supervisor *)base;
	ssize_t n = read(base->output[number], s->buffer, sizeof(s->buffer));

	if (n < 0)
		return errno == EAGAIN || errno == EINTR;
	log_write(&s->log, number ? LOG_STDERR : LOG_STDOUT, s->buffer, n);
	return n;
}

static void save_last(struct supervisor *s, const char *status)
{
	struct err err = ERR_INIT;

	json_object_set_new(s->last, "status", json_string(status));
	if (kept_set_last(s->kept, s->last, &err) < 0)
		log_write(&s->log, LOG_VSW, err.msg, strlen(err.msg));
}

static void set_time(struct supervisor *s, const char *key)
{
	char now[KEPT_TIME_SIZE];

	kept_now(now);
	json_object_set_new(s->last, key, json_string(now));
}

/* Nobody waits any more. */
static void tell(struct supervisor *s, const struct err *err)
{
	ssize_t n;

	if (s->tell < 0)
		return;
	do {
		n = write(s->tell, err, sizeof(*err));
	} while (n < 0 && errno == EINTR);
	close_fd(&s->tell);
}

static void close_files(struct supervisor *s)
{
	int i;

	for (i = 0; i < 3; i++)
		close_fd(&s->base.files[i]);
}

static void started(struct supervision *base, const struct container *c)
{
	struct supervisor *s = (struct supervisor *)base;
	const struct err none = ERR_INIT;

	/* else its output had no end */
	close_files(s);
	s->ran = true;
	s->began = monotonic();
	set_time(s, "started");
	json_object_set_new(s->last, "pid", json_integer(c->pid));
	json_object_del(s->last, "error");
	save_last(s, "running");
	tell(s, &none);
	/* what it took to get here, the filters of system calls above all, is not used again */
	malloc_trim(0);
}

/* container_run() has no place for an argument, and there is one container a process. */
static struct supervisor *the_supervisor;

static void note(const char *name, const char *text)
{
	(void)name;
	log_write(&the_supervisor->log, LOG_VSW, text, strlen(text));
	log_write(&the_supervisor->log, LOG_VSW, "\n", 1);
	json_object_set_new(the_supervisor->last, "note", json_string(text));
}

/* ---- runs ------------------------------------------------------------------------------- */

/* What is read has no end if somebody may come to type it. */
static int open_input(struct supervisor *s, bool interactive)
{
	int ends[2];

	if (!interactive) {
		s->base.files[0] = open("/dev/null", O_RDONLY | O_CLOEXEC);
		return s->base.files[0] < 0 ? -1 : 0;
	}
	if (pipe2(ends, O_CLOEXEC) < 0)
		return -1;
	s->base.files[0] = ends[0];
	s->input = ends[1];
	return 0;
}

static int open_output(struct supervisor *s, int number)
{
	int ends[2];

	if (pipe2(ends, O_CLOEXEC) < 0)
		return -1;
	s->base.output[number] = ends[0];
	s->base.files[1 + number] = ends[1];
	return fcntl(ends[0], F_SETFL, O_NONBLOCK);
}

static int open_files(struct supervisor *s, const struct spec *spec, struct err *err)
{
	if (open_input(s, spec->interactive) < 0 || open_output(s, 0) < 0 || open_output(s, 1) < 0)
		return err_set_errno(err, CONTAINER_FAILED, errno, "start: the standard files");
	return 0;
}

/* To its end: its exit status. Why it did not run is in the record, and told. */
static int run(struct supervisor *s, struct spec *spec)
{
	struct err err = ERR_INIT;
	int ret, i;

	json_object_del(s->last, "note");
	s->ran = false;
	ret = open_files(s, spec, &err);
	if (!ret)
		ret = container_run(spec, note, &err);
	close_files(s);
	for (i = 0; i < 2; i++)
		close_fd(&s->base.output[i]);
	close_fd(&s->input);
	if (ret < 0) {
		ret = err.status;
		json_object_set_new(s->last, "error", json_string(err.msg));
		log_write(&s->log, LOG_VSW, err.msg, strlen(err.msg));
		log_write(&s->log, LOG_VSW, "\n", 1);
	}
	set_time(s, "finished");
	json_object_set_new(s->last, "exit-status", json_integer(ret));
	json_object_del(s->last, "pid");
	tell(s, &err);
	return ret;
}

/* Is it to run again? */
static bool goes_on(struct supervisor *s, const struct spec *spec, int status,
		    unsigned int restarts)
{
	if (kept_stopped(s->kept))
		return false;
	switch (spec->restart) {
	case RESTART_ON_FAILURE:
		return status && (!spec->restart_max || restarts < spec->restart_max);
	case RESTART_ALWAYS:
	case RESTART_UNLESS_STOPPED:
		return true;
	case RESTART_NO:
		break;
	}
	return false;
}

/* false: somebody wants its end. */
static bool rest(unsigned int ms)
{
	const struct timespec time = { ms / 1000, ms % 1000 * 1000000L };
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	return sigtimedwait(&set, NULL, &time) < 0;
}

static void supervise(struct supervisor *s, struct spec *spec)
{
	const struct spec as_told = *spec;
	unsigned int restarts = 0, delay = DELAY_MIN;
	int status = run(s, spec);
	bool ran = s->ran;

	/* what never ran will not the next time */
	while (ran && goes_on(s, spec, status, restarts)) {
		if (s->ran && monotonic() - s->began >= LASTED)
			delay = DELAY_MIN;
		save_last(s, "restarting");
		if (!rest(delay) || kept_stopped(s->kept))
			break;
		delay = delay * 2 < DELAY_MAX ? delay * 2 : DELAY_MAX;
		json_object_set_new(s->last, "restarts", json_integer(++restarts));
		/* a lease has changed it */
		*spec = as_told;
		status = run(s, spec);
	}
	save_last(s, "exited");
}

/* ---- begin ------------------------------------------------------------------------------ */

/* Nothing of who asked for the start, whose output somebody may wait to see the end of. */
static int leave(int kept, int held, int told, struct err *err)
{
	const int from[N_FDS] = { -1, -1, -1, kept, held, told };
	int high[N_FDS] = { -1, -1, -1, -1, -1, -1 }, null, fd;
	sigset_t set;

	for (fd = KEPT_FD; fd < N_FDS; fd++)
		if (from[fd] >= 0)
			high[fd] = fcntl(from[fd], F_DUPFD_CLOEXEC, N_FDS);
	for (fd = KEPT_FD; fd < N_FDS; fd++)
		if (from[fd] >= 0 && dup3(high[fd], fd, O_CLOEXEC) < 0)
			return err_set_errno(err, STATUS_SYSTEM, errno, "supervisor: descriptors");
	if (held < 0)
		close(HELD_FD);
	null = open("/dev/null", O_RDWR | O_CLOEXEC);
	for (fd = 0; fd <= 2; fd++)
		if (dup2(null, fd) < 0)
			return err_set_errno(err, STATUS_SYSTEM, errno, "supervisor: /dev/null");
	close_range(N_FDS, ~0U, 0);
	setsid();
	prctl(PR_SET_NAME, "vsw-supervisor");
	if (chdir("/") < 0)
		return err_set_errno(err, STATUS_SYSTEM, errno, "supervisor: go to /");
	/* to be waited for while it rests, and left alone else */
	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigprocmask(SIG_BLOCK, &set, NULL);
	signal(SIGINT, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
	signal(SIGPIPE, SIG_IGN);
	return 0;
}

static int begin(struct supervisor *s, const struct spec *spec, struct err *err)
{
	const struct log_limits limits = { spec->log_bytes, spec->log_files };

	if (kept_lock(s->kept, err) < 0 || kept_set_stopped(s->kept, false, err) < 0 ||
	    log_open(&s->log, s->kept->fd, &limits, err) < 0)
		return -1;
	s->last = kept_last(s->kept) ?: json_object();
	json_object_del(s->last, "restarts");
	return s->last ? 0 : err_set(err, STATUS_SYSTEM, "no memory");
}

static void supervisor_main(struct kept *kept, struct spec *spec, int held, int told)
	__attribute__((noreturn));
static void supervisor_main(struct kept *kept, struct spec *spec, int held, int told)
{
	static struct supervisor s = {
		.base = { { -1, -1, -1 }, { -1, -1 }, read_output, started },
		.log = { .fd = -1 }, .input = -1, .tell = TELL_FD,
	};
	struct err err = ERR_INIT;

	the_supervisor = &s;
	s.kept = kept;
	if (leave(kept->fd, held, told, &err) < 0)
		_exit(CONTAINER_FAILED);
	kept->fd = KEPT_FD;
	kept->lock = -1;
	if (begin(&s, spec, &err) < 0) {
		tell(&s, &err);
		_exit(CONTAINER_FAILED);
	}
	spec->supervision = &s.base;
	supervise(&s, spec);
	if (spec->remove && kept_remove(kept, &err) < 0)
		log_write(&s.log, LOG_VSW, err.msg, strlen(err.msg));
	_exit(0);
}

int supervisor_start(struct kept *kept, struct spec *spec, int held, struct err *err)
{
	struct err answer;
	int ends[2];
	ssize_t n;
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC) < 0)
		return err_set_errno(err, STATUS_SYSTEM, errno, "start: pipe");
	fflush(NULL);
	pid = fork();
	if (!pid)
		supervisor_main(kept, spec, held, ends[1]);
	close(ends[1]);
	if (pid < 0) {
		close(ends[0]);
		return err_set_errno(err, STATUS_SYSTEM, errno, "start: fork");
	}
	do {
		n = read(ends[0], &answer, sizeof(answer));
	} while (n < 0 && errno == EINTR);
	close(ends[0]);
	if (n != sizeof(answer))
		return err_set(err, STATUS_SYSTEM, "start: the supervisor of '%s' has ended",
			       kept->name);
	if (answer.status)
		*err = answer;
	return answer.status ? -1 : 0;
}
