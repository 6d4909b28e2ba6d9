// SPDX-License-Identifier: GPL-2.0
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "probe.h"

#define ENDPOINT_SIZE	(INET6_ADDRSTRLEN + 8)
#define END_MS		100	/* for a command that was killed */

int64_t probe_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

/* A process that waits for a disk or a file server goes only when that has answered. */
static bool is_gone(pid_t pid, int ms)
{
	while (waitpid(pid, NULL, WNOHANG) == 0) {
		if (!ms--)
			return false;
		usleep(1000);
	}
	return true;
}

void probe_end(struct probe *probe)
{
	if (probe->pid) {
		kill(-probe->pid, SIGKILL);
		if (!is_gone(probe->pid, END_MS))
			probe->killed = probe->pid;
		probe->pid = 0;
	}
	if (probe->fd >= 0)
		close(probe->fd);
	probe->fd = -1;
	free(probe->request);
	probe->request = NULL;
}

__attribute__((format(printf, 3, 4)))
static enum probe_result finish(struct probe *probe, enum probe_result result, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(probe->reason, sizeof(probe->reason), fmt, args);
	va_end(args);
	probe_end(probe);
	return result;
}

/* Not the backend's fault. */
static bool is_own_lack(int errnum)
{
	return errnum == EMFILE || errnum == ENFILE || errnum == ENOMEM || errnum == ENOBUFS ||
	       errnum == EAGAIN || errnum == EADDRNOTAVAIL;
}

static enum probe_result fail(struct probe *probe, const char *what)
{
	int errnum = errno;

	return finish(probe, is_own_lack(errnum) ? PROBE_LATER : PROBE_ILL, "%s: %s", what,
		      strerror(errnum));
}

/* ---- a connection ------------------------------------------------------------------- */

static socklen_t socket_address(struct sockaddr_storage *storage,
				const struct probe_target *target)
{
	struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)storage;
	struct sockaddr_in *in = (struct sockaddr_in *)storage;

	memset(storage, 0, sizeof(*storage));
	if (target->address.len == 4) {
		in->sin_family = AF_INET;
		in->sin_port = htons(target->port);
		memcpy(&in->sin_addr, target->address.bytes, 4);
		return sizeof(*in);
	}
	in6->sin6_family = AF_INET6;
	in6->sin6_port = htons(target->port);
	memcpy(&in6->sin6_addr, target->address.bytes, 16);
	return sizeof(*in6);
}

/* As a URL has it, and as a header "Host" does. */
static void endpoint_text(char text[ENDPOINT_SIZE], const struct probe_target *target)
{
	bool v6 = target->address.len == 16;
	char address[INET6_ADDRSTRLEN];

	inet_ntop(v6 ? AF_INET6 : AF_INET, target->address.bytes, address, sizeof(address));
	snprintf(text, ENDPOINT_SIZE, v6 ? "[%s]:%u" : "%s:%u", address, target->port);
}

static int make_request(struct probe *probe, const struct probe_target *target)
{
	char endpoint[ENDPOINT_SIZE];

	endpoint_text(endpoint, target);
	return asprintf(&probe->request,
			"GET %s HTTP/1.0\r\nHost: %s\r\nUser-Agent: vsw\r\nConnection: close\r\n\r\n",
			probe->config->path, probe->config->host ?: endpoint);
}

static enum probe_result begin_connection(struct probe *probe, const struct probe_target *target)
{
	struct sockaddr_storage address;
	socklen_t len = socket_address(&address, target);

	probe->fd = socket(address.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (probe->fd < 0)
		return fail(probe, "socket");
	if (probe->config->kind == PROBE_HTTP && make_request(probe, target) < 0) {
		probe->request = NULL;
		return finish(probe, PROBE_LATER, "out of memory");
	}
	probe->connected = false;
	probe->sent = 0;
	probe->received = 0;
	probe->events = POLLOUT;
	if (!connect(probe->fd, (struct sockaddr *)&address, len) || errno == EINPROGRESS)
		return PROBE_RUNNING;
	return fail(probe, "connect");
}

/* "HTTP/1.1 200 OK"; what redirects is well, too. */
static enum probe_result judge_answer(struct probe *probe)
{
	unsigned int status;
	char minor;

	probe->answer[probe->received] = '\0';
	if (sscanf(probe->answer, "HTTP/1.%c %3u", &minor, &status) != 2)
		return finish(probe, PROBE_ILL, "this is no answer of HTTP");
	return finish(probe, status >= 200 && status < 400 ? PROBE_WELL : PROBE_ILL,
		      "HTTP status %u", status);
}

static enum probe_result receive(struct probe *probe)
{
	size_t room = sizeof(probe->answer) - 1 - probe->received;
	ssize_t n = recv(probe->fd, probe->answer + probe->received, room, 0);

	if (n < 0)
		return errno == EAGAIN || errno == EINTR ? PROBE_RUNNING : fail(probe, "receive");
	probe->received += n;
	if (!n || (size_t)n == room || memchr(probe->answer, '\n', probe->received))
		return judge_answer(probe);
	return PROBE_RUNNING;
}

static enum probe_result send_request(struct probe *probe)
{
	size_t len = strlen(probe->request);
	ssize_t n = send(probe->fd, probe->request + probe->sent, len - probe->sent,
			 MSG_NOSIGNAL);

	if (n < 0)
		return errno == EAGAIN || errno == EINTR ? PROBE_RUNNING : fail(probe, "send");
	probe->sent += n;
	if (probe->sent == len)
		probe->events = POLLIN;
	return PROBE_RUNNING;
}

static enum probe_result go_on_connection(struct probe *probe)
{
	socklen_t len = sizeof(int);
	int error = 0;

	if (!probe->connected) {
		if (getsockopt(probe->fd, SOL_SOCKET, SO_ERROR, &error, &len) < 0)
			return fail(probe, "connect");
		if (error) {
			errno = error;
			return fail(probe, "connect");
		}
		probe->connected = true;
		if (probe->config->kind == PROBE_TCP)
			return finish(probe, PROBE_WELL, "connected");
	}
	return probe->events == POLLOUT ? send_request(probe) : receive(probe);
}

/* ---- a command ---------------------------------------------------------------------- */

extern char **environ;

/* Our environment, and whom it is about. NULL: no memory; one block for free(). */
static char **make_environment(const struct probe_target *target, char words[3][96])
{
	char endpoint[INET6_ADDRSTRLEN], **environment;
	size_t n = 0;

	inet_ntop(target->address.len == 16 ? AF_INET6 : AF_INET, target->address.bytes, endpoint,
		  sizeof(endpoint));
	snprintf(words[0], 96, "VSW_SERVICE=%s", target->service);
	snprintf(words[1], 96, "VSW_BACKEND_ADDRESS=%s", endpoint);
	snprintf(words[2], 96, "VSW_BACKEND_PORT=%u", target->port);
	while (environ[n])
		n++;
	environment = calloc(n + 4, sizeof(*environment));
	if (!environment)
		return NULL;
	/* The first of a name counts. */
	environment[0] = words[0];
	environment[1] = words[1];
	environment[2] = words[2];
	memcpy(environment + 3, environ, n * sizeof(*environment));
	return environment;
}

/* As a shell of its own begins: no signal blocked or ignored, nothing to read. */
static int spawn(struct probe *probe, char **environment)
{
	char *const words[] = { "sh", "-c", (char *)probe->config->command, NULL };
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	sigset_t none, defaults;
	int error;

	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDWR, 0);
	posix_spawn_file_actions_adddup2(&actions, 0, 1);
	posix_spawnattr_init(&attributes);
	sigemptyset(&none);
	sigemptyset(&defaults);
	sigaddset(&defaults, SIGPIPE);
	posix_spawnattr_setsigmask(&attributes, &none);
	posix_spawnattr_setsigdefault(&attributes, &defaults);
	posix_spawnattr_setpgroup(&attributes, 0);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF |
				 POSIX_SPAWN_SETPGROUP);
	error = posix_spawn(&probe->pid, "/bin/sh", &actions, &attributes, words, environment);
	posix_spawnattr_destroy(&attributes);
	posix_spawn_file_actions_destroy(&actions);
	if (error)
		probe->pid = 0;
	return error;
}

static enum probe_result begin_command(struct probe *probe, const struct probe_target *target)
{
	char words[3][96], **environment;
	int error;

	if (probe->killed && !is_gone(probe->killed, 0))
		return finish(probe, PROBE_ILL, "the command before was killed and hangs");
	probe->killed = 0;
	environment = make_environment(target, words);
	error = environment ? spawn(probe, environment) : ENOMEM;
	free(environment);
	errno = error;
	if (error)
		return fail(probe, "/bin/sh");
	probe->fd = syscall(SYS_pidfd_open, probe->pid, 0);
	if (probe->fd < 0)
		return fail(probe, "pidfd_open");
	probe->events = POLLIN;
	return PROBE_RUNNING;
}

static enum probe_result go_on_command(struct probe *probe)
{
	siginfo_t info = {};
	int status;

	if (waitid(P_PID, probe->pid, &info, WEXITED | WNOHANG | WNOWAIT) < 0)
		return errno == EINTR ? PROBE_RUNNING : fail(probe, "wait");
	if (!info.si_pid)
		return PROBE_RUNNING;
	/* What it left in the background goes, too, while the number is still its own. */
	kill(-probe->pid, SIGKILL);
	if (waitpid(probe->pid, &status, 0) < 0)
		return fail(probe, "wait");
	probe->pid = 0;
	if (WIFSIGNALED(status))
		return finish(probe, PROBE_ILL, "the command was ended by signal %d",
			      WTERMSIG(status));
	return finish(probe, WEXITSTATUS(status) ? PROBE_ILL : PROBE_WELL,
		      "the command ended with %d", WEXITSTATUS(status));
}

/* ---- both ----------------------------------------------------------------------------- */

enum probe_result probe_begin(struct probe *probe, const struct probe_config *config,
			      const struct probe_target *target)
{
	probe->config = config;
	probe->deadline = probe_now() + config->timeout;
	return config->kind == PROBE_EXEC ? begin_command(probe, target) :
					    begin_connection(probe, target);
}

enum probe_result probe_go_on(struct probe *probe)
{
	struct pollfd poller = { .fd = probe->fd, .events = probe->events };
	enum probe_result result = PROBE_RUNNING;

	if (poll(&poller, 1, 0) > 0)
		result = probe->config->kind == PROBE_EXEC ? go_on_command(probe) :
							     go_on_connection(probe);
	if (result == PROBE_RUNNING && probe_now() >= probe->deadline)
		return finish(probe, PROBE_ILL, "no answer in time");
	return result;
}
