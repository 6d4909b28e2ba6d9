// SPDX-License-Identifier: GPL-2.0
/* "vsw start": the words that were kept -> a container that runs. */
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "containers.h"
#include "making.h"
#include "vsw.h"

static const char start_help[] =
"Usage: vsw start CONTAINER...\n"
"Containers that were made with 'vsw create', or have ended, run in the background, as they\n"
"were told, and with what they wrote. For one that runs nothing changes.\n";

/* The words that it was made with, behind one for "run"; owned by the caller, not the texts. */
static char **kept_words(const struct kept *kept)
{
	json_t *words = json_object_get(kept->config, "words"), *word;
	char **argv = calloc(json_array_size(words) + 2, sizeof(*argv));
	size_t i;

	if (!argv)
		return NULL;
	argv[0] = "run";
	json_array_foreach(words, i, word)
		argv[1 + i] = (char *)(json_string_value(word) ?: "");
	return argv;
}

/* Variables are those of that time: "-e NAME" took one from there. */
static int take_env(struct spec *spec, const struct kept *kept, struct err *err)
{
	json_t *variables = json_object_get(kept->config, "env"), *variable;
	size_t i;

	while (spec->n_env)
		free(spec->env[--spec->n_env]);
	json_array_foreach(variables, i, variable)
		if (spec_add_env(spec, json_string_value(variable) ?: "", err) < 0)
			return -1;
	return 0;
}

static int make_again(struct making *making, const struct kept *kept, char **argv,
		      struct err *err)
{
	struct spec *spec = &making->spec;
	int argc, ret;

	for (argc = 0; argv[argc]; argc++)
		;
	/* for a path that was not absolute; who needs it says that it is not there */
	if (chdir(kept_text(kept, "directory")) < 0 && chdir("/") < 0)
		return err_set_errno(err, CONTAINER_FAILED, errno, "go to '/'");
	ret = run_parse(argc, argv, spec, err);
	if (ret)
		return ret < 0 ? ret : err_set(err, CONTAINER_FAILED, "its words ask for help");
	spec->name = kept->name;
	/* neighbours, and who leases its address, know it by that */
	if (!spec->has_mac && *kept_text(kept, "mac") &&
	    spec_set_mac(spec, kept_text(kept, "mac"), err) < 0)
		return -1;
	if (take_env(spec, kept, err) < 0 ||
	    making_take_image(making, kept_text(kept, "image-id"), err) < 0 ||
	    spec_check(spec, err) < 0 || policy_check(spec, err) < 0)
		return -1;
	return making_take_rootfs(making, err);
}

static int start_kept(struct kept *kept, struct err *err)
{
	struct making making = { .image = { .lock = -1 } };
	char **argv = kept_words(kept);
	int ret;

	if (!argv)
		return err_set(err, CONTAINER_FAILED, "no memory");
	ret = make_again(&making, kept, argv, err);
	if (!ret)
		ret = making_start(&making, kept, err);
	making_end(&making);
	free(argv);
	return ret < 0 ? err_prefix(err, "container '%s'", kept->name) : 0;
}

int start_container(const char *name, struct err *err)
{
	struct vsw_container about = { 0 };
	struct kept kept;
	int ret;

	if (kept_open(name, &kept, err) < 0)
		return -1;
	ret = kept_describe(&kept, &about, err);
	/* one that runs is no error; one whose supervisor has gone runs, too */
	if (!ret && !kept_holder(&kept) && !(about.has & HAS(CONTAINER_PID)))
		ret = start_kept(&kept, err);
	object_clear(&kind_container, &about);
	kept_close(&kept);
	return ret;
}

static int start_all(char **argv, int argc, struct err *err)
{
	if (argc < 3)
		return err_set(err, STATUS_USAGE, "a CONTAINER is needed");
	if (caps_check(err) < 0 || self_protect(argv, err) < 0)
		return -1;
	return each_container(argv + 2, start_container, err);
}

static int start_containers(struct vsw *vsw, char **words, struct err *err)
{
	return making_verb(vsw, "start", words, start_all, err);
}

const struct object object_start = {
	.name = "start",
	.help = start_help,
	.run = start_containers,
	.own_options = true,
};
