// SPDX-License-Identifier: GPL-2.0
/*
 * The MAC table: a switch without a network, ports without devices that exist.
 */
#include <kunit/test.h>

#include "fdb_path.h"

#define PORTS 3

struct fixture {
	struct vsw_switch *sw;
	struct vsw_port port[PORTS];
};

static const struct vsw_fdb_config as_static = {
	.type_given = true, .type = VSWITCH_FDB_TYPE_STATIC,
};

static const struct vsw_fdb_config as_dynamic = {
	.type_given = true, .type = VSWITCH_FDB_TYPE_DYNAMIC,
};

static const struct vsw_fdb_config as_local = {
	.type_given = true, .type = VSWITCH_FDB_TYPE_LOCAL,
};

static const struct vsw_fdb_config as_sticky = {
	.type_given = true, .type = VSWITCH_FDB_TYPE_STATIC,
	.sticky_given = true, .sticky = true,
};

/* The MAC of host @n, 02:00:00:xx:xx:xx. */
static const u8 *mac(u8 *to, u32 n)
{
	to[0] = 0x02;
	to[1] = 0;
	to[2] = 0;
	to[3] = n >> 16;
	to[4] = n >> 8;
	to[5] = n;
	return to;
}

static void learn_in(struct vsw_port *port, u32 n, u16 vid)
{
	u8 address[ETH_ALEN];

	rcu_read_lock_bh();
	vsw_fdb_learn(port, vsw_fdb_key(mac(address, n), vid));
	rcu_read_unlock_bh();
}

static void learn(struct vsw_port *port, u32 n)
{
	learn_in(port, n, 0);
}

static u32 flush(struct fixture *f, const struct vsw_port *port, u8 type)
{
	const struct vsw_fdb_filter filter = { .port = port, .type = type };

	return vsw_fdb_flush(f->sw, &filter);
}

static bool is_there(struct fixture *f, const u8 *address)
{
	struct vsw_fdb_entry entry;
	bool found;

	rcu_read_lock();
	found = vsw_fdb_find(f->sw, address, 0, &entry);
	rcu_read_unlock();
	return found;
}

/* The port that host @n is behind, or NULL. Only this test changes the table. */
static struct vsw_port *port_of(struct fixture *f, u32 n)
{
	struct vsw_fdb_entry entry;
	u8 address[ETH_ALEN];
	bool found;

	rcu_read_lock();
	found = vsw_fdb_find(f->sw, mac(address, n), 0, &entry);
	rcu_read_unlock();
	return found ? vsw_port_by_number(f->sw, entry.port) : NULL;
}

/* Cases run in threads of their own, so RTNL is taken for each step. */
static int add_mac(struct vsw_port *port, const u8 *address,
		   const struct vsw_fdb_config *config)
{
	int err;

	rtnl_lock();
	err = vsw_fdb_add(port, address, 0, config, NULL);
	rtnl_unlock();
	return err;
}

static int add(struct vsw_port *port, u32 n, const struct vsw_fdb_config *config)
{
	u8 address[ETH_ALEN];

	return add_mac(port, mac(address, n), config);
}

static int set(struct fixture *f, struct vsw_port *port, u32 n,
	       const struct vsw_fdb_config *config)
{
	u8 address[ETH_ALEN];
	int err;

	rtnl_lock();
	err = vsw_fdb_set(f->sw, port, mac(address, n), 0, config, NULL);
	rtnl_unlock();
	return err;
}

static int del_mac(struct fixture *f, struct vsw_port *port, const u8 *address)
{
	int err;

	rtnl_lock();
	err = vsw_fdb_del(f->sw, port, address, 0, NULL);
	rtnl_unlock();
	return err;
}

static int del(struct fixture *f, struct vsw_port *port, u32 n)
{
	u8 address[ETH_ALEN];

	return del_mac(f, port, mac(address, n));
}

static int set_address(struct vsw_port *port, u32 n)
{
	u8 address[ETH_ALEN];
	int err;

	rtnl_lock();
	eth_hw_addr_set(port->dev, mac(address, n));
	err = vsw_fdb_follow_address(port);
	rtnl_unlock();
	return err;
}

static void gone(struct vsw_port *port)
{
	rtnl_lock();
	vsw_fdb_port_gone(port);
	rtnl_unlock();
	eth_zero_addr(port->address);
}

static u64 refused(const struct vsw_port *port)
{
	struct vsw_stats stats = {};

	vsw_stats_add(&stats, port->stats);
	return stats.learn_refused;
}

static int fdb_test_init(struct kunit *test)
{
	const struct vsw_switch_config config = {};
	struct fixture *f;
	int i;

	f = kunit_kzalloc(test, sizeof(*f), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, f);
	test->priv = f;
	for (i = 0; i < PORTS; i++) {
		f->port[i].stats = vsw_stats_alloc();
		f->port[i].dev = alloc_etherdev(0);
		f->port[i].number = i + 1;
		f->port[i].flags = VSW_PORT_LEARNING | VSW_PORT_FORWARDING;
		KUNIT_ASSERT_NOT_NULL(test, f->port[i].dev);
		KUNIT_ASSERT_TRUE(test, !!f->port[i].stats);
	}
	rtnl_lock();
	f->sw = vsw_switch_create(&init_net, "kunit%d", &config, NULL);
	rtnl_unlock();
	KUNIT_ASSERT_FALSE(test, IS_ERR(f->sw));
	for (i = 0; i < PORTS; i++) {
		f->port[i].sw = f->sw;
		KUNIT_ASSERT_EQ(test, vsw_port_publish(f->sw, &f->port[i]), 0);
	}
	return 0;
}

static void fdb_test_exit(struct kunit *test)
{
	struct fixture *f = test->priv;
	int i;

	if (!f)
		return;
	if (!IS_ERR_OR_NULL(f->sw)) {
		for (i = 0; i < PORTS; i++)
			gone(&f->port[i]);
		rtnl_lock();
		vsw_switch_delete_now(f->sw);
		rtnl_unlock();
	}
	synchronize_net();
	for (i = 0; i < PORTS; i++) {
		free_percpu(f->port[i].stats);
		if (f->port[i].dev)
			free_netdev(f->port[i].dev);
	}
}

static void learn_and_find(struct kunit *test)
{
	struct fixture *f = test->priv;

	KUNIT_EXPECT_NULL(test, port_of(f, 1));
	learn(&f->port[0], 1);
	learn(&f->port[1], 2);
	learn(&f->port[0], 1);
	KUNIT_EXPECT_PTR_EQ(test, port_of(f, 1), &f->port[0]);
	KUNIT_EXPECT_PTR_EQ(test, port_of(f, 2), &f->port[1]);
	KUNIT_EXPECT_EQ(test, f->sw->fdb_count, 2);
	KUNIT_EXPECT_EQ(test, f->port[0].fdb_count, 1);
}

static void learned_moves(struct kunit *test)
{
	struct fixture *f = test->priv;

	learn(&f->port[0], 1);
	learn(&f->port[1], 1);
	KUNIT_EXPECT_PTR_EQ(test, port_of(f, 1), &f->port[1]);
	KUNIT_EXPECT_EQ(test, f->sw->fdb_count, 1);
	KUNIT_EXPECT_EQ(test, f->port[0].fdb_count, 0);
	KUNIT_EXPECT_EQ(test, f->port[1].fdb_count, 1);
}

static void what_moves_and_what_not(struct kunit *test)
{
	struct fixture *f = test->priv;

	KUNIT_EXPECT_EQ(test, add(&f->port[0], 1, &as_static), 0);
	KUNIT_EXPECT_EQ(test, add(&f->port[0], 2, &as_sticky), 0);
	KUNIT_EXPECT_EQ(test, add(&f->sw->host, 3, &as_local), 0);
	learn(&f->port[1], 1);
	learn(&f->port[1], 2);
	learn(&f->port[1], 3);
	KUNIT_EXPECT_PTR_EQ(test, port_of(f, 1), &f->port[1]);
	KUNIT_EXPECT_PTR_EQ(test, port_of(f, 2), &f->port[0]);
	KUNIT_EXPECT_PTR_EQ(test, port_of(f, 3), &f->sw->host);
	KUNIT_EXPECT_EQ(test, f->sw->fdb_count, 0);
}

static void limits_refuse(struct kunit *test)
{
	struct fixture *f = test->priv;

	f->port[0].fdb_max = 2;
	f->sw->fdb_max = 3;
	learn(&f->port[0], 1);
	learn(&f->port[0], 2);
	learn(&f->port[0], 3);
	KUNIT_EXPECT_NULL(test, port_of(f, 3));
	KUNIT_EXPECT_EQ(test, refused(&f->port[0]), 1);

	learn(&f->port[1], 4);
	learn(&f->port[1], 5);
	KUNIT_EXPECT_NULL(test, port_of(f, 5));
	KUNIT_EXPECT_EQ(test, refused(&f->port[1]), 1);
	KUNIT_EXPECT_EQ(test, f->sw->fdb_count, 3);

	/* A move to a full port is refused, the entry stays where it is. */
	learn(&f->port[0], 4);
	KUNIT_EXPECT_PTR_EQ(test, port_of(f, 4), &f->port[1]);
	KUNIT_EXPECT_EQ(test, refused(&f->port[0]), 2);

	KUNIT_EXPECT_EQ(test, add(&f->port[1], 6, &as_dynamic), -ENOSPC);
	KUNIT_EXPECT_EQ(test, add(&f->port[1], 6, &as_static), 0);
	KUNIT_EXPECT_EQ(test, set(f, NULL, 6, &as_dynamic), -ENOSPC);
	KUNIT_EXPECT_EQ(test, set(f, &f->port[0], 4, &as_dynamic), -ENOSPC);
	KUNIT_EXPECT_EQ(test, set(f, NULL, 4, &as_static), 0);
	KUNIT_EXPECT_EQ(test, set(f, NULL, 6, &as_dynamic), 0);
}

static void requests_are_checked(struct kunit *test)
{
	struct fixture *f = test->priv;
	const u8 group[ETH_ALEN] = { 0x01, 0, 0x5e, 0, 0, 1 };
	const u8 zero[ETH_ALEN] = {};
	struct vsw_fdb_config sticky_local = as_local;

	sticky_local.sticky = true;
	KUNIT_EXPECT_EQ(test, add_mac(&f->port[0], group, &as_static),
			-EINVAL);
	KUNIT_EXPECT_EQ(test, add_mac(&f->port[0], zero, &as_static),
			-EINVAL);
	KUNIT_EXPECT_EQ(test, add(&f->sw->host, 1, &as_static), -EINVAL);
	KUNIT_EXPECT_EQ(test, add(&f->port[0], 1, &as_local), -EINVAL);
	KUNIT_EXPECT_EQ(test, add(&f->sw->host, 1, &sticky_local), -EINVAL);
	KUNIT_EXPECT_EQ(test, set(f, NULL, 1, &as_static), -ENOENT);
	KUNIT_EXPECT_EQ(test, del(f, NULL, 1), -ENOENT);
	KUNIT_EXPECT_EQ(test, add(&f->port[0], 1, &as_static), 0);
	KUNIT_EXPECT_EQ(test, add(&f->port[1], 1, &as_static), -EEXIST);
	KUNIT_EXPECT_EQ(test, set(f, NULL, 1, &as_local), -EINVAL);
	KUNIT_EXPECT_EQ(test, set(f, &f->sw->host, 1, &as_static), -EINVAL);
	KUNIT_EXPECT_EQ(test, del(f, &f->port[1], 1), -ENOENT);
	KUNIT_EXPECT_EQ(test, del(f, &f->port[0], 1), 0);
	KUNIT_EXPECT_EQ(test, add(&f->sw->host, 1, &as_local), 0);
	KUNIT_EXPECT_EQ(test, set(f, NULL, 1, &as_static), -EBUSY);
	KUNIT_EXPECT_EQ(test, del(f, NULL, 1), 0);
	KUNIT_EXPECT_EQ(test, del_mac(f, NULL, f->sw->dev->dev_addr), -EBUSY);
}

static void local_of_two_devices(struct kunit *test)
{
	struct fixture *f = test->priv;

	learn(&f->port[2], 1);
	KUNIT_EXPECT_EQ(test, set_address(&f->port[0], 1), 0);
	KUNIT_EXPECT_EQ(test, set_address(&f->port[1], 1), 0);
	KUNIT_EXPECT_PTR_EQ(test, port_of(f, 1), &f->port[0]);
	KUNIT_EXPECT_EQ(test, f->sw->fdb_count, 0);

	/* One device goes, the address is still one of the host's. */
	gone(&f->port[0]);
	KUNIT_EXPECT_PTR_EQ(test, port_of(f, 1), &f->sw->host);
	gone(&f->port[1]);
	KUNIT_EXPECT_NULL(test, port_of(f, 1));
}

static void local_follows_the_address(struct kunit *test)
{
	struct fixture *f = test->priv;

	KUNIT_EXPECT_EQ(test, set_address(&f->port[0], 1), 0);
	KUNIT_EXPECT_EQ(test, set_address(&f->port[0], 2), 0);
	KUNIT_EXPECT_NULL(test, port_of(f, 1));
	KUNIT_EXPECT_PTR_EQ(test, port_of(f, 2), &f->port[0]);
}

static void port_takes_its_entries_along(struct kunit *test)
{
	struct fixture *f = test->priv;

	learn(&f->port[0], 1);
	learn(&f->port[1], 2);
	add(&f->port[0], 3, &as_static);
	gone(&f->port[0]);
	KUNIT_EXPECT_NULL(test, port_of(f, 1));
	KUNIT_EXPECT_PTR_EQ(test, port_of(f, 2), &f->port[1]);
	KUNIT_EXPECT_NULL(test, port_of(f, 3));
}

static void flush_by_port_and_type(struct kunit *test)
{
	struct fixture *f = test->priv;

	learn(&f->port[0], 1);
	learn(&f->port[1], 2);
	add(&f->port[0], 3, &as_static);
	add(&f->sw->host, 4, &as_local);
	KUNIT_EXPECT_EQ(test, flush(f, &f->port[0], VSWITCH_FDB_TYPE_DYNAMIC), 1);
	KUNIT_EXPECT_EQ(test, flush(f, NULL, VSWITCH_FDB_TYPE_DYNAMIC), 1);
	KUNIT_EXPECT_EQ(test, flush(f, &f->port[1], VSWITCH_FDB_TYPE_STATIC), 0);
	KUNIT_EXPECT_EQ(test, flush(f, NULL, VSWITCH_FDB_TYPE_STATIC), 1);
	/* The switch's own address is no user's. */
	KUNIT_EXPECT_EQ(test, flush(f, NULL, VSWITCH_FDB_TYPE_LOCAL), 1);
	KUNIT_EXPECT_TRUE(test, is_there(f, f->sw->dev->dev_addr));
}

static void learning_off(struct kunit *test)
{
	struct fixture *f = test->priv;

	f->port[0].flags &= ~VSW_PORT_LEARNING;
	f->port[1].flags &= ~VSW_PORT_FORWARDING;
	learn(&f->port[2], 1);
	learn(&f->port[0], 1);
	learn(&f->port[0], 2);
	learn(&f->port[1], 3);
	KUNIT_EXPECT_PTR_EQ(test, port_of(f, 1), &f->port[2]);
	KUNIT_EXPECT_NULL(test, port_of(f, 2));
	KUNIT_EXPECT_NULL(test, port_of(f, 3));
}

static void no_ageing_no_learning(struct kunit *test)
{
	struct fixture *f = test->priv;

	f->sw->ageing_time = 0;
	learn(&f->port[0], 1);
	KUNIT_EXPECT_NULL(test, port_of(f, 1));
}

static void many_are_found(struct kunit *test)
{
	struct fixture *f = test->priv;
	struct vsw_fdb_entry entry;
	u64 after = 0, last = 0;
	u32 n, found = 0, seen = 0;

	for (n = 1; n <= 20000; n++)
		learn(&f->port[n % PORTS], n);
	for (n = 1; n <= 20000; n++)
		found += port_of(f, n) == &f->port[n % PORTS];
	KUNIT_EXPECT_EQ(test, found, 20000);
	KUNIT_EXPECT_NULL(test, port_of(f, 20001));

	/* Dumps resume by hash: each entry once, the switch's own as well. */
	rcu_read_lock();
	while (vsw_fdb_table_next(&f->sw->fdb, &after, &entry)) {
		KUNIT_ASSERT_GT(test, after, last);
		last = after;
		seen++;
	}
	rcu_read_unlock();
	KUNIT_EXPECT_EQ(test, seen, 20001);
	KUNIT_EXPECT_EQ(test, flush(f, NULL, VSWITCH_FDB_TYPE_DYNAMIC), 20000);
	KUNIT_EXPECT_EQ(test, f->sw->fdb_count, 0);
}

/* The port by which frames to host @n leave in VLAN @vid, or NULL. */
static struct vsw_port *way_to(struct fixture *f, u32 n, u16 vid)
{
	u8 address[ETH_ALEN];
	struct vsw_port *port;

	rcu_read_lock();
	port = vsw_fdb_lookup(f->sw, vsw_fdb_key(mac(address, n), vid));
	rcu_read_unlock();
	return port;
}

static void vlans_are_apart(struct kunit *test)
{
	struct fixture *f = test->priv;
	const struct vsw_fdb_filter ten = {
		.vid = 10, .type = VSWITCH_FDB_TYPE_DYNAMIC,
	};
	u8 spared[VSWITCH_VLAN_SET_LEN] = { [20 / 8] = BIT(20 % 8) };
	const struct vsw_fdb_filter left = {
		.spared = spared, .type = VSWITCH_FDB_TYPE_DYNAMIC,
	};

	learn_in(&f->port[0], 1, 10);
	learn_in(&f->port[1], 1, 20);
	learn_in(&f->port[2], 1, 4094);
	KUNIT_EXPECT_PTR_EQ(test, way_to(f, 1, 10), &f->port[0]);
	KUNIT_EXPECT_PTR_EQ(test, way_to(f, 1, 20), &f->port[1]);
	KUNIT_EXPECT_PTR_EQ(test, way_to(f, 1, 4094), &f->port[2]);
	KUNIT_EXPECT_NULL(test, way_to(f, 1, 30));
	KUNIT_EXPECT_EQ(test, vsw_fdb_flush(f->sw, &ten), 1);
	KUNIT_EXPECT_NULL(test, way_to(f, 1, 10));
	KUNIT_EXPECT_EQ(test, vsw_fdb_flush(f->sw, &left), 1);
	KUNIT_EXPECT_PTR_EQ(test, way_to(f, 1, 20), &f->port[1]);
	KUNIT_EXPECT_NULL(test, way_to(f, 1, 4094));
}

/* An entry of no VLAN is of all, but for those that have their own. */
static void no_vlan_is_every_vlan(struct kunit *test)
{
	struct fixture *f = test->priv;

	add(&f->port[0], 1, &as_static);
	add(&f->port[0], 2, &as_sticky);
	add(&f->sw->host, 3, &as_local);
	KUNIT_EXPECT_PTR_EQ(test, way_to(f, 1, 10), &f->port[0]);
	KUNIT_EXPECT_PTR_EQ(test, way_to(f, 3, 1), &f->sw->host);

	/* Where it is already, or may not go, nothing is learned. */
	learn_in(&f->port[0], 1, 10);
	learn_in(&f->port[1], 2, 10);
	learn_in(&f->port[1], 3, 1);
	KUNIT_EXPECT_EQ(test, f->sw->fdb_count, 0);
	KUNIT_EXPECT_PTR_EQ(test, way_to(f, 2, 10), &f->port[0]);

	/* A static one moves, in the VLAN in which it was seen elsewhere. */
	learn_in(&f->port[1], 1, 10);
	KUNIT_EXPECT_PTR_EQ(test, way_to(f, 1, 10), &f->port[1]);
	KUNIT_EXPECT_PTR_EQ(test, way_to(f, 1, 20), &f->port[0]);

	/* The host is in VLAN 1 only, so its MAC may be somebody's elsewhere. */
	KUNIT_EXPECT_NULL(test, way_to(f, 3, 10));
	learn_in(&f->port[1], 3, 10);
	KUNIT_EXPECT_PTR_EQ(test, way_to(f, 3, 10), &f->port[1]);
	KUNIT_EXPECT_PTR_EQ(test, way_to(f, 3, 1), &f->sw->host);
}

/* What was learned in a VLAN before does not speak against it either. */
static void no_vlan_overrules_learned(struct kunit *test)
{
	struct fixture *f = test->priv;
	unsigned int n;

	f->sw->host.flags |= VSW_PORT_VLANS;
	for (n = 1; n <= 4; n++) {
		learn_in(&f->port[1], n, 1);
		learn_in(&f->port[1], n, 4094);
	}
	KUNIT_EXPECT_EQ(test, f->sw->fdb_count, 8);
	add(&f->port[0], 1, &as_static);
	KUNIT_EXPECT_PTR_EQ(test, way_to(f, 1, 1), &f->port[0]);
	KUNIT_EXPECT_PTR_EQ(test, way_to(f, 1, 4094), &f->port[0]);
	add(&f->port[0], 2, &as_sticky);
	learn_in(&f->port[1], 2, 1);
	KUNIT_EXPECT_PTR_EQ(test, way_to(f, 2, 1), &f->port[0]);
	add(&f->sw->host, 3, &as_local);
	learn_in(&f->port[1], 3, 1);
	KUNIT_EXPECT_PTR_EQ(test, way_to(f, 3, 1), &f->sw->host);
	KUNIT_EXPECT_EQ(test, f->sw->fdb_count, 2);

	/* One that ages says no more than what was learned. */
	add(&f->port[0], 4, &as_dynamic);
	KUNIT_EXPECT_PTR_EQ(test, way_to(f, 4, 1), &f->port[1]);
}

static struct kunit_case fdb_cases[] = {
	KUNIT_CASE(learn_and_find),
	KUNIT_CASE(learned_moves),
	KUNIT_CASE(what_moves_and_what_not),
	KUNIT_CASE(limits_refuse),
	KUNIT_CASE(requests_are_checked),
	KUNIT_CASE(local_of_two_devices),
	KUNIT_CASE(local_follows_the_address),
	KUNIT_CASE(port_takes_its_entries_along),
	KUNIT_CASE(flush_by_port_and_type),
	KUNIT_CASE(learning_off),
	KUNIT_CASE(no_ageing_no_learning),
	KUNIT_CASE(vlans_are_apart),
	KUNIT_CASE(no_vlan_is_every_vlan),
	KUNIT_CASE(no_vlan_overrules_learned),
	KUNIT_CASE(many_are_found),
	{}
};

static struct kunit_suite fdb_suite = {
	.name = "vswitch_fdb",
	.init = fdb_test_init,
	.exit = fdb_test_exit,
	.test_cases = fdb_cases,
};

kunit_test_suite(fdb_suite);

MODULE_DESCRIPTION("Unit tests of vswitch");
MODULE_LICENSE("GPL");
MODULE_IMPORT_NS(EXPORTED_FOR_KUNIT_TESTING);
