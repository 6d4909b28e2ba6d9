// SPDX-License-Identifier: GPL-2.0
/* "vsw capture": words -> a tap on the device of a port -> a file, or a viewer. */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "capture.h"
#include "lib/parse.h"
#include "vsw.h"

static const char help[] =
"Usage: vsw capture [ OPTIONS ] PORT [ FILTER... ]\n"
"       vsw capture --drops [ OPTIONS ] PORT | SWITCH [ FILTER... ]\n"
"Captures the frames of a port, until it is stopped (Ctrl-C). On a terminal\n"
"tcpdump shows them; else they go to standard output, as pcapng.\n"
"\n"
"  PORT                     device, SWITCH:NUMBER or alias, as in 'vsw port'. That of\n"
"                           a container is captured on the device in the container\n"
"  FILTER                   which frames: an expression as tcpdump has it, see\n"
"                           pcap-filter(7)\n"
"  -d, --direction in|out|both   what the device receives, or what it sends [both]\n"
"  -c, --count N            end after so many frames\n"
"  -s, --snaplen BYTES      keep so much of each frame [262144]\n"
"  -w, --write FILE         write pcapng to a file; '-' is standard output\n"
"  -p, --promisc            make the device promiscuous\n"
"  -D, --drops              instead what the switch drops on the port, or on all of a\n"
"                           SWITCH, and why: in text, or as a comment of each frame\n"
"\n"
"Of a vnic, 'in' is what the container gets and 'out' what it sends. Of a veth or\n"
"a NIC, 'in' is what enters the switch there. It ends by itself when the device\n"
"goes, with status 4.\n"
"\n"
"Examples:\n"
"  vsw capture web\n"
"  vsw capture vs0:3 -d out -c 10 arp or icmp\n"
"  vsw capture eth1 -w eth1.pcapng vlan 10\n"
"  vsw capture --drops vs0 -w why.pcapng\n";

struct request {
	const char *port, *file;	/* file NULL: standard output, or a viewer */
	uint32_t count;			/* 0: no bound */
	uint32_t most;			/* bytes of a frame */
	enum direction direction;
	bool promisc, drops, help;
	char *expression;		/* owned */
};

static const struct option longs[] = {
	{ "direction", required_argument, NULL, 'd' },
	{ "count", required_argument, NULL, 'c' },
	{ "snaplen", required_argument, NULL, 's' },
	{ "write", required_argument, NULL, 'w' },
	{ "promisc", no_argument, NULL, 'p' },
	{ "drops", no_argument, NULL, 'D' },
	{ "help", no_argument, NULL, 'h' },
	{}
};

static int read_direction(const char *text, enum direction *direction, struct err *err)
{
	static const char * const names[] = {
		[DIRECTION_BOTH] = "both", [DIRECTION_IN] = "in", [DIRECTION_OUT] = "out",
	};
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (!strcmp(text, names[i])) {
			*direction = i;
			return 0;
		}
	}
	return err_set(err, STATUS_USAGE, "direction: '%s' is not in, out or both", text);
}

/* A number from 1 to most. */
static int read_number(const char *what, const char *text, uint32_t most, uint32_t *number,
		       struct err *err)
{
	if (parse_u32(what, text, number, err) < 0)
		return -1;
	if (!*number || *number > most)
		return err_set(err, STATUS_USAGE, "%s: '%s' is not from 1 to %" PRIu32, what, text,
			       most);
	return 0;
}

static int set_option(struct request *req, int option, struct err *err)
{
	switch (option) {
	case 'd':
		return read_direction(optarg, &req->direction, err);
	case 'c':
		return read_number("count", optarg, UINT32_MAX, &req->count, err);
	case 's':
		return read_number("snaplen", optarg, FILTER_MOST, &req->most, err);
	case 'w':
		req->file = optarg;
		return *optarg ? 0 : err_set(err, STATUS_USAGE, "write: the name is empty");
	case 'p':
		req->promisc = true;
		return 0;
	case 'D':
		req->drops = true;
		return 0;
	case 'h':
		req->help = true;
		return 0;
	case ':':
		return err_set(err, STATUS_USAGE, "the option '%s' lacks its value", optarg);
	}
	return err_set(err, STATUS_USAGE, "there is no option '%s'", optarg);
}

/*
 * The options among the words behind words[0], up to a word "--".  Returns the
 * other words, which getopt_long() has put behind them, or NULL.
 */
static char **read_options(struct request *req, char **words, struct err *err)
{
	int option, n;

	for (n = 0; words[n]; n++)
		;
	opterr = 0;
	optind = 0;	/* also begins anew, within words[0] */
	while ((option = getopt_long(n, words, ":d:c:s:w:pDh", longs, NULL)) != -1) {
		if (option == ':' || option == '?')
			optarg = words[optind - 1];
		if (set_option(req, option, err) < 0)
			return NULL;
	}
	return words + optind;
}

/* The words of the expression, in one text. */
static char *join(char **words)
{
	size_t size = 1, i;
	char *text, *end;

	for (i = 0; words[i]; i++)
		size += strlen(words[i]) + 1;
	text = malloc(size);
	if (!text)
		return NULL;
	end = text;
	for (i = 0; words[i]; i++)
		end += sprintf(end, "%s%s", i ? " " : "", words[i]);
	*end = '\0';
	return text;
}

/* words[0] is the object. */
static int parse(struct request *req, char **words, struct err *err)
{
	words = read_options(req, words, err);
	if (!words)
		return -1;
	if (req->help)
		return 0;
	if (!*words)
		return err_set(err, STATUS_USAGE, "the port is missing");
	req->port = *words;
	req->expression = join(words + 1);
	if (!req->expression)
		return err_set(err, STATUS_SYSTEM, "out of memory");
	if (req->drops && req->promisc)
		return err_set(err, STATUS_USAGE, "'--promisc' is of a device, with '--drops' there is none");
	if (req->file && !strcmp(req->file, "-") && isatty(STDOUT_FILENO))
		return err_set(err, STATUS_USAGE, "standard output is a terminal, which can't show pcapng");
	return 0;
}

static int find_port(struct vsw *vsw, const char *word, struct vsw_port *port, struct err *err)
{
	static const struct hint hints[] = {
		{ ENODEV, "See 'vsw port show'." },
		{ ENOENT, "See 'vsw port show'." },
		{}
	};
	struct place place = { .word = word, .switch_name = "" };

	if (vsw_connect(vsw, err) < 0)
		return -1;
	if (place_get(vsw, &place, port, err) < 0)
		return explain(hints, err, "port '%s'", word);
	return 0;
}

/* A tap on the device of a port, and where that is if it is elsewhere. */
static struct tap *open_tap(const struct request *req, const struct vsw_port *port,
			    const struct filter *filter, struct netns_place *place,
			    struct err *err)
{
	bool elsewhere = port->has & HAS(VSWITCH_A_PORT_NETNSID);
	int netns = elsewhere ? netns_find(port->netnsid, place, err) : -1;
	struct tap *tap = NULL;

	if (netns >= 0 || !elsewhere)
		tap = tap_open(netns, port->ifindex, filter, req->most, req->promisc, err);
	if (!tap)
		err_prefix(err, "port '%s'", req->port);
	if (netns >= 0)
		close(netns);
	return tap;
}

/* What is said of the port, in the file and to the user: its name, and a text. */
static void describe(struct vsw_port *port, char *text, size_t size)
{
	char where[32] = "";

	if (port->has & HAS(VSWITCH_A_PORT_NETNSID))
		snprintf(where, sizeof(where), ", in netns %d", port->netnsid);
	snprintf(text, size, "port %u of %s%s%s%s", port->number, port->switch_name, where,
		 port->alias ? ", alias " : "", port->alias ? port->alias : "");
	output_harmless(text);
	output_harmless(port->name);
}

/* Other users must not read what they could not have captured. */
static int open_file(const char *name, struct err *err)
{
	int fd = open(name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOCTTY, 0600);

	if (fd < 0)
		err_set_errno(err, STATUS_SYSTEM, errno, "%s", name);
	return fd;
}

/* To where it was said, or to where there is somebody to see it. */
static int record_to(struct record *to, const struct request *req, struct err *err)
{
	bool file = req->file && strcmp(req->file, "-");
	bool show = !req->file && isatty(STDOUT_FILENO);
	struct viewer viewer;
	struct err late = ERR_INIT;
	int ret;

	to->fd = STDOUT_FILENO;
	if (file)
		to->fd = open_file(req->file, err);
	else if (show && viewer_start(&viewer, err) == 0)
		to->fd = viewer.fd;
	else if (show)
		return -1;
	if (to->fd < 0)
		return -1;
	ret = record(to, err);
	if (file && close(to->fd) < 0 && ret == 0)
		ret = err_set_errno(err, STATUS_SYSTEM, errno, "%s", req->file);
	if (show && viewer_end(&viewer, &late) < 0 && ret == 0) {
		*err = late;
		ret = -1;
	}
	fprintf(stderr, "vsw: %" PRIu64 " frames captured, %" PRIu64 " dropped\n", to->captured,
		to->dropped);
	return ret;
}

static int capture(struct vsw *vsw, const struct request *req, const struct filter *filter,
		   struct err *err)
{
	char text[64 + MODEL_NAME_SIZE + MODEL_ALIAS_SIZE];
	struct netns_place place = {};
	struct vsw_port port = {};
	struct record to = {
		.most = req->count,
		.interface = {
			.name = port.name,
			.description = text,
			.filter = req->expression,
			.most = req->most,
		},
	};
	int ret = -1;

	if (find_port(vsw, req->port, &port, err) < 0)
		return -1;
	describe(&port, text, sizeof(text));
	to.tap = open_tap(req, &port, filter, &place, err);
	if (to.tap) {
		if (port.has & HAS(VSWITCH_A_PORT_NETNSID))
			to.netns = &place;
		ret = record_to(&to, req, err);
	}
	tap_free(to.tap);
	object_clear(&kind_port, &port);
	return ret;
}

/* To a file or standard output, which is text if that is a terminal. */
static int drops_to(struct drops *drops, const struct request *req, struct err *err)
{
	bool file = req->file && strcmp(req->file, "-");
	int ret;

	drops->fd = STDOUT_FILENO;
	if (file)
		drops->fd = open_file(req->file, err);
	else if (!req->file && isatty(STDOUT_FILENO))
		drops->fd = -1;
	if (file && drops->fd < 0)
		return -1;
	ret = record_drops(drops, err);
	if (file && close(drops->fd) < 0 && ret == 0)
		ret = err_set_errno(err, STATUS_SYSTEM, errno, "%s", req->file);
	fprintf(stderr, "vsw: %" PRIu64 " dropped frames captured, %" PRIu64 " lost\n",
		drops->captured, drops->lost);
	return ret;
}

static int capture_drops(struct vsw *vsw, const struct request *req, const struct filter *filter,
			 struct err *err)
{
	struct vsw_port port = {};
	struct drops drops = {
		.name = req->port,
		.filter = filter,
		.expression = req->expression,
		.most = req->most,
		.count = req->count,
	};
	int ret = -1;

	if (find_port(vsw, req->port, &port, err) < 0)
		return -1;
	drops.switch_ifindex = port.switch_ifindex;
	drops.port_number = port.number;
	memcpy(drops.device, port.name, sizeof(drops.device));
	memcpy(drops.switch_name, port.switch_name, sizeof(drops.switch_name));
	/* The switch's own device names the switch; its port is SWITCH:0. */
	drops.all_ports = port.number == VSWITCH_HOST_PORT && !strcmp(req->port, port.name);
	object_clear(&kind_port, &port);
	drops.nl = vsw_nl_open(err);
	if (drops.nl)
		ret = drops_to(&drops, req, err);
	vsw_nl_close(drops.nl);
	return ret;
}

static int run(struct vsw *vsw, char **words, struct err *err)
{
	struct request req = { .most = FILTER_MOST };
	struct filter filter = {};
	int ret;

	if (vsw->out.json)
		return err_set(err, STATUS_USAGE, "'capture' writes pcapng, which is not JSON");
	/* getopt() wants a word before the first, as there is: the object */
	ret = parse(&req, words - 1, err);
	if (ret == 0 && req.help) {
		output_text(help);
	} else if (ret == 0) {
		ret = filter_compile(&filter, req.expression, req.direction, err);
		if (ret == 0)
			ret = req.drops ? capture_drops(vsw, &req, &filter, err) :
					  capture(vsw, &req, &filter, err);
		filter_free(&filter);
	}
	free(req.expression);
	return ret;
}

const struct object object_capture = {
	.name = "capture",
	.help = help,
	.run = run,
	.own_options = true,
};
