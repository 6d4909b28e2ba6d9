// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <sys/socket.h>

#include <pcap/pcap.h>
#include <linux/filter.h>
#include <linux/if_packet.h>

#include "filter.h"
#include "status.h"

#define PROLOGUE	6	/* instructions before those of the expression */

/* Does it ask for what the kernel knows of a packet and the frame does not say? */
static bool asks_kernel(const struct bpf_program *program)
{
	unsigned int i;

	for (i = 0; i < program->bf_len; i++) {
		const struct bpf_insn *insn = &program->bf_insns[i];

		if (BPF_CLASS(insn->code) == BPF_LD && BPF_MODE(insn->code) == BPF_ABS &&
		    insn->k >= (bpf_u_int32)SKF_LL_OFF)
			return true;
	}
	return false;
}

int filter_compile(struct filter *filter, const char *text, enum direction direction,
		   struct err *err)
{
	pcap_t *pcap = pcap_open_dead(DLT_EN10MB, FILTER_MOST);
	int ret = 0;

	*filter = (struct filter){ .direction = direction };
	if (!pcap)
		return err_set(err, STATUS_SYSTEM, "out of memory");
	if (pcap_compile(pcap, &filter->program, text, 1, PCAP_NETMASK_UNKNOWN) < 0) {
		ret = err_set(err, STATUS_USAGE, "filter '%s': %s", text, pcap_geterr(pcap));
		filter->program = (struct bpf_program){ 0 };
	} else if (asks_kernel(&filter->program)) {
		ret = err_set(err, STATUS_USAGE,
			      "filter '%s': the direction is said by '-d in' or '-d out'", text);
	} else if (filter->program.bf_len > BPF_MAXINSNS - PROLOGUE) {
		ret = err_set(err, STATUS_USAGE, "filter '%s': it is too long", text);
	}
	pcap_close(pcap);
	if (ret < 0)
		filter_free(filter);
	return ret;
}

void filter_free(struct filter *filter)
{
	pcap_freecode(&filter->program);
	*filter = (struct filter){ 0 };
}

static int attach(int fd, struct sock_filter *insns, unsigned int n)
{
	const struct sock_fprog program = { .len = n, .filter = insns };

	return setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof(program));
}

int filter_attach(const struct filter *filter, int fd, uint32_t most)
{
	const struct bpf_program *program = &filter->program;
	/* Which way it goes: a jump over the next instruction, or not. */
	const uint8_t in = filter->direction != DIRECTION_OUT;
	const uint8_t out = filter->direction != DIRECTION_IN;
	struct sock_filter insns[BPF_MAXINSNS] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, SKF_AD_OFF + SKF_AD_PKTTYPE),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, PACKET_OUTGOING, out, in),
		BPF_STMT(BPF_RET | BPF_K, 0),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, SKF_AD_OFF + SKF_AD_VLAN_TAG_PRESENT),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0, 1, 0),
		BPF_STMT(BPF_RET | BPF_K, FILTER_MOST),
	};
	unsigned int i;

	for (i = 0; i < program->bf_len; i++) {
		const struct bpf_insn *from = &program->bf_insns[i];
		struct sock_filter *to = &insns[PROLOGUE + i];

		*to = (struct sock_filter){ from->code, from->jt, from->jf, from->k };
		/* what a program that fits returns is how much of the frame is wanted */
		if (to->code == (BPF_RET | BPF_K) && to->k)
			to->k = most;
	}
	return attach(fd, insns, PROLOGUE + program->bf_len);
}

int filter_close(int fd)
{
	struct sock_filter nothing[] = { BPF_STMT(BPF_RET | BPF_K, 0) };

	return attach(fd, nothing, 1);
}

bool filter_fits(const struct filter *filter, const uint8_t *data, uint32_t captured,
		 uint32_t length)
{
	const struct pcap_pkthdr header = { .caplen = captured, .len = length };

	return pcap_offline_filter(&filter->program, &header, data) != 0;
}
