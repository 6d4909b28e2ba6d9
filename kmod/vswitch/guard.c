// SPDX-License-Identifier: GPL-2.0
/*
 * The guard of a port in the packet path: what it lets in.
 */
#include "fdb_path.h"
#include "source.h"

const struct vsw_guard vsw_guard_default;

/* Under RCU with BH off. */
static const struct vsw_guard *guard_of(const struct vsw_port *port)
{
	return vsw_path_dereference(port->guard) ?: &vsw_guard_default;
}

/*
 * 802.1X-2020 6.4, as the bridge does it: a MAC is authorised by an entry that
 * somebody has made. What was learned says only that a frame has come.
 */
static bool is_authorised(const struct vsw_port *in, u64 key)
{
	struct vsw_fdb_entry entry;

	return vsw_fdb_find_source(in->sw, key, &entry) && !is(&entry, LOCAL) &&
	       entry.port == in->number && is(&entry, USER);
}

/*
 * Whether @skb, of VLAN @vid or 0 for none, may come in by @in, and what is against
 * it. Headers behind the Ethernet header may move. Under RCU with BH off.
 */
bool vsw_guard_admit(struct vsw_port *in, struct sk_buff *skb, u16 vid,
		     enum vsw_drop *reason)
{
	const struct vsw_guard *guard = guard_of(in);
	u32 flags = guard->settings.flags | READ_ONCE(in->sw->guard_flags);
	u64 key = vsw_fdb_key(eth_hdr(skb)->h_source, vid);

	if ((flags & VSW_GUARD_LOCKED) && !is_authorised(in, key)) {
		*reason = VSW_DROP_LOCKED;
		return false;
	}
	if ((flags & VSW_SOURCE_FLAGS) && !vsw_source_admit(in, skb, vid, flags, reason))
		return false;
	return true;
}
