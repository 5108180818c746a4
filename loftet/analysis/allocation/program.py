"""A mixed-integer program as it is put together: columns first, rows over them."""

import math
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike
from scipy import sparse

from loftet.analysis.allocation.needs import Bools, Codes
from loftet.analysis.arrays import Floats


@dataclass(slots=True)
class Program:
    """Minimise cost over columns from 0 to their upper bounds, rows within their limits."""

    width: int = 0
    height: int = 0
    _columns: list[tuple[Floats, Floats, Bools]] = field(default_factory=list)
    _entries: list[tuple[Codes, Codes, Floats]] = field(default_factory=list)
    _limits: list[tuple[Floats, Floats]] = field(default_factory=list)

    def columns(
        self, count: int, *, cost: ArrayLike = 0.0, upper: ArrayLike = 1.0, whole: bool = True
    ) -> Codes:
        """Add columns; their numbers."""
        self._columns.append((_full(cost, count), _full(upper, count), np.full(count, whole)))
        self.width += count
        return np.arange(self.width - count, self.width)

    def rows(
        self,
        count: int,
        *parts: tuple[ArrayLike, ArrayLike, ArrayLike],
        lower: ArrayLike = -math.inf,
        upper: ArrayLike = math.inf,
    ) -> None:
        """Add rows, each part as (row from 0, column, coefficient) broadcast together."""
        for row, column, value in parts:
            entry = np.broadcast_arrays(np.asarray(row) + self.height, column, value)
            rows, columns, values = (array.ravel() for array in entry)
            self._entries.append((rows, columns, values.astype(float)))
        self._limits.append((_full(lower, count), _full(upper, count)))
        self.height += count

    def matrix(self) -> sparse.csc_array:
        rows, columns, values = map(np.concatenate, zip(*self._entries, strict=True))
        shape = (self.height, self.width)
        return sparse.csc_array(sparse.coo_array((values, (rows, columns)), shape=shape))

    def cost(self) -> Floats:
        return np.concatenate([cost for cost, _, _ in self._columns])

    def upper(self) -> Floats:
        return np.concatenate([upper for _, upper, _ in self._columns])

    def whole(self) -> Bools:
        return np.concatenate([whole for _, _, whole in self._columns])

    def limits(self) -> tuple[Floats, Floats]:
        lower, upper = map(np.concatenate, zip(*self._limits, strict=True))
        return lower, upper


def _full(value: ArrayLike, count: int) -> Floats:
    return np.broadcast_to(np.asarray(value, dtype=float), count)
