"""New weights, as near to the old ones as can be, that meet what is known of the population."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np

from loftet.analysis.survey.groups import Codes, Floats, Groups, compress

Distance = Literal["linear", "raking", "logit"]
Bounds = tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class Goal:
    """How new weights are to differ from old ones, how near they must come and how long to try."""

    distance: Distance
    bounds: Bounds
    tolerance: float
    rounds: int


@dataclass(frozen=True, slots=True, eq=False)
class Solution:
    """Factors on the old weights (per cell or per row), and how they were found.

    Attributes
    ----------
    factors : array
        New weight over old.
    rounds : int
        Sweeps over the margins, or steps of Newton's method.
    gap : float
        The largest relative distance from a margin that is left.
    """

    factors: Floats
    rounds: int
    gap: float


@dataclass(frozen=True, slots=True, eq=False)
class Crossing:
    """Margins collapsed to the cells of their cross-classification: tens, however many rows."""

    cells: Codes
    margins: tuple[Codes, ...]  # for each margin the level of each cell
    levels: tuple[int, ...]

    @classmethod
    def of(cls, margins: Sequence[Groups]) -> "Crossing":
        cells, kept = compress(margins[0].codes, len(margins[0]))
        coded = [kept]
        for margin in margins[1:]:
            pairs = cells * len(margin) + margin.codes
            cells, kept = compress(pairs, len(coded[0]) * len(margin))
            coded = [*(levels[kept // len(margin)] for levels in coded), kept % len(margin)]
        return cls(cells, tuple(coded), tuple(len(margin) for margin in margins))

    def indicators(self) -> Floats:
        """Cells x levels: 1 where a cell lies in a level."""
        blocks = zip(self.margins, self.levels, strict=True)
        return np.hstack([np.eye(count)[levels] for levels, count in blocks])


def rake(weights: Floats, crossing: Crossing, totals: Sequence[Floats], goal: Goal) -> Solution:
    """Fit each margin in turn (iterative proportional fitting) until all are met."""
    fitted, gap = weights.copy(), np.inf
    for done in range(1, goal.rounds + 1):
        gap = 0.0
        for levels, total in zip(crossing.margins, totals, strict=True):
            reached = np.bincount(levels, fitted, len(total))
            if not (reached > 0).all():
                raise ValueError(
                    "margins: a level has no weight left, perhaps in one replicate only; merge "
                    "levels that few answered"
                )
            factor = total / reached
            fitted *= factor[levels]
            gap = max(gap, float(np.abs(factor - 1).max()))
        if gap < goal.tolerance:
            return Solution(_quotient(fitted, weights), done, gap)
    raise ValueError(
        f"margins cannot be met together: after {goal.rounds} rounds one is still {gap:.2%} off; "
        "merge levels that few answered, or leave a margin out"
    )


def calibrate(weights: Floats, x: Floats, totals: Floats, goal: Goal) -> Solution:
    """Solve ``sum of weights * F(x @ u) * x = totals`` for u by Newton's method, halving steps.

    F is the inverse of the derivative of the distance: ``1 + u`` (linear), ``exp(u)`` (raking), cut
    at the bounds, or the logistic curve between them.
    """
    curve = _curve(goal.distance, goal.bounds)
    unit = np.maximum(np.abs(totals), weights @ np.abs(x)) + np.finfo(float).tiny
    x, totals = x / unit, totals / unit
    u = np.zeros(x.shape[1])
    factors, slopes = curve(x @ u)
    miss = totals - (weights * factors) @ x
    for done in range(1, goal.rounds + 1):
        if np.abs(miss).max() < goal.tolerance:
            return Solution(factors, done - 1, float(np.abs(miss).max()))
        step = np.linalg.lstsq(x.T @ ((weights * slopes)[:, None] * x), miss, rcond=1e-13)[0]
        for halving in range(30):
            factors, slopes = curve(x @ (u + step / 2**halving))
            new = totals - (weights * factors) @ x
            if np.linalg.norm(new) < np.linalg.norm(miss):
                break
        else:
            break
        u, miss = u + step / 2**halving, new
    within, wider = (" within bounds", "widen the bounds, ") if goal.bounds else ("", "")
    raise ValueError(
        f"totals cannot be met{within}: the best weights found are {np.abs(miss).max():.2%} off; "
        f"{wider}merge levels, or check that the totals do not contradict each other"
    )


Curve = Callable[[Floats], tuple[Floats, Floats]]


def _curve(distance: Distance, bounds: Bounds) -> Curve:
    """The factor and its derivative."""
    if distance not in get_args(Distance):
        raise ValueError(f"distance must be one of {', '.join(get_args(Distance))}")
    if bounds is not None and not 0 <= bounds[0] < 1 < bounds[1]:
        raise ValueError(f"bounds must lie on either side of 1, as in (0.3, 3), not {bounds}")
    if distance == "logit":
        if bounds is None:
            raise ValueError('bounds must be given with distance="logit"')
        return _logit(*bounds)
    low, high = bounds or (-np.inf, np.inf)

    def curve(u: Floats) -> tuple[Floats, Floats]:
        raw = 1 + u if distance == "linear" else np.exp(np.minimum(u, 700))
        slope = np.ones_like(u) if distance == "linear" else raw
        return np.clip(raw, low, high), np.where((raw > low) & (raw < high), slope, 0.0)

    return curve


def _logit(low: float, high: float) -> Curve:
    steep = (high - low) / ((1 - low) * (high - 1))

    def curve(u: Floats) -> tuple[Floats, Floats]:
        odds = np.exp(np.clip(steep * u, -700, 700)) * (1 - low) / (high - 1)
        share = odds / (1 + odds)
        return low + (high - low) * share, steep * (high - low) * share * (1 - share)

    return curve


def _quotient(new: Floats, old: Floats) -> Floats:
    return np.divide(new, old, out=np.zeros_like(new), where=old != 0)
