"""Events with their places, times and bands, and the tables of pairs that follow from them."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from loftet.analysis import arrays, checks
from loftet.analysis.arrays import Floats
from loftet.analysis.nearrepeat import bands, pairs
from loftet.analysis.nearrepeat.pairs import Places
from loftet.analysis.nearrepeat.times import Times, times

LEAST = 4  # events: with three, every pair has an event in common with every other


@dataclass(frozen=True, slots=True, eq=False)
class Events:
    """Events in the order of the grid."""

    places: Places
    times: Times
    distances: Floats
    days: Floats
    everywhere: Floats  # pairs less than each limit of time apart, however far, and last all

    @property
    def pairs(self) -> int:
        n = len(self.places.east)
        return n * (n - 1) // 2

    def degrees(self) -> NDArray[np.int64]:
        """How many others each event has in each band of distance."""
        near = pairs.degrees(self.places)
        if np.isinf(self.distances[-1]):
            far = len(near) - 1 - near.sum(axis=1, keepdims=True)
            near = np.hstack([near, far])
        return near[:, 1:]

    def lags(self) -> NDArray[np.int64]:
        """How many others each event has in each band of time; events in the order of time."""
        within = pairs.lags(np.sort(self.times.first), self.times.within(self.days))
        return self.by_time(within).astype(np.int64)

    def count(self, first: NDArray[Any], last: NDArray[Any] | None) -> Floats:
        """Pairs by band of distance and limit of time, for each column of times, columns first.

        What is beyond the last finite distance is what remains of all pairs.
        """
        limits = self.times.within(self.days)
        counts = np.moveaxis(pairs.count(self.places, first, last, limits), -1, 0)
        if np.isinf(self.distances[-1]):
            far = np.maximum(self.everywhere - counts.sum(axis=1), 0)
            far[far[:, -1] == 0] = 0  # no such pairs, so that nothing is left but rounding
            counts = np.concatenate([counts, far[:, None]], axis=1)
        return counts[:, 1:]

    def by_time(self, within: NDArray[Any]) -> Floats:
        """Counts in each band of time, from those below each finite limit and, last, all."""
        below = np.zeros((*within.shape[:-1], len(self.days)))
        below[..., (self.days > 0) & np.isfinite(self.days)] = within[..., :-1]
        if np.isinf(self.days[-1]):
            below[..., -1] = within[..., -1]
        return np.diff(below, axis=-1)


def read(
    x: ArrayLike,
    y: ArrayLike,
    t: ArrayLike,
    latest: ArrayLike | None,
    *,
    distances: ArrayLike,
    days: ArrayLike,
    metric: str,
) -> Events:
    """Refuse what makes no sense, and put the events in the order of the grid."""
    checks.choice("metric", metric, ("euclidean", "manhattan"))
    metres, time = bands.edges("distances", distances), bands.edges("days", days)
    east, north = arrays.points(x, y)
    if not len(east):
        raise ValueError("x is empty: there must be events before their distances can be told")
    when = times(t, latest, length=len(east))
    ties = (when.first,) if when.last is None else (when.last, when.first)
    places, order = pairs.lay_out(east, north, ties, metres, metric)
    when = when.sorted_by(order)
    return Events(places, when, metres, time, when.pairs(when.within(time)))


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """Pairs in each cell, as they are and as chance alone would have them on average."""

    observed: Floats
    expected: Floats
    why: str  # chance cannot be told from anything else, or nothing

    @property
    def ratio(self) -> Floats:
        with np.errstate(invalid="ignore"):
            ratio: Floats = self.observed / self.expected
        return ratio


def find(events: Events) -> Found:
    first, last = events.times.first, events.times.last
    sums = events.count(first[:, None], None if last is None else last[:, None])[0]
    near, close = sums[:, -1], events.by_time(events.everywhere)
    expected = np.outer(near, close) / max(events.pairs, 1)
    return Found(events.by_time(sums), expected, _why(events, near, close))


def _why(events: Events, near: Floats, close: Floats) -> str:
    """Why chance cannot be told from anything else, or nothing."""
    n, most = len(events.places.east), max(len(near), len(close))
    if n < max(LEAST, most):
        return f"{n} events are too few for {most} bands: take fewer or a longer period"
    if not near.any():
        return "no two events are as near as the distances ask: take wider ones or a longer period"
    if not close.any():
        return "no two events are as close in time as the days ask: take wider bands"
    if near.max() == events.pairs:
        return "all events are in one band of distance: nearer and farther cannot be compared"
    if close.max() >= events.pairs * (1 - 1e-12):
        return "all events are in one band of time: sooner and later cannot be compared"
    return ""
