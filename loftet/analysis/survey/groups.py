"""What comes in, checked: numbers, and labels as codes."""

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Codes = npt.NDArray[np.intp]
Labels = tuple[Hashable, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Groups:
    """A label per row, coded once; give it instead of the labels when they are used many times.

    A label that no row carries is kept, so that an empty domain shows in the result.
    """

    codes: Codes
    labels: Labels

    @classmethod
    def of(cls, values: "npt.ArrayLike | Groups", name: str, needed: Flags) -> "Groups":
        """Code the labels; rows that are not needed (weight 0) may lack one."""
        if isinstance(values, Groups):
            _check_rows(name, values.codes, len(needed))
            return values
        array = np.asarray(values)
        _check_rows(name, array, len(needed))
        if not needed.all():
            array = np.where(needed, array, array[np.argmax(needed)])
        return _whole(array) if array.dtype.kind in "iub" else _other(array, name)

    def __len__(self) -> int:
        return len(self.labels)

    def sum(self, values: Floats | None = None) -> Floats:
        """Sum the values in each group, or count its rows."""
        return np.bincount(self.codes, values, len(self)).astype(np.float64, copy=False)

    def crossed(self, other: "Groups") -> "Groups":
        """Pairs of labels, all of them, also those that no row carries."""
        labels = tuple((a, b) for a in self.labels for b in other.labels)
        return Groups(self.codes * len(other) + other.codes, labels)


def one_group(rows: int) -> Groups:
    return Groups(np.zeros(rows, dtype=np.intp), ("all",))


def compress(codes: Codes, size: int) -> tuple[Codes, Codes]:
    """Number the codes that occur from 0, and tell what each number was."""
    if size > 4 * len(codes) + 1000:
        kept, renumbered = np.unique(codes, return_inverse=True)
        return renumbered, kept
    occurs = np.bincount(codes, minlength=size) > 0
    if occurs.all():
        return codes, np.arange(size)
    return (np.cumsum(occurs) - 1)[codes], np.flatnonzero(occurs)


def numbers(values: npt.ArrayLike, name: str, rows: int) -> Floats:
    """One number per row; NaN stands for no answer."""
    try:
        array = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError):
        raise ValueError(f"{name} must hold numbers; for answers in words ask for share") from None
    _check_rows(name, array, rows)
    if np.isinf(array).any():
        raise ValueError(f"{name} must be finite; row {np.argmax(np.isinf(array))} is not")
    return array


def missing(values: npt.NDArray[Any]) -> Flags:
    """NaN among numbers, None or NaN among objects."""
    if values.dtype.kind == "f":
        return np.asarray(np.isnan(values))
    if values.dtype.kind == "O":
        return np.array([v is None or v != v for v in values], dtype=bool)  # noqa: PLR0124 - only NaN differs from itself
    return np.zeros(values.shape, dtype=bool)


def fraction(name: str, value: float) -> float:
    if isinstance(value, bool) or not 0 < value < 1:
        raise ValueError(f"{name} must lie between 0 and 1, not at {value!r}")
    return float(value)


def _check_rows(name: str, array: npt.NDArray[Any], rows: int) -> None:
    if array.shape != (rows,):
        raise ValueError(f"{name} must be one value for each of {rows} rows, not {array.shape}")


def _whole(array: npt.NDArray[Any]) -> Groups:
    array = array.astype(np.int64, copy=False) if array.dtype.kind != "b" else array.view(np.int8)
    low, high = int(array.min()), int(array.max())
    if high - low > 4 * len(array) + 1000:
        kept, codes = np.unique(array, return_inverse=True)
        return Groups(codes, tuple(kept.tolist()))
    codes, offsets = compress((array - low).astype(np.intp, copy=False), high - low + 1)
    return Groups(codes, tuple((offsets + low).tolist()))


def _other(array: npt.NDArray[Any], name: str) -> Groups:
    if missing(array).any():
        row = int(np.argmax(missing(array)))
        raise ValueError(f"{name} lacks a label in row {row}; give those rows a label of their own")
    values = array.tolist()  # a dictionary of labels is ten times quicker than sorting them
    try:
        labels = sorted(set(values))
    except TypeError:
        raise ValueError(f"{name} must hold labels of one kind, all words or all numbers") from None
    number = {label: code for code, label in enumerate(labels)}
    codes = np.fromiter(map(number.__getitem__, values), dtype=np.intp, count=len(values))
    return Groups(codes, tuple(labels))
