# SPDX-License-Identifier: GPL-2.0
"""What the guest's kernel said and what the host did, in one order of time.

The guest has two clocks, that of its kernel's log and CLOCK_BOOTTIME; the
host's event logs have CLOCK_MONOTONIC. The lines that labclock leaves in the
kernel's log give the three at one moment.
"""
import collections
import itertools
import json
import os
import re

KERNEL_LINE = re.compile(r"^\[ *(\d+\.\d+)\](?:\[[^]]*\])? (.*)$")
CLOCK_LINE = re.compile(r"lab: clock boot=(\d+) host=(\d+) within=(\d+)")

# Lines of the kernel's log that belong to the story of the pair.
TOLD = re.compile(
    r"Linux version|hv_vmbus: (Vmbus version|registering driver hv_netvsc)|"
    r"^hv_netvsc [0-9a-f]|joined to eth|: Slot\(\d|"
    r"pci 0000:0[1-9]\S+ .*class 0x020000|"
    r"(vmxnet3|mana) \S+ \S+: (NIC Link is Up|renamed from)")

# Instance of the NIC, for narrow terminals.
INSTANCE = re.compile(r"([0-9a-f]{8})(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
HOST_WIDTH = 42

Entry = collections.namedtuple("Entry", "seconds who text")


class Clock:
    """Turns times of the three clocks into each other. All of them run at
    the same pace, so the mark that was taken with the least doubt will do."""

    def __init__(self):
        self.mark = None

    def add(self, **mark):
        """One moment on the clocks, in seconds; and give or take how much."""
        if self.mark is None or mark["within"] < self.mark["within"]:
            self.mark = mark

    def convert(self, value, old, new):
        """A time of one clock in another."""
        return value - self.mark[old] + self.mark[new]


class Tail:
    """The whole lines that have been added to a file since the last look."""

    def __init__(self, path):
        self.path = path
        self.file = None
        self.rest = ""

    def lines(self):
        """New lines."""
        if self.file is None:
            if not os.path.exists(self.path):
                return []
            self.file = open(self.path, encoding="utf-8", errors="replace")
        parts = (self.rest + self.file.read()).split("\n")
        self.rest = parts.pop()
        return [part.rstrip("\r") for part in parts]


def as_line(entry, narrow=False):
    """An entry as text: time, what the host did, what the kernel said."""
    text = INSTANCE.sub(r"\1-...", entry.text) if narrow else entry.text
    host, kernel = (text, "") if entry.who == "host" else ("", text)
    return f"[{entry.seconds:12.6f}] {host:{HOST_WIDTH}}| {kernel}".rstrip()


def told_of_nic(event):
    """An event of the NIC's log in words, or None."""
    if event["ev"] == "association":
        return (f"announces the VF, serial {event['serial']}"
                if event["allocated"] else "takes the announcement back")
    if event["ev"] == "data-path":
        path = {"vf": "VF", "synthetic": "synthetic NIC"}
        by = {"guest": "the guest asks for", "host": "takes back"}
        return f"{by[event['by']]} the path: {path[event['path']]}"
    if event["ev"] == "open" and event["channel"] == 0:
        return "the guest opens the NIC's channel"
    if event["ev"] == "error":
        return f"PROTOCOL ERROR by the guest: {event['name']}"
    return None


def vf_is_out(event):
    """QEMU has let go of a VF."""
    return (event.get("event") == "DEVICE_DELETED" and
            event["device"].startswith("vf"))


def told_of_host(event):
    """An event of the machine in words, or None."""
    if vf_is_out(event):
        return "the VF is out (DEVICE_DELETED)"
    return {"plug": "plugs the VF into its slot",
            "unplug": "presses the attention button"}.get(
                event.get("action", [None])[0])


def in_short(event):
    """Kind and name of what the host did, for a picture, or None."""
    if event.get("ev") == "data-path":
        return "switch", event["path"]
    if event.get("ev") == "association":
        return "action", "announced" if event["allocated"] else "revoked"
    if vf_is_out(event):
        return "action", "VF is out"
    name = {"plug": "plugged", "unplug": "attention button"}.get(
        event.get("action", [None])[0])
    return ("action", name) if name else None


class Timeline:
    """Of a run, while it goes on or afterwards."""

    def __init__(self, rundir):
        self.clock = Clock()
        self.console = Tail(f"{rundir}/console.log")
        self.nic = Tail(f"{rundir}/nic0.jsonl")
        self.host = Tail(f"{rundir}/host.jsonl")
        self.waiting = []
        self.numbers = itertools.count()
        self.moments = []

    def add(self, host_time, who, text):
        """Something that happened at a time of the host."""
        self.waiting.append((host_time, next(self.numbers), who, text))

    def _kernel(self, line):
        match = KERNEL_LINE.match(line)
        if not match:
            return
        when, text = float(match.group(1)), match.group(2)
        mark = CLOCK_LINE.search(text)
        if mark:
            boot, host, within = (int(ns) / 1e9 for ns in mark.groups())
            self.clock.add(log=when, boot=boot, host=host, within=within)
        elif TOLD.search(text):
            # Its time of the host is not known before there is a mark.
            self.waiting.append((when, next(self.numbers), "kernel",
                                 text))

    def _event(self, event):
        text = (told_of_nic if "ev" in event else told_of_host)(event)
        if text:
            self.add(event["t"] / 1e9, "host", text)
        short = in_short(event)
        if short:
            self.moments.append((event["t"] / 1e9, *short))

    def poll(self):
        """Look at what has been written since."""
        for line in self.console.lines():
            self._kernel(line)
        for line in self.nic.lines() + self.host.lines():
            self._event(json.loads(line))

    def _seconds(self, item):
        """By the clock of the kernel's log."""
        when, _, who, _ = item
        return when if who == "kernel" else self.clock.convert(
            when, "host", "log")

    def take(self, until=None):
        """Entries in order of time, up to a time of the host; they are
        forgotten here. None while the clocks are not tied together."""
        if not self.clock.mark:
            return None
        items = sorted((self._seconds(item), *item[1:])
                       for item in self.waiting)
        if until is None:
            end = float("inf")
        else:
            end = self.clock.convert(until, "host", "log")
        done = {item[1] for item in items if item[0] <= end}
        self.waiting = [item for item in self.waiting
                        if item[1] not in done]
        return [Entry(seconds, who, text)
                for seconds, number, who, text in items if number in done]

    def host_moments(self):
        """What the host did, in seconds since boot: [[seconds, kind, what]];
        kinds are switch and action."""
        if not self.clock.mark:
            return []
        return sorted([self.clock.convert(when, "host", "boot"), *short]
                      for when, *short in self.moments)


def whole(rundir):
    """All entries of a run that is over, and its timeline."""
    timeline = Timeline(rundir)
    timeline.poll()
    return timeline, timeline.take() or []
