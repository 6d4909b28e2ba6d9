#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""The same rules in Open vSwitch and in vswitch, and the same packets: the same outputs?

flow_ovs.py SEED SETS PACKETS OURS THEIRS FOLDER [FIRST]: makes the switch vs0 in the network
namespace OURS, the bridge br0 in THEIRS, where an ovs-vswitchd runs, and taps t1 to t4 as
ports 1 to 4 of both. Each packet is sent twice, so that the second time it is one that has
been looked up before. Prints how many they were, or what differs; exit status 1 then.
"""
import collections
import os
import random
import struct
import subprocess
import sys
import time

from flow_ovs_rules import LOCAL, PORTS, RuleSet
from wire import Device, Tap, enter

VSW = os.environ.get("VSW", "vsw")
MARK = b"\xf1\x0e\x0f\x05"
QUIET = 0.5	# seconds without a packet after which none is expected


# ---- the switches ------------------------------------------------------------

class Switch:
    """Its devices, and who has received which packet: {id: {(port, bytes): count}}."""

    def __init__(self, netns):
        self.netns, self.devices = netns, {}
        self.enter()
        for port in PORTS:
            self.devices[port] = Tap(f"t{port}")
        self.add_ports()
        self.devices[LOCAL] = Device(self.name)
        self.received = collections.defaultdict(collections.Counter)
        self.count, self.last = 0, 0.0

    def enter(self):
        enter(self.netns)

    def run(self, *command, **more):
        self.enter()
        return subprocess.run(command, capture_output=True, text=True, check=False, **more)

    def must(self, *command, **more):
        done = self.run(*command, **more)
        if done.returncode:
            raise RuntimeError(f"{' '.join(command)}: {done.stderr}{done.stdout}")

    def collect(self):
        for port, device in self.devices.items():
            while (data := device.receive()) is not None:
                at = data.find(MARK)
                if at < 0:
                    continue
                number, = struct.unpack("!I", data[at + 4:at + 8])
                self.received[number][port, data] += 1
                self.count += 1
                self.last = time.monotonic()


class Ours(Switch):
    name = "vs0"

    def add_ports(self):
        lines = ["switch add vs0"] + [f"port add t{p} switch vs0" for p in PORTS]
        self.must(VSW, "-b", "-", input="\n".join(lines))
        # As ovs-vswitchd: what no rule of table 0 matches is dropped.
        self.must(VSW, "flow", "table", "set", "vs0", "0", "miss", "drop")
        self.must("ip", "link", "set", "vs0", "up")

    def install(self, rules, folder):
        path = f"{folder}/ours"
        with open(path, "w") as file:
            file.write("\n".join(rules.flows) + "\n")
        lines = ["flow delete vs0", "group delete vs0"]
        lines += [f"group add vs0 {group}" for group in rules.groups]
        done = self.run(VSW, "-b", "-", input="\n".join(lines + [f"flow replace vs0 {path}"]) + "\n")
        return done.stderr if done.returncode else ""


class Theirs(Switch):
    name = "br0"

    def add_ports(self):
        words = ["--", "add-br", "br0", "--", "set", "bridge", "br0", "fail-mode=secure",
                 "other-config:disable-in-band=true", "other-config:mac-table-size=16",
                 "protocols=OpenFlow10,OpenFlow15"]
        for port in PORTS:
            words += ["--", "add-port", "br0", f"t{port}", "--", "set", "interface", f"t{port}",
                      f"ofport_request={port}"]
        self.must("ovs-vsctl", "set", "Open_vSwitch", ".", "other-config:vlan-limit=2", *words)
        for port in PORTS:
            self.must("ip", "link", "set", f"t{port}", "up")
        self.must("ip", "link", "set", "br0", "up")
        # Ports of first fragments are known, as ours does it.
        self.must("ovs-ofctl", "set-frags", "br0", "nx-match")

    def install(self, rules, folder):
        path = f"{folder}/theirs"
        lines = ["flow delete", "group delete"] + [f"group add {group}" for group in rules.groups]
        lines += [f"flow add {flow}" for flow in rules.flows]
        command = ["ovs-ofctl", "-O", "OpenFlow15", "bundle", "br0", path]
        if rules.old:
            lines = ["delete"] + [f"add {flow}" for flow in rules.flows]
            command = ["ovs-ofctl", "-O", "OpenFlow10", "-F", "NXM+table_id", "add-flows", "br0",
                       path]
        with open(path, "w") as file:
            file.write("\n".join(lines) + "\n")
        done = self.run(*command)
        return done.stderr if done.returncode else ""


# ---- what differs ------------------------------------------------------------

class Difference(Exception):
    pass


def describe(counter, other):
    return [f"    {count} more by {port}: {data.hex()}"
            for (port, data), count in (counter - other).items()]


def compare(ours, theirs, sent, rules):
    for number, (port, frame) in sent.items():
        mine, yours = ours.received[number], theirs.received[number]
        if mine == yours:
            continue
        lines = [f"packet {number} from {port}: {frame.hex()}"]
        lines += ["  vswitch:"] + describe(mine, yours)
        lines += ["  Open vSwitch:"] + describe(yours, mine)
        lines += [theirs.run("ovs-appctl", "ofproto/trace", "br0", f"in_port={port}",
                             frame.hex()).stdout]
        raise Difference("\n".join(lines + rules.groups + rules.flows))


def wait(ours, theirs):
    """Until both have received the same number of packets, or nothing more comes."""
    begin = time.monotonic()
    while True:
        ours.collect()
        theirs.collect()
        now = time.monotonic()
        if now - max(begin, ours.last, theirs.last) > (0.02 if ours.count == theirs.count else QUIET):
            return
        time.sleep(0.001)


def send(switches, rules, first, packets):
    """As many packets as are said, each twice; {id: (port, bytes)}."""
    sent = {}
    for number in range(first, first + packets):
        fill = bytes(rules.rnd.randint(8, 80))	# a first fragment lacks the end
        state = rules.rnd.getstate()
        for which in (number, number + packets):
            rules.rnd.setstate(state)
            sent[which] = rules.packet(MARK + struct.pack("!I", which) + fill)
    for switch in switches:
        for number, (port, frame) in sent.items():
            switch.devices[port].send(frame)
            switch.collect()
    return sent


def main():
    seed, sets, packets = map(int, sys.argv[1:4])
    ours, theirs = Ours(sys.argv[4]), Theirs(sys.argv[5])
    folder = sys.argv[6]
    begin = int(sys.argv[7]) if len(sys.argv) > 7 else 0
    count = outputs = flows = failed = 0
    for number in range(begin, begin + sets):
        rules = RuleSet(random.Random(seed * 100000 + number))
        ours.received.clear()
        theirs.received.clear()
        ours.count = theirs.count = 0
        said = [switch.install(rules, folder) for switch in (ours, theirs)]
        try:
            if any(said):
                raise Difference(f"vswitch said '{said[0]}', Open vSwitch '{said[1]}'")
            sent = send((ours, theirs), rules, count + 1, packets)
            wait(ours, theirs)
            compare(ours, theirs, sent, rules)
        except Difference as difference:
            print(f"seed {seed}, set {number}{' (OpenFlow 1.0)' * rules.old}: {difference}")
            failed += 1
            if "FLOW_OVS_ALL" not in os.environ:
                break
        count += 2 * packets
        outputs += ours.count
        flows += len(rules.flows)
    print(f"{number + 1 - begin} sets of {flows} rules, {count} packets, {outputs} outputs, seed {seed}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
