"""Several things beside each other: as bars, or as intervals around "no change"."""

import textwrap
from collections.abc import Callable, Sequence
from typing import Literal, TypeVar

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from loftet.ui import formats
from loftet.ui.charts.svg import (
    Scale,
    dot,
    el,
    nice_ticks,
    pct,
    picture,
    px,
    ratio_ticks,
    roomy,
    rule,
    together,
    words,
)
from loftet.ui.charts.values import Bar, Chart, Format, Interval, Table, span

T = TypeVar("T", Bar, Interval)
LETTERS = 24  # of a label that stand beside its numbers on the narrowest phone
LINE = 20


def bars(
    name: str,
    *,
    title: str,
    description: str,
    bars: Sequence[Bar],
    unit: str = "",
    whole: float | None = None,
    about: str | None = None,
    fmt: Format = formats.number,
) -> Chart:
    """Bars from zero; `whole` is what all could reach (100 per cent), `about` the one in colour."""
    _check_labels(bars)
    if any((bar.value if bar.low is None else bar.low) < 0 for bar in bars):
        raise ValueError("bars must not go below zero: use intervals")
    top = max(bar.value if bar.high is None else bar.high for bar in bars)
    if whole is not None and top > whole:
        raise ValueError(f"whole is {whole:g} but a bar reaches {top:g}")
    x = Scale(0, whole or nice_ticks(0, top)[-1], 0, 100)

    def draw(bar: Bar, down: float) -> list[SafeString]:
        track = [_block(100, down, "track")] if whole else []
        filled = _block(x(bar.value), down, "bar" if about in {None, bar.label} else "bar other")
        return [*track, filled, *_span_line(bar, x, down + 17)]

    spans = any(bar.low is not None for bar in bars)
    parts, height = _stacked(bars, draw, fmt, deep=30 if spans else 20)
    drawing = picture(name, title, description, round(height), *parts)
    return Chart(drawing, title, description, _table(bars, title, unit, fmt))


def intervals(
    name: str,
    *,
    title: str,
    description: str,
    rows: Sequence[Interval],
    scale: Literal["ratio", "difference"],
    unit: str = "",
    less: str = "",
    same: str = "",
    more: str = "",
    fmt: Format = formats.number,
) -> Chart:
    """Each change with its interval; less, same and more say what the sides and the middle mean."""
    x, ticks, still = _around_no_change(rows, scale)

    def draw(row: Interval, down: float) -> list[SafeString]:
        unsure = row.low <= still <= row.high
        return [
            rule(0, down + 8, 100, down + 8, "grid"),
            rule(50, down - 4, 50, down + 20, "zero"),
            *_span_line(row, x, down + 8),
            dot(x(row.value), down + 8, "one" if unsure else "one full", r=6),
        ]

    description = " ".join([description, _("A hollow dot: the interval contains “no change”.")])
    parts, height = _stacked(rows, draw, fmt, deep=32, start=22)
    drawing = picture(
        name,
        title,
        description,
        round(height) + 48,
        words(same or _("no change"), 50, 14, text_anchor="middle", class_="name"),
        *parts,
        rule(0, height, 100, height, "axis"),
        *(words(fmt(t), x(t), height + 20, text_anchor="middle") for t in ticks),
        words(less or _("less"), 0, height + 42),
        words(more or _("more"), 100, height + 42, text_anchor="end"),
    )
    return Chart(drawing, title, description, _table(rows, title, unit, fmt))


def _check_labels(rows: Sequence[Bar] | Sequence[Interval]) -> None:
    if not rows:
        raise ValueError("there must be at least one row")
    if len({row.label for row in rows}) < len(rows):
        raise ValueError("rows must have different labels")


def _around_no_change(rows: Sequence[Interval], scale: str) -> tuple[Scale, Sequence[float], float]:
    """As far to both sides of no change, so that less and more look what they are."""
    _check_labels(rows)
    low, high = min(row.low for row in rows), max(row.high for row in rows)
    if scale == "difference":
        reach = max(high, -low) or 1
        x = Scale(-reach, reach, 4, 96)
        ticks = [t for t in nice_ticks(-reach, reach, about=5) if -reach <= t <= reach]
        return x, roomy(ticks, 0, x), 0
    if scale != "ratio":
        raise ValueError(f"scale must be ratio or difference, not {scale!r}")
    if low <= 0:
        raise ValueError("rows on the ratio scale must be above zero")
    reach = max(high, 1 / low, 1.1)
    x = Scale(1 / reach, reach, 4, 96, log=True)
    return x, roomy(ratio_ticks(1 / reach, reach), 1, x), 1


def _stacked(
    rows: Sequence[T],
    draw: Callable[[T, float], list[SafeString]],
    fmt: Format,
    *,
    deep: float,
    start: float = 0,
) -> tuple[list[SafeString], float]:
    """Put the words of each row above its drawing: nothing is squeezed on a phone."""
    parts: list[SafeString] = []
    down = start
    for row in rows:
        lines = textwrap.wrap(row.label, LETTERS) or [""]
        parts += [words(text, 0, down + 16 + LINE * k) for k, text in enumerate(lines)]
        parts.append(words(_printed(row, fmt), 100, down + 16, text_anchor="end"))
        down += 26 + LINE * (len(lines) - 1)
        parts += draw(row, down)
        down += deep
    return parts, down


def _printed(row: Bar | Interval, fmt: Format) -> SafeString:
    value = el("tspan", fmt(row.value), class_="value")
    return value if row.low is None else together((value, el("tspan", f"({span(row, fmt)})", dx=6)))


def _block(wide: float, down: float, class_: str) -> SafeString:
    return el("rect", x=0, y=px(down), width=pct(wide), height=10, rx=2, class_=class_)


def _span_line(row: Bar | Interval, x: Scale, down: float) -> list[SafeString]:
    if row.low is None or row.high is None:
        return []
    return [rule(x(row.low), down, x(row.high), down, "one span")]


def _table(rows: Sequence[Bar] | Sequence[Interval], title: str, unit: str, fmt: Format) -> Table:
    head = ("", unit or _("Value"))
    if all(row.low is None for row in rows):
        return Table(title, head, tuple((row.label, fmt(row.value)) for row in rows))
    return Table(
        title,
        (*head, _("Interval")),
        tuple((row.label, fmt(row.value), span(row, fmt)) for row in rows),
    )
