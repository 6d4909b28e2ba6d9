// SPDX-License-Identifier: GPL-2.0
/*
 * Whether frames come in and leave by a port, which follows from its device, from its
 * switch's being up, from the state that a spanning tree gives it, from its being shut,
 * and from its being where a mirror sends.
 */
#include <linux/if_bridge.h>

#include "vswitch.h"

/* A vnic's carrier is the switch's being up, and so says nothing of its own. */
static bool is_live(const struct vsw_port *port)
{
	return netif_running(port->dev) &&
	       ((port->flags & VSW_PORT_VNIC) || netif_oper_up(port->dev));
}

/* What its state lets a port do (802.1D-2004 7.4, 802.1Q-2018 8.4), if all else does. */
static unsigned long allowed(const struct vsw_port *port)
{
	/* bridge(8) has numbers for them. */
	BUILD_BUG_ON(VSWITCH_PORT_STATE_DISABLED != BR_STATE_DISABLED ||
		     VSWITCH_PORT_STATE_LISTENING != BR_STATE_LISTENING ||
		     VSWITCH_PORT_STATE_LEARNING != BR_STATE_LEARNING ||
		     VSWITCH_PORT_STATE_FORWARDING != BR_STATE_FORWARDING ||
		     VSWITCH_PORT_STATE_BLOCKING != BR_STATE_BLOCKING);

	switch (port->state) {
	case VSWITCH_PORT_STATE_FORWARDING:
		return VSW_PORT_FORWARDING;
	case VSWITCH_PORT_STATE_LEARNING:
		return VSW_PORT_LEARNS_ONLY;
	default:
		return 0;
	}
}

/* Forget what was learned on @port, by who has just ceased to learn, too. */
static void forget_learned(struct vsw_port *port)
{
	const struct vsw_fdb_filter learned = {
		.port = port,
		.type = VSWITCH_FDB_TYPE_DYNAMIC,
	};

	vsw_fdb_settle(port->sw);
	if (READ_ONCE(port->fdb_count))
		vsw_fdb_flush(port->sw, &learned);
}

/* Returns whether anything has changed. RTNL. */
bool vsw_port_follow_state(struct vsw_port *port)
{
	const unsigned long learns = VSW_PORT_FORWARDING | VSW_PORT_LEARNS_ONLY;
	unsigned long was = port->flags, now = was;
	struct vsw_switch *sw = port->sw;

	ASSERT_RTNL();

	/* Of the host's the switch itself knows: it is no device among the live ones. */
	if (was & VSW_PORT_HOST)
		return false;
	now &= ~(VSW_PORT_LIVE | learns);
	if (is_live(port))
		now |= VSW_PORT_LIVE;
	if ((now & VSW_PORT_LIVE) && !(now & VSW_PORT_SHUT) && !port->mirror_output &&
	    netif_running(sw->dev))
		now |= allowed(port);
	if (now == was)
		return false;
	vsw_port_set_flags(port, now);

	/* What was behind it may come back behind another port. */
	if ((was & ~now & VSW_PORT_FORWARDING) || ((was & learns) && !(now & learns)))
		forget_learned(port);
	if (was & ~now & VSW_PORT_FORWARDING)
		vsw_mcast_port_down(port);
	else if (now & ~was & VSW_PORT_FORWARDING)
		vsw_mcast_port_up(port);
	if ((was ^ now) & VSW_PORT_LIVE) {
		sw->live_ports += now & VSW_PORT_LIVE ? 1 : -1;
		vsw_switch_follow_carrier(sw);
	}
	return true;
}

/* A picture of @port, which has changed, for those who listen. RTNL. */
void vsw_port_tell(struct vsw_port *port)
{
	ASSERT_RTNL();

	port->shut.told = READ_ONCE(port->shut.reason);
	vsw_net(dev_net(port->sw->dev))->generation++;
	vsw_event_port(port, VSWITCH_CMD_PORT_SET_NTF);
}

/* Whether anything may come in and leave by @port may have changed. RTNL. */
void vsw_port_update_state(struct vsw_port *port)
{
	if (vsw_port_follow_state(port))
		vsw_port_tell(port);
}
