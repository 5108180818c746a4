"""Moran's I of the whole map: whether neighbours are alike at all."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import sparse

from loftet.analysis import arrays
from loftet.analysis.hotspot.neighbourhood import rows_of


@dataclass(frozen=True, slots=True)
class Moran:
    """`index` is near `expected` without pattern, above it where neighbours are alike.

    The p-value is two-sided, from the normal law of `z`. Where nothing can be told, numbers are NaN
    and `why` says the reason.
    """

    index: float
    expected: float
    z: float
    p_value: float
    why: str = ""


def moran(values: ArrayLike, neighbours: sparse.csr_array) -> Moran:
    r"""Moran's I of a map, with the variance of values that change places by chance.

    :math:`I = \sum_i \sum_j w_{ij} (x_i - \bar x)(x_j - \bar x) / \sum_i (x_i - \bar x)^2` times n
    over the sum of the weights, each row of which sums to one. It is the mean of local Moran.

    Parameters
    ----------
    values : array of shape (n,)
        Counts of cells, or rates.
    neighbours : sparse matrix of shape (n, n)
        Weights above 0 where cells are neighbours, no cell its own.

    Returns
    -------
    Moran

    Raises
    ------
    ValueError
        If a value is missing, the matrix does not fit or a cell is its own neighbour.

    References
    ----------
    Moran (1950), Biometrika 37, 17-23; Cliff and Ord (1981), Spatial Processes, ch. 2.

    Examples
    --------
    >>> from loftet.analysis.grid import Grid
    >>> streets = Grid.over((0, 0, 1500, 250), cell=250).neighbours("rook")
    >>> found = moran([9, 7, 6, 1, 0, 2], streets)
    >>> round(found.index, 2), round(found.expected, 2), round(found.z, 2)
    (0.7, -0.2, 2.07)
    """
    x = arrays.numbers("values", values)
    n, rows = len(x), rows_of(neighbours, len(x))
    weights = sparse.csr_array((rows.weights, rows.indices, rows.starts), shape=(n, n))
    if weights.diagonal().any():
        raise ValueError("neighbours has cells as their own neighbours: use include_self=False")
    if n < 4 or x.min() == x.max() or weights.nnz == 0:
        return _unknown("there is no pattern to tell: give four cells or more that differ")
    totals = weights.sum(axis=1)
    scale = np.divide(1, totals, out=np.zeros(n), where=totals > 0)
    weights = sparse.diags_array(scale) @ weights
    centred = x - x.mean()
    s0 = float(weights.sum())
    squares = float((centred**2).sum())
    index = n / s0 * float((centred * (weights @ centred)).sum()) / squares
    expected = -1 / (n - 1)
    s1 = float(((weights + weights.T).power(2)).sum()) / 2
    s2 = float(((weights.sum(axis=0) + weights.sum(axis=1)) ** 2).sum())
    kurtosis = n * float((centred**4).sum()) / squares**2
    free = n * ((n**2 - 3 * n + 3) * s1 - n * s2 + 3 * s0**2)
    bound = kurtosis * ((n**2 - n) * s1 - 2 * n * s2 + 6 * s0**2)
    variance = (free - bound) / ((n - 1) * (n - 2) * (n - 3) * s0**2) - expected**2
    if variance < 1e-12:
        return _unknown("all cells are neighbours of all: every order of them has the same index")
    z = (index - expected) / math.sqrt(variance)
    return Moran(index, expected, z, math.erfc(abs(z) / math.sqrt(2)))


def _unknown(why: str) -> Moran:
    return Moran(math.nan, math.nan, math.nan, math.nan, why)
