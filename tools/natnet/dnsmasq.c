// SPDX-License-Identifier: GPL-2.0
/*
 * dnsmasq goes to the background by itself when it is ready, and its first process then
 * ends with 0; or it says on standard error why not. Which process it is it writes to a
 * file of ours, by whose name in its command line it is known for certain.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pwd.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "container/cleanup.h"
#include "container/container.h"
#include "natnet.h"
#include "output_private.h"
#include "status.h"

#define STOP_MS		3000	/* before it is killed */
#define LEASE_TIME	"1h"
#define MAX_ARGS	24
#define ARG_SIZE	256

struct command {
	char args[MAX_ARGS][ARG_SIZE];
	char *argv[MAX_ARGS + 1];
	size_t n;
};

static void add(struct command *command, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

static void add(struct command *command, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(command->args[command->n], ARG_SIZE, fmt, ap);
	va_end(ap);
	command->argv[command->n] = command->args[command->n];
	command->argv[++command->n] = NULL;
}

static void mask_text(char text[16], unsigned int bits)
{
	uint32_t mask = bits ? UINT32_MAX << (32 - bits) : 0;

	snprintf(text, 16, "%u.%u.%u.%u", mask >> 24, mask >> 16 & 0xff, mask >> 8 & 0xff,
		 mask & 0xff);
}

static void build(struct command *command, const struct vsw_natnet *net)
{
	char one[IP_TEXT_SIZE], other[IP_TEXT_SIZE], mask[16], path[NATNET_PATH_SIZE];

	add(command, "dnsmasq");
	add(command, "--conf-file=/dev/null");		/* nothing of the host's own */
	if (getpwnam("dnsmasq"))			/* else it becomes nobody */
		add(command, "--user=dnsmasq");
	add(command, "--pid-file=%s", natnet_path(path, net->name, "pid"));
	add(command, "--bind-interfaces");
	add(command, "--except-interface=lo");
	add(command, "--interface=%s", net->name);
	add(command, "--listen-address=%s", ip_text(one, &net->gateway));
	if (net->ipv6.len)
		add(command, "--listen-address=%s", ip_text(one, &net->ipv6_gateway));
	add(command, "--bogus-priv");
	add(command, "--domain-needed");
	if (!net->dhcp)
		return;
	mask_text(mask, net->subnet.bits);
	add(command, "--dhcp-range=%s,%s,%s," LEASE_TIME, ip_text(one, &net->first),
	    ip_text(other, &net->last), mask);
	add(command, "--dhcp-leasefile=%s", natnet_path(path, net->name, "leases"));
	add(command, "--dhcp-lease-max=%u", net->limit);
	add(command, "--dhcp-authoritative");
	add(command, "--dhcp-no-override");
	/* nobody has those but by a lease, so who asks does not wait while it looks */
	add(command, "--no-ping");
	if (net->ipv6.len) {
		add(command, "--enable-ra");
		add(command, "--dhcp-range=%s,ra-stateless,ra-names,64," LEASE_TIME,
		    ip_text(one, &net->ipv6));
	}
}

/* In the child: only calls that are safe there. */
static void run(struct command *command, int says)
{
	static char * const environment[] = { "PATH=/usr/sbin:/usr/bin:/sbin:/bin", NULL };
	static const char * const places[] = { "/usr/sbin/dnsmasq", "/usr/local/sbin/dnsmasq",
					       "/sbin/dnsmasq", "/usr/bin/dnsmasq" };
	size_t i;

	/* until it is in the background it does not outlive vsw */
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (dup2(says, STDERR_FILENO) < 0 || dup2(says, STDOUT_FILENO) < 0)
		_exit(126);
	for (i = 0; i < sizeof(places) / sizeof(places[0]); i++)
		execve(places[i], command->argv, environment);
	_exit(127);
}

/* What it says until its first process is gone; the daemon closes its end when ready. */
static void hear(int fd, char *text, size_t size)
{
	size_t len = 0;
	ssize_t n;

	do {
		n = read(fd, text + len, size - 1 - len);
		if (n > 0)
			len += n;
	} while ((n > 0 && len < size - 1) || (n < 0 && errno == EINTR));
	text[len] = '\0';
	/* it begins with an empty line */
	len = strspn(text, "\n");
	memmove(text, text + len, strlen(text + len) + 1);
	text[strcspn(text, "\n")] = '\0';
}

static int refused(int status, const char *said, struct err *err)
{
	if (WIFEXITED(status) && WEXITSTATUS(status) == 127)
		return err_set(err, STATUS_SYSTEM,
			       "there is no dnsmasq on this host, which answers DHCP and DNS: install it (Debian: dnsmasq-base)");
	return err_set(err, STATUS_REFUSED, "dnsmasq did not start: %s",
		       *said ? said : "it gave no reason");
}

static pid_t read_pid(const struct natnet *natnet)
{
	cleanup_close int fd = openat(natnet->dir_fd, "pid", O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	char text[16];
	ssize_t n = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);

	if (n <= 0)
		return 0;
	text[n] = '\0';
	return atoi(text);
}

int dnsmasq_start(struct natnet *natnet, struct err *err)
{
	struct command command = {};
	char said[ERR_MSG_SIZE / 2] = "";
	int ends[2], status;
	pid_t pid;

	build(&command, &natnet->net);
	if (pipe2(ends, O_CLOEXEC) < 0)
		return err_set_errno(err, STATUS_SYSTEM, errno, "can't make a pipe");
	fflush(NULL);
	pid = fork();
	if (!pid)
		run(&command, ends[1]);
	close(ends[1]);
	if (pid > 0)
		hear(ends[0], said, sizeof(said));
	close(ends[0]);
	if (pid < 0)
		return err_set_errno(err, STATUS_SYSTEM, errno, "can't make a process");
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	if (status)
		return refused(status, said, err);
	natnet->pid = read_pid(natnet);
	natnet->start = natnet->pid > 0 ? record_start_time(natnet->pid) : 0;
	return natnet->start ? 0 :
	       err_set(err, STATUS_SYSTEM, "dnsmasq started and is gone, its log may say why");
}

/* Is this process the dnsmasq of the network? */
static bool is_it(pid_t pid, const struct natnet *natnet)
{
	char path[NATNET_PATH_SIZE], wanted[NATNET_PATH_SIZE + 16], text[2048], *arg;
	cleanup_close int fd = -1;
	ssize_t n;

	snprintf(path, sizeof(path), "/proc/%d/cmdline", pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	n = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);
	if (n <= 0)
		return false;
	text[n] = '\0';
	snprintf(wanted, sizeof(wanted), "--pid-file=%s",
		 natnet_path(path, natnet->net.name, "pid"));
	for (arg = text; arg < text + n; arg += strlen(arg) + 1)
		if (!strcmp(arg, wanted))
			return true;
	return false;
}

pid_t dnsmasq_find(const struct natnet *natnet)
{
	pid_t pid = natnet->pid;

	/* a vsw that was killed had no time to note it */
	if (pid <= 0)
		pid = read_pid(natnet);
	if (pid <= 0 || (natnet->start && record_start_time(pid) != natnet->start))
		return 0;
	return is_it(pid, natnet) ? pid : 0;
}

int dnsmasq_stop(const struct natnet *natnet, struct err *err)
{
	pid_t pid = dnsmasq_find(natnet);
	cleanup_close int fd = -1;
	struct pollfd gone;

	if (!pid)
		return 0;
	fd = syscall(SYS_pidfd_open, pid, 0);
	/* what it was may have ended before the descriptor was there */
	if (fd < 0 || dnsmasq_find(natnet) != pid)
		return 0;
	gone = (struct pollfd){ .fd = fd, .events = POLLIN };
	syscall(SYS_pidfd_send_signal, fd, SIGTERM, NULL, 0);
	if (poll(&gone, 1, STOP_MS) == 1)
		return 0;
	syscall(SYS_pidfd_send_signal, fd, SIGKILL, NULL, 0);
	return poll(&gone, 1, STOP_MS) == 1 ? 0 :
	       err_set(err, STATUS_SYSTEM, "dnsmasq, process %d, does not end", pid);
}

/* Lines "EXPIRES MAC ADDRESS NAME ID", 0 is never; behind "duid" they are of IPv6. */
uint32_t dnsmasq_leases(const struct natnet *natnet)
{
	cleanup_close int fd = openat(natnet->dir_fd, "leases", O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	FILE *file = fd < 0 ? NULL : fdopen(take_fd(&fd), "re");
	long long expires, now = time(NULL);
	uint32_t n = 0;
	char line[512];

	while (file && fgets(line, sizeof(line), file) && strncmp(line, "duid", 4))
		if (sscanf(line, "%lld ", &expires) == 1 && (!expires || expires > now))
			n++;
	if (file)
		fclose(file);
	return n;
}
