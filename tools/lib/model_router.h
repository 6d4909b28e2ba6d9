/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The objects of the family "vrouter", in the way of model.h. All times are in
 * milliseconds.
 */
#ifndef VSW_LIB_MODEL_ROUTER_H
#define VSW_LIB_MODEL_ROUTER_H

#include <linux/vrouter.h>

#include "model.h"

/* The first attribute number for what is said on the command line only. */
#define ROUTER_SAID	56

struct router_stats {
	uint64_t has;			/* VROUTER_A_STATS_* */
	uint64_t connections, refused;
	uint64_t rx_packets, rx_bytes;
	uint64_t tx_packets, tx_bytes;
	uint64_t resets, timeouts;
	uint32_t rate_time;
	uint64_t rx_packets_rate, rx_bytes_rate, tx_packets_rate, tx_bytes_rate; /* a second */
};

struct vsw_router {
	uint64_t has;			/* VROUTER_A_ROUTER_* */
	bool fast_path, in_use;
	uint32_t services, backends, publishes, nats, shapes;
	uint32_t connections, carried;
	uint64_t carried_packets;
};

enum { SERVICE_SAID_AFFINITY = ROUTER_SAID };

struct vsw_service {
	uint64_t has;			/* VROUTER_A_SERVICE_*, SERVICE_SAID_* */
	char *name;			/* owned */
	uint8_t protocol;		/* IPPROTO_* */
	struct prefix address;
	uint16_t port, port_last;
	uint8_t scheduler;		/* enum vrouter_scheduler */
	uint8_t forward;		/* enum vrouter_forward */
	uint32_t affinity, slow_start;
	uint32_t backends, active;
	struct router_stats stats;
	uint32_t health_share;		/* per cent */
	uint32_t health_window, health_minimum, health_out;
	const char *said_affinity;
};

enum { BACKEND_SAID_CONTAINER = ROUTER_SAID, BACKEND_SAID_NETNS, BACKEND_SAID_CGROUP };

struct vsw_backend {
	uint64_t has;			/* VROUTER_A_BACKEND_*, BACKEND_SAID_* */
	char *service;			/* owned */
	struct prefix address;
	uint16_t port;
	uint32_t weight, drain_timeout, max_connections;
	bool fallback, up, cut;
	uint32_t netns_fd;
	char *label;			/* owned */
	uint8_t state;			/* enum vrouter_backend_state */
	uint32_t active;
	struct router_stats stats;
	uint32_t cgroup_fd;
	uint32_t outs, back_in;
	const char *said_container, *said_netns, *said_cgroup;
};

enum { PUBLISH_SAID_TO = ROUTER_SAID, PUBLISH_SAID_NETNS };

struct vsw_publish {
	uint64_t has;			/* VROUTER_A_PUBLISH_*, PUBLISH_SAID_* */
	uint8_t protocol;		/* IPPROTO_* */
	uint16_t port, port_last, to_port;
	struct prefix address;
	struct prefix to_ipv4, to_ipv6;
	uint32_t netns_fd;
	char *label;			/* owned */
	bool obey_firewall;
	uint32_t active;
	struct router_stats stats;
	const char *said_to, *said_netns;
};

enum {
	NAT_SAID_PORTS = ROUTER_SAID, NAT_SAID_TO, NAT_SAID_IN, NAT_SAID_OUT, NAT_SAID_RANDOM,
	NAT_SAID_PERSISTENT
};

struct vsw_nat {
	uint64_t has;			/* VROUTER_A_NAT_*, NAT_SAID_* */
	uint32_t id;
	uint8_t kind;			/* enum vrouter_nat_kind */
	struct prefix source, destination;
	uint8_t protocol;		/* IPPROTO_* */
	uint16_t port, port_last;
	char device[MODEL_NAME_SIZE];
	uint8_t family;			/* AF_* */
	struct prefix to_first, to_last;
	uint16_t to_port, to_port_last;
	uint32_t flags;			/* enum vrouter_nat_flags */
	uint64_t connections;
	const char *said_ports, *said_to, *said_in, *said_out;
	bool said_random, said_persistent;
};

struct vsw_connection {
	uint64_t has;			/* VROUTER_A_CONNECTION_* */
	uint8_t protocol;		/* IPPROTO_* */
	struct prefix source, destination, to;
	uint16_t source_port, destination_port, to_port;
	char *service;			/* owned */
	uint8_t why_there, why_back;	/* enum vrouter_why_slow */
};

struct shape_stats {
	uint64_t has;			/* VROUTER_A_SHAPE_STATS_* */
	uint64_t packets, bytes, delayed, dropped, marked, rate;
	uint32_t backlog_packets, backlog_bytes;
};

/* Behind all attributes of a class, of which there are many. */
enum {
	SHAPE_SAID_RATE = 40, SHAPE_SAID_CEIL, SHAPE_SAID_BURST, SHAPE_SAID_LIMIT,
	SHAPE_SAID_QUOTA, SHAPE_SAID_SLOW_RATE, SHAPE_SAID_PORTS, SHAPE_SAID_FAR_PORTS,
	SHAPE_SAID_MARK
};

struct vsw_shape {
	uint64_t has;			/* VROUTER_A_SHAPE_*, SHAPE_SAID_* */
	char *name, *parent, *label;	/* owned */
	uint32_t order;
	uint64_t rate, ceil, slow_rate;	/* bit/s */
	uint32_t burst, limit;		/* bytes */
	uint8_t prio;
	uint8_t mode;			/* enum vrouter_shape_mode */
	uint8_t direction;		/* enum vrouter_shape_direction */
	uint8_t set_dscp;
	uint64_t quota, quota_used;	/* bytes */
	uint32_t period;
	bool slow;
	uint64_t cgroup;
	struct prefix near, far;
	uint16_t port, port_last, far_port, far_port_last;
	uint8_t protocol;		/* IPPROTO_* */
	uint32_t mark, mark_mask;
	uint8_t dscp;
	struct shape_stats out, in;
	const char *said_rate, *said_ceil, *said_burst, *said_limit, *said_quota;
	const char *said_slow_rate, *said_ports, *said_far_ports, *said_mark;
};

/* What a watch found out of a backend. */
enum { HEALTH_SERVICE = 1, HEALTH_ADDRESS, HEALTH_PORT, HEALTH_REASON };

struct vsw_health {
	uint64_t has;			/* HEALTH_* */
	char *service;
	struct prefix address;
	uint16_t port;
	char *reason;
};

extern const struct kind kind_health;
extern const struct kind kind_router, kind_service, kind_backend, kind_publish, kind_nat,
	kind_connection, kind_router_stats, kind_shape, kind_shape_stats;

/*
 * The values of those types of field that have words: the word, or NULL of a value
 * that has none; the value, or -1.
 */
const char *router_word(unsigned int field_type, unsigned int value);
int router_word_find(unsigned int field_type, const char *word);
/* All of them, with commas between. */
#define ROUTER_WORDS_SIZE 128
const char *router_words(unsigned int field_type, char text[ROUTER_WORDS_SIZE]);

#endif
