"""Rows of the sample with their weights: everybody asked, whether they answered or not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from loftet.listen.rules.results.given import Drawn, Filled, Given
from loftet.listen.rules.results.items import Item

if TYPE_CHECKING:
    from loftet.analysis.survey import Design
    from loftet.analysis.survey.groups import Groups

Codes = NDArray[np.intp]
Floats = NDArray[np.float64]
Margin = tuple[Codes, dict[int, float]]
POOLED = "+"  # the name of strata taken together
FEWEST = 2  # answers that a stratum needs to show any spread
MARGIN_FEWEST = 5  # answers that a category of a margin needs to be fitted on its own
UNKNOWN = -1
WIDEST = (0.2, 5.0)  # what fitting to margins may do to a weight


@dataclass(frozen=True)
class Group:
    """Strata as they are used: each for itself, or those with hardly an answer together."""

    code: str
    population: int
    asked: int
    answered: int


class Rows:
    """Answers first, in their order; then those who did not answer, with weight 0.

    Where the design allows no weights there are the answers alone, and every one counts the same.
    """

    def __init__(self, given: Given) -> None:
        self.given = given
        self.answered = len(given.answers)
        self.groups, self.group_of = grouped(given.strata, given.answers)
        self.names = {stratum.code: stratum.name for stratum in given.strata}
        alone = [code for code in self.groups if code != POOLED]
        self.areas = tuple(sorted(alone, key=self.names.__getitem__))
        self.bounded = self.unmet = False

    @property
    def weighted(self) -> bool:
        return self.given.allowed.weights and bool(self.groups)

    @property
    def size(self) -> int:
        return len(self.strata)

    def values(self, item: Item) -> Codes:
        """Which of the item's levels each answer chose; -1 is no answer."""
        places = {level: at for at, level in enumerate(item.levels)}
        chosen = (item.value(answer.content) for answer in self.given.answers)
        found = (UNKNOWN if value is None else places[value] for value in chosen)
        return np.fromiter(found, dtype=np.intp, count=self.answered)

    def column(self, values: NDArray[np.float64]) -> Floats:
        """A number for each answer, and none for those who did not answer."""
        rows = np.full(self.size, np.nan)
        rows[: self.answered] = values
        return rows

    @cached_property
    def strata(self) -> Codes:
        """The group of each row, by its place among the groups."""
        places = {code: at for at, code in enumerate(self.groups)}
        mine = np.array([places.get(code, 0) for code in self.group_of], dtype=np.intp)
        if not self.weighted:
            return mine
        silent = [max(group.asked - group.answered, 0) for group in self.groups.values()]
        return np.concatenate([mine, np.repeat(np.arange(len(silent)), silent)])

    @cached_property
    def area_of(self) -> Codes:
        """The area that each row is shown under; the last one is for those shown in none."""
        places = {area: at for at, area in enumerate(self.areas)}
        none = len(self.areas)
        if not self.groups:
            return np.full(self.size, none, dtype=np.intp)
        shown = np.array([places.get(code, none) for code in self.groups], dtype=np.intp)
        return shown[self.strata]

    @cached_property
    def domains(self) -> Groups:
        from loftet.analysis.survey import Groups  # noqa: PLC0415 - SciPy, in jobs alone

        return Groups(self.area_of, (*self.areas, ""))

    @cached_property
    def design(self) -> Design:
        from loftet.analysis.survey import Design  # noqa: PLC0415 - SciPy, in jobs alone

        if not self.weighted:
            return Design(np.ones(self.size))
        groups = list(self.groups.values())
        base = np.array([group.population / _asked(group) for group in groups])[self.strata]
        population = {at: max(g.population, _asked(g)) for at, g in enumerate(groups)}
        design = Design(base, strata=self.strata, population=population, lonely="centre")
        responded = np.arange(self.size) < self.answered
        design = design.respond(responded, self.strata)
        margins = self.margins(design.weights)
        return self._fit(design, margins) if margins else design

    def _fit(self, design: Design, margins: list[Margin]) -> Design:
        """Within bounds where that is needed and possible; else as near the design as it was.

        Bounds are on what fitting does to a weight, not on the weight: that people in a small
        district stand for few is how the sample was drawn, and no fault.
        """
        every = [*margins, self._strata_margin(design.weights)]
        try:
            fitted = design.rake(every)
            factors = (fitted.weights / np.where(design.weights, design.weights, 1))[
                : self.answered
            ]
            low, high = WIDEST
            self.bounded = bool(factors.min() < low or factors.max() > high)
            return design.rake(every, bounds=WIDEST) if self.bounded else fitted
        except ValueError:  # the margins cannot be met by the people who answered
            self.unmet = True
            return design

    def _strata_margin(self, weights: Floats) -> Margin:
        """Fitting to other margins must not move people between districts."""
        totals = np.bincount(self.strata, weights, len(self.groups))
        return self.strata, dict(enumerate(totals.tolist()))

    @property
    def fitted(self) -> tuple[str, ...]:
        """Questions with figures from a register that the weights are fitted to."""
        if not self.weighted:
            return ()
        return tuple(
            v for v, totals in sorted(self.given.margins.items()) if self._usable(v, totals)
        )

    def margins(self, weights: Floats) -> list[Margin]:
        """Registers' figures for what was answered.

        Those who left the question out, or gave an answer that the register does not know, keep
        the share that they have; the register's figures share the rest.
        """
        return [self._margin(variable, weights) for variable in self.fitted]

    def _usable(self, variable: str, totals: Mapping[str, int]) -> dict[str, int]:
        counts = Counter(self._answers(variable))
        usable = {c: n for c, n in totals.items() if counts[c] >= MARGIN_FEWEST and n > 0}
        return usable if len(usable) > 1 else {}

    def _answers(self, variable: str) -> list[str]:
        return [str(answer.content.get(variable, "")) for answer in self.given.answers]

    def _margin(self, variable: str, weights: Floats) -> Margin:
        usable = self._usable(variable, self.given.margins[variable])
        places = {category: at for at, category in enumerate(usable, start=1)}
        levels = np.zeros(self.size, dtype=np.intp)
        levels[: self.answered] = [places.get(a, 0) for a in self._answers(variable)]
        unknown = float(weights[levels == 0].sum())
        scale = (float(weights.sum()) - unknown) / sum(usable.values())
        aims = {places[category]: count * scale for category, count in usable.items()}
        if unknown:
            return levels, aims | {0: unknown}
        levels[self.answered :] = 1  # weight 0: any level will do
        return levels, aims


def _asked(group: Group) -> int:
    return max(group.asked, group.answered, 1)


def grouped(
    strata: Sequence[Drawn], answers: Sequence[Filled]
) -> tuple[dict[str, Group], list[str]]:
    """Pool the strata with too few answers, and with them answers that do not say where they lie.

    Where nothing or too little is pooled so, the stratum with the fewest answers joins.
    """
    counts = Counter(answer.stratum for answer in answers)
    alone = [s for s in strata if counts[s.code] >= FEWEST]
    pooled = [s for s in strata if counts[s.code] < FEWEST]
    lost = len(answers) - sum(counts[s.code] for s in alone)
    if alone and ((pooled and lost < FEWEST) or (lost and not pooled)):
        smallest = min(alone, key=lambda s: counts[s.code])
        alone.remove(smallest)
        pooled.append(smallest)
        lost += counts[smallest.code]
    groups = {s.code: Group(s.code, s.population, s.asked, counts[s.code]) for s in alone}
    if pooled:
        people, asked = sum(s.population for s in pooled), sum(s.asked for s in pooled)
        groups[POOLED] = Group(POOLED, people, asked, lost)
    names = [a.stratum if a.stratum in groups else POOLED for a in answers]
    return groups, [name or POOLED for name in names]
