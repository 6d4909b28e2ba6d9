/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Objects -> standard output, as text for people or as JSON for programs.
 *
 * The JSON is an interface and stays as it is:
 *  - A command that shows objects prints one array, also if there is only one or
 *    none; so do "switch add" and "port add", with what they made. The other
 *    changes print nothing. The elements have the attributes that the kernel
 *    sent, by the names they have in Documentation/netlink/specs/vswitch.yaml:
 *    numbers as integers in the spec's units (ageing-time and age in
 *    milliseconds), flags as true and false, addresses as "02:00:00:00:00:0a",
 *    the type of a MAC entry as "dynamic", "static" or "local".  "vlan" of a port
 *    is an array of { "first", "last", "untagged" }, of VLANs in rising order,
 *    no two elements of which could be one; that of a MAC entry is a number, and
 *    not there if it is of no VLAN.  "stats" is an
 *    object, there with -s; in it "drop" is an array of { "reason", "packets" }.
 *    What the kernel did not send is not there.  New keys may come, so ignore
 *    unknown ones.
 *  - "fdb flush" prints [{ "flushed": N }].
 *  - "monitor" prints an object a line: { "event": "port-new", "port": {...} },
 *    with the object under its kind; "timestamp" (ISO 8601) comes first when
 *    asked for.  { "event": "lost" } means that events were missed.
 *  - A command that fails prints nothing here; the message, as text, goes to
 *    standard error and the exit status is not 0.
 * The text may change with every release.
 */
#ifndef VSW_LIB_OUTPUT_H
#define VSW_LIB_OUTPUT_H

#include <stdbool.h>

#include "err.h"
#include "model.h"

struct output {
	bool json, pretty;
	bool stats, details;
	bool colour;
};

/* Objects of one kind. */
int output_list(const struct output *out, const struct kind *kind,
		const struct list *list, struct err *err);
/* The same for a single one. */
int output_object(const struct output *out, const struct kind *kind,
		  const void *object, struct err *err);

/* How many entries a flush removed. */
int output_flushed(const struct output *out, uint32_t flushed, struct err *err);
/* The name that the kernel chose for a new switch; text only. */
void output_name(const char *name);
/* The number that the kernel chose for a new rule; text only. */
void output_number(uint32_t number);
/* That the VLANs of the ports of a switch mean nothing to it; text only. */
void output_idle_vlans(const char *switch_name);
/* That a switch does not count by VLAN; text only. */
void output_uncounted_vlans(const char *switch_name);
/* One line for each primary VLAN of a switch, and what it is divided into. */
void output_private_vlans(const struct vsw_switch *sw);
/* Make text harmless for a terminal, in place. */
void output_harmless(char *text);
/* A dropped frame, text only. */
void output_dropped(const struct vsw_dropped *dropped);
/* Text that is meant to be read as it is: help, version. */
void output_text(const char *text);

/*
 * An event of the monitor, written through at once.  kind and object are NULL
 * for one that is not about an object; timestamp may be NULL.
 */
int output_event(const struct output *out, const char *event, const struct kind *kind,
		 const void *object, const char *timestamp, struct err *err);

/* Write through what is buffered; an error if anything could not be written. */
int output_flush(struct err *err);

#endif
