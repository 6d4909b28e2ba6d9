// SPDX-License-Identifier: GPL-2.0
/*
 * Keys of frames made at random, against a second extractor. How many there are is said by
 *
 *   modprobe vswitch_kunit key_packets=10000000 [key_seed=N]
 *
 * which is best done in the debug kernel, whose checkers see what is read in the wrong place:
 *
 *   selftests/vm/uml.sh -t 7200 -o build/key -- modprobe vswitch_kunit key_packets=10000000
 *
 * The results are in /sys/kernel/debug/kunit/vswitch_key_random/results. A seed makes the
 * same frames each time.
 */
#include <linux/etherdevice.h>
#include <linux/module.h>
#include <linux/prandom.h>

#include "key_frame.h"

/* A test has five minutes, so it is many. */
#define CHUNK	20000

static unsigned int key_packets = 100000;
module_param(key_packets, uint, 0444);
MODULE_PARM_DESC(key_packets, "random frames for the extractor of keys, 100000");

static unsigned int key_seed = 1;
module_param(key_seed, uint, 0444);
MODULE_PARM_DESC(key_seed, "what makes other ones of them, 1");

struct fixture {
	struct key_frame frame;
	struct rnd_state random;
};

/* ---- dice ----------------------------------------------------------------- */

static u32 below(struct fixture *f, u32 bound)
{
	return prandom_u32_state(&f->random) % bound;
}

static bool one_in(struct fixture *f, u32 n)
{
	return !below(f, n);
}

#define ONE_OF(f, array)	((array)[below(f, ARRAY_SIZE(array))])

/* ---- a frame, header by header -------------------------------------------- */

static u8 *put(struct fixture *f, unsigned int len)
{
	u8 *at = f->frame.bytes + f->frame.len;

	f->frame.len += len;
	return at;
}

/* Mostly zero bytes, since random ones are found to be nonsense soon. */
static u8 *put_random(struct fixture *f, unsigned int len)
{
	u8 *at = put(f, len);

	if (one_in(f, 2))
		prandom_bytes_state(&f->random, at, len);
	else
		memset(at, 0, len);
	return at;
}

static void put_type(struct fixture *f, u16 type)
{
	put_unaligned_be16(type, put(f, 2));
}

static void put_tags(struct fixture *f)
{
	static const u16 types[] = { ETH_P_8021Q, ETH_P_8021Q, ETH_P_8021AD, ETH_P_QINQ1 };
	unsigned int tags = one_in(f, 2) ? below(f, 4) : 0;

	if (one_in(f, 4)) {
		f->frame.is_tagged = true;
		f->frame.tci = prandom_u32_state(&f->random);
	}
	while (tags--) {
		put_type(f, ONE_OF(f, types));
		put_random(f, 2);
	}
}

/* @type, behind LLC at times. */
static void put_network_type(struct fixture *f, u16 type)
{
	static const u8 snap[] = { 0xaa, 0xaa, 3, 0, 0, 0 };

	if (one_in(f, 12)) {
		put_type(f, below(f, 0x600));
		memcpy(put(f, sizeof(snap)), snap, sizeof(snap));
	}
	put_type(f, type);
}

static void put_nd(struct fixture *f)
{
	unsigned int options = below(f, one_in(f, 8) ? 40 : 4), len;
	u8 *at = put_random(f, 24);

	at[0] = 134 + below(f, 4);
	at[1] = one_in(f, 8);
	while (options--) {
		len = one_in(f, 4) ? below(f, 4) : 1;
		at = put_random(f, len ? len * 8 : 8);
		at[0] = below(f, 4);
		at[1] = len;
	}
}

static void put_transport(struct fixture *f, u8 protocol)
{
	if (protocol == IPPROTO_ICMPV6 && !one_in(f, 4))
		put_nd(f);
	else
		put_random(f, one_in(f, 4) ? below(f, 24) : 24 + below(f, 40));
}

static u8 any_protocol(struct fixture *f)
{
	static const u8 known[] = {
		IPPROTO_TCP, IPPROTO_TCP, IPPROTO_UDP, IPPROTO_UDP, IPPROTO_SCTP, IPPROTO_ICMP,
		IPPROTO_ICMPV6, IPPROTO_ICMPV6, IPPROTO_UDPLITE, IPPROTO_DCCP, IPPROTO_GRE, 0,
	};

	return one_in(f, 16) ? below(f, 256) : ONE_OF(f, known);
}

/* What a length should be, or not. */
static u16 some_length(struct fixture *f, unsigned int right)
{
	switch (below(f, 24)) {
	case 0:
		return 0;
	case 1:
		return right + 1;
	case 2:
		return below(f, right + 1);
	case 3:
		return prandom_u32_state(&f->random);
	}
	return right;
}

static void put_ipv4(struct fixture *f)
{
	unsigned int words = one_in(f, 4) ? below(f, 11) : 0, start = f->frame.len;
	u8 *ip;

	put_network_type(f, ETH_P_IP);
	start = f->frame.len;
	ip = put_random(f, 20 + words * 4);
	ip[0] = 0x45 + words;
	if (one_in(f, 32))
		ip[0] = prandom_u32_state(&f->random);
	if (!one_in(f, 4))
		memset(ip + 6, 0, 2);
	else
		put_unaligned_be16(below(f, 4) << 13 | (one_in(f, 2) ? 1 : 0), ip + 6);
	ip[9] = any_protocol(f);
	put_transport(f, ip[9]);
	put_unaligned_be16(some_length(f, f->frame.len - start), ip + 2);
}

/* As many extension headers as any. Each is as long as it says, but for the last at times. */
static void put_extensions(struct fixture *f, u8 *next)
{
	static const u8 kinds[] = { 0, 43, 60, 51, 44, 44, 135, 139 };
	unsigned int count = one_in(f, 2) ? 0 : below(f, one_in(f, 8) ? 14 : 4), words;

	while (count--) {
		*next = ONE_OF(f, kinds);
		words = *next == 44 || !one_in(f, 4) ? 0 : below(f, 3);
		if (*next == 51) {
			next = put_random(f, (words + 2) * 4);
			next[1] = words;
		} else {
			u8 kind = *next;

			next = put_random(f, (words + 1) * 8);
			next[1] = words;
			if (kind == 44 && !one_in(f, 3))
				put_unaligned_be16(below(f, 8), next + 2);
		}
	}
	*next = any_protocol(f);
	put_transport(f, *next);
}

static void put_ipv6(struct fixture *f)
{
	unsigned int start;
	u8 *ip;

	put_network_type(f, ETH_P_IPV6);
	ip = put_random(f, 40);
	start = f->frame.len;
	ip[0] = 0x60 | (ip[0] & 15);
	if (one_in(f, 32))
		ip[0] = prandom_u32_state(&f->random);
	put_extensions(f, ip + 6);
	put_unaligned_be16(some_length(f, f->frame.len - start), ip + 4);
}

static void put_arp(struct fixture *f)
{
	static const u8 kind[] = { 0, 1, 8, 0, 6, 4 };

	put_network_type(f, one_in(f, 3) ? ETH_P_RARP : ETH_P_ARP);
	memcpy(put_random(f, 28), kind, sizeof(kind));
}

static void make(struct fixture *f)
{
	struct key_frame *frame = &f->frame;
	unsigned int i;

	/* What lies behind a frame is what lay there before. */
	frame->len = 0;
	frame->is_tagged = false;
	frame->is_gso = one_in(f, 8);
	prandom_bytes_state(&f->random, put(f, 12), 12);
	put_tags(f);
	switch (below(f, 16)) {
	case 0 ... 6:
		put_ipv4(f);
		break;
	case 7 ... 12:
		put_ipv6(f);
		break;
	case 13:
	case 14:
		put_arp(f);
		break;
	default:
		put_network_type(f, prandom_u32_state(&f->random));
		put_random(f, below(f, 60));
		break;
	}
	put_random(f, one_in(f, 3) ? below(f, 20) : 0);
	for (i = one_in(f, 4) ? 1 + below(f, 3) : 0; i; i--)
		frame->bytes[12 + below(f, frame->len - 12)] = prandom_u32_state(&f->random);
	if (one_in(f, 4))
		frame->len = below(f, frame->len);
	frame->len = max_t(unsigned int, frame->len, ETH_HLEN);
}

static void any_shape(struct fixture *f, struct key_shape *shape)
{
	shape->head = KEY_FRAME_MAX;
	shape->piece = KEY_FRAME_MAX;
	shape->listed = one_in(f, 4);
	if (one_in(f, 2))
		shape->head = ETH_HLEN + below(f, 100);
	if (one_in(f, 4))
		shape->piece = 1 + below(f, 60);
}

/* ---- the test ------------------------------------------------------------- */

static const void *next_chunk(const void *before, char *description)
{
	static unsigned int first;

	if (before && key_packets - first <= CHUNK)
		return NULL;
	first = before ? first + CHUNK : 0;
	snprintf(description, KUNIT_PARAM_DESC_SIZE, "from %u, seed %u", first, key_seed);
	return &first;
}

static void at_random(struct kunit *test)
{
	unsigned int i, first = *(const unsigned int *)test->param_value;
	struct fixture *f = test->priv;
	struct key_shape shape;
	vsw_key_map map;

	prandom_seed_state(&f->random, (u64)key_seed << 32 | first);
	for (i = first; i < key_packets && i - first < CHUNK; i++) {
		make(f);
		any_shape(f, &shape);
		map = prandom_u32_state(&f->random) & VSW_KEY_MAP_ALL;
		if (one_in(f, 2))
			map = ONE_OF(f, key_maps);
		if (!key_frame_check(test, &f->frame, &shape, map)) {
			KUNIT_FAIL(test, "frame %u", i);
			return;
		}
		if (!(i % 256))
			cond_resched();
	}
}

static int init(struct kunit *test)
{
	test->priv = kunit_kzalloc(test, sizeof(struct fixture), GFP_KERNEL);
	return test->priv ? 0 : -ENOMEM;
}

static struct kunit_case cases[] = {
	KUNIT_CASE_PARAM(at_random, next_chunk),
	{}
};

static struct kunit_suite suite = {
	.name = "vswitch_key_random",
	.init = init,
	.test_cases = cases,
};

kunit_test_suite(suite);
