/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Containers: a process in namespaces, a cgroup and a root file system of its
 * own, with an adapter in a switch.
 *
 * The way of "vsw run", one step per file:
 *
 *   self.c     vsw runs again from a read-only mount of its own file
 *   create.c   the order of the steps, and their undoing
 *   state.c    take the name: a directory with a lock that dies with vsw
 *   cgroup.c   limits, before anything runs in them
 *   keeper.c   a process that ends the container when vsw is gone
 *   namespaces.c   clone3() into all of it; the child waits
 *   oom.c      it is killed before others when memory is short
 *   ulimit.c   limits of each process
 *   image.c    what an image says of it
 *   rootfs.c   the tree of mounts, as a detached mount
 *     dev.c volumes.c   its devices, and what of the host is mounted in it
 *   network.c  an adapter for it, a port of the switch ...
 *     vnic.c     the switch's own, in the child's netns
 *     veth.c     or a pair: one end in the switch, one in the child's netns
 *     lease.c dhcp.c    an address that a server there leases
 *     bind.c     nobody but its addresses may send by the port
 *   rate.c     how fast it may send and get
 *   init.c     the child: from here on it works on itself ...
 *     mounts.c inside.c caps.c seccomp.c    ... root, network, power
 *   sync.c     how the two talk, and how a failure of the child comes back
 *   monitor.c  forward signals, wait, say how it ended
 *   publish.c  ports of the host that lead to it
 *   reap.c     what a vsw that was killed left behind
 *   terminal.c     a terminal inside, and vsw's own
 *   find.c     one that runs, for other commands
 *   exec.c     another process in it
 *   update.c   other limits for one that runs
 */
#ifndef VSW_CONTAINER_CONTAINER_H
#define VSW_CONTAINER_CONTAINER_H

#include <linux/filter.h>
#include <net/if.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "err.h"
#include "model.h"
#include "spec.h"
#include "terminal.h"

#define SECCOMP_FILTERS	2

#define CONTAINER_DEVICE	"eth0"	/* its name of the adapter */

struct container;

/*
 * What a process beside a container does for it, so that it needs nobody else: see
 * kept/supervisor.c. The container goes on without it.
 */
struct supervision {
	int files[3];		/* the container's standard files */
	int output[2];		/* the other ends of the last two; -1: closed */
	/* There is something to read in an output; 0: it was closed. */
	int (*read)(struct supervision *supervision, int number);
	/* Its command runs. */
	void (*started)(struct supervision *supervision, const struct container *c);
};

/* A name that this process holds, and its directory. */
struct state {
	char dir[256];			/* path */
	int base_fd;			/* the directory of all containers */
	int dir_fd;
	int lock_fd;			/* whoever holds its lock owns the name */
	bool taken;
};

/* What a DHCP server has leased. */
struct lease {
	uint32_t address, server;	/* network byte order; address 0: nothing is leased */
	uint32_t xid;
	int64_t next;			/* when there is something to do, see lease.c */
	int retry;			/* milliseconds, if renewing it fails then */
	int fd;				/* while an answer is awaited; -1 */
	int netns;			/* the container's, -1 */
	int ifindex;			/* of its adapter there */
};

/* What there is of a container.  fds are -1 when closed. */
struct container {
	struct spec *spec;		/* what is leased is added */
	struct state state;

	int *layer_fds;			/* the directories it is made from, the highest first */
	size_t n_layers;
	char *rootfs_path;		/* absolute, for the record */
	int tree_fd;			/* its whole file system, detached */

	char cgroup[128];		/* path, "" until it is ours */
	uint64_t cgroup_id;		/* of no other group until the next boot */
	int cgroup_fd;

	pid_t keeper_pid;		/* 0: none */
	int keeper_fd;			/* closed: it kills all */

	pid_t pid;			/* of its first process, 0: none */
	int pid_fd;
	bool reaped;
	int exit_status;		/* once reaped; 128 + n: ended by signal n */
	int sync_fd;			/* our end of the pair */
	int signal_fd;
	int command_fd;			/* of who gets our signals, if that is not pid; -1 */
	struct terminal terminal;

	int switch_index;
	char link[IFNAMSIZ];		/* vnic, or host end of a pair; "" while there is none */
	int link_index;
	struct mnl_socket *vnic_socket;	/* in its netns, which it keeps; NULL: none */
	uint32_t port_number;		/* of a vnic; 0: the port is the device link_index */
	struct lease lease;
	int publish_netns;		/* its netns, while ports lead to it */
	size_t n_published;		/* of spec->publishes, the first ones */

	uint32_t id_base;		/* first id of its user namespace outside */
	bool idmapped;			/* its root owns the files of rootfs */
	struct sock_fprog filters[SECCOMP_FILTERS];	/* built before the clone */
};

/*
 * create.c: run a container to its end.  Its exit status, or -1 with err set.
 * note is told what its user should know that is not an error.  A leased address is added
 * to spec.
 */
typedef void container_note(const char *name, const char *text);
int container_run(struct spec *spec, container_note *note, struct err *err);

/*
 * reap.c: remove what is left of containers whose vsw is gone.  Cheap when
 * there is none.  -1: something could not be removed; the rest was.
 */
int container_reap_stale(struct err *err);
/* The same for one name that nobody owns.  The base directory is locked. */
int reap_container(int base_fd, const char *name, struct err *err);

/*
 * self.c: make sure that this program can't be written through /proc/PID/exe.
 * Runs it again from a read-only mount with these arguments; returns only in
 * that second run (0), or with an error.
 */
int self_protect(char *const argv[], struct err *err);

/* state.c */
const char *state_base(void);
/* The directory of all containers, -1 with errno set.  The caller closes it. */
int state_open_base(void);
int state_lock_base(int base_fd);
/* -1 with errno EWOULDBLOCK: somebody else has it. */
int state_try_lock_base(int base_fd);
void state_unlock_base(int base_fd);
/* Fills id_base too, when the container has a user namespace. */
int state_take(struct container *c, struct err *err);
/* Write down what there is now.  status: "creating", "running". */
int state_save(const struct container *c, const char *status, struct err *err);
/* keep: not all could be removed, so leave the record for who comes next. */
int state_release(struct container *c, bool keep, struct err *err);
/* Does a running vsw own it?  -1 with errno set. */
int state_owned(int base_fd, const char *name);
/* Remove the directory of a container.  The base directory is locked. */
int state_remove(int base_fd, const char *name, struct err *err);
/* Remove the base directories if they are empty. */
void state_tidy(void);

/* record.c: the file state.json */
struct record {
	uint64_t cgroup_id;		/* 0: none was made */
	char adapter[8];
	char link[IFNAMSIZ];
	int link_index;
	uint64_t netns;			/* inode, where the switch is */
	int switch_index;
	uint32_t id_base;		/* 0: no user namespace */
	bool supervised;		/* it goes on without the vsw that began it */
	bool running;			/* it is made, and so can be joined */
	pid_t init_pid;			/* its first process, 0: there was none yet */
	uint64_t init_start;		/* clock ticks since boot */
};

char *record_format(const struct container *c, const char *status);
/* 0, or -1 with errno set: there is none or it is damaged. */
int record_read(int base_fd, const char *name, struct record *record);
/* When a process began, 0 if there is none or it has ended. */
uint64_t record_start_time(pid_t pid);
/* Is that its process, and was it meant to go on alone? */
bool record_goes_on(int base_fd, const char *name, struct record *record);

/* find.c: a container that runs */
struct container_found {
	int netns;			/* descriptor, the caller's to close */
	struct prefix ipv4, ipv6;	/* by which it is reached; len 0: none */
};

int container_find(const char *name, struct container_found *found, struct err *err);
/* Likewise; has_interface: it has eth0. */
int container_find_netns(const char *name, bool *has_interface, struct err *err);
/* The directory of its cgroup, for the caller to close. */
int container_find_cgroup(const char *name, struct err *err);
/* A pidfd of its first process, likewise. */
int container_find_init(const char *name, struct err *err);
/*
 * To join it: a pidfd of its first process and the directory of its cgroup, both for the
 * caller to close.  pid is its number as long as the pidfd says that it runs.  userns: it has
 * a user namespace of its own.
 */
int container_find_join(const char *name, pid_t *pid, int *cgroup_fd, bool *userns,
			struct err *err);

/*
 * exec.c: another process in a container that runs; of spec count the name, the command,
 * variables, directory and standard files.  user: "USER[:GROUP]", names as they are called
 * there, or NULL.  Returns as container_run(), or 0 at once if it is detached.
 */
int container_exec(struct spec *spec, const char *user, bool detach, struct err *err);

/*
 * update.c: of spec only the name and the limits count; those that are not said stay, and
 * SPEC_UNLIMITED ends one. Where one fails, those before it have changed: rate, cgroup.
 */
int container_update(const struct spec *spec, struct err *err);

/* cgroup.c */
int cgroup_check(const struct spec *spec, struct err *err);
int cgroup_create(struct container *c, struct err *err);
/* The limits of one that is there, whose directory it is. */
int cgroup_change(int cgroup_fd, const struct spec *spec, struct err *err);
/*
 * Kill what is in it, wait for its end as long as some of it ends in that time,
 * remove it.  0 if there is none: a group of that name with another id is that of
 * another state directory.
 */
int cgroup_remove(const char *name, uint64_t id, int seconds, struct err *err);
/* Its directory: -1 with errno set, ENOENT also of another one with that name. */
int cgroup_open(const char *name, uint64_t id);
/* Only if nothing is in it. */
void cgroup_remove_empty(const char *name);
/* How often its memory limit, which is in bytes, killed a process. */
uint64_t cgroup_oom_kills(const struct container *c, uint64_t *limit);

/* keeper.c: before there is anything in the cgroup */
int keeper_start(struct container *c, struct err *err);
void keeper_end(struct container *c);

/* namespaces.c */
/* As fork(): 0 in the child, its pid in the parent, or -1 with err set. */
pid_t namespaces_clone(struct container *c, struct err *err);
/* The same into those that we are in, and the cgroup if there is a cgroup_fd. */
pid_t namespaces_fork(struct container *c, struct err *err);
int namespaces_map_ids(const struct container *c, struct err *err);
/* Of the container's first process; name as in /proc/PID/ns. */
int namespaces_open(const struct container *c, const char *name);

/* oom.c: the child is as easy to kill as any process, or easier. */
int oom_score_reset(const struct container *c, struct err *err);
/* ulimit.c: of the child, from outside, where they may also be raised */
int ulimit_apply(const struct container *c, struct err *err);

/* create.c: standard files that can be handed down */
int create_check_files(struct err *err);

/* rootfs.c */
/*
 * From here on what we mount is seen by nobody else, and ends with us.  Before
 * anything is opened: a descriptor belongs to the namespace it was made in.
 */
int rootfs_isolate(struct err *err);
int rootfs_open(struct container *c, struct err *err);
void rootfs_close(struct container *c);
/* Leaves tree_fd. */
int rootfs_build(struct container *c, struct err *err);
/* dev.c: /dev below the directory of root; device files are made in scratch. */
int dev_build(const struct container *c, int scratch, int root, struct err *err);
/* volumes.c: what spec says is to be mounted below the directory of root */
int volumes_attach(const struct container *c, int root, struct err *err);

/* mount.c: small steps, all by descriptor */
struct mount_option {
	const char *key;
	const char *value;		/* NULL: a flag */
};

/* A new file system, detached.  options end with a NULL key. */
int mount_new(const char *type, const struct mount_option *options, unsigned int attrs,
	      struct err *err);
/* Attach it at path below dir, which no link leads out of. */
int mount_attach(int mount_fd, int dir_fd, const char *path, struct err *err);
/* Another view of path below dir, detached.  The fd, or -1 with errno set. */
int mount_clone(int dir_fd, const char *path, unsigned int flags);
/* Open path below dir; no symbolic links, no way up.  -1 with errno set. */
int mount_resolve(int dir_fd, const char *path, uint64_t flags);
int mount_set(int mount_fd, uint64_t attrs);

/* network.c */
int network_check_switch(struct container *c, struct err *err);
int network_create(struct container *c, struct err *err);
int network_remove(struct container *c, struct err *err);
/* The port of a container that is gone.  0 if there is none. */
int network_remove_stale(const char *name, const struct record *record, struct err *err);
uint64_t network_namespace(void);

/* vnic.c */
/* netns: the container's */
int vnic_create(struct container *c, int netns, struct err *err);
int vnic_remove(struct container *c, struct err *err);
int vnic_remove_stale(const char *name, const struct record *record, struct err *err);

/* lease.c: the address of "ip dhcp", if it is wanted; the adapter is up then. */
int lease_take(struct container *c, struct err *err);
/* For poll(): until there is something to do, or -1. */
int lease_timeout(const struct lease *lease);
/* What there is to do now; also when fd is readable. */
void lease_work(struct container *c);
/* Give it back. */
void lease_end(struct container *c);

/* bind.c: unless it is not to be guarded, when all addresses are known */
int bind_addresses(const struct container *c, struct err *err);
int bind_cgroup(const struct container *c, struct err *err);

/* veth.c: the same with a pair */
int veth_create(struct container *c, int netns, struct err *err);
int veth_remove(struct container *c, struct err *err);
int veth_remove_stale(const char *name, const struct record *record, struct err *err);

/* rate.c */
int rate_create(const struct container *c, struct err *err);
/* spec->rate 0: it stays as it is. */
int rate_change(int netns, const struct spec *spec, struct err *err);

/* publish.c: after network_create() */
int publish_create(struct container *c, struct err *err);
int publish_remove(struct container *c, struct err *err);

/* inside.c: in the child's netns */
int inside_configure(const struct spec *spec, int proc_fd, struct err *err);

/* mounts.c: in the child */
/* Attach the tree next to the old root; the fd of its root. */
int mounts_attach_root(struct container *c, struct err *err);
/* What shows namespaces: /proc, /sys, /dev/pts, ...  All of it is writable. */
int mounts_fill(int root, struct err *err);
/* Mask and protect parts of /proc and /sys. */
int mounts_restrict(int root, struct err *err);
int mounts_pivot(int root, struct err *err);

/* init.c: never returns */
void init_main(struct container *c, int sync_fd) __attribute__((noreturn));

/* caps.c */
int caps_check(struct err *err);
int caps_limit_bounding(const struct spec *spec, struct err *err);
int caps_apply(const struct spec *spec, struct err *err);

/* seccomp.c */
int seccomp_build(struct sock_fprog filters[SECCOMP_FILTERS], struct err *err);
int seccomp_install(const struct sock_fprog filters[SECCOMP_FILTERS], struct err *err);
void seccomp_free(struct sock_fprog filters[SECCOMP_FILTERS]);

/* sync.c */
enum sync_kind {
	SYNC_START = 1,			/* to the child: all around you is ready */
	SYNC_READY,			/* to the parent: about to exec */
	SYNC_GO,			/* to the child */
	SYNC_TERMINAL,			/* to the parent, before READY: the master of one */
	SYNC_ERROR,			/* to the parent: status and text */
};

int sync_pair(int fds[2], struct err *err);
/* fd -1: none.  -1 with errno set. */
int sync_send(int sock, enum sync_kind kind, int fd);
int sync_send_error(int sock, const struct err *error);
/*
 * The kind that came, 0 when the other end is closed, -1 with errno set.  fd
 * and error may be NULL; error is filled by SYNC_ERROR.
 */
int sync_receive(int sock, int *fd, struct err *error);

/*
 * init.c: steps that one which joins a container takes too, in this order; init_execute()
 * comes back only with an error, which init_fail() hands to vsw.
 */
int init_keep_only(const struct spec *spec, int sync_fd, struct err *err);
void init_reset_signals(void);
int init_await(enum sync_kind kind, int *fd, struct err *err);
int init_give_up_power(const struct spec *spec, struct err *err);
/* fd -1: none */
int init_call(enum sync_kind kind, int fd, struct err *err);
int init_leave_session(struct err *err);
int init_enter_workdir(const struct spec *spec, struct err *err);
int init_execute(const struct container *c, struct err *err);
void init_fail(const struct err *err) __attribute__((noreturn));

/* monitor.c */
/* From here on signals wait until they are asked for. */
int monitor_block_signals(struct container *c, struct err *err);
/*
 * Wait for the next message of the child that is being made.  0 if it is of
 * this kind.  -1: it reports an error, it died, or vsw shall end.
 */
int monitor_expect(struct container *c, enum sync_kind kind, struct err *err);
/* Making it failed: was it the child's doing?  Then it knows better why. */
void monitor_ask(struct container *c, struct err *err);
/*
 * While it is being made: 1, fd is readable; 0, not in so many milliseconds, or nobody
 * knows; -1: vsw shall end.
 */
int monitor_await(struct container *c, int fd, int ms, struct err *err);
/* Wait for exec, after SYNC_GO.  0, or -1 with the reason why it did not run. */
int monitor_exec(struct container *c, struct err *err);
/* Forward signals until the container ends. */
int monitor_wait(struct container *c, struct err *err);
/* Kill what is there of the first process, and everything in its pid namespace. */
void monitor_kill(struct container *c);

#endif
