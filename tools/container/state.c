// SPDX-License-Identifier: GPL-2.0
/*
 * Which containers there are: one directory each below the state directory.
 *
 *   /run/vsw/containers/NAME/lock        locked by its vsw as long as that lives
 *                            state.json  what there is to remove (record.c)
 *                            root/       a mount point, used in private only
 *
 * The lock belongs to the process: a child doesn't inherit it, and whatever
 * ends vsw ends the lock.  So a name whose lock is free is nobody's.  Names are
 * taken, released and reaped under a lock on the directory of all names.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <dirent.h>

#include "cleanup.h"
#include "container.h"

#define STATE_DEFAULT	"/run/vsw"
#define STATE_BASE_MAX	100
#define STATE_ATTEMPTS	16	/* the base may be removed by another vsw */

/* Where containers' user and group ids begin: above those of people, below 2^31. */
#define ID_FIRST	0x00080000u
#define ID_SLOTS	28664u

const char *state_base(void)
{
	const char *dir = getenv("VSW_STATE_DIR");

	return dir && *dir ? dir : STATE_DEFAULT;
}

static int containers_path(char *path, size_t size)
{
	if (snprintf(path, size, "%s/containers", state_base()) < (int)size)
		return 0;
	errno = ENAMETOOLONG;
	return -1;
}

int state_open_base(void)
{
	char path[128];

	if (containers_path(path, sizeof(path)) < 0)
		return -1;
	return open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

int state_lock_base(int base_fd)
{
	int ret;

	do {
		ret = flock(base_fd, LOCK_EX);
	} while (ret < 0 && errno == EINTR);
	return ret;
}

int state_try_lock_base(int base_fd)
{
	return flock(base_fd, LOCK_EX | LOCK_NB);
}

void state_unlock_base(int base_fd)
{
	flock(base_fd, LOCK_UN);
}

static int make_base(struct err *err)
{
	char path[128];

	if (state_base()[0] != '/')
		return err_set(err, CONTAINER_FAILED,
			       "state: VSW_STATE_DIR '%s' is not an absolute path", state_base());
	if (strlen(state_base()) > STATE_BASE_MAX)
		return err_set(err, CONTAINER_FAILED,
			       "state: the path VSW_STATE_DIR is longer than %d", STATE_BASE_MAX);
	if (mkdir(state_base(), 0755) < 0 && errno != EEXIST)
		return err_set_errno(err, CONTAINER_FAILED, errno, "state: make %s",
				     state_base());
	if (containers_path(path, sizeof(path)) < 0 ||
	    (mkdir(path, 0700) < 0 && errno != EEXIST && errno != ENOENT))
		return err_set_errno(err, CONTAINER_FAILED, errno, "state: make %s/containers",
				     state_base());
	return 0;
}

int state_owned(int base_fd, const char *name)
{
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	cleanup_close int fd = -1;
	char path[SPEC_NAME_MAX + 8];

	snprintf(path, sizeof(path), "%s/lock", name);
	fd = openat(base_fd, path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return errno == ENOENT ? 0 : -1;
	if (fcntl(fd, F_GETLK, &lock) < 0)
		return -1;
	return lock.l_type != F_UNLCK;
}

/* The directory of a container, of what we put there. */
int state_remove(int base_fd, const char *name, struct err *err)
{
	static const struct {
		const char *name;
		int flags;
	} parts[] = {
		{ "state.json.new", 0 }, { "state.json", 0 }, { "root", AT_REMOVEDIR },
		{ "lock", 0 },
	};
	cleanup_close int dir = openat(base_fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW |
				       O_CLOEXEC);
	size_t i;

	if (dir < 0) {
		err_set_errno(err, CONTAINER_FAILED, errno, "state: open '%s'", name);
		/* without a descriptor to spare an empty one can still go */
		return errno == ENOENT || !unlinkat(base_fd, name, AT_REMOVEDIR) ? 0 : -1;
	}
	for (i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		if (unlinkat(dir, parts[i].name, parts[i].flags) < 0 && errno != ENOENT)
			return err_set_errno(err, CONTAINER_FAILED, errno, "state: remove %s/%s",
					     name, parts[i].name);
	}
	if (unlinkat(base_fd, name, AT_REMOVEDIR) < 0)
		return err_set_errno(err, CONTAINER_FAILED, errno, "state: remove '%s'", name);
	return 0;
}

void state_tidy(void)
{
	char path[128];

	if (containers_path(path, sizeof(path)) < 0 || (rmdir(path) < 0 && errno != ENOENT))
		return;
	/* a directory that the user chose is the user's */
	if (!strcmp(state_base(), STATE_DEFAULT))
		rmdir(STATE_DEFAULT);
}

/* Is one of the ids in a range of this file, of lines "user:first:count"? */
static bool ids_given_away(const char *path, uint32_t base)
{
	FILE *file = fopen(path, "re");
	uint64_t first, count;
	char *line = NULL;
	bool used = false;
	size_t size = 0;

	while (file && !used && getline(&line, &size, file) > 0) {
		if (sscanf(line, "%*[^:]:%" SCNu64 ":%" SCNu64, &first, &count) == 2)
			used = first < base + SPEC_USERNS_IDS && base < first + count;
	}
	free(line);
	if (file)
		fclose(file);
	return used;
}

/* Is the range of ids another container's? */
static bool id_base_taken(const struct container *c, uint32_t base)
{
	cleanup_close int fd = openat(c->state.base_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	cleanup_closedir DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *entry;
	struct record record;

	if (dir)
		take_fd(&fd);
	while (dir && (entry = readdir(dir))) {
		if (spec_name_valid(entry->d_name) && strcmp(entry->d_name, c->spec->name) &&
		    !record_read(c->state.base_fd, entry->d_name, &record) &&
		    record.id_base == base)
			return true;
	}
	return false;
}

/* Those that one that is kept had before: its files are theirs. 0: it never ran. */
static uint32_t ids_of_files(const struct spec *spec)
{
	char path[512];
	struct stat st;

	if (!spec->kept_files ||
	    snprintf(path, sizeof(path), "%s/upper/proc", spec->kept_files) >= (int)sizeof(path) ||
	    lstat(path, &st) < 0)
		return 0;
	return st.st_uid;
}

/* The same name gets the same ids again, unless somebody else has them now. */
static int choose_ids(struct container *c, struct err *err)
{
	uint32_t slot = 0, i;
	const char *p;

	if (!c->spec->userns)
		return 0;
	c->id_base = ids_of_files(c->spec);
	if (c->id_base)
		return !id_base_taken(c, c->id_base) ? 0 :
		       err_set(err, CONTAINER_FAILED,
			       "namespaces: the ids of its files are another container's now");
	for (p = c->spec->name; *p; p++)
		slot = (slot * 31 + (unsigned char)*p) % ID_SLOTS;
	for (i = 0; i < ID_SLOTS; i++) {
		c->id_base = ID_FIRST + (slot + i) % ID_SLOTS * SPEC_USERNS_IDS;
		if (!id_base_taken(c, c->id_base) && !ids_given_away("/etc/subuid", c->id_base) &&
		    !ids_given_away("/etc/subgid", c->id_base))
			return 0;
	}
	return err_set(err, CONTAINER_FAILED, "namespaces: no range of ids is free");
}

static int fill_directory(struct container *c, struct err *err)
{
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	struct state *state = &c->state;

	state->dir_fd = openat(state->base_fd, c->spec->name,
			       O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (state->dir_fd < 0)
		return err_set_errno(err, CONTAINER_FAILED, errno, "state: open %s", state->dir);
	state->lock_fd = openat(state->dir_fd, "lock",
				O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (state->lock_fd < 0 || fcntl(state->lock_fd, F_SETLK, &lock) < 0)
		return err_set_errno(err, CONTAINER_FAILED, errno, "state: lock %s/lock",
				     state->dir);
	if (mkdirat(state->dir_fd, "root", 0700) < 0)
		return err_set_errno(err, CONTAINER_FAILED, errno, "state: make %s/root",
				     state->dir);
	if (choose_ids(c, err) < 0)
		return -1;
	return state_save(c, "creating", err);
}

/* The base directory is locked.  -1 with errno ENOENT if it is gone by now. */
static int take_name(struct container *c, struct err *err)
{
	const char *name = c->spec->name;
	int base = c->state.base_fd, owned;
	struct record record;

	if (mkdirat(base, name, 0700) < 0) {
		if (errno != EEXIST)
			return err_set_errno(err, CONTAINER_FAILED, errno, "state: make %s",
					     c->state.dir);
		owned = state_owned(base, name);
		if (owned < 0)
			return err_set_errno(err, CONTAINER_FAILED, errno, "state: look at %s",
					     c->state.dir);
		owned = owned || record_goes_on(base, name, &record);
		if (owned || reap_container(base, name, err) < 0) {
			errno = 0;
			return owned ? err_set(err, CONTAINER_FAILED, "name: '%s' is taken",
					       name) : -1;
		}
		if (mkdirat(base, name, 0700) < 0)
			return err_set_errno(err, CONTAINER_FAILED, errno, "state: make %s",
					     c->state.dir);
	}
	c->state.taken = true;
	errno = 0;
	if (fill_directory(c, err) < 0) {
		close_fd(&c->state.dir_fd);
		close_fd(&c->state.lock_fd);
		state_remove(base, name, NULL);
		c->state.taken = false;
		errno = 0;
		return -1;
	}
	return 0;
}

/* 0: try again, the base was removed before we had its lock */
static int try_take(struct container *c, struct err *err)
{
	struct state *state = &c->state;
	int ret;

	if (make_base(err) < 0)
		return -1;
	state->base_fd = state_open_base();
	if (state->base_fd < 0 && errno == ENOENT)
		return 0;
	if (state->base_fd < 0 || state_lock_base(state->base_fd) < 0) {
		err_set_errno(err, CONTAINER_FAILED, errno, "state: lock %s/containers",
			      state_base());
		state_tidy();
		return -1;
	}
	if (!take_name(c, err)) {
		state_unlock_base(state->base_fd);
		return 1;
	}
	ret = errno == ENOENT ? 0 : -1;
	/* maybe it was made for this name only */
	state_tidy();
	close_fd(&state->base_fd);
	return ret;
}

int state_take(struct container *c, struct err *err)
{
	int ret = 0, i;

	snprintf(c->state.dir, sizeof(c->state.dir), "%.*s/containers/%s", STATE_BASE_MAX,
		 state_base(), c->spec->name);
	for (i = 0; !ret && i < STATE_ATTEMPTS; i++)
		ret = try_take(c, err);
	if (!ret)
		return err_set(err, CONTAINER_FAILED, "state: %s/containers does not stay",
			       state_base());
	if (ret > 0)
		err->status = 0;
	return ret < 0 ? -1 : 0;
}

/* A file that is there is whole: written under another name, synced, renamed. */
static int replace_file(int dir_fd, const char *text)
{
	cleanup_close int fd = openat(dir_fd, "state.json.new", O_WRONLY | O_CREAT | O_TRUNC |
				      O_NOFOLLOW | O_CLOEXEC, 0600);
	size_t len = strlen(text);
	ssize_t n;

	if (fd < 0)
		return -1;
	while (len) {
		n = write(fd, text, len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		text += n;
		len -= n;
	}
	if (fsync(fd) < 0 || renameat(dir_fd, "state.json.new", dir_fd, "state.json") < 0)
		return -1;
	return fsync(dir_fd);
}

int state_save(const struct container *c, const char *status, struct err *err)
{
	cleanup_free char *text = record_format(c, status);

	if (!text)
		return err_set(err, CONTAINER_FAILED, "state: no memory for state.json");
	if (replace_file(c->state.dir_fd, text) < 0)
		return err_set_errno(err, CONTAINER_FAILED, errno, "state: write %s/state.json",
				     c->state.dir);
	return 0;
}

int state_release(struct container *c, bool keep, struct err *err)
{
	struct state *state = &c->state;
	int ret = 0;

	close_fd(&state->dir_fd);
	if (state->taken && !keep) {
		/* if that fails the lock still keeps the others away */
		state_lock_base(state->base_fd);
		ret = state_remove(state->base_fd, c->spec->name, err);
		close_fd(&state->lock_fd);
		state->taken = false;
		state_tidy();
		state_unlock_base(state->base_fd);
	}
	close_fd(&state->lock_fd);
	close_fd(&state->base_fd);
	return ret;
}
