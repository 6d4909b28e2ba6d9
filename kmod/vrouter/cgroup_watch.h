/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A watch on the cgroup (of cgroup v2) that a backend lives in. Nothing polls: the kernel
 * wakes who waits on cgroup.events when the cgroup gets empty, frozen or thawed, and on
 * memory.events when a process in it was killed for memory. A work reads the file then and
 * does to the backend what is to be done, under vrt_net.lock.
 *
 * A watch keeps both files open, so as long as there is one the cgroup's mount is busy. It
 * refers to its backend. It ends in a work, too, that waits for the other: so it can be
 * stopped under vrt_net.lock.
 */
#ifndef _VROUTER_CGROUP_WATCH_H
#define _VROUTER_CGROUP_WATCH_H

#include "backend.h"

/*
 * Open the files of the cgroup whose directory @fd is, which the caller may read. An error
 * pointer, with a sentence: -EBADF, -EINVAL: it is none; -ESRCH: nothing lives in it;
 * -ENOMEM, and what opening says. Sleeps; not under vrt_net.lock, as it waits for others.
 */
struct vrt_cgroup_watch *vrt_cgroup_watch_open(int fd, struct netlink_ext_ack *extack);
/* One that was not started; NULL is allowed. */
void vrt_cgroup_watch_close(struct vrt_cgroup_watch *watch);

/* All of these under vrt_net.lock. -ENOSPC, with a sentence: @watch would be one too many. */
int vrt_cgroup_watch_check(const struct vrt_net *rn, const struct vrt_cgroup_watch *watch,
			   struct netlink_ext_ack *extack);
/* @backend has @watch from now on. */
void vrt_cgroup_watch_start(struct vrt_cgroup_watch *watch, struct vrt_backend *backend);
/* It has none any more. */
void vrt_cgroup_watch_stop(struct vrt_backend *backend);

/* Those that were stopped are gone, behind it. Not under vrt_net.lock. */
void vrt_cgroup_watch_flush(void);

/*
 * The value of @key in @text, lines of "key value" as the files have them; false: there is
 * none.
 */
bool vrt_cgroup_watch_key(const char *text, const char *key, u64 *value);

int vrt_cgroup_watch_register(void);
void vrt_cgroup_watch_unregister(void);

#endif /* _VROUTER_CGROUP_WATCH_H */
