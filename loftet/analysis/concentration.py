"""How much a few places hold of all events, beside what chance alone would gather there."""

import math
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats

from loftet.analysis import arrays, chance, checks, parallel
from loftet.analysis.arrays import Floats

Whole = NDArray[np.int64]

REPLICATES_AT_ONCE = 64
LEVEL = 0.05


@dataclass(frozen=True, slots=True, eq=False)
class Lorenz:
    """The curve from the busiest place on: these `places` (a share) hold these `events` (a share).

    `most_even` is the curve of as many events spread as evenly as whole events can be: they reach
    no more places than there are events.
    """

    places: Floats
    events: Floats
    most_even: Floats


@dataclass(frozen=True, slots=True)
class BesideChance:
    """A number, and what it would be by chance alone.

    `by_chance` is the mean, `range` the middle 95 per cent of what chance gives, `p_value` the
    chance of a number as extreme and `monte_carlo_error` its standard error.
    """

    value: float
    by_chance: float
    range: tuple[float, float]
    p_value: float
    monte_carlo_error: float


@dataclass(frozen=True, slots=True)
class Concentration:
    """How concentrated events are, beside events that fall on any place by chance.

    `gini` is the common coefficient; `corrected` the one for fewer events than places, with the
    jackknife `error` over places (NaN when one place holds all). `smallest` is the smallest share
    of places that holds the `share` of the events, `needed` how many places these are.
    """

    places: int
    events: int
    gini: float
    corrected: BesideChance
    error: float
    share: float
    smallest: BesideChance
    needed: int


@dataclass(frozen=True, slots=True, eq=False)
class Stability:
    """Whether the busiest places of one period are those of the next; see `stability`.

    `kept` is the share of the `top` places of the first period that are among the top of the
    second, beside what it would be had nothing changed; its p-value is for as little kept as this.
    Without any memory about `top` would be kept. `similar` is the share of places with events whose
    share of all events has not moved beyond chance, and `moved` the p-value of each place, adjusted
    for their number (1 where nothing happened).
    """

    top: float
    kept: BesideChance
    similar: float
    moved: Floats


def lorenz(counts: ArrayLike) -> Lorenz:
    """Lorenz curve of events over places, from the busiest place.

    Parameters
    ----------
    counts : array of shape (n,)
        Whole numbers of events at the places, those without events included.

    Returns
    -------
    Lorenz
        Each of shape (n + 1,).

    Raises
    ------
    ValueError
        If a count is missing, negative or not whole, or nothing happened anywhere.

    References
    ----------
    Bernasco and Steenbeek (2017), Journal of Quantitative Criminology 33, 451-467.

    Examples
    --------
    >>> curve = lorenz([0, 3, 1, 0])
    >>> curve.events.tolist(), curve.places.tolist()
    ([0.0, 0.75, 1.0, 1.0, 1.0], [0.0, 0.25, 0.5, 0.75, 1.0])
    """
    events = _some_events("counts", counts)
    places = np.arange(len(events) + 1) / len(events)
    held = np.concatenate([[0], np.cumsum(np.sort(events)[::-1])]) / events.sum()
    reached = min(1.0, float(events.sum()) / len(events))
    return Lorenz(places, held, np.minimum(places / reached, 1.0))


def concentration(
    counts: ArrayLike,
    *,
    share: float = 0.5,
    replicates: int = 999,
    rng: np.random.Generator,
    executor: Executor | None = None,
) -> Concentration:
    r"""Gini, corrected for few events, and the smallest share of places that holds half of them.

    With c events at n places in rising order, :math:`G = (2\sum i\,y_i / c - n - 1) / n`. Fewer
    events than places cannot be spread evenly, so the corrected coefficient is measured from the
    most even spread there is: :math:`G' = 1 - \max(n/c, 1)(1 - G)`. Chance alone gathers events
    too: both numbers stand beside what c events give that fall on n places by chance. The mean of
    G' by chance is computed; the rest is drawn.

    Parameters
    ----------
    counts : array of shape (n,)
        Whole numbers of events at the places, those without events included.
    share : float
        Which share of the events the fewest places shall hold, between 0 and 1.
    replicates : int
        Draws of events that fall by chance.
    rng : numpy.random.Generator
        Source of the draws.
    executor : concurrent.futures.Executor, optional
        Where they run; threads unless told otherwise.

    Returns
    -------
    Concentration

    Raises
    ------
    ValueError
        If a count is missing, negative or not whole, nothing happened anywhere, or there is only
        one place.

    References
    ----------
    Bernasco and Steenbeek (2017), Journal of Quantitative Criminology 33, 451-467. Levin, Rosenfeld
    and Deckard (2017), same issue, 635-647, and Chalfin, Kaplan and Cuellar (2021), Journal of
    Research in Crime and Delinquency 58, 467-504, on chance as the comparison.

    Examples
    --------
    Eight events at ten places, five of them at one:

    >>> found = concentration([5, 2, 1] + [0] * 7, rng=np.random.default_rng(1))
    >>> round(found.gini, 2), round(found.corrected.value, 2), round(found.corrected.by_chance, 2)
    (0.8, 0.75, 0.41)
    >>> found.needed, found.smallest.value
    (1, 0.1)
    """
    events = _some_events("counts", counts)
    checks.fraction("share", share)
    chance.replicates("replicates", replicates)
    n, c = len(events), int(events.sum())
    if n < 2:
        raise ValueError("counts is a single place: concentration is about several")
    sizes = parallel.cut(replicates, REPLICATES_AT_ONCE)
    seeds = parallel.seeds(rng, len(sizes))
    pieces = [(n, c, share, size, seed) for size, seed in zip(sizes, seeds, strict=True)]
    drawn = np.concatenate(parallel.run(_by_chance, pieces, executor), axis=1)
    measured = _measures(events, share)
    mean = _corrected(_mean_gini(n, c), n, c)
    corrected = _beside(measured.corrected, drawn[0], drawn[0] >= measured.corrected - 1e-12, mean)
    fewest, drawn_fewest = measured.needed / n, drawn[1] / n
    smallest = _beside(
        fewest, drawn_fewest, drawn[1] <= measured.needed, float(drawn_fewest.mean())
    )
    return Concentration(
        n, c, measured.gini, corrected, _jackknife(events), share, smallest, measured.needed
    )


def stability(
    before: ArrayLike,
    after: ArrayLike,
    *,
    top: float = 0.05,
    replicates: int = 999,
    rng: np.random.Generator,
    executor: Executor | None = None,
) -> Stability:
    """Compare which places are busy in two periods, and with how much change chance makes.

    Places that share a count at the limit of the top count in proportion, as if lots were drawn.
    What chance does to a world in which nothing has changed is drawn by dealing the events of each
    place anew to the two periods, with the numbers of both kept.

    Parameters
    ----------
    before, after : array of shape (n,)
        Whole numbers of events at the same places in the two periods.
    top : float
        Share of the places that are called the top, between 0 and 1.
    replicates, rng, executor
        As for `concentration`; what is drawn is a world without change.

    Returns
    -------
    Stability

    Raises
    ------
    ValueError
        If a count is missing, negative or not whole, the rows differ in length, or nothing
        happened in one of the periods.

    References
    ----------
    Andresen (2009), Applied Geography 29, 333-345, for the share of similar places; Wheeler,
    Steenbeek and Andresen (2018), Transactions in GIS 22, for exact tests that are
    adjusted for their number.

    Examples
    --------
    >>> first, second = [9, 8, 1, 0, 1, 0, 2, 1, 0, 1], [7, 2, 1, 1, 0, 1, 0, 9, 0, 1]
    >>> found = stability(first, second, top=0.2, rng=np.random.default_rng(1))
    >>> found.kept.value, found.similar
    (0.5, 1.0)
    """
    first = _some_events("before", before)
    second = _some_events("after", after, length=len(first))
    checks.fraction("top", top)
    chance.replicates("replicates", replicates)
    count = max(1, round(top * len(first)))
    sizes = parallel.cut(replicates, REPLICATES_AT_ONCE)
    pieces = [
        (first + second, int(first.sum()), count, size, seed)
        for size, seed in zip(sizes, parallel.seeds(rng, len(sizes)), strict=True)
    ]
    drawn = np.concatenate(parallel.run(_dealt, pieces, executor))
    kept = _kept(first, second, count)
    beside = _beside(kept, drawn, drawn <= kept + 1e-12, float(drawn.mean()))
    busy = first + second > 0
    moved = np.ones(len(first))
    moved[busy] = chance.false_discovery(changed_shares(first[busy], second[busy]))
    return Stability(count / len(first), beside, float(np.mean(moved[busy] >= LEVEL)), moved)


def changed_shares(
    before: ArrayLike, after: ArrayLike, *, totals: tuple[int, int] | None = None
) -> Floats:
    """Fisher's exact p for each place: whether its share of all events has changed.

    Twice the smaller tail. `totals` are the events of the two periods, where the places overlap or
    are not all there are.

    >>> changed_shares([9, 1, 40], [1, 4, 45]).round(3).tolist()
    [0.016, 0.362, 0.262]
    """
    first = arrays.counts("before", before).astype(np.int64)
    second = arrays.counts("after", after, length=len(first)).astype(np.int64)
    whole = (int(first.sum()), int(second.sum())) if totals is None else totals
    step = int(second.max(initial=0)) + 1
    pairs, place = np.unique(first * step + second, return_inverse=True)
    then, now = np.divmod(pairs, step)
    law = stats.hypergeom(sum(whole), whole[1], then + now)
    found: Floats = np.minimum(2 * np.minimum(law.cdf(now), law.sf(now - 1)), 1.0)[place]
    return found


def _some_events(name: str, values: ArrayLike, *, length: int | None = None) -> Whole:
    events = arrays.counts(name, values, length=length).astype(np.int64)
    if not events.any():
        raise ValueError(f"{name} are all 0: nothing happened that could be concentrated")
    return events


class _Measures(NamedTuple):
    gini: float
    corrected: float
    needed: int


def _measures(events: Whole, share: float) -> _Measures:
    """Both measures from how many places hold each count, which spares sorting the places."""
    n, c = len(events), int(events.sum())
    held = np.bincount(events)
    count = np.flatnonzero(held)
    places = held[count]
    below = np.cumsum(places) - places
    ranks = places * (2 * below + places + 1) / 2
    gini = (2 * float((ranks * count).sum()) / c - n - 1) / n
    return _Measures(gini, _corrected(gini, n, c), _needed(count[::-1], places[::-1], share * c))


def _needed(count: Whole, places: Whole, wanted: float) -> int:
    """Fewest places that hold so many events; counts from the largest down."""
    gathered = np.cumsum(count * places)
    last = int(np.searchsorted(gathered, wanted * (1 - 1e-12)))
    before = int(gathered[last] - count[last] * places[last])
    full = int(places[:last].sum())
    return full + math.ceil((wanted * (1 - 1e-12) - before) / int(count[last]))


def _corrected(gini: float, places: int, events: int) -> float:
    return max(1 - max(places / events, 1.0) * (1 - gini), 0.0)  # rounding alone goes below


def _by_chance(places: int, events: int, share: float, size: int, seed: int) -> Floats:
    """Corrected Gini and number of places needed, for events that fall anywhere."""
    rng = np.random.default_rng(seed)
    found = np.empty((2, size))
    for replicate in range(size):
        drawn = np.bincount(rng.integers(places, size=events), minlength=places)
        found[:, replicate] = _measures(drawn, share)[1:]
    return found


def _mean_gini(places: int, events: int) -> float:
    r"""Mean Gini of events that fall on places by chance alone.

    Two places share s events, binomial, and differ by :math:`s \binom{s-1}{[(s-1)/2]} / 2^{s-1}`
    on average.
    """
    together = stats.binom(events, 2 / places)
    low, high = together.mean() - 12 * together.std(), together.mean() + 12 * together.std() + 40
    s = np.arange(max(1, math.floor(low)), min(events, math.ceil(high)) + 1)
    half = (s - 1) // 2
    apart = s * np.exp(stats.binom.logpmf(half, s - 1, 0.5))
    return (places - 1) * float(together.pmf(s) @ apart) / (2 * events)


def _beside(
    value: float, drawn: Floats, as_extreme: NDArray[np.bool_], mean: float
) -> BesideChance:
    low, high = np.quantile(drawn, [0.025, 0.975])
    p_value = float(chance.rank_p(np.count_nonzero(as_extreme), len(drawn)))
    error = float(chance.rank_error(p_value, len(drawn)))
    return BesideChance(value, mean, (float(low), float(high)), p_value, error)


def _jackknife(events: Whole) -> float:
    """Standard error of the corrected Gini, leaving out a place at a time.

    Without the place of rank i those above it lose one rank each.
    """
    n, c = len(events), int(events.sum())
    rising = np.sort(events)
    rank = np.arange(1, n + 1)
    left = c - rising
    if not left.all():
        return math.nan
    above = c - np.cumsum(rising)
    weighted = float(rank @ rising) - rank * rising - above
    gini = (2 * weighted / left - n) / (n - 1)
    each = 1 - np.maximum((n - 1) / left, 1.0) * (1 - gini)
    return math.sqrt((n - 1) / n * float(np.sum((each - each.mean()) ** 2)))


def _kept(before: Whole, after: Whole, count: int) -> float:
    return float((_in_top(before, count) * _in_top(after, count)).sum()) / count


def _in_top(events: Whole, count: int) -> Floats:
    """One for places in the top, and a part of one where several share the last of its rooms."""
    at_least = np.bincount(events)[::-1].cumsum()[::-1]
    limit = np.count_nonzero(at_least >= count) - 1
    above, at = events > limit, events == limit
    found: Floats = above + at * (count - np.count_nonzero(above)) / np.count_nonzero(at)
    return found


def _dealt(both: Whole, first: int, count: int, size: int, seed: int) -> Floats:
    """Share of the top that is kept when the events of each place are dealt to two periods."""
    rng = np.random.default_rng(seed)
    places = np.repeat(np.arange(len(both)), both)
    found = np.empty(size)
    for replicate in range(size):
        drawn = rng.choice(places, first, replace=False, shuffle=False)
        dealt = np.bincount(drawn, minlength=len(both))
        found[replicate] = _kept(dealt, both - dealt, count)
    return found
