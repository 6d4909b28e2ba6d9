// SPDX-License-Identifier: GPL-2.0
/*
 * What sockets get out of a way between two network namespaces.
 *
 *   transact rr|udp|connect COUNT CLIENT-NETNS SERVER-NETNS SERVER-IPV4
 *
 *	rr	one byte there and one back over a TCP connection, COUNT times
 *	udp	the same by datagrams
 *	connect	the same with a new connection each time
 *
 * The server listens at any address: that of the client's may be one that leads to it.
 * Prints the nanoseconds for one of COUNT, with one decimal. What came out of
 * the caches, slow start and the like is over by then: an eighth of COUNT goes
 * before. Exits 0 only when all that was sent has arrived.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>

#include "../netns.h"

#define PORT	5201

static struct sockaddr_in server = { .sin_family = AF_INET };
static char block[65536];

static int udp;

static int new_socket(void)
{
	int one = 1, type = udp ? SOCK_DGRAM : SOCK_STREAM;
	int fd = socket(AF_INET, type | SOCK_CLOEXEC, 0);

	if (fd < 0 || (!udp && setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one))))
		err(1, "socket");
	return fd;
}

static int connected(void)
{
	int fd = new_socket();

	if (connect(fd, (struct sockaddr *)&server, sizeof(server)))
		err(1, "connect");
	return fd;
}

static int accepted(int listener)
{
	int one = 1, fd = accept(listener, NULL, NULL);

	if (fd < 0 || setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one)))
		err(1, "accept");
	return fd;
}

static long up_to_a_block(long bytes)
{
	long most = sizeof(block);

	return bytes < most ? bytes : most;
}

static void put(int fd, long bytes)
{
	while (bytes > 0) {
		ssize_t n = send(fd, block, up_to_a_block(bytes), MSG_NOSIGNAL);

		if (n < 0)
			err(1, "send");
		bytes -= n;
	}
}

/* Returns whether all of them came; an end before the first is no error. */
static int get(int fd, long bytes)
{
	long left = bytes;

	while (left > 0) {
		ssize_t n = recv(fd, block, up_to_a_block(left), 0);

		if (n < 0)
			err(1, "recv");
		if (!n && left == bytes)
			return 0;
		if (!n)
			errx(1, "%ld of %ld bytes are missing", left, bytes);
		left -= n;
	}
	return 1;
}

static void exchange(int fd)
{
	put(fd, 1);
	if (!get(fd, 1))
		errx(1, "no answer");
}

static void serve(const char *mode, int listener)
{
	int fd;

	if (!strcmp(mode, "connect")) {
		for (;;) {
			fd = accepted(listener);
			get(fd, 1);
			put(fd, 1);
			get(fd, 1);
			close(fd);
		}
	}
	if (udp) {
		struct sockaddr_storage client;
		struct sockaddr *to = (struct sockaddr *)&client;
		socklen_t len = sizeof(client);

		for (;;) {
			if (recvfrom(listener, block, 1, 0, to, &len) != 1 ||
			    sendto(listener, block, 1, 0, to, len) != 1)
				err(1, "echo");
		}
	}
	fd = accepted(listener);
	while (get(fd, 1))
		put(fd, 1);
}

static void work(const char *mode, int *fd, long count)
{
	while (count--) {
		if (!strcmp(mode, "connect"))
			*fd = connected();
		exchange(*fd);
		if (!strcmp(mode, "connect"))
			close(*fd);
	}
}

static double now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1e9 + ts.tv_nsec;
}

static int listening(void)
{
	struct sockaddr_in any = { .sin_family = AF_INET, .sin_port = server.sin_port };
	int one = 1, fd = new_socket();

	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	if (bind(fd, (struct sockaddr *)&any, sizeof(any)) ||
	    (!udp && listen(fd, 128)))
		err(1, "listen");
	return fd;
}

int main(int argc, char **argv)
{
	int listener, fd = -1;
	const char *mode;
	long part[2];
	double start;
	pid_t child;

	mode = argc == 6 ? argv[1] : "";
	udp = !strcmp(mode, "udp");
	if (!udp && strcmp(mode, "rr") && strcmp(mode, "connect"))
		errx(2, "usage: transact rr|udp|connect COUNT CLIENT-NETNS SERVER-NETNS SERVER-IPV4");
	part[1] = atol(argv[2]);
	part[0] = part[1] / 8 + 1;
	server.sin_port = htons(PORT);
	if (part[1] <= 0 || inet_pton(AF_INET, argv[5], &server.sin_addr) != 1)
		errx(2, "not a count and an address: %s %s", argv[2], argv[5]);

	netns_enter(argv[4]);
	listener = listening();
	child = fork();
	if (child < 0)
		err(1, "fork");
	if (!child) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		serve(mode, listener);
		return 0;
	}
	netns_enter(argv[3]);
	if (strcmp(mode, "connect"))
		fd = connected();
	work(mode, &fd, part[0]);
	start = now_ns();
	work(mode, &fd, part[1]);
	printf("%.1f\n", (now_ns() - start) / part[1]);
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	return 0;
}
