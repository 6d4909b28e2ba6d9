/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What flows are asked about: a packet's fields at fixed places, in words, so that a
 * mask is words, too. The first eight are what most flows look at (64 bytes).
 */
#ifndef _VSWITCH_KEY_H
#define _VSWITCH_KEY_H

#include <linux/bits.h>
#include <linux/build_bug.h>
#include <linux/in6.h>
#include <linux/if_ether.h>
#include <linux/types.h>

struct cgroup;
struct sk_buff;
struct vsw_port;

#define VSW_KEY_WORDS		31
#define VSW_KEY_HOT_WORDS	8

struct vsw_key_addresses {
	union {
		struct {
			__be32 ipv4_src, ipv4_dst;
		};
		struct {
			struct in6_addr ipv6_src, ipv6_dst;
		};
	};
};

/* Fields of the frame are in network byte order, others in the host's. */
struct vsw_key {
	union {
		u64 word[VSW_KEY_WORDS];
		struct {
			/* 0 */
			u16 in_port;
			__be16 vlan_tci;	/* VSWITCH_FLOW_VLAN_PRESENT, or 0 */
			__be16 eth_type;	/* behind VLAN tags */
			u8 ip_proto;		/* of ARP, its operation */
			u8 ip_frag;		/* VSWITCH_FLOW_FRAG_* */
			/* 1 */
			u8 eth_dst[ETH_ALEN];
			u8 ip_tos;
			u8 ip_ttl;
			/* 2 */
			u8 eth_src[ETH_ALEN];
			__be16 vlan2_tci;
			/* 3 */
			__be16 tp_src;		/* of ICMP, the type */
			__be16 tp_dst;		/* of ICMP, the code */
			__be16 tcp_flags;
			u16 ct_state;
			/* 4 to 7 */
			struct vsw_key_addresses ip;	/* and of ARP */
			/* 8 */
			u64 metadata;
			/* 9 to 12 */
			u32 reg[8];
			/* 13 */
			u32 mark;
			u32 ct_mark;
			/* 14 */
			u16 ct_zone;
			u8 ct_ip_proto;
			u8 ct_gathered;		/* of fragments, for its tracking */
			__be16 ct_tp_src;
			__be16 ct_tp_dst;
			/* 15 to 18 */
			struct vsw_key_addresses ct;
			/* 19 */
			u8 arp_sha[ETH_ALEN];	/* or the ND option's */
			u16 unused_19;
			/* 20 */
			u8 arp_tha[ETH_ALEN];
			u16 unused_20;
			/* 21 and 22 */
			struct in6_addr nd_target;
			/* 23 */
			__be32 ipv6_label;
			u32 unused_23;
			/* 24 */
			__be64 tun_id;
			/* 25; apart from IPv6's, as no other field says which of them it is */
			__be32 tun_ipv4_src, tun_ipv4_dst;
			/* 26 to 29 */
			struct in6_addr tun_ipv6_src, tun_ipv6_dst;
			/* 30 */
			u64 cgroup;
		};
	};
	/*
	 * Of a packet, no word of it: whose id word 30 is, if it is there, and those above it;
	 * or NULL. Under RCU.
	 */
	struct cgroup *sender;
};

static_assert(offsetof(struct vsw_key, sender) == VSW_KEY_WORDS * sizeof(u64));

/* A bit for each word. */
typedef u32 vsw_key_map;

#define VSW_KEY_MAP_ALL	GENMASK(VSW_KEY_WORDS - 1, 0)
#define VSW_KEY_WORD_OF(member)	(offsetof(struct vsw_key, member) / sizeof(u64))
#define VSW_KEY_MAP_OF(member)	((vsw_key_map)BIT(VSW_KEY_WORD_OF(member)))

/* A field, by the number of its attribute in VSWITCH_A_MATCH_*. */
struct vsw_field {
	u16 offset;			/* in struct vsw_key, bytes */
	u8 size;			/* bytes */
	u8 bits;			/* the low ones of it that there are */
	bool is_network;		/* byte order */
	bool is_settable;
	bool is_maskable;		/* all or nothing if not */
	/* what makes sure that a packet has it, any of these, and what for writing */
	u16 needs, set_needs;
	const char *name;
	const char *sentence;		/* of its needs */
	const char *set_sentence;	/* if it has more of them to be written */
};

/* NULL: there is no such field. tp-src-range and tp-dst-range are none. */
const struct vsw_field *vsw_field(unsigned int number);

struct netlink_ext_ack;

/*
 * Whether all that @match of a flow asks for can be there in one packet: each field that
 * @mask has is of a packet of which @key, exactly, says that it has it (IPv4 addresses
 * need EtherType 0x0800 or ARP's, ports need IP and TCP, UDP or SCTP, and so on); and that
 * @key has no bit that @mask has not. -EINVAL with a sentence. Of in-port, that it is a
 * possible number.
 */
int vsw_field_check_match(const struct vsw_key *key, const struct vsw_key *mask,
			  struct netlink_ext_ack *extack);
/*
 * Whether each packet with this match has @field. Addresses of IPv4 and IPv6 share their
 * place: who has a match by attributes asks for each of them, and who shows one, too.
 */
int vsw_field_check_needs(unsigned int field, const struct vsw_key *key,
			  const struct vsw_key *mask, struct netlink_ext_ack *extack);
/* Whether @field may be written by an action of a flow with this match. */
int vsw_field_check_set(unsigned int field, const struct vsw_key *key,
			const struct vsw_key *mask, struct netlink_ext_ack *extack);
/* The words that have to be extracted for @field to be there, and to be written. */
vsw_key_map vsw_field_map(unsigned int field);

/*
 * Where headers begin in the packet, from skb->data, which is behind the Ethernet header;
 * 0 if there is none, or it is not whole. What vsw_key_extract() found, for rewrite.c.
 */
struct vsw_key_layout {
	u8 tags;			/* in the frame, not the one beside it */
	bool is_snap;			/* behind LLC and SNAP, which is never rewritten */
	u16 network;			/* + 1: 0 stands for none; of IPv4, IPv6 and ARP */
	/*
	 * + 1: of a first fragment or a whole packet only, with word 3, and only of what has
	 * ports or a checksum of addresses. There are ports without it, of a header that is
	 * cut off.
	 */
	u16 transport;
	u16 nd_options;			/* + 1: if there is a target, which is before it */
};

/* Words that are not of the packet: the pipeline's, 0 as long as nobody sets them. */
#define VSW_KEY_MAP_STATE \
	(GENMASK(12, 8) | GENMASK(18, 14))

/*
 * By which tunnel a packet came, which is what it says, and goes, which the pipeline says: all
 * of these are there as soon as one of them is asked for.
 */
#define VSW_KEY_TUNNEL_WORDS	6
#define VSW_KEY_MAP_TUNNEL	\
	((vsw_key_map)GENMASK(VSW_KEY_WORD_OF(tun_id) + VSW_KEY_TUNNEL_WORDS - 1, \
			      VSW_KEY_WORD_OF(tun_id)))

/*
 * Of @skb, which came by @in, with its data behind the MAC header, the words in @map (and
 * more, if that is cheaper), but for VSW_KEY_MAP_STATE; all others are left as they are. A
 * field that the packet has not is 0. Reads only; the packet may be shared, cloned and not
 * linear. Never fails: what is cut off is not there. Under RCU. See key_path.h, too.
 */
void vsw_key_extract(struct vsw_key *key, struct vsw_key_layout *layout,
		     const struct vsw_port *in, const struct sk_buff *skb, vsw_key_map map);
/*
 * The frame of @skb is another one now: all words that come from it are extracted again.
 * What is not of the frame is left as it is, in_port, ct_state and ct_mark too.
 */
void vsw_key_extract_again(struct vsw_key *key, struct vsw_key_layout *layout,
			   const struct sk_buff *skb);

#endif /* _VSWITCH_KEY_H */
