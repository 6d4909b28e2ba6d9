// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "vsw.h"

static const char *find_hint(const struct hint *hints, int errnum)
{
	for (; hints && hints->text; hints++)
		if (hints->errnum == errnum)
			return hints->text;
	return NULL;
}

/* Root lacks it where a user namespace is not the network namespace's. */
static const char *run_as_root(void)
{
	return geteuid() ? "Run it as root." : NULL;
}

static const char *needs_net_admin(void)
{
	return geteuid() ? "This needs CAP_NET_ADMIN: run it as root." :
	       "This needs CAP_NET_ADMIN over the network namespace.";
}

int explain(const struct hint *hints, struct err *err, const char *fmt, ...)
{
	const char *hint = NULL;
	char subject[128];
	size_t len;
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(subject, sizeof(subject), fmt, ap);
	va_end(ap);
	err_prefix(err, "%s", subject);
	if (err->errnum) {
		hint = find_hint(hints, err->errnum);
		if (!hint && (err->errnum == EPERM || err->errnum == EACCES))
			hint = strstr(err->msg, "CAP_NET_ADMIN") ? run_as_root() :
			       needs_net_admin();
	}
	len = strlen(err->msg);
	if (hint)
		snprintf(err->msg + len, sizeof(err->msg) - len, ". %s", hint);
	return -1;
}

int explain_dump(int ret, struct err *err)
{
	if (ret <= 0)
		return ret;
	return err_set(err, STATUS_INCONSISTENT,
		       "the table kept changing while it was read, so this is no picture of one moment");
}
