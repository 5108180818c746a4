"""Quantiles, with Woodruff's interval: that of the share below, read back on the scale of y."""

from dataclasses import dataclass, replace

import numpy as np

from loftet.analysis.survey import estimating, intervals
from loftet.analysis.survey.estimating import Answers
from loftet.analysis.survey.groups import Floats
from loftet.analysis.survey.results import Estimates


@dataclass(frozen=True, slots=True, eq=False)
class Ladder:
    """The answers of each domain in order, with the weights summed up to each."""

    values: Floats
    heights: Floats
    starts: Floats

    @classmethod
    def of(cls, answers: Answers, y: Floats) -> "Ladder":
        weights, codes = answers.weights, answers.groups.codes
        if (weights < 0).any():
            raise ValueError("quantile needs weights of 0 or more; calibrate within bounds")
        rows = np.flatnonzero(weights)
        rows = rows[np.lexsort((y[rows], codes[rows]))]
        sizes = answers.groups.sum(weights)
        return cls(y[rows], np.cumsum(weights[rows]), np.append(0.0, np.cumsum(sizes)))

    def at(self, shares: Floats) -> Floats:
        """The lowest answer of each domain that at least this share do not exceed."""
        sizes = np.diff(self.starts)
        heights = self.starts[:-1] + shares * sizes
        rounding = 1e-12 * self.starts[-1]
        # Margins fix a share no closer than raking stops: that must not push it to the next answer.
        slack = np.maximum(1e-7 * sizes, rounding)
        heights = np.clip(heights - slack, self.starts[:-1] + rounding, None)
        steps = np.searchsorted(self.heights, np.nan_to_num(heights))
        return np.asarray(self.values[np.minimum(steps, len(self.values) - 1)])


def quantile(answers: Answers, y: Floats, q: float, confidence: float) -> Estimates:
    """Estimate a quantile in each domain."""
    ladder = Ladder.of(answers, y)
    value = ladder.at(np.full(len(answers.groups), q))
    below = (y <= value[answers.groups.codes]).astype(np.float64)
    share = estimating.ratio(answers, below, np.ones_like(y), confidence)
    low, high = (ladder.at(np.clip(limit, 0.0, 1.0)) for limit in share.interval)
    unseen = np.isnan(share.error)
    low, high = np.where(unseen, np.nan, low), np.where(unseen, np.nan, high)
    error = (high - low) / (2 * intervals.quantile(share.degrees, confidence))
    return replace(
        share,
        value=np.where(np.isnan(share.value), np.nan, value),
        error=error,
        interval=(low, high),
        covariance=np.diag(error**2),
    )
