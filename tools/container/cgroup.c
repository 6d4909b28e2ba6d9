// SPDX-License-Identifier: GPL-2.0
/*
 * The cgroup of a container: /sys/fs/cgroup/vsw/c-NAME.  It is made and limited
 * before a process is in it; clone3() puts the first one there.  Beside it are
 * files of the kernel, like pids.max; none begins with "c-".
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <inttypes.h>
#include <linux/magic.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <time.h>

#include "cleanup.h"
#include "container.h"

#define CGROUP_ROOT	"/sys/fs/cgroup"
#define CGROUP_PARENT	CGROUP_ROOT "/vsw"
#define CPU_PERIOD	" 100000"

#define CREATE_ATTEMPTS	16	/* the parent may be removed by another vsw */
#define NESTING_MAX	16

/* The directory of a container below the parent. */
#define GROUP_SIZE	(SPEC_NAME_MAX + 3)

static void group_name(char group[GROUP_SIZE], const char *name)
{
	snprintf(group, GROUP_SIZE, "c-%s", name);
}

/* Controllers that the limits of this container need, closed by NULL. */
static void controllers_needed(const struct spec *spec, const char *needed[5])
{
	size_t n = 0;

	if (spec->cpu_quota)
		needed[n++] = "cpu";
	if (spec->memory)
		needed[n++] = "memory";
	if (spec->pids)
		needed[n++] = "pids";
	if (spec->n_ios)
		needed[n++] = "io";
	needed[n] = NULL;
}

static int read_file(int dir_fd, const char *name, char *text, size_t size)
{
	cleanup_close int fd = openat(dir_fd, name, O_RDONLY | O_CLOEXEC);
	ssize_t n;

	if (fd < 0)
		return -1;
	do {
		n = read(fd, text, size - 1);
	} while (n < 0 && errno == EINTR);
	if (n < 0)
		return -1;
	text[n] = '\0';
	return 0;
}

static int write_file(int dir_fd, const char *name, const char *text)
{
	cleanup_close int fd = openat(dir_fd, name, O_WRONLY | O_CLOEXEC);
	ssize_t n;

	if (fd < 0)
		return -1;
	do {
		n = write(fd, text, strlen(text));
	} while (n < 0 && errno == EINTR);
	return n < 0 ? -1 : 0;
}

/* Is word one of the words of a list with blanks between them? */
static bool has_word(const char *list, const char *word)
{
	size_t len = strlen(word);
	const char *p = list;

	while ((p = strstr(p, word))) {
		bool begins = p == list || p[-1] == ' ';

		if (begins && (!p[len] || strchr(" \n", p[len])))
			return true;
		p += len;
	}
	return false;
}

static int open_root(struct err *err)
{
	cleanup_close int fd = open(CGROUP_ROOT, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct statfs fs;

	if (fd < 0)
		return err_set_errno(err, CONTAINER_FAILED, errno, "cgroup: no %s",
				     CGROUP_ROOT);
	if (fstatfs(fd, &fs) < 0)
		return err_set_errno(err, CONTAINER_FAILED, errno, "cgroup: statfs %s",
				     CGROUP_ROOT);
	if (fs.f_type != CGROUP2_SUPER_MAGIC)
		return err_set(err, CONTAINER_FAILED,
			       "cgroup: there is no cgroup v2 at %s (boot with systemd.unified_cgroup_hierarchy=1 or mount cgroup2 there)",
			       CGROUP_ROOT);
	return take_fd(&fd);
}

/* Are the controllers that are needed there, in the group of dir_fd? */
static int check_controllers(int dir_fd, const char *path, const char *const *needed,
			     struct err *err)
{
	char list[512];

	if (read_file(dir_fd, "cgroup.controllers", list, sizeof(list)) < 0)
		return err_set_errno(err, CONTAINER_FAILED, errno,
				     "cgroup: read %s/cgroup.controllers", path);
	list[strcspn(list, "\n")] = '\0';
	for (; *needed; needed++) {
		if (!has_word(list, *needed))
			return err_set(err, CONTAINER_FAILED,
				       "cgroup: controller '%s' is missing in %s (there are: %s)",
				       *needed, path, *list ? list : "none");
	}
	return 0;
}

int cgroup_check(const struct spec *spec, struct err *err)
{
	cleanup_close int root = open_root(err);
	const char *needed[5];

	if (root < 0)
		return -1;
	controllers_needed(spec, needed);
	return check_controllers(root, CGROUP_ROOT, needed, err);
}

/* Let the groups below dir_fd have the controllers. */
static int enable_controllers(int dir_fd, const char *path, const char *const *needed,
			      struct err *err)
{
	char list[512], word[32];

	if (check_controllers(dir_fd, path, needed, err) < 0)
		return -1;
	if (read_file(dir_fd, "cgroup.subtree_control", list, sizeof(list)) < 0)
		return err_set_errno(err, CONTAINER_FAILED, errno,
				     "cgroup: read %s/cgroup.subtree_control", path);
	for (; *needed; needed++) {
		if (has_word(list, *needed))
			continue;
		snprintf(word, sizeof(word), "+%s", *needed);
		if (write_file(dir_fd, "cgroup.subtree_control", word) < 0)
			return err_set_errno(err, CONTAINER_FAILED, errno,
					     "cgroup: enable controller '%s' in %s",
					     *needed, path);
	}
	return 0;
}

/* A group that is left from a container that nobody knows of any more. */
static int make_group(int parent, const char *name, struct err *err)
{
	if (!mkdirat(parent, name, 0755))
		return 0;
	if (errno == EEXIST && !unlinkat(parent, name, AT_REMOVEDIR) &&
	    !mkdirat(parent, name, 0755))
		return 0;
	if (errno == EBUSY)
		return err_set(err, CONTAINER_FAILED,
			       "cgroup: %s/%s has processes that belong to no container of vsw",
			       CGROUP_PARENT, name);
	return err_set_errno(err, CONTAINER_FAILED, errno, "cgroup: make %s/%s",
			     CGROUP_PARENT, name);
}

/* -1 with err and errno set; errno 0 when it was not a system call that failed. */
static int try_create(struct container *c, int root, const char *const *needed,
		      struct err *err)
{
	cleanup_close int parent = -1;
	char group[GROUP_SIZE];
	struct stat st;

	errno = 0;
	if (mkdirat(root, "vsw", 0755) < 0 && errno != EEXIST)
		return err_set_errno(err, CONTAINER_FAILED, errno, "cgroup: make %s",
				     CGROUP_PARENT);
	errno = 0;
	parent = openat(root, "vsw", O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	if (parent < 0)
		return err_set_errno(err, CONTAINER_FAILED, errno, "cgroup: open %s",
				     CGROUP_PARENT);
	if (enable_controllers(parent, CGROUP_PARENT, needed, err) < 0)
		return -1;
	group_name(group, c->spec->name);
	if (make_group(parent, group, err) < 0)
		return -1;
	c->cgroup_fd = openat(parent, group, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (c->cgroup_fd < 0 || fstat(c->cgroup_fd, &st) < 0) {
		err_set_errno(err, CONTAINER_FAILED, errno, "cgroup: open %s/%s", CGROUP_PARENT,
			      group);
		unlinkat(parent, group, AT_REMOVEDIR);
		return -1;
	}
	/* ours from now on: until here it may be a stranger's */
	snprintf(c->cgroup, sizeof(c->cgroup), CGROUP_PARENT "/%s", group);
	c->cgroup_id = st.st_ino;
	return 0;
}

/*
 * The parent goes away with its last child, maybe between two steps here: then
 * a name is not found, or a file is there but its group is not (ENODEV).
 */
static int create_group(struct container *c, struct err *err)
{
	cleanup_close int root = open_root(err);
	const char *needed[5];
	int i;

	if (root < 0)
		return -1;
	controllers_needed(c->spec, needed);
	if (enable_controllers(root, CGROUP_ROOT, needed, err) < 0)
		return -1;
	for (i = 0; i < CREATE_ATTEMPTS; i++) {
		if (!try_create(c, root, needed, err)) {
			err->status = 0;
			return 0;
		}
		if (errno != ENOENT && errno != ENODEV)
			break;
	}
	return -1;
}

static int set_limit(int cgroup_fd, const char *file, const char *text, struct err *err)
{
	char link[32], path[512];
	int error;
	ssize_t n;

	if (write_file(cgroup_fd, file, text) == 0)
		return 0;
	error = errno;
	snprintf(link, sizeof(link), "/proc/self/fd/%d", cgroup_fd);
	n = readlink(link, path, sizeof(path) - 1);
	path[n > 0 ? n : 0] = '\0';
	return err_set_errno(err, CONTAINER_FAILED, error, "cgroup: write '%s' to %s/%s",
			     text, path, file);
}

/* In words of the kernel, with unit behind it. */
static int set_number(int cgroup_fd, const char *file, uint64_t number, const char *unit,
		      struct err *err)
{
	char text[64];

	if (number == SPEC_UNLIMITED)
		snprintf(text, sizeof(text), "max%s", unit);
	else
		snprintf(text, sizeof(text), "%" PRIu64 "%s", number, unit);
	return set_limit(cgroup_fd, file, text, err);
}

static int set_memory(int cgroup_fd, uint64_t memory, struct err *err)
{
	if (set_number(cgroup_fd, "memory.max", memory, "", err) < 0)
		return -1;
	/* a limit that swap gets around is none; without swap there is no file */
	if (faccessat(cgroup_fd, "memory.swap.max", F_OK, 0) < 0)
		return 0;
	return set_number(cgroup_fd, "memory.swap.max",
			  memory == SPEC_UNLIMITED ? SPEC_UNLIMITED : 0, "", err);
}

static int set_io_limit(int cgroup_fd, const struct spec_io *io, struct err *err)
{
	char text[160];
	int n;

	n = snprintf(text, sizeof(text), "%u:%u", io->major, io->minor);
	if (io->rbps)
		n += snprintf(text + n, sizeof(text) - n, " rbps=%" PRIu64, io->rbps);
	if (io->wbps)
		n += snprintf(text + n, sizeof(text) - n, " wbps=%" PRIu64, io->wbps);
	if (io->riops)
		n += snprintf(text + n, sizeof(text) - n, " riops=%" PRIu64, io->riops);
	if (io->wiops)
		snprintf(text + n, sizeof(text) - n, " wiops=%" PRIu64, io->wiops);
	return set_limit(cgroup_fd, "io.max", text, err);
}

static int set_limits(int cgroup_fd, const struct spec *spec, struct err *err)
{
	size_t i;

	if (spec->cpu_quota &&
	    set_number(cgroup_fd, "cpu.max", spec->cpu_quota, CPU_PERIOD, err) < 0)
		return -1;
	if (spec->memory && set_memory(cgroup_fd, spec->memory, err) < 0)
		return -1;
	if (spec->pids && set_number(cgroup_fd, "pids.max", spec->pids, "", err) < 0)
		return -1;
	for (i = 0; i < spec->n_ios; i++) {
		if (set_io_limit(cgroup_fd, &spec->ios[i], err) < 0)
			return -1;
	}
	return 0;
}

int cgroup_create(struct container *c, struct err *err)
{
	if (create_group(c, err) < 0) {
		rmdir(CGROUP_PARENT);
		return -1;
	}
	return set_limits(c->cgroup_fd, c->spec, err);
}

int cgroup_change(int cgroup_fd, const struct spec *spec, struct err *err)
{
	cleanup_close int root = open_root(err), parent = -1;
	const char *needed[5];

	if (root < 0)
		return -1;
	parent = openat(root, "vsw", O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	if (parent < 0)
		return err_set_errno(err, CONTAINER_FAILED, errno, "cgroup: open %s",
				     CGROUP_PARENT);
	/* those that it was made without */
	controllers_needed(spec, needed);
	if (enable_controllers(root, CGROUP_ROOT, needed, err) < 0 ||
	    enable_controllers(parent, CGROUP_PARENT, needed, err) < 0)
		return -1;
	return set_limits(cgroup_fd, spec, err);
}

/* The number behind a key in a file of lines "key number", 0 if there is none. */
static uint64_t read_key(int dir_fd, const char *file, const char *key)
{
	char text[1024], *line, *save;
	size_t len = strlen(key);

	if (read_file(dir_fd, file, text, sizeof(text)) < 0)
		return 0;
	for (line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
		if (!strncmp(line, key, len) && line[len] == ' ')
			return strtoull(line + len + 1, NULL, 10);
	}
	return 0;
}

uint64_t cgroup_oom_kills(const struct container *c, uint64_t *limit)
{
	char text[64];

	/* what it is now, which need not be what it was made with */
	if (c->cgroup_fd < 0 || read_file(c->cgroup_fd, "memory.max", text, sizeof(text)) < 0 ||
	    !strncmp(text, "max", 3))
		return 0;
	*limit = strtoull(text, NULL, 10);
	return read_key(c->cgroup_fd, "memory.events", "oom_kill");
}

static int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

/* How many processes are in it. */
static unsigned int population(int fd)
{
	cleanup_close int procs = openat(fd, "cgroup.procs", O_RDONLY | O_CLOEXEC);
	unsigned int count = 0;
	char text[4096];
	ssize_t n, i;

	while (procs >= 0 && (n = read(procs, text, sizeof(text))) > 0)
		for (i = 0; i < n; i++)
			count += text[i] == '\n';
	return count;
}

/*
 * Until nothing lives in it or below; the kernel wakes us when that is so. As
 * long as some of it ends, it goes on; nothing for so long, and it has failed.
 */
static int wait_empty(int fd, int seconds)
{
	cleanup_close int events = openat(fd, "cgroup.events", O_RDONLY | O_CLOEXEC);
	struct pollfd poller = { .fd = events, .events = POLLPRI };
	int64_t deadline = now_ms() + seconds * 1000;
	unsigned int least = UINT_MAX, count;
	char text[128];
	ssize_t n;

	if (events < 0)
		return -1;
	for (;;) {
		n = pread(events, text, sizeof(text) - 1, 0);
		if (n < 0)
			return errno == ENODEV ? 0 : -1;
		text[n] = '\0';
		if (strstr(text, "populated 0"))
			return 0;
		count = population(fd);
		if (count < least) {
			least = count;
			deadline = now_ms() + seconds * 1000;
		}
		if (now_ms() >= deadline) {
			errno = ETIMEDOUT;
			return -1;
		}
		if (poll(&poller, 1, 200) < 0 && errno != EINTR)
			return -1;
	}
}

/* A process that has ended may still be counted for a moment: EBUSY. */
static int remove_group(int parent, const char *name, int64_t deadline)
{
	struct timespec pause = { .tv_nsec = 1000000 };

	for (;;) {
		if (!unlinkat(parent, name, AT_REMOVEDIR) || errno == ENOENT)
			return 0;
		if (errno != EBUSY || now_ms() > deadline)
			return -1;
		nanosleep(&pause, NULL);
		if (pause.tv_nsec < 64000000)
			pause.tv_nsec *= 2;
	}
}

/* Groups inside: no container can make one, but someone else may have. */
static int remove_tree(int parent, const char *name, int64_t deadline, int depth)
{
	int fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	cleanup_closedir DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *entry;

	if (!dir) {
		close_fd(&fd);
		return errno == ENOENT ? 0 : -1;
	}
	while (depth && (entry = readdir(dir))) {
		if (entry->d_type != DT_DIR || entry->d_name[0] == '.')
			continue;
		if (remove_tree(fd, entry->d_name, deadline, depth - 1) < 0)
			return -1;
	}
	return remove_group(parent, name, deadline);
}

int cgroup_open(const char *name, uint64_t id)
{
	cleanup_close int parent = open(CGROUP_PARENT, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	cleanup_close int fd = -1;
	char group[GROUP_SIZE];
	struct stat st;

	if (parent < 0)
		return -1;
	group_name(group, name);
	fd = openat(parent, group, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0 || fstat(fd, &st) < 0)
		return -1;
	if (st.st_ino == id)
		return take_fd(&fd);
	errno = ENOENT;
	return -1;
}

void cgroup_remove_empty(const char *name)
{
	cleanup_close int parent = open(CGROUP_PARENT, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	char group[GROUP_SIZE];

	if (parent < 0)
		return;
	group_name(group, name);
	unlinkat(parent, group, AT_REMOVEDIR);
	rmdir(CGROUP_PARENT);
}

/* Kill what is in the group and wait for its end. */
static int end_all(int fd, const char *group, int seconds, struct err *err)
{
	if (write_file(fd, "cgroup.kill", "1") < 0 && errno != ENODEV)
		return err_set_errno(err, CONTAINER_FAILED, errno,
				     "cgroup: write %s/%s/cgroup.kill", CGROUP_PARENT, group);
	if (wait_empty(fd, seconds) < 0)
		return err_set_errno(err, CONTAINER_FAILED, errno,
				     "cgroup: wait for the end of %s/%s", CGROUP_PARENT, group);
	return 0;
}

int cgroup_remove(const char *name, uint64_t id, int seconds, struct err *err)
{
	cleanup_close int parent = open(CGROUP_PARENT, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	cleanup_close int fd = -1;
	char group[GROUP_SIZE];
	struct stat st;

	group_name(group, name);
	if (parent >= 0)
		fd = openat(parent, group, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0 && errno != ENOENT)
		return err_set_errno(err, CONTAINER_FAILED, errno, "cgroup: open %s/%s",
				     CGROUP_PARENT, group);
	if (fd >= 0 && !fstat(fd, &st) && st.st_ino == id) {
		if (end_all(fd, group, seconds, err) < 0)
			return -1;
		if (remove_tree(parent, group, now_ms() + seconds * 1000, NESTING_MAX) < 0)
			return err_set_errno(err, CONTAINER_FAILED, errno,
					     "cgroup: remove %s/%s", CGROUP_PARENT, group);
	}
	/* goes with the last container, and only then */
	rmdir(CGROUP_PARENT);
	return 0;
}
