# SPDX-License-Identifier: GPL-2.0
"""One guest boots, is saved, and goes on once for each module.

So that no mutant meets what another one has left behind, and none pays for a
boot. A mutant may crash its copy, or hang it.
"""
import hashlib
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

from . import modules

sys.path.insert(0, str(modules.TOP / "tests/lab"))

from lablib import qmp                      # noqa: E402
from lablib.machine import die_with_runner  # noqa: E402

# Nothing that comes after one of these can make it good.
NOTICED = re.compile(
    r"# \w+: (?:EXPECTATION|ASSERTION) FAILED|not ok \d+ \w+|BUG:|KASAN|UBSAN|"
    r"Call Trace|possible circular|WARNING:|unregister_netdevice: waiting")
BOOT_SECONDS = 300
DISK_BYTES = 16 << 20


def initramfs(path):
    """busybox and the script."""
    with tempfile.TemporaryDirectory() as tree:
        for name in ("bin", "proc", "sys", "dev"):
            os.mkdir(f"{tree}/{name}")
        shutil.copy("/bin/busybox", f"{tree}/bin/busybox")
        shutil.copy(modules.TOP / "tests/mutants/init", f"{tree}/init")
        os.chmod(f"{tree}/init", 0o755)
        with open(path, "wb") as out:
            names = subprocess.run(["find", ".", "-print0"], cwd=tree,
                                   stdout=subprocess.PIPE, check=True).stdout
            subprocess.run(["cpio", "--quiet", "-o0", "-H", "newc"],
                           cwd=tree, input=names, stdout=out, check=True)


class Guest:
    """A copy of the guest, or, without @saved, the one to be saved."""

    def __init__(self, base, disk, log, saved=None):
        self.log = log
        self.socket = f"{log}.qmp"
        command = [
            base.qemu, "-L", base.firmware, "-accel", "tcg",
            "-cpu", "max,la57=off", "-M", "q35", "-m", "512", "-smp", "2",
            "-nodefaults", "-display", "none", "-no-reboot",
            "-serial", "stdio", "-qmp", f"unix:{self.socket},server=on,wait=off",
            "-kernel", base.kernel, "-initrd", base.initrd,
            "-append", "console=ttyS0 panic=-1 loglevel=7 "
            "swiotlb=4096,force",
            "-drive", f"file={disk},format=raw,if=none,id=d0,read-only=on",
            "-device", "virtio-blk-pci,drive=d0",
        ]
        if saved:
            command += ["-incoming", f"exec:cat {saved}"]
        with open(log, "wb") as out:
            self.process = subprocess.Popen(
                [str(word) for word in command], stdin=subprocess.PIPE,
                stdout=out, stderr=subprocess.STDOUT,
                preexec_fn=die_with_runner)

    def text(self):
        """What it has said so far."""
        return pathlib.Path(self.log).read_text(encoding="utf-8",
                                                errors="replace")

    def wait(self, what, seconds, enough=None):
        """Until it says something, or ends, or says @enough."""
        end = time.monotonic() + seconds
        while time.monotonic() < end and self.process.poll() is None:
            text = self.text()
            if what in text or (enough and enough.search(text)):
                break
            time.sleep(0.1)
        return what in self.text()

    def monitor(self):
        """QEMU's own."""
        sock = socket.socket(socket.AF_UNIX)
        while True:
            try:
                sock.connect(self.socket)
                return qmp.QMP(sock)
            except OSError:
                if self.process.poll() is not None:
                    raise
                time.sleep(0.05)

    def save(self, path):
        """Its memory goes into a file."""
        monitor = self.monitor()
        monitor.command("migrate", uri=f"exec:cat > {path}")
        while monitor.command("query-migrate").get("status") != "completed":
            time.sleep(0.1)

    def go_on(self):
        """The line for which it waits; a guest that is not back loses it."""
        monitor = self.monitor()
        while monitor.command("query-status")["status"] == "inmigrate":
            time.sleep(0.1)
        self.process.stdin.write(b"\n")
        self.process.stdin.flush()

    def end(self):
        """For good."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self.process.stdin.close()
        pathlib.Path(self.socket).unlink(missing_ok=True)


class Base:
    """The saved guest: booted once for a kernel and a QEMU."""

    def __init__(self, kernel):
        done = subprocess.run([modules.TOP / "tests/host/build-qemu"],
                              stdout=subprocess.PIPE, text=True, check=True)
        self.qemu = done.stdout.splitlines()[-1]
        self.firmware = modules.CACHE / "qemu/firmware"
        self.kernel = next((kernel / "boot").glob("vmlinuz-*"))
        self.dir = modules.CACHE / "mutants/guest"
        self.initrd = self.dir / "initrd.img"
        self.saved = self.dir / "saved"
        stamp = self.stamp()
        old = self.dir / "stamp"
        if old.exists() and old.read_text(encoding="utf-8") == stamp:
            return
        shutil.rmtree(self.dir, ignore_errors=True)
        self.dir.mkdir(parents=True)
        initramfs(self.initrd)
        self.boot()
        old.write_text(stamp, encoding="utf-8")

    def stamp(self):
        """Of all that is in what is saved."""
        digest = hashlib.sha256()
        for path in (self.qemu, self.kernel, __file__, "/bin/busybox",
                     modules.TOP / "tests/mutants/init"):
            digest.update(pathlib.Path(path).read_bytes())
        return digest.hexdigest()

    def boot(self):
        """Up to where it waits for a line."""
        empty = self.dir / "empty.img"
        with open(empty, "wb") as image:
            image.truncate(DISK_BYTES)
        guest = Guest(self, empty, self.dir / "boot.log")
        try:
            if not guest.wait("GUEST-WAITS", BOOT_SECONDS):
                raise RuntimeError(f"the guest does not boot; see {guest.log}")
            guest.save(self.saved)
        finally:
            guest.end()

    def run(self, name, test, seconds, enough=NOTICED):
        """Load a module. Return: None if its test passed, else why not."""
        disk = self.dir / f"{name}.img"
        modules.disk(name, test, disk)
        guest = Guest(self, disk, self.dir / f"{name}.log", self.saved)
        try:
            guest.go_on()
            ended = guest.wait("GUEST-ENDS", seconds, enough)
        finally:
            guest.end()
            disk.unlink()
        return verdict(guest.text(), ended)


def verdict(log, ended):
    """Of a test. None: it passed."""
    failed = re.findall(r"# (\w+): (?:EXPECTATION|ASSERTION) FAILED", log)
    noticed = NOTICED.search(log)
    if failed:
        return failed[0]
    if noticed:
        return noticed[0]
    if not ended:
        return "it does not end"
    if not re.search(r"\] ok \d+ hv_netvsc_\w+", log):
        return "no test ran"
    return None
