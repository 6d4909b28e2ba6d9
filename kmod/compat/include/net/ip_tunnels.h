/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _VSW_COMPAT_NET_IP_TUNNELS_H
#define _VSW_COMPAT_NET_IP_TUNNELS_H

#include_next <net/ip_tunnels.h>

/* Flags of tunnels became bits of a bitmap in 6.10. */
#ifdef IP_TUNNEL_DECLARE_FLAGS
#define vsw_tunnel_flag_set(key, name)	\
	__set_bit(IP_TUNNEL_##name##_BIT, (key)->tun_flags)
#else
#define vsw_tunnel_flag_set(key, name)	\
	((key)->tun_flags |= TUNNEL_##name)
#endif

#endif /* _VSW_COMPAT_NET_IP_TUNNELS_H */
