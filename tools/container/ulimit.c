// SPDX-License-Identifier: GPL-2.0
/* Limits of each process, which the cgroup knows nothing of: see setrlimit(2). */
#include <errno.h>
#include <string.h>
#include <sys/resource.h>

#include "cleanup.h"
#include "container.h"
#include "units.h"

static const struct {
	const char *name;
	int resource;
} resources[] = {
	{ "as", RLIMIT_AS }, { "core", RLIMIT_CORE }, { "cpu", RLIMIT_CPU },
	{ "data", RLIMIT_DATA }, { "fsize", RLIMIT_FSIZE }, { "locks", RLIMIT_LOCKS },
	{ "memlock", RLIMIT_MEMLOCK }, { "msgqueue", RLIMIT_MSGQUEUE }, { "nice", RLIMIT_NICE },
	{ "nofile", RLIMIT_NOFILE }, { "nproc", RLIMIT_NPROC }, { "rss", RLIMIT_RSS },
	{ "rtprio", RLIMIT_RTPRIO }, { "rttime", RLIMIT_RTTIME },
	{ "sigpending", RLIMIT_SIGPENDING }, { "stack", RLIMIT_STACK },
};

static int parse_value(const char *text, uint64_t *value, struct err *err)
{
	if (!strcmp(text, "unlimited") || !strcmp(text, "-1")) {
		*value = RLIM_INFINITY;
		return 0;
	}
	return units_parse_count("ulimit", text, value, CONTAINER_FAILED, err);
}

int spec_add_ulimit(struct spec *spec, const char *text, struct err *err)
{
	cleanup_free char *copy = strdup(text);
	char *value = copy, *name;
	struct spec_ulimit limit;
	size_t i, n = sizeof(resources) / sizeof(resources[0]);

	if (!copy)
		return err_set_errno(err, CONTAINER_FAILED, ENOMEM, "ulimit");
	name = strsep(&value, "=");
	for (i = 0; i < n && strcmp(resources[i].name, name); i++)
		;
	if (i == n || !value)
		return err_set(err, CONTAINER_FAILED,
			       "ulimit: '%s' is not NAME=SOFT[:HARD], as nofile=1024:4096", text);
	limit.resource = resources[i].resource;
	name = strsep(&value, ":");
	if (parse_value(name, &limit.soft, err) < 0 ||
	    parse_value(value ?: name, &limit.hard, err) < 0)
		return -1;
	if (limit.soft > limit.hard)
		return err_set(err, CONTAINER_FAILED, "ulimit: '%s': soft is above hard", text);
	/* the last one counts */
	for (i = 0; i < spec->n_ulimits && spec->ulimits[i].resource != limit.resource; i++)
		;
	spec->ulimits[i] = limit;
	if (i == spec->n_ulimits)
		spec->n_ulimits++;
	return 0;
}

int ulimit_apply(const struct container *c, struct err *err)
{
	const struct spec *spec = c->spec;
	size_t i;

	for (i = 0; i < spec->n_ulimits; i++) {
		struct rlimit limit = { spec->ulimits[i].soft, spec->ulimits[i].hard };

		if (prlimit(c->pid, spec->ulimits[i].resource, &limit, NULL) < 0)
			return err_set_errno(err, CONTAINER_FAILED, errno, "ulimit: set it");
	}
	return 0;
}
