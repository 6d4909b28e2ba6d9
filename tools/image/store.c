// SPDX-License-Identifier: GPL-2.0
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <fts.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "container/cleanup.h"
#include "image.h"
#include "status.h"

#define DATA_DEFAULT	"/var/lib/vsw"
#define LAYER_PATH_SIZE	(IMAGE_HEX_SIZE + 32)

static int open_at(int dir, const char *name, int flags)
{
	return openat(dir, name, flags | O_NOFOLLOW | O_CLOEXEC, 0600);
}

/* ---- the directory ---------------------------------------------------------------------- */

static int make_directories(const struct store *store, struct err *err)
{
	static const struct {
		const char *name;
		mode_t mode;
	} parts[] = {
		/* files of images may be setuid: nobody but root is to find them */
		{ "", 0755 }, { "/images", 0700 }, { "/images/configs", 0700 },
		{ "/images/layers", 0700 },
	};
	char path[STORE_PATH_SIZE + 32];
	size_t i;

	for (i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		snprintf(path, sizeof(path), "%s%s", store->path, parts[i].name);
		if (mkdir(path, parts[i].mode) < 0 && errno != EEXIST)
			return err_set_errno(err, STATUS_SYSTEM, errno, "make '%s'", path);
	}
	return 0;
}

static int take_lock(struct store *store, struct err *err)
{
	store->lock = open_at(store->fd, "lock", O_RDWR | O_CREAT);
	if (store->lock < 0)
		return err_set_errno(err, STATUS_SYSTEM, errno, "open the lock of the images");
	while (flock(store->lock, LOCK_EX) < 0)
		if (errno != EINTR)
			return err_set_errno(err, STATUS_SYSTEM, errno, "lock the images");
	/* of one that was killed */
	if (remove_tree(store->fd, "new") < 0 && errno != ENOENT)
		return err_set_errno(err, STATUS_SYSTEM, errno,
				     "remove what an earlier vsw left of an image");
	if (mkdirat(store->fd, "new", 0700) < 0)
		return err_set_errno(err, STATUS_SYSTEM, errno, "make a directory for images");
	return 0;
}

int store_data_path(char path[STORE_PATH_SIZE], struct err *err)
{
	const char *data = getenv("VSW_DATA_DIR");

	if (!data || !*data)
		data = DATA_DEFAULT;
	if (*data != '/' || strlen(data) >= STORE_PATH_SIZE)
		return err_set(err, STATUS_SYSTEM,
			       "VSW_DATA_DIR '%.64s' is not an absolute path of less than %d bytes",
			       data, STORE_PATH_SIZE);
	strcpy(path, data);
	return 0;
}

int store_open(struct store *store, bool change, struct err *err)
{
	char path[STORE_PATH_SIZE + 8];

	*store = (struct store){ .fd = -1, .lock = -1 };
	if (store_data_path(store->path, err) < 0)
		return -1;
	if (change && make_directories(store, err) < 0)
		return -1;
	snprintf(path, sizeof(path), "%s/images", store->path);
	store->fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (store->fd < 0 && errno == ENOENT)
		return err_set(err, STATUS_REFUSED,
			       "there are no images. 'vsw image import' brings some");
	if (store->fd < 0)
		return err_set_errno(err, STATUS_SYSTEM, errno, "open '%s'", path);
	if (change && take_lock(store, err) < 0) {
		store_close(store);
		return -1;
	}
	return 0;
}

void store_close(struct store *store)
{
	if (store->lock >= 0)
		remove_tree(store->fd, "new");
	close_fd(&store->lock);
	close_fd(&store->fd);
}

int remove_tree(int dir, const char *name)
{
	char path[64], *paths[] = { path, NULL };
	FTSENT *entry;
	int ret = 0;
	FTS *tree;

	if (faccessat(dir, name, F_OK, AT_SYMLINK_NOFOLLOW) < 0)
		return -1;
	/* however deep it is, which the image says */
	snprintf(path, sizeof(path), "/proc/self/fd/%d/%s", dir, name);
	tree = fts_open(paths, FTS_PHYSICAL | FTS_NOSTAT, NULL);
	if (!tree)
		return -1;
	while (!ret && (errno = 0, entry = fts_read(tree))) {
		switch (entry->fts_info) {
		case FTS_D:
			continue;
		case FTS_DP:
			ret = rmdir(entry->fts_accpath);
			break;
		case FTS_ERR:
		case FTS_DNR:
		case FTS_NS:
			errno = entry->fts_errno;
			ret = -1;
			break;
		default:
			ret = unlink(entry->fts_accpath);
		}
	}
	if (!ret && errno)
		ret = -1;
	if (fts_close(tree) < 0)
		ret = -1;
	return ret;
}

/* ---- files ------------------------------------------------------------------------------ */

/* All of it or nothing, also if the power fails. */
static int write_file(int dir, const char *name, const char *text, size_t size, struct err *err)
{
	cleanup_close int fd = open_at(dir, "file.new", O_WRONLY | O_CREAT | O_TRUNC);

	if (fd >= 0 && fchmod(fd, 0600) >= 0 && write(fd, text, size) == (ssize_t)size &&
	    fsync(fd) >= 0 && renameat(dir, "file.new", dir, name) >= 0 && fsync(dir) >= 0)
		return 0;
	return err_set_errno(err, STATUS_SYSTEM, errno, "write '%s' of the images", name);
}

static int write_json(int dir, const char *name, json_t *json, struct err *err)
{
	cleanup_free char *text = json_dumps(json, JSON_INDENT(1) | JSON_SORT_KEYS);

	if (!text)
		return err_set(err, STATUS_SYSTEM, "no memory");
	return write_file(dir, name, text, strlen(text), err);
}

static json_t *read_json(int dir, const char *name, struct err *err)
{
	cleanup_close int fd = open_at(dir, name, O_RDONLY);
	json_error_t error;
	json_t *json;

	if (fd < 0) {
		err_set_errno(err, STATUS_SYSTEM, errno, "read '%s' of the images", name);
		return NULL;
	}
	json = json_loadfd(fd, 0, &error);
	if (!json)
		err_set(err, STATUS_SYSTEM, "'%s' of the images is damaged: line %d: %s", name,
			error.line, error.text);
	return json;
}

json_t *store_names(const struct store *store, struct err *err)
{
	json_t *names;

	if (faccessat(store->fd, "names.json", F_OK, 0) < 0 && errno == ENOENT)
		return json_object();
	names = read_json(store->fd, "names.json", err);
	if (names && !json_is_object(names)) {
		err_set(err, STATUS_SYSTEM, "'names.json' of the images is damaged");
		json_decref(names);
		return NULL;
	}
	return names;
}

int store_set_names(const struct store *store, json_t *names, struct err *err)
{
	return write_json(store->fd, "names.json", names, err);
}

static int config_path(char path[LAYER_PATH_SIZE], const char *id)
{
	return snprintf(path, LAYER_PATH_SIZE, "configs/%s", id);
}

json_t *store_config(const struct store *store, const char *id, struct err *err)
{
	char path[LAYER_PATH_SIZE];

	config_path(path, id);
	return read_json(store->fd, path, err);
}

int store_add_config(const struct store *store, const char *id, const char *text, size_t size,
		     struct err *err)
{
	cleanup_close int dir = open_at(store->fd, "configs", O_RDONLY | O_DIRECTORY);

	if (dir < 0)
		return err_set_errno(err, STATUS_SYSTEM, errno, "open the images");
	/* who uses it has a lock on the file that is there */
	if (!faccessat(dir, id, F_OK, 0))
		return 0;
	return write_file(dir, id, text, size, err);
}

int config_layers(json_t *config, image_hex **layers, size_t *n, struct err *err)
{
	json_t *ids = json_object_get(json_object_get(config, "rootfs"), "diff_ids"), *id;
	size_t i;

	*n = json_array_size(ids);
	*layers = NULL;
	if (!json_is_array(ids))
		return err_set(err, STATUS_SYSTEM, "its configuration names no layers");
	if (*n > IMAGE_LAYERS_MAX)
		return err_set(err, STATUS_SYSTEM, "it has %zu layers, more than %d", *n,
			       IMAGE_LAYERS_MAX);
	*layers = calloc(*n + 1, sizeof(**layers));
	if (!*layers)
		return err_set(err, STATUS_SYSTEM, "no memory");
	json_array_foreach(ids, i, id) {
		if (digest_read(json_string_value(id) ?: "", (*layers)[i], err) < 0) {
			free(*layers);
			*layers = NULL;
			return err_prefix(err, "layer %zu", i + 1);
		}
	}
	return 0;
}

/* ---- layers ----------------------------------------------------------------------------- */

static void layer_path(char path[LAYER_PATH_SIZE], const char *layer, const char *file)
{
	snprintf(path, LAYER_PATH_SIZE, "layers/%s%s", layer, file);
}

bool store_has_layer(const struct store *store, const char *layer)
{
	char path[LAYER_PATH_SIZE];

	layer_path(path, layer, "");
	return !faccessat(store->fd, path, F_OK, AT_SYMLINK_NOFOLLOW);
}

int store_begin_layer(const struct store *store, struct err *err)
{
	cleanup_close int fd = -1;

	if ((remove_tree(store->fd, "new/layer") < 0 && errno != ENOENT) ||
	    mkdirat(store->fd, "new/layer", 0700) < 0 ||
	    mkdirat(store->fd, "new/layer/files", 0755) < 0)
		return err_set_errno(err, STATUS_SYSTEM, errno, "make a directory for a layer");
	fd = open_at(store->fd, "new/layer/files", O_RDONLY | O_DIRECTORY);
	/* whatever the umask */
	if (fd < 0 || fchmod(fd, 0755) < 0)
		return err_set_errno(err, STATUS_SYSTEM, errno, "open a directory for a layer");
	return take_fd(&fd);
}

int store_end_layer(const struct store *store, const char *layer, uint64_t bytes,
		    struct err *err)
{
	cleanup_close int dir = open_at(store->fd, "new/layer", O_RDONLY | O_DIRECTORY);
	json_t *about = json_pack("{s:I}", "bytes", (json_int_t)bytes);
	char path[LAYER_PATH_SIZE];
	int ret;

	if (dir < 0 || !about)
		ret = err_set_errno(err, STATUS_SYSTEM, errno, "open a new layer");
	else
		ret = write_json(dir, "about.json", about, err);
	json_decref(about);
	layer_path(path, layer, "");
	/* what has its name is on the disk */
	if (!ret && (syncfs(dir) < 0 || renameat(store->fd, "new/layer", store->fd, path) < 0))
		ret = err_set_errno(err, STATUS_SYSTEM, errno, "keep a new layer");
	return ret;
}

static uint64_t layer_bytes(const struct store *store, const char *layer)
{
	char path[LAYER_PATH_SIZE];
	json_t *about;
	json_int_t bytes;

	layer_path(path, layer, "/about.json");
	about = read_json(store->fd, path, NULL);
	bytes = json_integer_value(json_object_get(about, "bytes"));
	json_decref(about);
	return bytes;
}

/* ---- finding ---------------------------------------------------------------------------- */

typedef int visit_fn(const char *name, void *data);

/* All that have the name of a digest in a directory of the store, until visit says != 0. */
static int each_digest(const struct store *store, const char *name, visit_fn *visit, void *data,
		       struct err *err)
{
	cleanup_close int fd = open_at(store->fd, name, O_RDONLY | O_DIRECTORY);
	cleanup_closedir DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *entry;
	int ret = 0;

	if (!dir)
		return err_set_errno(err, STATUS_SYSTEM, errno, "read '%s' of the images", name);
	fd = -1;
	while (!ret && (entry = readdir(dir)))
		if (is_hex(entry->d_name, IMAGE_HEX_SIZE - 1))
			ret = visit(entry->d_name, data);
	return ret;
}

struct wanted {
	const char *begin;
	size_t found;
	char id[IMAGE_HEX_SIZE];
};

static int look_at_digest(const char *name, void *data)
{
	struct wanted *wanted = data;

	if (!strncmp(name, wanted->begin, strlen(wanted->begin))) {
		wanted->found++;
		memcpy(wanted->id, name, IMAGE_HEX_SIZE);
	}
	return 0;
}

static int find_digest(const struct store *store, const char *text, char id[IMAGE_HEX_SIZE],
		       struct err *err)
{
	struct wanted wanted = { .begin = text };

	if (!strncmp(text, "sha256:", 7))
		wanted.begin = text + 7;
	if (!is_hex(wanted.begin, strlen(wanted.begin)) || !*wanted.begin)
		return 0;
	if (each_digest(store, "configs", look_at_digest, &wanted, err) < 0)
		return -1;
	if (wanted.found > 1)
		return err_set(err, STATUS_REFUSED, "the digests of %zu images begin with '%s'",
			       wanted.found, text);
	memcpy(id, wanted.id, IMAGE_HEX_SIZE);
	return wanted.found;
}

/* As it is called, or as buildah calls what has no registry. */
static const char *find_name(json_t *names, const char *reference,
			     char found[IMAGE_REFERENCE_SIZE + 16])
{
	strcpy(found, reference);
	if (!json_object_get(names, found))
		snprintf(found, IMAGE_REFERENCE_SIZE + 16, "localhost/%s", reference);
	return json_string_value(json_object_get(names, found));
}

int store_find(const struct store *store, const char *text, char id[IMAGE_HEX_SIZE],
	       struct err *err)
{
	char reference[IMAGE_REFERENCE_SIZE], found[IMAGE_REFERENCE_SIZE + 16];
	json_t *names = store_names(store, err);
	const char *digest = NULL;
	int ret;

	if (!names)
		return -1;
	if (!reference_read(text, reference, NULL))
		digest = find_name(names, reference, found);
	ret = digest && is_hex(digest, IMAGE_HEX_SIZE - 1);
	if (ret)
		memcpy(id, digest, IMAGE_HEX_SIZE);
	else
		ret = find_digest(store, text, id, err);
	json_decref(names);
	if (ret)
		return ret < 0 ? -1 : 0;
	return err_set(err, STATUS_REFUSED, "there is no image '%.128s'. See 'vsw image ls'", text);
}

/* ---- taking away ------------------------------------------------------------------------ */

struct sweep {
	const struct store *store;
	json_t *needed;		/* { layer: true } */
	struct err *err;
};

static int note_needed(const char *id, void *data)
{
	struct sweep *sweep = data;
	image_hex *layers = NULL;
	json_t *config = store_config(sweep->store, id, sweep->err);
	size_t n, i;
	int ret = -1;

	/* of one that can't be read nobody knows what it needs */
	if (config)
		ret = config_layers(config, &layers, &n, sweep->err);
	for (i = 0; !ret && i < n; i++)
		json_object_set_new(sweep->needed, layers[i], json_true());
	free(layers);
	json_decref(config);
	return ret;
}

static int drop_unneeded(const char *layer, void *data)
{
	struct sweep *sweep = data;
	char path[LAYER_PATH_SIZE];

	if (json_object_get(sweep->needed, layer))
		return 0;
	layer_path(path, layer, "");
	/* half of one must not have its name */
	if ((remove_tree(sweep->store->fd, "new/old") < 0 && errno != ENOENT) ||
	    renameat(sweep->store->fd, path, sweep->store->fd, "new/old") < 0 ||
	    remove_tree(sweep->store->fd, "new/old") < 0)
		return err_set_errno(sweep->err, STATUS_SYSTEM, errno, "remove layer %.12s", layer);
	return 0;
}

int store_sweep(const struct store *store, struct err *err)
{
	struct sweep sweep = { .store = store, .needed = json_object(), .err = err };
	int ret = each_digest(store, "configs", note_needed, &sweep, err);

	if (!ret)
		ret = each_digest(store, "layers", drop_unneeded, &sweep, err);
	json_decref(sweep.needed);
	return ret;
}

/* Take away the names of an image, or only one. How many stay. */
static size_t remove_names(json_t *names, const char *id, const char *only)
{
	const char *name;
	json_t *value;
	size_t left = 0;
	void *next;

	json_object_foreach_safe(names, next, name, value) {
		if (strcmp(json_string_value(value) ?: "", id))
			continue;
		if (only && strcmp(name, only))
			left++;
		else
			json_object_del(names, name);
	}
	return left;
}

/* Who has a container of it has a lock on it. */
static int lock_config(const struct store *store, const char *id, struct err *err)
{
	cleanup_close int fd = -1;
	char path[LAYER_PATH_SIZE];

	config_path(path, id);
	fd = open_at(store->fd, path, O_RDONLY);
	if (fd < 0)
		return err_set_errno(err, STATUS_SYSTEM, errno, "open image %.12s", id);
	if (flock(fd, LOCK_EX | LOCK_NB) < 0)
		return err_set(err, STATUS_REFUSED, "a running container is of image %.12s", id);
	return take_fd(&fd);
}

/* Names first: an image without one can be removed, a name without an image is damage. */
static int remove_image(const struct store *store, const char *id, json_t *names,
			struct err *err)
{
	cleanup_close int lock = lock_config(store, id, err);
	char path[LAYER_PATH_SIZE];

	if (lock < 0 || store_set_names(store, names, err) < 0)
		return -1;
	config_path(path, id);
	if (unlinkat(store->fd, path, 0) < 0)
		return err_set_errno(err, STATUS_SYSTEM, errno, "remove image %.12s", id);
	return store_sweep(store, err);
}

int store_remove(const struct store *store, const char *text, bool force, struct err *err)
{
	char reference[IMAGE_REFERENCE_SIZE], found[IMAGE_REFERENCE_SIZE + 16];
	json_t *names = store_names(store, err);
	size_t before = json_object_size(names), left;
	char id[IMAGE_HEX_SIZE];
	bool by_name;
	int ret = -1;

	if (!names || store_find(store, text, id, err) < 0)
		goto out;
	by_name = !reference_read(text, reference, NULL) && find_name(names, reference, found);
	left = remove_names(names, id, by_name ? found : NULL);
	if (!by_name && !force && before - json_object_size(names) > 1)
		ret = err_set(err, STATUS_REFUSED,
			      "image '%s' has %zu names: remove these, or it with --force", text,
			      before - json_object_size(names));
	else
		ret = left ? store_set_names(store, names, err) :
		      remove_image(store, id, names, err);
out:
	json_decref(names);
	return ret;
}

/* ---- showing ---------------------------------------------------------------------------- */

struct listing {
	const struct store *store;
	json_t *names;
	struct list *list;
	struct err *err;
};

static char *platform_text(json_t *config)
{
	const char *variant = json_string_value(json_object_get(config, "variant"));
	char *text = NULL;

	if (asprintf(&text, "%s/%s%s%s",
		     json_string_value(json_object_get(config, "os")) ?: "unknown",
		     json_string_value(json_object_get(config, "architecture")) ?: "unknown",
		     variant ? "/" : "", variant ?: "") < 0)
		return NULL;
	return text;
}

static int describe(struct listing *listing, const char *id, const char *name, json_t *config)
{
	const char *created = json_string_value(json_object_get(config, "created"));
	struct vsw_image *image = list_grow(listing->list, &kind_image);
	image_hex *layers;
	size_t n, i;

	if (!image || config_layers(config, &layers, &n, listing->err) < 0)
		return -1;
	image->has = HAS(IMAGE_ID) | HAS(IMAGE_LAYERS) | HAS(IMAGE_SIZE) | HAS(IMAGE_PLATFORM);
	image->id = strdup(id);
	image->platform = platform_text(config);
	image->layers = n;
	for (i = 0; i < n; i++)
		image->size += layer_bytes(listing->store, layers[i]);
	free(layers);
	if (name) {
		image->name = strdup(name);
		image->has |= HAS(IMAGE_NAME);
	}
	if (created) {
		image->created = strdup(created);
		image->has |= HAS(IMAGE_CREATED);
	}
	if (image->id && image->platform && (image->name || !name) &&
	    (image->created || !created))
		return 0;
	return err_set(listing->err, STATUS_SYSTEM, "no memory");
}

static int list_image(const char *id, void *data)
{
	struct listing *listing = data;
	json_t *config = store_config(listing->store, id, listing->err), *value;
	const char *name;
	size_t named = 0;
	int ret = config ? 0 : -1;

	json_object_foreach(listing->names, name, value) {
		if (!ret && !strcmp(json_string_value(value) ?: "", id)) {
			named++;
			ret = describe(listing, id, name, config);
		}
	}
	if (!ret && !named)
		ret = describe(listing, id, NULL, config);
	json_decref(config);
	return ret;
}

int store_list(const struct store *store, struct list *list, struct err *err)
{
	struct listing listing = {
		.store = store, .names = store_names(store, err), .list = list, .err = err,
	};
	int ret = listing.names ? 0 : -1;

	if (!ret)
		ret = each_digest(store, "configs", list_image, &listing, err);
	json_decref(listing.names);
	return ret;
}
