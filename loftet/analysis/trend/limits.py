"""How large a count still fits what is expected: quantiles and tails of counts and of residuals."""

import numpy as np
from scipy import stats
from scipy.special import ndtr, ndtri

from loftet.analysis.arrays import Floats
from loftet.analysis.trend.alarms import Flags

LEAST_EXCESS = 1e-9  # a variance nearer to the mean than this cannot be told from a Poisson law


def count_limit(alpha: float, mean: Floats, dispersion: Floats) -> Floats:
    """Smallest count that at most a share `alpha` exceeds; variance is dispersion times mean."""
    size, chance, poisson = _negative_binomial(mean, dispersion)
    limit = np.where(
        poisson,
        stats.poisson.ppf(1 - alpha, mean),
        stats.nbinom.ppf(1 - alpha, size, chance),
    )
    return np.where(mean > 0, limit, np.where(np.isnan(mean), np.nan, 0.0))


def count_tail(count: Floats, mean: Floats, dispersion: Floats) -> Floats:
    """Chance of at least this count."""
    size, chance, poisson = _negative_binomial(mean, dispersion)
    tail = np.where(
        poisson,
        stats.poisson.sf(count - 1, mean),
        stats.nbinom.sf(count - 1, size, chance),
    )
    return np.where(mean > 0, tail, np.where(np.isnan(mean + count), np.nan, 1.0 * (count <= 0)))


def _negative_binomial(mean: Floats, dispersion: Floats) -> tuple[Floats, Floats, Flags]:
    excess = np.maximum(dispersion - 1, LEAST_EXCESS)
    return mean / excess, 1 / (1 + excess), dispersion - 1 <= LEAST_EXCESS


def two_thirds_limit(alpha: float, mean: Floats, dispersion: Floats) -> Floats:
    """Limit when the count to the power 2/3 is taken for normal, which takes out its skewness."""
    reach = -ndtri(alpha) * _two_thirds_error(mean, dispersion)
    limit: Floats = np.maximum(0.0, mean ** (2 / 3) + reach) ** 1.5
    return limit


def two_thirds_tail(count: Floats, mean: Floats, dispersion: Floats) -> Floats:
    """Chance of more than this count, on the scale of `two_thirds_limit`."""
    gap = count ** (2 / 3) - mean ** (2 / 3)
    with np.errstate(divide="ignore", invalid="ignore"):
        tail: Floats = ndtr(-gap / _two_thirds_error(mean, dispersion))
    return np.where((mean == 0) & (count == 0), 1.0, tail)


def _two_thirds_error(mean: Floats, dispersion: Floats) -> Floats:
    error: Floats = np.sqrt(4 / 9 * np.cbrt(mean) * dispersion)
    return error
