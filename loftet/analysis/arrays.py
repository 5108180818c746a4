"""Arrays that come in, checked by name and place: every error says what would cure it."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


def numbers(name: str, values: ArrayLike, *, length: int | None = None) -> Floats:
    """A row of finite numbers, of the length of the other rows."""
    try:
        row = np.asarray(values, dtype=float)
    except (TypeError, ValueError):
        raise ValueError(f"{name} must hold numbers only") from None
    if row.ndim != 1:
        raise ValueError(f"{name} must be one row of numbers, not of shape {row.shape}")
    if length is not None and len(row) != length:
        raise ValueError(f"{name} has {len(row)} values, the others {length}: give one for each")
    _refuse(name, ~np.isfinite(row), row, "is not a number: leave it out everywhere, or find it")
    return row


def counts(name: str, values: ArrayLike, *, length: int | None = None) -> Floats:
    """Whole numbers from 0 up, as floats for the algebra."""
    row = numbers(name, values, length=length)
    _refuse(name, row < 0, row, "is below 0: a count is 0 or more")
    _refuse(name, row != np.floor(row), row, "is not whole: give counts and, apart, the exposure")
    return row


def positive(name: str, values: ArrayLike, *, length: int | None = None) -> Floats:
    row = numbers(name, values, length=length)
    _refuse(name, row <= 0, row, "is not above 0: leave out what was not exposed or not measured")
    return row


def points(x: ArrayLike, y: ArrayLike) -> tuple[Floats, Floats]:
    """Places in metres (SWEREF 99 TM), one x (east) and one y (north) each."""
    east = numbers("x", x)
    return east, numbers("y", y, length=len(east))


def exposures(values: ArrayLike | None, length: int) -> Floats:
    return np.ones(length) if values is None else positive("exposure", values, length=length)


def _refuse(name: str, wrong: NDArray[np.bool_], row: NDArray[Any], why: str) -> None:
    if wrong.any():
        place = int(np.argmax(wrong))
        raise ValueError(f"{name}[{place}] = {row[place]:g} {why}")
