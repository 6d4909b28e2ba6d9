// SPDX-License-Identifier: GPL-2.0
/* Words about mounts, as docker(1) has them, to what shall be mounted where. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "spec.h"
#include "units.h"

/* What vsw mounts itself; with "/" all that is below. */
static const char *const taken[] = {
	"/proc", "/proc/", "/sys", "/sys/", "/dev", "/dev/pts", "/dev/pts/", "/dev/mqueue",
	"/dev/mqueue/",
};

static bool is_taken(const char *target)
{
	size_t i, len;

	for (i = 0; i < sizeof(taken) / sizeof(taken[0]); i++) {
		len = strlen(taken[i]);
		if (taken[i][len - 1] == '/' ? !strncmp(target, taken[i], len) :
		    !strcmp(target, taken[i]))
			return true;
	}
	return false;
}

/* Absolute, each '/' once and none at the end; NULL with err set. */
static char *clean_path(const char *what, const char *text, struct err *err)
{
	char *path = malloc(strlen(text) + 2), *end = path;
	const char *word;
	size_t len;

	if (!path) {
		err_set_errno(err, CONTAINER_FAILED, ENOMEM, "mount");
		return NULL;
	}
	for (word = text; *text == '/' && *word; word += len) {
		word += strspn(word, "/");
		len = strcspn(word, "/");
		if (len == 2 && !memcmp(word, "..", 2))
			break;
		if (len && !(len == 1 && *word == '.'))
			end += sprintf(end, "/%.*s", (int)len, word);
	}
	if (*text == '/' && !*word) {
		strcpy(end, end == path ? "/" : "");
		return path;
	}
	free(path);
	err_set(err, CONTAINER_FAILED, "mount: %s '%s' is not an absolute path without '..'", what,
		text);
	return NULL;
}

/* "ro", "ro=true", "ro=0" ... */
static int parse_flag(const char *key, const char *value, bool *flag, struct err *err)
{
	if (!value || !strcmp(value, "true") || !strcmp(value, "1"))
		*flag = true;
	else if (!strcmp(value, "false") || !strcmp(value, "0"))
		*flag = false;
	else
		return err_set(err, CONTAINER_FAILED, "mount: '%s=%s' is neither true nor false",
			       key, value);
	return 0;
}

static int parse_mode(const char *text, unsigned int *mode, struct err *err)
{
	char *end;
	unsigned long value = strtoul(text, &end, 8);

	if (!*text || *end || *text == '-' || value > 07777)
		return err_set(err, CONTAINER_FAILED, "mount: '%s' is no mode in octal", text);
	*mode = value;
	return 0;
}

static int set_path(const char *what, const char *value, char **path, struct err *err)
{
	if (!value)
		return err_set(err, CONTAINER_FAILED, "mount: '%s' lacks its path", what);
	free(*path);
	*path = clean_path(what, value, err);
	return *path ? 0 : -1;
}

/* Our mounts are private, so what would make them so changes nothing. */
static bool is_private(const char *word)
{
	return !strcmp(word, "private") || !strcmp(word, "rprivate");
}

static int bind_option(struct spec_mount *mount, const char *word, struct err *err)
{
	/* SELinux labels: there are none to change */
	if (!strcmp(word, "rw") || !strcmp(word, "z") || !strcmp(word, "Z") ||
	    !strcmp(word, "nocopy") || is_private(word))
		return 0;
	if (strcmp(word, "ro"))
		return err_set(err, CONTAINER_FAILED,
			       "volume: there is no option '%s': ro, rw, private", word);
	mount->read_only = true;
	return 0;
}

static int tmpfs_option(struct spec_mount *mount, const char *word, struct err *err)
{
	if (!strcmp(word, "ro"))
		mount->read_only = true;
	else if (!strcmp(word, "exec"))
		mount->exec = true;
	else if (!strncmp(word, "size=", 5))
		return units_parse_bytes("tmpfs", word + 5, &mount->size, CONTAINER_FAILED, err);
	else if (!strncmp(word, "mode=", 5))
		return parse_mode(word + 5, &mount->mode, err);
	else if (strcmp(word, "rw") && strcmp(word, "noexec") && strcmp(word, "nosuid") &&
		 strcmp(word, "nodev"))
		return err_set(err, CONTAINER_FAILED,
			       "tmpfs: there is no option '%s': ro, rw, exec, noexec, size=, mode=",
			       word);
	return 0;
}

/* "option,option": each for take() */
static int options(struct spec_mount *mount, char *words, struct err *err,
		   int (*take)(struct spec_mount *mount, const char *word, struct err *err))
{
	char *word, *save;

	for (word = strtok_r(words, ",", &save); word; word = strtok_r(NULL, ",", &save)) {
		if (take(mount, word, err) < 0)
			return -1;
	}
	return 0;
}

static void free_mount(struct spec_mount *mount)
{
	free(mount->source);
	free(mount->target);
}

/* What is deeper comes behind what it goes into, whatever was said first. */
static int add_sorted(struct spec *spec, const struct spec_mount *mount, struct err *err)
{
	size_t len = strlen(mount->target), at = spec->n_mounts, i;

	if (is_taken(mount->target) || !mount->target[1])
		return err_set(err, CONTAINER_FAILED, "mount: '%s' is vsw's own", mount->target);
	if (spec->n_mounts == SPEC_MOUNTS_MAX)
		return err_set(err, CONTAINER_FAILED, "mount: more than %d", SPEC_MOUNTS_MAX);
	for (i = spec->n_mounts; i--; ) {
		const char *other = spec->mounts[i].target;

		if (!strcmp(other, mount->target))
			return err_set(err, CONTAINER_FAILED, "mount: '%s' is given twice", other);
		if (!strncmp(other, mount->target, len) && other[len] == '/')
			at = i;
	}
	memmove(&spec->mounts[at + 1], &spec->mounts[at],
		(spec->n_mounts - at) * sizeof(spec->mounts[0]));
	spec->mounts[at] = *mount;
	spec->n_mounts++;
	return 0;
}

/* Takes what the mount owns, also with an error. */
static int add(struct spec *spec, struct spec_mount *mount, int ret, struct err *err)
{
	if (!ret)
		ret = add_sorted(spec, mount, err);
	if (ret < 0)
		free_mount(mount);
	return ret;
}

int spec_add_volume(struct spec *spec, const char *text, struct err *err)
{
	struct spec_mount mount = { .kind = SPEC_BIND, .make_source = true };
	cleanup_free char *words = strdup(text);
	char *rest = words, *source, *target;
	int ret;

	if (!words)
		return err_set_errno(err, CONTAINER_FAILED, ENOMEM, "volume");
	source = strsep(&rest, ":");
	target = strsep(&rest, ":");
	if (!target)
		return err_set(err, CONTAINER_FAILED,
			       "volume: '%s' is not SOURCE:TARGET[:OPTION,...]", text);
	ret = set_path("source", source, &mount.source, err);
	if (!ret)
		ret = set_path("target", target, &mount.target, err);
	if (!ret && rest)
		ret = options(&mount, rest, err, bind_option);
	return add(spec, &mount, ret, err);
}

int spec_add_tmpfs(struct spec *spec, const char *text, struct err *err)
{
	struct spec_mount mount = { .kind = SPEC_TMPFS, .mode = 01777 };
	cleanup_free char *words = strdup(text);
	char *rest = words;
	int ret;

	if (!words)
		return err_set_errno(err, CONTAINER_FAILED, ENOMEM, "tmpfs");
	ret = set_path("target", strsep(&rest, ":"), &mount.target, err);
	if (!ret && rest)
		ret = options(&mount, rest, err, tmpfs_option);
	return add(spec, &mount, ret, err);
}

static int set_kind(struct spec_mount *mount, const char *value, struct err *err)
{
	if (value && !strcmp(value, "bind"))
		mount->kind = SPEC_BIND;
	else if (value && !strcmp(value, "tmpfs"))
		mount->kind = SPEC_TMPFS;
	else
		return err_set(err, CONTAINER_FAILED, "mount: type '%s' is neither bind nor tmpfs",
			       value ?: "");
	return 0;
}

static int mount_option(struct spec_mount *mount, const char *word, struct err *err)
{
	const char *equals = strchr(word, '='), *value = equals ? equals + 1 : NULL;
	cleanup_free char *key = strndup(word, strcspn(word, "="));

	if (!key)
		return err_set_errno(err, CONTAINER_FAILED, ENOMEM, "mount");
	if (!strcmp(key, "type"))
		return set_kind(mount, value, err);
	if (!strcmp(key, "source") || !strcmp(key, "src"))
		return set_path("source", value, &mount->source, err);
	if (!strcmp(key, "target") || !strcmp(key, "destination") || !strcmp(key, "dst"))
		return set_path("target", value, &mount->target, err);
	if (!strcmp(key, "readonly") || !strcmp(key, "ro"))
		return parse_flag(key, value, &mount->read_only, err);
	if (!strcmp(key, "tmpfs-size") && value)
		return units_parse_bytes("tmpfs-size", value, &mount->size, CONTAINER_FAILED, err);
	if (!strcmp(key, "tmpfs-mode") && value)
		return parse_mode(value, &mount->mode, err);
	if (!strcmp(key, "bind-propagation") && value && is_private(value))
		return 0;
	return err_set(err, CONTAINER_FAILED,
		       "mount: there is no '%s': type, source, target, readonly, tmpfs-size, tmpfs-mode",
		       word);
}

static int check_parts(const struct spec_mount *mount, const char *text, struct err *err)
{
	const char *wrong = NULL;

	if (mount->kind == SPEC_NO_KIND)
		wrong = "has no type: bind or tmpfs";
	else if (!mount->target)
		wrong = "has no target";
	else if (mount->kind == SPEC_BIND && !mount->source)
		wrong = "has no source";
	else if (mount->kind == SPEC_TMPFS && mount->source)
		wrong = "has a source, and a tmpfs has none";
	return wrong ? err_set(err, CONTAINER_FAILED, "mount: '%s' %s", text, wrong) : 0;
}

int spec_add_mount(struct spec *spec, const char *text, struct err *err)
{
	/* without a type it is a volume there, and those have names */
	struct spec_mount mount = { .kind = SPEC_NO_KIND, .mode = 01777 };
	cleanup_free char *words = strdup(text);
	int ret;

	if (!words)
		return err_set_errno(err, CONTAINER_FAILED, ENOMEM, "mount");
	ret = options(&mount, words, err, mount_option);
	if (!ret)
		ret = check_parts(&mount, text, err);
	return add(spec, &mount, ret, err);
}

void spec_free_mounts(struct spec *spec)
{
	while (spec->n_mounts)
		free_mount(&spec->mounts[--spec->n_mounts]);
}
