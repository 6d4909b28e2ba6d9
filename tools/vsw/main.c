// SPDX-License-Identifier: GPL-2.0
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "container/container.h"
#include "lib/netns.h"
#include "lib/nl_route.h"
#include "lib/parse.h"
#include "vsw.h"

static const char help[] =
"Usage: vsw [ OPTIONS ] OBJECT { COMMAND | help }\n"
"       vsw [ -force ] -batch FILE\n"
"OBJECT  := switch | port | fdb | vlan | monitor | run | capture |\n"
"           mirror | binding | mdb | flow | group | meter | acl | trace |\n"
"           router | service | backend | publish | masquerade | nat |\n"
"           shape | route | natnet | update | image | create | start |\n"
"           stop | kill | restart | pause | unpause | wait | rm | rename |\n"
"           ps | logs | inspect | exec\n"
"OPTIONS := -j[son]        JSON for programs       -p[retty]      in lines\n"
"           -s[tatistics]  counters                -d[etails]     everything\n"
"           -t[imestamp]   the time of events      -c[olor] auto|always|never\n"
"           -n[etns] NAME | PATH | PID   in that network namespace\n"
"           -b[atch] FILE  commands from a file, '-' is standard input\n"
"           -force         go on after an error in the file\n"
"           -V[ersion]     -h[elp]\n"
"\n"
"Objects and commands may be shortened: 'vsw p s' is 'vsw port show'. Of those\n"
"that a short one fits the first counts, in the order switch, port, fdb, vlan,\n"
"monitor, run, capture, mirror, binding, mdb, flow, group, meter, acl, trace,\n"
"router, service, backend, publish, masquerade, nat, shape, route, natnet, update,\n"
"image, create, start, stop, kill, restart, pause, unpause, wait, rm, rename, ps,\n"
"logs, inspect, exec, help,\n"
"and show, list, add, set, replace, delete, get, flush, help; a whole word is always\n"
"itself. -j -p -s -d -t -c may also stand behind the command, for it alone; 'run',\n"
"'capture', 'trace', 'update', 'image' and what is about containers have options of\n"
"their own.\n"
"\n"
"Exit status: 0 done; 1 the words make no sense, nothing was asked; 2 the kernel\n"
"refused; 3 the kernel lacks the module; 4 vsw itself failed (output, memory, a\n"
"file, a namespace); 5 shown, but the table kept changing while it was read.\n"
"A batch ends with the status of the first command that failed. 'run' and 'exec'\n"
"end with the status of their command, see 'vsw run help'.\n";

/* In the order of abbreviation. */
static const struct object * const objects[] = {
	&object_switch, &object_port, &object_fdb, &object_vlan, &object_monitor,
	&object_run, &object_capture, &object_mirror, &object_binding, &object_mdb,
	&object_flow, &object_group, &object_meter, &object_acl, &object_trace,
	&object_router, &object_service, &object_backend, &object_publish,
	&object_masquerade, &object_nat, &object_shape, &object_route, &object_natnet,
	&object_update, &object_image, &object_create, &object_start, &object_stop,
	&object_kill, &object_restart, &object_pause, &object_unpause, &object_wait,
	&object_rm, &object_rename, &object_ps, &object_logs, &object_inspect,
	&object_exec,
};

#define N_OBJECTS (sizeof(objects) / sizeof(objects[0]))

int vsw_connect(struct vsw *vsw, struct err *err)
{
	if (!vsw->nl)
		vsw->nl = vsw_nl_open(err);
	return vsw->nl ? 0 : -1;
}

void vsw_report(const char *where, const struct err *err)
{
	char text[ERR_MSG_SIZE];

	strcpy(text, err->msg);
	output_harmless(text);	/* it may have names and aliases in it */
	fflush(stdout);
	fprintf(stderr, "vsw: %s%s\n", where, text);
}

static const struct object *find_object(const char *word)
{
	size_t i;

	for (i = 0; i < N_OBJECTS; i++)		/* "route" begins "router" */
		if (!strcmp(word, objects[i]->name))
			return objects[i];
	for (i = 0; i < N_OBJECTS; i++)
		if (parse_abbreviates(word, objects[i]->name))
			return objects[i];
	return NULL;
}

static const struct command *find_command(const struct object *object, const char *word)
{
	const struct command *c;

	for (c = object->commands; c && c->name; c++)
		if (parse_abbreviates(word, c->name))
			return c;
	return NULL;
}

static int show_help(const char *text)
{
	output_text(text);
	return 0;
}

/* "vsw help port" */
static int help_about(char **words, struct err *err)
{
	const struct object *object;

	if (!*words)
		return show_help(help);
	object = find_object(*words);
	if (!object)
		return err_set(err, STATUS_USAGE, "there is no object '%s'. See 'vsw help'",
			       *words);
	return show_help(object->help);
}

/* The error of a command that was not understood says where to read on. */
static int point_to_help(const struct object *object, int ret, struct err *err)
{
	size_t len = strlen(err->msg);

	if (ret < 0 && err->status == STATUS_USAGE && !strstr(err->msg, ". See 'vsw "))
		snprintf(err->msg + len, sizeof(err->msg) - len, ". See 'vsw %s help'",
			 object->name);
	return ret;
}

static int run_object(struct vsw *vsw, const struct object *object, char **words, struct err *err)
{
	const struct command *command;

	if (!object->commands)
		return object->run(vsw, words, err);
	if (!*words)
		return object->commands->run(vsw, words, err);
	command = find_command(object, *words);
	if (!command)
		return err_set(err, STATUS_USAGE, "there is no command '%s'", *words);
	return command->run(vsw, words + 1, err);
}

/* Where there are no commands the word may be a name that only begins so. */
static bool asks_for_help(const struct object *object, const char *word)
{
	if (!object->commands && object->own_options)
		return !strcmp(word, "help") || !strcmp(word, "--help");
	return !find_command(object, word) && parse_abbreviates(word, "help");
}

int vsw_command(struct vsw *vsw, char **words, struct err *err)
{
	const struct object *object = find_object(*words);
	struct output whole = vsw->out;
	bool timestamp = vsw->timestamp;
	struct options options = {
		.colour_when = whole.colour ? COLOUR_ALWAYS : COLOUR_NEVER,
	};
	int ret;

	if (!object && parse_abbreviates(*words, "help"))
		return help_about(words + 1, err);
	if (!object)
		return err_set(err, STATUS_USAGE, "there is no object '%s'. See 'vsw help'",
			       *words);
	words++;
	if (!object->own_options && options_filter(words, &options, err) < 0)
		return point_to_help(object, -1, err);
	if (options.help || (*words && asks_for_help(object, *words)))
		return show_help(object->help);
	options_apply(&options, vsw);
	ret = run_object(vsw, object, words, err);
	vsw->out = whole;
	vsw->timestamp = timestamp;
	return point_to_help(object, ret, err);
}

/* What a vsw that was killed left behind is removed by the next one. */
static void reap(void)
{
	struct err err = ERR_INIT;

	if (container_reap_stale(&err) < 0)
		vsw_report("warning: ", &err);
}

/* A descriptor that is closed would be the next thing that is opened. */
static void open_standard_files(void)
{
	int fd;

	do
		fd = open("/dev/null", O_RDWR);
	while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd >= 0)
		close(fd);
}

static int run_words(char **words, const struct options *options, struct vsw *vsw,
		     struct err *err)
{
	if (options->netns && netns_enter(options->netns, err) < 0)
		return -1;
	reap();
	if (options->batch && *words)
		return err_set(err, STATUS_USAGE, "'%s' can't stand beside a batch file", *words);
	if (options->batch)
		return vsw_batch(vsw, options->batch, options->force, err);
	if (!*words)
		return err_set(err, STATUS_USAGE, "the object is missing. See 'vsw help'");
	return vsw_command(vsw, words, err);
}

static bool has_statuses_of_command(const char *word)
{
	const struct object *object = find_object(word);

	return object == &object_run || object == &object_exec;
}

static int run(char **words, struct vsw *vsw, struct err *err)
{
	struct options options = {};
	int ret;

	if (options_take(&words, &options, err) < 0)
		return -1;
	if (options.version) {
		output_text("vsw " VSW_VERSION "\n");
		return 0;
	}
	if (options.help)
		return show_help(help);
	options_apply(&options, vsw);
	ret = run_words(words, &options, vsw, err);
	/* another status could be that of the command */
	if (ret < 0 && *words && has_statuses_of_command(*words) &&
	    err->status < CONTAINER_FAILED)
		err->status = CONTAINER_FAILED;
	return ret;
}

int main(int argc, char **argv)
{
	struct err err = ERR_INIT, late = ERR_INIT;
	struct vsw vsw = {};
	int status;

	/* a parent that ignores it would take the status of what we start from us */
	signal(SIGCHLD, SIG_DFL);
	open_standard_files();
	status = run(argv + (argc > 0), &vsw, &err);
	if (status < 0) {
		vsw_report("", &err);
		status = err.status;
	}
	if (output_flush(&late) < 0) {
		vsw_report("", &late);
		status = status ? status : late.status;
	}
	vsw_nl_close(vsw.nl);
	vsw_nl_close(vsw.router);
	route_close(vsw.fib);
	return status;
}
