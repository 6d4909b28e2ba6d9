/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Security groups: rules of who may begin connections with whom, as flows. There is no
 * other state: what is in the switch is read back from its flows.
 *
 * Table 0 hands packets of ports that have rules over, before all flows of the user; what
 * is allowed comes back there and goes on as if there were no rules.
 *
 *   200  hands neighbour discovery back, tracks the others in a zone of its own
 *   201  what comes from a port ("out" of the container)
 *   202  what goes to a MAC of a port ("in")
 *   203  commits the connection
 */
#ifndef VSW_LIB_ACL_H
#define VSW_LIB_ACL_H

#include "flow.h"

#define ACL_TABLE	200		/* the first of four */
#define ACL_ZONE	64000
#define ACL_NUMBER_MAX	50000

/*
 * Cookies: 24 bits that say that it is one of these, 8 bits enum acl_part, 16 bits the
 * number of the port + 1 or 0, 16 bits the number of the rule or 0.
 */
#define ACL_COOKIE	(UINT64_C(0x61636c) << 40)
#define ACL_COOKIE_MASK	(UINT64_C(0xffffff) << 40)
#define ACL_COOKIE_PORT	(UINT64_C(0xffff) << 16)

enum acl_part { ACL_FRAME, ACL_HOOK, ACL_POLICY_IN, ACL_POLICY_OUT, ACL_RULE };

/* One line. Words are those of the command line. */
struct vsw_acl {
	uint64_t has;			/* ACL_SAID_* */
	char switch_name[MODEL_NAME_SIZE];
	uint16_t number;		/* 0: the policy of the direction */
	uint32_t port_number;
	char *port_name;		/* owned, or NULL */
	char direction[MODEL_NAME_SIZE];	/* "in", "out" */
	char action[MODEL_NAME_SIZE];	/* "allow", "deny", "reject" */
	char protocol[MODEL_NAME_SIZE];	/* "any", "tcp", ... */
	char ports[MODEL_NAME_SIZE];	/* "80", "80-89", or "" */
	char *net;			/* owned; NULL: all */
	uint64_t packets, bytes;	/* of new connections */
};

enum {
	ACL_SAID_SWITCH_NAME, ACL_SAID_NUMBER, ACL_SAID_PORT_NUMBER, ACL_SAID_PORT_NAME,
	ACL_SAID_DIRECTION, ACL_SAID_ACTION, ACL_SAID_PROTOCOL, ACL_SAID_PORTS, ACL_SAID_NET,
	ACL_SAID_PACKETS, ACL_SAID_BYTES,
};

extern const struct kind kind_acl;

static inline enum acl_part acl_part(uint64_t cookie)
{
	return cookie >> 32 & 0xff;
}

uint64_t acl_cookie(enum acl_part part, uint32_t port_number, unsigned int number);
static inline bool acl_is_in(const struct vsw_acl *acl)
{
	return acl->direction[0] == 'i';
}

/* 1: the flow is a line, or more of the one before; 0: it is none; -1: no memory. */
int acl_from_flow(const struct vsw_flow *flow, struct list *acls);
/* The same but for number and counters? */
bool acl_equal(const struct vsw_acl *one, const struct vsw_acl *other);

/* MACs by which packets to a port are known. */
struct acl_macs {
	uint8_t (*mac)[MODEL_MAC_SIZE];	/* owned */
	size_t n;
};

/* Text of flows, one a line, as flow_parse() takes it. */
void acl_print_frame(FILE *out);
void acl_print_hooks(FILE *out, const struct vsw_acl *acl, const struct acl_macs *macs);
void acl_print_policy(FILE *out, const struct vsw_acl *acl, bool allow,
		      const struct acl_macs *macs);
void acl_print_rule(FILE *out, const struct vsw_acl *acl, const struct acl_macs *macs);

#endif
