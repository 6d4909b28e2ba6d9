// SPDX-License-Identifier: GPL-2.0
#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "model.h"
#include "parse.h"
#include "status.h"
#include "units.h"

/* An unsigned number, decimal or with 0x; no sign, no blanks, nothing behind. */
static int parse_number(const char *what, const char *text, uint64_t max,
			uint64_t *value, struct err *err)
{
	bool hex = text[0] == '0' && (text[1] == 'x' || text[1] == 'X');
	const char *digits = hex ? text + 2 : text;

	/* strtoull() would take blanks, a sign or a second 0x */
	if (!*digits || digits[strspn(digits, hex ? "0123456789abcdefABCDEF" : "0123456789")])
		return err_set(err, STATUS_USAGE, "%s: '%s' is not a number", what, text);
	errno = 0;
	*value = strtoull(digits, NULL, hex ? 16 : 10);
	if (errno || *value > max)
		return err_set(err, STATUS_USAGE, "%s: '%s' is too large, the most is %llu",
			       what, text, (unsigned long long)max);
	return 0;
}

int parse_u16(const char *what, const char *text, uint16_t *value, struct err *err)
{
	uint64_t number;

	if (parse_number(what, text, UINT16_MAX, &number, err) < 0)
		return -1;
	*value = number;
	return 0;
}

int parse_u32(const char *what, const char *text, uint32_t *value, struct err *err)
{
	uint64_t number;

	if (parse_number(what, text, UINT32_MAX, &number, err) < 0)
		return -1;
	*value = number;
	return 0;
}

int parse_on_off(const char *what, const char *text, bool *value, struct err *err)
{
	if (!strcmp(text, "on"))
		*value = true;
	else if (!strcmp(text, "off"))
		*value = false;
	else
		return err_set(err, STATUS_USAGE, "%s: '%s' is neither 'on' nor 'off'", what, text);
	return 0;
}

int parse_seconds(const char *what, const char *text, uint32_t *ms, struct err *err)
{
	uint64_t milli;

	if (units_parse_milli(what, text, &milli, STATUS_USAGE, err) < 0)
		return -1;
	if (milli > UINT32_MAX)
		return err_set(err, STATUS_USAGE, "%s: '%s' seconds are too many, the most is %u",
			       what, text, UINT32_MAX / 1000);
	*ms = milli;
	return 0;
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

int parse_mac(const char *what, const char *text, uint8_t mac[6], struct err *err)
{
	const char *p = text;
	char separator = 0;
	int i;

	for (i = 0; i < 6; i++) {
		int high = hex_digit(*p);
		int low = high < 0 ? -1 : hex_digit(p[1]);

		if (low < 0)
			goto bad;
		mac[i] = high << 4 | low;
		p += 2;
		if (i == 0)
			separator = *p;
		if (i < 5 && ((*p != ':' && *p != '-') || *p != separator))
			goto bad;
		if (i < 5)
			p++;
	}
	if (!*p)
		return 0;
bad:
	return err_set(err, STATUS_USAGE,
		       "%s: '%s' is not a MAC address like 02:00:00:00:00:0a", what, text);
}

int parse_prefix(const char *what, const char *text, struct prefix *prefix, struct err *err)
{
	const char *slash = strchrnul(text, '/');
	char address[INET6_ADDRSTRLEN] = "";
	int family = strchr(text, ':') ? AF_INET6 : AF_INET;
	uint32_t bits;

	if ((size_t)(slash - text) < sizeof(address))
		memcpy(address, text, slash - text);
	prefix->len = family == AF_INET ? 4 : 16;
	if (inet_pton(family, address, prefix->bytes) != 1)
		return err_set(err, STATUS_USAGE,
			       "%s: '%s' is not an address like 10.0.0.2 or 2001:db8::/64",
			       what, text);
	bits = prefix->len * 8;
	if (*slash && (parse_u32(what, slash + 1, &bits, NULL) < 0 || !bits ||
		       bits > prefix->len * 8u))
		return err_set(err, STATUS_USAGE,
			       "%s: '%s': the prefix length is not between 1 and %d",
			       what, text, prefix->len * 8);
	prefix->bits = bits;
	return 0;
}

int parse_ip(const char *what, const char *text, uint8_t ip[16], struct err *err)
{
	static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };

	if (inet_pton(AF_INET6, text, ip) == 1)
		return 0;
	memcpy(ip, mapped, sizeof(mapped));
	if (inet_pton(AF_INET, text, ip + sizeof(mapped)) == 1)
		return 0;
	return err_set(err, STATUS_USAGE, "%s: '%s' is no IP address", what, text);
}

int parse_name(const char *what, const char *text, char *name, struct err *err)
{
	size_t len = strlen(text);

	if (!len)
		return err_set(err, STATUS_USAGE, "%s: the name is empty", what);
	if (len > VSWITCH_NAME_LEN)
		return err_set(err, STATUS_USAGE, "%s: the name '%s' is too long, the most is %d bytes",
			       what, text, VSWITCH_NAME_LEN);
	memcpy(name, text, len + 1);
	return 0;
}

/* Its number is that of its directory. */
int parse_cgroup(const char *what, const char *text, uint64_t *id, struct err *err)
{
	struct stat status;

	if (*text != '/')
		return parse_number(what, text, UINT64_MAX, id, err);
	if (stat(text, &status) < 0)
		return err_set_errno(err, STATUS_USAGE, errno, "%s: %s", what, text);
	if (!S_ISDIR(status.st_mode))
		return err_set(err, STATUS_USAGE, "%s: %s is no cgroup", what, text);
	*id = status.st_ino;
	return 0;
}

int parse_container(const char *what, const char *name, uint64_t *id, struct err *err)
{
	struct stat status;
	char path[256];

	if (!*name || strchr(name, '/') ||
	    snprintf(path, sizeof(path), "/sys/fs/cgroup/vsw/c-%s", name) >= (int)sizeof(path))
		return err_set(err, STATUS_USAGE, "%s: '%s' is not the name of a container",
			       what, name);
	if (stat(path, &status) < 0)
		return err_set(err, STATUS_USAGE, "%s: no container '%s' runs here", what, name);
	*id = status.st_ino;
	return 0;
}

bool parse_abbreviates(const char *word, const char *full)
{
	size_t len = strlen(word);

	return len && !strncmp(word, full, len);
}

/*
 * Copy one word from *in to *out without its quotes.  Both move on; out never
 * overtakes in.  -1: a quote is not closed.
 */
static int take_word(char **in, char **out)
{
	char quote = 0;
	char *p = *in, *q = *out;

	for (; *p && (quote || !isspace((unsigned char)*p)); p++) {
		if (quote ? *p == quote : *p == '\'' || *p == '"')
			quote = quote ? 0 : *p;
		else if (*p == '\\' && quote != '\'' && p[1])
			*q++ = *++p;
		else
			*q++ = *p;
	}
	*in = *p ? p + 1 : p;
	*q++ = '\0';
	*out = q;
	return quote ? -1 : 0;
}

int parse_words(char *line, char **words, size_t max, struct err *err)
{
	char *in = line, *out = line;
	size_t n = 0;

	for (;;) {
		while (isspace((unsigned char)*in))
			in++;
		if (!*in || *in == '#')
			break;
		if (n == max)
			return err_set(err, STATUS_USAGE, "more than %zu words", max);
		words[n] = out;
		if (take_word(&in, &out) < 0)
			return err_set(err, STATUS_USAGE, "a quotation mark is not closed");
		n++;
	}
	words[n] = NULL;
	return n;
}
