// SPDX-License-Identifier: GPL-2.0
/*
 * News for userspace: any context puts them in a queue, in the order in which
 * they happen, and a worker sends them. Nothing is queued that nobody listens
 * to. When the queue is full or memory is short the listeners get ENOBUFS, so
 * that they know to look again.
 */
#include "mirror.h"
#include "binding.h"
#include "flow_event.h"
#include "vlan.h"
#include "wire.h"

/* A namespace's, so that none fills the queue for the others. */
#define MAX_QUEUED 8192
/* Learned MACs and groups are many; switches and ports get through all the same. */
#define MAX_QUEUED_FDB (MAX_QUEUED / 2)
/* Frames are many, too, and large. */
#define MAX_QUEUED_DROPS (MAX_QUEUED / 8)
#define MAX_DROP_BYTES 2048
/* Packets may be asked for as a whole, as far as it fits into an attribute. */
#define MAX_QUEUED_BYTES (4 << 20)
/* Nearly all flows are short enough for MAX_QUEUED of them; the longest have 32 KB each. */
#define MAX_QUEUED_FLOW_BYTES (16 << 20)
#define MAX_PACKET_BYTES 65528

static void send_events(struct work_struct *work);

static DEFINE_SPINLOCK(queue_lock);
static LIST_HEAD(queue);
static bool running;
static DECLARE_WORK(send_work, send_events);

static void event_free(struct vsw_event *event)
{
	put_net(event->net);
	kfree(event);
}

static void send_events(struct work_struct *work)
{
	struct vsw_event *event;

	for (;;) {
		spin_lock_bh(&queue_lock);
		event = list_first_entry_or_null(&queue, struct vsw_event, list);
		if (event) {
			list_del(&event->list);
			vsw_net(event->net)->queued_events--;
			vsw_net(event->net)->queued_bytes -= event->size;
		}
		spin_unlock_bh(&queue_lock);
		if (!event)
			break;
		vsw_nl_send_event(event);
		vsw_bridge_send_event(event);
		event_free(event);
		cond_resched();
	}
}

/* RTNL is not held any more when it is sent, so it has the port's VLANs with it. */
struct port_event {
	struct vsw_event event;
	struct vsw_vlans vlans;
};

struct switch_event {
	struct vsw_event event;
	struct vsw_private_vlan private_vlans[VSWITCH_PRIVATE_VLANS_MAX];
};

/* Learning makes most of the events, so each takes only what it needs. */
static const size_t event_sizes[] = {
	[VSW_EVENT_SWITCH] = sizeof(struct switch_event),
	[VSW_EVENT_PORT] = sizeof(struct port_event),
	[VSW_EVENT_FDB] = offsetofend(struct vsw_event, fdb),
	[VSW_EVENT_MIRROR] = offsetofend(struct vsw_event, mirror),
	[VSW_EVENT_BINDING] = offsetofend(struct vsw_event, binding),
	[VSW_EVENT_MDB] = offsetofend(struct vsw_event, mdb),
};

static bool has_listeners(struct net *net, enum vsw_event_group group)
{
	return vsw_nl_has_listeners(net, group) || vsw_bridge_has_listeners(net, group);
}

static void events_lost(struct net *net, enum vsw_event_group group)
{
	vsw_nl_events_lost(net, group);
	vsw_bridge_events_lost(net, group);
}

/* Returns an event to fill in and queue, or NULL when there is no need. */
static struct vsw_event *event_alloc_sized(const struct vsw_switch *sw, size_t size,
					   enum vsw_event_group group, u8 cmd)
{
	struct net *net = dev_net(sw->dev);
	struct vsw_event *event;

	if (!READ_ONCE(running) || !has_listeners(net, group))
		return NULL;
	/* A listener's socket keeps its namespace; without one it may be dying. */
	net = maybe_get_net(net);
	if (!net)
		return NULL;
	event = kmalloc(size, GFP_ATOMIC | __GFP_NOWARN);
	if (!event) {
		events_lost(net, group);
		put_net(net);
		return NULL;
	}
	event->net = net;
	event->size = size;
	event->group = group;
	event->cmd = cmd;
	return event;
}

static struct vsw_event *event_alloc(const struct vsw_switch *sw,
				     enum vsw_event_group group, u8 cmd)
{
	return event_alloc_sized(sw, event_sizes[group], group, cmd);
}

/* What follows an event that is larger than those of its kind. */
static size_t event_head(size_t end)
{
	return ALIGN(end, sizeof(u64));
}

static unsigned int most_queued(const struct vsw_event *event)
{
	switch (event->group) {
	case VSW_EVENT_FDB:
	case VSW_EVENT_MDB:
		return MAX_QUEUED_FDB;
	case VSW_EVENT_DROP:
	case VSW_EVENT_PACKET_IN:
		return MAX_QUEUED_DROPS;
	default:
		return MAX_QUEUED;
	}
}

static size_t most_bytes(const struct vsw_event *event)
{
	switch (event->group) {
	case VSW_EVENT_PACKET_IN:
		return MAX_QUEUED_BYTES;
	case VSW_EVENT_FLOW:
		return MAX_QUEUED_FLOW_BYTES;
	default:
		return SIZE_MAX;
	}
}

/* False: the queue is full, and the event is gone. */
static bool event_queue(struct vsw_event *event)
{
	unsigned int max = most_queued(event);
	struct vsw_net *vn = vsw_net(event->net);
	bool full;

	spin_lock_bh(&queue_lock);
	full = vn->queued_events >= max ||
	       vn->queued_bytes + event->size > most_bytes(event);
	if (!full) {
		list_add_tail(&event->list, &queue);
		vn->queued_events++;
		vn->queued_bytes += event->size;
	}
	spin_unlock_bh(&queue_lock);
	if (full) {
		events_lost(event->net, event->group);
		event_free(event);
		return false;
	}
	schedule_work(&send_work);
	return true;
}

void vsw_event_switch(const struct vsw_switch *sw, u8 cmd)
{
	struct vsw_event *event = event_alloc(sw, VSW_EVENT_SWITCH, cmd);
	struct switch_event *own;

	if (!event)
		return;
	own = container_of(event, struct switch_event, event);
	vsw_switch_info(sw, &event->sw);
	memcpy(own->private_vlans, event->sw.private_vlans,
	       array_size(event->sw.private_count, sizeof(own->private_vlans[0])));
	event->sw.private_vlans = own->private_vlans;
	event_queue(event);
}

void vsw_event_port(const struct vsw_port *port, u8 cmd)
{
	struct vsw_event *event = event_alloc(port->sw, VSW_EVENT_PORT, cmd);
	struct port_event *own;

	if (!event)
		return;
	own = container_of(event, struct port_event, event);
	vsw_port_info(port, &event->port);
	own->vlans = *event->port.vlans;
	event->port.vlans = &own->vlans;
	event_queue(event);
}

void vsw_event_fdb(const struct vsw_switch *sw,
		   const struct vsw_fdb_entry *entry, u8 cmd)
{
	struct vsw_event *event = event_alloc(sw, VSW_EVENT_FDB, cmd);

	if (!event)
		return;
	vsw_fdb_info(sw, entry, &event->fdb);
	/* It may have another by the time that this is sent. */
	event->fdb.port_alias = NULL;
	event_queue(event);
}

/* RTNL. */
void vsw_event_mirror(const struct vsw_mirror *m, u8 cmd)
{
	struct vsw_event *event = event_alloc(m->sw, VSW_EVENT_MIRROR, cmd);

	if (!event)
		return;
	vsw_mirror_info(m, &event->mirror);
	event_queue(event);
}

void vsw_event_binding(const struct vsw_binding *binding, u8 cmd)
{
	struct vsw_event *event = event_alloc(binding->port->sw, VSW_EVENT_BINDING, cmd);

	if (!event)
		return;
	vsw_binding_info(binding, &event->binding);
	/* As for MAC entries. */
	event->binding.port_alias = NULL;
	event_queue(event);
}

/* Under the lock of the groups. */
void vsw_event_mdb(const struct vsw_mcast_member *member, u8 cmd)
{
	const struct vsw_port *port = member->port;
	const struct net_device *dev = port->sw->dev;
	struct vsw_mdb_info *info;
	struct vsw_event *event;

	/* The host's are left until nobody can know the switch any more. */
	if (dev->reg_state > NETREG_UNREGISTERING)
		return;
	event = event_alloc(port->sw, VSW_EVENT_MDB, cmd);
	if (!event)
		return;
	info = &event->mdb;
	info->switch_ifindex = dev->ifindex;
	strscpy(info->switch_name, dev->name, sizeof(info->switch_name));
	info->port_ifindex = port->dev->ifindex;
	strscpy(info->port_name, port->dev->name, sizeof(info->port_name));
	info->port_number = port->number;
	info->key = member->group->key;
	info->exclude = member->exclude;
	info->permanent = member->permanent;
	info->port_abroad = READ_ONCE(port->flags) & VSW_PORT_ABROAD;
	event_queue(event);
}

/*
 * The VLAN of what came in by @port, as its tag says, or the port if it has none. Tags
 * of the kind that the switch does not go by are payload to it, and all are to a tunnel.
 */
static u16 vid_of(const struct vsw_port *port, const struct vsw_drop_info *info)
{
	u16 proto = ntohs(READ_ONCE(port->sw->vlan_proto)), vid = 0;
	const struct vsw_vlans *vlans = NULL;

	if (info->direction == VSWITCH_DIRECTION_IN && (READ_ONCE(port->flags) & VSW_PORT_VLANS))
		vlans = vsw_path_dereference(port->vlans);
	if (vlans && vlans->tunnel)
		return vlans->pvid;
	if (info->captured >= VLAN_ETH_HLEN &&
	    get_unaligned_be16(info->data + 2 * ETH_ALEN) == proto)
		vid = get_unaligned_be16(info->data + ETH_HLEN) & VLAN_VID_MASK;
	return !vid && vlans ? vlans->pvid : vid;
}

static void picture_frame(const struct vsw_port *port, const struct sk_buff *skb,
			  int start, struct vsw_drop_info *info)
{
	info->length = vsw_wire_len(skb, start);
	if (!vsw_wire_copy(skb, start, info->data, info->captured))
		info->captured = 0;
	/* Until it is handed to another device it has that by which it came. */
	info->direction = skb->dev == port->dev ? VSWITCH_DIRECTION_IN :
						  VSWITCH_DIRECTION_OUT;
	info->vid = vid_of(port, info);
}

/*
 * @skb is dropped on @port, or NULL: a frame that is gone already. Under RCU or with
 * BH off. Each that is offered to who listens has a number, so that he sees how many
 * did not get through, wherever they were lost.
 */
void vsw_event_drop(const struct vsw_port *port, enum vsw_drop reason,
		    const struct sk_buff *skb)
{
	const size_t head = event_head(offsetofend(struct vsw_event, drop));
	struct net_device *dev = port->sw->dev;
	unsigned int captured = 0, sequence;
	struct vsw_drop_info *info;
	struct vsw_event *event;
	int start = 0;

	if (likely(!READ_ONCE(running) || !vsw_nl_has_listeners(dev_net(dev), VSW_EVENT_DROP)))
		return;
	if (skb) {
		start = skb_mac_header_was_set(skb) ? skb_mac_offset(skb) : 0;
		captured = min_t(unsigned int, vsw_wire_len(skb, start), MAX_DROP_BYTES);
	}
	sequence = atomic_inc_return(&vsw_net(dev_net(dev))->drops_offered);
	event = event_alloc_sized(port->sw, head + sizeof(*info) + captured,
				  VSW_EVENT_DROP, VSWITCH_CMD_DROP_NTF);
	if (!event)
		return;
	info = (void *)event + head;
	memset(info, 0, sizeof(*info));
	event->drop = info;
	info->switch_ifindex = dev->ifindex;
	strscpy(info->switch_name, dev->name, sizeof(info->switch_name));
	info->port_ifindex = port->dev->ifindex;
	strscpy(info->port_name, port->dev->name, sizeof(info->port_name));
	info->port_number = port->number;
	info->reason = vsw_drop_names[reason];
	info->time = ktime_get_real_ns();
	info->sequence = sequence;
	info->captured = captured;
	if (skb)
		picture_frame(port, skb, start, info);
	event_queue(event);
}

static void picture_flow(struct vsw_flow_event *gone, const struct vsw_switch *sw,
			 const struct vsw_flow_info *info, u8 reason)
{
	const struct net_device *dev = sw->dev;

	gone->switch_ifindex = dev->ifindex;
	strscpy(gone->switch_name, dev->name, sizeof(gone->switch_name));
	gone->reason = reason;
	gone->info = *info;
	gone->actions.words = info->actions->words;
	memcpy(gone->actions.program, info->actions->program,
	       array_size(info->actions->words, sizeof(u64)));
	gone->info.actions = &gone->actions;
}

/* @flow of @sw is gone, for @reason. Under the flow lock. */
void vsw_event_flow(const struct vsw_switch *sw, const struct vsw_flow *flow, u8 reason)
{
	const size_t head = event_head(offsetofend(struct vsw_event, flow));
	struct vsw_flow_info *info;
	struct vsw_event *event;
	size_t size;

	if (!vsw_nl_has_listeners(dev_net(sw->dev), VSW_EVENT_FLOW))
		return;
	info = kmalloc(sizeof(*info), GFP_KERNEL);
	if (!info) {
		events_lost(dev_net(sw->dev), VSW_EVENT_FLOW);
		return;
	}
	vsw_flow_info(flow, info);
	size = head + sizeof(*event->flow) + array_size(info->actions->words, sizeof(u64));
	/* for vsw_event_stop(): RTNL is not held */
	rcu_read_lock();
	event = event_alloc_sized(sw, size, VSW_EVENT_FLOW, VSWITCH_CMD_FLOW_DEL_NTF);
	if (event) {
		event->flow = (void *)event + head;
		picture_flow(event->flow, sw, info, reason);
		event_queue(event);
	}
	rcu_read_unlock();
	kfree(info);
}

static void picture_packet(struct vsw_packet_in_event *told, const struct vsw_port *in,
			   const struct vsw_packet_in *packet)
{
	const struct net_device *dev = in->sw->dev;

	told->switch_ifindex = dev->ifindex;
	strscpy(told->switch_name, dev->name, sizeof(told->switch_name));
	told->port_ifindex = in->dev->ifindex;
	strscpy(told->port_name, in->dev->name, sizeof(told->port_name));
	told->port_number = in->number;
	told->time = ktime_get_real_ns();
	told->packet = *packet;
	told->packet.userdata = told->data + told->captured;
	memcpy(told->data + told->captured, packet->userdata, packet->userdata_len);
}

/*
 * @skb, which came by @in, for who listens. False: he could not be told. Under RCU or with
 * BH off.
 */
bool vsw_event_packet_in(const struct vsw_port *in, const struct vsw_packet_in *packet,
			 const struct sk_buff *skb)
{
	const size_t head = event_head(offsetofend(struct vsw_event, packet_in));
	int start = skb_mac_header_was_set(skb) ? skb_mac_offset(skb) : 0;
	struct vsw_packet_in_event *told;
	struct vsw_event *event;
	u32 length, captured;

	if (!READ_ONCE(running) ||
	    !vsw_nl_has_listeners(dev_net(in->sw->dev), VSW_EVENT_PACKET_IN))
		return true;
	length = vsw_wire_len(skb, start);
	captured = min3(length, packet->max_len, (u32)MAX_PACKET_BYTES);
	event = event_alloc_sized(in->sw,
				  head + sizeof(*told) + captured + packet->userdata_len,
				  VSW_EVENT_PACKET_IN, VSWITCH_CMD_PACKET_IN_NTF);
	if (!event)
		return false;
	told = (void *)event + head;
	event->packet_in = told;
	told->length = length;
	told->captured = captured;
	if (!vsw_wire_copy(skb, start, told->data, captured))
		told->captured = 0;
	picture_packet(told, in, packet);
	return event_queue(event);
}

void vsw_event_start(void)
{
	WRITE_ONCE(running, true);
}

/* After this the family may go: no event is queued or on its way. */
void vsw_event_stop(void)
{
	WRITE_ONCE(running, false);
	/* Those who saw it running hold RTNL or are RCU readers. */
	rtnl_lock();
	synchronize_net();
	rtnl_unlock();
	flush_work(&send_work);
}
