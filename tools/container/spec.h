/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a container shall be: a plain structure, checked word by word while it
 * is filled and as a whole by spec_check().  It says nothing about how or where.
 */
#ifndef VSW_CONTAINER_SPEC_H
#define VSW_CONTAINER_SPEC_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "endpoint.h"
#include "err.h"

/* Exit statuses of a container that could not run; 128 + n: ended by signal n. */
enum container_status {
	CONTAINER_FAILED = 125,		/* vsw itself failed, nothing ran */
	CONTAINER_NOT_EXECUTABLE = 126,
	CONTAINER_NOT_FOUND = 127,
	CONTAINER_SIGNALED = 128,
};

#define SPEC_NAME_MAX	63		/* also a host name, so at most 63 */
#define SPEC_ADDRS_MAX	32
#define SPEC_IOS_MAX	16
#define SPEC_PUBLISHES_MAX	64
#define SPEC_ENV_MAX	1024
#define SPEC_MOUNTS_MAX	64
#define SPEC_ULIMITS_MAX	16	/* the kernel has as many */
#define SPEC_ALL_CAPS		UINT64_MAX
#define SPEC_UNLIMITED		UINT64_MAX	/* of a limit: there is none any more */
#define SPEC_USERNS_IDS	65536		/* user and group ids in a user namespace */

struct spec_addr {
	int family;			/* AF_INET or AF_INET6; 0: none */
	unsigned int prefix;		/* 0 for a gateway */
	union {
		struct in_addr v4;
		struct in6_addr v6;
		uint8_t bytes[16];
	};
};

/* Limits of one block device; 0: not limited. */
struct spec_io {
	unsigned int major, minor;
	uint64_t rbps, wbps, riops, wiops;
};

/* Ports of the host that lead to it. */
struct spec_publish {
	const char *text;		/* as it was said */
	uint8_t protocol;		/* IPPROTO_* */
	struct prefix address;		/* of the host; len 0: any */
	uint16_t port, port_last;
	uint16_t to_port;		/* of the container, for the lowest */
};

/* What is mounted in the container beside its root. */
struct spec_mount {
	enum { SPEC_NO_KIND, SPEC_BIND, SPEC_TMPFS } kind;
	char *source, *target;		/* owned; absolute, on the host and in the container */
	bool read_only;
	bool make_source;		/* a directory, if it is not there */
	bool exec;			/* of a tmpfs: files in it can be executed */
	unsigned int mode;		/* of a tmpfs */
	uint64_t size;			/* of a tmpfs, bytes; 0: half of the memory */
};

/* A limit of each process. */
struct spec_ulimit {
	int resource;			/* RLIMIT_* */
	uint64_t soft, hard;		/* RLIM_INFINITY: none */
};

enum spec_restart { RESTART_NO, RESTART_ON_FAILURE, RESTART_ALWAYS, RESTART_UNLESS_STOPPED };

enum spec_adapter { ADAPTER_VNIC, ADAPTER_VETH };

struct spec {
	const char *name;
	char **argv;			/* the command, closed by NULL */
	const char *rootfs;
	char **layers;			/* in place of it an image's, paths, the highest first */
	size_t n_layers;
	char **image_argv;		/* owned: argv, if an image says a part of it */
	/* of one that is kept, see kept/kept.h */
	bool detach, remove;
	enum spec_restart restart;
	unsigned int restart_max;	/* of RESTART_ON_FAILURE; 0: as often as it fails */
	uint64_t log_bytes;		/* of a file of its log */
	unsigned int log_files;
	int stop_signal;		/* 0: that of the image, else SIGTERM */
	unsigned int stop_seconds;	/* after which it is killed */
	bool has_stop_seconds;
	const char *kept_files;		/* directory of what it writes; NULL: that is in memory */
	struct supervision *supervision;	/* NULL: it ends with vsw; see container.h */
	bool read_only;
	struct spec_mount mounts[SPEC_MOUNTS_MAX];	/* a parent before its children */
	size_t n_mounts;
	const char *workdir;		/* absolute, as seen in the container */
	bool make_workdir;		/* if it is not there */
	const char *hostname;		/* NULL: name */
	uid_t uid;
	gid_t gid;
	bool has_user;
	bool userns;
	uint64_t caps_added, caps_dropped;	/* a bit each, or SPEC_ALL_CAPS */
	struct spec_ulimit ulimits[SPEC_ULIMITS_MAX];
	size_t n_ulimits;
	bool interactive;		/* keys that are typed go to its terminal */
	bool terminal;			/* its standard files are a terminal of its own */
	char *env[SPEC_ENV_MAX + 5];	/* closed by NULL; see spec_finish_env() */
	size_t n_env;

	const char *switch_name;	/* NULL: no network but lo */
	enum spec_adapter adapter;
	bool has_adapter;
	struct spec_addr addrs[SPEC_ADDRS_MAX];
	size_t n_addrs;
	bool dhcp;			/* one more, of IPv4, that a server leases */
	struct spec_addr gateway4, gateway6;
	uint8_t mac[6];
	bool has_mac;
	unsigned int mtu;		/* 0: the kernel's default */
	bool no_guard;			/* it may send as whom it likes */
	struct spec_publish publishes[SPEC_PUBLISHES_MAX];
	size_t n_publishes;
	bool obey_firewall;		/* what is published is behind the host's filter */

	/* 0: not limited */
	uint64_t memory;		/* bytes */
	uint64_t cpu_quota;		/* microseconds of each 100000 */
	uint64_t pids;
	struct spec_io ios[SPEC_IOS_MAX];
	size_t n_ios;
	uint64_t rate, ceil;		/* bit/s, of what it sends, and of what it gets */
};

/* Each takes the word behind its option.  0, or -1 with err set (status 125). */
int spec_set_name(struct spec *spec, const char *text, struct err *err);
int spec_set_hostname(struct spec *spec, const char *text, struct err *err);
int spec_set_rootfs(struct spec *spec, const char *text, struct err *err);
int spec_set_workdir(struct spec *spec, const char *text, struct err *err);
int spec_set_user(struct spec *spec, const char *text, struct err *err);
int spec_set_switch(struct spec *spec, const char *text, struct err *err);
/* A switch, and an address that is leased there. */
int spec_set_network(struct spec *spec, const char *text, struct err *err);
int spec_set_adapter(struct spec *spec, const char *text, struct err *err);
int spec_set_mac(struct spec *spec, const char *text, struct err *err);
int spec_set_mtu(struct spec *spec, const char *text, struct err *err);
int spec_set_memory(struct spec *spec, const char *text, struct err *err);
int spec_set_cpus(struct spec *spec, const char *text, struct err *err);
int spec_set_pids(struct spec *spec, const char *text, struct err *err);
int spec_add_io(struct spec *spec, const char *text, struct err *err);
int spec_add_env(struct spec *spec, const char *text, struct err *err);

/* Of a file: a NAME[=VALUE] each line; those that begin with # are none. */
int spec_add_env_file(struct spec *spec, const char *path, struct err *err);
/* caps.c: "NAME", with or without "CAP_", or "ALL" */
int spec_add_cap(struct spec *spec, const char *text, struct err *err);
int spec_drop_cap(struct spec *spec, const char *text, struct err *err);
/* ulimit.c: "NAME=SOFT[:HARD]" */
int spec_add_ulimit(struct spec *spec, const char *text, struct err *err);

/* mount_words.c */
/* "SOURCE:TARGET[:OPTION,...]" */
int spec_add_volume(struct spec *spec, const char *text, struct err *err);
/* "TARGET[:OPTION,...]" */
int spec_add_tmpfs(struct spec *spec, const char *text, struct err *err);
/* "KEY=VALUE,..." */
int spec_add_mount(struct spec *spec, const char *text, struct err *err);
void spec_free_mounts(struct spec *spec);

/*
 * image.c: what the configuration of an image says and nobody else has; layers are there.
 * args: the words behind the image. The document has to stay as long as the spec.
 */
struct json_t;
/* "USER[:GROUP]", each a number, or a name as the files of the layers have it. */
int spec_find_user(struct spec *spec, const char *text, struct err *err);
int spec_apply_image(struct spec *spec, struct json_t *document, char **args,
		     struct err *err);

/* kept/policy.c */
int spec_set_restart(struct spec *spec, const char *text, struct err *err);
int spec_set_log_opt(struct spec *spec, const char *text, struct err *err);
int spec_set_stop_signal(struct spec *spec, const char *text, struct err *err);
int spec_set_stop_timeout(struct spec *spec, const char *text, struct err *err);
/* What of these was not said, and those that contradict. */
int policy_check(struct spec *spec, struct err *err);

/* publish.c */
int spec_add_publish(struct spec *spec, const char *text, struct err *err);

/* rate.c */
int spec_set_rate(struct spec *spec, const char *text, struct err *err);
int spec_set_ceil(struct spec *spec, const char *text, struct err *err);
int rate_check(const struct spec *spec, struct err *err);

/* address.c */
int spec_add_ip(struct spec *spec, const char *text, struct err *err);
int spec_set_gateway(struct spec *spec, const char *text, struct err *err);
/* Is addr inside the network of net? */
bool spec_addr_contains(const struct spec_addr *net, const struct spec_addr *addr);

const char *spec_adapter_name(enum spec_adapter adapter);
/* The variables that every container has, as far as they were not said. hostname is. */
int spec_finish_env(struct spec *spec, struct err *err);
/* Is it a container as a whole: nothing missing, nothing that contradicts? */
int spec_check(struct spec *spec, struct err *err);
/* Is this a name that a container may have?  (Also a file name that is safe.) */
bool spec_name_valid(const char *name);
void spec_free(struct spec *spec);

#endif
