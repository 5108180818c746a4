"""The exact law of the sum of a cell's neighbours when all other cells change places by chance."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from loftet.analysis.arrays import Floats
from loftet.analysis.kernels import kernel

Whole = NDArray[np.int64]

MOST_STEPS = 2e10  # additions that the tables may take: some five seconds
LARGEST = 10_000_000  # difference between the largest and the smallest value


class Tails(NamedTuple):
    """For each cell the chance of a sum at least, at most and exactly as large as that found."""

    at_least: Floats
    at_most: Floats
    exactly: Floats


class _Cells(NamedTuple):
    """Cells in the order of their own value; `first` is where each distinct value begins."""

    order: Whole
    first: Whole
    drawn: Whole
    wanted: Whole
    turned: NDArray[np.bool_]


def tails(values: Whole, neighbours: Whole, sums: Whole) -> Tails | None:
    """Tails of the sum of `neighbours` cells drawn from all cells but one.

    `values` are whole numbers, `neighbours` how many each cell has beside itself and `sums` theirs.
    None says that the tables would be too large: many distinct and large values.
    """
    others = len(values) - 1
    least = int(values.min())
    own, above = values - least, sums - least * neighbours
    if int(own.max()) > LARGEST:
        return None
    # Those who are not neighbours are drawn instead where they are fewer: less work, more digits.
    turned = neighbours > others - neighbours
    drawn = np.where(turned, others - neighbours, neighbours)
    wanted = np.where(turned, int(own.sum()) - own - above, above)
    held = np.bincount(own)
    distinct = np.flatnonzero(held)
    times = held[distinct]
    code = (np.cumsum(held > 0) - 1)[own]
    most = int(drawn.max())
    if _steps(distinct, times, most) > MOST_STEPS:
        return None
    order = np.argsort(code.astype(np.min_scalar_type(len(distinct))), kind="stable")
    first = np.concatenate([[0], np.cumsum(times)])
    found = np.empty((3, len(values)))
    width = _largest(distinct, times, most) + 1
    ways = _ways(distinct, times, most, width, 1 / len(values))
    _look_up(ways, distinct, _Cells(order, first, drawn, wanted, turned), 1 / len(values), found)
    return Tails(*found)


def _largest(distinct: Whole, times: Whole, drawn: int) -> int:
    """Largest sum that so many cells can have."""
    left = np.clip(drawn - np.concatenate([[0], np.cumsum(times[::-1])[:-1]]), 0, times[::-1])
    return int((left * distinct[::-1]).sum())


def _steps(distinct: Whole, times: Whole, drawn: int) -> float:
    width = float(_largest(distinct, times, drawn) + 1)
    return width * drawn * float(np.minimum(times, (drawn + 1) / 2).sum() + 3 * len(distinct))


@kernel
def _ways(distinct: Whole, times: Whole, most: int, width: int, scale: float) -> Floats:
    """Number of ways to draw j cells with sum s, times scale to the power j.

    Values come in one by one: of each, m are taken in (times choose m) ways. All terms are
    positive, so that every digit of a small chance is right.
    """
    ways = np.zeros((most + 1, width))
    ways[0, 0] = 1.0
    reach = np.full(most + 1, -1)
    reach[0] = 0
    for value, held in zip(distinct, times):  # noqa: B905 - compiled
        for j in range(most, 0, -1):
            coefficient = 1.0
            for m in range(1, min(j, held) + 1):
                coefficient *= scale * (held - m + 1) / m
                end = reach[j - m]
                if end >= 0:
                    shift = m * value
                    for s in range(end + 1):
                        ways[j, s + shift] += coefficient * ways[j - m, s]
                    reach[j] = max(reach[j], end + shift)
    return ways


@kernel
def _look_up(ways: Floats, distinct: Whole, cells: _Cells, scale: float, found: Floats) -> None:
    """Take one cell of each value out of the ways in turn, and read the cells of that value."""
    most, width = ways.shape[0] - 1, ways.shape[1]
    left = np.empty_like(ways)
    upper = np.empty_like(ways)
    lower = np.empty_like(ways)
    ready = np.empty(most + 1, dtype=np.bool_)
    for v in range(len(distinct)):
        _without(ways, distinct[v], scale, left)
        ready[:] = False
        for place in range(cells.first[v], cells.first[v + 1]):
            cell = cells.order[place]
            j, s = cells.drawn[cell], cells.wanted[cell]
            if not ready[j]:
                _accumulate(left[j], upper[j], lower[j])
                ready[j] = True
            turned = cells.turned[cell]
            whole = lower[j, width - 1]
            found[1 if turned else 0, cell] = upper[j, s] / whole
            found[0 if turned else 1, cell] = lower[j, s] / whole
            found[2, cell] = left[j, s] / whole


@kernel
def _without(ways: Floats, value: int, scale: float, left: Floats) -> None:
    """Divide by (1 + scale y z^value): what remains when one cell of this value is away."""
    width = ways.shape[1]
    left[0] = ways[0]
    for j in range(1, ways.shape[0]):
        for s in range(min(value, width)):
            left[j, s] = ways[j, s]
        for s in range(value, width):
            rest = ways[j, s] - scale * left[j - 1, s - value]
            left[j, s] = rest if rest > 1e-14 * ways[j, s] else 0.0


@kernel
def _accumulate(chances: Floats, upper: Floats, lower: Floats) -> None:
    total = 0.0
    for s in range(len(chances)):
        total += chances[s]
        lower[s] = total
    total = 0.0
    for s in range(len(chances) - 1, -1, -1):
        total += chances[s]
        upper[s] = total
