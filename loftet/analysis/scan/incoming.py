"""Rows and tables that come in, with 0 allowed: what is expected where nobody lives."""

from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike

from loftet.analysis import arrays
from loftet.analysis.arrays import Floats

MOST = 2**24  # cases; the bounds of the loops are of little use beyond


class Row(Protocol):
    def __call__(self, name: str, values: ArrayLike, *, length: int | None = None) -> Floats: ...


def not_negative(name: str, values: ArrayLike, *, length: int | None = None) -> Floats:
    row = arrays.numbers(name, values, length=length)
    if (row < 0).any():
        index = int(np.argmax(row < 0))
        raise ValueError(f"{name}[{index}] = {row[index]:g} is below 0: give 0 where nobody lives")
    return row


def table(name: str, values: ArrayLike, row: Row, *, rows: int) -> Floats:
    """A row for each region and a column for each period."""
    shape = np.shape(values)
    if len(shape) != 2 or shape[0] != rows or not shape[1]:
        raise ValueError(
            f"{name} must have a row for each of the {rows} places and a column for each period, "
            f"not shape {shape}"
        )
    return np.array([row(f"{name}[{i}]", part) for i, part in enumerate(np.asarray(values))])


def manageable(total: float) -> None:
    if total > MOST:
        raise ValueError(f"there are {total:.0f} cases, more than {MOST}: scan a part at a time")
