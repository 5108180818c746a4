"""From counts to clusters: the likeliest circle, then the likeliest that touches none before it."""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from loftet.analysis import chance, checks
from loftet.analysis.arrays import Floats
from loftet.analysis.scan.counting import Law, Likeliest, Search, likeliest, touching
from loftet.analysis.scan.nulls import TIE, Null, Plan
from loftet.analysis.scan.places import Places
from loftet.analysis.scan.results import Cluster, Day, Scan

NO_EXCESS = "no circle holds more cases than expected and at least two"
NO_LACK = "no circle holds fewer cases than expected"
TOO_LARGE = "no circle is small enough: each place alone holds more than largest_share of all"

Days = Callable[[int, int], tuple[Day | None, Day | None]]  # from the periods of the scan


@dataclass(frozen=True, slots=True, eq=False)
class Circle:
    """One likeliest circle: its places from the centre outwards, its window, what is in it."""

    ratio: float
    count: float
    expected: float
    centre: int
    places: NDArray[np.int64]
    radius: float
    start: int
    stop: int


@dataclass(frozen=True, slots=True, eq=False)
class Telling:
    """How clusters are told: how many, in which days, and how often one looks (None: once)."""

    at_most: int
    days: Days
    every: float | None

    def __post_init__(self) -> None:
        checks.count("at_most", self.at_most)
        if self.at_most < 1:
            raise ValueError("at_most must be at least 1: the likeliest cluster is always told")
        if self.every is not None:
            checks.positive("every", self.every)


def without_days(_: int, __: int) -> tuple[None, None]:
    return None, None


def nothing(total: float, why: str) -> Scan:
    return Scan((), int(total), 0, np.empty(0), why)


def scan(
    search: Search, where: Places, counts: Floats, *, null: Null, plan: Plan, telling: Telling
) -> Scan:
    """Clusters in counts by period and place, each with its p."""
    total = int(search.law.cases)
    if not len(search.circles.order):
        return nothing(total, TOO_LARGE)
    found = list(_apart(search, where, counts, telling.at_most))
    if not found:
        return nothing(total, NO_EXCESS if search.law.sign > 0 else NO_LACK)
    chances = _Chances(plan, plan.maxima(search, null, found[0].ratio))
    clusters = tuple(_told(circle, where, search.law, chances, telling) for circle in found)
    return Scan(clusters, total, len(chances.null), chances.null, "")


# --- Circles ------------------------------------------------------------------------------------


def _apart(search: Search, where: Places, counts: Floats, at_most: int) -> Iterator[Circle]:
    """Likeliest circles, each without any place of those before it."""
    found = _none_yet(where.count)
    taken, centres = np.zeros(where.count, dtype=bool), np.arange(where.count)
    for _ in range(at_most):
        likeliest(search, counts, centres, taken, found)
        if not found.ratio.max() > 0:
            return
        circle = _likeliest_of_all(search, where, found)
        yield circle
        taken[circle.places] = True
        centres = np.flatnonzero(touching(search.circles, found.steps, taken))


def _none_yet(places: int) -> Likeliest:
    ratio, observed, weight = np.zeros((3, places))
    steps, start, stop = np.zeros((3, places), dtype=np.int64)
    return Likeliest(ratio, observed, weight, steps, start, stop)


def _likeliest_of_all(search: Search, where: Places, found: Likeliest) -> Circle:
    """The likeliest circle; among those with the same ratio the smallest."""
    alike = np.flatnonzero(found.ratio >= found.ratio.max() * (1 - TIE)).tolist()
    return min((_circle(search, where, found, place) for place in alike), key=lambda c: c.radius)


def _circle(search: Search, where: Places, found: Likeliest, centre: int) -> Circle:
    begin = search.circles.first[centre]
    places = search.circles.order[begin : begin + found.steps[centre]].astype(np.int64)
    return Circle(
        ratio=float(found.ratio[centre]),
        count=float(found.observed[centre]),
        expected=float(found.weight[centre] * search.law.scale),
        centre=centre,
        places=places,
        radius=float(where.distance(centre, places).max()),
        start=int(found.start[centre]),
        stop=int(found.stop[centre]),
    )


# --- Clusters -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, eq=False)
class _Chances:
    """What the replicates say of a ratio."""

    plan: Plan
    null: Floats

    def p_value(self, ratio: float) -> float:
        return self.plan.p_value(self.null, ratio)

    def gumbel_p(self, ratio: float) -> float:
        """Upper tail of the Gumbel law with the mean and standard deviation of the replicates."""
        spread = float(np.std(self.null)) * math.sqrt(6) / math.pi
        if spread == 0:
            return math.nan
        mode = float(np.mean(self.null)) - np.euler_gamma * spread
        return -math.expm1(-math.exp(-(ratio - mode) / spread))


def _told(circle: Circle, where: Places, law: Law, chances: _Chances, telling: Telling) -> Cluster:
    p_value = chances.p_value(circle.ratio)
    first_day, last_day = telling.days(circle.start, circle.stop)
    members = where.rows(circle.places)
    return Cluster(
        members=members,
        observed=int(circle.count),
        expected=circle.expected,
        log_likelihood_ratio=circle.ratio,
        p_value=p_value,
        first_day=first_day,
        last_day=last_day,
        centre=int(members[0]),
        radius=circle.radius,
        relative_risk=_relative_risk(circle.count, circle.expected, law.cases),
        gumbel_p=chances.gumbel_p(circle.ratio),
        recurrence=math.nan if telling.every is None else chance.once_in(p_value, telling.every),
    )


def _relative_risk(count: float, expected: float, cases: float) -> float:
    if count == cases:
        return math.inf
    return count / expected / ((cases - count) / (cases - expected))
