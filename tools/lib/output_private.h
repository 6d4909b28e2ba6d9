/* SPDX-License-Identifier: GPL-2.0 */
/* Between the output*.c files. */
#ifndef VSW_LIB_OUTPUT_PRIVATE_H
#define VSW_LIB_OUTPUT_PRIVATE_H

#include <stdint.h>

#include "output.h"

#define MAC_TEXT_SIZE 18
const char *mac_text(char text[MAC_TEXT_SIZE], const uint8_t mac[MODEL_MAC_SIZE]);

#define IP_TEXT_SIZE 50
/* Without the length of the prefix. */
const char *ip_text(char text[IP_TEXT_SIZE], const struct prefix *ip);
/* With it, unless it is all of the address. */
const char *prefix_text(char text[IP_TEXT_SIZE], const struct prefix *ip);
/* Likewise; of no bits it is "default". */
const char *net_text(char text[IP_TEXT_SIZE], const struct prefix *net);
/* Of IPv4 as such, though it is stored as ::ffff:a.b.c.d. */
const char *mapped_text(char text[IP_TEXT_SIZE], const uint8_t ip[MODEL_IP_SIZE]);
/* Milliseconds as seconds, with as many decimals as it needs; and with an "s". */
#define SECONDS_SIZE 24
const char *seconds_word(char text[SECONDS_SIZE], uint32_t ms);
const char *seconds_text(char text[SECONDS_SIZE], uint32_t ms);

/* output_json.c */
int json_list(const struct output *out, const struct kind *kind, const struct list *list,
	      struct err *err);
int json_event(const struct output *out, const char *event, const struct kind *kind,
	       const void *object, const char *timestamp, struct err *err);

/* output_text.c */
int text_list(const struct output *out, const struct kind *kind, const struct list *list,
	      struct err *err);
void text_event(const struct output *out, const char *event, const struct kind *kind,
		const void *object, const char *timestamp);

/*
 * output_guard.c: what a port's guard has, each as the words that would set it and
 * a blank; all, or what differs from a new port. Returns how long it is.
 */
#define GUARD_TEXT_SIZE 512
int guard_words(char text[GUARD_TEXT_SIZE], const struct guard *guard, bool all);
void text_drops(const struct output *out, const struct stats *stats);

/* output_router.c */
struct vsw_health;
void health_line(const struct vsw_health *health);

/* output_mirror.c */
int mirror_list(const struct output *out, const struct list *list, struct err *err);
void mirror_line(const struct output *out, const struct vsw_mirror *mirror);

/*
 * output_mcast.c: multicast snooping of switches and ports, and groups. Words each
 * with a blank behind, as output_guard.c has them.
 */
#define MCAST_TEXT_SIZE 160
#define SOURCES_TEXT_SIZE 512
int mcast_port_words(char text[MCAST_TEXT_SIZE], const struct vsw_port *port, bool all);
void mcast_print_switch(const struct mcast *mcast);
void mcast_print_stats(const struct output *out, const struct mcast_stats *stats);
int mdb_table(const struct output *out, const struct list *list, struct err *err);
void mdb_line(const struct output *out, const struct vsw_mdb *mdb);

/* output_flow.c */
struct vsw_flow_request;
int flow_tables(const struct output *out, const struct list *tables, struct err *err);
void flow_removed_line(const struct output *out, const struct vsw_flow_request *event);

/* output_router.c: the objects of the virtual router; false if kind is none of them */
bool router_table(const struct output *out, const struct kind *kind, const struct list *list,
		  int *ret, struct err *err);

/* output_route.c: routes and rules; false if kind is neither */
bool route_table(const struct output *out, const struct kind *kind, const struct list *list,
		 int *ret, struct err *err);

/* output_hook.c */
int hook_table(const struct output *out, const struct list *list, struct err *err);

/* output_image.c */
int image_table(const struct output *out, const struct list *list, struct err *err);
int container_table(const struct output *out, const struct list *list, struct err *err);
/* output_natnet.c */
int natnet_table(const struct output *out, const struct list *list, struct err *err);

/* output_acl.c */
int acl_table(const struct output *out, const struct list *list, struct err *err);

/* output_vlan.c */
int vlan_stats_table(const struct output *out, const struct list *list, struct err *err);

/* table.c */
enum colour { COLOUR_NONE, COLOUR_NAME, COLOUR_MAC, COLOUR_GOOD, COLOUR_BAD, COLOUR_HEAD };

struct table {
	bool colour;
	unsigned int columns;
	size_t n, room;		/* cells */
	struct cell *cells;
	bool failed;		/* no memory for a cell */
};

/*
 * Cells are added row by row, the first row is the heading; a heading that
 * begins with '>' is of a column of numbers, set to the right, and one that
 * begins with '?' of a column that is left out when all its cells are "-".
 */
void table_cell(struct table *table, enum colour colour, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
/* The first row, closed by NULL; it says how many columns there are. */
void table_heads(struct table *table, const char * const *heads);
/* Print and empty it. */
int table_print(struct table *table, struct err *err);

/*
 * Text from elsewhere (names and aliases of devices can be any bytes) made
 * harmless for a terminal, in colour if so.  fmt is the program's own.
 */
void put(bool colour, enum colour which, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

#endif
