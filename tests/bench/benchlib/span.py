# SPDX-License-Identifier: GPL-2.0
"""What the plugin has counted between two marks."""
import collections
import os

MEASURED_CPU = 0
# Where the interrupt of the timer enters the kernel.
TICK = "asm_sysvec_apic_timer_interrupt"


class SpanError(Exception):
    """It cannot be said what a path has cost."""


def blocks_of(path):
    """The blocks of its file: (address, instructions, [executions by CPU])."""
    if not os.path.exists(path):
        raise SpanError(f"the plugin has not written {path}")
    with open(path, encoding="ascii") as file:
        lines = file.read().splitlines()
    if lines[-1:] != ["end"]:
        raise SpanError(f"{path} is not complete; is the disk full?")
    for line in lines[:-1]:
        address, length, *runs = line.split()
        yield int(address, 16), int(length), [int(count) for count in runs]


class Span:
    """Instructions by CPU; of the CPU that is measured by function, too, and
    the ticks of its timer."""

    def __init__(self, path, symbols):
        self.cpus = collections.Counter()
        self.functions = collections.Counter()
        self.ticks = 0
        tick = symbols.address(TICK)
        for address, length, runs in blocks_of(path):
            for cpu, count in enumerate(runs):
                self.cpus[cpu] += length * count
            self.functions[symbols.at(address)] += length * runs[MEASURED_CPU]
            if address == tick:
                self.ticks += runs[MEASURED_CPU]
        if not self.all:
            raise SpanError(f"nothing was executed on CPU {MEASURED_CPU}, "
                            f"says {path}")

    @property
    def all(self):
        """On the CPU that is measured."""
        return self.cpus[MEASURED_CPU]


def tick_cost(span):
    """Of a tick, by a span in which there was nothing else."""
    if not span.ticks:
        raise SpanError("the timer has not ticked while nothing else was done")
    return span.all / span.ticks
