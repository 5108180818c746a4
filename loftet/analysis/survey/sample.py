"""How the sample was drawn: stages, strata, finite populations, and the variance they give."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

import numpy as np
import numpy.typing as npt

from loftet.analysis.survey.groups import Codes, Flags, Floats, Groups, Labels, compress, numbers
from loftet.analysis.survey.scores import Scores

Lonely = Literal["refuse", "certainty", "centre", "average"]
Strata = npt.ArrayLike | Groups | None
Clusters = npt.ArrayLike | Groups | tuple[npt.ArrayLike | Groups, ...] | None
Size = npt.ArrayLike | Mapping[Any, float] | None
Population = Size | tuple[Size, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Stage:
    """Units drawn within strata; at later stages the strata are the units of the stage before."""

    units: Codes | None  # the unit of each row; None where the rows are the units
    strata: Codes  # the stratum of each unit
    sizes: Floats  # units in each stratum
    fractions: Floats  # the part of each stratum that was drawn
    weight: Floats  # what earlier stages leave of this stratum's variance
    lonely: Lonely

    @property
    def alone(self) -> Flags:
        """Strata with one sampled unit out of more, where the spread cannot be seen."""
        return np.asarray((self.sizes == 1) & (self.fractions < 1) & (self.weight > 0))

    @property
    def scale(self) -> Floats:
        """What a stratum's sum of squares about its mean is multiplied by."""
        degrees = np.maximum(self.sizes - 1, 1.0)
        scale: Floats = self.weight * (1 - self.fractions) * self.sizes / degrees
        scale[self.sizes == 1] = 0
        if self.lonely == "average" and self.alone.any():
            scale *= len(scale) / max(1, len(scale) - int(np.count_nonzero(self.alone)))
        return scale

    def covariance(self, scores: Scores) -> Floats:
        if self.units is not None:
            totals = scores.sums(self.units, len(self.strata))
            sums = _within(self.strata, totals, len(self.sizes))
            centred = totals - (sums / self.sizes[:, None])[self.strata]
            spread = (self.scale[self.strata, None] * centred).T @ centred
        else:
            sums = scores.sums(self.strata, len(self.sizes))
            spread = self._whole(scores, sums) if scores.terms else self._disjoint(scores, sums)
        return spread + self._lonely(sums)

    def _whole(self, scores: Scores, sums: Floats) -> Floats:
        means = (self.scale / self.sizes)[:, None] * sums
        return np.asarray(scores.squares(self.scale[self.strata]) - means.T @ sums)

    def _disjoint(self, scores: Scores, sums: Floats) -> Floats:
        """Each row in one domain: squares within the domain, and what the means of domains add."""
        cells = self.strata * scores.count + scores.codes
        counts = np.bincount(cells, minlength=sums.size).reshape(sums.shape)
        means = sums / np.maximum(counts, 1)
        squares = (scores.values - means.ravel()[cells]) ** 2 * self.scale[self.strata]
        shares = counts / self.sizes[:, None]
        diagonal: Floats = np.bincount(scores.codes, squares, scores.count).astype(float)
        diagonal += self.scale @ (sums * means * (1 - shares))
        covariance: Floats = -((self.scale / self.sizes)[:, None] * sums).T @ sums
        np.fill_diagonal(covariance, diagonal)
        return covariance

    def _lonely(self, sums: Floats) -> Floats | float:
        if self.lonely != "centre" or not self.alone.any():
            return 0.0
        centred = sums[self.alone] - sums.sum(axis=0) / len(self.strata)
        scale = (self.weight * (1 - self.fractions))[self.alone]
        return np.asarray((scale[:, None] * centred).T @ centred)


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """The stages of one sample, the first one first."""

    stages: tuple[Stage, ...]
    strata: Groups
    population: float | None  # of elements, where they were drawn directly

    @property
    def degrees(self) -> int:
        """First-stage units less strata."""
        first = self.stages[0]
        return len(first.strata) - len(first.sizes)

    @property
    def fractions(self) -> Floats:
        """For each row the part of its stratum that was drawn."""
        return self.stages[0].fractions[self.strata.codes]

    def covariance(self, scores: Scores) -> Floats:
        return np.asarray(sum(stage.covariance(scores) for stage in self.stages))

    def units(self, groups: Groups, counted: Flags) -> Floats:
        """Count the first-stage units that each group has members in."""
        units = self.stages[0].units
        if units is None:
            return groups.sum(counted.astype(np.float64))
        pairs, _ = compress(
            (units * len(groups) + groups.codes)[counted], len(groups) * (int(units.max()) + 1)
        )
        first = np.unique(pairs, return_index=True)[1]
        return np.bincount(groups.codes[counted][first], minlength=len(groups)).astype(np.float64)


def drawn(
    rows: int, strata: Strata, clusters: Clusters, population: Population, lonely: Lonely
) -> Sample:
    """Check the description of a sample and code it."""
    if lonely not in get_args(Lonely):
        raise ValueError(f"lonely must be one of {', '.join(get_args(Lonely))}, not {lonely!r}")
    every = np.ones(rows, dtype=bool)
    labels = np.zeros(rows, dtype=np.intp) if strata is None else strata
    groups = Groups.of(labels, "strata", every)
    codes, kept = compress(groups.codes, len(groups))
    groups = Groups(codes, tuple(groups.labels[code] for code in kept))
    stages = tuple(_stages(groups, _tuple(clusters), _tuple(population), lonely))
    _refuse_alone(stages, groups.labels)
    direct = stages[0].units is None and population is not None
    size = float((stages[0].sizes / stages[0].fractions).sum()) if direct else None
    return Sample(stages, groups, size)


def _tuple(given: Any) -> tuple[Any, ...]:
    return given if isinstance(given, tuple) else (given,)


def _stages(
    strata: Groups, clusters: tuple[Any, ...], population: tuple[Any, ...], lonely: Lonely
) -> Iterator[Stage]:
    if len(population) > len(clusters):
        raise ValueError("population tells more stages than clusters; give one size per stage")
    rows = len(strata.codes)
    parents, count, weight = strata.codes, len(strata), np.ones(len(strata))
    labels: Labels = strata.labels
    for stage, cluster in enumerate(clusters):
        units, of_units = (None, parents)
        if cluster is not None:
            within = Groups.of(cluster, "clusters", np.ones(rows, dtype=bool))
            units, pairs = compress(parents * len(within) + within.codes, count * len(within))
            of_units = pairs // len(within)
        sizes = np.bincount(of_units, minlength=count).astype(np.float64)
        known = population[stage] if stage < len(population) else None
        fractions = _fractions(known, Groups(parents, labels), sizes)
        yield Stage(units, of_units, sizes, fractions, weight, lonely)
        if units is None:
            return
        weight = (weight * fractions)[of_units]
        parents, count = units, len(of_units)
        labels = tuple(range(count))


def _fractions(population: Any, strata: Groups, sizes: Floats) -> Floats:
    if population is None:
        return np.zeros(len(sizes))
    known = _sizes(population, strata)
    if not (known > 0).all():
        raise ValueError("population must be above 0 in every stratum")
    if (known < sizes * (1 - 1e-9)).any():
        at = int(np.argmax(sizes - known))
        raise ValueError(
            f"population is {known[at]:g} in stratum {strata.labels[at]!r}, fewer than the "
            f"{sizes[at]:g} units drawn there; give the number of units that could be drawn"
        )
    return np.minimum(sizes / known, 1.0)


def _sizes(population: Any, strata: Groups) -> Floats:
    if isinstance(population, Mapping):
        lacking = [label for label in strata.labels if label not in population]
        if lacking:
            raise ValueError(f"population lacks the size of stratum {lacking[0]!r}")
        return np.array([population[label] for label in strata.labels], dtype=np.float64)
    if np.ndim(population) == 0:
        if len(strata) > 1:
            raise ValueError("population must give a size for each stratum, as {stratum: size}")
        return np.array([population], dtype=np.float64)
    values = numbers(population, "population", len(strata.codes))
    known = np.zeros(len(strata))
    known[strata.codes] = values
    if not np.array_equal(known[strata.codes], values):
        raise ValueError("population must be the same in all rows of a stratum")
    return known


def _refuse_alone(stages: tuple[Stage, ...], labels: Labels) -> None:
    for number, stage in enumerate(stages):
        if stage.lonely == "refuse" and stage.alone.any():
            at = int(np.argmax(stage.alone))
            where = f"stratum {labels[at]!r}" if number == 0 else f"a unit of stage {number}"
            raise ValueError(
                f"strata: {where} has one unit only, so that its error cannot be estimated; merge "
                'it with one that resembles it, or choose lonely="centre", "average" or "certainty"'
            )


def _within(codes: Codes, totals: Floats, count: int) -> Floats:
    return np.stack([np.bincount(codes, column, count) for column in totals.T], axis=1)
