// SPDX-License-Identifier: GPL-2.0
/*
 * state.json: what there is of a container, for those who come later.  A
 * stranger may have damaged it, so nothing that is read is believed to fit.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "cleanup.h"
#include "container.h"

#define RECORD_VERSION	1
#define RECORD_SIZE_MAX	65536

/*
 * Clock ticks between boot and the start of a process, 0 if there is none, or only what
 * nobody has waited for yet: together with its number that says which process is meant.
 */
uint64_t record_start_time(pid_t pid)
{
	cleanup_close int fd = -1;
	char path[64], text[1024], *p;
	uint64_t ticks = 0;
	ssize_t n;
	int i;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	n = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);
	if (n <= 0)
		return 0;
	text[n] = '\0';
	/* the second field is in parentheses and may hold some itself; ours is the 22nd */
	p = strrchr(text, ')');
	if (p && (!strncmp(p, ") Z", 3) || !strncmp(p, ") X", 3)))
		return 0;
	for (i = 2; p && i < 22; i++)
		p = strchr(p + 1, ' ');
	if (p)
		ticks = strtoull(p + 1, NULL, 10);
	return ticks;
}

static json_t *process(pid_t pid)
{
	return json_pack("{s:i, s:I}", "pid", (int)pid, "start-time",
			 (json_int_t)record_start_time(pid));
}

static int add_details(json_t *object, const struct container *c)
{
	const struct spec *spec = c->spec;
	json_t *rootfs = json_string(c->rootfs_path);
	int ret = 0;

	/* the path of a file need not be UTF-8: then JSON can't say it */
	if (rootfs)
		ret |= json_object_set_new(object, "rootfs", rootfs);
	if (c->pid)
		ret |= json_object_set_new(object, "init", process(c->pid));
	if (c->cgroup[0])
		ret |= json_object_set_new(object, "cgroup",
				json_pack("{s:s, s:I}", "path", c->cgroup,
					  "id", (json_int_t)c->cgroup_id));
	if (spec->switch_name)
		ret |= json_object_set_new(object, "switch", json_string(spec->switch_name));
	if (c->link[0])
		ret |= json_object_set_new(object, "link",
				json_pack("{s:s, s:s, s:i, s:I, s:i}",
					  "adapter", spec_adapter_name(spec->adapter),
					  "name", c->link, "index", c->link_index,
					  "netns", (json_int_t)network_namespace(),
					  "switch-index", c->switch_index));
	if (spec->userns)
		ret |= json_object_set_new(object, "userns",
				json_pack("{s:I, s:i}", "base", (json_int_t)c->id_base,
					  "count", SPEC_USERNS_IDS));
	return ret;
}

char *record_format(const struct container *c, const char *status)
{
	char *text = NULL;
	json_t *object;

	object = json_pack("{s:i, s:s, s:s, s:o, s:b, s:b}", "version", RECORD_VERSION,
			   "name", c->spec->name, "status", status,
			   "supervisor", process(getpid()), "read-only", c->spec->read_only,
			   "supervised", !!c->spec->supervision);
	if (object && !add_details(object, c))
		text = json_dumps(object, JSON_INDENT(1) | JSON_PRESERVE_ORDER);
	json_decref(object);
	return text;
}

static char *read_record(int base_fd, const char *name)
{
	cleanup_close int dir = openat(base_fd, name,
				       O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	cleanup_close int fd = -1;
	cleanup_free char *text = NULL;
	struct stat st;
	char *ret;

	if (dir >= 0)
		fd = openat(dir, "state.json", O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &st) < 0)
		return NULL;
	errno = EINVAL;
	if (!S_ISREG(st.st_mode) || st.st_size > RECORD_SIZE_MAX)
		return NULL;
	text = malloc(st.st_size + 1);
	if (!text || read(fd, text, st.st_size) != st.st_size)
		return NULL;
	text[st.st_size] = '\0';
	ret = text;
	text = NULL;
	return ret;
}

static void copy_string(char *to, size_t size, json_t *object, const char *key)
{
	const char *value = json_string_value(json_object_get(object, key));

	/* what is too long was not written by us */
	if (value && strlen(value) < size)
		strcpy(to, value);
}

int record_read(int base_fd, const char *name, struct record *record)
{
	cleanup_free char *text = read_record(base_fd, name);
	json_t *object, *link, *init;
	const char *status;

	memset(record, 0, sizeof(*record));
	if (!text)
		return -1;
	object = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
	if (!json_is_object(object)) {
		json_decref(object);
		errno = EINVAL;
		return -1;
	}
	record->cgroup_id = json_integer_value(json_object_get(json_object_get(object, "cgroup"),
							       "id"));
	link = json_object_get(object, "link");
	copy_string(record->adapter, sizeof(record->adapter), link, "adapter");
	copy_string(record->link, sizeof(record->link), link, "name");
	record->link_index = json_integer_value(json_object_get(link, "index"));
	record->netns = json_integer_value(json_object_get(link, "netns"));
	record->switch_index = json_integer_value(json_object_get(link, "switch-index"));
	record->id_base = json_integer_value(json_object_get(json_object_get(object, "userns"),
							     "base"));
	status = json_string_value(json_object_get(object, "status"));
	record->running = status && !strcmp(status, "running");
	init = json_object_get(object, "init");
	record->init_pid = json_integer_value(json_object_get(init, "pid"));
	record->init_start = json_integer_value(json_object_get(init, "start-time"));
	record->supervised = json_is_true(json_object_get(object, "supervised"));
	json_decref(object);
	return 0;
}

bool record_goes_on(int base_fd, const char *name, struct record *record)
{
	return !record_read(base_fd, name, record) && record->supervised &&
	       record->init_pid > 0 && record_start_time(record->init_pid) == record->init_start;
}
