# SPDX-License-Identifier: GPL-2.0
"""A guest that is not done in time: what it was at."""
import re
import time

from . import qmp

LAST_LINES = 8
SYSRQ_SECONDS = 5
# Headings of what SysRq prints: l, a CPU; w, a task that sleeps for good.
FIRST = re.compile(r"sysrq: Show (backtrace|Blocked)")


def press(client, key):
    """Alt-SysRq-key, on the guest's keyboard."""
    client.command("send-key", keys=[{"type": "qcode", "data": name}
                                     for name in ("alt", "sysrq", key)])


def ask(client):
    """Let the kernel say where its CPUs are and which tasks are blocked.
    Return what became of it."""
    try:
        for key in "lw":
            press(client, key)
            time.sleep(SYSRQ_SECONDS)
    except qmp.QMPError as error:
        return f"SysRq: {error}"
    return "the kernel's answer to SysRq, and the last lines of the guest:"


def account(rundir):
    """What the kernel has said since it was asked, and the last lines of the
    guest's output: at the end, where a tail of the log has them, too."""
    with open(f"{rundir}/output.log", encoding="utf-8") as out:
        said = out.read().splitlines()[-LAST_LINES:]
    with open(f"{rundir}/console.log", encoding="utf-8",
              errors="replace") as log:
        lines = log.read().splitlines()
    start = next((i for i, line in enumerate(lines) if FIRST.search(line)),
                 max(len(lines) - LAST_LINES, 0))
    return lines[start:] + said
