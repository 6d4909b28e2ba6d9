/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Words of a command line -> values.  Only what text can't become is refused
 * here (exit status 1); what a value means is the kernel's to judge.
 */
#ifndef VSW_LIB_PARSE_H
#define VSW_LIB_PARSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "err.h"
#include "model.h"

/* Each names the thing it parses ("mtu") in its error.  0, or -1 with err set. */
int parse_u16(const char *what, const char *text, uint16_t *value, struct err *err);
int parse_u32(const char *what, const char *text, uint32_t *value, struct err *err);
int parse_on_off(const char *what, const char *text, bool *value, struct err *err);
/* Seconds with up to three decimals -> milliseconds. */
int parse_seconds(const char *what, const char *text, uint32_t *ms, struct err *err);
/* Six pairs of hexadecimal digits with ':' or '-' between them. */
int parse_mac(const char *what, const char *text, uint8_t mac[6], struct err *err);
/* An IPv4 or IPv6 address, with the length of a prefix behind a '/' or all of it. */
int parse_prefix(const char *what, const char *text, struct prefix *prefix, struct err *err);
/* An IPv4 or IPv6 address; of IPv4 it becomes ::ffff:a.b.c.d. */
int parse_ip(const char *what, const char *text, uint8_t ip[16], struct err *err);
/* A device name: 1 to 15 bytes.  size of name is MODEL_NAME_SIZE. */
int parse_name(const char *what, const char *text, char *name, struct err *err);

/* The number of a cgroup v2, by that or by its path. */
int parse_cgroup(const char *what, const char *text, uint64_t *id, struct err *err);
/* Of a container that "vsw run" has running; no other cgroup gets its number. */
int parse_container(const char *what, const char *name, uint64_t *id, struct err *err);

/* Is word the beginning (of at least one letter) of full?  As ip(8) does. */
bool parse_abbreviates(const char *word, const char *full);

/*
 * Cut a line of a batch file into words, in place.  Blanks separate; '...' and
 * "..." keep them; a backslash keeps the next character (not within '...'); a
 * word that begins with # begins a comment.  Number of words or -1; words has
 * room for max and is closed by NULL.
 */
int parse_words(char *line, char **words, size_t max, struct err *err);

#endif
