// SPDX-License-Identifier: GPL-2.0
/* "vsw service watch": backends are asked again and again, and marked up and down. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "router.h"
#include "watch.h"

static const char help[] =
"Usage: vsw service watch [ SERVICE ]... [ tcp | http PATH | exec COMMAND ]\n"
"                         [ host NAME ] [ port N ] [ interval TIME ] [ timeout TIME ]\n"
"                         [ rise N ] [ fall N ] [ cut ]\n"
"TIME := a number with ms, s, m, h or d behind it, else of seconds\n"
"\n"
"  Asks the backends of these services, or of all, again and again whether they are\n"
"  well, and marks them up and down, until it is stopped; they stay as they are then.\n"
"  It says what it did, a line each; with -j each line is a JSON object. Backends\n"
"  that come and go are seen within a second.\n"
"  tcp        it is well if it takes a connection [this]\n"
"  http       and answers to GET PATH with a status of 200 to 399\n"
"  exec       if the shell command ends with 0; it has VSW_SERVICE,\n"
"             VSW_BACKEND_ADDRESS and VSW_BACKEND_PORT in its environment\n"
"  host       name of the host in the request [the address]\n"
"  port       where to ask [the backend's]\n"
"  interval   from one question to the next [2s]\n"
"  timeout    so long an answer may take [2s]\n"
"  rise, fall so many answers in a row make it up [2], or down [3]\n"
"  cut        who is marked down loses its connections\n"
"\n"
"Examples:\n"
"  vsw service watch web http /health interval 1s fall 2\n"
"  vsw -j service watch\n";

enum {
	SAID_KIND = 1, SAID_PATH, SAID_COMMAND, SAID_HOST, SAID_PORT, SAID_INTERVAL,
	SAID_TIMEOUT, SAID_RISE, SAID_FALL, SAID_CUT
};

/* The words of the command line. */
struct said {
	uint64_t has;
	bool tcp, cut;
	const char *path, *command, *host;
	uint16_t port;
	uint32_t interval, timeout, rise, fall;
};

#define SAID(key, attr, type, member) { key, attr, type, offsetof(struct said, member), NULL }

static const struct field fields[] = {
	SAID("kind of question", SAID_KIND, FIELD_BOOL, tcp),
	SAID("path", SAID_PATH, FIELD_WORD, path),
	SAID("command", SAID_COMMAND, FIELD_WORD, command),
	SAID("host", SAID_HOST, FIELD_WORD, host),
	SAID("port", SAID_PORT, FIELD_U16, port),
	SAID("interval", SAID_INTERVAL, FIELD_U32, interval),
	SAID("timeout", SAID_TIMEOUT, FIELD_U32, timeout),
	SAID("rise", SAID_RISE, FIELD_U32, rise),
	SAID("fall", SAID_FALL, FIELD_U32, fall),
	SAID("cut", SAID_CUT, FIELD_BOOL, cut),
};

static const struct kind kind_said = {
	"watch", sizeof(struct said), fields, sizeof(fields) / sizeof(fields[0])
};

static const struct keyword keywords[] = {
	{ "tcp", KEYWORD_CONSTANT, SAID_KIND, true },
	{ "http", KEYWORD_VALUE, SAID_PATH, 0 },
	{ "exec", KEYWORD_VALUE, SAID_COMMAND, 0 },
	{ "host", KEYWORD_VALUE, SAID_HOST, 0 },
	{ "port", KEYWORD_VALUE, SAID_PORT, 0 },
	{ "interval", KEYWORD_TIME, SAID_INTERVAL, 0 },
	{ "timeout", KEYWORD_TIME, SAID_TIMEOUT, 0 },
	{ "rise", KEYWORD_VALUE, SAID_RISE, 0 },
	{ "fall", KEYWORD_VALUE, SAID_FALL, 0 },
	{ "cut", KEYWORD_CONSTANT, SAID_CUT, true },
	{}
};

static bool is_keyword(const char *word)
{
	const struct keyword *key;

	for (key = keywords; key->word; key++)
		if (!strcmp(key->word, word))
			return true;
	return false;
}

static bool has_control(const char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text <= ' ' || *text == 0x7f)
			return true;
	return false;
}

static int check_said(const struct said *said, struct err *err)
{
	int kinds = !!(said->has & HAS(SAID_KIND)) + !!said->path + !!said->command;

	if (kinds > 1)
		return err_set(err, STATUS_USAGE, "'tcp', 'http' and 'exec' exclude each other");
	if (said->host && !said->path)
		return err_set(err, STATUS_USAGE, "'host' needs 'http'");
	if (said->path && (said->path[0] != '/' || has_control(said->path)))
		return err_set(err, STATUS_USAGE,
			       "http: '%s' is no path: it begins with / and has no blanks",
			       said->path);
	if (said->host && has_control(said->host))
		return err_set(err, STATUS_USAGE, "host: '%s' has blanks", said->host);
	if (!said->interval || !said->timeout || !said->rise || !said->fall)
		return err_set(err, STATUS_USAGE,
			       "interval, timeout, rise and fall are not 0");
	if (said->has & HAS(SAID_PORT) && !said->port)
		return err_set(err, STATUS_USAGE, "port: ports are 1 to 65535");
	return 0;
}

/* What was said, and the rest as help[] has it. */
static int read_words(struct watch *watch, char **words, struct err *err)
{
	struct said said = { .interval = 2000, .timeout = 2000, .rise = 2, .fall = 3 };

	watch->names = words;
	while (*words && !is_keyword(*words))
		words++;
	watch->n_names = words - watch->names;
	if (keywords_read(&kind_said, keywords, words, &said, NULL, err) < 0 ||
	    check_said(&said, err) < 0)
		return -1;
	watch->config = (struct probe_config){
		.kind = said.path ? PROBE_HTTP : said.command ? PROBE_EXEC : PROBE_TCP,
		.path = said.path,
		.host = said.host,
		.command = said.command,
		.timeout = said.timeout,
	};
	watch->port = said.port;
	watch->interval = said.interval;
	watch->rise = said.rise;
	watch->fall = said.fall;
	watch->cut = said.cut;
	return 0;
}

/* ---- until it is stopped ---------------------------------------------------------- */

/* Each question has a descriptor; who asks too much at once has to wait. */
static void allow_descriptors(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) < 0)
		return;
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
}

/* Until something is ready or due; 1: a signal came. */
static int wait_all(struct watch *watch, int signal_fd, int64_t until, struct err *err)
{
	int64_t now = probe_now();
	int timeout = until > now ? (int)(until - now) : 0, ret;
	struct pollfd *poller;
	size_t i, n = 1;

	poller = calloc(watch->n + 1, sizeof(*poller));
	if (!poller)
		return err_set(err, STATUS_SYSTEM, "out of memory");
	poller[0].fd = signal_fd;
	poller[0].events = POLLIN;
	/* Not idle ones: poll() takes no more than there can be descriptors. */
	for (i = 0; i < watch->n; i++) {
		if (watch->item[i]->probe.fd < 0)
			continue;
		poller[n].fd = watch->item[i]->probe.fd;
		poller[n++].events = watch->item[i]->probe.events;
	}
	ret = poll(poller, n, timeout);
	if (ret < 0 && errno != EINTR)
		err_set_errno(err, STATUS_SYSTEM, errno, "poll");
	else
		ret = poller[0].revents & POLLIN ? 1 : 0;
	for (i = 0, n = 1; i < watch->n; i++)
		watch->item[i]->ready = watch->item[i]->probe.fd >= 0 && poller[n++].revents;
	free(poller);
	return ret;
}

static int go_on(struct watch *watch, int signal_fd, struct err *err)
{
	int64_t until;
	int ret = 0;

	while (!ret) {
		if (watch_look(watch, err) < 0 || watch_ask(watch, &until, err) < 0)
			return -1;
		ret = wait_all(watch, signal_fd, until, err);
	}
	return ret < 0 ? -1 : 0;
}

static int with_signals(struct watch *watch, struct err *err)
{
	sigset_t mask, old;
	int fd, ret;

	sigemptyset(&mask);
	sigaddset(&mask, SIGINT);
	sigaddset(&mask, SIGTERM);
	sigaddset(&mask, SIGHUP);
	sigprocmask(SIG_BLOCK, &mask, &old);
	fd = signalfd(-1, &mask, SFD_CLOEXEC);
	if (fd < 0) {
		ret = err_set_errno(err, STATUS_SYSTEM, errno, "signalfd");
	} else {
		struct signalfd_siginfo info;

		ret = go_on(watch, fd, err);
		/* The one that ended it must not end us, too. */
		if (!ret && read(fd, &info, sizeof(info)) < 0)
			ret = err_set_errno(err, STATUS_SYSTEM, errno, "signalfd");
		close(fd);
	}
	sigprocmask(SIG_SETMASK, &old, NULL);
	return ret;
}

int service_watch(struct vsw *vsw, char **words, struct err *err)
{
	struct watch watch = { .vsw = vsw };
	int ret;

	if (*words && !strcmp(*words, "help")) {
		output_text(help);
		return 0;
	}
	if (read_words(&watch, words, err) < 0 || router_connect(vsw, err) < 0 ||
	    watch_check(&watch, err) < 0)
		return -1;
	allow_descriptors();
	ret = with_signals(&watch, err);
	watch_clear(&watch);
	return ret;
}
