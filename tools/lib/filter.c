// SPDX-License-Identifier: GPL-2.0
#include <dlfcn.h>
#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include <pcap/pcap.h>
#include <linux/filter.h>
#include <linux/if_packet.h>

#include "filter.h"
#include "status.h"
#include "trace.h"

#define PROLOGUE	6	/* instructions before those of the expression */

/*
 * libpcap comes with ten libraries more, and would take most of the time that any
 * command of vsw takes to begin. Only this one needs it, so only this one loads it.
 */
static struct {
	typeof(pcap_open_dead) *open_dead;
	typeof(pcap_compile) *compile;
	typeof(pcap_geterr) *geterr;
	typeof(pcap_close) *close;
	typeof(pcap_freecode) *freecode;
	typeof(pcap_offline_filter) *offline_filter;
	typeof(pcap_open_offline) *open_offline;
	typeof(pcap_next_ex) *next_ex;
	typeof(pcap_datalink) *datalink;
} libpcap;

static void *find_symbol(void *library, const char *name, bool *all)
{
	void *symbol = dlsym(library, name);

	*all = *all && symbol;
	return symbol;
}

static int load_libpcap(struct err *err)
{
	/* As Debian calls it, and as others do. */
	void *library = dlopen("libpcap.so.0.8", RTLD_NOW) ?: dlopen("libpcap.so.1", RTLD_NOW);
	bool all = true;

	if (!library)
		return err_set(err, STATUS_SYSTEM, "packet captures need libpcap: %s", dlerror());
	libpcap.open_dead = find_symbol(library, "pcap_open_dead", &all);
	libpcap.compile = find_symbol(library, "pcap_compile", &all);
	libpcap.geterr = find_symbol(library, "pcap_geterr", &all);
	libpcap.close = find_symbol(library, "pcap_close", &all);
	libpcap.freecode = find_symbol(library, "pcap_freecode", &all);
	libpcap.offline_filter = find_symbol(library, "pcap_offline_filter", &all);
	libpcap.open_offline = find_symbol(library, "pcap_open_offline", &all);
	libpcap.next_ex = find_symbol(library, "pcap_next_ex", &all);
	libpcap.datalink = find_symbol(library, "pcap_datalink", &all);
	return all ? 0 : err_set(err, STATUS_SYSTEM, "libpcap lacks a function: %s", dlerror());
}

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
	pcap_t *pcap;
	int ret = 0;

	*filter = (struct filter){ .direction = direction };
	if (!libpcap.open_dead && load_libpcap(err) < 0)
		return -1;
	pcap = libpcap.open_dead(DLT_EN10MB, FILTER_MOST);
	if (!pcap)
		return err_set(err, STATUS_SYSTEM, "out of memory");
	if (libpcap.compile(pcap, &filter->program, text, 1, PCAP_NETMASK_UNKNOWN) < 0) {
		ret = err_set(err, STATUS_USAGE, "filter '%s': %s", text,
			      libpcap.geterr(pcap));
		filter->program = (struct bpf_program){ 0 };
	} else if (asks_kernel(&filter->program)) {
		ret = err_set(err, STATUS_USAGE,
			      "filter '%s': the direction is said by '-d in' or '-d out'", text);
	} else if (filter->program.bf_len > BPF_MAXINSNS - PROLOGUE) {
		ret = err_set(err, STATUS_USAGE, "filter '%s': it is too long", text);
	}
	libpcap.close(pcap);
	if (ret < 0)
		filter_free(filter);
	return ret;
}

void filter_free(struct filter *filter)
{
	if (filter->program.bf_insns)
		libpcap.freecode(&filter->program);
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

	return libpcap.offline_filter(&filter->program, &header, data) != 0;
}

/* ---- packets of a file ------------------------------------------------------ */

static int take_packet(const struct pcap_pkthdr *header, const uint8_t *data,
		       struct frame *frame, struct err *err)
{
	if (header->caplen < header->len)
		return err_set(err, STATUS_USAGE, "of the packet's %u bytes it has only %u: capture all of them",
			       header->len, header->caplen);
	if (header->caplen > sizeof(frame->data))
		return err_set(err, STATUS_USAGE, "the packet has %u bytes, more than %zu",
			       header->caplen, sizeof(frame->data));
	memcpy(frame->data, data, header->caplen);
	frame->n = header->caplen;
	return 0;
}

static int read_packet(pcap_t *pcap, unsigned int number, struct frame *frame, struct err *err)
{
	struct pcap_pkthdr *header;
	const uint8_t *data;
	unsigned int i;
	int ret;

	if (libpcap.datalink(pcap) != DLT_EN10MB)
		return err_set(err, STATUS_USAGE, "it has no Ethernet frames in it");
	for (i = 1; i <= number; i++) {
		ret = libpcap.next_ex(pcap, &header, &data);
		if (ret == PCAP_ERROR_BREAK)
			return err_set(err, STATUS_USAGE, "there are only %u packets in it", i - 1);
		if (ret != 1)
			return err_set(err, STATUS_SYSTEM, "%s", libpcap.geterr(pcap));
	}
	return take_packet(header, data, frame, err);
}

int frame_read(const char *file, unsigned int number, struct frame *frame, struct err *err)
{
	char why[PCAP_ERRBUF_SIZE] = "";
	pcap_t *pcap;
	int ret;

	if (!libpcap.open_dead && load_libpcap(err) < 0)
		return -1;
	pcap = libpcap.open_offline(file, why);
	if (!pcap) {
		err_set(err, STATUS_SYSTEM, "%s", why);
		return strncmp(why, file, strlen(file)) ? err_prefix(err, "%s", file) : -1;
	}
	ret = read_packet(pcap, number, frame, err);
	if (ret < 0)
		err_prefix(err, "%s", file);
	libpcap.close(pcap);
	return ret;
}
