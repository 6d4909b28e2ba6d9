/* SPDX-License-Identifier: GPL-2.0 */
/*
 * "load", "replace", "check" and "save" of groups and of meters: files that have one on
 * each line.
 */
#ifndef VSW_OBJECT_FILE_H
#define VSW_OBJECT_FILE_H

#include <stdio.h>

#include "flow.h"

/* What the two differ in. All but may_become and order are needed. */
struct object_file {
	const struct kind *kind;
	const char *one, *many;		/* for people */
	size_t most;			/* of a switch */
	/* A line, with all that has to be said and what is meant where nothing is. */
	int (*parse)(char *text, struct switch_ports *of, void *object, struct err *err);
	void (*print)(FILE *out, const void *object);
	uint32_t (*id)(const void *object);
	int (*add)(struct vsw_nl *nl, const void *object, struct err *err);
	int (*set)(struct vsw_nl *nl, const void *object, struct err *err);
	int (*del)(struct vsw_nl *nl, const void *object, struct err *err);
	int (*dump)(struct vsw_nl *nl, const char *switch_name, struct list *objects,
		    struct err *err);
	/* Whether the kernel can change the one that is there to the other; err says why not. */
	int (*may_become)(const void *was, const void *object, struct err *err);
	/* Complete the error of one that was refused. */
	int (*refused)(const void *object, struct err *err);
	/* Their places, those first that others name; the caller's to free. NULL: no memory. */
	size_t *(*order)(const struct list *objects);
};

/* The words are the switch and the file, or the switch alone. */
int object_file_load(const struct object_file *kind, struct vsw *vsw, char **words,
		     struct err *err);
int object_file_replace(const struct object_file *kind, struct vsw *vsw, char **words,
			struct err *err);
int object_file_check(const struct object_file *kind, struct vsw *vsw, char **words,
		      struct err *err);
int object_file_save(const struct object_file *kind, struct vsw *vsw, char **words,
		     struct err *err);

#endif
