"""Numbers for areas with few answers or few events, that borrow strength from the other areas."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import brentq
from scipy.special import digamma, gammaincinv

from loftet.analysis import arrays, checks
from loftet.analysis.arrays import Floats

Method = Literal["reml", "ml", "fh"]


@dataclass(frozen=True, slots=True, eq=False)
class SmallArea:
    """Estimates for areas, between their own survey answer and what areas alike say.

    `weight` is how much of each estimate is the area's own answer; `between_variance` how much
    areas differ beyond the covariates (0: the data show no such difference).
    """

    estimate: Floats
    mse: Floats
    between_variance: float
    coefficients: Floats
    coefficient_errors: Floats
    weight: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Rates:
    """Rates of areas, drawn towards the rate of all.

    The rates of areas follow a gamma law with this `mean` and `shape`; an infinite shape says that
    the areas differ no more than chance makes them. `low` and `high` are the limits for each area.
    """

    estimate: Floats
    low: Floats
    high: Floats
    weight: Floats
    mean: float
    shape: float
    confidence: float


def fay_herriot(
    direct: ArrayLike,
    variance: ArrayLike,
    covariates: ArrayLike,
    *,
    method: Method = "reml",
) -> SmallArea:
    r"""Combine direct survey estimates of areas with a regression over the areas.

    :math:`y_i = x_i\beta + v_i + e_i` with :math:`v_i \sim (0, A)` between areas and :math:`e_i
    \sim (0, \psi_i)`, the known sampling variance. The estimate is :math:`x_i\hat\beta + \gamma_i
    (y_i - x_i\hat\beta)`, :math:`\gamma_i = A/(A + \psi_i)`. A is found by restricted likelihood,
    likelihood or Fay and Herriot's moments, as the root of its estimating equation (0 when that
    has none). The mean squared error is that of Prasad and Rao, :math:`g_1 + g_2 + 2 g_3`, with the
    bias of A corrected for ``"ml"`` and ``"fh"``.

    Parameters
    ----------
    direct : array of shape (m,)
        Survey estimates of the areas.
    variance : array of shape (m,)
        Their sampling variances (standard errors squared), above 0; smoothed if areas are tiny.
    covariates : array of shape (m, p)
        What is known of every area, with a column of ones for the intercept.
    method : {"reml", "ml", "fh"}
        REML by default: least biased with few areas.

    Returns
    -------
    SmallArea

    Raises
    ------
    ValueError
        If a value is missing, a variance is not positive, covariates overlap, or there are no more
        areas than covariates.

    References
    ----------
    Fay and Herriot (1979), JASA 74, 269-277; Prasad and Rao (1990), JASA 85, 163-171; Datta and
    Lahiri (2000), Statistica Sinica 10, 613-627; Datta, Rao and Smith (2005), Biometrika 92.

    Examples
    --------
    Four areas, two of them with a handful of answers:

    >>> areas = fay_herriot([0.20, 0.35, 0.30, 0.60], [1e-4, 2e-4, 1e-2, 4e-2], [[1]] * 4)
    >>> [round(x, 3) for x in areas.estimate.tolist()]
    [0.201, 0.349, 0.301, 0.353]
    """
    y = arrays.numbers("direct", direct)
    psi = arrays.positive("variance", variance, length=len(y))
    x = _covariates(covariates, len(y))
    checks.choice("method", method, ("reml", "ml", "fh"))
    a = _between(y, psi, x, method)
    v = a + psi
    spread = _inverse((x / v[:, None]).T @ x)
    beta = spread @ (x / v[:, None]).T @ y
    gamma = a / v
    estimate = x @ beta + gamma * (y - x @ beta)
    mse = _mse(psi, x, a, spread, method)
    return SmallArea(estimate, mse, a, beta, np.sqrt(np.diag(spread)), gamma)


def _between(y: Floats, psi: Floats, x: Floats, method: Method) -> float:
    """Root of the estimating equation of the variance between areas; 0 where it has none."""

    def equation(a: float) -> float:
        v = a + psi
        scaled = x / v[:, None]
        inverse = _inverse(scaled.T @ x)
        residual = y - x @ (inverse @ (scaled.T @ y))
        if method == "fh":
            return float(np.sum(residual**2 / v)) - float(len(y) - x.shape[1])
        trace = float(np.sum(1 / v))
        if method == "reml":
            trace -= float(np.trace(inverse @ (scaled.T @ scaled)))
        return float(np.sum((residual / v) ** 2)) - trace

    return _root(equation, float(np.var(y)) + float(psi.mean()))


def _inverse(matrix: Floats) -> Floats:
    return np.linalg.inv(matrix).astype(np.float64)


def _root(falling: Callable[[float], float], high: float) -> float:
    if falling(0.0) <= 0:
        return 0.0
    while falling(high) > 0:
        high *= 2
    return float(brentq(falling, 0.0, high, xtol=1e-15 * high, rtol=1e-14))


def _mse(psi: Floats, x: Floats, a: float, spread: Floats, method: Method) -> Floats:
    v = a + psi
    share = psi / v
    g1 = a * share
    g2 = share**2 * np.einsum("ij,jk,ik->i", x, spread, x)
    inverse, square, m = float(np.sum(1 / v)), float(np.sum(1 / v**2)), len(v)
    variance = 2 * m / inverse**2 if method == "fh" else 2 / square
    bias = 0.0
    if method == "ml":
        scaled = x / v[:, None]
        bias = -float(np.trace(spread @ (scaled.T @ scaled))) / square
    elif method == "fh":
        bias = 2 * (m * square - inverse**2) / inverse**3
    result: Floats = g1 + g2 + 2 * share**2 / v * variance - bias * share**2
    return result


def poisson_gamma(
    counts: ArrayLike,
    exposure: ArrayLike,
    *,
    method: Literal["ml", "moments"] = "ml",
    confidence: float = 0.95,
) -> Rates:
    r"""Draw the rates of areas towards the rate of all, the more the fewer their events.

    :math:`y_i \sim` Poisson(:math:`n_i\theta_i`), :math:`\theta_i \sim` gamma with mean m and shape
    k; given the counts, :math:`\theta_i` is gamma with shape :math:`k + y_i` and rate :math:`k/m +
    n_i`, which gives estimate and interval. m and k maximise the likelihood of the counts (negative
    binomial), or match their moments as in Marshall. The interval takes m and k as known, so that
    it is a little too short with few areas.

    Parameters
    ----------
    counts : array of shape (m,)
        Whole numbers of events.
    exposure : array of shape (m,)
        Inhabitants, or expected events, above 0.
    method : {"ml", "moments"}
        Likelihood by default; moments need no search and are close with many areas.
    confidence : float
        Coverage of the intervals, between 0 and 1.

    Returns
    -------
    Rates
        Rates in events per unit of exposure.

    Raises
    ------
    ValueError
        If a count is not whole, negative or missing, an exposure is not positive, there are fewer
        than three areas, or nothing happened anywhere.

    References
    ----------
    Clayton and Kaldor (1987), Biometrics 43, 671-681; Marshall (1991), Applied Statistics 40,
    283-294.

    Examples
    --------
    Two events among 100 inhabitants are no proof of twice the rate:

    >>> rates = poisson_gamma([2, 30, 55, 90, 180], [100, 2000, 6000, 8000, 20000])
    >>> [round(1000 * x, 1) for x in rates.estimate.tolist()]
    [10.4, 11.1, 9.9, 10.7, 9.4]
    """
    y = arrays.counts("counts", counts)
    n = arrays.positive("exposure", exposure, length=len(y))
    checks.choice("method", method, ("ml", "moments"))
    checks.fraction("confidence", confidence)
    if len(y) < 3:
        raise ValueError(
            f"counts has {len(y)} areas: at least three are needed to see how they vary"
        )
    if not y.any():
        raise ValueError("counts are all 0: there is no rate to draw towards; take a longer time")
    mean, shape = (_likeliest if method == "ml" else _moments)(y, n)
    if math.isinf(shape):
        total = np.full(len(y), y.sum())
        low, high = _gamma_limits(total, np.full(len(y), n.sum()), confidence)
        return Rates(np.full(len(y), mean), low, high, np.zeros(len(y)), mean, shape, confidence)
    rate = shape / mean
    low, high = _gamma_limits(shape + y, rate + n, confidence)
    return Rates((shape + y) / (rate + n), low, high, n / (rate + n), mean, shape, confidence)


def _gamma_limits(shape: Floats, rate: Floats, confidence: float) -> tuple[Floats, Floats]:
    tail = (1 - confidence) / 2
    return gammaincinv(shape, tail) / rate, gammaincinv(shape, 1 - tail) / rate


def _moments(y: Floats, n: Floats) -> tuple[float, float]:
    mean = float(y.sum() / n.sum())
    spread = float(np.sum(n * (y / n - mean) ** 2) / n.sum())
    between = spread - mean / float(n.mean())
    return mean, mean**2 / between if between > 0 else math.inf


def _likeliest(y: Floats, n: Floats) -> tuple[float, float]:
    """Mean and shape most likely together: the best mean for each shape, then the best shape."""

    def mean(k: float) -> float:
        """Root of sum of (y - n m) / (k + n m), which falls in m."""
        bounds = float((y / n).min()), float((y / n).max())
        if bounds[0] == bounds[1]:
            return bounds[0]
        return float(brentq(lambda m: float(np.sum((y - n * m) / (k + n * m))), *bounds))

    def slope(log_shape: float) -> float:
        k = math.exp(log_shape)
        expected = n * mean(k)
        gained = digamma(y + k) - digamma(k) - np.log1p(expected / k)
        return float(np.sum(gained + (expected - y) / (k + expected)))

    pooled = float(y.sum() / n.sum())
    if np.sum((y - n * pooled) ** 2 - y) <= 0:
        return pooled, math.inf
    low, high = math.log(1e-4), math.log(1e6)
    if slope(low) <= 0 or slope(high) >= 0:
        return pooled, math.inf
    shape = math.exp(float(brentq(slope, low, high, xtol=1e-12)))
    return mean(shape), shape


def _covariates(values: ArrayLike, length: int) -> Floats:
    x = np.asarray(values, dtype=float)
    if x.ndim != 2 or len(x) != length:
        raise ValueError(
            f"covariates must have {length} rows, one for each area, and a column for each"
            f" covariate (ones for the intercept); not shape {x.shape}"
        )
    if not np.isfinite(x).all():
        raise ValueError("covariates are missing for some area: find them, or drop the column")
    if length <= x.shape[1]:
        raise ValueError(f"covariates has {x.shape[1]} columns for {length} areas: drop some")
    if np.linalg.matrix_rank(x) < x.shape[1]:
        raise ValueError("covariates overlap (one follows from the others): drop a column")
    return x
