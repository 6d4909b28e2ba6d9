// SPDX-License-Identifier: GPL-2.0
/* On the way from words to a container: its image, its directory, its name. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "making.h"
#include "vsw.h"

/* "example.org/web:1.2" -> "web-3f9a01", as long as a name may be */
static int choose_name(struct spec *spec, const char *image, char name[SPEC_NAME_MAX + 1],
		       struct err *err)
{
	const char *slash = strrchr(image, '/'), *begin = slash ? slash + 1 : image;
	size_t len = strcspn(begin, ":");
	uint32_t number;

	if (getrandom(&number, sizeof(number), 0) != sizeof(number))
		return err_set_errno(err, CONTAINER_FAILED, errno, "choose a name");
	if (len > SPEC_NAME_MAX - 7)
		len = SPEC_NAME_MAX - 7;
	snprintf(name, SPEC_NAME_MAX + 1, "%.*s-%06x", (int)len, begin, number & 0xffffff);
	return spec_set_name(spec, name, err);
}

int making_take_image(struct making *making, const char *id, struct err *err)
{
	struct spec *spec = &making->spec;
	char **words = spec->argv;

	if (spec->rootfs || !*words)
		return 0;
	making->image_name = *words;
	if (image_use(id && *id ? id : *words, &making->image, err) < 0)
		return -1;
	spec->layers = making->image.layers;
	spec->n_layers = making->image.n_layers;
	if (!spec->name && choose_name(spec, *words, making->name, err) < 0)
		return -1;
	if (spec_apply_image(spec, making->image.config, words + 1, err) < 0)
		return err_prefix(err, "image '%.128s'", *words);
	return 0;
}

int making_take_rootfs(struct making *making, struct err *err)
{
	struct spec *spec = &making->spec;

	if (!spec->rootfs)
		return 0;
	making->rootfs = realpath(spec->rootfs, NULL);
	if (!making->rootfs)
		return err_set_errno(err, CONTAINER_FAILED, errno, "rootfs: '%s'", spec->rootfs);
	spec->rootfs = making->rootfs;
	return 0;
}

int making_start(struct making *making, struct kept *kept, struct err *err)
{
	if (kept_files(kept, making->files, sizeof(making->files), err) < 0)
		return -1;
	making->spec.kept_files = making->files;
	return supervisor_start(kept, &making->spec, making->image.lock, err);
}

void making_end(struct making *making)
{
	spec_free(&making->spec);
	image_release(&making->image);
	free(making->rootfs);
}

int making_verb(struct vsw *vsw, const char *verb, char **words,
		int (*run)(char **argv, int argc, struct err *err), struct err *err)
{
	char **argv;
	int n, ret;

	/* vsw runs again for it, and would not come back to the file */
	if (vsw->batch)
		return err_set(err, CONTAINER_FAILED, "'%s' can't stand in a batch file", verb);
	for (n = 0; words[n]; n++)
		;
	argv = calloc(n + 3, sizeof(*argv));
	if (!argv)
		return err_set(err, CONTAINER_FAILED, "no memory");
	argv[0] = "vsw";
	argv[1] = (char *)verb;
	memcpy(argv + 2, words, n * sizeof(*argv));
	ret = run(argv, n + 2, err);
	free(argv);
	return ret;
}
