"""Hot spots of two periods: which are stable, which new, which fading."""

from concurrent.futures import Executor
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse

from loftet.analysis import arrays, chance, checks
from loftet.analysis.arrays import Floats
from loftet.analysis.concentration import changed_shares
from loftet.analysis.hotspot.local import getis_ord
from loftet.analysis.hotspot.neighbourhood import Rows, around, rows_of
from loftet.analysis.hotspot.results import LocalStatistic


class State(IntEnum):
    NONE = 0
    STABLE = 1
    NEW = 2
    FADING = 3


@dataclass(frozen=True, slots=True, eq=False)
class Periods:
    """Hot spots of two periods.

    `state` holds a `State` for each cell. `change` is the p-value, adjusted for the number of
    cells, of a change in the share of all events that lies in the neighbourhood, and
    `beyond_chance` whether it is below the level. A spot that is new but not beyond chance was
    perhaps hot before, just under the limit: it is no news yet.
    """

    state: NDArray[np.int8]
    change: Floats
    beyond_chance: NDArray[np.bool_]
    before: LocalStatistic
    after: LocalStatistic
    level: float


def compare(
    before: ArrayLike,
    after: ArrayLike,
    neighbours: sparse.csr_array,
    *,
    level: float = 0.05,
    permutations: int = 999,
    rng: np.random.Generator | None = None,
    executor: Executor | None = None,
) -> Periods:
    """Find hot spots in two periods and say which stayed, came and went.

    A cell is hot when its one-sided p of Gi*, adjusted for the number of cells (Benjamini and
    Hochberg), is below `level`. Whether its neighbourhood changed is a question of its own, put to
    Fisher's exact test on its share of all events: two hot spots are not different because one is
    beyond the limit and the other is not.

    Parameters
    ----------
    before, after : array of shape (n,)
        Whole numbers of events in the same cells.
    neighbours : sparse matrix of shape (n, n)
        Ones where cells are neighbours; with the cells themselves for Gi*.
    level : float
        Limit of the adjusted p-values, between 0 and 1.
    permutations, rng, executor
        As for `getis_ord`, where the exact law needs too large tables.

    Returns
    -------
    Periods

    Raises
    ------
    ValueError
        As `getis_ord`, if counts are not whole, or weights are other than 1.

    References
    ----------
    Gelman and Stern (2006), The American Statistician 60, 328-331, on comparing what is beyond a
    limit with what is not.

    Examples
    --------
    >>> from loftet.analysis.grid import Grid
    >>> touching = Grid.over((0, 0, 5000, 5000), cell=250).neighbours(include_self=True)
    >>> first, second = np.random.default_rng(1).poisson(1, (2, 20, 20))
    >>> first[2:6, 2:6] += 3
    >>> second[2:6, 2:6] += 3
    >>> second[12:16, 12:16] += 3
    >>> state = compare(first.ravel(), second.ravel(), touching).state.reshape(20, 20)
    >>> [State(state[spot]).name for spot in [(4, 4), (14, 14), (9, 9)]]
    ['STABLE', 'NEW', 'NONE']
    """
    checks.fraction("level", level)
    first = arrays.counts("before", before)
    second = arrays.counts("after", after, length=len(first))
    rows = rows_of(neighbours, len(first))
    if not np.all(rows.weights == 1):
        raise ValueError("neighbours must hold ones only: events around a cell are counted")
    then, now = (
        getis_ord(
            counts,
            neighbours,
            alternative="greater",
            permutations=permutations,
            rng=rng,
            executor=executor,
        )
        for counts in (first, second)
    )
    hot_then, hot_now = then.adjusted < level, now.adjusted < level
    state = np.select(
        [hot_then & hot_now, hot_now, hot_then],
        [State.STABLE, State.NEW, State.FADING],
        State.NONE,
    )
    change = _change(_events_around(first, rows), _events_around(second, rows), first, second)
    return Periods(state.astype(np.int8), change, change < level, then, now, level)


def _events_around(counts: Floats, rows: Rows) -> Floats:
    near = around(counts, rows)
    found: Floats = near.sums + near.own * counts
    return found


def _change(before: Floats, after: Floats, first: Floats, second: Floats) -> Floats:
    """Adjusted p of a change of share; NaN where a period without events has no shares."""
    totals = int(first.sum()), int(second.sum())
    if min(totals) == 0:
        return np.full(len(before), np.nan)
    return chance.false_discovery(changed_shares(before, after, totals=totals))
