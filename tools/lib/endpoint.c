// SPDX-License-Identifier: GPL-2.0
#include <arpa/inet.h>
#include <stdbool.h>
#include <string.h>

#include "endpoint.h"
#include "model_router.h"
#include "parse.h"
#include "status.h"

#define ADDRESSES_SIZE	(2 * INET6_ADDRSTRLEN)	/* of two with a dash between */

/* One number of a range, which ends at end. */
static int parse_port(const char *what, const char *text, const char *end, uint16_t *port,
		      struct err *err)
{
	size_t len = end - text, i;
	uint32_t number = 0;

	for (i = 0; i < len && number <= UINT16_MAX; i++) {
		if (text[i] < '0' || text[i] > '9')
			break;
		number = number * 10 + (text[i] - '0');
	}
	if (!len || i < len || !number || number > UINT16_MAX)
		return err_set(err, STATUS_USAGE,
			       "%s: '%.*s' is not a port: ports are 1 to 65535", what, (int)len,
			       text);
	*port = number;
	return 0;
}

int endpoint_parse_ports(const char *what, const char *text, uint16_t *first, uint16_t *last,
			 struct err *err)
{
	const char *dash = strchrnul(text, '-');

	if (parse_port(what, text, dash, first, err) < 0)
		return -1;
	*last = *first;
	if (!*dash)
		return 0;
	if (parse_port(what, dash + 1, strchr(dash, '\0'), last, err) < 0)
		return -1;
	if (*last < *first)
		return err_set(err, STATUS_USAGE, "%s: '%s': a range goes up", what, text);
	return 0;
}

static bool parse_address(const char *text, struct prefix *address)
{
	bool v6 = strchr(text, ':');

	address->len = v6 ? 16 : 4;
	address->bits = address->len * 8;
	return inet_pton(v6 ? AF_INET6 : AF_INET, text, address->bytes) == 1;
}

/* The len bytes at text, one address or two. */
static int parse_addresses(const char *what, const char *text, size_t len, struct endpoint *end,
			   struct err *err)
{
	char copy[ADDRESSES_SIZE] = "", *dash;

	if (len < sizeof(copy))
		memcpy(copy, text, len);
	dash = strchr(copy, '-');
	if (dash)
		*dash++ = '\0';
	if (!parse_address(copy, &end->first) || (dash && !parse_address(dash, &end->last)))
		return err_set(err, STATUS_USAGE,
			       "%s: '%.*s' is not an address like 10.0.0.2 or 2001:db8::2; with a port, 10.0.0.2:80 or [2001:db8::2]:80",
			       what, (int)len, text);
	if (!dash)
		end->last = end->first;
	if (end->first.len != end->last.len)
		return err_set(err, STATUS_USAGE,
			       "%s: '%.*s' is from an IPv4 to an IPv6 address or the reverse",
			       what, (int)len, text);
	if (memcmp(end->first.bytes, end->last.bytes, end->first.len) > 0)
		return err_set(err, STATUS_USAGE, "%s: '%.*s': a range goes up", what, (int)len,
			       text);
	return 0;
}

int endpoint_parse(const char *what, const char *text, struct endpoint *end, struct err *err)
{
	const char *colon = strchr(text, ':'), *address = text, *rest;

	*end = (struct endpoint){};
	if (*text == '[') {
		address++;
		rest = strchr(text, ']');
		colon = rest ? rest + 1 : NULL;
		if (!rest || (*colon && *colon != ':'))
			return err_set(err, STATUS_USAGE,
				       "%s: '%s' is not an address in [] and a port", what, text);
	} else if (colon && strchr(colon + 1, ':')) {
		rest = strchr(text, '\0');	/* IPv6 without a port */
		colon = rest;
	} else {
		rest = colon ? colon : strchr(text, '\0');
		colon = rest;
	}
	if (parse_addresses(what, address, rest - address, end, err) < 0)
		return -1;
	if (!*colon)
		return 0;
	return endpoint_parse_ports(what, colon + 1, &end->port, &end->port_last, err);
}

int endpoint_parse_one(const char *what, const char *text, struct endpoint *end, struct err *err)
{
	if (endpoint_parse(what, text, end, err) < 0)
		return -1;
	if (memcmp(&end->first, &end->last, sizeof(end->first)))
		return err_set(err, STATUS_USAGE, "%s: '%s' is more than one address", what, text);
	return 0;
}

int endpoint_parse_local(const char *what, const char *text, struct endpoint *end,
			 struct err *err)
{
	*end = (struct endpoint){};
	if (text[strspn(text, "0123456789-")] == '\0')
		return endpoint_parse_ports(what, text, &end->port, &end->port_last, err);
	if (endpoint_parse_one(what, text, end, err) < 0)
		return -1;
	if (!end->port)
		return err_set(err, STATUS_USAGE, "%s: '%s' has no port", what, text);
	return 0;
}

int endpoint_take_protocol(const char *what, char *text, uint8_t *protocol, struct err *err)
{
	char *slash = strchr(text, '/');
	int value = slash ? router_word_find(FIELD_IP_PROTOCOL, slash + 1) :
			    router_word_find(FIELD_IP_PROTOCOL, "tcp");

	if (value < 0)
		return err_set(err, STATUS_USAGE, "%s: '%s' is none of /tcp, /udp and /sctp",
			       what, slash);
	if (slash)
		*slash = '\0';
	*protocol = value;
	return 0;
}
