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
extern const struct flow_bits_word flow_fragment_words[], flow_tcp_flag_words[],
	flow_ct_state_words[];

/* flow_parse.c */

/* Add a field of a match, or some bits of one that is there. */
int flow_match_add(struct flow_match *match, const char *name, const struct flow_term *term,
		   struct err *err);
/* Seconds -> milliseconds. */
int flow_parse_time(const char *what, const char *text, uint32_t *ms, struct err *err);

/* ---- actions: text -> structs ---- */

/* What an action is read from and into. */
struct flow_reader {
	struct flow_piece piece;
	struct flow_ports *ports;
	struct flow_actions *actions;
	bool drops;
	struct err *err;
};

/* flow_action_parse.c: add one; NULL or -1 without memory. */
struct flow_action *flow_action_new(struct flow_reader *r, unsigned int type);
int flow_action_number(struct flow_reader *r, unsigned int type, uint32_t number);
/* The piece has a value, behind ':' or within parentheses; or it has none. */
int flow_need_value(struct flow_reader *r);
int flow_no_value(struct flow_reader *r);
int flow_read_number(struct flow_reader *r, uint64_t max, uint64_t *number);

/* flow_action_field.c: "NAME[FIRST..LAST]" or "NAME[]" or "NAME" -> some bits of a field. */
int flow_parse_subfield(char *text, struct flow_field *f, struct err *err);
/* 1: the piece is an action on a field and was read, 0: it is none, -1. */
int flow_read_field_action(struct flow_reader *r);

/* flow_ct.c */
int flow_read_ct(struct flow_reader *r);
void flow_print_ct(FILE *out, const struct flow_ct *ct);

/* flow_learn.c */
int flow_read_learn(struct flow_reader *r);
void flow_print_learn(FILE *out, const struct flow_learn *learn);

/* flow_action_print.c: as flow_parse_subfield() takes it back. */
void flow_print_subfield(FILE *out, unsigned int field, unsigned int offset, unsigned int bits);

#endif
