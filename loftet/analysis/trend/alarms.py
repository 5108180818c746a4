"""What all alarms have in common: the table that comes in and the result that goes out."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from loftet.analysis import checks
from loftet.analysis.arrays import Floats

Flags = NDArray[np.bool_]
Words = NDArray[np.str_]

# Why a cell has no alarm where one was asked for.
TOO_SHORT = "too little history"
MISSING = "the week is missing"
GAPS = "too many weeks missing behind it"
FEW = "too few events of late"


@dataclass(frozen=True, slots=True, eq=False)
class Alarm:
    """For each series (row) and tested week (column): what to expect, and whether it was passed.

    `upper` is the largest count without alarm, `p_value` the chance of at least as many events as
    came. `weeks` are the columns of the counts that were tested. `why` is empty where the answer
    can be given; where it is not, the numbers are NaN or, for too few events, the alarm is kept
    back.
    """

    expected: Floats
    upper: Floats
    alarm: Flags
    p_value: Floats
    why: Words
    weeks: NDArray[np.int64]


def table(name: str, values: ArrayLike, *, missing: bool = False, whole: bool = True) -> Floats:
    """Rows of counts, one row for each series; a single row will do. NaN is a week not counted."""
    try:
        rows = np.atleast_2d(np.asarray(values, dtype=float))
    except (TypeError, ValueError):
        raise ValueError(f"{name} must be rows of numbers, all of the same length") from None
    if rows.ndim != 2 or not rows.size:
        raise ValueError(f"{name} must have a row for each series, a column for each week")
    gaps = np.isnan(rows)
    if not missing:
        _refuse(name, gaps, rows, "is missing: find it, or test a part of the series without gaps")
    _refuse(name, np.isinf(rows), rows, "is not a number")
    _refuse(name, rows < 0, rows, "is below 0")
    if whole:
        _refuse(name, (rows != np.floor(rows)) & ~gaps, rows, "is not whole: a count is")
    return rows


def exposures(values: ArrayLike | None, counts: Floats) -> Floats:
    """Exposure of each cell; one row will do for all series."""
    if values is None:
        return np.ones(counts.shape)
    rows = table("exposure", values, whole=False)
    if rows.shape[1] != counts.shape[1] or len(rows) not in {1, len(counts)}:
        raise ValueError(f"exposure has shape {rows.shape}, counts {counts.shape}: give one each")
    _refuse("exposure", rows <= 0, rows, "is not above 0: set its count to NaN to leave it out")
    return np.ascontiguousarray(np.broadcast_to(rows, counts.shape))


def latest(weeks: int | None, counts: Floats) -> NDArray[np.int64]:
    """Columns of the latest weeks, or all of them."""
    total = counts.shape[1]
    if weeks is None:
        return np.arange(total)
    checks.count("weeks", weeks)
    if not 1 <= weeks <= total:
        raise ValueError(f"weeks must be from 1 to the {total} there are, not {weeks}")
    return np.arange(total - weeks, total)


class Numbers(NamedTuple):
    """What a method says of each series and tested week, NaN where it cannot."""

    expected: Floats
    upper: Floats
    p_value: Floats


def judge(
    counts: Floats,
    tested: NDArray[np.int64],
    numbers: Numbers,
    *,
    short: Flags,
    few: Flags | None = None,
) -> Alarm:
    """Alarms with their reasons, from the weeks that are too early and cells with few events."""
    observed = counts[:, tested]
    reasons = {
        MISSING: np.isnan(observed),
        TOO_SHORT: np.broadcast_to(short, observed.shape),
        GAPS: np.isnan(numbers.upper),
        FEW: np.zeros(observed.shape, dtype=bool) if few is None else few,
    }
    why = np.select(list(reasons.values()), list(reasons), "")
    unknown = np.isin(why, [MISSING, TOO_SHORT, GAPS])
    expected, upper, p_value = (np.where(unknown, np.nan, part) for part in numbers)
    return Alarm(expected, upper, (observed > upper) & (why == ""), p_value, why, tested)


def _refuse(name: str, wrong: Flags, rows: Floats, why: str) -> None:
    if wrong.any():
        row, column = np.argwhere(wrong)[0]
        raise ValueError(f"{name}[{row}, {column}] = {rows[row, column]:g} {why}")
