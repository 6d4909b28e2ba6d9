// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>

#include "netns.h"
#include "status.h"
#include "tap.h"

/*
 * The ring: blocks which the kernel fills with frames, and hands over when they
 * are full or after a while.  A block has room for the largest frame.
 */
#define BLOCK_SIZE	(1u << 19)
#define BLOCKS		8u
#define BLOCK_WAIT_MS	50
#define FRAME_SIZE	2048u	/* no more than a divisor of the block, to V3 */
#define TAG_SIZE	4u	/* a VLAN tag: kept free before each frame */

struct tap {
	int fd;
	const struct filter *filter;
	uint32_t most;
	uint8_t *ring;
	unsigned int block;		/* the one to be read, or to come next */
	unsigned int left;		/* frames in it that were not taken */
	bool reading;			/* it is ours until given back */
	struct tpacket3_hdr *next;
	uint64_t taken;			/* frames out of the ring */
	uint64_t passed, dropped;	/* what the kernel counted; dropped are in passed */
};

static void open_socket(void *arg)
{
	int *fd = arg;

	/* without a protocol it gets nothing until it is bound */
	*fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
}

/* Says why open_socket() failed. */
static int cant_open(struct err *err)
{
	if (errno == EPERM || errno == EACCES)
		return err_set(err, STATUS_SYSTEM, "capturing needs CAP_NET_RAW over the network namespace of the device. Run it as root");
	return err_set_errno(err, STATUS_SYSTEM, errno, "can't open a packet socket");
}

static int set_ring(struct tap *tap)
{
	const struct tpacket_req3 ring = {
		.tp_block_size = BLOCK_SIZE,
		.tp_block_nr = BLOCKS,
		.tp_frame_size = FRAME_SIZE,
		.tp_frame_nr = BLOCK_SIZE / FRAME_SIZE * BLOCKS,
		.tp_retire_blk_tov = BLOCK_WAIT_MS,
	};
	const int version = TPACKET_V3;
	const unsigned int reserve = TAG_SIZE;
	void *memory;

	if (setsockopt(tap->fd, SOL_PACKET, PACKET_VERSION, &version, sizeof(version)) < 0 ||
	    setsockopt(tap->fd, SOL_PACKET, PACKET_RESERVE, &reserve, sizeof(reserve)) < 0 ||
	    setsockopt(tap->fd, SOL_PACKET, PACKET_RX_RING, &ring, sizeof(ring)) < 0)
		return -1;
	memory = mmap(NULL, (size_t)BLOCK_SIZE * BLOCKS, PROT_READ | PROT_WRITE, MAP_SHARED,
		      tap->fd, 0);
	if (memory == MAP_FAILED)
		return -1;
	tap->ring = memory;
	return 0;
}

static int set_up(struct tap *tap, uint32_t ifindex, bool promisc, struct err *err)
{
	const struct sockaddr_ll address = {
		.sll_family = AF_PACKET,
		.sll_protocol = htons(ETH_P_ALL),
		.sll_ifindex = ifindex,
	};
	const struct packet_mreq promiscuous = {
		.mr_ifindex = ifindex,
		.mr_type = PACKET_MR_PROMISC,
	};

	if (set_ring(tap) < 0)
		return err_set_errno(err, STATUS_SYSTEM, errno, "no memory for a capture");
	if (filter_attach(tap->filter, tap->fd, tap->most) < 0)
		return err_set_errno(err, STATUS_SYSTEM, errno, "the kernel refused the filter");
	if (bind(tap->fd, (const void *)&address, sizeof(address)) < 0)
		return err_set_errno(err, STATUS_SYSTEM, errno, "can't capture on the device");
	if (promisc && setsockopt(tap->fd, SOL_PACKET, PACKET_ADD_MEMBERSHIP, &promiscuous,
				  sizeof(promiscuous)) < 0)
		return err_set_errno(err, STATUS_SYSTEM, errno, "can't make the device promiscuous");
	return 0;
}

struct tap *tap_open(int netns, uint32_t ifindex, const struct filter *filter, uint32_t most,
		     bool promisc, struct err *err)
{
	struct tap *tap = calloc(1, sizeof(*tap));
	int ret = 0;

	if (!tap) {
		err_set(err, STATUS_SYSTEM, "out of memory");
		return NULL;
	}
	tap->fd = -1;
	tap->filter = filter;
	tap->most = most;
	if (netns < 0)
		open_socket(&tap->fd);
	else
		ret = netns_call(netns, open_socket, &tap->fd, err);
	if (!ret && tap->fd < 0)
		ret = cant_open(err);
	if (!ret)
		ret = set_up(tap, ifindex, promisc, err);
	if (!ret)
		return tap;
	tap_free(tap);
	return NULL;
}

void tap_free(struct tap *tap)
{
	if (!tap)
		return;
	if (tap->ring)
		munmap(tap->ring, (size_t)BLOCK_SIZE * BLOCKS);
	if (tap->fd >= 0)
		close(tap->fd);
	free(tap);
}

int tap_fd(const struct tap *tap)
{
	return tap->fd;
}

enum tap_state tap_state(const struct tap *tap)
{
	struct sockaddr_ll address = {};
	socklen_t size = sizeof(address), error_size = sizeof(int);
	int error = 0;

	getsockopt(tap->fd, SOL_SOCKET, SO_ERROR, &error, &error_size);
	/* the kernel unbinds it from a device that is unregistered, or leaves */
	if (getsockname(tap->fd, (void *)&address, &size) < 0 || address.sll_ifindex <= 0)
		return TAP_GONE;
	return error ? TAP_DOWN : TAP_UP;
}

static struct tpacket_block_desc *block(const struct tap *tap)
{
	return (void *)(tap->ring + (size_t)tap->block * BLOCK_SIZE);
}

/* The next block with frames is ours, or false. */
static bool next_block(struct tap *tap)
{
	for (;;) {
		struct tpacket_block_desc *desc = block(tap);
		struct tpacket_hdr_v1 *head = &desc->hdr.bh1;

		if (tap->reading) {
			__atomic_store_n(&head->block_status, TP_STATUS_KERNEL, __ATOMIC_RELEASE);
			tap->block = (tap->block + 1) % BLOCKS;
			tap->reading = false;
			continue;
		}
		if (!(__atomic_load_n(&head->block_status, __ATOMIC_ACQUIRE) & TP_STATUS_USER))
			return false;
		tap->reading = true;
		tap->left = head->num_pkts;
		tap->next = (void *)((uint8_t *)desc + head->offset_to_first_pkt);
		if (tap->left)
			return true;
	}
}

/* Put the tag that the kernel had beside the frame into it. */
static void restore_tag(const struct tpacket3_hdr *header, struct tap_frame *frame)
{
	uint16_t tag[2] = { htons(ETH_P_8021Q), htons(header->hv1.tp_vlan_tci) };
	uint8_t *data = (uint8_t *)frame->data - TAG_SIZE;

	if (frame->captured < 2 * ETH_ALEN)
		return;
	if (header->tp_status & TP_STATUS_VLAN_TPID_VALID)
		tag[0] = htons(header->hv1.tp_vlan_tpid);
	memmove(data, frame->data, 2 * ETH_ALEN);
	memcpy(data + 2 * ETH_ALEN, tag, TAG_SIZE);
	frame->data = data;
	frame->captured += TAG_SIZE;
	frame->length += TAG_SIZE;
}

static enum tap_cast cast(uint8_t type)
{
	switch (type) {
	case PACKET_HOST: return CAST_UNICAST;
	case PACKET_MULTICAST: return CAST_MULTICAST;
	case PACKET_BROADCAST: return CAST_BROADCAST;
	case PACKET_OTHERHOST: return CAST_OTHER;
	}
	return CAST_UNKNOWN;
}

/* false: it is not wanted after all */
static bool read_frame(const struct tap *tap, struct tpacket3_hdr *header, struct tap_frame *frame)
{
	const struct sockaddr_ll *address =
		(const void *)((uint8_t *)header + TPACKET_ALIGN(sizeof(*header)));
	bool wanted = true;

	*frame = (struct tap_frame){
		.data = (uint8_t *)header + header->tp_mac,
		.captured = header->tp_snaplen,
		.length = header->tp_len,
		.time = header->tp_sec * UINT64_C(1000000000) + header->tp_nsec,
		.direction = address->sll_pkttype == PACKET_OUTGOING ? DIRECTION_OUT :
			     DIRECTION_IN,
		.cast = cast(address->sll_pkttype),
	};
	if (header->tp_status & TP_STATUS_VLAN_VALID) {
		restore_tag(header, frame);
		wanted = filter_fits(tap->filter, frame->data, frame->captured, frame->length);
	}
	if (frame->captured > tap->most)
		frame->captured = tap->most;
	return wanted;
}

bool tap_next(struct tap *tap, struct tap_frame *frame)
{
	while (tap->left || next_block(tap)) {
		struct tpacket3_hdr *header = tap->next;

		tap->next = (void *)((uint8_t *)header + header->tp_next_offset);
		tap->left--;
		tap->taken++;
		if (read_frame(tap, header, frame))
			return true;
	}
	return false;
}

void tap_stop(struct tap *tap)
{
	filter_close(tap->fd);
}

/* Reading them sets the kernel's back. */
static void read_counters(struct tap *tap)
{
	struct tpacket_stats_v3 counters = {};
	socklen_t size = sizeof(counters);

	if (getsockopt(tap->fd, SOL_PACKET, PACKET_STATISTICS, &counters, &size) < 0)
		return;
	tap->passed += counters.tp_packets;
	tap->dropped += counters.tp_drops;
}

bool tap_empty(struct tap *tap)
{
	read_counters(tap);
	return tap->taken >= tap->passed - tap->dropped;
}

uint64_t tap_dropped(struct tap *tap)
{
	read_counters(tap);
	return tap->dropped;
}
