// SPDX-License-Identifier: GPL-2.0
/*
 * An OCI image layout (image-layout.md of the specification): index.json names manifests, or
 * further indexes, by digest; each is a file blobs/sha256/HEX.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

#include "image.h"
#include "status.h"

#define INDEX_DEPTH_MAX		4
#define REF_NAME		"org.opencontainers.image.ref.name"
#define CONTAINERD_NAME		"io.containerd.image.name"
#define BLOB_PATH_SIZE		(IMAGE_HEX_SIZE + 16)

/* ---- platforms -------------------------------------------------------------------------- */

static int copy_word(char *to, size_t size, const char *from, size_t len)
{
	if (!len || len >= size)
		return -1;
	memcpy(to, from, len);
	to[len] = '\0';
	return 0;
}

int platform_read(const char *text, struct platform *platform, struct err *err)
{
	const char *slash = strchr(text, '/'), *second = slash ? strchr(slash + 1, '/') : NULL;

	*platform = (struct platform){};
	if (slash && !copy_word(platform->os, sizeof(platform->os), text, slash - text) &&
	    !copy_word(platform->architecture, sizeof(platform->architecture), slash + 1,
		       strcspn(slash + 1, "/")) &&
	    (!second || !copy_word(platform->variant, sizeof(platform->variant), second + 1,
				   strlen(second + 1))))
		return 0;
	return err_set(err, STATUS_USAGE,
		       "'%.64s' is no platform, like linux/amd64 or linux/arm/v7", text);
}

/* Names of Go's, as the specification has them, for those of uname(2). */
void platform_of_host(struct platform *platform)
{
	static const char * const names[][2] = {
		{ "x86_64", "amd64" }, { "aarch64", "arm64" }, { "armv7l", "arm" },
		{ "i686", "386" }, { "loongarch64", "loong64" },
	};
	struct utsname host;
	size_t i;

	uname(&host);
	*platform = (struct platform){ .os = "linux" };
	snprintf(platform->architecture, sizeof(platform->architecture), "%.31s", host.machine);
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (!strcmp(host.machine, names[i][0]))
			strcpy(platform->architecture, names[i][1]);
}

static bool is_word(json_t *object, const char *key, const char *wanted)
{
	return !strcmp(json_string_value(json_object_get(object, key)) ?: "", wanted);
}

/* One that says nothing about it may be for any. */
static bool fits(json_t *descriptor, const struct platform *platform)
{
	json_t *said = json_object_get(descriptor, "platform");

	return !said || (is_word(said, "os", platform->os) &&
			 is_word(said, "architecture", platform->architecture) &&
			 (!platform->variant[0] || is_word(said, "variant", platform->variant)));
}

/* ---- manifests -------------------------------------------------------------------------- */

static int blob_path(json_t *descriptor, char path[BLOB_PATH_SIZE], char hex[IMAGE_HEX_SIZE],
		     struct err *err)
{
	const char *digest = json_string_value(json_object_get(descriptor, "digest"));

	if (digest_read(digest ?: "", hex, err) < 0)
		return -1;
	snprintf(path, BLOB_PATH_SIZE, "blobs/sha256/%s", hex);
	return 0;
}

static int read_descriptor(struct document *document, int dir, json_t *descriptor,
			   struct err *err)
{
	char path[BLOB_PATH_SIZE], hex[IMAGE_HEX_SIZE];

	if (blob_path(descriptor, path, hex, err) < 0)
		return -1;
	return document_read(document, dir, path, hex, err);
}

static const char *tag_of(json_t *descriptor)
{
	json_t *annotations = json_object_get(descriptor, "annotations");

	return json_string_value(json_object_get(annotations, REF_NAME));
}

/* "web:1.2" is called so by containerd, and "1.2" by the specification. */
static bool has_tag(json_t *descriptor, const char *tag)
{
	json_t *annotations = json_object_get(descriptor, "annotations");

	return !strcmp(tag_of(descriptor) ?: "", tag) ||
	       is_word(annotations, CONTAINERD_NAME, tag);
}

static bool says_tags(json_t *manifests)
{
	json_t *descriptor;
	size_t i;

	json_array_foreach(manifests, i, descriptor)
		if (tag_of(descriptor))
			return true;
	return false;
}

static int which_tags(json_t *manifests, const char *lead, struct err *err)
{
	char text[256] = "";
	json_t *descriptor;
	size_t i, n = 0;

	json_array_foreach(manifests, i, descriptor)
		if (tag_of(descriptor) && n < sizeof(text) - 1)
			n += snprintf(text + n, sizeof(text) - n, " %s", tag_of(descriptor));
	return err_set(err, STATUS_SYSTEM, "%s:%s", lead, text);
}

/* tag NULL: it does not matter, for one of several platforms. */
static json_t *choose(json_t *manifests, const char *tag, bool only_one,
		      const struct platform *platform, struct err *err)
{
	json_t *descriptor, *found = NULL;
	size_t i;

	json_array_foreach(manifests, i, descriptor) {
		if ((tag && !has_tag(descriptor, tag)) || !fits(descriptor, platform))
			continue;
		if (found && only_one && !tag && says_tags(manifests)) {
			which_tags(manifests, "it has several images, say one behind a ':'", err);
			return NULL;
		}
		found = found ?: descriptor;
	}
	if (!found && tag && says_tags(manifests))
		which_tags(manifests, "it has no such image for this platform; there are", err);
	else if (!found)
		err_set(err, STATUS_SYSTEM, "it has no image for %s/%s%s%s", platform->os,
			platform->architecture, platform->variant[0] ? "/" : "",
			platform->variant);
	return found;
}

int incoming_add_layer(struct incoming *incoming, const char *path, const char *digest,
		       struct err *err)
{
	struct incoming_layer *layers, *layer;

	if (incoming->n_layers == IMAGE_LAYERS_MAX)
		return err_set(err, STATUS_SYSTEM, "it has more than %d layers",
			       IMAGE_LAYERS_MAX);
	layers = reallocarray(incoming->layers, incoming->n_layers + 1, sizeof(*layers));
	if (!layers)
		return err_set(err, STATUS_SYSTEM, "no memory");
	incoming->layers = layers;
	layer = &layers[incoming->n_layers];
	if (snprintf(layer->path, sizeof(layer->path), "%s", path) >= (int)sizeof(layer->path))
		return err_set(err, STATUS_SYSTEM, "the path of layer %zu is too long",
			       incoming->n_layers + 1);
	strcpy(layer->digest, digest);
	incoming->n_layers++;
	return 0;
}

void incoming_free(struct incoming *incoming)
{
	document_free(&incoming->config);
	free(incoming->layers);
	*incoming = (struct incoming){};
}

static int take_manifest(int dir, json_t *manifest, struct incoming *incoming, struct err *err)
{
	json_t *layers = json_object_get(manifest, "layers"), *layer;
	char path[BLOB_PATH_SIZE], hex[IMAGE_HEX_SIZE];
	size_t i;

	if (!json_is_array(layers))
		return err_set(err, STATUS_SYSTEM, "its manifest names no layers");
	json_array_foreach(layers, i, layer)
		if (blob_path(layer, path, hex, err) < 0 ||
		    incoming_add_layer(incoming, path, hex, err) < 0)
			return -1;
	return read_descriptor(&incoming->config, dir, json_object_get(manifest, "config"), err);
}

static int follow(int dir, json_t *index, const char *tag, const struct platform *platform,
		  unsigned int depth, struct incoming *incoming, struct err *err)
{
	json_t *descriptor = choose(json_object_get(index, "manifests"), tag, !depth, platform,
				    err);
	struct document next;
	int ret;

	if (!descriptor)
		return -1;
	if (!depth)
		snprintf(incoming->name, sizeof(incoming->name), "%s",
			 tag_of(descriptor) ?: tag ?: "");
	if (read_descriptor(&next, dir, descriptor, err) < 0)
		return -1;
	if (!json_object_get(next.json, "manifests"))
		ret = take_manifest(dir, next.json, incoming, err);
	else if (depth == INDEX_DEPTH_MAX)
		ret = err_set(err, STATUS_SYSTEM, "its indexes lead through more than %d others",
			      INDEX_DEPTH_MAX);
	else
		ret = follow(dir, next.json, NULL, platform, depth + 1, incoming, err);
	document_free(&next);
	return ret;
}

int oci_read(int dir, const char *tag, const struct platform *platform,
	     struct incoming *incoming, struct err *err)
{
	struct document index;
	int ret;

	if (document_read(&index, dir, "index.json", NULL, err) < 0)
		return -1;
	ret = follow(dir, index.json, tag, platform, 0, incoming, err);
	document_free(&index);
	return ret;
}
