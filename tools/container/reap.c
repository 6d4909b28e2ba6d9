// SPDX-License-Identifier: GPL-2.0
/*
 * What a vsw that was killed left behind.  Its container died with it; the
 * network adapter and all mounts go with the namespaces.  What remains is a
 * cgroup and some files, and for a moment the port.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "cleanup.h"
#include "container.h"

/*
 * Processes that were killed are gone at once, save those that hang in the
 * kernel, on a server that is away: every vsw comes by here, and none has to wait
 * for that.
 */
#define REMOVE_SECONDS	3

int reap_container(int base_fd, const char *name, struct err *err)
{
	struct record record;

	record_read(base_fd, name, &record);
	/* made, but not yet written down: then nothing was started in it */
	if (!record.cgroup_id)
		cgroup_remove_empty(name);
	if ((record.cgroup_id && cgroup_remove(name, record.cgroup_id, REMOVE_SECONDS, err) < 0) ||
	    network_remove_stale(name, &record, err) < 0 ||
	    state_remove(base_fd, name, err) < 0)
		return err_prefix(err, "remove what is left of container '%s'", name);
	return 0;
}

/* Call what for each name that nobody owns; the number of them, -1 if one fails. */
static int for_each_stale(int base_fd, int (*what)(int, const char *, struct err *),
			  struct err *err)
{
	int fd = openat(base_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	cleanup_closedir DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *entry;
	struct record record;
	int found = 0, ret = 0;

	if (!dir) {
		close_fd(&fd);
		return err_set_errno(err, CONTAINER_FAILED, errno, "state: read %s/containers",
				     state_base());
	}
	while ((entry = readdir(dir))) {
		if (!spec_name_valid(entry->d_name) || state_owned(base_fd, entry->d_name) ||
		    record_goes_on(base_fd, entry->d_name, &record))
			continue;
		found++;
		if (what && what(base_fd, entry->d_name, err) < 0)
			ret = -1;
	}
	return ret < 0 ? -1 : found;
}

int container_reap_stale(struct err *err)
{
	cleanup_close int base = state_open_base();
	int found, ret;

	if (base < 0) {
		if (errno == ENOENT)
			state_tidy();
		/* nothing there; or not ours to look at: then neither to remove */
		if (errno == ENOENT || errno == EACCES || errno == ENOTDIR)
			return 0;
		return err_set_errno(err, CONTAINER_FAILED, errno, "state: open %s/containers",
				     state_base());
	}
	/* a look without the lock: nearly always there is nothing to do */
	found = for_each_stale(base, NULL, err);
	if (!found)
		state_tidy();
	if (found <= 0)
		return found;
	if (state_try_lock_base(base) < 0) {
		/* a name is being taken, or another one removes them */
		if (errno == EWOULDBLOCK)
			return 0;
		return err_set_errno(err, CONTAINER_FAILED, errno, "state: lock %s/containers",
				     state_base());
	}
	ret = for_each_stale(base, reap_container, err);
	state_tidy();
	state_unlock_base(base);
	return ret < 0 ? -1 : 0;
}
