// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>

#include "cleanup.h"
#include "container.h"

static pid_t clone_with(struct container *c, uint64_t namespaces, struct err *err)
{
	struct clone_args args = {
		.flags = namespaces | CLONE_PIDFD,
		.pidfd = (uintptr_t)&c->pid_fd,
		.exit_signal = SIGCHLD,
	};
	pid_t pid;

	if (c->cgroup_fd >= 0) {
		args.flags |= CLONE_INTO_CGROUP;
		args.cgroup = c->cgroup_fd;
	}
	fflush(NULL);
	pid = syscall(SYS_clone3, &args, sizeof(args));
	if (pid < 0)
		return err_set_errno(err, CONTAINER_FAILED, errno, "namespaces: clone3");
	if (pid)
		c->pid = pid;
	return pid;
}

/*
 * One call makes all namespaces and puts the child into its cgroup: there is no
 * moment in which it runs outside of its limits.  All but the cgroup
 * namespace, whose root would be our cgroup: the kernel makes it before it moves
 * the child.  The child makes that one itself.
 */
pid_t namespaces_clone(struct container *c, struct err *err)
{
	uint64_t flags = CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWNET;

	return clone_with(c, c->spec->userns ? flags | CLONE_NEWUSER : flags, err);
}

pid_t namespaces_fork(struct container *c, struct err *err)
{
	return clone_with(c, 0, err);
}

int namespaces_open(const struct container *c, const char *name)
{
	char path[64];

	/* not reaped yet, so the number is still its own */
	snprintf(path, sizeof(path), "/proc/%d/ns/%s", c->pid, name);
	return open(path, O_RDONLY | O_CLOEXEC);
}

static int write_map(const struct container *c, const char *file, struct err *err)
{
	cleanup_close int fd = -1;
	char path[64], map[64];
	int n;

	snprintf(path, sizeof(path), "/proc/%d/%s", c->pid, file);
	n = snprintf(map, sizeof(map), "0 %u %u\n", c->id_base, SPEC_USERNS_IDS);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0 || write(fd, map, n) != n)
		return err_set_errno(err, CONTAINER_FAILED, errno, "namespaces: write %s", file);
	return 0;
}

int namespaces_map_ids(const struct container *c, struct err *err)
{
	if (!c->spec->userns)
		return 0;
	return write_map(c, "uid_map", err) < 0 || write_map(c, "gid_map", err) < 0 ? -1 : 0;
}
