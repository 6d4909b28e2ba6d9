/* SPDX-License-Identifier: GPL-2.0 */
/* Backends without a service. */
#ifndef _VROUTER_FIXTURE_H
#define _VROUTER_FIXTURE_H

#include "../vrouter/backend.h"

/* Number @number, open since it is up for a day; whoever has it never frees it. */
static inline void fixture_backend(struct vrt_backend *backend, u32 number)
{
	refcount_set(&backend->target.refs, 1);
	atomic_set(&backend->target.active, 0);
	backend->target.family = NFPROTO_IPV4;
	backend->target.addr.ip = htonl(0x0a000001 + number);
	backend->target.port = 80;
	backend->id = number + 1;
	backend->open = true;
	backend->max_connections = 0;
	backend->since = get_jiffies_64() - 86400ULL * HZ;
}

/* The connection is over for which it was taken. */
static inline void fixture_release(struct vrt_backend *backend)
{
	atomic_dec(&backend->target.active);
	refcount_dec(&backend->target.refs);
}

#endif /* _VROUTER_FIXTURE_H */
