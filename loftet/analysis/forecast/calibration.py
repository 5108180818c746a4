"""Whether counts fall as often within the limits, and as high, as the forecast says."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from loftet.analysis.arrays import Floats
from loftet.analysis.forecast import spread

EDGES = np.array([0.0, 0.01, 0.05, 0.2, 0.5, 1, 2, 5, 10, 20, 50, np.inf])  # of classes, in events
BINS = 10


@dataclass(frozen=True, slots=True)
class Coverage:
    """Share of counts within their limits.

    Attributes
    ----------
    plain : float
        Within the printed limits, of all counts.
    judged : float
        Within the printed limits, of the counts of which at least three events were expected. This
        is the number to hold against `confidence`; NaN where none was expected so high.
    judged_counts : int
        How many these were.
    randomised : float
        Within limits that cut off exactly as much as they should, by lot where they cut through the
        chance of a whole number: the fair measure for areas with few events.
    """

    plain: float
    judged: float
    judged_counts: int
    randomised: float


@dataclass(frozen=True, slots=True, eq=False)
class Classes:
    """What was expected and what came, by how much was expected.

    Row i holds the `counts` weeks of areas of which `start[i]` to `end[i]` events were expected,
    the mean `expected` and the mean `seen` of them, and the share within the printed limits.
    """

    start: Floats
    end: Floats
    counts: NDArray[np.int64]
    expected: Floats
    seen: Floats
    covered: Floats


class Told:
    """Counts beside what was told of them, as chances."""

    def __init__(self, seen: Floats, mean: Floats, variance: Floats, confidence: float) -> None:
        self.seen, self.mean = seen.ravel(), mean.ravel()
        self.below = spread.up_to(seen - 1, mean, variance).ravel()
        self.up_to = spread.up_to(seen, mean, variance).ravel()
        self.tail = (1 - confidence) / 2
        middle = (self.below + self.up_to) / 2
        self.within = (middle >= self.tail) & (middle <= 1 - self.tail)

    def coverage(self) -> Coverage:
        judged = self.mean >= spread.TELLING
        fair = _overlap(self.below, self.up_to, self.tail, 1 - self.tail).mean()
        among = float(self.within[judged].mean()) if judged.any() else float("nan")
        return Coverage(float(self.within.mean()), among, int(judged.sum()), float(fair))

    def classes(self) -> Classes:
        place = np.searchsorted(EDGES, self.mean, side="right") - 1
        counts = np.bincount(place, minlength=len(EDGES) - 1).astype(np.int64)
        some = np.flatnonzero(counts)
        sums = (np.bincount(place, values)[some] for values in (self.mean, self.seen, self.within))
        expected, seen, covered = (row / counts[some] for row in sums)
        return Classes(EDGES[some], EDGES[some + 1], counts[some], expected, seen, covered)

    def histogram(self) -> Floats:
        """Probability integral transform: the share of each tenth, flat at 0.1 when all is well."""
        starts = np.arange(BINS) / BINS
        parts = [_overlap(self.below, self.up_to, low, low + 1 / BINS) for low in starts]
        return np.array([part.mean() for part in parts])


def _overlap(below: Floats, up_to: Floats, low: float, high: float) -> Floats:
    """Part of the chance of each count that lies between `low` and `high`."""
    inside = np.minimum(up_to, high) - np.maximum(below, low)
    return np.clip(inside / np.maximum(up_to - below, 1e-300), 0.0, 1.0)
