// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/parse.h"
#include "vsw.h"

static const char help[] =
"Usage: vsw mirror add NAME switch SWITCH [ from SOURCES ] to DESTINATION [ OPTIONS ]\n"
"       vsw mirror set NAME [ switch SWITCH ] [ from SOURCES ] [ to DESTINATION ]\n"
"                  [ OPTIONS ]\n"
"       vsw mirror del NAME [ switch SWITCH ]\n"
"       vsw mirror [ show [ NAME ] [ switch SWITCH ] ]\n"
"SOURCES     := { dev PORT [ in | out | both ] | vlan LIST }... | none\n"
"DESTINATION := dev PORT | netdev DEV\n"
"OPTIONS     := [ forwarding ONOFF ] [ truncate BYTES ] [ sample N ]\n"
"PORT        := DEV | SWITCH:NUMBER | ALIAS\n"
"\n"
"  Copies frames of ports, as they come in or leave [both], or of VLANs, as they\n"
"  come in, to a port of the switch or to another device; a gretap or erspan device\n"
"  takes them to another machine. What is copied is what is said last: 'set' with\n"
"  'from' replaces all sources.\n"
"  forwarding  the port that copies go to is one for other frames, too [off]\n"
"  truncate    copy so many bytes of a frame, 64 at least [0: all]\n"
"  sample      copy one frame in so many [1]\n"
"\n"
"Examples:\n"
"  vsw mirror add probe switch vs0 from dev eth1 to dev eth2\n"
"  vsw mirror set probe from dev eth1 in vlan 10,20-30 sample 10\n"
"  vsw -s mirror show\n";

static const struct keyword keywords[] = {
	{ "switch", KEYWORD_VALUE, VSWITCH_A_MIRROR_SWITCH_NAME, 0 },
	{ "forwarding", KEYWORD_VALUE, VSWITCH_A_MIRROR_FORWARDING, 0 },
	{ "truncate", KEYWORD_VALUE, VSWITCH_A_MIRROR_TRUNCATE, 0 },
	{ "sample", KEYWORD_VALUE, VSWITCH_A_MIRROR_SAMPLE, 0 },
	{}
};

static const struct keyword switch_keyword[] = {
	{ "switch", KEYWORD_VALUE, VSWITCH_A_MIRROR_SWITCH_NAME, 0 },
	{}
};

static const struct hint hints[] = {
	{ ENODEV, "See 'vsw switch show' and 'vsw port show'." },
	{ ENOENT, "See 'vsw mirror show'." },
	{ EEXIST, "'vsw mirror set' changes it." },
	{}
};

/* A port as it was said, to be found when the switch is known. */
struct source {
	const char *word;
	bool in, out;
};

struct request {
	struct vsw_mirror mirror;
	struct source *sources;		/* owned */
	size_t n;
	const char *to_port;		/* or NULL */
	bool from;			/* sources are given, if only none */
};

static void request_free(struct request *req)
{
	free(req->sources);
	object_clear(&kind_mirror, &req->mirror);
}

/* ---- words ----------------------------------------------------------------- */

/* "dev PORT [ in | out | both ]"; words taken, or -1 */
static int read_source(char **words, struct request *req, struct err *err)
{
	struct source *source;

	if (!words[1])
		return err_set(err, STATUS_USAGE, "'dev' lacks its value");
	source = reallocarray(req->sources, req->n + 1, sizeof(*source));
	if (!source)
		return err_set(err, STATUS_SYSTEM, "out of memory");
	req->sources = source;
	source += req->n++;
	*source = (struct source){ .word = words[1], .in = true, .out = true };
	if (!words[2])
		return 2;
	if (!strcmp(words[2], "in"))
		source->out = false;
	else if (!strcmp(words[2], "out"))
		source->in = false;
	else if (strcmp(words[2], "both"))
		return 2;
	return 3;
}

/* What stands behind "from"; words taken, or -1. */
static int read_from(char **words, struct request *req, struct err *err)
{
	char **w = words;
	int taken;

	if (*w && !strcmp(*w, "none")) {
		req->from = true;
		return 1;
	}
	for (; *w; w += taken) {
		if (!strcmp(*w, "dev")) {
			taken = read_source(w, req, err);
		} else if (!strcmp(*w, "vlan")) {
			if (!w[1])
				return err_set(err, STATUS_USAGE, "'vlan' lacks its value");
			taken = vlan_parse_set("vlan", w[1], &req->mirror.vlan, err) < 0 ? -1 : 2;
		} else {
			break;
		}
		if (taken < 0)
			return -1;
	}
	if (w == words)
		return err_set(err, STATUS_USAGE, "'from' lacks 'dev PORT' or 'vlan LIST'");
	req->from = true;
	return w - words;
}

/* What stands behind "to"; words taken, or -1. */
static int read_to(char **words, struct request *req, struct err *err)
{
	struct vsw_mirror *mirror = &req->mirror;
	bool port = *words && !strcmp(*words, "dev");

	if (!port && (!*words || strcmp(*words, "netdev")))
		return err_set(err, STATUS_USAGE, "'to' lacks 'dev PORT' or 'netdev DEV'");
	if (!words[1])
		return err_set(err, STATUS_USAGE, "'%s' lacks its value", *words);
	if (mirror->has & HAS(VSWITCH_A_MIRROR_TO_TYPE))
		return err_set(err, STATUS_USAGE, "'to': the destination was given before");
	mirror->has |= HAS(VSWITCH_A_MIRROR_TO_TYPE);
	mirror->to_type = port ? VSWITCH_MIRROR_TO_PORT : VSWITCH_MIRROR_TO_NETDEV;
	if (port) {
		req->to_port = words[1];
		return 2;
	}
	if (parse_name("netdev", words[1], mirror->to_name, err) < 0)
		return -1;
	mirror->has |= HAS(VSWITCH_A_MIRROR_TO_NAME);
	return 2;
}

/* Sources and destination are taken out, what is left is closed by NULL. */
static int take_ends(char **words, struct request *req, struct err *err)
{
	char **left = words;
	int taken;

	while (*words) {
		if (!strcmp(*words, "from")) {
			taken = read_from(words + 1, req, err);
		} else if (!strcmp(*words, "to")) {
			taken = read_to(words + 1, req, err);
		} else {
			*left++ = *words++;
			continue;
		}
		if (taken < 0)
			return -1;
		words += 1 + taken;
	}
	*left = NULL;
	return 0;
}

static int read_name(char ***words, struct request *req, struct err *err)
{
	const char *name;
	int named = keywords_first_name(words, "name", keywords, &name, err);

	if (named < 0)
		return -1;
	if (!named)
		return err_set(err, STATUS_USAGE, "the name of the mirror is missing");
	if (parse_name("name", name, req->mirror.name, err) < 0)
		return -1;
	req->mirror.has |= HAS(VSWITCH_A_MIRROR_NAME);
	return 0;
}

static int read_words(char **words, struct request *req, struct err *err)
{
	if (read_name(&words, req, err) < 0 || take_ends(words, req, err) < 0)
		return -1;
	return keywords_read(&kind_mirror, keywords, words, &req->mirror, NULL, err);
}

/* ---- names of ports -> their numbers, and back ------------------------------ */

static int find_number(struct vsw *vsw, const struct request *req, const char *word,
		       uint32_t *number, struct err *err)
{
	struct place place = { .word = word, .switch_name = req->mirror.switch_name };
	struct vsw_port port = {};
	int ret = place_get(vsw, &place, &port, err);

	*number = port.number;
	object_clear(&kind_port, &port);
	return ret < 0 ? explain(hints, err, "port '%s'", word) : 0;
}

/* With all of the ends that are given; the switch is. */
static int find_ends(struct vsw *vsw, struct request *req, struct err *err)
{
	struct vsw_mirror *mirror = &req->mirror;
	uint32_t number;
	size_t i;

	for (i = 0; i < req->n; i++) {
		if (find_number(vsw, req, req->sources[i].word, &number, err) < 0)
			return -1;
		if ((req->sources[i].in && port_refs_add(&mirror->in, number) < 0) ||
		    (req->sources[i].out && port_refs_add(&mirror->out, number) < 0))
			return err_set(err, STATUS_SYSTEM, "out of memory");
	}
	if (req->from)
		mirror->has |= HAS(VSWITCH_A_MIRROR_IN) | HAS(VSWITCH_A_MIRROR_OUT) |
			       HAS(VSWITCH_A_MIRROR_VLAN);
	if (!req->to_port)
		return 0;
	mirror->has |= HAS(VSWITCH_A_MIRROR_TO_NUMBER);
	return find_number(vsw, req, req->to_port, &mirror->to_number, err);
}

static void name_ports(struct port_refs *refs, uint32_t sw, const struct list *ports)
{
	size_t i, j;

	for (i = 0; i < refs->n; i++) {
		for (j = 0; j < ports->n; j++) {
			const struct vsw_port *port = list_at(ports, &kind_port, j);

			/* elsewhere it means nothing here */
			if (port->number == refs->ref[i].number && port->switch_ifindex == sw &&
			    !(port->has & HAS(VSWITCH_A_PORT_NETNSID)))
				strcpy(refs->ref[i].name, port->name);
		}
	}
}

/* Names help who reads it, and are left out where there are none. */
static void name_all(struct vsw *vsw, struct list *mirrors)
{
	struct list ports = {};
	size_t i;

	if (!mirrors->n || vsw_nl_port_dump(vsw->nl, NULL, &ports, NULL) < 0)
		return;
	for (i = 0; i < mirrors->n; i++) {
		struct vsw_mirror *mirror = list_at(mirrors, &kind_mirror, i);

		name_ports(&mirror->in, mirror->switch_ifindex, &ports);
		name_ports(&mirror->out, mirror->switch_ifindex, &ports);
	}
	list_free(&ports, &kind_port);
}

/* ---- commands --------------------------------------------------------------- */

/* Only those of that name stay, if there is one. */
static void select_named(struct list *mirrors, const char *name)
{
	size_t i, n = 0;

	for (i = 0; i < mirrors->n; i++) {
		struct vsw_mirror *mirror = list_at(mirrors, &kind_mirror, i), swap = *mirror;

		if (strcmp(mirror->name, name))
			continue;
		*mirror = *(struct vsw_mirror *)list_at(mirrors, &kind_mirror, n);
		*(struct vsw_mirror *)list_at(mirrors, &kind_mirror, n++) = swap;
	}
	for (i = n; i < mirrors->n; i++)
		object_clear(&kind_mirror, list_at(mirrors, &kind_mirror, i));
	mirrors->n = n;
}

/* The mirrors of the switch, if one is named, and of the name, if there is one. */
static int get(struct vsw *vsw, const struct vsw_mirror *req, struct list *mirrors,
	       struct err *err)
{
	struct vsw_mirror filter = *req;
	int ret;

	filter.has &= HAS(VSWITCH_A_MIRROR_SWITCH_NAME);
	ret = vsw_nl_mirror_dump(vsw->nl, &filter, mirrors, err);
	if (ret < 0 && filter.has)
		return explain(hints, err, "switch '%s'", req->switch_name);
	if (ret < 0)
		return explain(hints, err, "mirrors");
	if (!(req->has & HAS(VSWITCH_A_MIRROR_NAME)))
		return ret;
	select_named(mirrors, req->name);
	if (!mirrors->n)
		return err_set(err, STATUS_REFUSED,
			       "there is no mirror '%s'. See 'vsw mirror show'", req->name);
	return ret;
}

/* Who names none means the one that has a mirror of that name. */
static int find_switch(struct vsw *vsw, struct vsw_mirror *req, struct err *err)
{
	const struct vsw_mirror *found;
	struct list mirrors = {};
	int ret;

	if (req->has & HAS(VSWITCH_A_MIRROR_SWITCH_NAME))
		return 0;
	ret = get(vsw, req, &mirrors, err);
	if (ret >= 0 && mirrors.n > 1)
		ret = err_set(err, STATUS_REFUSED,
			      "several switches have a mirror '%s': say which by 'switch SWITCH'",
			      req->name);
	if (ret >= 0) {
		found = list_at(&mirrors, &kind_mirror, 0);
		strcpy(req->switch_name, found->switch_name);
		req->has |= HAS(VSWITCH_A_MIRROR_SWITCH_NAME);
	}
	list_free(&mirrors, &kind_mirror);
	return ret < 0 ? -1 : 0;
}

static int add(struct vsw *vsw, struct request *req, struct err *err)
{
	struct vsw_mirror *mirror = &req->mirror;
	struct list made = {};
	void *reply = NULL;
	int ret;

	if (!(mirror->has & HAS(VSWITCH_A_MIRROR_SWITCH_NAME)))
		return err_set(err, STATUS_USAGE, "'switch SWITCH' is missing");
	if (!(mirror->has & HAS(VSWITCH_A_MIRROR_TO_TYPE)))
		return err_set(err, STATUS_USAGE, "'to DESTINATION' is missing");
	if (vsw_connect(vsw, err) < 0 || find_ends(vsw, req, err) < 0)
		return -1;
	if (vsw->out.json) {
		reply = list_grow(&made, &kind_mirror);
		if (!reply)
			return err_set(err, STATUS_SYSTEM, "out of memory");
	}
	ret = vsw_nl_mirror_new(vsw->nl, mirror, reply, err);
	if (ret < 0)
		explain(hints, err, "mirror '%s'", mirror->name);
	if (!ret && reply) {
		name_all(vsw, &made);
		ret = output_list(&vsw->out, &kind_mirror, &made, err);
	}
	list_free(&made, &kind_mirror);
	return ret;
}

static int do_add(struct vsw *vsw, char **words, struct err *err)
{
	struct request req = {};
	int ret = read_words(words, &req, err);

	if (!ret)
		ret = add(vsw, &req, err);
	request_free(&req);
	return ret;
}

static int set(struct vsw *vsw, struct request *req, struct err *err)
{
	const uint64_t naming = HAS(VSWITCH_A_MIRROR_NAME) | HAS(VSWITCH_A_MIRROR_SWITCH_NAME);
	struct vsw_mirror *mirror = &req->mirror;

	if (!(mirror->has & ~naming) && !req->from)
		return err_set(err, STATUS_USAGE, "there is nothing to set");
	if (vsw_connect(vsw, err) < 0 || find_switch(vsw, mirror, err) < 0 ||
	    find_ends(vsw, req, err) < 0)
		return -1;
	if (vsw_nl_mirror_set(vsw->nl, mirror, err) < 0)
		return explain(hints, err, "mirror '%s'", mirror->name);
	return 0;
}

static int do_set(struct vsw *vsw, char **words, struct err *err)
{
	struct request req = {};
	int ret = read_words(words, &req, err);

	if (!ret)
		ret = set(vsw, &req, err);
	request_free(&req);
	return ret;
}

static int do_del(struct vsw *vsw, char **words, struct err *err)
{
	struct request req = {};
	struct vsw_mirror *mirror = &req.mirror;

	if (read_name(&words, &req, err) < 0 ||
	    keywords_read(&kind_mirror, switch_keyword, words, mirror, NULL, err) < 0 ||
	    vsw_connect(vsw, err) < 0 || find_switch(vsw, mirror, err) < 0)
		return -1;
	if (vsw_nl_mirror_del(vsw->nl, mirror, err) < 0)
		return explain(hints, err, "mirror '%s'", mirror->name);
	return 0;
}

static int do_show(struct vsw *vsw, char **words, struct err *err)
{
	struct vsw_mirror req = {};
	struct list mirrors = {};
	const char *name;
	int named, ret, shown;

	named = keywords_first_name(&words, "name", switch_keyword, &name, err);
	if (named < 0 || (named && parse_name("name", name, req.name, err) < 0))
		return -1;
	if (named)
		req.has = HAS(VSWITCH_A_MIRROR_NAME);
	if (keywords_read(&kind_mirror, switch_keyword, words, &req, NULL, err) < 0 ||
	    vsw_connect(vsw, err) < 0)
		return -1;
	ret = get(vsw, &req, &mirrors, err);
	if (ret >= 0) {
		name_all(vsw, &mirrors);
		shown = output_list(&vsw->out, &kind_mirror, &mirrors, err);
		if (shown < 0)
			ret = -1;
	}
	list_free(&mirrors, &kind_mirror);
	return explain_dump(ret, err);
}

static const struct command commands[] = {
	{ "show", do_show, false },
	{ "list", do_show, false },
	{ "lst", do_show, false },
	{ "ls", do_show, false },
	{ "add", do_add, true },
	{ "set", do_set, true },
	{ "change", do_set, true },
	{ "delete", do_del, true },
	{}
};

const struct object object_mirror = { "mirror", help, commands, NULL, false };
