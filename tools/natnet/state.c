// SPDX-License-Identifier: GPL-2.0
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "container/cleanup.h"
#include "container/container.h"
#include "lib/parse.h"
#include "natnet.h"
#include "output_private.h"
#include "status.h"

#define RECORD_VERSION	1
#define RECORD_SIZE_MAX	4096
#define ATTEMPTS	16	/* the base may be removed by another vsw */

static const char * const status_words[] = { "creating", "running", "deleting" };

const char *natnet_path(char path[NATNET_PATH_SIZE], const char *name, const char *file)
{
	snprintf(path, NATNET_PATH_SIZE, "%s/natnets%s%s%s%s", state_base(), *name ? "/" : "",
		 name, *file ? "/" : "", file);
	return path;
}

static int make_base(struct err *err)
{
	char path[NATNET_PATH_SIZE];

	if (state_base()[0] != '/' || strlen(state_base()) > 100)
		return err_set(err, STATUS_SYSTEM,
			       "VSW_STATE_DIR is not an absolute path of at most 100 letters");
	if (mkdir(state_base(), 0755) < 0 && errno != EEXIST)
		return err_set_errno(err, STATUS_SYSTEM, errno, "can't make %s", state_base());
	natnet_path(path, "", "");
	if (mkdir(path, 0755) < 0 && errno != EEXIST)
		return err_set_errno(err, STATUS_SYSTEM, errno, "can't make %s", path);
	return 0;
}

/* The lock goes with whoever holds it, and is not dnsmasq's: it is closed by its exec. */
static int lock_directory(struct natnet *natnet, const char *name, bool wait, struct err *err)
{
	char path[NATNET_PATH_SIZE];
	int ret;

	natnet->dir_fd = open(natnet_path(path, name, ""),
			      O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (natnet->dir_fd < 0)
		return err_set(err, STATUS_REFUSED,
			       "there is no NAT network '%s'. See 'vsw natnet show'", name);
	do
		ret = flock(natnet->dir_fd, LOCK_EX | (wait ? 0 : LOCK_NB));
	while (ret < 0 && errno == EINTR);
	if (ret == 0)
		return 0;
	natnet_close(natnet);
	return err_set(err, STATUS_REFUSED, "NAT network '%s' is being worked on", name);
}

/* Is what is open still the directory of that name? */
static bool is_there(const struct natnet *natnet, const char *name)
{
	char path[NATNET_PATH_SIZE];
	struct stat here, there;

	return fstat(natnet->dir_fd, &here) == 0 &&
	       stat(natnet_path(path, name, ""), &there) == 0 && here.st_ino == there.st_ino;
}

int natnet_take(struct natnet *natnet, const char *name, struct err *err)
{
	char path[NATNET_PATH_SIZE];
	int attempt;

	natnet->dir_fd = -1;
	for (attempt = 0; attempt < ATTEMPTS; attempt++) {
		if (make_base(err) < 0)
			return -1;
		if (mkdir(natnet_path(path, name, ""), 0755) < 0 && errno == EEXIST)
			return err_set(err, STATUS_REFUSED,
				       "there is a NAT network '%s', 'vsw natnet delete %s' removes it",
				       name, name);
		if (lock_directory(natnet, name, true, err) < 0)
			continue;
		/* another one may have taken an empty directory for a stale one */
		if (is_there(natnet, name))
			return 0;
		close_fd(&natnet->dir_fd);
	}
	return err_set_errno(err, STATUS_SYSTEM, errno, "can't make %s", path);
}

void natnet_close(struct natnet *natnet)
{
	close_fd(&natnet->dir_fd);
	object_clear(&kind_natnet, &natnet->net);
}

uint64_t natnet_netns(void)
{
	cleanup_close int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	socklen_t len = sizeof(uint64_t);
	uint64_t cookie = 0;

	if (fd < 0 || getsockopt(fd, SOL_SOCKET, SO_NETNS_COOKIE, &cookie, &len) < 0)
		return 0;
	return cookie;
}

/* ---- the record ---------------------------------------------------------------------- */

static json_t *prefix_value(const struct prefix *prefix)
{
	char text[IP_TEXT_SIZE + 8], address[IP_TEXT_SIZE];

	if (!prefix->len)
		return json_null();
	snprintf(text, sizeof(text), "%s/%u", ip_text(address, prefix), prefix->bits);
	return json_string(text);
}

static void read_prefix(struct prefix *prefix, json_t *value)
{
	struct prefix read = {};

	if (json_is_string(value) &&
	    parse_prefix("record", json_string_value(value), &read, NULL) == 0)
		*prefix = read;
}

static char *format(const struct natnet *natnet)
{
	const struct vsw_natnet *net = &natnet->net;
	char *text = NULL;
	json_t *object;

	object = json_pack("{s:i, s:s, s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:b, s:I, s:I, s:I, s:I, s:I, s:I, s:i, s:I}",
			   "version", RECORD_VERSION, "name", net->name,
			   "status", status_words[natnet->status],
			   "subnet", prefix_value(&net->subnet),
			   "gateway", prefix_value(&net->gateway),
			   "ipv6", prefix_value(&net->ipv6),
			   "ipv6-gateway", prefix_value(&net->ipv6_gateway),
			   "dhcp-first", prefix_value(&net->first),
			   "dhcp-last", prefix_value(&net->last),
			   "dhcp", (int)net->dhcp, "limit", (json_int_t)net->limit,
			   "netns", (json_int_t)natnet->netns, "made", (json_int_t)natnet->made,
			   "switch-ifindex", (json_int_t)natnet->ifindex,
			   "rule", (json_int_t)natnet->rule,
			   "ipv6-rule", (json_int_t)natnet->ipv6_rule,
			   "pid", (int)natnet->pid, "start-time", (json_int_t)natnet->start);
	if (object)
		text = json_dumps(object, JSON_INDENT(1));
	json_decref(object);
	return text;
}

static int write_record(int dir_fd, const char *text)
{
	cleanup_close int fd = openat(dir_fd, "state.json.new",
				      O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0644);
	size_t len = strlen(text);

	if (fd < 0 || write(fd, text, len) != (ssize_t)len || fsync(fd) < 0)
		return -1;
	return renameat(dir_fd, "state.json.new", dir_fd, "state.json");
}

int natnet_save(struct natnet *natnet, struct err *err)
{
	cleanup_free char *text = format(natnet);

	if (!text)
		return err_set(err, STATUS_SYSTEM, "out of memory");
	errno = ENOSPC;		/* of a write that was too short */
	return write_record(natnet->dir_fd, text) < 0 ?
	       err_set_errno(err, STATUS_SYSTEM, errno, "can't write the record of '%s'",
			     natnet->net.name) : 0;
}

static void read_object(struct natnet *natnet, json_t *object)
{
	const char *status = json_string_value(json_object_get(object, "status"));
	struct vsw_natnet *net = &natnet->net;
	size_t i;

	for (i = 0; status && i < sizeof(status_words) / sizeof(status_words[0]); i++)
		if (!strcmp(status, status_words[i]))
			natnet->status = i;
	read_prefix(&net->subnet, json_object_get(object, "subnet"));
	read_prefix(&net->gateway, json_object_get(object, "gateway"));
	read_prefix(&net->ipv6, json_object_get(object, "ipv6"));
	read_prefix(&net->ipv6_gateway, json_object_get(object, "ipv6-gateway"));
	read_prefix(&net->first, json_object_get(object, "dhcp-first"));
	read_prefix(&net->last, json_object_get(object, "dhcp-last"));
	net->dhcp = json_is_true(json_object_get(object, "dhcp"));
	net->limit = json_integer_value(json_object_get(object, "limit"));
	natnet->netns = json_integer_value(json_object_get(object, "netns"));
	natnet->made = json_integer_value(json_object_get(object, "made"));
	natnet->ifindex = json_integer_value(json_object_get(object, "switch-ifindex"));
	natnet->rule = json_integer_value(json_object_get(object, "rule"));
	natnet->ipv6_rule = json_integer_value(json_object_get(object, "ipv6-rule"));
	natnet->pid = json_integer_value(json_object_get(object, "pid"));
	natnet->start = json_integer_value(json_object_get(object, "start-time"));
}

/* Without a record nothing was made yet. */
static void read_record(struct natnet *natnet)
{
	cleanup_close int fd = openat(natnet->dir_fd, "state.json",
				      O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	char text[RECORD_SIZE_MAX];
	json_t *object;
	ssize_t n = fd < 0 ? -1 : read(fd, text, sizeof(text));

	natnet->status = NATNET_CREATING;
	object = n > 0 ? json_loadb(text, n, JSON_REJECT_DUPLICATES, NULL) : NULL;
	if (json_is_object(object))
		read_object(natnet, object);
	json_decref(object);
}

int natnet_open(struct natnet *natnet, const char *name, bool wait, struct err *err)
{
	*natnet = (struct natnet){ .dir_fd = -1 };
	if (lock_directory(natnet, name, wait, err) < 0)
		return -1;
	if (!is_there(natnet, name)) {
		natnet_close(natnet);
		return err_set(err, STATUS_REFUSED,
			       "there is no NAT network '%s' any more", name);
	}
	snprintf(natnet->net.name, sizeof(natnet->net.name), "%s", name);
	read_record(natnet);
	return 0;
}

int natnet_forget(struct natnet *natnet, struct err *err)
{
	static const char * const files[] = { "leases", "pid", "state.json.new", "state.json" };
	char path[NATNET_PATH_SIZE];
	int ret = 0;
	size_t i;

	for (i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		unlinkat(natnet->dir_fd, files[i], 0);
	if (rmdir(natnet_path(path, natnet->net.name, "")) < 0)
		ret = err_set_errno(err, STATUS_SYSTEM, errno, "can't remove %s", path);
	else
		rmdir(natnet_path(path, "", ""));	/* if it was the last one */
	natnet_close(natnet);
	return ret;
}

void natnet_free_names(char **names, size_t n)
{
	while (n)
		free(names[--n]);
	free(names);
}

int natnet_names(char ***names, size_t *n, struct err *err)
{
	char path[NATNET_PATH_SIZE], name[MODEL_NAME_SIZE], **grown;
	cleanup_closedir DIR *dir = opendir(natnet_path(path, "", ""));
	struct dirent *entry;

	*names = NULL;
	*n = 0;
	if (!dir)
		return errno == ENOENT ? 0 :
		       err_set_errno(err, STATUS_SYSTEM, errno, "can't read %s", path);
	while ((entry = readdir(dir))) {
		if (entry->d_name[0] == '.' ||
		    parse_name("name", entry->d_name, name, NULL) < 0)
			continue;
		grown = reallocarray(*names, *n + 1, sizeof(*grown));
		if (grown) {
			*names = grown;
			grown[*n] = strdup(name);
		}
		if (!grown || !grown[*n]) {
			natnet_free_names(*names, *n);
			return err_set(err, STATUS_SYSTEM, "out of memory");
		}
		++*n;
	}
	return 0;
}
