// SPDX-License-Identifier: GPL-2.0
/*
 * Packets for who listens, at a rate that is bounded: for each action that says so, and for
 * misses in each network namespace. Nothing is done for nobody.
 */
#include "packet_in.h"
#include "rate.h"
#include "tracer.h"

/* Of misses; actions have their own. */
#define MISSES_A_SECOND	1000

/* At the rate's pace, but a little may come at once. */
#define BURSTS_A_SECOND	10

/* Of who tells. */
struct teller {
	atomic64_t *state;
	atomic64_t *lost;
	u32 rate;
};

static bool is_due(const struct teller *teller)
{
	struct vsw_rate rate;

	if (unlikely(!teller->rate))
		return false;
	vsw_rate_init(&rate, teller->rate, DIV_ROUND_UP(teller->rate, BURSTS_A_SECOND));
	return vsw_rate_admit(&rate, teller->state, 1);
}

static bool tell(const struct vsw_port *in, const struct sk_buff *skb,
		 struct vsw_packet_in *packet, const struct teller *teller)
{
	s64 lost = 0;

	if (is_due(teller)) {
		lost = atomic64_read(teller->lost) ? atomic64_xchg(teller->lost, 0) : 0;
		packet->lost = min_t(s64, lost, U32_MAX);
		if (vsw_event_packet_in(in, packet, skb))
			return true;
	}
	atomic64_add(lost + 1, teller->lost);
	return false;
}

static bool has_listeners(const struct vsw_port *in)
{
	return vsw_nl_has_listeners(dev_net(in->sw->dev), VSW_EVENT_PACKET_IN);
}

/* If it is only traced, it is as if it were told of: the rate is left as it is. */
static noinline bool trace(const struct vsw_port *in)
{
	bool listens = has_listeners(in);

	vsw_trace_effect(listens ? VSWITCH_TRACE_EFFECT_TELL : VSWITCH_TRACE_EFFECT_NO_LISTENER,
			 NULL);
	return listens;
}

static bool tell_listeners(const struct vsw_port *in, const struct sk_buff *skb,
			   struct vsw_packet_in *packet, const struct teller *teller)
{
	if (unlikely(vsw_tracing()))
		return trace(in);
	return has_listeners(in) && tell(in, skb, packet, teller);
}

bool vsw_packet_in_action(const struct vsw_port *in, const struct sk_buff *skb,
			  const struct vsw_action *action, u8 table, u64 cookie)
{
	struct vsw_action_controller *own = (struct vsw_action_controller *)action;
	const struct teller teller = {
		.state = (atomic64_t *)&own->state,
		.lost = (atomic64_t *)&own->lost,
		.rate = own->rate,
	};
	struct vsw_packet_in packet = {
		.table = table,
		.reason = VSWITCH_PACKET_IN_REASON_ACTION,
		.cookie = cookie,
		.max_len = action->value,
		.userdata = own->userdata,
		.userdata_len = action->small,
	};

	return tell_listeners(in, skb, &packet, &teller);
}

bool vsw_packet_in_miss(const struct vsw_port *in, const struct sk_buff *skb, u8 table)
{
	struct vsw_net *vn = vsw_net(dev_net(in->sw->dev));
	const struct teller teller = {
		.state = &vn->misses_rate,
		.lost = &vn->misses_lost,
		.rate = MISSES_A_SECOND,
	};
	struct vsw_packet_in packet = {
		.table = table,
		.reason = VSWITCH_PACKET_IN_REASON_MISS,
		.max_len = U16_MAX,
	};

	return tell_listeners(in, skb, &packet, &teller);
}
