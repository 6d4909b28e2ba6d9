/* SPDX-License-Identifier: GPL-2.0 */
/* What a variable holds goes away with it. */
#ifndef VSW_CONTAINER_CLEANUP_H
#define VSW_CONTAINER_CLEANUP_H

#include <dirent.h>
#include <stdlib.h>
#include <unistd.h>

static inline void cleanup_closep(int *fd)
{
	if (*fd >= 0)
		close(*fd);
}

static inline void cleanup_freep(void *p)
{
	free(*(void **)p);
}

static inline void cleanup_closedirp(DIR **dir)
{
	if (*dir)
		closedir(*dir);
}

#define cleanup_close	__attribute__((cleanup(cleanup_closep)))
#define cleanup_free	__attribute__((cleanup(cleanup_freep)))
#define cleanup_closedir __attribute__((cleanup(cleanup_closedirp)))

/* The value leaves its variable, which is then empty. */
static inline int take_fd(int *fd)
{
	int value = *fd;

	*fd = -1;
	return value;
}

/* Close what is open and note that it is closed. */
static inline void close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

#endif
