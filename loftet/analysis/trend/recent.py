"""Alarms for short histories: this week beside the last few, by EARS or by Bayes' rule."""

from typing import Literal, get_args

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import ArrayLike
from scipy.special import ndtr, ndtri

from loftet.analysis import checks
from loftet.analysis.arrays import Floats
from loftet.analysis.calendar import YEAR_IN_WEEKS
from loftet.analysis.trend import alarms, limits
from loftet.analysis.trend.alarms import Alarm, Numbers
from loftet.analysis.trend.baseline import Whole

Ears = Literal["C1", "C2", "C3", "C3 of surveillance"]
METHODS = get_args(Ears)
GUARD = 2  # weeks between the baseline and the week tested, but for C1
ECHO = 2  # earlier weeks whose excess C3 adds
LEAST_KNOWN = 0.5  # share of the weeks of reference that must be known


def ears(
    counts: ArrayLike,
    *,
    method: Ears = "C1",
    baseline: int = 7,
    least_deviation: float = 0.5,
    weeks: int | None = None,
    alpha: float = 0.001,
) -> Alarm:
    r"""Find weeks far above the mean of the last few (Early Aberration Reporting System).

    With the mean :math:`m` and the standard deviation :math:`s` of the baseline, an alarm is
    :math:`C_t = (y_t - m_t)/s_t > z_{1-\alpha}`. C1 takes the weeks just before, C2 leaves two
    weeks between, and C3 is :math:`\sum_{i=0}^{2} \max(0, C2_{t-i} - 1)`.

    Parameters
    ----------
    counts : array of shape (series, weeks) or (weeks,)
        Whole numbers of events in weeks without gaps; NaN is a week that was not counted.
    method : {"C1", "C2", "C3", "C3 of surveillance"}
        C2 does not let an outbreak raise its own baseline, C3 adds up a slow beginning. The limit
        that R's ``surveillance`` 1.20 prints for C3 starts from the week's own count in place of
        the mean, so that only the two weeks before can give an alarm; it is there for comparison.
    baseline : int
        Weeks in the baseline, 3 or more.
    least_deviation : float
        Standard deviation below which none is believed; with 0, one event after quiet weeks is an
        alarm.
    weeks : int, optional
        How many of the latest weeks to test.
    alpha : float
        Share of weeks with alarm if counts were normal and the baseline long. With seven weeks of
        counts 0.001 becomes 0.02 to 0.05.

    Returns
    -------
    Alarm

    Raises
    ------
    ValueError
        If a count is negative or not whole, or a setting is out of its range.

    References
    ----------
    Fricker, Hegler and Dunfee (2008), Statistics in Medicine 27, 3407-3429.

    Examples
    --------
    >>> found = ears([4, 6, 5, 3, 5, 4, 6, 5, 13], weeks=2)
    >>> found.alarm.tolist(), found.upper.round(2).tolist()
    ([[False, True]], [[8.15, 8.16]])
    """
    y = alarms.table("counts", counts, missing=True)
    tested = alarms.latest(weeks, y)
    checks.choice("method", method, METHODS)
    checks.count("baseline", baseline)
    checks.fraction("alpha", alpha)
    if baseline < 3 or least_deviation < 0:
        raise ValueError("baseline must be 3 weeks or more, and least_deviation 0 or more")
    guard = 0 if method == "C1" else GUARD
    mean, deviation = _before(y, baseline, guard, least_deviation)
    excess, limit = _standard(y - mean, deviation), -ndtri(alpha)
    needed = baseline + guard
    upper, statistic = mean + limit * deviation, excess
    if method in METHODS[2:]:
        needed += ECHO
        echo = _echo(excess)
        start = np.where(echo < limit, mean + deviation, 0.0) if method == "C3" else y
        upper = np.maximum(0.0, start + (limit - echo) * deviation)
        statistic = np.maximum(0.0, excess - 1) + echo
    numbers = Numbers(*(part[:, tested] for part in (mean, upper, ndtr(-statistic))))
    return alarms.judge(y, tested, numbers, short=tested < needed)


def bayes(
    counts: ArrayLike,
    *,
    years: int = 2,
    window: int = 2,
    recent: int = 2,
    weeks: int | None = None,
    alpha: float = 0.05,
    year: float = YEAR_IN_WEEKS,
) -> Alarm:
    r"""Find weeks above what a few weeks of the same season, and the latest, let one believe.

    With :math:`s` events in :math:`n` weeks of reference and Jeffreys' prior, the rate is gamma
    with shape :math:`s + 1/2` and the next count negative binomial; the limit is its
    :math:`1 - \alpha` quantile.

    Parameters
    ----------
    counts : array of shape (series, weeks) or (weeks,)
        Whole numbers of events in weeks without gaps; NaN is a week that was not counted.
    years : int
        Years back, of each of which the same week and `window` to either side are taken.
    recent : int
        Latest weeks that are taken too.
    weeks : int, optional
        How many of the latest weeks to test.
    alpha : float
        Share of weeks without outbreak that give an alarm, if events come one by one.
    year : float
        Periods in a year.

    Returns
    -------
    Alarm

    Raises
    ------
    ValueError
        If a count is negative or not whole, or a setting is out of its range.

    Notes
    -----
    Counts that vary more than events that come one by one pass the limit more often than `alpha`.

    References
    ----------
    Höhle (2007), Computational Statistics 22, 571-582.

    Examples
    --------
    >>> bayes([2, 3, 1, 2, 4, 2, 9], years=0, recent=6, weeks=1).upper.tolist()
    [[5.0]]
    """
    y = alarms.table("counts", counts, missing=True)
    tested = alarms.latest(weeks, y)
    checks.fraction("alpha", alpha)
    for name, value in {"years": years, "window": window, "recent": recent}.items():
        checks.count(name, value)
    back = _weeks_behind(years, window, recent, year)
    reference = y[:, np.maximum(tested[:, None] - back, 0)]
    known = (~np.isnan(reference)).sum(axis=2)
    shape = np.nansum(reference, axis=2) + 0.5
    mean = np.where(known > LEAST_KNOWN * len(back), shape / np.maximum(known, 1), np.nan)
    spread = 1 + 1 / np.maximum(known, 1)
    upper = limits.count_limit(alpha, mean, spread)
    numbers = Numbers(mean, upper, limits.count_tail(y[:, tested], mean, spread))
    return alarms.judge(y, tested, numbers, short=tested < back.max())


def _before(y: Floats, baseline: int, guard: int, least: float) -> tuple[Floats, Floats]:
    """Mean and standard deviation of the baseline of each week, NaN where it is not whole."""
    padded = np.concatenate([np.full((len(y), baseline + guard), np.nan), y], axis=1)
    windows = sliding_window_view(padded, baseline, axis=1)[:, : y.shape[1]]
    return windows.mean(axis=2), np.maximum(windows.std(axis=2, ddof=1), least)


def _standard(gap: Floats, deviation: Floats) -> Floats:
    """Gap in standard deviations; without deviation nothing, or beyond all bounds."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where((deviation == 0) & (gap == 0), 0.0, gap / deviation)


def _echo(excess: Floats) -> Floats:
    """What the two weeks before had above one standard deviation."""
    above = np.maximum(0.0, excess - 1)
    padded = np.concatenate([np.full((len(above), ECHO), np.nan), above], axis=1)
    echo: Floats = padded[:, 1:-1] + padded[:, :-ECHO]
    return echo


def _weeks_behind(years: int, window: int, recent: int, year: float) -> Whole:
    marks = np.rint(year * np.arange(1, years + 1)).astype(np.int64)
    seasons = (marks[:, None] + np.arange(-window, window + 1)).ravel()
    back = np.union1d(np.arange(1, recent + 1), seasons)
    if not len(back):
        raise ValueError("years and recent are both 0: take some weeks to compare with")
    if back.min() < 1:
        raise ValueError(f"window {window} reaches the week itself: it must be below {marks[0]}")
    return back
