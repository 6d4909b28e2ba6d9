// SPDX-License-Identifier: GPL-2.0
/*
 * Where a packet goes on when a program is over: behind the resubmit by which it came
 * there, with the next bucket of a group, or behind the group or a ct. All of this is in an array
 * and not on the stack, which could not have that much.
 */
#include "run.h"

static_assert(hweight32(VSW_KEY_MAP_STATE) == VSW_RUN_STATE_WORDS);

/* Go on here later, with @depth then, with what there is then. NULL: it is too deep. */
struct vsw_step *vsw_run_push(struct vsw_runs *runs, struct vsw_run *run, u8 depth)
{
	struct vsw_step *step;

	if (unlikely(runs->steps >= VSW_RUN_STEPS))
		return NULL;
	step = &runs->step[runs->steps++];
	step->next = run->next;
	step->end = run->end;
	step->flow = run->flow;
	step->table = run->table;
	step->depth = depth;
	step->skb = NULL;
	return step;
}

static void pop(struct vsw_runs *runs, struct vsw_run *run, const struct vsw_step *step)
{
	runs->steps--;
	run->next = step->next;
	run->end = step->end;
	run->flow = step->flow;
	run->table = step->table;
	run->depth = step->depth;
}

static void save_state(const struct vsw_run *run, struct vsw_step *step)
{
	unsigned long words = VSW_KEY_MAP_STATE;
	unsigned int i = 0, word;

	if (run->map & VSW_KEY_MAP_TUNNEL)
		words |= VSW_KEY_MAP_TUNNEL;
	step->kept = words;
	for_each_set_bit(word, &words, VSW_KEY_WORDS)
		step->state[i++] = run->key.word[word];
	step->in_port = run->key.in_port;
	step->ct_state = run->key.ct_state;
	step->ct_mark = run->key.ct_mark;
}

/* run->skb is what it was before a bucket may have changed it; now the key is, too. */
static void restore_key(struct vsw_run *run, const struct vsw_step *step)
{
	unsigned long words = step->kept;
	unsigned int i = 0, word;

	vsw_key_extract(&run->key, &run->layout, run->in, run->skb, run->map);
	for_each_set_bit(word, &words, VSW_KEY_WORDS)
		run->key.word[word] = step->state[i++];
	run->key.in_port = step->in_port;
	run->key.ct_state = step->ct_state;
	run->key.ct_mark = step->ct_mark;
	if (!run->key.ct_gathered)
		run->mru = 0;
}

/*
 * Whether nobody sees what becomes of the packet when the program at @next is over: there
 * is no more to do, or what there is to do is done with what it was before a group. The
 * steps above number @steps are not asked.
 */
static bool is_last(const struct vsw_runs *runs, const struct vsw_run *run,
		    const struct vsw_action *next, const struct vsw_action *end, u32 steps)
{
	return next == end && (steps == run->first_step || runs->step[steps - 1].skb);
}

static void run_bucket(struct vsw_run *run, const struct vsw_bucket *bucket)
{
	vsw_bucket_hit(bucket, run->skb->len + ETH_HLEN);
	vsw_run_program(run, vsw_bucket_actions(bucket));
}

/* Too much is to be done: with all that there is of the packet nothing is. */
static void give_up_all(struct vsw_runs *runs, struct vsw_run *run)
{
	const struct vsw_step *step;

	while (runs->steps > run->first_step) {
		step = &runs->step[--runs->steps];
		if (step->skb)
			consume_skb(step->skb);
	}
}

/* The packet is gone, or the copy that a bucket or a table got: no more is done with that. */
void vsw_run_lose(struct vsw_runs *runs, struct vsw_run *run)
{
	run->skb = NULL;
	run->output = VSW_RUN_NO_PORT;
	run->settled = true;
	run->next = run->end;
	while (runs->steps > run->first_step && !runs->step[runs->steps - 1].skb)
		runs->steps--;
}

/*
 * The packet is dropped, or the copy that a bucket got: nothing more is done with that one.
 */
void vsw_run_give_up(struct vsw_runs *runs, struct vsw_run *run, enum vsw_drop reason)
{
	vsw_drop(run->in, run->skb, reason);
	vsw_run_lose(runs, run);
	if (reason == VSW_DROP_FLOW_LOOP)
		give_up_all(runs, run);
}

/* A copy for the next bucket of @step; the last one gets the packet, if nobody else does. */
static void take_packet(struct vsw_runs *runs, struct vsw_run *run, struct vsw_step *step)
{
	if (!step->bucket && is_last(runs, run, step->next, step->end, runs->steps - 1)) {
		run->skb = step->skb;
		runs->steps--;
		return;
	}
	runs->copies++;
	run->skb = skb_clone(step->skb, GFP_ATOMIC);
	if (unlikely(!run->skb)) {
		run->settled = true;
		vsw_count_drop(run->in, VSW_DROP_NO_MEMORY, step->skb->protocol,
			       vsw_frame_len(step->skb));
	}
}

/* False: there is no other bucket. @step may be none any more. */
static bool next_bucket(struct vsw_runs *runs, struct vsw_run *run, struct vsw_step *step)
{
	const struct vsw_group *group = step->group;
	const struct vsw_bucket *bucket = step->bucket;
	bool is_all;

	if (!bucket)
		return false;
	if (unlikely(runs->copies >= VSW_RUN_COPIES)) {
		run->skb = step->skb;
		runs->steps--;
		vsw_run_give_up(runs, run, VSW_DROP_FLOW_LOOP);
		return true;
	}
	is_all = vsw_group_type(group) == VSWITCH_GROUP_TYPE_ALL;
	step->bucket = is_all ? vsw_group_select(group, run->in->sw, &run->key, &step->i) :
				NULL;
	take_packet(runs, run, step);
	run->next = run->end;
	if (unlikely(!run->skb))
		return true;
	if (step->was_left)
		restore_key(run, step);
	step->was_left = true;
	run_bucket(run, bucket);
	return true;
}

/* The packet goes through a group, and what its buckets do with it is theirs alone. */
enum vsw_drop vsw_run_group(struct vsw_runs *runs, struct vsw_run *run, u32 id)
{
	const struct vsw_group *group = vsw_group_find(run->view->flows, id);
	const struct vsw_bucket *bucket;
	struct vsw_step *step;
	u32 i = 0;

	if (unlikely(run->depth >= VSWITCH_FLOW_DEPTH_MAX))
		return VSW_DROP_FLOW_LOOP;
	if (group) {
		vsw_run_fetch(run, vsw_group_map(group));
		bucket = vsw_group_select(group, run->in->sw, &run->key, &i);
	}
	if (unlikely(!group || !bucket)) {
		run->why = VSW_DROP_FLOW_NO_BUCKET;
		return VSW_DROP_COUNT;
	}
	vsw_group_hit(group, run->skb->len + ETH_HLEN);
	if (vsw_group_type(group) != VSWITCH_GROUP_TYPE_ALL &&
	    is_last(runs, run, run->next, run->end, runs->steps)) {
		run->depth++;
		run_bucket(run, bucket);
		return VSW_DROP_COUNT;
	}
	step = vsw_run_push(runs, run, run->depth);
	if (unlikely(!step))
		return VSW_DROP_FLOW_LOOP;
	run->depth++;
	step->group = group;
	step->bucket = bucket;
	step->i = i;
	step->skb = run->skb;
	step->was_left = false;
	save_state(run, step);
	next_bucket(runs, run, step);
	return VSW_DROP_COUNT;
}

/*
 * What comes next is done with a copy of the packet, and what follows with the packet as it
 * is now; with the packet itself if nobody would see what becomes of it. VSW_DROP_COUNT, or
 * why not.
 */
enum vsw_drop vsw_run_branch(struct vsw_runs *runs, struct vsw_run *run)
{
	struct vsw_step *step;
	struct sk_buff *copy;

	if (is_last(runs, run, run->next, run->end, runs->steps))
		return VSW_DROP_COUNT;
	if (unlikely(runs->copies >= VSW_RUN_COPIES))
		return VSW_DROP_FLOW_LOOP;
	runs->copies++;
	copy = skb_clone(run->skb, GFP_ATOMIC);
	if (unlikely(!copy))
		return VSW_DROP_NO_MEMORY;
	step = vsw_run_push(runs, run, run->depth);
	if (unlikely(!step)) {
		consume_skb(copy);
		return VSW_DROP_FLOW_LOOP;
	}
	step->group = NULL;
	step->bucket = NULL;
	step->skb = run->skb;
	save_state(run, step);
	run->skb = copy;
	run->next = run->end;
	return VSW_DROP_COUNT;
}

/* A program is over. False: there is nothing more to do with the packet. */
bool vsw_run_go_on(struct vsw_runs *runs, struct vsw_run *run)
{
	struct vsw_step *step;

	while (runs->steps > run->first_step) {
		step = &runs->step[runs->steps - 1];
		if (step->skb) {
			vsw_run_end_copy(run);
			if (next_bucket(runs, run, step))
				return true;
			run->skb = step->skb;
			restore_key(run, step);
		}
		pop(runs, run, step);
		if (run->next < run->end)
			return true;
	}
	return false;
}
