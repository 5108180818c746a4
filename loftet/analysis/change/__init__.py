"""Did a number change by more than chance explains, and how large a change could it reveal.

Standard library only: this is asked while a page is made, where SciPy costs too much.
"""

import math
import sys
from dataclasses import dataclass
from statistics import NormalDist

from loftet.analysis.change import split
from loftet.analysis.change.power import Design

NORMAL = NormalDist()


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


@dataclass(frozen=True, slots=True)
class DetectableChange:
    """The smallest relative changes that would show; `fall` is None where not even 0 would."""

    fall: float | None
    rise: float
    power: float
    confidence: float


def rate_ratio(
    after: int,
    before: int,
    *,
    exposure: tuple[float, float] = (1.0, 1.0),
    confidence: float = 0.95,
) -> RateRatio:
    r"""Compare two counts of events, exactly.

    Given the total, `after` is binomial with share :math:`r t_a / (r t_a + t_b)`, where `r` is the
    ratio of the rates and :math:`t` the exposures. The interval is that of Clopper and Pearson,
    carried over to `r`; it never covers less often than it says, and for small counts more often.
    The two-sided p-value is the chance of every split at most as probable as the observed one when
    `r` is 1, as in R's ``poisson.test``. With unequal exposures the two rules can disagree at the
    border of significance; `RateRatio.beyond_chance` follows the interval, which is what is shown.

    Parameters
    ----------
    after, before : int
        Numbers of events, 0 or more.
    exposure : (float, float)
        Time, people or places behind `after` and `before`, in any common unit.
    confidence : float
        Coverage of the interval, between 0 and 1.

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
    26, 404-413; Fay (2010), Biostatistics 11, 373-374, on p-values that disagree with intervals.

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
    """
    _check_count("after", after)
    _check_count("before", before)
    _check_exposure(exposure)
    _check_fraction("confidence", confidence)
    scale = math.log(exposure[1] / exposure[0])
    tail = math.log((1 - confidence) / 2)
    low = math.exp(scale + split.quantile(tail, after, before + 1)) if after else 0.0
    high = math.exp(scale - split.quantile(tail, before, after + 1)) if before else math.inf
    ratio = _quotient(after, before) * exposure[1] / exposure[0]
    return RateRatio(ratio, (low, high), split.p_value(after, before, -scale), confidence)


def share_change(
    after: tuple[int, int], before: tuple[int, int], *, confidence: float = 0.95
) -> ShareChange:
    r"""Compare two shares, each a number out of a total.

    The interval is Newcombe's hybrid score interval (his method 10, without continuity correction):
    Wilson limits :math:`l, u` of each share, and
    :math:`d - \sqrt{(p_a-l_a)^2 + (u_b-p_b)^2}` to :math:`d + \sqrt{(u_a-p_a)^2 + (p_b-l_b)^2}`.
    The p-value is that of the score test (pooled z, the chi-square test without correction); with
    fewer than about five cases in a cell it is rough, and `ShareChange.beyond_chance` follows the
    interval.

    Parameters
    ----------
    after, before : (int, int)
        Cases with the property and all cases, as (k, n) with 0 <= k <= n and n > 0.
    confidence : float
        Coverage of the interval, between 0 and 1.

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
    Newcombe (1998), Statistics in Medicine 17, 873-890.

    Examples
    --------
    >>> change = share_change((56, 70), (48, 80))
    >>> [round(limit, 4) for limit in change.interval]
    [0.0524, 0.3339]
    """
    _check_share("after", after)
    _check_share("before", before)
    _check_fraction("confidence", confidence)
    z = NORMAL.inv_cdf((1 + confidence) / 2)
    (low_a, a, high_a), (low_b, b, high_b) = _wilson(*after, z), _wilson(*before, z)
    low = a - b - math.hypot(a - low_a, high_b - b)
    high = a - b + math.hypot(high_a - a, b - low_b)
    return ShareChange(a - b, (low, high), _score_p_value(after, before), confidence)


def detectable_change(
    count: float,
    *,
    exposure: tuple[float, float] = (1.0, 1.0),
    power: float = 0.8,
    confidence: float = 0.95,
) -> DetectableChange:
    r"""Find the smallest true change that `rate_ratio` would be likely to reveal.

    Both periods vary: the count before is Poisson with mean `count`, the count after Poisson with
    mean ``count * exposure[0] / exposure[1] * (1 + change)``. A fall is revealed when the whole
    interval of `rate_ratio` lies below 1, a rise when it lies above. The power is summed over both
    distributions without approximation (beyond seven standard deviations nothing is left), so that
    it is right for small counts too. As a rule of thumb the relative change is
    :math:`(z_{confidence} + z_{power}) \sqrt{2 / count}` for equal exposures.

    Parameters
    ----------
    count : float
        Events expected before, above 0; a mean over some years is better than one year's number.
        At most ten million before as well as after.
    exposure : (float, float)
        Time, people or places behind after and before, in any common unit; at most a hundredfold
        apart.
    power : float
        How sure one wants to be that the change shows. At 0.5 it is as likely as not.
    confidence : float
        Coverage of the interval that decides, between 0 and 1.

    Returns
    -------
    DetectableChange
        Fractions of the rate before: 0.27 is 27 per cent.

    Raises
    ------
    ValueError
        If `count` or an exposure is outside its limits, `confidence` is not between 0 and 0.9999,
        or `power` is not between ``1 - confidence`` and 0.9999.

    References
    ----------
    Przyborowski and Wilenski (1940), as for `rate_ratio`.

    Examples
    --------
    >>> change = detectable_change(185)
    >>> round(change.fall, 2), round(change.rise, 2)
    (0.28, 0.32)
    >>> round(detectable_change(185, power=0.5).fall, 2)
    0.2
    >>> detectable_change(5).fall is None
    True
    """
    _check_positive("count", count, most=1e7)
    _check_exposure(exposure, apart=100)
    _check_positive("count after", count * exposure[0] / exposure[1], most=1e7)
    _check_fraction("confidence", confidence, below=0.9999)
    _check_fraction("power", power, above=1 - confidence, below=0.9999)
    design = Design(count, exposure, (1 - confidence) / 2)
    z = NORMAL.inv_cdf((1 + confidence) / 2) + NORMAL.inv_cdf(power)
    step = z * math.hypot(1, math.sqrt(exposure[1] / exposure[0])) / math.sqrt(count)
    return DetectableChange(design.fall(power, step), design.rise(power, step), power, confidence)


def _quotient(a: int, b: int) -> float:
    if b:
        return a / b
    return math.inf if a else math.nan


def _wilson(k: int, n: int, z: float) -> tuple[float, float, float]:
    """Lower limit, share and upper limit."""
    half = z * math.sqrt(z * z + 4 * k * (n - k) / n)
    low = (2 * k + z * z - half) / (2 * (n + z * z))
    high = (2 * k + z * z + half) / (2 * (n + z * z))
    return (low if k else 0.0), k / n, (high if k < n else 1.0)


def _score_p_value(after: tuple[int, int], before: tuple[int, int]) -> float:
    (a, n), (b, m) = after, before
    pooled = (a + b) / (n + m)
    if pooled in {0.0, 1.0}:
        return 1.0
    z = (a / n - b / m) / math.sqrt(pooled * (1 - pooled) * (1 / n + 1 / m))
    return math.erfc(abs(z) / math.sqrt(2))


# --- Checks of what comes in --------------------------------------------------------------------


def _check_count(name: str, value: int) -> None:
    if isinstance(value, bool) or not hasattr(value, "__index__"):
        raise ValueError(f"{name} must be a whole number of events, not {value!r}")
    if value < 0:
        raise ValueError(f"{name} must be 0 or more, not {value}")


def _check_share(name: str, share: tuple[int, int]) -> None:
    k, n = share
    _check_count(f"{name}[0]", k)
    _check_count(f"{name}[1]", n)
    if n == 0:
        raise ValueError(f"{name}[1] must be above 0: a share of no cases says nothing")
    if k > n:
        raise ValueError(f"{name} must be (cases with the property, all cases); {k} exceeds {n}")


def _check_exposure(exposure: tuple[float, float], *, apart: float = math.inf) -> None:
    for index, value in enumerate(exposure):
        _check_positive(f"exposure[{index}]", value)
    if max(exposure) > apart * min(exposure):
        raise ValueError(f"exposure must not differ more than {apart} times: {exposure}")


def _check_positive(name: str, value: float, *, most: float = sys.float_info.max) -> None:
    if isinstance(value, bool) or not 0 < value <= most:
        raise ValueError(f"{name} must be above 0 and at most {most:g}, not {value!r}")


def _check_fraction(name: str, value: float, *, above: float = 0.0, below: float = 1.0) -> None:
    if isinstance(value, bool) or not above < value < below:
        raise ValueError(f"{name} must lie between {above:.4g} and {below:g}, not at {value!r}")
