"""What many methods ask of chance: a p from replicates, its own error, and many tests at once."""

import math

import numpy as np
from numpy.typing import ArrayLike

from loftet.analysis import checks
from loftet.analysis.arrays import Floats

LEAST_REPLICATES = 19  # below it no result can reach 5 %


def replicates(name: str, value: int) -> None:
    """Refuse a number of replicates with which nothing could ever be beyond chance."""
    checks.count(name, value)
    if value < LEAST_REPLICATES:
        raise ValueError(f"{name} must be at least {LEAST_REPLICATES}, not {value}: 999 is usual")


def rank_p(as_extreme: ArrayLike, count: int) -> Floats:
    """Monte Carlo p: rank of the observed among itself and its replicates.

    >>> rank_p([0, 49], 999).tolist()
    [0.001, 0.05]
    """
    return (np.asarray(as_extreme, dtype=float) + 1) / (count + 1)


def rank_error(p_value: ArrayLike, count: int) -> Floats:
    """Standard error of a Monte Carlo p from `count` replicates.

    >>> rank_error(0.05, 999).round(4).item()
    0.0069
    """
    p = np.asarray(p_value, dtype=float)
    error: Floats = np.sqrt(p * (1 - p) / count)
    return error


def false_discovery(p_values: ArrayLike) -> Floats:
    """Benjamini and Hochberg's adjusted p: among all below q, at most a share q is chance.

    >>> false_discovery([0.01, 0.04, 0.03, 0.5]).round(4).tolist()
    [0.04, 0.0533, 0.0533, 0.5]
    """
    p = np.asarray(p_values, dtype=float)
    order = np.argsort(p)[::-1]
    scaled = p[order] * p.size / np.arange(p.size, 0, -1)
    adjusted = np.empty(p.size)
    adjusted[order] = np.minimum(np.minimum.accumulate(scaled), 1.0)
    return adjusted


def once_in(p_value: float, every: float = 1.0) -> float:
    """Recurrence interval: how long one waits, by chance alone, for a result this rare.

    >>> round(once_in(0.002, every=7))  # days
    3500
    """
    return math.inf if p_value <= 0 else every / p_value
