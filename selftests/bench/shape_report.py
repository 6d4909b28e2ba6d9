#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""
shape_report.py ROWS: what shape.sh measured, as tables, and whether our own keep the bars.
Exits 1 when one does not, or could not be measured.
"""
import sys

RATE_BAR = 3        # per cent
SHARE_BAR = 5
QUIET_BAR = 2.0     # milliseconds that nine of ten pings may take longer
ENOUGH = 1.1        # times the rate that the way has to carry without a shaper
TITLES = {"none": "no shaper", "vrouter": "vrouter", "vrouter_fq": "vrouter with fq",
          "htb": "tc htb", "tbf": "tc tbf", "fq": "tc fq maxrate"}


def is_ours(kind):
    return kind.startswith("vrouter")


def rate_text(rate):
    for unit, size in (("G", 10 ** 9), ("M", 10 ** 6), ("k", 10 ** 3)):
        if rate >= size:
            return f"{rate / size:.4g}{unit}"
    return str(rate)


class Report:
    def __init__(self, path):
        self.rows = [line.rstrip("\n").split("\t") for line in open(path, encoding="ascii")]
        self.missed = []

    def of(self, what):
        return [row[1:] for row in self.rows if row[0] == what]

    def judge(self, kind, good, what):
        """The word behind a number."""
        if not is_ours(kind):
            return ""
        if not good:
            self.missed.append(what)
        return "ok" if good else "MISSED"

    def rates(self):
        carried = {(proto, wanted): int(got)
                   for kind, proto, wanted, got in self.of("rate") if kind == "none"}
        print(f"Rate, a stream of iperf3, or of the kernel's generator; the bar is {RATE_BAR} %")
        for kind, proto, wanted, got in self.of("rate"):
            error = (int(got) / int(wanted) - 1) * 100
            name = f"{TITLES[kind]}, {proto}, {rate_text(int(wanted))}"
            if kind == "none":
                note = f"carries {rate_text(int(got))}"
            elif carried.get((proto, wanted), 0) < ENOUGH * int(wanted):
                note = f"{rate_text(int(got))}bit/s: the way itself carries no more, counts for nothing"
            else:
                note = f"{error:+6.2f} %  {self.judge(kind, abs(error) <= RATE_BAR, name)}"
            print(f"  {TITLES[kind]:16} {proto:6} {rate_text(int(wanted)):>5}  {note}")

    def shares(self):
        print(f"Two that share 1:3, the bar is {SHARE_BAR} %")
        for kind, proto, small, large in self.of("share"):
            share = int(large) / max(int(small), 1)
            word = self.judge(kind, abs(share / 3 - 1) * 100 <= SHARE_BAR,
                              f"{TITLES[kind]}, {proto}, shares")
            print(f"  {TITLES[kind]:16} {proto:6}  {rate_text(int(small))} and "
                  f"{rate_text(int(large))}: 1:{share:.3f}  {word}")

    def quiet(self):
        print(f"A ping of its own class beside a stream of TCP, milliseconds; the bar is {QUIET_BAR:g}"
              " more for nine of ten")
        alone = {}
        for kind, when, *times in self.of("quiet"):
            p50, p90, p99 = (float(time) for time in times)
            word = ""
            if when == "alone":
                alone[kind] = p90
            else:
                word = self.judge(kind, p90 - alone[kind] <= QUIET_BAR, f"{TITLES[kind]}, quiet")
            print(f"  {TITLES[kind]:16} {when:7} half {p50:.2f}, nine of ten {p90:.2f}, "
                  f"99 of 100 {p99:.2f}  {word}")


def main():
    report = Report(sys.argv[1])
    for row in report.of("about"):
        print(" ".join(row))
    report.rates()
    report.shares()
    report.quiet()
    errors = report.of("error")
    for row in errors:
        print("error:", " ".join(row))
    for what in report.missed:
        print("missed:", what)
    sys.exit(1 if errors or report.missed else 0)


main()
