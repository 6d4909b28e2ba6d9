// SPDX-License-Identifier: GPL-2.0
/* An image that a container is made of: it stays as long as it is held. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "container/cleanup.h"
#include "image.h"
#include "status.h"

/* Who removes images holds their lock and then looks for ours: one of both comes first. */
static int hold(const struct store *store, struct image_use *use, struct err *err)
{
	char path[IMAGE_HEX_SIZE + 16];

	snprintf(path, sizeof(path), "configs/%s", use->id);
	use->lock = openat(store->fd, path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	if (use->lock < 0 || flock(use->lock, LOCK_SH | LOCK_NB) < 0 ||
	    faccessat(store->fd, path, F_OK, AT_SYMLINK_NOFOLLOW) < 0)
		return err_set(err, STATUS_REFUSED, "image %.12s is being removed", use->id);
	return 0;
}

static bool is_among(const image_hex *layers, size_t n, const char *layer)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (!strcmp(layers[i], layer))
			return true;
	return false;
}

/* A layer that comes twice counts where it is higher: below itself it changes nothing. */
static int list_layers(const struct store *store, struct image_use *use, struct err *err)
{
	image_hex *layers;
	size_t n, i;
	int ret = 0;

	if (config_layers(use->config, &layers, &n, err) < 0)
		return -1;
	use->layers = calloc(n + 1, sizeof(*use->layers));
	if (!use->layers)
		ret = err_set(err, STATUS_SYSTEM, "no memory");
	for (i = n; !ret && i-- > 0;) {
		if (is_among(layers + i + 1, n - i - 1, layers[i]))
			continue;
		if (asprintf(&use->layers[use->n_layers++], "%s/images/layers/%s/files",
			     store->path, layers[i]) < 0)
			ret = err_set(err, STATUS_SYSTEM, "no memory");
	}
	free(layers);
	return ret;
}

int image_use(const char *text, struct image_use *use, struct err *err)
{
	struct store store;
	int ret;

	*use = (struct image_use){ .lock = -1 };
	if (store_open(&store, false, err) < 0)
		return -1;
	ret = store_find(&store, text, use->id, err);
	if (!ret)
		ret = hold(&store, use, err);
	if (!ret) {
		use->config = store_config(&store, use->id, err);
		ret = use->config ? list_layers(&store, use, err) : -1;
	}
	if (!ret && !use->n_layers)
		ret = err_set(err, STATUS_SYSTEM, "it has no layers");
	store_close(&store);
	if (ret < 0)
		image_release(use);
	return ret;
}

void image_release(struct image_use *use)
{
	size_t i;

	for (i = 0; i < use->n_layers; i++)
		free(use->layers[i]);
	free(use->layers);
	json_decref(use->config);
	close_fd(&use->lock);
	*use = (struct image_use){ .lock = -1 };
}
