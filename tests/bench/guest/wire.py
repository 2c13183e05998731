# SPDX-License-Identifier: GPL-2.0
"""The two ends of the wire: interfaces, addresses, and whose CPU they are on."""
import contextlib
import ctypes
import glob
import json
import os
import re
import subprocess

MEASURED_CPU, PEER_CPU = 0, 1
PEER = "10.77.0.1"
PEER_MAC = "52:54:00:00:01:00"
# Nobody has this MAC: the peer's NIC filters what is sent there.
NOBODY = "10.77.0.250"
NOBODY_MAC = "02:00:00:00:00:fa"
CLONE_NEWNET = 0x40000000


class WireError(Exception):
    """The wire is not as it has to be."""


def run(*command):
    """What a command prints."""
    return subprocess.run(command, check=True, text=True,
                          stdout=subprocess.PIPE).stdout


def ip(netns, *words):
    """The command ip in a network namespace; None: in ours."""
    return run("ip", *(("-n", netns) if netns else ()), *words)


def enter(path):
    """This process goes to that network namespace."""
    libc = ctypes.CDLL(None, use_errno=True)
    with open(path, "rb") as there:
        if libc.setns(there.fileno(), CLONE_NEWNET):
            raise OSError(ctypes.get_errno(), f"setns to {path}")


@contextlib.contextmanager
def namespace(name):
    """Sockets that are made in here belong to that network namespace, for good;
    None: to ours."""
    if name:
        enter(f"/run/netns/{name}")
    yield
    enter("/proc/1/ns/net")


def interface(side):
    """Network namespace and name of what a side sends from."""
    if side == "peer":
        return "peer", "peer0"
    if side == "bare":
        return None, os.path.basename(
            glob.glob(f"/sys/bus/pci/drivers/{os.environ['LAB_VF']}/*/net/*")[0])
    return None, "eth0"


def address(netns, name):
    """Its IPv4 address."""
    return re.search(r"inet ([0-9.]+)", ip(netns, "-4", "-o", "addr", "show",
                                           "dev", name))[1]


def frames(netns, name, way):
    """How many it has sent ("tx") or received ("rx")."""
    links = json.loads(ip(netns, "-j", "-s", "link", "show", "dev", name))
    return links[0]["stats64"][way]["packets"]


def sent_again(netns):
    """How many segments TCP has sent once more."""
    with namespace(netns), open("/proc/thread-self/net/snmp",
                                encoding="ascii") as file:
        names, values = (line.split() for line in file
                         if line.startswith("Tcp:"))
    return int(values[names.index("RetransSegs")])


def know_each_other(netns, name):
    """No frame is to wait for ARP."""
    for there, mac in ((NOBODY, NOBODY_MAC), (PEER, PEER_MAC)):
        if netns != "peer" or there != PEER:
            ip(netns, "neigh", "replace", there, "lladdr", mac, "dev", name,
               "nud", "permanent")
    if netns != "peer":
        with open(f"/sys/class/net/{name}/address", encoding="ascii") as mac:
            ip("peer", "neigh", "replace", address(netns, name), "lladdr",
               mac.read().strip(), "dev", "peer0", "nud", "permanent")


def place_interrupts(side):
    """Those of the NIC that is measured on its CPU, the others elsewhere."""
    with open("/proc/interrupts", encoding="ascii") as table:
        lines = re.findall(r"^ *(\d+):.*?(\S+)$", table.read(), re.MULTILINE)
    for number, name in lines:
        elsewhere = "virtio" in name and not (
            side == "peer" and re.search(r"-(input|output)\.", name))
        # Some that are no NIC's cannot be moved.
        with contextlib.suppress(OSError), \
                open(f"/proc/irq/{number}/smp_affinity_list", "w",
                     encoding="ascii") as affinity:
            affinity.write(str(PEER_CPU if elsewhere else MEASURED_CPU))


def clear_cpu():
    """All that may run elsewhere does: udev and others are busy for a while
    after a NIC has come."""
    for path in glob.glob("/proc/[0-9]*/task/[0-9]*"):
        # Some have gone meanwhile, and some threads of the kernel are bound.
        with contextlib.suppress(OSError):
            os.sched_setaffinity(int(os.path.basename(path)), {PEER_CPU})


def check_channel(side, name):
    """A channel's interrupt cannot be moved on this VMBus: is it there?"""
    paths = glob.glob(f"/sys/class/net/{name}/device/channels/*/cpu")
    if side in ("synthetic", "vf") and not paths:
        raise WireError(f"{name} has no channel")
    for path in paths:
        with open(path, encoding="ascii") as cpu:
            at = int(cpu.read())
        if at != MEASURED_CPU:
            raise WireError(f"{path}: the channel interrupts CPU {at}, and "
                            f"CPU {MEASURED_CPU} is what is measured")
