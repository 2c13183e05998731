# SPDX-License-Identifier: GPL-2.0
"""The figures as text."""
import textwrap

from . import figures

TITLE = 34
WRAP = 110


def number(values):
    """The median."""
    return f"{figures.median(values):,.0f}"


def percent(values):
    """The spread."""
    return f"{100 * figures.spread(values):.1f}%"


def ratio(ours, stock):
    """The median of the rounds' ratios, and from where to where they go."""
    each = figures.ratios(ours, stock)
    if not each:
        return "-", ""
    return (f"{figures.median(each):.2f}",
            f"{min(each):.3f}-{max(each):.3f}")


def cells(row):
    """A row's columns."""
    middle, rounds = ratio(row.ours, row.stock)
    out = [number(row.ours), percent(row.ours), number(row.stock),
           percent(row.stock), middle, rounds]
    if row.own_ours is None:
        return out + ["", "", ""]
    return out + [number(row.own_ours), number(row.own_stock),
                  ratio(row.own_ours, row.own_stock)[0]]


HEAD = ("ours", "+-", "stock", "+-", "ratio", "rounds", "own: ours", "stock",
        "ratio")
WIDTHS = (11, 7, 11, 7, 7, 13, 11, 9, 7)


def line(title, columns):
    """Columns under each other."""
    return (f"{title:{TITLE}}" + "".join(
        f"{cell:>{width}}" for cell, width in zip(columns, WIDTHS))).rstrip()


def lines(rows, remarks):
    """The table, and what has to be said about it."""
    out = [line("instructions per packet", HEAD)]
    previous = "packet"
    for row in rows:
        if row.unit != previous:
            out.append(f"per {row.unit}")
            previous = row.unit
        out.append(line(row.title, cells(row)))
    out += [""] if remarks else []
    for remark in remarks:
        out += textwrap.wrap(remark, WRAP, subsequent_indent="    ")
    return out
