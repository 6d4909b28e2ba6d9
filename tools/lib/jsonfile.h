/* SPDX-License-Identifier: GPL-2.0 */
/* Files of JSON, of which there is always a whole one. */
#ifndef VSW_LIB_JSONFILE_H
#define VSW_LIB_JSONFILE_H

#include <jansson.h>
#include <stddef.h>

#include "err.h"

/*
 * The file name in dir; NULL with err set, also if it is larger than bytes, and with
 * err->errnum ENOENT if there is none. The caller owns it.
 */
json_t *jsonfile_read(int dir, const char *name, size_t bytes, struct err *err);
/*
 * In place of the one that is there, all of it or nothing, also if the power fails; for its
 * owner only. One at a time: by way of NAME.new.
 */
int jsonfile_write(int dir, const char *name, json_t *json, struct err *err);

#endif
