/* SPDX-License-Identifier: GPL-2.0 */
/* An image of containers, as it is in the store; in the way of model.h. */
#ifndef VSW_LIB_MODEL_IMAGE_H
#define VSW_LIB_MODEL_IMAGE_H

#include "model.h"

enum image_attr {
	IMAGE_NAME = 1, IMAGE_ID, IMAGE_CREATED, IMAGE_PLATFORM, IMAGE_LAYERS, IMAGE_SIZE,
};

/* All text is owned. */
struct vsw_image {
	uint64_t has;			/* IMAGE_* */
	char *name;			/* "web:latest"; one that has several is shown for each */
	char *id;			/* SHA-256 of its configuration */
	char *created;			/* as its builder says: RFC 3339 */
	char *platform;			/* "linux/amd64" */
	uint32_t layers;
	uint64_t size;			/* bytes of all files of all layers */
};

extern const struct kind kind_image;

#endif
