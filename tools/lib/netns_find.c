// SPDX-License-Identifier: GPL-2.0
/*
 * The kernel says which number a network namespace has, but not which one has a
 * number: so those that can be found are asked, one after the other.
 */
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <linux/nsfs.h>

#include "netns.h"
#include "nl_link.h"
#include "status.h"

/* Whose files stand for network namespaces; those of processes stand in theirs. */
static const struct {
	const char *folder, *file;	/* of a process, or NULL */
} sources[] = {
	{ "/run/netns", NULL },
	{ "/var/run/docker/netns", NULL },
	{ "/proc", "ns/net" },
};

#define N_SOURCES (sizeof(sources) / sizeof(sources[0]))

struct search {
	struct mnl_socket *socket;
	struct netns_place *place;	/* its number is what is looked for */
	ino_t *seen;			/* those that were asked */
	size_t n_seen, room;
	bool denied;			/* something could not be looked at */
};

/* Remember it; false if it was asked before. */
static bool is_new(struct search *search, ino_t inode)
{
	size_t i, room = search->room ? search->room * 2 : 64;
	ino_t *seen;

	for (i = 0; i < search->n_seen; i++)
		if (search->seen[i] == inode)
			return false;
	if (search->n_seen == search->room) {
		seen = reallocarray(search->seen, room, sizeof(*seen));
		if (!seen)	/* then it may be asked again */
			return true;
		search->seen = seen;
		search->room = room;
	}
	search->seen[search->n_seen++] = inode;
	return true;
}

/* Its descriptor, if the file at place->path is the one. */
static int ask(struct search *search)
{
	/* what is no namespace must not make it wait */
	int fd = open(search->place->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct stat st;
	int32_t number;

	if (fd < 0) {
		search->denied |= errno == EACCES || errno == EPERM;
		return -1;
	}
	if (ioctl(fd, NS_GET_NSTYPE) == CLONE_NEWNET &&
	    fstat(fd, &st) == 0 && is_new(search, st.st_ino) &&
	    link_netns_number(search->socket, fd, &number, NULL) == 0 &&
	    number == search->place->number) {
		search->place->inode = st.st_ino;
		return fd;
	}
	close(fd);
	return -1;
}

static int search_folder(struct search *search, const char *folder, const char *file)
{
	DIR *dir = opendir(folder);
	struct dirent *entry;
	int fd = -1;

	while (dir && fd < 0 && (entry = readdir(dir))) {
		if (entry->d_name[0] == '.' || (file && !isdigit((unsigned char)entry->d_name[0])))
			continue;
		snprintf(search->place->path, sizeof(search->place->path), "%s/%s%s%s", folder,
			 entry->d_name, file ? "/" : "", file ? file : "");
		fd = ask(search);
	}
	if (dir)
		closedir(dir);
	return fd;
}

int netns_find(int32_t number, struct netns_place *place, struct err *err)
{
	struct search search = { .place = place };
	int fd = -1;
	size_t i;

	place->number = number;
	search.socket = link_open(-1, err);
	if (!search.socket)
		return -1;
	for (i = 0; number >= 0 && fd < 0 && i < N_SOURCES; i++)
		fd = search_folder(&search, sources[i].folder, sources[i].file);
	link_close(search.socket);
	free(search.seen);
	if (fd >= 0)
		return fd;
	if (search.denied)
		return err_set(err, STATUS_SYSTEM, "its network namespace (number %d) was not found, and not all processes may be looked at. Run it as root",
			       number);
	return err_set(err, STATUS_SYSTEM, "its network namespace (number %d) has no name in %s or %s, and no process is seen in it. Start a process in it, or name it while there is one: 'ip netns attach NAME PID'",
		       number, sources[0].folder, sources[1].folder);
}

bool netns_in_use(struct netns_place *place)
{
	struct stat st;
	int fd;

	if (stat(place->path, &st) == 0 && st.st_ino == place->inode)
		return true;
	fd = netns_find(place->number, place, NULL);
	if (fd >= 0)
		close(fd);
	return fd >= 0;
}
