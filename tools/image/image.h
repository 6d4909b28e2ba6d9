/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Images of containers: in the store, and on their way into it.
 *
 *   reference.c   what an image is called
 *   store.c       the directory of all images, and its names
 *   blob.c        small files of an image that comes, with their digests
 *   unpack.c      archives, by vsw-unpack
 *   oci.c         an OCI image layout: which of its manifests
 *   docker.c      what "docker save" writes
 *   import.c      from there into the store
 *   use.c         from the store into a container
 *
 * The store is below /var/lib/vsw, or what VSW_DATA_DIR says:
 *
 *   images/lock            held by who changes the store
 *   images/configs/HEX     an image: its configuration, by the SHA-256 of that
 *   images/layers/HEX/     by the SHA-256 of the layer's tar ("diff_id")
 *            files/        as overlayfs takes it
 *            about.json    { "bytes" }, of all files
 *   images/names.json      { "NAME:TAG": "HEX" }
 *   images/new/            what the holder of the lock works on
 *
 * All of it is complete when it gets its name. Who uses an image has its configuration
 * open, with a shared lock.
 */
#ifndef VSW_IMAGE_IMAGE_H
#define VSW_IMAGE_IMAGE_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "err.h"
#include "model_image.h"

#define IMAGE_HEX_SIZE		65	/* 64 digits of SHA-256, and NUL */
#define IMAGE_REFERENCE_SIZE	256
#define IMAGE_LAYERS_MAX	127	/* as Docker's; an overlay may have 500 */
#define IMAGE_DOCUMENT_MAX	(4 << 20)	/* bytes of a manifest or a configuration */

typedef char image_hex[IMAGE_HEX_SIZE];

/* ---- reference.c ------------------------------------------------------------------------ */

/* "web" -> "web:latest", without Docker's own "docker.io/library/". -1: it is no name. */
int reference_read(const char *text, char reference[IMAGE_REFERENCE_SIZE], struct err *err);
bool is_hex(const char *text, size_t digits);
/* "sha256:HEX" -> HEX; other algorithms are refused. */
int digest_read(const char *text, char hex[IMAGE_HEX_SIZE], struct err *err);

/* ---- store.c ---------------------------------------------------------------------------- */

#define STORE_PATH_SIZE		256

/* Where everything is that is kept: VSW_DATA_DIR, or /var/lib/vsw. Absolute. */
int store_data_path(char path[STORE_PATH_SIZE], struct err *err);

struct store {
	char path[STORE_PATH_SIZE];
	int fd;			/* of images/ */
	int lock;		/* -1: only to read */
};

/* To read: STATUS_REFUSED if there is none. To change: made, and locked until it is closed. */
int store_open(struct store *store, bool change, struct err *err);
void store_close(struct store *store);

/* { "NAME:TAG": "HEX" }, owned by the caller. */
json_t *store_names(const struct store *store, struct err *err);
int store_set_names(const struct store *store, json_t *names, struct err *err);
/* The image that is called so, or whose digest begins so. */
int store_find(const struct store *store, const char *text, char id[IMAGE_HEX_SIZE],
	       struct err *err);
/* Its configuration, owned by the caller. */
json_t *store_config(const struct store *store, const char *id, struct err *err);
/* Of a configuration its layers, the lowest first. -1: it makes no sense. */
int config_layers(json_t *config, image_hex **layers, size_t *n, struct err *err);

bool store_has_layer(const struct store *store, const char *layer);
/* An empty directory for files, in new/. */
int store_begin_layer(const struct store *store, struct err *err);
/* It is whole: it gets its name. */
int store_end_layer(const struct store *store, const char *layer, uint64_t bytes,
		    struct err *err);
int store_add_config(const struct store *store, const char *id, const char *text, size_t size,
		     struct err *err);
/* Take away a name, or an image with all of its names, and the layers that nobody else has. */
int store_remove(const struct store *store, const char *text, bool force, struct err *err);
/* Everything for "show", one for each name, and those without. */
int store_list(const struct store *store, struct list *list, struct err *err);
/* Remove a directory and all below it; links are not followed. */
int remove_tree(int dir, const char *name);
/* Layers of no image: of imports that failed. */
int store_sweep(const struct store *store, struct err *err);

/* ---- use.c ------------------------------------------------------------------------------ */

struct image_use {
	char id[IMAGE_HEX_SIZE];
	json_t *config;
	char **layers;		/* paths, the highest first */
	size_t n_layers;
	int lock;		/* as long as it is open nobody removes it */
};

int image_use(const char *text, struct image_use *use, struct err *err);
void image_release(struct image_use *use);

/* ---- unpack.c --------------------------------------------------------------------------- */

struct unpacked {
	char digest[IMAGE_HEX_SIZE];	/* of what was read */
	char content[IMAGE_HEX_SIZE];	/* of that decompressed */
	uint64_t bytes, entries, left_out;
};

/* what: "digest", "files" or "layer", see vsw-unpack. dir is not used for a digest. */
int unpack(const char *what, int from, int dir, uint64_t bytes_max, struct unpacked *unpacked,
	   struct err *err);

/* ---- blob.c ----------------------------------------------------------------------------- */

/* A file below dir, wherever links lead in there, and nowhere else. */
int blob_open(int dir, const char *path, struct err *err);

struct document {
	json_t *json;
	char *text;
	size_t size;
	char digest[IMAGE_HEX_SIZE];
};

/* digest may be NULL: then it may be any. */
int document_read(struct document *document, int dir, const char *path, const char *digest,
		  struct err *err);
void document_free(struct document *document);

/* ---- what comes, as oci.c and docker.c find it ------------------------------------------ */

struct incoming_layer {
	char path[256];
	char digest[IMAGE_HEX_SIZE];	/* "": only that of its content is known */
};

struct incoming {
	struct document config;
	struct incoming_layer *layers;	/* the lowest first */
	size_t n_layers;
	char name[IMAGE_REFERENCE_SIZE];	/* as it calls itself; "": it does not */
};

int incoming_add_layer(struct incoming *incoming, const char *path, const char *digest,
		       struct err *err);
void incoming_free(struct incoming *incoming);

struct platform {
	char os[32], architecture[32], variant[32];
};

int platform_read(const char *text, struct platform *platform, struct err *err);
void platform_of_host(struct platform *platform);

/* The image of that tag, or the only one. */
int oci_read(int dir, const char *tag, const struct platform *platform,
	     struct incoming *incoming, struct err *err);
/* The image of that name, or the only one. */
int docker_read(int dir, const char *name, struct incoming *incoming, struct err *err);

/* ---- import.c --------------------------------------------------------------------------- */

struct import {
	const char *source;		/* FILE, DIR, oci:DIR[:TAG], and so on */
	const char *name;		/* NULL: as it calls itself */
	struct platform platform;
	uint64_t bytes_max;		/* of one layer, unpacked */
	void (*progress)(const char *text);	/* NULL: nobody looks */
};

int image_import(const struct import *import, char id[IMAGE_HEX_SIZE],
		 char reference[IMAGE_REFERENCE_SIZE], struct err *err);

#endif
