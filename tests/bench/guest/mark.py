# SPDX-License-Identifier: GPL-2.0
"""Where a span begins and ends: for QEMU's plugin count.c, which says how a mark
looks."""
import contextlib
import ctypes
import mmap
import struct

NOPL = b"\x0f\x1f\x80"
RET = b"\xc3"
HIGH = 0x6263
BEGINS, ENDS = 1, 2


def function(page, offset, mark):
    """Machine code on a page: a mark, and back."""
    code = NOPL + struct.pack("<I", mark) + RET
    page[offset:offset + len(code)] = code
    address = ctypes.addressof(ctypes.c_char.from_buffer(page, offset))
    return ctypes.CFUNCTYPE(None)(address)


@contextlib.contextmanager
def span(number):
    """What is done in it is counted as the span of that number."""
    page = mmap.mmap(-1, mmap.PAGESIZE, prot=mmap.PROT_READ |
                     mmap.PROT_WRITE | mmap.PROT_EXEC)
    marks = [function(page, 64 * what, HIGH << 16 | number << 8 | what)
             for what in (BEGINS, ENDS)]
    marks[0]()
    yield
    marks[1]()
