"""Rates for a map: events in proportion to inhabitants, where some cells have few of them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from loftet.analysis import arrays
from loftet.analysis.arrays import Floats
from loftet.analysis.smallarea import poisson_gamma


@dataclass(frozen=True, slots=True, eq=False)
class LocalRates:
    """Rates of cells: `estimate` to show, `standardised` to test.

    `estimate` with `low` and `high` is drawn towards the `mean` of all, the more the fewer the
    inhabitants. `standardised` is the cell's own rate less the mean, over its standard error, so
    that cells with few inhabitants do not stand out by chance alone: give it to `getis_ord` or
    `local_moran`.
    """

    estimate: Floats
    low: Floats
    high: Floats
    standardised: Floats
    mean: float


def rates(counts: ArrayLike, population: ArrayLike, *, confidence: float = 0.95) -> LocalRates:
    r"""Rates drawn towards that of all, and rates on a scale on which they can be compared.

    The estimate is that of `loftet.analysis.smallarea.poisson_gamma`. The standardised rate is
    :math:`(y_i / n_i - m) / \sqrt{A + m / n_i}` with m the rate of all and A the variance between
    cells by Marshall's moments (0 where the cells differ no more than chance makes them).

    Parameters
    ----------
    counts : array of shape (n,)
        Whole numbers of events.
    population : array of shape (n,)
        Inhabitants, homes or visitors, above 0. Leave cells without any out of this and of the
        neighbours (``grid.neighbours(among=population > 0)``).
    confidence : float
        Coverage of the limits, between 0 and 1.

    Returns
    -------
    LocalRates
        Rates in events per inhabitant.

    Raises
    ------
    ValueError
        If a count is not whole, a cell has no population, there are fewer than three cells, or
        nothing happened anywhere.

    References
    ----------
    Marshall (1991), Applied Statistics 40, 283-294; Assunção and Reis (1999), Statistics in
    Medicine 18, 2147-2162.

    Examples
    --------
    Two events among 40 inhabitants are five times the rate, and not remarkable:

    >>> found = rates([2, 30, 55, 90, 180], [40, 2000, 6000, 8000, 20_000])
    >>> [round(1000 * rate, 1) for rate in found.estimate.tolist()]
    [10.5, 11.2, 9.9, 10.8, 9.4]
    >>> found.standardised.round(1).tolist()
    [2.5, 1.8, -0.4, 0.7, -0.5]
    """
    y = arrays.counts("counts", counts)
    n = arrays.positive("population", population, length=len(y))
    drawn = poisson_gamma(y, n, confidence=confidence)
    moments = poisson_gamma(y, n, method="moments")
    between = moments.mean**2 / moments.shape
    standardised = (y / n - moments.mean) / np.sqrt(between + moments.mean / n)
    return LocalRates(drawn.estimate, drawn.low, drawn.high, standardised, drawn.mean)
