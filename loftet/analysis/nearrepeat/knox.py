"""Knox's test: whether events that are near in place follow each other sooner than by chance."""

from concurrent.futures import Executor
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from loftet.analysis import chance, parallel
from loftet.analysis.arrays import Floats
from loftet.analysis.nearrepeat import bands, pairs
from loftet.analysis.nearrepeat.events import Events, find, read

PIECE = 128  # permutations counted at a time: their times fill a few lines of the processor's cache
ROOM = 2**26  # bytes for the times of a piece: where there are very many events it is smaller

Metric = Literal["euclidean", "manhattan"]


@dataclass(frozen=True, slots=True, eq=False)
class Knox:
    """Pairs of events in each band of distance (rows) and time (columns), beside chance.

    ``ratio[0, 1]`` tells how many times as many pairs there are in the first band of distance and
    the second of time as if places and times had nothing to do with each other.
    """

    distances: Floats
    days: Floats
    whole: bool  # whether the times are whole days, so that bands are days of the calendar
    observed: Floats
    expected: Floats
    ratio: Floats
    p_value: Floats
    p_adjusted: Floats
    monte_carlo_error: Floats
    permutations: int
    why: str

    @property
    def rows(self) -> tuple[str, ...]:
        return bands.distance_words(self.distances)

    @property
    def columns(self) -> tuple[str, ...]:
        return bands.day_words(self.days, whole=self.whole)


def knox(
    x: ArrayLike,
    y: ArrayLike,
    t: ArrayLike,
    *,
    distances: ArrayLike,
    days: ArrayLike,
    latest: ArrayLike | None = None,
    metric: Metric = "euclidean",
    permutations: int = 999,
    rng: np.random.Generator,
    executor: Executor | None = None,
) -> Knox:
    """Knox's test of near repeats, for bands of distance and time.

    Parameters
    ----------
    x, y : array_like, shape (events,)
        East and north in metres (SWEREF 99 TM). The order of the events does not matter.
    t : array_like, shape (events,)
        Times: numbers of days, dates, or local datetimes; with `latest`, the earliest possible
        ones. Give dates to count by the calendar: two datetimes are "less than 1 day" apart within
        24 hours, also across midnight.
    distances : array_like, shape (rows + 1,)
        Rising edges in metres. A row holds pairs at least as far apart as its lower edge and nearer
        than its upper. Begin with 0, 1 to have the same place in a row of its own; end with
        ``inf`` to have the rest in one.
    days : array_like, shape (columns + 1,)
        Rising edges in days, likewise: ``[0, 1, 8]`` is the same day, and 1 to 7 days later.
    latest : array_like, shape (events,), optional
        Latest possible times, for events such as burglaries that were found afterwards. Each day
        (each minute, where the times are not whole days) from the earliest to the latest is then as
        likely, and a pair counts in a band with the chance that its distance in time is in it.
    metric : {"euclidean", "manhattan"}
        As the crow flies, or along streets that run north and east.
    permutations : int
        How many times the times are dealt anew to the places.
    rng : numpy.random.Generator
        Where the permutations come from. The number of workers does not change them.
    executor : concurrent.futures.Executor, optional
        Where the work is done; threads of this process unless told otherwise.

    Returns
    -------
    Knox
        Tables with a row for each band of distance and a column for each of time; `rows` and
        `columns` tell the bands in words. ``expected`` is exact, so that ``ratio`` has no Monte
        Carlo error. ``p_value`` tells how often chance alone gives at least as many pairs, one cell
        by itself; ``p_adjusted`` how often it gives any cell of the table so small a p. Where
        nothing can be told they are NaN and ``why`` says it.

    Raises
    ------
    ValueError
        If an argument is missing somewhere, not a number, or makes no sense; it says where.

    Notes
    -----
    The number of pairs in a cell, if the times were dealt at random, has the mean

        pairs in the band of distance * pairs in the band of time / all pairs.

    The p-values are ranks of the observed number among those of the permutations. Adjusted ones are
    ranks of the smallest p of each permutation (Westfall and Young), so that the chance of any
    false alarm in the table is held.

    References
    ----------
    Knox (1964), Applied Statistics 13, 25-29. Besag and Diggle (1977), Applied Statistics 26,
    327-333. Westfall and Young (1993), Resampling-Based Multiple Testing. Ratcliffe and McCullagh
    (1998), on earliest and latest times, IJGIS 12, 751-764.

    Examples
    --------
    >>> import numpy as np
    >>> rng = np.random.default_rng(1)
    >>> x, y, t = rng.uniform(0, 3000, 200), rng.uniform(0, 3000, 200), rng.integers(0, 365, 200)
    >>> x[:20], y[:20], t[:20] = x[20:40] + 50, y[20:40], t[20:40] + 1
    >>> found = knox(x, y, t, distances=[0, 100, 200], days=[0, 1, 4], rng=rng)
    >>> found.rows[0], found.columns[1]
    ('less than 100 m', '1 to 3 days later')
    >>> found.observed[0].tolist(), found.ratio[0].round(1).tolist(), found.p_value[0].tolist()
    ([0.0, 22.0], [0.0, 16.8], [1.0, 0.001])
    """
    chance.replicates("permutations", permutations)
    events = read(x, y, t, latest, distances=distances, days=days, metric=metric)
    found = find(events)
    if found.why:
        p_value = p_adjusted = np.full(found.observed.shape, np.nan)
    else:
        counts = permuted(events, permutations, rng, executor)
        p_value, p_adjusted = _ranks(np.concatenate([found.observed[None], counts]))
    return Knox(
        distances=events.distances,
        days=events.days,
        whole=events.times.whole,
        observed=found.observed,
        expected=found.expected,
        ratio=found.ratio,
        p_value=p_value,
        p_adjusted=p_adjusted,
        monte_carlo_error=chance.rank_error(p_value, permutations),
        permutations=permutations,
        why=found.why,
    )


def permuted(
    events: Events, permutations: int, rng: np.random.Generator, executor: Executor | None
) -> Floats:
    """Tables of the permutations, of shape (permutations, rows, columns)."""
    times = events.times
    bytes_each = times.first.nbytes + (0 if times.last is None else times.last.nbytes)
    sizes = parallel.cut(permutations, min(max(ROOM // bytes_each, 16), PIECE))
    seeds = parallel.seeds(rng, len(sizes))
    pieces = [(events, size, seed) for size, seed in zip(sizes, seeds, strict=True)]
    return np.concatenate(parallel.run(_piece, pieces, executor))


def _piece(events: Events, columns: int, seed: int) -> Floats:
    """Tables of some permutations; the same seed deals first and last times alike."""
    times, last = events.times, None
    first = pairs.deal(times.first, np.random.default_rng(seed), columns)
    if times.last is not None:
        last = pairs.deal(times.last, np.random.default_rng(seed), columns)
    return events.by_time(events.count(first, last))


def _ranks(counts: Floats) -> tuple[Floats, Floats]:
    """Each p of the first of many tables, for each cell by itself and for the table as a whole."""
    total = len(counts)
    cells = counts.reshape(total, -1).T
    as_many = np.array([total - np.searchsorted(np.sort(cell), cell) for cell in cells])
    rarest = np.sort(as_many.min(axis=0))
    as_rare = np.searchsorted(rarest, as_many[:, 0], "right")
    shape = counts.shape[1:]
    return as_many[:, 0].reshape(shape) / total, as_rare.reshape(shape) / total
