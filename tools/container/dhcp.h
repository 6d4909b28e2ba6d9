/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Messages of DHCP (RFC 2131) as packets of IPv4: what a client says, and what it hears.
 * Addresses are in network byte order, 0: none; times are in seconds.
 */
#ifndef VSW_CONTAINER_DHCP_H
#define VSW_CONTAINER_DHCP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum dhcp_type {
	DHCP_DISCOVER = 1, DHCP_OFFER = 2, DHCP_REQUEST = 3, DHCP_ACK = 5, DHCP_NAK = 6,
	DHCP_RELEASE = 7,
};

#define DHCP_PACKET_SIZE	576	/* that any host takes */

/* From a client. */
struct dhcp_question {
	enum dhcp_type type;
	uint32_t xid;			/* by which its answer is known, as it is */
	const uint8_t *mac;
	uint32_t address;		/* that it has */
	uint32_t wanted;		/* that it was offered */
	uint32_t server;		/* by whom */
	const char *hostname;		/* NULL: none */
};

struct dhcp_answer {
	enum dhcp_type type;
	uint32_t address;
	unsigned int bits;		/* of its network; 0: not said */
	uint32_t server, router;
	uint32_t lease;			/* UINT32_MAX: for ever */
	uint32_t renew;			/* when it is to be renewed; 0: not said */
};

/* The length of the packet, header of IP and all. */
size_t dhcp_build(uint8_t packet[DHCP_PACKET_SIZE], const struct dhcp_question *question);
/* Is this packet an answer to it?  What it says is not checked beyond its form. */
bool dhcp_parse(const uint8_t *packet, size_t len, const struct dhcp_question *question,
		struct dhcp_answer *answer);

#endif
