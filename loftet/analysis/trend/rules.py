"""The knobs of Farrington's method, and which weeks they look back at."""

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from scipy.special import stdtrit

from loftet.analysis import checks
from loftet.analysis.calendar import YEAR_IN_WEEKS
from loftet.analysis.trend.baseline import Past, Rule, Whole

Threshold = Literal["predictive", "plug-in", "muan", "two-thirds"]

YEARS_FOR_TREND = 3


@dataclass(frozen=True, slots=True)
class Rules:
    """Knobs of Farrington's method; `FLEXIBLE`, `NOUFAILY` and `ORIGINAL` are three settings.

    Parameters
    ----------
    years : int
        Years back.
    window : int
        Weeks to either side of the same week in each of those years that count as the same season.
    parts : int
        Parts of the year with a level each, the season of the week tested being one of them. With
        1 only the weeks of that season are used.
    skip : int
        Latest weeks left out of the baseline, so that an outbreak does not hide itself; for
        `parts` above 1.
    outlier : float
        Anscombe residual above which a week of the past counts for less, as its square; infinite
        to count all alike.
    trend : float
        Largest p-value with which a slope is kept: 1 always, 0 never. There is none with fewer
        than three years, nor where it would lead above every week seen.
    threshold : {"predictive", "plug-in", "muan", "two-thirds"}
        How the limit is drawn: see `farrington`.
    alpha : float
        Share of the weeks without outbreak that shall give an alarm, one-sided.
    least : (int, int)
        No alarm with fewer events than the first in as many latest weeks as the second, this week
        among them.
    year : float
        Periods in a year: 52.18 for weeks, so that no year drifts; 12 for months.
    """

    years: int = 5
    window: int = 3
    parts: int = 10
    skip: int = 26
    outlier: float = 3.5
    trend: float = 1.0
    threshold: Threshold = "predictive"
    alpha: float = 0.01
    least: tuple[int, int] = (5, 4)
    year: float = YEAR_IN_WEEKS

    def __post_init__(self) -> None:
        for name in ("years", "window", "parts", "skip"):
            checks.count(name, getattr(self, name))
        for name in ("outlier", "year"):
            checks.positive(name, getattr(self, name), most=np.inf)
        if not 0 <= self.trend <= 1:
            raise ValueError(f"trend must be a p-value from 0 to 1, not {self.trend}")
        checks.fraction("alpha", self.alpha)
        checks.choice("threshold", self.threshold, get_args(Threshold))
        events, period = self.least
        if events < 0 or period < 1:
            raise ValueError(f"least must be (0 or more events, 1 or more weeks), not {self.least}")
        if min(self.years, self.parts) < 1:
            raise ValueError("years and parts must be at least 1")
        if 2 * self.window + self.parts > self.year:
            raise ValueError(
                f"a year of {self.year:.4g} periods has no room for a window of {self.window} to "
                f"either side and {self.parts - 1} more parts: take fewer"
            )


FLEXIBLE = Rules()
NOUFAILY = Rules(outlier=2.58, threshold="plug-in")
ORIGINAL = Rules(parts=1, outlier=1.0, trend=0.05, threshold="two-thirds", alpha=0.025)


def weeks_behind(rules: Rules) -> Past:
    """Weeks behind the one that is tested, the same for each of them."""
    marks = np.rint(rules.year * np.arange(rules.years + 1)).astype(np.int64)
    if rules.parts == 1:
        back = (marks[1:, None] + np.arange(-rules.window, rules.window + 1)).ravel()
    else:
        back = np.arange(rules.skip + 1, marks[-1] + rules.window + 1)
    return Past(back, -back / rules.year, _part(back, marks, rules))


def _part(back: Whole, marks: Whole, rules: Rules) -> Whole:
    """Part of the year of each week: 0 around a mark, then forward in time from mark to mark."""
    mark = np.searchsorted(marks[:-1], back)  # the nearest mark at or before the week in time
    since = marks[mark] - back - rules.window
    between = marks[mark] - marks[mark - 1] - 2 * rules.window - 1
    part = 1 + (since - 1) * (rules.parts - 1) // between
    around = np.abs(back[:, None] - marks).min(axis=1) <= rules.window
    return np.where(around, 0, part)


def fitting_rule(rules: Rules, most: int) -> Rule:
    """For regressions on at most so many weeks."""
    if rules.trend == 0 or rules.years < YEARS_FOR_TREND:
        return Rule(rules.outlier, np.empty(0))
    degrees = np.maximum(1, np.arange(most + 1))
    return Rule(rules.outlier, np.abs(stdtrit(degrees, rules.trend / 2)))
