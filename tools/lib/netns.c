// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <linux/nsfs.h>

#include "netns.h"
#include "status.h"

#define NETNS_DIR "/run/netns"

static int open_netns(const char *which)
{
	char path[PATH_MAX];
	int fd, len;

	if (strchr(which, '/'))
		return open(which, O_RDONLY | O_CLOEXEC);
	if (!*which || !strcmp(which, ".") || !strcmp(which, "..")) {
		errno = ENOENT;
		return -1;
	}
	len = snprintf(path, sizeof(path), NETNS_DIR "/%s", which);
	if (len >= (int)sizeof(path)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd >= 0 || errno != ENOENT || strspn(which, "0123456789") != strlen(which))
		return fd;
	len = snprintf(path, sizeof(path), "/proc/%s/ns/net", which);
	return len < (int)sizeof(path) ? open(path, O_RDONLY | O_CLOEXEC) : -1;
}

int netns_open(const char *which, struct err *err)
{
	int fd = open_netns(which);

	if (fd < 0)
		return err_set_errno(err, STATUS_SYSTEM, errno, "network namespace '%s'", which);
	if (ioctl(fd, NS_GET_NSTYPE) == CLONE_NEWNET)
		return fd;
	close(fd);
	return err_set(err, STATUS_SYSTEM, "'%s' is not a network namespace", which);
}

int netns_enter(const char *which, struct err *err)
{
	int fd = netns_open(which, err), ret = 0;

	if (fd < 0)
		return -1;
	if (setns(fd, CLONE_NEWNET) < 0)
		ret = err_set_errno(err, STATUS_SYSTEM, errno,
				    errno == EPERM ?
				    "entering network namespace '%s' needs CAP_SYS_ADMIN" :
				    "can't enter network namespace '%s'", which);
	close(fd);
	return ret;
}

int netns_call(int netns, void (*call)(void *arg), void *arg, struct err *err)
{
	int home = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC), ret = -1, errnum;

	/* that it could come back shows before it goes */
	if (home < 0 || setns(home, CLONE_NEWNET) < 0 || setns(netns, CLONE_NEWNET) < 0) {
		err_set_errno(err, STATUS_SYSTEM, errno, errno == EPERM ?
			      "entering a network namespace needs CAP_SYS_ADMIN" :
			      "can't enter a network namespace");
		goto out;
	}
	call(arg);
	errnum = errno;
	ret = setns(home, CLONE_NEWNET);
	if (ret < 0)
		err_set_errno(err, STATUS_SYSTEM, errno, "can't come back from a network namespace");
	errno = errnum;
out:
	if (home >= 0)
		close(home);
	return ret;
}
