// SPDX-License-Identifier: GPL-2.0
/*
 * Ports that are shut: by hand, or by the switch itself when something came in that
 * must not. Who finds that out is in the packet path and holds no RTNL; it marks the
 * port, by which nothing comes in or leaves from then on, and leaves the rest to a
 * worker.
 *
 * The mark is a bit of the port's flags, so that the path asks nothing more than it
 * did before. It alone is not RTNL's: it is set and cleared by atomic operations, and
 * vsw_port_set_flags() leaves it as it is.
 */
#include <linux/ktime.h>

#include "tracer.h"
#include "vswitch.h"

/* Covers reason, since and pending of all ports, and VSW_PORT_SHUT. Nothing is below. */
static DEFINE_SPINLOCK(shut_lock);
static LIST_HEAD(pending);

static void tend_ports(struct work_struct *work);
static DECLARE_WORK(tend_work, tend_ports);

static void mark(struct vsw_port *port, enum vswitch_shut_reason reason)
{
	lockdep_assert_held(&shut_lock);

	port->shut.reason = reason;
	port->shut.since = ktime_get_boottime_ns();
	set_bit(ilog2(VSW_PORT_SHUT), &port->flags);
	vsw_end_epoch(port->sw);
}

static void unmark(struct vsw_port *port)
{
	spin_lock_bh(&shut_lock);
	port->shut.reason = VSWITCH_SHUT_REASON_NONE;
	clear_bit(ilog2(VSW_PORT_SHUT), &port->flags);
	spin_unlock_bh(&shut_lock);
	vsw_end_epoch(port->sw);
}

/* Have the worker look at @port. */
static void tend_later(struct vsw_port *port)
{
	lockdep_assert_held(&shut_lock);

	if (list_empty(&port->shut.pending))
		list_add_tail(&port->shut.pending, &pending);
	schedule_work(&tend_work);
}

/*
 * Nothing comes in or leaves by @port any more, for @reason, unless it is shut
 * already. From the packet path: under RCU or with BH off, by who has @port from the
 * list or as the one that a frame came by. Under any of our locks.
 */
void vsw_port_shut(struct vsw_port *port, enum vswitch_shut_reason reason)
{
	/* Who sends what shuts a port sends it many times. */
	if (READ_ONCE(port->flags) & (VSW_PORT_SHUT | VSW_PORT_HOST))
		return;
	if (unlikely(vsw_tracing())) {
		vsw_trace_shut(port, reason);
		return;
	}
	spin_lock_bh(&shut_lock);
	if (!port->shut.reason) {
		mark(port, reason);
		tend_later(port);
	}
	spin_unlock_bh(&shut_lock);
}

static u64 age_ms(const struct vsw_port *port)
{
	return div_u64(ktime_get_boottime_ns() - port->shut.since, NSEC_PER_MSEC);
}

/*
 * Milliseconds until @port is to be opened again, or -1: never. What was shut by hand
 * is opened by hand.
 */
static s64 time_left(const struct vsw_port *port)
{
	s64 left = -1;

	spin_lock_bh(&shut_lock);
	if (port->shut.recovery && port->shut.reason > VSWITCH_SHUT_REASON_ADMIN)
		left = max_t(s64, port->shut.recovery - age_ms(port), 0);
	spin_unlock_bh(&shut_lock);
	return left;
}

static void wait_for_recovery(struct vsw_port *port)
{
	s64 left = time_left(port);

	ASSERT_RTNL();

	if (left < 0)
		timer_delete(&port->shut.timer);
	else
		mod_timer(&port->shut.timer, jiffies + msecs_to_jiffies(left));
}

static void recovery_timer(struct timer_list *timer)
{
	struct vsw_port *port = container_of(timer, struct vsw_port, shut.timer);

	spin_lock(&shut_lock);
	tend_later(port);
	spin_unlock(&shut_lock);
}

/* @port was shut, or its time is up. */
static void tend(struct vsw_port *port)
{
	ASSERT_RTNL();

	if (!time_left(port))
		unmark(port);
	wait_for_recovery(port);
	vsw_port_update_state(port);
	if (port->shut.told != READ_ONCE(port->shut.reason))
		vsw_port_tell(port);
}

/*
 * A port leaves the list before it goes, with RTNL held; so what is taken from it with
 * RTNL held is there.
 */
static void tend_ports(struct work_struct *work)
{
	struct vsw_port *port;

	do {
		rtnl_lock();
		spin_lock_bh(&shut_lock);
		port = list_first_entry_or_null(&pending, struct vsw_port, shut.pending);
		if (port)
			list_del_init(&port->shut.pending);
		spin_unlock_bh(&shut_lock);
		if (port)
			tend(port);
		rtnl_unlock();
		cond_resched();
	} while (port);
}

void vsw_shut_init(struct vsw_port *port)
{
	INIT_LIST_HEAD(&port->shut.pending);
	timer_setup(&port->shut.timer, recovery_timer, 0);
}

/* @port goes, and the packet path has left it: nobody shuts it any more. RTNL. */
void vsw_shut_forget(struct vsw_port *port)
{
	ASSERT_RTNL();

	timer_delete_sync(&port->shut.timer);
	spin_lock_bh(&shut_lock);
	list_del_init(&port->shut.pending);
	spin_unlock_bh(&shut_lock);
}

/* Shut and open by request, and what is to happen by itself. RTNL. */
void vsw_shut_configure(struct vsw_port *port, const struct vsw_shut_config *config)
{
	ASSERT_RTNL();

	if (config->recovery_given)
		port->shut.recovery = config->recovery;
	if (config->shut_given && config->shut) {
		/* For whatever reason it was shut: it is not to be opened by itself. */
		spin_lock_bh(&shut_lock);
		mark(port, VSWITCH_SHUT_REASON_ADMIN);
		spin_unlock_bh(&shut_lock);
	} else if (config->shut_given) {
		unmark(port);
	}
	wait_for_recovery(port);
}

void vsw_shut_info(const struct vsw_port *port, struct vsw_shut_info *info)
{
	spin_lock_bh(&shut_lock);
	info->reason = port->shut.reason;
	info->age = info->reason ? age_ms(port) : 0;
	spin_unlock_bh(&shut_lock);
	info->recovery = READ_ONCE(port->shut.recovery);
}

/* All ports are gone, and no new ones come. */
void vsw_shut_stop(void)
{
	cancel_work_sync(&tend_work);
}
