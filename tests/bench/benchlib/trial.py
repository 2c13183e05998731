# SPDX-License-Identifier: GPL-2.0
"""One guest with one driver, in which all wanted paths are counted."""
import argparse
import json
import os
import shutil

from lablib import lab

from . import cost, paths, span, symbols

HERE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
SPAN = "SPAN "
SYMBOLS = "SYMBOLS "
NOTE = "== "
# The span in which there is nothing but ticks; guest/ticks has it, too.
TICKS = 255


class Tools:
    """What all trials have in common. The driver is built once: nobody's edit
    is to get between two rounds."""

    def __init__(self, kernel, vf, place):
        lab.progress("QEMU, the guest and the driver: at once if they are "
                     "there, 15 minutes at most if not")
        self.kernel = kernel
        self.vf = lab.vf_kind(argparse.Namespace(kernel=kernel, vf=vf))
        self.qemu = lab.tool(f"{lab.REPO}/tests/host/build-qemu")
        self.plugin = lab.tool(f"{HERE}/build-count")
        self.guest = lab.tool(f"{lab.HERE}/guest-image", kernel)
        self.module = shutil.copy(
            lab.tool(f"{lab.HERE}/build-module", kernel), place)


class Told(lab.Output):
    """The guest's output; what it is at becomes a line of progress."""

    def show(self, line):
        if line.startswith(NOTE):
            lab.progress("  " + line[len(NOTE):])


def boot(tools, driver, rundir, wanted):
    """Boot the guest and let it walk the paths. Return what it printed."""
    os.makedirs(f"{rundir}/spans")
    with open(f"{rundir}/paths.json", "w", encoding="utf-8") as file:
        json.dump(paths.for_guest(wanted), file)
    args = argparse.Namespace(
        what="scenario", name="bench", driver=driver, kernel=tools.kernel,
        nics=1, vf=tools.vf, quiet=True, append="nokaslr",
        plugin=f"{tools.plugin},out={rundir}/spans",
        files={"bench": f"{HERE}/guest",
               "bench/paths.json": f"{rundir}/paths.json",
               "scenarios/bench": f"{HERE}/guest/trial"})
    disk, token = lab.make_disk(rundir, args, tools.guest,
                                [tools.module] if driver == "ours" else [])
    failure, _ = lab.boot(
        args, rundir, tools.guest, tools.qemu, disk, token,
        listener=lambda _args, _rundir, sock, _process:
        Told(sock, rundir, True))
    if failure:
        raise lab.LabError(
            f"{failure}\nLook at {rundir}: output.log (what the guest's "
            "script said), console.log (its kernel), qemu.log.")
    with open(f"{rundir}/output.log", encoding="utf-8") as file:
        return file.read().splitlines()


def symbols_in(lines, rundir):
    """kallsyms, as the guest has sent it."""
    packed = [line[len(SYMBOLS):] for line in lines
              if line.startswith(SYMBOLS)]
    if not packed:
        raise lab.LabError(f"the guest has sent no symbols; see "
                           f"{rundir}/output.log")
    return symbols.Symbols(packed[-1])


def amounts_in(lines):
    """What the guest says has gone along the paths: {span: {sent, arrived}},
    and of TCP how many segments were sent again."""
    said = [json.loads(line[len(SPAN):]) for line in lines
            if line.startswith(SPAN)]
    return {each["span"]: each for each in said}


def read(lines, rundir, wanted):
    """{name of the path: its cost}; each one that is wanted has to be there."""
    table = symbols_in(lines, rundir)
    amounts = amounts_in(lines)
    at = "the timer's ticks"
    out = {}
    try:
        tick = span.tick_cost(span.Span(f"{rundir}/spans/{TICKS}", table))
        for number, path in enumerate(wanted, 1):
            at = path.name
            said = amounts.get(number, {"sent": path.count, "arrived": 0})
            out[path.name] = cost.Cost(
                span.Span(f"{rundir}/spans/{number}", table), said, tick)
    except span.SpanError as error:
        raise lab.LabError(
            f"{at}: {error}\nLook at {rundir}: output.log, qemu.log. One path "
            "alone: make bench PATHS=... ROUNDS=1") from error
    return out


def run(tools, driver, rundir, wanted):
    """All of it."""
    os.makedirs(rundir)
    return read(boot(tools, driver, rundir, wanted), rundir, wanted)
