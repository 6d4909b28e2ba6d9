/* SPDX-License-Identifier: ((GPL-2.0 WITH Linux-syscall-note) OR BSD-3-Clause) */
/* Do not edit directly, auto-generated from: */
/*	Documentation/netlink/specs/vrouter.yaml */
/* YNL-GEN uapi header */

#ifndef _UAPI_LINUX_VROUTER_H
#define _UAPI_LINUX_VROUTER_H

#define VROUTER_FAMILY_NAME	"vrouter"
#define VROUTER_FAMILY_VERSION	1

#define VROUTER_NAME_LEN	31
#define VROUTER_LABEL_LEN	63
#define VROUTER_DEVICE_LEN	15
#define VROUTER_MAX_WEIGHT	65535
#define VROUTER_DEFAULT_WEIGHT	1
#define VROUTER_MAX_BACKENDS	1024
#define VROUTER_MAX_SERVICES	65536
#define VROUTER_MAX_PUBLISHES	65536
#define VROUTER_MAX_NATS	4096
#define VROUTER_MAX_TIMEOUT	604800000

/**
 * enum vrouter_scheduler - How a service chooses the backend of a new
 *   connection; of those with a weight.
 * @VROUTER_SCHEDULER_RR: One after the other, whatever the weights.
 * @VROUTER_SCHEDULER_WRR: One after the other, as often as the weights say,
 *   evenly spread.
 * @VROUTER_SCHEDULER_LC: The one with the fewest connections.
 * @VROUTER_SCHEDULER_WLC: The one with the fewest connections for its weight.
 * @VROUTER_SCHEDULER_SH: By a hash of the client's address, so a client stays
 *   with one.
 * @VROUTER_SCHEDULER_MAGLEV: By consistent hashing of address and port of the
 *   client; when backends change few connections would go elsewhere.
 * @VROUTER_SCHEDULER_RANDOM2: Of two by chance the one with fewer connections
 *   for its weight.
 */
enum vrouter_scheduler {
	VROUTER_SCHEDULER_RR,
	VROUTER_SCHEDULER_WRR,
	VROUTER_SCHEDULER_LC,
	VROUTER_SCHEDULER_WLC,
	VROUTER_SCHEDULER_SH,
	VROUTER_SCHEDULER_MAGLEV,
	VROUTER_SCHEDULER_RANDOM2,
};

/**
 * enum vrouter_forward - How packets get to the backends.
 * @VROUTER_FORWARD_NAT: The destination is translated, the answers' source
 *   back. Backends may be anywhere.
 * @VROUTER_FORWARD_DIRECT: Packets stay as they are, only their next hop is
 *   the backend, which has the service's address and answers to the client by
 *   itself.
 */
enum vrouter_forward {
	VROUTER_FORWARD_NAT,
	VROUTER_FORWARD_DIRECT,
};

/**
 * enum vrouter_nat_kind - What a rule of address translation does with new
 *   connections.
 * @VROUTER_NAT_KIND_MASQUERADE: The source becomes the address of the device
 *   that packets leave by.
 * @VROUTER_NAT_KIND_SNAT: The source becomes one of to-first to to-last.
 * @VROUTER_NAT_KIND_DNAT: The destination becomes one of to-first to to-last.
 * @VROUTER_NAT_KIND_ONE_TO_ONE: Both ways between the addresses of source (one
 *   prefix) and those from to-first on; what comes to one of these goes to its
 *   counterpart. to-first is the first of a prefix as long as source's.
 */
enum vrouter_nat_kind {
	VROUTER_NAT_KIND_MASQUERADE,
	VROUTER_NAT_KIND_SNAT,
	VROUTER_NAT_KIND_DNAT,
	VROUTER_NAT_KIND_ONE_TO_ONE,
};

/**
 * enum vrouter_nat_flags
 * @VROUTER_NAT_FLAGS_RANDOM: The port is chosen by chance, not kept.
 * @VROUTER_NAT_FLAGS_PERSISTENT: A client gets the same address of several for
 *   all its connections.
 */
enum vrouter_nat_flags {
	VROUTER_NAT_FLAGS_RANDOM = 1,
	VROUTER_NAT_FLAGS_PERSISTENT = 2,
};

/**
 * enum vrouter_backend_state - Whether a backend gets new connections.
 * @VROUTER_BACKEND_STATE_DRAIN: Its weight is 0, those that it has go on,
 *   until the deadline if there is one.
 * @VROUTER_BACKEND_STATE_DOWN: Health checks say so.
 * @VROUTER_BACKEND_STATE_FULL: It has as many as max-connections allows.
 */
enum vrouter_backend_state {
	VROUTER_BACKEND_STATE_UP,
	VROUTER_BACKEND_STATE_DRAIN,
	VROUTER_BACKEND_STATE_DOWN,
	VROUTER_BACKEND_STATE_FULL,
};

/**
 * enum vrouter_why_slow - Why a connection is not carried by the fast path.
 * @VROUTER_WHY_SLOW_CARRIED: It is.
 * @VROUTER_WHY_SLOW_OFF: The fast path is switched off.
 * @VROUTER_WHY_SLOW_NEW: No packet came both ways yet, or TCP is not
 *   established.
 * @VROUTER_WHY_SLOW_ENDING: FIN or RST was seen.
 * @VROUTER_WHY_SLOW_PROTOCOL: Neither TCP nor UDP.
 * @VROUTER_WHY_SLOW_LOCAL: One end is this host.
 * @VROUTER_WHY_SLOW_HELPER: A conntrack helper reads it, or sequence numbers
 *   are shifted.
 * @VROUTER_WHY_SLOW_IPSEC: A policy of IPsec applies.
 * @VROUTER_WHY_SLOW_ROUTE: The route is none that can be cached, or takes
 *   another way now.
 * @VROUTER_WHY_SLOW_NEIGHBOUR: The next hop's address is not known.
 * @VROUTER_WHY_SLOW_DEVICE: The device can't be sent to in the short way.
 * @VROUTER_WHY_SLOW_MANGLED: A rule changed the packet on its way (mark,
 *   priority, DSCP).
 * @VROUTER_WHY_SLOW_MEMORY: There was none.
 * @VROUTER_WHY_SLOW_WAITING: Something changed; the next packet each way looks
 *   whether it may go on.
 */
enum vrouter_why_slow {
	VROUTER_WHY_SLOW_CARRIED,
	VROUTER_WHY_SLOW_OFF,
	VROUTER_WHY_SLOW_NEW,
	VROUTER_WHY_SLOW_ENDING,
	VROUTER_WHY_SLOW_PROTOCOL,
	VROUTER_WHY_SLOW_LOCAL,
	VROUTER_WHY_SLOW_HELPER,
	VROUTER_WHY_SLOW_IPSEC,
	VROUTER_WHY_SLOW_ROUTE,
	VROUTER_WHY_SLOW_NEIGHBOUR,
	VROUTER_WHY_SLOW_DEVICE,
	VROUTER_WHY_SLOW_MANGLED,
	VROUTER_WHY_SLOW_MEMORY,
	VROUTER_WHY_SLOW_WAITING,
};

enum vrouter_stats_attr {
	VROUTER_A_STATS_PAD = 1,
	VROUTER_A_STATS_CONNECTIONS,
	VROUTER_A_STATS_REFUSED,
	VROUTER_A_STATS_RX_PACKETS,
	VROUTER_A_STATS_RX_BYTES,
	VROUTER_A_STATS_TX_PACKETS,
	VROUTER_A_STATS_TX_BYTES,

	__VROUTER_A_STATS_MAX,
	VROUTER_A_STATS_MAX = (__VROUTER_A_STATS_MAX - 1)
};

enum vrouter_router_attr {
	VROUTER_A_ROUTER_PAD = 1,
	VROUTER_A_ROUTER_FAST_PATH,
	VROUTER_A_ROUTER_SERVICES,
	VROUTER_A_ROUTER_BACKENDS,
	VROUTER_A_ROUTER_PUBLISHES,
	VROUTER_A_ROUTER_NATS,
	VROUTER_A_ROUTER_CONNECTIONS,
	VROUTER_A_ROUTER_CARRIED,
	VROUTER_A_ROUTER_CARRIED_PACKETS,
	VROUTER_A_ROUTER_IN_USE,

	__VROUTER_A_ROUTER_MAX,
	VROUTER_A_ROUTER_MAX = (__VROUTER_A_ROUTER_MAX - 1)
};

enum vrouter_service_attr {
	VROUTER_A_SERVICE_PAD = 1,
	VROUTER_A_SERVICE_NAME,
	VROUTER_A_SERVICE_PROTOCOL,
	VROUTER_A_SERVICE_ADDRESS,
	VROUTER_A_SERVICE_PORT,
	VROUTER_A_SERVICE_PORT_LAST,
	VROUTER_A_SERVICE_SCHEDULER,
	VROUTER_A_SERVICE_FORWARD,
	VROUTER_A_SERVICE_AFFINITY,
	VROUTER_A_SERVICE_SLOW_START,
	VROUTER_A_SERVICE_BACKENDS,
	VROUTER_A_SERVICE_ACTIVE,
	VROUTER_A_SERVICE_STATS,

	__VROUTER_A_SERVICE_MAX,
	VROUTER_A_SERVICE_MAX = (__VROUTER_A_SERVICE_MAX - 1)
};

enum vrouter_backend_attr {
	VROUTER_A_BACKEND_PAD = 1,
	VROUTER_A_BACKEND_SERVICE,
	VROUTER_A_BACKEND_ADDRESS,
	VROUTER_A_BACKEND_PORT,
	VROUTER_A_BACKEND_WEIGHT,
	VROUTER_A_BACKEND_DRAIN_TIMEOUT,
	VROUTER_A_BACKEND_MAX_CONNECTIONS,
	VROUTER_A_BACKEND_FALLBACK,
	VROUTER_A_BACKEND_UP,
	VROUTER_A_BACKEND_CUT,
	VROUTER_A_BACKEND_NETNS_FD,
	VROUTER_A_BACKEND_LABEL,
	VROUTER_A_BACKEND_STATE,
	VROUTER_A_BACKEND_ACTIVE,
	VROUTER_A_BACKEND_STATS,

	__VROUTER_A_BACKEND_MAX,
	VROUTER_A_BACKEND_MAX = (__VROUTER_A_BACKEND_MAX - 1)
};

enum vrouter_publish_attr {
	VROUTER_A_PUBLISH_PAD = 1,
	VROUTER_A_PUBLISH_PROTOCOL,
	VROUTER_A_PUBLISH_PORT,
	VROUTER_A_PUBLISH_PORT_LAST,
	VROUTER_A_PUBLISH_ADDRESS,
	VROUTER_A_PUBLISH_TO_IPV4,
	VROUTER_A_PUBLISH_TO_IPV6,
	VROUTER_A_PUBLISH_TO_PORT,
	VROUTER_A_PUBLISH_NETNS_FD,
	VROUTER_A_PUBLISH_LABEL,
	VROUTER_A_PUBLISH_OBEY_FIREWALL,
	VROUTER_A_PUBLISH_ACTIVE,
	VROUTER_A_PUBLISH_STATS,

	__VROUTER_A_PUBLISH_MAX,
	VROUTER_A_PUBLISH_MAX = (__VROUTER_A_PUBLISH_MAX - 1)
};

enum vrouter_nat_attr {
	VROUTER_A_NAT_PAD = 1,
	VROUTER_A_NAT_ID,
	VROUTER_A_NAT_KIND,
	VROUTER_A_NAT_SOURCE,
	VROUTER_A_NAT_SOURCE_LEN,
	VROUTER_A_NAT_DESTINATION,
	VROUTER_A_NAT_DESTINATION_LEN,
	VROUTER_A_NAT_PROTOCOL,
	VROUTER_A_NAT_PORT,
	VROUTER_A_NAT_PORT_LAST,
	VROUTER_A_NAT_DEVICE,
	VROUTER_A_NAT_FAMILY,
	VROUTER_A_NAT_TO_FIRST,
	VROUTER_A_NAT_TO_LAST,
	VROUTER_A_NAT_TO_PORT,
	VROUTER_A_NAT_TO_PORT_LAST,
	VROUTER_A_NAT_FLAGS,
	VROUTER_A_NAT_CONNECTIONS,

	__VROUTER_A_NAT_MAX,
	VROUTER_A_NAT_MAX = (__VROUTER_A_NAT_MAX - 1)
};

enum vrouter_connection_attr {
	VROUTER_A_CONNECTION_PAD = 1,
	VROUTER_A_CONNECTION_PROTOCOL,
	VROUTER_A_CONNECTION_SOURCE,
	VROUTER_A_CONNECTION_SOURCE_PORT,
	VROUTER_A_CONNECTION_DESTINATION,
	VROUTER_A_CONNECTION_DESTINATION_PORT,
	VROUTER_A_CONNECTION_TO,
	VROUTER_A_CONNECTION_TO_PORT,
	VROUTER_A_CONNECTION_SERVICE,
	VROUTER_A_CONNECTION_WHY_THERE,
	VROUTER_A_CONNECTION_WHY_BACK,

	__VROUTER_A_CONNECTION_MAX,
	VROUTER_A_CONNECTION_MAX = (__VROUTER_A_CONNECTION_MAX - 1)
};

enum vrouter_cmd {
	VROUTER_CMD_UNSPEC,
	VROUTER_CMD_ROUTER_GET,
	VROUTER_CMD_ROUTER_SET,
	VROUTER_CMD_ROUTER_FLUSH,
	VROUTER_CMD_SERVICE_NEW,
	VROUTER_CMD_SERVICE_SET,
	VROUTER_CMD_SERVICE_DEL,
	VROUTER_CMD_SERVICE_GET,
	VROUTER_CMD_BACKEND_NEW,
	VROUTER_CMD_BACKEND_SET,
	VROUTER_CMD_BACKEND_DEL,
	VROUTER_CMD_BACKEND_GET,
	VROUTER_CMD_PUBLISH_NEW,
	VROUTER_CMD_PUBLISH_SET,
	VROUTER_CMD_PUBLISH_DEL,
	VROUTER_CMD_PUBLISH_GET,
	VROUTER_CMD_NAT_NEW,
	VROUTER_CMD_NAT_DEL,
	VROUTER_CMD_NAT_GET,
	VROUTER_CMD_CONNECTION_GET,

	__VROUTER_CMD_MAX,
	VROUTER_CMD_MAX = (__VROUTER_CMD_MAX - 1)
};

#endif /* _UAPI_LINUX_VROUTER_H */
