/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _VSW_COMPAT_NET_ROUTE_H
#define _VSW_COMPAT_NET_ROUTE_H

#include_next <net/route.h>

/* Takes the DSCP by its own type since 6.13. */
#ifdef VSW_HAVE_ROUTE_INPUT_DSCP
#define vsw_ip_route_input_noref(skb, daddr, saddr, tos, dev) \
	ip_route_input_noref(skb, daddr, saddr, inet_dsfield_to_dscp(tos), dev)
#else
#define vsw_ip_route_input_noref(skb, daddr, saddr, tos, dev) \
	ip_route_input_noref(skb, daddr, saddr, tos, dev)
#endif

#endif /* _VSW_COMPAT_NET_ROUTE_H */
