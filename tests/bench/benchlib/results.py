# SPDX-License-Identifier: GPL-2.0
"""What a run leaves behind: bench.json, bench.txt and bench.svg."""
import glob
import json
import re
import shutil
import subprocess
import time

from lablib import lab

from . import figures, paths, picture


def commit():
    """Of the clone, and whether its files are others."""
    got = subprocess.run(["git", "-C", lab.REPO, "describe", "--always",
                          "--dirty", "--exclude=*"], text=True, check=False,
                         stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    return got.stdout.strip() or "unknown"


def processor():
    """What the guests were emulated on."""
    with open("/proc/cpuinfo", encoding="utf-8") as info:
        found = re.search(r"^model name\s*: (.*)$", info.read(), re.MULTILINE)
    return found[1] if found else "unknown"


def about(tools, rounds):
    """What the figures were measured with."""
    with open(f"{tools.guest}/release", encoding="utf-8") as release:
        kernel = release.read().strip()
    return {"date": time.strftime("%Y-%m-%d"), "commit": commit(),
            "kernel": kernel, "vf": tools.vf,
            "machine": f"QEMU TCG on {processor()}",
            "channels": paths.CHANNELS, "rounds": len(rounds)}


def as_json(told, wanted, rounds):
    """Everything, for others to read."""
    return {"about": told, "paths": {
        path.name: {
            "title": path.title, "unit": paths.unit(path),
            **{driver: [each[driver][path.name].as_json() for each in rounds]
               for driver in figures.DRIVERS}}
        for path in wanted}}


def keep(place, told, wanted, rounds, text):
    """Write the three files. Return where they are. The counts of single blocks
    are not kept: a run has 40 MB of them."""
    rows = figures.rows(wanted, rounds)
    contents = {
        "bench.json": json.dumps(as_json(told, wanted, rounds)) + "\n",
        "bench.txt": "\n".join(text) + "\n",
        "bench.svg": picture.picture(rows, told)}
    for name, content in contents.items():
        with open(f"{place}/{name}", "w", encoding="utf-8") as file:
            file.write(content)
    for spans in glob.glob(f"{place}/*/spans"):
        shutil.rmtree(spans)
    return [f"{place}/{name}" for name in contents]
