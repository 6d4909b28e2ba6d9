/* SPDX-License-Identifier: GPL-2.0 */
/* Between the flow*.c files. */
#ifndef VSW_LIB_FLOW_PRIVATE_H
#define VSW_LIB_FLOW_PRIVATE_H

#include <stdint.h>

#include "flow.h"

/* A word for some bits of a field; closed by {}. */
struct flow_bits_word {
	const char *name;
	uint16_t mask, value;
};

/* flow_words.c */
extern const struct flow_bits_word flow_fragment_words[], flow_tcp_flag_words[];

/* flow_parse.c */

/* Add a field of a match, or some bits of one that is there. */
int flow_match_add(struct flow_match *match, const char *name, const struct flow_term *term,
		   struct err *err);

/* flow_action_parse.c: "NAME[FIRST..LAST]" or "NAME[]" or "NAME" -> some bits of a field. */
int flow_parse_subfield(char *text, struct flow_field *f, struct err *err);

#endif
