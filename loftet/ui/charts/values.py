"""What a chart is made of and what comes out."""

import math
import re
from collections.abc import Callable
from dataclasses import dataclass

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from loftet.ui.formats import DASH, MINUS

Format = Callable[[float], str]
NUMBERS = re.compile(r"[-−+±\d\s.,:%–()×]*\d[-−+±\d\s.,:%–()×]*\Z")
UNIT = re.compile(r"\D+\Z")


@dataclass(frozen=True)
class Table:
    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def __post_init__(self) -> None:
        if any(len(row) != len(self.head) for row in self.rows):
            raise ValueError("rows must be as long as head")

    @property
    def numeric(self) -> tuple[bool, ...]:
        """Which columns hold nothing but numbers, and therefore stand to the right."""
        columns = zip(*self.rows, strict=True) if self.rows else ((text,) for text in self.head)
        return tuple(
            i > 0 and all(NUMBERS.match(text) or text in {"", DASH} for text in column)
            for i, column in enumerate(columns)
        )

    @property
    def columns(self) -> list[tuple[str, bool]]:
        return list(zip(self.head, self.numeric, strict=True))

    @property
    def cells(self) -> list[list[tuple[str, bool]]]:
        return [list(zip(row, self.numeric, strict=True)) for row in self.rows]


@dataclass(frozen=True)
class Chart:
    svg: SafeString
    title: str
    description: str
    table: Table


@dataclass(frozen=True)
class Point:
    """A value over time; None is missing, `broken` says why no line joins it to the one before."""

    label: str
    value: float | None
    low: float | None = None
    high: float | None = None
    broken: str = ""

    def __post_init__(self) -> None:
        _check(self.label, self.value, self.low, self.high)


@dataclass(frozen=True)
class Series:
    name: str
    points: tuple[Point, ...]


@dataclass(frozen=True)
class Bar:
    label: str
    value: float
    low: float | None = None
    high: float | None = None

    def __post_init__(self) -> None:
        _check(self.label, self.value, self.low, self.high)


@dataclass(frozen=True)
class Interval:
    label: str
    value: float
    low: float
    high: float

    def __post_init__(self) -> None:
        _check(self.label, self.value, self.low, self.high)


def _check(label: str, value: float | None, low: float | None, high: float | None) -> None:
    if any(v is not None and not math.isfinite(v) for v in (value, low, high)):
        raise ValueError(f"value of {label!r} must be finite")
    if (low is None) != (high is None):
        raise ValueError(f"low and high of {label!r} must be given together")
    if low is not None and high is not None and (value is None or not low <= value <= high):
        raise ValueError(f"value of {label!r} must lie between low and high")


def cell(value: float | None, fmt: Format) -> str:
    return DASH if value is None else fmt(value)


def span(p: Point | Bar | Interval, fmt: Format) -> str:
    if p.low is None or p.high is None:
        return DASH
    low, high = fmt(p.low), fmt(p.high)
    if MINUS in low + high:  # a dash beside a minus sign cannot be read
        return _("%(low)s to %(high)s") % {"low": low, "high": high}
    unit = UNIT.search(high)
    return f"{low.removesuffix(unit.group()) if unit else low}{DASH}{high}"
