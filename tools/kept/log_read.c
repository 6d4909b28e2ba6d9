// SPDX-License-Identifier: GPL-2.0
/* "logs": the files of a log, from the oldest on, and what comes while it is followed. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include "container/cleanup.h"
#include "kept.h"
#include "output.h"
#include "status.h"

#define FILES_MAX	1000	/* more than anybody can wish for */
#define LOOK_MS		500	/* between two looks whether it still runs */

/* One file, and what there is to know of the lines that were read. */
struct reader {
	const struct log_wish *wish;
	FILE *file;
	char *line;
	size_t size;
	uint64_t skip;			/* so many lines before the first that is shown */
	bool counting;			/* nothing is shown yet */
	uint64_t n;			/* whole lines that are wished for */
	bool within[LOG_VSW + 1];	/* of a stream: a line has begun */
};

/* ---- entries ---------------------------------------------------------------------------- */

struct entry {
	const char *time, *text;
	size_t size;
	enum log_stream stream;
	bool whole;
};

/* false: it is none of ours. */
static bool read_entry(char *line, size_t size, struct entry *entry)
{
	char *stream = strchr(line, ' '), *flag = stream ? strchr(stream + 1, ' ') : NULL;

	if (!flag || (flag[1] != 'F' && flag[1] != 'P') || flag[2] != ' ' ||
	    stream - line >= KEPT_TIME_SIZE)
		return false;
	*stream++ = *flag = '\0';
	entry->time = line;
	entry->stream = !strcmp(stream, "stdout") ? LOG_STDOUT :
			!strcmp(stream, "stderr") ? LOG_STDERR : LOG_VSW;
	entry->whole = flag[1] == 'F';
	entry->text = flag + 3;
	entry->size = size - (entry->text - line) - 1;
	return true;
}

static bool is_wished(const struct log_wish *wish, const struct entry *entry)
{
	return (!wish->since || strcmp(entry->time, wish->since) >= 0) &&
	       (!wish->until || strcmp(entry->time, wish->until) < 0);
}

static void show(struct reader *reader, const struct entry *entry)
{
	FILE *out = entry->stream == LOG_STDOUT ? stdout : stderr;
	bool begins = !reader->within[entry->stream];

	/* what is on both comes in the order in which it was said */
	fflush(out == stdout ? stderr : stdout);
	if (begins && reader->wish->times)
		fprintf(out, "%s ", entry->time);
	if (begins && entry->stream == LOG_VSW)
		fputs("vsw: ", out);
	fwrite(entry->text, 1, entry->size, out);
	if (entry->whole)
		putc('\n', out);
}

/* All that is there. */
static void read_file(struct reader *reader)
{
	struct entry entry;
	ssize_t n;

	while ((n = getline(&reader->line, &reader->size, reader->file)) > 0) {
		/* it is being written: the rest comes */
		if (reader->line[n - 1] != '\n') {
			fseeko(reader->file, -n, SEEK_CUR);
			break;
		}
		if (!read_entry(reader->line, n, &entry) || !is_wished(reader->wish, &entry))
			continue;
		if (!reader->counting && reader->n >= reader->skip)
			show(reader, &entry);
		reader->within[entry.stream] = !entry.whole;
		reader->n += entry.whole;
	}
	clearerr(reader->file);
	fflush(stdout);
	fflush(stderr);
}

/* ---- files ------------------------------------------------------------------------------ */

static FILE *open_file(int dir, unsigned int number)
{
	char name[16];
	FILE *file;
	int fd;

	snprintf(name, sizeof(name), number ? "log.%u" : "log", number);
	fd = openat(dir, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	file = fd < 0 ? NULL : fdopen(fd, "re");
	if (!file && fd >= 0)
		close(fd);
	return file;
}

/* From the oldest on; the newest stays open. */
static void read_all(struct reader *reader, int dir)
{
	unsigned int number = 0;
	FILE *file;

	while (number < FILES_MAX && (file = open_file(dir, number + 1))) {
		fclose(file);
		number++;
	}
	for (;; number--) {
		file = open_file(dir, number);
		if (file) {
			if (reader->file)
				fclose(reader->file);
			reader->file = file;
			read_file(reader);
		}
		if (!number)
			break;
	}
}

static bool is_newest(struct reader *reader, int dir)
{
	struct stat here, there;

	return fstatat(dir, "log", &there, AT_SYMLINK_NOFOLLOW) < 0 ||
	       (!fstat(fileno(reader->file), &here) && here.st_ino == there.st_ino);
}

/* It is not written any more: the rest of it, and the one that is. */
static void change_file(struct reader *reader, int dir)
{
	FILE *file;

	read_file(reader);
	file = open_file(dir, 0);
	if (!file)
		return;
	fclose(reader->file);
	reader->file = file;
	read_file(reader);
}

/* Who reads may be gone long before there is something to write. */
static bool is_over(void)
{
	struct pollfd out = { .fd = STDOUT_FILENO };

	return ferror(stdout) || (poll(&out, 1, 0) > 0 && out.revents & (POLLERR | POLLNVAL));
}

static int follow(struct reader *reader, const struct kept *kept, struct err *err)
{
	cleanup_close int watch = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
	struct pollfd fd = { .fd = watch, .events = POLLIN };
	char path[32], events[4096];
	bool runs = true;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", kept->fd);
	if (watch < 0 || inotify_add_watch(watch, path, IN_MODIFY | IN_MOVED_TO | IN_CREATE) < 0)
		return err_set_errno(err, STATUS_SYSTEM, errno, "watch the log");
	while (runs && !is_over()) {
		/* what it said before it ended is read after that was seen */
		runs = kept_holder(kept);
		if (!reader->file)
			reader->file = open_file(kept->fd, 0);
		if (reader->file && is_newest(reader, kept->fd))
			read_file(reader);
		else if (reader->file)
			change_file(reader, kept->fd);
		if (runs && poll(&fd, 1, LOOK_MS) > 0)
			while (read(watch, events, sizeof(events)) > 0)
				;
	}
	return 0;
}

int log_show(const struct kept *kept, const struct log_wish *wish, struct err *err)
{
	struct reader reader = { .wish = wish };
	int ret = 0;

	if (wish->tail != UINT64_MAX) {
		reader.counting = true;
		read_all(&reader, kept->fd);
		reader.skip = reader.n > wish->tail ? reader.n - wish->tail : 0;
		reader.counting = false;
		reader.n = 0;
		memset(reader.within, 0, sizeof(reader.within));
	}
	read_all(&reader, kept->fd);
	if (wish->follow)
		ret = follow(&reader, kept, err);
	if (reader.file)
		fclose(reader.file);
	free(reader.line);
	return ret;
}

/* ---- times ------------------------------------------------------------------------------ */

/* "1h30m", "1.5h", "10s" before now */
static bool read_ago(const char *text, struct timespec *time)
{
	double seconds = 0, n;
	char *end;

	if (!*text)
		return false;
	for (; *text; text = end) {
		if (!strchr("0123456789.", *text))
			return false;
		n = strtod(text, &end);
		if (end == text)
			return false;
		if (!strncmp(end, "ms", 2))
			n /= 1000, end++;
		else if (*end == 'd')
			n *= 86400;
		else if (*end == 'h')
			n *= 3600;
		else if (*end == 'm')
			n *= 60;
		else if (*end != 's')
			return false;
		end++;
		seconds += n;
	}
	if (seconds > 1e9)
		return false;
	clock_gettime(CLOCK_REALTIME, time);
	time->tv_sec -= (time_t)seconds;
	time->tv_nsec -= (seconds - (time_t)seconds) * 1e9;
	if (time->tv_nsec < 0) {
		time->tv_nsec += 1000000000;
		time->tv_sec--;
	}
	return true;
}

/* RFC 3339, in parts from the left: "2026-01-02", "2026-01-02T03:04:05.5+01:00" */
static bool read_date(const char *text, struct timespec *time)
{
	const char *end = strptime(text, "%Y-%m-%d", &(struct tm){ 0 });
	struct tm tm = { .tm_isdst = -1 };
	int hours, minutes, scale = 100000000;

	if (!end)
		return false;
	end = strptime(text, *end ? "%Y-%m-%dT%H:%M:%S" : "%Y-%m-%d", &tm);
	if (!end)
		return false;
	time->tv_nsec = 0;
	if (*end == '.') {
		for (end++; *end >= '0' && *end <= '9'; end++, scale /= 10)
			time->tv_nsec += (*end - '0') * scale;
	}
	/* without a zone it is this machine's time, as docker(1) takes it */
	time->tv_sec = *end ? timegm(&tm) : mktime(&tm);
	if (!*end || !strcmp(end, "Z"))
		return true;
	if (strlen(end) != 6 || sscanf(end + 1, "%2d:%2d", &hours, &minutes) != 2)
		return false;
	time->tv_sec += (*end == '-' ? 1 : -1) * (hours * 3600 + minutes * 60);
	return *end == '-' || *end == '+';
}

int log_read_time(const char *text, char time[KEPT_TIME_SIZE], struct err *err)
{
	struct timespec value = { 0 };
	char *end;

	value.tv_sec = strtoll(text, &end, 10);
	if ((*end || end == text || end - text > 11) && !read_ago(text, &value) &&
	    !read_date(text, &value))
		return err_set(err, STATUS_USAGE,
			       "'%s' is no time: 10m, 1h30m, 2026-01-02T03:04:05Z or seconds since 1970",
			       text);
	kept_time(time, &value);
	return 0;
}
