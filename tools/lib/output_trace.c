// SPDX-License-Identifier: GPL-2.0
/* Traces as a tree, with what becomes of the packet in the last line. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "output_private.h"
#include "status.h"
#include "trace.h"

#define VID_MASK	0xfff
#define PCP_SHIFT	13

struct writer {
	const struct output *out;
	struct flow_ports *ports;
};

/* ---- words ------------------------------------------------------------------------- */

static void indent(unsigned int depth)
{
	printf("%*s", 2 * depth, "");
}

/* The port by its name, and its number if that is not the same. */
static void put_port(const struct writer *w, uint32_t number)
{
	char *text = NULL;
	size_t size = 0;
	FILE *stream = open_memstream(&text, &size);

	if (stream) {
		flow_port_print(stream, number, w->ports);
		fclose(stream);
	}
	put(w->out->colour, COLOUR_NAME, "%s", text ? text : "?");
	free(text);
}

static void put_tag(const struct vsw_trace_step *step)
{
	if (!(step->has & HAS(VSWITCH_A_TRACE_STEP_TAG)))
		return;
	printf(" with %sVLAN tag %u",
	       step->tag_protocol == VSWITCH_VLAN_PROTOCOL_8021AD ? "802.1ad " : "",
	       step->tag & VID_MASK);
	if (step->tag >> PCP_SHIFT)
		printf(" priority %u", step->tag >> PCP_SHIFT);
}

static void put_fields(const struct writer *w, const struct flow_match *match)
{
	size_t i;

	for (i = 0; i < match->n; i++) {
		printf("%s", i ? ", " : "");
		flow_print_term(stdout, match, &match->term[i], w->ports);
	}
}

static void put_flow(const struct writer *w, const struct vsw_flow *flow, bool is_long)
{
	printf("priority=%u", flow->priority);
	if (flow->cookie)
		printf(",cookie=0x%" PRIx64, flow->cookie);
	if (flow->match.n)
		putchar(',');
	flow_print_match(stdout, &flow->match, true, w->ports);
	printf(",actions=");
	if (is_long)
		printf("... (too many to be shown)");
	else
		flow_print_actions(stdout, &flow->actions, w->ports);
}

/* ---- steps -------------------------------------------------------------------------- */

static void put_near(const struct writer *w, const struct vsw_trace_near *near,
		     unsigned int depth)
{
	indent(depth);
	printf("not ");
	put_flow(w, &near->flow, near->is_long);
	printf("\n");
	indent(depth + 1);
	printf("%u field%s match%s, but the packet has ", near->matching,
	       near->matching == 1 ? "" : "s", near->matching == 1 ? "es" : "");
	put_fields(w, &near->differs);
	putchar('\n');
}

static void put_lookup(const struct writer *w, const struct vsw_trace_step *step,
		       unsigned int depth)
{
	size_t i;

	printf("table %u: ", step->table);
	if (step->has & HAS(VSWITCH_A_TRACE_STEP_FLOW))
		put_flow(w, &step->flow, step->is_long);
	else
		printf("no flow matches, which here means %s",
		       flow_word(FIELD_FLOW_MISS, step->miss));
	putchar('\n');
	for (i = 0; i < step->near.n; i++)
		put_near(w, list_at(&step->near, &kind_trace_near, i), depth + 2);
}

static void put_action(const struct writer *w, const struct vsw_trace_step *step)
{
	flow_print_actions(stdout, &step->action, w->ports);
	if (step->changed.n) {
		printf(": now ");
		put_fields(w, &step->changed);
	}
	putchar('\n');
}

static void put_normal(const struct writer *w, const struct vsw_trace_step *step)
{
	printf("normal");
	if (step->has & HAS(VSWITCH_A_TRACE_STEP_VLAN))
		printf(", VLAN %u", step->vlan);
	printf(": ");
	switch (step->destination) {
	case VSWITCH_TRACE_DESTINATION_KNOWN:
		printf("the destination MAC is behind port ");
		put_port(w, step->port_number);
		break;
	case VSWITCH_TRACE_DESTINATION_UNKNOWN:
		printf("the destination MAC is not known, so it is flooded");
		break;
	default:
		printf("to many, %s", flow_word(FIELD_TRACE_DESTINATION, step->destination));
	}
	putchar('\n');
}

static void put_drop(const struct writer *w, const struct vsw_trace_step *step)
{
	put(w->out->colour, COLOUR_BAD, "dropped: %s", step->reason ? step->reason : "?");
	if (step->label)
		put(w->out->colour, COLOUR_BAD, " (%s)", step->label);
	printf(", counted on port ");
	put_port(w, step->port_number);
	putchar('\n');
}

static void put_output(const struct writer *w, const struct vsw_trace_step *step)
{
	put(w->out->colour, COLOUR_GOOD, "leaves");
	printf(" by port ");
	put_port(w, step->port_number);
	put_tag(step);
	printf(", %u bytes\n", step->length);
}

static void put_metered(const struct vsw_trace_step *step)
{
	printf("meter %u: %s\n", step->meter,
	       step->metered == VSWITCH_TRACE_METERED_PASSES ? "lets it pass" :
	       step->metered == VSWITCH_TRACE_METERED_DROPS ? "above the rate, drops it" :
	       "above the rate, remarks it");
}

static void put_of_port(const struct writer *w, const char *before, uint32_t number,
			const char *behind)
{
	printf("%s", before);
	put_port(w, number);
	printf("%s\n", behind);
}

static void put_vlan(const struct vsw_trace_step *step)
{
	if (step->has & HAS(VSWITCH_A_TRACE_STEP_VLAN))
		printf("VLAN %u\n", step->vlan);
	else
		printf("no VLANs: the switch does not filter by them\n");
}

/* Those that have a port, a name or a flow. */
static bool put_effect_of(const struct writer *w, const struct vsw_trace_step *step)
{
	const char *name = step->name ? step->name : "?";

	switch (step->effect) {
	case VSWITCH_TRACE_EFFECT_LEARN_MAC:
		put_of_port(w, "the source MAC is learned on port ", step->port_number, "");
		return true;
	case VSWITCH_TRACE_EFFECT_MOVE_MAC:
		put_of_port(w, "the source MAC moves here from port ", step->port_number, "");
		return true;
	case VSWITCH_TRACE_EFFECT_HELPER:
		printf("the helper %s looks at it, and may change it\n", name);
		return true;
	case VSWITCH_TRACE_EFFECT_MIRROR:
		printf("the mirror %s gets a copy\n", name);
		return true;
	case VSWITCH_TRACE_EFFECT_NO_MIRROR:
		printf("there is no mirror %s\n", name);
		return true;
	case VSWITCH_TRACE_EFFECT_LEARN:
		printf("learns ");
		break;
	case VSWITCH_TRACE_EFFECT_LEARNED:
		printf("has learned, so its time begins anew: ");
		break;
	case VSWITCH_TRACE_EFFECT_LEARN_LIMIT:
		printf("may not learn any more: ");
		break;
	default:
		return false;
	}
	printf("table=%u,", step->table);
	put_flow(w, &step->flow, step->is_long);
	putchar('\n');
	return true;
}

/* All of this would be done, if the packet were not only traced. */
static void put_effect(const struct writer *w, const struct vsw_trace_step *step)
{
	static const char * const words[] = {
		[VSWITCH_TRACE_EFFECT_LEARN_GROUP] =
			"what it says of groups and routers is learned",
		[VSWITCH_TRACE_EFFECT_COMMIT] = "its connection is known from now on",
		[VSWITCH_TRACE_EFFECT_MARK] = "its connection gets this mark",
		[VSWITCH_TRACE_EFFECT_FORGET] =
			"its connection is forgotten, as it began the other way round",
		[VSWITCH_TRACE_EFFECT_FRAGMENT] = "waits for its other fragments",
		[VSWITCH_TRACE_EFFECT_FULL] =
			"no room for one more connection, so it may be dropped",
		[VSWITCH_TRACE_EFFECT_TELL] = "listeners are told of it",
		[VSWITCH_TRACE_EFFECT_NO_LISTENER] = "nobody listens",
		[VSWITCH_TRACE_EFFECT_SAMPLE] = "sampled if it is its turn",
		[VSWITCH_TRACE_EFFECT_REJECT] = "answered:",
		[VSWITCH_TRACE_EFFECT_NO_ANSWER] =
			"not answered, since nobody answers this, or it would be too often",
	};

	if (put_effect_of(w, step))
		return;
	if (step->effect < sizeof(words) / sizeof(words[0]) && words[step->effect])
		printf("%s\n", words[step->effect]);
	else
		printf("something that this vsw does not know\n");
}

static void put_rest(const struct writer *w, const struct vsw_trace_step *step)
{
	switch (step->kind) {
	case VSWITCH_TRACE_KIND_GROUP:
		printf("group %u, %s\n", step->group,
		       flow_word(FIELD_GROUP_TYPE, step->group_type));
		break;
	case VSWITCH_TRACE_KIND_BUCKET:
		printf("bucket %u\n", step->bucket);
		break;
	case VSWITCH_TRACE_KIND_METER:
		put_metered(step);
		break;
	case VSWITCH_TRACE_KIND_PASS:
		put_of_port(w, "for the device of port ", step->port_number, " itself");
		break;
	case VSWITCH_TRACE_KIND_SHUT:
		put_of_port(w, "by which port ", step->port_number, " would be shut");
		break;
	case VSWITCH_TRACE_KIND_ANSWER:
		put_of_port(w, "the switch answers the question by port ", step->port_number,
			    " itself");
		break;
	default:
		printf("a step that this vsw does not know\n");
	}
}

/* Or of the walk before flows are asked. */
static bool is_of_action(uint8_t effect)
{
	return effect != VSWITCH_TRACE_EFFECT_LEARN_MAC &&
	       effect != VSWITCH_TRACE_EFFECT_MOVE_MAC &&
	       effect != VSWITCH_TRACE_EFFECT_LEARN_GROUP;
}

static void put_step(const struct writer *w, const struct vsw_trace_step *step)
{
	unsigned int depth = 1 + 2 * step->depth;

	switch (step->kind) {
	case VSWITCH_TRACE_KIND_PORT:
		printf("comes by port ");
		put_port(w, step->port_number);
		printf(": %s\n", step->state ? step->state : "?");
		return;
	case VSWITCH_TRACE_KIND_ACTION:
	case VSWITCH_TRACE_KIND_GROUP:
	case VSWITCH_TRACE_KIND_METER:
		depth++;
		break;
	case VSWITCH_TRACE_KIND_BUCKET:
	case VSWITCH_TRACE_KIND_OUTPUT:
	case VSWITCH_TRACE_KIND_DROP:
		depth += 2;
		break;
	case VSWITCH_TRACE_KIND_EFFECT:
		depth += is_of_action(step->effect) ? 2 : 0;
		break;
	}
	indent(depth);
	switch (step->kind) {
	case VSWITCH_TRACE_KIND_VLAN:
		put_vlan(step);
		break;
	case VSWITCH_TRACE_KIND_GUARD:
		printf("guard: %s\n", step->reason ? step->reason : "lets it in");
		break;
	case VSWITCH_TRACE_KIND_LOOKUP:
		put_lookup(w, step, depth);
		break;
	case VSWITCH_TRACE_KIND_ACTION:
		put_action(w, step);
		break;
	case VSWITCH_TRACE_KIND_NORMAL:
		put_normal(w, step);
		break;
	case VSWITCH_TRACE_KIND_OUTPUT:
		put_output(w, step);
		break;
	case VSWITCH_TRACE_KIND_DROP:
		put_drop(w, step);
		break;
	case VSWITCH_TRACE_KIND_EFFECT:
		put_effect(w, step);
		break;
	default:
		put_rest(w, step);
	}
}

/* ---- the verdict ------------------------------------------------------------------------ */

/* Whether something becomes of the packet, which is said, with "before" before it. */
static bool put_end(const struct writer *w, const struct vsw_trace_step *step,
		    bool is_answer, const char *before)
{
	switch (step->kind) {
	case VSWITCH_TRACE_KIND_OUTPUT:
		printf("%s", before);
		put(w->out->colour, COLOUR_GOOD, is_answer ? "answered" : "leaves");
		printf(" by ");
		put_port(w, step->port_number);
		put_tag(step);
		return true;
	case VSWITCH_TRACE_KIND_DROP:
		printf("%s", before);
		put(w->out->colour, COLOUR_BAD, "dropped: %s", step->reason ? step->reason : "?");
		if (step->label)
			put(w->out->colour, COLOUR_BAD, " (%s)", step->label);
		return true;
	case VSWITCH_TRACE_KIND_PASS:
		printf("%s", before);
		put_port(w, step->port_number);
		printf("'s own");
		return true;
	case VSWITCH_TRACE_KIND_ANSWER:
		printf("%sanswered by the switch", before);
		return true;
	case VSWITCH_TRACE_KIND_EFFECT:
		if (step->effect == VSWITCH_TRACE_EFFECT_FRAGMENT)
			printf("%swaits for its other fragments", before);
		return step->effect == VSWITCH_TRACE_EFFECT_FRAGMENT;
	}
	return false;
}

static bool is_refusal(const struct vsw_trace_step *step)
{
	return step->kind == VSWITCH_TRACE_KIND_EFFECT &&
	       step->effect == VSWITCH_TRACE_EFFECT_REJECT;
}

/* All that becomes of it; the answer to what is refused is what comes behind that. */
static void put_ends(const struct writer *w, const struct vsw_trace *trace)
{
	const char *before = "";
	bool is_answer = false;
	size_t i;

	for (i = 0; i < trace->steps.n; i++) {
		const struct vsw_trace_step *step = list_at(&trace->steps, &kind_trace_step, i);

		if (put_end(w, step, is_answer, before))
			before = "; ";
		is_answer = is_refusal(step);
	}
	if (!*before)
		printf("nothing leaves, nothing is dropped");
}

int output_trace(const struct output *out, const struct vsw_trace *trace,
		 struct flow_ports *ports, struct err *err)
{
	const struct writer w = { .out = out, .ports = ports };
	size_t i;

	if (out->json)
		return output_object(out, &kind_trace, trace, err);
	for (i = 0; i < trace->steps.n; i++)
		put_step(&w, list_at(&trace->steps, &kind_trace_step, i));
	if (trace->near_cut)
		printf("Not all flows that nearly matched are shown.\n");
	if (trace->cut)
		printf("There is more than fits: in all it leaves %u times and is dropped %u times.\n",
		       trace->outputs, trace->drops);
	put(out->colour, COLOUR_HEAD, "verdict:");
	putchar(' ');
	put_ends(&w, trace);
	putchar('\n');
	return 0;
}
