#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""What make bench and make bench-check say about the rows that a guest measured.

report.py ids                     rows of ours, and those that they are compared with
report.py over RESULTS BASELINE   those of them that cost more than in BASELINE
report.py table RESULTS DIR       table to standard output, DIR/results.{json,txt}, DIR/bench.svg
report.py times RESULTS DIR       the same of rows that were timed in many rounds: their minima
report.py check RESULTS BASELINE  fails when a row of ours costs more than in BASELINE
report.py baseline RESULTS        such a baseline to standard output

RESULTS is what guest.sh wrote, the rows are those of the table beside this file.
"""
import json
import os
import sys

import chart

TOLERANCE = 0.02
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
            words = row["setup"].split()
            row["copies"] = int(words[2]) if words[0] == "flood" else None
            row["macs"] = int(words[2]) if words[0] == "sweep" else 0
            rows.append(row)
    by_id = {row["id"]: row for row in rows}
    for row in rows:
        words = row["setup"].split()
        if words[0] == "with":
            row["macs"] = by_id[words[1]]["macs"]
    return rows


def in_check(row):
    """Is it one of those that bench-check has the time for?"""
    return row["whose"] == "ours" and row["macs"] < 100000


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


def read_results(path, choose=lambda new, old: new, whole=False):
    """The table with what was measured: instructions, difference, limit or why not.

    Of a row that was measured more than once the last counts, or what choose() says.
    The table has the rows that were asked for, or is whole.
    """
    values, other, about = {}, {}, {}
    with open(path, encoding="utf-8") as results:
        for line in results:
            kind, name, text = line.rstrip("\n").split("\t")
            if kind == "row":
                values[name] = choose(float(text), values.get(name, float(text)))
            elif kind == "about":
                about[name] = text
            else:
                other[name] = (kind, text.strip())
    rows = read_table()
    asked = about.pop("rows", "").split()
    if asked and not whole:
        rows = [row for row in rows if row["id"] in asked or row["setup"].split()[-1] in asked]
    for row in rows:
        row["instructions"] = values.get(row["id"])
        row["why"] = None
        if row["instructions"] is None:
            row["why"] = other.get(row["id"], ("error", "was not measured"))
        row["reference"] = evaluate(row["ref"], values)
        row["bar"] = evaluate(row["limit"], values)
        row["difference"] = row["met"] = None
        if row["instructions"] is not None:
            if row["reference"] is not None:
                row["difference"] = round(row["instructions"] - row["reference"], 1)
            if row["bar"] is not None:
                row["met"] = row["instructions"] <= row["bar"]
    return about, rows


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


def row_line(row, paint):
    title = f"  {row['title']:<52}"
    if row["whose"] == "ours":
        title = paint("1", title)
    if row["instructions"] is None:
        kind, text = row["why"]
        return title + paint("31;1" if kind == "error" else "33", f"  {kind}: {text}")
    bar, verdict = "", ""
    if row["bar"] is not None:
        bar = number(row["bar"] - (row["reference"] or 0), bool(row["ref"]))
        verdict = paint("32", "met") if row["met"] else paint("31", "not met")
    if row["setup"].startswith("sockets") and row["reference"]:
        verdict += f"  (x {row['instructions'] / row['reference']:.3f})"
    if row["copies"]:
        verdict += f"  ({row['difference'] / row['copies']:.0f} a copy)"
    return (f"{title}{number(row['instructions']):>9}{number(row['reference']):>10}"
            f"{number(row['difference'], True):>11}{bar:>8}  {verdict}").rstrip()


def print_table(about, rows, stream):
    paint = Paint(stream)
    group = None
    print(f"Linux {about.get('kernel', '?')}: {about['unit']}", file=stream)
    for row in rows:
        if row["group"] != group:
            group = row["group"]
            head = f"{group:<54}{'count':>9}{'reference':>10}{'difference':>11}{'bar':>8}"
            print("\n" + paint("1;4", head), file=stream)
        print(row_line(row, paint), file=stream)
    judged = [row for row in rows if row["met"] is not None]
    print(f"\n{sum(row['met'] for row in judged)} of {len(judged)} bars met, "
          f"{sum(row['why'] is not None for row in rows)} of {len(rows)} rows without a number",
          file=stream)


def write_json(about, rows, path):
    keys = ("id", "group", "title", "whose", "instructions", "reference", "difference",
            "bar", "met", "copies")
    out = []
    for row in rows:
        entry = {key: row[key] for key in keys if row[key] is not None}
        if row["id"].startswith("memory-") and "instructions" in entry:
            entry["bytes"] = entry.pop("instructions")
        if row["why"]:
            entry[row["why"][0]] = row["why"][1]
        out.append(entry)
    with open(path, "w", encoding="utf-8") as stream:
        json.dump({**about, "rows": out}, stream, indent=1)
        stream.write("\n")


def times(path, folder):
    about, rows = read_results(path, min)
    about["unit"] = "nanoseconds on two emulated processors, the minimum of several rounds"
    return write_all(about, rows, folder)


def table(path, folder):
    about, rows = read_results(path)
    about["unit"] = "instructions per frame (TCP: per exchange, per MiB), emulated"
    return write_all(about, rows, folder)


def write_all(about, rows, folder):
    with open(os.path.join(folder, "results.txt"), "w", encoding="utf-8") as stream:
        print_table(about, rows, stream)
    write_json(about, rows, os.path.join(folder, "results.json"))
    with open(os.path.join(folder, "bench.svg"), "w", encoding="utf-8") as stream:
        stream.write(chart.draw(rows, f"Linux {about.get('kernel', '?')}: {about['unit']}"))
    print_table(about, rows, sys.stdout)
    return any(row["why"] and row["why"][0] == "error" for row in rows)


def print_ids(rows, chosen):
    """The chosen ones and their references; no bars, they are for make bench."""
    need = set()
    for row in chosen:
        need.update([row["id"]], names_in(row["ref"]))
        words = row["setup"].split()
        if words[0] == "with":
            need.add(words[1])
    print(" ".join(row["id"] for row in rows if row["id"] in need))


def ids():
    rows = read_table()
    print_ids(rows, [row for row in rows if in_check(row)])
    return False


def over(path, base):
    old = read_baseline(base)
    _, rows = read_results(path, whole=True)
    chosen = [row for row in rows if in_check(row) and row["instructions"] is not None
              and check_row(row, old.get(row["id"]))[0] == "FAILED"]
    print_ids(rows, chosen)
    return False


def baseline(path):
    about, rows = read_results(path, whole=True)
    for row in rows:
        if in_check(row) and row["why"] and row["why"][0] == "error":
            fail(f"no baseline from an error: {row['id']} {row['why'][1]}")
    kept = {row["id"]: {"instructions": row["instructions"], "difference": row["difference"]}
            for row in rows if in_check(row) and row["instructions"] is not None}
    json.dump({**about, "rows": kept}, sys.stdout, indent=1)
    print()
    return False


def check_row(row, old):
    """(verdict, what to say about it)"""
    if row["instructions"] is None:
        kind, text = row["why"]
        if kind == "skip" and old is None:
            return "skip", text
        return "FAILED", text + (", but the baseline has it" if kind == "skip" else "")
    if old is None:
        return "new", f"{row['instructions']:.0f}, not in the baseline"
    # The reference moves with the kernel's own changes, which are not ours.
    more = row["difference"] - old["difference"]
    percent = 100 * more / old["instructions"]
    text = (f"{row['instructions']:8.0f} {row['difference']:+8.0f}   was {old['difference']:+8.0f}"
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
    commands = {"ids": (ids, 0), "table": (table, 2), "times": (times, 2), "check": (check, 2),
                "over": (over, 2), "baseline": (baseline, 1)}
    words = sys.argv[1:]
    if not words or words[0] not in commands or len(words) - 1 != commands[words[0]][1]:
        sys.exit(__doc__)
    sys.exit(1 if commands[words[0]][0](*words[1:]) else 0)


if __name__ == "__main__":
    main()
