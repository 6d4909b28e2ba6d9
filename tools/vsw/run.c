// SPDX-License-Identifier: GPL-2.0
/* "vsw run": words -> what a container shall be -> its exit status. */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "container/container.h"
#include "image/image.h"
#include "vsw.h"

static const char run_help[] =
"Usage: vsw run [ OPTIONS ] IMAGE [ COMMAND ] [ ARG... ]\n"
"       vsw run --name NAME --rootfs DIR [ OPTIONS ] [ -- ] COMMAND [ ARG... ]\n"
"Runs a command in a container, in the foreground: of an image that is stored here, see\n"
"'vsw image', what that says, and COMMAND and ARGs behind its entrypoint.\n"
"\n"
"  --name NAME          letters, digits, and after the first also . _ - (at most 63);\n"
"                       of an image without it that of the image, and a number\n"
"  --rootfs DIR         in place of an image; neither is ever written to\n"
"  --read-only          nor can the container write; else what it writes goes into\n"
"                       memory that is part of its limit and ends with it\n"
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
"  --userns             root in the container is nobody outside\n"
"  --hostname NAME      else the name of the container\n"
"  -e, --env NAME[=VALUE]   a variable, without VALUE the one it has here\n"
"  -w, --workdir DIR    working directory in the container, else the image's, or /\n"
"  -u, --user UID[:GID] numbers, else the image's, or 0:0\n"
"\n"
"Standard input, output and error are those of vsw. Signals sent to vsw are sent\n"
"to the command; it is process 1 of the container, on which a signal has no\n"
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

static int set_userns(struct spec *spec, const char *text, struct err *err)
{
	(void)text;
	(void)err;
	spec->userns = true;
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
	{ "read-only", 0, false, false, set_read_only },
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
	{ "env", 'e', true, true, spec_add_env },
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

/* 1: help is wanted */
static int parse(int argc, char **argv, struct spec *spec, struct err *err)
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

/* "example.org/web:1.2" -> "web-3f9a01", as long as a name may be */
static int choose_name(struct spec *spec, const char *image, char name[SPEC_NAME_MAX + 1],
		       struct err *err)
{
	const char *slash = strrchr(image, '/'), *begin = slash ? slash + 1 : image;
	size_t len = strcspn(begin, ":");
	uint32_t number;

	if (getrandom(&number, sizeof(number), 0) != sizeof(number))
		return err_set_errno(err, CONTAINER_FAILED, errno, "choose a name");
	if (len > SPEC_NAME_MAX - 7)
		len = SPEC_NAME_MAX - 7;
	snprintf(name, SPEC_NAME_MAX + 1, "%.*s-%06x", (int)len, begin, number & 0xffffff);
	return spec_set_name(spec, name, err);
}

/* The first word behind the options is an image, unless there is a directory. */
static int take_image(struct spec *spec, struct image_use *image,
		      char name[SPEC_NAME_MAX + 1], struct err *err)
{
	char **words = spec->argv;

	if (spec->rootfs || !*words)
		return 0;
	if (image_use(*words, image, err) < 0)
		return -1;
	spec->layers = image->layers;
	spec->n_layers = image->n_layers;
	if (!spec->name && choose_name(spec, *words, name, err) < 0)
		return -1;
	if (spec_apply_image(spec, image->config, words + 1, err) < 0)
		return err_prefix(err, "image '%.128s'", *words);
	return 0;
}

static void note(const char *name, const char *text)
{
	fprintf(stderr, "vsw: container '%s': %s\n", name, text);
}

/* argv has room for the words "vsw" and "run" before it. */
static int run_container(char **argv, int argc, struct err *err)
{
	struct image_use image = { .lock = -1 };
	char name[SPEC_NAME_MAX + 1];
	struct spec spec = { 0 };
	int ret;

	ret = parse(argc - 1, argv + 1, &spec, err);
	if (!ret)
		ret = take_image(&spec, &image, name, err);
	if (!ret)
		ret = spec_check(&spec, err);
	if (ret > 0) {
		output_text(run_help);
		ret = 0;
	} else if (!ret) {
		ret = caps_check(err);
		if (!ret)
			ret = self_protect(argv, err);
		if (!ret)
			ret = container_run(&spec, note, err);
	}
	spec_free(&spec);
	image_release(&image);
	return ret;
}

static int run(struct vsw *vsw, char **words, struct err *err)
{
	char **argv;
	int n, ret;

	/* vsw runs again for it, and would not come back to the file */
	if (vsw->batch)
		return err_set(err, CONTAINER_FAILED, "'run' can't stand in a batch file");
	for (n = 0; words[n]; n++)
		;
	argv = calloc(n + 3, sizeof(*argv));
	if (!argv)
		return err_set(err, CONTAINER_FAILED, "no memory");
	argv[0] = "vsw";
	argv[1] = "run";
	memcpy(argv + 2, words, n * sizeof(*argv));
	ret = run_container(argv, n + 2, err);
	free(argv);
	return ret;
}

const struct object object_run = {
	.name = "run",
	.help = run_help,
	.run = run,
	.own_options = true,
};
