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
# The last thing that a guest writes, or its beginning. Whatever else follows
# shows that the shell had only written something alike.
END = re.compile(rb"(?:^|\n)(?:LAB-EXIT (\d+)\r?\n[Powering f.\r\n]*|"
                 rb"L[AB\-EXIT\d\r ]*)$")
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
        saved = os.isatty(keyboard) and termios.tcgetattr(keyboard)
        try:
            self._relay(keyboard)
        finally:
            if saved:
                termios.tcsetattr(keyboard, termios.TCSADRAIN, saved)

    def _relay(self, keyboard):
        # Keys that come before the shell would get lost; until then the
        # terminal is the user's, who may want to interrupt the runner.
        sources = [self.sock.fileno()]
        while True:
            ready, _, _ = select.select(sources, [], [])
            if self.sock.fileno() in ready:
                data = self.sock.recv(4096)
                self._show(data)
                if not data:
                    return
                if PROMPT in data and not self.prompted:
                    self.prompted = True
                    sources.append(keyboard)
                    if os.isatty(keyboard):
                        tty.setraw(keyboard)
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
            self.process.terminate()
            return False
        self.sock.sendall(data)
        return True

    def _show(self, data):
        """Write all but the exit status; no data: that was all."""
        self.log.write(data)
        self.log.flush()
        self.pending += data
        end = END.search(self.pending)
        if end and not data and end.group(1):
            self.status = int(end.group(1))
        done = end.start() if end else len(self.pending)
        self._write(self.pending[:done] + (b"" if data else b"\r\n"))
        self.pending = self.pending[done:]

    @staticmethod
    def _write(data):
        sys.stdout.buffer.write(data)
        sys.stdout.flush()
