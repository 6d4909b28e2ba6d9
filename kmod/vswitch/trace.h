/* SPDX-License-Identifier: GPL-2.0 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM vswitch

#if !defined(_VSWITCH_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define _VSWITCH_TRACE_H

#include <linux/tracepoint.h>

#include "vswitch.h"

#define X(suffix, name, core) TRACE_DEFINE_ENUM(VSW_DROP_##suffix);
VSW_DROP_REASONS(X)
#undef X

/* A pair a reason, the list ended by one that stands for none of them. */
#define VSW_DROP_SYMBOL(suffix, name, core) { VSW_DROP_##suffix, name },

/* A packet is dropped; @port is the one that it is counted on. */
TRACE_EVENT(vsw_drop,
	TP_PROTO(const struct vsw_port *port, enum vsw_drop reason,
		 __be16 protocol, unsigned int len),
	TP_ARGS(port, reason, protocol, len),
	TP_STRUCT__entry(
		__array(char, switch_name, IFNAMSIZ)
		__array(char, port_name, IFNAMSIZ)
		__field(u32, port_ifindex)
		__field(u32, port_number)
		__field(u16, protocol)
		__field(u32, len)
		__field(int, reason)
	),
	TP_fast_assign(
		memcpy(__entry->switch_name, port->sw->dev->name, IFNAMSIZ);
		memcpy(__entry->port_name, port->dev->name, IFNAMSIZ);
		__entry->port_ifindex = port->dev->ifindex;
		__entry->port_number = port->number;
		__entry->protocol = ntohs(protocol);
		__entry->len = len;
		__entry->reason = reason;
	),
	TP_printk("switch=%s port=%s ifindex=%u number=%u protocol=0x%04x len=%u reason=%s",
		  __entry->switch_name, __entry->port_name,
		  __entry->port_ifindex, __entry->port_number, __entry->protocol, __entry->len,
		  __print_symbolic(__entry->reason,
				   VSW_DROP_REASONS(VSW_DROP_SYMBOL)
				   { -1, "none" }))
);

#endif /* _VSWITCH_TRACE_H */

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
