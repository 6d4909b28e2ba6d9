/* SPDX-License-Identifier: GPL-2.0 */
/* What event.c keeps of flows that are gone, and of packets for who listens. */
#ifndef _VSWITCH_FLOW_EVENT_H
#define _VSWITCH_FLOW_EVENT_H

#include "flow.h"
#include "vswitch.h"

struct vsw_flow_event {
	u32 switch_ifindex;
	char switch_name[IFNAMSIZ];
	u8 reason;			/* enum vswitch_flow_removed */
	struct vsw_flow_info info;	/* but for its actions, which are ... */
	struct vsw_actions actions;	/* ... these, with the program behind */
};

struct vsw_packet_in_event {
	u32 switch_ifindex;
	char switch_name[IFNAMSIZ];
	u32 port_ifindex;
	char port_name[IFNAMSIZ];
	u32 port_number;
	struct vsw_packet_in packet;	/* its userdata is behind the frame */
	u64 time;			/* ns since 1970 */
	u32 length;			/* of the frame on the wire */
	u32 captured;			/* bytes of it in data */
	u8 data[];
};

#endif /* _VSWITCH_FLOW_EVENT_H */
