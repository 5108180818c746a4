"""The scan that asks only for cases: more than place and day, each for itself, explain."""

from concurrent.futures import Executor
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from loftet.analysis import arrays, calendar, checks
from loftet.analysis.arrays import Floats
from loftet.analysis.scan.clusters import Days, Telling, nothing, scan
from loftet.analysis.scan.counting import Law, Search
from loftet.analysis.scan.days import Numbered, numbered
from loftet.analysis.scan.incoming import manageable
from loftet.analysis.scan.nulls import Plan, Shuffle
from loftet.analysis.scan.places import Limits, Metric, Places, circles, places
from loftet.analysis.scan.results import Day, Scan
from loftet.analysis.scan.windows import Window

FEW = "there are fewer than two cases"
ONE_PLACE = "all cases are at one place: there is no other to compare with"
ONE_DAY = "all cases are on one day: there is no other to compare with"


def space_time_permutation(
    location: ArrayLike,
    day: ArrayLike,
    x: ArrayLike,
    y: ArrayLike,
    *,
    prospective: bool,
    radius: float,
    longest: int,
    until: calendar.Day | int | None = None,
    largest_share: float = 0.5,
    metric: Metric = "euclidean",
    replicates: int = 999,
    stop_after: int | None = None,
    at_most: int = 10,
    every: float = 1.0,
    rng: np.random.Generator,
    executor: Executor | None = None,
) -> Scan:
    r"""Find circles and runs of days with more cases than their place and their days explain.

    It needs no population: in a circle with :math:`n_Z` of C cases, and in days with :math:`n_T`
    of them, :math:`\mu = n_Z n_T / C` are expected. With c observed the log likelihood ratio is
    :math:`c\log(c/\mu) + (C-c)\log((C-c)/(C-\mu))`, 0 unless :math:`c > \mu`. In each replicate
    the days are dealt anew among the cases, so that busy places and busy days remain so.

    Parameters
    ----------
    location : array of shape (n,)
        For each case the row of `x` and `y` where it happened.
    day : array of shape (n,)
        For each case its day: dates or whole numbers, in any order.
    x, y : array of shape (m,)
        Places in metres (SWEREF 99 TM), also those without cases; each is the centre of circles.
        Longitude and latitude in degrees for the metric "great circle".
    prospective : bool
        True: only runs that last until `until`, for a watch that is kept day by day. False: any.
    radius : float
        The largest radius of a circle, in metres.
    longest : int
        The largest number of days in a run; keep it below half of those observed.
    until : day, optional
        The last day on which a case would have been seen, in the form of `day`; the day of the last
        case unless told. Tell it in a daily watch: a quiet day is news too.
    largest_share : float
        The share of all cases that a circle may hold over all days, at most one half.
    every : float
        How many days pass between one look and the next, for `recurrence`.
    metric, replicates, stop_after, at_most, rng, executor
        As for `poisson`.

    Returns
    -------
    Scan

    Raises
    ------
    ValueError
        If a day is missing, a location is not a row of `x` and `y`, a case comes after `until`, or
        an option is out of range.

    Notes
    -----
    A place that grows (a new quarter) looks like a cluster, since its people moved in only lately:
    keep to a few years. Cases that come in bundles by nature, such as one night's damage to ten
    cars, are best counted as one.

    References
    ----------
    Kulldorff, Heffernan, Hartman, Assunção and Mostashari (2005), PLoS Medicine 2, e59.

    Examples
    --------
    A case a day at six places in turn, and four more at one of them on the last two days:

    >>> day = list(range(60)) + [58, 58, 59, 59]
    >>> location = [t % 6 for t in range(60)] + [3, 3, 3, 3]
    >>> found = space_time_permutation(location, day, range(0, 600, 100), [0] * 6, radius=100,
    ...     longest=7, prospective=True, rng=np.random.default_rng(1))
    >>> first = found.clusters[0]
    >>> first.members.tolist(), first.first_day, first.last_day, first.observed
    ([3], 57, 59, 5)
    """
    where = places(x, y, metric)
    place = where.at[_rows(location, len(where.at))]
    days = numbered(day, until, length=len(place))
    limits, plan = Limits(largest_share, radius), Plan(replicates, stop_after, rng, executor)
    checks.count("longest", longest)
    checks.positive("longest", longest)
    within = Window(days.count, min(longest, days.count), prospective)
    telling = Telling(at_most, _told(days, within), every if prospective else None)
    manageable(len(place))
    why = _why_not(place, days)
    if why:
        return nothing(len(place), why)
    cases = _Cases(where, place, days, within)
    return scan(
        cases.search(limits, executor),
        where,
        cases.counts,
        null=cases.shuffle,
        plan=plan,
        telling=telling,
    )


def _rows(location: ArrayLike, rows: int) -> NDArray[np.int64]:
    row = arrays.counts("location", location)
    if (row >= rows).any():
        index = int(np.argmax(row >= rows))
        raise ValueError(
            f"location[{index}] = {row[index]:g} is no row of x and y: these are 0 to {rows - 1}"
        )
    return row.astype(np.int64)


def _told(days: Numbered, within: Window) -> Days:
    def told(start: int, stop: int) -> tuple[Day, Day]:
        first, last = within.span(start, stop)
        return days.told(first), days.told(last)

    return told


def _why_not(place: NDArray[np.int64], days: Numbered) -> str:
    if len(place) < 2:
        return FEW
    if np.ptp(place) == 0:
        return ONE_PLACE
    return ONE_DAY if np.ptp(days.number) == 0 else ""


@dataclass(frozen=True, slots=True, eq=False)
class _Cases:
    """Cases by place and day, seen through the windows of the scan."""

    where: Places
    place: NDArray[np.int64]
    days: Numbered
    within: Window

    @property
    def at_place(self) -> Floats:
        return np.bincount(self.place, minlength=self.where.count).astype(float)

    @property
    def on_day(self) -> Floats:
        on_day = np.bincount(self.days.since_first, minlength=self.days.count)
        return self.within.kept(on_day.astype(float))

    @property
    def counts(self) -> Floats:
        counts = np.zeros((len(self.on_day), self.where.count))
        period = self.within.order(self.days.since_first)
        seen = period < len(counts)
        np.add.at(counts, (period[seen], self.place[seen]), 1)
        return counts

    def search(self, limits: Limits, executor: Executor | None) -> Search:
        total = float(len(self.place))
        around = circles(self.where, self.at_place, limits, executor)
        weight = self.on_day[:, None] * self.at_place
        return Search(around, weight, Law(total, 0.0, 1 / total, 1.0), self.within.runs)

    @property
    def shuffle(self) -> Shuffle:
        on_day, at_place = self.on_day, self.at_place
        dealt = np.repeat(np.arange(len(on_day)), on_day.astype(np.int64))
        most = int(np.convolve(on_day, np.ones(self.within.longest)).max())
        return Shuffle(np.sort(self.place), dealt, (len(on_day), len(at_place)), most)
