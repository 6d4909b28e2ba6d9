// SPDX-License-Identifier: GPL-2.0
#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "units.h"

/* Digits of a fraction that are looked at; more of them are refused. */
#define FRACTION_DIGITS	9

static const char suffixes[] = "KMGTP";

/*
 * Digits with at most one point among them.  The fraction is *fraction divided
 * by *scale.  NULL when there is no number or it is too long, else what
 * follows.
 */
static const char *take_decimal(const char *p, uint64_t *whole, uint64_t *fraction,
				uint64_t *scale)
{
	int digits = 0;

	*whole = 0;
	*fraction = 0;
	*scale = 1;
	if (!isdigit((unsigned char)*p))
		return NULL;
	for (; isdigit((unsigned char)*p); p++) {
		if (__builtin_mul_overflow(*whole, 10, whole) ||
		    __builtin_add_overflow(*whole, *p - '0', whole))
			return NULL;
	}
	if (*p != '.')
		return p;
	for (p++; isdigit((unsigned char)*p); p++) {
		if (++digits > FRACTION_DIGITS)
			return NULL;
		*fraction = *fraction * 10 + (*p - '0');
		*scale *= 10;
	}
	for (; *scale > 1 && *fraction % 10 == 0; *scale /= 10)
		*fraction /= 10;
	return digits ? p : NULL;
}

/* "", "B", "K", "KB", "KiB", ... -> the power of two, or -1 */
static int suffix_shift(const char *p)
{
	int shift = 0;
	bool known = false;
	size_t i;

	if (!*p || !strcasecmp(p, "b"))
		return 0;
	for (i = 0; i < sizeof(suffixes) - 1; i++) {
		if (toupper((unsigned char)*p) == suffixes[i]) {
			shift = 10 * (i + 1);
			known = true;
		}
	}
	if (!known)
		return -1;
	p++;
	return !*p || !strcasecmp(p, "b") || !strcasecmp(p, "ib") ? shift : -1;
}

int units_parse_bytes(const char *what, const char *text, uint64_t *bytes,
		      int status, struct err *err)
{
	uint64_t whole, fraction, scale, part;
	const char *rest;
	int shift;

	rest = take_decimal(text, &whole, &fraction, &scale);
	shift = rest ? suffix_shift(rest) : -1;
	if (shift < 0)
		return err_set(err, status,
			       "%s: '%s' is not a size (a number with K, M, G, T or P behind it)",
			       what, text);
	if (whole > UINT64_MAX >> shift)
		return err_set(err, status, "%s: '%s' is too large", what, text);
	/* fraction < 10^9 < 2^30, so this may overflow only from T on */
	if (__builtin_mul_overflow(fraction, 1ULL << shift, &part) || part % scale)
		return err_set(err, status, "%s: '%s' is not a whole number of bytes",
			       what, text);
	if (__builtin_add_overflow(whole << shift, part / scale, bytes))
		return err_set(err, status, "%s: '%s' is too large", what, text);
	return 0;
}

/* What stands behind the number -> a power of 1000, or 0 */
static uint64_t rate_factor(const char *p)
{
	static const struct {
		char suffix;
		uint64_t factor;
	} units[] = { { 'K', 1000 }, { 'M', 1000000 }, { 'G', 1000000000 },
		      { 'T', 1000000000000 } };
	uint64_t factor = 1;
	size_t i;

	for (i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		if (toupper((unsigned char)*p) == units[i].suffix)
			factor = units[i].factor;
	p += factor > 1;
	return !*p || !strcasecmp(p, "bit") || !strcasecmp(p, "bit/s") ? factor : 0;
}

int units_parse_rate(const char *what, const char *text, uint64_t *rate, int status,
		     struct err *err)
{
	uint64_t whole, fraction, scale, factor;
	const char *end = take_decimal(text, &whole, &fraction, &scale);

	factor = end ? rate_factor(end) : 0;
	if (!factor || factor % scale || __builtin_mul_overflow(whole, factor, rate) ||
	    __builtin_add_overflow(*rate, fraction * (factor / scale), rate))
		return err_set(err, status,
			       "%s: '%s' is not a rate in bits per second, as '500k', '50M', '2.5G'",
			       what, text);
	return 0;
}

const char *units_format_rate(char text[UNITS_TEXT_SIZE], uint64_t rate)
{
	static const char units[] = "TGMk";
	uint64_t factor = 1000000000000;
	size_t i, len;

	for (i = 0; units[i] && rate < factor; i++)
		factor /= 1000;
	if (!units[i]) {
		snprintf(text, UNITS_TEXT_SIZE, "%llu", (unsigned long long)rate);
		return text;
	}
	len = snprintf(text, UNITS_TEXT_SIZE - 1, "%llu.%03llu",
		       (unsigned long long)(rate / factor),
		       (unsigned long long)(rate % factor / (factor / 1000)));
	while (text[len - 1] == '0')
		len--;
	len -= text[len - 1] == '.';
	text[len] = units[i];
	text[len + 1] = '\0';
	return text;
}

int units_parse_count(const char *what, const char *text, uint64_t *count,
		      int status, struct err *err)
{
	uint64_t fraction, scale;
	const char *rest;

	rest = take_decimal(text, count, &fraction, &scale);
	if (!rest || *rest || strchr(text, '.'))
		return err_set(err, status, "%s: '%s' is not a number", what, text);
	return 0;
}

int units_parse_milli(const char *what, const char *text, uint64_t *milli,
		      int status, struct err *err)
{
	uint64_t whole, fraction, scale;
	const char *rest;

	rest = take_decimal(text, &whole, &fraction, &scale);
	if (!rest || *rest)
		return err_set(err, status, "%s: '%s' is not a decimal number", what, text);
	if (fraction * 1000 % scale)
		return err_set(err, status, "%s: '%s' has more than three decimals", what, text);
	if (__builtin_mul_overflow(whole, 1000, milli) ||
	    __builtin_add_overflow(*milli, fraction * 1000 / scale, milli))
		return err_set(err, status, "%s: '%s' is too large", what, text);
	return 0;
}

static const struct {
	const char *suffix;
	uint32_t ms;
} time_units[] = {
	{ "d", 86400000 }, { "h", 3600000 }, { "m", 60000 }, { "s", 1000 }, { "ms", 1 },
	{ "", 1000 },
};

#define N_TIME_UNITS (sizeof(time_units) / sizeof(time_units[0]))

int units_parse_time(const char *what, const char *text, uint32_t *ms, int status,
		     struct err *err)
{
	uint64_t whole, fraction, scale;
	const char *rest;
	size_t i;

	rest = take_decimal(text, &whole, &fraction, &scale);
	for (i = 0; rest && i < N_TIME_UNITS; i++)
		if (!strcmp(rest, time_units[i].suffix))
			break;
	if (!rest || i == N_TIME_UNITS)
		return err_set(err, status,
			       "%s: '%s' is not a time (a number with ms, s, m, h or d behind it)",
			       what, text);
	/* fraction < 10^9 */
	fraction *= time_units[i].ms;
	if (fraction % scale)
		return err_set(err, status, "%s: '%s' is not a whole number of milliseconds",
			       what, text);
	if (whole > UINT32_MAX / time_units[i].ms ||
	    __builtin_add_overflow((uint32_t)whole * time_units[i].ms,
				   (uint32_t)(fraction / scale), ms))
		return err_set(err, status, "%s: '%s' is too long", what, text);
	return 0;
}

const char *units_format_time(char text[UNITS_TEXT_SIZE], uint32_t ms)
{
	size_t i = 0;

	while (ms % time_units[i].ms)
		i++;
	snprintf(text, UNITS_TEXT_SIZE, "%u%s", ms / time_units[i].ms,
		 ms ? time_units[i].suffix : "");
	return text;
}

const char *units_format_bytes(char text[UNITS_TEXT_SIZE], uint64_t bytes)
{
	const char *suffix = "B";
	size_t i;

	for (i = 0; i < sizeof(suffixes) - 1 && bytes && bytes % 1024 == 0; i++) {
		bytes /= 1024;
		suffix = &suffixes[i];
	}
	snprintf(text, UNITS_TEXT_SIZE, "%llu%.1s", (unsigned long long)bytes, suffix);
	return text;
}
