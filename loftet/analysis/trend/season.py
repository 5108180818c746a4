"""Which months or weeks of the year have more events than others, and whether any do."""

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import fdtrc, stdtrit

from loftet.analysis import checks
from loftet.analysis.arrays import Floats
from loftet.analysis.kernels import kernel
from loftet.analysis.trend import alarms
from loftet.analysis.trend.alarms import Words
from loftet.analysis.trend.baseline import Levels, Line, Weeks, Whole, fit

NO_EVENTS = "no events"
TOO_FEW = "too few periods are known"


@dataclass(frozen=True, slots=True, eq=False)
class Seasons:
    """How many times the mean of the year each part of it has; rows series, columns `parts`.

    `p_value` is the chance of parts as unlike as these if all were alike, one for each series.
    `dispersion` is the variance of the counts over their means. `why` is not empty where there is
    no answer; the numbers are then NaN.
    """

    parts: NDArray[np.int64]
    index: Floats
    low: Floats
    high: Floats
    p_value: Floats
    dispersion: Floats
    why: Words


def seasons(
    counts: ArrayLike,
    part: ArrayLike,
    *,
    exposure: ArrayLike | None = None,
    confidence: float = 0.95,
) -> Seasons:
    r"""Compare the parts of the year, with a steady growth or decline held apart.

    :math:`\log E(y_i) = \log t_i + a_{part(i)} + b\,i`, quasi-Poisson. The index of a part is
    :math:`e^{a_p} / \overline{e^a}`; its interval is on the log scale by the delta method, with
    Student's t. The test compares the squared gaps of the parts from what is expected without a
    season with those of the periods within the parts (an F test, weighted by the means without a
    season; the latter not below 1).

    Parameters
    ----------
    counts : array of shape (series, periods) or (periods,)
        Whole numbers of events in months or weeks without gaps; NaN is one that was not counted.
    part : array of shape (periods,)
        Part of the year of each period: 1 to 12 for months, the number of the ISO week for weeks.
    exposure : array of the shape of counts, or (periods,), optional
        Days of each month, reporter-days or the like. February has fewer days than March.
    confidence : float
        Coverage of each interval.

    Returns
    -------
    Seasons

    Raises
    ------
    ValueError
        If a count is negative or not whole, an exposure is not positive or `part` does not tell
        two parts or more, each of them twice.

    References
    ----------
    McCullagh and Nelder (1989), Generalized Linear Models, 2nd ed., ch. 6 and 9.

    Examples
    --------
    >>> found = seasons([4, 9, 6, 11, 5, 8, 3, 12], [1, 2] * 4)
    >>> found.index.round(2).tolist(), found.p_value.round(4).tolist()
    ([[0.62, 1.38]], [0.0415])
    """
    y = alarms.table("counts", counts, missing=True)
    log_exposure = np.log(alarms.exposures(exposure, y))
    checks.fraction("confidence", confidence)
    parts, level = _parts(part, y.shape[1])
    levels, facts = _regressions(y, log_exposure, level)
    fits = _Fits(levels, *facts.T)
    between = fits.between / np.maximum(1.0, fits.within)
    p_value = fdtrc(len(parts) - 1, fits.degrees, between)
    index, low, high = _index(fits, confidence)
    empty = np.nansum(y, axis=1) == 0
    why = np.select([empty, np.isnan(p_value)], [NO_EVENTS, TOO_FEW], "")
    untold = (why != "")[:, None]
    index, low, high = (np.where(untold, np.nan, limit) for limit in (index, low, high))
    return Seasons(parts, index, low, high, p_value, fits.spread, why)


class _Fits(NamedTuple):
    """A regression for each series; `levels` holds the rows of its Levels.

    `between` and `within` are the mean squares of the F test.
    """

    levels: Floats
    slope_variance: Floats
    dispersion: Floats
    degrees: Floats
    between: Floats
    within: Floats

    @property
    def spread(self) -> Floats:
        return np.maximum(1.0, self.dispersion)


def _parts(part: ArrayLike, periods: int) -> tuple[NDArray[np.int64], Whole]:
    row = np.asarray(part)
    if row.shape != (periods,) or row.dtype.kind not in "iu":
        raise ValueError(f"part must be {periods} whole numbers, one for each period")
    parts, level, times = np.unique(row, return_inverse=True, return_counts=True)
    if len(parts) < 2 or times.min() < 2:
        raise ValueError("part must name two parts of the year or more, each of them twice")
    return parts.astype(np.int64), level.astype(np.int64)


def _index(fits: _Fits, confidence: float) -> tuple[Floats, Floats, Floats]:
    """Each part over the mean of all, with its interval."""
    events, exposure, centre, _ = np.moveaxis(fits.levels, 1, 0)
    spread = fits.spread[:, None]
    with np.errstate(divide="ignore", invalid="ignore"):
        rate = events / exposure
        mean = rate.mean(axis=1, keepdims=True)
        share = rate / mean / rate.shape[1]
        own = spread / events
        of_all = np.where(events > 0, share**2 * own, 0.0).sum(axis=1, keepdims=True)
        away = centre - (share * centre).sum(axis=1, keepdims=True)
        sloped = spread * fits.slope_variance[:, None] * away**2
        error = np.sqrt(own * (1 - 2 * share) + of_all + sloped)
        reach = np.exp(stdtrit(fits.degrees, (1 + confidence) / 2)[:, None] * error)
        none = -spread * math.log((1 - confidence) / 2) / exposure / mean
        index = rate / mean
        high = np.where(events > 0, index * reach, none)
        return index, np.where(events > 0, index / reach, 0.0), high


@kernel
def _regressions(counts: Floats, log_exposure: Floats, level: Whole) -> tuple[Floats, Floats]:
    """Sums of the levels of each series, and the other facts of its regression."""
    parts = level.max() + 1
    levels, facts = np.zeros((len(counts), 4, parts)), np.full((len(counts), 5), np.nan)
    for series in range(len(counts)):
        known = np.flatnonzero(~np.isnan(counts[series]))
        degrees = len(known) - parts - 1
        times = np.bincount(level[known], minlength=parts)
        if degrees < 1 or times.min() == 0 or counts[series][known].sum() == 0:
            continue
        whole = _weeks(counts[series], log_exposure[series], np.zeros_like(level), known)
        _fitted(whole, np.zeros((4, 1)))
        weeks = _weeks(counts[series], log_exposure[series], level, known)
        line = _fitted(weeks, levels[series])
        facts[series, 0], facts[series, 1] = line.variance, line.dispersion
        facts[series, 2] = degrees
        facts[series, 3] = _between(weeks, whole.mean, parts) / (parts - 1)
        facts[series, 4] = np.sum((weeks.events - weeks.mean) ** 2 / whole.mean) / degrees
    return levels, facts


@kernel
def _weeks(counts: Floats, log_exposure: Floats, level: Whole, known: Whole) -> Weeks:
    n = len(known)
    time = known / len(level)
    weight, mean = np.ones(n), np.empty(n)
    return Weeks(counts[known], log_exposure[known], time, weight, mean, level[known])


@kernel
def _fitted(weeks: Weeks, sums: Floats) -> Line:
    """With a slope where one can be found."""
    levels = Levels(sums[0], sums[1], sums[2], sums[3])
    line = fit(weeks, levels, True, 0.0)
    return line if line.variance > 0 else fit(weeks, levels, False, 0.0)


@kernel
def _between(weeks: Weeks, without: Floats, parts: int) -> float:
    """Squared gaps of the parts from what is expected without a season, over that.

    Both mean squares are taken over the same means: with few events those of the parts themselves
    are so unsure that the test would find seasons where there are none.
    """
    gap, expected = np.zeros(parts), np.zeros(parts)
    for i in range(len(weeks.events)):
        gap[weeks.level[i]] += weeks.events[i] - without[i]
        expected[weeks.level[i]] += without[i]
    total = 0.0
    for part in range(parts):
        if expected[part] > 0:
            total += gap[part] ** 2 / expected[part]
    return total
