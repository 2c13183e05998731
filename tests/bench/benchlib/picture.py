# SPDX-License-Identifier: GPL-2.0
"""The figures as SVG: each path as a ratio, ours to stock."""
from lablib import plot

from . import figures

LEFT, RIGHT, TOP = 280, 200, 92
ROW, BAR, OWN = 34, 11, 7
# What is beyond is cut off, and its number says how far it would go.
HIGHEST = 1.6
LESS, MORE, NEITHER = "#2f7d4f", "#b5341c", "#8fb0d0"
TEXT, RANGE = "#8a8f98", "#111"


def colour_of(figure, values):
    """By who has to do more; of a reference that says nothing."""
    if figure.reference:
        return NEITHER
    return LESS if figures.median(values) <= 1 else MORE


def bar(canvas, x, y, height, values, colour):
    """A ratio, and where the rounds were."""
    middle = min(figures.median(values), HIGHEST)
    canvas.rect(x.start, y, x(middle) - x.start, height, colour)
    if max(values) <= HIGHEST:
        canvas.line(x(min(values)), y + height / 2, x(max(values)),
                    y + height / 2, RANGE, 'stroke-width="2"')


def row(canvas, x, y, figure):
    """A path: all that was executed, and below it the driver's own part."""
    canvas.text(x.start - 10, y + 13, figure.title, 'text-anchor="end"')
    whole = figures.ratios(figure.ours, figure.stock)
    if not whole:
        return
    bar(canvas, x, y, BAR, whole, colour_of(figure, whole))
    if figure.own_ours:
        own = figures.ratios(figure.own_ours, figure.own_stock)
        if own:
            bar(canvas, x, y + BAR + 2, OWN, own, TEXT)
    canvas.text(x.end + 12, y + 13,
                f"{figures.median(whole):.2f}  "
                f"({figures.median(figure.ours):,.0f} / "
                f"{figures.median(figure.stock):,.0f})")


def grid(canvas, x, bottom):
    """The ratios; where ours costs as much as stock there is a thick line."""
    for value in (tenths / 10 for tenths in range(0, 17, 2)):
        canvas.line(x(value), TOP - 6, x(value), bottom, "#00000022")
        canvas.text(x(value), bottom + 17, f"{value:g}",
                    'text-anchor="middle"')
    canvas.line(x(1), TOP - 10, x(1), bottom, "#333", 'stroke-width="1.4"')


def picture(rows, about):
    """The SVG."""
    x = plot.Axis(0, HIGHEST, LEFT, plot.WIDTH - RIGHT)
    bottom = TOP + ROW * len(rows)
    height = bottom + 50
    canvas = plot.Canvas()
    canvas.text(24, 28, "Executed instructions, ours / stock", 'class="head"')
    canvas.text(24, 48, f"kernel {about['kernel']}, commit {about['commit']}, "
                f"{about['date']}, {about['rounds']} rounds")
    plot.keys(canvas, plot.WIDTH - 24, 70,
              [(LESS, "less than stock", False), (MORE, "more", False),
               (NEITHER, "a reference", False),
               (TEXT, "the driver's own text", False),
               (RANGE, "rounds, from lowest to highest", True)])
    grid(canvas, x, bottom)
    for number, figure in enumerate(rows):
        row(canvas, x, TOP + number * ROW + 4, figure)
    canvas.text((x.start + x.end) / 2, bottom + 38,
                f"ratio; bars are cut off at {HIGHEST}. Right: per packet, of "
                "TCP per MiB",
                'text-anchor="middle"')
    return (f'<svg xmlns="http://www.w3.org/2000/svg" width="{plot.WIDTH}" '
            f'height="{height}" viewBox="0 0 {plot.WIDTH} {height}">\n'
            f'<style>{plot.STYLE}</style>\n'
            f'<rect width="{plot.WIDTH}" height="{height}" fill="#fff"/>\n' +
            "\n".join(canvas.parts) + "\n</svg>\n")
