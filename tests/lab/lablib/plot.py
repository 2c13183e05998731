# SPDX-License-Identifier: GPL-2.0
"""The picture of a run with streams, as SVG: what arrived over time, what was
lost, which path carried it, and what the host did."""
from xml.sax.saxutils import escape

WIDTH = 1100
LEFT, RIGHT = 84, 24
PANEL, GAP = 132, 40
LABEL_ROW = 17
MOST_ROWS = 5
BUCKETS_A_POINT = 5

PATHS = {"synthetic": ("#fbe6c8", "synthetic path"),
         "vf": ("#d5e8f8", "VF path")}
LINES = {"out": ("#b5341c", "from eth0"), "in": ("#14508c", "to eth0")}
SWITCHES = {"synthetic": "to synthetic", "vf": "to VF"}
LOST = "#d0021b"
STYLE = ("text{font:12px sans-serif;fill:#222;paint-order:stroke;"
         "stroke:#fff;stroke-width:4px}"
         ".head{font-size:18px;font-weight:bold}"
         ".title,.switch{font-weight:bold}.mark{font-size:11px}")

# What the guest does by itself; the rest the host has written down.
MARKS = {"power": "slot power off"}


class Axis:
    """Maps values to a span of the picture, which may run upwards."""

    def __init__(self, low, high, start, end):
        self.low, self.high = low, high
        self.start, self.end = start, end

    def __call__(self, value):
        part = (value - self.low) / (self.high - self.low)
        return round(self.start + part * (self.end - self.start), 1)

    def ticks(self, count, origin=0):
        """About so many values at round distances from the origin."""
        rough = (self.high - self.low) / count
        power = 1
        while power * 10 <= rough:
            power *= 10
        step = next(power * k for k in (1, 2, 5, 10) if power * k >= rough)
        value = origin + -(-(self.low - origin) // step) * step
        while value <= self.high:
            yield value
            value += step


class Canvas:
    """Elements of a picture, in the order in which they are painted."""

    def __init__(self):
        self.parts = []

    def rect(self, x, y, width, height, fill):
        """A filled rectangle without border."""
        self.parts.append(f'<rect x="{x}" y="{y}" width="{max(width, 0):.1f}" '
                          f'height="{height:.1f}" fill="{fill}"/>')

    def line(self, x1, y1, x2, y2, stroke, more=""):
        """A thin line."""
        self.parts.append(f'<line x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}" '
                          f'stroke="{stroke}" {more}/>')

    def curve(self, points, stroke):
        """A line through points."""
        text = " ".join(f"{x},{y}" for x, y in points)
        self.parts.append(f'<polyline points="{text}" fill="none" '
                          f'stroke="{stroke}" stroke-width="1.6" '
                          f'stroke-linejoin="round"/>')

    def text(self, x, y, text, more=""):
        """Words; their place is that of the baseline's beginning."""
        self.parts.append(f'<text x="{x}" y="{y}" {more}>{escape(text)}'
                          "</text>")


def smooth(buckets, bucket, start, end):
    """Sums of tenths of seconds as rates: [(seconds, per second)]."""
    got = dict(buckets)
    first, last = int(start / bucket) + 1, int(end / bucket)
    span = BUCKETS_A_POINT * bucket
    return [((k + BUCKETS_A_POINT / 2) * bucket,
             sum(got.get(k + i, 0) for i in range(BUCKETS_A_POINT)) / span)
            for k in range(first, last - BUCKETS_A_POINT + 1,
                           BUCKETS_A_POINT)]


def span_of(report):
    """When the streams ran: the bounds of the picture."""
    sent = [k for way in LINES for k, count, _, _ in report["rates"][way]
            if count]
    bucket = report["bucket"]
    return min(sent) * bucket, (max(sent) + 1) * bucket


def phases(report, start, end):
    """Which path carried the traffic: [(from, to, path)]."""
    out = []
    since, path = start, "synthetic"
    for when, new in switches(report):
        if start < when < end and new != path:
            out.append((since, when, path))
            since = when
        if when < end:
            path = new
    return out + [(since, end, path)]


def shade(canvas, report, axis, top):
    """The phases, behind a panel."""
    for since, until, path in phases(report, axis.low, axis.high):
        canvas.rect(axis(since), top, axis(until) - axis(since), PANEL,
                    PATHS[path][0])


def frame(canvas, x, y, title, unit):
    """Axes, grid and title of a panel."""
    for value in y.ticks(4):
        canvas.line(x.start, y(value), x.end, y(value), "#00000022")
        canvas.text(x.start - 7, y(value) + 4, f"{value:g}",
                    'text-anchor="end"')
    for value in x.ticks(10, x.low):
        canvas.line(x(value), y.start, x(value), y.start + 4, "#333")
    canvas.line(x.start, y.start, x.end, y.start, "#333")
    canvas.line(x.start, y.start, x.start, y.end, "#333")
    canvas.text(x.start, y.end - 7, title, 'class="title"')
    middle = (y.start + y.end) / 2
    canvas.text(20, middle, unit, 'text-anchor="middle" '
                f'transform="rotate(-90 20 {middle})"')


def keys(canvas, right, base, entries):
    """A legend that ends at a place: (colour, text, is it a line)."""
    for colour, text, thin in reversed(entries):
        right -= 6.6 * len(text)
        canvas.text(round(right, 1), base, text)
        right -= 20
        if thin:
            canvas.line(right, base - 4, right + 15, base - 4, colour,
                        'stroke-width="2.5"')
        else:
            canvas.rect(right, base - 10, 15, 11, colour)
        right -= 14


def tcp_panel(canvas, report, x, top):
    """Both streams."""
    curves = {}
    for way in LINES:
        rates = smooth(report["tcp"][way]["buckets"], report["bucket"],
                       x.low, x.high)
        curves[way] = [(when, rate * 8 / 1e6) for when, rate in rates]
    high = 1.15 * max(rate for curve in curves.values() for _, rate in curve)
    y = Axis(0, high or 1, top + PANEL, top)
    frame(canvas, x, y, "TCP: what the receiver got", "Mbit/s")
    for way, curve in curves.items():
        canvas.curve([(x(when), y(rate)) for when, rate in curve],
                     LINES[way][0])
    keys(canvas, x.end, top - 7,
         [(colour, text, True) for colour, text in LINES.values()])


def udp_panel(canvas, report, way, x, top):
    """Datagrams of a way: received, and lost by the time of sending."""
    bucket = report["bucket"]
    got = smooth([(k, n) for k, _, _, n in report["rates"][way]], bucket,
                 x.low, x.high)
    lost = [(k * bucket, n) for k, _, n, _ in report["rates"][way]
            if n and x.low <= k * bucket < x.high - 1]
    per_second = 1 / bucket
    high = 1.15 * max([rate for _, rate in got] +
                      [n * per_second for _, n in lost])
    y = Axis(0, high or 1, top + PANEL, top)
    colour, words = LINES[way]
    frame(canvas, x, y, f"UDP {words}", "datagrams/s")
    canvas.curve([(x(when), y(rate)) for when, rate in got], colour)
    for when, count in lost:
        # A single one has to be seen, too.
        height = max(y(0) - y(count * per_second), 9)
        canvas.rect(x(when), y(0) - height, max(x(bucket) - x(0), 2.5),
                    height, LOST)
    total = report["udp"][way]["all"]
    keys(canvas, x.end, top - 7,
         [(colour, "received", True),
          (LOST, f"lost: {total['lost']} of {total['sent']}", False)])


def switches(report):
    """When the data path went where."""
    return [(when, what) for when, kind, what in report["moments"]
            if kind == "switch"]


def moments(report, x):
    """What is to be labelled: [(seconds, text, is it a switch)]."""
    out = [(when, SWITCHES.get(what, what), kind == "switch")
           for when, kind, what in report["moments"]]
    for when, name in report["marks"]:
        # A scenario that does a thing again numbers it.
        said = MARKS.get(name.split("-")[0])
        if said:
            out.append((when, said, False))
    return sorted(entry for entry in out if x.low <= entry[0] <= x.high)


def row_for(starts, end):
    """The row for a text that ends there, given where those of its right
    start. It crosses no line of theirs, if that takes a few rows only."""
    strict = next((i for i in range(len(starts))
                   if end < min(starts[i:])), len(starts))
    if strict < MOST_ROWS:
        return strict
    return next((i for i, start in enumerate(starts) if end < start), strict)


def place(report, x):
    """Labels in rows in which they stay apart, from right to left:
    [(x of the moment, x of the text, row, text, is it a switch)]."""
    starts = []
    out = []
    for when, said, switch in reversed(moments(report, x)):
        text = f"{said}, {when - x.low:.1f} s"
        width = 6.6 * len(text) + 8
        left = min(x(when), WIDTH - width)
        row = row_for(starts, left + width)
        starts[row:row + 1] = [left]
        out.append((x(when), round(left + 3, 1), row, text, switch))
    return out, len(starts)


def labels(canvas, placed, top, bottom):
    """Their lines and texts; the first row is next to the panels."""
    for at, left, row, text, switch in placed:
        base = top - 8 - row * LABEL_ROW
        canvas.line(at, base + 3, at, bottom, "#111" if switch else "#555",
                    'stroke-width="1.4"' if switch else
                    'stroke-dasharray="3 3"')
    for at, left, row, text, switch in placed:
        canvas.text(left, top - 8 - row * LABEL_ROW, text,
                    'class="mark switch"' if switch else 'class="mark"')


def head(canvas, report, x):
    """Title, and what the picture is of."""
    canvas.text(x.start, 28, "Traffic through the servicing of the host",
                'class="head"')
    intact = all(report["tcp"][way]["intact"] for way in LINES)
    amount = sum(report["tcp"][way]["sent"] for way in LINES) / 1e6
    canvas.text(x.start, 48, f"hv_netvsc: {report['driver']}; kernel "
                f"{report['kernel']}; guest under QEMU. TCP: {amount:.1f} MB, "
                + ("every byte as it was sent." if intact else "NOT INTACT."))
    keys(canvas, x.end, 28,
         [(colour, text, False) for colour, text in PATHS.values()])


def panels(canvas, report, x, tops, placed):
    """All three, with the labels on top of them and the time below."""
    bottom = tops[-1] + PANEL
    for top in tops:
        shade(canvas, report, x, top)
    labels(canvas, placed, tops[0] - 18, bottom)
    tcp_panel(canvas, report, x, tops[0])
    udp_panel(canvas, report, "out", x, tops[1])
    udp_panel(canvas, report, "in", x, tops[2])
    for value in x.ticks(10, x.low):
        canvas.text(x(value), bottom + 19, f"{value - x.low:.0f}",
                    'text-anchor="middle"')
    canvas.text((LEFT + WIDTH - RIGHT) / 2, bottom + 40,
                "seconds since the streams began", 'text-anchor="middle"')


def picture(report):
    """The SVG."""
    x = Axis(*span_of(report), LEFT, WIDTH - RIGHT)
    canvas = Canvas()
    placed, rows = place(report, x)
    tops = [88 + rows * LABEL_ROW + i * (PANEL + GAP) for i in range(3)]
    head(canvas, report, x)
    panels(canvas, report, x, tops, placed)
    height = tops[-1] + PANEL + 56
    return (f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" '
            f'height="{height}" viewBox="0 0 {WIDTH} {height}">\n'
            f'<style>{STYLE}</style>\n'
            f'<rect width="{WIDTH}" height="{height}" fill="#fff"/>\n' +
            "\n".join(canvas.parts) + "\n</svg>\n")
