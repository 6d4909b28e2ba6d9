// SPDX-License-Identifier: GPL-2.0
/*
 * How vsw's transport takes what a kernel may answer, with a kernel made of
 * prepared answers in place of the socket: interrupted dumps, errors with and
 * without a sentence, lost, late and damaged messages.
 *
 *   cli_transport
 *
 * Says what is wrong; exit status 1 if anything was.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libmnl/libmnl.h>
#include <linux/genetlink.h>

#include "lib/module.h"
#include "lib/nl.h"
#include "lib/nl_router.h"
#include "lib/status.h"

#define FAMILY	29
#define PORTID	4711
#define LATE	1	/* answers the request before this one */

/* ---- the kernel --------------------------------------------------------- */

struct answer {
	int error;		/* recv fails with this errno; 0: there is data */
	size_t len;
	char data[1024];
};

static struct answer answers[64];
static size_t n_answers, next_answer;
static unsigned int requests, module_loads;
static const char *module_name = "vswitch";
static struct nlmsghdr *open_message;
static uint32_t seq;
static int failures;

struct mnl_socket *mnl_socket_open2(int bus, int flags)
{
	(void)bus;
	(void)flags;
	return (struct mnl_socket *)answers;
}

int mnl_socket_bind(struct mnl_socket *nl, unsigned int groups, pid_t pid)
{
	(void)nl;
	(void)groups;
	(void)pid;
	return 0;
}

int mnl_socket_setsockopt(const struct mnl_socket *nl, int type, void *buf, socklen_t len)
{
	(void)nl;
	(void)type;
	(void)buf;
	(void)len;
	return 0;
}

int mnl_socket_get_fd(const struct mnl_socket *nl)
{
	(void)nl;
	return -1;
}

unsigned int mnl_socket_get_portid(const struct mnl_socket *nl)
{
	(void)nl;
	return PORTID;
}

int mnl_socket_close(struct mnl_socket *nl)
{
	(void)nl;
	return 0;
}

/* The answers were written before the number of the request was known. */
ssize_t mnl_socket_sendto(const struct mnl_socket *nl, const void *buf, size_t len)
{
	(void)nl;
	seq = ((const struct nlmsghdr *)buf)->nlmsg_seq;
	requests++;
	return len;
}

ssize_t mnl_socket_recvfrom(const struct mnl_socket *nl, void *buf, size_t size)
{
	struct answer *a = &answers[next_answer];
	struct nlmsghdr *nlh = buf;
	int rest = a->len;

	(void)nl;
	if (next_answer == n_answers) {
		errno = EIO;
		return -1;
	}
	next_answer++;
	if (a->error || a->len > size) {
		errno = a->error ? a->error : ENOSPC;
		return -1;
	}
	memcpy(buf, a->data, a->len);
	for (; mnl_nlmsg_ok(nlh, rest); nlh = mnl_nlmsg_next(nlh, &rest)) {
		nlh->nlmsg_seq = nlh->nlmsg_seq == LATE ? seq - 1 : seq;
		nlh->nlmsg_pid = PORTID;
	}
	return a->len;
}

int module_load(const char *name)
{
	if (strcmp(name, module_name))
		failures++;
	module_loads++;
	return -1;
}

/* ---- its answers -------------------------------------------------------- */

static void forget_answers(void)
{
	n_answers = 0;
	next_answer = 0;
}

static struct nlmsghdr *message(uint16_t type, uint16_t flags)
{
	struct answer *a = &answers[n_answers++];

	memset(a, 0, sizeof(*a));
	open_message = mnl_nlmsg_put_header(a->data);
	open_message->nlmsg_type = type;
	open_message->nlmsg_flags = flags;
	return open_message;
}

/* What was appended to the last message counts from now on. */
static void ready(void)
{
	answers[n_answers - 1].len = open_message->nlmsg_len;
}

static void object(uint8_t cmd, uint16_t flags)
{
	struct genlmsghdr *genl;

	message(FAMILY, flags);
	genl = mnl_nlmsg_put_extra_header(open_message, sizeof(*genl));
	genl->cmd = cmd;
}

static void a_switch(const char *name, uint16_t flags)
{
	object(VSWITCH_CMD_SWITCH_GET, flags);
	mnl_attr_put_strz(open_message, VSWITCH_A_SWITCH_NAME, name);
	ready();
}

static void done(int code, uint16_t flags)
{
	message(NLMSG_DONE, flags);
	*(int *)mnl_nlmsg_put_extra_header(open_message, sizeof(int)) = code;
	ready();
}

/* Attributes of the extack may follow, with ready() behind. */
static void error(int code, uint16_t flags)
{
	struct nlmsgerr *e;

	message(NLMSG_ERROR, flags | NLM_F_CAPPED);
	e = mnl_nlmsg_put_extra_header(open_message, sizeof(*e));
	e->error = code;
	ready();
}

static void recv_fails(int errnum)
{
	answers[n_answers++] = (struct answer){ .error = errnum };
}

static void family(void)
{
	struct nlattr *groups, *group;

	message(GENL_ID_CTRL, 0);
	mnl_nlmsg_put_extra_header(open_message, sizeof(struct genlmsghdr));
	mnl_attr_put_u16(open_message, CTRL_ATTR_FAMILY_ID, FAMILY);
	groups = mnl_attr_nest_start(open_message, CTRL_ATTR_MCAST_GROUPS);
	group = mnl_attr_nest_start(open_message, 1);
	mnl_attr_put_strz(open_message, CTRL_ATTR_MCAST_GRP_NAME, VSWITCH_MCGRP_SWITCH);
	mnl_attr_put_u32(open_message, CTRL_ATTR_MCAST_GRP_ID, 7);
	mnl_attr_nest_end(open_message, group);
	mnl_attr_nest_end(open_message, groups);
	ready();
	error(0, 0);
}

/* ---- checks ------------------------------------------------------------- */

static const char *scene;

static void expect(bool ok, const char *what)
{
	if (ok)
		return;
	printf("%s: %s\n", scene, what);
	failures++;
}

static void expect_text(const char *got, const char *wanted)
{
	if (!strcmp(got, wanted))
		return;
	printf("%s: got '%s', expected '%s'\n", scene, got, wanted);
	failures++;
}

static struct vsw_nl *begin(const char *name)
{
	struct err err = ERR_INIT;
	struct vsw_nl *nl;

	scene = name;
	forget_answers();
	family();
	nl = vsw_nl_open(&err);
	expect(nl, "the socket did not open");
	if (!nl)
		exit(1);
	forget_answers();
	requests = 0;
	return nl;
}

static void end(struct vsw_nl *nl)
{
	expect(next_answer == n_answers, "answers were left unread");
	vsw_nl_close(nl);
}

static const char *name_at(const struct list *list, size_t i)
{
	const struct vsw_switch *sw = list_at(list, &kind_switch, i);

	return i < list->n ? sw->name : "nothing";
}

/* ---- scenes ------------------------------------------------------------- */

static void interrupted_once(void)
{
	struct vsw_nl *nl = begin("a dump interrupted once");
	struct err err = ERR_INIT;
	struct list list = {};

	a_switch("old", NLM_F_MULTI);
	a_switch("older", NLM_F_MULTI | NLM_F_DUMP_INTR);
	done(0, NLM_F_MULTI);
	a_switch("new", NLM_F_MULTI);
	done(0, NLM_F_MULTI);
	expect(vsw_nl_switch_dump(nl, &list, &err) == 0, "it is not the second try's");
	expect(requests == 2, "it was not asked for twice");
	expect(list.n == 1, "the first try's objects are in it");
	expect_text(name_at(&list, 0), "new");
	list_free(&list, &kind_switch);
	end(nl);
}

static void interrupted_always(void)
{
	struct vsw_nl *nl = begin("a dump interrupted always");
	struct err err = ERR_INIT;
	struct list list = {};
	int i;

	for (i = 0; i < 5; i++) {
		a_switch("vs0", NLM_F_MULTI);
		done(0, NLM_F_MULTI | NLM_F_DUMP_INTR);
	}
	expect(vsw_nl_switch_dump(nl, &list, &err) == 1, "it does not say so");
	expect(requests == 5, "it was not asked for 5 times");
	expect(list.n == 1, "the last try is not there");
	list_free(&list, &kind_switch);
	end(nl);
}

static void dump_fails_late(void)
{
	struct vsw_nl *nl = begin("a dump that fails in its middle");
	struct err err = ERR_INIT;
	struct list list = {};

	a_switch("vs0", NLM_F_MULTI);
	done(-ENODEV, NLM_F_MULTI | NLM_F_ACK_TLVS);
	mnl_attr_put_strz(open_message, NLMSGERR_ATTR_MSG, "it went away.");
	ready();
	expect(vsw_nl_switch_dump(nl, &list, &err) == -1, "it is taken for whole");
	expect(!list.n && !list.items, "objects are left");
	expect(err.status == STATUS_REFUSED && err.errnum == ENODEV, "wrong status");
	expect_text(err.msg, "it went away");
	end(nl);
}

static void lost(void)
{
	struct vsw_nl *nl = begin("an answer that is lost");
	struct vsw_switch sw = {};
	struct err err = ERR_INIT;

	recv_fails(ENOBUFS);
	expect(vsw_nl_switch_get(nl, &sw, &sw, &err) == -1, "it is taken for success");
	expect(err.status == STATUS_SYSTEM && err.errnum == 0, "wrong status");
	end(nl);
}

static void late(void)
{
	struct vsw_nl *nl = begin("answers to an earlier request, and signals");
	struct vsw_switch req = {}, sw = {};
	struct err err = ERR_INIT;

	recv_fails(EINTR);
	a_switch("old", 0);
	open_message->nlmsg_seq = LATE;
	error(-EPERM, 0);
	open_message->nlmsg_seq = LATE;
	a_switch("new", 0);
	recv_fails(EINTR);
	error(0, 0);
	expect(vsw_nl_switch_get(nl, &req, &sw, &err) == 0, err.msg);
	expect_text(sw.name, "new");
	end(nl);
}

/* The request is a name of 4 bytes, 8 with its header, and then the MTU. */
static void sentence(void)
{
	const struct vsw_switch req = {
		.has = HAS(VSWITCH_A_SWITCH_NAME) | HAS(VSWITCH_A_SWITCH_MTU),
		.name = "vs0",
		.mtu = 5,
	};
	struct vsw_nl *nl = begin("a refusal that is explained");
	struct err err = ERR_INIT;
	struct nlattr *policy;

	error(-ERANGE, NLM_F_ACK_TLVS);
	mnl_attr_put_strz(open_message, NLMSGERR_ATTR_MSG, "out of range");
	mnl_attr_put_u32(open_message, NLMSGERR_ATTR_OFFS, NLMSG_HDRLEN + GENL_HDRLEN + 8);
	policy = mnl_attr_nest_start(open_message, NLMSGERR_ATTR_POLICY);
	mnl_attr_put_u64(open_message, NL_POLICY_TYPE_ATTR_MIN_VALUE_U, 68);
	mnl_attr_put_u64(open_message, NL_POLICY_TYPE_ATTR_MAX_VALUE_U, 65535);
	mnl_attr_nest_end(open_message, policy);
	ready();
	expect(vsw_nl_switch_set(nl, &req, &err) == -1, "it is taken for success");
	expect_text(err.msg, "out of range (attribute 'mtu', 68 to 65535 bytes)");
	expect(err.status == STATUS_REFUSED && err.errnum == ERANGE, "wrong status");

	error(-EINVAL, NLM_F_ACK_TLVS);
	mnl_attr_put_u32(open_message, NLMSGERR_ATTR_MISS_TYPE, VSWITCH_A_SWITCH_IFINDEX);
	ready();
	vsw_nl_switch_set(nl, &req, &err);
	expect_text(err.msg, "Invalid argument (missing attribute 'ifindex')");

	/* no sentence, and an offset beyond the request */
	error(-EPERM, NLM_F_ACK_TLVS);
	mnl_attr_put_u32(open_message, NLMSGERR_ATTR_OFFS, 100000);
	ready();
	vsw_nl_switch_set(nl, &req, &err);
	expect_text(err.msg, "Operation not permitted");

	error(-EOPNOTSUPP, 0);
	vsw_nl_switch_set(nl, &req, &err);
	expect(strstr(err.msg, "older than vsw"), "nothing about an older module");
	end(nl);
}

static void damaged(void)
{
	struct vsw_nl *nl = begin("a value of the wrong size, an unknown attribute");
	struct vsw_switch req = {}, sw = {};
	struct err err = ERR_INIT;

	object(VSWITCH_CMD_SWITCH_GET, 0);
	mnl_attr_put_u16(open_message, VSWITCH_A_SWITCH_MTU, 1500);
	ready();
	expect(vsw_nl_switch_get(nl, &req, &sw, &err) == -1, "the value is taken");
	expect(err.status == STATUS_SYSTEM, "wrong status");
	expect(strstr(err.msg, "'mtu' of the switch"), err.msg);

	object(VSWITCH_CMD_SWITCH_GET, 0);
	mnl_attr_put(open_message, VSWITCH_A_SWITCH_NAME, 3, "vs0");
	ready();
	expect(vsw_nl_switch_get(nl, &req, &sw, &err) == -1, "a name without an end is taken");
	expect(strstr(err.msg, "'name' of the switch"), err.msg);

	object(VSWITCH_CMD_SWITCH_GET, 0);
	mnl_attr_put_u16(open_message, 99, 1);
	mnl_attr_put_strz(open_message, VSWITCH_A_SWITCH_NAME, "vs0");
	ready();
	error(0, 0);
	expect(vsw_nl_switch_get(nl, &req, &sw, &err) == 0, "an unknown attribute is refused");
	expect_text(sw.name, "vs0");
	end(nl);
}

/* The rest of it must not be in the way of the next. */
static void damaged_dump(void)
{
	struct vsw_nl *nl = begin("a dump with a damaged message");
	struct err err = ERR_INIT;
	struct list list = {};

	object(VSWITCH_CMD_SWITCH_GET, NLM_F_MULTI);
	mnl_attr_put_u16(open_message, VSWITCH_A_SWITCH_MTU, 1500);
	ready();
	a_switch("vs1", NLM_F_MULTI);
	done(0, NLM_F_MULTI);
	expect(vsw_nl_switch_dump(nl, &list, &err) == -1, "it is taken for whole");
	expect(err.status == STATUS_SYSTEM && !list.n, "wrong status, or objects are left");
	expect(strstr(err.msg, "'mtu' of the switch"), err.msg);
	expect(next_answer == n_answers, "the rest of it was not read");
	end(nl);
}

static char heard[256];

static int hear(const struct vsw_nl_event *event, void *arg, struct err *err)
{
	(void)arg;
	(void)err;
	strcat(heard, event->name);
	if (event->kind == &kind_switch)
		strcat(heard, ((const struct vsw_switch *)event->object)->name);
	strcat(heard, " ");
	return 0;
}

static void events(void)
{
	struct vsw_nl *nl = begin("events");
	struct err err = ERR_INIT;

	object(VSWITCH_CMD_SWITCH_NEW_NTF, 0);
	mnl_attr_put_strz(open_message, VSWITCH_A_SWITCH_NAME, "vs0");
	ready();
	recv_fails(EINTR);
	recv_fails(ENOBUFS);
	object(250, 0);
	ready();
	object(VSWITCH_CMD_SWITCH_DEL_NTF, 0);
	mnl_attr_put_strz(open_message, VSWITCH_A_SWITCH_NAME, "vs1");
	ready();
	expect(vsw_nl_listen(nl, NL_GROUP_SWITCH, hear, NULL, &err) == -1, "the end is no error");
	expect_text(heard, "switch-newvs0 lost switch-delvs1 ");
	expect(vsw_nl_listen(nl, NL_GROUP_FDB, hear, NULL, &err) == -1 &&
	       strstr(err.msg, "group 'fdb'"), "a group that is not there is listened to");
	end(nl);
}

static void module_missing(void)
{
	struct err err = ERR_INIT;

	scene = "a kernel without the family";
	forget_answers();
	error(-ENOENT, 0);
	expect(!vsw_nl_open(&err), "the socket opened");
	expect(module_loads == 1, "the module was not asked for, once");
	expect(err.status == STATUS_NO_MODULE, "wrong status");
}

static void other_module_missing(void)
{
	struct err err = ERR_INIT;

	scene = "a kernel without the router's family";
	forget_answers();
	error(-ENOENT, 0);
	module_name = "vrouter";
	module_loads = 0;
	expect(!vsw_nl_open_router(&err), "the socket opened");
	expect(module_loads == 1, "the module was not asked for, once");
	expect(err.status == STATUS_NO_MODULE && strstr(err.msg, "'modprobe vrouter'"),
	       "another module is missing");
}

int main(void)
{
	interrupted_once();
	interrupted_always();
	dump_fails_late();
	lost();
	late();
	sentence();
	damaged();
	damaged_dump();
	events();
	module_missing();
	other_module_missing();
	return failures ? 1 : 0;
}
