# SPDX-License-Identifier: GPL-2.0
"""Where a path spends its instructions: function by function, ours beside
stock's."""
from . import figures

# Of all instructions of the path; what differs by less is summed up.
LEAST = 0.0005


def of_functions(name, rounds):
    """{(function, module): {driver: its median}}"""
    out = {}
    for driver in figures.DRIVERS:
        costs = [each[driver][name].functions for each in rounds]
        for function in set().union(*costs):
            # A Counter has 0 of what a round did not execute.
            out.setdefault(function, dict.fromkeys(figures.DRIVERS, 0))[
                driver] = figures.median([cost[function] for cost in costs])
    return out


def lines(path, unit, rounds):
    """What ours spends more on comes first, what stock does, last."""
    functions = of_functions(path.name, rounds)
    differences = {function: got["ours"] - got["stock"]
                   for function, got in functions.items()}
    least = LEAST * sum(got["stock"] for got in functions.values())
    shown = sorted((function for function, more in differences.items()
                    if abs(more) >= least),
                   key=lambda function: -differences[function])
    out = [f"{path.title}: instructions per {unit}, by function",
           f"{'ours':>11}{'stock':>11}{'more':>11}  function"]
    for function in shown:
        name, module = function
        out.append(f"{functions[function]['ours']:11,.1f}"
                   f"{functions[function]['stock']:11,.1f}"
                   f"{differences[function]:+11,.1f}  {name} [{module}]")
    rest = [sum(got[driver] for function, got in functions.items()
                if function not in shown) for driver in figures.DRIVERS]
    out.append(f"{rest[0]:11,.1f}{rest[1]:11,.1f}{rest[0] - rest[1]:+11,.1f}"
               f"  {len(functions) - len(shown)} others that differ by less "
               f"than {least:,.1f}")
    return out
