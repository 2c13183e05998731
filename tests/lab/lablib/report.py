# SPDX-License-Identifier: GPL-2.0
"""What a run with streams leaves behind: servicing.json, a picture of it, and
the table of what each switch has cost."""
import json

from . import plot, timeline

PREFIX = "REPORT "
COLUMNS = (("sent", "sent"), ("lost", "lost"), ("duplicates", "dup"),
           ("reordered", "reord"), ("longest_gap_ms", "gap/ms"),
           ("tcp_again", "resent"))
WAYS = {"out": "from eth0", "in": "to eth0"}


def keep(rundir, lines, settings):
    """Write servicing.json and servicing.svg if the guest has reported.
    Return the report, or None."""
    found = [line for line in lines if line.startswith(PREFIX)]
    if not found:
        return None
    report = json.loads(found[-1][len(PREFIX):])
    report["driver"] = settings["driver"]
    report["kernel"] = settings["kernel"]
    story, entries = timeline.whole(rundir)
    report["moments"] = story.host_moments()
    with open(f"{rundir}/servicing.json", "w", encoding="utf-8") as out:
        json.dump(report, out)
    with open(f"{rundir}/servicing.svg", "w", encoding="utf-8") as out:
        out.write(plot.picture(report))
    with open(f"{rundir}/timeline.txt", "w", encoding="utf-8") as out:
        for entry in entries:
            out.write(timeline.as_line(entry) + "\n")
    return report


def load(rundir):
    """The report of a run."""
    with open(f"{rundir}/servicing.json", encoding="utf-8") as file:
        return json.load(file)


def cells(report, way, name):
    """The numbers of a row, as text."""
    got = report["udp"][way].get(name)
    if got is None:
        return ["-"] * len(COLUMNS)
    return [str(got.get(key, "-")) for key, _ in COLUMNS]


def table(reports):
    """Lines: each mark and way, the reports beside each other."""
    width = 8
    names = ["all"] + [name for _, name in reports[0]["marks"]]
    first = max(len(name) for name in names) + 1
    head = " " * (first + 11)
    span = len(COLUMNS) * width
    head += "".join(f"  {report['driver'] + ' ' + report['kernel']:^{span}}"
                    for report in reports)
    line = f"{'from':{first}}{'way':11}"
    for _ in reports:
        line += "  " + "".join(f"{title:>{width}}" for _, title in COLUMNS)
    out = [head.rstrip(), line]
    for name in names:
        for way, label in WAYS.items():
            row = f"{name:{first}}{label:11}"
            for report in reports:
                row += "  " + "".join(f"{cell:>{width}}"
                                      for cell in cells(report, way, name))
            out.append(row)
    out += ["", *(streams(report) for report in reports)]
    return out


def streams(report):
    """What became of the TCP streams, in a sentence."""
    parts = []
    for way, label in WAYS.items():
        got = report["tcp"][way]
        parts.append(f"{got['sent'] / 1e6:.1f} MB {label} "
                     f"{'intact' if got['intact'] else 'NOT INTACT'}")
    return f"TCP, {report['driver']} {report['kernel']}: " + ", ".join(parts)
