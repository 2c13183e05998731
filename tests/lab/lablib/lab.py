# SPDX-License-Identifier: GPL-2.0
"""One run: build what is needed, boot, watch, judge."""
import json
import os
import pathlib
import re
import secrets
import shutil
import socket
import subprocess
import sys
import tarfile
import threading
import time

from . import host, machine, qmp, report, stuck, terminal

HERE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
REPO = os.path.dirname(os.path.dirname(HERE))
CACHE = os.environ.get("LAB_CACHE",
                       os.path.expanduser("~/.cache/hv-netvsc-lab"))
RUN_SECONDS = 900
KEEP_RUNS = 60
LIFE_SECONDS = 30
# What the detectors of the debug kernel cost: waits are so many times as long.
SLOW = {"debug": 4, "tree": 4}
# MiB, where it is not 1536: KASAN takes an eighth of it, and an image of it has
# to be written.
MEMORY = {"debug": 2560, "tree": 2560}
MEMORY_WITH_SWAP = 768

SPLAT = re.compile(
    r"BUG:|WARNING:|Oops|Call Trace|general protection|Kernel panic|"
    r"possible (circular|recursive|irq)|suspicious RCU|rcu.*stall|"
    r"blocked for more than|refcount_t|KASAN|UBSAN|ref_tracker|"
    r"turning off the locking correctness|ODEBUG|"
    # Whether it is on, and what it finds, is up to guest/lab/detectors.
    r"kmemleak: (?!Kernel memory leak detector (initialized|disabled)|"
    r"\d+ new suspected)|"
    r"unregister_netdevice: waiting|sleeping function called")


class LabError(Exception):
    """The lab could not do what it was asked to."""


def progress(text):
    """One line about what goes on, with the time."""
    print(f"[{time.strftime('%H:%M:%S')}] {text}", file=sys.stderr,
          flush=True)


def steps_done():
    """How far ninja has come, by the log that it writes just now."""
    path = f"{CACHE}/qemu/build.log"
    try:
        if time.time() - os.path.getmtime(path) > LIFE_SECONDS:
            return ""
        with open(path, encoding="utf-8", errors="replace") as log:
            steps = re.findall(r"^\[\d+/\d+\]", log.read(), re.MULTILINE)
    except OSError:
        return ""
    return f", {steps[-1]}" if steps else ""


def tool(*command):
    """Run one of the lab's tools, with a sign of life now and then. Return
    the last line of its output."""
    name = os.path.basename(command[0])
    started = time.monotonic()
    with subprocess.Popen(command, stdout=subprocess.PIPE,
                          text=True) as process:
        while True:
            try:
                output, _ = process.communicate(timeout=LIFE_SECONDS)
                break
            except subprocess.TimeoutExpired:
                progress(f"{name} is at work, for "
                         f"{time.monotonic() - started:.0f} s so far"
                         f"{steps_done()}")
    if process.returncode:
        raise LabError(f"{name} failed, see above")
    return output.strip().splitlines()[-1]


def new_rundir(name):
    """A directory for all that a run leaves behind; the oldest ones go."""
    runs = f"{CACHE}/runs"
    os.makedirs(runs, exist_ok=True)
    for old in sorted(os.listdir(runs))[:-KEEP_RUNS]:
        shutil.rmtree(f"{runs}/{old}", ignore_errors=True)
    path = f"{runs}/{time.strftime('%Y%m%d-%H%M%S')}-{os.getpid()}-{name}"
    os.makedirs(path)
    return path


def vf_kind(args):
    """What the VF is, also for those who have not been asked."""
    kind = getattr(args, "vf", None) or machine.default_vf(args.kernel)
    if kind not in machine.VFS:
        raise LabError(f"no VF '{kind}': it is " + " or ".join(machine.VFS))
    if kind == "mana" and args.kernel in machine.WITHOUT_MANA:
        raise LabError(f"the kernel {args.kernel} has no driver for a MANA; "
                       "VF=vmxnet3 is what it can have")
    return kind


def make_disk(rundir, args, guest, modules):
    """The tar that the guest unpacks: scripts, modules, what to do."""
    token = "PASS-" + secrets.token_hex(8)
    settings = {"driver": args.driver, "kernel": args.kernel,
                "nics": args.nics, "vf": vf_kind(args), "token": token, "what": args.what,
                "name": os.path.basename(args.name or ""),
                "slow": SLOW.get(args.kernel, 1), **terminal.size()}
    with open(f"{rundir}/settings.json", "w", encoding="utf-8") as out:
        json.dump(settings, out)
    path = f"{rundir}/disk.tar"
    with tarfile.open(path, "w") as tar:
        for name in sorted(os.listdir(f"{HERE}/guest/lab")):
            tar.add(f"{HERE}/guest/lab/{name}", name)
        tar.add(f"{HERE}/scenarios", "scenarios")
        tar.add(f"{REPO}/scripts/netvsc-report", "netvsc-report")
        for name in ("udev", "networkd"):
            tar.add(f"{REPO}/packaging/{name}", name)
        tar.add(f"{rundir}/settings.json", "settings.json")
        for module in modules:
            tar.add(module, os.path.basename(module))
        if args.what == "script":
            tar.add(args.name, "user-script")
        for name, source in getattr(args, "files", {}).items():
            tar.add(source, name)
        if getattr(args, "reboots", False):
            # QEMU is who boots a guest: it has no kernel of its own to kexec.
            for name in ("vmlinuz", "initrd.img"):
                tar.add(os.path.realpath(f"{guest}/{name}"), name)
    # virtio-blk counts in sectors.
    with open(path, "ab") as out:
        out.truncate((out.tell() + 4095) // 4096 * 4096)
    return path, token


class Output:
    """What the guest prints, shown and kept as it comes."""

    def __init__(self, sock, rundir, quiet):
        self.lines = []
        self.status = None
        self.file = sock.makefile("r", encoding="utf-8", errors="replace")
        self.log = open(f"{rundir}/output.log", "w", encoding="utf-8")
        self.quiet = quiet
        self.thread = threading.Thread(target=self._read, daemon=True)
        self.thread.start()

    def _read(self):
        for line in self.file:
            line = line.rstrip("\r\n")
            self.log.write(line + "\n")
            self.log.flush()
            if line.startswith("LAB-EXIT "):
                self.status = int(line.split()[1])
            if self.status is not None:
                continue
            self.lines.append(line)
            if not line.startswith(("PASS-", report.PREFIX)):
                self.show(line)

    def show(self, line):
        """A line of the guest's."""
        if not self.quiet:
            print(line, flush=True)


def connect(path, process):
    """A socket that QEMU makes when it gets to it."""
    end = time.monotonic() + 20
    while True:
        sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            sock.connect(path)
            return sock
        except OSError:
            sock.close()
            if process.poll() is not None or time.monotonic() > end:
                raise LabError("QEMU did not start; see qemu.log") from None
            time.sleep(0.05)


def splats(rundir):
    """Lines of the kernel's log that no run may have."""
    with open(f"{HERE}/benign-lines.txt", encoding="utf-8") as known:
        benign = [line.strip() for line in known
                  if line.strip() and not line.startswith("#")]
    with open(f"{rundir}/console.log", encoding="utf-8",
              errors="replace") as log:
        return [line.strip() for line in log if SPLAT.search(line) and
                not any(text in line for text in benign)]


def judge(args, rundir, output, token, server, qemu_status):
    """Why the run failed, or None."""
    errors = server.protocol_errors(args.nics)
    bad = splats(rundir)
    if bad:
        return "kernel log: " + bad[0]
    if qemu_status:
        return f"QEMU ended with {qemu_status}; see qemu.log"
    if output.status is None:
        return "the guest ended without a word; see console.log"
    if args.what == "scenario" and token not in output.lines:
        said = [line for line in output.lines if line.startswith("FAIL: ")]
        return (f"{said[-1] if said else 'no token'}; "
                f"exit status {output.status}")
    if args.what != "shell" and output.status:
        return f"exit status {output.status}"
    if errors > server.allowed_errors:
        return f"{errors} protocol errors by the guest; see nic*.jsonl"
    return None


def wait(process, args, client, rundir):
    """Until the guest is done. One that is not in time says what it is at."""
    seconds = RUN_SECONDS * SLOW.get(args.kernel, 1)
    end = time.monotonic() + seconds
    while process.poll() is None:
        if time.monotonic() > end and args.what != "shell":
            progress(stuck.ask(client))
            process.kill()
            print("\n".join(stuck.account(rundir)), file=sys.stderr)
            raise LabError(f"not done after {seconds} s; what it was at: "
                           f"above, and {rundir}/console.log")
        time.sleep(0.5)


def listen(args, rundir, sock, process):
    """What takes the guest's output: the user's terminal or a log."""
    if args.what == "shell":
        return terminal.Terminal(sock, rundir, process)
    return Output(sock, rundir, args.quiet)


def boot(args, rundir, guest, qemu, disk, token, listener=listen):
    """Boot and watch. Return why it failed, or None; and the status."""
    swap = getattr(args, "swap", False)
    process = machine.start(qemu, guest, rundir, disk, args.nics,
                            MEMORY_WITH_SWAP if swap else
                            MEMORY.get(args.kernel, 1536),
                            getattr(args, "reboots", False), swap,
                            getattr(args, "append", ""),
                            getattr(args, "plugin", ""),
                            getattr(args, "cpus", 2))
    try:
        client = qmp.QMP(connect(f"{rundir}/qmp.sock", process))
        server = host.Host(connect(f"{rundir}/ctl.sock", process), client,
                           rundir, vf_kind(args))
        output = listener(args, rundir,
                          connect(f"{rundir}/out.sock", process), process)
        wait(process, args, client, rundir)
        output.thread.join(5)
    finally:
        if process.poll() is None:
            process.kill()
        # A guest's memory is too much to be kept with every run.
        pathlib.Path(f"{rundir}/swap.raw").unlink(missing_ok=True)
    report.keep(rundir, output.lines, vars(args))
    failure = judge(args, rundir, output, token, server, process.returncode)
    return failure, output.status


def needs(scenario):
    """What a scenario's header asks of the lab: lab: nics=2 reboots=yes
    modules=lab_vf, swap=yes for a disk to hibernate to, cpus=4, vf=mana for a
    VF of that kind alone, vmbus=3.0 for an older bus, bounce=yes for a DMA
    API that copies everything, and append=... for the kernel's command line"""
    try:
        with open(f"{HERE}/scenarios/{scenario}", encoding="utf-8") as text:
            found = re.search(r"^# lab: (.*)$", text.read(), re.MULTILINE)
    except OSError as error:
        raise LabError(f"no scenario {scenario}; there are: " +
                       " ".join(sorted(os.listdir(f"{HERE}/scenarios")))
                       ) from error
    return dict(word.split("=", 1) for word in found[1].split()) if found else {}


def command_line(args, wanted):
    """What the guest's kernel is told besides."""
    words = [wanted.get("append")]
    words.append(args.no_kmemleak and "kmemleak=off")
    words.append(wanted.get("swap") == "yes" and "hibernate=nocompress")
    words.append(wanted.get("bounce") == "yes" and "swiotlb=force")
    words.append(args.kernel == "tree" and "kunit.enable=0")
    return " ".join(filter(None, words))


def run(args):
    """Do what the command line asks for. Return the exit status."""
    packages = args.packages.split()
    modules = ["hv_netvsc"] if args.driver == "ours" else []
    if args.kernel == "tree":
        if args.driver != "ours":
            raise LabError("the kernel 'tree' has our driver built in")
        modules = []
    wanted = {}
    if args.what == "scenario":
        wanted = needs(args.name)
        args.nics = max(args.nics, int(wanted.get("nics", 1)))
        args.reboots = wanted.get("reboots") == "yes"
        args.swap = wanted.get("swap") == "yes"
        args.cpus = int(wanted.get("cpus", 2))
        args.vf = wanted.get("vf", args.vf)
        if "vmbus" in wanted:
            os.environ["LAB_VMBUS"] = wanted["vmbus"]
        packages += wanted.get("packages", "").split()
        modules += wanted.get("modules", "").split()
    args.vf = vf_kind(args)
    args.append = command_line(args, wanted)
    name = os.path.basename(args.name or "shell")
    rundir = new_rundir(f"{name}-{args.driver}-{args.kernel}")
    qemu = tool(f"{REPO}/tests/host/build-qemu")
    guest = tool(f"{HERE}/guest-image", args.kernel)
    if packages:
        guest = tool(f"{HERE}/guest-packages", args.kernel, *packages)
    modules = [tool(f"{HERE}/build-module", args.kernel, name)
               for name in modules]
    disk, token = make_disk(rundir, args, guest, modules)
    accel, why = machine.accelerator()
    progress(f"{args.what} {name}, driver {args.driver}, kernel "
             f"{args.kernel}, VF {args.vf}, {accel} ({why}); logs: {rundir}")
    started = time.monotonic()
    failure, status = boot(args, rundir, guest, qemu, disk, token)
    took = time.monotonic() - started
    if failure:
        progress(f"FAILED after {took:.0f} s: {failure}; logs: {rundir}")
        return (args.what == "script" and status) or 1
    progress(f"passed in {took:.0f} s; logs: {rundir}")
    return 0
