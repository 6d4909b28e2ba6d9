// SPDX-License-Identifier: GPL-2.0
/* How containers are, as "ps" and "inspect" show it. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "container/cleanup.h"
#include "kept.h"
#include "status.h"

static void set_text(struct vsw_container *about, enum container_attr attr, char **to,
		     const char *text)
{
	if (!text || !*text)
		return;
	free(*to);
	*to = strdup(text);
	if (*to)
		about->has |= HAS(attr);
}

static void set_number(struct vsw_container *about, enum container_attr attr, uint32_t *to,
		       json_t *value)
{
	if (!json_is_integer(value))
		return;
	*to = json_integer_value(value);
	about->has |= HAS(attr);
}

static const char *text_of(json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key));
}

/* Its words as a person types them; owned by the caller. */
static char *join(json_t *words)
{
	char *text = NULL;
	size_t size, i;
	json_t *word;
	FILE *out;

	out = open_memstream(&text, &size);
	json_array_foreach(words, i, word)
		if (out)
			fprintf(out, "%s%s", i ? " " : "", json_string_value(word) ?: "");
	if (out)
		fclose(out);
	return text;
}

static bool is_frozen(const char *name)
{
	cleanup_close int group = container_find_cgroup(name, NULL);
	cleanup_close int fd = group < 0 ? -1 : openat(group, "cgroup.freeze",
						       O_RDONLY | O_CLOEXEC);
	char text;

	return fd >= 0 && read(fd, &text, 1) == 1 && text == '1';
}

/* What runs, whoever keeps it. false: it does not. */
static bool describe_run(const char *name, struct vsw_container *about)
{
	cleanup_close int base = state_open_base();
	struct record record;
	bool owned;

	owned = base >= 0 && state_owned(base, name) > 0;
	if (base < 0 || (!owned && !record_goes_on(base, name, &record)) ||
	    record_read(base, name, &record) < 0 || record.init_pid <= 0)
		return false;
	set_text(about, CONTAINER_STATUS, &about->status,
		 is_frozen(name) ? "paused" : "running");
	about->pid = record.init_pid;
	about->supervised = owned;
	about->has |= HAS(CONTAINER_PID) | HAS(CONTAINER_SUPERVISED);
	return true;
}

/* was: what its supervisor wrote down last; NULL: nothing yet. */
static const char *status_without_run(const char *was, bool supervised)
{
	if (supervised)
		return was && !strcmp(was, "restarting") ? was : "starting";
	if (!was)
		return "created";
	return strcmp(was, "exited") ? "lost" : was;
}

int kept_describe(struct kept *kept, struct vsw_container *about, struct err *err)
{
	cleanup_free char *command = join(json_object_get(kept->config, "command"));
	cleanup_free char *ports = join(json_object_get(kept->config, "ports"));
	json_t *last = kept_last(kept);
	const char *was = text_of(last, "status");

	set_text(about, CONTAINER_NAME, &about->name, kept->name);
	set_text(about, CONTAINER_IMAGE, &about->image, kept_text(kept, "image"));
	set_text(about, CONTAINER_COMMAND, &about->command, command);
	set_text(about, CONTAINER_CREATED, &about->created, kept_text(kept, "created"));
	set_text(about, CONTAINER_SWITCH, &about->switch_name, kept_text(kept, "switch"));
	set_text(about, CONTAINER_PORTS, &about->ports, ports);
	set_text(about, CONTAINER_STARTED, &about->started, text_of(last, "started"));
	set_text(about, CONTAINER_FINISHED, &about->finished, text_of(last, "finished"));
	set_text(about, CONTAINER_ERROR, &about->error, text_of(last, "error"));
	set_number(about, CONTAINER_EXIT_STATUS, &about->exit_status,
		   json_object_get(last, "exit-status"));
	set_number(about, CONTAINER_RESTARTS, &about->restarts,
		   json_object_get(last, "restarts"));
	if (!describe_run(kept->name, about))
		set_text(about, CONTAINER_STATUS, &about->status,
			 status_without_run(was, kept_holder(kept)));
	json_decref(last);
	return about->name && about->status ? 0 : err_set(err, STATUS_SYSTEM, "no memory");
}

static int add_kept(const char *name, void *data, struct err *err)
{
	struct list *list = data;
	struct vsw_container *about;
	struct kept kept;
	int ret;

	/* removed meanwhile, or damaged: that is told where it is asked for */
	if (kept_open(name, &kept, NULL) < 0)
		return 0;
	about = list_grow(list, &kind_container);
	ret = about ? kept_describe(&kept, about, err) : err_set(err, STATUS_SYSTEM, "no memory");
	kept_close(&kept);
	return ret;
}

static bool is_listed(const struct list *list, const char *name)
{
	size_t i;

	for (i = 0; i < list->n; i++) {
		const struct vsw_container *about = list_at(list, &kind_container, i);

		if (!strcmp(about->name, name))
			return true;
	}
	return false;
}

/* Those that end with their vsw. */
static int add_others(struct list *list, struct err *err)
{
	int base = state_open_base(), ret = 0;
	cleanup_closedir DIR *dir = base < 0 ? NULL : fdopendir(base);
	struct vsw_container *about;
	struct dirent *entry;

	while (dir && !ret && (entry = readdir(dir))) {
		struct vsw_container found = { 0 };

		if (!spec_name_valid(entry->d_name) || is_listed(list, entry->d_name) ||
		    !describe_run(entry->d_name, &found))
			continue;
		set_text(&found, CONTAINER_NAME, &found.name, entry->d_name);
		about = list_grow(list, &kind_container);
		if (about)
			*about = found;
		else
			ret = err_set(err, STATUS_SYSTEM, "no memory");
	}
	return ret;
}

int kept_list(struct list *list, struct err *err)
{
	return kept_each(add_kept, list, err) < 0 ? -1 : add_others(list, err);
}
