"""Tables of parts and of the answers within them, made safe together."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from loftet.analysis.disclosure import Table, suppress
from loftet.analysis.disclosure.tables import Cell, Index

Counts = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Within(Table):
    """The answers of one part; its totals are the cells of the table of parts."""

    part: str = ""

    def cells(self) -> dict[Index, Cell]:
        named = Table.cells(self)
        return {at: tuple(sorted((*cell, ("part", self.part)))) for at, cell in named.items()}


def hidden(
    areas: Sequence[str], parts: Sequence[tuple[str, ...]], cells: Sequence[Counts], least: int
) -> tuple[set[tuple[int, int]], set[tuple[int, str]]]:
    """Which sums of parts and which answers must not be shown, by row; the last row is the whole.

    `cells` holds for each part the counts of its answers (columns) in each area (rows).
    """
    sums = np.stack([part.sum(axis=1) for part in cells], axis=1)
    names = [str(at) for at in range(len(parts))]
    whole = Table.of_inner({"area": areas, "part": names}, sums, "item")
    many = [at for at, part in enumerate(parts) if len(part) > 1]
    within = [_within(areas, parts[at], cells[at], names[at]) for at in many]
    of_parts, *of_answers = suppress([whole, *within], least=least)
    rows = range(len(areas) + 1)
    in_sum = {(row, at) for row in rows for at in range(len(parts)) if of_parts.hidden[row, at]}
    alone = {
        (row, level)
        for at, safe in zip(many, of_answers, strict=True)
        for row in rows
        for column, level in enumerate(parts[at])
        if safe.hidden[row, column]
    }
    return in_sum, alone


def _within(areas: Sequence[str], part: Sequence[str], cells: Counts, name: str) -> Within:
    table = Table.of_inner({"area": areas, "level": part}, cells)
    return Within(table.dimensions, table.counts, "item", name)
