// SPDX-License-Identifier: GPL-2.0
/*
 * "vsw run": words -> what a container shall be -> its exit status; and "vsw create" and
 * "vsw start", which keep these words in between.
 */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "container/container.h"
#include "making.h"
#include "vsw.h"

static const char run_help[] =
"Usage: vsw run [ OPTIONS ] IMAGE [ COMMAND ] [ ARG... ]\n"
"       vsw run --name NAME --rootfs DIR [ OPTIONS ] [ -- ] COMMAND [ ARG... ]\n"
"Runs a command in a container: of an image that is stored here, see 'vsw image', what\n"
"that says, and COMMAND and ARGs behind its entrypoint. In the foreground it is gone with\n"
"its end, and ends with vsw; what it writes is in memory that is part of its limit.\n"
"\n"
"  -d, --detach         in the background: it is kept, with what it writes and says, until\n"
"                       'vsw rm'; see vsw-container(8)\n"
"  --rm                 not longer than it runs\n"
"  --restart POLICY     when it has ended: no, on-failure[:N], always, unless-stopped\n"
"  --log-opt OPTION     max-size=SIZE of a file of its log [10M], max-file=NUMBER [3]\n"
"  --stop-signal SIGNAL of 'vsw stop', else the image's, or TERM\n"
"  --stop-timeout SECONDS   after which that kills it [10]\n"
"  --name NAME          letters, digits, and after the first also . _ - (at most 63);\n"
"                       of an image without it that of the image, and a number\n"
"  --rootfs DIR         in place of an image; neither is ever written to\n"
"  --read-only          nor can the container write\n"
"  --switch SWITCH      connect its eth0 to this switch; else it has only lo\n"
"  --network NETWORK    of 'vsw natnet': the same as --switch NETWORK --ip dhcp\n"
"  --adapter ADAPTER    what eth0 is: vnic, an adapter of the switch itself, or veth,\n"
"                       a pair whose other end is the port; else vnic\n"
"  --ip ADDRESS/PREFIX  an address of eth0, IPv4 or IPv6; may be repeated\n"
"                       From its port nobody else may send, see vsw-binding(8)\n"
"  --ip dhcp            one of IPv4 that a DHCP server in the switch leases, with the\n"
"                       gateway; vsw renews it, and gives it back at the end\n"
"  --no-guard           it may send from any address\n"
"  --gateway ADDRESS    default route; may be given for IPv4 and for IPv6\n"
"  -p, --publish PORTS  of the host lead to it while it runs, and may be repeated:\n"
"                       [ADDRESS:]PORT[-LAST][:PORT][/tcp|udp|sctp], where the second\n"
"                       is the container's, else the same; see vsw-publish(8)\n"
"  --obey-firewall      the host's filter rules apply to these\n"
"  --mac ADDRESS        of eth0; else random\n"
"  --mtu BYTES          of eth0 and its port\n"
"  --rate RATE          it sends at most so fast, and gets at most so fast: 50M is in\n"
"                       bits per second; see vsw-shape(8)\n"
"  --ceil RATE          the most, if the rate is only what it is guaranteed\n"
"  --memory SIZE        at most so much memory, no swap: 64M, 1.5G\n"
"  --cpus NUMBER        at most so much time of CPUs: 0.5, 2\n"
"  --pids NUMBER        at most so many processes and threads\n"
"  --io DEVICE:LIMITS   rbps=SIZE,wbps=SIZE,riops=NUMBER,wiops=NUMBER, one or more,\n"
"                       per second; DEVICE is a path or MAJOR:MINOR; may be repeated\n"
"  -v, --volume SOURCE:TARGET[:ro]   a directory or file of the host; a directory is made\n"
"                       if it is not there\n"
"  --mount type=bind|tmpfs,target=TARGET[,source=SOURCE][,readonly]...\n"
"  --tmpfs TARGET[:ro,exec,size=N,mode=MODE]   memory, counted as its own\n"
"  --userns             root in the container is nobody outside\n"
"  --hostname NAME      else the name of the container\n"
"  -t, --tty            a terminal of the container's own is its input and output\n"
"  -i, --interactive    what is typed goes to that\n"
"  -e, --env NAME[=VALUE]   a variable, without VALUE the one it has here\n"
"  --env-file FILE      the same, a line each\n"
"  --cap-add CAPABILITY, --cap-drop CAPABILITY   beyond or below the usual ones, or ALL\n"
"  --ulimit NAME=SOFT[:HARD]   of each process, as by ulimit: nofile=1024, core=0,\n"
"                       memlock=unlimited\n"
"  -w, --workdir DIR    working directory in the container, else the image's, or /\n"
"  -u, --user UID[:GID] numbers, else the image's, or 0:0\n"
"\n"
"Standard input, output and error are those of vsw, unless there is -t. Signals sent\n"
"to vsw are sent to the command; it is process 1 of the container, on which a signal has no\n"
"effect unless the command handles it. To end it whatever it does, kill vsw with\n"
"SIGKILL.\n"
"\n"
"Exit status: that of the command; 128 + N if signal N ended it (137: also the\n"
"memory limit, with a message); 126 it can't be executed; 127 it is not there;\n"
"125 vsw could not run it: then nothing has run and nothing is left.\n";

/* Options that are more than a word for spec_set_*(). */
static int set_read_only(struct spec *spec, const char *text, struct err *err)
{
	(void)text;
	(void)err;
	spec->read_only = true;
	return 0;
}

static int set_detach(struct spec *spec, const char *text, struct err *err)
{
	(void)text;
	(void)err;
	spec->detach = true;
	return 0;
}

static int set_remove(struct spec *spec, const char *text, struct err *err)
{
	(void)text;
	(void)err;
	spec->remove = true;
	return 0;
}

static int set_userns(struct spec *spec, const char *text, struct err *err)
{
	(void)text;
	(void)err;
	spec->userns = true;
	return 0;
}

static int set_interactive(struct spec *spec, const char *text, struct err *err)
{
	(void)text;
	(void)err;
	spec->interactive = true;
	return 0;
}

static int set_tty(struct spec *spec, const char *text, struct err *err)
{
	(void)text;
	(void)err;
	spec->terminal = true;
	return 0;
}

static int set_no_guard(struct spec *spec, const char *text, struct err *err)
{
	(void)text;
	(void)err;
	spec->no_guard = true;
	return 0;
}

static int set_obey_firewall(struct spec *spec, const char *text, struct err *err)
{
	(void)text;
	(void)err;
	spec->obey_firewall = true;
	return 0;
}

static const struct run_option {
	const char *name;
	char letter;			/* 0: none */
	bool value, repeats;
	int (*set)(struct spec *spec, const char *text, struct err *err);
} run_options[] = {
	{ "name", 0, true, false, spec_set_name },
	{ "rootfs", 0, true, false, spec_set_rootfs },
	{ "detach", 'd', false, false, set_detach },
	{ "rm", 0, false, false, set_remove },
	{ "restart", 0, true, false, spec_set_restart },
	{ "log-opt", 0, true, true, spec_set_log_opt },
	{ "stop-signal", 0, true, false, spec_set_stop_signal },
	{ "stop-timeout", 0, true, false, spec_set_stop_timeout },
	{ "read-only", 0, false, false, set_read_only },
	{ "volume", 'v', true, true, spec_add_volume },
	{ "mount", 0, true, true, spec_add_mount },
	{ "tmpfs", 0, true, true, spec_add_tmpfs },
	{ "switch", 0, true, false, spec_set_switch },
	{ "network", 0, true, false, spec_set_network },
	{ "adapter", 0, true, false, spec_set_adapter },
	{ "ip", 0, true, true, spec_add_ip },
	{ "no-guard", 0, false, false, set_no_guard },
	{ "gateway", 0, true, true, spec_set_gateway },
	{ "publish", 'p', true, true, spec_add_publish },
	{ "obey-firewall", 0, false, false, set_obey_firewall },
	{ "mac", 0, true, false, spec_set_mac },
	{ "mtu", 0, true, false, spec_set_mtu },
	{ "rate", 0, true, false, spec_set_rate },
	{ "ceil", 0, true, false, spec_set_ceil },
	{ "memory", 0, true, false, spec_set_memory },
	{ "cpus", 0, true, false, spec_set_cpus },
	{ "pids", 0, true, false, spec_set_pids },
	{ "io", 0, true, true, spec_add_io },
	{ "userns", 0, false, false, set_userns },
	{ "hostname", 0, true, false, spec_set_hostname },
	{ "interactive", 'i', false, true, set_interactive },
	{ "tty", 't', false, true, set_tty },
	{ "env", 'e', true, true, spec_add_env },
	{ "env-file", 0, true, true, spec_add_env_file },
	{ "cap-add", 0, true, true, spec_add_cap },
	{ "cap-drop", 0, true, true, spec_drop_cap },
	{ "ulimit", 0, true, true, spec_add_ulimit },
	{ "workdir", 'w', true, false, spec_set_workdir },
	{ "user", 'u', true, false, spec_set_user },
	{ "help", 'h', false, true, NULL },
};

#define N_OPTIONS	(sizeof(run_options) / sizeof(run_options[0]))
#define LONG_BASE	256	/* what getopt_long() returns for a name: this + index */

static void list_options(struct option *longs, char *shorts)
{
	size_t i;

	/* '+': the first word that is no option is the command */
	shorts += sprintf(shorts, "+:");
	for (i = 0; i < N_OPTIONS; i++) {
		longs[i] = (struct option){
			.name = run_options[i].name,
			.has_arg = run_options[i].value ? required_argument : no_argument,
			.val = LONG_BASE + i,
		};
		if (run_options[i].letter)
			shorts += sprintf(shorts, "%c%s", run_options[i].letter,
					  run_options[i].value ? ":" : "");
	}
	longs[N_OPTIONS] = (struct option){ 0 };
}

static const struct run_option *find_option(int value)
{
	size_t i;

	if (value >= LONG_BASE)
		return &run_options[value - LONG_BASE];
	for (i = 0; i < N_OPTIONS; i++) {
		if (run_options[i].letter && run_options[i].letter == value)
			return &run_options[i];
	}
	return NULL;
}

int run_parse(int argc, char **argv, struct spec *spec, struct err *err)
{
	struct option longs[N_OPTIONS + 1];
	bool seen[N_OPTIONS] = { false };
	const struct run_option *option;
	char shorts[3 * N_OPTIONS + 3];
	int value;

	list_options(longs, shorts);
	opterr = 0;
	optind = 0;	/* also begins anew, within argv[0] */
	while ((value = getopt_long(argc, argv, shorts, longs, NULL)) != -1) {
		if (value == ':')
			return err_set(err, CONTAINER_FAILED, "option '%s' lacks its value",
				       argv[optind - 1]);
		option = find_option(value);
		if (!option)
			return err_set(err, CONTAINER_FAILED,
				       "there is no option '%s'. See 'vsw run help'",
				       argv[optind - 1]);
		if (!option->set)
			return 1;
		if (seen[option - run_options] && !option->repeats)
			return err_set(err, CONTAINER_FAILED, "option '--%s' is given twice",
				       option->name);
		seen[option - run_options] = true;
		if (option->set(spec, optarg, err) < 0)
			return -1;
	}
	spec->argv = argv + optind;
	return 0;
}

/* ---- what is kept ----------------------------------------------------------------------- */

/* NULL: one of them is no text. */
static json_t *list_words(char *const *words)
{
	json_t *list = json_array();

	for (; *words; words++) {
		if (json_array_append_new(list, json_string(*words)) < 0) {
			json_decref(list);
			return NULL;
		}
	}
	return list;
}

static json_t *list_ports(const struct spec *spec)
{
	json_t *list = json_array();
	size_t i;

	for (i = 0; i < spec->n_publishes; i++)
		json_array_append_new(list, json_string(spec->publishes[i].text));
	return list;
}

/* words: all behind "run". */
static json_t *describe(const struct making *making, char *const *words, struct err *err)
{
	const struct spec *spec = &making->spec;
	char now[KEPT_TIME_SIZE], mac[18], *here = getcwd(NULL, 0);
	json_t *config;

	kept_now(now);
	snprintf(mac, sizeof(mac), "%02x:%02x:%02x:%02x:%02x:%02x", spec->mac[0], spec->mac[1],
		 spec->mac[2], spec->mac[3], spec->mac[4], spec->mac[5]);
	config = json_pack("{s:i, s:s, s:s, s:s, s:s?, s:s, s:o, s:o, s:o, s:o, s:s*, s:s*, s:b, s:i, s:i}",
			   "version", 1, "name", spec->name, "created", now,
			   "image", making->image_name ?: spec->rootfs,
			   "image-id", making->image_name ? making->image.id : NULL,
			   "directory", here ?: "/",
			   "words", list_words(words), "env", list_words(spec->env),
			   "command", list_words(spec->argv), "ports", list_ports(spec),
			   "switch", spec->switch_name, "mac", spec->has_mac ? mac : NULL,
			   "remove", spec->remove,
			   "stop-signal", spec->stop_signal,
			   "stop-timeout", (int)spec->stop_seconds);
	free(here);
	if (!config)
		err_set(err, CONTAINER_FAILED, "a word of it is not UTF-8: it can't be kept");
	return config;
}

/* One of that name that was to go with its end, whose supervisor was killed. */
static void remove_stale(const char *name)
{
	struct kept kept;

	if (kept_open(name, &kept, NULL) < 0)
		return;
	if (kept_flag(&kept, "remove") && !kept_holder(&kept) && !kept_lock(&kept, NULL))
		kept_remove(&kept, NULL);
	kept_close(&kept);
}

static int keep(struct making *making, char *const *words, struct kept *kept, struct err *err)
{
	json_t *config = describe(making, words, err);
	int ret;

	if (!config)
		return -1;
	remove_stale(making->spec.name);
	ret = kept_create(making->spec.name, config, err);
	json_decref(config);
	return ret < 0 ? ret : kept_open(making->spec.name, kept, err);
}

/* "create", or "run -d": 0, with its name said. */
static int make_kept(struct making *making, char *const *words, bool runs, struct err *err)
{
	struct kept kept;
	int ret;

	if (keep(making, words, &kept, err) < 0)
		return -1;
	ret = runs ? making_start(making, &kept, err) : 0;
	if (ret < 0 && making->spec.remove && !kept_lock(&kept, NULL))
		kept_remove(&kept, NULL);
	if (!ret)
		puts(making->spec.name);
	kept_close(&kept);
	return ret;
}

/* ---- run and create --------------------------------------------------------------------- */

static void note(const char *name, const char *text)
{
	fprintf(stderr, "vsw: container '%s': %s\n", name, text);
}

static int check_foreground(const struct spec *spec, struct err *err)
{
	if (!spec->detach && spec->restart != RESTART_NO)
		return err_set(err, CONTAINER_FAILED,
			       "--restart: in the foreground it ends with vsw; see -d");
	return 0;
}

static int run_made(struct making *making, char **argv, bool create, struct err *err)
{
	struct spec *spec = &making->spec;

	if (spec_check(spec, err) < 0 || policy_check(spec, err) < 0 ||
	    (!create && check_foreground(spec, err) < 0) || caps_check(err) < 0 ||
	    self_protect(argv, err) < 0)
		return -1;
	if (!create && !spec->detach)
		return container_run(spec, note, err);
	if (making_take_rootfs(making, err) < 0)
		return -1;
	return make_kept(making, argv + 2, !create, err);
}

/* argv: "vsw", and "run" or "create". */
static int run_container(char **argv, int argc, struct err *err)
{
	struct making making = { .image = { .lock = -1 } };
	int ret;

	ret = run_parse(argc - 1, argv + 1, &making.spec, err);
	if (ret > 0) {
		output_text(run_help);
		return 0;
	}
	if (!ret)
		ret = making_take_image(&making, NULL, err);
	if (!ret)
		ret = run_made(&making, argv, !strcmp(argv[1], "create"), err);
	making_end(&making);
	return ret;
}

static int run(struct vsw *vsw, char **words, struct err *err)
{
	return making_verb(vsw, "run", words, run_container, err);
}

static int create(struct vsw *vsw, char **words, struct err *err)
{
	return making_verb(vsw, "create", words, run_container, err);
}

const struct object object_run = {
	.name = "run",
	.help = run_help,
	.run = run,
	.own_options = true,
};

const struct object object_create = {
	.name = "create",
	.help = run_help,
	.run = create,
	.own_options = true,
};
