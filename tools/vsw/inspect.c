// SPDX-License-Identifier: GPL-2.0
/* "vsw inspect": all about containers, in JSON, by the names that docker(1) has for it. */
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "containers.h"
#include "kept/kept.h"
#include "vsw.h"

static const char inspect_help[] =
"Usage: vsw inspect CONTAINER...\n"
"All about containers that are kept, in JSON, by the names that docker(1) has for it.\n"
"See 'vsw image help' for images.\n";

/* Docker's word for a time that has not come. */
static const char *time_or_never(const char *text)
{
	return text ?: "0001-01-01T00:00:00Z";
}

static json_t *state_of(const struct vsw_container *about)
{
	bool paused = !strcmp(about->status, "paused");
	bool runs = paused || !strcmp(about->status, "running");

	return json_pack("{s:s, s:b, s:b, s:b, s:i, s:i, s:s, s:s, s:s, s:b}",
			 "Status", about->status, "Running", runs, "Paused", paused,
			 "Restarting", !strcmp(about->status, "restarting"),
			 "Pid", runs ? (int)about->pid : 0, "ExitCode", (int)about->exit_status,
			 "Error", about->error ?: "",
			 "StartedAt", time_or_never(about->started),
			 "FinishedAt", time_or_never(about->finished),
			 "Supervised", about->supervised);
}

static json_t *describe(struct kept *kept, const struct vsw_container *about)
{
	json_t *command = json_object_get(kept->config, "command"), *args = json_copy(command);
	const char *path = json_string_value(json_array_get(command, 0)) ?: "";
	json_t *object;

	json_array_remove(args, 0);
	object = json_pack("{s:s, s:s, s:s, s:o, s:o, s:s, s:s, s:i, s:{s:O*, s:s, s:O*, s:O*}, s:{s:b}}",
			   "Name", kept->name, "Created", kept_text(kept, "created"),
			   "Path", path, "Args", args, "State", state_of(about),
			   "Image", kept_text(kept, "image-id"),
			   "LogPath", "log", "RestartCount", (int)about->restarts,
			   "Config",
			   "Env", json_object_get(kept->config, "env"),
			   "Image", kept_text(kept, "image"),
			   "StopSignal", json_object_get(kept->config, "stop-signal"),
			   "StopTimeout", json_object_get(kept->config, "stop-timeout"),
			   "HostConfig", "AutoRemove", kept_flag(kept, "remove"));
	if (object) {
		json_object_set(object, "Words", json_object_get(kept->config, "words"));
		json_object_set(json_object_get(object, "HostConfig"), "Ports",
				json_object_get(kept->config, "ports"));
	}
	return object;
}

static int add(json_t *all, const char *name, struct err *err)
{
	struct vsw_container about = { 0 };
	json_t *object = NULL;
	struct kept kept;
	int ret;

	if (kept_open(name, &kept, err) < 0)
		return -1;
	ret = kept_describe(&kept, &about, err);
	if (!ret)
		object = describe(&kept, &about);
	if (!ret && (!object || json_array_append_new(all, object) < 0))
		ret = err_set(err, STATUS_SYSTEM, "container '%s': its configuration is damaged",
			      name);
	object_clear(&kind_container, &about);
	kept_close(&kept);
	return ret;
}

static int inspect(struct vsw *vsw, char **words, struct err *err)
{
	json_t *all = json_array();
	int ret = 0;

	(void)vsw;
	if (!*words)
		ret = err_set(err, STATUS_USAGE, "a CONTAINER is needed");
	for (; !ret && *words; words++)
		ret = add(all, *words, err);
	if (!ret && json_dumpf(all, stdout, JSON_INDENT(1)) < 0)
		ret = err_set(err, STATUS_SYSTEM, "it can't be written");
	if (!ret)
		putchar('\n');
	json_decref(all);
	return ret;
}

const struct object object_inspect = {
	.name = "inspect", .help = inspect_help, .run = inspect, .own_options = true,
};
