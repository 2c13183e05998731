# SPDX-License-Identifier: GPL-2.0
"""The demonstration: one scenario, told as it happens.

What the guest prints, what its kernel says and what the host does come from
four files that grow; they are shown in one order of time.
"""
import argparse
import os
import shutil
import textwrap
import threading
import time

from . import lab, machine, report, timeline

# What is told is older than this, so that nothing earlier can still come.
HOLD_SECONDS = 0.6
WIDE = 150
STORY = "STORY "

INTRODUCTION = """\
This boots an unmodified Debian kernel in a virtual machine whose host, an
emulated Hyper-V, has a network card for it: a synthetic NIC on the VMBus, and
a virtual function (VF) that comes and goes. The driver hv_netvsc, built from
this repository, makes one interface of both, eth0. You will see a VF plugged
and taken away by the host, as in a servicing on Azure, while traffic runs.

The first time QEMU, the guest and the driver are fetched and built, as root,
which takes up to 15 minutes; after that, the demonstration takes about one
minute and a half. All but build tools stays below {cache}.
"""

LEGEND = """\
Times are those of the guest's kernel log. Left: what the host did, by its own
event log; right: what the guest's kernel said.
"""


class Story(lab.Output):
    """What the guest prints, with the host's time."""

    def __init__(self, sock, rundir, told):
        self.told = told
        super().__init__(sock, rundir, True)

    def show(self, line):
        if not line.startswith("== "):
            self.told.add(time.monotonic(), "guest", line)


class Narrator:
    """Prints a timeline while it grows."""

    def __init__(self, told):
        self.told = told
        self.narrow = shutil.get_terminal_size().columns < WIDE
        self.done = threading.Event()
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()

    def _run(self):
        while not self.done.wait(0.1):
            self.told.poll()
            self._tell(self.told.take(time.monotonic() - HOLD_SECONDS))

    def _tell(self, entries):
        for entry in entries or []:
            if entry.who != "guest":
                print(timeline.as_line(entry, self.narrow), flush=True)
            elif entry.text.startswith(STORY):
                print(f"\n--- {entry.text[len(STORY):]}", flush=True)
            else:
                print(f"    {entry.text}", flush=True)

    def finish(self):
        """Tell the rest."""
        self.done.set()
        self.thread.join()
        self.told.poll()
        self._tell(self.told.take())


def play(args, rundir, *prepared):
    """Boot, and tell. Return why it failed, or None; and the timeline."""
    told = timeline.Timeline(rundir)
    narrator = Narrator(told)
    try:
        failure, _ = lab.boot(
            args, rundir, *prepared,
            listener=lambda _args, _rundir, sock, _process:
            Story(sock, rundir, told))
    finally:
        narrator.finish()
    return failure, told


def conclude(rundir, got, told):
    """The table and the picture."""
    print("\n--- What each step has cost, until the next one\n")
    print("\n".join(report.table([got])))
    print("gap/ms: the longest time without a datagram. Gaps and rates "
          "depend on how busy\nthe machine is that emulates the guest; losses "
          "do not.")
    place = f"{lab.CACHE}/demo"
    os.makedirs(place, exist_ok=True)
    shutil.copy(f"{rundir}/servicing.svg", place)
    print(f"\nThe clocks of guest and host agree to within "
          f"{1000 * told.clock.mark['within']:.1f} ms.")
    print(f"Picture:  {place}/servicing.svg (any browser shows it)")
    print(f"Timeline: {rundir}/timeline.txt")
    print(f"All logs: {rundir}", flush=True)


def prepare(args):
    """All that has to be there before the guest can boot."""
    qemu = lab.tool(f"{lab.REPO}/tests/host/build-qemu")
    guest = lab.tool(f"{lab.HERE}/guest-image", args.kernel)
    module = lab.tool(f"{lab.HERE}/build-module", args.kernel)
    rundir = lab.new_rundir(f"demo-{args.driver}-{args.kernel}")
    disk, token = lab.make_disk(rundir, args, guest, [module])
    return rundir, guest, qemu, disk, token


def main():
    """All of it. Return the exit status."""
    args = argparse.Namespace(what="scenario", name="demo", driver="ours",
                              kernel="6.1", nics=1)
    started = time.monotonic()
    print(INTRODUCTION.format(cache=lab.CACHE), flush=True)
    prepared = prepare(args)
    rundir = prepared[0]
    accel, why = machine.accelerator()
    lab.progress(f"booting the guest with {accel} ({why}), which takes 10 to "
                 f"20 s; logs: {rundir}")
    print("\n" + LEGEND, flush=True)
    failure, told = play(args, *prepared)
    if os.path.exists(f"{rundir}/servicing.json"):
        conclude(rundir, report.load(rundir), told)
    took = time.monotonic() - started
    if failure:
        print(textwrap.dedent(f"""
            FAILED after {took:.0f} s: {failure}
            Look at {rundir}: output.log (what the guest's script said),
            console.log (its kernel), nic0.jsonl and host.jsonl (the host),
            qemu.log."""), flush=True)
        return 1
    print(f"\nDone in {took:.0f} s: the VF came, went and came back, and the "
          "TCP streams did not\nnotice.", flush=True)
    return 0
