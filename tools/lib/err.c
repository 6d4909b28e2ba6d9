// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "err.h"

/* What is left for prefixes, so that they do not push the reason out. */
#define PREFIX_SIZE	128

int err_set(struct err *err, int status, const char *fmt, ...)
{
	int saved = errno;
	va_list ap;

	if (!err)
		return -1;
	va_start(ap, fmt);
	vsnprintf(err->msg, sizeof(err->msg), fmt, ap);
	va_end(ap);
	err->status = status;
	err->errnum = 0;
	errno = saved;
	return -1;
}

int err_set_errno(struct err *err, int status, int errnum, const char *fmt, ...)
{
	int saved = errno;
	const char *text;
	char buf[128];
	size_t len, most;
	va_list ap;

	if (!err)
		return -1;
	va_start(ap, fmt);
	vsnprintf(err->msg, sizeof(err->msg), fmt, ap);
	va_end(ap);
	len = strlen(err->msg);
	text = strerror_r(errnum, buf, sizeof(buf));
	/* of a message that is too long the reason is kept */
	most = sizeof(err->msg) - PREFIX_SIZE - strlen(text) - strlen("...: ") - 1;
	if (len > most)
		len = most + sprintf(err->msg + most, "...");
	snprintf(err->msg + len, sizeof(err->msg) - len, ": %s", text);
	err->status = status;
	err->errnum = 0;
	errno = saved;
	return -1;
}

int err_prefix(struct err *err, const char *fmt, ...)
{
	char old[ERR_MSG_SIZE];
	int saved = errno;
	size_t len;
	va_list ap;

	if (!err || !err->status)
		return -1;
	memcpy(old, err->msg, sizeof(old));
	va_start(ap, fmt);
	vsnprintf(err->msg, sizeof(err->msg), fmt, ap);
	va_end(ap);
	len = strlen(err->msg);
	snprintf(err->msg + len, sizeof(err->msg) - len, ": %s", old);
	errno = saved;
	return -1;
}

int err_suffix(struct err *err, const char *text)
{
	size_t len;

	if (err && err->status) {
		len = strlen(err->msg);
		snprintf(err->msg + len, sizeof(err->msg) - len, "%s", text);
	}
	return -1;
}
