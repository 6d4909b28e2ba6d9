/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Operations with an allocation that fails, whatever the family: what failnth and
 * failnth_router share. Includers have the valid requests and the state of their family
 * before, and behind it restore().
 */
#ifndef SELFTESTS_FAILNTH_H
#define SELFTESTS_FAILNTH_H

#include <fcntl.h>
#include <sys/time.h>

#define MOST	5000

#define LOST	-1	/* the acknowledgement itself found no memory */

static struct nl nl, route;
static int fail_nth;
static unsigned int wrong;
static unsigned int answers;		/* of a dump, and what they were when none failed */
static unsigned int all_answers;

struct attempt {
	const char *name;
	struct nl *nl;
	struct nlmsghdr *(*build)(char *buf, unsigned int arg);
	unsigned int arg;
	int also;		/* an error that it may end with besides ENOMEM */
};

/* A command in one of the ways of its valid requests. */
#define WAY(way, cmd)	((way) << 8 | (cmd))

static struct nlmsghdr *build_genl(char *buf, unsigned int arg)
{
	return valid_request(&nl, buf, arg & 0xff, false, arg >> 8);
}

/* The first part of a dump, which is all of it. */
static struct nlmsghdr *build_dump(char *buf, unsigned int cmd)
{
	return valid_request(&nl, buf, cmd, true, 0);
}

/* Brings back the scene. */
static void restore(void);

static void set_fail_nth(unsigned int n)
{
	char text[16];
	int len = snprintf(text, sizeof(text), "%u", n);

	if (pwrite(fail_nth, text, len, 0) != len)
		err(2, "fail-nth");
}

/* Was the failure that was asked for injected? */
static bool injected(void)
{
	char text[16] = "";

	if (pread(fail_nth, text, sizeof(text) - 1, 0) < 1)
		err(2, "fail-nth");
	return !atoi(text);
}

static void count_answer(const struct nlmsghdr *nlh, void *data)
{
	(void)nlh;
	(void)data;
	answers++;
}

/* Sends with allocation @n failing. Returns 0, a positive errno, or LOST. */
static int send_failing(const struct attempt *a, unsigned int n, bool *was_injected)
{
	char buf[REQUEST_MAX];
	struct nlmsghdr *nlh = a->build(buf, a->arg);
	int error = 0;

	set_fail_nth(n);
	if (send(a->nl->fd, nlh, nlh->nlmsg_len, 0) < 0)
		error = errno;
	*was_injected = n && injected();
	set_fail_nth(0);
	if (error)
		return error;
	answers = 0;
	error = nl_receive(a->nl, nlh->nlmsg_seq, count_answer, NULL);
	/* From the socket and not from an acknowledgement. */
	if (error == ENOBUFS && !a->nl->message[0])
		return LOST;
	return error;
}

static void complain(const struct attempt *a, unsigned int n, const char *what)
{
	wrong++;
	printf("# %s, allocation %u: %s\n", a->name, n, what);
}

/* Looks at what allocation @n left. @done is the state after a success. */
static void judge(const struct attempt *a, unsigned int n, int error,
		  const struct state *before, const struct state *done)
{
	static struct state now, now_loose;
	bool unchanged, complete;

	state_take(&now, &nl, &route);
	unchanged = state_same(before, &now, false);
	state_without_indexes = true;
	state_take(&now_loose, &nl, &route);
	state_without_indexes = false;
	complete = state_same(done, &now_loose, false);

	if (!error && a->build == build_dump && answers != all_answers)
		complain(a, n, "a part of the dump is missing");
	if (!error && !complete) {
		complain(a, n, "succeeded, but not everything was done");
		state_same(done, &now_loose, true);
	} else if (error == LOST && !complete && !unchanged) {
		complain(a, n, "half of it was done");
		state_same(before, &now, true);
	} else if (error > 0 && !unchanged) {
		complain(a, n, strerror(error));
		state_same(before, &now, true);
	}
	if (error > 0 && error != ENOMEM && error != ENOBUFS && error != a->also)
		complain(a, n, strerror(error));
}

static void run_attempt(const struct attempt *a, unsigned int only)
{
	static struct state before, done;
	bool was_injected;
	unsigned int n;
	int error;

	restore();
	error = send_failing(a, 0, &was_injected);
	if (error) {
		complain(a, 0, strerror(error));
		return;
	}
	all_answers = answers;
	state_without_indexes = true;
	state_take(&done, &nl, &route);
	state_without_indexes = false;

	for (n = only ? only : 1; n < MOST; n++) {
		restore();
		state_take(&before, &nl, &route);
		error = send_failing(a, n, &was_injected);
		if (!was_injected)
			break;
		judge(a, n, error, &before, &done);
		if (only)
			return;
	}
	if (n == MOST)
		complain(a, n, "there is no end");
	else if (error)
		complain(a, n, strerror(error));
	printf("%s: %u allocations failed\n", a->name, n - 1);
}

static void be_patient(const struct nl *with)
{
	struct timeval patience = { .tv_sec = 30 };

	if (setsockopt(with->fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience)))
		err(2, "SO_RCVTIMEO");
}

/* Exits with 4 without fail-nth. */
static void begin(const char *family)
{
	fail_nth = open("/proc/thread-self/fail-nth", O_RDWR | O_CLOEXEC);
	if (fail_nth < 0)
		exit(4);
	setlinebuf(stdout);
	nl_open_family(&nl, family);
	nl_open(&route, NETLINK_ROUTE);
	be_patient(&nl);
	be_patient(&route);
}

/* [OPERATION [N]]; all without. */
static void run_attempts(const struct attempt *attempts, unsigned int n, int argc, char **argv)
{
	unsigned int i;

	for (i = 0; i < n; i++)
		if (argc < 2 || !strcmp(argv[1], attempts[i].name))
			run_attempt(&attempts[i], argc > 2 ? atoi(argv[2]) : 0);
}

#endif
