#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""Random VLANs of ports, random frames: does the switch what a model says?

vlan_model.py SEED CONFIGS FRAMES, in a network namespace of its own with the module
loaded. Each configuration gives all ports new VLANs, and each frame must arrive at the
ports that the model names, with the tags that it names, and at no others; every second
one is counted by VLAN, and the counters are the model's, too. Prints how
many frames it was, or what differs and with which seed; exit status 1 then.
"""
import json
import os
import random
import struct
import subprocess
import sys
import time

from wire import Device, Tap

Q, AD = 0x8100, 0x88a8
VIDS = [1, 2, 3, 4, 100, 4094]
BROADCAST = b"\xff" * 6
VSW = os.environ.get("VSW", "vsw")


# ---- the model ---------------------------------------------------------------

class Port:
    """The VLANs of a port, and the words that set them."""

    def __init__(self, rnd, proto):
        some = lambda: set(rnd.sample(VIDS, rnd.randint(0, 4)))
        text = lambda vids: ",".join(map(str, sorted(vids))) or "none"
        self.proto, self.tunnel, self.customers, self.map = proto, False, set(), {}
        self.pvid, self.isolated = rnd.choice(VIDS), rnd.random() < 0.25
        mode = rnd.choice(["access", "access", "trunk", "native", "tagged", "hybrid", "tunnel"])
        if mode in ("access", "tunnel"):
            self.member = self.untagged = {self.pvid}
            self.words = f"{mode} {self.pvid}"
        if mode == "tunnel":
            self.tunnel, self.customers = True, some() if rnd.random() < 0.5 else set()
            self.words += f" cvlans {text(self.customers)}" if self.customers else ""
        if mode == "trunk":
            self.pvid, self.member, self.untagged = 0, some(), set()
            self.words = f"trunk {text(self.member)}"
        if mode in ("native", "tagged"):
            self.member = some() | {self.pvid}
            self.untagged = {self.pvid} if mode == "native" else set()
            self.words = f"trunk {text(self.member)} native {self.pvid}"
            self.words += " tagged" if mode == "tagged" else ""
        if mode == "hybrid":
            self.member, self.untagged = some(), some()
            self.words = f"hybrid {text(self.member)} untagged {text(self.untagged)}"
            self.pvid = self.pvid if rnd.random() < 0.7 else 0
            self.words += f" pvid {self.pvid}" if self.pvid else ""
            self.member = self.member | self.untagged | ({self.pvid} if self.pvid else set())
        if not self.tunnel and rnd.random() < 0.3:
            inside = sorted(self.member)[:2]
            outside = inside[::-1] if rnd.random() < 0.3 else [200 + vid % 50 for vid in inside]
            self.map = dict(zip(outside, inside))
        pairs = ",".join(f"{o}:{i}" for o, i in self.map.items()) or "none"
        self.words += f" vlan-map {pairs} isolated {'on' if self.isolated else 'off'}"

    def takes(self, tags):
        return not self.customers or (
            bool(tags) and tags[0][0] == Q and tags[0][1] in self.customers)

    def classify(self, tags):
        """The VLAN of a frame and the tags behind that; None: it is dropped."""
        if self.tunnel:
            return (self.pvid, tags) if self.takes(tags) else None
        if not tags or tags[0][0] != self.proto or tags[0][1] == 0:
            rest = tags[1:] if tags and tags[0][0] == self.proto else tags
            return (self.pvid, rest) if self.pvid else None
        vid = tags[0][1]
        vid = self.map.get(vid, 0 if vid in self.map.values() else vid)
        return (vid, tags[1:]) if vid in self.member else None

    def dress(self, sender, came_as, rest, private):
        """The tags with which a frame leaves; None: it does not."""
        nested = bool(rest) and rest[0][0] == self.proto
        vid = private.leaves_as(self, came_as)
        if not vid or (self.isolated and sender.isolated):
            return None
        if self.tunnel:
            chosen = not sender.tunnel and came_as in sender.untagged
            return rest if self.takes(rest) and not (nested and chosen) else None
        if vid in self.untagged:
            return None if nested else rest
        outside = {inside: outside for outside, inside in self.map.items()}
        return [(self.proto, outside.get(vid, vid))] + rest


class Private:
    """Which VLANs are parts of others: {secondary: (primary, is isolated)}."""

    def __init__(self, rnd):
        vids = rnd.sample(VIDS, len(VIDS))
        primaries, rest = vids[:rnd.randint(0, 2)], vids[2:]
        self.pairs = {vid: (rnd.choice(primaries), rnd.random() < 0.5)
                      for vid in rest if primaries and rnd.random() < 0.7}

    def primary(self, vid):
        return self.pairs[vid][0] if vid in self.pairs else vid

    def leaves_as(self, port, vid):
        """As which VLAN what came in VLAN vid leaves by the port, 0: it does not."""
        if vid in self.pairs:
            primary, isolated = self.pairs[vid]
            if vid in port.member:
                return 0 if isolated and vid in port.untagged else vid
            if any(self.primary(other) == primary for other in port.member - {primary}):
                return 0
            return primary if primary in port.member else 0
        if vid in port.member:
            return vid
        has_hosts = port.pvid in port.untagged and self.primary(port.pvid) == vid
        return port.pvid if has_hosts else 0


class Model:
    def __init__(self, ports, private):
        self.ports, self.private, self.fdb = ports, private, {}
        self.counted = {}

    def send(self, name, source, dest, tags):
        """Who gets the frame, with which tags."""
        found = self.ports[name].classify(tags)
        if not found:
            return {}
        vid, rest = found
        self.fdb[source, self.private.primary(vid)] = name
        known = self.fdb.get((dest, self.private.primary(vid)))
        to = [known] if known else [p for p in self.ports if p != "vs0" or dest == BROADCAST]
        out = {p: self.ports[p].dress(self.ports[name], vid, rest, self.private) for p in to if p != name}
        out = {p: t for p, t in out.items() if t is not None}
        size = LENGTH + 4 * len(rest)
        now = self.counted.get(vid, (0, 0, 0, 0))
        more = (1, size, len(out), size * len(out))
        self.counted[vid] = tuple(map(sum, zip(now, more)))
        return out


# ---- the switch --------------------------------------------------------------

LENGTH = 68  # of a frame without tags


def frame(source, dest, tags, mark):
    return (dest + source + b"".join(struct.pack("!HH", *tag) for tag in tags) +
            b"\x88\xb5" + mark + bytes(46))


def tags_of(data, mark):
    """The tags of a frame that we have sent, None of another."""
    at = data.find(mark)
    if at < 14:
        return None
    return [struct.unpack("!HH", data[i:i + 4]) for i in range(12, at - 2, 4)]


def collect(devices, mark, wanted):
    """Who has received what. Longer, if not all of it is there yet."""
    got, end = {}, time.time() + 5
    while True:
        for name, device in devices.items():
            while (data := device.receive()) is not None:
                tags = tags_of(data, mark)
                if tags is not None:
                    got.setdefault(name, []).append(tags)
        if set(wanted) <= set(got) or time.time() > end:
            return got


def vsw(lines):
    subprocess.run([VSW, "-b", "-"], input="\n".join(lines), text=True, check=True,
                   stdout=subprocess.DEVNULL)


def counted():
    """What the switch has counted of the VLANs that were used."""
    out = subprocess.run([VSW, "-j", "-s", "vlan", "show"], check=True, capture_output=True).stdout
    keys = "rx-packets", "rx-bytes", "tx-packets", "tx-bytes"
    each = {vlan["vlan"]: tuple(vlan[key] for key in keys) for vlan in json.loads(out)}
    return {vid: counters for vid, counters in each.items() if any(counters)}


def set_up():
    taps = {f"t{i}": Tap(f"t{i}") for i in range(5)}
    vsw(["switch add vs0 vlan-filtering on"] + [f"port add {t} switch vs0" for t in taps] +
        [f"port add v{i} type vnic switch vs0" for i in range(2)])
    return taps | {name: Device(name) for name in ("v0", "v1", "vs0")}


def main():
    seed, configs, frames = map(int, sys.argv[1:4])
    rnd = random.Random(seed)
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    devices = set_up()
    senders = [name for name in devices if name != "vs0"]
    macs = [b"\x02\0\0\0\x0d" + bytes([i]) for i in range(4)]
    mark, count = rnd.randbytes(8), 0
    for config in range(configs):
        proto = rnd.choice([Q, Q, AD])
        ports = {name: Port(rnd, proto) for name in devices}
        ports["vs0"].isolated = False
        lines = [f"switch set vs0 vlan-protocol 802.1{'Q' if proto == Q else 'ad'} vlan-stats off"]
        for name, port in ports.items():
            words = port.words.rsplit(" isolated", 1)[0] if name == "vs0" else port.words
            lines += [f"port set {name} vlan-map none access 1", f"port set {name} {words}"]
        private = Private(rnd)
        lines += [f"vlan private add {p} {vid} {'isolated' if i else 'community'} switch vs0"
                  for vid, (p, i) in private.pairs.items()]
        # That it counts must not change who gets what.
        counts = config % 2 == 1
        lines += ["fdb flush switch vs0"] + ["switch set vs0 vlan-stats on"] * counts
        vsw(lines)
        model = Model(ports, private)
        for _ in range(frames):
            tags = [(rnd.choice([Q, Q, AD]), rnd.choice(VIDS + [0, 200, 201, 4095]))
                    for _ in range(rnd.choice([0, 0, 1, 1, 1, 2, 3]))]
            name, source = rnd.choice(senders), rnd.choice(macs)
            dest = rnd.choice(macs + [BROADCAST] * 4)
            wanted = {p: [t] for p, t in model.send(name, source, dest, tags).items()}
            devices[name].send(frame(source, dest, tags, mark))
            got = collect(devices, mark, wanted)
            count += 1
            if got != wanted:
                print(f"seed {seed}, configuration {config}: from {name} to {dest.hex()} with {tags}")
                print(f"got {got}, expected {wanted}")
                for each, port in ports.items():
                    print(each, port.words)
                print(private.pairs)
                return 1
        if counts and counted() != model.counted:
            print(f"seed {seed}, configuration {config}: counted {counted()}, expected {model.counted}")
            return 1
        vsw([f"vlan private del {vid} switch vs0" for vid in private.pairs] or ["switch show"])
    print(f"{configs} configurations, {count} frames, seed {seed}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
