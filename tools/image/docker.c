// SPDX-License-Identifier: GPL-2.0
/*
 * What "docker save" writes: manifest.json is an array of { "Config", "RepoTags", "Layers" },
 * of which the first and the last are paths in the archive.
 */
#include <stdio.h>
#include <string.h>

#include "image.h"
#include "status.h"

static const char *first_name(json_t *image)
{
	return json_string_value(json_array_get(json_object_get(image, "RepoTags"), 0));
}

static bool is_called(json_t *image, const char *wanted)
{
	char one[IMAGE_REFERENCE_SIZE], other[IMAGE_REFERENCE_SIZE];
	json_t *name;
	size_t i;

	if (reference_read(wanted, one, NULL) < 0)
		return false;
	json_array_foreach(json_object_get(image, "RepoTags"), i, name)
		if (!reference_read(json_string_value(name) ?: "", other, NULL) &&
		    !strcmp(one, other))
			return true;
	return false;
}

static json_t *choose(json_t *images, const char *name, struct err *err)
{
	json_t *image, *found = NULL;
	size_t i;

	json_array_foreach(images, i, image) {
		if (name && !is_called(image, name))
			continue;
		if (found) {
			err_set(err, STATUS_SYSTEM,
				"it has several images, say one as docker-archive:FILE:NAME, like %.64s or %.64s",
				first_name(found) ?: "-", first_name(image) ?: "-");
			return NULL;
		}
		found = image;
	}
	if (!found)
		err_set(err, STATUS_SYSTEM, "it has no image%s%.128s%s", name ? " '" : "",
			name ?: "", name ? "'" : "");
	return found;
}

static int take_image(int dir, json_t *image, struct incoming *incoming, struct err *err)
{
	const char *config = json_string_value(json_object_get(image, "Config"));
	json_t *layers = json_object_get(image, "Layers"), *layer;
	size_t i;

	if (!config || !json_is_array(layers))
		return err_set(err, STATUS_SYSTEM, "its manifest.json lacks Config or Layers");
	json_array_foreach(layers, i, layer)
		if (incoming_add_layer(incoming, json_string_value(layer) ?: "", "", err) < 0)
			return -1;
	return document_read(&incoming->config, dir, config, NULL, err);
}

int docker_read(int dir, const char *name, struct incoming *incoming, struct err *err)
{
	struct document manifest;
	json_t *image;
	int ret;

	if (document_read(&manifest, dir, "manifest.json", NULL, err) < 0)
		return -1;
	image = choose(manifest.json, name, err);
	ret = image ? take_image(dir, image, incoming, err) : -1;
	/* what has a name has a tag, too */
	if (!ret && (name || first_name(image)))
		ret = reference_read(name ?: first_name(image), incoming->name, err);
	document_free(&manifest);
	return ret;
}
