// SPDX-License-Identifier: GPL-2.0
/*
 * Loop protection: out of each port that is protected the switch sends a probe now and
 * then. One that comes back to the switch has gone round, and so would every
 * broadcast: a port is shut.
 *
 * A probe has the local experimental EtherType 2 (802-2014 9.2.4, 88-B6) and a
 * locally administered group address, so that other switches pass it on like any
 * multicast. Nobody but the switch can make one: what it says is signed with a key
 * that is never told, and it is good for some seconds only.
 */
#include <linux/ktime.h>
#include <linux/random.h>
#include <linux/siphash.h>

#include "forward.h"
#include "loop.h"

#define PROBE_TYPE	0x88b6
#define PROBE_MAX_AGE	(5 * MSEC_PER_SEC)

static const u8 probe_dest[ETH_ALEN] = { 0x03, 'v', 's', 'w', 'l', 'p' };
static const u8 probe_magic[8] = "vswloop";

struct probe {
	u8 magic[sizeof(probe_magic)];
	__be64 id;			/* of the switch */
	__be64 time;			/* ms since boot */
	__be32 number;			/* of the port by which it left */
	__be32 unused;
	__be64 signature;		/* of what is before it */
} __packed;

static u64 sign(const struct vsw_switch *sw, const struct probe *probe)
{
	return siphash(probe, offsetof(struct probe, signature), &sw->loop.key);
}

static u64 now_ms(void)
{
	return div_u64(ktime_get_boottime_ns(), NSEC_PER_MSEC);
}

/* Its data is behind its MAC header, as vsw_deliver() wants it. NULL: no memory. */
static struct sk_buff *make_probe(const struct vsw_port *out)
{
	const struct vsw_switch *sw = out->sw;
	struct probe probe = {
		.id = cpu_to_be64(sw->loop.id),
		.time = cpu_to_be64(now_ms()),
		.number = cpu_to_be32(out->number),
	};
	struct ethhdr *eth;
	struct sk_buff *skb;

	memcpy(probe.magic, probe_magic, sizeof(probe_magic));
	probe.signature = cpu_to_be64(sign(sw, &probe));
	skb = alloc_skb(LL_RESERVED_SPACE(out->dev) + ETH_ZLEN, GFP_ATOMIC);
	if (!skb)
		return NULL;
	skb_reserve(skb, LL_RESERVED_SPACE(out->dev) - ETH_HLEN);
	eth = skb_put_zero(skb, ETH_ZLEN);
	skb_reset_mac_header(skb);
	ether_addr_copy(eth->h_dest, probe_dest);
	ether_addr_copy(eth->h_source, sw->dev->dev_addr);
	eth->h_proto = htons(PROBE_TYPE);
	__skb_pull(skb, ETH_HLEN);
	memcpy(skb->data, &probe, sizeof(probe));
	skb_reset_network_header(skb);
	skb_reset_mac_len(skb);
	skb->protocol = htons(PROBE_TYPE);
	skb->dev = out->dev;
	return skb;
}

static bool is_forwarding(const struct vsw_port *port)
{
	return (READ_ONCE(port->flags) & (VSW_PORT_FORWARDING | VSW_PORT_SHUT)) ==
	       VSW_PORT_FORWARDING;
}

static void send_probe(struct vsw_port *out)
{
	struct sk_buff *skb = make_probe(out);

	if (!skb)
		vsw_count_drop(out, VSW_DROP_NO_MEMORY, htons(PROBE_TYPE), ETH_ZLEN);
	else
		vsw_answer(out, skb, 0);
}

/* Takes no RTNL, since who cancels it holds that. */
static void send_probes(struct work_struct *work)
{
	struct vsw_switch *sw = container_of(to_delayed_work(work), struct vsw_switch,
					     loop.work);
	struct vsw_port *port;

	rcu_read_lock();
	list_for_each_entry_rcu(port, &sw->port_list, list) {
		if (!READ_ONCE(port->loop_protect) || !is_forwarding(port))
			continue;
		local_bh_disable();
		send_probe(port);
		local_bh_enable();
	}
	rcu_read_unlock();
	queue_delayed_work(system_power_efficient_wq, &sw->loop.work,
			   msecs_to_jiffies(READ_ONCE(sw->loop.interval)));
}

/*
 * The port of @number. From the list, which a port leaves before the path has to have
 * left it.
 */
static struct vsw_port *find(const struct vsw_switch *sw, u32 number)
{
	struct vsw_port *port;

	list_for_each_entry_rcu(port, &sw->port_list, list)
		if (port->number == number)
			return port;
	return NULL;
}

/*
 * What left by @out has come in by @in: shut the one that is protected. If both are,
 * the one with the higher number, as the way back by the other would shut the other
 * else, and nothing were left. What was under way when one of them was shut tells
 * nothing new, and must not shut the other.
 */
static void cut(struct vsw_port *in, struct vsw_port *out)
{
	if (!is_forwarding(in) || !is_forwarding(out) || !READ_ONCE(out->loop_protect))
		return;
	if (READ_ONCE(in->loop_protect) && in->number > out->number)
		out = in;
	vsw_port_shut(out, VSWITCH_SHUT_REASON_LOOP);
}

/*
 * Whether @skb, which came by @in, is a probe of ours, and so is to go no further. Under
 * RCU with BH off.
 */
bool vsw_loop_closed(struct vsw_port *in, const struct sk_buff *skb)
{
	struct vsw_switch *sw = in->sw;
	const struct probe *probe;
	struct vsw_port *out;
	struct probe buf;

	if (skb->protocol != htons(PROBE_TYPE) ||
	    !ether_addr_equal(eth_hdr(skb)->h_dest, probe_dest))
		return false;
	probe = skb_header_pointer(skb, 0, sizeof(buf), &buf);
	if (!probe || memcmp(probe->magic, probe_magic, sizeof(probe_magic)) ||
	    be64_to_cpu(probe->id) != sw->loop.id ||
	    be64_to_cpu(probe->signature) != sign(sw, probe))
		return false;
	/* Somebody has kept it, to send it when he likes. */
	if (now_ms() - be64_to_cpu(probe->time) > PROBE_MAX_AGE)
		return true;
	out = find(sw, be32_to_cpu(probe->number));
	if (out)
		cut(in, out);
	return true;
}

void vsw_loop_init(struct vsw_switch *sw)
{
	get_random_bytes(&sw->loop.key, sizeof(sw->loop.key));
	sw->loop.id = get_random_u64();
	sw->loop.interval = VSWITCH_DEFAULT_LOOP_INTERVAL;
	INIT_DELAYED_WORK(&sw->loop.work, send_probes);
}

/* The switch went up or down, or how often it sends, or by how many ports, changed. RTNL. */
void vsw_loop_update(struct vsw_switch *sw)
{
	ASSERT_RTNL();

	if (sw->loop.ports && netif_running(sw->dev))
		mod_delayed_work(system_power_efficient_wq, &sw->loop.work, 0);
	else
		cancel_delayed_work_sync(&sw->loop.work);
}

/* @port came, goes, or is to be protected or not. RTNL. */
void vsw_loop_follow(struct vsw_port *port, bool attached)
{
	bool counts = attached && port->loop_protect;
	struct vsw_switch *sw = port->sw;

	if (counts == port->loop_counted)
		return;
	port->loop_counted = counts;
	WRITE_ONCE(sw->loop.ports, sw->loop.ports + (counts ? 1 : -1));
	vsw_loop_update(sw);
}
