"""The same law by drawing, where values are not whole or neighbours weigh differently."""

from concurrent.futures import Executor
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from loftet.analysis import chance, parallel
from loftet.analysis.arrays import Floats
from loftet.analysis.hotspot.exact import Tails
from loftet.analysis.hotspot.neighbourhood import Rows
from loftet.analysis.kernels import kernel

CELLS_AT_ONCE = 8192


class Draws(NamedTuple):
    """Values drawn for the neighbours of any cell: `values[j, r]` for the j-th in replicate r.

    `cells` says where each value was drawn. A cell that meets itself there takes the next one, so
    one draw more is made than the largest number of neighbours.
    """

    values: Floats
    cells: NDArray[np.int64]


def tails(
    values: Floats,
    rows: Rows,
    sums: Floats,
    *,
    permutations: int,
    rng: np.random.Generator,
    executor: Executor | None = None,
) -> Tails:
    """Rank of each cell's sum of neighbours among those of shared permutations of other cells.

    All cells meet the same draws, which makes them cheap; the chances of a single cell are those of
    permutations of its own. `exactly` is 0: the rank counts the map found among its permutations.
    """
    most = int(np.diff(rows.starts).max())
    drawn = _draw(values, min(most + 1, len(values)), permutations, rng)
    pieces, start = [], 0
    for size in parallel.cut(len(values), CELLS_AT_ONCE):
        stop = start + size
        first, last = rows.starts[start], rows.starts[stop]
        starts = rows.starts[start : stop + 1] - first
        part = Rows(starts, rows.indices[first:last], rows.weights[first:last])
        pieces.append((start, part, sums[start:stop], drawn))
        start = stop
    counted = np.concatenate(parallel.run(_count, pieces, executor), axis=1)
    at_least, at_most = chance.rank_p(counted, permutations)
    return Tails(at_least, at_most, np.zeros(len(values)))


def _draw(values: Floats, size: int, permutations: int, rng: np.random.Generator) -> Draws:
    cells = np.array([rng.choice(len(values), size, replace=False) for _ in range(permutations)])
    return Draws(np.ascontiguousarray(values[cells].T), np.ascontiguousarray(cells.T))


def _count(start: int, rows: Rows, sums: Floats, drawn: Draws) -> NDArray[np.int64]:
    """Permutations with sums at least and at most as large as found, for a piece of the map."""
    met = _met(start, len(sums), drawn.cells)
    counted: NDArray[np.int64] = _compare(start, rows, sums, drawn.values, met)
    return counted


def _met(start: int, size: int, cells: NDArray[np.int64]) -> NDArray[np.int64]:
    """Where cells of this piece were drawn: rows of cell (in the piece), place and replicate."""
    place, replicate = np.nonzero((cells >= start) & (cells < start + size))
    met = np.column_stack([cells[place, replicate] - start, place, replicate])
    return met[np.argsort(met[:, 0], kind="stable")]


@kernel
def _compare(
    start: int, rows: Rows, sums: Floats, values: Floats, met: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Every weight is multiplied with one row of draws, for all replicates at once."""
    counted = np.empty((2, len(sums)), dtype=np.int64)
    total = np.empty(values.shape[1])
    own = np.empty(int(np.diff(rows.starts).max()))
    largest = np.abs(values).max()
    together = values.copy()
    for j in range(1, len(values)):
        together[j] += together[j - 1]
    next_met = 0
    for cell in range(len(sums)):
        count = 0
        for entry in range(rows.starts[cell], rows.starts[cell + 1]):
            if rows.indices[entry] != start + cell:
                own[count] = rows.weights[entry]
                count += 1
        _sum_up(own[:count], values, together, total)
        while next_met < len(met) and met[next_met, 0] == cell:
            if met[next_met, 1] < count:
                r, skipped = met[next_met, 2], met[next_met, 1]
                total[r] = _skipping(skipped, own[:count], values[:, r])
            next_met += 1
        slack = 1e-12 * own[:count].sum() * largest  # rounding alone makes no difference
        _rank(total, sums[cell], slack, counted[:, cell])
    return counted


@kernel
def _sum_up(weights: Floats, values: Floats, together: Floats, total: Floats) -> None:
    """Sums of draws; neighbours of equal weight find them added up."""
    count = len(weights)
    if count > 0 and weights.min() == weights.max():
        for r in range(len(total)):
            total[r] = weights[0] * together[count - 1, r]
        return
    total[:] = 0.0
    for j in range(count):
        for r in range(len(total)):
            total[r] += weights[j] * values[j, r]


@kernel
def _rank(total: Floats, own: float, slack: float, counted: NDArray[np.int64]) -> None:
    larger, smaller = 0, 0
    for r in range(len(total)):
        larger += total[r] >= own - slack
        smaller += total[r] <= own + slack
    counted[0] = larger
    counted[1] = smaller


@kernel
def _skipping(skipped: int, weights: Floats, values: Floats) -> float:
    total = 0.0
    for j in range(len(weights)):
        total += weights[j] * values[j + 1 if j >= skipped else j]
    return total
