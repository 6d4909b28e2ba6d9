/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Inside the program: what its commands get and give.
 *
 * Words are always closed by NULL.  A command returns an exit status, or -1
 * with err set; err->status is the exit status then.  Only main.c prints
 * errors.
 */
#ifndef VSW_VSW_H
#define VSW_VSW_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/err.h"
#include "lib/model.h"
#include "lib/nl.h"
#include "lib/output.h"
#include "lib/status.h"

struct vsw {
	struct output out;
	bool timestamp;
	bool batch;			/* of a file: there is more to do after a command */
	struct vsw_nl *nl;		/* NULL until vsw_connect() */
	struct vsw_nl *router;		/* NULL until router_connect() */
	struct nl_sock *fib;		/* NULL until route_connect() */
};

struct command {
	const char *name;
	int (*run)(struct vsw *vsw, char **words, struct err *err);
	bool changes;			/* more than it shows */
};

/* A noun of the command line, described in its own file. */
struct object {
	const char *name;
	const char *help;
	const struct command *commands;	/* in the order of abbreviation, closed by {} */
	/* An object without commands gets all its words. */
	int (*run)(struct vsw *vsw, char **words, struct err *err);
	bool own_options;		/* its words that begin with '-' are its own */
};

extern const struct object object_switch, object_port, object_fdb, object_vlan, object_monitor,
	object_run, object_capture, object_mirror, object_binding, object_mdb, object_flow,
	object_group, object_meter, object_acl, object_trace, object_router, object_service,
	object_backend, object_publish, object_masquerade, object_nat, object_shape,
	object_route, object_natnet, object_update, object_image, object_create, object_start,
	object_stop, object_kill, object_restart, object_pause, object_unpause, object_wait,
	object_rm, object_rename, object_ps, object_logs, object_inspect,
	object_exec;

/* Open the netlink socket unless it is open. */
int vsw_connect(struct vsw *vsw, struct err *err);

/* main.c: run the command that the words are, object first. */
int vsw_command(struct vsw *vsw, char **words, struct err *err);
/* main.c: print an error; where ("FILE:LINE: ") is put before the message. */
void vsw_report(const char *where, const struct err *err);

/* batch.c: each line of a file is a command.  force: go on after errors. */
int vsw_batch(struct vsw *vsw, const char *file, bool force, struct err *err);

/* options.c */
struct options {
	bool json, pretty, stats, details, timestamp, force, help, version;
	enum { COLOUR_AUTO, COLOUR_ALWAYS, COLOUR_NEVER } colour_when;
	const char *netns, *batch;
};

/*
 * Take the options at *words and move *words behind them.  0, or -1 if one is
 * unknown or lacks its value.
 */
int options_take(char ***words, struct options *options, struct err *err);
/*
 * Take the options from among the words of a command, up to a word "--", and
 * close the gaps.  Those that hold for the whole program are refused here.
 */
int options_filter(char **words, struct options *options, struct err *err);
/* What they mean for output. */
void options_apply(const struct options *options, struct vsw *vsw);

/* keyword.c: the words of a command -> an object of the model */
enum keyword_form {
	KEYWORD_VALUE,		/* WORD VALUE, read by the type of the field */
	KEYWORD_SECONDS,	/* WORD SECONDS, for a field in milliseconds */
	KEYWORD_TIME,		/* WORD TIME, with its unit, likewise */
	KEYWORD_WIRE,		/* WORD on or off, for all bits of a field */
	KEYWORD_CONTAINER,	/* WORD NAME, for the number of its cgroup */
	KEYWORD_CONSTANT,	/* WORD stands for a value itself */
	KEYWORD_FLAG,		/* WORD, or WORD on, or WORD off */
	KEYWORD_DEVICE,		/* WORD VALUE, of the device, not of the object */
	KEYWORD_DEVICE_UP,	/* WORD sets the device up, or down */
	KEYWORD_GUARD,		/* WORD VALUE, of a port's guard */
	KEYWORD_STORM,		/* WORD RATE, likewise: packets, or in the attribute behind, bits */
};

struct keyword {
	const char *word;
	enum keyword_form form;
	uint16_t attr;
	uint8_t constant;
};

/*
 * Read all the words; keywords is closed by {}.  device may be NULL when none of
 * them is of a device.  A keyword may come once; of those for one attribute, too.
 */
int keywords_read(const struct kind *kind, const struct keyword *keywords, char **words,
		  void *object, struct vsw_device *device, struct err *err);
/*
 * Take the name that may come first, with or without the word lead ("dev")
 * before it.  Returns 1 if there is one, 0 if not (the words begin with a
 * keyword, or are at their end), -1 if it is none.
 */
int keywords_first_name(char ***words, const char *lead, const struct keyword *keywords,
			const char **name, struct err *err);

/*
 * vlan_stats.c: "-s vlan show", of the VLANs of a port or NULL, of the switch and the VLAN
 * (as its PVID) that req names.
 */
int vlan_stats_show(struct vsw *vsw, const char *port_name, const struct vsw_port *req,
		    struct err *err);

/* private.c: "vlan private" */
int private_run(struct vsw *vsw, char **words, struct err *err);

/* place.c: the port that a word names */
struct place {
	const char *word;		/* NULL: no port is named, and none is looked for */
	const char *switch_name;	/* it is one of this switch; "": of any */
	enum { PLACE_UNTRIED, PLACE_DEVICE, PLACE_NUMBER } tried;
	uint32_t switch_ifindex, number;
};

/*
 * What to try next, for a request that was refused (or not made yet): first the
 * device of that name, and if there is none in this network namespace, SWITCH:NUMBER,
 * or the one port of that alias, or the one vnic of that name elsewhere.  false:
 * nothing; err says why then.  So:
 *
 *	while (ret < 0 && place_next(vsw, &place, err)) {
 *		place_port(&place, &req);
 *		ret = vsw_nl_port_...(vsw->nl, &req, err);
 *	}
 */
bool place_next(struct vsw *vsw, struct place *place, struct err *err);
/* Name the port in a request. */
void place_port(const struct place *place, struct vsw_port *req);
void place_fdb(const struct place *place, struct vsw_fdb *req);
void place_binding(const struct place *place, struct vsw_binding *req);
void place_mdb(const struct place *place, struct vsw_mdb *req);

/* The port that is named, of its switch if it is to be of one, into an empty one. */
int place_get(struct vsw *vsw, struct place *place, struct vsw_port *port, struct err *err);

/*
 * vlan.c: the three attributes of VLANs from the one or two that were said.  They
 * only make sense together, and the kernel takes them as one.
 */
int vlans_complete(struct vsw_port *port, struct err *err);

/* vnic.c: make what port and device say, and store where it is.  0 or -1. */
int vnic_add(struct vsw *vsw, const struct vsw_port *port, const struct vsw_device *device,
	     struct vsw_port *made, struct err *err);

/* explain.c */
struct hint {
	int errnum;
	const char *text;	/* a sentence: what to do */
};

/*
 * Complete the error of a call that failed: what it was about in front of the
 * kernel's sentence, and behind it the hint for its errno (hints is closed by
 * {}).  Returns -1.
 */
int explain(const struct hint *hints, struct err *err, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
/* The error for a dump that stayed inconsistent; 0 if it was not. */
int explain_dump(int ret, struct err *err);

#endif
