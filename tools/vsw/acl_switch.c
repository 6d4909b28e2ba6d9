// SPDX-License-Identifier: GPL-2.0
/* What a switch has of security groups: read from its flows, and written to them. */
#include <stdlib.h>
#include <string.h>

#include "acl.h"

/* ---- reading --------------------------------------------------------------------------- */

static const struct vsw_port *port_of(const struct acl_switch *sw, uint32_t number)
{
	size_t i;

	for (i = 0; i < sw->ports.n; i++) {
		const struct vsw_port *port = list_at(&sw->ports, &kind_port, i);

		if (port->number == number)
			return port;
	}
	return NULL;
}

static int name_port(const struct acl_switch *sw, struct vsw_acl *acl)
{
	const struct vsw_port *port = port_of(sw, acl->port_number);
	const char *name = port ? (port->alias && *port->alias ? port->alias : port->name) : NULL;

	if (!name || !*name)
		return 0;
	acl->port_name = strdup(name);
	acl->has |= HAS(ACL_SAID_PORT_NAME);
	return acl->port_name ? 0 : -1;
}

static int read_acls(struct acl_switch *sw, struct list *flows, struct err *err)
{
	int ret = 0;
	size_t i;

	for (i = 0; i < flows->n && ret >= 0; i++) {
		struct vsw_flow *flow = list_at(flows, &kind_flow, i);

		strcpy(flow->switch_name, sw->name);
		sw->framed |= flow->cookie == ACL_COOKIE;
		ret = acl_from_flow(flow, &sw->acls);
	}
	for (i = 0; i < sw->acls.n && ret >= 0; i++) {
		struct vsw_acl *acl = list_at(&sw->acls, &kind_acl, i);

		if (acl->number > sw->last)
			sw->last = acl->number;
		ret = name_port(sw, acl);
	}
	return ret < 0 ? err_set(err, STATUS_SYSTEM, "out of memory") : 0;
}

int acl_switch_read(struct acl_switch *sw, struct vsw *vsw, const char *name, struct err *err)
{
	struct vsw_flow_request req = {
		.has = HAS(VSWITCH_A_FLOW_SWITCH_NAME) | HAS(VSWITCH_A_FLOW_COOKIE) |
		       HAS(VSWITCH_A_FLOW_COOKIE_MASK),
		.cookie = ACL_COOKIE, .cookie_mask = ACL_COOKIE_MASK,
	};
	struct vsw_port filter = { .has = HAS(VSWITCH_A_PORT_SWITCH_NAME) };
	struct list flows = {};
	int ret;

	sw->vsw = vsw;
	strcpy(sw->name, name);
	strcpy(req.switch_name, name);
	strcpy(filter.switch_name, name);
	if (vsw_connect(vsw, err) < 0)
		return -1;
	if (vsw_nl_port_dump(vsw->nl, &filter, &sw->ports, err) < 0)
		return flow_refused(name, err);
	ret = vsw_nl_flow_dump(vsw->nl, &req, &flows, err);
	sw->inconsistent = ret > 0;
	ret = ret < 0 ? flow_refused(name, err) : read_acls(sw, &flows, err);
	list_free(&flows, &kind_flow);
	return ret;
}

void acl_switch_free(struct acl_switch *sw)
{
	list_free(&sw->ports, &kind_port);
	list_free(&sw->acls, &kind_acl);
	*sw = (struct acl_switch){};
}

/* 1: the switch has such a port, 0: it has none, -1. */
static int has_target(struct vsw *vsw, const char *switch_name, const char *target,
		      uint32_t *number, struct err *err)
{
	struct vsw_port req = { .has = HAS(VSWITCH_A_PORT_SWITCH_NAME) };
	struct err why = ERR_INIT;
	struct switch_ports of;
	struct list ports = {};
	bool found = false;
	size_t i;
	int ret;

	switch_ports_init(&of, vsw, switch_name);
	ret = flow_port_parse("acl", target, &of.ports, number, &why);
	switch_ports_free(&of);
	if (ret < 0 && why.status == STATUS_USAGE && !strstr(why.msg, "more than one"))
		return 0;
	if (ret < 0)
		return err_set(err, why.status, "%s", why.msg);
	strcpy(req.switch_name, switch_name);
	ret = vsw_nl_port_dump(vsw->nl, &req, &ports, err);
	for (i = 0; i < ports.n && ret >= 0; i++)
		found |= ((struct vsw_port *)list_at(&ports, &kind_port, i))->number == *number;
	list_free(&ports, &kind_port);
	return ret < 0 ? -1 : found;
}

/* The name of the one that has the target. */
static int choose(struct vsw *vsw, const struct list *switches, struct acl_words *words,
		  char name[MODEL_NAME_SIZE], struct err *err)
{
	uint32_t number;
	size_t i, n = 0;
	int ret;

	for (i = 0; i < switches->n; i++) {
		const struct vsw_switch *sw = list_at(switches, &kind_switch, i);

		ret = !words->target ? 1 : has_target(vsw, sw->name, words->target, &number, err);
		if (ret < 0)
			return -1;
		if (!ret)
			continue;
		if (n++)
			return err_set(err, STATUS_USAGE, "more than one switch is meant: say 'switch SWITCH'");
		strcpy(name, sw->name);
		words->acl.port_number = words->target ? number : 0;
	}
	if (n)
		return 0;
	if (!words->target)
		return err_set(err, STATUS_REFUSED, "there is no switch");
	return err_set(err, STATUS_REFUSED,
		       "no switch has a port or a container '%s'. See 'vsw port show'",
		       words->target);
}

int acl_switch_find(struct acl_switch *sw, struct vsw *vsw, struct acl_words *words,
		    struct err *err)
{
	char name[MODEL_NAME_SIZE] = "";
	struct list switches = {};
	int ret = flow_switches(vsw, words->switch_name, &switches, err);

	if (ret >= 0)
		ret = choose(vsw, &switches, words, name, err);
	if (ret >= 0)
		ret = acl_switch_read(sw, vsw, name, err);
	list_free(&switches, &kind_switch);
	return ret;
}

struct vsw_acl *acl_switch_policy(struct acl_switch *sw, const struct vsw_acl *of)
{
	size_t i;

	for (i = 0; i < sw->acls.n; i++) {
		struct vsw_acl *acl = list_at(&sw->acls, &kind_acl, i);

		if (!acl->number && acl->port_number == of->port_number &&
		    acl_is_in(acl) == acl_is_in(of))
			return acl;
	}
	return NULL;
}

/* ---- MACs ------------------------------------------------------------------------------- */

static int add_mac(struct acl_macs *macs, const uint8_t *mac, struct err *err)
{
	void *grown;
	size_t i;

	for (i = 0; i < macs->n; i++)
		if (!memcmp(macs->mac[i], mac, MODEL_MAC_SIZE))
			return 0;
	grown = reallocarray(macs->mac, macs->n + 1, sizeof(*macs->mac));
	if (!grown)
		return err_set(err, STATUS_SYSTEM, "out of memory");
	macs->mac = grown;
	memcpy(macs->mac[macs->n++], mac, MODEL_MAC_SIZE);
	return 0;
}

static int add_bindings(struct acl_switch *sw, uint32_t number, struct acl_macs *macs,
			struct err *err)
{
	struct vsw_binding filter = { .has = HAS(VSWITCH_A_BINDING_SWITCH_NAME) };
	struct list list = {};
	size_t i;
	int ret;

	strcpy(filter.switch_name, sw->name);
	ret = vsw_nl_binding_dump(sw->vsw->nl, &filter, &list, err);
	for (i = 0; i < list.n && ret >= 0; i++) {
		const struct vsw_binding *binding = list_at(&list, &kind_binding, i);

		if (binding->port_number == number)
			ret = add_mac(macs, binding->mac, err);
	}
	list_free(&list, &kind_binding);
	return ret;
}

static int add_learned(struct acl_switch *sw, uint32_t number, struct acl_macs *macs,
		       struct err *err)
{
	struct vsw_fdb filter = { .has = HAS(VSWITCH_A_FDB_SWITCH_NAME) };
	struct list list = {};
	size_t i;
	int ret;

	strcpy(filter.switch_name, sw->name);
	ret = vsw_nl_fdb_dump(sw->vsw->nl, &filter, &list, err);
	for (i = 0; i < list.n && ret >= 0; i++) {
		const struct vsw_fdb *fdb = list_at(&list, &kind_fdb, i);

		/* a port's own MAC is not that of who is behind it */
		if (fdb->port_number == number &&
		    (!number || fdb->type != VSWITCH_FDB_TYPE_LOCAL))
			ret = add_mac(macs, fdb->address, err);
	}
	list_free(&list, &kind_fdb);
	return ret;
}

/* What was said, or is bound to the port; or else what the switch knows to be behind it. */
static int find_macs(struct acl_switch *sw, const struct acl_words *words, struct acl_macs *macs,
		     struct err *err)
{
	uint32_t number = words->acl.port_number;

	if (words->has_mac)
		return add_mac(macs, words->mac, err);
	if (add_bindings(sw, number, macs, err) < 0 ||
	    (!macs->n && add_learned(sw, number, macs, err) < 0))
		return -1;
	if (macs->n)
		return 0;
	return err_set(err, STATUS_REFUSED,
		       "the switch has not seen who is behind '%s': say 'mac MAC'", words->target);
}

/* ---- writing ---------------------------------------------------------------------------- */

static int send_flows(struct acl_switch *sw, char *text, struct err *err)
{
	struct vsw_flow_request to = { .has = HAS(VSWITCH_A_FLOW_SWITCH_NAME) };
	struct vsw_nl_batch *batch;
	struct vsw_flow flow = {};
	char *line, *next = text;
	size_t failed;
	int ret = 0;

	strcpy(to.switch_name, sw->name);
	batch = vsw_nl_batch_new(sw->vsw->nl, &to, err);
	if (!batch)
		return -1;
	while (!ret && (line = strsep(&next, "\n")) && *line) {
		ret = flow_parse(line, NULL, &flow, err);
		if (!ret)
			ret = vsw_nl_batch_add(batch, &flow, err);
		if (ret > 0)
			ret = err_set(err, STATUS_USAGE, "these are more flows than fit a message");
	}
	if (!ret && vsw_nl_batch_send(sw->vsw->nl, batch, &failed, err) < 0)
		ret = flow_refused(sw->name, err);
	vsw_nl_batch_free(batch);
	object_clear(&kind_flow, &flow);
	return ret;
}

/* Rules come before what leads to them. */
static void print_flows(FILE *out, struct acl_switch *sw, struct acl_words *words, bool policy,
			const struct acl_macs *macs)
{
	bool allow = (words->acl.action[0] == 'a') == policy;

	if (!sw->framed)
		acl_print_frame(out);
	if (!policy)
		acl_print_rule(out, &words->acl, macs);
	if (policy || !acl_switch_policy(sw, &words->acl))
		acl_print_policy(out, &words->acl, allow, macs);
	acl_print_hooks(out, &words->acl, macs);
}

int acl_switch_add(struct acl_switch *sw, struct acl_words *words, bool policy, struct err *err)
{
	struct acl_macs macs = {};
	char *text = NULL;
	size_t size;
	FILE *out;
	int ret;

	if (!policy && sw->last >= ACL_NUMBER_MAX)
		return err_set(err, STATUS_REFUSED, "there is no number above %u for a rule",
			       ACL_NUMBER_MAX);
	words->acl.number = policy ? 0 : sw->last + 1;
	if (find_macs(sw, words, &macs, err) < 0) {
		free(macs.mac);
		return -1;
	}
	out = open_memstream(&text, &size);
	if (out)
		print_flows(out, sw, words, policy, &macs);
	if (!out || fclose(out))
		ret = err_set(err, STATUS_SYSTEM, "out of memory");
	else
		ret = send_flows(sw, text, err);
	free(text);
	free(macs.mac);
	return ret;
}

int acl_switch_delete(struct acl_switch *sw, uint64_t cookie, uint64_t mask, struct err *err)
{
	struct vsw_flow_request req = {
		.has = HAS(VSWITCH_A_FLOW_SWITCH_NAME) | HAS(VSWITCH_A_FLOW_COOKIE) |
		       HAS(VSWITCH_A_FLOW_COOKIE_MASK),
		.cookie = cookie, .cookie_mask = mask,
	};
	uint32_t count;

	strcpy(req.switch_name, sw->name);
	return vsw_nl_flow_del(sw->vsw->nl, &req, &count, err) < 0 ?
	       flow_refused(sw->name, err) : 0;
}
