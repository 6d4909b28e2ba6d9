#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# probe.sh SRCTREE: ask the headers of the kernel to build for what they have,
# and print vsw_probe.h, one VSW_HAVE_* a question. Stable trees backport, so
# the question is always for the thing itself and never for a version.
#
# A probe is one line: NAME, header below include/, extended regular expression.
# The header is searched with its comments removed and all its white space,
# line ends too, squeezed to single spaces, so that a prototype or a structure
# can be matched as a whole. A header that does not exist answers no; the
# expression "." asks for the header itself.

set -eu

probes() {
	cat <<-'END'
	ASSIGN_STR_ONE_ARG	trace/stages/stage6_event_callback.h	#define __assign_str\(dst\)
	BRPORT_MAB		uapi/linux/if_link.h	[ ]IFLA_BRPORT_MAB,
	BRPORT_MCAST_MAX_GROUPS	uapi/linux/if_link.h	[ ]IFLA_BRPORT_MCAST_MAX_GROUPS,
	DEV_LLTX		linux/netdevice.h	[ ]lltx:1;
	DEV_NETNS_IMMUTABLE	linux/netdevice.h	[ ]netns_immutable:1;
	DEV_NETNS_LOCAL		linux/netdevice.h	[ ]netns_local:1;
	DEV_PCPU_STAT_TYPE	linux/netdevice.h	enum netdev_stat_type pcpu_stat_type
	DEV_TCX_EGRESS		linux/netdevice.h	struct bpf_mprog_entry __rcu \*tcx_egress
	DST_INIT_REF		net/dst.h		void dst_init\([^)]*int initial_ref,
	FDB_ADD_NOTIFIED	linux/netdevice.h	\(\*ndo_fdb_add\)\([^)]*bool \*notified
	FDB_DEL_BULK_NLH	linux/netdevice.h	\(\*ndo_fdb_del_bulk\)\(struct nlmsghdr
	FDB_DEL_EXTACK		linux/netdevice.h	\(\*ndo_fdb_del\)\([^)]*struct netlink_ext_ack \*
	FDB_DEL_NOTIFIED	linux/netdevice.h	\(\*ndo_fdb_del\)\([^)]*bool \*notified
	FDB_DUMP_CONTEXT	linux/rtnetlink.h	struct ndo_fdb_dump_context \{
	GENL_INFO_DUMP		net/genetlink.h		genl_info_dump\(struct netlink_callback
	GENL_MCAST_CAP		net/genetlink.h		#define GENL_MCAST_CAP_NET_ADMIN
	GENL_SPLIT_OPS		net/genetlink.h		struct genl_split_ops \{
	HRTIMER_SETUP		linux/hrtimer.h		void hrtimer_setup\(
	KUNIT_VISIBILITY	kunit/visibility.h	.
	LOCAL_LOCK_NESTED_BH	linux/local_lock.h	#define local_lock_nested_bh\(
	NDO_MDB			linux/netdevice.h	\(\*ndo_mdb_add\)\(struct net_device \*dev, struct nlattr \*tb\[\], u16 nlmsg_flags
	NETIF_F_LLTX		linux/netdev_features.h	#define NETIF_F_LLTX
	NETIF_F_NETNS_LOCAL	linux/netdev_features.h	#define NETIF_F_NETNS_LOCAL
	NETDEV_RX_QUEUE_H	net/netdev_rx_queue.h	.
	NET_GSO_H		net/gso.h		.
	NET_HOTDATA_PTYPE_ALL	net/hotdata.h		struct list_head ptype_all;
	NLA_POLICY_CONST_RANGE	net/netlink.h		const struct netlink_range_validation \*range;
	NF_CONFIRM_HOOK		net/netfilter/nf_conntrack_core.h	nf_confirm\(void \*priv
	NL_SET_ERR_MSG_FMT	linux/netlink.h		#define NL_SET_ERR_MSG_FMT\(
	ROUTE_INPUT_DSCP	net/route.h		int ip_route_input_noref\([^)]*dscp_t dscp
	RPS_NEEDED		linux/netdevice.h	struct static_key_false rps_needed;
	RPS_NEEDED_IN_RPS_H	net/rps.h		struct static_key_false rps_needed;
	RTNL_EXIT_BATCH_RTNL	net/net_namespace.h	\(\*exit_batch_rtnl\)\(
	RTNL_EXIT_RTNL		net/net_namespace.h	\(\*exit_rtnl\)\(
	RTNL_NEWLINK_PARAMS	net/rtnetlink.h		struct rtnl_newlink_params \{
	SK_SKB_REASON_DROP	linux/skbuff.h		sk_skb_reason_drop\(
	TIMER_CONTAINER_OF	linux/timer.h		#define timer_container_of\(
	TIMER_DELETE		linux/timer.h		timer_delete\(struct timer_list \*
	TIMER_DELETE_SYNC	linux/timer.h		timer_delete_sync\(struct timer_list \*
	U64_STATS_FETCH_IRQ	linux/u64_stats_sync.h	u64_stats_fetch_begin_irq\(
	VFS_PATH_LOOKUP		linux/namei.h		int vfs_path_lookup\(
	END
}

# One line, no comments, single spaces.
squeeze() {
	tr -s ' \t\n' ' ' <"$1" | sed -E 's@/\*([^*]|\*+[^*/])*\*+/@@g' | tr -s ' '
}

include=${1:?usage: probe.sh SRCTREE}/include
[ -r "$include/linux/netdevice.h" ] || {
	echo "probe.sh: $include holds no kernel headers" >&2
	exit 1
}

echo "/* SPDX-License-Identifier: GPL-2.0 */"
echo "/* Written by kmod/compat/probe.sh out of $include */"

open=
text=
probes | while read -r name header regex; do
	if [ ! -e "$include/$header" ]; then
		echo "/* VSW_HAVE_$name is not set */"
		continue
	fi
	if [ "$header" != "$open" ]; then
		open=$header
		text=$(squeeze "$include/$header")
	fi
	found=0
	printf '%s\n' "$text" | grep -Eq "$regex" || found=$?
	case $found in
	0) echo "#define VSW_HAVE_$name 1" ;;
	1) echo "/* VSW_HAVE_$name is not set */" ;;
	*) echo "probe.sh: $name: bad expression" >&2; exit 1 ;;
	esac
done
