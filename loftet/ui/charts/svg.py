"""Drawing by hand: elements, percentages across, pixels down, and axes that people can read."""

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

NAME = re.compile(r"[a-z][a-z0-9-]*\Z")
UNPRINTABLE = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]"
)  # no XML document may hold them


def el(tag: str, *inside: object, **attributes: object) -> SafeString:
    """One element; `class_` and `text_anchor` become the names that SVG has."""
    written = ((key.rstrip("_").replace("_", "-"), value) for key, value in attributes.items())
    opened = format_html_join("", ' {}="{}"', written)
    return format_html("<{0}{1}>{2}</{0}>", tag, opened, together(inside))


def together(parts: Iterable[object]) -> SafeString:
    return format_html_join(
        "", "{}", ((UNPRINTABLE.sub("", part) if type(part) is str else part,) for part in parts)
    )


def picture(name: str, title: str, description: str, height: int, *inside: object) -> SafeString:
    """Fill the width there is: no viewBox, so that text keeps its size on a phone."""
    if not NAME.match(name):
        raise ValueError(f"name must be lower-case letters, digits and hyphens, not {name!r}")
    return el(
        "svg",
        *naming(name, title, description),
        *inside,
        xmlns="http://www.w3.org/2000/svg",
        class_="chart",
        width="100%",
        height=height,
        role="img",
        aria_labelledby=f"{name}-title {name}-desc",
    )


def naming(name: str, title: str, description: str) -> tuple[SafeString, SafeString]:
    return el("title", title, id=f"{name}-title"), el("desc", description, id=f"{name}-desc")


def rule(x1: float, y1: float, x2: float, y2: float, class_: str) -> SafeString:
    return el("line", x1=pct(x1), y1=px(y1), x2=pct(x2), y2=px(y2), class_=class_)


def dot(x: float, y: float, class_: str, *, r: float = 5) -> SafeString:
    return el("circle", cx=pct(x), cy=px(y), r=r, class_=f"dot {class_}")


def words(text: object, x: float, y: float, **attributes: object) -> SafeString:
    return el("text", text, x=pct(x), y=px(y), **attributes)


def pct(x: float) -> str:
    return f"{round(x, 2):g}%"


def px(y: float) -> str:
    return f"{round(y, 1):g}"


@dataclass(frozen=True)
class Scale:
    """From a value to a place."""

    low: float
    high: float
    start: float
    end: float
    log: bool = False

    def __call__(self, value: float) -> float:
        low, high, at = (
            (math.log(v) for v in (self.low, self.high, value))
            if self.log
            else (self.low, self.high, value)
        )
        return self.start + (at - low) / (high - low) * (self.end - self.start)


def nice_ticks(low: float, high: float, *, about: int = 4) -> list[float]:
    """Take steps of 1, 2 or 5 times a power of ten that enclose low and high.

    >>> nice_ticks(0, 185)
    [0.0, 50.0, 100.0, 150.0, 200.0]
    """
    rough = ((high - low) or 1) / about
    unit: float = 10.0 ** math.floor(math.log10(rough))
    step = next(unit * m for m in (1, 2, 5, 10) if unit * m >= rough * 0.9999)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [round(k * step, 10) for k in range(first, max(last, first + 1) + 1)]


FINE = (0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.1, 1.25, 1.5, 2)
ROUGH = (0.1, 0.2, 0.5, 1, 2, 5, 10)
TENFOLD = tuple(10.0**k for k in range(-6, 7))


def ratio_ticks(low: float, high: float) -> list[float]:
    """Take round ratios within low and high, always with 1.

    >>> ratio_ticks(0.68, 1.3)
    [0.7, 0.8, 0.9, 1, 1.1, 1.25]
    """
    reach = max(high, 1 / low)
    grid = FINE if reach <= 2.5 else ROUGH if reach <= 20 else TENFOLD
    return [r for r in grid if low <= r <= high or r == 1]


def roomy(ticks: Sequence[float], kept: float, x: Scale, *, least: float = 15) -> list[float]:
    """Leave out ticks whose labels would touch on a phone, never the kept one."""
    chosen = [kept]
    for tick in sorted(ticks, key=lambda tick: abs(x(tick) - x(kept))):
        if all(abs(x(tick) - x(other)) >= least for other in chosen):
            chosen.append(tick)
    return sorted(chosen)


def apart(places: Sequence[float], least: float) -> list[float]:
    """Push labels from each other, both as far, until none covers another."""
    moved = list(places)
    order = sorted(range(len(moved)), key=lambda i: moved[i])
    for _again in range(20):
        for upper, lower in pairwise(order):
            short = least - (moved[lower] - moved[upper])
            if short > 0:
                moved[upper] -= short / 2
                moved[lower] += short / 2
    return moved
