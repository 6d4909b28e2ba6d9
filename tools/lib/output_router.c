// SPDX-License-Identifier: GPL-2.0
/* The virtual router as text: one table for each kind of object. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "model_router.h"
#include "output_private.h"
#include "units.h"

#define END_SIZE	(2 * IP_TEXT_SIZE + 16)	/* ADDRESS-ADDRESS:PORT-LAST */
#define N_STATS		8

static const char * const stats_heads[N_STATS + 1] = {
	">CONNECTIONS", ">REFUSED", ">RX-PACKETS", ">RX-BYTES", ">TX-PACKETS", ">TX-BYTES",
	">RESETS", ">TIMEOUTS", NULL
};

/* Heads of an object, and of its counters if they are to be shown. */
static void begin(struct table *table, const struct output *out, const char * const *heads)
{
	*table = (struct table){ .colour = out->colour };
	table_heads(table, heads);
	if (out->stats)
		table_heads(table, stats_heads);
}

static void stats_cells(struct table *table, const struct output *out,
			const struct router_stats *stats)
{
	if (!out->stats)
		return;
	table_cell(table, COLOUR_NONE, "%" PRIu64, stats->connections);
	table_cell(table, COLOUR_NONE, "%" PRIu64, stats->refused);
	table_cell(table, COLOUR_NONE, "%" PRIu64, stats->rx_packets);
	table_cell(table, COLOUR_NONE, "%" PRIu64, stats->rx_bytes);
	table_cell(table, COLOUR_NONE, "%" PRIu64, stats->tx_packets);
	table_cell(table, COLOUR_NONE, "%" PRIu64, stats->tx_bytes);
	table_cell(table, COLOUR_NONE, "%" PRIu64, stats->resets);
	table_cell(table, COLOUR_NONE, "%" PRIu64, stats->timeouts);
}

/* A second, since somebody looked last. */
static const char * const rate_heads[] = {
	">RX-PACKETS/S", ">RX-BYTES/S", ">TX-PACKETS/S", ">TX-BYTES/S", NULL
};

static void rate_cells(struct table *table, const struct router_stats *stats)
{
	table_cell(table, COLOUR_NONE, "%" PRIu64, stats->rx_packets_rate);
	table_cell(table, COLOUR_NONE, "%" PRIu64, stats->rx_bytes_rate);
	table_cell(table, COLOUR_NONE, "%" PRIu64, stats->tx_packets_rate);
	table_cell(table, COLOUR_NONE, "%" PRIu64, stats->tx_bytes_rate);
}

static void number_cell(struct table *table, uint32_t number)
{
	if (number)
		table_cell(table, COLOUR_NONE, "%u", number);
	else
		table_cell(table, COLOUR_NONE, "-");
}

static void time_cell(struct table *table, uint32_t ms)
{
	char text[UNITS_TEXT_SIZE];

	table_cell(table, COLOUR_NONE, "%s", ms ? units_format_time(text, ms) : "-");
}

static void text_cell(struct table *table, enum colour colour, const char *text)
{
	table_cell(table, colour, "%s", text && *text ? text : "-");
}

static void word_cell(struct table *table, unsigned int type, unsigned int value)
{
	const char *word = router_word(type, value);

	if (word)
		table_cell(table, COLOUR_NONE, "%s", word);
	else
		table_cell(table, COLOUR_NONE, "%u", value);
}

/* Addresses that may be a range or none, and ports likewise. */
struct end {
	const struct prefix *first, *last;
	uint16_t port, port_last;
};

static const char *end_text(char text[END_SIZE], const struct end *end)
{
	char first[IP_TEXT_SIZE] = "*", last[IP_TEXT_SIZE + 1] = "", ports[16] = "";
	bool brackets = end->first->len == 16 && end->port;

	if (end->first->len)
		ip_text(first, end->first);
	if (end->last && end->last->len &&
	    memcmp(end->last->bytes, end->first->bytes, end->last->len)) {
		last[0] = '-';
		ip_text(last + 1, end->last);
	}
	if (end->port && end->port_last > end->port)
		snprintf(ports, sizeof(ports), ":%u-%u", end->port, end->port_last);
	else if (end->port)
		snprintf(ports, sizeof(ports), ":%u", end->port);
	snprintf(text, END_SIZE, "%s%s%s%s%s", brackets ? "[" : "", first, last,
		 brackets ? "]" : "", ports);
	return text;
}

static void end_cell(struct table *table, const struct prefix *address, uint16_t port,
		     uint16_t port_last)
{
	const struct end end = { address, NULL, port, port_last };
	char text[END_SIZE];

	table_cell(table, COLOUR_NAME, "%s", end_text(text, &end));
}

/* ---- the router and its connections ----------------------------------------------- */

static int router_show(const struct output *out, const struct list *list, struct err *err)
{
	static const char * const heads[] = {
		"STATE", "FAST-PATH", ">SERVICES", ">BACKENDS", ">PUBLISHES", ">NATS", ">SHAPES",
		">CONNECTIONS", ">CARRIED", ">PACKETS", NULL
	};
	const struct vsw_router *router = list_at(list, &kind_router, 0);
	struct table table = { .colour = out->colour };

	table_heads(&table, heads);
	table_cell(&table, router->in_use ? COLOUR_GOOD : COLOUR_NONE, "%s",
		   router->in_use ? "in use" : "unused");
	table_cell(&table, COLOUR_NONE, "%s", router->fast_path ? "on" : "off");
	table_cell(&table, COLOUR_NONE, "%u", router->services);
	table_cell(&table, COLOUR_NONE, "%u", router->backends);
	table_cell(&table, COLOUR_NONE, "%u", router->publishes);
	table_cell(&table, COLOUR_NONE, "%u", router->nats);
	table_cell(&table, COLOUR_NONE, "%u", router->shapes);
	table_cell(&table, COLOUR_NONE, "%u", router->connections);
	table_cell(&table, COLOUR_NONE, "%u", router->carried);
	table_cell(&table, COLOUR_NONE, "%" PRIu64, router->carried_packets);
	return table_print(&table, err);
}

static void why_cell(struct table *table, uint8_t why)
{
	const char *word = router_word(FIELD_WHY_SLOW, why);

	table_cell(table, why == VROUTER_WHY_SLOW_CARRIED ? COLOUR_GOOD : COLOUR_NONE, "%s",
		   word ?: "?");
}

static int connection_table(const struct output *out, const struct list *list, struct err *err)
{
	static const char * const heads[] = {
		"PROTO", "SOURCE", "DESTINATION", "TO", "?SERVICE", "THERE", "BACK", NULL
	};
	struct table table = { .colour = out->colour };
	size_t i;

	table_heads(&table, heads);
	for (i = 0; i < list->n; i++) {
		const struct vsw_connection *c = list_at(list, &kind_connection, i);

		word_cell(&table, FIELD_IP_PROTOCOL, c->protocol);
		end_cell(&table, &c->source, c->source_port, 0);
		end_cell(&table, &c->destination, c->destination_port, 0);
		end_cell(&table, &c->to, c->to_port, 0);
		text_cell(&table, COLOUR_NAME, c->service);
		why_cell(&table, c->why_there);
		why_cell(&table, c->why_back);
	}
	return table_print(&table, err);
}

/* ---- services and backends --------------------------------------------------------- */

/* "50%/10s": of what is known for so long. */
static void health_cell(struct table *table, const struct vsw_service *service)
{
	char text[UNITS_TEXT_SIZE];

	if (service->health_share)
		table_cell(table, COLOUR_NONE, "%u%%/%s", service->health_share,
			   units_format_time(text, service->health_window));
	else
		table_cell(table, COLOUR_NONE, "-");
}

static int service_table(const struct output *out, const struct list *list, struct err *err)
{
	static const char * const heads[] = {
		"SERVICE", "ADDRESS", "PROTO", "SCHEDULER", "FORWARD", "?AFFINITY",
		"?SLOW-START", "?HEALTH", ">BACKENDS", ">ACTIVE", NULL
	};
	struct table table;
	size_t i;

	begin(&table, out, heads);
	for (i = 0; i < list->n; i++) {
		const struct vsw_service *service = list_at(list, &kind_service, i);

		text_cell(&table, COLOUR_NAME, service->name);
		end_cell(&table, &service->address, service->port, service->port_last);
		word_cell(&table, FIELD_IP_PROTOCOL, service->protocol);
		word_cell(&table, FIELD_SCHEDULER, service->scheduler);
		word_cell(&table, FIELD_FORWARD, service->forward);
		time_cell(&table, service->affinity);
		time_cell(&table, service->slow_start);
		health_cell(&table, service);
		table_cell(&table, COLOUR_NONE, "%u", service->backends);
		table_cell(&table, COLOUR_NONE, "%u", service->active);
		stats_cells(&table, out, &service->stats);
	}
	return table_print(&table, err);
}

static void state_cell(struct table *table, uint8_t state)
{
	const char *word = router_word(FIELD_BACKEND_STATE, state);

	table_cell(table, state == VROUTER_BACKEND_STATE_UP ? COLOUR_GOOD :
			  state == VROUTER_BACKEND_STATE_DRAIN ||
			  state == VROUTER_BACKEND_STATE_FULL ? COLOUR_NONE : COLOUR_BAD,
		   "%s", word ?: "?");
}

static int backend_table(const struct output *out, const struct list *list, struct err *err)
{
	static const char * const heads[] = {
		"SERVICE", "BACKEND", "STATE", ">WEIGHT", "?DRAIN", "?>MAX", "?FALLBACK",
		"?CONTAINER", "?>OUTS", "?BACK-IN", ">ACTIVE", NULL
	};
	struct table table;
	size_t i;

	begin(&table, out, heads);
	if (out->stats)
		table_heads(&table, rate_heads);
	for (i = 0; i < list->n; i++) {
		const struct vsw_backend *backend = list_at(list, &kind_backend, i);

		text_cell(&table, COLOUR_NAME, backend->service);
		end_cell(&table, &backend->address, backend->port, 0);
		state_cell(&table, backend->state);
		table_cell(&table, COLOUR_NONE, "%u", backend->weight);
		time_cell(&table, backend->drain_timeout);
		number_cell(&table, backend->max_connections);
		text_cell(&table, COLOUR_NONE, backend->fallback ? "fallback" : NULL);
		text_cell(&table, COLOUR_NAME, backend->label);
		number_cell(&table, backend->outs);
		time_cell(&table, backend->back_in);
		table_cell(&table, COLOUR_NONE, "%u", backend->active);
		stats_cells(&table, out, &backend->stats);
		if (out->stats)
			rate_cells(&table, &backend->stats);
	}
	return table_print(&table, err);
}

void health_line(const struct vsw_health *health)
{
	const struct end end = { &health->address, NULL, health->port, 0 };
	char text[END_SIZE], reason[160];

	snprintf(reason, sizeof(reason), "%s", health->reason);
	output_harmless(reason);
	printf("%s %s: %s", health->service, end_text(text, &end), reason);
}

/* ---- published ports and rules of translation ---------------------------------------- */

/* Where it leads to: of IPv4, of IPv6, or both. */
static void to_cell(struct table *table, const struct vsw_publish *publish)
{
	uint16_t port = publish->has & HAS(VROUTER_A_PUBLISH_TO_PORT) ? publish->to_port :
									publish->port;
	uint16_t last = port + (publish->port_last > publish->port ?
				publish->port_last - publish->port : 0);
	const struct end v4 = { &publish->to_ipv4, NULL, port, last };
	const struct end v6 = { &publish->to_ipv6, NULL, port, last };
	char text4[END_SIZE] = "", text6[END_SIZE] = "";

	if (publish->has & HAS(VROUTER_A_PUBLISH_TO_IPV4))
		end_text(text4, &v4);
	if (publish->has & HAS(VROUTER_A_PUBLISH_TO_IPV6))
		end_text(text6, &v6);
	table_cell(table, COLOUR_NAME, "%s%s%s", text4, *text4 && *text6 ? "," : "", text6);
}

static int publish_table(const struct output *out, const struct list *list, struct err *err)
{
	static const char * const heads[] = {
		"PORT", "PROTO", "TO", "?CONTAINER", "?FIREWALL", ">ACTIVE", NULL
	};
	struct table table;
	size_t i;

	begin(&table, out, heads);
	for (i = 0; i < list->n; i++) {
		const struct vsw_publish *publish = list_at(list, &kind_publish, i);

		end_cell(&table, &publish->address, publish->port, publish->port_last);
		word_cell(&table, FIELD_IP_PROTOCOL, publish->protocol);
		to_cell(&table, publish);
		text_cell(&table, COLOUR_NAME, publish->label);
		text_cell(&table, COLOUR_NONE, publish->obey_firewall ? "obey" : NULL);
		table_cell(&table, COLOUR_NONE, "%u", publish->active);
		stats_cells(&table, out, &publish->stats);
	}
	return table_print(&table, err);
}

static void prefix_cell(struct table *table, const struct prefix *prefix)
{
	char text[IP_TEXT_SIZE];

	table_cell(table, COLOUR_NONE, "%s", prefix->len ? prefix_text(text, prefix) : "-");
}

/* The protocol and its ports, "tcp:80-90", or the family of a rule that has no address. */
static void traffic_cell(struct table *table, const struct vsw_nat *nat)
{
	const char *word = router_word(FIELD_IP_PROTOCOL, nat->protocol);
	char number[8], ports[16] = "";

	snprintf(number, sizeof(number), "%u", nat->protocol);
	if (nat->port && nat->port_last > nat->port)
		snprintf(ports, sizeof(ports), ":%u-%u", nat->port, nat->port_last);
	else if (nat->port)
		snprintf(ports, sizeof(ports), ":%u", nat->port);
	if (nat->protocol)
		table_cell(table, COLOUR_NONE, "%s%s", word ?: number, ports);
	else if (nat->has & HAS(VROUTER_A_NAT_FAMILY) && !nat->source.len &&
		 !nat->destination.len && !nat->to_first.len)
		word_cell(table, FIELD_FAMILY, nat->family);
	else
		table_cell(table, COLOUR_NONE, "-");
}

static int nat_table(const struct output *out, const struct list *list, struct err *err)
{
	static const char * const heads[] = {
		">ID", "KIND", "?SOURCE", "?DESTINATION", "?TRAFFIC", "?DEVICE", "?TO", "?FLAGS",
		">CONNECTIONS", NULL
	};
	struct table table = { .colour = out->colour };
	char text[END_SIZE];
	size_t i;

	table_heads(&table, heads);
	for (i = 0; i < list->n; i++) {
		const struct vsw_nat *nat = list_at(list, &kind_nat, i);
		const struct end to = {
			&nat->to_first, &nat->to_last, nat->to_port, nat->to_port_last
		};

		table_cell(&table, COLOUR_NAME, "%u", nat->id);
		word_cell(&table, FIELD_NAT_KIND, nat->kind);
		prefix_cell(&table, &nat->source);
		prefix_cell(&table, &nat->destination);
		traffic_cell(&table, nat);
		text_cell(&table, COLOUR_NAME, nat->device);
		text_cell(&table, COLOUR_NONE,
			  nat->to_first.len || nat->to_port ? end_text(text, &to) : NULL);
		table_cell(&table, COLOUR_NONE, "%s%s%s",
			   nat->flags & VROUTER_NAT_FLAGS_RANDOM ? "random" : "",
			   nat->flags == (VROUTER_NAT_FLAGS_RANDOM |
					  VROUTER_NAT_FLAGS_PERSISTENT) ? "," : "",
			   nat->flags & VROUTER_NAT_FLAGS_PERSISTENT ? "persistent" :
			   nat->flags ? "" : "-");
		table_cell(&table, COLOUR_NONE, "%" PRIu64, nat->connections);
	}
	return table_print(&table, err);
}

/* ---- classes of packets ----------------------------------------------------------------- */

static void rate_cell(struct table *table, uint64_t rate)
{
	char text[UNITS_TEXT_SIZE];

	table_cell(table, COLOUR_NONE, "%s", units_format_rate(text, rate));
}

static void bytes_cell(struct table *table, uint64_t bytes)
{
	char text[UNITS_TEXT_SIZE];

	table_cell(table, COLOUR_NONE, "%s", units_format_bytes(text, bytes));
}

static size_t add_match(char *text, size_t size, size_t len, const char *key, const char *value)
{
	if (len < size)
		len += snprintf(text + len, size - len, "%s%s %s", len ? " " : "", key, value);
	return len;
}

static const char *number_text(char text[16], unsigned int type, uint8_t value)
{
	const char *word = router_word(type, value);

	snprintf(text, 16, "%u", value);
	return word ?: text;
}

static const char *ports_text(char text[16], uint16_t port, uint16_t last)
{
	snprintf(text, 16, last > port ? "%u-%u" : "%u", port, last);
	return text;
}

/* As one says it. */
static void match_cell(struct table *table, const struct vsw_shape *shape)
{
	char text[256], value[64], number[16];
	size_t len = 0;

	text[0] = '\0';
	if (shape->cgroup) {
		snprintf(value, sizeof(value), "%" PRIu64, shape->cgroup);
		len = add_match(text, sizeof(text), len, shape->label ? "container" : "cgroup",
				shape->label ?: value);
	}
	if (shape->near.len)
		len = add_match(text, sizeof(text), len, "address",
				prefix_text(value, &shape->near));
	if (shape->far.len)
		len = add_match(text, sizeof(text), len, "peer", prefix_text(value, &shape->far));
	if (shape->protocol)
		len = add_match(text, sizeof(text), len, "proto",
				number_text(number, FIELD_IP_PROTOCOL, shape->protocol));
	if (shape->port)
		len = add_match(text, sizeof(text), len, "port",
				ports_text(number, shape->port, shape->port_last));
	if (shape->far_port)
		len = add_match(text, sizeof(text), len, "peer-port",
				ports_text(number, shape->far_port, shape->far_port_last));
	if (shape->has & HAS(VROUTER_A_SHAPE_MATCH_MARK)) {
		snprintf(value, sizeof(value), "%#x/%#x", shape->mark, shape->mark_mask);
		len = add_match(text, sizeof(text), len, "mark", value);
	}
	if (shape->has & HAS(VROUTER_A_SHAPE_MATCH_DSCP))
		add_match(text, sizeof(text), len, "dscp",
			  number_text(number, FIELD_DSCP, shape->dscp));
	text_cell(table, COLOUR_NONE, text);
}

static void shape_cells(struct table *table, const struct vsw_shape *shape)
{
	char number[16];

	text_cell(table, COLOUR_NAME, shape->name);
	text_cell(table, COLOUR_NAME, shape->parent);
	match_cell(table, shape);
	rate_cell(table, shape->rate);
	rate_cell(table, shape->ceil);
	bytes_cell(table, shape->burst);
	table_cell(table, COLOUR_NONE, "%u", shape->prio);
	word_cell(table, FIELD_SHAPE_MODE, shape->mode);
	text_cell(table, COLOUR_NONE, shape->has & HAS(VROUTER_A_SHAPE_SET_DSCP) ?
		  number_text(number, FIELD_DSCP, shape->set_dscp) : NULL);
	if (!shape->quota) {
		table_cell(table, COLOUR_NONE, "-");
		return;
	}
	table_cell(table, shape->slow ? COLOUR_BAD : COLOUR_NONE, "%u%%",
		   (unsigned int)(shape->quota_used / (shape->quota / 100 + 1)));
}

static void shape_stats_cells(struct table *table, const char *direction,
			      const struct shape_stats *stats)
{
	table_cell(table, COLOUR_NONE, "%s", direction);
	rate_cell(table, stats->rate);
	table_cell(table, COLOUR_NONE, "%" PRIu64, stats->packets);
	table_cell(table, COLOUR_NONE, "%" PRIu64, stats->bytes);
	table_cell(table, COLOUR_NONE, "%" PRIu64, stats->delayed);
	table_cell(table, stats->dropped ? COLOUR_BAD : COLOUR_NONE, "%" PRIu64, stats->dropped);
	table_cell(table, COLOUR_NONE, "%" PRIu64, stats->marked);
	table_cell(table, COLOUR_NONE, "%u", stats->backlog_packets);
	table_cell(table, COLOUR_NONE, "%u", stats->backlog_bytes);
}

/* With counters a line for each direction. */
static int shape_table(const struct output *out, const struct list *list, struct err *err)
{
	static const char * const heads[] = {
		"NAME", "?PARENT", "?MATCH", ">RATE", ">CEIL", ">BURST", ">PRIO", "MODE", "?DSCP",
		"?QUOTA", NULL
	};
	static const char * const counter_heads[] = {
		"WAY", ">NOW", ">PACKETS", ">BYTES", ">DELAYED", ">DROPPED", ">MARKED", ">WAITING",
		">WAITING-BYTES", NULL
	};
	struct table table = { .colour = out->colour };
	size_t i;

	table_heads(&table, heads);
	if (out->stats)
		table_heads(&table, counter_heads);
	for (i = 0; i < list->n; i++) {
		const struct vsw_shape *shape = list_at(list, &kind_shape, i);
		bool has_out = shape->has & HAS(VROUTER_A_SHAPE_STATS_OUT);
		bool has_in = shape->has & HAS(VROUTER_A_SHAPE_STATS_IN);

		if (has_out || !out->stats)
			shape_cells(&table, shape);
		if (has_out && out->stats)
			shape_stats_cells(&table, "out", &shape->out);
		if (has_in && out->stats) {
			shape_cells(&table, shape);
			shape_stats_cells(&table, "in", &shape->in);
		}
	}
	return table_print(&table, err);
}

bool router_table(const struct output *out, const struct kind *kind, const struct list *list,
		  int *ret, struct err *err)
{
	if (kind == &kind_router)
		*ret = router_show(out, list, err);
	else if (kind == &kind_connection)
		*ret = connection_table(out, list, err);
	else if (kind == &kind_service)
		*ret = service_table(out, list, err);
	else if (kind == &kind_backend)
		*ret = backend_table(out, list, err);
	else if (kind == &kind_publish)
		*ret = publish_table(out, list, err);
	else if (kind == &kind_nat)
		*ret = nat_table(out, list, err);
	else if (kind == &kind_shape)
		*ret = shape_table(out, list, err);
	else
		return false;
	return true;
}
