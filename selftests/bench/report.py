#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""What make bench and make bench-check say about the rows that a guest measured.

report.py ids                     rows of ours, and those that they are compared with
report.py native [ID...]          those of all rows, or of these, that are measured natively
report.py frames [ID...]          those of all rows, or of these, that are counted, but for
report.py streams [ID...]         those that copy much, for a processor of their own
report.py over RESULTS BASELINE   those of ids that cost more than in BASELINE
report.py table COUNTED TIMED DIR table to standard output, DIR/results.{json,txt}, DIR/bench.svg;
                                  either of the results may be missing
report.py times RESULTS DIR       the same of rows that QEMU was timed with, in many rounds
report.py check RESULTS BASELINE  fails when a row of ours costs more than in BASELINE
report.py baseline RESULTS        such a baseline to standard output

RESULTS is what guest.sh wrote (TIMED: native.sh), the rows are those of the table beside this file.
"""
import json
import os
import sys

import chart

TOLERANCE = 0.02
# A minimum is believed when so many more runs come as near to it.
NEAR, WITNESSES = 0.05, 2
HERE = os.path.dirname(os.path.abspath(__file__))


def fail(text):
    sys.exit("report.py: " + text)


def read_table():
    """The table of rows, in its order."""
    rows, group = [], ""
    with open(os.path.join(HERE, "rows"), encoding="utf-8") as table:
        for line in table:
            line = line.strip()
            if not line or line.startswith("#"):
                continue
            if line.startswith("="):
                group = line.strip("= ")
                continue
            cells = [cell.strip() for cell in line.split("|")]
            if len(cells) != 7 or cells[1] not in ("reference", "rival", "ours"):
                fail("rows: " + line)
            row = dict(zip(("id", "whose", "ref", "limit", "needs", "setup", "title"), cells))
            row["group"] = group
            bars = [bar.strip() for bar in row.pop("limit").split(";")]
            row["limits"] = {"instructions": bars[0], "nanoseconds": (bars + [""])[1]}
            words = row["setup"].split()
            row["copies"] = int(words[2]) if words[0] == "flood" else None
            row["macs"] = int(words[2]) if words[0] == "sweep" else 0
            row["connections"] = int((words + ["1"])[2]) if words[0] == "route" else 1
            rows.append(row)
    by_id = {row["id"]: row for row in rows}
    for row in rows:
        words = row["setup"].split()
        row["base"] = by_id[words[1]] if words[0] == "with" else row
        row["macs"] = row["base"]["macs"]
    for row in rows:
        row["bridge"] = bridge_of(row, rows)
    return rows


def same_with_bridge(row):
    """What the row does, with a Linux bridge in place of what it does it with."""
    words = row["base"]["setup"].split()
    if words[0] in ("containers_nf", "macvlan", "direct"):
        words = ["containers"]
    kind = row["id"].split("-")[0] if row["base"] is not row else ""
    return kind, words[0], words[2:]


def bridge_of(row, rows):
    """The id of the bridge's row that does the same, None for generators and sockets."""
    for other in rows:
        words = other["base"]["setup"].split()
        if words[0] != "sockets" and words[1:2] == ["bridge"] and \
                same_with_bridge(other) == same_with_bridge(row):
            return other["id"]
    return None


def in_check(row):
    """Is it one of those that bench-check has the time for?"""
    return row["whose"] == "ours" and row["macs"] < 100000 and row["connections"] < 100000


def names_in(expression):
    words = [word.split("*")[-1] for word in expression.split()]
    return [word for word in words if word not in "+-" and not word.isdigit()]


def evaluate(expression, values):
    """A sum of numbers and rows; None when there is none or a row has no number."""
    total, sign = 0.0, 1
    if not expression or any(name not in values for name in names_in(expression)):
        return None
    for word in expression.split():
        if word in "+-":
            sign = 1 if word == "+" else -1
        else:
            factor, _, name = word.rpartition("*")
            total += sign * float(factor or 1) * (float(name) if name.isdigit() else values[name])
    return round(total, 1)


def in_native(row):
    """Is it measured natively? Sockets and memory are not, and four sizes are enough."""
    words = row["setup"].split()
    return words[0] != "sockets" and not row["id"].startswith("memory-") and row["macs"] != 100000


def read_lines(path):
    """(runs of each row, {"skip", "error", "note": text of each row}, about)"""
    runs, other, about = {}, {"skip": {}, "error": {}, "note": {}}, {}
    with open(path, encoding="utf-8") as results:
        for line in results:
            kind, name, text = line.rstrip("\n").split("\t")
            if kind == "row":
                runs.setdefault(name, []).append(float(text))
            elif kind == "about":
                about[name] = " ".join(filter(None, (name == "rows" and about.get(name), text)))
            else:
                other[kind][name] = text.strip()
    return runs, other, about


def reason(row, other):
    """Why it has no number; one that is measured with another goes with it."""
    for name in row["id"], row["base"]["id"]:
        for kind in "error", "skip":
            if name in other[kind]:
                return kind, other[kind][name]
    return "error", "was not measured"


def read_results(path, unit="instructions", choose=lambda runs: runs[-1], whole=False):
    """The table with what was measured: cost, reference, difference, bar or why not.

    Of a row that was measured more than once the last counts, or what choose() says.
    The table has the rows that were asked for, or is whole.
    """
    runs, other, about = read_lines(path)
    about["key"] = unit
    # Of many runs, none may have lost a frame.
    void = other["error"] if unit == "nanoseconds" else {}
    values = {name: choose(numbers) for name, numbers in runs.items() if name not in void}
    rows = read_table()
    asked = about.pop("rows", "").split()
    if asked and not whole:
        rows = [row for row in rows if row["id"] in asked or row["base"]["id"] in asked]
    for row in rows:
        row["cost"] = values.get(row["id"])
        row["why"] = reason(row, other) if row["cost"] is None else None
        row["note"] = other["note"].get(row["id"])
        row["runs"] = sorted(runs.get(row["id"], []))
        row["reference"] = evaluate(row["ref"], values)
        row["bar"] = evaluate(row["limits"][unit], values)
        row["difference"] = row["met"] = None
        if row["cost"] is not None:
            if row["reference"] is not None:
                row["difference"] = round(row["cost"] - row["reference"], 1)
            if row["bar"] is not None:
                row["met"] = row["cost"] <= row["bar"]
    return about, rows


def add_ratios(rows):
    """What is worth to know of times: ratios, and how far the runs are from each other."""
    by_id = {row["id"]: row for row in rows}
    for row in rows:
        bridge, runs = by_id.get(row["bridge"]), row["runs"]
        if row["cost"] is None:
            continue
        if row["reference"]:
            row["to_reference"] = round(row["cost"] / row["reference"], 3)
        if bridge and bridge is not row and bridge["cost"] and row["whose"] != "reference":
            row["to_bridge"] = round(row["cost"] / bridge["cost"], 3)
            if row["difference"] is not None and bridge["difference"]:
                row["part_of_bridge"] = round(row["difference"] / bridge["difference"], 3)
        if len(runs) > WITNESSES:
            row["spread"] = round(runs[len(runs) // 2] / runs[0] - 1, 3)
            row["disturbed"] = runs[WITNESSES] > (1 + NEAR) * runs[0]
        if row["id"].startswith("learn-") and row["difference"]:
            row["per_second"] = round(1e9 / row["difference"])
    for row in rows:
        others = names_in(row["ref"]) + names_in(row["limits"]["nanoseconds"])
        if row["cost"] is not None and any(by_id[name].get("disturbed") for name in others
                                           if name in by_id and name != row["id"]):
            row["doubtful"] = True


class Paint:
    """Colour, where a person looks at it."""

    def __init__(self, stream):
        self.on = stream.isatty() and not os.environ.get("NO_COLOR")

    def __call__(self, code, text):
        return f"\033[{code}m{text}\033[0m" if self.on else text


def number(value, sign=False):
    if value is None:
        return ""
    return f"{value:+.0f}" if sign else f"{value:.0f}"


def row_title(row, paint):
    title = f"  {row['title']:<52}"
    return paint("1", title) if row["whose"] == "ours" else title


def row_why(row, paint):
    kind, text = row["why"]
    return paint("31;1" if kind == "error" else "33", f"  {kind}: {text}")


def row_verdict(row, paint):
    if row["met"] is None:
        return ""
    return paint("32", "met") if row["met"] else paint("31", "not met")


def bar_of(row):
    """As a difference to the reference, where there is one"""
    if row["bar"] is None:
        return None
    return row["bar"] - (row["reference"] or 0)


def row_line(row, paint):
    verdict = row_verdict(row, paint)
    if row["setup"].startswith("sockets") and row["reference"]:
        verdict += f"  (x {row['cost'] / row['reference']:.3f})"
    if row["copies"]:
        verdict += f"  ({row['difference'] / row['copies']:.0f} a copy)"
    return (f"{number(row['cost']):>9}{number(row['reference']):>10}"
            f"{number(row['difference'], True):>11}"
            f"{number(bar_of(row), bool(row['ref'])):>8}  {verdict}")


def native_line(row, paint):
    def cell(name, form, width):
        value = row.get(name)
        return f"{'' if value is None else format(value, form):>{width}}"

    words = [row_verdict(row, paint)]
    if row.get("disturbed"):
        words.append(paint("33", "disturbed"))
    elif row.get("doubtful"):
        words.append(paint("33", "compared with a disturbed one"))
    if "per_second" in row:
        words.append(f"({row['per_second'] / 1e6:.2f} million a second)")
    if row["note"]:
        words.append(f"({row['note']})")
    bar = "" if row["bar"] is None else f"{bar_of(row):+.1f}"
    return (cell("cost", ".1f", 9) + cell("reference", ".1f", 10) + cell("difference", "+.1f", 11)
            + f"{bar:>8}" + cell("to_reference", ".2f", 7) + cell("to_bridge", ".2f", 7)
            + cell("part_of_bridge", ".2f", 7) + cell("spread", ".0%", 7)
            + "  " + "  ".join(word for word in words if word))


HEADS = {"instructions": f"{'count':>9}{'reference':>10}{'difference':>11}{'bar':>8}"}
HEADS["nanoseconds"] = (f"{'ns':>9}{'reference':>10}{'difference':>11}{'bar':>8}{'x ref':>7}"
                        f"{'x br.':>7}{'diff.':>7}{'spread':>7}")


def print_table(about, rows, stream):
    paint = Paint(stream)
    line = native_line if about["key"] == "nanoseconds" else row_line
    group = None
    print(f"Linux {about.get('kernel', '?')}: {about['unit']}", file=stream)
    for row in rows:
        if row["group"] != group:
            group = row["group"]
            print("\n" + paint("1;4", f"{group:<54}" + HEADS[about["key"]]), file=stream)
        text = row_why(row, paint) if row["cost"] is None else line(row, paint)
        print((row_title(row, paint) + text).rstrip(), file=stream)
    judged = [row for row in rows if row["met"] is not None]
    print(f"\n{sum(row['met'] for row in judged)} of {len(judged)} bars met, "
          f"{sum(row['why'] is not None for row in rows)} of {len(rows)} rows without a number, "
          f"{sum(row.get('disturbed', False) for row in rows)} disturbed",
          file=stream)


KEYS = ("id", "group", "title", "whose", "cost", "reference", "difference", "bar", "met",
        "copies", "to_reference", "to_bridge", "part_of_bridge", "spread", "disturbed", "doubtful",
        "per_second", "note")


def as_json(about, rows):
    out = []
    for row in rows:
        entry = {key: row[key] for key in KEYS if row.get(key) is not None}
        if "cost" in entry:
            unit = "bytes" if row["id"].startswith("memory-") else about["key"]
            entry = {unit if key == "cost" else key: value for key, value in entry.items()}
        if about["key"] == "nanoseconds" and row["runs"]:
            entry["runs"] = row["runs"]
        if row["why"]:
            entry[row["why"][0]] = row["why"][1]
        out.append(entry)
    return {**{key: value for key, value in about.items() if key != "key"}, "rows": out}


def times(path, folder):
    about, rows = read_results(path, choose=min)
    about["unit"] = "nanoseconds on two emulated processors, the minimum of several rounds"
    return write_all([(about, rows)], folder)


def counted(path):
    about, rows = read_results(path)
    about["unit"] = "instructions per frame (TCP: per exchange, per MiB), emulated"
    return about, rows


def timed(path):
    about, rows = read_results(path, "nanoseconds", min)
    rows = [row for row in rows if in_native(row)]
    add_ratios(rows)
    about["unit"] = "nanoseconds per frame, native, one processor, the minimum of many runs"
    return about, rows


def table(path, timed_path, folder):
    sections = []
    if os.path.exists(path):
        sections.append(counted(path))
    if os.path.exists(timed_path):
        sections.append(timed(timed_path))
    return write_all(sections, folder)


def write_all(sections, folder):
    """The first section, and the second as its member "native" in the JSON."""
    with open(os.path.join(folder, "results.txt"), "w", encoding="utf-8") as text:
        for stream in text, sys.stdout:
            for i, (about, rows) in enumerate(sections):
                print("\n" * 2 * bool(i), end="", file=stream)
                print_table(about, rows, stream)
    out = {}
    for about, rows in sections:
        part = as_json(about, rows)
        if about["key"] == "nanoseconds":
            out["native"] = part
        else:
            out.update(part)
    with open(os.path.join(folder, "results.json"), "w", encoding="utf-8") as stream:
        json.dump(out, stream, indent=1)
        stream.write("\n")
    with open(os.path.join(folder, "bench.svg"), "w", encoding="utf-8") as stream:
        stream.write(chart.draw([(f"Linux {about.get('kernel', '?')}: {about['unit']}", rows)
                                 for about, rows in sections]))
    return any(row["why"] and row["why"][0] == "error" for _, rows in sections for row in rows)


def print_ids(rows, chosen):
    """The chosen ones and their references; no bars, they are for make bench."""
    need = set()
    for row in chosen:
        need.update([row["id"]], names_in(row["ref"]))
        need.add(row["base"]["id"])
    print(" ".join(row["id"] for row in rows if row["id"] in need))


def ids():
    rows = read_table()
    print_ids(rows, [row for row in rows if in_check(row)])
    return False


def native(*asked):
    """All that native.sh is to measure; a row comes with those that it is compared with."""
    rows = read_table()
    print_ids(rows, [row for row in rows if in_native(row)
                     and (not asked or row["id"] in asked or row["base"]["id"] in asked)])
    return False


def counted_ids(streams, asked):
    print(" ".join(row["id"] for row in read_table()
                   if row["base"] is row and (not asked or row["id"] in asked)
                   and row["id"].startswith("stream-") == streams))
    return False


def over(path, base):
    old = read_baseline(base)
    _, rows = read_results(path, whole=True)
    chosen = [row for row in rows if in_check(row) and row["cost"] is not None
              and check_row(row, old.get(row["id"]))[0] == "FAILED"]
    print_ids(rows, chosen)
    return False


def baseline(path):
    about, rows = read_results(path, whole=True)
    for row in rows:
        if in_check(row) and row["why"] and row["why"][0] == "error":
            fail(f"no baseline from an error: {row['id']} {row['why'][1]}")
    kept = {row["id"]: {"instructions": row["cost"], "difference": row["difference"]}
            for row in rows if in_check(row) and row["cost"] is not None}
    json.dump({"kernel": about["kernel"], "rows": kept}, sys.stdout, indent=1)
    print()
    return False


def check_row(row, old):
    """(verdict, what to say about it)"""
    if row["cost"] is None:
        kind, text = row["why"]
        if kind == "skip" and old is None:
            return "skip", text
        return "FAILED", text + (", but the baseline has it" if kind == "skip" else "")
    if old is None:
        return "new", f"{row['cost']:.0f}, not in the baseline"
    # The reference moves with the kernel's own changes, which are not ours.
    more = row["difference"] - old["difference"]
    percent = 100 * more / old["instructions"]
    text = (f"{row['cost']:8.0f} {row['difference']:+8.0f}   was {old['difference']:+8.0f}"
            f"   {percent:+6.2f} %")
    return ("FAILED" if percent > 100 * TOLERANCE else "ok"), text


def read_baseline(path):
    with open(path, encoding="utf-8") as stream:
        return json.load(stream)["rows"]


def check(path, base):
    old = read_baseline(base)
    _, rows = read_results(path, whole=True)
    paint = Paint(sys.stdout)
    count = {"ok": 0, "FAILED": 0, "skip": 0, "new": 0}
    print(f"{'':10}{'row':<24}{'count':>8} {'difference':>8}")
    for row in rows:
        if not in_check(row):
            continue
        verdict, text = check_row(row, old.pop(row["id"], None))
        count[verdict] += 1
        colour = {"ok": "32", "FAILED": "31;1"}.get(verdict, "33")
        print(f"  {paint(colour, f'{verdict:<8}')}{row['id']:<24}{text}")
    for name in old:
        count["FAILED"] += 1
        print(f"  {paint('31;1', 'FAILED  ')}{name:<24}is in the baseline, but no row any more")
    print(f"{count['ok']} passed, {count['FAILED']} failed, {count['skip'] + count['new']} skipped")
    return count["FAILED"] > 0 or count["ok"] == 0


def main():
    commands = {"ids": (ids, 0), "native": (native, None),
                "frames": (lambda *asked: counted_ids(False, asked), None),
                "streams": (lambda *asked: counted_ids(True, asked), None),
                "table": (table, 3), "times": (times, 2), "check": (check, 2),
                "over": (over, 2), "baseline": (baseline, 1)}
    words = sys.argv[1:]
    if not words or words[0] not in commands or \
            commands[words[0]][1] not in (None, len(words) - 1):
        sys.exit(__doc__)
    sys.exit(1 if commands[words[0]][0](*words[1:]) else 0)


if __name__ == "__main__":
    main()
