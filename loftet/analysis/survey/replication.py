"""Replicate weights: the survey as if other units had been drawn, many times over."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from loftet.analysis.survey.groups import Floats
from loftet.analysis.survey.sample import Stage
from loftet.analysis.survey.scores import Scores


class Replication(Protocol):
    """Ways to weight the rows anew; `scales` is what the square of each deviation counts."""

    @property
    def scales(self) -> Floats: ...

    def totals(self, scores: Scores) -> Floats:
        """Replicates x estimates."""

    def factors(self) -> Iterator[Floats]:
        """For each replicate new weight over old, row by row."""


def covariance(replicates: Floats, scales: Floats) -> Floats:
    """Weighted sum of squares about the mean of the replicates."""
    used = scales > 0
    if not used.any():  # all of the population was drawn
        return np.zeros((replicates.shape[1],) * 2)
    centred = replicates - replicates[used].mean(axis=0)
    return np.asarray((scales[:, None] * centred).T @ centred)


@dataclass(frozen=True, slots=True, eq=False)
class Jackknife:
    """Each first-stage unit left out once, the others of its stratum weighted up (JK1, JKn)."""

    stage: Stage

    @property
    def scales(self) -> Floats:
        stage = self.stage
        scales = (1 - stage.fractions) * (stage.sizes - 1) / stage.sizes
        return np.asarray(scales[stage.strata])

    def totals(self, scores: Scores) -> Floats:
        stage = self.stage
        units = np.arange(len(stage.strata)) if stage.units is None else stage.units
        each = scores.sums(units, len(stage.strata))
        strata = np.stack([np.bincount(stage.strata, column) for column in each.T], axis=1)
        rest = np.maximum(stage.sizes - 1, 1)[stage.strata, None]
        size = stage.sizes[stage.strata, None]
        change = (strata[stage.strata] - size * each) / rest
        return np.asarray(strata.sum(axis=0) + np.where(size > 1, change, 0.0))

    def factors(self) -> Iterator[Floats]:
        stage = self.stage
        for left_out, stratum in enumerate(stage.strata):
            factor = np.ones(len(stage.strata))
            if stage.sizes[stratum] > 1:
                factor[stage.strata == stratum] = stage.sizes[stratum] / (stage.sizes[stratum] - 1)
                factor[left_out] = 0.0
            yield factor if stage.units is None else factor[stage.units]


@dataclass(frozen=True, slots=True, eq=False)
class Drawn:
    """Replicates whose factor is ``shift + slope * times`` for each first-stage unit."""

    stage: Stage
    times: npt.NDArray[np.uint8] | npt.NDArray[np.int8]  # replicates x units
    slope: Floats
    shift: Floats

    @property
    def scales(self) -> Floats:
        return np.full(len(self.times), 1 / len(self.times))

    def totals(self, scores: Scores) -> Floats:
        return np.stack([scores.total(factor) for factor in self.factors()])

    def factors(self) -> Iterator[Floats]:
        units = self.stage.units
        for times in self.times:
            factor = self.slope * times + self.shift
            yield factor if units is None else factor[units]


@dataclass(frozen=True, slots=True, eq=False)
class Written:
    """Replicates written out in full, as calibration of each of them leaves them."""

    weights: Floats  # replicates x rows, over the weights of the design
    scales: Floats

    def totals(self, scores: Scores) -> Floats:
        return np.stack([scores.total(factor) for factor in self.weights])

    def factors(self) -> Iterator[Floats]:
        yield from self.weights


def bootstrap(stage: Stage, count: int, rng: np.random.Generator) -> Drawn:
    """Draw one unit fewer than each stratum has, with replacement, and rescale (Rao and Wu)."""
    order = np.argsort(stage.strata, kind="stable")
    sizes = stage.sizes.astype(np.intp)
    draws = np.maximum(sizes - 1, 0)
    start = np.repeat(np.cumsum(sizes) - sizes, draws)
    width = np.repeat(stage.sizes, draws)
    times = np.empty((count, len(order)), dtype=np.uint8)
    for row in times:
        picked = start + (rng.random(len(start)) * width).astype(np.intp)
        row[order] = np.bincount(picked, minlength=len(order))
    # so that the spread of the replicates carries the finite population correction
    shrink = np.sqrt(1 - stage.fractions)
    shrink[sizes == 1] = 0.0
    slope = shrink * sizes / np.maximum(draws, 1)
    return Drawn(stage, times, slope[stage.strata], 1 - shrink[stage.strata])


def balanced(stage: Stage) -> Drawn:
    """Half of each stratum of two, in the balanced order of a Hadamard matrix (McCarthy)."""
    if not (stage.sizes == 2).all():
        raise ValueError(
            'kind="brr" needs two sampled units in every stratum; pair the units, or choose '
            '"jackknife" or "bootstrap"'
        )
    signs = np.ones((1, 1), dtype=np.int8)
    while len(signs) <= len(stage.sizes):
        signs = np.block([[signs, signs], [signs, -signs]])
    second = np.zeros(len(stage.strata), dtype=bool)
    second[np.unique(stage.strata, return_index=True)[1]] = True
    times = signs[:, 1:][:, stage.strata] * np.where(second, 1, -1).astype(np.int8)
    slope = np.sqrt(1 - stage.fractions)[stage.strata]
    return Drawn(stage, times, slope, np.ones_like(slope))
