# SPDX-License-Identifier: GPL-2.0
"""The traffic of a span. Each kind warms up first, and says how much of the rest
was sent and how much arrived; TCP, how many segments it has sent again."""
import os
import select
import socket
import time

import mark
import wire

UDP_PORT, TCP_PORT = 7777, 7788
DISCARD = 9
WARM_FRAMES = 2000
WARM_MIB = 2
CHUNK = 1 << 16
READ_AT_ONCE = 1 << 18
# Until what is under way has arrived, and its sender knows.
SETTLE_SECONDS = 0.3
# A peer that sends without a pause fills the host's queues.
BURST, BURST_PAUSE = 64, 0.001


def on_cpu(number):
    """This process runs there, and nowhere else."""
    os.sched_setaffinity(0, {number})


def udp(netns, peer, port):
    """A socket for datagrams to a peer. It waits, rather than lose any."""
    with wire.namespace(netns):
        sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 20)
    sock.connect((peer, port))
    return sock


def arrived(path, netns, name, way, send):
    """Warm up with send(count); what came of the rest, by the NIC's count."""
    send(WARM_FRAMES)
    time.sleep(SETTLE_SECONDS)
    before = wire.frames(netns, name, way)
    with mark.span(path["span"]):
        send(path["count"])
        time.sleep(SETTLE_SECONDS)
    got = wire.frames(netns, name, way) - before
    # Others send, too, now and then.
    return {"sent": path["count"], "arrived": min(got, path["count"])}


def udp_send(path, netns, name):
    """Datagrams to nobody, from the CPU that is measured."""
    on_cpu(wire.MEASURED_CPU)
    data = bytes(path["size"])
    with udp(netns, wire.NOBODY, DISCARD) as sock:
        def send(count):
            for _ in range(count):
                sock.send(data)

        return arrived(path, netns, name, "tx", send)


def udp_receive(path, netns, name):
    """Datagrams from the peer, to a socket that is full: what a reader costs is
    not the driver's."""
    on_cpu(wire.PEER_CPU)
    data = bytes(path["size"])
    here = wire.address(netns, name)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as full, \
            udp("peer", here, UDP_PORT) as sock:
        full.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1)
        full.bind((here, UDP_PORT))

        def send(count):
            for number in range(count):
                sock.send(data)
                if number % BURST == 0:
                    time.sleep(BURST_PAUSE)

        return arrived(path, netns, name, "rx", send)


def read_all(listener, size):
    """In a process of its own: take it, and say so. How often a reader would
    wake up depends on how quick everybody was; this one waits for a lot."""
    with listener.accept()[0] as sock:
        buffer = bytearray(4 * READ_AT_ONCE)
        ready = select.poll()
        ready.register(sock, select.POLLIN)
        while size > 0:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVLOWAT,
                            min(READ_AT_ONCE, size))
            ready.poll()
            got = sock.recv_into(buffer)
            if not got:
                raise OSError("the stream ends too early")
            size -= got
        sock.send(b".")


def fork(cpu, function, *args):
    """Run it in a child, on that CPU."""
    child = os.fork()
    if not child:
        status = 1
        try:
            on_cpu(cpu)
            function(*args)
            status = 0
        finally:
            os._exit(status)
    return child


def tcp(path, reader, writer):
    """A stream; reader and writer: (network namespace, address, CPU)."""
    with wire.namespace(reader[0]):
        listener = socket.create_server((reader[1], TCP_PORT))
    child = fork(reader[2], read_all, listener,
                 (WARM_MIB + path["count"]) << 20)
    on_cpu(writer[2])
    data = bytes(CHUNK)
    with listener, wire.namespace(writer[0]):
        sock = socket.create_connection((reader[1], TCP_PORT))
    with sock:
        for _ in range((WARM_MIB << 20) // CHUNK):
            sock.sendall(data)
        time.sleep(SETTLE_SECONDS)
        before = wire.sent_again(writer[0])
        with mark.span(path["span"]):
            for _ in range((path["count"] << 20) // CHUNK):
                sock.sendall(data)
            sock.recv(1)
    if os.waitpid(child, 0)[1]:
        raise wire.WireError("the reader of the TCP stream has failed")
    return {"sent": path["count"], "arrived": path["count"],
            "again": wire.sent_again(writer[0]) - before}


def tcp_send(path, netns, name):
    """To the peer."""
    return tcp(path, ("peer", wire.PEER, wire.PEER_CPU),
               (netns, wire.address(netns, name), wire.MEASURED_CPU))


def tcp_receive(path, netns, name):
    """From the peer."""
    return tcp(path, (netns, wire.address(netns, name), wire.MEASURED_CPU),
               ("peer", wire.PEER, wire.PEER_CPU))


KINDS = {"udp-send": udp_send, "udp-receive": udp_receive,
         "tcp-send": tcp_send, "tcp-receive": tcp_receive}
