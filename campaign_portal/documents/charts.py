"""Small charts as SVG, for paper: no script, readable in black and white, every number written out.

Each function takes numbers and labels and returns markup that may stand in a template; labels are escaped. They draw with
attributes only, since neither a strict page nor WeasyPrint takes styles from outside into an SVG.
"""

from itertools import chain, count
from typing import NamedTuple

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

FONT = "Noto Sans CJK SC, Source Han Sans SC, sans-serif"
INK, SOFT, LINE, DARK, LIGHT = "#1c2735", "#55637a", "#c9d1dc", "#1a4f9c", "#9db8dd"
WIDTH = 640  # of every chart; its height follows from what it shows
MOST_POINTS = 60  # of a line: more could not be told apart on a page


class Series(NamedTuple):
    label: str
    values: list[int]


def bar_chart(rows, *, unit="条", title) -> SafeString:
    """Horizontal bars, one for each (label, number), with the number behind the bar."""
    left, step = 150, 24
    most = max((number for _, number in rows), default=0) or 1
    bars = [
        format_html(
            "{}{}{}",
            _text(left - 8, y + 15, _short(label, 11), anchor="end"),
            _rect(left, y + 3, number / most * (WIDTH - left - 70), 16, DARK),
            _text(left + number / most * (WIDTH - left - 70) + 6, y + 15, f"{number}{unit}", colour=SOFT),
        )
        for y, (label, number) in zip(range(0, step * len(rows), step), rows, strict=True)
    ]
    return _svg(step * len(rows), title, bars)


def funnel(stages, *, unit="条", title) -> SafeString:
    """How many are left after each step: (label, number) in order, as wide as they are against the first."""
    left, step = 110, 30
    first = stages[0][1] if stages else 0
    room = WIDTH - left - 90
    drawn = []
    for place, (label, number) in enumerate(stages):
        y, width = place * step, (number / first * room if first else 0)
        drawn += [
            _text(left - 8, y + 18, label, anchor="end"),
            _rect(left + (room - width) / 2, y + 2, width, 22, (DARK, "#3f6db3", "#6d92c9", LIGHT)[min(place, 3)]),
            _text(left + room + 10, y + 18, f"{number}{unit}", weight="600"),
        ]
    return _svg(step * len(stages), title, drawn)


def line_chart(labels, series, *, title) -> SafeString:
    """Lines over the days named by `labels`. The first is drawn solid, the second dashed: they differ without colour."""
    labels, series = _thinned(labels, series)
    left, right, top, bottom = 44, WIDTH - 84, 12, 168
    most = _round_up(max((value for line in series for value in line.values), default=0))
    across = (right - left) / max(len(labels) - 1, 1)

    def height(value):
        return bottom - value / most * (bottom - top)

    drawn = []
    for part in range(5):
        value = most * part // 4
        drawn += [
            _rule(left, height(value), right),
            _text(left - 6, height(value) + 4, value, anchor="end", colour=SOFT),
        ]
    for place in _ticks(len(labels)):
        drawn.append(_text(left + place * across, bottom + 18, labels[place], anchor="middle", colour=SOFT))
    ends = _apart([height(line.values[-1]) if line.values else bottom for line in series])
    for number, (line, end) in enumerate(zip(series, ends, strict=True)):
        points = " ".join(f"{left + place * across:.1f},{height(value):.1f}" for place, value in enumerate(line.values))
        drawn.append(
            format_html(
                '<polyline points="{}" fill="none" stroke="{}" stroke-width="{}"{}/>',
                points,
                (DARK, SOFT)[number % 2],
                ("2.4", "1.8")[number % 2],
                SafeString(' stroke-dasharray="6 4"') if number % 2 else "",
            )
        )
        if line.values:
            drawn.append(_text(right + 8, end + 4, f"{line.label} {line.values[-1]}", weight="600"))
    return _svg(bottom + 28, title, drawn)


def _thinned(labels, series):
    """At most MOST_POINTS of the points, evenly spread, always with the last."""
    step = -(-len(labels) // MOST_POINTS) or 1
    kept = list(range(len(labels) - 1, -1, -step))[::-1]
    return [labels[i] for i in kept], [Series(line.label, [line.values[i] for i in kept]) for line in series]


def _ticks(count):
    """About six places among `count`, with the first and the last."""
    step = max((count - 1) // 5, 1)
    places = list(range(0, count, step))
    if places and places[-1] != count - 1:
        places[-1] = count - 1
    return places


def _round_up(value):
    """The top of a scale: the least of 4, 8, 20, 40, 80, 100, 200, 400 … not below the value. Four steps of it are whole."""
    tops = chain((4, 8, 20), (top * 10**power for power in count(1) for top in (4, 8, 10, 20)))
    return next(top for top in tops if top >= value)


def _apart(heights, *, least=16):
    """The same heights, moved until two labels beside them do not overlap."""
    order = sorted(range(len(heights)), key=lambda number: heights[number])
    for above, below in zip(order, order[1:], strict=False):
        heights[below] = max(heights[below], heights[above] + least)
    return heights


def _short(label, most):
    return label if len(label) <= most else f"{label[: most - 1]}…"


def _text(x, y, text, *, anchor="start", colour=INK, weight="400"):
    return format_html(
        '<text x="{}" y="{}" font-family="{}" font-size="13" font-weight="{}" fill="{}" text-anchor="{}">{}</text>',
        f"{x:.1f}", f"{y:.1f}", FONT, weight, colour, anchor, text,
    )  # fmt: skip


def _rect(x, y, width, height, colour):
    return format_html(
        '<rect x="{}" y="{}" width="{}" height="{}" fill="{}"/>', f"{x:.1f}", y, f"{width:.1f}", height, colour
    )


def _rule(x, y, to):
    return format_html('<path d="M{} {}H{}" stroke="{}" stroke-width="1"/>', x, f"{y:.1f}", to, LINE)


def _svg(height, title, drawn):
    return format_html(
        '<svg class="chart" viewBox="0 0 {} {}" role="img" aria-label="{}" xmlns="http://www.w3.org/2000/svg">{}</svg>',
        WIDTH,
        height,
        title,
        format_html_join("", "{}", ((part,) for part in drawn)),
    )
