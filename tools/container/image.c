// SPDX-License-Identifier: GPL-2.0
/*
 * What an image says of its containers, for all that was not said (OCI image specification,
 * config.md): command, variables, user, working directory and stop signal.
 */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <jansson.h>
#include <linux/openat2.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include "cleanup.h"
#include "container.h"
#include "spec.h"

static int damaged(const char *what, struct err *err)
{
	return err_set(err, CONTAINER_FAILED, "image: its %s makes no sense", what);
}

/* ---- command ---------------------------------------------------------------------------- */

static int append_words(char **argv, size_t *n, json_t *words, const char *what, struct err *err)
{
	json_t *word;
	size_t i;

	json_array_foreach(words, i, word) {
		if (!json_is_string(word))
			return damaged(what, err);
		argv[(*n)++] = (char *)json_string_value(word);
	}
	return 0;
}

/* Its entrypoint, and behind it what was said, or else its command. */
static int choose_command(struct spec *spec, json_t *config, char **args, struct err *err)
{
	json_t *entrypoint = json_object_get(config, "Entrypoint");
	json_t *command = json_object_get(config, "Cmd");
	size_t n = 0, i, n_args = 0;

	while (args[n_args])
		n_args++;
	spec->image_argv = calloc(json_array_size(entrypoint) + json_array_size(command) +
				  n_args + 1, sizeof(*spec->image_argv));
	if (!spec->image_argv)
		return err_set(err, CONTAINER_FAILED, "no memory");
	if (append_words(spec->image_argv, &n, entrypoint, "Entrypoint", err) < 0 ||
	    (!n_args && append_words(spec->image_argv, &n, command, "Cmd", err) < 0))
		return -1;
	for (i = 0; i < n_args; i++)
		spec->image_argv[n++] = args[i];
	spec->argv = spec->image_argv;
	return n ? 0 : err_set(err, CONTAINER_FAILED,
			       "the image has no command, and none is said behind it");
}

/* ---- variables -------------------------------------------------------------------------- */

static int add_variables(struct spec *spec, json_t *config, struct err *err)
{
	size_t said = spec->n_env, i, j, len;
	const char *text;
	json_t *value;

	json_array_foreach(json_object_get(config, "Env"), i, value) {
		text = json_string_value(value) ?: "";
		len = strcspn(text, "=");
		if (!len || !text[len])
			return damaged("Env", err);
		for (j = 0; j < said; j++)
			if (!strncmp(spec->env[j], text, len + 1))
				break;
		if (j == said && spec_add_env(spec, text, err) < 0)
			return -1;
	}
	return 0;
}

/* ---- user ------------------------------------------------------------------------------- */

/* A file of the image, in the highest layer that has it. NULL: there is none. */
static FILE *open_file(const struct spec *spec, const char *path)
{
	struct open_how how = {
		.flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY,
		.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS,
	};
	struct stat st;
	size_t i;

	for (i = 0; i < spec->n_layers; i++) {
		cleanup_close int dir = open(spec->layers[i], O_PATH | O_DIRECTORY | O_CLOEXEC);
		cleanup_close int fd = syscall(SYS_openat2, dir, path, &how, sizeof(how));

		if (fd >= 0 && !fstat(fd, &st) && S_ISREG(st.st_mode))
			return fdopen(take_fd(&fd), "r");
		/* a whiteout: those below don't count */
		if (fd >= 0 || (errno != ENOENT && errno != ENOTDIR))
			return NULL;
	}
	return NULL;
}

static bool is_number(const char *text)
{
	return *text && strspn(text, "0123456789") == strlen(text);
}

static int find_group(struct spec *spec, const char *text, struct err *err)
{
	FILE *file = open_file(spec, "etc/group");
	struct group *group = NULL;

	while (file && (group = fgetgrent(file)) && strcmp(group->gr_name, text))
		;
	if (group)
		spec->gid = group->gr_gid;
	if (file)
		fclose(file);
	return group ? 0 : err_set(err, CONTAINER_FAILED,
				   "user: it has no group '%.64s' in its /etc/group", text);
}

static int find_user(struct spec *spec, const char *text, struct err *err)
{
	FILE *file = open_file(spec, "etc/passwd");
	struct passwd *user = NULL;
	bool number = is_number(text);

	while (file && (user = fgetpwent(file)))
		if (number ? user->pw_uid == spec->uid : !strcmp(user->pw_name, text))
			break;
	if (user) {
		spec->uid = user->pw_uid;
		spec->gid = user->pw_gid;
	}
	if (file)
		fclose(file);
	return user || number ? 0 :
	       err_set(err, CONTAINER_FAILED,
		       "user: it has no user '%.64s' in its /etc/passwd", text);
}

/* Of a user alone the group is its own there. */
int spec_find_user(struct spec *spec, const char *said, struct err *err)
{
	cleanup_free char *text = strdup(said);
	char *group = text ? strchr(text, ':') : NULL;

	if (!text)
		return err_set(err, CONTAINER_FAILED, "no memory");
	if (group)
		*group++ = '\0';
	if (!*text || (group && !*group))
		return err_set(err, CONTAINER_FAILED, "user: '%.64s' is not USER[:GROUP]", said);
	spec->uid = spec->gid = 0;
	if (is_number(text) && spec_set_user(spec, text, err) < 0)
		return -1;
	if (find_user(spec, text, err) < 0)
		return -1;
	if (group && is_number(group)) {
		uid_t uid = spec->uid;

		/* one number is read as the other */
		if (spec_set_user(spec, group, err) < 0)
			return -1;
		spec->gid = spec->uid;
		spec->uid = uid;
	} else if (group && find_group(spec, group, err) < 0) {
		return -1;
	}
	spec->has_user = true;
	return 0;
}

/* ----------------------------------------------------------------------------------------- */

int spec_apply_image(struct spec *spec, json_t *document, char **args, struct err *err)
{
	json_t *config = json_object_get(document, "config");
	const char *user = json_string_value(json_object_get(config, "User"));
	const char *workdir = json_string_value(json_object_get(config, "WorkingDir"));
	const char *signal = json_string_value(json_object_get(config, "StopSignal"));

	if (!spec->stop_signal && signal && *signal && spec_set_stop_signal(spec, signal, err) < 0)
		return -1;
	if (!spec->workdir && workdir && *workdir) {
		if (spec_set_workdir(spec, workdir, err) < 0)
			return -1;
	}
	spec->make_workdir = true;
	if (!spec->has_user && user && *user && spec_find_user(spec, user, err) < 0)
		return -1;
	if (add_variables(spec, config, err) < 0)
		return -1;
	return choose_command(spec, config, args, err);
}
