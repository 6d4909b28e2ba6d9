// SPDX-License-Identifier: GPL-2.0
/*
 * One after the other, as often as the weights say: in so many turns as the sum of the
 * weights is, without their common divisor, each has exactly its weight.
 *
 * The order is worked out beforehand, so that a turn is one counter and one look. If the
 * sum is small, it is a table that is as even as can be. If it is not, turn n is at
 * n * step of all weights one behind the other, modulo their sum: with a step that has no
 * divisor in common with the sum each place has its turn once, and with one that is near
 * the golden section of the sum the places of one backend are far from each other.
 */
#include <linux/gcd.h>
#include <linux/math64.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/slab.h>

#include "sched.h"

/* The longest table, and how many steps are looked at. */
#define TABLE_MAX	8192
#define STEPS		128

struct order {
	u32 sum;			/* of the weights without the divisor */
	u32 divisor;
	u32 step;			/* 0: there is a table */
	u16 table[];
};

/*
 * Each turn all get their weight, and who has most by then pays for the turn with the sum:
 * nobody is ever a whole turn ahead.
 */
static int fill(const struct vrt_pool *pool, struct order *order)
{
	s32 *credit = kvcalloc(pool->count, sizeof(*credit), GFP_KERNEL);
	u32 turn, i, best;

	if (!credit)
		return -ENOMEM;
	for (turn = 0; turn < order->sum; turn++) {
		best = 0;
		for (i = 0; i < pool->count; i++) {
			credit[i] += pool->candidate[i].weight / order->divisor;
			if (credit[i] > credit[best])
				best = i;
		}
		credit[best] -= order->sum;
		order->table[turn] = best;
		cond_resched();
	}
	kvfree(credit);
	return 0;
}

/* Sum of the partial quotients of @a / @b: the smaller, the more even are its multiples. */
static u32 unevenness(u32 a, u32 b)
{
	u32 sum = 0, rest;

	while (b) {
		sum += a / b;
		rest = a % b;
		a = b;
		b = rest;
	}
	return sum;
}

static u32 best_step(u32 sum)
{
	u32 i, step, first, uneven, best = 1, least = U32_MAX;

	first = div_u64((u64)sum * 618034, 1000000) - STEPS / 2;
	for (i = 0; i < STEPS; i++) {
		step = first + i;
		if (gcd(step, sum) != 1)
			continue;
		uneven = unevenness(sum, step);
		if (uneven < least) {
			least = uneven;
			best = step;
		}
	}
	return best;
}

static int build(struct vrt_pool *pool)
{
	struct order *order;
	u32 i, sum, divisor = 0;

	for (i = 0; i < pool->count; i++)
		divisor = gcd(divisor, pool->candidate[i].weight);
	sum = vrt_pool_weights(pool) / divisor;
	order = kvzalloc(struct_size(order, table, sum <= TABLE_MAX ? sum : 0),
			 GFP_KERNEL_ACCOUNT);
	if (!order)
		return -ENOMEM;
	pool->table = order;
	order->sum = sum;
	order->divisor = divisor;
	if (sum <= TABLE_MAX)
		return fill(pool, order);
	order->step = best_step(sum);
	return 0;
}

static u32 choose(struct vrt_pool *pool, u64 hash, unsigned int attempt)
{
	const struct order *order = pool->table;
	u32 turn, at;

	div_u64_rem(vrt_pool_turn(pool), order->sum, &turn);
	if (!order->step)
		return order->table[turn];
	div_u64_rem((u64)turn * order->step, order->sum, &at);
	return vrt_pool_at(pool, at * order->divisor);
}

const struct vrt_scheduler vrt_sched_wrr = {
	.weighted = true,
	.build = build,
	.choose = choose,
};
