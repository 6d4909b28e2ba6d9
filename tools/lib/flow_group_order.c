// SPDX-License-Identifier: GPL-2.0
/* Groups in an order in which they can be added: a bucket can only name what is there. */
#include <stdlib.h>

#include "flow.h"

struct node {
	const struct vsw_group *group;
	size_t at;			/* its place in the list */
	bool begun;			/* it is in the order, or waits for those it names */
	size_t bucket, action;		/* how far these were looked at */
};

/* A walk without recursion: chains may be as long as there are groups. */
struct walk {
	struct node *nodes;		/* owned; by rising id */
	struct node **by_place;		/* owned */
	struct node **waiting;		/* owned; a stack */
	size_t n, n_waiting;
	size_t *order;			/* the caller's */
	size_t n_order;
};

static int by_id(const void *one, const void *other)
{
	const struct node *a = one, *b = other;

	return (a->group->id > b->group->id) - (a->group->id < b->group->id) ?:
	       (a->at > b->at) - (a->at < b->at);
}

static int compare_id(const void *key, const void *other)
{
	uint32_t id = *(const uint32_t *)key;
	const struct node *node = other;

	return (id > node->group->id) - (id < node->group->id);
}

/* The next one that it names and that was not begun; NULL: no more. */
static struct node *next_named(const struct walk *walk, struct node *node)
{
	const struct flow_buckets *buckets = &node->group->buckets;
	const struct flow_actions *actions;
	const struct flow_action *action;
	struct node *named;

	for (; node->bucket < buckets->n; node->bucket++, node->action = 0) {
		actions = &buckets->bucket[node->bucket].actions;
		while (node->action < actions->n) {
			action = &actions->action[node->action++];
			if (action->type != VSWITCH_A_ACTION_GROUP)
				continue;
			named = bsearch(&action->number, walk->nodes, walk->n,
					sizeof(*walk->nodes), compare_id);
			if (named && !named->begun)
				return named;
		}
	}
	return NULL;
}

static void begin(struct walk *walk, struct node *node)
{
	node->begun = true;
	walk->waiting[walk->n_waiting++] = node;
}

/* What it leads to, then itself. In a circle, which the kernel refuses, some comes first. */
static void visit(struct walk *walk, struct node *node)
{
	struct node *named;

	if (node->begun)
		return;
	begin(walk, node);
	while (walk->n_waiting) {
		node = walk->waiting[walk->n_waiting - 1];
		named = next_named(walk, node);
		if (named) {
			begin(walk, named);
			continue;
		}
		walk->order[walk->n_order++] = node->at;
		walk->n_waiting--;
	}
}

static bool walk_alloc(struct walk *walk, size_t n)
{
	walk->n = n;
	walk->nodes = calloc(n + 1, sizeof(*walk->nodes));
	walk->by_place = calloc(n + 1, sizeof(*walk->by_place));
	walk->waiting = calloc(n + 1, sizeof(*walk->waiting));
	walk->order = calloc(n + 1, sizeof(*walk->order));
	return walk->nodes && walk->by_place && walk->waiting && walk->order;
}

static void visit_all(struct walk *walk, const struct list *groups)
{
	size_t i;

	for (i = 0; i < walk->n; i++)
		walk->nodes[i] = (struct node){
			.group = list_at(groups, &kind_group, i), .at = i
		};
	qsort(walk->nodes, walk->n, sizeof(*walk->nodes), by_id);
	for (i = 0; i < walk->n; i++)
		walk->by_place[walk->nodes[i].at] = &walk->nodes[i];
	for (i = 0; i < walk->n; i++)
		visit(walk, walk->by_place[i]);
}

size_t *flow_group_order(const struct list *groups)
{
	struct walk walk = {};

	if (walk_alloc(&walk, groups->n)) {
		visit_all(&walk, groups);
	} else {
		free(walk.order);
		walk.order = NULL;
	}
	free(walk.nodes);
	free(walk.by_place);
	free(walk.waiting);
	return walk.order;
}
