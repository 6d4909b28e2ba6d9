#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""Are packets lost, or treated by two sets of flows, while one takes the other's place?

flow_replace.py FLOWS SMALL, in a network namespace of its own with the module loaded. One
process on each of two processors sends by a tap and counts what comes out of another, while
all flows are replaced: FLOWS by as many, then SMALL times by few. Each set is a
generation: table 0 writes its number into the source, table 1 into the destination. Then
the hash table that finds table 1's flows grows and shrinks. Prints what was sent; exit status
1 if a packet is missing, came twice or has two numbers, if a generation came before an older
one, or was not seen though it was there for long, or if the last one's flows, whose counters
go on from set to set, have not counted all packets of both processors.
"""
import collections
import fcntl
import json
import os
import select
import struct
import subprocess
import sys
import time

VSW = os.environ.get("VSW", "vsw")
BURST = 16
TYPE = b"\x88\xb5"


class Tap:
    def __init__(self, name):
        self.fd = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
        fcntl.ioctl(self.fd, 0x400454ca, struct.pack("16sH22x", name.encode(), 0x1002))


class Sender:
    """Sends numbered packets by one tap, and looks at those that leave by the other."""

    def __init__(self, into, out):
        self.into, self.out = into, out
        self.sent, self.received, self.generation = 0, 0, 0
        self.seen, self.wrong = collections.Counter(), []

    def burst(self):
        for _ in range(BURST):
            os.write(self.into.fd, b"\xff" * 6 + b"\x02\0\0\0\0\1" + TYPE +
                     struct.pack("!I", self.sent) + bytes(46))
            self.sent += 1

    def look(self):
        """At what is there. One port to another: in the order that it was sent in."""
        while True:
            try:
                data = os.read(self.out.fd, 2048)
            except BlockingIOError:
                return
            if data[12:14] != TYPE:
                continue
            number, = struct.unpack("!I", data[14:18])
            second, first = (int.from_bytes(data[i + 2:i + 6], "big") for i in (0, 6))
            if number != self.received:
                self.wrong.append(f"packet {number} in place of {self.received}")
            if first != second:
                self.wrong.append(f"packet {number} of generations {first} and {second}")
            if first < self.generation:
                self.wrong.append(f"packet {number} of {first} after {self.generation}")
            self.received, self.generation = number + 1, first
            self.seen[first] += 1

    def run(self, stop):
        """Until there is something to read from @stop."""
        while not select.select([stop], [], [], 0)[0]:
            self.burst()
            self.look()
        end = time.monotonic() + 10
        while self.received < self.sent and time.monotonic() < end:
            self.look()
        if self.received < self.sent:
            self.wrong.append(f"{self.received} packets of {self.sent}")
        return self.sent, sorted(self.seen.items()), self.wrong[:20]


def start(cpu, sender, stop):
    """In a process of its own, which writes what it has found into the pipe returned."""
    result, write = os.pipe()
    if os.fork() == 0:
        os.sched_setaffinity(0, {cpu})
        os.write(write, json.dumps(sender.run(stop)).encode())
        os._exit(0)
    os.close(write)
    return result


def rest(flows):
    return "".join(f"table=2,priority={i % 7},ip,nw_dst=10.{i >> 16 & 255}.{i >> 8 & 255}.{i & 255}"
                   ",actions=drop\n" for i in range(flows))


def write_set(generation, more):
    number = generation.to_bytes(4, "big").hex(":")
    with open(f"flows.{generation}", "w") as file:
        file.write(more)
        file.write(f"table=0,actions=mod_dl_src:02:00:{number},goto_table:1\n")
        for port in (1, 3):
            file.write(f"table=1,in_port={port},actions=mod_dl_dst:02:00:{number},"
                       f"output:{port + 1}\n")


def replace(generations):
    lines = "".join(f"flow replace vs0 flows.{generation}\n" for generation in generations)
    subprocess.run([VSW, "-b", "-"], input=lines, text=True, check=True)


def grow(times):
    """More flows with the mask of those that are in use, and less."""
    with open("more", "w") as file:
        file.write("".join(f"cookie=9,table=1,in_port={i},actions=drop\n"
                           for i in range(1000, 4000)))
    lines = "flow load vs0 more\nflow delete vs0 cookie=9/-1\n" * times
    subprocess.run([VSW, "-b", "-"], input=lines, text=True, check=True,
                   stdout=subprocess.DEVNULL)


def check_counters(want):
    """What is wrong with those of the flows that are there now."""
    out = subprocess.run([VSW, "-j", "flow", "show", "vs0"], check=True, capture_output=True).stdout
    got = collections.Counter()
    for flow in json.loads(out):
        got[flow["table"]] += flow["packets"]
    if got[0] == got[1] == want:
        return []
    return [f"{want} packets, of which the flows have counted {got[0]} and {got[1]}"]


def main():
    flows, small = map(int, sys.argv[1:3])
    taps = [Tap(f"t{i}") for i in range(1, 5)]
    subprocess.run([VSW, "-b", "-"], text=True, check=True, input="switch add vs0\n" +
                   "".join(f"port add t{i} switch vs0\n" for i in range(1, 5)))
    many, few = rest(flows - 3), rest(20)
    large = [1, 2]
    others = list(range(3, 3 + small))
    for generation in large + others:
        write_set(generation, many if generation in large else few)
    replace(large[:1])
    stop, write = os.pipe()
    cpus = sorted(os.sched_getaffinity(0))
    results = [start(cpus[0], Sender(taps[0], taps[1]), stop),
               start(cpus[-1], Sender(taps[2], taps[3]), stop)]
    begin = time.monotonic()
    replace(large[1:])
    took = time.monotonic() - begin
    time.sleep(0.5)
    replace(others)
    grow(3)
    os.write(write, b"x")
    results = [json.load(os.fdopen(result)) for result in results]
    wrong = check_counters(sum(count for count, _, _ in results))
    sent, seen = 0, set()
    for count, numbers, bad in results:
        wrong += bad
        wrong += [f"nothing of generation {g}" for g in large if g not in dict(numbers)]
        sent += count
        seen |= set(dict(numbers))
    print("\n".join(wrong))
    print(f"{sent} packets by {len(set(cpus[:1] + cpus[-1:]))} processors, {len(seen)} of "
          f"{len(large + others)} generations seen, {flows} flows replaced in {took:.1f} s")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
