// SPDX-License-Identifier: GPL-2.0
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "container/cleanup.h"
#include "image/image.h"
#include "jsonfile.h"
#include "kept.h"
#include "status.h"

#define DOCUMENT_MAX	(1 << 20)	/* bytes of config.json and last.json */
#define LOCK_SECONDS	10		/* for who starts, changes or removes it just now */

/* ---- time ------------------------------------------------------------------------------- */

void kept_time(char text[KEPT_TIME_SIZE], const struct timespec *time)
{
	struct tm tm;
	size_t n;

	gmtime_r(&time->tv_sec, &tm);
	n = strftime(text, KEPT_TIME_SIZE, "%Y-%m-%dT%H:%M:%S", &tm);
	snprintf(text + n, KEPT_TIME_SIZE - n, ".%09ldZ", time->tv_nsec);
}

void kept_now(char text[KEPT_TIME_SIZE])
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	kept_time(text, &now);
}

/* ---- the directory of all --------------------------------------------------------------- */

/* The caller's to close; -1 with errno set. */
static int open_all(bool make, struct err *err)
{
	char path[STORE_PATH_SIZE + 16], data[STORE_PATH_SIZE];
	int fd;

	if (store_data_path(data, err) < 0)
		return -1;
	snprintf(path, sizeof(path), "%s/containers", data);
	/* what is in it may be setuid: nobody but root is to find it */
	if (make && ((mkdir(data, 0755) < 0 && errno != EEXIST) ||
		     (mkdir(path, 0700) < 0 && errno != EEXIST)))
		return err_set_errno(err, STATUS_SYSTEM, errno, "make '%s'", path);
	fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return fd >= 0 ? fd : err_set_errno(err, STATUS_SYSTEM, errno, "open '%s'", path);
}

int kept_each(int (*visit)(const char *name, void *data, struct err *err), void *data,
	      struct err *err)
{
	int fd = open_all(false, err), ret = 0;
	cleanup_closedir DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *entry;

	if (!dir)
		return errno == ENOENT ? 0 : -1;
	while (!ret && (entry = readdir(dir)))
		if (spec_name_valid(entry->d_name))
			ret = visit(entry->d_name, data, err);
	return ret;
}

/* ---- one -------------------------------------------------------------------------------- */

int kept_open(const char *name, struct kept *kept, struct err *err)
{
	cleanup_close int all = -1;

	*kept = (struct kept){ .fd = -1, .lock = -1 };
	if (!spec_name_valid(name))
		return err_set(err, STATUS_USAGE, "'%s' is not the name of a container", name);
	strcpy(kept->name, name);
	all = open_all(false, err);
	if (all >= 0)
		kept->fd = openat(all, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (kept->fd < 0 && errno == ENOENT)
		return err_set(err, STATUS_REFUSED, "there is no container '%s'. See 'vsw ps -a'",
			       name);
	if (kept->fd < 0)
		return err_set_errno(err, STATUS_SYSTEM, errno, "container '%s'", name);
	kept->config = jsonfile_read(kept->fd, "config.json", DOCUMENT_MAX, err);
	if (!kept->config) {
		kept_close(kept);
		return err_prefix(err, "container '%s'", name);
	}
	return 0;
}

void kept_close(struct kept *kept)
{
	close_fd(&kept->lock);
	close_fd(&kept->fd);
	json_decref(kept->config);
	kept->config = NULL;
}

/* Its name as long as it is not complete: none that a container can have. */
static void name_new(char path[SPEC_NAME_MAX + 8], const char *name)
{
	snprintf(path, SPEC_NAME_MAX + 8, ".new-%s", name);
}

static int fill(int dir, json_t *config, struct err *err)
{
	cleanup_close int lock = openat(dir, "lock", O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

	/* the root of the container is made of "upper" */
	if (lock < 0 || mkdirat(dir, "files", 0700) < 0 ||
	    mkdirat(dir, "files/upper", 0755) < 0 || mkdirat(dir, "files/work", 0700) < 0)
		return err_set_errno(err, STATUS_SYSTEM, errno, "make the directory of a container");
	return jsonfile_write(dir, "config.json", config, err);
}

int kept_create(const char *name, json_t *config, struct err *err)
{
	cleanup_close int all = open_all(true, err), dir = -1;
	char path[SPEC_NAME_MAX + 8];

	if (all < 0)
		return -1;
	name_new(path, name);
	/* of one that was killed at this */
	remove_tree(all, path);
	if (!mkdirat(all, path, 0700))
		dir = openat(all, path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (dir < 0)
		return err_set_errno(err, STATUS_SYSTEM, errno, "make the directory of a container");
	if (fill(dir, config, err) < 0) {
		remove_tree(all, path);
		return -1;
	}
	if (!renameat2(all, path, all, name, RENAME_NOREPLACE))
		return 0;
	if (errno == EEXIST)
		err_set(err, STATUS_REFUSED,
			"the name '%s' is that of another container. 'vsw rm %s' removes it",
			name, name);
	else
		err_set_errno(err, STATUS_SYSTEM, errno, "make container '%s'", name);
	remove_tree(all, path);
	return -1;
}

static struct flock whole_file(void)
{
	return (struct flock){ .l_type = F_WRLCK, .l_whence = SEEK_SET };
}

static int removed(const struct kept *kept, struct err *err)
{
	return err_set(err, STATUS_REFUSED, "container '%s' has been removed", kept->name);
}

int kept_lock(struct kept *kept, struct err *err)
{
	struct flock lock = whole_file();
	const struct timespec rest = { .tv_nsec = 10 * 1000 * 1000 };
	int i;

	/* of the process, not of the descriptor: a child does not have it */
	kept->lock = openat(kept->fd, "lock", O_WRONLY | O_NOFOLLOW | O_CLOEXEC);
	for (i = 0; kept->lock >= 0 && i < LOCK_SECONDS * 100; i++) {
		if (!fcntl(kept->lock, F_SETLK, &lock))
			break;
		if (errno != EAGAIN && errno != EACCES && errno != EINTR)
			break;
		nanosleep(&rest, NULL);
	}
	if (kept->lock < 0 && errno == ENOENT)
		return removed(kept, err);
	if (kept->lock < 0 || i == LOCK_SECONDS * 100 || fcntl(kept->lock, F_SETLK, &lock) < 0) {
		close_fd(&kept->lock);
		return err_set_errno(err, STATUS_SYSTEM, errno, "lock container '%s'", kept->name);
	}
	/* it may have been removed, and made anew, while we waited */
	if (faccessat(kept->fd, "config.json", F_OK, AT_SYMLINK_NOFOLLOW) < 0)
		return removed(kept, err);
	return 0;
}

pid_t kept_holder(const struct kept *kept)
{
	cleanup_close int fd = openat(kept->fd, "lock", O_WRONLY | O_NOFOLLOW | O_CLOEXEC);
	struct flock lock = whole_file();

	if (fd < 0 || fcntl(fd, F_GETLK, &lock) < 0 || lock.l_type == F_UNLCK)
		return 0;
	return lock.l_pid;
}

int kept_remove(struct kept *kept, struct err *err)
{
	cleanup_close int all = open_all(false, err);
	char path[SPEC_NAME_MAX + 8];

	if (all < 0)
		return -1;
	/* what is half removed has no name */
	name_new(path, kept->name);
	remove_tree(all, path);
	if (renameat(all, kept->name, all, path) < 0 || remove_tree(all, path) < 0)
		return err_set_errno(err, STATUS_SYSTEM, errno, "remove container '%s'",
				     kept->name);
	return 0;
}

int kept_rename(struct kept *kept, const char *name, struct err *err)
{
	cleanup_close int all = open_all(false, err);

	if (all < 0)
		return -1;
	if (!spec_name_valid(name))
		return err_set(err, STATUS_USAGE, "'%s' is not a name for a container", name);
	if (!renameat2(all, kept->name, all, name, RENAME_NOREPLACE)) {
		strcpy(kept->name, name);
		return 0;
	}
	if (errno == EEXIST)
		return err_set(err, STATUS_REFUSED, "the name '%s' is that of another container",
			       name);
	return err_set_errno(err, STATUS_SYSTEM, errno, "rename container '%s'", kept->name);
}

int kept_files(const struct kept *kept, char *path, size_t size, struct err *err)
{
	char data[STORE_PATH_SIZE];

	if (store_data_path(data, err) < 0)
		return -1;
	if (snprintf(path, size, "%s/containers/%s/files", data, kept->name) >= (int)size)
		return err_set(err, STATUS_SYSTEM, "the path of container '%s' is too long",
			       kept->name);
	return 0;
}

const char *kept_text(const struct kept *kept, const char *key)
{
	return json_string_value(json_object_get(kept->config, key)) ?: "";
}

bool kept_flag(const struct kept *kept, const char *key)
{
	return json_is_true(json_object_get(kept->config, key));
}

json_t *kept_last(const struct kept *kept)
{
	return jsonfile_read(kept->fd, "last.json", DOCUMENT_MAX, NULL);
}

int kept_set_last(const struct kept *kept, json_t *last, struct err *err)
{
	return jsonfile_write(kept->fd, "last.json", last, err);
}

int kept_set_stopped(const struct kept *kept, bool stopped, struct err *err)
{
	int fd, ret;

	if (stopped) {
		fd = openat(kept->fd, "stopped", O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
		ret = fd < 0 ? -1 : close(fd);
	} else {
		ret = unlinkat(kept->fd, "stopped", 0);
		if (ret < 0 && errno == ENOENT)
			ret = 0;
	}
	return ret < 0 ? err_set_errno(err, STATUS_SYSTEM, errno, "note that '%s' %s", kept->name,
				       stopped ? "is stopped" : "runs") : 0;
}

bool kept_stopped(const struct kept *kept)
{
	return !faccessat(kept->fd, "stopped", F_OK, AT_SYMLINK_NOFOLLOW);
}
