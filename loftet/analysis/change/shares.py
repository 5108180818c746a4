"""Two shares compared: of different people, or of the same people asked twice."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from statistics import NormalDist
from typing import Literal

from loftet.analysis import checks
from loftet.analysis.change import split

NORMAL = NormalDist()


@dataclass(frozen=True, slots=True)
class ShareChange:
    """The share after minus the share before, as fractions (0.002 is 0.2 percentage points)."""

    difference: float
    interval: tuple[float, float]
    p_value: float
    confidence: float

    @property
    def beyond_chance(self) -> bool:
        """Whether the whole interval lies on one side of 0."""
        low, high = self.interval
        return low > 0 or high < 0


def share_change(
    after: tuple[int, int],
    before: tuple[int, int],
    *,
    confidence: float = 0.95,
    method: Literal["newcombe", "miettinen-nurminen"] = "newcombe",
) -> ShareChange:
    r"""Compare two shares, each a number out of a total.

    The interval is Newcombe's hybrid score interval (his method 10, without continuity correction):
    Wilson limits :math:`l, u` of each share, and
    :math:`d - \sqrt{(p_a-l_a)^2 + (u_b-p_b)^2}` to :math:`d + \sqrt{(u_a-p_a)^2 + (p_b-l_b)^2}`.
    The p-value is that of the score test (pooled z, the chi-square test without correction); with
    fewer than about five cases in a cell it is rough, and `ShareChange.beyond_chance` follows the
    interval.

    With ``method="miettinen-nurminen"`` the interval holds the differences :math:`\delta` that a
    score test does not reject: :math:`(d - \delta)^2 \le z^2 V(\delta)`, where V is the variance at
    the most likely shares that differ by :math:`\delta`, times N/(N-1). Its p-value is that test at
    0, so that both always agree.

    Parameters
    ----------
    after, before : (int, int)
        Cases with the property and all cases, as (k, n) with 0 <= k <= n and n > 0.
    confidence : float
        Coverage of the interval, between 0 and 1.
    method : {"newcombe", "miettinen-nurminen"}
        Newcombe by default: a closed formula that anyone can check by hand.

    Returns
    -------
    ShareChange
        Difference and limits as fractions between -1 and 1.

    Raises
    ------
    ValueError
        If k or n is negative or not whole, n is 0, k exceeds n, or `confidence` is not between 0
        and 1.

    References
    ----------
    Newcombe (1998), Statistics in Medicine 17, 873-890; Miettinen and Nurminen (1985), Statistics
    in Medicine 4, 213-226.

    Examples
    --------
    >>> change = share_change((56, 70), (48, 80))
    >>> [round(limit, 4) for limit in change.interval]
    [0.0524, 0.3339]
    >>> score = share_change((56, 70), (48, 80), method="miettinen-nurminen")
    >>> [round(limit, 4) for limit in score.interval]
    [0.0528, 0.3382]
    """
    checks.share("after", after)
    checks.share("before", before)
    checks.fraction("confidence", confidence)
    checks.choice("method", method, ("newcombe", "miettinen-nurminen"))
    z = NORMAL.inv_cdf((1 + confidence) / 2)
    difference = after[0] / after[1] - before[0] / before[1]
    if method == "newcombe":
        interval, inflated = _joined(_wilson(*after, z), _wilson(*before, z), 0.0), 1.0
    else:
        interval, inflated = _score_interval(after, before, z), _inflation(after, before)
    p_value = _two_sided(_score(after, before, 0.0) / math.sqrt(inflated))
    return ShareChange(difference, interval, p_value, confidence)


def paired_share_change(
    both: int, only_after: int, only_before: int, neither: int, *, confidence: float = 0.95
) -> ShareChange:
    r"""Compare the shares of the same people or places at two times.

    Only those who changed tell anything: the difference is ``(only_after - only_before) / n``. The
    interval is Newcombe's for pairs (his method 10): Wilson limits of both shares, joined with the
    correlation :math:`\phi` of the fourfold table (continuity-corrected when positive). The p-value
    is McNemar's with mid-p: is the split of those who changed as even as a coin's?

    Parameters
    ----------
    both, only_after, only_before, neither : int
        How many had the property at both times, at one only, at none.
    confidence : float
        Coverage of the interval, between 0 and 1.

    Returns
    -------
    ShareChange
        Difference and limits as fractions between -1 and 1.

    Raises
    ------
    ValueError
        If a number is negative or not whole, all are 0, or `confidence` is not between 0 and 1.

    References
    ----------
    Newcombe (1998), Statistics in Medicine 17, 2635-2650; Fagerland, Lydersen and Laake (2013), BMC
    Medical Research Methodology 13:91.

    Examples
    --------
    >>> change = paired_share_change(14, 5, 0, 22)
    >>> round(change.difference, 3), [round(limit, 3) for limit in change.interval]
    (0.122, [0.011, 0.226])
    """
    cells = {"both": both, "only_after": only_after, "only_before": only_before, "neither": neither}
    for name, value in cells.items():
        checks.count(name, value)
    checks.fraction("confidence", confidence)
    n = sum(cells.values())
    if n == 0:
        raise ValueError("both, only_after, only_before and neither are all 0: nobody was asked")
    z = NORMAL.inv_cdf((1 + confidence) / 2)
    after, before = _wilson(both + only_after, n, z), _wilson(both + only_before, n, z)
    interval = _joined(after, before, _phi(both, only_after, only_before, neither))
    p_value = split.mid_p_value(only_after, only_before, 0.0)
    return ShareChange((only_after - only_before) / n, interval, p_value, confidence)


# --- Newcombe -----------------------------------------------------------------------------------

Limits = tuple[float, float, float]


def _wilson(k: int, n: int, z: float) -> Limits:
    """Lower limit, share and upper limit."""
    half = z * math.sqrt(z * z + 4 * k * (n - k) / n)
    low = (2 * k + z * z - half) / (2 * (n + z * z))
    high = (2 * k + z * z + half) / (2 * (n + z * z))
    return (low if k else 0.0), k / n, (high if k < n else 1.0)


def _joined(after: Limits, before: Limits, correlation: float) -> tuple[float, float]:
    (low_a, a, high_a), (low_b, b, high_b) = after, before

    def reach(one: float, other: float) -> float:
        return math.sqrt(max(0.0, one**2 + other**2 - 2 * correlation * one * other))

    return a - b - reach(a - low_a, high_b - b), a - b + reach(high_a - a, b - low_b)


def _phi(both: int, only_after: int, only_before: int, neither: int) -> float:
    product = both * neither - only_after * only_before
    n = both + only_after + only_before + neither
    margins = (both + only_after) * (only_before + neither)
    margins *= (both + only_before) * (only_after + neither)
    corrected = max(product - n / 2, 0.0) if product > 0 else float(product)
    return corrected / math.sqrt(margins) if margins else 0.0


# --- Miettinen and Nurminen ---------------------------------------------------------------------


def _score_interval(
    after: tuple[int, int], before: tuple[int, int], z: float
) -> tuple[float, float]:
    difference = after[0] / after[1] - before[0] / before[1]
    reach = z * math.sqrt(_inflation(after, before))
    low = _where_falls(lambda d: _score(after, before, d) - reach, -1.0, difference)
    high = _where_falls(lambda d: _score(after, before, d) + reach, difference, 1.0)
    return low, high


def _inflation(after: tuple[int, int], before: tuple[int, int]) -> float:
    n = after[1] + before[1]
    return n / (n - 1)


def _score(after: tuple[int, int], before: tuple[int, int], difference: float) -> float:
    """Distance of the observed difference from a supposed one, in standard errors."""
    (a, n), (b, m) = after, before
    q = _likeliest(after, before, difference)
    p = min(1.0, max(0.0, q + difference))
    gap = a / n - b / m - difference
    variance = p * (1 - p) / n + q * (1 - q) / m
    if variance <= 0:
        return math.copysign(math.inf, gap) if abs(gap) > 1e-12 else 0.0
    return gap / math.sqrt(variance)


def _likeliest(after: tuple[int, int], before: tuple[int, int], d: float) -> float:
    """Most likely share before, given the difference: the right root of a cubic equation."""
    (a, n), (b, m) = after, before
    total = n + m
    square = ((total + m) * d - total - a - b) / (3 * total)
    linear = ((m * d - total - 2 * b) * d + a + b) / total
    constant = b * d * (1 - d) / total
    q = square**3 - linear * square / 2 + constant / 2
    p = math.copysign(math.sqrt(max(0.0, square**2 - linear / 3)), q)
    cosine = min(1.0, max(-1.0, q / p**3)) if p**3 else 0.0
    root = 2 * p * math.cos((math.pi + math.acos(cosine)) / 3) - square
    return min(1.0, 1 - d, max(0.0, -d, root))


def _where_falls(falling: Callable[[float], float], low: float, high: float) -> float:
    """Where a falling function passes 0, by halving."""
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if falling(middle) > 0 else (low, middle)
    return (low + high) / 2


def _two_sided(z: float) -> float:
    return math.erfc(abs(z) / math.sqrt(2))
