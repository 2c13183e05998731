# SPDX-License-Identifier: GPL-2.0
"""The ways a frame can take, and how each one is measured."""
import collections

FRAMES = 20000
MIB = 30
# More would spread what is received over both CPUs, and one of them is measured.
CHANNELS = 1

# side: what the guest sends and receives over. bare: a VF without hv_netvsc;
# peer: the virtio_net of the other end. kind, size and count: the traffic.
# noqueue: without a queueing discipline on eth0. reference: not the driver's.
Path = collections.namedtuple(
    "Path", "name title side kind size count noqueue reference",
    defaults=(0, FRAMES, False, False))

ALL = (
    Path("vf-send", "VF send, 18 B of UDP", "vf", "udp-send", 18),
    Path("vf-send-noqueue", "the same, noqueue on eth0", "vf", "udp-send", 18,
         noqueue=True),
    Path("bare-vf-send", "reference: bare VF, no bond", "bare", "udp-send", 18,
         reference=True),
    Path("synthetic-send-18", "synthetic send, 18 B", "synthetic", "udp-send",
         18),
    Path("synthetic-send-1400", "synthetic send, 1400 B", "synthetic",
         "udp-send", 1400),
    Path("virtio-send", "reference: virtio_net send, 18 B", "peer", "udp-send",
         18, reference=True),
    Path("synthetic-receive-18", "synthetic receive, 18 B", "synthetic",
         "udp-receive", 18),
    Path("synthetic-receive-1400", "synthetic receive, 1400 B", "synthetic",
         "udp-receive", 1400),
    Path("vf-receive-1400", "VF receive, 1400 B", "vf", "udp-receive", 1400),
    Path("tcp-send", "TCP send, synthetic", "synthetic", "tcp-send",
         count=MIB),
    Path("tcp-receive", "TCP receive, synthetic", "synthetic", "tcp-receive",
         count=MIB),
    Path("vf-tcp-send", "TCP send, VF", "vf", "tcp-send", count=MIB),
    Path("vf-tcp-receive", "TCP receive, VF", "vf", "tcp-receive", count=MIB),
)

# What one path costs more than another one: name, title, dearer, cheaper.
Difference = collections.namedtuple("Difference", "name title dearer cheaper")

DIFFERENCES = (
    Difference("bond", "... so the bond costs", "vf-send", "bare-vf-send"),
    Difference("bond-noqueue", "... and with noqueue on eth0",
               "vf-send-noqueue", "bare-vf-send"),
)


def unit(path):
    """What its instructions are divided by."""
    return "MiB" if path.kind.startswith("tcp") else "packet"


def chosen(names):
    """The paths of these names in the order of the table; a ValueError says
    which there are."""
    known = [path.name for path in ALL]
    for name in names:
        if name not in known:
            raise ValueError(f"no path '{name}'; there are: " +
                             " ".join(known))
    return [path for path in ALL if path.name in names]


def for_guest(paths):
    """The same as JSON for the guest; spans are numbered from 1."""
    return {"channels": CHANNELS,
            "paths": [{"span": span, **path._asdict()}
                      for span, path in enumerate(paths, 1)]}
