"""What is too small to show, and what must be hidden beside it so that nobody can subtract."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from loftet.listen.rules.results.given import Limits
from loftet.listen.rules.results.sample import Codes, Rows

if TYPE_CHECKING:
    from loftet.analysis.disclosure import Table

Counts = NDArray[np.int64]
HIDDEN = "few"  # the one mark for both what is small and what guards it


@dataclass(frozen=True)
class Counted:
    """How many gave each answer in each area; the last row is those shown in no area."""

    areas: tuple[str, ...]
    levels: tuple[str, ...]
    cells: Counts

    @property
    def bases(self) -> Counts:
        return np.asarray(self.cells.sum(axis=1))

    def n(self, area: str | None) -> int:
        bases = self.bases
        return int(bases.sum() if area is None else bases[self.areas.index(area)])

    def of(self, area: str | None, level: str) -> int:
        column = self.cells[:, self.levels.index(level)]
        return int(column.sum() if area is None else column[self.areas.index(area)])


def count(rows: Rows, values: Codes, levels: Sequence[str]) -> Counted:
    areas, wide = rows.area_of[: rows.answered], len(levels)
    given = values >= 0
    places = areas[given] * wide + values[given]
    cells = np.bincount(places, minlength=(len(rows.areas) + 1) * wide)
    return Counted(rows.areas, tuple(levels), cells.reshape(-1, wide))


class Shown:
    """Which areas and which cells may be shown, all published figures of the item together.

    Answers that are also told together (as those who see a problem) are `parts`.
    """

    def __init__(
        self, counted: Counted, limits: Limits, name: str, parts: Sequence[Sequence[str]] = ()
    ) -> None:
        self.counted = counted
        self.limits = limits
        self.parts = [tuple(part) for part in parts] or [(level,) for level in counted.levels]
        self.hidden_areas = small_groups(counted.areas, counted.bases, limits.group, name)
        self.hidden_parts: set[tuple[str | None, tuple[str, ...]]] = set()
        self.hidden_cells: set[tuple[str | None, str]] = set()
        self._hide()

    def area(self, area: str | None) -> bool:
        return area not in self.hidden_areas and self.counted.n(area) >= self.limits.group

    def part(self, area: str | None, part: Sequence[str]) -> bool:
        """Whether the sum of a part may be shown."""
        return self.area(area) and (area, tuple(part)) not in self.hidden_parts

    def cell(self, area: str | None, level: str) -> bool:
        part = next(part for part in self.parts if level in part)
        return self.part(area, part) and (area, level) not in self.hidden_cells

    def _hide(self) -> None:
        """Hide cells with too few people; what is shown in no area is one row that nobody sees."""
        apart = [area for area in self.counted.areas if area not in self.hidden_areas]
        kept = [self.counted.areas.index(area) for area in apart]
        rest = np.delete(self.counted.cells, kept, axis=0).sum(axis=0, keepdims=True)
        inner = np.concatenate([self.counted.cells[kept], rest])
        if not _any_small(inner, self.limits.cell):
            return
        from loftet.listen.rules.results import linked  # noqa: PLC0415 - SciPy, in jobs alone

        columns = [[self.counted.levels.index(level) for level in part] for part in self.parts]
        cells = [inner[:, at] for at in columns]
        in_sum, alone = linked.hidden([*apart, ""], self.parts, cells, self.limits.cell)
        names: list[str | None] = [*apart, "", None]
        self.hidden_parts = {(names[row], self.parts[at]) for row, at in in_sum}
        self.hidden_cells = {(names[row], level) for row, level in alone}


def small_groups(areas: Sequence[str], counts: Counts, least: int, name: str) -> set[str]:
    """Groups with too few people, and those that keep them from being subtracted."""
    from loftet.analysis.disclosure import Table  # noqa: PLC0415 - SciPy, in jobs alone

    if not areas or not _any_small(counts, least):
        return set()
    hidden = _hidden(Table.of_inner({"area": [*areas, ""]}, counts, name), least)
    return {area for area, small in zip(areas, hidden[:-2], strict=True) if small}


def _hidden(table: Table, least: int) -> NDArray[np.bool_]:
    from loftet.analysis.disclosure import suppress  # noqa: PLC0415 - SciPy, in jobs alone

    (safe,) = suppress([table], least=least)
    return safe.hidden


def _any_small(counts: Counts, least: int) -> bool:
    """Where a part is small or its sums are, something must be hidden."""
    return bool(((counts > 0) & (counts < least)).any())
