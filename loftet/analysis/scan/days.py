"""Days that come in as dates or as whole numbers, and go out as they came."""

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import ArrayLike, NDArray

from loftet.analysis import arrays, calendar
from loftet.analysis.scan.results import Day

EPOCH = date(1970, 1, 1).toordinal()  # day 0 of NumPy's calendar


@dataclass(frozen=True, slots=True, eq=False)
class Numbered:
    """Days as whole numbers, from the first through the last on which a case would be seen."""

    number: NDArray[np.int64]
    first: int
    last: int
    dated: bool

    @property
    def since_first(self) -> NDArray[np.int64]:
        return self.number - self.first

    @property
    def count(self) -> int:
        return self.last - self.first + 1

    def told(self, since_first: int) -> Day:
        day = self.first + since_first
        return date.fromordinal(EPOCH + day) if self.dated else day


def numbered(day: ArrayLike, until: calendar.Day | int | None, *, length: int) -> Numbered:
    dated = np.asarray(day).dtype.kind in "MOU"
    number = _numbers("day", day, dated=dated)
    if len(number) != length:
        raise ValueError(f"day has {len(number)} values, location {length}: give one for each case")
    if not length:
        return Numbered(number, 0, 0, dated)
    last = number.max() if until is None else _numbers("until", np.array([until]), dated=dated)[0]
    if (number > last).any():
        index = int(np.argmax(number > last))
        raise ValueError(f"day[{index}] comes after until: leave the case out, or look later")
    return Numbered(number, int(number.min()), int(last), dated)


def _numbers(name: str, values: ArrayLike, *, dated: bool) -> NDArray[np.int64]:
    if dated:
        return calendar.days(name, values).astype(np.int64)
    if np.asarray(values).dtype.kind not in "iuf":
        raise ValueError(f"{name} must come as day does: whole numbers")
    row = arrays.numbers(name, values)
    if (row != np.floor(row)).any():
        index = int(np.argmax(row != np.floor(row)))
        raise ValueError(f"{name}[{index}] = {row[index]:g} is not whole: give days, not times")
    return row.astype(np.int64)
