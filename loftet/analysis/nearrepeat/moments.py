"""Knox's counts over all permutations, without one: exact moments, for very many events."""

from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import betainc, gammainc

from loftet.analysis.arrays import Floats
from loftet.analysis.nearrepeat import bands
from loftet.analysis.nearrepeat.events import LEAST, find, read
from loftet.analysis.nearrepeat.knox import Metric


@dataclass(frozen=True, slots=True, eq=False)
class Moments:
    """Pairs of events in each band of distance (rows) and time (columns), beside chance."""

    distances: Floats
    days: Floats
    whole: bool  # whether the times are whole days, so that bands are days of the calendar
    observed: Floats
    expected: Floats
    ratio: Floats
    variance: Floats
    z: Floats
    p_value: Floats
    why: str

    @property
    def rows(self) -> tuple[str, ...]:
        return bands.distance_words(self.distances)

    @property
    def columns(self) -> tuple[str, ...]:
        return bands.day_words(self.days, whole=self.whole)


def knox_moments(
    x: ArrayLike,
    y: ArrayLike,
    t: ArrayLike,
    *,
    distances: ArrayLike,
    days: ArrayLike,
    metric: Metric = "euclidean",
) -> Moments:
    """Knox's test from exact moments: for hundreds of thousands of events, or for a quick look.

    Parameters
    ----------
    x, y, t, distances, days, metric
        As for `knox`. Earliest and latest times are for `knox` alone.

    Returns
    -------
    Moments
        Tables with a row for each band of distance and a column for each of time. ``expected`` and
        ``variance`` are those over all permutations of the times, exactly; ``z`` is the observed
        number in standard deviations; ``p_value`` the chance of at least as many pairs under the
        law below. Where nothing can be told it is NaN and ``why`` says it.

    Raises
    ------
    ValueError
        If an argument is missing somewhere, not a number, or makes no sense; it says where.

    Notes
    -----
    With *n* events, the variance follows from how many pairs there are in the band of distance, how
    many pairs of such pairs have an event in common and how many have none; and likewise in time:

        E X(X - 1) = A2 B2 / n(n-1)(n-2) + 4 A3 B3 / n(n-1)(n-2)(n-3).

    The p-value is that of the count with this mean and variance: negative binomial where the
    variance is above the mean, binomial where it is below, Poisson between. It follows permutations
    also where few pairs are expected, where the normal law is far too sure of itself.

    References
    ----------
    Knox (1964), Applied Statistics 13, 25-29. Barton and David (1966), The random intersection of
    two graphs, in Research Papers in Statistics, 455-459. Mantel (1967), Cancer Research 27,
    209-220.

    Examples
    --------
    >>> x, t = [0, 10, 500, 510, 900, 2000], [1, 1, 9, 9, 20, 30]
    >>> found = knox_moments(x, [0] * 6, t, distances=[0, 50], days=[0, 1])
    >>> found.observed.item(), found.expected.round(3).item(), found.variance.round(3).item()
    (2.0, 0.267, 0.24)
    """
    events = read(x, y, t, None, distances=distances, days=days, metric=metric)
    found = find(events)
    variance = np.full(found.observed.shape, np.nan)
    if len(events.times.first) >= LEAST:
        variance = _variances(events.degrees(), events.lags())
    p_value = _at_least(found.observed, found.expected, variance)
    with np.errstate(invalid="ignore", divide="ignore"):
        z = (found.observed - found.expected) / np.sqrt(variance)
    return Moments(
        distances=events.distances,
        days=events.days,
        whole=events.times.whole,
        observed=found.observed,
        expected=found.expected,
        ratio=found.ratio,
        variance=variance,
        z=z,
        p_value=np.full(p_value.shape, np.nan) if found.why else p_value,
        why=found.why,
    )


class _Band(NamedTuple):
    pairs: int
    touching: int  # ordered pairs of pairs with one event in common
    apart: int  # and with none


def _variances(near: NDArray[np.int64], close: NDArray[np.int64]) -> Floats:
    n = len(near)
    times = _bands(close)
    return np.array([[_variance(n, place, time) for time in times] for place in _bands(near)])


def _bands(degrees: NDArray[np.int64]) -> list[_Band]:
    """Sums over events of their degrees; whole numbers of Python, which do not overflow."""
    bands = []
    for degree in degrees.T.tolist():
        pairs, touching = sum(degree) // 2, sum(d * (d - 1) for d in degree)
        bands.append(_Band(pairs, touching, pairs * (pairs - 1) - touching))
    return bands


def _variance(n: int, place: _Band, time: _Band) -> float:
    """Exact: the terms are large and nearly cancel."""
    mean = Fraction(2 * place.pairs * time.pairs, n * (n - 1))
    touching = Fraction(place.touching * time.touching, n * (n - 1) * (n - 2))
    apart = Fraction(4 * place.apart * time.apart, n * (n - 1) * (n - 2) * (n - 3))
    return float(mean + touching + apart - mean**2)


def _at_least(observed: Floats, mean: Floats, variance: Floats) -> Floats:
    """Chance of at least as many, for a count of this mean and variance."""
    spread = variance - mean
    with np.errstate(invalid="ignore", divide="ignore"):
        size = mean**2 / abs(spread)
        wide = betainc(observed, size, spread / variance)
        narrow = np.where(
            observed < size + 1, betainc(observed, size - observed + 1, -spread / mean), 0
        )
    even = abs(spread) < 1e-9 * mean
    p_value: Floats = np.select([even, spread > 0], [gammainc(observed, mean), wide], narrow)
    return np.where((observed == 0) | (variance <= 0), 1.0, p_value)
