// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "capture.h"
#include "lib/status.h"

/* Numbers instead of names, the Ethernet header, what is on standard input. */
static char * const arguments[] = { "tcpdump", "-n", "-e", "-r", "-", NULL };

/*
 * It is in a process group of its own, so that the terminal's interrupt ends the
 * capture, and the viewer can still show what was captured before.
 */
static int spawn(pid_t *pid, int fd)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	sigset_t defaults;
	sighandler_t was;
	int ret;

	sigemptyset(&defaults);
	sigaddset(&defaults, SIGPIPE);
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, fd, STDIN_FILENO);
	posix_spawnattr_init(&attributes);
	posix_spawnattr_setsigdefault(&attributes, &defaults);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF);
	/* a group in the background may then write to any terminal, too */
	was = signal(SIGTTOU, SIG_IGN);
	ret = posix_spawnp(pid, arguments[0], &actions, &attributes, arguments, environ);
	signal(SIGTTOU, was);
	posix_spawnattr_destroy(&attributes);
	posix_spawn_file_actions_destroy(&actions);
	return ret;
}

int viewer_start(struct viewer *viewer, struct err *err)
{
	int ends[2], errnum;

	if (pipe2(ends, O_CLOEXEC) < 0)
		return err_set_errno(err, STATUS_SYSTEM, errno, "can't make a pipe");
	errnum = spawn(&viewer->pid, ends[0]);
	close(ends[0]);
	viewer->fd = ends[1];
	if (!errnum)
		return 0;
	close(ends[1]);
	if (errnum == ENOENT)
		return err_set(err, STATUS_SYSTEM, "there is no tcpdump to show the frames with: install it, or write them to a file with '-w FILE'");
	return err_set_errno(err, STATUS_SYSTEM, errnum, "can't run tcpdump");
}

int viewer_end(struct viewer *viewer, struct err *err)
{
	int status;
	pid_t pid;

	close(viewer->fd);
	do
		pid = waitpid(viewer->pid, &status, 0);
	while (pid < 0 && errno == EINTR);
	if (pid < 0)
		return err_set_errno(err, STATUS_SYSTEM, errno, "can't wait for tcpdump");
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return 0;
	if (WIFSIGNALED(status))
		return err_set(err, STATUS_SYSTEM, "tcpdump was ended by signal %d (%s)",
			       WTERMSIG(status), strsignal(WTERMSIG(status)));
	return err_set(err, STATUS_SYSTEM, "tcpdump failed with status %d", WEXITSTATUS(status));
}
