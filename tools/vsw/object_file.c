// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lines.h"
#include "object_file.h"

/* Where the object of an id is. */
struct place_of {
	uint32_t id;
	size_t at;
};

/* By rising id, or by where they are, if they have the same. */
struct index {
	struct place_of *place;		/* owned */
	size_t n;
};

struct file {
	const struct object_file *kind;
	struct vsw *vsw;
	char switch_name[MODEL_NAME_SIZE];
	struct switch_ports of;
	struct lines lines;
	struct list objects;
	unsigned long *numbers;		/* owned; of their lines */
	size_t room;
	size_t *order;			/* owned; the places of the objects */
	struct index index;
	unsigned long done;
};

/* ---- objects by id ---------------------------------------------------------------- */

static int by_id(const void *one, const void *other)
{
	const struct place_of *a = one, *b = other;

	return (a->id > b->id) - (a->id < b->id) ?: (a->at > b->at) - (a->at < b->at);
}

static int index_fill(struct index *index, const struct object_file *kind,
		      const struct list *objects, struct err *err)
{
	size_t i;

	index->place = calloc(objects->n + 1, sizeof(*index->place));
	if (!index->place)
		return err_set(err, STATUS_SYSTEM, "out of memory");
	index->n = objects->n;
	for (i = 0; i < index->n; i++)
		index->place[i] = (struct place_of){
			kind->id(list_at(objects, kind->kind, i)), i
		};
	qsort(index->place, index->n, sizeof(*index->place), by_id);
	return 0;
}

static int compare_id(const void *key, const void *place)
{
	uint32_t id = *(const uint32_t *)key, other = ((const struct place_of *)place)->id;

	return (id > other) - (id < other);
}

static const struct place_of *index_find(const struct index *index, uint32_t id)
{
	return bsearch(&id, index->place, index->n, sizeof(*index->place), compare_id);
}

/* ---- the file ------------------------------------------------------------------------- */

/* Places in the order of what names what, or as they are. */
static int put_in_order(const struct object_file *kind, const struct list *objects,
			size_t **order, struct err *err)
{
	size_t i;

	if (kind->order) {
		*order = kind->order(objects);
	} else {
		*order = calloc(objects->n + 1, sizeof(**order));
		for (i = 0; *order && i < objects->n; i++)
			(*order)[i] = i;
	}
	return *order ? 0 : err_set(err, STATUS_SYSTEM, "out of memory");
}

static int wrong_line(const struct file *file, size_t at, struct err *err)
{
	return err_prefix(err, "%s:%lu", file->lines.name, file->numbers[at]);
}

static int take_line(struct file *file, char *line, struct err *err)
{
	size_t n = file->objects.n;
	unsigned long *numbers;
	void *object;

	if (n == file->room) {
		numbers = reallocarray(file->numbers, 2 * n + 64, sizeof(*numbers));
		if (!numbers)
			return err_set(err, STATUS_SYSTEM, "out of memory");
		file->numbers = numbers;
		file->room = 2 * n + 64;
	}
	object = list_grow(&file->objects, file->kind->kind);
	if (!object)
		return err_set(err, STATUS_SYSTEM, "out of memory");
	file->numbers[n] = file->lines.number;
	return file->kind->parse(line, &file->of, object, err) < 0 ? wrong_line(file, n, err) : 0;
}

/* Each id may be there once. */
static int check_once(struct file *file, struct err *err)
{
	const struct place_of *place;

	if (index_fill(&file->index, file->kind, &file->objects, err) < 0)
		return -1;
	for (place = file->index.place + 1; place < file->index.place + file->index.n; place++) {
		if (place->id != place[-1].id)
			continue;
		err_set(err, STATUS_USAGE, "%s %u is in line %lu already", file->kind->one,
			place->id, file->numbers[place[-1].at]);
		return wrong_line(file, place->at, err);
	}
	return 0;
}

static int read_words(struct file *file, char **words, struct err *err)
{
	char *line;
	int ret;

	if (flow_take_switch(&words, file->switch_name, err) < 0)
		return -1;
	if (!*words)
		return err_set(err, STATUS_USAGE, "the file is missing; '-' is standard input");
	if (words[1])
		return err_set(err, STATUS_USAGE, "'%s' stands behind the file", words[1]);
	if (lines_open(&file->lines, file->vsw, *words, file->kind->many, err) < 0)
		return -1;
	while ((ret = lines_next(&file->lines, &line, err)) > 0)
		if (take_line(file, line, err) < 0)
			return -1;
	if (ret < 0 || check_once(file, err) < 0)
		return -1;
	return put_in_order(file->kind, &file->objects, &file->order, err);
}

/* ---- what is done with it --------------------------------------------------------------- */

/* What was done before one that the kernel refuses stays; so much is said. */
static int refuse(const struct file *file, size_t at, struct err *err)
{
	char text[80];

	file->kind->refused(list_at(&file->objects, file->kind->kind, at), err);
	wrong_line(file, at, err);
	if (!file->done || err->status != STATUS_REFUSED)
		return -1;
	snprintf(text, sizeof(text), ". Before it, %lu of %zu %s were done", file->done,
		 file->objects.n, file->kind->many);
	return err_suffix(err, text);
}

static int check(struct file *file, struct err *err)
{
	const struct object_file *kind = file->kind;

	return file->objects.n > kind->most ?
	       err_set(err, STATUS_USAGE, "%s: a switch has at most %zu %s", file->lines.name,
		       kind->most, kind->many) : 0;
}

static int load(struct file *file, struct err *err)
{
	size_t i, at;

	if (check(file, err) < 0 || vsw_connect(file->vsw, err) < 0)
		return -1;
	for (i = 0; i < file->objects.n; i++, file->done++) {
		at = file->order[i];
		if (file->kind->add(file->vsw->nl,
				    list_at(&file->objects, file->kind->kind, at), err) < 0)
			return refuse(file, at, err);
	}
	return 0;
}

/* What is there. */
struct present {
	struct list objects;
	struct index index;
};

static const void *find(const struct file *file, const struct present *present, uint32_t id)
{
	const struct place_of *place = index_find(&present->index, id);

	return place ? list_at(&present->objects, file->kind->kind, place->at) : NULL;
}

static int check_changes(const struct file *file, const struct present *present,
			 struct err *err)
{
	const struct object_file *kind = file->kind;
	const void *object, *was;
	size_t i;

	for (i = 0; kind->may_become && i < file->objects.n; i++) {
		object = list_at(&file->objects, kind->kind, i);
		was = find(file, present, kind->id(object));
		if (was && kind->may_become(was, object, err) < 0)
			return wrong_line(file, i, err);
	}
	return 0;
}

/* The text that "save" has for it; the caller's. NULL: no memory. */
static char *text_of(const struct object_file *kind, const void *object)
{
	char *text = NULL;
	size_t size;
	FILE *stream = open_memstream(&text, &size);

	if (!stream)
		return NULL;
	kind->print(stream, object);
	if (!fclose(stream))
		return text;
	free(text);
	return NULL;
}

/* One that says all is known again by its text. Without memory they differ. */
static bool is_same(const struct object_file *kind, const void *was, const void *object)
{
	char *before = text_of(kind, was), *after = text_of(kind, object);
	bool same = before && after && !strcmp(before, after);

	free(before);
	free(after);
	return same;
}

/* One that is as it shall be stays as it is: a meter would be full again. */
static int put(struct file *file, const struct present *present, size_t at, struct err *err)
{
	const struct object_file *kind = file->kind;
	const void *object = list_at(&file->objects, kind->kind, at);
	const void *was = find(file, present, kind->id(object));
	int ret = 0;

	if (!was)
		ret = kind->add(file->vsw->nl, object, err);
	else if (!is_same(kind, was, object))
		ret = kind->set(file->vsw->nl, object, err);
	return ret < 0 ? refuse(file, at, err) : 0;
}

static int delete_others(struct file *file, const struct present *present, struct err *err)
{
	const struct object_file *kind = file->kind;
	const void *was;
	size_t i;

	for (i = 0; i < present->objects.n; i++) {
		was = list_at(&present->objects, kind->kind, i);
		if (index_find(&file->index, kind->id(was)))
			continue;
		if (kind->del(file->vsw->nl, was, err) == 0)
			continue;
		if (err->errnum != ENOENT)
			return kind->refused(was, err);
		/* Somebody else has deleted it meanwhile. */
		*err = (struct err)ERR_INIT;
	}
	return 0;
}

static int replace(struct file *file, struct err *err)
{
	struct present present = {};
	size_t i;
	int ret;

	if (check(file, err) < 0 || vsw_connect(file->vsw, err) < 0)
		return -1;
	ret = file->kind->dump(file->vsw->nl, file->switch_name, &present.objects, err);
	if (ret < 0)
		flow_refused(file->switch_name, err);
	else
		ret = explain_dump(ret, err);
	if (!ret)
		ret = index_fill(&present.index, file->kind, &present.objects, err);
	if (!ret)
		ret = check_changes(file, &present, err);
	for (i = 0; !ret && i < file->objects.n; i++, file->done++)
		ret = put(file, &present, file->order[i], err);
	if (!ret)
		ret = delete_others(file, &present, err);
	free(present.index.place);
	list_free(&present.objects, file->kind->kind);
	return ret;
}

/* ---- commands ------------------------------------------------------------------------- */

typedef int file_fn(struct file *file, struct err *err);

static int with_file(const struct object_file *kind, struct vsw *vsw, char **words, file_fn *act,
		     struct err *err)
{
	struct file file = { .kind = kind, .vsw = vsw };
	int ret;

	switch_ports_init(&file.of, vsw, file.switch_name);
	ret = read_words(&file, words, err);
	if (!ret)
		ret = act(&file, err);
	free(file.index.place);
	free(file.order);
	free(file.numbers);
	list_free(&file.objects, kind->kind);
	switch_ports_free(&file.of);
	lines_close(&file.lines);
	return ret;
}

int object_file_load(const struct object_file *kind, struct vsw *vsw, char **words,
		     struct err *err)
{
	return with_file(kind, vsw, words, load, err);
}

int object_file_replace(const struct object_file *kind, struct vsw *vsw, char **words,
			struct err *err)
{
	return with_file(kind, vsw, words, replace, err);
}

int object_file_check(const struct object_file *kind, struct vsw *vsw, char **words,
		      struct err *err)
{
	return with_file(kind, vsw, words, check, err);
}

int object_file_save(const struct object_file *kind, struct vsw *vsw, char **words,
		     struct err *err)
{
	char switch_name[MODEL_NAME_SIZE];
	struct list objects = {};
	size_t *order = NULL, i;
	int ret;

	if (flow_take_switch(&words, switch_name, err) < 0)
		return -1;
	if (*words)
		return err_set(err, STATUS_USAGE, "'%s' stands behind the switch", *words);
	if (vsw_connect(vsw, err) < 0)
		return -1;
	ret = kind->dump(vsw->nl, switch_name, &objects, err);
	if (ret < 0)
		flow_refused(switch_name, err);
	if (ret >= 0 && put_in_order(kind, &objects, &order, err) < 0)
		ret = -1;
	for (i = 0; ret >= 0 && i < objects.n; i++) {
		kind->print(stdout, list_at(&objects, kind->kind, order[i]));
		putchar('\n');
	}
	if (ret >= 0 && output_flush(err) < 0)
		ret = -1;
	free(order);
	list_free(&objects, kind->kind);
	return ret < 0 ? -1 : explain_dump(ret, err);
}
