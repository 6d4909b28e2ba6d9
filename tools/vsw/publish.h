/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VSW_VSW_PUBLISH_H
#define VSW_VSW_PUBLISH_H

#include "router.h"

/* publish_explain.c: words behind the port that is asked about, which was said as word. */
int publish_explain(struct vsw *vsw, char **words, const struct vsw_publish *asked,
		    const char *word, struct err *err);

#endif
