// SPDX-License-Identifier: GPL-2.0
/* What the commands about the virtual router have in common. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "container/container.h"
#include "lib/netns.h"
#include "router.h"

int router_connect(struct vsw *vsw, struct err *err)
{
	if (!vsw->router)
		vsw->router = vsw_nl_open_router(err);
	return vsw->router ? 0 : -1;
}

int router_take(char ***words, const char *what, const char **word, struct err *err)
{
	*word = **words;
	if (!*word)
		return err_set(err, STATUS_USAGE, "the %s is missing", what);
	if (!**word)
		return err_set(err, STATUS_USAGE, "the %s is empty", what);
	++*words;
	return 0;
}

int router_take_service(char ***words, char **name, struct err *err)
{
	const char *word;

	if (router_take(words, "name of the service", &word, err) < 0)
		return -1;
	if (strlen(word) > VROUTER_NAME_LEN)
		return err_set(err, STATUS_USAGE,
			       "the name '%s' is too long, the most is %d bytes", word,
			       VROUTER_NAME_LEN);
	*name = strdup(word);
	return *name ? 0 : err_set(err, STATUS_SYSTEM, "out of memory");
}

int router_end(char **words, struct err *err)
{
	return *words ? err_set(err, STATUS_USAGE, "'%s' is not an option of this command",
				*words) : 0;
}

int router_order_addresses(const struct prefix *a, const struct prefix *b)
{
	return a->len - b->len ?: memcmp(a->bytes, b->bytes, a->len);
}

int router_show_object(struct vsw *vsw, const struct kind *kind, void *object, int ret,
		       struct err *err)
{
	if (ret >= 0)
		ret = output_object(&vsw->out, kind, object, err);
	object_clear(kind, object);
	return ret;
}

int router_show_list(struct vsw *vsw, const struct kind *kind, struct list *list,
		     router_order *order, int ret, struct err *err)
{
	int shown = -1;

	if (ret >= 0 && order && list->n)
		qsort(list->items, list->n, kind->size, order);
	if (ret >= 0)
		shown = output_list(&vsw->out, kind, list, err);
	list_free(list, kind);
	return shown < 0 ? -1 : explain_dump(ret, err);
}

int router_find_netns(const char *container, const char *netns, uint32_t *fd, char **label,
		      struct err *err)
{
	struct container_found found;
	int opened;

	if (container && netns)
		return err_set(err, STATUS_USAGE, "a container is in its own network namespace");
	if (netns) {
		opened = netns_open(netns, err);
		*fd = opened;
		return opened < 0 ? -1 : 0;
	}
	if (container_find(container, &found, err) < 0)
		return -1;
	*fd = found.netns;
	*label = strdup(container);
	if (*label)
		return 0;
	close(found.netns);
	return err_set(err, STATUS_SYSTEM, "out of memory");
}
