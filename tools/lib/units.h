/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Amounts as people write them: "64M", "0.5".  No sign, no blanks, nothing
 * behind the unit.
 */
#ifndef VSW_LIB_UNITS_H
#define VSW_LIB_UNITS_H

#include <stdint.h>

#include "err.h"

#define UNITS_TEXT_SIZE	24

/*
 * A number of bytes with an optional suffix B, K, M, G, T or P (powers of 1024,
 * either case; "KB" and "KiB" mean the same as "K").  A fraction ("1.5G") is
 * fine as long as whole bytes come out.  status is what err gets.
 */
int units_parse_bytes(const char *what, const char *text, uint64_t *bytes,
		      int status, struct err *err);

/*
 * Bits per second with an optional suffix k, M, G or T (powers of 1000, either case; "bit"
 * or "bit/s" may stand behind).  A fraction is fine as long as whole bits come out.
 */
int units_parse_rate(const char *what, const char *text, uint64_t *rate, int status,
		     struct err *err);
/* "50M", "33.3M": with at most three digits behind the point. */
const char *units_format_rate(char text[UNITS_TEXT_SIZE], uint64_t rate);

/* A plain decimal number of things. */
int units_parse_count(const char *what, const char *text, uint64_t *count,
		      int status, struct err *err);

/* A decimal fraction with up to three places, as thousandths: "0.5" -> 500. */
int units_parse_milli(const char *what, const char *text, uint64_t *milli,
		      int status, struct err *err);

/*
 * A time as milliseconds: a number with ms, s, m, h or d behind it, or of seconds; a
 * fraction is fine as long as whole milliseconds come out.
 */
int units_parse_time(const char *what, const char *text, uint32_t *ms, int status,
		     struct err *err);
/* "3h", "90s", "1500ms": with the largest unit that has no fraction. */
const char *units_format_time(char text[UNITS_TEXT_SIZE], uint32_t ms);

/* The shortest exact text: 16777216 -> "16M", 1000 -> "1000B". */
const char *units_format_bytes(char text[UNITS_TEXT_SIZE], uint64_t bytes);

#endif
