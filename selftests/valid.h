/* SPDX-License-Identifier: GPL-2.0 */
/*
 * One request of each operation that is accepted in the scene that the script
 * has set up, and what brings the scene back afterwards:
 *
 *	vs0	switch with the ports p0 and p1
 *	vs9	switch without ports
 *	d0	a device that is no port
 *
 * VALID_MAC is a static entry on p0.
 */
#ifndef SELFTESTS_VALID_H
#define SELFTESTS_VALID_H

#include <linux/vswitch.h>

#include "request.h"

static const uint8_t VALID_MAC[6] = { 2, 0, 0, 0, 0xbb, 1 };
static const uint8_t VALID_NEW_MAC[6] = { 2, 0, 0, 0, 0xaa, 1 };
static const uint8_t VALID_SWITCH_MAC[6] = { 2, 0, 0, 0, 0xcc, 1 };

static inline void valid_switch_settings(struct nlmsghdr *nlh)
{
	mnl_attr_put(nlh, VSWITCH_A_SWITCH_ADDRESS, 6, VALID_SWITCH_MAC);
	mnl_attr_put_u32(nlh, VSWITCH_A_SWITCH_MTU, 1400);
	mnl_attr_put_u32(nlh, VSWITCH_A_SWITCH_AGEING_TIME, 60000);
	mnl_attr_put_u32(nlh, VSWITCH_A_SWITCH_FDB_MAX, 1000);
}

static inline void valid_port_settings(struct nlmsghdr *nlh)
{
	mnl_attr_put_u8(nlh, VSWITCH_A_PORT_LEARNING, 0);
	mnl_attr_put_u8(nlh, VSWITCH_A_PORT_FLOOD, 0);
	mnl_attr_put_u8(nlh, VSWITCH_A_PORT_MCAST_FLOOD, 0);
	mnl_attr_put_u8(nlh, VSWITCH_A_PORT_BCAST_FLOOD, 0);
	mnl_attr_put_u8(nlh, VSWITCH_A_PORT_HAIRPIN, 1);
	mnl_attr_put_u8(nlh, VSWITCH_A_PORT_ISOLATED, 1);
	mnl_attr_put_u16(nlh, VSWITCH_A_PORT_GROUP_FWD_MASK, 0x4000);
	mnl_attr_put_u32(nlh, VSWITCH_A_PORT_FDB_MAX, 50);
}

/* The request of command @cmd in @buf; a dump of everything if @dump. */
static inline struct nlmsghdr *valid_request(struct nl *nl, char *buf, uint8_t cmd, bool dump)
{
	struct nlmsghdr *nlh = nl_command(nl, buf, cmd, dump ? NLM_F_DUMP : 0);

	if (dump)
		return nlh;
	switch (cmd) {
	case VSWITCH_CMD_SWITCH_NEW:
		mnl_attr_put_strz(nlh, VSWITCH_A_SWITCH_NAME, "vs1");
		valid_switch_settings(nlh);
		break;
	case VSWITCH_CMD_SWITCH_SET:
		mnl_attr_put_strz(nlh, VSWITCH_A_SWITCH_NAME, "vs0");
		valid_switch_settings(nlh);
		break;
	case VSWITCH_CMD_SWITCH_DEL:
		mnl_attr_put_strz(nlh, VSWITCH_A_SWITCH_NAME, "vs9");
		break;
	case VSWITCH_CMD_SWITCH_GET:
		mnl_attr_put_strz(nlh, VSWITCH_A_SWITCH_NAME, "vs0");
		break;
	case VSWITCH_CMD_PORT_NEW:
		mnl_attr_put_strz(nlh, VSWITCH_A_PORT_NAME, "d0");
		mnl_attr_put_strz(nlh, VSWITCH_A_PORT_SWITCH_NAME, "vs0");
		valid_port_settings(nlh);
		break;
	case VSWITCH_CMD_PORT_SET:
		mnl_attr_put_strz(nlh, VSWITCH_A_PORT_NAME, "p0");
		mnl_attr_put_strz(nlh, VSWITCH_A_PORT_SWITCH_NAME, "vs0");
		valid_port_settings(nlh);
		break;
	case VSWITCH_CMD_PORT_DEL:
	case VSWITCH_CMD_PORT_GET:
		mnl_attr_put_strz(nlh, VSWITCH_A_PORT_NAME, "p1");
		mnl_attr_put_strz(nlh, VSWITCH_A_PORT_SWITCH_NAME, "vs0");
		break;
	case VSWITCH_CMD_FDB_NEW:
		mnl_attr_put_strz(nlh, VSWITCH_A_FDB_SWITCH_NAME, "vs0");
		mnl_attr_put_strz(nlh, VSWITCH_A_FDB_PORT_NAME, "p0");
		mnl_attr_put(nlh, VSWITCH_A_FDB_ADDRESS, 6, VALID_NEW_MAC);
		mnl_attr_put_u8(nlh, VSWITCH_A_FDB_TYPE, VSWITCH_FDB_TYPE_STATIC);
		mnl_attr_put_u8(nlh, VSWITCH_A_FDB_STICKY, 1);
		break;
	case VSWITCH_CMD_FDB_SET:
		mnl_attr_put_strz(nlh, VSWITCH_A_FDB_SWITCH_NAME, "vs0");
		mnl_attr_put_strz(nlh, VSWITCH_A_FDB_PORT_NAME, "p1");
		mnl_attr_put(nlh, VSWITCH_A_FDB_ADDRESS, 6, VALID_MAC);
		mnl_attr_put_u8(nlh, VSWITCH_A_FDB_TYPE, VSWITCH_FDB_TYPE_DYNAMIC);
		mnl_attr_put_u8(nlh, VSWITCH_A_FDB_STICKY, 1);
		break;
	case VSWITCH_CMD_FDB_DEL:
	case VSWITCH_CMD_FDB_GET:
		mnl_attr_put_strz(nlh, VSWITCH_A_FDB_SWITCH_NAME, "vs0");
		mnl_attr_put_strz(nlh, VSWITCH_A_FDB_PORT_NAME, "p0");
		mnl_attr_put(nlh, VSWITCH_A_FDB_ADDRESS, 6, VALID_MAC);
		break;
	case VSWITCH_CMD_FDB_FLUSH:
		mnl_attr_put_strz(nlh, VSWITCH_A_FDB_SWITCH_NAME, "vs0");
		mnl_attr_put_strz(nlh, VSWITCH_A_FDB_PORT_NAME, "p0");
		mnl_attr_put_u8(nlh, VSWITCH_A_FDB_TYPE, VSWITCH_FDB_TYPE_STATIC);
		break;
	}
	return nlh;
}

/* Sends what may be refused since it is so already. */
static inline void valid_try(struct nl *nl, struct nlmsghdr *nlh, int already)
{
	int error = nl_request(nl, nlh, NULL, NULL);

	if (error && error != already)
		errx(2, "can't bring the scene back: %s (%s)", strerror(error), nl->message);
}

static inline void valid_port(struct nl *nl, const char *port)
{
	char buf[REQUEST_MAX];
	struct nlmsghdr *nlh;

	nlh = nl_command(nl, buf, VSWITCH_CMD_PORT_NEW, 0);
	mnl_attr_put_strz(nlh, VSWITCH_A_PORT_NAME, port);
	mnl_attr_put_strz(nlh, VSWITCH_A_PORT_SWITCH_NAME, "vs0");
	valid_try(nl, nlh, EBUSY);
	nlh = nl_command(nl, buf, VSWITCH_CMD_PORT_SET, 0);
	mnl_attr_put_strz(nlh, VSWITCH_A_PORT_NAME, port);
	mnl_attr_put_u8(nlh, VSWITCH_A_PORT_LEARNING, 1);
	mnl_attr_put_u8(nlh, VSWITCH_A_PORT_FLOOD, 1);
	mnl_attr_put_u8(nlh, VSWITCH_A_PORT_MCAST_FLOOD, 1);
	mnl_attr_put_u8(nlh, VSWITCH_A_PORT_BCAST_FLOOD, 1);
	mnl_attr_put_u8(nlh, VSWITCH_A_PORT_HAIRPIN, 0);
	mnl_attr_put_u8(nlh, VSWITCH_A_PORT_ISOLATED, 0);
	mnl_attr_put_u16(nlh, VSWITCH_A_PORT_GROUP_FWD_MASK, 0);
	mnl_attr_put_u32(nlh, VSWITCH_A_PORT_FDB_MAX, 0);
	valid_try(nl, nlh, 0);
}

/* Brings back the scene after any of these was accepted, or all. */
static inline void valid_restore(struct nl *nl)
{
	static const char *const switches[] = { "vs0", "vs9" };
	char buf[REQUEST_MAX];
	struct nlmsghdr *nlh;
	unsigned int i;

	for (i = 0; i < 2; i++) {
		nlh = nl_command(nl, buf, VSWITCH_CMD_SWITCH_NEW, 0);
		mnl_attr_put_strz(nlh, VSWITCH_A_SWITCH_NAME, switches[i]);
		valid_try(nl, nlh, EEXIST);
		nlh = nl_command(nl, buf, VSWITCH_CMD_SWITCH_SET, 0);
		mnl_attr_put_strz(nlh, VSWITCH_A_SWITCH_NAME, switches[i]);
		mnl_attr_put(nlh, VSWITCH_A_SWITCH_ADDRESS, 6, VALID_SWITCH_MAC);
		mnl_attr_put_u32(nlh, VSWITCH_A_SWITCH_MTU, 1500);
		mnl_attr_put_u32(nlh, VSWITCH_A_SWITCH_AGEING_TIME, 300000);
		mnl_attr_put_u32(nlh, VSWITCH_A_SWITCH_FDB_MAX, 65536);
		valid_try(nl, nlh, 0);
	}
	nlh = nl_command(nl, buf, VSWITCH_CMD_SWITCH_DEL, 0);
	mnl_attr_put_strz(nlh, VSWITCH_A_SWITCH_NAME, "vs1");
	valid_try(nl, nlh, ENODEV);
	nlh = nl_command(nl, buf, VSWITCH_CMD_PORT_DEL, 0);
	mnl_attr_put_strz(nlh, VSWITCH_A_PORT_NAME, "d0");
	valid_try(nl, nlh, ENODEV);
	valid_port(nl, "p0");
	valid_port(nl, "p1");
	for (i = VSWITCH_FDB_TYPE_DYNAMIC; i <= VSWITCH_FDB_TYPE_LOCAL; i++) {
		nlh = nl_command(nl, buf, VSWITCH_CMD_FDB_FLUSH, 0);
		mnl_attr_put_strz(nlh, VSWITCH_A_FDB_SWITCH_NAME, "vs0");
		mnl_attr_put_u8(nlh, VSWITCH_A_FDB_TYPE, i);
		valid_try(nl, nlh, 0);
	}
	nlh = nl_command(nl, buf, VSWITCH_CMD_FDB_NEW, 0);
	mnl_attr_put_strz(nlh, VSWITCH_A_FDB_PORT_NAME, "p0");
	mnl_attr_put(nlh, VSWITCH_A_FDB_ADDRESS, 6, VALID_MAC);
	mnl_attr_put_u8(nlh, VSWITCH_A_FDB_TYPE, VSWITCH_FDB_TYPE_STATIC);
	valid_try(nl, nlh, EEXIST);
}

#endif
