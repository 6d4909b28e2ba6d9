// SPDX-License-Identifier: GPL-2.0
/*
 * Another process in a container that runs.
 *
 *   vsw, on the host           waits, forwards signals and what is typed
 *    `- escort                 is in the container's cgroup from its first instruction,
 *        |                     enters its namespaces, gives up its power and what it has
 *        |                     open, and only then ...
 *        `- command            ... is born in its process namespace, where others see it
 *
 * The escort itself stays outside of that, so nobody in the container knows of it.  It takes
 * the status of the command and ends with it: the kernel lets no process namespace end before
 * somebody did, and vsw may be stopped, or gone.
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/capability.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>

#include "cleanup.h"
#include "container.h"

#define NULL_DEVICE	makedev(1, 3)

struct joining {
	struct container *c;		/* the escort; cgroup and spec are of the container */
	const char *user;
	bool userns, detach;
};

/* ---- escort ----------------------------------------------------------------------------- */

static int join(const struct joining *joining, struct err *err)
{
	int kinds = CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWNET |
		    CLONE_NEWCGROUP;
	cleanup_close int init = -1;

	if (init_await(SYNC_START, &init, err) < 0)
		return -1;
	/* who is in it already may not enter it */
	if (setns(init, joining->userns ? kinds | CLONE_NEWUSER : kinds) < 0)
		return err_set_errno(err, CONTAINER_FAILED, errno, "namespaces: enter them");
	/* until now nobody in its user namespace; else this changes nothing */
	if (setresgid(0, 0, 0) < 0 || setresuid(0, 0, 0) < 0)
		return err_set_errno(err, CONTAINER_FAILED, errno, "namespaces: become root");
	return 0;
}

/*
 * By the files of the container, which may be anything: a file of /proc that would tell only
 * us.  So without power; what we then may not open is not there.
 */
static int choose_user(struct spec *spec, const char *user, struct err *err)
{
	static char *root[] = { "/" };
	cap_t all, none;
	int ret = -1;

	if (!user)
		return 0;
	all = cap_get_proc();
	none = all ? cap_dup(all) : NULL;
	spec->layers = root;
	spec->n_layers = 1;
	if (!none || cap_clear_flag(none, CAP_EFFECTIVE) < 0 || cap_set_proc(none) < 0)
		err_set_errno(err, CONTAINER_FAILED, errno, "user: do without capabilities");
	else
		ret = spec_find_user(spec, user, err);
	if (!ret && cap_set_proc(all) < 0)
		ret = err_set_errno(err, CONTAINER_FAILED, errno, "user: take them again");
	cap_free(none);
	cap_free(all);
	return ret;
}

static int choose_env(struct spec *spec, struct err *err)
{
	static char hostname[SPEC_NAME_MAX + 1];

	if (gethostname(hostname, sizeof(hostname) - 1) < 0)
		return err_set_errno(err, CONTAINER_FAILED, errno, "env: ask for the host name");
	spec->hostname = hostname;
	return spec_finish_env(spec, err);
}

/* The container's: on the host's, root in it could set owner and mode. */
static int open_null(struct err *err)
{
	cleanup_close int root = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	cleanup_close int fd = mount_resolve(root, "dev/null", O_RDWR | O_NOCTTY | O_NONBLOCK);
	struct stat st;

	if (fd < 0)
		return err_set_errno(err, CONTAINER_FAILED, errno, "start: open /dev/null");
	if (fstat(fd, &st) < 0 || !S_ISCHR(st.st_mode) || st.st_rdev != NULL_DEVICE)
		return err_set(err, CONTAINER_FAILED,
			       "start: the container's /dev/null is another device");
	/* not for the command to wonder about */
	fcntl(fd, F_SETFL, 0);
	return take_fd(&fd);
}

/* The master of a terminal that vsw does not take is left. */
static int take_standard_files(const struct joining *joining, int *master, struct err *err)
{
	const struct spec *spec = joining->c->spec;
	cleanup_close int null = -1;
	int fd, last;

	if (spec->terminal) {
		*master = terminal_create(err);
		if (*master < 0 || joining->detach)
			return *master < 0 ? -1 : 0;
		if (init_call(SYNC_TERMINAL, *master, err) < 0)
			return -1;
		close_fd(master);
		return 0;
	}
	last = joining->detach ? STDERR_FILENO : spec->interactive ? -1 : STDIN_FILENO;
	if (last < 0)
		return 0;
	null = open_null(err);
	if (null < 0)
		return -1;
	for (fd = 0; fd <= last; fd++) {
		if (dup2(null, fd) < 0)
			return err_set_errno(err, CONTAINER_FAILED, errno,
					     "start: put /dev/null in place");
	}
	return 0;
}

/* The memory that the command begins with knows what vsw was told. */
static void forget_environment(void)
{
	char **variable;

	for (variable = environ; *variable; variable++)
		explicit_bzero(*variable, strlen(*variable));
}

/* Here others may see us, but there is nothing left to see. */
static void become_command(struct container *c) __attribute__((noreturn));
static void become_command(struct container *c)
{
	struct err err = ERR_INIT;

	if (!init_await(SYNC_GO, NULL, &err) && !init_leave_session(&err) &&
	    (!c->spec->terminal || !terminal_control(&err)) &&
	    !init_enter_workdir(c->spec, &err))
		init_execute(c, &err);
	init_fail(&err);
}

/* Nobody reads from a terminal that was detached: it must not fill. */
static void escort(int pid_fd, int master) __attribute__((noreturn));
static void escort(int pid_fd, int master)
{
	struct pollfd fds[] = {
		{ .fd = pid_fd, .events = POLLIN },
		{ .fd = master, .events = POLLIN },
	};
	siginfo_t info = { 0 };
	char text[TERMINAL_BUFFER];

	while (!(fds[0].revents & POLLIN)) {
		poll(fds, 2, -1);
		if (fds[1].revents && read(master, text, sizeof(text)) < 0 && errno != EAGAIN)
			fds[1].fd = -1;
	}
	waitid(P_PIDFD, pid_fd, &info, WEXITED);
	_exit(info.si_code == CLD_EXITED ? info.si_status : CONTAINER_SIGNALED + info.si_status);
}

static int enter(const struct joining *joining, int *master, struct err *err)
{
	struct spec *spec = joining->c->spec;

	if (join(joining, err) < 0 || choose_user(spec, joining->user, err) < 0 ||
	    choose_env(spec, err) < 0)
		return -1;
	if (init_leave_session(err) < 0 || init_give_up_power(spec, err) < 0)
		return -1;
	return take_standard_files(joining, master, err);
}

static void escort_main(const struct joining *joining, int sync_fd) __attribute__((noreturn));
static void escort_main(const struct joining *joining, int sync_fd)
{
	struct container *c = joining->c;
	struct err err = ERR_INIT;
	int master = -1;
	sigset_t all;

	if (init_keep_only(joining->c->spec, sync_fd, &err) < 0)
		_exit(CONTAINER_FAILED);
	c->cgroup_fd = c->pid_fd = -1;
	/* the command unblocks them */
	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, NULL);
	init_reset_signals();
	prctl(PR_SET_NAME, "vsw-exec");
	if (enter(joining, &master, &err) < 0)
		init_fail(&err);
	forget_environment();
	c->pid = namespaces_fork(c, &err);
	if (!c->pid)
		become_command(c);
	if (c->pid < 0 || init_call(SYNC_READY, c->pid_fd, &err) < 0)
		init_fail(&err);
	/* who waits for the end of the pair, or of a pipe, waits for the command's */
	if (dup3(c->pid_fd, STDIN_FILENO, O_CLOEXEC) < 0 ||
	    (master >= 0 && dup3(master, STDOUT_FILENO, O_CLOEXEC) < 0))
		_exit(CONTAINER_FAILED);
	close_range(master < 0 ? STDOUT_FILENO : STDERR_FILENO, ~0U, 0);
	escort(STDIN_FILENO, master < 0 ? -1 : STDOUT_FILENO);
}

/* ---- vsw -------------------------------------------------------------------------------- */

static int check(struct container *c, bool detach, struct err *err)
{
	const struct spec *spec = c->spec;

	if (!spec->argv[0])
		return err_set(err, CONTAINER_FAILED, "the command is missing");
	if (!*spec->argv[0])
		return err_set(err, CONTAINER_NOT_FOUND, "the command is empty");
	if (create_check_files(err) < 0 ||
	    terminal_check(spec->terminal, spec->interactive && !detach, err) < 0 ||
	    seccomp_build(c->filters, err) < 0)
		return -1;
	return monitor_block_signals(c, err);
}

static int start(struct joining *joining, int init, struct err *err)
{
	struct container *c = joining->c;
	int pair[2];
	pid_t pid;

	if (sync_pair(pair, err) < 0)
		return -1;
	c->sync_fd = pair[0];
	pid = namespaces_fork(c, err);
	if (!pid)
		escort_main(joining, pair[1]);
	close(pair[1]);
	if (pid < 0 || oom_score_reset(c, err) < 0 || ulimit_apply(c, err) < 0)
		return -1;
	if (sync_send(c->sync_fd, SYNC_START, init) < 0)
		return err_set_errno(err, CONTAINER_FAILED, errno, "start: call the child");
	if (monitor_expect(c, SYNC_READY, err) < 0)
		return -1;
	terminal_begin(&c->terminal, c->spec->interactive);
	if (sync_send(c->sync_fd, SYNC_GO, -1) < 0)
		return err_set_errno(err, CONTAINER_FAILED, errno, "start: let the child go");
	return monitor_exec(c, err);
}

/*
 * The capabilities and limits of its first process, which may have lost some since, but can't
 * have won any.  Whether it was that process is asked after this.
 */
static int take_after(struct spec *spec, pid_t pid, struct err *err)
{
	char path[32], line[256];
	struct rlimit limit;
	FILE *file;
	int i;

	snprintf(path, sizeof(path), "/proc/%d/status", pid);
	file = fopen(path, "re");
	if (!file)
		return err_set_errno(err, CONTAINER_FAILED, errno, "start: '%s'", path);
	spec->caps_dropped = SPEC_ALL_CAPS;
	while (fgets(line, sizeof(line), file))
		if (!strncmp(line, "CapBnd:", 7))
			spec->caps_added = strtoull(line + 7, NULL, 16);
	fclose(file);
	for (i = 0; i < SPEC_ULIMITS_MAX; i++) {
		if (prlimit(pid, i, NULL, &limit) < 0)
			return err_set_errno(err, CONTAINER_FAILED, errno, "start: limits");
		spec->ulimits[i] = (struct spec_ulimit){ i, limit.rlim_cur, limit.rlim_max };
	}
	spec->n_ulimits = i;
	return 0;
}

static int run(struct joining *joining, struct err *err)
{
	struct container *c = joining->c;
	pid_t pid;
	cleanup_close int init = container_find_join(c->spec->name, &pid, &c->cgroup_fd,
						     &joining->userns, err);
	struct pollfd poller = { .fd = init, .events = POLLIN };
	int ret;

	if (init < 0) {
		err->status = CONTAINER_FAILED;
		return -1;
	}
	ret = take_after(c->spec, pid, err);
	if (!ret && poll(&poller, 1, 0) == 1)
		ret = -1;
	if (!ret)
		ret = start(joining, init, err);
	if (!ret && !joining->detach)
		ret = monitor_wait(c, err);
	/* whatever failed then */
	if (ret < 0 && (!err->status || err->status == CONTAINER_FAILED) &&
	    poll(&poller, 1, 0) == 1)
		err_set(err, CONTAINER_FAILED, "it has ended");
	if (ret < 0) {
		/* the command, if it has come so far, finds the pair closed */
		close_fd(&c->sync_fd);
		monitor_kill(c);
		return err_prefix(err, "container '%s'", c->spec->name);
	}
	return joining->detach ? 0 : c->exit_status;
}

int container_exec(struct spec *spec, const char *user, bool detach, struct err *err)
{
	struct container c = {
		.spec = spec,
		.cgroup_fd = -1, .pid_fd = -1, .sync_fd = -1, .signal_fd = -1, .command_fd = -1,
		.terminal = TERMINAL_NONE,
		.lease = { .fd = -1, .netns = -1 },
	};
	struct joining joining = { .c = &c, .user = user, .detach = detach };
	int ret = check(&c, detach, err);

	if (!ret)
		ret = run(&joining, err);
	terminal_end(&c.terminal);
	close_fd(&c.sync_fd);
	close_fd(&c.signal_fd);
	close_fd(&c.cgroup_fd);
	close_fd(&c.command_fd);
	close_fd(&c.pid_fd);
	seccomp_free(c.filters);
	return ret;
}
