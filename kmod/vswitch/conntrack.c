// SPDX-License-Identifier: GPL-2.0
/*
 * The action "ct": the kernel's connection tracking, without its hooks, sees a packet of a
 * switch. What it says of it goes into the key, for flows to match.
 */
#include <net/ip.h>
#include <net/ipv6.h>
#include <net/netfilter/nf_conntrack.h>
#include <net/netfilter/nf_conntrack_core.h>
#include <net/netfilter/nf_conntrack_ecache.h>
#include <net/netfilter/nf_conntrack_helper.h>
#include <net/netfilter/nf_conntrack_seqadj.h>
#include <net/netfilter/nf_conntrack_zones.h>

#include "conntrack.h"
#include "conntrack_fragment.h"
#include "conntrack_nat.h"
#include "conntrack_peek.h"
#include "tracer.h"
#include "vswitch.h"

static void clear_state(struct vsw_key *key)
{
	key->ct_state = 0;
	key->ct_mark = 0;
	key->ct_zone = 0;
	key->ct_ip_proto = 0;
	key->ct_tp_src = 0;
	key->ct_tp_dst = 0;
	memset(&key->ct, 0, sizeof(key->ct));
}

/* By whom the connection was begun, or the one that it follows from. */
static void fill_original(struct vsw_key *key, const struct nf_conn *conn)
{
	const struct nf_conntrack_tuple *tuple;
	bool is_icmp;

	if (conn->master)
		conn = conn->master;
	tuple = &conn->tuplehash[IP_CT_DIR_ORIGINAL].tuple;
	if (nf_ct_l3num(conn) == NFPROTO_IPV4 && key->eth_type == htons(ETH_P_IP)) {
		key->ct.ipv4_src = tuple->src.u3.ip;
		key->ct.ipv4_dst = tuple->dst.u3.ip;
		is_icmp = tuple->dst.protonum == IPPROTO_ICMP;
	} else if (nf_ct_l3num(conn) == NFPROTO_IPV6 && key->eth_type == htons(ETH_P_IPV6)) {
		key->ct.ipv6_src = tuple->src.u3.in6;
		key->ct.ipv6_dst = tuple->dst.u3.in6;
		is_icmp = tuple->dst.protonum == IPPROTO_ICMPV6;
	} else {
		return;
	}
	key->ct_ip_proto = tuple->dst.protonum;
	key->ct_tp_src = is_icmp ? htons(tuple->dst.u.icmp.type) : tuple->src.u.all;
	key->ct_tp_dst = is_icmp ? htons(tuple->dst.u.icmp.code) : tuple->dst.u.all;
}

static u16 state_of(const struct nf_conn *conn, enum ip_conntrack_info info)
{
	u16 state = VSWITCH_FLOW_CT_TRACKED;

	if (CTINFO2DIR(info) == IP_CT_DIR_REPLY)
		state |= VSWITCH_FLOW_CT_REPLY;
	if (info == IP_CT_ESTABLISHED || info == IP_CT_ESTABLISHED_REPLY)
		state |= VSWITCH_FLOW_CT_ESTABLISHED;
	/* As long as the connection is there, as ovs-fields(7) has it. */
	if (info == IP_CT_RELATED || info == IP_CT_RELATED_REPLY || conn->master)
		state |= VSWITCH_FLOW_CT_RELATED;
	if (info == IP_CT_NEW || !nf_ct_is_confirmed(conn))
		state |= VSWITCH_FLOW_CT_NEW;
	return state;
}

static void fill_state(struct vsw_key *key, const struct sk_buff *skb, u16 zone,
		       unsigned int translated)
{
	enum ip_conntrack_info info;
	const struct nf_conn *conn = nf_ct_get(skb, &info);

	clear_state(key);
	key->ct_zone = zone;
	if (!conn) {
		key->ct_state = VSWITCH_FLOW_CT_TRACKED | VSWITCH_FLOW_CT_INVALID;
		return;
	}
	key->ct_state = state_of(conn, info);
	if (translated & VSW_NAT_SOURCE)
		key->ct_state |= VSWITCH_FLOW_CT_SNAT;
	if (translated & VSW_NAT_DEST)
		key->ct_state |= VSWITCH_FLOW_CT_DNAT;
	key->ct_mark = READ_ONCE(conn->mark);
	fill_original(key, conn);
}

/* Whether the header is whole, and says how long the packet is: what follows is padding. */
static bool trim(struct sk_buff *skb, u8 family)
{
	unsigned int len;

	if (family == NFPROTO_IPV4) {
		if (!pskb_may_pull(skb, sizeof(struct iphdr)) || ip_hdr(skb)->ihl < 5 ||
		    ip_hdr(skb)->version != 4 || !pskb_may_pull(skb, ip_hdrlen(skb)))
			return false;
		len = skb_is_gso(skb) ? skb->len : ntohs(ip_hdr(skb)->tot_len);
		if (len < ip_hdrlen(skb))
			return false;
	} else {
		if (!pskb_may_pull(skb, sizeof(struct ipv6hdr)) || ipv6_hdr(skb)->version != 6)
			return false;
		len = ntohs(ipv6_hdr(skb)->payload_len);
		/* 0 is of a jumbogram, or of a packet that is to be segmented. */
		len = len ? len + sizeof(struct ipv6hdr) : skb->len;
	}
	return len <= skb->len && !pskb_trim_rcsum(skb, len);
}

/*
 * The connection that an action before this one has found, if it is the right one. What the
 * packet had before it came here is none of ours.
 */
static bool is_tracked(struct sk_buff *skb, const struct vsw_key *key, struct net *net,
		       const struct vsw_action_ct *ct)
{
	enum ip_conntrack_info info;
	struct nf_conn *conn = nf_ct_get(skb, &info);

	if (!key->ct_state || !conn || !net_eq(nf_ct_net(conn), net) ||
	    !nf_ct_zone_equal_any(ct->template, nf_ct_zone(conn)))
		return false;
	/* A clone has it, too: what is not yet confirmed can't be changed for both. */
	return !(ct->action.flags & VSW_CT_COMMIT) || nf_ct_is_confirmed(conn) ||
	       refcount_read(&conn->ct_general.use) == 1;
}

/* Whether the packet, which says that it begins its connection, is of one that says not so. */
static bool is_opposed(struct sk_buff *skb, const struct vsw_action_ct *ct)
{
	enum ip_conntrack_info info;
	const struct nf_conn *conn = nf_ct_get(skb, &info);

	return ct->action.flags & VSW_CT_FORCE && conn &&
	       CTINFO2DIR(info) != IP_CT_DIR_ORIGINAL;
}

/* That one is forgotten. */
static void forget_opposed(struct sk_buff *skb)
{
	enum ip_conntrack_info info;
	struct nf_conn *conn = nf_ct_get(skb, &info);

	if (!nf_ct_is_confirmed(conn))
		return;
	if (unlikely(vsw_tracing()))
		vsw_trace_effect(VSWITCH_TRACE_EFFECT_FORGET, NULL);
	else
		nf_ct_delete(conn, 0, 0);
}

/*
 * NF_ACCEPT, with a connection or, if the packet is invalid, without; or NF_DROP. Of what is
 * only traced the known one may still be there if it @is_fresh.
 */
static int look_up(struct sk_buff *skb, struct net *net, u8 family,
		   const struct vsw_action_ct *ct, bool is_fresh)
{
	struct nf_hook_state state = {
		.hook = NF_INET_PRE_ROUTING,
		.pf = family,
		.net = net,
	};

	if (unlikely(vsw_tracing()))
		return vsw_ct_peek(skb, net, family, ct, is_fresh);
	nf_reset_ct(skb);
	refcount_inc(&ct->template->ct_general.use);
	nf_ct_set(skb, ct->template, IP_CT_NEW);
	return nf_conntrack_in(skb, &state);
}

/* What helps with the protocol sees what was translated already. */
static int help(struct sk_buff *skb, struct nf_conn *conn, enum ip_conntrack_info info, u8 family)
{
	const struct nf_conn_help *ext = nfct_help(conn);
	const struct nf_conntrack_helper *helper = ext ? rcu_dereference(ext->helper) : NULL;
	__be16 frag_off;
	int offset, verdict;
	u8 proto;

	if (!helper || info == IP_CT_RELATED_REPLY ||
	    (helper->tuple.src.l3num != NFPROTO_UNSPEC && helper->tuple.src.l3num != family))
		return NF_ACCEPT;
	if (family == NFPROTO_IPV4) {
		offset = ip_hdrlen(skb);
		proto = ip_hdr(skb)->protocol;
	} else {
		proto = ipv6_hdr(skb)->nexthdr;
		offset = ipv6_skip_exthdr(skb, sizeof(struct ipv6hdr), &proto, &frag_off);
		if (offset < 0 || (frag_off & htons(~0x7)))
			return NF_ACCEPT;
	}
	if (helper->tuple.dst.protonum != proto)
		return NF_ACCEPT;
	verdict = helper->help(skb, offset, conn, info);
	if (verdict == NF_ACCEPT && test_bit(IPS_SEQ_ADJUST_BIT, &conn->status) &&
	    !nf_ct_seq_adjust(skb, conn, info, offset))
		return NF_DROP;
	return verdict;
}

/* A new connection that is to be committed gets the helper that the user said. */
static int assign_helper(struct nf_conn *conn, const struct vsw_action_ct *ct)
{
	if (!*ct->helper || nf_ct_is_confirmed(conn) || nfct_help(conn))
		return NF_ACCEPT;
	if (__nf_ct_try_assign_helper(conn, ct->template, GFP_ATOMIC))
		return NF_DROP;
	if ((ct->action.flags & VSW_CT_NAT) && !nfct_seqadj(conn) && !nfct_seqadj_ext_add(conn))
		return NF_DROP;
	return NF_ACCEPT;
}

static void set_mark(struct nf_conn *conn, const struct vsw_action_ct *ct)
{
	u32 was = READ_ONCE(conn->mark), now = (was & ~ct->mark_mask) | ct->mark;

	if (now == was)
		return;
	WRITE_ONCE(conn->mark, now);
	if (nf_ct_is_confirmed(conn))
		nf_conntrack_event_cache(IPCT_MARK, conn);
}

/* What treat() would do with @conn after the translation is told of, and not done. */
static void trace_treatment(const struct nf_conn *conn, bool is_known, bool is_new_here,
			    const struct vsw_action_ct *ct)
{
	const struct nf_conn_help *ext = nfct_help(conn);
	const struct nf_conntrack_helper *helper = ext ? rcu_dereference(ext->helper) : NULL;
	bool commits = ct->action.flags & VSW_CT_COMMIT;
	const char *name = helper ? helper->name : !is_known && *ct->helper ? ct->helper : NULL;
	u32 was = READ_ONCE(conn->mark);

	if (name && (is_known ? is_new_here : commits))
		vsw_trace_effect(VSWITCH_TRACE_EFFECT_HELPER, name);
	if (commits && !is_known)
		vsw_trace_effect(VSWITCH_TRACE_EFFECT_COMMIT, NULL);
	else if (commits && ((was & ~ct->mark_mask) | ct->mark) != was)
		vsw_trace_effect(VSWITCH_TRACE_EFFECT_MARK, NULL);
}

/* A known connection, or one that is about to be: translate, help, commit. */
static int treat(struct sk_buff *skb, const struct vsw_key *key, u8 family, bool is_new_here,
		 const struct vsw_action_ct *ct, unsigned int *translated)
{
	u8 flags = ct->action.flags;
	enum ip_conntrack_info info;
	struct nf_conn *conn = nf_ct_get(skb, &info);
	int verdict = NF_ACCEPT;
	bool is_known;

	if (!conn)
		return NF_ACCEPT;
	is_known = nf_ct_is_confirmed(conn);
	if ((flags & VSW_CT_NAT) && (is_known || (flags & VSW_CT_COMMIT)) &&
	    !(key->ct_state & (VSWITCH_FLOW_CT_SNAT | VSWITCH_FLOW_CT_DNAT)))
		verdict = vsw_ct_nat(skb, conn, info, ct, translated);
	if (unlikely(vsw_tracing())) {
		if (verdict == NF_ACCEPT)
			trace_treatment(conn, is_known, is_new_here, ct);
		return verdict;
	}
	if (verdict == NF_ACCEPT && (flags & VSW_CT_COMMIT))
		verdict = assign_helper(conn, ct);
	if (verdict == NF_ACCEPT && (is_known ? is_new_here : flags & VSW_CT_COMMIT))
		verdict = help(skb, conn, info, family);
	if (verdict != NF_ACCEPT || !(flags & VSW_CT_COMMIT))
		return verdict;
	set_mark(conn, ct);
	return nf_conntrack_confirm(skb);
}

/* NF_ACCEPT with the connection of @skb, whether or not that was found before; or NF_DROP. */
static int find(struct sk_buff *skb, struct vsw_key *key, struct net *net, u8 family,
		const struct vsw_action_ct *ct, bool *is_new_here)
{
	int verdict;

	*is_new_here = !is_tracked(skb, key, net, ct);
	if (*is_new_here) {
		verdict = look_up(skb, net, family, ct, false);
		if (verdict != NF_ACCEPT)
			return verdict;
		clear_state(key);
	}
	if (likely(!is_opposed(skb, ct)))
		return NF_ACCEPT;
	forget_opposed(skb);
	*is_new_here = true;
	clear_state(key);
	return look_up(skb, net, family, ct, true);
}

/*
 * The mark that its connection would have had after each commit of this packet: @was, if
 * it is not the first one that looks at it.
 */
static void trace_mark(struct vsw_key *key, struct sk_buff *skb, const struct vsw_action_ct *ct,
		       bool is_new_here, u32 was)
{
	enum ip_conntrack_info info;

	if (!nf_ct_get(skb, &info))
		return;
	if (!is_new_here)
		key->ct_mark = was;
	if (ct->action.flags & VSW_CT_COMMIT)
		key->ct_mark = (key->ct_mark & ~ct->mark_mask) | ct->mark;
}

/* @skb with data at its network header. */
static int track(struct sk_buff *skb, struct vsw_key *key, struct net *net, u8 family,
		 const struct vsw_action_ct *ct)
{
	unsigned int translated = 0;
	bool is_new_here;
	int verdict;
	u32 mark;

	verdict = find(skb, key, net, family, ct, &is_new_here);
	if (verdict != NF_ACCEPT)
		return verdict;
	verdict = treat(skb, key, family, is_new_here, ct, &translated);
	if (verdict != NF_ACCEPT)
		return verdict;
	if (key->ct_state & VSWITCH_FLOW_CT_SNAT)
		translated |= VSW_NAT_SOURCE;
	if (key->ct_state & VSWITCH_FLOW_CT_DNAT)
		translated |= VSW_NAT_DEST;
	mark = key->ct_mark;
	fill_state(key, skb, ct->action.value, translated);
	if (unlikely(vsw_tracing()))
		trace_mark(key, skb, ct, is_new_here, mark);
	return NF_ACCEPT;
}

/* It is IP, but not one that can be told a connection of. */
static enum vsw_drop mark_invalid(struct sk_buff *skb, struct vsw_key *key, u16 zone)
{
	nf_reset_ct(skb);
	fill_state(key, skb, zone, 0);
	return VSW_DROP_COUNT;
}

/* A fragment, of @family, with data at its network header. False: it is not there any more. */
static bool gather(const struct vsw_port *in, struct sk_buff **pskb, struct vsw_key *key,
		   u8 family, const struct vsw_action_ct *ct, u16 *mru)
{
	__be16 protocol = (*pskb)->protocol;
	unsigned int len = vsw_frame_len(*pskb);
	int err;

	if (unlikely(vsw_tracing())) {
		vsw_trace_effect(VSWITCH_TRACE_EFFECT_FRAGMENT, NULL);
		consume_skb(*pskb);
		*pskb = NULL;
		return false;
	}
	rcu_read_lock();
	err = vsw_ct_gather(dev_net(in->sw->dev), *pskb, ct->action.value, family, mru);
	rcu_read_unlock();
	if (!err) {
		key->ct_gathered = 1;
		return true;
	}
	*pskb = NULL;
	if (err != -EINPROGRESS)
		vsw_count_drop(in, VSW_DROP_CT, protocol, len);
	return false;
}

/* The VLAN and the kind of the tag beside @skb, or 0. */
static u32 tag_of(const struct sk_buff *skb)
{
	if (!skb_vlan_tag_present(skb))
		return 0;
	return (__force u32)skb->vlan_proto << 16 | skb_vlan_tag_get_id(skb);
}

/*
 * Like gather(), if the packet is framed as its last fragment is: it has the MAC header and
 * the tags of the first one, which may have come by another port, in another VLAN, or to the
 * host. *@reason: why it is to be dropped, if it is not.
 */
static bool gather_alike(const struct vsw_port *in, struct sk_buff **pskb, struct vsw_key *key,
			 u8 family, const struct vsw_action_ct *ct, u16 *mru,
			 enum vsw_drop *reason)
{
	int mac_offset = skb_mac_offset(*pskb);
	u32 tag = tag_of(*pskb);

	*reason = VSW_DROP_COUNT;
	if (!gather(in, pskb, key, family, ct, mru))
		return false;
	if (skb_mac_header_was_set(*pskb) && skb_mac_offset(*pskb) == mac_offset &&
	    tag_of(*pskb) == tag)
		return true;
	*reason = VSW_DROP_CT;
	return false;
}

enum vsw_drop vsw_ct_track(const struct vsw_port *in, struct sk_buff **pskb,
			   struct vsw_key *key, struct vsw_key_layout *layout,
			   const struct vsw_action_ct *ct, u16 *mru)
{
	u8 family = key->eth_type == htons(ETH_P_IP) ? NFPROTO_IPV4 : NFPROTO_IPV6;
	unsigned int offset = layout->network - 1;
	struct sk_buff *skb = *pskb;
	enum vsw_drop reason;
	int verdict;

	if (!layout->network || layout->is_snap || !pskb_may_pull(skb, offset))
		return mark_invalid(skb, key, ct->action.value);
	skb_set_network_header(skb, offset);
	skb_pull_rcsum(skb, offset);
	if (!trim(skb, family)) {
		skb_push_rcsum(skb, offset);
		return mark_invalid(skb, key, ct->action.value);
	}
	if (key->ip_frag && !gather_alike(in, pskb, key, family, ct, mru, &reason))
		return reason;
	/* Who sends has no more than BH off, and hooks have this always. */
	rcu_read_lock();
	verdict = track(skb, key, dev_net(in->sw->dev), family, ct);
	rcu_read_unlock();
	if (verdict == NF_STOLEN) {
		*pskb = NULL;
		return VSW_DROP_COUNT;
	}
	skb_push_rcsum(skb, offset);
	if (verdict != NF_ACCEPT)
		return VSW_DROP_CT;
	/* Headers are others now, or elsewhere. */
	vsw_key_extract_again(key, layout, skb);
	return VSW_DROP_COUNT;
}

void vsw_ct_forget(struct sk_buff *skb)
{
	nf_reset_ct(skb);
}
