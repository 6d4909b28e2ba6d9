// SPDX-License-Identifier: GPL-2.0
/*
 * The text of flows, groups and meters in vsw: what it is printed as, what is refused in
 * which words, and which bytes the kernel gets.
 *
 *   cli_flow
 *
 * Says what is wrong; exit status 1 if anything was.
 */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libmnl/libmnl.h>
#include <linux/genetlink.h>

#include "lib/flow.h"
#include "lib/nl_codec.h"

static int failures;

static void expect_text(const char *scene, const char *got, const char *wanted)
{
	if (!strcmp(got, wanted))
		return;
	printf("%s: got '%s', expected '%s'\n", scene, got, wanted);
	failures++;
}

static unsigned int fetched;

static int fetch(struct flow_ports *ports, void *arg, struct err *err)
{
	(void)arg;
	(void)err;
	fetched++;
	return flow_ports_add(ports, "eth1", 1, true) ?: flow_ports_add(ports, "web", 1, false) ?:
	       flow_ports_add(ports, "eth2", 2, true) ?: flow_ports_add(ports, "twin", 3, true) ?:
	       flow_ports_add(ports, "twin", 4, true) ?: flow_ports_add(ports, "all", 5, true) ?:
	       flow_ports_add(ports, "a b", 6, true);
}

static struct flow_ports ports = { .fetch = fetch };

enum what { FLOW, FILTER, CHANGE, PACKET, GROUP, METER };

/* Parse; the text as it is printed, or of a failure the message; the caller's to free. */
static char *translate(enum what what, const char *input, struct flow_ports *names)
{
	char *copy = strdup(input), *text = NULL;
	struct vsw_flow_request req = {};
	struct err err = ERR_INIT;
	struct vsw_group group = {};
	struct vsw_meter meter = {};
	struct vsw_flow flow = {};
	size_t size;
	FILE *out = open_memstream(&text, &size);

	switch (what) {
	case FLOW:
		if (flow_parse(copy, &ports, &flow, &err) == 0)
			flow_print(out, &flow, names);
		break;
	case FILTER:
	case CHANGE:
	case PACKET:
		if (flow_parse_request(copy, &ports, what == CHANGE ? FLOW_USE_MODIFY :
				       what == PACKET ? FLOW_USE_PACKET : FLOW_USE_FILTER,
				       &req, &err) == 0)
			flow_print_match(out, &req.match, true, names);
		break;
	case GROUP:
		if (flow_parse_group(copy, &ports, &group, &err) == 0)
			flow_print_group(out, &group, names);
		break;
	case METER:
		if (flow_parse_meter(copy, &meter, &err) == 0)
			flow_print_meter(out, &meter);
		break;
	}
	if (err.status)
		fputs(err.msg, out);
	object_clear(&kind_flow_request, &req);
	object_clear(&kind_group, &group);
	object_clear(&kind_flow, &flow);
	fclose(out);
	free(copy);
	return text;
}

/* ---- what is printed --------------------------------------------------------------------- */

#define HEAD	"table=0,priority=32768,"

/* Matches, all with actions=drop; the second text NULL: the same. */
static const char * const matches[][2] = {
	{ "in_port=1", NULL },
	{ "in_port=eth2", "in_port=2" },
	{ "in_port=web", "in_port=1" },
	{ "in_port=\"a b\"", "in_port=6" },
	{ "in_port=\"all\"", "in_port=5" },
	{ "in_port=local", "in_port=LOCAL" },
	{ "in_port=65534", "in_port=LOCAL" },
	{ "dl_src=02:00:00:00:00:01/ff:ff:00:00:00:00", "dl_src=02:00:00:00:00:00/ff:ff:00:00:00:00" },
	{ "eth_dst=02:00:00:00:00:01", "dl_dst=02:00:00:00:00:01" },
	{ "dl_type=0x0800", "ip" },
	{ "dl_type=2048,nw_proto=6", "tcp" },
	{ "ipv6,nw_proto=58,icmpv6_type=135,nd_sll=02:00:00:00:00:01",
	  "icmp6,icmpv6_type=135,nd_sll=02:00:00:00:00:01" },
	{ "dl_type=0x88cc", NULL },
	{ "arp,arp_spa=10.0.0.1,arp_op=2", "arp,arp_op=2,arp_spa=10.0.0.1" },
	{ "dl_vlan=10", NULL },
	{ "dl_vlan_pcp=3,dl_vlan=10", "dl_vlan=10,dl_vlan_pcp=3" },
	{ "vlan_tci=0x100a/0x1fff", "dl_vlan=10" },
	{ "vlan_vid=0x100a", "dl_vlan=10" },
	{ "vlan_vid=0x1000/0x1000", "vlan_tci=0x1000/0x1000" },
	{ "dl_vlan=0xffff", "vlan_tci=0x0000" },
	{ "vlan2_vid=0x100a", "dl_vlan2=10" },
	{ "ip,nw_src=10.1.2.3/255.255.0.0", "ip,nw_src=10.1.0.0/16" },
	{ "ip,nw_src=10.1.2.3/255.0.255.0", "ip,nw_src=10.0.2.0/255.0.255.0" },
	{ "ip,nw_src=10.1.2.3/0", "ip" },
	{ "ipv6,ipv6_dst=2001:db8::1/64", "ipv6,ipv6_dst=2001:db8::/64" },
	{ "ipv6,ipv6_label=5/0xff", "ipv6,ipv6_label=0x5/0xff" },
	{ "ip,nw_tos=32", NULL },
	{ "ip,ip_dscp=8,nw_ecn=1", "ip,nw_tos=32,nw_ecn=1" },
	{ "ip,ip_frag=no", NULL },
	{ "ip,ip_frag=not_later", NULL },
	{ "tcp,tp_dst=80", NULL },
	{ "tcp,tcp_dst=0x50", "tcp,tp_dst=80" },
	{ "tcp,tp_dst=0x10/0xfff0", NULL },
	{ "udp,tp_src=1000-1999,tp_dst=5-5", NULL },
	{ "icmp,icmp_type=8,icmp_code=0", NULL },
	{ "tcp,tcp_flags=+syn-ack", NULL },
	{ "tcp,tcp_flags=0x12", "tcp,tcp_flags=syn|ack" },
	{ "tcp,tcp_flags=ns|fin", "tcp,tcp_flags=fin|ns" },
	{ "metadata=5/0xff,reg3=7,pkt_mark=1", "metadata=0x5/0xff,reg3=0x7,pkt_mark=0x1" },
	{ "tun_id=5,tun_src=192.0.2.1", "tun_id=0x5,tun_src=192.0.2.1" },
	{ "cgroup=4711", NULL },
	{ "ip,ct_state=+trk+est-new,ct_zone=5", "ip,ct_state=-new+est+trk,ct_zone=5" },
	{ "ip,ct_state=-trk,ct_mark=1/0xff", "ip,ct_state=-trk,ct_mark=0x1/0xff" },
	{ "ip,ct_state=trk|new", "ip,ct_state=new|trk" },
	{ "ip,ct_state=0x21/0x29", "ip,ct_state=+new-rpl+trk" },
	{ "ip,ct_state=+inv+rel+rpl+snat+dnat", "ip,ct_state=+rel+rpl+inv+snat+dnat" },
	{ "ip,ct_state=0x100/0x100", NULL },
	{ "ip,ct_state=0", "ip,ct_state=0x0/0xffff" },
	{ "ip,ct_nw_src=10.0.0.0/8,ct_nw_dst=10.0.0.1,ct_nw_proto=6,ct_tp_src=5,ct_tp_dst=80",
	  NULL },
	{ "ipv6,ct_ipv6_src=2001:db8::/32,ct_ipv6_dst=::1", NULL },
	{ "ip,NXM_NX_CT_STATE=+trk,NXM_NX_CT_ZONE=1,NXM_NX_CT_MARK=2",
	  "ip,ct_state=+trk,ct_zone=1,ct_mark=0x2" },
	{ "NXM_OF_IN_PORT=3,OXM_OF_METADATA=1", "in_port=3,metadata=0x1" },
};

/* Actions, likewise. */
static const char * const actions[][2] = {
	{ "strip_vlan,output:2", NULL },
	{ "pop_vlan,eth2", "strip_vlan,output:2" },
	{ "2,3", "output:2,output:3" },
	{ "output:\"all\"", "output:5" },
	{ "normal", "NORMAL" },
	{ "flood,all,in_port,local", "FLOOD,ALL,IN_PORT,LOCAL" },
	{ "drop(no way)", NULL },
	{ "output(port=eth2,max_len=64)", "output(port=2,max_len=64)" },
	{ "controller", NULL },
	{ "output:CONTROLLER", "controller" },
	{ "controller:128", "controller(max_len=128)" },
	{ "controller(rate=5,userdata=00.aA,max_len=65535)", "controller(rate=5,userdata=00.aa)" },
	{ "mod_vlan_vid:10,mod_vlan_pcp:3", NULL },
	{ "set_vlan_vid:10,set_vlan_pcp:3", NULL },
	{ "set_field:0x100a->vlan_vid", "mod_vlan_vid:10" },
	{ "push_vlan:0x88a8", NULL },
	{ "mod_dl_src:02:00:00:00:00:01,mod_nw_dst:10.0.0.1,mod_tp_src:80", NULL },
	{ "set_field:10.0.0.1->ip_dst", "mod_nw_dst:10.0.0.1" },
	{ "set_field:10.0.0.0/8->nw_src", NULL },
	{ "mod_nw_tos:32,mod_nw_ecn:1,mod_nw_ttl:5", NULL },
	{ "load:5->NXM_NX_REG0[]", "set_field:0x5->reg0" },
	{ "load:5->reg0[8..15]", "set_field:0x500/0xff00->reg0" },
	{ "load:1->ipv6_dst[0]", "set_field:::1/::1->ipv6_dst" },
	{ "move:NXM_OF_ETH_SRC[]->NXM_OF_ETH_DST[]", "move:dl_src[]->dl_dst[]" },
	{ "move:reg0[0..11]->vlan_vid[0..11]", "move:reg0[0..11]->vlan_tci[0..11]" },
	{ "move:reg0[5]->reg1[6]", NULL },
	{ "resubmit(,2),resubmit(in_port,3),resubmit:3,resubmit(4,5)",
	  "resubmit(,2),resubmit(,3),resubmit:3,resubmit(4,5)" },
	{ "group:1,meter:2,set_queue:3,dec_ttl,goto_table:4", NULL },
	{ "write_metadata:5,write_metadata:5/7", "write_metadata:0x5,set_field:0x5/0x7->metadata" },
	{ "set_tunnel:9", "set_tunnel:0x9" },
	{ "ct", NULL },
	{ "ct()", "ct" },
	{ "ct(table=1)", NULL },
	{ "ct(zone=5,table=1,nat),normal", "ct(table=1,zone=5,nat),NORMAL" },
	{ "ct(commit)", NULL },
	{ "ct(force,commit,zone=65535,alg=ftp)", "ct(commit,force,zone=65535,alg=ftp)" },
	{ "ct(commit,exec(set_field:1->ct_mark))", "ct(commit,exec(set_field:0x1->ct_mark))" },
	{ "ct(commit,exec(load:1->NXM_NX_CT_MARK[0],set_field:0x10/0xf0->ct_mark))",
	  "ct(commit,exec(set_field:0x11/0xf1->ct_mark))" },
	{ "ct(commit,nat(src=10.0.0.1))", NULL },
	{ "ct(commit,nat(dst))", NULL },
	{ "ct(commit,nat(src=10.0.0.1-10.0.0.9:1000-2000,random,persistent))", NULL },
	{ "ct(commit,nat(dst=10.0.0.1:80-80))", "ct(commit,nat(dst=10.0.0.1:80))" },
	{ "ct(commit,nat(src=2001:db8::1-2001:db8::9))", NULL },
	{ "ct(commit,nat(src=[2001:db8::1]-[2001:db8::9]:5-6))", NULL },
	{ "ct(commit,nat(dst=[2001:db8::1]))", "ct(commit,nat(dst=2001:db8::1))" },
	{ "output:reg0[0..15]", NULL },
	{ "output:NXM_NX_REG0[]", "output:reg0[]" },
	{ "output:NXM_OF_IN_PORT[],reject", "output:in_port[],reject" },
	{ "sample(rate=100)", NULL },
	{ "sample(rate=5,group=7,max_len=128)", NULL },
	{ "sample(probability=13107,group=0),sample(probability=65535,max_len=65535)",
	  "sample(rate=5),sample(rate=1)" },
	{ "mirror:m0,mirror:\"a,(b\"", NULL },
	{ "set_field:10.0.0.1->tun_dst,set_field:0x5/0xff->tun_id", NULL },
	{ "set_field:2001:db8::1->tun_ipv6_dst", NULL },
	{ "learn", "learn(table=1)" },
	{ "learn(table=2,hard_timeout=0.5,idle_timeout=60,priority=7,cookie=0x9,limit=5)",
	  "learn(table=2,idle_timeout=60,hard_timeout=0.5,priority=7,cookie=0x9,limit=5)" },
	{ "learn(table=10,NXM_OF_VLAN_TCI[0..11],NXM_OF_ETH_DST[]=NXM_OF_ETH_SRC[],output:NXM_OF_IN_PORT[])",
	  "learn(table=10,vlan_tci[0..11],dl_dst[]=dl_src[],output:in_port[])" },
	{ "learn(eth_type=0x800,nw_proto=6,nw_src,tcp_dst=tcp_src,load:5->reg0[],load:in_port->NXM_NX_REG1[0..15])",
	  "learn(table=1,dl_type=0x0800,nw_proto=6,nw_src[],tp_dst[]=tp_src[],load:0x5->reg0[],load:in_port[]->reg1[0..15])"
	},
	{ "learn(in_port=eth2,ipv6_dst=2001:db8::/32,ipv6_src[0..127]=ipv6_dst[])",
	  "learn(table=1,in_port=2,ipv6_dst[96..127]=0x20010db8,ipv6_src[]=ipv6_dst[])" },
	{ "learn(ipv6_dst=::1,load:0x0123456789abcdef0123456789abcdef->ipv6_src[])",
	  "learn(table=1,ipv6_dst=::1,load:0x123456789abcdef0123456789abcdef->ipv6_src[])" },
	{ "learn(dl_vlan=10,reg0[4..7]=0xf,metadata=5)",
	  "learn(table=1,vlan_tci[0..12]=0x100a,reg0[4..7]=0xf,metadata=0x5)" },
	{ "truncate:100,normal", "output(port=NORMAL,max_len=100)" },
};

static void scene_matches(void)
{
	char input[320], wanted[320], *got;
	size_t i;

	for (i = 0; i < sizeof(matches) / sizeof(matches[0]); i++) {
		snprintf(input, sizeof(input), "%s,actions=drop", matches[i][0]);
		snprintf(wanted, sizeof(wanted), HEAD "%s,actions=drop",
			 matches[i][1] ?: matches[i][0]);
		got = translate(FLOW, input, NULL);
		expect_text(input, got, wanted);
		free(got);
	}
}

static void scene_actions(void)
{
	char input[320], wanted[320], *got;
	size_t i;

	for (i = 0; i < sizeof(actions) / sizeof(actions[0]); i++) {
		snprintf(input, sizeof(input), "actions=%s", actions[i][0]);
		snprintf(wanted, sizeof(wanted), HEAD "actions=%s",
			 actions[i][1] ?: actions[i][0]);
		got = translate(FLOW, input, NULL);
		expect_text(input, got, wanted);
		free(got);
	}
}

static const struct {
	enum what what;
	const char *input, *output;
} others[] = {
	{ FLOW,
	  "cookie=0x5 table=3, priority=7 idle_timeout=1.5 hard_timeout=60,importance=2,send_flow_rem check_overlap no_packet_counts actions=drop",
	  "cookie=0x5,table=3,priority=7,idle_timeout=1.5,hard_timeout=60,importance=2,send_flow_rem,check_overlap,no_counts,actions=drop"
	},
	/* as ovs-ofctl dump-flows prints it */
	{ FLOW,
	  " cookie=0x0, duration=5.1s, table=1, n_packets=3, n_bytes=180, idle_age=2, priority=10,ip actions=NORMAL",
	  "table=1,priority=10,ip,actions=NORMAL" },
	{ FLOW, "actions=", "the actions are missing; 'actions=drop' drops the packets" },
	{ FLOW, "ip", "'actions=' is missing; 'actions=drop' drops the packets" },
	{ FLOW, "foo=1,actions=drop", "'foo' is no field and no setting of a flow" },
	{ FLOW, "in_port,actions=drop", "'in_port' lacks '=' and its value" },
	{ FLOW, "in_port=eth9,actions=drop",
	  "in_port: the switch has no port 'eth9'. See 'vsw port show'" },
	{ FLOW, "in_port=twin,actions=drop",
	  "in_port: more than one port is called 'twin', name it by its number" },
	{ FLOW, "ip,dl_type=0x86dd,actions=drop", "'dl_type': another value was given before" },
	{ FLOW, "nw_src=10.0.0.256,actions=drop",
	  "nw_src: '10.0.0.256' is not an address like 10.0.0.2" },
	{ FLOW, "nw_src=10.0.0.0/33,actions=drop", "nw_src: '33' is too large, the most is 32" },
	{ FLOW, "dl_vlan=4096,actions=drop", "dl_vlan: '4096' is too large, the most is 4095" },
	{ FLOW, "vlan_vid=10,actions=drop",
	  "vlan_vid: 10 is without the bit 0x1000 that each tag has: write 0x100a, or dl_vlan=10" },
	{ FLOW, "nw_tos=33,actions=drop",
	  "nw_tos: 33 has bits of ECN, which is nw_ecn; of DSCP it is a multiple of 4" },
	{ FLOW, "tp_dst=5-4,actions=drop", "tp_dst: 5-4 is no range: the lower one is first" },
	{ FLOW, "tp_dst=5-6,tp_dst=5,actions=drop", "'tp_dst': another value was given before" },
	{ FLOW, "tp_dst=65536,actions=drop", "tp_dst: '65536' is too large, the most is 65535" },
	{ FLOW, "ip_frag=perhaps,actions=drop",
	  "ip_frag: 'perhaps' is none of no, yes, first, later, not_later" },
	{ FLOW, "tcp_flags=+syn|ack,actions=drop",
	  "tcp_flags: flags are put together by + and -, or by |" },
	{ FLOW, "tcp_flags=+sin,actions=drop",
	  "tcp_flags: 'sin' is none of fin, syn, rst, psh, ack, urg, ece, cwr, ns" },
	{ FLOW, "container=no-such-container,actions=drop",
	  "container: no container 'no-such-container' runs here" },
	{ FLOW, "container=a/b,actions=drop",
	  "container: 'a/b' is not the name of a container" },
	{ FLOW, "table=254,actions=drop", "table: '254' is too large, the most is 253" },
	{ FLOW, "actions=output(port=2,max_len=5)",
	  "max_len: '5' is too small, the least is 14" },
	{ FLOW, "priority=-1,actions=drop", "priority: '-1' is not a number" },
	{ FLOW, "tcp,tp_dst=1--1,actions=drop", "tp_dst: '-1' is not a number" },
	{ FLOW, "metadata=5/-1,actions=load:-1->reg0[0..3]",
	  "table=0,priority=32768,metadata=0x5,actions=set_field:0xf/0xf->reg0" },
	{ FLOW, "table=1,table=1,actions=drop", "'table' was given before" },
	{ FLOW, "idle_timeout=86401,actions=drop",
	  "idle_timeout: '86401' seconds are too many, the most is 86400" },
	{ FLOW, "actions=nonsense", "'nonsense' is no action, and no port of the switch" },
	{ FLOW, "actions=nonsense:1", "there is no action 'nonsense'" },
	{ FLOW, "actions=note:00", "vswitch has no action 'note'" },
	{ FLOW, "actions=sample(probability=2,group=1)",
	  "probability: 2 of 65535 packets is not one of a whole number: use rate=N, one of N packets"
	},
	{ FLOW, "actions=sample(rate=0)", "rate: '0' is too small, the least is 1" },
	{ FLOW, "actions=sample(rate=1,collector_set_id=1)",
	  "sample: 'collector_set_id' is none of rate=, probability=, group=, max_len=" },
	{ FLOW, "actions=sample(group=1)", "sample: 'rate=' is missing" },
	{ FLOW, "actions=mirror", "'mirror' lacks ':' and its value" },
	{ FLOW, "actions=mirror:0123456789abcdef",
	  "mirror: the name '0123456789abcdef' is too long, the most is 15 bytes" },
	{ FLOW, "actions=reject:1", "'reject' has no value" },
	{ FLOW, "actions=learn(limit=0)", "learn: limit: one flow is the least" },
	{ FLOW, "actions=learn(fin_idle_timeout=5)", "learn: vswitch has no 'fin_idle_timeout'" },
	{ FLOW, "actions=learn(foo)",
	  "learn: 'foo' is no setting, no field, and neither load: nor output:" },
	{ FLOW, "actions=learn(reg0[0..3]=reg1[])", "learn: 32 bits of reg1 are not 4 of reg0" },
	{ FLOW, "actions=learn(reg0[0..3]=16)", "learn: '16' is more than 4 bits" },
	{ FLOW, "actions=learn(tp_dst=5-6)", "learn: tp_dst: a range can't be learned" },
	{ FLOW, "actions=learn(reg0=5/5)", "learn: reg0: the bits of a mask are side by side" },
	{ FLOW, "actions=learn(load:5)", "learn: 'load' lacks ':', '->' or a field" },
	{ FLOW, "ct_state=+established,actions=drop",
	  "ct_state: 'established' is none of new, est, rel, rpl, inv, trk, snat, dnat" },
	{ FLOW, "actions=ct(zone=NXM_NX_REG0[0..15])",
	  "zone: 'NXM_NX_REG0[0..15]': vswitch does not take the zone from a field" },
	{ FLOW, "actions=ct(flush)",
	  "ct: 'flush' is none of commit, force, table=, zone=, nat, exec(), alg=" },
	{ FLOW, "actions=ct(force)", "ct: 'force' needs 'commit'" },
	{ FLOW, "actions=ct(nat(src=10.0.0.1))", "ct: 'nat(src)' needs 'commit'" },
	{ FLOW, "actions=ct(commit,nat(src=10.0.0.1,dst=10.0.0.2))",
	  "nat: src or dst, and once" },
	{ FLOW, "actions=ct(commit,nat(src=10.0.0.2-10.0.0.1))",
	  "nat: the lower address is first" },
	{ FLOW, "actions=ct(commit,nat(src=10.0.0.2-::1))",
	  "nat: the addresses are not of one family" },
	{ FLOW, "actions=ct(commit,nat(src=10.0.0.2:0))",
	  "nat: ports are 1 to 65535, and the lower one is first" },
	{ FLOW, "actions=ct(commit,nat(src=10.0.0.2,hash))",
	  "nat: vswitch has no 'hash': the port is kept if it can be, or 'random'" },
	{ FLOW, "actions=ct(commit,nat(random))",
	  "nat: 'random' and 'persistent' need src or dst" },
	{ FLOW, "actions=ct(commit,exec(set_field:1->ct_label))",
	  "set_field: 'ct_label' is no field" },
	{ FLOW, "actions=ct(commit,exec(set_field:1->reg0))",
	  "ct: exec() sets ct_mark, and 'set_field' does not" },
	{ FLOW, "actions=ct(commit,exec(drop))",
	  "ct: exec() sets ct_mark, and 'drop' does not" },
	{ FLOW, "actions=ct(commit,alg=a/b)", "alg: 'a/b' is not the name of a helper, like ftp" },
	{ FLOW, "actions=output", "'output' lacks ':' and its value" },
	{ FLOW, "actions=output:foo[]", "'foo' is no field" },
	{ FLOW, "actions=drop,1", "'drop' stands alone, or not at all" },
	{ FLOW, "actions=drop(a,b)", "drop: a label is made of letters, digits, blanks and _-.:/" },
	{ FLOW, "actions=resubmit(,)",
	  "resubmit: without another port or table it would find the same flow" },
	{ FLOW, "actions=resubmit(1", "'resubmit(': the parenthesis is not closed" },
	{ FLOW, "actions=set_field:1", "set_field: '1' lacks '->' and a field" },
	{ FLOW, "actions=set_field:1->foo", "set_field: 'foo' is no field" },
	{ FLOW, "actions=load:16->reg0[0..3]", "load: '16' is too large, the most is 15" },
	{ FLOW, "actions=load:1->reg0[32]", "reg0: '32' is too large, the most is 31" },
	{ FLOW, "actions=move:reg0[0..3]->reg1[0..4]", "move: 4 bits of reg0 are not 5 of reg1" },
	{ FLOW, "actions=push_vlan:0x9100", "push_vlan: 0x9100 is neither 0x8100 nor 0x88a8" },
	{ FLOW, "actions=controller(userdata=0)",
	  "userdata: '0' is not pairs of hexadecimal digits with dots between" },
	{ FILTER, "table=1,cookie=5/0xff,out_port=eth1,tcp", "tcp" },
	{ FILTER, "priority=5", "'priority' needs the word 'strict' behind the switch" },
	{ FILTER, "ip,actions=drop",
	  "actions do not say which flows are meant: 'out_port=' and 'out_group=' do" },
	{ CHANGE, "cookie=5,actions=drop",
	  "flows keep their cookie; to name them by it, write cookie=5/-1" },
	{ CHANGE, "cookie=5/-1,ip,actions=drop", "ip" },
	{ PACKET, "in_port=eth1,tcp,tp_dst=80", "in_port=1,tcp,tp_dst=80" },
	{ PACKET, "in_port=eth1,priority=5",
	  "'priority' is no field, and only fields describe a packet" },
	{ PACKET, "in_port=eth1,actions=drop",
	  "actions do not describe a packet, only fields do" },
	{ GROUP, "group_id=1,type=select,bucket=weight:5,output:eth2,bucket=bucket_id:9,actions=3",
	  "group_id=1,type=select,bucket=weight:5,actions=output:2,bucket=bucket_id:9,actions=output:3"
	},
	{ GROUP, "group_id=2,type=fast_failover,bucket=watch_port:1,1",
	  "group_id=2,type=ff,bucket=watch_port:1,actions=output:1" },
	{ GROUP, "group_id=2,type=all,hash=symmetric_l4", NULL },
	{ GROUP, "group_id=2,type=some", "type: 'some' is none of all, select, indirect, ff" },
	{ GROUP, "group_id=2,type=ff,bucket=watch_group:1,1",
	  "bucket 1: buckets of vswitch watch ports, not groups" },
	{ GROUP, "type=all,bucket=1,bucket=",
	  "bucket 2: the actions are missing; 'actions=drop' drops the packets" },
	{ METER, "meter=1,pktps,burst,band=type=drop,rate=1000,burst_size=100", NULL },
	{ METER, "meter=1 kbps stats per_flow bands=type=dscp_remark rate=5 dscp=8",
	  "meter=1,kbps,per_flow,band=type=dscp_remark,rate=5,dscp=8" },
	{ METER, "meter=1,pktps,band=type=dscp_remark,rate=5,prec_level=1",
	  "vswitch does not raise a precedence by 'prec_level', it sets a DSCP: 'dscp=N'" },
	{ METER, "meter=1,pktps,band=type=dscp_remark,rate=5",
	  "'dscp=' is missing, what packets are remarked with" },
	{ METER, "meter=1,pktps,kbps", "'kbps': the unit was given before" },
};

static void scene_others(void)
{
	size_t i;

	for (i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		char *got = translate(others[i].what, others[i].input, NULL);

		expect_text(others[i].input, got, others[i].output ?: others[i].input);
		free(got);
	}
}

/* ---- names ------------------------------------------------------------------------------- */

static void scene_names(void)
{
	static const char input[] = "in_port=1,actions=2,3,4,5,6,7,in_port,resubmit(2,)";
	char *got = translate(FLOW, input, &ports);

	/* not what two have, nor a word of its own, nor what is cut at its blank */
	expect_text("names", got, HEAD "in_port=eth1,actions=output:eth2,output:3,output:4,output:5,output:6,output:7,IN_PORT,resubmit:eth2");
	free(got);
	if (fetched != 1) {
		printf("names: ports were asked for %u times\n", fetched);
		failures++;
	}
}

/* ---- netlink ----------------------------------------------------------------------------- */

static union {
	struct nlmsghdr nlh;
	char room[8192];
} message;

/* A nest, in hexadecimal digits: "TYPE:{TYPE:BYTES ...}" */
static void dump(FILE *out, const struct nlattr *nest)
{
	const struct nlattr *attr;
	const uint8_t *bytes;
	size_t i;

	fprintf(out, "%u:{", mnl_attr_get_type(nest));
	mnl_attr_for_each_nested(attr, nest) {
		bytes = mnl_attr_get_payload(attr);
		fprintf(out, "%u:", mnl_attr_get_type(attr));
		for (i = 0; i < mnl_attr_get_payload_len(attr); i++)
			fprintf(out, "%02x", bytes[i]);
		fputc(' ', out);
	}
	fputc('}', out);
}

static void expect_bytes(const char *input, const char *wanted)
{
	char *copy = strdup(input), *text = NULL;
	struct err err = ERR_INIT;
	struct vsw_flow flow = {};
	const struct nlattr *attr;
	size_t size;
	FILE *out;

	memset(&message, 0, sizeof(message));
	mnl_nlmsg_put_header(&message);
	mnl_nlmsg_put_extra_header(&message.nlh, sizeof(struct genlmsghdr));
	flow_parse(copy, &ports, &flow, &err);
	vsw_nl_encode(&message.nlh, &kind_flow, &flow);
	out = open_memstream(&text, &size);
	mnl_attr_for_each(attr, &message.nlh, sizeof(struct genlmsghdr))
		if (mnl_attr_get_type(attr) == VSWITCH_A_FLOW_ENTRY_MATCH ||
		    mnl_attr_get_type(attr) == VSWITCH_A_FLOW_ENTRY_ACTIONS)
			dump(out, attr);
	fclose(out);
	expect_text(input, text, wanted);
	object_clear(&kind_flow, &flow);
	free(text);
	free(copy);
}

/* Fields of the frame in network order, others in the host's, which is little here. */
static void scene_bytes(void)
{
	if (htons(1) == 1)
		return;
	expect_bytes("in_port=1,actions=strip_vlan,output:2", "9:{1:0100 }10:{6: 1:02000000 }");
	expect_bytes("actions=drop", "9:{}10:{2:00 }");
	expect_bytes("actions=drop(no)", "9:{}10:{2:6e6f00 }");
	expect_bytes("dl_type=0x88cc,reg0=5/7,actions=2",
		     "9:{4:88cc 23:0500000007000000 }10:{1:02000000 }");
	expect_bytes("udp,tp_src=0x10/0xf0,tp_dst=1000-1999,actions=mod_vlan_vid:10",
		     "9:{4:0800 7:11 16:001000f0 49:03e807cf }10:{3:08000500100a1fff }");
	expect_bytes("ipv6_label=0x12345,tun_id=5,actions=set_field:1->metadata",
		     "9:{15:00012345 42:0000000000000005 }10:{3:0c0016000100000000000000 }");
}

int main(void)
{
	scene_matches();
	scene_actions();
	scene_others();
	scene_names();
	scene_bytes();
	flow_ports_free(&ports);
	return failures ? 1 : 0;
}
