# SPDX-License-Identifier: GPL-2.0
"""Which function of the guest's kernel an address belongs to."""
import base64
import bisect
import gzip

KERNEL = "kernel"


class Symbols:
    """kallsyms, as the guest has sent it."""

    def __init__(self, packed):
        text = gzip.decompress(base64.b64decode(packed)).decode()
        table = sorted(self._entry(*line.split())
                       for line in text.splitlines())
        self.starts = [start for start, _ in table]
        self.functions = [function for _, function in table]

    @staticmethod
    def _entry(start, _kind, name, module=f"[{KERNEL}]"):
        return int(start, 16), (name, module.strip("[]"))

    def at(self, address):
        """(function, module); the nearest one that begins before it."""
        index = bisect.bisect_right(self.starts, address) - 1
        return self.functions[index] if index >= 0 else ("?", KERNEL)

    def address(self, name):
        """Where the kernel's own function of that name begins, or None."""
        if (name, KERNEL) not in self.functions:
            return None
        return self.starts[self.functions.index((name, KERNEL))]
