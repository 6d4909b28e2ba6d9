// SPDX-License-Identifier: GPL-2.0
/* A container that another vsw runs: its network namespace and its addresses. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>

#include "cleanup.h"
#include "container.h"
#include "nl_link.h"
#include "status.h"

/* What its record says, if a vsw has it running. */
static int find_record(const char *name, struct record *record, struct err *err)
{
	cleanup_close int base = -1;
	int owned = 0;

	if (!spec_name_valid(name))
		return err_set(err, STATUS_USAGE, "'%s' is not the name of a container", name);
	base = state_open_base();
	if (base >= 0)
		owned = state_owned(base, name);
	if ((base < 0 && errno != ENOENT) || owned < 0)
		return err_set_errno(err, STATUS_SYSTEM, errno, "container '%s'", name);
	if (!(owned ? !record_read(base, name, record) :
	      base >= 0 && record_goes_on(base, name, record)) || record->init_pid <= 0)
		return err_set(err, STATUS_USAGE, "no container '%s' runs here", name);
	return 0;
}

/* The number may be another process's by now, but then that began later. */
static int open_netns(const char *name, const struct record *record, struct err *err)
{
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/ns/net", record->init_pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 && errno != ENOENT)
		return err_set_errno(err, STATUS_SYSTEM, errno, "network of container '%s'", name);
	if (fd >= 0 && record_start_time(record->init_pid) == record->init_start)
		return fd;
	if (fd >= 0)
		close(fd);
	return err_set(err, STATUS_USAGE, "no container '%s' runs here", name);
}

int container_find_netns(const char *name, bool *has_interface, struct err *err)
{
	struct record record;

	if (find_record(name, &record, err) < 0)
		return -1;
	*has_interface = record.link[0];
	return open_netns(name, &record, err);
}

int container_find_cgroup(const char *name, struct err *err)
{
	struct record record;
	int fd;

	if (find_record(name, &record, err) < 0)
		return -1;
	fd = cgroup_open(name, record.cgroup_id);
	return fd >= 0 ? fd : err_set_errno(err, STATUS_SYSTEM, errno, "cgroup of container '%s'",
					    name);
}

/* record_start_time() says whether the number is still its own. */
static int open_init(const char *name, const struct record *record, struct err *err)
{
	int fd = syscall(SYS_pidfd_open, record->init_pid, 0);

	if (fd < 0 && errno != ESRCH)
		return err_set_errno(err, STATUS_SYSTEM, errno, "process of container '%s'", name);
	/* from here on the number is no other's, so what it is of now is what was opened */
	if (fd >= 0 && record_start_time(record->init_pid) == record->init_start)
		return fd;
	if (fd >= 0)
		close(fd);
	return err_set(err, STATUS_USAGE, "no container '%s' runs here", name);
}

int container_find_init(const char *name, struct err *err)
{
	struct record record;

	return find_record(name, &record, err) < 0 ? -1 : open_init(name, &record, err);
}

int container_find_join(const char *name, pid_t *pid, int *cgroup_fd, bool *userns,
			struct err *err)
{
	cleanup_close int pidfd = -1;
	struct record record;

	if (find_record(name, &record, err) < 0)
		return -1;
	/* it has all of vsw's power, and shows all of the host, until it is made */
	if (!record.running)
		return err_set(err, STATUS_USAGE, "container '%s' does not run yet", name);
	pidfd = open_init(name, &record, err);
	if (pidfd < 0)
		return -1;
	*cgroup_fd = cgroup_open(name, record.cgroup_id);
	if (*cgroup_fd < 0)
		return err_set_errno(err, STATUS_SYSTEM, errno, "cgroup of container '%s'", name);
	*pid = record.init_pid;
	*userns = record.id_base;
	return take_fd(&pidfd);
}

int container_find(const char *name, struct container_found *found, struct err *err)
{
	struct mnl_socket *socket;
	struct record record;
	int ret = -1;

	if (find_record(name, &record, err) < 0)
		return -1;
	found->netns = open_netns(name, &record, err);
	if (found->netns < 0)
		return -1;
	socket = link_open(found->netns, err);
	if (socket)
		ret = link_addresses(socket, &found->ipv4, &found->ipv6, err);
	link_close(socket);
	if (ret < 0) {
		err_prefix(err, "container '%s'", name);
		close_fd(&found->netns);
	}
	return ret;
}
