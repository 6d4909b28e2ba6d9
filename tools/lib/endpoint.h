/* SPDX-License-Identifier: GPL-2.0 */
/* An address, a port or a range of them, or both, as people write them. */
#ifndef VSW_LIB_ENDPOINT_H
#define VSW_LIB_ENDPOINT_H

#include <stdint.h>

#include "err.h"
#include "model.h"

struct endpoint {
	struct prefix first, last;	/* len 0: no address */
	uint16_t port, port_last;	/* 0: none */
};

/* "80" or "8000-8999", from 1 on. */
int endpoint_parse_ports(const char *what, const char *text, uint16_t *first, uint16_t *last,
			 struct err *err);

/*
 * ADDRESS, ADDRESS:PORT or ADDRESS:PORT-LAST; before a port an IPv6 address stands in [].
 * ADDRESS may be ADDRESS-ADDRESS; last is as first where there is one only.
 */
int endpoint_parse(const char *what, const char *text, struct endpoint *end, struct err *err);
/* The same without a range of addresses. */
int endpoint_parse_one(const char *what, const char *text, struct endpoint *end,
		       struct err *err);
/* The same of a port of this host: PORT or ADDRESS:PORT. */
int endpoint_parse_local(const char *what, const char *text, struct endpoint *end,
			 struct err *err);

/* Take "/tcp" or so from behind the text; without one it is TCP. */
int endpoint_take_protocol(const char *what, char *text, uint8_t *protocol, struct err *err);

#endif
