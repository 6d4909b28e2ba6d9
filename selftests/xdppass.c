// SPDX-License-Identifier: GPL-2.0
/*
 * Attaches an XDP program that passes everything, or nothing, for as long as it runs.
 *
 *   xdppass NS/DEV native|generic [drop]
 *
 * Prints "ready" when it is attached.
 */
#include <linux/bpf.h>
#include <linux/if_link.h>
#include <net/if.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/syscall.h>

#include "netns.h"

static int bpf(int command, union bpf_attr *attr)
{
	return syscall(SYS_bpf, command, attr, sizeof(*attr));
}

static int load(enum xdp_action action)
{
	const struct bpf_insn program[] = {
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0, .imm = action },
		{ .code = BPF_JMP | BPF_EXIT },
	};
	union bpf_attr attr = {
		.prog_type = BPF_PROG_TYPE_XDP,
		.insns = (uintptr_t)program,
		.insn_cnt = sizeof(program) / sizeof(*program),
		.license = (uintptr_t)"GPL",
	};
	int fd = bpf(BPF_PROG_LOAD, &attr);

	if (fd < 0)
		err(2, "loading the program");
	return fd;
}

int main(int argc, char **argv)
{
	union bpf_attr attr = { 0 };
	bool native;

	if (argc != 3 && (argc != 4 || strcmp(argv[3], "drop")))
		errx(2, "usage: xdppass NS/DEV native|generic [drop]");
	native = !strcmp(argv[2], "native");
	attr.link_create.prog_fd = load(argc == 4 ? XDP_DROP : XDP_PASS);
	attr.link_create.attach_type = BPF_XDP;
	attr.link_create.flags = native ? XDP_FLAGS_DRV_MODE : XDP_FLAGS_SKB_MODE;
	attr.link_create.target_ifindex = if_nametoindex(netns_enter_of(argv[1]));
	if (bpf(BPF_LINK_CREATE, &attr) < 0)
		err(2, "attaching the program");
	puts("ready");
	fflush(stdout);
	for (;;)
		pause();
}
