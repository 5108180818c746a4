"""Shares of each answer, in all and by area, with what is too small hidden and guarded."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from loftet.listen.rules.results.given import Classes
from loftet.listen.rules.results.items import Item
from loftet.listen.rules.results.sample import Codes, Floats, Rows
from loftet.listen.rules.results.small import HIDDEN, Counted, Shown, count

if TYPE_CHECKING:
    from loftet.analysis.survey import Estimate, Estimates

Figure = dict[str, Any]


@dataclass(frozen=True)
class Told:
    """An item with its answers, and what of it may be shown."""

    rows: Rows
    item: Item
    values: Codes
    counted: Counted
    shown: Shown

    @cached_property
    def whole(self) -> Estimates:
        """All the answers together, by the same people."""
        return self.rows.design.shares(self.columns(), missing="omit")

    def columns(self) -> dict[str, Floats]:
        unknown = self.values < 0
        return {
            level: self.rows.column(np.where(unknown, np.nan, self.values == at))
            for at, level in enumerate(self.item.levels)
        }


def told(rows: Rows, item: Item) -> Told:
    values = rows.values(item)
    counted = count(rows, values, item.levels)
    shown = Shown(counted, rows.given.limits, item.code, parts(rows.given.classes, item))
    return Told(rows, item, values, counted, shown)


def parts(classes: Sequence[Classes], item: Item) -> list[tuple[str, ...]]:
    """Answers that the index tells together: who sees a problem, who does not, no opinion."""
    for one in classes:
        if one.scores(item):
            kinds = [one.sees, one.leaves_out, set(item.levels) - one.sees - one.leaves_out]
            found = [tuple(x for x in item.levels if x in kind) for kind in kinds]
            return [part for part in found if part]
    return []


def table(told: Told) -> list[Figure]:
    """A figure for the whole and for each area, each with all the answers."""
    estimates = _by_area(told) if told.rows.given.allowed.intervals else {}
    areas: Sequence[str | None] = [None, *told.counted.areas]
    return [_figure(told, area, estimates) for area in areas]


def _by_area(told: Told) -> dict[str, Estimates]:
    """For each answer, all areas at once."""
    rows, counted = told.rows, told.counted
    values = rows.column(np.where(told.values < 0, np.nan, told.values))
    return {
        level: rows.design.share(values, float(at), rows.domains, missing="omit")
        for at, level in enumerate(counted.levels)
        if any(told.shown.cell(area, level) for area in counted.areas)
    }


def _figure(told: Told, area: str | None, estimates: dict[str, Estimates]) -> Figure:
    if not told.shown.area(area):
        return {"area": area, "n": None, "why": HIDDEN, "levels": {}}
    n = told.counted.n(area)
    levels = {
        level: _share(told, area, level, estimates)
        if told.shown.cell(area, level)
        else {"why": HIDDEN}
        for level in told.counted.levels
    }
    return {"area": area, "n": n, "levels": levels}


def _share(told: Told, area: str | None, level: str, estimates: dict[str, Estimates]) -> Figure:
    n, whole = told.counted.n(area), told.rows.given.limits.whole
    if not told.rows.given.allowed.intervals:
        return {"share": rounded(told.counted.of(area, level) / n, n, whole)}
    found = told.whole[level] if area is None else estimates[level][area]
    return estimated(found, n, whole)


def estimated(found: Estimate, n: int, whole: int) -> Figure:
    low, high = found.interval
    return {
        "share": rounded(found.value, n, whole),
        "low": rounded(low, n, whole),
        "high": rounded(high, n, whole),
    }


def rounded(value: float, n: int, whole: int) -> float | None:
    """Whole per cent from few answers, tenths from many."""
    return None if math.isnan(value) else round(value, 2 if n < whole else 3)
