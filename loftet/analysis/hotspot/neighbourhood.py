"""What lies around each cell: sums over a sparse matrix of neighbours, in one pass."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from loftet.analysis.arrays import Floats
from loftet.analysis.kernels import kernel


class Rows(NamedTuple):
    """The entries of a sparse matrix, row after row, as compiled loops read them."""

    starts: NDArray[np.int32]
    indices: NDArray[np.int32]
    weights: Floats


class Around(NamedTuple):
    """Of each cell: the sum and the weights of its neighbours, itself left out, and its own weight.

    `number` counts the neighbours; `weight` and `square` the sums of their weights and of the
    squares of these. `uneven` is the first cell whose neighbours weigh differently, or -1.
    """

    sums: Floats
    weight: Floats
    square: Floats
    own: Floats
    number: NDArray[np.int64]
    uneven: int


def rows_of(neighbours: sparse.csr_array, cells: int) -> Rows:
    """Entries of a matrix of neighbours, without repeated or empty ones; refused if it is none."""
    if not sparse.issparse(neighbours):
        raise ValueError("neighbours must be a SciPy sparse matrix, such as grid.neighbours()")
    if neighbours.shape != (cells, cells):
        raise ValueError(
            f"neighbours has the shape {neighbours.shape} for {cells} values: give a row and a"
            " column for each value, in the same order"
        )
    found = sparse.csr_array(neighbours).astype(np.float64, copy=False)
    least = float(found.data.min(initial=1.0))
    if not np.isfinite(found.data.sum()) or least < 0:
        raise ValueError("neighbours has a weight below 0 or missing: weights are above 0")
    if least == 0 or not found.has_canonical_format:
        found = found.copy()
        found.sum_duplicates()
        found.eliminate_zeros()
    return Rows(found.indptr, found.indices, found.data)


def around(values: Floats, rows: Rows) -> Around:
    found, count = np.zeros((4, len(values))), np.zeros(len(values), dtype=np.int64)
    uneven = _pass(values, rows, found, count)
    sums, weight, square, own = found
    return Around(sums, weight, square, own, count, int(uneven))


@kernel
def _pass(values: Floats, rows: Rows, found: Floats, count: NDArray[np.int64]) -> int:
    uneven = -1
    for cell in range(len(values)):
        total, weight, square, first = 0.0, 0.0, 0.0, 0.0
        number = 0
        for place in range(rows.starts[cell], rows.starts[cell + 1]):
            other, w = rows.indices[place], rows.weights[place]
            if other == cell:
                found[3, cell] = w
                continue
            total += w * values[other]
            weight += w
            square += w * w
            number += 1
            if number == 1:
                first = w
            elif uneven < 0 and abs(w - first) > 1e-12 * first:
                uneven = cell
        found[0, cell] = total
        found[1, cell] = weight
        found[2, cell] = square
        count[cell] = number
    return uneven
