# SPDX-License-Identifier: GPL-2.0
"""The rounds of a run, as figures: ours beside stock."""
import collections
import statistics

from . import paths

DRIVERS = ("ours", "stock")
# A spread that is pointed out.
WIDE = 0.1

# A line of the table. ours, stock: one number a round; own: those of the
# driver's own text, None where there is none of it. reference: nothing that is
# ours is in it.
Row = collections.namedtuple(
    "Row", "name title unit ours stock own_ours own_stock reference")


def median(values):
    """The round in the middle."""
    return statistics.median(values)


def spread(values):
    """From the lowest round to the highest, as a part of the median."""
    middle = median(values)
    return (max(values) - min(values)) / middle if middle else 0


def ratios(ours, stock):
    """Of each round, for what changes with time changes both. None: stock has
    no cost to be compared with."""
    if min(stock) <= 0:
        return None
    return [a / b for a, b in zip(ours, stock)]


def of_path(path, rounds):
    """A path; rounds: [{driver: {name: Cost}}]."""
    costs = {driver: [each[driver][path.name] for each in rounds]
             for driver in DRIVERS}
    own = {driver: None if path.reference else
           [cost.own for cost in costs[driver]] for driver in DRIVERS}
    return Row(path.name, path.title, paths.unit(path),
               [cost.all for cost in costs["ours"]],
               [cost.all for cost in costs["stock"]],
               own["ours"], own["stock"], path.reference)


def of_difference(difference, rounds):
    """What one path costs more than another one."""
    more = {driver: [each[driver][difference.dearer].all -
                     each[driver][difference.cheaper].all
                     for each in rounds] for driver in DRIVERS}
    return Row(difference.name, difference.title, "packet", more["ours"],
               more["stock"], None, None, False)


def rows(wanted, rounds):
    """All that can be said; a difference follows the later one of its paths."""
    out = []
    known = set()
    for path in wanted:
        out.append(of_path(path, rounds))
        known.add(path.name)
        out += [of_difference(difference, rounds)
                for difference in paths.DIFFERENCES
                if {difference.dearer, difference.cheaper} <= known and
                path.name in (difference.dearer, difference.cheaper)]
    return out


def remarks(wanted, rounds):
    """Where a figure is not what it seems, in words."""
    out = []
    for path in wanted:
        for number, each in enumerate(rounds, 1):
            for driver in DRIVERS:
                cost = each[driver][path.name]
                where = f"{path.title}, {driver}, round {number}"
                if cost.arrived < cost.sent:
                    out.append(f"{where}: {cost.arrived} of {cost.sent} "
                               "frames arrived; divided by those that did")
                if cost.again:
                    out.append(f"{where}: {cost.again} segments were sent "
                               "again; they are in it")
    wide = [row.title for row in rows(wanted, rounds)
            if max(spread(row.ours), spread(row.stock)) > WIDE]
    if wide:
        out.append(f"more than {WIDE:.0%} from round to round, so that a "
                   f"ratio says little: {'; '.join(wide)}. Again, with "
                   "nothing else running: make bench PATHS=\"...\"")
    return out
