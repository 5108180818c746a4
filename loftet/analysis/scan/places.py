"""Places on a plane or on the globe, and the circles about them."""

from concurrent.futures import Executor
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from loftet.analysis import arrays, checks, parallel
from loftet.analysis.arrays import Floats
from loftet.analysis.scan.counting import Circles, Order

Metric = Literal["euclidean", "great circle"]

EARTH = 6_371_008.8  # mean radius, metres
SAME = 1e-9  # of the map's extent: distances that differ by less are the same
BLOCK = 64  # centres whose circles are made at a time

Piece = tuple[NDArray[np.int64], Order, NDArray[np.bool_]]


@dataclass(frozen=True, slots=True, eq=False)
class Places:
    """Distinct places in an order of their own, so that that of the rows does not matter.

    On the globe positions are points of a ball of radius 1 and distances go straight through it.
    """

    position: Floats
    at: NDArray[np.int64]
    on_globe: bool

    @property
    def count(self) -> int:
        return len(self.position)

    def sums(self, rows: Floats) -> Floats:
        """Sums per place of rows of values: one row for each row of x and y."""
        sums = np.zeros((self.count, rows.shape[1]))
        np.add.at(sums, self.at, rows)
        return sums

    def rows(self, places: NDArray[np.int64]) -> NDArray[np.int64]:
        """Rows of x and y at the places, place by place."""
        by_place = np.argsort(self.at, kind="stable")
        begin = np.searchsorted(self.at[by_place], places)
        end = np.searchsorted(self.at[by_place], places, side="right")
        found = [by_place[a:b] for a, b in zip(begin, end, strict=True)]
        return np.concatenate(found).astype(np.int64)

    def distance(self, place: int, others: NDArray[np.int64]) -> Floats:
        """Metres along the ground."""
        chord: Floats = np.sqrt(np.sum((self.position[others] - self.position[place]) ** 2, axis=1))
        return 2 * EARTH * np.arcsin(np.minimum(chord / 2, 1)) if self.on_globe else chord

    def straight(self, radius: float) -> float:
        """A distance along the ground as one between positions."""
        if not self.on_globe:
            return radius
        return float(2 * np.sin(min(radius / EARTH / 2, np.pi / 2)))


def places(x: ArrayLike, y: ArrayLike, metric: Metric) -> Places:
    checks.choice("metric", metric, ("euclidean", "great circle"))
    east, north = arrays.points(x, y)
    if not len(east):
        raise ValueError("x is empty: give at least one place")
    if metric == "great circle":
        _degrees("x", east, 180, "longitude")
        _degrees("y", north, 90, "latitude")
    distinct, at = np.unique(np.column_stack([east, north]) + 0.0, axis=0, return_inverse=True)
    position = _on_ball(distinct) if metric == "great circle" else distinct
    return Places(position, at.reshape(-1).astype(np.int64), metric == "great circle")


def _degrees(name: str, values: Floats, most: float, what: str) -> None:
    beyond = np.abs(values) > most
    if beyond.any():
        index = int(np.argmax(beyond))
        raise ValueError(
            f"{name}[{index}] = {values[index]:g} is no {what} in degrees: "
            "for metres use metric='euclidean'"
        )


def _on_ball(degrees: Floats) -> Floats:
    longitude, latitude = np.radians(degrees).T
    level = np.cos(latitude)
    return np.column_stack([level * np.cos(longitude), level * np.sin(longitude), np.sin(latitude)])


@dataclass(frozen=True, slots=True)
class Limits:
    """How large a circle may be: its share of all weight, and its radius in metres."""

    largest_share: float
    radius: float | None

    def __post_init__(self) -> None:
        checks.positive("largest_share", self.largest_share, most=0.5)
        if self.radius is not None:
            checks.positive("radius", self.radius)


def circles(where: Places, weight: Floats, limits: Limits, executor: Executor | None) -> Circles:
    """All circles about all places within the limits."""
    limit = float(limits.largest_share * weight.sum() * (1 + 1e-12))
    extent = float(np.ptp(where.position, axis=0).max())
    within = np.inf if limits.radius is None else where.straight(limits.radius)
    most = _Most(limit, within, SAME * extent)
    pieces = [(where.position, weight, begin, most) for begin in range(0, where.count, BLOCK)]
    made = parallel.run(_circles_about, pieces, executor)
    lengths = np.concatenate([piece[0] for piece in made])
    first = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
    return Circles(
        first, np.concatenate([piece[1] for piece in made]), np.concatenate([p[2] for p in made])
    )


class _Most(NamedTuple):
    """The largest weight and radius of a circle, and how far apart distances are the same."""

    weight: float
    radius: float
    same: float


def _circles_about(position: Floats, weight: Floats, begin: int, most: _Most) -> Piece:
    """Circles about one block of places; those at one distance come in together."""
    squared = np.zeros((min(BLOCK, len(position) - begin), len(position)))
    for axis in position.T:
        squared += (axis[begin : begin + BLOCK, None] - axis) ** 2
    order = np.argsort(squared, axis=1)
    distance = np.sqrt(np.take_along_axis(squared, order, axis=1))
    closed = np.ones(distance.shape, dtype=bool)
    closed[:, :-1] = np.diff(distance, axis=1) > most.same
    allowed = closed & (distance <= most.radius + most.same)
    allowed &= np.cumsum(weight[order], axis=1) <= most.weight
    steps = np.arange(1, len(position) + 1)
    lengths = np.max(np.where(allowed, steps, 0), axis=1)
    kept = steps <= lengths[:, None]
    number = np.uint16 if len(position) <= np.iinfo(np.uint16).max else np.uint32
    return lengths, order[kept].astype(number), closed[kept]
