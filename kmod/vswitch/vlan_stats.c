// SPDX-License-Identifier: GPL-2.0
/*
 * Frames and bytes of each VLAN of a switch.
 *
 * What has come in is counted when it is known which VLAN it is of, and its port is a
 * member; what guards do to it comes later. What leaves is counted as it is handed to
 * the port's device, each copy. As the bridge does it, but that bytes are counted with
 * the Ethernet header, as those of ports are; never with the VLAN's tag, which some
 * ports have and others have not.
 *
 * There is memory for the VLANs of which a port is a member, or was one since the switch
 * counts, in chunks: for all VLANs it would be 128 KB for each CPU.
 */
#include <linux/slab.h>

#include "vlan.h"
#include "vlan_stats.h"

#define CHUNK_VLANS	64
#define CHUNKS		(VLAN_N_VID / CHUNK_VLANS)

/* What one CPU counts of one VLAN. Written with BH off, by that CPU only. */
struct vlan_pcpu {
	u64_stats_t rx_packets;
	u64_stats_t rx_bytes;
	u64_stats_t tx_packets;
	u64_stats_t tx_bytes;
	struct u64_stats_sync syncp;
};

struct chunk {
	struct vlan_pcpu vlan[CHUNK_VLANS];
};

struct vsw_vlan_stats {
	struct rcu_head rcu;
	struct chunk __percpu *chunk[CHUNKS];	/* NULL, or there as long as all of it */
};

/* Where this CPU counts VLAN @vid, or NULL. */
static struct vlan_pcpu *here(const struct vsw_switch *sw, u16 vid)
{
	const struct vsw_vlan_stats *stats = vsw_path_dereference(sw->vlan_stats);
	struct chunk __percpu *chunk;

	/* Not any more, or not yet: flags and counters are not changed at once. */
	if (unlikely(!stats))
		return NULL;
	/* Pairs with add_chunk(). */
	chunk = READ_ONCE(stats->chunk[vid / CHUNK_VLANS]);
	return likely(chunk) ? &this_cpu_ptr(chunk)->vlan[vid % CHUNK_VLANS] : NULL;
}

void vsw_vlan_stats_rx(const struct vsw_switch *sw, u16 vid, unsigned int len)
{
	struct vlan_pcpu *vlan = here(sw, vid);

	if (unlikely(!vlan))
		return;
	u64_stats_update_begin(&vlan->syncp);
	u64_stats_inc(&vlan->rx_packets);
	u64_stats_add(&vlan->rx_bytes, len);
	u64_stats_update_end(&vlan->syncp);
}

void vsw_vlan_stats_tx(const struct vsw_switch *sw, u16 vid, unsigned int len)
{
	struct vlan_pcpu *vlan = here(sw, vid);

	if (unlikely(!vlan))
		return;
	u64_stats_update_begin(&vlan->syncp);
	u64_stats_inc(&vlan->tx_packets);
	u64_stats_add(&vlan->tx_bytes, len);
	u64_stats_update_end(&vlan->syncp);
}

static int add_chunk(struct vsw_vlan_stats *stats, unsigned int i)
{
	struct chunk __percpu *chunk = alloc_percpu_gfp(struct chunk, GFP_KERNEL_ACCOUNT);
	unsigned int v;
	int cpu;

	if (!chunk)
		return -ENOMEM;
	for_each_possible_cpu(cpu)
		for (v = 0; v < CHUNK_VLANS; v++)
			u64_stats_init(&per_cpu_ptr(chunk, cpu)->vlan[v].syncp);
	/* Readers find it with what was done to it. */
	smp_store_release(&stats->chunk[i], chunk);
	return 0;
}

/* The VLANs of chunk @i that are in @set, a bit each. */
static u64 part_of(const u8 *set, unsigned int i)
{
	__le64 part;

	memcpy(&part, set + i * CHUNK_VLANS / 8, sizeof(part));
	return le64_to_cpu(part);
}

static int add_chunks(struct vsw_vlan_stats *stats, const u8 *members)
{
	unsigned int i;
	int err;

	for (i = 0; i < CHUNKS; i++) {
		if (stats->chunk[i] || !part_of(members, i))
			continue;
		err = add_chunk(stats, i);
		if (err)
			return err;
	}
	return 0;
}

/*
 * Make room for VLANs of which a port of @sw is to be a member, the set @members. What
 * there is after an error is no more than room. May sleep. RTNL.
 */
int vsw_vlan_stats_reserve(struct vsw_switch *sw, const u8 *members)
{
	struct vsw_vlan_stats *stats = rtnl_dereference(sw->vlan_stats);

	return stats ? add_chunks(stats, members) : 0;
}

void vsw_vlan_stats_free(struct vsw_vlan_stats *stats)
{
	unsigned int i;

	for (i = 0; stats && i < CHUNKS; i++)
		free_percpu(stats->chunk[i]);
	kfree(stats);
}

static void free_rcu(struct rcu_head *rcu)
{
	vsw_vlan_stats_free(container_of(rcu, struct vsw_vlan_stats, rcu));
}

static int add_port(struct vsw_vlan_stats *stats, const struct vsw_port *port)
{
	return add_chunks(stats, rtnl_dereference(port->vlans)->member);
}

/* Counters for all VLANs that @sw's ports are members of, or an ERR_PTR. */
static struct vsw_vlan_stats *stats_alloc(struct vsw_switch *sw)
{
	struct vsw_vlan_stats *stats = kzalloc(sizeof(*stats), GFP_KERNEL_ACCOUNT);
	struct vsw_port *port;
	int err;

	if (!stats)
		return ERR_PTR(-ENOMEM);
	err = add_port(stats, &sw->host);
	list_for_each_entry(port, &sw->port_list, list)
		err = err ?: add_port(stats, port);
	if (!err)
		return stats;
	vsw_vlan_stats_free(stats);
	return ERR_PTR(err);
}

/* @sw, which is new and has no ports but the host's, begins to count, if it shall. */
int vsw_vlan_stats_init(struct vsw_switch *sw, bool on)
{
	struct vsw_vlan_stats *stats = on ? stats_alloc(sw) : NULL;

	if (IS_ERR(stats))
		return PTR_ERR(stats);
	RCU_INIT_POINTER(sw->vlan_stats, stats);
	return 0;
}

/* Nobody is in the packet path of @sw any more. */
void vsw_vlan_stats_destroy(struct vsw_switch *sw)
{
	vsw_vlan_stats_free(rcu_dereference_protected(sw->vlan_stats, true));
}

/*
 * What @sw needs to count by @config, for vsw_vlan_stats_replace() or _free(). NULL if it
 * needs nothing more, or an ERR_PTR. May sleep. RTNL.
 */
struct vsw_vlan_stats *vsw_vlan_stats_prepare(struct vsw_switch *sw,
					      const struct vsw_switch_config *config,
					      struct netlink_ext_ack *extack)
{
	struct vsw_vlan_stats *stats;

	if (!(config->given & VSW_SWITCH_VLAN_STATS) || !config->vlan_stats ||
	    vsw_vlan_stats_are_on(sw))
		return NULL;
	stats = stats_alloc(sw);
	if (IS_ERR(stats))
		NL_SET_ERR_MSG(extack, "no memory for the counters of the VLANs");
	return stats;
}

/*
 * @sw counts by VLAN if @on, in @stats, which are its own then, or as before if that is
 * NULL; or it does no more, and what it counted is forgotten. RTNL.
 */
void vsw_vlan_stats_replace(struct vsw_switch *sw, bool on, struct vsw_vlan_stats *stats)
{
	struct vsw_vlan_stats *was = rtnl_dereference(sw->vlan_stats);
	struct vsw_port *port;

	ASSERT_RTNL();

	if (on ? !stats : !was)
		return;
	rcu_assign_pointer(sw->vlan_stats, stats);
	vsw_vlan_update_flags(&sw->host);
	list_for_each_entry(port, &sw->port_list, list)
		vsw_vlan_update_flags(port);
	if (was)
		call_rcu(&was->rcu, free_rcu);
}

static void add_up(struct vsw_vlan_counters *sum, const struct vlan_pcpu *from)
{
	struct vsw_vlan_counters one;
	unsigned int start;

	do {
		start = vsw_u64_stats_fetch_begin(&from->syncp);
		one.rx_packets = u64_stats_read(&from->rx_packets);
		one.rx_bytes = u64_stats_read(&from->rx_bytes);
		one.tx_packets = u64_stats_read(&from->tx_packets);
		one.tx_bytes = u64_stats_read(&from->tx_bytes);
	} while (vsw_u64_stats_fetch_retry(&from->syncp, start));
	sum->rx_packets += one.rx_packets;
	sum->rx_bytes += one.rx_bytes;
	sum->tx_packets += one.tx_packets;
	sum->tx_bytes += one.tx_bytes;
}

/* What all CPUs counted of VLAN @vid; nothing, if @sw does not count it. RTNL. */
void vsw_vlan_stats_read(const struct vsw_switch *sw, u16 vid, struct vsw_vlan_counters *sum)
{
	const struct vsw_vlan_stats *stats = rtnl_dereference(sw->vlan_stats);
	struct chunk __percpu *chunk = stats ? stats->chunk[vid / CHUNK_VLANS] : NULL;
	int cpu;

	memset(sum, 0, sizeof(*sum));
	if (!chunk)
		return;
	for_each_possible_cpu(cpu)
		add_up(sum, &per_cpu_ptr(chunk, cpu)->vlan[vid % CHUNK_VLANS]);
}

/* Those VLANs of chunk @i that any port of @sw is a member of. */
static u64 members_of(const struct vsw_switch *sw, unsigned int i)
{
	u64 members = part_of(rtnl_dereference(sw->host.vlans)->member, i);
	const struct vsw_port *port;

	list_for_each_entry(port, &sw->port_list, list)
		members |= part_of(rtnl_dereference(port->vlans)->member, i);
	return members;
}

/*
 * The first VLAN behind @vid that @sw counts and that a port is a member of, or that was
 * counted before; 0, there is none. @sum is what was counted. @cursor is all zero for the
 * first call. RTNL.
 */
u16 vsw_vlan_stats_next(const struct vsw_switch *sw, u16 vid,
			struct vsw_vlan_stats_cursor *cursor, struct vsw_vlan_counters *sum)
{
	const struct vsw_vlan_stats *stats = rtnl_dereference(sw->vlan_stats);
	unsigned int i;

	if (!stats)
		return 0;
	while (++vid < VLAN_N_VID) {
		i = vid / CHUNK_VLANS;
		if (!stats->chunk[i]) {
			vid |= CHUNK_VLANS - 1;
			continue;
		}
		if (!cursor->is_set || cursor->chunk != i) {
			cursor->members = members_of(sw, i);
			cursor->chunk = i;
			cursor->is_set = true;
		}
		vsw_vlan_stats_read(sw, vid, sum);
		if ((cursor->members & BIT_ULL(vid % CHUNK_VLANS)) ||
		    sum->rx_packets || sum->tx_packets)
			return vid;
	}
	return 0;
}
