"""A sample with its weights, and what has been done to them."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from loftet.analysis.survey import replication
from loftet.analysis.survey.groups import Flags, Floats, numbers
from loftet.analysis.survey.replication import Replication
from loftet.analysis.survey.sample import Sample
from loftet.analysis.survey.scores import Adjustment, Scores


@dataclass(frozen=True, slots=True)
class Margin:
    """What the weights were to add up to in a level of a margin, and what they add up to."""

    margin: str
    target: float
    reached: float


@dataclass(frozen=True, slots=True)
class Diagnostics:
    """How uneven the weights are, and whether the margins still hold.

    Attributes
    ----------
    design_effect : float
        Kish's ``n * sum(w^2) / sum(w)^2``: what unequal weights alone do to a variance when they
        have nothing to do with the answers.
    effective_n : float
        Answers divided by that.
    largest, smallest : float
        Weights in proportion to the mean weight.
    rounds : int or None
        Rounds until the latest calibration converged; None without calibration.
    margins : tuple of Margin
        With the present weights, so that trimming after calibration shows.
    """

    n: int
    design_effect: float
    effective_n: float
    largest: float
    smallest: float
    rounds: int | None
    margins: tuple[Margin, ...]

    @property
    def gap(self) -> float:
        """The largest distance from a margin, relative to it."""
        misses = (abs(m.reached - m.target) / (abs(m.target) or 1.0) for m in self.margins)
        return max(misses, default=0.0)


@dataclass(frozen=True, slots=True, eq=False)
class Aim:
    """What a calibration aimed at: the scores of the margins, and their targets."""

    names: tuple[str, ...]
    targets: Floats
    parts: tuple[Scores, ...]  # of weight 1
    rounds: int

    def reached(self, weights: Floats) -> tuple[Margin, ...]:
        reached = np.concatenate([part.total(weights) for part in self.parts])
        rows = zip(self.names, self.targets.tolist(), reached.tolist(), strict=True)
        return tuple(Margin(*row) for row in rows)


@dataclass(frozen=True, slots=True, eq=False)
class Weighted:
    """Weights over a sample; errors follow from the sample, the adjustments or the replicates."""

    weights: Floats
    sample: Sample
    adjustments: tuple[Adjustment, ...] = ()
    replication: Replication | None = None
    aim: Aim | None = None

    @property
    def counted(self) -> Flags:
        return np.asarray(self.weights != 0)  # linear calibration can make weights negative

    @property
    def degrees(self) -> int:
        """First-stage units less strata; at most the replicates less one."""
        if self.replication is None:
            return self.sample.degrees
        return min(self.sample.degrees, len(self.replication.scales) - 1)

    def covariance(self, scores: Scores) -> Floats:
        """Of totals: linearised, or from the replicates."""
        if self.replication is not None:
            return replication.covariance(self.replication.totals(scores), self.replication.scales)
        unseen: Floats | float = 0.0
        for adjustment in reversed(self.adjustments):
            scores, more = adjustment.residual(scores, self.sample.fractions)
            unseen = unseen + more
        return self.sample.covariance(scores) + unseen

    def ratio_covariance(self, residual: Scores, above: Scores, below: Scores) -> Floats:
        """Of ratios of totals: from the scores of the residuals, or ratios in each replicate."""
        if self.replication is None:
            return self.covariance(residual)
        tops, bottoms = self.replication.totals(above), self.replication.totals(below)
        # a domain that a replicate does not meet says nothing there: it keeps its own ratio
        once = np.ones_like(self.weights)
        whole = np.broadcast_to(above.total(once) / or_one(below.total(once)), tops.shape)
        ratios = np.divide(tops, bottoms, out=whole.copy(), where=bottoms != 0)
        return replication.covariance(ratios, self.replication.scales)

    def diagnostics(self) -> Diagnostics:
        weights = self.weights[self.counted]
        n, mean = len(weights), float(weights.mean())
        effect = float((weights @ weights) / (n * mean**2))
        return Diagnostics(
            n=n,
            design_effect=effect,
            effective_n=n / effect,
            largest=float(weights.max()) / mean,
            smallest=float(weights.min()) / mean,
            rounds=self.aim.rounds if self.aim else None,
            margins=self.aim.reached(self.weights) if self.aim else (),
        )


def checked_weights(weights: npt.ArrayLike) -> Floats:
    array = np.asarray(weights)
    if array.ndim != 1 or not len(array):
        raise ValueError(f"weights must be one number for each answer, not {array.shape}")
    values = numbers(array, "weights", len(array))
    for wrong, what in ((np.isnan(values), "missing"), (values < 0, "negative")):
        if wrong.any():
            raise ValueError(
                f"weights must be 0 or more; row {np.argmax(wrong)} is {what}: leave the row out "
                "or give it weight 0"
            )
    if not values.any():
        raise ValueError("weights are all 0: nobody answered")
    return values


def or_one(values: Floats) -> Floats:
    """A denominator, where what stands above it is 0 too."""
    return np.where(values == 0, 1.0, values)
