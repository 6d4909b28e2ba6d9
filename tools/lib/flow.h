/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Flows, groups and meters: the plain structs, and the text that people write and
 * read, which is that of ovs-ofctl(8) and ovs-fields(7).
 *
 * Text is read in place: what is parsed is cut into pieces. Whatever was parsed is
 * printed as text that parses to the same again.
 */
#ifndef VSW_LIB_FLOW_H
#define VSW_LIB_FLOW_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "err.h"
#include "model.h"

#define FLOW_FIELD_SIZE		16	/* bytes of the longest field */
#define FLOW_MAX_LEN		65535	/* of a controller action: all of the packet */
#define FLOW_RATE		1000	/* likewise, packets a second */
#define FLOW_LEARN_LIMIT	1000	/* flows that an action has at a time */

/* One field, with its bytes as they are on the wire; ranges have no mask. */
struct flow_term {
	uint8_t field;			/* VSWITCH_A_MATCH_* */
	uint8_t value[FLOW_FIELD_SIZE];	/* 0 where mask is */
	uint8_t mask[FLOW_FIELD_SIZE];
};

/* By rising field, each at most once. */
struct flow_match {
	struct flow_term *term;		/* owned */
	size_t n, room;
};

struct flow_move {
	uint8_t src, dst;
	uint16_t src_offset, dst_offset, bits;
};

struct flow_resubmit {
	bool has_port, has_table;
	uint8_t table;
	uint32_t port;
};

struct flow_controller {
	uint32_t max_len, rate;
	uint8_t userdata[VSWITCH_FLOW_USERDATA_LEN];
	uint8_t n_userdata;
};

/* Addresses as on the wire; the highest is the lowest if there is but one. */
struct flow_nat {
	bool source, dest;		/* at most one; none: as the connection has it */
	bool random, persistent;
	uint8_t ip_size;		/* 4, 16, or 0 without addresses */
	uint8_t ip_min[MODEL_IP_SIZE], ip_max[MODEL_IP_SIZE];
	uint16_t port_min, port_max;	/* of the host; 0: not given */
};

struct flow_ct {
	bool commit, force, has_table, has_mark, has_nat;
	uint8_t table;
	uint16_t zone;
	uint32_t mark, mark_mask;
	char helper[VSWITCH_FLOW_HELPER_LEN + 1];
	struct flow_nat nat;
};

/* What a flow that is learned matches, sets, or outputs to. */
struct flow_learn_spec {
	uint8_t kind;			/* enum vswitch_learn_kind */
	bool has_src;			/* or value counts */
	uint8_t src, dst;		/* VSWITCH_A_MATCH_*; no dst of an output */
	uint16_t src_offset, dst_offset, bits;
	uint8_t value[FLOW_FIELD_SIZE];	/* a number of 128 bits, in network order */
};

struct flow_learn {
	uint8_t table;
	uint16_t priority;
	uint64_t cookie;
	uint32_t idle_timeout, hard_timeout;	/* milliseconds; 0: none */
	uint32_t limit;
	struct flow_learn_spec *spec;	/* owned */
	size_t n, room;
};

struct flow_sample {
	uint32_t rate, group, max_len;
};

struct flow_action {
	uint8_t type;			/* VSWITCH_A_ACTION_* */
	union {
		uint32_t number;	/* of output, push-vlan, priority, meter, group, ... */
		char label[VSWITCH_FLOW_LABEL_LEN + 1];
		char mirror[MODEL_NAME_SIZE];
		struct flow_term set;
		struct flow_move move;	/* of an output to a field the source alone */
		struct flow_resubmit resubmit;
		struct flow_controller controller;
		struct flow_ct ct;
		struct flow_learn *learn;	/* owned */
		struct flow_sample sample;
	};
};

/* None: the packet is dropped. */
struct flow_actions {
	struct flow_action *action;	/* owned */
	size_t n, room;
};

/* What of struct vsw_flow the kernel does not send. */
enum { FLOW_SAID_SWITCH_NAME = 40 };

struct vsw_flow {
	uint64_t has;			/* VSWITCH_A_FLOW_ENTRY_*, FLOW_SAID_* */
	char switch_name[MODEL_NAME_SIZE];
	uint8_t table;
	uint16_t priority, importance;
	uint64_t cookie;
	uint32_t idle_timeout, hard_timeout;	/* milliseconds; 0: none */
	uint32_t flags;			/* VSWITCH_FLOW_FLAG_* */
	struct flow_match match;
	struct flow_actions actions;
	uint64_t packets, bytes;
	uint64_t duration, idle, hard_age;	/* milliseconds */
};

/* Which flows are meant, and what becomes of them. */
struct vsw_flow_request {
	uint64_t has;			/* VSWITCH_A_FLOW_* */
	uint32_t switch_ifindex;
	char switch_name[MODEL_NAME_SIZE];
	struct vsw_flow entry;		/* of an event */
	uint32_t bundle;
	uint8_t table;
	bool strict;
	uint16_t priority;
	uint64_t cookie, cookie_mask;
	uint32_t out_port, out_group;
	struct flow_match match;
	struct flow_actions actions;
	bool reset_counts;
	uint32_t count;
	uint8_t reason;			/* enum vswitch_flow_removed */
};

struct vsw_flow_table {
	uint64_t has;			/* VSWITCH_A_FLOW_TABLE_* */
	uint32_t switch_ifindex;
	char switch_name[MODEL_NAME_SIZE];
	uint8_t table;
	uint32_t max_flows;		/* 0: as many as the switch may have */
	bool evict;
	uint8_t miss;			/* enum vswitch_flow_miss */
	uint32_t flows, masks;
	uint64_t lookups, hits, misses, memory;
};

struct vsw_bucket {
	uint64_t has;			/* VSWITCH_A_BUCKET_* */
	uint32_t id;
	uint16_t weight;
	uint32_t watch_port;
	struct flow_actions actions;
	uint64_t packets, bytes;
};

struct flow_buckets {
	struct vsw_bucket *bucket;	/* owned */
	size_t n, room;
};

struct vsw_group {
	uint64_t has;			/* VSWITCH_A_GROUP_* */
	uint32_t switch_ifindex;
	char switch_name[MODEL_NAME_SIZE];
	uint32_t id;
	uint8_t type;			/* enum vswitch_group_type */
	uint8_t hash;			/* enum vswitch_group_hash */
	struct flow_buckets buckets;
	uint64_t packets, bytes;
	uint32_t flows;
};

struct vsw_meter {
	uint64_t has;			/* VSWITCH_A_METER_* */
	uint32_t switch_ifindex;
	char switch_name[MODEL_NAME_SIZE];
	uint32_t id;
	uint8_t unit;			/* enum vswitch_meter_unit */
	uint32_t rate, burst;
	uint8_t dscp;
	bool per_flow;
	uint64_t packets, bytes, over_packets, over_bytes;
	uint32_t flows;
};

/* A packet that a flow, or a table's miss, tells of. */
struct vsw_packet_in {
	uint64_t has;			/* VSWITCH_A_PACKET_IN_* */
	uint32_t switch_ifindex;
	char switch_name[MODEL_NAME_SIZE];
	uint32_t port_number, port_ifindex;
	char port_name[MODEL_NAME_SIZE];
	uint8_t table;
	uint64_t cookie;
	uint8_t reason;			/* enum vswitch_packet_in_reason */
	uint64_t time;			/* nanoseconds since 1970 */
	uint32_t length;
	struct bytes frame, userdata;
	uint32_t lost;
};

extern const struct kind kind_flow, kind_flow_request, kind_flow_table, kind_bucket, kind_group,
	kind_meter, kind_packet_in;

/* Of an enumeration that a field of these types has; "?" for an unknown one. */
const char *flow_word(unsigned int field_type, unsigned int value);
/* The value; -1: there is no such word. */
int flow_word_find(unsigned int field_type, const char *word);

/* model_flow.c: -1: no memory. A zeroed one at the end. */
struct flow_action *flow_actions_grow(struct flow_actions *actions);
struct vsw_bucket *flow_buckets_grow(struct flow_buckets *buckets);
/* A zeroed one where the field belongs, which is not there yet; NULL without memory. */
struct flow_term *flow_match_grow(struct flow_match *match, unsigned int field);
struct flow_term *flow_match_find(const struct flow_match *match, unsigned int field);
/* None, with the memory for others. */
void flow_actions_empty(struct flow_actions *actions);
void flow_actions_free(struct flow_actions *actions);
/* With what is meant where nothing is said; NULL: no memory. */
struct flow_learn *flow_learn_new(void);
struct flow_learn_spec *flow_learn_grow(struct flow_learn *learn);
void flow_buckets_free(struct flow_buckets *buckets);
/* Empty for another one, which may use its memory. */
void flow_reset(struct vsw_flow *flow);

/* ---- flow_field.c: names of fields ----------------------------------------- */

enum flow_format {
	FLOW_DECIMAL,
	FLOW_HEX,
	FLOW_PORT,		/* of the switch */
	FLOW_MAC,
	FLOW_IPV4,
	FLOW_IPV6,
	FLOW_TRANSPORT,		/* port of TCP, UDP, SCTP: may be a range */
	FLOW_FRAGMENT,
	FLOW_TCP_FLAGS,
	FLOW_CT_STATE,
	FLOW_TOS,		/* without its two low bits, unless there is a mask */
	FLOW_TAG,		/* VID or priority: of a tag that is there */
	FLOW_VID,		/* the same with the bit that says that it is there */
	FLOW_CGROUP,
	FLOW_CONTAINER,		/* the same, by the name that "vsw run" gave */
};

/* A name for some bits of a field. */
struct flow_field {
	const char *name;
	uint8_t field;			/* VSWITCH_A_MATCH_* */
	uint8_t shift, bits;
	uint8_t format;			/* enum flow_format */
};

/* By name; NULL: there is none. */
const struct flow_field *flow_field_find(const char *name);
/* The name by which all bits of a field are called. */
const char *flow_field_name(unsigned int field);
/* Bytes on the wire; 0: there is no such field. */
unsigned int flow_field_size(unsigned int field);
unsigned int flow_field_bits(unsigned int field);
/* Whose bytes those of the host are, as a number of at most 64 bits. */
uint64_t flow_number(unsigned int field, const uint8_t bytes[FLOW_FIELD_SIZE]);
void flow_put_number(unsigned int field, uint8_t bytes[FLOW_FIELD_SIZE], uint64_t number);
/* As a number of 128 bits in network order, and back. */
void flow_to_wide(unsigned int field, const uint8_t *bytes, uint8_t wide[FLOW_FIELD_SIZE]);
void flow_from_wide(unsigned int field, const uint8_t wide[FLOW_FIELD_SIZE], uint8_t *bytes);
/* All bits that the field has. */
void flow_full_mask(unsigned int field, uint8_t mask[FLOW_FIELD_SIZE]);
bool flow_is_exact(const struct flow_term *term);
bool flow_is_range(unsigned int field);

/* Words for EtherType and protocol; has_proto: it is of both. */
struct flow_protocol {
	const char *name;
	uint16_t eth_type;
	bool has_proto;
	uint8_t proto;
};

const struct flow_protocol *flow_protocol_find(const char *name);
/* The shortest word; proto: -1 for any. NULL: there is none. */
const char *flow_protocol_name(unsigned int eth_type, int proto);

/* ---- flow_port.c: names of a switch's ports --------------------------------- */

struct flow_port {
	char *name;			/* owned */
	uint32_t number;
	bool first;			/* of its names the one to be printed */
};

/* By name. Asked for when the first one is looked for. */
struct flow_ports {
	int (*fetch)(struct flow_ports *ports, void *arg, struct err *err);	/* or NULL */
	void *arg;
	bool fetched;
	struct flow_port *port, **by_number;	/* owned */
	size_t n, room;
};

/* fetch() adds them with this, in any order. */
int flow_ports_add(struct flow_ports *ports, const char *name, uint32_t number, bool first);
void flow_ports_free(struct flow_ports *ports);
/* A number, a name, or a word like "local"; ports may be NULL. */
int flow_port_parse(const char *what, const char *text, struct flow_ports *ports,
		    uint32_t *number, struct err *err);
/* 1: it is one, 0: it is none. */
int flow_port_word(const char *text, uint32_t *number);
void flow_port_print(FILE *out, uint32_t number, struct flow_ports *ports);

/* ---- text -> structs ---------------------------------------------------------- */

/*
 * One of the pieces of a text: "key", "key=value", "key:value" or "key(value)"; cut in
 * place. value is NULL if there is none, form the sign between them or 0.
 */
struct flow_piece {
	char *key, *value;
	char form;
};

/* 1: there is one, and *text moves behind it; 0: there is no more; -1: err is set. */
int flow_piece_next(char **text, struct flow_piece *piece, struct err *err);

/* A flow to be added. */
int flow_parse(char *text, struct flow_ports *ports, struct vsw_flow *flow, struct err *err);

/* What else than which flows are meant may stand in a text; of a packet there are fields only. */
enum flow_use { FLOW_USE_FILTER, FLOW_USE_MODIFY, FLOW_USE_PACKET };

int flow_parse_request(char *text, struct flow_ports *ports, enum flow_use use,
		       struct vsw_flow_request *req, struct err *err);

int flow_parse_actions(char *text, struct flow_ports *ports, struct flow_actions *actions,
		       struct err *err);
/* A value, and its mask if there is one, of a field; a range becomes that of another field. */
int flow_parse_value(const struct flow_field *f, char *text, struct flow_ports *ports,
		     struct flow_term *term, struct err *err);
/* Decimal or with 0x, at most max. */
int flow_parse_number(const char *what, const char *text, uint64_t max, uint64_t *number,
		      struct err *err);
/* Likewise, or -1 for all the bits that there are. */
int flow_parse_bits(const char *what, const char *text, uint64_t all, uint64_t *bits,
		    struct err *err);
int flow_parse_group(char *text, struct flow_ports *ports, struct vsw_group *group,
		     struct err *err);
int flow_parse_meter(char *text, struct vsw_meter *meter, struct err *err);

/*
 * flow_group_order.c: the places of struct vsw_group in a list, those first that buckets
 * of others name, else as they are; the caller's to free. NULL: no memory.
 */
size_t *flow_group_order(const struct list *groups);

/* ---- structs -> text ---------------------------------------------------------- */

/* Ports by number where ports is NULL, or has no name for one. All without a newline. */
void flow_print(FILE *out, const struct vsw_flow *flow, struct flow_ports *ports);
/* Without words for EtherType and protocol: as names of fields. Nothing if all match. */
void flow_print_match(FILE *out, const struct flow_match *match, bool words,
		      struct flow_ports *ports);
void flow_print_actions(FILE *out, const struct flow_actions *actions,
			struct flow_ports *ports);
/* As behind a name and '='; the name is chosen by what else the match has. */
void flow_print_term(FILE *out, const struct flow_match *match, const struct flow_term *term,
		     struct flow_ports *ports);
/* The value, and the mask unless it is what the name has without one. */
void flow_print_value(FILE *out, const struct flow_field *f, const struct flow_term *term,
		      struct flow_ports *ports);
void flow_print_group(FILE *out, const struct vsw_group *group, struct flow_ports *ports);
void flow_print_bucket(FILE *out, const struct vsw_bucket *bucket, struct flow_ports *ports);
void flow_print_meter(FILE *out, const struct vsw_meter *meter);
/* Milliseconds as seconds. */
void flow_print_seconds(FILE *out, uint64_t ms);

#endif
