"""Which concerns are largest, and how sure their order is."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from loftet.analysis.survey.groups import Codes, Floats, Labels, fraction
from loftet.analysis.survey.results import Estimates

RankMethod = Literal["pairs", "joint"]


@dataclass(frozen=True, slots=True, eq=False)
class Ranking:
    """Concerns from the largest, 1, to the smallest; arrays in the order of `names`.

    Attributes
    ----------
    names : tuple
        The largest first.
    value : array
        What they were ranked by.
    among_top : array
        The chance that each belongs to the `top` largest, as the answers leave it open.
    interval : (array, array)
        Best and worst rank of each; all of them hold at once with the confidence given.
    """

    names: Labels
    value: Floats
    top: int
    among_top: Floats
    interval: tuple[Codes, Codes]
    confidence: float


def rank(
    estimates: Estimates,
    *,
    top: int,
    rng: np.random.Generator,
    draws: int = 10_000,
    confidence: float = 0.95,
    method: RankMethod = "pairs",
) -> Ranking:
    r"""Rank estimates from the largest to the smallest, with the uncertainty of the order.

    The estimates are drawn anew around what was found, with their covariances and Student's t, and
    ranked each time: `among_top` is how often each is among the first. For the ranks themselves
    simultaneous intervals are read off comparisons: with `pairs`, *j* is surely above *i* when
    :math:`\hat\theta_j - \hat\theta_i > c \, \mathrm{se}_{ij}`, where c is the quantile of the
    largest of all pairwise deviations; the best rank of *i* is one more than the number surely
    above it, the worst the number of all less those surely below. With `joint` the same is read
    off simultaneous intervals of the estimates (Klein, Wright and Wieczorek), which are easier to
    draw in a diagram and give wider ranks.

    Parameters
    ----------
    estimates : Estimates
        From `Design.shares`, `Design.distribution` or a question with `by`.
    top : int
        How many are looked for, such as the three concerns a pledge takes up.
    rng : numpy.random.Generator
        For the draws.
    draws : int
        Their number; 10,000 leave an error of at most half a percentage point in `among_top`.
    confidence : float
        With which all rank intervals hold at once.
    method : {"pairs", "joint"}
        How ranks are told apart.

    Returns
    -------
    Ranking

    Raises
    ------
    ValueError
        If something could not be estimated, or `top` is not between 1 and the number of estimates.

    References
    ----------
    Al Mohamad, van Zwet and Goeman (2022), Biometrics 78, 238-247, with Tukey's comparisons; Klein,
    Wright and Wieczorek (2020), Journal of the Royal Statistical Society C 69, 589-606.

    Examples
    --------
    >>> from loftet.analysis.survey import Design
    >>> answers = {"traffic": [1] * 60 + [0] * 40, "litter": [0] * 70 + [1] * 30}
    >>> shares = Design([1] * 100).shares(answers | {"noise": [0, 1] * 10 + [0] * 80})
    >>> order = rank(shares, top=1, rng=np.random.default_rng(1))
    >>> order.names, [limit.tolist() for limit in order.interval]
    (('traffic', 'litter', 'noise'), [[1, 2, 3], [1, 2, 3]])
    """
    lacking = [str(d) for d, r in zip(estimates.domains, estimates.reason, strict=True) if r]
    if lacking:
        raise ValueError(f"estimates cannot be ranked: nothing is known of {', '.join(lacking)}")
    if not 1 <= top <= len(estimates):
        raise ValueError(f"top must be between 1 and {len(estimates)}, not {top}")
    order = np.argsort(-estimates.value, kind="stable")
    value = estimates.value[order]
    covariance = estimates.covariance[np.ix_(order, order)]
    spread = deviations(covariance, estimates.sample_degrees, draws, rng)
    places = np.argsort(np.argsort(-(value + spread), axis=1), axis=1)
    ahead = _pairs if method == "pairs" else _joint
    above = ahead(value, covariance, spread, fraction("confidence", confidence))
    return Ranking(
        names=tuple(estimates.domains[at] for at in order),
        value=value,
        top=top,
        among_top=(places < top).mean(axis=0),
        interval=(1 + above.sum(axis=0), len(value) - above.sum(axis=1)),
        confidence=confidence,
    )


def deviations(covariance: Floats, degrees: int, draws: int, rng: np.random.Generator) -> Floats:
    """Draw what chance may have added to the estimates: multivariate Student's t."""
    values, vectors = np.linalg.eigh(covariance)
    normal = rng.standard_normal((draws, len(values)))
    normal *= np.sqrt(np.maximum(values, 0))
    scale = np.sqrt(degrees / rng.chisquare(degrees, draws))
    return np.asarray((normal @ vectors.T) * scale[:, None])


def _pairs(value: Floats, covariance: Floats, spread: Floats, confidence: float) -> Codes:
    """Entry (i, j) is 1 where i is surely above j."""
    variance = np.diagonal(covariance)
    error = np.sqrt(np.maximum(variance[:, None] + variance - 2 * covariance, 0))
    same = error <= 1e-9 * np.sqrt(variance.max())
    error[same] = np.inf
    largest = np.zeros(len(spread))
    for at in range(len(value)):
        apart = np.abs(spread[:, at : at + 1] - spread) / error[at]
        np.maximum(largest, apart.max(axis=1), out=largest)
    critical = np.quantile(largest, confidence)
    return np.asarray((value[:, None] - value) / error > critical, dtype=np.intp)


def _joint(value: Floats, covariance: Floats, spread: Floats, confidence: float) -> Codes:
    error = np.sqrt(np.diagonal(covariance))
    apart = np.abs(spread) / np.where(error > 0, error, np.inf)
    reach = np.quantile(apart.max(axis=1), confidence) * error
    return np.asarray((value - reach)[:, None] > value + reach, dtype=np.intp)
