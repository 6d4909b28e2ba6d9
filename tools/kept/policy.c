// SPDX-License-Identifier: GPL-2.0
/* Options of a container that is kept: its log, its end, and what comes after that. */
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "kept.h"
#include "units.h"

#define LOG_BYTES	(10 << 20)
#define LOG_FILES	3
#define LOG_FILES_MAX	1000
#define STOP_SECONDS	10
#define STOP_SECONDS_MAX	86400

int spec_set_restart(struct spec *spec, const char *text, struct err *err)
{
	static const char *const names[] = {
		[RESTART_NO] = "no", [RESTART_ON_FAILURE] = "on-failure",
		[RESTART_ALWAYS] = "always", [RESTART_UNLESS_STOPPED] = "unless-stopped",
	};
	size_t len = strcspn(text, ":");
	uint64_t max = 0;
	int i;

	for (i = 0; i <= RESTART_UNLESS_STOPPED; i++)
		if (strlen(names[i]) == len && !strncmp(names[i], text, len))
			break;
	if (i > RESTART_UNLESS_STOPPED || (text[len] && i != RESTART_ON_FAILURE))
		return err_set(err, CONTAINER_FAILED,
			       "restart: '%s' is none of no, on-failure[:N], always, unless-stopped",
			       text);
	if (text[len] && units_parse_count("restart", text + len + 1, &max, CONTAINER_FAILED,
					   err) < 0)
		return -1;
	if (max > INT32_MAX)
		return err_set(err, CONTAINER_FAILED, "restart: at most %d times", INT32_MAX);
	spec->restart = i;
	spec->restart_max = max;
	return 0;
}

int spec_set_log_opt(struct spec *spec, const char *text, struct err *err)
{
	uint64_t files;

	if (!strncmp(text, "max-size=", 9)) {
		if (units_parse_bytes("log-opt max-size", text + 9, &spec->log_bytes,
				      CONTAINER_FAILED, err) < 0)
			return -1;
		return spec->log_bytes ? 0 : err_set(err, CONTAINER_FAILED,
						     "log-opt: max-size is at least 1");
	}
	if (strncmp(text, "max-file=", 9))
		return err_set(err, CONTAINER_FAILED,
			       "log-opt: '%s' is none of max-size=SIZE, max-file=NUMBER", text);
	if (units_parse_count("log-opt max-file", text + 9, &files, CONTAINER_FAILED, err) < 0)
		return -1;
	if (!files || files > LOG_FILES_MAX)
		return err_set(err, CONTAINER_FAILED, "log-opt: max-file is 1 to %d",
			       LOG_FILES_MAX);
	spec->log_files = files;
	return 0;
}

int spec_set_stop_signal(struct spec *spec, const char *text, struct err *err)
{
	spec->stop_signal = signal_number(text);
	return spec->stop_signal ? 0 : err_set(err, CONTAINER_FAILED,
					       "stop-signal: there is no signal '%s'", text);
}

int spec_set_stop_timeout(struct spec *spec, const char *text, struct err *err)
{
	uint64_t seconds;

	if (units_parse_count("stop-timeout", text, &seconds, CONTAINER_FAILED, err) < 0)
		return -1;
	if (seconds > STOP_SECONDS_MAX)
		return err_set(err, CONTAINER_FAILED, "stop-timeout: at most %d seconds",
			       STOP_SECONDS_MAX);
	/* 0 is one that was said */
	spec->stop_seconds = seconds;
	spec->has_stop_seconds = true;
	return 0;
}

int policy_check(struct spec *spec, struct err *err)
{
	if (spec->remove && spec->restart != RESTART_NO)
		return err_set(err, CONTAINER_FAILED,
			       "--rm and --restart: it can't be removed and start again");
	if (!spec->log_bytes)
		spec->log_bytes = LOG_BYTES;
	if (!spec->log_files)
		spec->log_files = LOG_FILES;
	if (!spec->has_stop_seconds)
		spec->stop_seconds = STOP_SECONDS;
	if (!spec->stop_signal)
		spec->stop_signal = SIGTERM;
	return 0;
}
