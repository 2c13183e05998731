# SPDX-License-Identifier: GPL-2.0
"""What one path has cost in one guest: executed instructions per packet, or per
MiB."""
import collections

from .span import SpanError

DRIVER = "hv_netvsc"


class Cost:
    """A span, divided by what arrived. Ticks of the timer come by the clock, not
    by the packet: what they cost is taken off the sum."""

    def __init__(self, span, amounts, tick_cost):
        self.sent, self.arrived = amounts["sent"], amounts["arrived"]
        self.again = amounts.get("again", 0)
        if not self.arrived:
            raise SpanError(f"none of {self.sent} frames arrived")
        arrived = self.arrived
        self.cpus = [span.cpus[cpu] / arrived for cpu in sorted(span.cpus)]
        self.ticks = span.ticks * tick_cost / arrived
        self.all = span.all / arrived - self.ticks
        self.functions = collections.Counter(
            {function: count / arrived
             for function, count in span.functions.items()})

    @property
    def modules(self):
        """Its parts, by module."""
        parts = collections.Counter()
        for (_, module), instructions in self.functions.items():
            parts[module] += instructions
        return parts

    @property
    def own(self):
        """The driver's own text."""
        return self.modules[DRIVER]

    def as_json(self):
        """For others to read. Functions from a hundredth of an instruction on:
        the others ran now and then."""
        return {"sent": self.sent, "arrived": self.arrived,
                "again": self.again,
                "instructions": round(self.all, 1),
                "ticks": round(self.ticks, 1),
                "cpus": [round(part, 1) for part in self.cpus],
                "modules": {module: round(part, 1) for module, part
                            in self.modules.most_common()},
                "functions": [[name, module, round(part, 2)]
                              for (name, module), part
                              in self.functions.most_common()
                              if part >= 0.01]}
