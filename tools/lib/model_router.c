// SPDX-License-Identifier: GPL-2.0
/* Objects of the virtual router as kinds, and the words of their values. */
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "model_router.h"

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

#define STATS(key, ATTR, member) STATS_OF(key, ATTR, FIELD_U64, member, NULL)
#define STATS_OF(key, ATTR, kind, member, text) \
	{ key, VROUTER_A_STATS_##ATTR, kind, offsetof(struct router_stats, member), text }
#define ROUTER(key, ATTR, kind, member) \
	{ key, VROUTER_A_ROUTER_##ATTR, kind, offsetof(struct vsw_router, member), NULL }
#define SERVICE(key, ATTR, kind, member, text) \
	{ key, VROUTER_A_SERVICE_##ATTR, kind, offsetof(struct vsw_service, member), text }
#define BACKEND(key, ATTR, kind, member, text) \
	{ key, VROUTER_A_BACKEND_##ATTR, kind, offsetof(struct vsw_backend, member), text }
#define PUBLISH(key, ATTR, kind, member) \
	{ key, VROUTER_A_PUBLISH_##ATTR, kind, offsetof(struct vsw_publish, member), NULL }
#define NAT(key, ATTR, kind, member) \
	{ key, VROUTER_A_NAT_##ATTR, kind, offsetof(struct vsw_nat, member), NULL }
#define CONNECTION(key, ATTR, kind, member) \
	{ key, VROUTER_A_CONNECTION_##ATTR, kind, offsetof(struct vsw_connection, member), NULL }
#define SHAPE(key, ATTR, kind, member) \
	{ key, VROUTER_A_SHAPE_##ATTR, kind, offsetof(struct vsw_shape, member), NULL }
#define SHAPE_STATS(key, ATTR, kind, member) \
	{ key, VROUTER_A_SHAPE_STATS_##ATTR, kind, offsetof(struct shape_stats, member), NULL }
#define SAID(key, WORD, kind, object, member) \
	{ key, WORD, kind, offsetof(struct object, member), NULL }

/* In the order in which JSON has them. */

static const struct field stats_fields[] = {
	STATS("connections", CONNECTIONS, connections),
	STATS("refused", REFUSED, refused),
	STATS("rx-packets", RX_PACKETS, rx_packets),
	STATS("rx-bytes", RX_BYTES, rx_bytes),
	STATS("tx-packets", TX_PACKETS, tx_packets),
	STATS("tx-bytes", TX_BYTES, tx_bytes),
	STATS("resets", RESETS, resets),
	STATS("timeouts", TIMEOUTS, timeouts),
	STATS_OF("rate-time", RATE_TIME, FIELD_U32, rate_time, "milliseconds"),
	STATS("rx-packets-rate", RX_PACKETS_RATE, rx_packets_rate),
	STATS("rx-bytes-rate", RX_BYTES_RATE, rx_bytes_rate),
	STATS("tx-packets-rate", TX_PACKETS_RATE, tx_packets_rate),
	STATS("tx-bytes-rate", TX_BYTES_RATE, tx_bytes_rate),
};

static const struct field router_fields[] = {
	ROUTER("in-use", IN_USE, FIELD_BOOL, in_use),
	ROUTER("fast-path", FAST_PATH, FIELD_BOOL, fast_path),
	ROUTER("services", SERVICES, FIELD_U32, services),
	ROUTER("backends", BACKENDS, FIELD_U32, backends),
	ROUTER("publishes", PUBLISHES, FIELD_U32, publishes),
	ROUTER("nats", NATS, FIELD_U32, nats),
	ROUTER("shapes", SHAPES, FIELD_U32, shapes),
	ROUTER("connections", CONNECTIONS, FIELD_U32, connections),
	ROUTER("carried", CARRIED, FIELD_U32, carried),
	ROUTER("carried-packets", CARRIED_PACKETS, FIELD_U64, carried_packets),
};

static const struct field service_fields[] = {
	SERVICE("name", NAME, FIELD_TEXT, name, NULL),
	SERVICE("protocol", PROTOCOL, FIELD_IP_PROTOCOL, protocol, NULL),
	SERVICE("address", ADDRESS, FIELD_IP, address, NULL),
	SERVICE("port", PORT, FIELD_U16, port, NULL),
	SERVICE("port-last", PORT_LAST, FIELD_U16, port_last, NULL),
	SERVICE("scheduler", SCHEDULER, FIELD_SCHEDULER, scheduler, NULL),
	SERVICE("forward", FORWARD, FIELD_FORWARD, forward, NULL),
	SERVICE("affinity", AFFINITY, FIELD_U32, affinity, "milliseconds"),
	SERVICE("slow-start", SLOW_START, FIELD_U32, slow_start, "milliseconds"),
	SERVICE("backends", BACKENDS, FIELD_U32, backends, NULL),
	SERVICE("active", ACTIVE, FIELD_U32, active, NULL),
	SERVICE("health-share", HEALTH_SHARE, FIELD_U32, health_share, "per cent"),
	SERVICE("health-window", HEALTH_WINDOW, FIELD_U32, health_window, "milliseconds"),
	SERVICE("health-minimum", HEALTH_MINIMUM, FIELD_U32, health_minimum, NULL),
	SERVICE("health-out", HEALTH_OUT, FIELD_U32, health_out, "milliseconds"),
	SERVICE("stats", STATS, FIELD_ROUTER_STATS, stats, NULL),
	SAID("affinity", SERVICE_SAID_AFFINITY, FIELD_WORD, vsw_service, said_affinity),
};

static const struct field backend_fields[] = {
	BACKEND("service", SERVICE, FIELD_TEXT, service, NULL),
	BACKEND("address", ADDRESS, FIELD_IP, address, NULL),
	BACKEND("port", PORT, FIELD_U16, port, NULL),
	BACKEND("weight", WEIGHT, FIELD_U32, weight, NULL),
	BACKEND("drain-timeout", DRAIN_TIMEOUT, FIELD_U32, drain_timeout, "milliseconds"),
	BACKEND("max-connections", MAX_CONNECTIONS, FIELD_U32, max_connections, NULL),
	BACKEND("fallback", FALLBACK, FIELD_BOOL, fallback, NULL),
	BACKEND("up", UP, FIELD_BOOL, up, NULL),
	BACKEND("cut", CUT, FIELD_BOOL, cut, NULL),
	BACKEND("netns-fd", NETNS_FD, FIELD_U32, netns_fd, NULL),
	BACKEND("label", LABEL, FIELD_TEXT, label, NULL),
	BACKEND("state", STATE, FIELD_BACKEND_STATE, state, NULL),
	BACKEND("active", ACTIVE, FIELD_U32, active, NULL),
	BACKEND("outs", OUTS, FIELD_U32, outs, NULL),
	BACKEND("back-in", BACK_IN, FIELD_U32, back_in, "milliseconds"),
	BACKEND("stats", STATS, FIELD_ROUTER_STATS, stats, NULL),
	BACKEND("cgroup-fd", CGROUP_FD, FIELD_U32, cgroup_fd, NULL),
	SAID("container", BACKEND_SAID_CONTAINER, FIELD_WORD, vsw_backend, said_container),
	SAID("netns", BACKEND_SAID_NETNS, FIELD_WORD, vsw_backend, said_netns),
	SAID("cgroup", BACKEND_SAID_CGROUP, FIELD_WORD, vsw_backend, said_cgroup),
};

static const struct field publish_fields[] = {
	PUBLISH("protocol", PROTOCOL, FIELD_IP_PROTOCOL, protocol),
	PUBLISH("address", ADDRESS, FIELD_IP, address),
	PUBLISH("port", PORT, FIELD_U16, port),
	PUBLISH("port-last", PORT_LAST, FIELD_U16, port_last),
	PUBLISH("to-ipv4", TO_IPV4, FIELD_IP, to_ipv4),
	PUBLISH("to-ipv6", TO_IPV6, FIELD_IP, to_ipv6),
	PUBLISH("to-port", TO_PORT, FIELD_U16, to_port),
	PUBLISH("netns-fd", NETNS_FD, FIELD_U32, netns_fd),
	PUBLISH("label", LABEL, FIELD_TEXT, label),
	PUBLISH("obey-firewall", OBEY_FIREWALL, FIELD_BOOL, obey_firewall),
	PUBLISH("active", ACTIVE, FIELD_U32, active),
	PUBLISH("stats", STATS, FIELD_ROUTER_STATS, stats),
	SAID("to", PUBLISH_SAID_TO, FIELD_WORD, vsw_publish, said_to),
	SAID("netns", PUBLISH_SAID_NETNS, FIELD_WORD, vsw_publish, said_netns),
};

static const struct field nat_fields[] = {
	NAT("id", ID, FIELD_U32, id),
	NAT("kind", KIND, FIELD_NAT_KIND, kind),
	NAT("source", SOURCE, FIELD_IP, source),
	NAT("source-len", SOURCE_LEN, FIELD_PREFIX, source),
	NAT("destination", DESTINATION, FIELD_IP, destination),
	NAT("destination-len", DESTINATION_LEN, FIELD_PREFIX, destination),
	NAT("protocol", PROTOCOL, FIELD_IP_PROTOCOL, protocol),
	NAT("port", PORT, FIELD_U16, port),
	NAT("port-last", PORT_LAST, FIELD_U16, port_last),
	NAT("device", DEVICE, FIELD_NAME, device),
	NAT("family", FAMILY, FIELD_FAMILY, family),
	NAT("to-first", TO_FIRST, FIELD_IP, to_first),
	NAT("to-last", TO_LAST, FIELD_IP, to_last),
	NAT("to-port", TO_PORT, FIELD_U16, to_port),
	NAT("to-port-last", TO_PORT_LAST, FIELD_U16, to_port_last),
	NAT("flags", FLAGS, FIELD_NAT_FLAGS, flags),
	NAT("connections", CONNECTIONS, FIELD_U64, connections),
	SAID("port", NAT_SAID_PORTS, FIELD_WORD, vsw_nat, said_ports),
	SAID("to", NAT_SAID_TO, FIELD_WORD, vsw_nat, said_to),
	SAID("in", NAT_SAID_IN, FIELD_WORD, vsw_nat, said_in),
	SAID("out", NAT_SAID_OUT, FIELD_WORD, vsw_nat, said_out),
	SAID("random", NAT_SAID_RANDOM, FIELD_BOOL, vsw_nat, said_random),
	SAID("persistent", NAT_SAID_PERSISTENT, FIELD_BOOL, vsw_nat, said_persistent),
};

static const struct field connection_fields[] = {
	CONNECTION("protocol", PROTOCOL, FIELD_IP_PROTOCOL, protocol),
	CONNECTION("source", SOURCE, FIELD_IP, source),
	CONNECTION("source-port", SOURCE_PORT, FIELD_U16, source_port),
	CONNECTION("destination", DESTINATION, FIELD_IP, destination),
	CONNECTION("destination-port", DESTINATION_PORT, FIELD_U16, destination_port),
	CONNECTION("to", TO, FIELD_IP, to),
	CONNECTION("to-port", TO_PORT, FIELD_U16, to_port),
	CONNECTION("service", SERVICE, FIELD_TEXT, service),
	CONNECTION("why-there", WHY_THERE, FIELD_WHY_SLOW, why_there),
	CONNECTION("why-back", WHY_BACK, FIELD_WHY_SLOW, why_back),
};

static const struct field shape_stats_fields[] = {
	SHAPE_STATS("rate", RATE, FIELD_U64, rate),
	SHAPE_STATS("packets", PACKETS, FIELD_U64, packets),
	SHAPE_STATS("bytes", BYTES, FIELD_U64, bytes),
	SHAPE_STATS("delayed", DELAYED, FIELD_U64, delayed),
	SHAPE_STATS("dropped", DROPPED, FIELD_U64, dropped),
	SHAPE_STATS("marked", MARKED, FIELD_U64, marked),
	SHAPE_STATS("backlog-packets", BACKLOG_PACKETS, FIELD_U32, backlog_packets),
	SHAPE_STATS("backlog-bytes", BACKLOG_BYTES, FIELD_U32, backlog_bytes),
};

static const struct field shape_fields[] = {
	SHAPE("name", NAME, FIELD_TEXT, name),
	SHAPE("parent", PARENT, FIELD_TEXT, parent),
	SHAPE("order", ORDER, FIELD_U32, order),
	SHAPE("rate", RATE, FIELD_U64, rate),
	SHAPE("ceil", CEIL, FIELD_U64, ceil),
	SHAPE("burst", BURST, FIELD_U32, burst),
	SHAPE("limit", LIMIT, FIELD_U32, limit),
	SHAPE("prio", PRIO, FIELD_U8, prio),
	SHAPE("mode", MODE, FIELD_SHAPE_MODE, mode),
	SHAPE("direction", DIRECTION, FIELD_SHAPE_DIRECTION, direction),
	SHAPE("set-dscp", SET_DSCP, FIELD_DSCP, set_dscp),
	SHAPE("quota", QUOTA, FIELD_U64, quota),
	SHAPE("period", PERIOD, FIELD_U32, period),
	SHAPE("slow-rate", SLOW_RATE, FIELD_U64, slow_rate),
	SHAPE("quota-used", QUOTA_USED, FIELD_U64, quota_used),
	SHAPE("slow", SLOW, FIELD_BOOL, slow),
	SHAPE("label", LABEL, FIELD_TEXT, label),
	SHAPE("match-cgroup", MATCH_CGROUP, FIELD_CGROUP, cgroup),
	SHAPE("match-near", MATCH_NEAR, FIELD_IP, near),
	SHAPE("match-near-len", MATCH_NEAR_LEN, FIELD_PREFIX, near),
	SHAPE("match-far", MATCH_FAR, FIELD_IP, far),
	SHAPE("match-far-len", MATCH_FAR_LEN, FIELD_PREFIX, far),
	SHAPE("match-port", MATCH_PORT, FIELD_U16, port),
	SHAPE("match-port-last", MATCH_PORT_LAST, FIELD_U16, port_last),
	SHAPE("match-far-port", MATCH_FAR_PORT, FIELD_U16, far_port),
	SHAPE("match-far-port-last", MATCH_FAR_PORT_LAST, FIELD_U16, far_port_last),
	SHAPE("match-protocol", MATCH_PROTOCOL, FIELD_IP_PROTOCOL, protocol),
	SHAPE("match-mark", MATCH_MARK, FIELD_U32, mark),
	SHAPE("match-mark-mask", MATCH_MARK_MASK, FIELD_U32, mark_mask),
	SHAPE("match-dscp", MATCH_DSCP, FIELD_DSCP, dscp),
	SHAPE("stats-out", STATS_OUT, FIELD_SHAPE_STATS, out),
	SHAPE("stats-in", STATS_IN, FIELD_SHAPE_STATS, in),
	SAID("rate", SHAPE_SAID_RATE, FIELD_WORD, vsw_shape, said_rate),
	SAID("ceil", SHAPE_SAID_CEIL, FIELD_WORD, vsw_shape, said_ceil),
	SAID("burst", SHAPE_SAID_BURST, FIELD_WORD, vsw_shape, said_burst),
	SAID("limit", SHAPE_SAID_LIMIT, FIELD_WORD, vsw_shape, said_limit),
	SAID("quota", SHAPE_SAID_QUOTA, FIELD_WORD, vsw_shape, said_quota),
	SAID("slow-rate", SHAPE_SAID_SLOW_RATE, FIELD_WORD, vsw_shape, said_slow_rate),
	SAID("port", SHAPE_SAID_PORTS, FIELD_WORD, vsw_shape, said_ports),
	SAID("peer-port", SHAPE_SAID_FAR_PORTS, FIELD_WORD, vsw_shape, said_far_ports),
	SAID("mark", SHAPE_SAID_MARK, FIELD_WORD, vsw_shape, said_mark),
};

const struct kind kind_shape = {
	"shape", sizeof(struct vsw_shape), shape_fields, ARRAY_SIZE(shape_fields)
};

const struct kind kind_shape_stats = {
	"stats", sizeof(struct shape_stats), shape_stats_fields, ARRAY_SIZE(shape_stats_fields)
};

static const struct field health_fields[] = {
	{ "service", HEALTH_SERVICE, FIELD_TEXT, offsetof(struct vsw_health, service), NULL },
	{ "address", HEALTH_ADDRESS, FIELD_IP, offsetof(struct vsw_health, address), NULL },
	{ "port", HEALTH_PORT, FIELD_U16, offsetof(struct vsw_health, port), NULL },
	{ "reason", HEALTH_REASON, FIELD_TEXT, offsetof(struct vsw_health, reason), NULL },
};

const struct kind kind_health = {
	"backend", sizeof(struct vsw_health), health_fields, ARRAY_SIZE(health_fields)
};

const struct kind kind_router_stats = {
	"stats", sizeof(struct router_stats), stats_fields, ARRAY_SIZE(stats_fields)
};

const struct kind kind_router = {
	"router", sizeof(struct vsw_router), router_fields, ARRAY_SIZE(router_fields)
};

const struct kind kind_service = {
	"service", sizeof(struct vsw_service), service_fields, ARRAY_SIZE(service_fields)
};

const struct kind kind_backend = {
	"backend", sizeof(struct vsw_backend), backend_fields, ARRAY_SIZE(backend_fields)
};

const struct kind kind_publish = {
	"publish", sizeof(struct vsw_publish), publish_fields, ARRAY_SIZE(publish_fields)
};

const struct kind kind_nat = {
	"nat", sizeof(struct vsw_nat), nat_fields, ARRAY_SIZE(nat_fields)
};

const struct kind kind_connection = {
	"connection", sizeof(struct vsw_connection), connection_fields,
	ARRAY_SIZE(connection_fields)
};

/* ---- words of values -------------------------------------------------------------- */

struct word {
	unsigned int value;
	const char *text;
};

static const struct word protocol_words[] = {
	{ IPPROTO_TCP, "tcp" }, { IPPROTO_UDP, "udp" }, { IPPROTO_SCTP, "sctp" },
	{ IPPROTO_ICMP, "icmp" }, { IPPROTO_ICMPV6, "icmpv6" }, { IPPROTO_UDPLITE, "udplite" },
	{ IPPROTO_DCCP, "dccp" }, { IPPROTO_GRE, "gre" }, { IPPROTO_ESP, "esp" },
};

static const struct word scheduler_words[] = {
	{ VROUTER_SCHEDULER_RR, "rr" }, { VROUTER_SCHEDULER_WRR, "wrr" },
	{ VROUTER_SCHEDULER_LC, "lc" }, { VROUTER_SCHEDULER_WLC, "wlc" },
	{ VROUTER_SCHEDULER_SH, "sh" }, { VROUTER_SCHEDULER_MAGLEV, "maglev" },
	{ VROUTER_SCHEDULER_RANDOM2, "random2" },
};

static const struct word forward_words[] = {
	{ VROUTER_FORWARD_NAT, "nat" }, { VROUTER_FORWARD_DIRECT, "direct" },
};

static const struct word nat_kind_words[] = {
	{ VROUTER_NAT_KIND_MASQUERADE, "masquerade" }, { VROUTER_NAT_KIND_SNAT, "snat" },
	{ VROUTER_NAT_KIND_DNAT, "dnat" }, { VROUTER_NAT_KIND_ONE_TO_ONE, "one-to-one" },
};

static const struct word state_words[] = {
	{ VROUTER_BACKEND_STATE_UP, "up" }, { VROUTER_BACKEND_STATE_DRAIN, "drain" },
	{ VROUTER_BACKEND_STATE_DOWN, "down" }, { VROUTER_BACKEND_STATE_FULL, "full" },
	{ VROUTER_BACKEND_STATE_FROZEN, "frozen" }, { VROUTER_BACKEND_STATE_FAILING, "failing" },
	{ VROUTER_BACKEND_STATE_OOM, "oom" },
};

static const struct word why_words[] = {
	{ VROUTER_WHY_SLOW_CARRIED, "carried" }, { VROUTER_WHY_SLOW_OFF, "off" },
	{ VROUTER_WHY_SLOW_NEW, "new" }, { VROUTER_WHY_SLOW_ENDING, "ending" },
	{ VROUTER_WHY_SLOW_PROTOCOL, "protocol" }, { VROUTER_WHY_SLOW_LOCAL, "local" },
	{ VROUTER_WHY_SLOW_HELPER, "helper" }, { VROUTER_WHY_SLOW_IPSEC, "ipsec" },
	{ VROUTER_WHY_SLOW_ROUTE, "route" }, { VROUTER_WHY_SLOW_NEIGHBOUR, "neighbour" },
	{ VROUTER_WHY_SLOW_DEVICE, "device" }, { VROUTER_WHY_SLOW_MANGLED, "mangled" },
	{ VROUTER_WHY_SLOW_MEMORY, "memory" }, { VROUTER_WHY_SLOW_WAITING, "waiting" },
	{ VROUTER_WHY_SLOW_DIRECT, "direct" },
};

static const struct word family_words[] = { { AF_INET, "ipv4" }, { AF_INET6, "ipv6" } };

static const struct word shape_mode_words[] = {
	{ VROUTER_SHAPE_MODE_PACE, "pace" }, { VROUTER_SHAPE_MODE_POLICE, "police" },
	{ VROUTER_SHAPE_MODE_MARK, "mark" },
};

static const struct word shape_direction_words[] = {
	{ VROUTER_SHAPE_DIRECTION_BOTH, "both" }, { VROUTER_SHAPE_DIRECTION_OUT, "out" },
	{ VROUTER_SHAPE_DIRECTION_IN, "in" },
};

/* RFC 2474, 2597, 3246, 5865, 8622. */
static const struct word dscp_words[] = {
	{ 0, "cs0" }, { 1, "le" }, { 8, "cs1" }, { 10, "af11" }, { 12, "af12" }, { 14, "af13" },
	{ 16, "cs2" }, { 18, "af21" }, { 20, "af22" }, { 22, "af23" }, { 24, "cs3" },
	{ 26, "af31" }, { 28, "af32" }, { 30, "af33" }, { 32, "cs4" }, { 34, "af41" },
	{ 36, "af42" }, { 38, "af43" }, { 40, "cs5" }, { 44, "va" }, { 46, "ef" },
	{ 48, "cs6" }, { 56, "cs7" },
};

#define WORDS(type, words) [(type) - FIELD_IP_PROTOCOL] = { words, ARRAY_SIZE(words) }

static const struct {
	const struct word *word;
	size_t n;
} enumerations[] = {
	WORDS(FIELD_IP_PROTOCOL, protocol_words),
	WORDS(FIELD_SCHEDULER, scheduler_words),
	WORDS(FIELD_FORWARD, forward_words),
	WORDS(FIELD_NAT_KIND, nat_kind_words),
	WORDS(FIELD_BACKEND_STATE, state_words),
	WORDS(FIELD_WHY_SLOW, why_words),
	WORDS(FIELD_FAMILY, family_words),
	WORDS(FIELD_SHAPE_MODE, shape_mode_words),
	WORDS(FIELD_SHAPE_DIRECTION, shape_direction_words),
	WORDS(FIELD_DSCP, dscp_words),
};

const char *router_word(unsigned int field_type, unsigned int value)
{
	size_t type = field_type - FIELD_IP_PROTOCOL, i;

	for (i = 0; i < enumerations[type].n; i++)
		if (enumerations[type].word[i].value == value)
			return enumerations[type].word[i].text;
	return NULL;
}

int router_word_find(unsigned int field_type, const char *word)
{
	size_t type = field_type - FIELD_IP_PROTOCOL, i;

	for (i = 0; i < enumerations[type].n; i++)
		if (!strcmp(enumerations[type].word[i].text, word))
			return enumerations[type].word[i].value;
	return -1;
}

const char *router_words(unsigned int field_type, char text[ROUTER_WORDS_SIZE])
{
	size_t type = field_type - FIELD_IP_PROTOCOL, i, len = 0;

	text[0] = '\0';
	for (i = 0; i < enumerations[type].n && len < ROUTER_WORDS_SIZE; i++)
		len += snprintf(text + len, ROUTER_WORDS_SIZE - len, "%s%s", i ? ", " : "",
				enumerations[type].word[i].text);
	return text;
}
