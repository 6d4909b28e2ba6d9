// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include <linux/rtnetlink.h>

#include "lib/parse.h"
#include "route.h"

static const char help[] =
"Usage: vsw route { add | append | replace | change } [ TYPE ] DEST [ WAY ]\n"
"                 [ nexthop WAY ]... [ table TABLE | vrf VRF ] [ metric NUMBER ]\n"
"                 [ src ADDRESS ] [ mtu BYTES ] [ from PREFIX ] [ scope SCOPE ]\n"
"                 [ proto PROTO ] [ family FAMILY ]\n"
"       vsw route delete [ TYPE ] DEST [ what it has ]\n"
"       vsw route get ADDRESS [ from ADDRESS ] [ iif DEV ] [ oif DEV | vrf VRF ]\n"
"                 [ mark MARK ] [ ipproto IPPROTO ] [ sport PORT ] [ dport PORT ]\n"
"       vsw route [ show [ DEST ] [ table TABLE | table all | vrf VRF ] [ dev DEV ]\n"
"                 [ type TYPE ] [ proto PROTO ] [ family FAMILY ] ]\n"
"       vsw route rule ...     see 'vsw route rule help'\n"
"DEST   := PREFIX | ADDRESS | default\n"
"WAY    := [ via ADDRESS ] [ dev DEV ] [ onlink ] [ weight 1..256 ]\n"
"TYPE   := unicast | blackhole | unreachable | prohibit | throw | local | broadcast |\n"
"          anycast | multicast\n"
"TABLE  := main | local | default | NUMBER        FAMILY := ipv4 | ipv6\n"
"PROTO  := kernel | boot | static | ra | dhcp | bgp | ... | NUMBER\n"
"SCOPE  := global | site | link | host\n"
"\n"
"  Routes of the kernel, in the words of ip(8). A destination and a metric are there once\n"
"  in a table. Connections are spread over several nexthops by their weights.\n"
"  add      there may be none yet          replace  or it takes its place\n"
"  append   there may be one already       change   there must be one\n"
"  delete   the first one that has all that is said\n"
"  get      which way a packet to ADDRESS takes\n"
"  show     of IPv4 and IPv6, the table main unless another one is said\n"
"\n"
"Examples:\n"
"  vsw route add 10.1.0.0/16 via 10.0.0.254\n"
"  vsw route add default nexthop via 10.0.0.1 weight 3 nexthop via 10.0.0.2\n"
"  vsw route add blackhole 198.51.100.0/24 vrf blue\n"
"  vsw route get 192.0.2.1 from 10.0.0.2 iif vs0\n";

static const struct hint change_hints[] = {
	{ EEXIST, "'vsw route replace' takes its place, 'metric' puts one behind it." },
	{ ESRCH, "See 'vsw route show table all'." },
	{ ENOENT, "See 'vsw route show table all'." },
	{ ENETUNREACH, "A gateway must be next to a device, see 'vsw route get'; 'onlink' says that it is." },
	{ EHOSTUNREACH, "A gateway must be next to a device, see 'vsw route get'; 'onlink' says that it is." },
	{ ENETDOWN, "The device must be up first." },
	{}
};

static const struct hint get_hints[] = {
	{ ENETUNREACH, "No route leads there, see 'vsw route show table all'." },
	{ EHOSTUNREACH, "A route or rule 'unreachable' is in the way, or the source is no address of this host." },
	{ EACCES, "A route or rule 'prohibit' is in the way." },
	{ EINVAL, "Perhaps a route or rule 'blackhole' is in the way, see 'vsw route show table all'." },
	{}
};

/* ---- changes ------------------------------------------------------------------------- */

static int with_route(struct vsw *vsw, char **words, int how, struct err *err)
{
	const char *word = *words;
	struct vsw_route route = { .type = how < 0 ? RTN_UNSPEC : RTN_UNICAST,
				   .protocol = how < 0 ? RTPROT_UNSPEC : RTPROT_STATIC };
	int ret = route_read(vsw, words, &route, err);

	if (ret < 0) {
		object_clear(&kind_route, &route);
		return -1;
	}
	if (word && route.has & HAS(ROUTE_TYPE))
		word = words[1];
	ret = how < 0 ? route_del(vsw->fib, &route, err) : route_new(vsw->fib, &route, how, err);
	if (ret < 0)
		explain(change_hints, err, "route '%s'", word);
	object_clear(&kind_route, &route);
	return ret;
}

static int do_add(struct vsw *vsw, char **words, struct err *err)
{
	return with_route(vsw, words, ROUTE_ADD, err);
}

static int do_append(struct vsw *vsw, char **words, struct err *err)
{
	return with_route(vsw, words, ROUTE_APPEND, err);
}

static int do_replace(struct vsw *vsw, char **words, struct err *err)
{
	return with_route(vsw, words, ROUTE_REPLACE, err);
}

static int do_change(struct vsw *vsw, char **words, struct err *err)
{
	return with_route(vsw, words, ROUTE_CHANGE, err);
}

static int do_delete(struct vsw *vsw, char **words, struct err *err)
{
	return with_route(vsw, words, -1, err);
}

/* ---- get ------------------------------------------------------------------------------ */

static int said(struct vsw_route *question, unsigned int attr, const char *word, struct err *err)
{
	if (question->has & HAS(attr))
		return err_set(err, STATUS_USAGE, "'%s': it was given before", word);
	question->has |= HAS(attr);
	return 0;
}

static int ask_from(void *object, const char *word, const char *value, struct err *err)
{
	struct vsw_route *question = object;

	if (said(question, ROUTE_FROM, word, err) < 0)
		return -1;
	return route_read_address(word, value, &question->from, err);
}

static int ask_iif(void *object, const char *word, const char *value, struct err *err)
{
	struct vsw_route *question = object;

	return said(question, ROUTE_IIF, word, err) < 0 ? -1 :
	       parse_name(word, value, question->iif, err);
}

/* A VRF is a device, too. */
static int ask_oif(void *object, const char *word, const char *value, struct err *err)
{
	struct vsw_route *question = object;

	return said(question, ROUTE_OIF, word, err) < 0 ? -1 :
	       parse_name(word, value, question->oif, err);
}

static int ask_vrf(void *object, const char *word, const char *value, struct err *err)
{
	struct vsw_route *question = object;

	question->has |= HAS(ROUTE_VRF);
	return ask_oif(object, word, value, err);
}

static int ask_mark(void *object, const char *word, const char *value, struct err *err)
{
	struct vsw_route *question = object;

	return said(question, ROUTE_MARK, word, err) < 0 ? -1 :
	       parse_u32(word, value, &question->mark, err);
}

static int ask_ip_protocol(void *object, const char *word, const char *value, struct err *err)
{
	struct vsw_route *question = object;

	return said(question, ROUTE_IP_PROTOCOL, word, err) < 0 ? -1 :
	       route_read_ip_protocol(value, &question->ip_protocol, err);
}

static int ask_sport(void *object, const char *word, const char *value, struct err *err)
{
	struct vsw_route *question = object;

	return said(question, ROUTE_SPORT, word, err) < 0 ? -1 :
	       parse_u16(word, value, &question->sport, err);
}

static int ask_dport(void *object, const char *word, const char *value, struct err *err)
{
	struct vsw_route *question = object;

	return said(question, ROUTE_DPORT, word, err) < 0 ? -1 :
	       parse_u16(word, value, &question->dport, err);
}

static const struct route_word question_words[] = {
	{ "from", ask_from, false },
	{ "iif", ask_iif, false },
	{ "oif", ask_oif, false },
	{ "dev", ask_oif, false },
	{ "vrf", ask_vrf, false },
	{ "mark", ask_mark, false },
	{ "fwmark", ask_mark, false },
	{ "ipproto", ask_ip_protocol, false },
	{ "sport", ask_sport, false },
	{ "dport", ask_dport, false },
	{}
};

static const struct route_grammar question_grammar = { question_words, NULL, NULL };

static int read_question(struct vsw *vsw, char **words, struct vsw_route *question,
			 struct err *err)
{
	uint32_t table;

	if (*words && !strcmp(*words, "to"))
		words++;
	if (!*words)
		return err_set(err, STATUS_USAGE, "the address is missing");
	if (route_read_address("address", *words, &question->dst, err) < 0 ||
	    route_read_words(&question_grammar, words + 1, question, err) < 0)
		return -1;
	question->family = question->dst.len == 4 ? AF_INET : AF_INET6;
	if (question->from.len && question->from.len != question->dst.len)
		return err_set(err, STATUS_USAGE, "the addresses are of both IPv4 and IPv6");
	if (question->has & (HAS(ROUTE_SPORT) | HAS(ROUTE_DPORT)) && !question->ip_protocol)
		return err_set(err, STATUS_USAGE, "a port needs 'ipproto', to be one of tcp, udp or sctp");
	if (route_connect(vsw, err) < 0)
		return -1;
	return question->has & HAS(ROUTE_VRF) ?
	       route_vrf_table(vsw->fib, question->oif, &table, err) : 0;
}

static int do_get(struct vsw *vsw, char **words, struct err *err)
{
	struct vsw_route question = {}, route = {};
	int ret;

	if (read_question(vsw, words, &question, err) < 0)
		return -1;
	ret = route_get(vsw->fib, &question, &route, err);
	if (ret < 0)
		explain(get_hints, err, "way to '%s'", strcmp(*words, "to") ? *words : words[1]);
	else
		ret = output_object(&vsw->out, &kind_route, &route, err);
	object_clear(&kind_route, &route);
	return ret;
}

/* ---- show ----------------------------------------------------------------------------- */

/* What routes must have that are shown. */
struct filter {
	struct vsw_route route;		/* as far as it has it */
	bool all_tables;
	const char *dev, *vrf;
};

static int show_table(void *object, const char *word, const char *value, struct err *err)
{
	struct filter *filter = object;

	if (said(&filter->route, ROUTE_TABLE, word, err) < 0)
		return -1;
	filter->all_tables = !strcmp(value, "all");
	return filter->all_tables ? 0 : route_read_table(value, &filter->route.table, err);
}

static int show_vrf(void *object, const char *word, const char *value, struct err *err)
{
	struct filter *filter = object;

	filter->vrf = value;
	return said(&filter->route, ROUTE_TABLE, word, err);
}

static int show_dev(void *object, const char *word, const char *value, struct err *err)
{
	struct filter *filter = object;

	filter->dev = value;
	return said(&filter->route, ROUTE_NEXTHOPS, word, err);
}

static int show_type(void *object, const char *word, const char *value, struct err *err)
{
	struct filter *filter = object;

	return said(&filter->route, ROUTE_TYPE, word, err) < 0 ? -1 :
	       route_read_word(word, FIELD_ROUTE_TYPE, value, false, &filter->route.type, err);
}

static int show_protocol(void *object, const char *word, const char *value, struct err *err)
{
	struct filter *filter = object;

	return said(&filter->route, ROUTE_PROTOCOL, word, err) < 0 ? -1 :
	       route_read_word(word, FIELD_ROUTE_PROTOCOL, value, true, &filter->route.protocol,
			       err);
}

static int show_family(void *object, const char *word, const char *value, struct err *err)
{
	struct filter *filter = object;

	return said(&filter->route, ROUTE_FAMILY, word, err) < 0 ? -1 :
	       route_read_family(value, &filter->route.family, err);
}

static const struct route_word show_words[] = {
	{ "table", show_table, false },
	{ "vrf", show_vrf, false },
	{ "dev", show_dev, false },
	{ "type", show_type, false },
	{ "proto", show_protocol, false },
	{ "protocol", show_protocol, false },
	{ "family", show_family, false },
	{}
};

static const struct route_grammar show_grammar = { show_words, NULL, NULL };

static bool leaves_by(const struct vsw_route *route, const char *dev)
{
	size_t i;

	for (i = 0; i < route->nexthops.n; i++)
		if (!strcmp(((struct vsw_nexthop *)list_at(&route->nexthops, &kind_nexthop,
							   i))->dev, dev))
			return true;
	return false;
}

/* "default" that was said is of both families. */
static bool same_net(const struct prefix *said, const struct prefix *net)
{
	if (!said->len)
		return !net->bits;
	return said->len == net->len && said->bits == net->bits &&
	       !memcmp(said->bytes, net->bytes, said->len);
}

static bool fits(const struct filter *filter, const struct vsw_route *route)
{
	const struct vsw_route *said = &filter->route;

	return (filter->all_tables || route->table == said->table) &&
	       (!(said->has & HAS(ROUTE_DST)) || same_net(&said->dst, &route->dst)) &&
	       (!(said->has & HAS(ROUTE_TYPE)) || route->type == said->type) &&
	       (!(said->has & HAS(ROUTE_PROTOCOL)) || route->protocol == said->protocol) &&
	       (!filter->dev || leaves_by(route, filter->dev));
}

static void leave_others(const struct filter *filter, struct list *list)
{
	size_t i, n = 0;

	for (i = 0; i < list->n; i++) {
		struct vsw_route *route = list_at(list, &kind_route, i);

		if (!fits(filter, route))
			object_clear(&kind_route, route);
		else if (n++ != i)
			memcpy(list_at(list, &kind_route, n - 1), route, sizeof(*route));
	}
	list->n = n;
}

static int read_filter(struct vsw *vsw, char **words, struct filter *filter, struct err *err)
{
	const struct route_word *word = show_words;

	filter->route.table = RT_TABLE_MAIN;
	while (*words && word->word && strcmp(word->word, *words))
		word++;
	if (*words && !word->word) {
		if (!strcmp(*words, "to") && words[1])
			words++;
		if (route_read_net("destination", *words++, &filter->route.dst, err) < 0)
			return -1;
		filter->route.has |= HAS(ROUTE_DST);
	}
	if (route_read_words(&show_grammar, words, filter, err) < 0 ||
	    route_connect(vsw, err) < 0)
		return -1;
	return filter->vrf ? route_vrf_table(vsw->fib, filter->vrf, &filter->route.table, err) : 0;
}

static int do_show(struct vsw *vsw, char **words, struct err *err)
{
	struct filter filter = {};
	struct list list = {};
	int ret, shown = -1;

	if (read_filter(vsw, words, &filter, err) < 0)
		return -1;
	ret = route_dump(vsw->fib, filter.route.has & HAS(ROUTE_FAMILY) ? filter.route.family :
			 AF_UNSPEC, &list, err);
	if (ret < 0) {
		explain(NULL, err, "routes");
	} else {
		leave_others(&filter, &list);
		shown = output_list(&vsw->out, &kind_route, &list, err);
	}
	list_free(&list, &kind_route);
	return shown < 0 ? -1 : explain_dump(ret, err);
}

static const struct command commands[] = {
	{ "show", do_show, false },
	{ "list", do_show, false },
	{ "lst", do_show, false },
	{ "ls", do_show, false },
	{ "add", do_add, true },
	{ "append", do_append, true },
	{ "replace", do_replace, true },
	{ "change", do_change, true },
	{ "delete", do_delete, true },
	{ "get", do_get, false },
	{ "rule", rule_run, true },
	{}
};

const struct object object_route = { "route", help, commands, NULL, false };
