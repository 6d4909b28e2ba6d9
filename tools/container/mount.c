// SPDX-License-Identifier: GPL-2.0
/*
 * Mounts by descriptor.  What an image put into its directories is hostile, so
 * nothing here goes through a symbolic link or leaves the directory it was
 * given, and no path of ours is looked up twice.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/syscall.h>

#include "cleanup.h"
#include "container.h"

int mount_resolve(int dir_fd, const char *path, uint64_t flags)
{
	struct open_how how = {
		.flags = flags | O_CLOEXEC,
		.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS,
	};

	return syscall(SYS_openat2, dir_fd, path, &how, sizeof(how));
}

/* The kernel's own words about a file system that it refused, if it has any. */
static void read_reason(int fs, char *text, size_t size)
{
	ssize_t n = read(fs, text, size - 1);

	text[n > 0 ? n : 0] = '\0';
	text[strcspn(text, "\n")] = '\0';
	/* "e overlay: ...": a letter for error, warning or information */
	if (text[0] && text[1] == ' ')
		memmove(text, text + 2, strlen(text + 2) + 1);
}

static int configure(int fs, const char *type, const struct mount_option *options)
{
	const struct mount_option *o;

	/* what mount(8) and df(1) show in the first column */
	if (fsconfig(fs, FSCONFIG_SET_STRING, "source", type, 0) < 0)
		return -1;
	for (o = options; o && o->key; o++) {
		unsigned int command = o->value ? FSCONFIG_SET_STRING : FSCONFIG_SET_FLAG;

		if (fsconfig(fs, command, o->key, o->value, 0) < 0)
			return -1;
	}
	return fsconfig(fs, FSCONFIG_CMD_CREATE, NULL, NULL, 0);
}

int mount_new(const char *type, const struct mount_option *options, unsigned int attrs,
	      struct err *err)
{
	cleanup_close int fs = fsopen(type, FSOPEN_CLOEXEC);
	char reason[256];
	int fd;

	if (fs < 0 && errno == ENODEV)
		return err_set(err, CONTAINER_FAILED,
			       "mount: this kernel has no file system '%s'", type);
	if (fs < 0)
		return err_set_errno(err, CONTAINER_FAILED, errno, "mount: open '%s'", type);
	if (configure(fs, type, options) < 0) {
		int saved = errno;

		read_reason(fs, reason, sizeof(reason));
		return err_set_errno(err, CONTAINER_FAILED, saved, "mount: make '%s'%s%s",
				     type, *reason ? ": " : "", reason);
	}
	fd = fsmount(fs, FSMOUNT_CLOEXEC, attrs);
	if (fd < 0)
		return err_set_errno(err, CONTAINER_FAILED, errno, "mount: '%s'", type);
	return fd;
}

int mount_attach(int mount_fd, int dir_fd, const char *path, struct err *err)
{
	cleanup_close int target = mount_resolve(dir_fd, path, O_PATH);

	if (target < 0)
		return err_set_errno(err, CONTAINER_FAILED, errno,
				     "mount: open mount point '%s'", path);
	if (move_mount(mount_fd, "", target, "",
		       MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH) < 0)
		return err_set_errno(err, CONTAINER_FAILED, errno, "mount: attach to '%s'",
				     path);
	return 0;
}

int mount_clone(int dir_fd, const char *path, unsigned int flags)
{
	cleanup_close int source = mount_resolve(dir_fd, path, O_PATH);

	if (source < 0)
		return -1;
	return open_tree(source, "", OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_EMPTY_PATH | flags);
}

int mount_set(int mount_fd, uint64_t attrs)
{
	struct mount_attr attr = { .attr_set = attrs };

	return mount_setattr(mount_fd, "", AT_EMPTY_PATH, &attr, sizeof(attr));
}
