/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Mutated requests, whatever the family: what nlmutate and nlmutate_router share. Includers
 * have the contract of their family and its valid requests before, and say behind it what is
 * below.
 */
#ifndef SELFTESTS_NLMUTATE_H
#define SELFTESTS_NLMUTATE_H

#include <sys/uio.h>

#define COMMANDS	(sizeof(operations) / sizeof(*operations))

#define BATCH	64
#define SLOT	2048	/* two sets of VLANs, and the rest */

/* More than there are attributes in any set. */
static const unsigned int MOST_TYPES;
/* Texts that may be names of something, eight of them. */
static const char *const mutate_names[8];

/* A request with one to three mutations in @buf. */
static struct nlmsghdr *make_request(char *buf, bool dump);
/* An answer that came, besides the acknowledgement. */
static void note_answer(const struct nlmsghdr *nlh, void *data);
/* Looks at what is there after requests that changed something. */
static void judge_state(void);
/* The scene, unless that was just done. */
static void restore(bool changed);

static struct nl nl;
static char slots[BATCH][SLOT];
static uint64_t random_state;
static unsigned long accepted, refused, wrong;
static bool changed;

/* xorshift64*: the same messages again for the same seed. */
static uint32_t any(uint32_t below)
{
	random_state ^= random_state >> 12;
	random_state ^= random_state << 25;
	random_state ^= random_state >> 27;
	return (random_state * UINT64_C(2685821657736338717) >> 32) % below;
}

static uint32_t interesting(void)
{
	static const uint32_t values[] = {
		0, 1, 2, 3, 10, 67, 68, 255, 256, 1500, 4094, 4095, 65000, 65535, 65536,
		0x7fffffff, 0x80000000, 0xffffffff, 1000000000, 1000000001,
	};

	if (any(4))
		return values[any(sizeof(values) / sizeof(*values))];
	return any(UINT32_MAX);
}

/* Nothing is put that would not fit into a slot. */
static bool has_room(const struct nlmsghdr *nlh, unsigned int len)
{
	return nlh->nlmsg_len + len + 64 < SLOT;
}

static void put_random(struct nlmsghdr *nlh)
{
	uint8_t junk[64], set[512] = { 0 };
	uint32_t value = interesting();
	uint16_t type = any(MOST_TYPES);
	unsigned int i;

	if (!has_room(nlh, sizeof(set)))
		return;
	if (!any(16))
		type |= NLA_F_NESTED;
	if (!any(32))
		type |= NLA_F_NET_BYTEORDER;
	switch (any(5)) {
	case 0:
		for (i = 0; i < sizeof(junk); i++)
			junk[i] = any(256);
		mnl_attr_put(nlh, type, any(sizeof(junk)), junk);
		break;
	case 1:
		mnl_attr_put_strz(nlh, type, mutate_names[any(8)]);
		break;
	case 2:
		for (i = any(4); i; i--)
			set[any(4) ? any(3) : any(sizeof(set))] |= 1 << any(8);
		mnl_attr_put(nlh, type, sizeof(set) - !any(8), set);
		break;
	default:
		mnl_attr_put(nlh, type, any(8) ? 1U << any(3) : any(5), &value);
		break;
	}
}

static struct nlattr *pick_attribute(struct nlmsghdr *nlh)
{
	struct nlattr *attr, *picked = NULL;
	unsigned int seen = 0;

	mnl_attr_for_each(attr, nlh, sizeof(struct genlmsghdr))
		if (!any(++seen))
			picked = attr;
	return picked;
}

static void remove_attribute(struct nlmsghdr *nlh, struct nlattr *attr)
{
	char *end = (char *)nlh + nlh->nlmsg_len;
	char *next = (char *)attr + NLA_ALIGN(attr->nla_len);

	if (next > end)
		next = end;
	memmove(attr, next, end - next);
	nlh->nlmsg_len -= next - (char *)attr;
}

static void mutate_attribute(struct nlmsghdr *nlh, struct nlattr *attr)
{
	uint32_t value = interesting();
	unsigned int len = attr->nla_len - NLA_HDRLEN;

	switch (any(6)) {
	case 0:
		attr->nla_type = any(MOST_TYPES);
		break;
	case 1:
		attr->nla_type ^= 1 << any(16);
		break;
	case 2:
		attr->nla_len = any(4) ? attr->nla_len + any(9) - 4 : interesting();
		break;
	case 3:
		memcpy(attr + 1, &value, len < sizeof(value) ? len : sizeof(value));
		break;
	case 4:
		remove_attribute(nlh, attr);
		break;
	default:
		/* In a set half of the time where something is. */
		if (len)
			((uint8_t *)(attr + 1))[any(len > 64 && any(2) ? 3 : len)] ^= 1 << any(8);
		break;
	}
}

static void mutate(struct nlmsghdr *nlh)
{
	struct genlmsghdr *genl = mnl_nlmsg_get_payload(nlh);
	unsigned int body = NLMSG_HDRLEN + sizeof(*genl);
	struct nlattr *attr = pick_attribute(nlh);
	unsigned int i, n;

	switch (any(attr ? 12 : 5)) {
	case 0:
		genl->cmd = any(COMMANDS + 2);
		break;
	case 1:
		n = any(4);
		*(n == 0 ? &genl->version : n == 1 ? (uint8_t *)&genl->reserved : &genl->cmd) ^=
			1 << any(8);
		break;
	case 2:
		nlh->nlmsg_len = body + any(nlh->nlmsg_len - body + 1);
		break;
	case 3:
		n = 1 + any(16);
		if (has_room(nlh, n))
			for (i = 0; i < n; i++)
				((uint8_t *)nlh)[nlh->nlmsg_len++] = any(256);
		break;
	case 4:
		put_random(nlh);
		break;
	case 5:
		((uint8_t *)nlh)[body + any(nlh->nlmsg_len - body)] = any(256);
		break;
	default:
		mutate_attribute(nlh, attr);
		break;
	}
}

/* @buf has a valid request: one to three mutations, and flags that no request needs. */
static void mutate_request(struct nlmsghdr *nlh, bool dump)
{
	unsigned int i, n = 1 + any(3);

	if (dump)
		put_random(nlh);
	for (i = 0; i < n; i++)
		mutate(nlh);
	if (!dump && !any(8))
		nlh->nlmsg_flags |= NLM_F_REPLACE << any(4);
}

static void print_message(const struct nlmsghdr *nlh)
{
	const uint8_t *bytes = (const void *)nlh;
	unsigned int i;

	printf("#");
	for (i = NLMSG_HDRLEN; i < nlh->nlmsg_len; i++)
		printf(" %02x", bytes[i]);
	printf(" flags %x\n", nlh->nlmsg_flags);
}

/* An operation that is not there is refused by the core, which says nothing. */
static void judge(const struct nlmsghdr *nlh, int error)
{
	const struct genlmsghdr *genl = mnl_nlmsg_get_payload(nlh);
	const char *broken = contract_broken(nlh);

	if (!error) {
		accepted++;
		if (!is_dump(nlh) && operation_of(nlh) && !operations[genl->cmd].dump)
			changed = true;
	} else {
		refused++;
	}
	if (!error && broken) {
		wrong++;
		printf("# accepted with a wrong %s:\n", broken);
		print_message(nlh);
	} else if (error && !nl.message[0] && operation_of(nlh)) {
		wrong++;
		printf("# %s without a message:\n", strerror(error));
		print_message(nlh);
	}
}

/* Sends many in one system call, then collects their answers in turn. */
static void run_batch(unsigned int n)
{
	struct iovec iov[BATCH];
	struct msghdr msg = { .msg_iov = iov, .msg_iovlen = n };
	struct nlmsghdr *nlh;
	unsigned int i;

	for (i = 0; i < n; i++) {
		do
			nlh = make_request(slots[i], false);
		while (is_dump(nlh) && operation_of(nlh));
		iov[i].iov_base = nlh;
		iov[i].iov_len = NLMSG_ALIGN(nlh->nlmsg_len);
	}
	if (sendmsg(nl.fd, &msg, 0) < 0)
		err(2, "send");
	for (i = 0; i < n; i++) {
		nlh = (void *)slots[i];
		judge(nlh, nl_receive(&nl, nlh->nlmsg_seq, note_answer, NULL));
	}
}

/* @program [-n MESSAGES] [-s SEED], of the family @family */
static int run(const char *program, const char *family, int argc, char **argv)
{
	unsigned long messages = 200000, sent = 0, seed = 1;
	struct nlmsghdr *nlh;
	int opt;

	while ((opt = getopt(argc, argv, "n:s:")) != -1) {
		switch (opt) {
		case 'n': messages = strtoul(optarg, NULL, 0); break;
		case 's': seed = strtoul(optarg, NULL, 0); break;
		default: errx(2, "usage: %s [-n MESSAGES] [-s SEED]", program);
		}
	}
	setlinebuf(stdout);
	random_state = seed * UINT64_C(0x9e3779b97f4a7c15) + 1;
	nl_open_family(&nl, family);
	valid_open(&nl);
	valid_restore(&nl);
	while (sent < messages) {
		changed = false;
		run_batch(BATCH);
		nlh = make_request(slots[0], true);
		judge(nlh, nl_request(&nl, nlh, note_answer, NULL));
		sent += BATCH + 1;
		if (changed)
			judge_state();
		restore(changed);
	}
	printf("%lu %lu %lu %lu\n", sent, accepted, refused, wrong);
	return wrong != 0;
}

#endif
