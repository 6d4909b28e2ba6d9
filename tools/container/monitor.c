// SPDX-License-Identifier: GPL-2.0
/*
 * The container from outside while it is made and while it runs.
 *
 * Its command is process 1 of its pid namespace, so a signal that it does not
 * handle does nothing there: the kernel protects process 1.  It is forwarded as
 * it is; SIGKILL for vsw ends the container, through PR_SET_PDEATHSIG or, when
 * its command has changed its ids and so lost that, through keeper.c.
 */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "cleanup.h"
#include "container.h"

static const int forwarded[] = {
	SIGHUP, SIGINT, SIGQUIT, SIGUSR1, SIGUSR2, SIGALRM, SIGTERM, SIGWINCH, SIGIO, SIGPWR,
	SIGVTALRM, SIGPROF,
};

/* Not one that we were told to ignore: blocked, it would come nevertheless. */
static void add_signal(sigset_t *set, int sig)
{
	struct sigaction old;

	if (sigaction(sig, NULL, &old) < 0 || old.sa_handler != SIG_IGN)
		sigaddset(set, sig);
}

int monitor_block_signals(struct container *c, struct err *err)
{
	sigset_t set;
	size_t i;
	int sig;

	sigemptyset(&set);
	for (i = 0; i < sizeof(forwarded) / sizeof(forwarded[0]); i++)
		add_signal(&set, forwarded[i]);
	for (sig = SIGRTMIN; sig <= SIGRTMAX; sig++)
		add_signal(&set, sig);
	/* whoever reads our output and goes does not end the container */
	signal(SIGPIPE, SIG_IGN);
	c->signal_fd = -1;
	if (sigprocmask(SIG_BLOCK, &set, NULL) == 0)
		c->signal_fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	if (c->signal_fd < 0)
		return err_set_errno(err, CONTAINER_FAILED, errno, "signals: block them");
	return 0;
}

/* The next signal that waits, or 0. */
static int next_signal(const struct container *c)
{
	struct signalfd_siginfo info;

	return read(c->signal_fd, &info, sizeof(info)) == sizeof(info) ? (int)info.ssi_signo : 0;
}

static bool ends_vsw(int sig)
{
	return sig == SIGHUP || sig == SIGINT || sig == SIGQUIT || sig == SIGTERM;
}

/* Until it has ended: collect it. */
static int collect(struct container *c)
{
	siginfo_t info = { 0 };
	int ret;

	if (c->reaped)
		return 0;
	do {
		ret = waitid(P_PIDFD, c->pid_fd, &info, WEXITED);
	} while (ret < 0 && errno == EINTR);
	if (ret < 0)
		return -1;
	c->reaped = true;
	c->exit_status = info.si_code == CLD_EXITED ? info.si_status :
						      CONTAINER_SIGNALED + info.si_status;
	return 0;
}

void monitor_kill(struct container *c)
{
	if (!c->pid || c->reaped)
		return;
	syscall(SYS_pidfd_send_signal, c->pid_fd, SIGKILL, NULL, 0);
	collect(c);
}

/* Its end of the pair is closed, and it did not say why. */
static int died(struct container *c, struct err *err)
{
	if (collect(c) < 0)
		return err_set_errno(err, CONTAINER_FAILED, errno, "start: wait for the child");
	if (c->exit_status > CONTAINER_SIGNALED)
		return err_set(err, CONTAINER_FAILED, "start: the child was ended by signal %d (%s)",
			       c->exit_status - CONTAINER_SIGNALED,
			       strsignal(c->exit_status - CONTAINER_SIGNALED));
	return err_set(err, CONTAINER_FAILED, "start: the child ended with status %d",
		       c->exit_status);
}

/* -1: vsw shall end. */
static int stop_by_signal(struct container *c, struct err *err)
{
	int sig;

	while ((sig = next_signal(c))) {
		if (ends_vsw(sig))
			return err_set(err, CONTAINER_SIGNALED + sig,
				       "start: stopped by signal %d (%s)", sig, strsignal(sig));
	}
	return 0;
}

static void keep_fd(int *place, int fd)
{
	if (fd < 0)
		return;
	close_fd(place);
	*place = fd;
}

/* A supervisor writes down what is shown on a terminal as all else that is said. */
static int *place_of(struct container *c, int kind)
{
	if (kind != SYNC_TERMINAL)
		return &c->command_fd;
	return c->spec->supervision ? &c->spec->supervision->output[0] : &c->terminal.master;
}

/* The kind of the next message, 0: the pair is closed, -1 with err set. */
static int next_message(struct container *c, struct err *err)
{
	struct pollfd fds[] = {
		{ .fd = c->sync_fd, .events = POLLIN },
		{ .fd = c->signal_fd, .events = POLLIN },
	};
	int kind, fd;

	for (;;) {
		if (poll(fds, 2, -1) < 0 && errno != EINTR)
			return err_set_errno(err, CONTAINER_FAILED, errno, "start: poll");
		if (stop_by_signal(c, err) < 0)
			return -1;
		if (!(fds[0].revents & (POLLIN | POLLHUP | POLLERR)))
			continue;
		fd = -1;
		kind = sync_receive(c->sync_fd, &fd, err);
		if (kind < 0)
			return err_set_errno(err, CONTAINER_FAILED, errno,
					     "start: hear from the child");
		keep_fd(place_of(c, kind), fd);
		if (kind == SYNC_TERMINAL)
			continue;
		return kind == SYNC_ERROR ? -1 : kind;
	}
}

int monitor_await(struct container *c, int fd, int ms, struct err *err)
{
	struct pollfd fds[] = {
		{ .fd = fd, .events = POLLIN },
		{ .fd = c->signal_fd, .events = POLLIN },
	};

	if (poll(fds, 2, ms) < 0 && errno != EINTR)
		return err_set_errno(err, CONTAINER_FAILED, errno, "start: poll");
	if (stop_by_signal(c, err) < 0)
		return -1;
	return fds[0].revents & POLLIN ? 1 : 0;
}

int monitor_expect(struct container *c, enum sync_kind kind, struct err *err)
{
	int got = next_message(c, err);

	if (got < 0)
		return -1;
	if (!got)
		return died(c, err);
	if (got != (int)kind)
		return err_set(err, CONTAINER_FAILED, "start: message %d in place of %d",
			       got, kind);
	return 0;
}

void monitor_ask(struct container *c, struct err *err)
{
	struct pollfd poller = { .fd = c->sync_fd, .events = POLLIN };

	if (poll(&poller, 1, 0) == 1 && !sync_receive(c->sync_fd, NULL, err))
		died(c, err);
}

int monitor_exec(struct container *c, struct err *err)
{
	int got = next_message(c, err);

	if (got > 0)
		return err_set(err, CONTAINER_FAILED, "start: message %d in place of exec", got);
	/* closed by exec, or it died on the way there: waiting for it will tell */
	return got;
}

/* What it said; with drain all of it that is there. */
static void read_output(struct supervision *supervision, int number, bool drain)
{
	struct pollfd fd = { .events = POLLIN };

	do {
		fd.fd = supervision->output[number];
		if (fd.fd < 0 || poll(&fd, 1, 0) <= 0)
			return;
		if (!supervision->read(supervision, number))
			close_fd(&supervision->output[number]);
	} while (drain);
}

/* It is forwarded; the size of its terminal the container is told by that. */
static void forward(const struct container *c, int sig)
{
	if (sig == SIGWINCH && c->terminal.master >= 0)
		terminal_resize(&c->terminal);
	else
		syscall(SYS_pidfd_send_signal, c->command_fd >= 0 ? c->command_fd : c->pid_fd, sig,
			NULL, 0);
}

int monitor_wait(struct container *c, struct err *err)
{
	struct supervision *supervision = c->spec->supervision;
	struct pollfd fds[5 + TERMINAL_FDS] = {
		{ .fd = c->pid_fd, .events = POLLIN },
		{ .fd = c->signal_fd, .events = POLLIN },
		{ .events = POLLIN },
		{ .fd = -1, .events = POLLIN },
		{ .fd = -1, .events = POLLIN },
	};
	int sig, i;

	for (;;) {
		fds[2].fd = c->lease.fd;
		for (i = 0; supervision && i < 2; i++)
			fds[3 + i].fd = supervision->output[i];
		terminal_poll(&c->terminal, fds + 5);
		if (poll(fds, 5 + TERMINAL_FDS, lease_timeout(&c->lease)) < 0 && errno != EINTR)
			return err_set_errno(err, CONTAINER_FAILED, errno, "wait: poll");
		lease_work(c);
		for (i = 0; supervision && i < 2; i++)
			read_output(supervision, i, false);
		while ((sig = next_signal(c)))
			forward(c, sig);
		terminal_work(&c->terminal, fds + 5);
		if (fds[0].revents & POLLIN)
			break;
	}
	terminal_end(&c->terminal);
	if (collect(c) < 0)
		return err_set_errno(err, CONTAINER_FAILED, errno, "wait: collect the status");
	for (i = 0; supervision && i < 2; i++)
		read_output(supervision, i, true);
	return 0;
}
