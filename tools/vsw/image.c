// SPDX-License-Identifier: GPL-2.0
/* "vsw image": what containers are made of. Options and exit statuses are Docker's. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "image/image.h"
#include "kept/kept.h"
#include "lib/units.h"
#include "vsw.h"

static const char help[] =
"Usage: vsw image import [ OPTIONS ] SOURCE\n"
"       vsw image ls [ -q ]\n"
"       vsw image inspect IMAGE...\n"
"       vsw image rm [ -f ] IMAGE...\n"
"\n"
"  SOURCE is FILE or DIR, which may be said to be:\n"
"    docker-archive:FILE[:NAME]     of 'docker save', 'podman save', 'buildah push'\n"
"    oci:DIR[:TAG], oci-archive:FILE[:TAG]   an OCI image layout\n"
"  or - for standard input. Its layers may be compressed with gzip, zstd, xz or bzip2.\n"
"  -t, --name NAME    in place of what it calls itself\n"
"  --platform OS/ARCH[/VARIANT]    of several that it has; else this machine's\n"
"  --max-size SIZE    a layer with more is refused, unpacked [32G]\n"
"\n"
"  IMAGE is a NAME, with :latest if no tag is said, or the beginning of an ID.\n"
"  ls        -q  only IDs; -d before 'image' shows them whole\n"
"  inspect   all about it, in JSON, as Docker has it\n"
"  rm        a name, and with its last one the image, and the layers that no other has;\n"
"            -f  by ID also one that has several names. One that runs is kept.\n"
"\n"
"Examples:\n"
"  docker save web:1.2 | vsw image import -\n"
"  buildah push web oci:out:1.2 && vsw image import -t web:1.2 oci:out:1.2\n"
"  vsw -j image ls\n";

#define BYTES_MAX	(UINT64_C(32) << 30)

static size_t count(char **words)
{
	size_t n = 0;

	while (words[n])
		n++;
	return n;
}

/* The options of a command, whose word is words[-1]. What getopt_long() returns; -1: end. */
static int next_option(char **words, const char *shorts, const struct option *longs,
		       struct err *err)
{
	char **argv = words - 1;
	int option = getopt_long(count(argv), argv, shorts, longs, NULL);

	if (option == ':')
		err_set(err, STATUS_USAGE, "option '%s' lacks its value", argv[optind - 1]);
	else if (option == '?')
		err_set(err, STATUS_USAGE, "there is no option '%s'. See 'vsw image help'",
			argv[optind - 1]);
	return option == ':' ? '?' : option;
}

static void begin_options(void)
{
	opterr = 0;
	optind = 0;	/* also begins anew, within a word */
}

/* ---- import ----------------------------------------------------------------------------- */

static void progress(const char *text)
{
	fprintf(stderr, "vsw: %s\n", text);
}

static int do_import(struct vsw *vsw, char **words, struct err *err)
{
	static const struct option longs[] = {
		{ "name", required_argument, NULL, 't' }, { "tag", required_argument, NULL, 't' },
		{ "platform", required_argument, NULL, 'p' },
		{ "max-size", required_argument, NULL, 'm' }, {}
	};
	struct import import = { .bytes_max = BYTES_MAX };
	char id[IMAGE_HEX_SIZE], reference[IMAGE_REFERENCE_SIZE];
	int option;

	(void)vsw;
	platform_of_host(&import.platform);
	begin_options();
	while ((option = next_option(words, ":t:", longs, err)) != -1) {
		switch (option) {
		case 't':
			import.name = optarg;
			break;
		case 'p':
			if (platform_read(optarg, &import.platform, err) < 0)
				return -1;
			break;
		case 'm':
			if (units_parse_bytes("max-size", optarg, &import.bytes_max,
					      STATUS_USAGE, err) < 0)
				return -1;
			break;
		default:
			return -1;
		}
	}
	words += optind - 1;
	if (count(words) != 1)
		return err_set(err, STATUS_USAGE, "one SOURCE is needed, a file or a directory");
	import.source = *words;
	if (isatty(STDERR_FILENO))
		import.progress = progress;
	if (image_import(&import, id, reference, err) < 0)
		return err_prefix(err, "'%.128s'", import.source);
	printf("%s %.12s\n", reference, id);
	return 0;
}

/* ---- ls --------------------------------------------------------------------------------- */

static int by_name(const void *one, const void *other)
{
	const struct vsw_image *a = one, *b = other;
	int order = strcmp(a->name ?: "", b->name ?: "");

	return order ? order : strcmp(a->id, b->id);
}

static int do_ls(struct vsw *vsw, char **words, struct err *err)
{
	static const struct option longs[] = { { "quiet", no_argument, NULL, 'q' }, {} };
	struct list list = {};
	struct store store;
	bool quiet = false;
	int option, ret;
	size_t i;

	begin_options();
	while ((option = next_option(words, ":q", longs, err)) != -1) {
		if (option != 'q')
			return -1;
		quiet = true;
	}
	if (words[optind - 1])
		return err_set(err, STATUS_USAGE, "'%s' is one word too many", words[optind - 1]);
	ret = store_open(&store, false, err);
	/* none is no error where all are asked for */
	if (!ret)
		ret = store_list(&store, &list, err);
	else if (err->status == STATUS_REFUSED)
		ret = 0;
	store_close(&store);
	if (!ret) {
		qsort(list.items, list.n, kind_image.size, by_name);
		for (i = 0; quiet && i < list.n; i++)
			printf("%.12s\n",
			       ((struct vsw_image *)list_at(&list, &kind_image, i))->id);
		if (!quiet)
			ret = output_list(&vsw->out, &kind_image, &list, err);
	}
	list_free(&list, &kind_image);
	return ret;
}

/* ---- inspect ---------------------------------------------------------------------------- */

/* As docker(1) has it, which programs read. */
static json_t *inspect(const struct store *store, const char *text, struct err *err)
{
	json_t *tags = json_array(), *names = NULL, *config = NULL, *about = NULL, *value;
	char id[IMAGE_HEX_SIZE], digest[IMAGE_HEX_SIZE + 8];
	const char *name;

	if (store_find(store, text, id, err) < 0)
		goto out;
	names = store_names(store, err);
	config = names ? store_config(store, id, err) : NULL;
	if (!config)
		goto out;
	json_object_foreach(names, name, value)
		if (!strcmp(json_string_value(value) ?: "", id))
			json_array_append_new(tags, json_string(name));
	snprintf(digest, sizeof(digest), "sha256:%s", id);
	about = json_pack("{s:s, s:O, s:O*, s:O*, s:O*, s:O*, s:O*, s:O*, s:{s:s, s:O}, s:O*}",
			  "Id", digest, "RepoTags", tags,
			  "Created", json_object_get(config, "created"),
			  "Author", json_object_get(config, "author"),
			  "Architecture", json_object_get(config, "architecture"),
			  "Variant", json_object_get(config, "variant"),
			  "Os", json_object_get(config, "os"),
			  "Config", json_object_get(config, "config"),
			  "RootFS", "Type", "layers",
			  "Layers", json_object_get(json_object_get(config, "rootfs"), "diff_ids"),
			  "History", json_object_get(config, "history"));
	if (!about)
		err_set(err, STATUS_SYSTEM, "image '%.128s': its configuration is damaged", text);
out:
	json_decref(config);
	json_decref(names);
	json_decref(tags);
	return about;
}

static int do_inspect(struct vsw *vsw, char **words, struct err *err)
{
	struct store store;
	json_t *all, *about;
	int ret;

	(void)vsw;
	if (!*words)
		return err_set(err, STATUS_USAGE, "an IMAGE is needed");
	if (store_open(&store, false, err) < 0)
		return -1;
	all = json_array();
	for (ret = 0; !ret && *words; words++) {
		about = inspect(&store, *words, err);
		ret = about ? json_array_append_new(all, about) : -1;
	}
	store_close(&store);
	if (!ret && json_dumpf(all, stdout, JSON_INDENT(1)) < 0)
		ret = err_set(err, STATUS_SYSTEM, "it can't be written");
	if (!ret)
		putchar('\n');
	json_decref(all);
	return ret;
}

/* ---- rm --------------------------------------------------------------------------------- */

static int is_of(const char *name, void *id, struct err *err)
{
	struct kept kept;
	bool is;

	if (kept_open(name, &kept, NULL) < 0)
		return 0;
	is = !strcmp(kept_text(&kept, "image-id"), id);
	kept_close(&kept);
	return is ? err_set(err, STATUS_REFUSED,
			    "image %.12s is that of container '%s'. 'vsw rm %s' removes that",
			    (char *)id, name, name) : 0;
}

/* A container that does not run needs it the next time. A name may go if there is another. */
static int check_unused(const struct store *store, const char *text, struct err *err)
{
	char id[IMAGE_HEX_SIZE];
	const char *name;
	json_t *names, *value;
	size_t n = 0;

	if (store_find(store, text, id, err) < 0)
		return -1;
	names = store_names(store, err);
	if (!names)
		return -1;
	json_object_foreach(names, name, value)
		n += !strcmp(json_string_value(value) ?: "", id);
	json_decref(names);
	return n > 1 && strncmp(id, text, strlen(text)) ? 0 : kept_each(is_of, id, err);
}

static int do_rm(struct vsw *vsw, char **words, struct err *err)
{
	static const struct option longs[] = { { "force", no_argument, NULL, 'f' }, {} };
	bool force = false;
	struct store store;
	int option, ret = 0;

	(void)vsw;
	begin_options();
	while ((option = next_option(words, ":f", longs, err)) != -1) {
		if (option != 'f')
			return -1;
		force = true;
	}
	words += optind - 1;
	if (!*words)
		return err_set(err, STATUS_USAGE, "an IMAGE is needed");
	/* where there are none nothing is made to say so */
	if (store_open(&store, false, err) < 0)
		return -1;
	store_close(&store);
	if (store_open(&store, true, err) < 0)
		return -1;
	for (; !ret && *words; words++) {
		ret = check_unused(&store, *words, err);
		if (!ret)
			ret = store_remove(&store, *words, force, err);
	}
	store_close(&store);
	return ret;
}

/* ----------------------------------------------------------------------------------------- */

static int do_help(struct vsw *vsw, char **words, struct err *err)
{
	(void)vsw;
	(void)words;
	(void)err;
	output_text(help);
	return 0;
}

static const struct command commands[] = {
	{ "ls", do_ls, false },
	{ "list", do_ls, false },
	{ "import", do_import, true },
	{ "inspect", do_inspect, false },
	{ "rm", do_rm, true },
	{ "remove", do_rm, true },
	{ "help", do_help, false },
	{ "--help", do_help, false },
	{ "-h", do_help, false },
	{}
};

const struct object object_image = { "image", help, commands, NULL, true };
