"""Events in arrays, which columns they come from, and the account of rows that were left out."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from loftet.analysis.arrays import Floats

SHOWN = 5  # row numbers told for each reason


@dataclass(frozen=True, slots=True)
class Columns:
    """Which column of a file holds what.

    Parameters
    ----------
    area : str
        The area's code or name.
    time : str
        When it happened: ``2024-03-01``, ``2024-03-01T07:32``, with or without an offset.
    position : tuple of str
        One column with ``latitude, longitude``, or two: longitude and latitude in degrees (WGS84),
        or x and y in metres (SWEREF 99 TM) when `metres`.
    metres : bool
        Whether two columns of position are metres.
    kind : str, optional
        Each value of it is analysed apart.
    where : tuple of (column, value)
        Only these rows; values of the same column are alternatives.
    """

    area: str
    time: str
    position: tuple[str, ...] = ()
    metres: bool = False
    kind: str | None = None
    where: tuple[tuple[str, str], ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        kind = () if self.kind is None else (self.kind,)
        return (self.area, self.time, *self.position, *kind, *self.wanted)

    @property
    def wanted(self) -> dict[str, set[str]]:
        values: dict[str, set[str]] = {}
        for column, value in self.where:
            values.setdefault(column, set()).add(value)
        return values


@dataclass(frozen=True, slots=True, eq=False)
class Events:
    """One value an event in each array, in order of time; areas and kinds in that of the alphabet.

    Times are local, in minutes. Positions are metres (SWEREF 99 TM), not a number where unknown.
    """

    areas: tuple[str, ...]
    kinds: tuple[str, ...]
    area: NDArray[np.int64]
    kind: NDArray[np.int64]
    time: NDArray[np.datetime64]
    x: Floats
    y: Floats

    def __len__(self) -> int:
        return len(self.time)

    def where(self, these: NDArray[np.bool_]) -> "Events":
        return Events(
            self.areas,
            self.kinds,
            self.area[these],
            self.kind[these],
            self.time[these],
            self.x[these],
            self.y[these],
        )


@dataclass(slots=True)
class LeftOut:
    """How many rows were left out for each reason, and the first of them.

    Rows are numbered as a spreadsheet shows them.
    """

    rows: dict[str, int] = field(default_factory=dict)
    first: dict[str, list[int]] = field(default_factory=dict)

    def add(self, reason: str, row: int) -> None:
        self.rows[reason] = self.rows.get(reason, 0) + 1
        first = self.first.setdefault(reason, [])
        if len(first) < SHOWN:
            first.append(row)

    def __iter__(self) -> Iterator[tuple[str, int, list[int]]]:
        """Reasons, the most frequent first, with the number of rows and the first of them."""
        for reason in sorted(self.rows, key=lambda reason: (-self.rows[reason], reason)):
            yield reason, self.rows[reason], self.first[reason]


@dataclass(frozen=True, slots=True)
class Gathered:
    """The events of a file.

    `unplaced` rows are among the events, but not for methods that ask where.
    """

    events: Events
    read: int
    left_out: LeftOut
    unplaced: LeftOut
