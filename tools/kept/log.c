// SPDX-License-Identifier: GPL-2.0
/*
 * What a container says, line by line, as Kubernetes' runtimes write it (CRI logging):
 *
 *   TIME stdout|stderr F|P TEXT
 *
 * P: the line goes on in the next entry of this stream. Bytes are kept as they are. Our own
 * stream is "vsw". When a file is full it becomes log.1, and that log.2, up to the last one.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include "container/cleanup.h"
#include "kept.h"
#include "status.h"

static const char *const streams[] = {
	[LOG_STDOUT] = "stdout", [LOG_STDERR] = "stderr", [LOG_VSW] = "vsw",
};

static int open_file(struct log *log)
{
	struct stat st;

	log->fd = openat(log->dir, "log", O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW | O_CLOEXEC,
			 0600);
	if (log->fd < 0 || fstat(log->fd, &st) < 0)
		return -1;
	log->size = st.st_size;
	return 0;
}

int log_open(struct log *log, int dir, const struct log_limits *limits, struct err *err)
{
	*log = (struct log){ .dir = dir, .fd = -1, .limits = *limits };
	return open_file(log) < 0 ? err_set_errno(err, STATUS_SYSTEM, errno, "open the log") : 0;
}

void log_close(struct log *log)
{
	close_fd(&log->fd);
}

/* "log" for 0, "log.2" for 2 */
static const char *file_name(char name[16], unsigned int number)
{
	snprintf(name, 16, number ? "log.%u" : "log", number);
	return name;
}

static void rotate(struct log *log)
{
	char from[16], to[16];
	unsigned int i;

	for (i = log->limits.files - 1; i > 0; i--)
		renameat(log->dir, file_name(from, i - 1), log->dir, file_name(to, i));
	if (log->limits.files == 1)
		unlinkat(log->dir, "log", 0);
	close_fd(&log->fd);
	open_file(log);
}

static void write_entry(struct log *log, enum log_stream stream, const char *time, bool whole,
			const char *text, size_t size)
{
	char head[KEPT_TIME_SIZE + 16];
	struct iovec parts[] = {
		{ head, snprintf(head, sizeof(head), "%s %s %c ", time, streams[stream],
				 whole ? 'F' : 'P') },
		{ (void *)text, size }, { "\n", 1 },
	};
	ssize_t n;

	do {
		n = writev(log->fd, parts, 3);
	} while (n < 0 && errno == EINTR);
	if (n > 0)
		log->size += n;
	if (whole && log->size >= log->limits.bytes)
		rotate(log);
}

void log_write(struct log *log, enum log_stream stream, const char *text, size_t size)
{
	char time[KEPT_TIME_SIZE];
	const char *end;

	kept_now(time);
	while (size) {
		end = memchr(text, '\n', size);
		write_entry(log, stream, time, end, text, end ? (size_t)(end - text) : size);
		if (!end)
			break;
		size -= end + 1 - text;
		text = end + 1;
	}
}
