// SPDX-License-Identifier: GPL-2.0
/*
 * The mounts that must be made from inside, because they show the namespaces
 * of who makes them.  Runs in the child; its user namespace is the container's.
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/syscall.h>

#include "cleanup.h"
#include "container.h"

#define KERNEL_ATTRS	(MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC)

/* Masked with nothing: they tell about the host, or act on it. */
static const char *const hidden[] = {
	"proc/acpi", "proc/asound", "proc/dynamic_debug",
	"proc/exitcode",	/* of User Mode Linux: what it ends with */
	"proc/interrupts",
	"proc/kcore", "proc/keys", "proc/latency_stats", "proc/sched_debug", "proc/scsi", "proc/timer_list",
	"proc/timer_stats", "sys/devices/virtual/powercap", "sys/firmware",
};

static const char *const read_only[] = {
	"proc/bus", "proc/fs", "proc/irq", "proc/sys", "proc/sysrq-trigger",
};

/* gid 5 is "tty" everywhere */
static const struct mount_option pts_options[] = {
	{ "newinstance", NULL }, { "ptmxmode", "0666" }, { "mode", "0620" }, { "gid", "5" },
	{ NULL, NULL },
};

static const struct mount_option mask_options[] = {
	{ "mode", "0755" }, { "size", "4k" }, { NULL, NULL },
};

static int add(int root, const char *path, const char *type,
	       const struct mount_option *options, unsigned int attrs, struct err *err)
{
	cleanup_close int fd = mount_new(type, options, attrs, err);

	if (fd < 0 || mount_attach(fd, root, path, err) < 0)
		return err_prefix(err, "/%s", path);
	return 0;
}

static int hide(int root, const char *path, struct err *err)
{
	cleanup_close int dir = mount_resolve(root, path, O_PATH | O_DIRECTORY);
	cleanup_close int null = -1;

	if (dir >= 0)
		return add(root, path, "tmpfs", mask_options, KERNEL_ATTRS | MOUNT_ATTR_RDONLY,
			   err);
	if (errno == ENOENT)
		return 0;
	if (errno != ENOTDIR)
		return err_set_errno(err, CONTAINER_FAILED, errno, "mask /%s", path);
	null = mount_clone(root, "dev/null", 0);
	if (null < 0)
		return err_set_errno(err, CONTAINER_FAILED, errno, "mask /%s: /dev/null", path);
	return mount_attach(null, root, path, err);
}

static int protect(int root, const char *path, struct err *err)
{
	cleanup_close int fd = mount_clone(root, path, AT_RECURSIVE);

	if (fd < 0)
		return errno == ENOENT ? 0 :
		       err_set_errno(err, CONTAINER_FAILED, errno, "protect /%s", path);
	if (mount_set(fd, MOUNT_ATTR_RDONLY) < 0)
		return err_set_errno(err, CONTAINER_FAILED, errno, "protect /%s", path);
	return mount_attach(fd, root, path, err);
}

int mounts_attach_root(struct container *c, struct err *err)
{
	char path[sizeof(c->state.dir) + 8];

	/* nothing that happens here gets out, nothing of the host gets in */
	if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0)
		return err_set_errno(err, CONTAINER_FAILED, errno, "make mounts private");
	snprintf(path, sizeof(path), "%s/root", c->state.dir);
	if (move_mount(c->tree_fd, "", AT_FDCWD, path, MOVE_MOUNT_F_EMPTY_PATH) < 0)
		return err_set_errno(err, CONTAINER_FAILED, errno, "attach the root to '%s'",
				     path);
	return take_fd(&c->tree_fd);
}

int mounts_fill(int root, struct err *err)
{
	if (add(root, "proc", "proc", NULL, KERNEL_ATTRS, err) < 0 ||
	    add(root, "sys", "sysfs", NULL, KERNEL_ATTRS | MOUNT_ATTR_RDONLY, err) < 0 ||
	    add(root, "sys/fs/cgroup", "cgroup2", NULL, KERNEL_ATTRS | MOUNT_ATTR_RDONLY,
		err) < 0 ||
	    add(root, "dev/pts", "devpts", pts_options,
		MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC, err) < 0 ||
	    add(root, "dev/mqueue", "mqueue", NULL, KERNEL_ATTRS, err) < 0)
		return -1;
	return 0;
}

int mounts_restrict(int root, struct err *err)
{
	size_t i;

	for (i = 0; i < sizeof(hidden) / sizeof(hidden[0]); i++) {
		if (hide(root, hidden[i], err) < 0)
			return -1;
	}
	for (i = 0; i < sizeof(read_only) / sizeof(read_only[0]); i++) {
		if (protect(root, read_only[i], err) < 0)
			return -1;
	}
	return 0;
}

/*
 * The new root goes over the old one, the old one to the same place, from where
 * it is taken away: no directory in the image is needed for that.
 */
int mounts_pivot(int root, struct err *err)
{
	if (fchdir(root) < 0)
		return err_set_errno(err, CONTAINER_FAILED, errno, "enter the root");
	if (syscall(SYS_pivot_root, ".", ".") < 0)
		return err_set_errno(err, CONTAINER_FAILED, errno, "pivot_root");
	if (umount2(".", MNT_DETACH) < 0)
		return err_set_errno(err, CONTAINER_FAILED, errno, "detach the old root");
	if (chdir("/") < 0)
		return err_set_errno(err, CONTAINER_FAILED, errno, "chdir to /");
	return 0;
}
