// SPDX-License-Identifier: GPL-2.0
/*
 * What reports and leaves make of a port's membership, and what time makes of it:
 * the router's side of RFC 3376 6 and RFC 3810 7, for each port as if it were a
 * link. A host of an earlier version says the same in fewer words: a report
 * is IS_EX({}), a leave TO_IN({}) (RFC 3376 7.3.2).
 */
#include <kunit/visibility.h>

#include "vswitch.h"

/* Records of a report that are looked at before others may have the lock. */
#define RECORDS_AT_ONCE	64

/* What one record says: of the group of @key, by what came in by @port. */
struct statement {
	struct vsw_port *port;
	struct vsw_mcast_key key;
	u8 type;			/* enum vsw_mcast_record_type */
	u8 old_version;			/* of a host that has no sources, or 0 */
	const struct sk_buff *skb;
	unsigned int at;		/* of the sources */
	u16 count;
};

static const struct vsw_mcast_config *config_of(const struct vsw_port *port)
{
	return &port->sw->mcast.config;
}

/* For how long a report is good (RFC 3376 8.4). */
static unsigned long membership_end(const struct vsw_port *port)
{
	return jiffies + msecs_to_jiffies(config_of(port)->membership_interval);
}

/* In how long nobody who was asked is nobody who wants it (RFC 3376 8.10). */
static unsigned long last_member_end(const struct vsw_port *port)
{
	const struct vsw_mcast_config *config = config_of(port);

	return jiffies + msecs_to_jiffies(config->last_member_interval) *
			 config->last_member_count;
}

static void run(struct vsw_mcast_source *source, unsigned long expires)
{
	WRITE_ONCE(source->expires, expires);
	WRITE_ONCE(source->running, true);
	source->fresh = false;
	source->queries = 0;
}

static void lower(unsigned long *expires, unsigned long to)
{
	if (time_before(to, *expires))
		WRITE_ONCE(*expires, to);
}

/* Whether queries are ours to send in the VLAN of @member. */
static bool we_ask(const struct vsw_mcast_member *member)
{
	const struct vsw_mcast_key *key = &member->group->key;

	return vsw_mcast_is_querier(member->port->sw, key->vid, vsw_mcast_family(&key->group));
}

/*
 * Ask who still wants @source. If the port's one host is known to have been the only
 * one there is nobody to ask. Another querier asks itself, and we hear it do so.
 */
static void ask_source(struct vsw_mcast_member *member, struct vsw_mcast_source *source)
{
	const struct vsw_port *port = member->port;

	if (source->permanent || !source->running)
		return;
	if (port->mcast.fast_leave) {
		WRITE_ONCE(source->expires, jiffies);
	} else if (we_ask(member)) {
		source->queries = config_of(port)->last_member_count;
		member->next_query = jiffies;
		lower(&source->expires, last_member_end(port));
	}
	vsw_mcast_kick(port->sw, jiffies);
}

/* Likewise who wants all of the group. */
static void ask_group(struct vsw_mcast_member *member)
{
	const struct vsw_port *port = member->port;

	if (member->permanent || !member->exclude)
		return;
	if (port->mcast.fast_leave) {
		member->expires = jiffies;
	} else if (we_ask(member)) {
		member->queries = config_of(port)->last_member_count;
		member->next_query = jiffies;
		lower(&member->expires, last_member_end(port));
	} else {
		return;
	}
	vsw_mcast_kick(port->sw, jiffies);
}

/*
 * Mark those that the statement names. Who was not known before is fresh, the (A-X-Y)
 * of RFC 3376 6.4, and has no timer yet. False: there are too many.
 */
static bool name_sources(struct vsw_mcast_member *member, const struct statement *s)
{
	enum vsw_mcast_family family = vsw_mcast_family(&s->key.group);
	struct vsw_mcast_source *source;
	struct in6_addr address;
	unsigned int i;

	hlist_for_each_entry(source, &member->sources, node)
		source->named = false;
	for (i = 0; i < s->count; i++) {
		if (!vsw_mcast_get_source(s->skb, family, s->at, i, &address))
			return false;
		source = vsw_mcast_source_find(member, &address);
		/* Nobody wanted it anyway. */
		if (!source && s->type == VSW_MCAST_BLOCK && !member->exclude)
			continue;
		if (!source)
			source = vsw_mcast_source_add(member, &address);
		if (!source)
			return false;
		source->named = true;
	}
	return true;
}

/* IS_IN, ALLOW and TO_IN: what is named is wanted, whatever the mode is. */
static void include(struct vsw_mcast_member *member, const struct statement *s)
{
	struct vsw_mcast_source *source;

	hlist_for_each_entry(source, &member->sources, node) {
		if (source->named)
			run(source, membership_end(s->port));
		else if (s->type == VSW_MCAST_TO_INCLUDE)
			ask_source(member, source);
	}
	if (s->type == VSW_MCAST_TO_INCLUDE)
		ask_group(member);
}

/* IS_EX and TO_EX: all but what is named is wanted. What was wanted is asked about. */
static void exclude(struct vsw_mcast_member *member, const struct statement *s)
{
	unsigned long end = membership_end(s->port);
	struct vsw_mcast_source *source;
	struct hlist_node *next;

	hlist_for_each_entry_safe(source, next, &member->sources, node) {
		if (!source->named) {
			if (!source->permanent)
				vsw_mcast_source_del(member, source);
			continue;
		}
		if (source->fresh) {
			/* Who wanted all before may want it still. */
			if (!member->exclude)
				source->fresh = false;
			else if (s->type == VSW_MCAST_TO_EXCLUDE)
				run(source, member->expires);
			else
				run(source, end);
		}
		if (s->type == VSW_MCAST_TO_EXCLUDE)
			ask_source(member, source);
	}
	WRITE_ONCE(member->exclude, true);
	member->expires = end;
	member->queries = 0;
}

/* BLOCK: what is named is not wanted by one host any more. */
static void block(struct vsw_mcast_member *member)
{
	struct vsw_mcast_source *source;

	hlist_for_each_entry(source, &member->sources, node) {
		if (!source->named)
			continue;
		if (source->fresh)
			run(source, member->expires);
		ask_source(member, source);
	}
}

/*
 * A host of an earlier version hears only what it knows, and so must not be put
 * to the trouble of others' leaving (RFC 3376 7.3.2). False: nothing is left to say.
 */
static bool respect_old_hosts(struct vsw_mcast_member *member, struct statement *s)
{
	bool v6 = vsw_mcast_family(&s->key.group) == VSW_MCAST_V6;

	if (s->old_version && s->type == VSW_MCAST_IS_EXCLUDE) {
		if (!member->old_version || s->old_version <= member->old_version ||
		    time_after_eq(jiffies, member->old_until)) {
			member->old_version = s->old_version;
			member->old_until = membership_end(s->port);
		}
		return true;
	}
	if (!member->old_version || time_after_eq(jiffies, member->old_until))
		return true;
	if (s->type == VSW_MCAST_TO_EXCLUDE)
		s->count = 0;
	if (s->type == VSW_MCAST_TO_INCLUDE && !v6 && member->old_version == 1)
		return false;
	return s->type != VSW_MCAST_BLOCK;
}

/* A member that wants nothing is none. */
static bool wants_nothing(const struct vsw_mcast_member *member)
{
	return !member->exclude && hlist_empty(&member->sources);
}

/* False: it was refused, for a limit or memory. */
static bool apply(struct statement *s)
{
	struct vsw_mcast_member *member = vsw_mcast_find_member(s->port, &s->key);
	bool all_named;

	/* Who wants nothing of what he never wanted says nothing. */
	if (!member && (s->type == VSW_MCAST_BLOCK ||
			(!s->count && (s->type == VSW_MCAST_IS_INCLUDE ||
				       s->type == VSW_MCAST_TO_INCLUDE ||
				       s->type == VSW_MCAST_ALLOW))))
		return true;
	member = vsw_mcast_join(s->port, &s->key, NULL);
	if (IS_ERR(member))
		return false;
	if (member->permanent || !respect_old_hosts(member, s))
		return true;
	all_named = name_sources(member, s);
	switch (s->type) {
	case VSW_MCAST_IS_EXCLUDE:
	case VSW_MCAST_TO_EXCLUDE:
		exclude(member, s);
		break;
	case VSW_MCAST_BLOCK:
		block(member);
		break;
	default:
		include(member, s);
		/* Rather all than not what it wants. */
		if (!all_named) {
			WRITE_ONCE(member->exclude, true);
			member->expires = membership_end(s->port);
		}
		break;
	}
	/* The group is accepted all the same, and routers are to hear of it. */
	if (!all_named)
		atomic64_inc(&s->port->mcast.refused);
	if (wants_nothing(member)) {
		vsw_mcast_member_del(member);
		return true;
	}
	vsw_mcast_kick(s->port->sw, membership_end(s->port));
	if (s->port->mcast.fast_leave && vsw_mcast_expire(member, NULL))
		vsw_mcast_member_del(member);
	else
		vsw_mcast_tell(member);
	return true;
}

static void count(struct vsw_port *port, struct vsw_mcast_outcome *outcome, bool accepted)
{
	if (accepted) {
		outcome->accepted++;
		return;
	}
	outcome->refused++;
	atomic64_inc(&port->mcast.refused);
}

/* The next records; whether there are more. */
static bool apply_records(struct statement *s, struct vsw_mcast_msg *msg,
			  struct vsw_mcast_outcome *outcome)
{
	struct vsw_mcast_record record;
	int left = RECORDS_AT_ONCE;

	while (left-- && vsw_mcast_next_record(s->skb, msg, &record) > 0) {
		/* Of other types, there are none yet: to be ignored (RFC 3376 4.2.12). */
		if (record.type < VSW_MCAST_IS_INCLUDE || record.type > VSW_MCAST_BLOCK ||
		    !vsw_mcast_is_pruned(&record.group))
			continue;
		s->key.group = record.group;
		s->type = record.type;
		s->at = record.at;
		s->count = record.count;
		count(s->port, outcome, apply(s));
	}
	return left < 0 && msg->count;
}

/*
 * A report or a leave, @msg, came in by @port: how many of the groups that it is
 * about were accepted. A long report takes several calls, so that others get the
 * lock in between: true, and @msg is what is left. The lock is held.
 */
bool vsw_mcast_apply(struct vsw_port *port, u16 vid, const struct sk_buff *skb,
		     struct vsw_mcast_msg *msg, struct vsw_mcast_outcome *outcome)
{
	struct statement s = {
		.port = port,
		.key = { .group = msg->group, .vid = vid },
		.type = VSW_MCAST_IS_EXCLUDE,
		.skb = skb,
	};

	lockdep_assert_held(&port->sw->mcast.lock);

	switch (msg->kind) {
	case VSW_MCAST_IGMP_V3_REPORT:
	case VSW_MCAST_MLD_V2_REPORT:
		return apply_records(&s, msg, outcome);
	case VSW_MCAST_IGMP_LEAVE:
	case VSW_MCAST_MLD_LEAVE:
		s.type = VSW_MCAST_TO_INCLUDE;
		s.old_version = 2;
		break;
	case VSW_MCAST_IGMP_V1_REPORT:
	case VSW_MCAST_MLD_V1_REPORT:
		s.old_version = 1;
		break;
	default:
		s.old_version = 2;
		break;
	}
	if (vsw_mcast_is_pruned(&msg->group))
		count(port, outcome, apply(&s));
	return false;
}
EXPORT_SYMBOL_IF_KUNIT(vsw_mcast_apply);

/* The sources that a query is about are to be gone by @end, if nobody wants them. */
static void lower_sources(struct vsw_mcast_member *member, const struct sk_buff *skb,
			  const struct vsw_mcast_msg *msg, unsigned long end)
{
	enum vsw_mcast_family family = vsw_mcast_family(&msg->group);
	struct vsw_mcast_source *source;
	struct in6_addr address;
	unsigned int i;

	for (i = 0; i < msg->count; i++) {
		if (!vsw_mcast_get_source(skb, family, msg->at, i, &address))
			return;
		source = vsw_mcast_source_find(member, &address);
		if (source && source->running && !source->permanent)
			lower(&source->expires, end);
	}
}

/*
 * Another querier asks about one group (RFC 3376 6.6.1): who does not answer it does
 * not want it, on all ports. The lock is held.
 */
void vsw_mcast_lower(struct vsw_port *port, u16 vid, const struct sk_buff *skb,
		     const struct vsw_mcast_msg *msg)
{
	const struct vsw_mcast_key key = { .group = msg->group, .vid = vid };
	unsigned long end = jiffies + msecs_to_jiffies(msg->max_response) *
				      config_of(port)->last_member_count;
	struct vsw_mcast_group *group = vsw_mcast_find_group(port->sw, &key);
	struct vsw_mcast_member *member;

	lockdep_assert_held(&port->sw->mcast.lock);

	if (!group || msg->suppress)
		return;
	hlist_for_each_entry(member, &group->members, node) {
		if (msg->count)
			lower_sources(member, skb, msg, end);
		else if (member->exclude && !member->permanent)
			lower(&member->expires, end);
	}
	vsw_mcast_kick(port->sw, end);
}

static void note(unsigned long *due, unsigned long when)
{
	if (due && time_before(when, *due))
		*due = when;
}

/*
 * Time has passed for @member (RFC 3376 6.2.2, 6.2.3, 6.5). True: it wants nothing any
 * more, and is to be deleted. Else *@due, if it is given, is not after its next time.
 */
bool vsw_mcast_expire(struct vsw_mcast_member *member, unsigned long *due)
{
	bool was_exclude = member->exclude;
	struct vsw_mcast_source *source;
	struct hlist_node *next;

	if (member->exclude && !member->permanent) {
		if (time_after_eq(jiffies, member->expires)) {
			WRITE_ONCE(member->exclude, false);
			member->queries = 0;
			member->port->sw->mcast.generation++;
		} else {
			note(due, member->expires);
		}
	}
	if (member->old_version)
		note(due, member->old_until);
	hlist_for_each_entry_safe(source, next, &member->sources, node) {
		if (source->running && !source->permanent &&
		    time_after_eq(jiffies, source->expires)) {
			WRITE_ONCE(source->running, false);
			source->queries = 0;
		}
		/* Without a timer it is excluded, and out of EXCLUDE it is nothing. */
		if (!source->running && !member->exclude)
			vsw_mcast_source_del(member, source);
		else if (source->running && !source->permanent)
			note(due, source->expires);
	}
	if ((was_exclude && !member->exclude) || time_after_eq(jiffies, member->old_until))
		member->old_version = 0;
	return wants_nothing(member);
}
EXPORT_SYMBOL_IF_KUNIT(vsw_mcast_expire);
