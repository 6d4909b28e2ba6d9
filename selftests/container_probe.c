// SPDX-License-Identifier: GPL-2.0
/*
 * Runs inside of a container and tries what a container should or should not be
 * able to do.
 *
 *   container_probe calls         system calls, a line "NAME ok" or "NAME ERRNO";
 *                                 some change the system of who is not in one
 *   container_probe harmless      those of them that change nothing
 *   container_probe device PATH   make a device file there and open it
 *   container_probe write PATH    open a file for writing
 *   container_probe writable DIR  the files below DIR that could be written, but
 *                                 for those of processes
 *   container_probe fds           the descriptors that are open
 *   container_probe pdeathsig     the signal that the end of its parent sends
 *   container_probe crash         end by SIGSEGV
 *   container_probe nobody        become user 1000, print "ready" and stay
 *   container_probe bomb          fork, all of them, until none can any more
 *   container_probe hunt          look for processes of vsw, "seen", and try to get hold of
 *                                 them, "caught"; does not end
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <linux/keyctl.h>
#include <sched.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef CLONE_NEWTIME
#define CLONE_NEWTIME	0x80
#endif
#define UNKNOWN_CALL	1500

static void report(const char *name, long ret)
{
	if (ret >= 0)
		printf("%s ok\n", name);
	else
		printf("%s %s\n", name, strerrorname_np(errno));
}

/* A process of its own for what would change us; its errno is the result. */
static void report_in_child(const char *name, long (*try)(long), long arg)
{
	int status;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (!pid)
		_exit(try(arg) < 0 ? errno : 0);
	if (pid < 0 || waitpid(pid, &status, 0) != pid) {
		report(name, -1);
		return;
	}
	errno = WIFEXITED(status) ? WEXITSTATUS(status) : 0;
	if (!WIFEXITED(status))
		printf("%s died\n", name);
	else
		report(name, errno ? -1 : 0);
}

static long try_unshare(long flags)
{
	return unshare(flags);
}

static long try_clone(long flags)
{
	long pid = syscall(SYS_clone, flags | SIGCHLD, 0, 0, 0, 0);

	if (!pid)
		_exit(0);
	return pid;
}

static long try_traceme(long arg)
{
	return ptrace(PTRACE_TRACEME, 0, arg, arg);
}

static long try_setns(long arg)
{
	return setns(open("/proc/self/ns/uts", O_RDONLY), arg);
}

/* keyctl() of 32-bit programs, which have other numbers */
static long try_compat_keyctl(long arg)
{
#ifdef __x86_64__
	long ret;

	__asm__ volatile("int $0x80" : "=a"(ret)
			 : "a"(288L), "b"(arg), "c"((long)KEY_SPEC_SESSION_KEYRING), "d"(0L)
			 : "memory", "r8", "r9", "r10", "r11");
	if ((int)ret < 0) {
		errno = -(int)ret;
		return -1;
	}
	return 0;
#else
	errno = ENOSYS;
	return arg ? -1 : -1;
#endif
}

static void namespaces(void)
{
	static const struct {
		const char *name;
		long flag;
	} kinds[] = {
		{ "mnt", CLONE_NEWNS }, { "cgroup", CLONE_NEWCGROUP }, { "uts", CLONE_NEWUTS },
		{ "ipc", CLONE_NEWIPC }, { "user", CLONE_NEWUSER }, { "pid", CLONE_NEWPID },
		{ "net", CLONE_NEWNET },
	};
	char name[64];
	size_t i;

	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		snprintf(name, sizeof(name), "unshare-%s", kinds[i].name);
		report_in_child(name, try_unshare, kinds[i].flag);
		snprintf(name, sizeof(name), "clone-%s", kinds[i].name);
		report_in_child(name, try_clone, kinds[i].flag);
	}
	report_in_child("unshare-time", try_unshare, CLONE_NEWTIME);
	report_in_child("unshare-files", try_unshare, CLONE_FILES);
	report_in_child("clone", try_clone, 0);
	report_in_child("setns", try_setns, CLONE_NEWUTS);
	report("clone3", syscall(SYS_clone3, NULL, 0));
}

static void harmless(void)
{
	namespaces();
	report_in_child("ptrace", try_traceme, 0);
	report("personality", syscall(SYS_personality, 0xffffffffUL));
	report_in_child("compat-keyctl", try_compat_keyctl, KEYCTL_GET_KEYRING_ID);
}

static void calls(void)
{
	char handle[64] = "";

	/* outside, these would do what they say */
	if (prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1 || getpid() != 1) {
		fprintf(stderr, "container_probe: this is no container\n");
		exit(2);
	}
	harmless();
	report("mount", mount("none", "/tmp", "tmpfs", 0, NULL));
	report("umount2", umount2("/proc", MNT_DETACH));
	report("pivot_root", syscall(SYS_pivot_root, "/", "/"));
	report("open_tree", syscall(SYS_open_tree, AT_FDCWD, "/", 1));
	report("move_mount", syscall(SYS_move_mount, -1, "", -1, "", 0));
	report("fsopen", syscall(SYS_fsopen, "tmpfs", 0));
	report("fsconfig", syscall(SYS_fsconfig, -1, 0, NULL, NULL, 0));
	report("fsmount", syscall(SYS_fsmount, -1, 0, 0));
	report("mount_setattr", syscall(SYS_mount_setattr, -1, "", 0, NULL, 0));
	report("keyctl", syscall(SYS_keyctl, KEYCTL_GET_KEYRING_ID, KEY_SPEC_SESSION_KEYRING, 0));
	report("add_key", syscall(SYS_add_key, "user", "x", "x", 1, KEY_SPEC_PROCESS_KEYRING));
	report("request_key", syscall(SYS_request_key, "user", "x", NULL, 0));
	report("bpf", syscall(SYS_bpf, 0, NULL, 0));
	report("perf_event_open", syscall(SYS_perf_event_open, NULL, 0, -1, -1, 0));
	report("userfaultfd", syscall(SYS_userfaultfd, 1));
	report("io_uring_setup", syscall(SYS_io_uring_setup, 1, NULL));
	report("kexec_load", syscall(SYS_kexec_load, 0, 0, NULL, 0));
	report("init_module", syscall(SYS_init_module, NULL, 0, ""));
	report("finit_module", syscall(SYS_finit_module, -1, "", 0));
	report("delete_module", syscall(SYS_delete_module, "vswitch", O_NONBLOCK));
	report("reboot", syscall(SYS_reboot, 0, 0, 0, NULL));
	report("open_by_handle_at", syscall(SYS_open_by_handle_at, AT_FDCWD, handle, O_RDONLY));
	report("swapon", syscall(SYS_swapon, "/dev/zero", 0));
	report("syslog", syscall(SYS_syslog, 3, handle, sizeof(handle)));
	report("sethostname", sethostname("x", 1));
	report("settimeofday", syscall(SYS_settimeofday, NULL, NULL));
	report("unknown", syscall(UNKNOWN_CALL, 0, 0, 0, 0, 0, 0));
	report("personality-norandom", syscall(SYS_personality, (unsigned long)ADDR_NO_RANDOMIZE));
	report("socket-vsock", socket(AF_VSOCK, SOCK_STREAM, 0));
	report("socket-inet", socket(AF_INET, SOCK_STREAM, 0));
	report("socket-raw", socket(AF_INET, SOCK_RAW, 1));
	report("tiocsti", ioctl(0, TIOCSTI, "x"));
	/* the kernel looks at 32 bits of the request */
	report("tiocsti-high", syscall(SYS_ioctl, 0, TIOCSTI | 0x100000000UL, "x"));
	report("chroot", chroot("/"));
}

static int device(const char *path)
{
	/* /dev/kmsg: there on every kernel, and not in a container */
	report("mknod", mknod(path, S_IFCHR | 0666, makedev(1, 11)));
	report("open", open(path, O_RDONLY | O_NONBLOCK));
	return 0;
}

static int look(const char *path, const struct stat *st, int type, struct FTW *walk)
{
	const char *name = path + walk->base;

	if (type == FTW_D && walk->level == 1 && strspn(name, "0123456789") == strlen(name))
		return FTW_SKIP_SUBTREE;
	/* root could open the others too, but they have no function for it */
	if (type == FTW_F && S_ISREG(st->st_mode) && (st->st_mode & 0222) &&
	    !faccessat(AT_FDCWD, path, W_OK, AT_EACCESS))
		puts(path);
	return FTW_CONTINUE;
}

static int fds(void)
{
	struct rlimit limit;
	rlim_t fd;

	if (getrlimit(RLIMIT_NOFILE, &limit) < 0)
		return 1;
	for (fd = 0; fd < limit.rlim_cur && fd < 65536; fd++) {
		if (fcntl(fd, F_GETFD) >= 0)
			printf("%d\n", (int)fd);
	}
	return 0;
}

static int pdeathsig(void)
{
	int sig = -1;

	prctl(PR_GET_PDEATHSIG, &sig);
	printf("%d\n", sig);
	return 0;
}

static void nobody(void)
{
	if (setresuid(1000, 1000, 1000) < 0)
		exit(1);
	puts("ready");
	fflush(stdout);
	for (;;)
		pause();
}

static void bomb(void)
{
	while (fork() >= 0)
		;
	for (;;)
		pause();
}

static bool is_vsw(int pid)
{
	char path[64], name[32] = "";
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/comm", pid);
	fd = open(path, O_RDONLY);
	if (fd < 0)
		return false;
	if (read(fd, name, sizeof(name) - 1) < 0)
		name[0] = '\0';
	close(fd);
	return !strncmp(name, "vsw", 3);
}

/*
 * Who may open these may trace it, too. But what it executes is the container's, so it has to
 * be vsw still.
 */
static void hunt_one(int pid)
{
	static const char *const prey[] = { "mem", "environ" };
	char path[64];
	size_t i;
	int fd;

	for (i = 0; i < sizeof(prey) / sizeof(prey[0]) && is_vsw(pid); i++) {
		puts("seen");
		snprintf(path, sizeof(path), "/proc/%d/%s", pid, prey[i]);
		fd = open(path, O_RDONLY);
		if (fd >= 0 && is_vsw(pid))
			printf("caught its %s\n", prey[i]);
		if (fd >= 0)
			close(fd);
		fflush(stdout);
	}
}

static void hunt(void)
{
	struct dirent *entry;
	DIR *dir;

	puts("ready");
	fflush(stdout);
	for (;;) {
		dir = opendir("/proc");
		while (dir && (entry = readdir(dir))) {
			if (atoi(entry->d_name) > 1)
				hunt_one(atoi(entry->d_name));
		}
		closedir(dir);
	}
}

int main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "";

	if (!strcmp(what, "calls"))
		calls();
	else if (!strcmp(what, "harmless"))
		harmless();
	else if (!strcmp(what, "device") && argc > 2)
		return device(argv[2]);
	else if (!strcmp(what, "write") && argc > 2)
		report("write", open(argv[2], O_WRONLY));
	else if (!strcmp(what, "writable") && argc > 2)
		return nftw(argv[2], look, 16, FTW_PHYS | FTW_ACTIONRETVAL) < 0;
	else if (!strcmp(what, "fds"))
		return fds();
	else if (!strcmp(what, "pdeathsig"))
		return pdeathsig();
	else if (!strcmp(what, "crash"))
		*(volatile int *)(uintptr_t)(argc - 2) = 0;
	else if (!strcmp(what, "nobody"))
		nobody();
	else if (!strcmp(what, "bomb"))
		bomb();
	else if (!strcmp(what, "hunt"))
		hunt();
	else
		return 2;
	return 0;
}
