// SPDX-License-Identifier: GPL-2.0
/* From outside: signals for one that runs, and waiting for its end. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>

#include "container/cleanup.h"
#include "kept.h"
#include "status.h"

#define GONE_SECONDS	60	/* for what is left of it after its processes */
#define KILL_SECONDS	30	/* until all of its processes have ended */

/* ---- signals ---------------------------------------------------------------------------- */

int signal_number(const char *text)
{
	const char *name = !strncasecmp(text, "SIG", 3) ? text + 3 : text;
	char *end;
	long number = strtol(text, &end, 10);
	int sig;

	if (end != text)
		return !*end && number > 0 && number <= SIGRTMAX ? number : 0;
	for (sig = 1; sig < SIGRTMIN; sig++)
		if (sigabbrev_np(sig) && !strcasecmp(sigabbrev_np(sig), name))
			return sig;
	if (!strncasecmp(name, "RTMIN", 5))
		number = SIGRTMIN + strtol(name + 5, &end, 10);
	else if (!strncasecmp(name, "RTMAX", 5))
		number = SIGRTMAX + strtol(name + 5, &end, 10);
	else
		return 0;
	return !*end && number >= SIGRTMIN && number <= SIGRTMAX ? number : 0;
}

static int send_signal(int pid_fd, const char *name, int signal, struct err *err)
{
	if (syscall(SYS_pidfd_send_signal, pid_fd, signal, NULL, 0) < 0 && errno != ESRCH)
		return err_set_errno(err, STATUS_SYSTEM, errno, "signal container '%s'", name);
	return 0;
}

/* ---- one that is there or not ----------------------------------------------------------- */

static void rest(void)
{
	const struct timespec time = { .tv_nsec = 10 * 1000 * 1000 };

	nanosleep(&time, NULL);
}

/* It is kept, or at least it runs. */
static int check_name(const char *name, struct err *err)
{
	struct err other = ERR_INIT;
	struct kept kept;
	int fd;

	if (!kept_open(name, &kept, err)) {
		kept_close(&kept);
		return 0;
	}
	fd = container_find_init(name, &other);
	close_fd(&fd);
	return !other.status ? 0 : -1;
}

/* The one beside it, while nothing of it runs: it rests before it starts it again. */
static pid_t supervisor_of(const char *name)
{
	struct kept kept;
	pid_t pid = 0;

	if (!kept_open(name, &kept, NULL)) {
		pid = kept_holder(&kept);
		kept_close(&kept);
	}
	return pid;
}

static void note_stopped(const char *name)
{
	struct kept kept;

	if (kept_open(name, &kept, NULL) < 0)
		return;
	kept_set_stopped(&kept, true, NULL);
	kept_close(&kept);
}

/* Until nobody has it any more; what its supervisor can't do any more is done here. */
static int await_gone(const char *name, struct err *err)
{
	int base, owned = 1, i;
	pid_t supervisor;

	for (i = 0; i < GONE_SECONDS * 100; i++) {
		base = state_open_base();
		owned = base >= 0 && state_owned(base, name) > 0;
		close_fd(&base);
		supervisor = supervisor_of(name);
		if (!owned && !supervisor)
			return container_reap_stale(err);
		/* it rests, or is about to; it has been told, and looks when it is up */
		if (!owned && supervisor)
			kill(supervisor, SIGTERM);
		rest();
	}
	return err_set(err, STATUS_SYSTEM, "container '%s' does not end", name);
}

/* All that is in its cgroup, also what hangs in the freezer. */
static int kill_all(const char *name, struct err *err)
{
	cleanup_close int group = container_find_cgroup(name, NULL);
	cleanup_close int fd = group < 0 ? -1 : openat(group, "cgroup.kill", O_WRONLY | O_CLOEXEC);

	/* gone by now */
	if (group < 0)
		return 0;
	if (fd < 0 || write(fd, "1", 1) != 1)
		return err_set_errno(err, STATUS_SYSTEM, errno, "kill container '%s'", name);
	return 0;
}

int kept_stop(const char *name, int signal, unsigned int seconds, struct err *err)
{
	struct pollfd ended = { .events = POLLIN };
	cleanup_close int fd = -1;

	if (check_name(name, err) < 0)
		return -1;
	note_stopped(name);
	fd = container_find_init(name, NULL);
	ended.fd = fd;
	if (fd >= 0) {
		/* one that is frozen can't hear it */
		kept_freeze(name, false, NULL);
		if (send_signal(fd, name, signal, err) < 0)
			return -1;
		if (poll(&ended, 1, seconds * 1000) <= 0 && kill_all(name, err) < 0)
			return -1;
		if (poll(&ended, 1, KILL_SECONDS * 1000) <= 0)
			return err_set(err, STATUS_SYSTEM,
				       "container '%s' does not end: its processes hang in the kernel",
				       name);
	}
	return await_gone(name, err);
}

int kept_kill(const char *name, int signal, struct err *err)
{
	cleanup_close int fd = -1;

	if (check_name(name, err) < 0)
		return -1;
	fd = container_find_init(name, NULL);
	/* a person wants its end; one that rests before it starts again has none of its own */
	if (signal == SIGKILL && (fd >= 0 || supervisor_of(name)))
		return kept_stop(name, signal, 0, err);
	if (fd < 0)
		return err_set(err, STATUS_REFUSED, "container '%s' does not run", name);
	return send_signal(fd, name, signal, err);
}

int kept_freeze(const char *name, bool freeze, struct err *err)
{
	cleanup_close int group = container_find_cgroup(name, err);
	cleanup_close int fd = -1;

	if (group < 0)
		return -1;
	fd = openat(group, "cgroup.freeze", O_WRONLY | O_CLOEXEC);
	if (fd < 0 || write(fd, freeze ? "1" : "0", 1) != 1)
		return err_set_errno(err, STATUS_SYSTEM, errno, "%s container '%s'",
				     freeze ? "pause" : "unpause", name);
	return 0;
}

int kept_wait(const char *name, struct err *err)
{
	struct pollfd ended = { .events = POLLIN };
	struct kept kept;
	json_t *last;
	int ret;

	if (kept_open(name, &kept, err) < 0)
		return -1;
	while (kept_holder(&kept)) {
		ended.fd = container_find_init(name, NULL);
		poll(&ended, 1, ended.fd < 0 ? 10 : 1000);
		close_fd(&ended.fd);
	}
	last = kept_last(&kept);
	if (last)
		ret = json_integer_value(json_object_get(last, "exit-status"));
	else
		ret = err_set(err, STATUS_REFUSED, "container '%s' is gone, and its exit status",
			      name);
	json_decref(last);
	kept_close(&kept);
	return ret;
}
