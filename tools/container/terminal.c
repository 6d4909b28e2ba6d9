// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>

#include "cleanup.h"
#include "container.h"
#include "terminal.h"

#define PTMX		"dev/pts/ptmx"
#define PTMX_DEVICE	makedev(5, 2)
#define LAST_READS	256		/* more than the kernel keeps of a terminal */

int terminal_check(bool wanted, bool interactive, struct err *err)
{
	if (wanted && interactive && !isatty(STDIN_FILENO))
		return err_set(err, CONTAINER_FAILED, "the input device is not a TTY");
	return 0;
}

/* ---- inside ----------------------------------------------------------------------------- */

/* Root in the container may have put something else there. */
static bool is_ptmx(int fd)
{
	struct statfs fs;
	struct stat st;

	return !fstatfs(fd, &fs) && fs.f_type == DEVPTS_SUPER_MAGIC && !fstat(fd, &st) &&
	       S_ISCHR(st.st_mode) && st.st_rdev == PTMX_DEVICE;
}

int terminal_create(struct err *err)
{
	cleanup_close int root = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	cleanup_close int master = mount_resolve(root, PTMX, O_RDWR | O_NOCTTY | O_NONBLOCK);
	cleanup_close int slave = -1;
	int unlock = 0, fd;

	if (master < 0)
		return err_set_errno(err, CONTAINER_FAILED, errno, "terminal: open /" PTMX);
	if (!is_ptmx(master))
		return err_set(err, CONTAINER_FAILED, "terminal: /" PTMX " is not what it should be");
	if (ioctl(master, TIOCSPTLCK, &unlock) < 0)
		return err_set_errno(err, CONTAINER_FAILED, errno, "terminal: unlock it");
	/* by no path, so it is the other end of this one */
	slave = ioctl(master, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (slave < 0)
		return err_set_errno(err, CONTAINER_FAILED, errno, "terminal: open its slave");
	for (fd = 0; fd <= STDERR_FILENO; fd++) {
		if (dup2(slave, fd) < 0)
			return err_set_errno(err, CONTAINER_FAILED, errno,
					     "terminal: make it the standard files");
	}
	return take_fd(&master);
}

int terminal_control(struct err *err)
{
	if (ioctl(STDIN_FILENO, TIOCSCTTY, 0) < 0)
		return err_set_errno(err, CONTAINER_FAILED, errno, "terminal: take control of it");
	return 0;
}

/* ---- outside ---------------------------------------------------------------------------- */

static void make_raw(struct terminal *terminal)
{
	struct termios raw;

	if (tcgetattr(terminal->in, &terminal->saved) < 0)
		return;
	raw = terminal->saved;
	cfmakeraw(&raw);
	terminal->raw = !tcsetattr(terminal->in, TCSADRAIN, &raw);
}

void terminal_begin(struct terminal *terminal, bool interactive)
{
	if (terminal->master < 0)
		return;
	terminal->out = STDOUT_FILENO;
	terminal_resize(terminal);
	if (!interactive)
		return;
	terminal->in = STDIN_FILENO;
	make_raw(terminal);
}

void terminal_resize(const struct terminal *terminal)
{
	struct winsize size;

	/* the output may go elsewhere */
	if (terminal->master >= 0 && (!ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) ||
				      !ioctl(STDIN_FILENO, TIOCGWINSZ, &size)))
		ioctl(terminal->master, TIOCSWINSZ, &size);
}

static bool is_empty(const struct terminal_flow *flow)
{
	return flow->begin == flow->end;
}

/* A descriptor that waits for nothing would still say that its other end is closed. */
static struct pollfd wait_for(int fd, short events)
{
	return (struct pollfd){ .fd = events ? fd : -1, .events = events };
}

void terminal_poll(const struct terminal *terminal, struct pollfd *fds)
{
	bool type = is_empty(&terminal->typed), show = is_empty(&terminal->shown);

	fds[0] = wait_for(terminal->in, type ? POLLIN : 0);
	fds[1] = wait_for(terminal->master, (type ? 0 : POLLOUT) | (show ? POLLIN : 0));
	fds[2] = wait_for(terminal->out, show ? 0 : POLLOUT);
}

/* Until later, or its end: then *from is -1, but still its owner's. */
static void take(struct terminal_flow *flow, int *from)
{
	ssize_t n = read(*from, flow->data, sizeof(flow->data));

	if (n > 0) {
		flow->begin = 0;
		flow->end = n;
	} else if (!n || (errno != EAGAIN && errno != EINTR)) {
		*from = -1;
	}
}

/* What nobody takes any more is thrown away, so that the command can go on. */
static void give(struct terminal_flow *flow, int to)
{
	ssize_t n = to < 0 ? 0 : write(to, flow->data + flow->begin, flow->end - flow->begin);

	if (n > 0)
		flow->begin += n;
	else if (to < 0 || (errno != EAGAIN && errno != EINTR))
		flow->begin = flow->end;
}

/* All slaves are closed. */
static void hang_up(struct terminal *terminal)
{
	close_fd(&terminal->master);
	terminal->typed.begin = terminal->typed.end;
}

static void show(struct terminal *terminal)
{
	int from = terminal->master;

	take(&terminal->shown, &from);
	if (from < 0)
		hang_up(terminal);
}

void terminal_work(struct terminal *terminal, const struct pollfd *fds)
{
	const short readable = POLLIN | POLLHUP | POLLERR;

	if (fds[2].revents)
		give(&terminal->shown, terminal->out);
	if (fds[1].revents && !is_empty(&terminal->typed))
		give(&terminal->typed, terminal->master);
	if ((fds[1].revents & readable) && is_empty(&terminal->shown))
		show(terminal);
	if ((fds[0].revents & readable) && is_empty(&terminal->typed))
		take(&terminal->typed, &terminal->in);
}

/* Who does not take it holds vsw up, nobody else: the command has ended. */
static void show_all(struct terminal *terminal)
{
	struct pollfd poller = { .fd = terminal->out, .events = POLLOUT };

	while (!is_empty(&terminal->shown)) {
		poll(&poller, 1, -1);
		give(&terminal->shown, terminal->out);
	}
}

void terminal_end(struct terminal *terminal)
{
	int reads = 0;

	show_all(terminal);
	/* others may still have it open, and never end: what there is now */
	while (terminal->master >= 0 && reads++ < LAST_READS) {
		show(terminal);
		if (is_empty(&terminal->shown))
			break;
		show_all(terminal);
	}
	hang_up(terminal);
	if (terminal->raw)
		tcsetattr(STDIN_FILENO, TCSADRAIN, &terminal->saved);
	terminal->raw = false;
	terminal->in = terminal->out = -1;
}
