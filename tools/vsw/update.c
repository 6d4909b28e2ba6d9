// SPDX-License-Identifier: GPL-2.0
/* "vsw update": other limits for a container that runs. */
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "container/container.h"
#include "vsw.h"

static const char update_help[] =
"Usage: vsw update NAME OPTIONS\n"
"Changes limits of a container that runs; those that are not said stay.\n"
"\n"
"  --memory SIZE        at most so much memory, no swap: 64M, 1.5G\n"
"  --cpus NUMBER        at most so much time of CPUs: 0.5, 2\n"
"  --pids NUMBER        at most so many processes and threads\n"
"  --io DEVICE:LIMITS   as for 'vsw run'; limits of the device that are not said stay\n"
"  --rate RATE          it sends at most so fast, and gets at most so fast: 50M is in\n"
"                       bits per second\n"
"  --ceil RATE          the most, if the rate is only what it is guaranteed\n"
"\n"
"'max' for memory, cpus, pids or rate: it is not limited any more.\n"
"\n"
"Example:\n"
"  vsw update web --rate 20M --memory 256M\n";

/* Those that know 'max' have a place for it. */
static uint64_t *memory_of(struct spec *spec) { return &spec->memory; }
static uint64_t *cpus_of(struct spec *spec) { return &spec->cpu_quota; }
static uint64_t *pids_of(struct spec *spec) { return &spec->pids; }
static uint64_t *rate_of(struct spec *spec) { return &spec->rate; }

static const struct limit {
	const char *name;
	int (*set)(struct spec *spec, const char *text, struct err *err);
	uint64_t *(*place)(struct spec *spec);
	bool repeats;
} limits[] = {
	{ "memory", spec_set_memory, memory_of, false },
	{ "cpus", spec_set_cpus, cpus_of, false },
	{ "pids", spec_set_pids, pids_of, false },
	{ "rate", spec_set_rate, rate_of, false },
	{ "ceil", spec_set_ceil, NULL, false },
	{ "io", spec_add_io, NULL, true },
};

#define N_LIMITS	(sizeof(limits) / sizeof(limits[0]))

static int set_limit(const struct limit *limit, struct spec *spec, const char *text,
		     struct err *err)
{
	if (limit->place && !strcmp(text, "max"))
		*limit->place(spec) = SPEC_UNLIMITED;
	else if (limit->set(spec, text, err) < 0)
		return -1;
	return 0;
}

static int take_options(int argc, char **argv, struct spec *spec, struct err *err)
{
	struct option longs[N_LIMITS + 1] = {};
	bool seen[N_LIMITS] = {};
	int value;
	size_t i;

	for (i = 0; i < N_LIMITS; i++)
		longs[i] = (struct option){ limits[i].name, required_argument, NULL, i };
	opterr = 0;
	optind = 0;	/* also begins anew, within argv[0] */
	while ((value = getopt_long(argc, argv, ":", longs, NULL)) != -1) {
		if (value == ':')
			return err_set(err, STATUS_USAGE, "option '%s' lacks its value",
				       argv[optind - 1]);
		if (value == '?')
			return err_set(err, STATUS_USAGE,
				       "there is no option '%s'. See 'vsw update help'",
				       argv[optind - 1]);
		if (seen[value] && !limits[value].repeats)
			return err_set(err, STATUS_USAGE, "option '--%s' is given twice",
				       limits[value].name);
		seen[value] = true;
		if (set_limit(&limits[value], spec, optarg, err) < 0)
			return -1;
	}
	for (i = 0; i < N_LIMITS && !seen[i]; i++)
		;
	return i < N_LIMITS ? 0 : err_set(err, STATUS_USAGE, "there is nothing to change");
}

/* Behind the options, or before them: getopt_long() puts it there. */
static int take_name(char **rest, struct spec *spec, struct err *err)
{
	if (!*rest)
		return err_set(err, STATUS_USAGE, "name of the container is missing");
	if (rest[1])
		return err_set(err, STATUS_USAGE, "'%s' is not an option", rest[1]);
	spec->name = *rest;
	return 0;
}

static int update(struct vsw *vsw, char **words, struct err *err)
{
	struct spec spec = {};
	char **argv;
	int n, ret;

	(void)vsw;
	for (n = 0; words[n]; n++)
		;
	argv = calloc(n + 2, sizeof(*argv));
	if (!argv)
		return err_set(err, STATUS_SYSTEM, "out of memory");
	argv[0] = "update";
	memcpy(argv + 1, words, n * sizeof(*argv));
	ret = take_options(n + 1, argv, &spec, err);
	if (!ret)
		ret = take_name(argv + optind, &spec, err);
	if (ret < 0)
		err->status = STATUS_USAGE;
	else
		ret = container_update(&spec, err);
	free(argv);
	return ret;
}

const struct object object_update = {
	.name = "update",
	.help = update_help,
	.run = update,
	.own_options = true,
};
