// SPDX-License-Identifier: GPL-2.0
#include <linux/jiffies.h>

#include "service_private.h"

void vrt_health_init(struct vrt_health *health)
{
	spin_lock_init(&health->lock);
	INIT_LIST_HEAD(&health->list);
}

static u64 now_ms(void)
{
	return jiffies64_to_msecs(get_jiffies_64());
}

static struct vrt_backend *backend_of(struct llist_node *node)
{
	return container_of(node, struct vrt_backend, health.node);
}

/* ---- the path --------------------------------------------------------------------- */

static bool fails(struct vrt_backend *backend)
{
	const struct vrt_health_config *config = &backend->service->health;
	struct vrt_health *health = &backend->health;
	u64 part = vrt_window_part(now_ms(), READ_ONCE(config->window));
	u32 share = READ_ONCE(config->share);

	return share && vrt_window_fails(&health->window, part, READ_ONCE(config->minimum), share);
}

/* Whoever is the first to see it refers to it, until it is judged. */
static void suspect(struct vrt_backend *backend)
{
	struct vrt_net *rn = backend->service->rn;

	if (atomic_xchg(&backend->health.suspect, 1))
		return;
	if (!vrt_target_get(&backend->target))
		return;
	llist_add(&backend->health.node, &rn->suspects);
	queue_work(system_power_efficient_wq, &rn->judge);
}

void vrt_health_outcome(struct vrt_target *target, enum vrt_outcome outcome)
{
	struct vrt_backend *backend = container_of(target, struct vrt_backend, target);
	const struct vrt_health_config *config = &backend->service->health;
	bool bad = outcome != VRT_OUTCOME_ANSWER;
	struct vrt_health *health = &backend->health;

	if (!READ_ONCE(config->share))
		return;
	spin_lock_bh(&health->lock);
	vrt_window_add(&health->window, vrt_window_part(now_ms(), READ_ONCE(config->window)), bad);
	bad = bad && fails(backend);
	spin_unlock_bh(&health->lock);
	if (bad && READ_ONCE(backend->open))
		suspect(backend);
}

/* ---- going out and coming back ------------------------------------------------------ */

static void arm(struct vrt_net *rn, u64 delay)
{
	if (!delayed_work_pending(&rn->health) ||
	    time_before(jiffies + (unsigned long)delay, rn->health.timer.expires))
		mod_delayed_work(system_power_efficient_wq, &rn->health, delay);
}

static void come_back_after(struct vrt_backend *backend, u64 delay)
{
	struct vrt_net *rn = backend->service->rn;

	backend->health.back = get_jiffies_64() + delay;
	list_move_tail(&backend->health.list, &rn->outs);
	arm(rn, delay);
}

void vrt_health_out(struct vrt_backend *backend, u8 why)
{
	struct vrt_service *service = backend->service;
	struct vrt_health *health = &backend->health;
	bool was_open = vrt_backend_wanted(backend);

	lockdep_assert_held(&service->rn->lock);

	health->out |= why;
	WRITE_ONCE(backend->open, false);
	if (why & VRT_OUT_TIMED) {
		health->outs++;
		come_back_after(backend, msecs_to_jiffies(service->health.out));
	}
	/* Without memory for a new picture the old one has a backend that is closed. */
	if (was_open)
		vrt_service_rebuild(service);
}

/* What it was out for is forgotten. */
static void begin_anew(struct vrt_backend *backend)
{
	spin_lock_bh(&backend->health.lock);
	vrt_window_clear(&backend->health.window);
	spin_unlock_bh(&backend->health.lock);
}

void vrt_health_pardon(struct vrt_backend *backend)
{
	list_del_init(&backend->health.list);
	begin_anew(backend);
}

void vrt_health_in(struct vrt_backend *backend, u8 why)
{
	struct vrt_service *service = backend->service;
	struct vrt_health *health = &backend->health;
	u64 since = backend->since;

	lockdep_assert_held(&service->rn->lock);

	if (!(health->out & why))
		return;
	health->out &= ~why;
	if (!(health->out & VRT_OUT_TIMED))
		list_del_init(&health->list);
	begin_anew(backend);
	if (!vrt_backend_wanted(backend))
		return;
	WRITE_ONCE(backend->since, get_jiffies_64());
	if (vrt_service_rebuild(service)) {
		WRITE_ONCE(backend->since, since);
		health->out |= VRT_OUT_FAILING;
		come_back_after(backend, HZ);
		return;
	}
	WRITE_ONCE(backend->open, true);
}

void vrt_health_end(struct vrt_backend *backend)
{
	list_del_init(&backend->health.list);
}

void vrt_health_config(struct vrt_service *service, const struct vrt_health_config *config)
{
	struct vrt_backend *backend;

	lockdep_assert_held(&service->rn->lock);

	WRITE_ONCE(service->health.window, config->window);
	WRITE_ONCE(service->health.minimum, config->minimum);
	WRITE_ONCE(service->health.out, config->out);
	WRITE_ONCE(service->health.share, config->share);
	if (config->share)
		return;
	list_for_each_entry(backend, &service->backends, list)
		vrt_health_in(backend, VRT_OUT_FAILING);
}

u32 vrt_health_back_in(const struct vrt_health *health)
{
	u64 now = get_jiffies_64();

	if (list_empty(&health->list) || !time_before64(now, health->back))
		return 0;
	return jiffies64_to_msecs(health->back - now);
}

/* ---- the work ----------------------------------------------------------------------- */

/* Somebody has to answer, if badly. */
static bool is_last(const struct vrt_backend *backend)
{
	const struct vrt_backend *other;

	list_for_each_entry(other, &backend->service->backends, list) {
		if (other != backend && other->open)
			return false;
	}
	return true;
}

static void judge(struct vrt_backend *backend)
{
	struct vrt_health *health = &backend->health;
	bool guilty;

	atomic_set(&health->suspect, 0);
	if (backend->target.gone || !backend->open)
		return;
	spin_lock_bh(&health->lock);
	guilty = fails(backend);
	spin_unlock_bh(&health->lock);
	if (guilty && !is_last(backend))
		vrt_health_out(backend, VRT_OUT_FAILING);
}

static void judge_suspects(struct work_struct *work)
{
	struct vrt_net *rn = container_of(work, struct vrt_net, judge);
	struct llist_node *node = llist_del_all(&rn->suspects);
	struct vrt_backend *backend;

	mutex_lock(&rn->lock);
	while (node) {
		backend = backend_of(node);
		/* Judged, it may be a suspect again. */
		node = node->next;
		judge(backend);
		vrt_target_put(&backend->target);
	}
	mutex_unlock(&rn->lock);
}

static void bring_back(struct work_struct *work)
{
	struct vrt_net *rn = container_of(to_delayed_work(work), struct vrt_net, health);
	struct vrt_backend *backend, *next;
	u64 now, first = U64_MAX;

	mutex_lock(&rn->lock);
	now = get_jiffies_64();
	list_for_each_entry_safe(backend, next, &rn->outs, health.list) {
		if (!time_before64(now, backend->health.back))
			vrt_health_in(backend, VRT_OUT_TIMED);
		if (!list_empty(&backend->health.list))
			first = min(first, backend->health.back - now);
	}
	if (first != U64_MAX)
		arm(rn, first);
	mutex_unlock(&rn->lock);
}

void vrt_health_start(struct vrt_net *rn)
{
	init_llist_head(&rn->suspects);
	INIT_LIST_HEAD(&rn->outs);
	INIT_WORK(&rn->judge, judge_suspects);
	INIT_DELAYED_WORK(&rn->health, bring_back);
}

void vrt_health_stop(struct vrt_net *rn)
{
	/* Which may arm the other one, but not for backends that are gone. */
	flush_work(&rn->judge);
	cancel_delayed_work_sync(&rn->health);
}
