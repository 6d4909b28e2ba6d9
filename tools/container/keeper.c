// SPDX-License-Identifier: GPL-2.0
/*
 * Ends the container when vsw is gone.  The kernel does that too
 * (PR_SET_PDEATHSIG), but not for a command that has changed its ids.  So a
 * process beside vsw holds the file that kills all of the cgroup, and the end
 * of a pipe whose other end is vsw's alone.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include "cleanup.h"
#include "container.h"

#define PIPE_FD	0
#define KILL_FD	1

static void keep(int pipe_fd, int kill_fd) __attribute__((noreturn));
static void keep(int pipe_fd, int kill_fd)
{
	sigset_t all;
	char byte;

	/* what ends vsw, a signal to all of its group maybe, does not end us */
	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, NULL);
	setsid();
	prctl(PR_SET_NAME, "vsw-keeper");
	/* nor does anybody wait until we close an output, a lock or a directory */
	if (dup2(pipe_fd, PIPE_FD) < 0 || dup2(kill_fd, KILL_FD) < 0 ||
	    close_range(KILL_FD + 1, ~0U, 0) < 0)
		_exit(CONTAINER_FAILED);
	while (read(PIPE_FD, &byte, 1) < 0 && errno == EINTR)
		;
	_exit(write(KILL_FD, "1", 1) == 1 ? 0 : CONTAINER_FAILED);
}

int keeper_start(struct container *c, struct err *err)
{
	cleanup_close int kill_fd = openat(c->cgroup_fd, "cgroup.kill", O_WRONLY | O_CLOEXEC);
	int ends[2];

	if (kill_fd < 0)
		return err_set_errno(err, CONTAINER_FAILED, errno, "start: open %s/cgroup.kill",
				     c->cgroup);
	if (pipe2(ends, O_CLOEXEC) < 0)
		return err_set_errno(err, CONTAINER_FAILED, errno, "start: pipe");
	c->keeper_pid = fork();
	if (!c->keeper_pid)
		keep(ends[0], kill_fd);
	close(ends[0]);
	c->keeper_fd = ends[1];
	if (c->keeper_pid < 0)
		return err_set_errno(err, CONTAINER_FAILED, errno, "start: fork");
	return 0;
}

void keeper_end(struct container *c)
{
	if (c->keeper_pid > 0) {
		kill(c->keeper_pid, SIGKILL);
		while (waitpid(c->keeper_pid, NULL, 0) < 0 && errno == EINTR)
			;
	}
	c->keeper_pid = 0;
	close_fd(&c->keeper_fd);
}
