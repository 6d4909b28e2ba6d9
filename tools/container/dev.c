// SPDX-License-Identifier: GPL-2.0
/*
 * /dev of a container.  Every file system in it is mounted nodev, and a file
 * system that is not can't be mounted, so a device file that an image brings or
 * that root makes with its CAP_MKNOD opens nothing.  The few devices of every
 * container are made outside and bound over empty files, one by one.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "cleanup.h"
#include "container.h"

static const struct {
	const char *name;
	unsigned int major, minor;
} devices[] = {
	{ "null", 1, 3 }, { "zero", 1, 5 }, { "full", 1, 7 },
	{ "random", 1, 8 }, { "urandom", 1, 9 }, { "tty", 5, 0 },
};

static const char *const directories[] = { "pts", "shm", "mqueue" };

static const struct {
	const char *name, *target;
} links[] = {
	{ "fd", "/proc/self/fd" }, { "stdin", "/proc/self/fd/0" },
	{ "stdout", "/proc/self/fd/1" }, { "stderr", "/proc/self/fd/2" },
	{ "ptmx", "pts/ptmx" },
};

static const struct mount_option dev_options[] = {
	{ "mode", "0755" }, { "size", "65536k" }, { NULL, NULL },
};

static const struct mount_option shm_options[] = {
	{ "mode", "1777" }, { "size", "65536k" }, { NULL, NULL },
};

static int add_device(size_t i, uint32_t owner, int scratch, int dev, struct err *err)
{
	const char *name = devices[i].name;
	cleanup_close int node = -1, file = -1;

	if (mknodat(scratch, name, S_IFCHR | 0666,
		    makedev(devices[i].major, devices[i].minor)) < 0 ||
	    fchmodat(scratch, name, 0666, 0) < 0 ||
	    fchownat(scratch, name, owner, owner, AT_SYMLINK_NOFOLLOW) < 0)
		return err_set_errno(err, CONTAINER_FAILED, errno, "dev: make device '%s'",
				     name);
	file = openat(dev, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
	if (file < 0)
		return err_set_errno(err, CONTAINER_FAILED, errno, "dev: make file '%s'", name);
	node = mount_clone(scratch, name, 0);
	if (node < 0 || mount_set(node, MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC) < 0)
		return err_set_errno(err, CONTAINER_FAILED, errno, "dev: bind '%s'", name);
	return mount_attach(node, dev, name, err);
}

static int fill(uint32_t owner, int scratch, int dev, struct err *err)
{
	cleanup_close int shm = -1;
	size_t i;

	for (i = 0; i < sizeof(devices) / sizeof(devices[0]); i++) {
		if (add_device(i, owner, scratch, dev, err) < 0)
			return -1;
	}
	for (i = 0; i < sizeof(directories) / sizeof(directories[0]); i++) {
		if (mkdirat(dev, directories[i], 0755) < 0 ||
		    fchownat(dev, directories[i], owner, owner, AT_SYMLINK_NOFOLLOW) < 0)
			return err_set_errno(err, CONTAINER_FAILED, errno,
					     "dev: make directory '%s'", directories[i]);
	}
	for (i = 0; i < sizeof(links) / sizeof(links[0]); i++) {
		if (symlinkat(links[i].target, dev, links[i].name) < 0 ||
		    fchownat(dev, links[i].name, owner, owner, AT_SYMLINK_NOFOLLOW) < 0)
			return err_set_errno(err, CONTAINER_FAILED, errno, "dev: make link '%s'",
					     links[i].name);
	}
	shm = mount_new("tmpfs", shm_options,
			MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC, err);
	if (shm < 0)
		return -1;
	if (fchownat(shm, "", owner, owner, AT_EMPTY_PATH) < 0)
		return err_set_errno(err, CONTAINER_FAILED, errno, "dev: own '/dev/shm'");
	return mount_attach(shm, dev, "shm", err);
}

int dev_build(const struct container *c, int scratch, int root, struct err *err)
{
	uint32_t owner = c->spec->userns ? c->id_base : 0;
	cleanup_close int nodes = -1, dev = -1;

	if (mkdirat(scratch, "nodes", 0700) < 0)
		return err_set_errno(err, CONTAINER_FAILED, errno, "dev: make 'nodes'");
	nodes = mount_resolve(scratch, "nodes", O_RDONLY | O_DIRECTORY);
	if (nodes < 0)
		return err_set_errno(err, CONTAINER_FAILED, errno, "dev: open 'nodes'");
	dev = mount_new("tmpfs", dev_options,
			MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC, err);
	if (dev < 0 || mount_attach(dev, root, "dev", err) < 0)
		return -1;
	if (fchownat(dev, "", owner, owner, AT_EMPTY_PATH) < 0)
		return err_set_errno(err, CONTAINER_FAILED, errno, "dev: own '/dev'");
	return fill(owner, nodes, dev, err);
}
