"""Scans for places where cases are many, or few, among cases and controls."""

from concurrent.futures import Executor

import numpy as np
from numpy.typing import ArrayLike

from loftet.analysis import arrays
from loftet.analysis.scan.clusters import Telling, nothing, scan, without_days
from loftet.analysis.scan.counting import Law, Search, Windows
from loftet.analysis.scan.incoming import manageable
from loftet.analysis.scan.nulls import Labels, Plan
from loftet.analysis.scan.places import Limits, Metric, circles, places
from loftet.analysis.scan.results import Rates, Scan, side

MOST_PERSONS = 10**9 - 1  # for NumPy's hypergeometric law
ONE_SORT = "there are only cases or only controls: nothing to compare with"
ONE_PLACE = "all are at one place: there is nowhere to compare with"


def bernoulli(
    cases: ArrayLike,
    controls: ArrayLike,
    x: ArrayLike,
    y: ArrayLike,
    *,
    largest_share: float = 0.5,
    radius: float | None = None,
    metric: Metric = "euclidean",
    rates: Rates = "high",
    replicates: int = 999,
    stop_after: int | None = None,
    at_most: int = 10,
    rng: np.random.Generator,
    executor: Executor | None = None,
) -> Scan:
    r"""Find circles in which more of the persons (or events) are cases than elsewhere.

    For answers yes and no, night and day, cases and controls. With c cases among n in the circle
    and C among N in all, the log likelihood ratio is :math:`\log \frac{p^c (1-p)^{n-c}
    q^{C-c} (1-q)^{N-n-C+c}}{r^C (1-r)^{N-C}}`, :math:`p = c/n`, :math:`q = (C-c)/(N-n)`,
    :math:`r = C/N`, and 0 unless p > q. In each replicate C of the N are drawn to be the cases.

    Parameters
    ----------
    cases, controls : array of shape (m,)
        How many of each at each place.
    largest_share : float
        The share of all cases and controls that a circle may hold, at most one half.
    x, y, radius, metric, rates, replicates, stop_after, at_most, rng, executor
        As for `poisson`.

    Returns
    -------
    Scan

    Raises
    ------
    ValueError
        If a value is missing, negative or not whole, or an option is out of range.

    References
    ----------
    Kulldorff (1997), Communications in Statistics: Theory and Methods 26, 1481-1496.

    Examples
    --------
    Who feels unsafe, at eight places:

    >>> found = bernoulli([2, 1, 2, 9, 8, 1, 2, 1], [8, 9, 8, 1, 2, 9, 8, 9],
    ...                   [0, 4, 7, 9, 10, 15, 19, 21], [0] * 8, rng=np.random.default_rng(1))
    >>> first = found.clusters[0]
    >>> sorted(first.members.tolist()), first.observed, first.expected, first.p_value
    ([3, 4], 17, 6.5, 0.001)
    """
    where = places(x, y, metric)
    count = arrays.counts("cases", cases, length=len(where.at))[:, None]
    persons = count + arrays.counts("controls", controls, length=len(where.at))[:, None]
    limits, plan = Limits(largest_share, radius), Plan(replicates, stop_after, rng, executor)
    telling, sign = Telling(at_most, without_days, None), side(rates)
    total, whole = float(count.sum()), float(persons.sum())
    manageable(total)
    if whole > MOST_PERSONS:
        raise ValueError(f"controls hold {whole - total:.0f}, too many: use poisson")
    if total in {0, whole}:
        return nothing(total, ONE_SORT)
    weight = np.ascontiguousarray(where.sums(persons).T)
    if np.count_nonzero(weight) < 2:
        return nothing(total, ONE_PLACE)
    around = circles(where, weight[0], limits, executor)
    law = Law(total, whole - total, total / whole, sign)
    search = Search(around, weight, law, Windows(1, 1))
    null = Labels(int(total), weight[0].astype(np.int64))
    return scan(
        search,
        where,
        np.ascontiguousarray(where.sums(count).T),
        null=null,
        plan=plan,
        telling=telling,
    )
