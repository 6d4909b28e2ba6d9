// SPDX-License-Identifier: GPL-2.0
/*
 * Mirrors as objects of a switch: made, changed, deleted; and what becomes of them
 * when their ports and devices come and go.
 */
#include <linux/if_arp.h>
#include <net/rtnetlink.h>

#include "mirror.h"

static struct vsw_mirrors *mirrors_of(const struct vsw_switch *sw)
{
	return rtnl_dereference(sw->mirrors);
}

static struct vsw_mirror *slot_of(const struct vsw_switch *sw, unsigned int i)
{
	const struct vsw_mirrors *mirrors = mirrors_of(sw);

	return mirrors ? rtnl_dereference(mirrors->slot[i]) : NULL;
}

/* The mirror in slot *@slot of @sw or the next behind it, or NULL. RTNL. */
struct vsw_mirror *vsw_mirror_next(const struct vsw_switch *sw, unsigned long *slot)
{
	struct vsw_mirror *m = NULL;

	ASSERT_RTNL();

	for (; *slot < VSWITCH_MAX_MIRRORS; ++*slot) {
		m = slot_of(sw, *slot);
		if (m)
			break;
	}
	return m;
}

/* RTNL. */
struct vsw_mirror *vsw_mirror_find(const struct vsw_switch *sw, const char *name)
{
	struct vsw_mirror *m;
	unsigned long slot;

	for (slot = 0; (m = vsw_mirror_next(sw, &slot)); slot++) {
		if (!strcmp(m->name, name))
			return m;
	}
	return NULL;
}

/* ---- ports: what they are copied to, and whether they give out copies ---- */

static bool is_output(const struct vsw_port *port)
{
	const struct vsw_mirror_to *to;
	struct vsw_mirror *m;
	unsigned long slot;

	for (slot = 0; (m = vsw_mirror_next(port->sw, &slot)); slot++) {
		to = rtnl_dereference(m->to);
		if (to && to->port == port && !m->forwarding)
			return true;
	}
	return false;
}

/* What follows for @port from the mirrors that there are. RTNL. */
static void update_port(struct vsw_port *port)
{
	const unsigned long mirrored = VSW_PORT_MIRRORED_IN | VSW_PORT_MIRRORED_OUT;
	const struct vsw_mirrors *mirrors = mirrors_of(port->sw);
	unsigned long flags = port->flags & ~mirrored;
	bool output = is_output(port);

	if (port->mirror_in || (mirrors && mirrors->of_vlans))
		flags |= VSW_PORT_MIRRORED_IN;
	if (port->mirror_out)
		flags |= VSW_PORT_MIRRORED_OUT;
	if (flags != port->flags)
		vsw_port_set_flags(port, flags);
	if (output != port->mirror_output) {
		WRITE_ONCE(port->mirror_output, output);
		vsw_port_update_state(port);
	}
}

static void update_ports(struct vsw_switch *sw)
{
	struct vsw_port *port;

	update_port(&sw->host);
	list_for_each_entry(port, &sw->port_list, list)
		update_port(port);
}

static void set_bit_of(u32 *mask, u32 bit, bool on)
{
	WRITE_ONCE(*mask, on ? *mask | bit : *mask & ~bit);
}

static bool is_listed(const struct vsw_mirror_ports *ports, u32 number)
{
	u32 i;

	for (i = 0; i < ports->count; i++) {
		if (ports->number[i] == number)
			return true;
	}
	return false;
}

static void set_sources(struct vsw_mirror *m, const struct vsw_mirror_config *config)
{
	u32 bit = BIT(m->slot);
	struct vsw_port *port;
	unsigned long i;

	xa_for_each(&m->sw->ports, i, port) {
		if (config->in.number)
			set_bit_of(&port->mirror_in, bit, is_listed(&config->in, i));
		if (config->out.number)
			set_bit_of(&port->mirror_out, bit, is_listed(&config->out, i));
	}
}

/* ---- destinations -------------------------------------------------------- */

static bool is_kind(const struct net_device *dev, const char *kind)
{
	return dev->rtnl_link_ops && !strcmp(dev->rtnl_link_ops->kind, kind);
}

static struct vsw_mirror_to *to_alloc(struct net_device *dev, struct vsw_port *port)
{
	struct vsw_mirror_to *to = kzalloc(sizeof(*to), GFP_KERNEL_ACCOUNT);

	if (!to)
		return NULL;
	to->dev = dev;
	to->port = port;
	to->cuts = is_kind(dev, "erspan") || is_kind(dev, "ip6erspan");
	to->tunnel = is_kind(dev, "gretap") || is_kind(dev, "ip6gretap");
	/* A port has a reference itself, and tells us when it goes. */
	if (!port)
		netdev_hold(dev, &to->tracker, GFP_KERNEL);
	return to;
}

static void replace_to(struct vsw_mirror *m, struct vsw_mirror_to *to)
{
	struct vsw_mirror_to *old = rtnl_dereference(m->to);

	rcu_assign_pointer(m->to, to);
	if (to)
		strscpy(m->to_name, to->dev->name, sizeof(m->to_name));
	if (!old)
		return;
	if (!old->port)
		netdev_put(old->dev, &old->tracker);
	kfree_rcu(old, rcu);
}

static int check_port(const struct vsw_mirror *m, const struct vsw_port *port,
		      struct netlink_ext_ack *extack)
{
	if (port->sw != m->sw) {
		NL_SET_ERR_MSG(extack, "the port that copies go to is one of another switch; as a netdev it would do");
		return -EXDEV;
	}
	if (port->flags & VSW_PORT_HOST) {
		NL_SET_ERR_MSG(extack, "copies can't go to the host port; to a netdev, a dummy say, they can");
		return -ELOOP;
	}
	return 0;
}

static int check_netdev(const struct vsw_mirror *m, struct net_device *dev,
			struct netlink_ext_ack *extack)
{
	struct vsw_port *port = vsw_is_switch(dev) ? NULL : vsw_port_get_rtnl(dev);

	if (dev->type != ARPHRD_ETHER || dev->flags & IFF_LOOPBACK) {
		NL_SET_ERR_MSG(extack, "copies can go to an Ethernet device only");
		return -EINVAL;
	}
	/* A vnic is on top of its switch, but not yet when it is made. */
	if (dev == m->sw->dev || netdev_has_upper_dev(m->sw->dev, dev) ||
	    vsw_is_vnic_of(dev, m->sw)) {
		NL_SET_ERR_MSG(extack, "the copies would come back to the switch: the device is the switch itself or on top of it");
		return -ELOOP;
	}
	if (port && port->sw == m->sw) {
		NL_SET_ERR_MSG(extack, "the device is a port of the switch: name it as the port that copies go to");
		return -EBUSY;
	}
	return 0;
}

/* The new destination in *@to, NULL if none is given. */
static int prepare_to(const struct vsw_mirror *m, const struct vsw_mirror_config *config,
		      struct vsw_mirror_to **to, struct netlink_ext_ack *extack)
{
	int err;

	*to = NULL;
	if (!config->to_given)
		return 0;
	err = config->to_port ? check_port(m, config->to_port, extack) :
				check_netdev(m, config->to_dev, extack);
	if (err)
		return err;
	*to = to_alloc(config->to_port ? config->to_port->dev : config->to_dev,
		       config->to_port);
	if (*to)
		return 0;
	NL_SET_ERR_MSG(extack, "no memory for the mirror");
	return -ENOMEM;
}

/* ---- sessions -------------------------------------------------------------- */

/* A port that gives out its own frames' copies would be asked to do both. */
static int check_sources(const struct vsw_mirror *m, const struct vsw_mirror_config *config,
			 struct netlink_ext_ack *extack)
{
	const struct vsw_mirror_to *to = rtnl_dereference(m->to);
	const struct vsw_port *port = config->to_given ? config->to_port :
				      to ? to->port : NULL;
	u32 bit = BIT(m->slot);
	bool in, out;

	if (!port)
		return 0;
	in = config->in.number ? is_listed(&config->in, port->number) :
				 port->mirror_in & bit;
	out = config->out.number ? is_listed(&config->out, port->number) :
				   port->mirror_out & bit;
	if (!in && !out)
		return 0;
	NL_SET_ERR_MSG(extack, "the port that copies go to can't be a source of the same mirror");
	return -ELOOP;
}

static bool is_empty(const u8 *set)
{
	return !memchr_inv(set, 0, VSWITCH_VLAN_SET_LEN);
}

static int prepare_vlans(const struct vsw_mirror_config *config,
			 struct vsw_mirror_vlans **vlans, struct netlink_ext_ack *extack)
{
	*vlans = NULL;
	if (!config->vlans || is_empty(config->vlans))
		return 0;
	*vlans = kzalloc(sizeof(**vlans), GFP_KERNEL_ACCOUNT);
	if (!*vlans) {
		NL_SET_ERR_MSG(extack, "no memory for the mirror");
		return -ENOMEM;
	}
	memcpy((*vlans)->set, config->vlans, VSWITCH_VLAN_SET_LEN);
	return 0;
}

static void replace_vlans(struct vsw_mirror *m, struct vsw_mirror_vlans *vlans)
{
	struct vsw_mirror_vlans *old = rtnl_dereference(m->vlans);

	rcu_assign_pointer(m->vlans, vlans);
	set_bit_of(&mirrors_of(m->sw)->of_vlans, BIT(m->slot), vlans);
	if (old)
		kfree_rcu(old, rcu);
}

/* Change what @config gives of @m, all or nothing. */
static int apply(struct vsw_mirror *m, const struct vsw_mirror_config *config,
		 struct netlink_ext_ack *extack)
{
	struct vsw_mirror_vlans *vlans;
	struct vsw_mirror_to *to;
	int err;

	err = check_sources(m, config, extack) ?: prepare_vlans(config, &vlans, extack);
	if (err)
		return err;
	err = prepare_to(m, config, &to, extack);
	if (err) {
		kfree(vlans);
		return err;
	}
	if (config->truncate_given)
		WRITE_ONCE(m->truncate, config->truncate);
	if (config->sample_given)
		WRITE_ONCE(m->sample, config->sample);
	if (config->forwarding_given)
		m->forwarding = config->forwarding;
	if (config->vlans)
		replace_vlans(m, vlans);
	if (to) {
		m->to_type = to->port ? VSWITCH_MIRROR_TO_PORT : VSWITCH_MIRROR_TO_NETDEV;
		replace_to(m, to);
	}
	set_sources(m, config);
	update_ports(m->sw);
	return 0;
}

static void mirror_free(struct vsw_mirror *m)
{
	free_percpu(m->stats);
	free_percpu(m->passed);
	kfree(m);
}

static void mirror_free_rcu(struct rcu_head *rcu)
{
	mirror_free(container_of(rcu, struct vsw_mirror, rcu));
}

static struct vsw_mirror *mirror_alloc(struct vsw_switch *sw, const char *name)
{
	struct vsw_mirror *m = kzalloc(sizeof(*m), GFP_KERNEL_ACCOUNT);

	if (!m)
		return NULL;
	m->sw = sw;
	m->sample = 1;
	strscpy(m->name, name, sizeof(m->name));
	m->stats = vsw_stats_alloc();
	m->passed = alloc_percpu_gfp(u32, GFP_KERNEL_ACCOUNT);
	if (m->stats && m->passed)
		return m;
	mirror_free(m);
	return NULL;
}

/* A free slot in *@slot; the table is there then. */
static int find_slot(struct vsw_switch *sw, unsigned int *slot,
		     struct netlink_ext_ack *extack)
{
	struct vsw_mirrors *mirrors = mirrors_of(sw);

	if (!mirrors) {
		mirrors = kzalloc(sizeof(*mirrors), GFP_KERNEL_ACCOUNT);
		if (!mirrors) {
			NL_SET_ERR_MSG(extack, "no memory for the mirror");
			return -ENOMEM;
		}
		rcu_assign_pointer(sw->mirrors, mirrors);
	}
	for (*slot = 0; *slot < VSWITCH_MAX_MIRRORS; ++*slot) {
		if (!slot_of(sw, *slot))
			return 0;
	}
	NL_SET_ERR_MSG(extack, "the switch has 32 mirrors already");
	return -EXFULL;
}

static void changed(const struct vsw_mirror *m, u8 cmd)
{
	vsw_net(dev_net(m->sw->dev))->generation++;
	vsw_event_mirror(m, cmd);
}

/* Returns the new mirror, or an ERR_PTR. RTNL. */
struct vsw_mirror *vsw_mirror_add(struct vsw_switch *sw, const char *name,
				  const struct vsw_mirror_config *config,
				  struct netlink_ext_ack *extack)
{
	struct vsw_mirror *m;
	unsigned int slot;
	int err;

	ASSERT_RTNL();

	/* Not 0: that is the hash of what has none. */
	if (!vsw_mirror_mark)
		WRITE_ONCE(vsw_mirror_mark, get_random_u32() | 1);
	err = find_slot(sw, &slot, extack);
	if (err)
		return ERR_PTR(err);
	m = mirror_alloc(sw, name);
	if (!m) {
		NL_SET_ERR_MSG(extack, "no memory for the mirror");
		return ERR_PTR(-ENOMEM);
	}
	m->slot = slot;
	rcu_assign_pointer(mirrors_of(sw)->slot[slot], m);
	err = apply(m, config, extack);
	if (err) {
		RCU_INIT_POINTER(mirrors_of(sw)->slot[slot], NULL);
		call_rcu(&m->rcu, mirror_free_rcu);
		return ERR_PTR(err);
	}
	changed(m, VSWITCH_CMD_MIRROR_NEW_NTF);
	return m;
}

/* RTNL. */
int vsw_mirror_configure(struct vsw_mirror *m, const struct vsw_mirror_config *config,
			 struct netlink_ext_ack *extack)
{
	int err;

	ASSERT_RTNL();

	err = apply(m, config, extack);
	if (!err)
		changed(m, VSWITCH_CMD_MIRROR_SET_NTF);
	return err;
}

/* RTNL. */
void vsw_mirror_del(struct vsw_mirror *m)
{
	static const u32 nobody;
	const struct vsw_mirror_config none = {
		.in.number = &nobody, .out.number = &nobody,
	};
	struct vsw_switch *sw = m->sw;

	ASSERT_RTNL();

	changed(m, VSWITCH_CMD_MIRROR_DEL_NTF);
	set_sources(m, &none);
	replace_vlans(m, NULL);
	replace_to(m, NULL);
	RCU_INIT_POINTER(mirrors_of(sw)->slot[m->slot], NULL);
	update_ports(sw);
	call_rcu(&m->rcu, mirror_free_rcu);
}

/* ---- what happens to the switch, its ports and other devices --------------- */

/* @sw goes, its ports are still there. RTNL. */
void vsw_mirror_switch_gone(struct vsw_switch *sw)
{
	struct vsw_mirror *m;
	unsigned long slot;

	for (slot = 0; (m = vsw_mirror_next(sw, &slot)); slot++)
		vsw_mirror_del(m);
}

/* Copies of @m go to @dev, which is @port if that is not NULL, or to nothing. */
static void come_back(struct vsw_mirror *m, struct net_device *dev, struct vsw_port *port)
{
	struct vsw_mirror_to *to = to_alloc(dev, port);

	if (!to) {
		netdev_warn(m->sw->dev, "mirror %s: no memory, its copies go nowhere\n",
			    m->name);
		return;
	}
	replace_to(m, to);
	update_ports(m->sw);
	changed(m, VSWITCH_CMD_MIRROR_SET_NTF);
}

static void lose(struct vsw_mirror *m)
{
	replace_to(m, NULL);
	update_ports(m->sw);
	changed(m, VSWITCH_CMD_MIRROR_SET_NTF);
}

/*
 * @port is new in its switch. A mirror whose port is gone gets it back by the name of
 * its device, which is known to be the switch's owner's choice only in his namespace.
 */
void vsw_mirror_port_added(struct vsw_port *port)
{
	struct vsw_mirror *m;
	unsigned long slot;

	for (slot = 0; (m = vsw_mirror_next(port->sw, &slot)); slot++) {
		if (!rtnl_dereference(m->to) && m->to_type == VSWITCH_MIRROR_TO_PORT &&
		    net_eq(dev_net(port->dev), dev_net(port->sw->dev)) &&
		    !strcmp(m->to_name, port->dev->name))
			come_back(m, port->dev, port);
	}
	update_port(port);
}

/* @port leaves its switch; it is on no list any more. */
void vsw_mirror_port_gone(struct vsw_port *port)
{
	const struct vsw_mirror_to *to;
	u32 sources = port->mirror_in | port->mirror_out;
	struct vsw_mirror *m;
	unsigned long slot;

	WRITE_ONCE(port->mirror_in, 0);
	WRITE_ONCE(port->mirror_out, 0);
	for (slot = 0; (m = vsw_mirror_next(port->sw, &slot)); slot++) {
		to = rtnl_dereference(m->to);
		if (to && to->port == port)
			lose(m);
		else if (sources & BIT(slot))
			changed(m, VSWITCH_CMD_MIRROR_SET_NTF);
	}
}

/*
 * Devices came, got other names, or were put on top of each other: what copies go to may
 * be there again, or be what they could not have been sent to in the first place.
 */
static void look_again(struct vsw_mirror *m)
{
	const struct vsw_mirror_to *to = rtnl_dereference(m->to);
	struct net_device *dev;

	if (m->to_type != VSWITCH_MIRROR_TO_NETDEV)
		return;
	dev = to ? to->dev : __dev_get_by_name(dev_net(m->sw->dev), m->to_name);
	if (!dev)
		return;
	if (check_netdev(m, dev, NULL)) {
		if (to)
			lose(m);
	} else if (!to) {
		come_back(m, dev, NULL);
	}
}

/* Likewise of all mirrors of @sw. RTNL. */
void vsw_mirror_look_again(const struct vsw_switch *sw)
{
	struct vsw_mirror *m;
	unsigned long slot;

	for (slot = 0; (m = vsw_mirror_next(sw, &slot)); slot++)
		look_again(m);
}

static void netdev_event(struct vsw_mirror *m, struct net_device *dev, unsigned long event)
{
	const struct vsw_mirror_to *to = rtnl_dereference(m->to);

	if (!to || to->dev != dev)
		return;
	switch (event) {
	case NETDEV_UNREGISTER:
		/* A vnic that moves stays a port. */
		if (!to->port)
			lose(m);
		break;
	case NETDEV_CHANGENAME:
		strscpy(m->to_name, dev->name, sizeof(m->to_name));
		fallthrough;
	case NETDEV_UP:
	case NETDEV_DOWN:
	case NETDEV_CHANGE:
		changed(m, VSWITCH_CMD_MIRROR_SET_NTF);
		break;
	}
}

/* Something happened to @dev, of whatever kind. RTNL. */
void vsw_mirror_netdev_event(struct net_device *dev, unsigned long event)
{
	struct vsw_mirror *m;
	struct vsw_switch *sw;
	unsigned long i, slot;
	bool looks = false;

	ASSERT_RTNL();

	switch (event) {
	case NETDEV_REGISTER:
	case NETDEV_CHANGENAME:
	case NETDEV_CHANGEUPPER:
		looks = true;
		break;
	case NETDEV_UNREGISTER:
	case NETDEV_UP:
	case NETDEV_DOWN:
	case NETDEV_CHANGE:
		break;
	default:
		return;
	}
	xa_for_each(&vsw_net(dev_net(dev))->switches, i, sw) {
		for (slot = 0; (m = vsw_mirror_next(sw, &slot)); slot++)
			netdev_event(m, dev, event);
		if (looks)
			vsw_mirror_look_again(sw);
	}
}

/* ---- pictures -------------------------------------------------------------- */

static u8 state_of(const struct vsw_mirror_to *to)
{
	if (!to)
		return VSWITCH_MIRROR_STATE_GONE;
	return netif_running(to->dev) && netif_carrier_ok(to->dev) ?
	       VSWITCH_MIRROR_STATE_ACTIVE : VSWITCH_MIRROR_STATE_DOWN;
}

/* RTNL. */
void vsw_mirror_info(const struct vsw_mirror *m, struct vsw_mirror_info *info)
{
	const struct vsw_mirror_vlans *vlans = rtnl_dereference(m->vlans);
	const struct vsw_mirror_to *to = rtnl_dereference(m->to);
	const struct vsw_port *port;
	u32 bit = BIT(m->slot);
	unsigned long i;

	ASSERT_RTNL();

	memset(info, 0, sizeof(*info));
	info->switch_ifindex = m->sw->dev->ifindex;
	strscpy(info->switch_name, m->sw->dev->name, sizeof(info->switch_name));
	strscpy(info->name, m->name, sizeof(info->name));
	/* A vnic may have another name where it has gone. */
	strscpy(info->to_name, to ? to->dev->name : m->to_name, sizeof(info->to_name));
	info->to_type = m->to_type;
	info->state = state_of(to);
	if (to) {
		info->to_ifindex = to->dev->ifindex;
		info->to_number = to->port ? to->port->number : 0;
	}
	info->forwarding = m->forwarding;
	info->truncate = m->truncate;
	info->sample = m->sample;
	if (vlans)
		memcpy(info->vlans, vlans->set, sizeof(info->vlans));
	xa_for_each(&m->sw->ports, i, port) {
		if (port->mirror_in & bit)
			info->in[info->in_count++] = i;
		if (port->mirror_out & bit)
			info->out[info->out_count++] = i;
	}
}
