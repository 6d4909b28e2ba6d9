// SPDX-License-Identifier: GPL-2.0
/* "vsw stop", "kill", "restart", "pause", "unpause", "wait", "rm", "rename": of containers. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "containers.h"
#include "kept/kept.h"
#include "lib/units.h"
#include "making.h"
#include "vsw.h"

static const char containers_help[] =
"Usage: vsw stop [ -t SECONDS ] [ -s SIGNAL ] CONTAINER...\n"
"       vsw kill [ -s SIGNAL ] CONTAINER...\n"
"       vsw restart [ -t SECONDS ] [ -s SIGNAL ] CONTAINER...\n"
"       vsw { pause | unpause | wait } CONTAINER...\n"
"       vsw rm [ -f ] CONTAINER...\n"
"       vsw rename CONTAINER NAME\n"
"\n"
"  stop     asks its first process to end, by its stop signal, and ends all of them when it\n"
"           has not within its stop timeout; it does not start again by itself\n"
"    -t, --timeout SECONDS    in place of the timeout that it has\n"
"    -s, --signal SIGNAL      in place of the signal: TERM, SIGTERM, 15\n"
"  kill     sends a signal to its first process, or with KILL, which is used unless one is\n"
"           said, ends all of them\n"
"  restart  stops it, and starts it again\n"
"  pause    its processes get no time, until unpause\n"
"  wait     until it has ended, and says its exit status\n"
"  rm       what is kept of it; -f, --force: ends it first\n"
"  rename   one that does not run\n"
"\n"
"See also 'vsw run help', 'vsw ps help', 'vsw logs help'.\n";

/* ---- words ------------------------------------------------------------------------------ */

int verb_option(const char *verb, char ***words, const char *shorts,
		const struct option *longs, struct err *err)
{
	/* getopt skips a word, that of the verb */
	char **argv = *words - 1;
	int argc, option;

	for (argc = 1; argv[argc]; argc++)
		;
	opterr = 0;
	option = getopt_long(argc, argv, shorts, longs, NULL);
	if (option == ':')
		err_set(err, STATUS_USAGE, "option '%s' lacks its value", argv[optind - 1]);
	else if (option == '?')
		err_set(err, STATUS_USAGE, "there is no option '%s'. See 'vsw %s help'",
			argv[optind - 1], verb);
	else if (option < 0)
		*words = argv + optind;
	return option == ':' ? '?' : option;
}

int each_container(char **names, int (*what)(const char *name, struct err *err),
		   struct err *err)
{
	int status = 0;

	if (!*names)
		return err_set(err, STATUS_USAGE, "a CONTAINER is needed");
	for (; *names; names++) {
		struct err one = ERR_INIT;

		if (what(*names, &one) >= 0) {
			puts(*names);
			continue;
		}
		vsw_report("", &one);
		status = status ?: one.status;
	}
	return status;
}

/* ---- stop, restart, kill ---------------------------------------------------------------- */

static struct {
	int signal;			/* 0: it was not said */
	int seconds;			/* -1: likewise */
	bool force;
} said;

static int read_seconds(const char *text, struct err *err)
{
	uint64_t seconds;

	if (units_parse_count("timeout", text, &seconds, STATUS_USAGE, err) < 0)
		return -1;
	if (seconds > 86400)
		return err_set(err, STATUS_USAGE, "timeout: at most a day");
	said.seconds = seconds;
	return 0;
}

static int read_signal(const char *text, struct err *err)
{
	said.signal = signal_number(text);
	return said.signal ? 0 : err_set(err, STATUS_USAGE, "there is no signal '%s'", text);
}

static int read_options(const char *verb, char ***words, const char *shorts, struct err *err)
{
	static const struct option longs[] = {
		{ "timeout", required_argument, NULL, 't' },
		{ "time", required_argument, NULL, 't' },
		{ "signal", required_argument, NULL, 's' }, { "force", no_argument, NULL, 'f' }, {}
	};
	int option, ret = 0;

	memset(&said, 0, sizeof(said));
	said.seconds = -1;
	optind = 0;
	while (!ret && (option = verb_option(verb, words, shorts, longs, err)) != -1) {
		if (option != '?' && !strchr(shorts, option))
			ret = err_set(err, STATUS_USAGE, "'%s' has no such option. See 'vsw %s help'",
				      verb, verb);
		else if (option == 't')
			ret = read_seconds(optarg, err);
		else if (option == 's')
			ret = read_signal(optarg, err);
		else if (option == 'f')
			said.force = true;
		else
			ret = -1;
	}
	return ret;
}

/* As it was told when it was made. */
static int stop_container(const char *name, struct err *err)
{
	int signal = SIGTERM, seconds = 10;
	struct kept kept;

	if (!kept_open(name, &kept, NULL)) {
		signal = json_integer_value(json_object_get(kept.config, "stop-signal")) ?: SIGTERM;
		seconds = json_integer_value(json_object_get(kept.config, "stop-timeout"));
		kept_close(&kept);
	}
	return kept_stop(name, said.signal ?: signal,
			 said.seconds >= 0 ? said.seconds : seconds, err);
}

static int stop(struct vsw *vsw, char **words, struct err *err)
{
	(void)vsw;
	if (read_options("stop", &words, "+:t:s:", err) < 0)
		return -1;
	return each_container(words, stop_container, err);
}

static int restart_container(const char *name, struct err *err)
{
	return stop_container(name, err) < 0 ? -1 : start_container(name, err);
}

static int restart_all(char **argv, int argc, struct err *err)
{
	char **words = argv + 2;

	(void)argc;
	if (read_options("restart", &words, "+:t:s:", err) < 0 || caps_check(err) < 0 ||
	    self_protect(argv, err) < 0)
		return -1;
	return each_container(words, restart_container, err);
}

static int restart(struct vsw *vsw, char **words, struct err *err)
{
	return making_verb(vsw, "restart", words, restart_all, err);
}

static int kill_container(const char *name, struct err *err)
{
	return kept_kill(name, said.signal ?: SIGKILL, err);
}

static int do_kill(struct vsw *vsw, char **words, struct err *err)
{
	(void)vsw;
	if (read_options("kill", &words, "+:s:", err) < 0)
		return -1;
	return each_container(words, kill_container, err);
}

/* ---- the others ------------------------------------------------------------------------- */

static int pause_container(const char *name, struct err *err)
{
	return kept_freeze(name, true, err);
}

static int do_pause(struct vsw *vsw, char **words, struct err *err)
{
	(void)vsw;
	return each_container(words, pause_container, err);
}

static int unpause_container(const char *name, struct err *err)
{
	return kept_freeze(name, false, err);
}

static int unpause(struct vsw *vsw, char **words, struct err *err)
{
	(void)vsw;
	return each_container(words, unpause_container, err);
}

static int do_wait(struct vsw *vsw, char **words, struct err *err)
{
	int status;

	(void)vsw;
	if (!*words)
		return err_set(err, STATUS_USAGE, "a CONTAINER is needed");
	for (; *words; words++) {
		status = kept_wait(*words, err);
		if (status < 0)
			return -1;
		printf("%d\n", status);
		fflush(stdout);
	}
	return 0;
}

static int remove_kept(struct kept *kept, struct err *err)
{
	/* one that was to go with its end has gone, and that was wanted */
	if (kept_lock(kept, err) < 0)
		return kept_flag(kept, "remove") && err->status == STATUS_REFUSED ? 0 : -1;
	return kept_remove(kept, err);
}

static int remove_container(const char *name, struct err *err)
{
	struct vsw_container about = { 0 };
	struct kept kept;
	bool runs;
	int ret;

	if (kept_open(name, &kept, err) < 0)
		return -1;
	ret = kept_describe(&kept, &about, err);
	runs = kept_holder(&kept) || about.has & HAS(CONTAINER_PID);
	object_clear(&kind_container, &about);
	if (!ret && runs && !said.force)
		ret = err_set(err, STATUS_REFUSED,
			      "container '%s' runs. 'vsw stop %s' ends it, and 'vsw rm -f' removes it all the same",
			      name, name);
	else if (!ret && runs)
		ret = kept_stop(name, SIGKILL, 0, err);
	if (!ret)
		ret = remove_kept(&kept, err);
	kept_close(&kept);
	return ret;
}

static int do_rm(struct vsw *vsw, char **words, struct err *err)
{
	(void)vsw;
	if (read_options("rm", &words, "+:f", err) < 0)
		return -1;
	return each_container(words, remove_container, err);
}

static int do_rename(struct vsw *vsw, char **words, struct err *err)
{
	struct kept kept;
	int ret = 0;

	(void)vsw;
	if (!words[0] || !words[1] || words[2])
		return err_set(err, STATUS_USAGE, "a CONTAINER and a NAME are needed");
	if (kept_open(words[0], &kept, err) < 0)
		return -1;
	if (kept_holder(&kept))
		ret = err_set(err, STATUS_REFUSED, "container '%s' runs. 'vsw stop %s' ends it",
			      words[0], words[0]);
	if (!ret && (kept_lock(&kept, err) < 0 || kept_rename(&kept, words[1], err) < 0))
		ret = -1;
	kept_close(&kept);
	return ret;
}

#define VERB(word, function) \
	const struct object object_##word = { \
		.name = #word, .help = containers_help, .run = function, .own_options = true, \
	}

VERB(stop, stop);
VERB(kill, do_kill);
VERB(restart, restart);
VERB(pause, do_pause);
VERB(unpause, unpause);
VERB(wait, do_wait);
VERB(rm, do_rm);
VERB(rename, do_rename);
