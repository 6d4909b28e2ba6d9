/* SPDX-License-Identifier: GPL-2.0 */
/* Sockets in named network namespaces, for the C programs of the selftests. */
#ifndef SELFTESTS_NETNS_H
#define SELFTESTS_NETNS_H

#include <err.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Where the process was when it started. */
static int netns_home = -1;

/* Enter the namespace @name, or the one of the start if it is NULL. */
static inline void netns_enter(const char *name)
{
	char path[256];
	int fd;

	if (netns_home < 0) {
		netns_home = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
		if (netns_home < 0)
			err(2, "/proc/self/ns/net");
	}
	if (!name) {
		if (setns(netns_home, CLONE_NEWNET))
			err(2, "setns");
		return;
	}
	snprintf(path, sizeof(path), "/run/netns/%s", name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || setns(fd, CLONE_NEWNET))
		err(2, "%s", path);
	close(fd);
}

/*
 * Enter the namespace of "NS/REST", if there is one before the slash.
 * Returns REST; the text is cut in two.
 */
static inline char *netns_enter_of(char *text)
{
	char *slash = strrchr(text, '/');

	if (!slash) {
		netns_enter(NULL);
		return text;
	}
	*slash = 0;
	netns_enter(text);
	return slash + 1;
}

#endif
