# SPDX-License-Identifier: GPL-2.0
"""A machine with a disk of its own, booted again and again: what its kernel,
its initramfs and dkms make of the package. Each boot is one of life/boots."""
import os
import pathlib
import re
import shutil
import subprocess
import tarfile

from . import lab, machine

BOOT_SECONDS = 2400
SHIM = "a Secure Boot, by shim"


def disk_files(disk, directory):
    """The names in a directory of the disk."""
    listing = subprocess.run(["debugfs", "-R", f"ls -p {directory}", disk],
                             check=True, capture_output=True, text=True)
    return [line.split("/")[5] for line in listing.stdout.splitlines()
            if line.count("/") > 5]


def take(disk, path, to):
    """Copy a file out of the disk."""
    subprocess.run(["debugfs", "-R", f"dump {path} {to}", disk], check=True,
                   stderr=subprocess.DEVNULL)


def newest_kernel(disk):
    """The release that a boot loader would take."""
    found = [name[8:] for name in disk_files(disk, "/boot")
             if name.startswith("vmlinuz-")]
    return max(found, key=lambda name: [int(number) for number in
                                        re.findall(r"\d+", name)[:3]])


class Life:
    """One machine: its disk, and the variables of its firmware."""

    def __init__(self, image, qemu, rundir):
        self.image, self.qemu, self.rundir = image, qemu, rundir
        self.disk = f"{rundir}/root.raw"
        self.first = pathlib.Path(f"{image}/release").read_text("ascii")
        self.new_disk()

    def new_disk(self):
        """As it was made: nothing has been installed yet."""
        subprocess.run(["cp", "--sparse=always", f"{self.image}/root.raw",
                        self.disk], check=True)
        shutil.copy(f"{self.image}/OVMF_VARS.fd", f"{self.rundir}/vars.fd")

    def orders(self, name):
        """The tar that says what is to be done in this boot."""
        path = f"{self.rundir}/orders.tar"
        with tarfile.open(path, "w") as tar:
            tar.add(f"{lab.HERE}/life/boots/{name}", "boot")
            tar.add(f"{lab.HERE}/life/functions", "functions")
            tar.add(f"{self.image}/release", "release")
        with open(path, "ab") as out:
            out.truncate((out.tell() + 4095) // 4096 * 4096)
        return path

    def firmware(self, secure):
        """SeaBIOS, or Microsoft's keys, and shim ahead of the kernel."""
        if not secure:
            return ["-M", "q35"]
        return ["-M", "q35,smm=on",
                "-global", "driver=cfi.pflash01,property=secure,value=on",
                "-drive", "if=pflash,unit=0,format=raw,readonly=on,"
                          f"file={self.image}/OVMF_CODE.fd",
                "-drive", "if=pflash,unit=1,format=raw,"
                          f"file={self.rundir}/vars.fd",
                "-shim", f"{self.image}/shimx64.efi"]

    def command(self, name, secure):
        """QEMU's command line."""
        release = newest_kernel(self.disk)
        for what in "vmlinuz-", "initrd.img-":
            take(self.disk, f"/boot/{what}{release}",
                 f"{self.rundir}/{what.rstrip('-')}")
        run = self.rundir
        return [
            self.qemu, "-L", f"{lab.CACHE}/qemu/firmware",
            *machine.processor(machine.accelerator()[0]),
            *self.firmware(secure), "-smp", "2", "-m", "2048",
            "-nodefaults", "-display", "none", "-no-reboot",
            "-kernel", f"{run}/vmlinuz", "-initrd", f"{run}/initrd.img",
            "-append", "root=/dev/vda rw console=ttyS0 panic=-1 net.ifnames=1 "
                       "loglevel=7 systemd.show_status=0" +
                       (" module.sig_enforce=1" if secure else ""),
            "-drive", f"file={self.disk},format=raw,if=none,id=d0,"
                      "cache=unsafe", "-device", "virtio-blk-pci,drive=d0",
            "-drive", f"file={self.orders(name)},format=raw,if=none,id=d1,"
                      "read-only=on", "-device", "virtio-blk-pci,drive=d1",
            "-device", "vmbus-bridge", *machine.nic(0, run),
            "-serial", f"file:{run}/{name}-console.log",
            "-serial", f"file:{run}/{name}-output.log"]

    def boot(self, name, secure=False):
        """Boot, wait, and show what the guest says. Raise if it is not well."""
        lab.progress(f"boot {name}" + (f": {SHIM}" if secure else ""))
        output = pathlib.Path(f"{self.rundir}/{name}-output.log")
        log = open(f"{self.rundir}/{name}-qemu.log", "w", encoding="utf-8")
        with log, subprocess.Popen(
                self.command(name, secure), stdin=subprocess.DEVNULL,
                stdout=log, stderr=log,
                preexec_fn=machine.die_with_runner) as process:
            try:
                process.wait(BOOT_SECONDS)
            except subprocess.TimeoutExpired as error:
                process.kill()
                raise lab.LabError(f"boot {name} is not done after "
                                   f"{BOOT_SECONDS} s; see "
                                   f"{self.rundir}/{name}-*.log") from error
        said = output.read_text(encoding="utf-8", errors="replace")
        print(*("    " + line for line in said.splitlines()), sep="\n",
              flush=True)
        if "LIFE-EXIT 0" not in said:
            raise lab.LabError(f"boot {name}; see {self.rundir}/{name}-*.log")

    def enrol(self):
        """Give the firmware the key of dkms, as MokManager does."""
        key = f"{self.rundir}/mok.pub"
        take(self.disk, "/var/lib/dkms/mok.pub", key)
        lab.tool(f"{lab.HERE}/mok", f"{self.rundir}/vars.fd", key)


BOOTS = ["1-install", "2-upgrade", "3-remove", "4-back", "5-refused",
         "6-enrolled", "7-signed", "8-enforced"]
SECURE = BOOTS[4:]


def run(names):
    """These boots, or all, one after the other."""
    deb = lab.tool(f"{lab.REPO}/packaging/deb")
    qemu = lab.tool(f"{lab.REPO}/tests/host/build-qemu")
    image = lab.tool(f"{lab.HERE}/life-image", deb)
    rundir = lab.new_rundir("dkms-life")
    life = Life(image, qemu, rundir)
    lab.progress("each boot takes one to six minutes, all of them half an hour; "
                 f"logs: {rundir}")
    try:
        for name in names or BOOTS:
            if name == "5-refused":
                life.new_disk()
            if name == "6-enrolled":
                life.enrol()
            life.boot(name, name in SECURE)
    finally:
        os.unlink(life.disk)
