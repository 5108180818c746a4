"""Getis and Ord's Gi and Gi* and Anselin's local Moran: neighbourhoods beyond chance."""

from concurrent.futures import Executor
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy import sparse

from loftet.analysis import arrays, chance, checks
from loftet.analysis.arrays import Floats
from loftet.analysis.hotspot import exact, permuted
from loftet.analysis.hotspot.exact import Tails
from loftet.analysis.hotspot.neighbourhood import Around, Rows, around, rows_of
from loftet.analysis.hotspot.results import Alternative, Found, LocalStatistic, Name, told, unknown

LARGEST_WHOLE = 2.0**53


class _Chance(NamedTuple):
    """What is asked of chance, and where permutations come from if they must be drawn."""

    alternative: Alternative
    permutations: int
    rng: np.random.Generator | None
    executor: Executor | None


def getis_ord(
    values: ArrayLike,
    neighbours: sparse.csr_array,
    *,
    alternative: Alternative = "two-sided",
    permutations: int = 999,
    rng: np.random.Generator | None = None,
    executor: Executor | None = None,
) -> LocalStatistic:
    r"""Find hot and cold spots: Gi* when cells are their own neighbours, else Gi.

    :math:`z_i = (\sum_j w_{ij} x_j - W_i \bar x) / (s \sqrt{(n S_i - W_i^2) / (n - 1)})`, with
    :math:`W_i` and :math:`S_i` the sums of the weights of the row and of their squares; for Gi the
    cell itself is left out of mean, spread and n.

    The p-values ask: if the value of the cell stays where it is and all others change places by
    chance, how often is the sum around it as large? For whole numbers and neighbours of equal
    weight that law is that of a sum drawn from the histogram of the other cells; it is computed,
    not simulated, so there is no seed. Otherwise permutations are drawn, the same for all cells.
    The own value does not enter the p-value: a single cell with many events is found by `z` of
    Gi*, and by looking at the cell.

    Parameters
    ----------
    values : array of shape (n,)
        Counts of cells, or rates (see `rates`).
    neighbours : sparse matrix of shape (n, n)
        Weights above 0 where cells are neighbours, such as those of ``grid.neighbours()``.
    alternative : {"two-sided", "greater", "less"}
        ``"greater"`` for hot spots only, ``"less"`` for cold. Two-sided doubles the smaller tail;
        other programs report that tail itself, half of it.
    permutations : int
        How many, where they are needed.
    rng : numpy.random.Generator, optional
        Needed for permutations only; without it p-values that need them are NaN, and `why` says so.
    executor : concurrent.futures.Executor, optional
        Where permutations run; threads unless told otherwise.

    Returns
    -------
    LocalStatistic

    Raises
    ------
    ValueError
        If a value is missing, the matrix does not fit, or only some cells are their own neighbours.

    References
    ----------
    Getis and Ord (1992), Geographical Analysis 24, 189-206; Ord and Getis (1995), Geographical
    Analysis 27, 286-306; Lancaster (1961), JASA 56, 223-234, on half the chance of the observed.

    Examples
    --------
    >>> from loftet.analysis.grid import Grid
    >>> streets = Grid.over((0, 0, 1000, 250), cell=250).neighbours("rook", include_self=True)
    >>> found = getis_ord([9, 7, 1, 0], streets, alternative="greater")
    >>> found.name, found.z.round(2).tolist(), found.p_value.round(2).tolist()
    ('Gi*', [1.69, 1.11, -1.24, -1.69], [0.17, 0.17, 0.83, 0.83])
    """
    asked = _asked(alternative, permutations, rng, executor)
    x = arrays.numbers("values", values)
    rows = rows_of(neighbours, len(x))
    near = around(x, rows)
    star = _own_neighbours(near)
    name: Name = "Gi*" if star else "Gi"
    if why := _nothing_to_tell(x):
        return unknown(name, alternative, x, why)
    law, drawn, lacking = _law(x, rows, near, asked)
    total = float(x.sum())
    statistic = _ratio(near.sums + near.own * x, total if star else total - x)
    z = _z_star(x, near) if star else _z(x, near)
    found = Found(statistic, z, *_p_values(law, alternative), drawn, lacking)
    return told(name, alternative, x, near.number == 0, found)


def local_moran(
    values: ArrayLike,
    neighbours: sparse.csr_array,
    *,
    alternative: Alternative = "two-sided",
    permutations: int = 999,
    rng: np.random.Generator | None = None,
    executor: Executor | None = None,
) -> LocalStatistic:
    r"""Find cells that are like their neighbours, high or low, and those that are unlike.

    :math:`I_i = (x_i - \bar x) \sum_j w_{ij} (x_j - \bar x) / m_2` with weights that sum to one in
    each row and :math:`m_2 = \sum (x_j - \bar x)^2 / n`. Mean and variance for `z` are those under
    changes of place of all other cells, as are the p-values; see `getis_ord` for these.

    Parameters
    ----------
    values : array of shape (n,)
        Counts of cells, or rates.
    neighbours : sparse matrix of shape (n, n)
        Weights above 0 where cells are neighbours, no cell its own.
    alternative : {"two-sided", "greater", "less"}
        ``"greater"``: like its neighbours (high with high where `high`, else low with low);
        ``"less"``: unlike them.
    permutations, rng, executor
        As for `getis_ord`.

    Returns
    -------
    LocalStatistic

    Raises
    ------
    ValueError
        As `getis_ord`, and if a cell is its own neighbour.

    References
    ----------
    Anselin (1995), Geographical Analysis 27, 93-115; Sokal, Oden and Thomson (1998), Geographical
    Analysis 30, 331-354.

    Examples
    --------
    >>> from loftet.analysis.grid import Grid
    >>> streets = Grid.over((0, 0, 1000, 250), cell=250).neighbours("rook")
    >>> local_moran([9, 7, 1, 0], streets).statistic.round(2).tolist()
    [0.89, 0.14, 0.17, 0.94]
    """
    asked = _asked(alternative, permutations, rng, executor)
    x = arrays.numbers("values", values)
    rows = rows_of(neighbours, len(x))
    near = around(x, rows)
    if near.own.any():
        raise ValueError(
            f"neighbours has cell {int(np.argmax(near.own > 0))} as its own neighbour: local Moran"
            " compares a cell with others; use include_self=False"
        )
    if why := _nothing_to_tell(x):
        return unknown("local Moran", alternative, x, why)
    law, drawn, lacking = _law(x, rows, near, asked)
    centred = x - x.mean()
    lag = _ratio(near.sums, near.weight) - x.mean()
    statistic = centred * lag / np.mean(centred**2)
    z = np.sign(centred) * _z(x, near)
    found = Found(statistic, z, *_p_values(_towards(law, centred), alternative), drawn, lacking)
    return told("local Moran", alternative, x, near.number == 0, found)


def _asked(
    alternative: Alternative,
    permutations: int,
    rng: np.random.Generator | None,
    executor: Executor | None,
) -> _Chance:
    checks.choice("alternative", alternative, ("two-sided", "greater", "less"))
    chance.replicates("permutations", permutations)
    return _Chance(alternative, permutations, rng, executor)


def _own_neighbours(near: Around) -> bool:
    own = int(np.count_nonzero(near.own))
    if 0 < own < len(near.own):
        raise ValueError(
            f"neighbours has {own} of {len(near.own)} cells as their own neighbours: all (Gi*) or"
            " none (Gi)"
        )
    return own > 0


def _law(x: Floats, rows: Rows, near: Around, asked: _Chance) -> tuple[Tails, int, str]:
    """Tails of the sum around each cell, how many permutations gave them (0: none), and why not."""
    reason = _not_exact(x, near)
    if not reason:
        plain = np.rint(_ratio(near.sums, near.weight) * near.number)
        sums = np.where(near.number > 0, plain, 0).astype(np.int64)
        if (law := exact.tails(x.astype(np.int64), near.number, sums)) is not None:
            return law, 0, ""
        reason = "values are too many and too large for tables of their sums"
    count, rng, executor = asked.permutations, asked.rng, asked.executor
    if rng is None:
        unknown_law = Tails(*np.full((3, len(x)), np.nan))
        needed = "p-values come from permutations, which need rng=numpy.random.default_rng(seed)"
        return unknown_law, 0, f"{needed}: {reason}"
    law = permuted.tails(x, rows, near.sums, permutations=count, rng=rng, executor=executor)
    return law, count, ""


def _not_exact(x: Floats, near: Around) -> str:
    if (x != np.floor(x)).any() or float(np.abs(x).sum()) >= LARGEST_WHOLE:
        return "values are not whole numbers"
    if near.uneven >= 0:
        return f"neighbours of cell {near.uneven} have unequal weights"
    return ""


def _nothing_to_tell(x: Floats) -> str:
    if len(x) < 3:
        return f"{len(x)} cells are too few: there is nothing that could change places"
    if x.min() == x.max():
        return "all values are equal: there is no pattern to tell from chance"
    return ""


def _p_values(law: Tails, alternative: Alternative) -> tuple[Floats, Floats]:
    """Half of the chance of the observed counted, and all of it counted."""
    if alternative == "two-sided":
        bound = 2 * np.minimum(law.at_least, law.at_most)
        return bound - law.exactly, np.minimum(bound, 1.0)
    bound = law.at_least if alternative == "greater" else law.at_most
    return bound - law.exactly / 2, bound


def _towards(law: Tails, centred: Floats) -> Tails:
    """Tails of the product with the cell's own deviation, which is always 0 where that is."""
    at_least = np.where(centred > 0, law.at_least, law.at_most)
    at_most = np.where(centred > 0, law.at_most, law.at_least)
    still = centred == 0
    return Tails(*(np.where(still, 1.0, part) for part in (at_least, at_most, law.exactly)))


def _z_star(x: Floats, near: Around) -> Floats:
    n, centred = len(x), x - x.mean()
    weight, square = near.weight + near.own, near.square + near.own**2
    above = near.sums + near.own * x - weight * x.mean()
    return _ratio(above, np.sqrt(np.mean(centred**2) * _spread(n, weight, square)))


def _z(x: Floats, near: Around) -> Floats:
    others, centred = len(x) - 1, x - x.mean()
    mean = -centred / others
    squares = float(np.sum(centred**2))
    variance = (squares - centred**2) / others - mean**2
    variance[variance < 1e-12 * squares] = 0.0  # all other cells hold the same
    above = near.sums - near.weight * (x.mean() + mean)
    return _ratio(above, np.sqrt(variance * _spread(others, near.weight, near.square)))


def _spread(n: int, weight: Floats, square: Floats) -> Floats:
    """Variance of a weighted sum drawn from n values, for a variance of 1 among them."""
    found: Floats = np.maximum(n * square - weight**2, 0.0) / (n - 1)
    found[found < 1e-9 * square] = 0.0  # all others are neighbours: their sum is what it is
    return found


def _ratio(above: Floats, below: Floats | float) -> Floats:
    """Quotient, NaN where there is nothing to divide by."""
    unknown = np.full(len(above), np.nan)
    found: Floats = np.divide(above, below, out=unknown, where=np.not_equal(below, 0))
    return found
