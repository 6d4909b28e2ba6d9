// SPDX-License-Identifier: GPL-2.0
/*
 * Whiteouts: a layer says by a file ".wh.NAME" that NAME of the layers below is gone, and by
 * ".wh..wh..opq" in a directory that all of these are (OCI image specification, layer.md);
 * overlayfs says it by a character device 0:0, and by an attribute of the directory.
 */
#include <archive_entry.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "unpack.h"

#define ENTRIES_MAX	4000000
#define WHITEOUT	".wh."
#define OPAQUE		".wh..wh..opq"

void target_open(struct target *target, bool layer, uint64_t bytes_max)
{
	int flags = ARCHIVE_EXTRACT_SECURE_SYMLINKS | ARCHIVE_EXTRACT_SECURE_NODOTDOT |
		    ARCHIVE_EXTRACT_SECURE_NOABSOLUTEPATHS;

	if (layer)
		flags |= ARCHIVE_EXTRACT_OWNER | ARCHIVE_EXTRACT_PERM | ARCHIVE_EXTRACT_TIME |
			 ARCHIVE_EXTRACT_ACL | ARCHIVE_EXTRACT_XATTR;
	*target = (struct target){
		.disk = archive_write_disk_new(), .layer = layer, .bytes_max = bytes_max,
	};
	if (!target->disk || archive_write_disk_set_options(target->disk, flags) != ARCHIVE_OK)
		fail("no memory");
}

/* In a layer paths are below its root, however they begin. */
static const char *relative(const char *path)
{
	while (*path == '/' || (path[0] == '.' && path[1] == '/'))
		path++;
	return *path ? path : ".";
}

static bool has_dots(const char *path)
{
	size_t len;

	for (; *path; path += len + (path[len] == '/')) {
		len = strcspn(path, "/");
		if (len == 2 && !memcmp(path, "..", 2))
			return true;
	}
	return false;
}

/* Attributes by which overlayfs is told things are not an image's to give. */
static void choose_xattrs(struct archive_entry *entry, const char *path)
{
	struct { char *name; void *value; size_t size; } kept[64];
	const char *name;
	const void *value;
	size_t size, n = 0, i;

	archive_entry_xattr_reset(entry);
	while (archive_entry_xattr_next(entry, &name, &value, &size) == ARCHIVE_OK) {
		if (strcmp(name, "security.capability") &&
		    (strncmp(name, "user.", 5) || !strncmp(name, "user.overlay.", 13)))
			continue;
		if (n == sizeof(kept) / sizeof(kept[0]))
			fail("'%s' has more than %zu extended attributes", path, n);
		kept[n].name = strdup(name);
		kept[n].value = malloc(size + 1);
		if (!kept[n].name || !kept[n].value)
			fail("no memory");
		memcpy(kept[n].value, value, size);
		kept[n++].size = size;
	}
	archive_entry_xattr_clear(entry);
	for (i = 0; i < n; i++) {
		archive_entry_xattr_add_entry(entry, kept[i].name, kept[i].value, kept[i].size);
		free(kept[i].name);
		free(kept[i].value);
	}
}

/* The directory of path, which ends before name; made where it is not there yet. */
static int open_parent(const char *path, const char *name)
{
	int fd = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC), below;
	char part[NAME_MAX + 1];
	const char *p = path;
	size_t len;

	for (; fd >= 0 && p < name; p += len + 1) {
		len = strcspn(p, "/");
		if (len > NAME_MAX)
			fail("'%s' is too long", path);
		memcpy(part, p, len);
		part[len] = '\0';
		if (!len)
			continue;
		mkdirat(fd, part, 0755);
		below = openat(fd, part, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		close(fd);
		fd = below;
	}
	if (fd < 0)
		fail("'%s' has no directory in this layer: %m", path);
	return fd;
}

static void white_out(const char *path, const char *name)
{
	int parent = open_parent(path, name);

	if (!strcmp(name, OPAQUE)) {
		if (fsetxattr(parent, "trusted.overlay.opaque", "y", 1, 0) < 0)
			fail("'%s' can't be made opaque: %m", path);
	} else if (strncmp(name, WHITEOUT WHITEOUT, 2 * strlen(WHITEOUT))) {
		/* what begins with two is for aufs alone */
		name += strlen(WHITEOUT);
		if (!*name || !strcmp(name, ".") || !strcmp(name, ".."))
			fail("'%s' takes away nothing", path);
		if (mknodat(parent, name, S_IFCHR, makedev(0, 0)) < 0 &&
		    (errno != EEXIST || unlinkat(parent, name, 0) < 0 ||
		     mknodat(parent, name, S_IFCHR, makedev(0, 0)) < 0))
			fail("'%s' can't be taken away: %m", path);
	}
	close(parent);
}

static void copy_data(struct target *target, struct archive *from, const char *path)
{
	const void *bytes;
	la_int64_t offset;
	size_t n;
	int ret;

	while ((ret = archive_read_data_block(from, &bytes, &n, &offset)) == ARCHIVE_OK) {
		/* offsets of a sparse file may be anywhere */
		if (offset < 0 || (uint64_t)offset + n > target->bytes_max)
			fail("'%s' is larger than all may be", path);
		if (archive_write_data_block(target->disk, bytes, n, offset) != ARCHIVE_OK)
			fail("'%s': %s", path, archive_error_string(target->disk));
	}
	if (ret != ARCHIVE_EOF)
		fail("'%s': %s", path, archive_error_string(from));
}

static void count(struct target *target, struct archive_entry *entry, const char *path)
{
	la_int64_t size = archive_entry_size_is_set(entry) ? archive_entry_size(entry) : 0;

	if (++target->entries > ENTRIES_MAX)
		fail("it has more than %d files", ENTRIES_MAX);
	if (size < 0 || (uint64_t)size > target->bytes_max - target->bytes)
		fail("with '%s' its files have more than %" PRIu64 " bytes", path,
		     target->bytes_max);
	target->bytes += size;
}

/* Of what is no layer nothing counts but what is in files. */
static void make_plain(struct archive_entry *entry)
{
	archive_entry_set_perm(entry, archive_entry_filetype(entry) == AE_IFDIR ? 0700 : 0600);
	archive_entry_xattr_clear(entry);
	archive_entry_acl_clear(entry);
}

static bool may_be(const struct target *target, struct archive_entry *entry)
{
	if (archive_entry_hardlink(entry))
		return true;
	switch (archive_entry_filetype(entry)) {
	case AE_IFREG:
	case AE_IFDIR:
	case AE_IFLNK:
		return true;
	case AE_IFIFO:
		return target->layer;
	}
	return false;
}

static void take_entry(struct target *target, struct archive *from, struct archive_entry *entry)
{
	const char *given = archive_entry_pathname(entry), *link = archive_entry_hardlink(entry);
	char *path, *name;

	if (!given)
		fail("a file's name is no UTF-8");
	path = strdup(relative(given));
	if (!path)
		fail("no memory");
	if (has_dots(path))
		fail("'%s' leads out of it", given);
	count(target, entry, given);
	name = strrchr(path, '/');
	name = name ? name + 1 : path;
	if (target->layer && !strncmp(name, WHITEOUT, strlen(WHITEOUT))) {
		white_out(path, name);
		free(path);
		return;
	}
	if (!may_be(target, entry)) {
		target->left_out++;
		free(path);
		return;
	}
	archive_entry_copy_pathname(entry, path);
	if (link) {
		char *other = strdup(relative(link));

		if (!other)
			fail("no memory");
		if (has_dots(other))
			fail("'%s' is a link to '%s', which leads out of it", given, link);
		archive_entry_copy_hardlink(entry, other);
		free(other);
	}
	if (target->layer)
		choose_xattrs(entry, given);
	else
		make_plain(entry);
	if (archive_write_header(target->disk, entry) != ARCHIVE_OK)
		fail("'%s': %s", path, archive_error_string(target->disk));
	copy_data(target, from, path);
	if (archive_write_finish_entry(target->disk) != ARCHIVE_OK)
		fail("'%s': %s", path, archive_error_string(target->disk));
	free(path);
}

void target_take(struct target *target, struct archive *from)
{
	struct archive_entry *entry;
	int ret;

	while ((ret = archive_read_next_header(from, &entry)) == ARCHIVE_OK)
		take_entry(target, from, entry);
	if (ret != ARCHIVE_EOF)
		fail("it is no whole tar archive: %s", archive_error_string(from));
}

void target_close(struct target *target)
{
	/* this is when directories get their times and modes */
	if (archive_write_close(target->disk) != ARCHIVE_OK)
		fail("%s", archive_error_string(target->disk));
	archive_write_free(target->disk);
}
