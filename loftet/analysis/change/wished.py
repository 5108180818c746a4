"""What change could show, and how many years or answers a wished change needs."""

import math
from bisect import bisect_left
from dataclasses import dataclass
from statistics import NormalDist

from loftet.analysis import checks
from loftet.analysis.change.power import Design

NORMAL = NormalDist()
MOST_EVENTS = 1e7
MOST_ANSWERS = 100_000_000


@dataclass(frozen=True, slots=True)
class DetectableChange:
    """The smallest relative changes that would show; `fall` is None where not even 0 would."""

    fall: float | None
    rise: float
    power: float
    confidence: float


@dataclass(frozen=True, slots=True)
class DetectableShare:
    """The smallest changes of a share that would show, as fractions of all; None where none would.

    A fall of 0.05 is five percentage points, not five per cent of the share.
    """

    fall: float | None
    rise: float | None
    power: float
    confidence: float


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
    checks.positive("count", count, most=MOST_EVENTS)
    checks.exposure(exposure, apart=100)
    checks.positive("count after", count * exposure[0] / exposure[1], most=MOST_EVENTS)
    _check_chances(power, confidence)
    design = Design(count, exposure, (1 - confidence) / 2)
    z = NORMAL.inv_cdf((1 + confidence) / 2) + NORMAL.inv_cdf(power)
    step = z * math.hypot(1, math.sqrt(exposure[1] / exposure[0])) / math.sqrt(count)
    return DetectableChange(design.fall(power, step), design.rise(power, step), power, confidence)


def years_needed(
    count: float,
    *,
    change: float,
    years_before: int | None = None,
    power: float = 0.8,
    confidence: float = 0.95,
    most: int = 50,
) -> int | None:
    """How many years after must be added up before `rate_ratio` would likely show a change.

    The power is that of `detectable_change`, with `count` events a year expected before and
    ``count * (1 + change)`` a year after; it is exact. One year less would not be enough.

    Parameters
    ----------
    count : float
        Events expected in one year before, above 0.
    change : float
        The wished change as a fraction of the rate before: -0.2 is a fall of 20 per cent.
    years_before : int, optional
        Years before that are added up. By default as many as after.
    power : float
        How sure one wants to be that the change shows.
    confidence : float
        Coverage of the interval that decides.
    most : int
        Where to stop looking.

    Returns
    -------
    int or None
        Years, or None where more than `most` would be needed. With few years before, no number of
        years after may be enough.

    Raises
    ------
    ValueError
        If `change` is 0 or below -1, a number is outside its limits, or `count` times the years
        exceeds ten million.

    References
    ----------
    As for `detectable_change`.

    Examples
    --------
    Ten per cent fewer than 185 a year; first against one year before, then year for year:

    >>> years_needed(185, change=-0.1, years_before=1) is None
    True
    >>> years_needed(185, change=-0.1)
    9
    """
    checks.positive("count", count, most=MOST_EVENTS)
    if change == 0 or not -1 <= change < math.inf:
        raise ValueError(f"change must be a fraction from -1 up, and not 0; {change!r} is no wish")
    _check_years(years_before, most)
    busiest = count * max(1.0, 1 + change) * max(most, years_before or 0)
    checks.positive("count times the years", busiest, most=MOST_EVENTS)
    _check_chances(power, confidence)

    def chance(years: int) -> float:
        before = years_before or years
        design = Design(count * before, (years, before), (1 - confidence) / 2)
        return design.shows_fall(1 + change) if change < 0 else design.shows_rise(1 + change)

    years = 1 + bisect_left(range(1, most + 1), power, key=chance)
    return years if years <= most else None


def answers_needed(
    share: float,
    wished: float,
    *,
    answers_before: int | None = None,
    design_effect: float = 1.0,
    power: float = 0.8,
    confidence: float = 0.95,
) -> int | None:
    r"""How many answers after are needed before a change of a share would likely show.

    The score test of two shares on the normal scale: its chance of showing the change is
    :math:`\Phi\{(|d| - z\,s_0) / s_1\}` with :math:`s_0` the standard error at the common share and
    :math:`s_1` that at the two shares, both times the root of the design effect. Answers count, not
    letters sent.

    Parameters
    ----------
    share, wished : float
        The share before and the one hoped for, between 0 and 1.
    answers_before : int, optional
        Answers of the wave before. By default as many as after.
    design_effect : float
        How many times larger the variance is than in a simple random sample (weights, strata,
        clusters); above 1 in most surveys.
    power, confidence : float
        How sure one wants to be that the change shows, and the coverage of the interval.

    Returns
    -------
    int or None
        Answers after, or None where no number would be enough beside `answers_before`.

    Raises
    ------
    ValueError
        If a share is not between 0 and 1, both are equal, or a number is outside its limits.

    References
    ----------
    Fleiss, Levin and Paik (2003), Statistical Methods for Rates and Proportions, 3rd ed., ch. 4;
    R's ``power.prop.test``.

    Examples
    --------
    From 30 to 25 per cent who feel unsafe, with a design effect of 1.5:

    >>> answers_needed(0.30, 0.25, design_effect=1.5)
    1877
    """
    checks.fraction("share", share)
    checks.fraction("wished", wished)
    if share == wished:
        raise ValueError("wished must differ from share: no change needs no answers")
    _check_answers(answers_before, design_effect)
    _check_chances(power, confidence)
    z = NORMAL.inv_cdf((1 + confidence) / 2)

    def chance(n: int) -> float:
        return _chance(share, wished, (n, answers_before or n), design_effect, z)

    needed = 1 + bisect_left(range(1, MOST_ANSWERS + 1), power, key=chance)
    return needed if needed <= MOST_ANSWERS else None


def detectable_share(
    share: float,
    *,
    answers: tuple[int, int],
    design_effect: float = 1.0,
    power: float = 0.8,
    confidence: float = 0.95,
) -> DetectableShare:
    """Find the smallest change of a share that samples of a given size would likely reveal.

    The reverse of `answers_needed`, with the same formula.

    Parameters
    ----------
    share : float
        The share before, between 0 and 1.
    answers : (int, int)
        Answers after and before.
    design_effect : float
        How many times larger the variance is than in a simple random sample.
    power, confidence : float
        How sure one wants to be that the change shows, and the coverage of the interval.

    Returns
    -------
    DetectableShare
        Fractions: 0.05 is five percentage points.

    Raises
    ------
    ValueError
        If a number is outside its limits.

    References
    ----------
    As for `answers_needed`.

    Examples
    --------
    >>> change = detectable_share(0.30, answers=(1200, 1200), design_effect=1.5)
    >>> round(change.fall, 3), round(change.rise, 3)
    (0.062, 0.066)
    """
    checks.fraction("share", share)
    for number in answers:
        _check_answers(number, design_effect)
    _check_chances(power, confidence)
    z = NORMAL.inv_cdf((1 + confidence) / 2)

    def smallest(limit: float) -> float | None:
        """Halve the way from no change to the farthest share."""
        if _chance(share, limit, answers, design_effect, z) < power:
            return None
        low, high = share, limit
        while abs(high - low) > 1e-9:
            middle = (low + high) / 2
            enough = _chance(share, middle, answers, design_effect, z) >= power
            low, high = (low, middle) if enough else (middle, high)
        return abs(high - share)

    return DetectableShare(smallest(0.0), smallest(1.0), power, confidence)


def _chance(
    share: float, wished: float, answers: tuple[int, int], design_effect: float, z: float
) -> float:
    n, m = (number / design_effect for number in answers)
    common = (n * wished + m * share) / (n + m)
    same = math.sqrt(common * (1 - common) * (1 / n + 1 / m))
    apart = math.sqrt(wished * (1 - wished) / n + share * (1 - share) / m)
    return NORMAL.cdf((abs(wished - share) - z * same) / apart)


def _check_chances(power: float, confidence: float) -> None:
    checks.fraction("confidence", confidence, below=0.9999)
    checks.fraction("power", power, above=1 - confidence, below=0.9999)


def _check_years(years_before: int | None, most: int) -> None:
    for name, years in (("years_before", years_before), ("most", most)):
        if years is not None:
            checks.count(name, years)
            checks.positive(name, years, most=1000)


def _check_answers(answers: int | None, design_effect: float) -> None:
    if answers is not None:
        checks.count("answers", answers)
        checks.positive("answers", answers, most=MOST_ANSWERS)
    checks.positive("design_effect", design_effect, most=1000)
