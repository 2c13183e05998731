# SPDX-License-Identifier: GPL-2.0
"""The virtual machine: how QEMU is started, and what is plugged into it."""
import ctypes
import fcntl
import json
import os
import signal
import subprocess

PR_SET_PDEATHSIG = 1
KVM_CHECK_EXTENSION = 0xAE03
KVM_CAP_HYPERV_SYNIC2 = 148
KVM_CAP_HYPERV_VP_INDEX = 149

# One NIC: its synthetic side, the VF's slots, the peer at the other end. The
# second slot is for a VF that returns with another serial.
MAC = "00:0d:3a:00:01:0{}"
PEER_MAC = "52:54:00:00:01:0{}"
INSTANCE = "000d3a00-010{0}-000d-3a00-010{0}000d3a00"
FIRST_SLOT = 2
OTHER_SLOT = 8

# What a VF can be, and the kernels that have no driver for a MANA.
VFS = ("mana", "vmxnet3")
WITHOUT_MANA = ("5.10",)


def default_vf(kernel):
    """What the VF is unless somebody says so."""
    return os.environ.get("LAB_VF") or \
        ("vmxnet3" if kernel in WITHOUT_MANA else "mana")


def accelerator():
    """What runs the guest, and why."""
    try:
        with open("/dev/kvm", "rb+", buffering=0) as kvm:
            for cap in (KVM_CAP_HYPERV_SYNIC2, KVM_CAP_HYPERV_VP_INDEX):
                if fcntl.ioctl(kvm, KVM_CHECK_EXTENSION,
                               ctypes.c_int(cap)) <= 0:
                    return "tcg", "/dev/kvm knows no Hyper-V SynIC"
        return "kvm", "/dev/kvm has the Hyper-V capabilities"
    except OSError as error:
        return "tcg", f"/dev/kvm: {error.strerror}"


def root_port(slot):
    """What a slot is: the guest calls it by its number."""
    return f"pcie-root-port,id=rp{slot},slot={slot},chassis={slot}"


def nic(index, rundir):
    """The netdevs and devices of one NIC: an uplink hub and a VF hub."""
    up, vf = 2 * index, 2 * index + 1
    slot = FIRST_SLOT + index
    return [
        "-netdev", f"hubport,id=up{index},hubid={up}",
        "-netdev", f"hubport,id=peer{index},hubid={up}",
        "-netdev", f"hubport,id=vfport{index},hubid={vf}",
        "-netdev", f"hubport,id=vfnic{index},hubid={vf}",
        "-device", f"virtio-net-pci,netdev=peer{index},romfile=,"
                   f"mac={PEER_MAC.format(index)}",
        "-device", root_port(slot),
        # Behind all that has no address of its own: no name is to change.
        "-device", root_port(slot + OTHER_SLOT) + f",addr={0x10 + index:#x}",
        "-device", json.dumps(hv_nic(index, rundir)),
    ]


def hv_nic(index, rundir):
    """The synthetic side, as device_add takes it, too."""
    return {"driver": "hv-netvsp", "id": f"nic{index}",
            "instanceid": INSTANCE.format(index), "mac": MAC.format(index),
            "netdev": f"up{index}", "vf-netdev": f"vfport{index}",
            "serial": FIRST_SLOT + index,
            "event-log": f"{rundir}/nic{index}.jsonl"}


def vf(kind, index, slot, rundir, ports=1):
    """The VF of a NIC in a slot, as device_add takes it. One with two ports is
    the next NIC's, too."""
    device = {"driver": kind, "id": f"vf{index}", "bus": f"rp{slot}",
              "netdev": f"vfnic{index}", "mac": MAC.format(index),
              "romfile": ""}
    if kind == "mana":
        device["event-log"] = f"{rundir}/vf{index}.jsonl"
    if ports == 2:
        device["netdev2"] = f"vfnic{index + 1}"
        device["mac2"] = MAC.format(index + 1)
    return device


def bus_version():
    """The newest VMBus that the guest gets: LAB_VMBUS, 3.0 for example."""
    major, minor = os.environ.get("LAB_VMBUS", "4.0").split(".")
    return int(major) << 16 | int(minor)


def die_with_runner():
    """In QEMU's process: no guest outlives the runner, however that ends."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def swap_disk(rundir, size):
    """What a guest of so many MiB hibernates to: its third disk."""
    if not size:
        return []
    path = f"{rundir}/swap.raw"
    with open(path, "wb") as swap:
        swap.truncate(size << 20)
    return ["-drive", f"file={path},format=raw,if=none,id=d2,cache=unsafe",
            "-device", "virtio-blk-pci,drive=d2"]


def processor(accel):
    """The CPU, with what a guest of Hyper-V looks for."""
    if accel == "kvm":
        return ["-accel", "kvm", "-cpu", "host,kvm=off,hv-relaxed,hv-vapic,"
                "hv-time,hv-vpindex,hv-synic,hv-stimer,hv-runtime"]
    return ["-accel", "tcg,thread=multi",
            "-cpu", "max,la57=off,hv-vpindex,hv-synic"]


def start(qemu, guest, rundir, disk, nics, memory, reboots, swap, append,
          plugin, cpus):
    """Start QEMU, with a plugin of TCG or without. Return the process."""
    accel = "tcg" if plugin else accelerator()[0]
    firmware = os.path.join(os.path.dirname(os.path.dirname(qemu)),
                            "firmware")
    command = [
        qemu, "-L", firmware, *processor(accel), "-M", "q35", "-smp", str(cpus),
        "-m", str(memory),
        "-nodefaults", "-display", "none",
        "-action", f"reboot={'reset' if reboots else 'shutdown'}",
        "-global", "ICH9-LPC.acpi-pci-hotplug-with-bridge-support=off",
        "-kernel", f"{guest}/vmlinuz", "-initrd", f"{guest}/initrd.img",
        "-append", "console=ttyS0 panic=-1 net.ifnames=1 quiet loglevel=7 "
                   "systemd.unit=lab.target systemd.show_status=0 "
                   "sysrq_always_enabled "
                   f"modprobe.blacklist=hv_netvsc {append}",
        "-drive", f"file={guest}/root.squashfs,format=raw,if=none,id=d0,"
                  "read-only=on",
        "-device", "virtio-blk-pci,drive=d0",
        "-drive", f"file={disk},format=raw,if=none,id=d1,read-only=on",
        "-device", "virtio-blk-pci,drive=d1",
        "-device", f"vmbus-bridge,max-version={bus_version():#x}",
        "-chardev", f"file,id=con,path={rundir}/console.log",
        "-chardev", f"socket,id=out,path={rundir}/out.sock,server=on,wait=off",
        "-chardev", f"socket,id=ctl,path={rundir}/ctl.sock,server=on,wait=off",
        "-serial", "chardev:con", "-serial", "chardev:out",
        "-serial", "chardev:ctl",
        "-qmp", f"unix:{rundir}/qmp.sock,server=on,wait=off",
    ]
    command += swap_disk(rundir, memory if swap else 0)
    command += ["-plugin", plugin] if plugin else []
    for index in range(nics):
        command += nic(index, rundir)
    with open(f"{rundir}/qemu.log", "w", encoding="utf-8") as log:
        log.write(" ".join(command) + "\n")
        log.flush()
        return subprocess.Popen(command, stdout=log, stderr=log,
                                stdin=subprocess.DEVNULL,
                                preexec_fn=die_with_runner)
