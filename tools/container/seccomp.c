// SPDX-License-Identifier: GPL-2.0
/*
 * System calls of a container, by two filters; of two opinions about a call
 * the kernel takes the stricter, of two refusals the one loaded last.
 *
 *   known     what programs need.  Anything else does not exist: ENOSYS.  That
 *             holds for calls of kernels that are newer than this list, and
 *             programs know how to do without those.
 *   refused   what there is, but not for containers: EPERM, also with a certain
 *             argument only.
 */
#include <errno.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <seccomp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include "cleanup.h"
#include "container.h"

#define NAMESPACE_FLAGS (CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC | \
			 CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET)
#define FLAG_NEWTIME	0x80	/* in clone() this bit belongs to the signal */

/*
 * clone3() is not here: its flags are out of a filter's sight, and libraries
 * fall back to clone().  Nor is socketcall(), but for 32-bit programs libseccomp
 * makes rules for it of those for socket() and the like.  They can't see a
 * family, so the one that refuses AF_VSOCK refuses socket() of any family that
 * is asked for in this way, which C libraries for kernels before 4.3 do.
 */
static const char *const known[] = {
	/* files */
	"access", "chdir", "chmod", "chown", "chown32", "chroot", "close", "close_range",
	"copy_file_range", "creat", "dup", "dup2", "dup3", "faccessat", "faccessat2",
	"fadvise64", "fadvise64_64", "arm_fadvise64_64", "fallocate", "fchdir", "fchmod",
	"fchmodat", "fchmodat2", "fchown", "fchown32", "fchownat", "fcntl", "fcntl64",
	"fdatasync", "fgetxattr", "flistxattr", "flock", "fremovexattr", "fsetxattr", "fstat",
	"fstat64", "fstatat64", "fstatfs", "fstatfs64", "fsync", "ftruncate", "ftruncate64",
	"futimesat", "getcwd", "getdents", "getdents64", "getxattr", "ioctl", "lchown",
	"lchown32", "lgetxattr", "link", "linkat", "listxattr", "llistxattr", "_llseek",
	"lremovexattr", "lseek", "lsetxattr", "lstat", "lstat64", "mkdir", "mkdirat", "mknod",
	"mknodat", "name_to_handle_at", "newfstatat", "oldfstat", "oldlstat", "oldstat", "open",
	"openat", "openat2", "pread64", "preadv", "preadv2", "pwrite64", "pwritev", "pwritev2",
	"read", "readahead", "readdir", "readlink", "readlinkat", "readv", "removexattr",
	"rename", "renameat", "renameat2", "rmdir", "sendfile", "sendfile64", "setxattr",
	"splice", "stat", "stat64", "statfs", "statfs64", "statx", "symlink", "symlinkat",
	"sync", "sync_file_range", "sync_file_range2", "arm_sync_file_range", "syncfs", "tee",
	"truncate", "truncate64", "umask", "unlink", "unlinkat", "utime", "utimensat",
	"utimensat_time64", "utimes", "vmsplice", "write", "writev", "cachestat",
	"fanotify_mark", "inotify_add_watch", "inotify_init", "inotify_init1",
	"inotify_rm_watch", "landlock_add_rule", "landlock_create_ruleset",
	"landlock_restrict_self",
	/* waiting and events */
	"_newselect", "epoll_create", "epoll_create1", "epoll_ctl", "epoll_ctl_old",
	"epoll_pwait", "epoll_pwait2", "epoll_wait", "epoll_wait_old", "eventfd", "eventfd2",
	"io_cancel", "io_destroy", "io_getevents", "io_pgetevents", "io_pgetevents_time64",
	"io_setup", "io_submit", "pause", "pipe", "pipe2", "poll", "ppoll", "ppoll_time64",
	"pselect6", "pselect6_time64", "select", "signalfd", "signalfd4", "timerfd_create",
	"timerfd_gettime", "timerfd_gettime64", "timerfd_settime", "timerfd_settime64",
	/* memory */
	"brk", "madvise", "map_shadow_stack", "membarrier", "memfd_create", "memfd_secret",
	"mincore", "mlock", "mlock2", "mlockall", "mmap", "mmap2", "mprotect", "mremap", "mseal",
	"msync", "munlock", "munlockall", "munmap", "pkey_alloc", "pkey_free", "pkey_mprotect",
	"remap_file_pages", "shmat", "shmctl", "shmdt", "shmget",
	/* processes, threads, signals */
	"alarm", "arch_prctl", "capget", "capset", "clone", "execve", "execveat", "exit",
	"exit_group", "fork", "futex", "futex_requeue", "futex_time64", "futex_wait",
	"futex_waitv", "futex_wake", "get_robust_list", "get_thread_area", "getcpu", "getitimer",
	"getpgid", "getpgrp", "getpid", "getppid", "getpriority", "getrlimit", "getrusage",
	"getsid", "gettid", "ioprio_get", "ioprio_set", "kill", "modify_ldt", "nice",
	"pidfd_open", "pidfd_send_signal", "prctl", "prlimit64", "process_mrelease",
	"process_vm_readv", "process_vm_writev", "ptrace", "restart_syscall", "rseq",
	"rt_sigaction", "rt_sigpending", "rt_sigprocmask", "rt_sigqueueinfo", "rt_sigreturn",
	"rt_sigsuspend", "rt_sigtimedwait", "rt_sigtimedwait_time64", "rt_tgsigqueueinfo",
	"sched_get_priority_max", "sched_get_priority_min", "sched_getaffinity", "sched_getattr",
	"sched_getparam", "sched_getscheduler", "sched_rr_get_interval",
	"sched_rr_get_interval_time64", "sched_setaffinity", "sched_setattr", "sched_setparam",
	"sched_setscheduler", "sched_yield", "seccomp", "set_robust_list", "set_thread_area",
	"set_tid_address", "set_tls", "setitimer", "setpgid", "setpriority", "setrlimit",
	"setsid", "sgetmask", "sigaction", "sigaltstack", "signal", "sigpending", "sigprocmask",
	"sigreturn", "sigsuspend", "ssetmask", "swapcontext", "tgkill", "times", "tkill",
	"ugetrlimit", "unshare", "uretprobe", "vfork", "wait4", "waitid", "waitpid",
	"breakpoint", "cacheflush", "riscv_flush_icache", "riscv_hwprobe", "s390_runtime_instr",
	"s390_guarded_storage", "s390_sthyi",
	/* users */
	"getegid", "getegid32", "geteuid", "geteuid32", "getgid", "getgid32", "getgroups",
	"getgroups32", "getresgid", "getresgid32", "getresuid", "getresuid32", "getuid",
	"getuid32", "setfsgid", "setfsgid32", "setfsuid", "setfsuid32", "setgid", "setgid32",
	"setgroups", "setgroups32", "setregid", "setregid32", "setresgid", "setresgid32",
	"setresuid", "setresuid32", "setreuid", "setreuid32", "setuid", "setuid32",
	/* time */
	"adjtimex", "clock_adjtime", "clock_adjtime64", "clock_getres", "clock_getres_time64",
	"clock_gettime", "clock_gettime64", "clock_nanosleep", "clock_nanosleep_time64",
	"gettimeofday", "nanosleep", "time", "timer_create", "timer_delete",
	"timer_getoverrun", "timer_gettime", "timer_gettime64", "timer_settime",
	"timer_settime64",
	/* talking */
	"accept", "accept4", "bind", "connect", "getpeername", "getsockname", "getsockopt",
	"ipc", "listen", "mq_getsetattr", "mq_notify", "mq_open", "mq_timedreceive",
	"mq_timedreceive_time64", "mq_timedsend", "mq_timedsend_time64", "mq_unlink", "msgctl",
	"msgget", "msgrcv", "msgsnd", "recv", "recvfrom", "recvmmsg", "recvmmsg_time64",
	"recvmsg", "semctl", "semget", "semop", "semtimedop", "semtimedop_time64", "send",
	"sendmmsg", "sendmsg", "sendto", "setsockopt", "shutdown", "socket", "socketpair",
	/* the system */
	"getrandom", "lsm_get_self_attr", "lsm_list_modules", "lsm_set_self_attr", "olduname",
	"oldolduname", "sysinfo", "uname",
};

/* Personalities that change nothing that matters to the kernel's safety. */
static const uint32_t personalities[] = { 0, 0x8, 0x20000, 0x20008, 0xffffffff };

/* Refused, whatever the arguments; "known" need not list them. */
static const char *const refused[] = {
	"acct", "add_key", "bpf", "clock_settime", "clock_settime64", "delete_module",
	"fanotify_init", "finit_module", "fsconfig", "fsmount", "fsopen", "fspick",
	"get_mempolicy", "init_module", "io_uring_enter", "io_uring_register", "io_uring_setup",
	"ioperm", "iopl", "kcmp", "kexec_file_load", "kexec_load", "keyctl", "mbind",
	"migrate_pages", "mount", "mount_setattr", "move_mount", "move_pages",
	"open_by_handle_at", "open_tree", "perf_event_open", "pidfd_getfd", "pivot_root",
	"process_madvise", "quotactl", "quotactl_fd", "reboot", "request_key",
	"set_mempolicy", "set_mempolicy_home_node", "setdomainname", "sethostname", "setns",
	"settimeofday", "stime", "swapoff", "swapon", "syslog", "umount", "umount2",
	"userfaultfd", "vhangup",
};

/* Which argument of clone() has the flags. */
#if defined(__s390x__) || defined(__s390__)
#define CLONE_FLAGS_ARG	1
#else
#define CLONE_FLAGS_ARG	0
#endif

static const struct {
	const char *name;
	unsigned int arg;
	uint32_t mask, value;
} refused_with[] = {
	{ "clone", CLONE_FLAGS_ARG, CLONE_NEWNS, CLONE_NEWNS },
	{ "clone", CLONE_FLAGS_ARG, CLONE_NEWCGROUP, CLONE_NEWCGROUP },
	{ "clone", CLONE_FLAGS_ARG, CLONE_NEWUTS, CLONE_NEWUTS },
	{ "clone", CLONE_FLAGS_ARG, CLONE_NEWIPC, CLONE_NEWIPC },
	{ "clone", CLONE_FLAGS_ARG, CLONE_NEWUSER, CLONE_NEWUSER },
	{ "clone", CLONE_FLAGS_ARG, CLONE_NEWPID, CLONE_NEWPID },
	{ "clone", CLONE_FLAGS_ARG, CLONE_NEWNET, CLONE_NEWNET },
	{ "unshare", 0, CLONE_NEWNS, CLONE_NEWNS },
	{ "unshare", 0, CLONE_NEWCGROUP, CLONE_NEWCGROUP },
	{ "unshare", 0, CLONE_NEWUTS, CLONE_NEWUTS },
	{ "unshare", 0, CLONE_NEWIPC, CLONE_NEWIPC },
	{ "unshare", 0, CLONE_NEWUSER, CLONE_NEWUSER },
	{ "unshare", 0, CLONE_NEWPID, CLONE_NEWPID },
	{ "unshare", 0, CLONE_NEWNET, CLONE_NEWNET },
	{ "unshare", 0, FLAG_NEWTIME, FLAG_NEWTIME },
	/* words put into the mouth of who reads the terminal next */
	{ "ioctl", 1, UINT32_MAX, TIOCSTI },
	{ "ioctl", 1, UINT32_MAX, TIOCLINUX },
	/* to the hypervisor, past every network namespace */
	{ "socket", 0, UINT32_MAX, AF_VSOCK },
};

#define N(array) (sizeof(array) / sizeof((array)[0]))

/* A 64-bit kernel runs 32-bit programs too; their calls are filtered alike. */
static int add_architectures(scmp_filter_ctx ctx)
{
	static const struct {
		uint32_t native, compat;
	} pairs[] = {
		{ SCMP_ARCH_X86_64, SCMP_ARCH_X86 },
		{ SCMP_ARCH_AARCH64, SCMP_ARCH_ARM },
		{ SCMP_ARCH_S390X, SCMP_ARCH_S390 },
	};
	size_t i;

	for (i = 0; i < N(pairs); i++) {
		int ret;

		if (seccomp_arch_native() != pairs[i].native)
			continue;
		ret = seccomp_arch_add(ctx, pairs[i].compat);
		if (ret < 0 && ret != -EEXIST)
			return ret;
	}
	return 0;
}

static int allow_known(scmp_filter_ctx ctx)
{
	size_t i;
	int nr, ret;

	for (i = 0; i < N(known); i++) {
		nr = seccomp_syscall_resolve_name(known[i]);
		if (nr == __NR_SCMP_ERROR)
			continue;	/* newer than the library */
		ret = seccomp_rule_add(ctx, SCMP_ACT_ALLOW, nr, 0);
		if (ret < 0)
			return ret;
	}
	for (i = 0; i < N(refused); i++) {
		nr = seccomp_syscall_resolve_name(refused[i]);
		if (nr == __NR_SCMP_ERROR)
			continue;
		ret = seccomp_rule_add(ctx, SCMP_ACT_ALLOW, nr, 0);
		if (ret < 0)
			return ret;
	}
	for (i = 0; i < N(personalities); i++) {
		struct scmp_arg_cmp same = {
			.arg = 0, .op = SCMP_CMP_EQ, .datum_a = personalities[i],
		};

		ret = seccomp_rule_add(ctx, SCMP_ACT_ALLOW, SCMP_SYS(personality), 1, same);
		if (ret < 0)
			return ret;
	}
	return 0;
}

static int refuse(scmp_filter_ctx ctx)
{
	size_t i;
	int nr, ret;

	for (i = 0; i < N(refused); i++) {
		nr = seccomp_syscall_resolve_name(refused[i]);
		if (nr == __NR_SCMP_ERROR)
			continue;
		ret = seccomp_rule_add(ctx, SCMP_ACT_ERRNO(EPERM), nr, 0);
		if (ret < 0)
			return ret;
	}
	for (i = 0; i < N(refused_with); i++) {
		/* the kernel looks at 32 bits of each of these, so the filter does */
		struct scmp_arg_cmp same = {
			.arg = refused_with[i].arg, .op = SCMP_CMP_MASKED_EQ,
			.datum_a = refused_with[i].mask, .datum_b = refused_with[i].value,
		};

		nr = seccomp_syscall_resolve_name(refused_with[i].name);
		ret = seccomp_rule_add(ctx, SCMP_ACT_ERRNO(EPERM), nr, 1, same);
		if (ret < 0)
			return ret;
	}
	return 0;
}

/* libseccomp writes a filter to a file only. */
static int export(scmp_filter_ctx ctx, struct sock_fprog *program)
{
	cleanup_close int fd = memfd_create("vsw-seccomp", MFD_CLOEXEC);
	struct stat st;
	int ret;

	if (fd < 0)
		return -errno;
	ret = seccomp_export_bpf(ctx, fd);
	if (ret < 0)
		return ret;
	if (fstat(fd, &st) < 0)
		return -errno;
	program->filter = malloc(st.st_size);
	if (!program->filter)
		return -ENOMEM;
	if (pread(fd, program->filter, st.st_size, 0) != st.st_size)
		return -EIO;
	program->len = st.st_size / sizeof(*program->filter);
	return 0;
}

static int build(uint32_t otherwise, int (*add_rules)(scmp_filter_ctx),
		 struct sock_fprog *program)
{
	scmp_filter_ctx ctx = seccomp_init(otherwise);
	int ret;

	if (!ctx)
		return -ENOMEM;
	ret = add_architectures(ctx);
	/* a tree in place of a list of some hundred comparisons */
	if (!ret)
		ret = seccomp_attr_set(ctx, SCMP_FLTATR_CTL_OPTIMIZE, 2);
	if (!ret)
		ret = add_rules(ctx);
	if (!ret)
		ret = export(ctx, program);
	seccomp_release(ctx);
	return ret;
}

int seccomp_build(struct sock_fprog filters[SECCOMP_FILTERS], struct err *err)
{
	int ret = build(SCMP_ACT_ERRNO(ENOSYS), allow_known, &filters[0]);

	if (!ret)
		ret = build(SCMP_ACT_ALLOW, refuse, &filters[1]);
	if (ret < 0)
		return err_set_errno(err, CONTAINER_FAILED, -ret, "seccomp: build the filter");
	return 0;
}

void seccomp_free(struct sock_fprog filters[SECCOMP_FILTERS])
{
	size_t i;

	for (i = 0; i < SECCOMP_FILTERS; i++) {
		free(filters[i].filter);
		filters[i].filter = NULL;
	}
}

int seccomp_install(const struct sock_fprog filters[SECCOMP_FILTERS], struct err *err)
{
	size_t i;

	for (i = 0; i < SECCOMP_FILTERS; i++) {
		if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &filters[i]) < 0)
			return err_set_errno(err, CONTAINER_FAILED, errno, "seccomp: install");
	}
	return 0;
}
