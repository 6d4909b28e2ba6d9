// SPDX-License-Identifier: GPL-2.0
/* What a class may say, and what it means where it says nothing. */
#include <linux/in.h>
#include <linux/math64.h>
#include <linux/time64.h>

#include "refuse.h"
#include "shape.h"

#define BURST_MIN	3072
#define LIMIT_MIN	65536

/* Bytes that go by in a @part of a second. */
static u64 bytes_in(u64 rate, u32 part)
{
	return div_u64(rate, BITS_PER_BYTE * part);
}

static u32 burst_of(const struct vrt_class_config *config)
{
	return config->burst ?: clamp_t(u64, bytes_in(config->ceil, 200), BURST_MIN,
					VROUTER_MAX_SHAPE_BURST);
}

u32 vrt_class_limit(const struct vrt_class_config *config)
{
	return config->limit ?: clamp_t(u64, bytes_in(config->ceil, 5), LIMIT_MIN,
					VROUTER_MAX_SHAPE_LIMIT);
}

void vrt_class_limits(const struct vrt_class_config *config, bool slow, struct vrt_limits *limits)
{
	limits->rate = slow ? min(config->slow_rate, config->rate) : config->rate;
	limits->ceil = slow ? config->slow_rate : config->ceil;
	limits->burst = slow ? min_t(u32, burst_of(config), BURST_MIN) : burst_of(config);
	limits->prio = config->prio;
}

static int refuse(struct netlink_ext_ack *extack, int attr, const char *what)
{
	return vrt_refuse(extack, attr, -EINVAL, what);
}

static bool is_rate(u64 rate)
{
	return rate >= VROUTER_MIN_SHAPE_RATE && rate <= VROUTER_MAX_SHAPE_RATE;
}

static int check_rates(const struct vrt_class_config *config, struct netlink_ext_ack *extack)
{
	if (!is_rate(config->rate))
		return refuse(extack, VROUTER_A_SHAPE_RATE,
			      "a rate is 1 kbit/s to 1 Tbit/s");
	if (!is_rate(config->ceil))
		return refuse(extack, VROUTER_A_SHAPE_CEIL,
			      "a ceiling is 1 kbit/s to 1 Tbit/s");
	if (config->ceil < config->rate)
		return refuse(extack, VROUTER_A_SHAPE_RATE,
			      "the ceiling is below the rate that is guaranteed");
	if (!config->quota)
		return config->period || config->slow_rate ?
		       refuse(extack, VROUTER_A_SHAPE_QUOTA,
			      "a period and a slow rate need a quota") : 0;
	if (!config->period || !is_rate(config->slow_rate))
		return refuse(extack, config->period ?
			      VROUTER_A_SHAPE_SLOW_RATE : VROUTER_A_SHAPE_PERIOD,
			      "a quota needs its period and the slow rate, 1 kbit/s to 1 Tbit/s");
	if (config->slow_rate > config->ceil)
		return refuse(extack, VROUTER_A_SHAPE_SLOW_RATE,
			      "the slow rate is above the ceiling");
	return 0;
}

static bool has_ports(u8 protocol)
{
	return protocol == IPPROTO_TCP || protocol == IPPROTO_UDP || protocol == IPPROTO_SCTP ||
	       protocol == IPPROTO_DCCP || protocol == IPPROTO_UDPLITE;
}

static int check_match(const struct vrt_shape_match *match, struct netlink_ext_ack *extack)
{
	if ((match->port || match->far_port) && !has_ports(match->protocol))
		return refuse(extack, VROUTER_A_SHAPE_MATCH_PROTOCOL,
			      "ports need a protocol that has them");
	if (match->port > match->port_last || match->far_port > match->far_port_last)
		return refuse(extack, match->port > match->port_last ?
			      VROUTER_A_SHAPE_MATCH_PORT_LAST : VROUTER_A_SHAPE_MATCH_FAR_PORT_LAST,
			      "the last port is below the first");
	if (match->near.family && match->far.family && match->near.family != match->far.family)
		return refuse(extack, VROUTER_A_SHAPE_MATCH_FAR,
			      "the addresses of a class are of one family");
	if (match->near.family && !vrt_prefix_is_exact(&match->near))
		return refuse(extack, VROUTER_A_SHAPE_MATCH_NEAR,
			      "a prefix has bits behind its length");
	if (match->far.family && !vrt_prefix_is_exact(&match->far))
		return refuse(extack, VROUTER_A_SHAPE_MATCH_FAR,
			      "a prefix has bits behind its length");
	if (match->has_mark && (match->mark & ~match->mark_mask))
		return refuse(extack, VROUTER_A_SHAPE_MATCH_MARK,
			      "the mark has bits that its mask does not have");
	return 0;
}

/* What @parent has to give: for @config instead of @old, NULL. */
static int check_share(const struct vrt_class_config *config, const struct vrt_class *old,
		       const struct vrt_class *parent, struct netlink_ext_ack *extack)
{
	const struct vrt_class *class;
	u64 sum = config->rate;

	list_for_each_entry(class, &parent->rn->shaper->classes, list) {
		if (class->parent == parent && class != old)
			sum += class->config.rate;
	}
	if (sum > parent->config.rate)
		return refuse(extack, VROUTER_A_SHAPE_RATE,
			      "the parent guarantees less than its children together");
	return 0;
}

/* What its own children were promised, it still has. */
static int check_children(const struct vrt_class_config *config, const struct vrt_class *old,
			  struct netlink_ext_ack *extack)
{
	const struct vrt_class *class;
	u64 sum = 0;

	list_for_each_entry(class, &old->rn->shaper->classes, list) {
		if (class->parent == old)
			sum += class->config.rate;
	}
	if (sum > config->rate)
		return refuse(extack, VROUTER_A_SHAPE_RATE,
			      "its children are guaranteed more than that together");
	return 0;
}

int vrt_class_check(const struct vrt_class_config *config, const struct vrt_class *old,
		    const struct vrt_class *parent, struct netlink_ext_ack *extack)
{
	int err;

	err = check_rates(config, extack) ?: check_match(&config->match, extack);
	if (!err && parent)
		err = check_share(config, old, parent, extack);
	if (!err && old && old->n_children)
		err = check_children(config, old, extack);
	return err;
}
