"""What chance alone would make of the cases: replicates, and the largest ratio of each."""

from concurrent.futures import Executor
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from loftet.analysis import chance, checks, parallel
from loftet.analysis.arrays import Floats
from loftet.analysis.kernels import kernel
from loftet.analysis.scan.counting import LANES, Cells, Search, largest

TIE = 1e-9  # ratios that differ by less, in proportion, are of the same counts


class Null(Protocol):
    def draw(self, rng: np.random.Generator, count: int) -> Cells:
        """Counts by period, place and lane; lanes from `count` on are empty."""


@dataclass(frozen=True, slots=True, eq=False)
class Spread:
    """Cases fall into cells by their share of the expected; what shares lack of 1 falls outside."""

    total: int
    share: Floats

    def draw(self, rng: np.random.Generator, count: int) -> Cells:
        cells = np.append(self.share, max(0.0, 1 - self.share.sum()))
        drawn = rng.multinomial(self.total, cells, size=count)[:, :-1]
        return _in_lanes(drawn.reshape(count, *self.share.shape), self.total)


@dataclass(frozen=True, slots=True, eq=False)
class Labels:
    """Each of the persons is as likely as any other to be one of the cases."""

    total: int
    persons: NDArray[np.int64]

    def draw(self, rng: np.random.Generator, count: int) -> Cells:
        drawn = rng.multivariate_hypergeometric(
            self.persons, self.total, size=count, method="marginals"
        )
        return _in_lanes(drawn[:, None, :], self.total)


@dataclass(frozen=True, slots=True, eq=False)
class Shuffle:
    """Days change owner: each case keeps its place, and the days of the cases are dealt anew.

    `period` holds those days that lie in the windows; the cases that get them are drawn. No circle
    holds more than `most`.
    """

    place: NDArray[np.int64]
    period: NDArray[np.int64]
    shape: tuple[int, int]
    most: int

    def draw(self, rng: np.random.Generator, count: int) -> Cells:
        cells = np.zeros((*self.shape, LANES), dtype=_number(self.most))
        place = self.place.copy()
        for lane in range(count):
            deal(place, self.period, rng.random(len(self.period)), cells, lane)
        return cells


@kernel
def deal(
    place: NDArray[np.int64], period: NDArray[np.int64], uniform: Floats, cells: Cells, lane: int
) -> None:
    """The first steps of a Fisher-Yates shuffle: as many as there are days to deal."""
    for i in range(len(period)):
        j = i + int(uniform[i] * (len(place) - i))
        place[i], place[j] = place[j], place[i]
        cells[period[i], place[i], lane] += 1


def _in_lanes(drawn: NDArray[np.int64], most: int) -> Cells:
    cells = np.zeros((*drawn.shape[1:], LANES), dtype=_number(most))
    cells[..., : len(drawn)] = np.moveaxis(drawn, 0, -1)
    return cells


def _number(most: int) -> type[np.int16] | type[np.int32]:
    """The shortest kind of number for what a circle may hold."""
    return np.int16 if most <= np.iinfo(np.int16).max else np.int32


# --- Replicates ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """How many replicates, when to stop sooner, by which numbers and on which workers."""

    replicates: int
    stop_after: int | None
    rng: np.random.Generator
    executor: Executor | None

    def __post_init__(self) -> None:
        chance.replicates("replicates", self.replicates)
        if self.stop_after is None:
            return
        checks.count("stop_after", self.stop_after)
        if not 1 <= self.stop_after <= self.replicates:
            raise ValueError(
                f"stop_after must lie between 1 and replicates, {self.replicates}, "
                f"not at {self.stop_after}"
            )

    def maxima(self, search: Search, null: Null, ratio: float) -> Floats:
        """The largest ratio of each replicate, until enough have reached that of the data."""
        sizes = parallel.cut(self.replicates, LANES)
        seeds = parallel.seeds(self.rng, len(sizes))
        pieces = [(search, null, *piece) for piece in zip(seeds, sizes, strict=True)]
        if self.stop_after is None:
            return np.concatenate(parallel.run(maxima, pieces, self.executor))
        found, at_once = np.empty(0), parallel.processors()
        for begin in range(0, len(pieces), at_once):
            more = parallel.run(maxima, pieces[begin : begin + at_once], self.executor)
            found = np.concatenate([found, *more])
            reached = np.flatnonzero(as_likely(found, ratio))
            if len(reached) >= self.stop_after:
                return found[: reached[self.stop_after - 1] + 1]
        return found

    def p_value(self, found: Floats, ratio: float) -> float:
        """Rank among the replicates; where they stop early, after Besag and Clifford."""
        reached = np.flatnonzero(as_likely(found, ratio))
        if self.stop_after is not None and len(reached) >= self.stop_after:
            return float(self.stop_after / (reached[self.stop_after - 1] + 1))
        return float(chance.rank_p(len(reached), len(found)))


def as_likely(found: Floats, ratio: float) -> NDArray[np.bool_]:
    reached: NDArray[np.bool_] = found >= ratio * (1 - TIE)
    return reached


def maxima(search: Search, null: Null, seed: int, count: int) -> Floats:
    """One piece of the replicates."""
    found: Floats = largest(search, null.draw(np.random.default_rng(seed), count))
    return found[:count]
