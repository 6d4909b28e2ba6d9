# SPDX-License-Identifier: GPL-2.0
"""Draws the rows of make bench: a bar for each, a panel with a scale of its own for each group."""
from html import escape

WIDTH, LABEL, RIGHT = 960, 380, 90
BAR, GAP, HEAD, FOOT = 16, 6, 40, 40
COLOUR = {"reference": "#d4d8de", "rival": "#98a0ab", "ours": "#d9542b"}
STYLE = """text{font-family:sans-serif;font-size:12px;fill:#222}
.title{font-size:16px;font-weight:bold}.group{font-size:13px;font-weight:bold}
.ours{font-weight:bold}.small{font-size:10px;fill:#666}"""


def step_of(span):
    """A round distance of ticks that gives some six of them."""
    step = 1
    while True:
        for factor in (1, 2, 5):
            if span / (step * factor) <= 7:
                return step * factor
        step *= 10


def text(x, y, words, css="", anchor="start"):
    return (f'<text x="{x:.0f}" y="{y:.0f}" class="{css}" text-anchor="{anchor}">'
            f'{escape(words)}</text>')


def value_of(row):
    """The length of a row's bar: its difference, for one copy where there are many."""
    return row["difference"] / (row["copies"] or 1)


def panel(name, rows, top):
    """One group; returns its lines and where the next begins."""
    values = [value_of(row) for row in rows]
    limits = [(row["bar"] - row["reference"]) / (row["copies"] or 1)
              for row in rows if row["bar"] is not None]
    low, high = min(values + limits + [0]), max(values + limits + [1])
    step = step_of(high - low)
    scale = (WIDTH - LABEL - RIGHT) / (high - low)
    bottom = top + HEAD + len(rows) * (BAR + GAP)

    def at(value):
        return LABEL + (value - low) * scale

    out = [text(10, top + 26, name, "group")]
    tick = -(-low // step) * step
    while tick <= high:
        out.append(f'<line x1="{at(tick):.1f}" y1="{top + HEAD - 4}" x2="{at(tick):.1f}" '
                   f'y2="{bottom}" stroke="{"#444" if tick == 0 else "#e6e8eb"}"/>')
        out.append(text(at(tick), bottom + 14, f"{tick:+.0f}" if tick else "0", "small", "middle"))
        tick += step
    unit = " for each copy" if rows[0]["copies"] else ""
    out.append(text(at(0), bottom + 28, f"more than the reference{unit}", "small"))
    for i, row in enumerate(rows):
        y = top + HEAD + i * (BAR + GAP)
        css = "ours" if row["whose"] == "ours" else ""
        left, right = sorted((at(0), at(value_of(row))))
        out.append(text(LABEL - 10, y + BAR - 4, row["title"], css, "end"))
        out.append(f'<rect x="{left:.1f}" y="{y}" width="{max(right - left, 1):.1f}" '
                   f'height="{BAR}" fill="{COLOUR[row["whose"]]}"/>')
        words = right + 5
        if row["bar"] is not None:
            x = at((row["bar"] - row["reference"]) / (row["copies"] or 1))
            if right <= x < right + 50:
                words = x + 5
            out.append(f'<line x1="{x:.1f}" y1="{y - 2}" x2="{x:.1f}" y2="{y + BAR + 2}" '
                       'stroke="#111" stroke-width="2"/>')
        out.append(text(words, y + BAR - 4, f"{value_of(row):+.0f}", css))
    return out, bottom + FOOT


def draw(sections):
    """The drawing, as SVG, of the rows that have a difference, from (about, rows) of each section."""
    lines, top = [text(10, 26, "The cost of switching", "title")], 44
    for about, rows in sections:
        groups = {}
        for row in rows:
            if row["difference"] is not None:
                groups.setdefault(row["group"], []).append(row)
        lines.append(text(10, top, f"{about}. Orange: vswitch. Grey: others. Light: no switch. "
                          "Black mark: what ours may cost at most.", "small"))
        top += 10
        for name, members in groups.items():
            out, top = panel(name, members, top)
            lines += out
        top += 20
    return (f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{top}" '
            f'viewBox="0 0 {WIDTH} {top}">\n<style>{STYLE}</style>\n'
            f'<rect width="{WIDTH}" height="{top}" fill="#fff"/>\n'
            + "\n".join(lines) + "\n</svg>\n")
