// SPDX-License-Identifier: GPL-2.0
/*
 * News for userspace: any context puts them in a queue, in the order in which
 * they happen, and a worker sends them. Nothing is queued that nobody listens
 * to. When the queue is full or memory is short the listeners get ENOBUFS, so
 * that they know to look again.
 */
#include "mirror.h"
#include "binding.h"
#include "vlan.h"

/* A namespace's, so that none fills the queue for the others. */
#define MAX_QUEUED 8192
/* Learned MACs are many; switches and ports get through all the same. */
#define MAX_QUEUED_FDB (MAX_QUEUED / 2)

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

/* Learning makes most of the events, so each takes only what it needs. */
static const size_t event_sizes[] = {
	[VSW_EVENT_SWITCH] = offsetofend(struct vsw_event, sw),
	[VSW_EVENT_PORT] = sizeof(struct port_event),
	[VSW_EVENT_FDB] = offsetofend(struct vsw_event, fdb),
	[VSW_EVENT_MIRROR] = offsetofend(struct vsw_event, mirror),
	[VSW_EVENT_BINDING] = offsetofend(struct vsw_event, binding),
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
static struct vsw_event *event_alloc(const struct vsw_switch *sw,
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
	event = kmalloc(event_sizes[group], GFP_ATOMIC | __GFP_NOWARN);
	if (!event) {
		events_lost(net, group);
		put_net(net);
		return NULL;
	}
	event->net = net;
	event->group = group;
	event->cmd = cmd;
	return event;
}

static void event_queue(struct vsw_event *event)
{
	unsigned int max = event->group == VSW_EVENT_FDB ? MAX_QUEUED_FDB :
							   MAX_QUEUED;
	struct vsw_net *vn = vsw_net(event->net);
	bool full;

	spin_lock_bh(&queue_lock);
	full = vn->queued_events >= max;
	if (!full) {
		list_add_tail(&event->list, &queue);
		vn->queued_events++;
	}
	spin_unlock_bh(&queue_lock);
	if (full) {
		events_lost(event->net, event->group);
		event_free(event);
		return;
	}
	schedule_work(&send_work);
}

void vsw_event_switch(const struct vsw_switch *sw, u8 cmd)
{
	struct vsw_event *event = event_alloc(sw, VSW_EVENT_SWITCH, cmd);

	if (!event)
		return;
	vsw_switch_info(sw, &event->sw);
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
