// SPDX-License-Identifier: GPL-2.0
/*
 * Sends all that arrives at one device on to another by a BPF program of a few
 * instructions, which stays attached until the device is gone.
 *
 *   redirect egress|peer|netkit FROM TO
 *
 *	egress	at FROM's tcx ingress: out of TO, as bpf_redirect() does
 *	peer	at FROM's tcx ingress: into the other end of TO, bpf_redirect_peer()
 *	netkit	what the other end of the netkit device FROM sends: out of TO
 */
#include <err.h>
#include <linux/bpf.h>
#include <net/if.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Newer than the headers of the oldest distribution that builds this. */
#define ATTACH_TCX_INGRESS	46
#define ATTACH_NETKIT_PEER	55

static int bpf(int cmd, union bpf_attr *attr)
{
	return syscall(SYS_bpf, cmd, attr, sizeof(*attr));
}

/* return helper(ifindex, 0); */
static int load(int helper, int type, unsigned int ifindex)
{
	struct bpf_insn program[] = {
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_1, .imm = ifindex },
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_2, .imm = 0 },
		{ .code = BPF_JMP | BPF_CALL, .imm = helper },
		{ .code = BPF_JMP | BPF_EXIT },
	};
	static char log[4096];
	union bpf_attr attr = {
		.prog_type = BPF_PROG_TYPE_SCHED_CLS,
		.insns = (uintptr_t)program,
		.insn_cnt = sizeof(program) / sizeof(program[0]),
		.license = (uintptr_t)"GPL",
		.log_buf = (uintptr_t)log,
		.log_size = sizeof(log),
		.log_level = 1,
		.expected_attach_type = type,
	};
	int fd = bpf(BPF_PROG_LOAD, &attr);

	if (fd < 0)
		err(1, "the program was refused: %s", log);
	return fd;
}

int main(int argc, char **argv)
{
	int helper = BPF_FUNC_redirect, type = ATTACH_TCX_INGRESS;
	unsigned int from, to;
	union bpf_attr attr;

	if (argc != 4)
		errx(1, "usage: redirect egress|peer|netkit FROM TO");
	if (!strcmp(argv[1], "peer"))
		helper = BPF_FUNC_redirect_peer;
	else if (!strcmp(argv[1], "netkit"))
		type = ATTACH_NETKIT_PEER;
	else if (strcmp(argv[1], "egress"))
		errx(1, "%s: not a way to redirect", argv[1]);
	from = if_nametoindex(argv[2]);
	to = if_nametoindex(argv[3]);
	if (!from || !to)
		errx(1, "no device %s", from ? argv[3] : argv[2]);

	memset(&attr, 0, sizeof(attr));
	attr.target_fd = from;
	attr.attach_bpf_fd = load(helper, type, to);
	attr.attach_type = type;
	if (bpf(BPF_PROG_ATTACH, &attr))
		err(1, "can't attach to %s", argv[2]);
	return 0;
}
