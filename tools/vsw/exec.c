// SPDX-License-Identifier: GPL-2.0
/* "vsw exec": words -> another process in a container -> its exit status. */
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "container/container.h"
#include "vsw.h"

static const char exec_help[] =
"Usage: vsw exec [ OPTIONS ] CONTAINER COMMAND [ ARG... ]\n"
"Runs another command in a container that runs, within its limits and with its power.\n"
"\n"
"  -i, --interactive    what is typed, or comes by a pipe, is its input; else it has none\n"
"  -t, --tty            a terminal of the container's own is its input and output\n"
"  -d, --detach         do not wait for it; it has neither input nor output\n"
"  -e, --env NAME[=VALUE]   a variable, without VALUE the one it has here\n"
"  -w, --workdir DIR    working directory in the container, else /\n"
"  -u, --user USER[:GROUP]  numbers, or names of the container's own; else 0:0\n"
"\n"
"Signals sent to vsw are sent to the command; with -i and -t keys as Ctrl-C go there as they\n"
"are. The command ends with the container; it does not end with vsw.\n"
"\n"
"Exit status: that of the command; 128 + N if signal N ended it; 126 it can't be\n"
"executed; 127 it is not there; 125 vsw could not run it.\n"
"\n"
"Examples:\n"
"  vsw exec -it web sh\n"
"  vsw exec -u www-data web cat /proc/self/status\n";

struct exec_words {
	struct spec spec;
	const char *user;
	bool detach;
};

static const struct option longs[] = {
	{ "interactive", no_argument, NULL, 'i' },
	{ "tty", no_argument, NULL, 't' },
	{ "detach", no_argument, NULL, 'd' },
	{ "env", required_argument, NULL, 'e' },
	{ "workdir", required_argument, NULL, 'w' },
	{ "user", required_argument, NULL, 'u' },
	{ "help", no_argument, NULL, 'h' },
	{ 0 }
};

/* 1: help is wanted */
static int take_option(int letter, struct exec_words *words, char **argv, struct err *err)
{
	struct spec *spec = &words->spec;

	switch (letter) {
	case 'i':
		spec->interactive = true;
		return 0;
	case 't':
		spec->terminal = true;
		return 0;
	case 'd':
		words->detach = true;
		return 0;
	case 'e':
		return spec_add_env(spec, optarg, err);
	case 'w':
		return spec_set_workdir(spec, optarg, err);
	case 'u':
		words->user = optarg;
		return 0;
	case 'h':
		return 1;
	case ':':
		return err_set(err, CONTAINER_FAILED, "option '%s' lacks its value",
			       argv[optind - 1]);
	default:
		return err_set(err, CONTAINER_FAILED,
			       "there is no option '%s'. See 'vsw exec help'", argv[optind - 1]);
	}
}

/* 1: help is wanted */
static int parse(int argc, char **argv, struct exec_words *words, struct err *err)
{
	struct spec *spec = &words->spec;
	int letter, ret;

	opterr = 0;
	optind = 0;	/* also begins anew, within argv[0] */
	/* '+': behind the container's name options are the command's */
	while ((letter = getopt_long(argc, argv, "+:itde:w:u:h", longs, NULL)) != -1) {
		ret = take_option(letter, words, argv, err);
		if (ret)
			return ret;
	}
	if (!argv[optind])
		return err_set(err, CONTAINER_FAILED, "name of the container is missing");
	spec->name = argv[optind];
	spec->argv = argv + optind + 1;
	if (!spec->workdir)
		spec->workdir = "/";
	return 0;
}

/* argv: "vsw", "exec", and all that follows */
static int exec_container(char **argv, int argc, struct err *err)
{
	struct exec_words words = {};
	int ret = parse(argc - 1, argv + 1, &words, err);

	if (ret > 0) {
		output_text(exec_help);
		ret = 0;
	} else if (!ret) {
		ret = caps_check(err);
		if (!ret)
			ret = self_protect(argv, err);
		if (!ret)
			ret = container_exec(&words.spec, words.user, words.detach, err);
	}
	spec_free(&words.spec);
	return ret;
}

static int run(struct vsw *vsw, char **words, struct err *err)
{
	char **argv;
	int n, ret;

	/* vsw runs again for it, and would not come back to the file */
	if (vsw->batch)
		return err_set(err, CONTAINER_FAILED, "'exec' can't stand in a batch file");
	for (n = 0; words[n]; n++)
		;
	argv = calloc(n + 3, sizeof(*argv));
	if (!argv)
		return err_set(err, CONTAINER_FAILED, "no memory");
	argv[0] = "vsw";
	argv[1] = "exec";
	memcpy(argv + 2, words, n * sizeof(*argv));
	ret = exec_container(argv, n + 2, err);
	free(argv);
	return ret;
}

const struct object object_exec = {
	.name = "exec",
	.help = exec_help,
	.run = run,
	.own_options = true,
};
