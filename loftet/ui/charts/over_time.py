"""The same thing counted year after year."""

import math
import textwrap
from collections.abc import Mapping, Sequence
from itertools import groupby

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from loftet.ui import formats
from loftet.ui.charts.svg import (
    Scale,
    apart,
    dot,
    el,
    nice_ticks,
    picture,
    px,
    rule,
    together,
    words,
)
from loftet.ui.charts.values import Chart, Format, Point, Series, Table, cell, span

HUES = ("one", "two", "three")


def line(
    name: str,
    *,
    title: str,
    description: str,
    points: Sequence[Point] = (),
    series: Sequence[Series] = (),
    unit: str = "",
    aim: tuple[float, str] | None = None,
    zero: bool = True,
    fmt: Format = formats.number,
    marks: Mapping[str, str] | None = None,
) -> Chart:
    """One line of points, or two or three series over the same labels.

    `aim` is a level with its name; `marks` are labels at which something happened, and what.
    """
    if bool(points) == bool(series):
        raise ValueError("give either points or series")
    series = series or [Series(unit or title, tuple(points))]
    _check_series(series)
    ticks = nice_ticks(*_ends([*_values(series), *_fixed(aim, zero=zero)]))
    description = " ".join([description, *_cautions(series, zero=zero)]).strip()
    labels = [p.label for p in series[0].points]
    marks = marks or {}
    if not marks.keys() <= set(labels):
        raise ValueError("marks must stand at labels of the points")
    x = Scale(0, max(len(labels) - 1, 1), _room_left(ticks, fmt), 100 - _room_right(series, fmt))
    y = Scale(ticks[0], ticks[-1], 260, 44)
    drawing = picture(
        name,
        title,
        description,
        290,
        words(unit, 0, 14),
        *(_level(tick, y, fmt, first=tick == ticks[0]) for tick in ticks),
        *_along(labels, x, y),
        *(_mark(x(labels.index(label)), said, y) for label, said in marks.items()),
        *(part for s, hue in zip(series, HUES, strict=False) for part in _drawn(s, hue, x, y)),
        *([_aim(*aim, _last(series[0])[1], y)] if aim else []),
        *_last_words(series, x, y, fmt),
    )
    return Chart(drawing, title, description, _table(series, title, unit, fmt, marks))


def _check_series(series: Sequence[Series]) -> None:
    if not 1 <= len(series) <= len(HUES):
        raise ValueError(f"series must be one to {len(HUES)}, not {len(series)}")
    labels = [p.label for p in series[0].points]
    for each in series:
        if [p.label for p in each.points] != labels:
            raise ValueError("series must have the same labels in the same order")
        if all(p.value is None for p in each.points):
            raise ValueError(f"series {each.name!r} has no values")


def _values(series: Sequence[Series]) -> list[float]:
    points = [p for s in series for p in s.points]
    return [v for p in points for v in (p.value, p.low, p.high) if v is not None]


def _fixed(aim: tuple[float, str] | None, *, zero: bool) -> list[float]:
    return [*([aim[0]] if aim else []), *([0.0] if zero else [])]


def _ends(values: Sequence[float]) -> tuple[float, float]:
    low, high = min(values), max(values)
    return (low, high) if low < high else (low, low + 1)


def _cautions(series: Sequence[Series], *, zero: bool) -> list[str]:
    breaks = {p.label: p.broken for s in series for p in s.points if p.broken}
    said = [
        _("Not comparable before %(when)s: %(why)s.") % {"when": when, "why": why.rstrip(".")}
        for when, why in breaks.items()
    ]
    return said if zero else [*said, _("The scale does not start at zero.")]


def _room_left(ticks: Sequence[float], fmt: Format) -> float:
    return min(24.0, 5 + 2.4 * max(len(fmt(tick)) for tick in ticks))


def _room_right(series: Sequence[Series], fmt: Format) -> float:
    """Per cent of the width that the last words need on the narrowest phone."""
    value = 4.5 + 2.8 * max(len(fmt(_last(s)[1])) for s in series)
    names = 5.5 + 2.8 * max((len(part) for s in series for part in _name_lines(s)), default=0)
    return max(9.0, value, names if len(series) > 1 else 0)


def _name_lines(s: Series) -> list[str]:
    return textwrap.wrap(s.name, 13)


def _last(s: Series) -> tuple[int, float]:
    return [(i, p.value) for i, p in enumerate(s.points) if p.value is not None][-1]


def _level(tick: float, y: Scale, fmt: Format, *, first: bool) -> SafeString:
    at = y(tick)
    return together(
        (rule(0, at, 100, at, "axis" if first else "grid"), words(fmt(tick), 0, at - 5))
    )


def _along(labels: Sequence[str], x: Scale, y: Scale) -> list[SafeString]:
    """As many labels as a phone has room for, the last always among them."""
    longest = max(map(len, labels))
    letters = 42 * (x(len(labels) - 1) - x(0)) / 85 if len(labels) > 1 else 42
    every = math.ceil(len(labels) / max(2, letters // (longest + 2)))
    shown = [i for i in range(len(labels)) if (len(labels) - 1 - i) % every == 0]
    anchors = {0: "start", len(labels) - 1: "end"} if longest > 6 and len(labels) > 1 else {}
    return [
        words(labels[i], x(i), y.start + 22, text_anchor=anchors.get(i, "middle")) for i in shown
    ]


def _aim(value: float, label: str, last: float, y: Scale) -> SafeString:
    """Write the words on the side where the last value is not."""
    at = y(value)
    down = at + 17 if last >= value else at - 7
    said = words(label, 100, down, text_anchor="end", class_="name said")
    return together((rule(0, at, 100, at, "aim"), said))


def _mark(at: float, said: str, y: Scale) -> SafeString:
    return together(
        (rule(at, y.end - 6, at, y.start, "aim"), words(said, at, y.end - 12, class_="name said"))
    )


def _drawn(s: Series, hue: str, x: Scale, y: Scale) -> list[SafeString]:
    runs = _runs(s.points)
    parts = [_band(run, x, y) if run[1:] else _whisker(*run[0], x, y, hue) for run in runs]
    shapes = [
        el("path", d=_path([(x(i), y(p.value or 0)) for i, p in run]), class_=f"path {hue}")
        for run in runs
        if len(run) > 1
    ]
    parts.append(_stretched(shapes, y))
    parts += [
        rule(x(i - 0.5), y.end, x(i - 0.5), y.start, "zero")
        for i, p in enumerate(s.points)
        if p.broken and i
    ]
    if len(s.points) <= 15:
        parts += [
            dot(x(i), y(p.value), hue, r=4) for run in runs for i, p in run if p.value is not None
        ]
    return parts


def _runs(points: Sequence[Point]) -> list[list[tuple[int, Point]]]:
    """Cut where a value is missing or the series is broken: the rest may be joined by a line."""
    runs: list[list[tuple[int, Point]]] = [[]]
    for i, p in enumerate(points):
        if p.value is None or p.broken:
            runs.append([])
        if p.value is not None:
            runs[-1].append((i, p))
    return [run for run in runs if run]


def _band(run: Sequence[tuple[int, Point]], x: Scale, y: Scale) -> SafeString:
    """Draw the interval as far as it is known, without guessing between."""
    shapes = []
    for known, stretch in groupby(run, key=lambda item: item[1].low is not None):
        if known:
            points = list(stretch)
            upper = [(x(i), y(p.high or 0)) for i, p in points]
            lower = [(x(i), y(p.low or 0)) for i, p in points]
            shapes.append(el("path", d=_path([*upper, *lower[::-1]]) + "Z", class_="area"))
    return _stretched(shapes, y)


def _whisker(i: int, p: Point, x: Scale, y: Scale, hue: str) -> SafeString:
    if p.low is None or p.high is None:
        return SafeString()
    return rule(x(i), y(p.low), x(i), y(p.high), f"{hue} span")


def _path(corners: Sequence[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{round(across, 2):g} {px(down)}" for across, down in corners)


def _stretched(shapes: Sequence[SafeString], y: Scale) -> SafeString:
    """Shapes whose x is a percentage: only an inner picture can stretch a path to the width."""
    if not shapes:
        return SafeString()
    height = px(y.start + 40)
    return el(
        "svg",
        *shapes,
        width="100%",
        height=height,
        viewBox=f"0 0 100 {height}",
        preserveAspectRatio="none",
    )


def _last_words(series: Sequence[Series], x: Scale, y: Scale, fmt: Format) -> list[SafeString]:
    lasts = [_last(s) for s in series]
    downs = apart(
        [y(value) for _i, value in lasts], 24 + 17 * max(len(_name_lines(s)) for s in series)
    )
    parts = []
    for s, hue, (i, value), down in zip(series, HUES, lasts, downs, strict=False):
        at = x(len(s.points) - 1 if len(series) > 1 else i)
        parts += [
            dot(x(i), y(value), f"{hue} full", r=6),
            words(fmt(value), at, down + 5, dx=12, class_="value"),
        ]
        if len(series) > 1:
            parts += [
                words(part, at, down + 22 + 16 * k, dx=12, class_="name")
                for k, part in enumerate(_name_lines(s))
            ]
    return parts


def _table(
    series: Sequence[Series], title: str, unit: str, fmt: Format, marks: Mapping[str, str]
) -> Table:
    spans = any(p.low is not None for s in series for p in s.points)
    notes = bool(marks) or any(p.broken for s in series for p in s.points)
    names = [s.name for s in series] if len(series) > 1 else [unit or _("Value")]
    head = [_("When")]
    for each in names:
        head += [each, *([_("Interval")] if spans else [])]
    rows = []
    for at in zip(*(s.points for s in series), strict=True):
        row = [at[0].label]
        for p in at:
            row += [cell(p.value, fmt), *([span(p, fmt)] if spans else [])]
        said = [marks.get(at[0].label, ""), *(p.broken for p in at)]
        rows.append((*row, *([" ".join(said).strip()] if notes else [])))
    return Table(title, (*head, *([_("Remark")] if notes else [])), tuple(rows))
