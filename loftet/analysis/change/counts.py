"""Two counts of events, compared exactly, with mid-p or by estimated p-values."""

import math
from dataclasses import dataclass
from itertools import accumulate
from typing import Literal

from loftet.analysis import checks
from loftet.analysis.change import split
from loftet.analysis.change.power import poisson_chances


@dataclass(frozen=True, slots=True)
class RateRatio:
    """How many times the rate before the rate after is; 1 is no change."""

    ratio: float
    interval: tuple[float, float]
    p_value: float
    confidence: float

    @property
    def beyond_chance(self) -> bool:
        """Whether the whole interval lies on one side of 1."""
        low, high = self.interval
        return low > 1 or high < 1


def rate_ratio(
    after: int,
    before: int,
    *,
    exposure: tuple[float, float] = (1.0, 1.0),
    confidence: float = 0.95,
    method: Literal["exact", "mid-p"] = "exact",
) -> RateRatio:
    r"""Compare two counts of events, exactly.

    Given the total, `after` is binomial with share :math:`r t_a / (r t_a + t_b)`, where `r` is the
    ratio of the rates and :math:`t` the exposures. The interval is that of Clopper and Pearson,
    carried over to `r`; it never covers less often than it says, and for small counts more often.
    The two-sided p-value is the chance of every split at most as probable as the observed one when
    `r` is 1, as in R's ``poisson.test``. With unequal exposures the two rules can disagree at the
    border of significance; `RateRatio.beyond_chance` follows the interval, which is what is shown.

    With ``method="mid-p"`` the observed split counts by half in each tail: the interval is shorter
    and covers as often as it says on the average, but not for every true ratio. Its p-value is
    twice the smaller tail and always agrees with the interval.

    Parameters
    ----------
    after, before : int
        Numbers of events, 0 or more.
    exposure : (float, float)
        Time, people or places behind `after` and `before`, in any common unit.
    confidence : float
        Coverage of the interval, between 0 and 1.
    method : {"exact", "mid-p"}
        Exact is the default because a promise is judged by it: it errs towards "may be chance".

    Returns
    -------
    RateRatio
        The ratio is infinite when only `before` is 0 and not a number when both are.

    Raises
    ------
    ValueError
        If a count is negative or not whole, an exposure is not positive, or `confidence` is not
        between 0 and 1.

    References
    ----------
    Przyborowski and Wilenski (1940), Biometrika 31, 313-323; Clopper and Pearson (1934), Biometrika
    26, 404-413; Fay (2010), Biostatistics 11, 373-374, on p-values that disagree with intervals;
    Berry and Armitage (1995), The Statistician 44, 417-423, on mid-p.

    Examples
    --------
    Reported violence in public places in one municipality, 185 in 2019 and 162 in 2020:

    >>> change = rate_ratio(162, 185)
    >>> round(change.ratio, 4), round(change.p_value, 4)
    (0.8757, 0.2375)
    >>> [round(limit, 4) for limit in change.interval]
    [0.7048, 1.0872]
    >>> change.beyond_chance
    False
    >>> [round(limit, 4) for limit in rate_ratio(162, 185, method="mid-p").interval]
    [0.7087, 1.0813]
    """
    checks.count("after", after)
    checks.count("before", before)
    checks.exposure(exposure)
    checks.fraction("confidence", confidence)
    checks.choice("method", method, ("exact", "mid-p"))
    exact = method == "exact"
    quantile = split.quantile if exact else split.mid_quantile
    p_value = split.p_value if exact else split.mid_p_value
    scale = math.log(exposure[1] / exposure[0])
    tail = math.log((1 - confidence) / 2)
    low = math.exp(scale + quantile(tail, after, before + 1)) if after else 0.0
    high = math.exp(scale - quantile(tail, before, after + 1)) if before else math.inf
    ratio = _quotient(after, before) * exposure[1] / exposure[0]
    return RateRatio(ratio, (low, high), p_value(after, before, -scale), confidence)


def e_test(after: int, before: int, *, exposure: tuple[float, float] = (1.0, 1.0)) -> float:
    r"""Give the p-value that two rates are equal, by the E-test.

    Both counts vary here, while `rate_ratio` holds their sum; the E-test is therefore less cautious
    with few events. The statistic is
    :math:`T = (x/t_a - y/t_b) / \sqrt{x/t_a^2 + y/t_b^2}`; the p-value adds the chances of all
    pairs with \|T\| at least as large as observed, under Poisson laws with the common rate
    :math:`(x+y)/(t_a+t_b)`. It has no interval of its own.

    Parameters
    ----------
    after, before : int
        Numbers of events, 0 or more.
    exposure : (float, float)
        Time, people or places behind `after` and `before`, in any common unit.

    Returns
    -------
    float
        Two-sided p-value, right to about 1e-13; 1 when nothing happened at all.

    Raises
    ------
    ValueError
        If a count is negative or not whole or an exposure is not positive.

    References
    ----------
    Krishnamoorthy and Thomson (2004), Journal of Statistical Planning and Inference 119, 23-35.

    Examples
    --------
    >>> round(e_test(6, 2), 4)
    0.1749
    """
    checks.count("after", after)
    checks.count("before", before)
    checks.exposure(exposure)
    limit = abs(_distance(after, before, exposure)) * (1 - 1e-12)
    if limit == 0:
        return 1.0
    rate = (after + before) / sum(exposure)
    first, chances = _around(rate * exposure[0])
    below = [0.0, *accumulate(chances)]
    start, weights = _around(rate * exposure[1])
    low = high = 0
    total = 0.0
    for y, weight in enumerate(weights, start):  # both borders of the region rise with y
        while low < len(chances) and _distance(first + low, y, exposure) <= -limit:
            low += 1
        while high < len(chances) and _distance(first + high, y, exposure) < limit:
            high += 1
        total += weight * (below[low] + below[-1] - below[high])
    return min(1.0, total)


def _distance(x: int, y: int, exposure: tuple[float, float]) -> float:
    t, s = exposure
    return (x / t - y / s) / math.sqrt(x / t**2 + y / s**2) if x or y else 0.0


def _around(mean: float) -> tuple[int, list[float]]:
    """First count that matters and the chances from there on."""
    width = 8 * math.sqrt(mean) + 20
    first = max(0, math.floor(mean - width))
    return first, poisson_chances(mean, first, math.ceil(mean + width))


def _quotient(a: int, b: int) -> float:
    if b:
        return a / b
    return math.inf if a else math.nan
