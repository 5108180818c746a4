"""Regression of counts with a logarithmic link: Poisson, quasi-Poisson and negative binomial."""

import math
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from scipy.optimize import brentq
from scipy.special import digamma, gammaln, stdtr, stdtrit, xlogy

from loftet.analysis.arrays import Floats

STEPS = 60  # ten are enough where there is an answer
LARGEST_SIZE = 1e7  # beyond it a negative binomial cannot be told from a Poisson law


@dataclass(frozen=True, slots=True)
class Factor:
    """What one step multiplies the rate by; 1 is no effect."""

    ratio: float
    interval: tuple[float, float]
    p_value: float
    confidence: float

    @property
    def beyond_chance(self) -> bool:
        """Whether the whole interval lies on one side of 1."""
        low, high = self.interval
        return low > 1 or high < 1


@dataclass(frozen=True, slots=True, eq=False)
class Fit:
    """Coefficients on the log scale, with everything that intervals need.

    `dispersion` is Pearson's chi-square over its degrees of freedom; `size` is the theta of the
    negative binomial (variance = mean + mean^2 / size), infinite for Poisson.
    """

    coefficients: Floats
    covariance: Floats
    fitted: Floats
    dispersion: float
    degrees: int
    size: float
    log_likelihood: float

    def factor(
        self, place: int, confidence: float, *, scale: float = 1.0, normal: bool = True
    ) -> Factor:
        """Effect of one coefficient, its variance multiplied by `scale`."""
        effect = float(self.coefficients[place])
        error = math.sqrt(scale * float(self.covariance[place, place]))
        if normal:
            reach = error * NormalDist().inv_cdf((1 + confidence) / 2)
            p_value = math.erfc(abs(effect / error) / math.sqrt(2))
        else:
            reach = error * float(stdtrit(self.degrees, (1 + confidence) / 2))
            p_value = 2 * float(stdtr(self.degrees, -abs(effect / error)))
        interval = (math.exp(effect - reach), math.exp(min(effect + reach, 700.0)))
        return Factor(math.exp(effect), interval, p_value, confidence)


def poisson(y: Floats, x: Floats, exposure: Floats) -> Fit:
    """Most likely coefficients when each count is Poisson with mean ``exposure * exp(x @ b)``."""
    _check(y, x)
    return _solve(y, x, np.log(exposure), math.inf, None)


def negative_binomial(y: Floats, x: Floats, exposure: Floats) -> Fit:
    """Coefficients and size most likely together, found in turns as in R's ``glm.nb``."""
    fit = poisson(y, x, exposure)
    for _ in range(100):
        size = _size(y, fit.fitted)
        new = _solve(y, x, np.log(exposure), size, fit.fitted)
        settled = abs(new.log_likelihood - fit.log_likelihood) < 1e-11 * abs(new.log_likelihood)
        fit = new
        if settled or math.isinf(size):
            break
    return fit


def _solve(y: Floats, x: Floats, offset: Floats, size: float, start: Floats | None) -> Fit:
    """Weighted least squares, repeated until the logarithms of the means stand still."""
    mean = (y + y.mean()) / 2 if start is None else start
    before = np.log(mean)
    for _ in range(STEPS):
        weight = mean / (1 + mean / size)
        root = np.sqrt(weight)
        target = (before - offset + (y - mean) / mean) * root
        coefficients = np.linalg.lstsq(x * root[:, None], target, rcond=None)[0]
        logs = np.clip(x @ coefficients + offset, -700, 700)
        mean, moved, before = np.exp(logs), float(np.abs(logs - before).max()), logs
        if moved < 1e-9:
            break
    else:  # where counts are 0 the logarithm falls by 1 in each step, for ever
        raise ValueError(
            "counts are all 0 where the model needs some events (a whole season, or before or after"
            " a break): join those periods with others, or drop that part of the model"
        )
    weight = mean / (1 + mean / size)
    covariance = np.linalg.inv((x * weight[:, None]).T @ x).astype(np.float64)
    degrees = len(y) - x.shape[1]
    pearson = float(np.sum((y - mean) ** 2 / mean * weight / mean))
    reached = _log_likelihood(y, mean, size)
    return Fit(coefficients, covariance, mean, pearson / degrees, degrees, size, reached)


def _log_likelihood(y: Floats, mean: Floats, size: float) -> float:
    if math.isinf(size):
        return float(np.sum(xlogy(y, mean) - mean - gammaln(y + 1)))
    ways = gammaln(y + size) - gammaln(size) - gammaln(y + 1)
    odds = xlogy(y, mean / (mean + size)) - size * np.log1p(mean / size)
    return float(np.sum(ways + odds))


def _size(y: Floats, mean: Floats) -> float:
    """Most likely size given the means; infinite when the counts do not vary more than Poisson."""

    def slope(log_size: float) -> float:
        size = math.exp(log_size)
        gained = digamma(y + size) - digamma(size) - np.log1p(mean / size)
        return float(np.sum(gained + (mean - y) / (size + mean)))

    if np.sum((y - mean) ** 2 - y) <= 0 and slope(math.log(1e4)) >= 0:
        return math.inf
    low, high = math.log(1e-4), math.log(LARGEST_SIZE)
    if slope(high) >= 0 or slope(low) <= 0:
        return math.inf
    return math.exp(brentq(slope, low, high, xtol=1e-12))


def _check(y: Floats, x: Floats) -> None:
    rows, columns = x.shape
    if rows <= columns:
        raise ValueError(
            f"counts has {rows} values, too few for {columns} unknowns: take more periods, or fewer"
            " breaks or harmonics"
        )
    if np.linalg.matrix_rank(x) < columns:
        raise ValueError(
            "breaks, seasons or steps overlap so that their effects cannot be told apart: drop one"
        )
    if not y.any():
        raise ValueError("counts are all 0: there is nothing to compare")
