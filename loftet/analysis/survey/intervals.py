"""Limits around estimates: Student's t, and for shares three ways that keep within 0 and 1."""

from typing import Literal, get_args

import numpy as np
from scipy import special

from loftet.analysis.survey.groups import Flags, Floats

Method = Literal["wilson", "logit", "beta"]
Limits = tuple[Floats, Floats]


def student(value: Floats, error: Floats, degrees: Floats, confidence: float) -> Limits:
    reach = quantile(degrees, confidence) * error
    return value - reach, value + reach


def share(
    method: Method,
    p: Floats,
    error: Floats,
    *,
    degrees: Floats,
    n: Floats,
    spare: Floats,
    confidence: float,
) -> Limits:
    """Limits of a share of `n` answers.

    The effective size is that which gives the error, ``p (1 - p) / error^2``; where nobody or
    everybody has the property there is no error, and `spare` stands in, the size that the weights
    leave. A share that calibration knows has no error either, and then no width.
    """
    if method not in get_args(Method):
        raise ValueError(f"method must be one of {', '.join(get_args(Method))}, not {method!r}")
    t = quantile(degrees, confidence)
    p = np.clip(p, 0.0, 1.0)  # negative weights can carry it outside
    outermost = (p == 0) | (p == 1)
    with np.errstate(divide="ignore", invalid="ignore"):
        effective = np.where(outermost, spare, p * (1 - p) / error**2)
        if method == "beta":
            found = _beta(p, effective * (quantile(n - 1, confidence) / t) ** 2, confidence)
        elif method == "wilson":
            found = _wilson(p, effective, t)
        else:
            found = _either(outermost, _wilson(p, effective, t), _logit(p, error, t))
    return _either((error == 0) & ~outermost, (p, p), found)


def quantile(degrees: Floats, confidence: float) -> Floats:
    """Student's t; NaN without degrees of freedom."""
    usable = np.where(degrees > 0, degrees, np.nan)
    return np.asarray(special.stdtrit(usable, (1 + confidence) / 2), dtype=np.float64)


def two_sided(t: float, degrees: float) -> float:
    return float(2 * special.stdtr(degrees, -abs(t)))


def _logit(p: Floats, error: Floats, t: Floats) -> Limits:
    reach = t * error / (p * (1 - p))
    return special.expit(special.logit(p) - reach), special.expit(special.logit(p) + reach)


def _wilson(p: Floats, n: Floats, t: Floats) -> Limits:
    reach = t * np.sqrt(p * (1 - p) / n + t * t / (4 * n * n))
    middle, scale = p + t * t / (2 * n), 1 + t * t / n
    low, high = (middle - reach) / scale, (middle + reach) / scale
    return np.where(p == 0, 0.0, np.maximum(low, 0)), np.where(p == 1, 1.0, np.minimum(high, 1))


def _beta(p: Floats, n: Floats, confidence: float) -> Limits:
    tail = (1 - confidence) / 2
    low = special.betaincinv(n * p, n * (1 - p) + 1, tail)
    high = special.betaincinv(n * p + 1, n * (1 - p), 1 - tail)
    return np.where(p == 0, 0.0, low), np.where(p == 1, 1.0, high)


def _either(first: Flags, one: Limits, other: Limits) -> Limits:
    return np.where(first, one[0], other[0]), np.where(first, one[1], other[1])
