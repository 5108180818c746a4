"""The course of the year, learned from all areas together."""

from dataclasses import dataclass

import numpy as np
from scipy.special import xlogy

from loftet.analysis import glm
from loftet.analysis.arrays import Floats
from loftet.analysis.calendar import YEAR_IN_WEEKS

LEAST_WEEKS = 104  # with less than two years, a season cannot be told from a trend
MOST_WAVES = 4
FLAT = 26.0  # events' worth of belief in no season: a few events make no summer


@dataclass(frozen=True, slots=True, eq=False)
class Season:
    """Coefficients of the waves of the year (cosines, then sines); none if none can be told.

    `apart` is the season of each past week, learned from the other years: the past is then forecast
    no better than the future will be.
    """

    coefficients: Floats
    apart: Floats


def find(totals: Floats) -> Season:
    """The season with the number of waves under which years foretell each other best.

    Each week is compared with the year around it, so that level and trend do not matter.
    """
    weeks = len(totals)
    if weeks < LEAST_WEEKS or not totals.any():
        return Season(np.zeros(0), np.ones(weeks))
    usual = _year_around(totals)
    costs, found = [], []
    for count in range(MOST_WAVES + 1):
        apart = np.ones(weeks)
        for year in _years(weeks):
            coefficients = _fit(totals, usual, count, without=year)
            apart[year] = index(coefficients, weeks)[year]
        costs.append(_cost(totals, usual * apart))
        found.append(apart)
    best = int(np.argmin(costs))
    return Season(_fit(totals, usual, best, without=slice(0)), found[best])


def index(coefficients: Floats, weeks: int) -> Floats:
    """What the season multiplies the level by in each of the first `weeks`; 1 over a year."""
    count = len(coefficients) // 2
    year = np.exp(_waves(np.linspace(0, YEAR_IN_WEEKS, 364, endpoint=False), count) @ coefficients)
    factors: Floats = np.exp(_waves(np.arange(float(weeks)), count) @ coefficients) / year.mean()
    return factors


def _fit(totals: Floats, usual: Floats, count: int, *, without: slice) -> Floats:
    belief = FLAT / totals.sum()
    told = np.ones(len(totals), dtype=bool)
    told[without] = False
    week = np.flatnonzero(told).astype(float)
    waves = np.column_stack([np.ones(len(week)), _waves(week, count)])
    counts, exposure = totals + belief * usual, (1 + belief) * usual
    return glm.poisson(counts[told], waves, exposure[told]).coefficients[1:]


def _waves(week: Floats, count: int) -> Floats:
    angle = 2 * np.pi / YEAR_IN_WEEKS * np.outer(week, np.arange(1, count + 1))
    return np.concatenate([np.cos(angle), np.sin(angle)], axis=1)


def _cost(seen: Floats, mean: Floats) -> float:
    """Poisson deviance, but for what does not depend on the mean."""
    return float(np.sum(mean - xlogy(seen, mean)))


def _years(weeks: int) -> list[slice]:
    """Years of 52 weeks, the newest whole; what is left goes with the oldest."""
    starts = list(range(weeks - 52, 51, -52))
    return [slice(start, start + 52) for start in starts] + [slice(0, starts[-1])]


def _year_around(totals: Floats) -> Floats:
    """Mean of the 52 weeks around each week; at both ends that of the nearest whole year.

    One week of the mean of all years is kept in: the year around a week is never without events.
    """
    window = np.r_[0.5, np.ones(51), 0.5]
    around = np.pad(np.convolve(totals, window, mode="valid"), 26, mode="edge")
    return np.asarray((around + totals.mean()) / 53)
