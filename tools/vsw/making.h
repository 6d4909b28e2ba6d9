/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VSW_VSW_MAKING_H
#define VSW_VSW_MAKING_H

#include "container/container.h"
#include "image/image.h"
#include "kept/kept.h"

struct vsw;

/* What a container is made of while it is made: { .image = { .lock = -1 } } at first. */
struct making {
	struct spec spec;
	struct image_use image;
	const char *image_name;		/* NULL: there is a directory */
	char name[SPEC_NAME_MAX + 1];
	char files[512];		/* of one that is kept */
	char *rootfs;			/* absolute */
};

/*
 * run.c: the options of "run", and behind them the words that are left as spec->argv. argv
 * begins with the verb, and stays as long as spec. 1: help is wanted.
 */
int run_parse(int argc, char **argv, struct spec *spec, struct err *err);

/*
 * The first word behind the options is an image, unless there is a directory; id: which one
 * it was when that was said, or NULL.
 */
int making_take_image(struct making *making, const char *id, struct err *err);
/* The directory, wherever that was said. */
int making_take_rootfs(struct making *making, struct err *err);
/* As supervisor_start(). */
int making_start(struct making *making, struct kept *kept, struct err *err);
void making_end(struct making *making);

/*
 * Have run() the words behind "vsw" and a verb, as self_protect() needs them. The verb can't
 * stand in a batch file.
 */
int making_verb(struct vsw *vsw, const char *verb, char **words,
		int (*run)(char **argv, int argc, struct err *err), struct err *err);

#endif
