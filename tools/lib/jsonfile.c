// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "jsonfile.h"
#include "status.h"

json_t *jsonfile_read(int dir, const char *name, size_t bytes, struct err *err)
{
	int fd = openat(dir, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	json_t *json = NULL;
	json_error_t error;
	struct stat st;

	if (fd < 0 || fstat(fd, &st) < 0) {
		err_set_errno(err, STATUS_SYSTEM, errno, "read '%s'", name);
		if (err)
			err->errnum = errno;
	} else if (!S_ISREG(st.st_mode) || (size_t)st.st_size > bytes) {
		err_set(err, STATUS_SYSTEM, "'%s' is no file of ours", name);
	} else {
		json = json_loadfd(fd, JSON_REJECT_DUPLICATES, &error);
		if (!json)
			err_set(err, STATUS_SYSTEM, "'%s' is damaged: line %d: %s", name,
				error.line, error.text);
	}
	if (fd >= 0)
		close(fd);
	return json;
}

/* All of it is on the disk before it gets its name. */
static int write_whole(int dir, const char *name, const char *text)
{
	int fd = openat(dir, name, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
	size_t size = strlen(text);
	ssize_t n = -1;

	if (fd < 0)
		return -1;
	for (; size; text += n, size -= n) {
		n = write(fd, text, size);
		if (n < 0)
			break;
	}
	if (size || fsync(fd) < 0) {
		close(fd);
		return -1;
	}
	return close(fd);
}

int jsonfile_write(int dir, const char *name, json_t *json, struct err *err)
{
	char *text = json_dumps(json, JSON_INDENT(1) | JSON_PRESERVE_ORDER);
	char path[64];
	int ret = 0;

	if (!text || snprintf(path, sizeof(path), "%s.new", name) >= (int)sizeof(path))
		ret = err_set(err, STATUS_SYSTEM, "write '%s': no memory", name);
	else if (write_whole(dir, path, text) < 0 || renameat(dir, path, dir, name) < 0 ||
		 fsync(dir) < 0)
		ret = err_set_errno(err, STATUS_SYSTEM, errno, "write '%s'", name);
	free(text);
	return ret;
}
