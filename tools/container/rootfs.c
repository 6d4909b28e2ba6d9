// SPDX-License-Identifier: GPL-2.0
/*
 * The root of a container: an overlay over the directories it is made from.  It
 * is built in a mount namespace that only this vsw has, and its upper layer is
 * a tmpfs of its own, so it is gone with the container, however that ends; what
 * the container writes into it counts against the container's memory limit.
 *
 * The topmost layer brings the mount points, so that it doesn't matter what
 * the image has in their place: nothing, or a link to somewhere else.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>

#include "cleanup.h"
#include "container.h"

#define LAYER_NAME_SIZE	24	/* and a ':' between two */

static const char *const mount_points[] = { "proc", "sys", "dev" };

static const struct mount_option scratch_options[] = {
	{ "mode", "0755" }, { NULL, NULL },
};

int rootfs_isolate(struct err *err)
{
	if (unshare(CLONE_NEWNS) < 0)
		return err_set_errno(err, CONTAINER_FAILED, errno,
				     "rootfs: make a mount namespace");
	if (mount(NULL, "/", NULL, MS_REC | MS_SLAVE, NULL) < 0)
		return err_set_errno(err, CONTAINER_FAILED, errno,
				     "rootfs: keep mounts to ourselves");
	return 0;
}

static int open_layer(struct container *c, const char *path, struct err *err)
{
	int fd = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0 && errno == ENOTDIR)
		return err_set(err, CONTAINER_FAILED, "rootfs: '%s' is not a directory", path);
	if (fd < 0)
		return err_set_errno(err, CONTAINER_FAILED, errno, "rootfs: '%s'", path);
	c->layer_fds[c->n_layers++] = fd;
	return 0;
}

int rootfs_open(struct container *c, struct err *err)
{
	size_t n = c->spec->rootfs ? 1 : c->spec->n_layers, i;

	c->layer_fds = calloc(n, sizeof(*c->layer_fds));
	if (!c->layer_fds)
		return err_set(err, CONTAINER_FAILED, "no memory");
	for (i = 0; i < n; i++)
		if (open_layer(c, c->spec->rootfs ?: c->spec->layers[i], err) < 0)
			return -1;
	return 0;
}

void rootfs_close(struct container *c)
{
	while (c->n_layers)
		close(c->layer_fds[--c->n_layers]);
	free(c->layer_fds);
	c->layer_fds = NULL;
}

/* The files get the owners that they have inside.  Not every file system can. */
static int map_owners(struct container *c, int mount_fd, struct err *err)
{
	cleanup_close int userns = namespaces_open(c, "user");
	struct mount_attr attr = { .attr_set = MOUNT_ATTR_IDMAP, .userns_fd = userns };

	if (userns < 0)
		return err_set_errno(err, CONTAINER_FAILED, errno,
				     "rootfs: open the user namespace");
	c->idmapped = !mount_setattr(mount_fd, "", AT_EMPTY_PATH, &attr, sizeof(attr));
	if (!c->idmapped && errno != EINVAL && errno != EPERM)
		return err_set_errno(err, CONTAINER_FAILED, errno,
				     "rootfs: map the owners of '%s'", c->rootfs_path);
	return 0;
}

/* The directories as mounts of their own, for us and read-only, called "0", "1" ... */
static int attach_layer(struct container *c, size_t number, int scratch, struct err *err)
{
	cleanup_close int layer = open_tree(c->layer_fds[number], "", OPEN_TREE_CLONE |
					    OPEN_TREE_CLOEXEC | AT_EMPTY_PATH);
	char name[LAYER_NAME_SIZE];

	if (layer < 0)
		return err_set_errno(err, CONTAINER_FAILED, errno, "rootfs: bind '%s'",
				     c->rootfs_path);
	if (c->spec->userns && map_owners(c, layer, err) < 0)
		return -1;
	if (mount_set(layer, MOUNT_ATTR_RDONLY) < 0)
		return err_set_errno(err, CONTAINER_FAILED, errno,
				     "rootfs: make '%s' read-only", c->rootfs_path);
	snprintf(name, sizeof(name), "%zu", number);
	if (mkdirat(scratch, name, 0755) < 0)
		return err_set_errno(err, CONTAINER_FAILED, errno, "rootfs: make '%s'", name);
	return mount_attach(layer, scratch, name, err);
}

static int attach_layers(struct container *c, int scratch, struct err *err)
{
	size_t i;

	for (i = 0; i < c->n_layers; i++)
		if (attach_layer(c, i, scratch, err) < 0)
			return -1;
	return 0;
}

/* What it writes, and stays: the directories of a kept container. */
static int attach_kept(const struct container *c, int scratch, struct err *err)
{
	cleanup_close int files = open_tree(AT_FDCWD, c->spec->kept_files, OPEN_TREE_CLONE |
					    OPEN_TREE_CLOEXEC | AT_SYMLINK_NOFOLLOW);

	if (files < 0 || mkdirat(scratch, "kept", 0700) < 0)
		return err_set_errno(err, CONTAINER_FAILED, errno, "rootfs: bind '%s'",
				     c->spec->kept_files);
	return mount_attach(files, scratch, "kept", err);
}

/* The topmost layer, with what it writes, unless it can't. */
static const char *top_of(const struct container *c)
{
	return c->spec->kept_files && !c->spec->read_only ? "kept/upper" : "top";
}

/* What ran before may have left them; nothing but a directory will do. */
static int make_mount_point(int top, const char *name, uint32_t owner)
{
	struct stat st;

	if (!mkdirat(top, name, 0755))
		return fchownat(top, name, owner, owner, AT_SYMLINK_NOFOLLOW);
	if (errno != EEXIST || fstatat(top, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return -1;
	errno = ENOTDIR;
	return S_ISDIR(st.st_mode) ? 0 : -1;
}

/* The root directory itself comes from the top layer: like the image's. */
static int own_root(const struct container *c, int top, uint32_t base, struct err *err)
{
	struct stat st;

	if (fstat(c->layer_fds[0], &st) < 0)
		return err_set_errno(err, CONTAINER_FAILED, errno, "rootfs: top layer");
	if (c->spec->userns) {
		bool keep = c->idmapped && st.st_uid < SPEC_USERNS_IDS &&
			    st.st_gid < SPEC_USERNS_IDS;

		st.st_uid = base + (keep ? st.st_uid : 0);
		st.st_gid = base + (keep ? st.st_gid : 0);
	}
	if (fchown(top, st.st_uid, st.st_gid) < 0 || fchmod(top, st.st_mode & 07777) < 0)
		return err_set_errno(err, CONTAINER_FAILED, errno, "rootfs: own the root");
	return 0;
}

static int fill_top(const struct container *c, int scratch, struct err *err)
{
	cleanup_close int top = mount_resolve(scratch, top_of(c), O_RDONLY | O_DIRECTORY);
	uint32_t base = c->spec->userns ? c->id_base : 0;
	size_t i;

	if (top < 0)
		return err_set_errno(err, CONTAINER_FAILED, errno, "rootfs: top layer");
	/* one that ran before has done with its root what it likes */
	if (faccessat(top, mount_points[0], F_OK, AT_SYMLINK_NOFOLLOW) < 0 &&
	    own_root(c, top, base, err) < 0)
		return -1;
	for (i = 0; i < sizeof(mount_points) / sizeof(mount_points[0]); i++) {
		if (make_mount_point(top, mount_points[i], base) < 0)
			return err_set_errno(err, CONTAINER_FAILED, errno,
					     "rootfs: make mount point '%s'", mount_points[i]);
	}
	return 0;
}

/*
 * The layers are named relative to the working directory: options of overlay
 * can't hold every character that a path can.  "nofollow", "off": attributes that an
 * image brings along don't redirect.
 */
static char *overlay_options(const struct container *c)
{
	static const char common[] = ",redirect_dir=nofollow,metacopy=off,index=off";
	const char *begin = c->spec->kept_files && !c->spec->read_only ?
			    "upperdir=kept/upper,workdir=kept/work,lowerdir=" :
			    "upperdir=top,workdir=work,lowerdir=";
	char *text = malloc(strlen(begin) + c->n_layers * LAYER_NAME_SIZE + sizeof(common));
	char *p = text;
	size_t i;

	if (!text)
		return NULL;
	p += sprintf(p, "%s", begin);
	for (i = 0; i < c->n_layers; i++)
		p += sprintf(p, "%s%zu", i ? ":" : "", i);
	sprintf(p, "%s", common);
	return text;
}

/* By mount(2): fsconfig(2) takes 255 bytes, and an image may have more layers than that. */
static int make_overlay(const struct container *c, int scratch, struct err *err)
{
	cleanup_close int here = open(".", O_PATH | O_DIRECTORY | O_CLOEXEC);
	cleanup_free char *options = overlay_options(c);
	int overlay = -1;

	if (here < 0 || !options || fchdir(scratch) < 0)
		return err_set_errno(err, CONTAINER_FAILED, errno, "rootfs: change directory");
	if (!mount("overlay", "root", "overlay", MS_NODEV, options))
		overlay = open("root", O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (overlay < 0)
		err_set_errno(err, CONTAINER_FAILED, errno,
			      "rootfs: make an overlay of '%s'", c->rootfs_path);
	if (fchdir(here) < 0 && overlay >= 0) {
		close(overlay);
		return err_set_errno(err, CONTAINER_FAILED, errno, "rootfs: go back");
	}
	return overlay;
}

static int fill_scratch(int scratch, struct err *err)
{
	static const char *const names[] = { "top", "work", "root" };
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (mkdirat(scratch, names[i], 0755) < 0)
			return err_set_errno(err, CONTAINER_FAILED, errno, "rootfs: make '%s'",
					     names[i]);
	}
	return 0;
}

static int build_tree(struct container *c, int scratch, struct err *err)
{
	cleanup_close int overlay = -1;

	if (fill_scratch(scratch, err) < 0 || attach_layers(c, scratch, err) < 0 ||
	    (c->spec->kept_files && attach_kept(c, scratch, err) < 0) ||
	    fill_top(c, scratch, err) < 0)
		return -1;
	overlay = make_overlay(c, scratch, err);
	if (overlay < 0 || dev_build(c, scratch, overlay, err) < 0 ||
	    volumes_attach(c, overlay, err) < 0)
		return -1;
	/* not before: places for what is mounted had to be made */
	if (c->spec->read_only && mount_set(overlay, MOUNT_ATTR_RDONLY) < 0)
		return err_set_errno(err, CONTAINER_FAILED, errno, "rootfs: make it read-only");
	c->tree_fd = open_tree(overlay, "", OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC |
			       AT_EMPTY_PATH | AT_RECURSIVE);
	if (c->tree_fd < 0)
		return err_set_errno(err, CONTAINER_FAILED, errno, "rootfs: take the tree");
	return 0;
}

int rootfs_build(struct container *c, struct err *err)
{
	cleanup_close int scratch = mount_new("tmpfs", scratch_options, 0, err);
	char path[sizeof(c->state.dir) + 8];
	int ret;

	/* the layers must be attached somewhere: to a directory of ours, for now */
	if (scratch < 0 || mount_attach(scratch, c->state.dir_fd, "root", err) < 0)
		return -1;
	ret = build_tree(c, scratch, err);
	snprintf(path, sizeof(path), "%s/root", c->state.dir);
	if (umount2(path, MNT_DETACH | UMOUNT_NOFOLLOW) < 0 && !ret)
		ret = err_set_errno(err, CONTAINER_FAILED, errno, "rootfs: detach '%s'", path);
	return ret;
}
