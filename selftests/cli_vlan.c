// SPDX-License-Identifier: GPL-2.0
/*
 * The VLANs of ports and MAC entries in vsw: from words to the attributes that
 * the kernel gets, and from those that it sends to JSON.
 *
 *   cli_vlan
 *
 * Says what is wrong; exit status 1 if anything was.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libmnl/libmnl.h>
#include <linux/genetlink.h>

#include "lib/nl_codec.h"
#include "lib/output.h"

static const char *scene;
static int failures;

static void expect(bool ok, const char *what)
{
	if (ok)
		return;
	printf("%s: %s\n", scene, what);
	failures++;
}

static void expect_text(const char *got, const char *wanted)
{
	if (!strcmp(got, wanted))
		return;
	printf("%s: got '%s', expected '%s'\n", scene, got, wanted);
	failures++;
}

/* ---- messages ----------------------------------------------------------- */

static union {
	struct nlmsghdr nlh;
	char room[4096];
} message;

static struct nlmsghdr *new_message(void)
{
	memset(&message, 0, sizeof(message));
	mnl_nlmsg_put_header(&message);
	mnl_nlmsg_put_extra_header(&message.nlh, sizeof(struct genlmsghdr));
	return &message.nlh;
}

/* The attribute of the message; one that is not there is of no bytes. */
static const struct nlattr *attribute(uint16_t type)
{
	static const struct nlattr none = { .nla_len = sizeof(none) };
	const struct nlattr *attr;

	mnl_attr_for_each(attr, &message.nlh, GENL_HDRLEN)
		if (mnl_attr_get_type(attr) == type)
			return attr;
	return &none;
}

/* Not by the library's own functions: the layout is the kernel's. */
static bool has_vlan(uint16_t type, unsigned int vid)
{
	const struct nlattr *attr = attribute(type);
	const uint8_t *set = mnl_attr_get_payload(attr);

	return mnl_attr_get_payload_len(attr) == VSWITCH_VLAN_SET_LEN &&
	       set[vid >> 3] >> (vid & 7) & 1;
}

static void vlans_of_a_request(void)
{
	struct vsw_port req = {
		.has = HAS(VSWITCH_A_PORT_PVID) | HAS(VSWITCH_A_PORT_VLAN) |
		       HAS(VSWITCH_A_PORT_VLAN_UNTAGGED),
		.pvid = 4094,
	};
	struct err err = ERR_INIT;

	scene = "the VLANs of a port in a request";
	expect(vlan_parse_set("trunk", "1,8-9,4094", &req.vlans.member, &err) == 0, err.msg);
	vlan_set_add(&req.vlans.untagged, 4094);
	vsw_nl_encode(new_message(), &kind_port, &req);
	expect(has_vlan(VSWITCH_A_PORT_VLAN, 1) && has_vlan(VSWITCH_A_PORT_VLAN, 8) &&
	       has_vlan(VSWITCH_A_PORT_VLAN, 9) && has_vlan(VSWITCH_A_PORT_VLAN, 4094),
	       "a VLAN is missing");
	expect(!has_vlan(VSWITCH_A_PORT_VLAN, 0) && !has_vlan(VSWITCH_A_PORT_VLAN, 2) &&
	       !has_vlan(VSWITCH_A_PORT_VLAN, 10) && !has_vlan(VSWITCH_A_PORT_VLAN, 4095),
	       "a VLAN is too many");
	expect(has_vlan(VSWITCH_A_PORT_VLAN_UNTAGGED, 4094) &&
	       !has_vlan(VSWITCH_A_PORT_VLAN_UNTAGGED, 1), "the untagged VLANs are others");
	expect(mnl_attr_get_payload_len(attribute(VSWITCH_A_PORT_PVID)) == sizeof(uint16_t) &&
	       mnl_attr_get_u16(attribute(VSWITCH_A_PORT_PVID)) == 4094, "the PVID is another");
}

/* The largest object that there can be fits into a request. */
static void largest_request(void)
{
	char alias[MODEL_ALIAS_SIZE] = "";
	struct vsw_port req = {
		.has = UINT32_MAX,
		.name = "fifteen-letters",
		.switch_name = "fifteen-letters",
		.alias = alias,
	};
	size_t len;

	scene = "a request with everything";
	memset(alias, 'a', sizeof(alias) - 1);
	vsw_nl_encode(new_message(), &kind_port, &req);
	len = mnl_nlmsg_get_payload_len(&message.nlh) - GENL_HDRLEN;
	expect(len > 2 * VSWITCH_VLAN_SET_LEN + sizeof(alias), "it is not all there");
	expect(len <= NL_CODEC_MAX, "it is larger than NL_CODEC_MAX");
}

/* ---- JSON --------------------------------------------------------------- */

/* What is printed of the object that is in the message. */
static void expect_json(const struct kind *kind, const char *wanted)
{
	const struct kind *whole = kind == &kind_vlan ? &kind_port : kind;
	const struct output out = { .json = true };
	union {
		struct vsw_port port;
		struct vsw_fdb fdb;
	} object = {};
	FILE *standard = stdout;
	struct err err = ERR_INIT;
	char *text = NULL;
	size_t size;

	expect(vsw_nl_decode(&message.nlh, whole, &object, &err) == 0, err.msg);
	stdout = open_memstream(&text, &size);
	output_object(&out, kind, &object, &err);
	fclose(stdout);
	stdout = standard;
	text[strcspn(text, "\n")] = '\0';
	expect_text(text, wanted);
	free(text);
	object_clear(whole, &object);
}

static void a_port_of(const char *member, const char *untagged, uint16_t pvid)
{
	struct vlan_set members = {}, bare = {};
	struct nlmsghdr *nlh = new_message();

	vlan_parse_set("member", member, &members, NULL);
	vlan_parse_set("untagged", untagged, &bare, NULL);
	mnl_attr_put_strz(nlh, VSWITCH_A_PORT_NAME, "eth1");
	mnl_attr_put_u16(nlh, VSWITCH_A_PORT_PVID, pvid);
	mnl_attr_put(nlh, VSWITCH_A_PORT_VLAN, sizeof(members), &members);
	mnl_attr_put(nlh, VSWITCH_A_PORT_VLAN_UNTAGGED, sizeof(bare), &bare);
}

#define RUN(first, last, untagged) \
	"{\"first\":" #first ",\"last\":" #last ",\"untagged\":" #untagged "}"

static void vlans_of_a_port(void)
{
	struct vsw_port port = {};
	struct err err = ERR_INIT;

	scene = "the VLANs of a port as JSON";
	a_port_of("10,20-30", "10", 10);
	expect_json(&kind_vlan, "[{\"name\":\"eth1\",\"pvid\":10,\"vlan\":["
		    RUN(10, 10, true) "," RUN(20, 30, false) "]}]");
	a_port_of("all", "7-8,4094", 0);
	expect_json(&kind_port, "[{\"name\":\"eth1\",\"pvid\":0,\"vlan\":["
		    RUN(1, 6, false) "," RUN(7, 8, true) "," RUN(9, 4093, false) ","
		    RUN(4094, 4094, true) "]}]");
	a_port_of("none", "none", 0);
	expect_json(&kind_port, "[{\"name\":\"eth1\",\"pvid\":0,\"vlan\":[]}]");

	mnl_attr_put(new_message(), VSWITCH_A_PORT_VLAN, 3, "abc");
	expect(vsw_nl_decode(&message.nlh, &kind_port, &port, &err) == -1,
	       "a set of three bytes is taken");
	expect(strstr(err.msg, "'vlan' of the port"), err.msg);
}

/* One of none has no VLAN in JSON, whether the kernel says so or does not. */
static void vlan_of_an_entry(void)
{
	scene = "the VLAN of a MAC entry";
	mnl_attr_put_u16(new_message(), VSWITCH_A_FDB_VLAN, 10);
	expect_json(&kind_fdb, "[{\"vlan\":10}]");
	mnl_attr_put_u16(new_message(), VSWITCH_A_FDB_VLAN, 0);
	expect_json(&kind_fdb, "[{}]");
	new_message();
	expect_json(&kind_fdb, "[{}]");
}

/* ---- lists -------------------------------------------------------------- */

static void becomes(const char *words, const char *wanted)
{
	char text[VLAN_TEXT_SIZE];
	struct vlan_set set = {};
	struct err err = ERR_INIT;

	expect(vlan_parse_set("trunk", words, &set, &err) == 0, err.msg);
	expect_text(vlan_text(text, &set), wanted);
}

static void lists(void)
{
	char words[VLAN_TEXT_SIZE] = "", *p = words;
	int vid;

	scene = "lists of VLANs";
	becomes("none", "none");
	becomes("all", "all");
	becomes("1-4094", "all");
	becomes("1-4093", "1-4093");
	becomes("4094,3,1,2,3-3,007", "1-3,7,4094");
	becomes("10-20,15-30,31", "10-31");
	becomes("1,3", "1,3");
	for (vid = 2; vid <= VSWITCH_MAX_VID; vid += 2)	/* the longest that there is */
		p += sprintf(p, "%s%d", vid > 2 ? "," : "", vid);
	becomes(words, words);
}

int main(void)
{
	vlans_of_a_request();
	largest_request();
	vlans_of_a_port();
	vlan_of_an_entry();
	lists();
	return failures ? 1 : 0;
}
