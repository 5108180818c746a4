"""Scans for places where there are more, or fewer, cases than expected."""

from concurrent.futures import Executor

import numpy as np
from numpy.typing import ArrayLike

from loftet.analysis import arrays
from loftet.analysis.arrays import Floats
from loftet.analysis.scan.clusters import Telling, nothing, scan, without_days
from loftet.analysis.scan.counting import Law, Search
from loftet.analysis.scan.incoming import manageable, not_negative, table
from loftet.analysis.scan.nulls import Plan, Spread
from loftet.analysis.scan.places import Limits, Metric, Places, circles, places
from loftet.analysis.scan.results import Rates, Scan, side
from loftet.analysis.scan.windows import Window, window

FEW = "there are fewer than two cases"
ONE_PLACE = "cases are expected at one place only: there is nowhere to compare with"


def poisson(
    cases: ArrayLike,
    expected: ArrayLike,
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
    r"""Find circles with more cases than expected, and how often chance makes any as likely.

    With c of C cases where e are expected (expectations are scaled to add up to C), a circle has
    the log likelihood ratio :math:`c\log(c/e) + (C-c)\log((C-c)/(C-e))`, 0 unless c > e. All
    circles about all places are tried. In each replicate the C cases are spread by the
    expectations, and the largest ratio of all circles is kept; p is the rank of the data's among
    them, so that having looked everywhere is paid for.

    Parameters
    ----------
    cases : array of shape (m,)
        Cases in each region.
    expected : array of shape (m,)
        Population, or what is expected from age, sex and the like (`expected_from_strata`), on any
        scale. A region where nothing is expected may have no case.
    x, y : array of shape (m,)
        A point for each region in metres (SWEREF 99 TM); longitude and latitude in degrees for the
        metric "great circle". Regions with the same point enter circles together.
    largest_share : float
        The share of all expected cases that a circle may hold, at most one half.
    radius : float, optional
        The largest radius of a circle, in metres.
    metric : {"euclidean", "great circle"}
        Distances on the map, or on the globe.
    rates : {"high", "low"}
        Whether to look for many cases (at least two in a cluster) or for few.
    replicates : int
        Number of replicates, at least 19.
    stop_after : int, optional
        Stop when so many replicates have reached the likeliest cluster: what is not remarkable is
        seen early (Besag and Clifford).
    at_most : int
        The number of clusters told, likeliest first. Each is the likeliest circle that touches
        none before it; its p is against the largest ratio anywhere, hence cautious.
    rng : numpy.random.Generator
        Where replicates come from.
    executor : concurrent.futures.Executor, optional
        Where they are made; on threads by default. The result is the same.

    Returns
    -------
    Scan

    Raises
    ------
    ValueError
        If a value is missing or negative, a case lies where none is expected, or an option is out
        of range.

    References
    ----------
    Kulldorff (1997), Communications in Statistics: Theory and Methods 26, 1481-1496; Abrams,
    Kulldorff and Kleinman (2010), International Journal of Health Geographics 9:61 (Gumbel); Besag
    and Clifford (1991), Biometrika 78, 301-304.

    Examples
    --------
    Eight areas along a road, with 1000 inhabitants each:

    >>> found = poisson([4, 5, 3, 14, 13, 4, 5, 3], [1000] * 8, [0, 4, 7, 9, 10, 15, 19, 21],
    ...                 [0] * 8, rng=np.random.default_rng(1))
    >>> first = found.clusters[0]
    >>> sorted(first.members.tolist()), first.observed, first.expected, first.p_value < 0.05
    ([3, 4], 27, 12.75, True)
    """
    where = places(x, y, metric)
    count = arrays.counts("cases", cases, length=len(where.at))[:, None]
    load = not_negative("expected", expected, length=len(where.at))[:, None]
    return _against_expected(
        where,
        count,
        load,
        within=Window(1, 1, prospective=False),
        limits=Limits(largest_share, radius),
        rates=rates,
        plan=Plan(replicates, stop_after, rng, executor),
        telling=Telling(at_most, without_days, None),
    )


def space_time_poisson(
    cases: ArrayLike,
    expected: ArrayLike,
    x: ArrayLike,
    y: ArrayLike,
    *,
    prospective: bool,
    longest: int | None = None,
    largest_share: float = 0.5,
    radius: float | None = None,
    metric: Metric = "euclidean",
    rates: Rates = "high",
    replicates: int = 999,
    stop_after: int | None = None,
    at_most: int = 10,
    every: float = 1.0,
    rng: np.random.Generator,
    executor: Executor | None = None,
) -> Scan:
    """Find circles and runs of periods (cylinders) with more cases than expected.

    As `poisson`, with periods such as years as columns. A rise that is the same everywhere is a
    cluster too if it is not in `expected`; where only the pattern in space shall count, use
    `space_time_permutation`.

    Parameters
    ----------
    cases, expected : array of shape (m, periods)
        A row for each region and a column for each period, all of the same length.
    prospective : bool
        Whether only runs that last until the last period are of interest: what goes on now.
    longest : int, optional
        The largest number of periods in a run; half of all, rounded down, by default.
    every : float
        How many periods pass between one look and the next, for `recurrence`.
    x, y, largest_share, radius, metric, rates, replicates, stop_after, at_most, rng, executor
        As for `poisson`.

    Returns
    -------
    Scan
        Days are columns of `cases`.

    Raises
    ------
    ValueError
        As `poisson`, and if `longest` is not among the periods.

    References
    ----------
    Kulldorff (2001), Journal of the Royal Statistical Society A 164, 61-72; Kulldorff, Athas,
    Feuer, Miller and Key (1998), American Journal of Public Health 88, 1377-1380.

    Examples
    --------
    >>> cases = [[2, 1, 2, 1], [1, 2, 1, 2], [2, 1, 9, 8], [1, 2, 1, 1]]
    >>> found = space_time_poisson(cases, np.ones((4, 4)), range(4), [0] * 4, prospective=True,
    ...                            rng=np.random.default_rng(1))
    >>> first = found.clusters[0]
    >>> first.members.tolist(), first.first_day, first.last_day, first.observed
    ([2], 2, 3, 17)
    """
    where = places(x, y, metric)
    count = table("cases", cases, arrays.counts, rows=len(where.at))
    load = table("expected", expected, not_negative, rows=len(where.at))
    if count.shape != load.shape:
        raise ValueError(f"expected has {load.shape[1]} periods, cases {count.shape[1]}")
    within = window(count.shape[1], longest, prospective=prospective)
    return _against_expected(
        where,
        count,
        load,
        within=within,
        limits=Limits(largest_share, radius),
        rates=rates,
        plan=Plan(replicates, stop_after, rng, executor),
        telling=Telling(at_most, within.span, every if prospective else None),
    )


def _against_expected(
    where: Places,
    count: Floats,
    load: Floats,
    *,
    within: Window,
    limits: Limits,
    rates: Rates,
    plan: Plan,
    telling: Telling,
) -> Scan:
    """Scan counts and expectations, both by region and period."""
    sign, total, whole = side(rates), float(count.sum()), float(load.sum())
    manageable(total)
    _refuse_unexpected(count, load)
    if total < 2:
        return nothing(total, FEW)
    weight = np.ascontiguousarray(where.sums(load).T)
    by_place = weight.sum(axis=0)
    if np.count_nonzero(by_place) < 2:
        return nothing(total, ONE_PLACE)
    kept = within.kept(weight)
    around = circles(where, by_place, limits, plan.executor)
    search = Search(around, kept, Law(total, 0.0, total / whole, sign), within.runs)
    null = Spread(int(total), kept / whole)
    return scan(
        search, where, within.kept(where.sums(count).T), null=null, plan=plan, telling=telling
    )


def _refuse_unexpected(count: Floats, load: Floats) -> None:
    wrong = (count > 0) & (load == 0)
    if wrong.any():
        row, column = np.argwhere(wrong)[0].tolist()
        place = f"[{row}]" if count.shape[1] == 1 else f"[{row}][{column}]"
        raise ValueError(
            f"cases{place} = {count[row, column]:g} where expected is 0: "
            "correct the population, or leave the region out"
        )
