// SPDX-License-Identifier: GPL-2.0
#include "model_image.h"

#define IMAGE(key, ATTR, kind, member) \
	{ key, IMAGE_##ATTR, kind, offsetof(struct vsw_image, member), NULL }

static const struct field image_fields[] = {
	IMAGE("name", NAME, FIELD_TEXT, name),
	IMAGE("id", ID, FIELD_TEXT, id),
	IMAGE("created", CREATED, FIELD_TEXT, created),
	IMAGE("platform", PLATFORM, FIELD_TEXT, platform),
	IMAGE("layers", LAYERS, FIELD_U32, layers),
	IMAGE("size", SIZE, FIELD_U64, size),
};

const struct kind kind_image = {
	"image", sizeof(struct vsw_image), image_fields,
	sizeof(image_fields) / sizeof(image_fields[0])
};
