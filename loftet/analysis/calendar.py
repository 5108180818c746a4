"""Days of events into whole ISO weeks or months, with a zero where nothing happened."""

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from loftet.analysis import checks
from loftet.analysis.arrays import Floats

Unit = Literal["week", "month"]
Day = date | np.datetime64 | str
DayLike = ArrayLike | Sequence[Day]
Days = NDArray[np.datetime64]

WEEK_IN_DAYS = 7
SHIFT_TO_MONDAY = 3  # day 0 of NumPy's calendar, 1 January 1970, was a Thursday
YEAR_IN_WEEKS = 365.2425 / WEEK_IN_DAYS


@dataclass(frozen=True, slots=True, eq=False)
class Panel:
    """How many events each area had in each whole week or month.

    `counts` has a row for each of `areas` and a column for each of `starts`, the first days of the
    periods, without gaps. `left_out` events fell in the broken weeks or months at either end.
    """

    areas: NDArray[Any]
    starts: Days
    counts: NDArray[np.int64]
    unit: Unit
    left_out: int

    @property
    def lengths(self) -> Floats:
        """Days in each period, for methods that take an exposure."""
        return (_next(self.starts, self.unit) - self.starts).astype(float)


def weekly(day: DayLike, *, first: Day | None = None, last: Day | None = None) -> Panel:
    """Count events in whole ISO weeks, all areas together: one row.

    Examples
    --------
    >>> weekly(["2025-01-06", "2025-01-26"]).counts.tolist()
    [[1, 0, 1]]
    """
    when = days("day", day)
    everywhere = np.full(len(when), "all")
    return panel(everywhere, when, first=first, last=last, areas=["all"])


def panel(
    area: ArrayLike,
    day: DayLike,
    *,
    unit: Unit = "week",
    first: Day | None = None,
    last: Day | None = None,
    areas: ArrayLike | None = None,
) -> Panel:
    """Count events for each area and each whole ISO week or month.

    Parameters
    ----------
    area : array of shape (n,)
        Where each event happened, by code or name.
    day : array of shape (n,)
        When: dates, local times without a zone, or text such as "2025-01-31".
    unit : {"week", "month"}
        ISO weeks begin on Mondays.
    first, last : day, optional
        First and last day on which an event would have been seen; those of the first and the last
        event unless told. Weeks and months that they cut are left out, since a half week has half
        the events.
    areas : array of shape (m,), optional
        All areas in the order wished, also those where nothing happened. By default those with
        events, sorted.

    Returns
    -------
    Panel

    Raises
    ------
    ValueError
        If a day is missing or not a day, an area is not among `areas`, or no whole week or month
        lies between `first` and `last`.

    Examples
    --------
    >>> seen = panel(["B", "A", "B"], ["2025-01-31", "2025-02-03", "2025-02-04"], unit="month",
    ...              first="2025-01-01", last="2025-02-28")
    >>> seen.areas.tolist(), seen.counts.tolist(), seen.lengths.tolist()
    (['A', 'B'], [[0, 1], [1, 1]], [31.0, 28.0])
    """
    when, where = days("day", day), np.asarray(area)
    if where.shape != when.shape:
        raise ValueError(f"area has shape {where.shape}, day {when.shape}: give one for each event")
    starts = whole(_end(first, when, "first"), _end(last, when, "last"), unit=unit)
    names, row = _rows(where, areas)
    column = np.searchsorted(starts, when, side="right") - 1
    seen = (column >= 0) & (when < _next(starts[-1:], unit))
    cell = row[seen] * len(starts) + column[seen]
    counts = np.bincount(cell, minlength=len(names) * len(starts)).astype(np.int64)
    return Panel(names, starts, counts.reshape(len(names), len(starts)), unit, int((~seen).sum()))


def whole(first: Day, last: Day, *, unit: Unit = "week") -> Days:
    """First days of the whole weeks or months between two days, both of them included.

    Examples
    --------
    >>> whole("2025-01-01", "2025-01-19").astype(str).tolist()
    ['2025-01-06', '2025-01-13']
    """
    checks.choice("unit", unit, ("week", "month"))
    begin, end = _day("first", first), _day("last", last)
    starts = _starts(begin, end, unit)
    starts = starts[(starts >= begin) & (_next(starts, unit) <= end + 1)]
    if not len(starts):
        raise ValueError(f"no whole {unit} lies between first, {begin}, and last, {end}")
    return starts


def _day(name: str, value: Day) -> np.datetime64:
    found: np.datetime64 = days(name, np.array([value], dtype=object))[0]
    return found


def days(name: str, values: DayLike) -> Days:
    """A row of days without gaps; times of day are dropped."""
    row = np.asarray(values)
    if row.ndim != 1:
        raise ValueError(f"{name} must be one row of days, not of shape {row.shape}")
    if row.dtype.kind not in "MOU" and len(row):
        raise ValueError(f"{name} must hold dates, not {row.dtype}: convert them first")
    if any(getattr(moment, "tzinfo", None) for moment in row.tolist() if row.dtype.kind == "O"):
        raise ValueError(f"{name} holds times with a zone: turn them into local days first")
    try:
        found = _as_days(row)
    except (TypeError, ValueError, UserWarning) as error:
        raise ValueError(f"{name} must hold days such as 2025-01-31: {error}") from None
    missing = np.isnat(found)
    if missing.any():
        place = int(np.argmax(missing))
        raise ValueError(f"{name}[{place}] is missing: leave the event out, or find its day")
    return found


def _as_days(row: NDArray[Any]) -> Days:
    with warnings.catch_warnings():
        warnings.simplefilter("error", UserWarning)  # NumPy drops a zone in text with a warning
        found: Days = row.astype("datetime64[D]")
    return found


def _end(told: Day | None, when: Days, name: str) -> Day:
    if told is not None:
        return told
    if not len(when):
        raise ValueError(f"day is empty: tell {name}, since no event tells it")
    end: np.datetime64 = when.min() if name == "first" else when.max()
    return end


def _starts(begin: np.datetime64, end: np.datetime64, unit: Unit) -> Days:
    """First days of all periods that touch the days from `begin` to `end`."""
    if unit == "month":
        months = np.arange(begin.astype("M8[M]"), end.astype("M8[M]") + 1)
        return months.astype("datetime64[D]")
    into_week = (begin.astype(int) + SHIFT_TO_MONDAY) % WEEK_IN_DAYS
    return np.arange(begin - into_week, end + 1, WEEK_IN_DAYS)


def _next(starts: Days, unit: Unit) -> Days:
    """First days of the periods that follow."""
    if unit == "month":
        return (starts.astype("datetime64[M]") + 1).astype("datetime64[D]")
    return starts + WEEK_IN_DAYS


def _rows(where: NDArray[Any], areas: ArrayLike | None) -> tuple[NDArray[Any], NDArray[np.int64]]:
    """Areas, and the place of each event's area among them."""
    found, place = np.unique(where, return_inverse=True)
    if areas is None:
        return found, place.astype(np.int64)
    names = np.asarray(areas)
    known = {name: index for index, name in enumerate(names.tolist())}
    if len(known) < len(names):
        raise ValueError("areas must all differ: the same one comes twice")
    places = np.array([known.get(name, -1) for name in found.tolist()], dtype=np.int64)[place]
    if (places < 0).any():
        index = int(np.argmax(places < 0))
        raise ValueError(f"area[{index}] = {str(where[index])!r} is not among areas: add it there")
    return names, places
