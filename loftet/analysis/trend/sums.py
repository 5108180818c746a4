"""Alarms for a level that has shifted by less than a single week shows: CUSUM and GLR charts."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from loftet.analysis import checks, glm
from loftet.analysis.arrays import Floats
from loftet.analysis.calendar import YEAR_IN_WEEKS
from loftet.analysis.kernels import kernel
from loftet.analysis.trend import alarms
from loftet.analysis.trend.alarms import Flags, Words

NO_MODEL = "no usual level can be told from the weeks of training"


@dataclass(frozen=True, slots=True, eq=False)
class Sums:
    """A statistic that adds up over weeks: rows series, columns the weeks after the training.

    `expected` is the usual level. `upper` is the count at which the week would have given the
    alarm, NaN in charts that do not tell it. `why` is not empty where there is no answer.
    """

    statistic: Floats
    expected: Floats
    upper: Floats
    alarm: Flags
    why: Words


@dataclass(frozen=True, slots=True)
class Usual:
    """How the usual level is drawn from the first weeks: a log-linear Poisson regression.

    Parameters
    ----------
    training : int
        How many weeks are taken for undisturbed.
    harmonics : int
        Pairs of sine and cosine that draw the season.
    trend : bool
        Whether a steady growth or decline goes on.
    year : float
        Periods in a year.
    """

    training: int
    harmonics: int = 1
    trend: bool = True
    year: float = YEAR_IN_WEEKS

    def __post_init__(self) -> None:
        checks.count("harmonics", self.harmonics)
        checks.count("training", self.training)
        checks.positive("year", self.year)
        least = self.year if self.harmonics else 2 + self.trend
        if self.training < least:
            raise ValueError(f"training must be at least {least:.0f} weeks, not {self.training}")

    def level(self, counts: Floats) -> Floats:
        """Means of the weeks of one series after the training; NaN where none can be told."""
        time = np.arange(len(counts), dtype=float)
        turn = 2 * np.pi * time / self.year * np.arange(1, self.harmonics + 1)[:, None]
        steady = [np.ones(len(counts)), time / self.year][: 1 + self.trend]
        x = np.column_stack([*steady, *np.sin(turn), *np.cos(turn)])
        first, later = x[: self.training], x[self.training :]
        try:
            fit = glm.poisson(counts[: self.training], first, np.ones(self.training))
        except ValueError:  # no events, or none in a whole season
            return np.full(len(later), np.nan)
        level: Floats = np.exp(later @ fit.coefficients)
        return level


def cusum(
    counts: ArrayLike,
    usual: Usual,
    *,
    expected: ArrayLike | None = None,
    reference: float = 1.04,
    decision: float = 2.26,
) -> Sums:
    r"""Add up how much each week lies above its expectation, until it is too much for chance.

    :math:`S_t = \max(0, S_{t-1} + z_t - k)`, an alarm where :math:`S_t \ge h`, with Rossi's
    :math:`z_t = (y_t - 3 m_t + 2\sqrt{y_t m_t}) / (2\sqrt{m_t})`, nearly normal also for small
    means :math:`m_t`. The sum is not set back after an alarm.

    Parameters
    ----------
    counts : array of shape (series, weeks) or (weeks,)
        Whole numbers of events, no week missing.
    usual : Usual
        The weeks of training and the regression that continues them.
    expected : array of shape (series, weeks after training) or (weeks after training,), optional
        Means that are known from elsewhere, in place of the regression.
    reference, decision : float
        k and h in standard deviations. Where events come one by one around a known mean, the
        defaults give an alarm every 440 to 520 weeks in which nothing happens, and after four when
        the mean has risen by two standard deviations; with twice the variance every 40 to 47.

    Returns
    -------
    Sums

    Raises
    ------
    ValueError
        If a count is missing, negative or not whole, or no week is left after the training.

    References
    ----------
    Rossi, Lampugnani and Marchi (1999), Statistics in Medicine 18, 2111-2122.

    Examples
    --------
    >>> found = cusum([4] * 60 + [6, 7, 8, 9], Usual(60, harmonics=0, trend=False))
    >>> found.statistic.round(2).tolist(), found.alarm.tolist()
    ([[0.0, 0.36, 1.14, 2.35]], [[False, False, False, True]])
    """
    y = alarms.table("counts", counts)
    checks.positive("decision", decision)
    checks.positive("reference", reference)
    later, mean = _watched(y, usual, expected)
    root = np.sqrt(mean)
    gain = (later - 3 * mean + 2 * np.sqrt(later) * root) / (2 * root) - reference
    statistic, before = _added(gain)
    needed = 4 * mean + 2 * root * (decision + reference - before)
    upper = np.maximum(0.0, np.sqrt(np.maximum(0.0, needed)) - root) ** 2
    return _told(statistic, mean, upper, statistic >= decision)


def glr(
    counts: ArrayLike,
    usual: Usual,
    *,
    expected: ArrayLike | None = None,
    decision: float = 5.0,
) -> Sums:
    r"""Ask each week when the level may have risen, and how likely that is beside no rise.

    :math:`\max_{k \le t} \sup_{\kappa \ge 0} \sum_{i=k}^{t} \{\kappa y_i - (e^\kappa - 1) m_i\}`,
    the log-likelihood of the best rise by a factor :math:`e^\kappa` since some week :math:`k`. The
    week after an alarm begins anew.

    Parameters
    ----------
    counts : array of shape (series, weeks) or (weeks,)
        Whole numbers of events, no week missing.
    usual : Usual
        The weeks of training and the regression that continues them.
    expected : array of shape (series, weeks after training) or (weeks after training,), optional
        Means that are known from elsewhere, in place of the regression.
    decision : float
        Log-likelihood ratio at which the alarm is given. Where events come one by one around a
        known mean, 5 gives an alarm every 380 weeks in which nothing happens; with twice the
        variance every 40 to 47.

    Returns
    -------
    Sums
        `upper` is NaN.

    Raises
    ------
    ValueError
        If a count is missing, negative or not whole, or no week is left after the training.

    References
    ----------
    Höhle and Paul (2008), Computational Statistics and Data Analysis 52, 4357-4368.

    Examples
    --------
    >>> found = glr([4] * 60 + [6, 7, 8, 9], Usual(60, harmonics=0, trend=False))
    >>> found.statistic.round(2).tolist()
    [[0.43, 1.31, 2.75, 4.86]]
    """
    y = alarms.table("counts", counts)
    checks.positive("decision", decision)
    later, mean = _watched(y, usual, expected)
    statistic = _best_rise(later, mean, decision)
    return _told(statistic, mean, np.full(mean.shape, np.nan), statistic >= decision)


def _watched(y: Floats, usual: Usual, expected: ArrayLike | None) -> tuple[Floats, Floats]:
    """Counts after the training, and what to expect of them."""
    if usual.training >= y.shape[1]:
        raise ValueError(f"training takes all {y.shape[1]} weeks: none is left to watch")
    later = y[:, usual.training :]
    if expected is None:
        return later, np.array([usual.level(series) for series in y])
    mean = alarms.table("expected", expected, whole=False)
    if mean.shape[1] != later.shape[1] or len(mean) not in {1, len(later)}:
        raise ValueError(f"expected has shape {mean.shape}, the weeks after training {later.shape}")
    if (mean <= 0).any():
        raise ValueError("expected must be above 0 in each week: leave the other series out")
    return later, np.ascontiguousarray(np.broadcast_to(mean, later.shape))


def _added(gain: Floats) -> tuple[Floats, Floats]:
    """Sums that never fall below 0, and those before each week."""
    sums = np.zeros((len(gain), gain.shape[1] + 1))
    for week, step in enumerate(gain.T):
        sums[:, week + 1] = np.maximum(0.0, sums[:, week] + step)
    return sums[:, 1:], sums[:, :-1]


@kernel
def _best_rise(counts: Floats, mean: Floats, decision: float) -> Floats:
    """Largest log-likelihood ratio over the weeks since the last alarm."""
    statistic = np.full(counts.shape, np.nan)
    for series in range(len(counts)):
        start = 0
        for now in range(counts.shape[1]):
            best = events = expected = 0.0
            for since in range(now, start - 1, -1):
                events += counts[series, since]
                expected += mean[series, since]
                if events > expected:
                    best = max(best, events * math.log(events / expected) - events + expected)
            if not math.isnan(expected):
                statistic[series, now] = best
            if best >= decision:
                start = now + 1
    return statistic


def _told(statistic: Floats, mean: Floats, upper: Floats, alarm: Flags) -> Sums:
    why = np.where(np.isnan(statistic), NO_MODEL, "")
    return Sums(statistic, mean, upper, alarm, why)
