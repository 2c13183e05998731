# SPDX-License-Identifier: GPL-2.0
"""What was done to the machine from outside, beside the NIC's event log."""
import json
import threading
import time

# Questions that change nothing.
SILENT = ("clock", "counters", "events", "rules")


class HostLog:
    """host.jsonl of a run; its clock is that of QEMU's event logs."""

    def __init__(self, rundir):
        self.file = open(f"{rundir}/host.jsonl", "w", encoding="utf-8")
        self.lock = threading.Lock()

    def _write(self, **entry):
        with self.lock:
            self.file.write(json.dumps({"t": time.monotonic_ns(), **entry}) +
                            "\n")
            self.file.flush()

    def action(self, words):
        """The guest has asked for something."""
        if words and words[0] not in SILENT:
            self._write(action=words)

    def event(self, message):
        """QEMU has told something about a device."""
        device = message.get("data", {}).get("device")
        if device:
            self._write(event=message["event"], device=device)
