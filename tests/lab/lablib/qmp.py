# SPDX-License-Identifier: GPL-2.0
"""QEMU's machine protocol, as much of it as the lab needs."""
import json
import queue
import threading
import time


class QMPError(Exception):
    """QEMU refused a command, or is gone."""


class QMP:
    """One connection. Replies are for whoever asked, events are kept."""

    def __init__(self, sock):
        self.file = sock.makefile("rw")
        self.replies = queue.Queue()
        self.events = []
        self.changed = threading.Condition()
        self.lock = threading.Lock()
        self.watch = None
        self.file.readline()
        threading.Thread(target=self._read, daemon=True).start()
        self.command("qmp_capabilities")

    def _read(self):
        try:
            for line in self.file:
                message = json.loads(line)
                if "event" in message:
                    if self.watch:
                        self.watch(message)
                    with self.changed:
                        self.events.append(message)
                        self.changed.notify_all()
                else:
                    self.replies.put(message)
        except (OSError, ValueError):
            pass
        self.replies.put({"error": {"desc": "QEMU is gone"}})

    def command(self, name, /, **arguments):
        """The value that QEMU returns."""
        with self.lock:
            request = {"execute": name, "arguments": arguments}
            try:
                self.file.write(json.dumps(request) + "\n")
                self.file.flush()
                reply = self.replies.get(timeout=60)
            except (OSError, queue.Empty):
                raise QMPError("QEMU does not answer") from None
        if "error" in reply:
            raise QMPError(reply["error"]["desc"])
        return reply["return"]

    def forget(self, name):
        """What there was of this event so far."""
        with self.changed:
            self.events = [event for event in self.events
                           if event["event"] != name]

    def wait_event(self, name, device, timeout):
        """Until the event has come for the device; it is used up then."""
        end = time.monotonic() + timeout
        with self.changed:
            while True:
                for event in self.events:
                    if (event["event"] == name and
                            event["data"].get("device") == device):
                        self.events.remove(event)
                        return
                left = end - time.monotonic()
                if left <= 0:
                    raise QMPError(f"no {name} of {device} in {timeout} s")
                self.changed.wait(left)

