"""Sums over the last twelve months, beside the twelve before: season falls away."""

from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import ArrayLike, NDArray

from loftet.analysis import checks
from loftet.analysis.arrays import Floats
from loftet.analysis.change import rate_ratio
from loftet.analysis.trend import alarms
from loftet.analysis.trend.alarms import TOO_SHORT, Words

GAP = "a month is missing"
NO_EVENTS = "no events in either year"


@dataclass(frozen=True, slots=True, eq=False)
class Rolling:
    """Sums of the year that ends with each month (columns) for each series (rows).

    `ratio` is the rate of that year over that of the year `before`, between `low` and `high`.
    `dispersion` is the variance of the months over their means, with season and change held apart:
    near 1 for events that come one by one; well above, the interval is too short. `months` are the
    columns of the counts that were asked for; `why` is not empty where there is no answer.
    """

    total: Floats
    before: Floats
    ratio: Floats
    low: Floats
    high: Floats
    p_value: Floats
    dispersion: Floats
    why: Words
    months: NDArray[np.int64]


def rolling(
    counts: ArrayLike,
    *,
    months: int = 1,
    exposure: ArrayLike | None = None,
    year: int = 12,
    confidence: float = 0.95,
) -> Rolling:
    r"""Add up the last twelve months and compare them, exactly, with the twelve before.

    The comparison is `loftet.analysis.change.rate_ratio`. Two such sums a month apart share eleven
    months: a row of them that all say "more" is one finding, not many.

    Parameters
    ----------
    counts : array of shape (series, months) or (months,)
        Whole numbers of events in months without gaps; NaN is one that was not counted.
    months : int
        How many of the latest months to tell.
    exposure : array of the shape of counts, or (months,), optional
        Reporter-days, inhabitants or days behind each count.
    year : int
        Periods in a year.
    confidence : float
        Coverage of the intervals.

    Returns
    -------
    Rolling

    Raises
    ------
    ValueError
        If a count is negative or not whole, an exposure is not positive, or `months` is more than
        there are.

    Notes
    -----
    The dispersion is Pearson's chi-square of the table of two years by twelve months over its 11
    degrees of freedom; months in which nothing happened in either year do not count.

    Examples
    --------
    >>> found = rolling([16] * 12 + [13] * 12)
    >>> found.total.tolist(), found.before.tolist(), found.ratio.round(2).tolist()
    ([[156.0]], [[192.0]], [[0.81]])
    >>> [limit.round(2).item() for limit in (found.low, found.high, found.p_value)]
    [0.65, 1.01, 0.06]
    """
    y = alarms.table("counts", counts, missing=True)
    behind = alarms.exposures(exposure, y)
    told = alarms.latest(months, y)
    checks.count("year", year)
    checks.fraction("confidence", confidence)
    after, before = _years(y, told, year)
    time_after, time_before = _years(behind, told, year)
    total, earlier = after.sum(axis=2), before.sum(axis=2)
    span, earlier_span = time_after.sum(axis=2), time_before.sum(axis=2)
    short = np.broadcast_to(told < 2 * year - 1, total.shape)
    unknown, none = np.isnan(total + earlier), total + earlier == 0
    why = np.select([short, unknown, none], [TOO_SHORT, GAP, NO_EVENTS], "")
    ratio, low, high, p_value = np.full((4, *total.shape), np.nan)
    for cell in map(tuple, np.argwhere(why == "")):
        found = rate_ratio(
            int(total[cell]),
            int(earlier[cell]),
            exposure=(span[cell], earlier_span[cell]),
            confidence=confidence,
        )
        ratio[cell], p_value[cell] = found.ratio, found.p_value
        low[cell], high[cell] = found.interval
    dispersion = _dispersion(after, before, ratio[..., None] * time_after / time_before)
    dispersion = np.where(why == "", dispersion, np.nan)
    return Rolling(total, earlier, ratio, low, high, p_value, dispersion, why, told)


def _years(rows: Floats, told: NDArray[np.int64], year: int) -> tuple[Floats, Floats]:
    """Months of the year that ends with each column told, and of the year before it."""
    padded = np.concatenate([np.full((len(rows), 2 * year - 1), np.nan), rows], axis=1)
    both = sliding_window_view(padded, 2 * year, axis=1)[:, told]
    return both[..., year:], both[..., :year]


def _dispersion(after: Floats, before: Floats, odds: Floats) -> Floats:
    """Pearson's chi-square of how each month splits between the years, over its degrees.

    `odds` are those that an event of the month fell in the later year.
    """
    month, share = after + before, odds / (1 + odds)
    with np.errstate(divide="ignore", invalid="ignore"):
        square = (after - month * share) ** 2 / (month * share * (1 - share))
        found: Floats = np.nansum(square, axis=2) / ((month > 0).sum(axis=2) - 1)
    return found
