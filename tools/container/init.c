// SPDX-License-Identifier: GPL-2.0
/*
 * The child, from clone to exec.  It begins as a copy of vsw with all its
 * power in new namespaces, and gives away one thing after the other.  It is a
 * copy of a program with one thread, so all of the library may be used.
 */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <limits.h>
#include <linux/close_range.h>
#include <linux/keyctl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include "cleanup.h"
#include "container.h"

#define SYNC_FD	3	/* where the child keeps it: everything above is closed */

/* Dies with vsw.  A change of user takes it back, so it is set again after. */
static int die_with_parent(const struct spec *spec, struct err *err)
{
	if (!spec->supervision && prctl(PR_SET_PDEATHSIG, SIGKILL) < 0)
		return err_set_errno(err, CONTAINER_FAILED, errno, "start: PR_SET_PDEATHSIG");
	return 0;
}

/*
 * Nothing of vsw but the pair and the standard files.  Its directories must not
 * be reachable by a number, not even until exec: "--workdir /proc/self/fd/7".
 */
int init_keep_only(const struct spec *spec, int sync_fd, struct err *err)
{
	int fd;

	for (fd = 0; spec->supervision && fd <= 2; fd++)
		if (dup2(spec->supervision->files[fd], fd) < 0)
			return err_set_errno(err, CONTAINER_FAILED, errno,
					     "start: the standard files");
	if (sync_fd != SYNC_FD && dup3(sync_fd, SYNC_FD, O_CLOEXEC) < 0)
		return err_set_errno(err, CONTAINER_FAILED, errno, "start: keep the pair");
	if (close_range(SYNC_FD + 1, ~0U, 0) < 0)
		return err_set_errno(err, CONTAINER_FAILED, errno, "start: close descriptors");
	return 0;
}

void init_reset_signals(void)
{
	int sig;

	for (sig = 1; sig < _NSIG; sig++)
		signal(sig, SIG_DFL);
}

/* A message from vsw.  When that is gone there is nobody to tell. */
int init_await(enum sync_kind kind, int *fd, struct err *err)
{
	int got = sync_receive(SYNC_FD, fd, NULL);

	if (!got)
		_exit(CONTAINER_FAILED);
	if (got < 0)
		return err_set_errno(err, CONTAINER_FAILED, errno, "start: hear from vsw");
	if (got != (int)kind)
		return err_set(err, CONTAINER_FAILED, "start: message %d in place of %d",
			       got, kind);
	return 0;
}

int init_call(enum sync_kind kind, int fd, struct err *err)
{
	if (sync_send(SYNC_FD, kind, fd) < 0)
		return err_set_errno(err, CONTAINER_FAILED, errno, "start: tell vsw");
	return 0;
}

/* Root of the new user namespace.  Until now we are nobody in it. */
static int become_root(const struct container *c, struct err *err)
{
	if (!c->spec->userns)
		return 0;
	if (setresgid(0, 0, 0) < 0 || setgroups(0, NULL) < 0 || setresuid(0, 0, 0) < 0)
		return err_set_errno(err, CONTAINER_FAILED, errno,
				     "namespaces: become root of the user namespace");
	return die_with_parent(c->spec, err);
}

/* An image's working directory need not be in it. What fails shows when it is entered. */
static void make_workdir(const struct spec *spec)
{
	char path[PATH_MAX];
	size_t i;

	if (snprintf(path, sizeof(path), "%s/", spec->workdir) >= (int)sizeof(path))
		return;
	for (i = 1; path[i]; i++) {
		if (path[i] != '/')
			continue;
		path[i] = '\0';
		mkdir(path, 0755);
		path[i] = '/';
	}
}

static int build(struct container *c, struct err *err)
{
	const struct spec *spec = c->spec;
	cleanup_close int root = mounts_attach_root(c, err);
	cleanup_close int proc = -1;

	if (root < 0 || become_root(c, err) < 0)
		return -1;
	if (unshare(CLONE_NEWCGROUP) < 0)
		return err_set_errno(err, CONTAINER_FAILED, errno,
				     "namespaces: make a cgroup namespace");
	if (mounts_fill(root, err) < 0)
		return -1;
	proc = mount_resolve(root, "proc", O_PATH | O_DIRECTORY);
	if (proc < 0)
		return err_set_errno(err, CONTAINER_FAILED, errno, "mount: open /proc");
	if (inside_configure(spec, proc, err) < 0 || mounts_restrict(root, err) < 0)
		return -1;
	if (sethostname(spec->hostname, strlen(spec->hostname)) < 0)
		return err_set_errno(err, CONTAINER_FAILED, errno, "namespaces: set the host name");
	if (mounts_pivot(root, err) < 0)
		return -1;
	if (spec->make_workdir)
		make_workdir(spec);
	return 0;
}

/* The directory must be below our root: a path that is not has no name here. */
int init_enter_workdir(const struct spec *spec, struct err *err)
{
	cleanup_free char *here = NULL;

	if (chdir(spec->workdir) < 0)
		return err_set_errno(err, CONTAINER_FAILED, errno, "workdir: '%s'",
				     spec->workdir);
	here = getcwd(NULL, 0);
	if (!here || here[0] != '/')
		return err_set(err, CONTAINER_FAILED, "workdir: '%s' is outside of the rootfs",
			       spec->workdir);
	return 0;
}

/* The limit of CPU time does not count real-time processes. */
static int leave_real_time(struct err *err)
{
	struct sched_param param = { 0 };
	int policy = sched_getscheduler(0);

	if ((policy == SCHED_FIFO || policy == SCHED_RR) &&
	    sched_setscheduler(0, SCHED_OTHER, &param) < 0)
		return err_set_errno(err, CONTAINER_FAILED, errno, "start: leave real time");
	return 0;
}

/*
 * Keys of who started vsw stay there.  A kernel without keys has none, and a
 * runtime that vsw itself is in may refuse to make a keyring.
 */
static int leave_keyring(struct err *err)
{
	if (syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, NULL) < 0 && errno != ENOSYS &&
	    errno != EPERM && errno != EINVAL)
		return err_set_errno(err, CONTAINER_FAILED, errno,
				     "start: make a session keyring");
	return 0;
}

/* No controlling terminal: nothing can be typed into that of vsw. */
int init_leave_session(struct err *err)
{
	if (setsid() < 0)
		return err_set_errno(err, CONTAINER_FAILED, errno, "start: make a session");
	return 0;
}

int init_give_up_power(const struct spec *spec, struct err *err)
{
	if (leave_keyring(err) < 0)
		return -1;
	umask(022);
	if (leave_real_time(err) < 0 || caps_limit_bounding(spec, err) < 0)
		return -1;
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return err_set_errno(err, CONTAINER_FAILED, errno, "start: PR_SET_NO_NEW_PRIVS");
	return caps_apply(spec, err);
}

/* Its terminal, if it is to have one, is its user's and not root's. */
static int take_terminal(const struct spec *spec, struct err *err)
{
	cleanup_close int master = -1;

	if (!spec->terminal)
		return 0;
	master = terminal_create(err);
	if (master < 0 || terminal_control(err) < 0)
		return -1;
	return init_call(SYNC_TERMINAL, master, err);
}

static int restrict_self(const struct container *c, struct err *err)
{
	if (init_leave_session(err) < 0 || init_give_up_power(c->spec, err) < 0 ||
	    die_with_parent(c->spec, err) < 0 || take_terminal(c->spec, err) < 0)
		return -1;
	return init_enter_workdir(c->spec, err);
}

static int set_exec_error(const char *command, int errnum, struct err *err)
{
	if (errnum == ENOENT && strchr(command, '/') && !access(command, F_OK))
		return err_set(err, CONTAINER_NOT_FOUND,
			       "command '%s': its interpreter is not in the rootfs", command);
	if (errnum == ENOENT || errnum == ENOTDIR)
		return err_set(err, CONTAINER_NOT_FOUND, "command '%s' is not in the rootfs",
			       command);
	return err_set_errno(err, CONTAINER_NOT_EXECUTABLE, errnum,
			     "command '%s' can't be executed", command);
}

static const char *find_path(const struct spec *spec)
{
	size_t i;

	for (i = 0; i < spec->n_env; i++) {
		if (!strncmp(spec->env[i], "PATH=", 5))
			return spec->env[i] + 5;
	}
	return "";
}

/* Returns only with an error. */
static int execute(const struct spec *spec, struct err *err)
{
	const char *command = spec->argv[0], *dir, *end;
	int worst = ENOENT;
	char path[4096];

	if (strchr(command, '/')) {
		execve(command, spec->argv, spec->env);
		return set_exec_error(command, errno, err);
	}
	for (dir = find_path(spec); *dir; dir = *end ? end + 1 : end) {
		end = strchrnul(dir, ':');
		if (end == dir || snprintf(path, sizeof(path), "%.*s/%s", (int)(end - dir), dir,
					   command) >= (int)sizeof(path))
			continue;
		execve(path, spec->argv, spec->env);
		/* as a shell does: a file that is there but can't be run counts */
		if (errno != ENOENT && errno != ENOTDIR)
			worst = errno;
	}
	return set_exec_error(command, worst, err);
}

int init_execute(const struct container *c, struct err *err)
{
	sigset_t none;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	if (close_range(SYNC_FD, ~0U, CLOSE_RANGE_CLOEXEC) < 0)
		return err_set_errno(err, CONTAINER_FAILED, errno, "start: close descriptors");
	if (seccomp_install(c->filters, err) < 0)
		return -1;
	return execute(c->spec, err);
}

void init_fail(const struct err *err)
{
	sync_send_error(SYNC_FD, err);
	_exit(err->status);
}

void init_main(struct container *c, int sync_fd)
{
	struct err err = ERR_INIT;

	if (init_keep_only(c->spec, sync_fd, &err) < 0)
		_exit(CONTAINER_FAILED);
	init_reset_signals();
	/*
	 * If vsw died before this line, it does not answer: the pair is closed.
	 * So it is after each change of user.
	 */
	if (!die_with_parent(c->spec, &err) && !init_await(SYNC_START, &c->tree_fd, &err) &&
	    !build(c, &err) && !restrict_self(c, &err) && !init_call(SYNC_READY, -1, &err) &&
	    !init_await(SYNC_GO, NULL, &err))
		init_execute(c, &err);
	init_fail(&err);
}
