# SPDX-License-Identifier: GPL-2.0
"""The user's terminal, connected to the shell in the guest."""
import os
import re
import select
import shutil
import sys
import termios
import threading
import tty

QUIT = b"\x1d"
END_OF_FILE = b"\x04"
MARKER = b"LAB-EXIT "
EXIT = re.compile(rb"(?:^|\n)LAB-EXIT (\d+)\r?\n")
PROMPT = b"# "


def size():
    """Of the user's terminal, for the guest's."""
    columns, rows = shutil.get_terminal_size()
    return {"rows": rows, "columns": columns,
            "term": os.environ.get("TERM", "dumb")}


class Terminal:
    """Keys go in, what the guest writes comes out, until the shell ends."""

    def __init__(self, sock, rundir, process):
        self.sock = sock
        self.process = process
        self.lines = []
        self.status = None
        self.prompted = False
        self.pending = b""
        self.log = open(f"{rundir}/output.log", "wb")
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()

    def _run(self):
        keyboard = sys.stdin.fileno()
        saved = None
        if os.isatty(keyboard):
            saved = termios.tcgetattr(keyboard)
            tty.setraw(keyboard)
        try:
            self._relay(keyboard)
        finally:
            if saved:
                termios.tcsetattr(keyboard, termios.TCSADRAIN, saved)

    def _relay(self, keyboard):
        # Keys that come before the shell would get lost.
        sources = [self.sock.fileno()]
        while True:
            ready, _, _ = select.select(sources, [], [])
            if self.sock.fileno() in ready:
                data = self.sock.recv(4096)
                if not data or not self._show(data):
                    return
                if PROMPT in data and not self.prompted:
                    self.prompted = True
                    sources.append(keyboard)
            if keyboard in ready and not self._keys(keyboard, sources):
                return

    def _keys(self, keyboard, sources):
        """Pass on what was typed. False when the user wants to leave."""
        data = os.read(keyboard, 1024)
        if not data:
            sources.remove(keyboard)
            data = END_OF_FILE
        if QUIT in data:
            self.status = 0
            self.process.kill()
            return False
        self.sock.sendall(data)
        return True

    def _show(self, data):
        """Write all but the exit status. False when that has come."""
        self.log.write(data)
        self.log.flush()
        self.pending += data
        end = EXIT.search(self.pending)
        if end:
            self.status = int(end.group(1))
            self._write(self.pending[:end.start()] + b"\r\n")
            return False
        # The last line may be the beginning of the exit status.
        last = self.pending.rpartition(b"\n")[2]
        keep = len(last) if last and (MARKER.startswith(last) or
                                      last.startswith(MARKER)) else 0
        done = len(self.pending) - keep
        self._write(self.pending[:done])
        self.pending = self.pending[done:]
        return True

    @staticmethod
    def _write(data):
        sys.stdout.buffer.write(data)
        sys.stdout.flush()
