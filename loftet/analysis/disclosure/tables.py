"""Tables of counts with their margins, and the cells that several tables share."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import ArrayLike, NDArray

Cell = tuple[tuple[str, str], ...]
Counts = NDArray[np.int64]
Index = tuple[int, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """Counts by one or more dimensions, with the total last along each of them.

    Two tables with the same `of` (say "reports 2024") count the same things: cells that they share,
    such as the total of an area, must have the same count in both.

    Examples
    --------
    >>> table = Table.of_inner({"area": ["A", "B"], "kind": ["x", "y"]}, [[3, 9], [8, 7]])
    >>> table.counts.tolist()
    [[3, 9, 12], [8, 7, 15], [11, 16, 27]]
    """

    dimensions: Mapping[str, Sequence[str]]
    counts: Counts
    of: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "counts", _whole(self.counts))
        shape = tuple(len(levels) + 1 for levels in self.dimensions.values())
        if self.counts.shape != shape or not shape:
            raise ValueError(
                f"counts has the shape {self.counts.shape}; the dimensions with their totals make"
                f" {shape}: put the total last, or use Table.of_inner"
            )
        for name, levels in self.dimensions.items():
            if len(set(levels)) < len(levels):
                raise ValueError(f"dimensions[{name!r}] names a level twice: add the two up first")
        for axis, name in enumerate(self.dimensions):
            self._check_margin(axis, name)

    @classmethod
    def of_inner(
        cls, dimensions: Mapping[str, Sequence[str]], inner: ArrayLike, of: str = ""
    ) -> "Table":
        """Make a table from its inner cells; the margins are added up."""
        counts = _whole(inner)
        for axis in range(counts.ndim):
            counts = np.concatenate([counts, counts.sum(axis=axis, keepdims=True)], axis=axis)
        return cls(dimensions, counts, of)

    def cells(self) -> dict[Index, Cell]:
        """Name of each cell: its levels, without the dimensions over which it is a total."""
        names = [
            [*((name, level) for level in levels), None] for name, levels in self.dimensions.items()
        ]
        own = (("of", self.of),) if self.of else ()
        return {
            index: tuple(sorted((*own, *(name for name in cell if name))))
            for index, cell in zip(np.ndindex(self.counts.shape), product(*names), strict=True)
        }

    def sums(self) -> list[list[Index]]:
        """List the sums that hold: a total first, then its parts."""
        found = []
        for axis, size in enumerate(self.counts.shape):
            others = [range(n) for n in (*self.counts.shape[:axis], *self.counts.shape[axis + 1 :])]
            for rest in product(*others):
                line = [(*rest[:axis], k, *rest[axis:]) for k in range(size)]
                found.append([line[-1], *line[:-1]])
        return found

    def _check_margin(self, axis: int, name: str) -> None:
        parts = np.moveaxis(self.counts, axis, -1)
        wrong = parts[..., :-1].sum(axis=-1) != parts[..., -1]
        if wrong.any():
            line = parts[tuple(np.argwhere(wrong)[0])] if wrong.ndim else parts
            raise ValueError(
                f"counts do not add up over {name!r}: {' + '.join(map(str, line[:-1]))} is not"
                f" {line[-1]}; count the margins from the same rows, or use Table.of_inner"
            )


def _whole(values: ArrayLike) -> Counts:
    counts = np.asarray(values)
    if counts.dtype.kind not in "iuf":
        raise ValueError("counts must be whole numbers")
    if not (np.isfinite(counts) & (counts >= 0) & (counts == np.floor(counts))).all():
        raise ValueError("counts must be whole numbers from 0 up: give 0, not NaN, where none came")
    return counts.astype(np.int64)
