// SPDX-License-Identifier: GPL-2.0
/*
 * Makes two tap devices and is the wire between them, as a virtual machine's
 * process is between its guest and a tap: packets cross with their virtio
 * header, so that GSO and unfinished checksums stay what they are.
 *
 *   tapwire NS/DEV NS/DEV
 *
 * Prints "ready" when both are there; ends, and with it both devices, when it is
 * told to, and then prints "packets N largest L".
 */
#include <errno.h>
#include <linux/if_tun.h>
#include <linux/virtio_net.h>
#include <net/if.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/ioctl.h>

#include "netns.h"

static volatile sig_atomic_t stop;

static void on_signal(int signal)
{
	(void)signal;
	stop = 1;
}

static int open_tap(char *text)
{
	struct ifreq request = { .ifr_flags = IFF_TAP | IFF_NO_PI | IFF_VNET_HDR };
	char *name = netns_enter_of(text);
	int fd;

	fd = open("/dev/net/tun", O_RDWR | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0)
		err(2, "/dev/net/tun");
	snprintf(request.ifr_name, sizeof(request.ifr_name), "%s", name);
	if (ioctl(fd, TUNSETIFF, &request))
		err(2, "tap %s", name);
	if (ioctl(fd, TUNSETOFFLOAD, TUN_F_CSUM | TUN_F_TSO4 | TUN_F_TSO6))
		err(2, "offloads of tap %s", name);
	return fd;
}

int main(int argc, char **argv)
{
	static uint8_t packet[1 << 17];
	struct sigaction action = { .sa_handler = on_signal };
	unsigned long packets = 0;
	ssize_t n, largest = 0;
	struct pollfd fds[2];
	int i;

	if (argc != 3)
		errx(2, "usage: tapwire NS/DEV NS/DEV");
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGINT, &action, NULL);
	for (i = 0; i < 2; i++) {
		fds[i].fd = open_tap(argv[1 + i]);
		fds[i].events = POLLIN;
	}
	printf("ready\n");
	fflush(stdout);
	while (!stop) {
		if (poll(fds, 2, -1) < 0 && errno != EINTR)
			err(2, "poll");
		for (i = 0; i < 2; i++) {
			while ((n = read(fds[i].fd, packet, sizeof(packet))) > 0) {
				packets++;
				if (n > largest)
					largest = n;
				/* A device that is down takes nothing: as a wire does. */
				if (write(fds[!i].fd, packet, n) != n && errno != EIO)
					warn("write of %zd bytes", n);
			}
		}
	}
	printf("packets %lu largest %zd\n", packets,
	       largest ? largest - (ssize_t)sizeof(struct virtio_net_hdr) : 0);
	return 0;
}
