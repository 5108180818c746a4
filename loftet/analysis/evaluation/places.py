"""Before and after at places that were chosen because they were bad: the return to the usual."""

import math
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike

from loftet.analysis import arrays, checks
from loftet.analysis.arrays import Floats
from loftet.analysis.change import rate_ratio
from loftet.analysis.change.counts import RateRatio
from loftet.analysis.evaluation.footing import Assumption, Footing, Sign, Threat, Warned, above
from loftet.analysis.glm import Factor
from loftet.analysis.smallarea import poisson_gamma

NORMAL = NormalDist()


@dataclass(frozen=True, slots=True)
class PlacesBeforeAfter:
    """The change at chosen places, as it looks and as it is once the usual return is taken away.

    `naive` compares the counts as they are. `usual_return` is the part of the count before that
    would have gone away by itself (0.2 is 20 per cent), `expected` the count that was to be
    expected after without any measure, and `effect` what the measure multiplied it by. These are
    None where there were no reference places to learn from.
    """

    naive: RateRatio
    usual_return: float | None
    expected: float | None
    effect: Factor | None
    footing: Footing


def places_before_after(
    before: ArrayLike,
    after: ArrayLike,
    *,
    reference_before: ArrayLike | None = None,
    reference_after: ArrayLike | None = None,
    lengths: tuple[float, float] = (1.0, 1.0),
    confidence: float = 0.95,
) -> PlacesBeforeAfter:
    r"""Compare counts before and after at places chosen for their high counts.

    A place that is picked after a bad year has a better one next, whatever is done. The reference
    places (alike, among which these were chosen, without the measure) tell how places differ: their
    counts give a Poisson-gamma law with mean m and shape k, and each chosen place is expected at
    :math:`w m + (1-w) x`, :math:`w = k / (k + m)`. If their counts after are given, their change
    is the trend; else none is assumed. With :math:`\pi` the expected sum after, V its variance and
    :math:`\lambda` the count, the effect is :math:`\theta = (\lambda/\pi) / (1 + V/\pi^2)`, with
    variance :math:`\theta^2 (1/\lambda + V/\pi^2) / (1 + V/\pi^2)^2`; its interval is made on the
    log scale. Uncertainty of m and k themselves is left out: take many reference places.

    Parameters
    ----------
    before, after : array of shape (n,)
        Counts at the chosen places.
    reference_before, reference_after : array of shape (m,), optional
        Counts at the reference places, at least ten.
    lengths : (float, float)
        Lengths of the periods before and after, in any common unit.
    confidence : float
        Coverage of the intervals, between 0 and 1.

    Returns
    -------
    PlacesBeforeAfter

    Raises
    ------
    ValueError
        If a count is not whole, negative or missing, the rows differ in length, there are fewer
        than ten reference places, or nothing happened before.

    References
    ----------
    Hauer (1997), Observational Before-After Studies in Road Safety, ch. 11-12; Morris and Hughes
    (1983) for the shrinkage; Marshall (1991), Applied Statistics 40, 283-294.

    Examples
    --------
    >>> found = places_before_after(
    ...     [14, 12, 13], [9, 8, 9], reference_before=[5, 7, 3, 9, 6, 14, 4, 12, 8, 13, 6, 9]
    ... )
    >>> round(found.naive.ratio, 2), round(found.usual_return, 2), round(found.effect.ratio, 2)
    (0.67, 0.27, 0.9)
    >>> found.naive.beyond_chance, found.effect.beyond_chance
    (False, False)
    """
    x = arrays.counts("before", before)
    y = arrays.counts("after", after, length=len(x))
    for place, length in enumerate(lengths):
        checks.positive(f"lengths[{place}]", length)
    checks.fraction("confidence", confidence)
    if not x.any():
        raise ValueError("before is 0 everywhere: there is nothing that could have fallen")
    totals = int(y.sum()), int(x.sum())
    naive = rate_ratio(*totals, exposure=(lengths[1], lengths[0]), confidence=confidence)
    if reference_before is None:
        unknown = (Warned(Sign.REGRESSION_NOT_KNOWN, 0.0, 10.0),)
        return PlacesBeforeAfter(naive, None, None, None, _footing(unknown))
    usual = arrays.counts("reference_before", reference_before)
    if len(usual) < 10:
        raise ValueError(
            f"reference_before has {len(usual)} places, too few to learn from: give ten"
        )
    trend, doubt = _trend(usual, reference_after, lengths)
    mean, variance = _expected(x, usual)
    expected = trend * mean
    spread = trend**2 * variance + expected**2 * doubt
    effect = _effect(float(y.sum()), expected, spread, confidence)
    back = 1 - mean / float(x.sum())
    warned = above(Sign.REGRESSION_TO_THE_MEAN, back, 0.05)
    return PlacesBeforeAfter(naive, back, expected, effect, _footing(warned))


def _trend(
    before: Floats, after: ArrayLike | None, lengths: tuple[float, float]
) -> tuple[float, float]:
    """Change to expect anyway, and its relative variance."""
    if after is None:
        return lengths[1] / lengths[0], 0.0
    later = arrays.counts("reference_after", after, length=len(before))
    if not later.any():
        raise ValueError("reference_after is 0 everywhere: it tells no trend, leave it out")
    first, last = float(before.sum()), float(later.sum())
    return last / first, 1 / last + 1 / first


def _expected(x: Floats, usual: Floats) -> tuple[float, float]:
    """Sum over the chosen places of what is expected in a period like the one before."""
    if not usual.any():
        raise ValueError("reference_before is 0 everywhere: these places are not alike")
    law = poisson_gamma(usual, np.ones(len(usual)))
    if math.isinf(law.shape):
        return law.mean * len(x), 0.0
    own = law.mean / (law.mean + law.shape)
    means = own * x + (1 - own) * law.mean
    return float(means.sum()), float((own * means).sum())


def _effect(count: float, expected: float, spread: float, confidence: float) -> Factor:
    doubt = spread / expected**2
    ratio = count / expected / (1 + doubt)
    if count == 0:
        return Factor(0.0, (0.0, -math.log((1 - confidence) / 2) / expected), 0.0, confidence)
    error = math.sqrt(1 / count + doubt) / (1 + doubt)
    reach = math.exp(NORMAL.inv_cdf((1 + confidence) / 2) * error)
    p_value = math.erfc(abs(math.log(ratio)) / error / math.sqrt(2))
    return Factor(ratio, (ratio / reach, ratio * reach), p_value, confidence)


def _footing(warnings: tuple[Warned, ...]) -> Footing:
    return Footing(
        assumes=(
            Assumption.CHOSEN_BY_COUNTS_ONLY,
            Assumption.REFERENCE_IS_ALIKE,
            Assumption.COUNTS_ARE_POISSON,
            Assumption.COMPARISON_UNTOUCHED,
        ),
        broken_by=(
            Threat.STARTED_AFTER_A_PEAK,
            Threat.COMPARISON_CHOSEN_AFTERWARDS,
            Threat.MOVED_ELSEWHERE,
            Threat.SOMETHING_ELSE_AT_THE_SAME_TIME,
            Threat.REPORTING_CHANGED,
        ),
        warnings=warnings,
    )
