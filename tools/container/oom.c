// SPDX-License-Identifier: GPL-2.0
/*
 * A service may be told to survive when memory is short, and its children get
 * that from it.  A container must not: its limit would find nobody to kill, and
 * the host would kill others in its place.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "cleanup.h"
#include "container.h"

static int read_own(void)
{
	cleanup_close int fd = open("/proc/self/oom_score_adj", O_RDONLY | O_CLOEXEC);
	char text[16];
	ssize_t n;

	n = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);
	if (n < 0)
		return 0;
	text[n] = '\0';
	return strtol(text, NULL, 10);
}

/*
 * Written by us, not by the child: so it becomes the least that the container
 * can set, also with capabilities of its own user namespace.
 */
int oom_score_reset(const struct container *c, struct err *err)
{
	cleanup_close int fd = -1;
	char path[64], text[16];
	int own = read_own();

	snprintf(path, sizeof(path), "/proc/%d/oom_score_adj", c->pid);
	snprintf(text, sizeof(text), "%d", own > 0 ? own : 0);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		return err_set_errno(err, CONTAINER_FAILED, errno, "start: write oom_score_adj");
	return 0;
}
