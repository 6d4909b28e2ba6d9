# SPDX-License-Identifier: GPL-2.0
"""Random sets of rules in the syntax of ovs-ofctl(8), for flow_ovs.py, and packets for them.

What OpenFlow leaves open is not made: rules of one table have different priorities; a
bucket's actions stand in the order that an action set has, and end with one output; no
resubmit leads to the same table or one before.
"""
import ipaddress

from flow_ovs_frame import KINDS, build

PORTS = [1, 2, 3, 4]
LOCAL = "LOCAL"
TABLES = [0, 1, 5, 17, 253]
FULL = {"dl_src": 48, "dl_dst": 48, "nw_src": 32, "nw_dst": 32, "ipv6_src": 128,
        "ipv6_dst": 128, "ipv6_label": 20, "tp_src": 16, "tp_dst": 16, "arp_sha": 48,
        "arp_tha": 48, "nd_target": 128, "nd_sll": 48, "nd_tll": 48}
IP = ["ip", "tcp", "udp", "sctp", "icmp"]
IP6 = ["ipv6", "tcp6", "udp6", "sctp6", "icmp6", "nd"]
L4 = ["tcp", "udp", "sctp", "tcp6", "udp6", "sctp6"]
MACS = ["dl_src", "dl_dst", "arp_sha", "arp_tha", "nd_sll", "nd_tll"]
# A packet's field that has another name in a match for ARP
ARP_NAMES = {"nw_src": "arp_spa", "nw_dst": "arp_tpa"}
TCP_FLAGS = [0x002, 0x012, 0x010, 0x018, 0x011, 0x004, 0x0c2, 0x1ff]


def text_of(field, value):
    if field in MACS:
        return ":".join(f"{byte:02x}" for byte in value.to_bytes(6, "big"))
    if field in ("nw_src", "nw_dst"):
        return str(ipaddress.IPv4Address(value))
    if field in ("ipv6_src", "ipv6_dst", "nd_target"):
        return str(ipaddress.IPv6Address(value))
    return f"{value:#x}"


class Values:
    """The few values of each field that the rules and packets of a set have."""

    def __init__(self, rnd):
        self.rnd = rnd
        mac = lambda: 0x020000000000 | rnd.getrandbits(20)
        pools = {
            "dl": [mac() for _ in range(4)] + [0x01005e000001, 0xffffffffffff],
            "nw": [0x0a000000 | rnd.getrandbits(6) for _ in range(4)] + [rnd.getrandbits(32)],
            "ipv6": [0x20010db8 << 96 | rnd.getrandbits(4) for _ in range(3)] +
                    [rnd.getrandbits(128)],
            "ipv6_label": [0, 1, 0xabcde], "tp": [0, 80, 81, 1000, 0xffff],
        }
        self.pools = {field: pools[field if field in pools else field.split("_")[0]]
                      for field in FULL if field not in MACS and field != "nd_target"}
        self.pools["nd_target"] = pools["ipv6"]
        self.pools.update({field: pools["dl"] for field in MACS})
        # A switch drops what has a group's address as its source.
        self.pools["dl_src"] = pools["dl"][:4]
        self.pools["reg"] = [0, 1, 2, 0x80000000]
        self.vids = [0, 1, 10, 4095]

    def one(self, field):
        return self.rnd.choice(self.pools[field])

    def mask(self, field):
        """All bits, the first ones, or any."""
        bits = FULL[field]
        full = (1 << bits) - 1
        chance = self.rnd.random()
        if chance < 0.5:
            return full
        if chance < 0.75:
            return full & ~((1 << self.rnd.randrange(bits // 8 * 7)) - 1)
        mask = self.rnd.getrandbits(bits) & self.rnd.choice([full, 0xff, 3]) or full
        # ovs-ofctl takes the digit before a mask's letters for the length of a prefix.
        return mask | 0xf << 124 if bits == 128 and mask >> 112 else mask


class Match:
    """What a rule asks of a packet: text, and how a packet is made to have it.

    want: {field: (value, mask)} of packets. registers: text only. tagged: True, False, or
    None if the rule does not say.
    """

    def __init__(self, rnd, values, table):
        self.rnd, self.values = rnd, values
        self.kind = rnd.choice([None, None, "any ip", "any ipv6"] + list(KINDS))
        self.want, self.words, self.tagged, self.in_port = {}, [], None, None
        self.add_kind()
        for add in self.parts(table):
            add()

    def parts(self, table):
        rnd, likely = self.rnd, []
        if rnd.random() < 0.5:
            likely.append(self.add_in_port)
        if rnd.random() < 0.4:
            likely.append(lambda: self.add(rnd.choice(["dl_src", "dl_dst"])))
        if rnd.random() < 0.4:
            likely.append(self.add_vlan)
        if rnd.random() < 0.5:
            likely.append(self.add_network)
        if rnd.random() < 0.5:
            likely.append(self.add_transport)
        if table and rnd.random() < 0.5:
            likely.append(self.add_register)
        return likely

    def add_kind(self):
        kind = self.kind
        if kind == "other":
            self.words.append("dl_type=0x88b5")
        elif kind == "nd":
            self.want["icmp_type"] = self.rnd.choice([135, 136]), 0xff
            self.want["icmp_code"] = 0, 0xff
            self.words.append(f"icmp6,icmp_type={self.want['icmp_type'][0]},icmp_code=0")
        elif kind:
            self.words.append(kind.split()[-1])

    def add(self, field, name=None):
        value, mask = self.values.one(field), self.values.mask(field)
        self.want[field] = value & mask, mask
        text = f"{name or field}={text_of(field, value & mask)}"
        if mask != (1 << FULL[field]) - 1:
            text += f"/{text_of(field, mask)}"
        self.words.append(text)

    def plain(self, field, name, value, mask=0xff, shift=0):
        """A field without a mask; a packet has it at shift."""
        old = self.want.get(field, (0, 0))
        self.want[field] = old[0] | value << shift, old[1] | mask << shift
        self.words.append(f"{name}={value}")

    def add_in_port(self):
        self.in_port = self.rnd.choice(PORTS + [LOCAL])
        self.words.append(f"in_port={self.in_port}")

    def add_vlan(self):
        rnd = self.rnd
        which = rnd.randrange(6)
        vid = rnd.choice(self.values.vids)
        pcp = rnd.choice([0, 3, 7])
        if which == 0:
            self.want["tci"] = 0, 0xffff
            self.words.append("vlan_tci=0")
        elif which == 1:
            self.want["tci"] = 0x1000, 0x1000
            self.words.append("vlan_tci=0x1000/0x1000")
        elif which == 2:
            self.want["tci"] = 0x1000 | vid, 0x1fff
            self.words.append(f"dl_vlan={vid}")
        elif which == 3:
            self.want["tci"] = 0x1000 | vid | pcp << 13, 0xffff
            self.words.append(f"dl_vlan={vid},dl_vlan_pcp={pcp}")
        elif which == 4:
            self.want["tci"] = 0x1000 | pcp << 13, 0xf000
            self.words.append(f"dl_vlan_pcp={pcp}")
        else:
            mask = rnd.choice([0x00f, 0xff0, 0x001])
            self.want["tci"] = 0x1000 | vid & mask, 0x1000 | mask
            self.words.append(f"vlan_vid={0x1000 | vid & mask:#x}/{0x1000 | mask:#x}")
        self.tagged = which > 0

    def is_ip(self):
        return self.kind in IP + IP6 + ["any ip", "any ipv6"]

    def add_network(self):
        rnd, kind = self.rnd, self.kind
        if kind == "arp":
            for field in rnd.sample(["nw_src", "nw_dst", "arp_sha", "arp_tha"], 2):
                self.add(field, ARP_NAMES.get(field))
            if rnd.random() < 0.5:
                self.plain("arp_op", "arp_op", rnd.choice([1, 2]))
        if not self.is_ip():
            return
        pre = "nw_" if kind in IP + ["any ip"] else "ipv6_"
        for field in rnd.sample([pre + "src", pre + "dst"], rnd.randint(0, 2)):
            self.add(field)
        which = rnd.randrange(7)
        if which == 0:
            self.plain("tos", "ip_dscp", rnd.choice([0, 10, 46]), 0x3f, 2)
        elif which == 1:
            self.plain("tos", "nw_ecn", rnd.randrange(4), 3)
        elif which == 2:
            self.plain("nw_ttl", "nw_ttl", rnd.choice(self.values.hops))
        elif which == 3:
            self.add_fragment()
        elif which == 4 and pre == "ipv6_":
            self.add("ipv6_label")

    def add_fragment(self):
        words = ["no", "yes", "first", "not_later"]
        word = self.rnd.choice(words + ["later"] * (self.kind != "nd"))
        self.want["ip_frag"] = {"no": (0, 3), "yes": (1, 1), "first": (1, 3), "later": (3, 3),
                                "not_later": (0, 2)}[word]
        self.words.append(f"ip_frag={word}")

    def may_have_ports(self):
        """Later fragments have none, and vswitch does not let one ask for them."""
        value, mask = self.want.get("ip_frag", (0, 2))
        return mask & 2 and not value & 2

    def add_transport(self):
        rnd, kind = self.rnd, self.kind
        if not self.may_have_ports():
            return
        if kind in L4:
            for field in rnd.sample(["tp_src", "tp_dst"], rnd.randint(1, 2)):
                self.add(field)
        if kind in ("tcp", "tcp6") and rnd.random() < 0.6:
            flags = rnd.choice(TCP_FLAGS)
            mask = rnd.choice([0xfff, 0x012, 0x002, 0x1c0])
            self.want["tcp_flags"] = flags & mask, mask
            self.words.append(f"tcp_flags={flags & mask:#x}/{mask:#x}")
        if kind == "icmp" or kind == "icmp6":
            self.plain("icmp_type", "icmp_type", 128 if kind == "icmp6" else rnd.choice([0, 8, 3]))
            if rnd.random() < 0.5:
                self.plain("icmp_code", "icmp_code", rnd.choice([0, 1]))
        if kind == "nd":
            self.add_neighbour()

    def add_neighbour(self):
        option = "nd_sll" if self.want["icmp_type"][0] == 135 else "nd_tll"
        for field in self.rnd.sample(["nd_target", option], self.rnd.randint(1, 2)):
            self.add(field)

    def add_register(self):
        which, value = self.rnd.randrange(8), self.values.one("reg")
        name = self.rnd.choice([f"reg{which}", "metadata"])
        self.words.append(f"{name}={value:#x}" + self.rnd.choice(["", "/0xff", "/0x3"])
                          if value < 3 else f"{name}={value:#x}/{value:#x}")

    def text(self):
        return ",".join(self.words)

    def kinds(self):
        if self.kind is None:
            return list(KINDS)
        return {"any ip": IP, "any ipv6": IP6}.get(self.kind, [self.kind])


class Actions:
    """Of one rule. It keeps account of whether there is a tag, as some need one."""

    def __init__(self, rnd, values, match, old, pushes=False, below=False):
        self.rnd, self.values, self.old = rnd, values, old
        self.pushes, self.below = pushes, below
        self.kind = match.kind
        self.has_ports = match.may_have_ports()
        self.tagged = match.tagged
        self.nd_option = match.want.get("icmp_type", (0, 0))[0]

    def mac(self, field):
        return text_of(field, self.values.one(field))

    def masked(self, field, bits):
        # To OpenFlow 1.0 ovs-ofctl says this as mod_dl_src, which has no mask.
        if self.old:
            return f"mod_{field}:{self.mac(field)}"
        mask = self.rnd.getrandbits(bits) | 1
        value = text_of(field, self.values.one(field) & mask)
        return f"set_field:{value}/{text_of(field, mask)}->{field.replace('dl', 'eth')}"

    def set_any(self):
        """Registers and what each frame has."""
        rnd, value = self.rnd, self.values.one("reg")
        which = rnd.randrange(8)
        field = rnd.choice(["dl_src", "dl_dst"])
        return rnd.choice([
            f"mod_{field}:{self.mac(field)}",
            self.masked(field, 48),
            f"load:{value:#x}->NXM_NX_REG{which}[]",
            f"set_field:{value:#x}->reg{which}",
            f"load:{rnd.randrange(16)}->NXM_NX_REG{which}[4..7]",
            f"load:{rnd.randrange(256)}->NXM_OF_ETH_DST[0..7]",
            f"set_field:{value & 0xff:#x}/0xff->metadata",
            f"move:NXM_NX_REG{which}[]->NXM_NX_REG{rnd.randrange(8)}[]",
            f"move:NXM_OF_ETH_SRC[0..31]->NXM_NX_REG{which}[]",
            f"move:NXM_NX_REG{which}[0..15]->NXM_OF_ETH_SRC[16..31]",
            "move:NXM_OF_ETH_SRC[]->NXM_OF_ETH_DST[]",
            f"move:NXM_OF_IN_PORT[]->NXM_NX_REG{which}[0..15]",
        ])

    def set_tag(self):
        vid, pcp = self.rnd.choice(self.values.vids), self.rnd.choice([0, 3, 7])
        if self.old and self.rnd.random() < 0.5:
            self.tagged = True
            return self.rnd.choice([f"mod_vlan_vid:{vid}", f"mod_vlan_pcp:{pcp}"])
        if not self.tagged:
            return self.set_any()
        return self.rnd.choice([
            f"set_field:{0x1000 | vid}->vlan_vid", f"set_field:{pcp}->vlan_pcp",
            "move:NXM_OF_VLAN_TCI[0..11]->NXM_NX_REG3[0..11]",
        ])

    def set_network(self):
        rnd, kind = self.rnd, self.kind
        if kind == "arp" and self.values.slow:
            field = rnd.choice(["arp_spa", "arp_tpa", "arp_sha", "arp_tha"])
            key = {"arp_spa": "nw_src", "arp_tpa": "nw_dst"}.get(field, field)
            return rnd.choice([f"set_field:{text_of(key, self.values.one(key))}->{field}",
                               "move:NXM_NX_ARP_SHA[]->NXM_NX_ARP_THA[]",
                               "load:2->NXM_OF_ARP_OP[]"])
        four = kind in IP + ["any ip"]
        if not four and kind not in IP6 + ["any ipv6"]:
            return self.set_any()
        field = rnd.choice(["nw_src", "nw_dst"] if four else ["ipv6_src", "ipv6_dst"])
        value, mask = self.values.one(field), self.values.mask(field)
        mask = (1 << FULL[field]) - 1 if self.old else mask
        choices = [f"set_field:{text_of(field, value & mask)}/{text_of(field, mask)}->" +
                   field.replace("nw", "ip"),
                   f"set_field:{text_of(field, value)}->{field.replace('nw', 'ip')}",
                   f"mod_nw_tos:{rnd.choice([0, 40, 184])}",
                   f"load:{rnd.randrange(4)}->NXM_NX_IP_ECN[]",
                   f"load:{rnd.choice(self.values.hops)}->NXM_NX_IP_TTL[]",
                   f"set_field:{rnd.choice([0, 46])}->ip_dscp"]
        if four:
            choices += ["move:NXM_OF_IP_SRC[]->NXM_OF_IP_DST[]", "load:7->NXM_OF_IP_DST[0..7]",
                        f"mod_nw_dst:{text_of('nw_dst', self.values.one('nw_dst'))}",
                        "move:NXM_OF_IP_DST[0..15]->NXM_NX_REG1[16..31]"]
        else:
            choices += ["move:NXM_NX_IPV6_SRC[0..63]->NXM_NX_IPV6_DST[64..127]",
                        f"set_field:{self.values.one('ipv6_label'):#x}->ipv6_label",
                        "load:0x1234->NXM_NX_IPV6_SRC[16..31]"]
        return rnd.choice(choices)

    def set_transport(self):
        rnd, kind = self.rnd, self.kind
        if not self.has_ports:
            return self.set_network()
        if kind in L4:
            proto = kind.rstrip("6")
            port, field = self.values.one("tp_src"), rnd.choice(["src", "dst"])
            return rnd.choice([f"set_field:{port}->{proto}_{field}",
                               f"set_field:{port & (0xffff if self.old else 0xf0)}/"
                               f"{0xffff if self.old else 0xf0}->{proto}_{field}"] +
                              [f"mod_tp_{field}:{port}"] * (proto != "sctp") +
                              [f"move:NXM_OF_{proto.upper()}_SRC[]->NXM_OF_{proto.upper()}_DST[]"]
                              * (proto != "sctp"))
        if kind == "nd" and self.values.slow:
            option = "nd_sll" if self.nd_option == 135 else "nd_tll"
            target = text_of("nd_target", self.values.one("nd_target"))
            return rnd.choice([f"set_field:{target}->nd_target",
                               f"set_field:{self.mac(option)}->{option}"])
        if kind in ("icmp", "icmp6") and self.values.slow:
            return f"set_field:{rnd.randrange(2)}->{'icmpv6' if kind == 'icmp6' else 'icmp'}_code"
        return self.set_network()

    def change(self):
        """Something that changes the packet."""
        rnd = self.rnd
        if rnd.random() < 0.2:
            if self.old or self.tagged and rnd.random() < 0.5:
                self.tagged = None	# there may have been two
                return "strip_vlan"
            if self.pushes:
                self.tagged, self.pushes = True, False
                return f"push_vlan:{rnd.choice(['0x8100', '0x8100', '0x88a8'])}"
        if self.below:
            return rnd.choice([self.set_any, self.set_tag])()
        if self.values.decrements and rnd.random() < 0.2 and self.kind in IP + IP6 + ["any ip", "any ipv6"]:
            return "dec_ttl"
        return rnd.choice([self.set_any, self.set_tag, self.set_network, self.set_transport])()

    def output(self):
        rnd = self.rnd
        choices = [f"output:{rnd.choice(PORTS)}", f"output:{rnd.choice(PORTS)}",
                   f"{rnd.choice(PORTS)}", "in_port", LOCAL]
        if not self.values.slow:
            choices.append(f"output(port={rnd.choice(PORTS)},max_len={rnd.randint(150, 250)})")
        return rnd.choice(choices)

    def several(self, further, groups):
        rnd = self.rnd
        if rnd.random() < 0.08:
            return "drop"
        done = []
        for _ in range(rnd.randint(1, 5)):
            chance = rnd.random()
            if chance < 0.45:
                done.append(self.change())
            elif chance < 0.5:
                done.append(rnd.choice(["flood", "all"]))
            elif chance < 0.65 and groups:
                done.append(f"group:{rnd.choice(groups)}")
            elif chance < 0.75 and further:
                done.append(f"resubmit(,{rnd.choice(further)})")
                self.tagged = None
            elif chance < 0.8 and further:
                done.append(f"resubmit({rnd.choice(PORTS)},{rnd.choice(further)})")
                self.tagged = None
            else:
                done.append(self.output())
        if further and rnd.random() < 0.5:
            done.append(f"resubmit(,{rnd.choice(further)})" if self.old else
                        f"goto_table:{rnd.choice(further)}")
        return ",".join(done)

    def bucket(self, groups):
        """In the order that an action set is done in."""
        rnd, done = self.rnd, []
        if self.pushes:
            done.append("push_vlan:0x8100")
        for _ in range(rnd.randint(0, 3)):
            done.append(self.set_any())
        last = [f"output:{rnd.choice(PORTS)}", f"output:{rnd.choice(PORTS)}", "in_port"]
        last += [f"resubmit(,{TABLES[-1]})"] + [f"group:{number}" for number in groups]
        return ",".join(done + [rnd.choice(last)])


class RuleSet:
    """old: without what OpenFlow 1.0 lacks: groups, goto_table and push_vlan.

    Open vSwitch knows of two tags. So only one is pushed, by rules of table 0, or by the
    first group, or there are packets with two. When it has pushed a second one it writes
    what is above them to the wrong place (seen on 6.12.117: the hop limit is 4 bytes off), so
    where there may be two only fields below are set. Of a first fragment of SCTP it makes the
    checksum wrong, so there are none.

    slow: fields of ARP, ND and ICMP are set, which its kernel leaves to the daemon; that
    counts an outer tag into max_len, the kernel does not, so then nothing is cut off.
    A hop too much drops the packet here and ends the rule there: where rules have dec_ttl,
    packets have hops enough.
    """

    def __init__(self, rnd):
        self.rnd, self.old = rnd, rnd.random() < 0.35
        self.values = Values(rnd)
        self.pusher = None if self.old else rnd.choice([None, "rules", "group"])
        self.most_tags = rnd.choice([0, 1]) if self.pusher else 2
        self.below = self.most_tags + bool(self.pusher) > 1
        self.values.slow, decrements = rnd.random() < 0.5, rnd.random() < 0.6
        self.values.hops = [64, 128, 255] if decrements else [1, 2, 64, 255]
        self.values.decrements = decrements
        self.groups, self.numbers, self.flows, self.matches = [], [], [], []
        if not self.old:
            self.make_groups()
        for i, table in enumerate(TABLES):
            self.make_table(table, TABLES[i + 1:])

    def make_groups(self):
        rnd, numbers = self.rnd, self.numbers
        any_packet = Match.__new__(Match)
        any_packet.kind, any_packet.tagged, any_packet.want = None, None, {}
        for number in range(1, rnd.randint(2, 4)):
            one = rnd.random() < 0.3
            buckets = [Actions(rnd, self.values, any_packet, False,
                               number == 1 and self.pusher == "group").bucket(numbers)
                       for _ in range(1 if one else rnd.randint(0, 3))]
            text = "".join(f",bucket=actions={b}" for b in buckets)
            self.groups.append(f"group_id={number},type={'indirect' if one else 'all'}{text}")
            numbers.append(number)

    def make_table(self, table, further):
        rnd = self.rnd
        count = rnd.randint(3, 14 if table == 0 else 9)
        priorities = rnd.sample(range(1, 65536), count)
        for priority in priorities:
            match = Match(rnd, self.values, table)
            self.add_flow(table, priority, match, further)
            self.matches.append((table, match))
        if rnd.random() < 0.8:
            match = Match.__new__(Match)
            match.kind, match.tagged, match.want, match.words = None, None, {}, []
            self.add_flow(table, 0, match, further)

    def add_flow(self, table, priority, match, further):
        actions = Actions(self.rnd, self.values, match, self.old,
                          self.pusher == "rules" and table == 0, self.below)
        # Groups ask the last table, which therefore uses none.
        text = actions.several(further, self.numbers if further else [])
        words = [f"table={table}", f"priority={priority}"] + match.words + [f"actions={text}"]
        self.flows.append(",".join(words))

    # ---- packets

    def any_packet(self, kind):
        rnd = self.rnd
        p = {field: self.values.one(field) for field in FULL}
        p.update(kind=kind, dl_type=0x88b5, tos=rnd.choice([0, 40, 184, 1, 3, 0xff]),
                 nw_ttl=rnd.choice(self.values.hops), nw_proto=rnd.choice([99, 2, 255]),
                 arp_op=rnd.choice([1, 2, 1, 2, 3]), icmp_code=rnd.choice([0, 0, 1]),
                 icmp_type=128 if kind == "icmp6" else rnd.choice([0, 8, 3]),
                 tcp_flags=rnd.choice(TCP_FLAGS), ip_frag=0, more=rnd.randrange(2),
                 options=rnd.choice([0] * 8 + [4, 8]), no_checksum=rnd.random() < 0.1,
                 nd_option=rnd.random() < 0.8, spoiled=0, tags=[])
        if kind == "nd":
            p["icmp_type"], p["icmp_code"], p["nw_ttl"] = rnd.choice([135, 136]), 0, 255
        if rnd.random() < 0.15:
            p["ip_frag"] = rnd.choice([1, 3])
        tci = lambda: rnd.choice(self.values.vids) | rnd.choice([0, 3, 7]) << 13 | 0x1000
        for _ in range(min(rnd.choice([0, 0, 0, 1, 1, 2]), self.most_tags)):
            p["tags"].append((rnd.choice([0x8100, 0x8100, 0x8100, 0x88a8]), tci()))
        return p

    def fit(self, p, match):
        """Change the packet so that the rule matches, if it can."""
        for field, (value, mask) in match.want.items():
            if field == "tci":
                if self.most_tags and (not mask & 0x1000 or value & 0x1000):
                    first = p["tags"][0] if p["tags"] else (0x8100, 0x1000)
                    p["tags"][:1] = [(first[0], first[1] & ~mask | value | 0x1000)]
                else:
                    p["tags"] = []
            else:
                p[field] = p[field] & ~mask | value

    def packet(self, payload):
        """A port and the bytes of a packet with this payload."""
        rnd = self.rnd
        first = rnd.choice([m for table, m in self.matches if table == 0])
        second = rnd.choice([m for table, m in self.matches])
        both = [kind for kind in first.kinds() if kind in second.kinds()]
        p = self.any_packet(rnd.choice(both or first.kinds()))
        if both and rnd.random() < 0.7:
            self.fit(p, second)
        if rnd.random() < 0.9:
            self.fit(p, first)
        if "sctp" in p["kind"] and p["ip_frag"] == 1:
            p["ip_frag"] = 0
        if rnd.random() < 0.04:
            p["spoiled"] = rnd.randrange(1, 5)
        port = first.in_port if first.in_port and rnd.random() < 0.9 else rnd.choice(PORTS)
        # The host's number, 0 here and 65534 there, would be in what is moved.
        if port == LOCAL and any("NXM_OF_IN_PORT" in text for text in self.flows + self.groups):
            port = PORTS[0]
        return port, build(p, payload)
