// SPDX-License-Identifier: GPL-2.0
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "acl.h"

#define LOCK_USEC	10000
#define LOCK_ROUNDS	1000

static const char help[] =
"Usage: vsw acl add WHOM { in | out } { allow | deny | reject }\n"
"                   { tcp | udp | sctp | icmp | any } [ PORT[-PORT] ]\n"
"                   [ { from | to } NET ] [ switch SWITCH ] [ mac MAC ]\n"
"       vsw acl del { N [ switch SWITCH ] | RULE }\n"
"       vsw acl policy WHOM { in | out } { allow | deny } [ switch SWITCH ]\n"
"       vsw acl [ list [ WHOM ] [ switch SWITCH ] ]\n"
"       vsw acl flush [ WHOM ] [ switch SWITCH ]\n"
"WHOM := a container, or a port by its name or number\n"
"RULE := as add has it\n"
"\n"
"  Who may begin connections with a container, or it with others. Answers, and\n"
"  what belongs to a connection, pass by themselves. The first rule of those that\n"
"  fit counts. Nothing is asked until there is a rule or a policy; with the first\n"
"  rule of a direction all else becomes denied there if the rule allows, or stays\n"
"  allowed if it denies, unless a policy says otherwise.\n"
"  ARP and neighbour discovery always pass, DHCP needs a rule.\n"
"  Rules are flows of tables 0 and 200 to 203, see 'vsw flow show'.\n"
"\n"
"Examples:\n"
"  vsw acl add web in allow tcp 80 from 10.0.0.0/8\n"
"  vsw acl add web out deny any to 192.0.2.0/24\n"
"  vsw acl policy web out deny\n"
"  vsw acl del 2\n";

/* ---- changes --------------------------------------------------------------------------- */

static int there_is(const struct acl_switch *sw, const struct vsw_acl *acl, struct err *err)
{
	size_t i;

	for (i = 0; i < sw->acls.n; i++) {
		const struct vsw_acl *old = list_at(&sw->acls, &kind_acl, i);

		if (old->number && acl_equal(old, acl))
			return err_set(err, STATUS_REFUSED, "this is rule %u already",
				       old->number);
	}
	return 0;
}

static int add(struct acl_switch *sw, struct acl_words *said, struct err *err)
{
	return there_is(sw, &said->acl, err) < 0 ? -1 : acl_switch_add(sw, said, false, err);
}

static int set_policy(struct acl_switch *sw, struct acl_words *said, struct err *err)
{
	return acl_switch_add(sw, said, true, err);
}

static int delete_meant(struct acl_switch *sw, struct acl_words *said, struct err *err)
{
	size_t i;

	for (i = 0; i < sw->acls.n; i++) {
		const struct vsw_acl *acl = list_at(&sw->acls, &kind_acl, i);

		if (!acl->number || (said->number ? acl->number != said->number :
						    !acl_equal(acl, &said->acl)))
			continue;
		return acl_switch_delete(sw, acl_cookie(ACL_RULE, acl->port_number, acl->number),
					 UINT64_MAX, err);
	}
	return err_set(err, STATUS_REFUSED, "there is no such rule. See 'vsw acl list'");
}

/*
 * What is there when the switch is read has to be there still when it is written, or a number
 * is given twice. The network namespace is what is locked: it is the same file for all who
 * may change the switch, whatever else they see. Others can hold that lock too, so that it
 * is not waited for forever.
 */
static int lock(void)
{
	int fd = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC), round;

	for (round = 0; fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) < 0 && round < LOCK_ROUNDS; round++)
		usleep(LOCK_USEC);
	return fd;
}

static int change(struct vsw *vsw, char **words,
		  int (*read_words)(char **words, struct acl_words *to, struct err *err),
		  int (*write)(struct acl_switch *sw, struct acl_words *said, struct err *err),
		  struct err *err)
{
	struct acl_words said = {};
	struct acl_switch sw = {};
	int ret = read_words(words, &said, err), locked = -1;

	if (!ret) {
		locked = lock();
		ret = acl_switch_find(&sw, vsw, &said, err);
	}
	if (!ret)
		ret = write(&sw, &said, err);
	if (locked >= 0)
		close(locked);
	acl_switch_free(&sw);
	object_clear(&kind_acl, &said.acl);
	return ret;
}

static int do_add(struct vsw *vsw, char **words, struct err *err)
{
	return change(vsw, words, acl_read_rule, add, err);
}

static int do_policy(struct vsw *vsw, char **words, struct err *err)
{
	return change(vsw, words, acl_read_policy, set_policy, err);
}

static int do_delete(struct vsw *vsw, char **words, struct err *err)
{
	return change(vsw, words, acl_read_meant, delete_meant, err);
}

static int flush_all(struct vsw *vsw, const char *switch_name, struct err *err)
{
	struct list switches = {};
	struct acl_switch sw = { .vsw = vsw };
	int ret = flow_switches(vsw, switch_name, &switches, err);
	size_t i;

	for (i = 0; i < switches.n && ret >= 0; i++) {
		strcpy(sw.name, ((struct vsw_switch *)list_at(&switches, &kind_switch, i))->name);
		ret = acl_switch_delete(&sw, ACL_COOKIE, ACL_COOKIE_MASK, err);
	}
	list_free(&switches, &kind_switch);
	return ret < 0 ? -1 : 0;
}

static int do_flush(struct vsw *vsw, char **words, struct err *err)
{
	struct acl_words said = {};
	struct acl_switch sw = {};
	int ret;

	if (acl_read_target(words, &said, err) < 0)
		return -1;
	if (!said.target)
		return flush_all(vsw, said.switch_name, err);
	ret = acl_switch_find(&sw, vsw, &said, err);
	if (!ret)
		ret = acl_switch_delete(&sw, acl_cookie(ACL_FRAME, said.acl.port_number, 0),
					ACL_COOKIE_MASK | ACL_COOKIE_PORT, err);
	acl_switch_free(&sw);
	return ret;
}

/* ---- list ------------------------------------------------------------------------------ */

static int by_number(uint32_t a, uint32_t b)
{
	return (a > b) - (a < b);
}

/* The policy is asked last. */
static int by_place(const void *one, const void *other)
{
	const struct vsw_acl *a = one, *b = other;

	return strcmp(a->switch_name, b->switch_name) ?:
	       by_number(a->port_number, b->port_number) ?: strcmp(a->direction, b->direction) ?:
	       by_number(a->number - 1u, b->number - 1u);
}

/* Lines of the switch go over to the other list. */
static int move_lines(struct acl_switch *sw, const char *target, uint32_t number,
		      struct list *all, struct err *err)
{
	struct vsw_acl *acl, *line;
	size_t i;

	for (i = 0; i < sw->acls.n; i++) {
		line = list_at(&sw->acls, &kind_acl, i);
		if (target && line->port_number != number)
			continue;
		acl = list_grow(all, &kind_acl);
		if (!acl)
			return err_set(err, STATUS_SYSTEM, "out of memory");
		*acl = *line;
		memset(line, 0, sizeof(*line));
	}
	return 0;
}

static int collect(struct vsw *vsw, struct acl_words *said, struct list *all, bool *inconsistent,
		   struct err *err)
{
	struct list switches = {};
	struct acl_switch sw = {};
	int ret;
	size_t i;

	if (said->target) {
		ret = acl_switch_find(&sw, vsw, said, err);
		if (!ret)
			ret = move_lines(&sw, said->target, said->acl.port_number, all, err);
		*inconsistent = sw.inconsistent;
		acl_switch_free(&sw);
		return ret;
	}
	ret = flow_switches(vsw, said->switch_name, &switches, err);
	for (i = 0; i < switches.n && ret >= 0; i++) {
		const struct vsw_switch *one = list_at(&switches, &kind_switch, i);

		ret = acl_switch_read(&sw, vsw, one->name, err);
		if (!ret)
			ret = move_lines(&sw, NULL, 0, all, err);
		*inconsistent |= sw.inconsistent;
		acl_switch_free(&sw);
	}
	list_free(&switches, &kind_switch);
	return ret;
}

static int do_list(struct vsw *vsw, char **words, struct err *err)
{
	struct acl_words said = {};
	bool inconsistent = false;
	struct list all = {};
	int ret;

	if (acl_read_target(words, &said, err) < 0)
		return -1;
	ret = collect(vsw, &said, &all, &inconsistent, err);
	if (all.n)
		qsort(all.items, all.n, sizeof(struct vsw_acl), by_place);
	if (ret >= 0)
		ret = output_list(&vsw->out, &kind_acl, &all, err);
	list_free(&all, &kind_acl);
	return ret < 0 ? -1 : explain_dump(inconsistent, err);
}

static const struct command commands[] = {
	{ "list", do_list, false },
	{ "lst", do_list, false },
	{ "ls", do_list, false },
	{ "show", do_list, false },
	{ "add", do_add, true },
	{ "delete", do_delete, true },
	{ "flush", do_flush, true },
	{ "policy", do_policy, true },
	{}
};

const struct object object_acl = { "acl", help, commands, NULL, false };
