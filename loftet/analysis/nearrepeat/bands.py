"""Bands of distance and time: half-open, without overlap or gap, and written out in words."""

from collections.abc import Callable
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike

from loftet.analysis.arrays import Floats

SAME_PLACE = 1.0  # metres: positions are stored to the metre, so that nothing is nearer than this


def edges(name: str, values: ArrayLike) -> Floats:
    """Rising edges a, b, c of the bands [a, b), [b, c); the last one may be infinite."""
    try:
        row = np.asarray(values, dtype=float)
    except (TypeError, ValueError):
        raise ValueError(f"{name} must hold numbers only, such as [0, 200, 400]") from None
    if row.ndim != 1:
        raise ValueError(
            f"{name} must be one row of edges such as [0, 200, 400], not pairs: bands made of edges"
            " neither overlap nor leave gaps"
        )
    if len(row) < 2:
        raise ValueError(f"{name} must hold at least two edges, the first and the last of a band")
    if not np.isfinite(row[:-1]).all() or np.isnan(row[-1]) or row[0] < 0:
        raise ValueError(f"{name} must be 0 or more and known; the last one may be infinite: {row}")
    _rising(name, row)
    return row


def _rising(name: str, row: Floats) -> None:
    falls = np.diff(row) <= 0
    if falls.any():
        at = int(np.argmax(falls))
        raise ValueError(
            f"{name} must rise: {name}[{at + 1}] = {row[at + 1]:g} comes after {row[at]:g}"
        )


def distance_words(distances: Floats) -> tuple[str, ...]:
    """Each band of distance in words.

    >>> distance_words(np.array([0, 1, 200, np.inf]))
    ('the same place (less than 1 m)', 'at least 1 m and less than 200 m', 'at least 200 m')
    """
    return tuple(distance_word(low, high) for low, high in pairwise(distances.tolist()))


def distance_word(low: float, high: float) -> str:
    if same_place(low, high):
        return f"the same place (less than {_metres(high)})"
    return _between(low, high, _metres)


def same_place(low: float, high: float) -> bool:
    return low == 0 and high <= SAME_PLACE


def day_words(days: Floats, *, whole: bool) -> tuple[str, ...]:
    """Each band of time in words: by the calendar where the times are whole days.

    >>> day_words(np.array([0, 1, 2, 7, np.inf]), whole=True)
    ('the same day', '1 day later', '2 to 6 days later', '7 or more days later')
    >>> day_words(np.array([0, 1, 7]), whole=False)
    ('less than 1 day later', 'at least 1 day and less than 7 days later')
    """
    return tuple(day_word(low, high, whole=whole) for low, high in pairwise(days.tolist()))


def day_word(low: float, high: float, *, whole: bool) -> str:
    if not (whole and low == int(low) and (high == np.inf or high == int(high))):
        return f"{_between(low, high, _days)} later"
    last = high - 1
    if high == np.inf:
        return "any number of days later" if low == 0 else f"{low:.10g} or more days later"
    if low == 0:
        return "the same day" if last == 0 else f"the same day or up to {_days(last)} later"
    return f"{_days(low)} later" if low == last else f"{low:.10g} to {_days(last)} later"


def _between(low: float, high: float, written: Callable[[float], str]) -> str:
    if high == np.inf:
        return f"at least {written(low)}"
    if low == 0:
        return f"less than {written(high)}"
    return f"at least {written(low)} and less than {written(high)}"


def _metres(value: float) -> str:
    return f"{value:.10g} m"


def _days(value: float) -> str:
    return f"{value:.10g} {'day' if value == 1 else 'days'}"
