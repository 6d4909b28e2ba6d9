// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "container/cleanup.h"
#include "image.h"
#include "status.h"

/* Beside vsw, as make leaves it, or where make install puts it. */
static int find_program(char path[PATH_MAX], struct err *err)
{
	static const char * const places[] = { "vsw-unpack", "../libexec/vsw/vsw-unpack" };
	char self[PATH_MAX - 32], *slash;
	ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);
	size_t i;

	self[n < 0 ? 0 : n] = '\0';
	slash = strrchr(self, '/');
	for (i = 0; slash && i < 2; i++) {
		snprintf(path, PATH_MAX, "%.*s/%s", (int)(slash - self), self, places[i]);
		if (!access(path, X_OK))
			return 0;
	}
	return err_set(err, STATUS_SYSTEM,
		       "vsw-unpack is not installed, neither beside vsw nor in ../libexec/vsw");
}

static void run_program(const char *path, const char *what, uint64_t bytes_max, int from, int dir,
			int to)
{
	char *environment[] = { NULL };
	char bytes[24];

	snprintf(bytes, sizeof(bytes), "%" PRIu64, bytes_max);
	umask(022);
	if (dup2(from, STDIN_FILENO) >= 0 && dup2(to, STDOUT_FILENO) >= 0 &&
	    (dir < 0 ? chdir("/") : fchdir(dir)) >= 0)
		execle(path, "vsw-unpack", what, bytes, NULL, environment);
	_exit(127);
}

static int read_answer(int fd, struct unpacked *unpacked, struct err *err)
{
	const char *message = NULL, *digest = "", *content = "";
	json_int_t bytes = 0, entries = 0, left_out = 0;
	json_t *answer;
	char text[4096];
	size_t n = 0;
	ssize_t ret;

	while ((ret = read(fd, text + n, sizeof(text) - n)) > 0)
		n += ret;
	answer = json_loadb(text, n, 0, NULL);
	if (answer && !json_unpack(answer, "{s:s}", "error", &message)) {
		err_set(err, STATUS_SYSTEM, "%s", message);
	} else if (!answer ||
		   json_unpack(answer, "{s:s, s:s, s:I, s:I, s:I}", "digest", &digest,
			       "content-digest", &content, "bytes", &bytes, "entries", &entries,
			       "left-out", &left_out) ||
		   !is_hex(digest, IMAGE_HEX_SIZE - 1) || !is_hex(content, IMAGE_HEX_SIZE - 1)) {
		message = "";
		err_set(err, STATUS_SYSTEM, "vsw-unpack ended without an answer");
	} else {
		*unpacked = (struct unpacked){
			.bytes = bytes, .entries = entries, .left_out = left_out,
		};
		memcpy(unpacked->digest, digest, IMAGE_HEX_SIZE);
		memcpy(unpacked->content, content, IMAGE_HEX_SIZE);
	}
	ret = message ? -1 : 0;
	json_decref(answer);
	return ret;
}

int unpack(const char *what, int from, int dir, uint64_t bytes_max, struct unpacked *unpacked,
	   struct err *err)
{
	char path[PATH_MAX];
	int fds[2], ret;
	pid_t pid;

	if (find_program(path, err) < 0)
		return -1;
	if (pipe2(fds, O_CLOEXEC) < 0)
		return err_set_errno(err, STATUS_SYSTEM, errno, "make a pipe");
	pid = fork();
	if (!pid)
		run_program(path, what, bytes_max, from, dir, fds[1]);
	close(fds[1]);
	if (pid < 0) {
		close(fds[0]);
		return err_set_errno(err, STATUS_SYSTEM, errno, "start vsw-unpack");
	}
	ret = read_answer(fds[0], unpacked, err);
	close(fds[0]);
	while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
	return ret;
}
