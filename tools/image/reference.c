// SPDX-License-Identifier: GPL-2.0
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "image.h"
#include "status.h"

bool is_hex(const char *text, size_t digits)
{
	size_t i;

	for (i = 0; i < digits; i++)
		if (!isdigit((unsigned char)text[i]) && (text[i] < 'a' || text[i] > 'f'))
			return false;
	return !text[digits];
}

int digest_read(const char *text, char hex[IMAGE_HEX_SIZE], struct err *err)
{
	if (strncmp(text, "sha256:", 7) || !is_hex(text + 7, IMAGE_HEX_SIZE - 1))
		return err_set(err, STATUS_SYSTEM, "'%.80s' is no digest of SHA-256", text);
	memcpy(hex, text + 7, IMAGE_HEX_SIZE);
	return 0;
}

/* One part of a name, up to a '/', or a tag: letters, digits, and between them . _ - */
static bool is_part(const char *text, size_t len, bool is_tag)
{
	size_t i;

	if (!len || len > 128 || (!isalnum((unsigned char)*text) && !(is_tag && *text == '_')))
		return false;
	for (i = 0; i < len; i++)
		if (!isalnum((unsigned char)text[i]) && !strchr("._-", text[i]))
			return false;
	return true;
}

static bool is_port(const char *text, size_t len)
{
	return len && strspn(text, "0123456789") >= len;
}

static const char *without_default(const char *text)
{
	if (!strncmp(text, "docker.io/library/", 18))
		return text + 18;
	return !strncmp(text, "docker.io/", 10) ? text + 10 : text;
}

int reference_read(const char *text, char reference[IMAGE_REFERENCE_SIZE], struct err *err)
{
	const char *begin = without_default(text), *p = begin, *tag = NULL, *colon;
	size_t len;

	for (;; p += len + 1) {
		len = strcspn(p, "/");
		colon = memchr(p, ':', len);
		if (!p[len])
			break;
		/* the first may be a registry, with its port */
		if (!(colon && p == begin && is_part(p, colon - p, false) &&
		      is_port(colon + 1, p + len - colon - 1)) && !is_part(p, len, false))
			goto bad;
	}
	if (colon) {
		tag = colon + 1;
		len = colon - p;
	}
	if (!is_part(p, len, false) || (tag && !is_part(tag, strlen(tag), true)) ||
	    snprintf(reference, IMAGE_REFERENCE_SIZE, "%s%s", begin, tag ? "" : ":latest") >=
	    IMAGE_REFERENCE_SIZE)
		goto bad;
	return 0;
bad:
	return err_set(err, STATUS_USAGE,
		       "'%.128s' is no name of an image, like web, web:1.2 or example.org/web:1.2",
		       text);
}
