"""How far counts fall from what was expected of them: the negative binomial law.

A count with mean m has the variance m + v m^2. v is the relative variance of what is not known of
the level, plus the swing of weeks beyond chance.
"""

import math

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.special import betainc, gammaln
from scipy.stats import nbinom

from loftet.analysis.arrays import Floats

TELLING = 3.0  # expected events; with fewer, limits in whole numbers hold more than they say
USUAL = 0.05  # swing of a week, as a relative variance, before anything has been seen
DOUBT = 1.5  # how sure of that: one standard deviation on the scale of logarithms
NARROWEST, WIDEST = 1e-6, 50.0


def swing(seen: Floats, mean: Floats, unknown: Floats) -> float:
    """Relative variance of the weeks that makes what was seen most likely.

    A weak belief in the usual keeps a few quiet weeks from proving that there is none.
    """

    def cost(log_swing: float) -> float:
        belief = ((log_swing - math.log(USUAL)) / DOUBT) ** 2 / 2
        return belief - log_likelihood(seen, mean, unknown + math.exp(log_swing))

    bounds = math.log(NARROWEST), math.log(WIDEST)
    found = minimize_scalar(cost, bounds=bounds, method="bounded", options={"xatol": 0.02})
    return math.exp(found.x)


def log_likelihood(seen: Floats, mean: Floats, variance: Floats) -> float:
    """Sum of the logarithms of the chances of the counts; most are 0, which is the quick part."""
    odds = mean * variance
    nothing = float(np.sum(np.log1p(odds) / variance))
    some = np.flatnonzero(seen)
    y, size, ratio = (row.ravel()[some] for row in (seen, 1 / variance, odds))
    ways = gammaln(y + size) - gammaln(size) - gammaln(y + 1)
    return float(np.sum(ways + y * np.log(ratio / (1 + ratio)))) - nothing


def up_to(count: Floats, mean: Floats, variance: Floats) -> Floats:
    """Chance of at most `count` events."""
    chance = betainc(1 / variance, np.maximum(count, 0) + 1, 1 / (1 + mean * variance))
    return np.where(count < 0, 0.0, chance)


def middle(count: Floats, mean: Floats, variance: Floats) -> Floats:
    """Chance of fewer events and half of the chance of just as many."""
    return (up_to(count - 1, mean, variance) + up_to(count, mean, variance)) / 2


def limits(mean: Floats, variance: Floats, confidence: float) -> tuple[Floats, Floats]:
    """Least and most events that lie in the middle `confidence` of the law, by mid-p.

    Whole numbers cannot cut off exactly 5 per cent. If all of the chance of the last number had to
    be within the limits, they would be too wide throughout; half of it makes them right on average.
    """
    tail = (1 - confidence) / 2
    size, success = 1 / variance, 1 / (1 + mean * variance)
    low, high = nbinom.ppf(tail, size, success), nbinom.ppf(1 - tail, size, success)
    low += middle(low, mean, variance) < tail
    high -= middle(high, mean, variance) > 1 - tail
    return low, high
