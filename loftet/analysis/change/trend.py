"""More years than two: is there a trend, and did the numbers jump where the counting changed."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from loftet.analysis import arrays, checks, glm
from loftet.analysis.arrays import Floats
from loftet.analysis.glm import Factor


@dataclass(frozen=True, slots=True)
class Break:
    """A jump in the level from one year on, on top of the trend."""

    year: float
    jump: Factor


@dataclass(frozen=True, slots=True, eq=False)
class Trend:
    """What each year multiplies the rate by, with breaks held apart from it.

    `dispersion` is 1 when the years vary as Poisson counts do around the trend; `fitted` are the
    expected counts.
    """

    yearly: Factor
    breaks: tuple[Break, ...]
    dispersion: float
    fitted: Floats


def fit(
    years: ArrayLike,
    counts: ArrayLike,
    *,
    exposure: ArrayLike | None = None,
    breaks: Sequence[float] = (),
    confidence: float = 0.95,
) -> Trend:
    r"""Fit a steady yearly change to a sequence of counts.

    :math:`\log E(y_i) = \log t_i + a + b\,year_i + \sum_k c_k [year_i \ge break_k]`, with the
    variance :math:`\phi` times the mean (quasi-Poisson). :math:`\phi` is Pearson's chi-square over
    its degrees of freedom, but never taken below 1: a few years that happen to lie close to a line
    do not make counts surer than chance allows. Intervals use the t distribution.

    A break mark is a year from which something was counted in another way. Its jump is estimated,
    so that it is not taken for a trend.

    Parameters
    ----------
    years : array of shape (n,)
        The years, all different; gaps are allowed.
    counts : array of shape (n,)
        Whole numbers of events.
    exposure : array of shape (n,), optional
        Inhabitants, days or places behind each count, in any unit.
    breaks : sequence of float
        First years of a new way of counting.
    confidence : float
        Coverage of the intervals, between 0 and 1.

    Returns
    -------
    Trend
        `yearly.ratio` 0.95 is a fall of five per cent a year.

    Raises
    ------
    ValueError
        If a count is not whole, negative or missing, an exposure is not positive, a year comes
        twice, a break has no year on both sides, or there are too few years.

    References
    ----------
    McCullagh and Nelder (1989), Generalized Linear Models, 2nd ed., ch. 6.

    Examples
    --------
    >>> trend = fit(range(2015, 2021), [210, 190, 197, 185, 170, 162])
    >>> round(trend.yearly.ratio, 3), [round(x, 3) for x in trend.yearly.interval]
    (0.953, [0.908, 1.001])
    """
    year = arrays.numbers("years", years)
    y = arrays.counts("counts", counts, length=len(year))
    t = arrays.exposures(exposure, len(year))
    checks.fraction("confidence", confidence)
    _check_years(year, breaks)
    columns = [np.ones(len(year)), year - year.mean(), *(1.0 * (year >= mark) for mark in breaks)]
    found = glm.poisson(y, np.column_stack(columns), t)
    scale = max(1.0, found.dispersion)

    def factor(place: int) -> Factor:
        return found.factor(place, confidence, scale=scale, normal=False)

    marks = tuple(Break(mark, factor(place)) for place, mark in enumerate(breaks, 2))
    return Trend(factor(1), marks, found.dispersion, found.fitted)


def _check_years(year: Floats, breaks: Sequence[float]) -> None:
    if len(np.unique(year)) < len(year):
        raise ValueError("years must all differ: add up the counts of a year that comes twice")
    for mark in breaks:
        if not year.min() < mark <= year.max():
            raise ValueError(f"breaks: {mark} needs years on both sides of it: drop it")
