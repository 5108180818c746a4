"""What the local statistics have in common: their result, and what stands where nothing can."""

from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from loftet.analysis import chance
from loftet.analysis.arrays import Floats

Alternative = Literal["two-sided", "greater", "less"]
Name = Literal["Gi", "Gi*", "local Moran"]


class Found(NamedTuple):
    statistic: Floats
    z: Floats
    p_value: Floats
    bound: Floats
    permutations: int
    lacking: str


@dataclass(frozen=True, slots=True, eq=False)
class LocalStatistic:
    """One number for each cell: how its neighbourhood compares with what chance would give.

    `statistic` is G (share of all values that lies around the cell) or local I, `z` the same in
    standard errors. `p_value` is the chance of a neighbourhood that is more extreme, and half of
    that of one as extreme: below 0.05 in about five of a hundred maps without pattern. `bound`
    counts all of the latter and so never says less than the truth. With `permutations` (0 when
    the chances are exact) both are the rank among the permutations.

    `high` says whether the cell's own value is above the mean. Cells that tell nothing hold NaN,
    and `why` says which and why.
    """

    name: Name
    alternative: Alternative
    statistic: Floats
    z: Floats
    p_value: Floats
    bound: Floats
    high: NDArray[np.bool_]
    permutations: int
    why: str

    @property
    def adjusted(self) -> Floats:
        """Benjamini and Hochberg's p of all cells together, from `bound`.

        Among the cells below 0.05 at most one in twenty is expected to be there by chance.
        """
        found = np.full(len(self.bound), np.nan)
        known = np.isfinite(self.bound)
        found[known] = chance.false_discovery(self.bound[known])
        return found

    @property
    def monte_carlo_error(self) -> Floats:
        """Standard error of each p-value: 0 where it is exact."""
        if self.permutations == 0:
            return np.zeros(len(self.p_value))
        return chance.rank_error(self.p_value, self.permutations)


def told(
    name: Name, alternative: Alternative, x: Floats, alone: NDArray[np.bool_], found: Found
) -> LocalStatistic:
    """Put the parts together, with NaN where a cell has no neighbours."""
    measured = (found.statistic, found.z, found.p_value, found.bound)
    parts = (np.where(alone, np.nan, part) for part in measured)
    reasons = [
        found.lacking,
        _some("cells without neighbours", alone),
        _some("cells without z, as the values around cannot vary", ~alone & np.isnan(found.z)),
    ]
    why = "; ".join(reason for reason in reasons if reason)
    statistic, z, p_value, bound = parts
    high, drawn = x > x.mean(), found.permutations
    return LocalStatistic(name, alternative, statistic, z, p_value, bound, high, drawn, why)


def _some(what: str, which: NDArray[np.bool_]) -> str:
    count = int(np.count_nonzero(which))
    return f"{what}: {count}, the first is cell {int(np.argmax(which))}" if count else ""


def unknown(name: Name, alternative: Alternative, x: Floats, why: str) -> LocalStatistic:
    nothing = np.full(len(x), np.nan)
    none = np.zeros(len(x), dtype=bool)
    return LocalStatistic(name, alternative, nothing, nothing, nothing, nothing, none, 0, why)
