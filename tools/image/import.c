// SPDX-License-Identifier: GPL-2.0
/*
 * From a file or a directory into the store.  Nothing gets a name there whose digests are not
 * those that its configuration says, and that one's is the image's own.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "container/cleanup.h"
#include "image.h"
#include "status.h"

#define ARCHIVE_MAX	(UINT64_C(1) << 40)

enum format { FORMAT_ANY, FORMAT_OCI, FORMAT_DOCKER };

struct source {
	enum format format;
	char path[4096];
	char tag[IMAGE_REFERENCE_SIZE];		/* or name; "": not said */
};

/* ---- what was said ---------------------------------------------------------------------- */

/* Where a path ends and a tag begins: the path has no ':' but where the whole is a file. */
static int split(struct source *source, const char *text, struct err *err)
{
	const char *colon = access(text, F_OK) ? strchr(text, ':') : NULL;
	size_t len = colon ? (size_t)(colon - text) : strlen(text);

	if (!len || len >= sizeof(source->path) ||
	    (colon && strlen(colon + 1) >= sizeof(source->tag)))
		return err_set(err, STATUS_USAGE, "'%.128s' is no FILE or DIR, with a name behind",
			       text);
	memcpy(source->path, text, len);
	source->path[len] = '\0';
	strcpy(source->tag, colon ? colon + 1 : "");
	return 0;
}

static int read_source(struct source *source, const char *text, struct err *err)
{
	static const struct {
		const char *begin;
		enum format format;
	} formats[] = {
		{ "oci:", FORMAT_OCI }, { "oci-archive:", FORMAT_OCI },
		{ "docker-archive:", FORMAT_DOCKER },
	};
	size_t i;

	*source = (struct source){};
	for (i = 0; i < sizeof(formats) / sizeof(formats[0]); i++) {
		if (!strncmp(text, formats[i].begin, strlen(formats[i].begin))) {
			source->format = formats[i].format;
			return split(source, text + strlen(formats[i].begin), err);
		}
	}
	if (strlen(text) >= sizeof(source->path))
		return err_set(err, STATUS_USAGE, "the path is too long");
	strcpy(source->path, text);
	return 0;
}

/* ---- where it is ------------------------------------------------------------------------ */

/* The directory itself, or one in the store with what is in the archive. */
static int open_source(const struct store *store, const struct import *import,
		       const struct source *source, struct err *err)
{
	cleanup_close int from = -1, dir = -1;
	struct unpacked unpacked;
	struct stat st;

	if (!strcmp(source->path, "-"))
		from = dup(STDIN_FILENO);
	else
		from = open(source->path, O_RDONLY | O_CLOEXEC);
	if (from < 0 || fstat(from, &st) < 0)
		return err_set_errno(err, STATUS_SYSTEM, errno, "'%s'", source->path);
	if (S_ISDIR(st.st_mode))
		return take_fd(&from);
	if (import->progress)
		import->progress("reading the archive");
	if (mkdirat(store->fd, "new/archive", 0700) < 0)
		return err_set_errno(err, STATUS_SYSTEM, errno, "make a directory");
	dir = openat(store->fd, "new/archive", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (dir < 0)
		return err_set_errno(err, STATUS_SYSTEM, errno, "open a directory");
	if (unpack("files", from, dir, ARCHIVE_MAX, &unpacked, err) < 0)
		return err_prefix(err, "'%s'", source->path);
	return take_fd(&dir);
}

static bool is_there(int dir, const char *name)
{
	return !faccessat(dir, name, F_OK, AT_SYMLINK_NOFOLLOW);
}

static int read_incoming(int dir, const struct import *import, const struct source *source,
			 struct incoming *incoming, struct err *err)
{
	const char *tag = source->tag[0] ? source->tag : NULL;

	/* newer archives of Docker's are both, and the names are in Docker's */
	if (source->format != FORMAT_OCI && is_there(dir, "manifest.json"))
		return docker_read(dir, tag, incoming, err);
	if (source->format != FORMAT_DOCKER && is_there(dir, "index.json"))
		return oci_read(dir, tag, &import->platform, incoming, err);
	return err_set(err, STATUS_SYSTEM,
		       "it is no image: neither manifest.json of 'docker save' nor index.json of an OCI layout is in it");
}

/* ---- layers ----------------------------------------------------------------------------- */

static int import_layer(const struct store *store, const struct import *import, int dir,
			const struct incoming_layer *layer, const char *id, struct err *err)
{
	cleanup_close int from = blob_open(dir, layer->path, err);
	cleanup_close int files = from < 0 ? -1 : store_begin_layer(store, err);
	struct unpacked unpacked;

	if (files < 0 || unpack("layer", from, files, import->bytes_max, &unpacked, err) < 0)
		return -1;
	if (layer->digest[0] && strcmp(layer->digest, unpacked.digest))
		return err_set(err, STATUS_SYSTEM, "its digest is %s, not %s", unpacked.digest,
			       layer->digest);
	if (strcmp(id, unpacked.content))
		return err_set(err, STATUS_SYSTEM,
			       "the digest of its content is %s, but its configuration says %s",
			       unpacked.content, id);
	if (unpacked.left_out && import->progress) {
		char text[80];

		snprintf(text, sizeof(text), "left out device nodes: %llu",
			 (unsigned long long)unpacked.left_out);
		import->progress(text);
	}
	return store_end_layer(store, id, unpacked.bytes, err);
}

static int import_layers(const struct store *store, const struct import *import, int dir,
			 const struct incoming *incoming, struct err *err)
{
	image_hex *ids = NULL;
	size_t n, i;
	int ret = config_layers(incoming->config.json, &ids, &n, err);

	if (!ret && n != incoming->n_layers)
		ret = err_set(err, STATUS_SYSTEM,
			      "it has %zu layers, but its configuration says %zu",
			      incoming->n_layers, n);
	for (i = 0; !ret && i < n; i++) {
		char text[64];

		snprintf(text, sizeof(text), "layer %zu of %zu: %.12s%s", i + 1, n, ids[i],
			 store_has_layer(store, ids[i]) ? ", there already" : "");
		if (import->progress)
			import->progress(text);
		if (store_has_layer(store, ids[i]))
			continue;
		ret = import_layer(store, import, dir, &incoming->layers[i], ids[i], err);
		if (ret)
			err_prefix(err, "layer %zu", i + 1);
	}
	free(ids);
	return ret;
}

/* ---- names ------------------------------------------------------------------------------ */

/* What an OCI layout calls an image may be a tag alone: then the directory is its name. */
static int find_reference(const struct import *import, const struct source *source,
			  const struct incoming *incoming,
			  char reference[IMAGE_REFERENCE_SIZE], struct err *err)
{
	const char *base = strrchr(source->path, '/');
	char text[IMAGE_REFERENCE_SIZE];
	int len;

	if (import->name)
		return reference_read(import->name, reference, err);
	if (strpbrk(incoming->name, ":/"))
		return reference_read(incoming->name, reference, err);
	base = base ? base + 1 : source->path;
	len = snprintf(text, sizeof(text), "%.*s:%s", (int)strcspn(base, "."), base,
		       incoming->name[0] ? incoming->name : "latest");
	if (len < (int)sizeof(text) && !reference_read(text, reference, NULL))
		return 0;
	return err_set(err, STATUS_USAGE, "it does not say its name, say it with --name");
}

static int add_name(const struct store *store, const char *reference, const char *id,
		    struct err *err)
{
	json_t *names = store_names(store, err);
	int ret = names ? 0 : -1;

	if (!ret && json_object_set_new(names, reference, json_string(id)) < 0)
		ret = err_set(err, STATUS_SYSTEM, "no memory");
	if (!ret)
		ret = store_set_names(store, names, err);
	json_decref(names);
	return ret;
}

/* ---- all of it -------------------------------------------------------------------------- */

static int import_into(const struct store *store, const struct import *import,
		       const struct source *source, char id[IMAGE_HEX_SIZE],
		       char reference[IMAGE_REFERENCE_SIZE], struct err *err)
{
	cleanup_close int dir = open_source(store, import, source, err);
	struct incoming incoming = {};
	int ret = dir < 0 ? -1 : read_incoming(dir, import, source, &incoming, err);

	if (!ret)
		ret = find_reference(import, source, &incoming, reference, err);
	if (!ret)
		ret = import_layers(store, import, dir, &incoming, err);
	if (!ret)
		ret = store_add_config(store, incoming.config.digest, incoming.config.text,
				       incoming.config.size, err);
	if (!ret)
		ret = add_name(store, reference, incoming.config.digest, err);
	if (!ret)
		memcpy(id, incoming.config.digest, IMAGE_HEX_SIZE);
	incoming_free(&incoming);
	return ret;
}

int image_import(const struct import *import, char id[IMAGE_HEX_SIZE],
		 char reference[IMAGE_REFERENCE_SIZE], struct err *err)
{
	struct source source;
	struct store store;
	int ret;

	if (read_source(&source, import->source, err) < 0 || store_open(&store, true, err) < 0)
		return -1;
	ret = import_into(&store, import, &source, id, reference, err);
	/* layers of one that failed are nobody's */
	if (ret < 0)
		store_sweep(&store, NULL);
	store_close(&store);
	return ret;
}
