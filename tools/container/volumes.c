// SPDX-License-Identifier: GPL-2.0
/*
 * What is mounted in a container beside its root: directories and files of the host, and
 * memory. Done while nothing runs in there, but the image may have links anywhere, so places
 * are looked up as the container would: its root is the end of every path.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include "cleanup.h"
#include "container.h"

static int open_inside(int root, const char *path, uint64_t flags)
{
	struct open_how how = {
		.flags = flags | O_PATH | O_CLOEXEC,
		.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS,
	};

	return syscall(SYS_openat2, root, path, &how, sizeof(how));
}

static int make_directory(int dir, const char *name, uint32_t owner)
{
	if (mkdirat(dir, name, 0755) < 0)
		return -1;
	return fchownat(dir, name, owner, owner, AT_SYMLINK_NOFOLLOW);
}

static int make_file(int dir, const char *name, uint32_t owner)
{
	cleanup_close int fd = openat(dir, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);

	return fd < 0 ? -1 : fchown(fd, owner, owner);
}

/* The place itself, and the directories on the way there, as far as they are missing. */
static int make_target(int root, const char *target, bool directory, uint32_t owner)
{
	char path[PATH_MAX], *name, *end;
	int dir = open_inside(root, "/", O_DIRECTORY), next;

	if (dir < 0 || snprintf(path, sizeof(path), "%s", target) >= (int)sizeof(path))
		goto fail;
	for (name = path + 1; (end = strchr(name, '/')); name = end + 1) {
		*end = '\0';
		next = open_inside(root, path, O_DIRECTORY);
		if (next < 0 && errno == ENOENT && !make_directory(dir, name, owner))
			next = open_inside(root, path, O_DIRECTORY);
		*end = '/';
		if (next < 0)
			goto fail;
		close(dir);
		dir = next;
	}
	if ((directory ? make_directory(dir, name, owner) : make_file(dir, name, owner)) < 0)
		goto fail;
	close(dir);
	return open_inside(root, target, 0);
fail:
	if (dir >= 0) {
		int saved = errno;

		close(dir);
		errno = saved;
	}
	return -1;
}

static int open_target(int root, const struct spec_mount *mount, bool directory, uint32_t owner,
		       struct err *err)
{
	int fd = open_inside(root, mount->target, 0);
	struct stat st;

	if (fd < 0 && errno == ENOENT)
		fd = make_target(root, mount->target, directory, owner);
	if (fd < 0)
		return err_set_errno(err, CONTAINER_FAILED, errno, "mount: '%s' in the container",
				     mount->target);
	if (!fstat(fd, &st) && S_ISDIR(st.st_mode) == directory)
		return fd;
	close(fd);
	return err_set(err, CONTAINER_FAILED, "mount: '%s' in the container is %sa directory",
		       mount->target, directory ? "not " : "");
}

/* As mkdir -p does, and Docker. */
static int make_source(const char *source, struct err *err)
{
	char path[PATH_MAX], *end;

	if (snprintf(path, sizeof(path), "%s/", source) >= (int)sizeof(path))
		return err_set_errno(err, CONTAINER_FAILED, ENAMETOOLONG, "mount: '%s'", source);
	for (end = path; (end = strchr(end + 1, '/')); *end = '/') {
		*end = '\0';
		if (mkdir(path, 0755) < 0 && errno != EEXIST)
			return err_set_errno(err, CONTAINER_FAILED, errno, "mount: make '%s'",
					     path);
	}
	return 0;
}

/* With all that is mounted below it. Devices in there stay closed, as all but those of /dev. */
static int open_source(const struct spec_mount *mount, bool *directory, struct err *err)
{
	const unsigned int flags = OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_RECURSIVE;
	struct mount_attr attr = {
		.attr_set = MOUNT_ATTR_NODEV | (mount->read_only ? MOUNT_ATTR_RDONLY : 0),
		.propagation = MS_PRIVATE,
	};
	cleanup_close int fd = open_tree(AT_FDCWD, mount->source, flags);
	struct stat st;

	if (fd < 0 && errno == ENOENT && mount->make_source) {
		if (make_source(mount->source, err) < 0)
			return -1;
		fd = open_tree(AT_FDCWD, mount->source, flags);
	}
	if (fd < 0 || fstat(fd, &st) < 0 ||
	    mount_setattr(fd, "", AT_EMPTY_PATH | AT_RECURSIVE, &attr, sizeof(attr)) < 0)
		return err_set_errno(err, CONTAINER_FAILED, errno, "mount: '%s'", mount->source);
	*directory = S_ISDIR(st.st_mode);
	return take_fd(&fd);
}

static int make_tmpfs(const struct spec_mount *mount, uint32_t owner, struct err *err)
{
	unsigned int attrs = MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV;
	char mode[8], size[24], id[12];
	struct mount_option options[] = {
		{ "mode", mode }, { "uid", id }, { "gid", id },
		{ mount->size ? "size" : NULL, size }, { NULL, NULL },
	};

	snprintf(mode, sizeof(mode), "%o", mount->mode);
	snprintf(size, sizeof(size), "%llu", (unsigned long long)mount->size);
	snprintf(id, sizeof(id), "%u", owner);
	if (!mount->exec)
		attrs |= MOUNT_ATTR_NOEXEC;
	if (mount->read_only)
		attrs |= MOUNT_ATTR_RDONLY;
	return mount_new("tmpfs", options, attrs, err);
}

static int attach(const struct spec_mount *mount, int root, uint32_t owner, struct err *err)
{
	cleanup_close int source = -1, target = -1;
	bool directory = true;

	source = mount->kind == SPEC_BIND ? open_source(mount, &directory, err) :
		 make_tmpfs(mount, owner, err);
	if (source < 0)
		return -1;
	target = open_target(root, mount, directory, owner, err);
	if (target < 0)
		return -1;
	if (move_mount(source, "", target, "",
		       MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH) < 0)
		return err_set_errno(err, CONTAINER_FAILED, errno, "mount: attach to '%s'",
				     mount->target);
	return 0;
}

int volumes_attach(const struct container *c, int root, struct err *err)
{
	size_t i;

	for (i = 0; i < c->spec->n_mounts; i++)
		if (attach(&c->spec->mounts[i], root, c->spec->userns ? c->id_base : 0, err) < 0)
			return -1;
	return 0;
}
