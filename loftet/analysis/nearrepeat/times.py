"""Times as whole steps: days where all are dates, so that a compiled loop can take many at once."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from loftet.analysis import arrays
from loftet.analysis.arrays import Floats
from loftet.analysis.nearrepeat import pairs

MICROSECONDS = 86_400_000_000  # in a day
MINUTES = 1440  # in a day: the step of intervals that are not whole days
SHORT = 32_766  # days: below it a difference fits 16 bits


@dataclass(frozen=True, slots=True, eq=False)
class Times:
    """When each event happened, or between which first and last step."""

    first: NDArray[Any]
    last: Floats | None
    a_day: float  # steps in a day
    whole: bool  # whether the times are whole days

    def sorted_by(self, order: NDArray[np.intp]) -> "Times":
        last = None if self.last is None else self.last[order]
        return Times(self.first[order], last, self.a_day, self.whole)

    def within(self, days: Floats) -> NDArray[Any]:
        """Edges of the bands in steps, those that are neither 0 nor infinite."""
        limits = days[(days > 0) & np.isfinite(days)] * self.a_day
        if self.last is not None:
            return np.ceil(limits)
        if self.first.dtype != np.int16:
            return limits
        span = int(self.first.max()) + 1
        return np.minimum(np.ceil(limits), span).astype(np.int16)

    def pairs(self, limits: NDArray[Any]) -> Floats:
        """Pairs less than each limit apart, and last all; with intervals, as they are expected."""
        if self.last is None:
            others: Floats = pairs.lags(np.sort(self.first), limits).sum(axis=0) / 2
            return others
        shared = [_shared(self.first, self.last, int(limit)) for limit in limits]
        whole = len(self.first) * (len(self.first) - 1) / 2
        return np.rint(np.array([*shared, whole]) / pairs.UNIT) * pairs.UNIT


def times(t: ArrayLike, latest: ArrayLike | None, *, length: int) -> Times:
    """Times of events, from numbers of days, dates or datetimes.

    >>> times([18.0, 11.0], None, length=2).first
    array([7, 0], dtype=int16)
    """
    first, a_day = _read("t", t, length)
    if latest is None:
        return _points(first, a_day)
    last, last_a_day = _read("latest", latest, length)
    if a_day != last_a_day:
        raise ValueError("latest must be given as t is: both as dates or both as numbers of days")
    return _intervals(first / a_day, last / a_day)


def _points(first: Floats, a_day: float) -> Times:
    whole = bool((first % a_day == 0).all())
    if not whole:
        return Times(first, None, a_day, whole)
    days = (first - first.min()) / a_day
    return Times(days.astype(np.int16) if days.max() <= SHORT else days, None, 1.0, whole)


def _intervals(first: Floats, last: Floats) -> Times:
    if (last < first).any():
        place = int(np.argmax(last < first))
        raise ValueError(f"latest[{place}] is before t[{place}]: t holds the earliest times")
    whole = bool((first % 1 == 0).all() and (last % 1 == 0).all())
    a_day = 1.0 if whole else float(MINUTES)
    start = first.min()
    return Times(np.rint((first - start) * a_day), np.rint((last - start) * a_day), a_day, whole)


def _shared(first: Floats, last: Floats, limit: int) -> float:
    """Expected pairs less than a limit apart, from how many events each step has on average."""
    steps = last - first + 1
    change = np.zeros(int(last.max()) + 2)
    np.add.at(change, first.astype(int), 1 / steps)
    np.add.at(change, last.astype(int) + 1, -1 / steps)
    events = change.cumsum()[:-1]
    before = np.concatenate([[0.0], events.cumsum()])
    step = np.arange(len(events))
    around = (
        before[np.minimum(step + limit, step[-1] + 1)] - before[np.maximum(step - limit + 1, 0)]
    )
    near = np.minimum(limit, steps)
    with_itself = (steps + (near - 1) * (2 * steps - near)) / steps**2
    return float(events @ around - with_itself.sum()) / 2


def _read(name: str, values: ArrayLike, length: int) -> tuple[Floats, float]:
    """Times as exact floats, and how many of their units make a day."""
    row = np.asarray(values)
    if row.dtype == object:
        row = _dates(name, row)
    if row.dtype.kind != "M":
        return arrays.numbers(name, row, length=length), 1.0
    if row.shape != (length,):
        raise ValueError(f"{name} has shape {row.shape}, the others {length}: give one for each")
    missing = np.isnat(row)
    if missing.any():
        place = int(np.argmax(missing))
        raise ValueError(f"{name}[{place}] is missing: leave the event out, or find its time")
    return row.astype("datetime64[us]").astype(np.int64).astype(float), float(MICROSECONDS)


def _dates(name: str, row: NDArray[np.object_]) -> NDArray[Any]:
    """Python's own dates; what is neither a date nor missing is left to be refused as no number."""
    known = [value for value in row.flat if value is not None]
    if not known or not all(isinstance(value, date) for value in known):
        return row
    if any(isinstance(value, datetime) and value.tzinfo for value in known):
        raise ValueError(
            f"{name} holds times with a zone: give local dates or times without one,"
            " so that midnight is where people have it"
        )
    return row.astype("datetime64[us]")
