// SPDX-License-Identifier: GPL-2.0
#include <kunit/visibility.h>
#include <linux/cred.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/kernel.h>
#include <linux/magic.h>
#include <linux/namei.h>
#include <linux/netlink.h>
#include <linux/poll.h>
#include <linux/slab.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

#include "cgroup_watch.h"
#include "service_private.h"

#define TEXT_SIZE	512

/*
 * Cgroups tell no more often than every 10 ms, and what is left to tell is lost when the
 * cgroup is removed before. So behind each news is a second look.
 */
#define SECOND_LOOK	msecs_to_jiffies(20)

/* One of its files that tells when it has changed. */
struct source {
	struct vrt_cgroup_watch *watch;
	struct file *file;		/* NULL: there is none */
	poll_table poll;
	wait_queue_head_t *head;	/* that wait is in; NULL: in none */
	wait_queue_entry_t wait;
};

struct vrt_cgroup_watch {
	struct vrt_backend *backend;	/* referenced */
	struct source events, memory;
	u64 oom_kills;			/* of the look before */
	bool told;			/* since the look before; whoever wakes us sets it */
	struct delayed_work look;
	struct work_struct end;
};

static struct workqueue_struct *queue;

bool vrt_cgroup_watch_key(const char *text, const char *key, u64 *value)
{
	size_t len = strlen(key);
	char number[24];
	size_t digits;

	for (; text; text = strchr(text, '\n'), text = text ? text + 1 : NULL) {
		if (strncmp(text, key, len) || text[len] != ' ')
			continue;
		text += len + 1;
		digits = strcspn(text, "\n");
		if (digits >= sizeof(number))
			return false;
		memcpy(number, text, digits);
		number[digits] = '\0';
		return !kstrtou64(number, 10, value);
	}
	return false;
}
EXPORT_SYMBOL_IF_KUNIT(vrt_cgroup_watch_key);

/* All of @file as it is now. */
static int read_text(struct file *file, char text[TEXT_SIZE])
{
	loff_t pos = 0;
	ssize_t n;

	n = kernel_read(file, text, TEXT_SIZE - 1, &pos);
	if (n < 0)
		return n;
	text[n] = '\0';
	return 0;
}

/* ---- what the files say -------------------------------------------------------------- */

struct picture {
	bool empty;			/* or gone */
	bool frozen;
	u64 oom_kills;			/* as before, if nobody says */
};

static void take_picture(const struct vrt_cgroup_watch *watch, struct picture *picture)
{
	char text[TEXT_SIZE];
	u64 value;

	picture->empty = read_text(watch->events.file, text) ||
			 !vrt_cgroup_watch_key(text, "populated", &value) || !value;
	picture->frozen = !picture->empty &&
			  vrt_cgroup_watch_key(text, "frozen", &value) && value;
	picture->oom_kills = watch->oom_kills;
	if (watch->memory.file && !read_text(watch->memory.file, text) &&
	    vrt_cgroup_watch_key(text, "oom_kill", &value))
		picture->oom_kills = value;
}

static void follow(struct vrt_cgroup_watch *watch, const struct picture *picture)
{
	struct vrt_backend *backend = watch->backend;

	if (picture->empty) {
		vrt_backend_del(backend);
		return;
	}
	if (picture->oom_kills > watch->oom_kills)
		vrt_health_out(backend, VRT_OUT_OOM);
	watch->oom_kills = picture->oom_kills;
	if (!picture->frozen)
		vrt_health_in(backend, VRT_OUT_FROZEN);
	else if (!(backend->health.out & VRT_OUT_FROZEN))
		vrt_health_out(backend, VRT_OUT_FROZEN);
}

static void look(struct work_struct *work)
{
	struct vrt_cgroup_watch *watch = container_of(to_delayed_work(work),
						      struct vrt_cgroup_watch, look);
	struct vrt_backend *backend = watch->backend;
	struct vrt_net *rn = backend->service->rn;
	bool told = xchg(&watch->told, false);
	struct picture picture;

	take_picture(watch, &picture);
	mutex_lock(&rn->lock);
	/* Else it was stopped, and another one may be in its place. */
	if (backend->watch == watch)
		follow(watch, &picture);
	mutex_unlock(&rn->lock);
	if (told)
		queue_delayed_work(queue, &watch->look, SECOND_LOOK);
}

/* ---- waiting -------------------------------------------------------------------------- */

/* Under the lock of the wait queue, maybe with interrupts off. */
static int wake(wait_queue_entry_t *wait, unsigned int mode, int sync, void *key)
{
	struct vrt_cgroup_watch *watch = container_of(wait, struct source, wait)->watch;

	WRITE_ONCE(watch->told, true);
	mod_delayed_work(queue, &watch->look, 0);
	return 0;
}

static void enqueue(struct file *file, wait_queue_head_t *head, poll_table *poll)
{
	struct source *source = container_of(poll, struct source, poll);

	source->head = head;
	add_wait_queue(head, &source->wait);
}

/* The file has a queue that is there as long as it is open; without: it is gone. */
static void wait_for(struct source *source)
{
	if (!source->file)
		return;
	init_waitqueue_func_entry(&source->wait, wake);
	init_poll_funcptr(&source->poll, enqueue);
	vfs_poll(source->file, &source->poll);
}

/* Behind it nobody is in wake(). */
static void wait_no_more(struct source *source)
{
	if (source->head)
		remove_wait_queue(source->head, &source->wait);
	source->head = NULL;
}

/* ---- coming and going ----------------------------------------------------------------- */

/* @name in the directory @dir, not what is mounted or linked there. */
static struct file *open_file(const struct path *dir, const char *name)
{
	struct file *file;
	struct path path;
	int err;

	err = vfs_path_lookup(dir->dentry, dir->mnt, name, LOOKUP_NO_SYMLINKS | LOOKUP_NO_XDEV,
			      &path);
	if (err)
		return ERR_PTR(err);
	err = path_permission(&path, MAY_READ);
	file = err ? ERR_PTR(err) : dentry_open(&path, O_RDONLY, current_cred());
	path_put(&path);
	return file;
}

static int open_files(struct vrt_cgroup_watch *watch, const struct path *dir,
		      struct netlink_ext_ack *extack)
{
	struct file *file;

	file = open_file(dir, "cgroup.events");
	if (IS_ERR(file)) {
		NL_SET_ERR_MSG(extack, "can't read cgroup.events there, which the root of the hierarchy does not have");
		return PTR_ERR(file);
	}
	watch->events.file = file;
	/* Without the memory controller nobody is killed for the cgroup's memory. */
	file = open_file(dir, "memory.events");
	if (!IS_ERR(file))
		watch->memory.file = file;
	else if (PTR_ERR(file) != -ENOENT)
		NL_SET_ERR_MSG(extack, "can't read memory.events there");
	return IS_ERR(file) && PTR_ERR(file) != -ENOENT ? PTR_ERR(file) : 0;
}

static int check_dir(const struct file *dir, struct netlink_ext_ack *extack)
{
	const struct inode *inode = file_inode(dir);

	if (inode->i_sb->s_magic == CGROUP2_SUPER_MAGIC && S_ISDIR(inode->i_mode))
		return 0;
	NL_SET_ERR_MSG(extack, "this is no descriptor of a directory of cgroup v2");
	return -EINVAL;
}

/* What is there now is no news. */
static int look_first(struct vrt_cgroup_watch *watch, struct netlink_ext_ack *extack)
{
	struct picture picture;

	take_picture(watch, &picture);
	watch->oom_kills = picture.oom_kills;
	if (!picture.empty)
		return 0;
	NL_SET_ERR_MSG(extack, "nothing lives in this cgroup");
	return -ESRCH;
}

static int open_watch(struct vrt_cgroup_watch *watch, int fd, struct netlink_ext_ack *extack)
{
	struct file *dir = fget(fd);
	int err;

	if (!dir) {
		NL_SET_ERR_MSG(extack, "this is no descriptor of a directory of cgroup v2");
		return -EBADF;
	}
	err = check_dir(dir, extack);
	if (!err)
		err = open_files(watch, &dir->f_path, extack);
	fput(dir);
	return err ?: look_first(watch, extack);
}

/* The backend of one that was started may have been what kept the service. */
static void end(struct work_struct *work)
{
	struct vrt_cgroup_watch *watch = container_of(work, struct vrt_cgroup_watch, end);

	cancel_delayed_work_sync(&watch->look);
	vrt_target_put(&watch->backend->target);
	vrt_cgroup_watch_close(watch);
}

struct vrt_cgroup_watch *vrt_cgroup_watch_open(int fd, struct netlink_ext_ack *extack)
{
	struct vrt_cgroup_watch *watch = kzalloc(sizeof(*watch), GFP_KERNEL_ACCOUNT);
	int err;

	if (!watch)
		return ERR_PTR(-ENOMEM);
	watch->events.watch = watch;
	watch->memory.watch = watch;
	INIT_DELAYED_WORK(&watch->look, look);
	INIT_WORK(&watch->end, end);
	err = open_watch(watch, fd, extack);
	if (!err)
		return watch;
	vrt_cgroup_watch_close(watch);
	return ERR_PTR(err);
}

void vrt_cgroup_watch_close(struct vrt_cgroup_watch *watch)
{
	if (!watch)
		return;
	if (watch->memory.file)
		fput(watch->memory.file);
	if (watch->events.file)
		fput(watch->events.file);
	kfree(watch);
}

int vrt_cgroup_watch_check(const struct vrt_net *rn, const struct vrt_cgroup_watch *watch,
			   struct netlink_ext_ack *extack)
{
	if (!watch || rn->n_watches < VROUTER_MAX_WATCHES)
		return 0;
	NL_SET_ERR_MSG(extack, "the network namespace has as many backends that go with a cgroup as it can have");
	return -ENOSPC;
}

void vrt_cgroup_watch_start(struct vrt_cgroup_watch *watch, struct vrt_backend *backend)
{
	lockdep_assert_held(&backend->service->rn->lock);

	refcount_inc(&backend->target.refs);
	watch->backend = backend;
	backend->watch = watch;
	backend->service->rn->n_watches++;
	wait_for(&watch->events);
	wait_for(&watch->memory);
	/* What happened since it was opened. */
	WRITE_ONCE(watch->told, true);
	mod_delayed_work(queue, &watch->look, 0);
}

void vrt_cgroup_watch_stop(struct vrt_backend *backend)
{
	struct vrt_cgroup_watch *watch = backend->watch;

	lockdep_assert_held(&backend->service->rn->lock);

	if (!watch)
		return;
	backend->watch = NULL;
	backend->service->rn->n_watches--;
	wait_no_more(&watch->events);
	wait_no_more(&watch->memory);
	queue_work(queue, &watch->end);
}

void vrt_cgroup_watch_flush(void)
{
	flush_workqueue(queue);
}

int vrt_cgroup_watch_register(void)
{
	queue = alloc_workqueue("vrouter_cgroup", WQ_UNBOUND, 0);
	return queue ? 0 : -ENOMEM;
}

/* None is left, but some may be about to end. */
void vrt_cgroup_watch_unregister(void)
{
	destroy_workqueue(queue);
}
