"""Density of points in squares, none of which tells of fewer points than a limit."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from loftet.analysis import checks

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Density:
    """Squares by their south-west corners and sides (metres), some of them told together.

    `group` says for each square which entry of `count` and `per_km2` (points per square kilometre)
    belongs to it. `left_out` points lie where even the largest square holds too few. That number is
    for the desk: beside a published total it would be one more thing to subtract.
    """

    x: Floats
    y: Floats
    side: Floats
    group: NDArray[np.intp]
    count: NDArray[np.int64]
    per_km2: Floats
    left_out: int


class _Square(NamedTuple):
    x: float
    y: float
    side: float
    points: Floats

    def parts(self) -> "list[_Square]":
        return _squares(self.points, self.side / 2)


_Group = list[_Square]


def density(
    points: ArrayLike, *, least: int = 10, smallest: float = 250.0, largest: float = 8000.0
) -> Density:
    """Divide the map into squares, as small as the points allow but each with at least `least`.

    A square is divided in four as long as some quarter holds at least `least` points. Quarters that
    hold fewer are told together, as one count and one density; if they hold fewer than `least` even
    together, they join the sparsest group beside them. Squares without points are not
    listed. Where a largest square holds too few, its points are left out; if those left out are
    together fewer than `least`, the group with the fewest points is left out with them, so that a
    total gives nothing away. The grid stands still (its lines are multiples of the sides), whatever
    the points are.

    Two maps of overlapping times can be subtracted: publish whole years.

    Parameters
    ----------
    points : array of shape (n, 2)
        East and north in metres (SWEREF 99 TM).
    least : int
        Fewest points that may be told of.
    smallest, largest : float
        Sides of the smallest and the largest square in metres. The sides are `largest` halved once
        or more, but not below `smallest`.

    Returns
    -------
    Density

    Raises
    ------
    ValueError
        If a coordinate is missing, or a side or `least` is not positive.

    References
    ----------
    Lagonigro, Oller and Martori (2017), SORT 41, 23-42, on quadtrees for confidential grids.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> map_of = density(rng.normal(5000, 800, size=(300, 2)), least=10)
    >>> int(map_of.count.min()) >= 10, int(map_of.count.sum()) + map_of.left_out
    (True, 300)
    """
    places = np.asarray(points, dtype=float)
    if places.ndim != 2 or places.shape[1] != 2:
        raise ValueError(f"points must have the shape (n, 2), east and north; not {places.shape}")
    if not np.isfinite(places).all():
        raise ValueError("points have a coordinate that is not a number: leave such points out")
    checks.count("least", least)
    checks.positive("least", least)
    checks.positive("smallest", smallest)
    checks.positive("largest", largest)
    enough = [square for square in _squares(places, largest) if len(square.points) >= least]
    groups = [group for square in enough for group in _divided(square, least, smallest)]
    if 0 < len(places) - sum(map(_count, groups)) < least and groups:
        del groups[min(range(len(groups)), key=lambda place: _count(groups[place]))]
    return _told(groups, len(places))


def _divided(square: _Square, least: int, smallest: float) -> list[_Group]:
    if square.side / 2 < smallest:
        return [[square]]
    quarters = sorted(square.parts(), key=lambda quarter: -len(quarter.points))
    large = [quarter for quarter in quarters if len(quarter.points) >= least]
    few = quarters[len(large) :]
    if not large:
        return [[square]]
    groups = [group for quarter in large for group in _divided(quarter, least, smallest)]
    if _count(few) >= least:
        return [*groups, few]
    min(groups, key=_per_km2).extend(few)
    return groups


def _squares(places: Floats, side: float) -> list[_Square]:
    """Group the points by the square of a grid in which they lie."""
    if len(places) == 0:
        return []
    cells, inside = np.unique(np.floor(places / side), axis=0, return_inverse=True)
    order = np.argsort(inside.ravel(), kind="stable")
    parts = np.split(places[order], np.cumsum(np.bincount(inside.ravel()))[:-1])
    return [
        _Square(float(x) * side, float(y) * side, side, part)
        for (x, y), part in zip(cells, parts, strict=True)
    ]


def _count(group: _Group) -> int:
    return sum(len(square.points) for square in group)


def _per_km2(group: _Group) -> float:
    return _count(group) / sum((square.side / 1000) ** 2 for square in group)


def _told(groups: list[_Group], points: int) -> Density:
    squares = [square for group in groups for square in group]
    x, y, side = np.array([square[:3] for square in squares], dtype=float).reshape(-1, 3).T
    belongs = np.repeat(np.arange(len(groups)), [len(group) for group in groups])
    count = np.array([_count(group) for group in groups], dtype=np.int64)
    per_km2 = np.array([_per_km2(group) for group in groups])
    return Density(x, y, side, belongs, count, per_km2, points - int(count.sum()))
