"""More reports or more reporters? A change of reports, split in two."""

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import stdtr, stdtrit

from loftet.analysis import arrays, checks
from loftet.analysis.arrays import Floats
from loftet.analysis.change import RateRatio, rate_ratio
from loftet.analysis.glm import Factor

Verdict = Literal[
    "within chance",
    "more reporting",
    "less reporting",
    "more events",
    "fewer events",
    "more reporting and more events",
    "more reporting of fewer events",
    "less reporting of more events",
    "less reporting and fewer events",
    "cannot be told",
]

# By the sign of the change in reporter-days, then by that in reports per reporter-day.
VERDICTS: dict[tuple[int, int], Verdict] = {
    (0, 0): "within chance",
    (1, 0): "more reporting",
    (-1, 0): "less reporting",
    (0, 1): "more events",
    (0, -1): "fewer events",
    (1, 1): "more reporting and more events",
    (1, -1): "more reporting of fewer events",
    (-1, 1): "less reporting of more events",
    (-1, -1): "less reporting and fewer events",
}

LEAST_REPORTERS = 5  # with fewer the differences between them cannot be seen
UNKNOWN = Factor(math.nan, (math.nan, math.nan), math.nan, math.nan)


@dataclass(frozen=True, slots=True)
class Reporting:
    """Change of reports = change of reporter-days x change of reports per reporter-day.

    The three ratios are after over before. `reporters` is how many were active before and after.
    `warning` is whether the number of reports changed although the rate per reporter-day did not,
    beyond chance: such a number must not be told as a change of what happens. `why` says what is
    missing when the verdict is "cannot be told".
    """

    reports: Factor
    reporter_days: Factor
    per_day: Factor
    reporters: tuple[int, int]
    verdict: Verdict
    why: str

    @property
    def warning(self) -> bool:
        return self.verdict in {"more reporting", "less reporting"}


def per_reporter_day(
    after: int, before: int, *, days: tuple[float, float], confidence: float = 0.95
) -> RateRatio:
    """Change of the reports per reporter-day when only the totals are known.

    It believes that reports come one by one. Where the reporters are known one by one, use
    `more_reports`, which sees that some of them send many.

    Examples
    --------
    >>> change = per_reporter_day(150, 100, days=(600, 400))
    >>> round(change.ratio, 2), [round(limit, 2) for limit in change.interval]
    (1.0, [0.77, 1.3])
    """
    return rate_ratio(after, before, exposure=days, confidence=confidence)


def more_reports(
    before: tuple[ArrayLike, ArrayLike],
    after: tuple[ArrayLike, ArrayLike],
    *,
    confidence: float = 0.95,
) -> Reporting:
    r"""Ask whether more happened or more was reported.

    With reports :math:`R` and reporter-days :math:`D`, :math:`R_2/R_1 = (D_2/D_1) \cdot
    (R_2/D_2)/(R_1/D_1)`. Reporters are the units that vary: the error of the logarithm of each
    ratio is that of the jackknife, :math:`\frac{m-1}{m}\sum_i (\theta_{-i} - \theta)^2` where
    :math:`\theta_{-i}` leaves one of the :math:`m` reporters out, with Student's t of :math:`m - 1`
    degrees. So a zealous reporter who joins widens the interval rather than making news, and the
    same person in both periods is compared with himself.

    Parameters
    ----------
    before, after : (reports, days), arrays of shape (reporters,)
        For each reporter the number of reports and of days on which he reported or said that there
        was nothing to report; the same reporters in the same order in both periods, with 0 for one
        who was not active.
    confidence : float
        Coverage of the intervals.

    Returns
    -------
    Reporting

    Raises
    ------
    ValueError
        If a number is missing, negative or not whole, the arrays differ in length, or a reporter
        has reports without a day.

    Notes
    -----
    Days without "nothing to report" on record make the rate meaningless: it then counts only days
    on which there was something.

    References
    ----------
    Efron (1982), The Jackknife, the Bootstrap and Other Resampling Plans, ch. 3; Cochran (1977),
    Sampling Techniques, 3rd ed., ch. 6, on ratios of totals over units.

    Examples
    --------
    Eight reporters became sixteen, each as before:

    >>> days = [20] * 8 + [0] * 8, [20] * 16
    >>> reports = [6, 4, 5, 7, 3, 5, 6, 4] + [0] * 8, [5, 6, 4, 5, 5, 4, 6, 5] * 2
    >>> change = more_reports((reports[0], days[0]), (reports[1], days[1]))
    >>> change.verdict, change.reporter_days.ratio, change.per_day.ratio
    ('more reporting', 2.0, 1.0)
    >>> change.warning
    True
    """
    checks.fraction("confidence", confidence)
    reports, days = _table(before, after)
    active = days.any(axis=0)
    reports, days = reports[:, active], days[:, active]
    seen = (int((days[0] > 0).sum()), int((days[1] > 0).sum()))
    why = _obstacle(reports, days)
    if why:
        return Reporting(UNKNOWN, UNKNOWN, UNKNOWN, seen, "cannot be told", why)
    log_reports, log_days = _log_ratios(reports), _log_ratios(days)
    factors = [
        _factor(ratios, confidence) for ratios in (log_reports, log_days, log_reports - log_days)
    ]
    verdict = VERDICTS[_sign(factors[1]), _sign(factors[2])]
    return Reporting(factors[0], factors[1], factors[2], seen, verdict, "")


def _table(
    before: tuple[ArrayLike, ArrayLike], after: tuple[ArrayLike, ArrayLike]
) -> tuple[Floats, Floats]:
    """Reports and days, a row for each period, a column for each reporter."""
    length = len(arrays.counts("before[0]", before[0]))
    reports, days = (
        np.stack(
            [
                arrays.counts(f"{name}[{kind}]", period[kind], length=length)
                for name, period in (("before", before), ("after", after))
            ]
        )
        for kind in (0, 1)
    )
    wrong = (reports > 0) & (days == 0)
    if wrong.any():
        period, reporter = np.argwhere(wrong)[0]
        name = ("before", "after")[period]
        raise ValueError(f"{name}[1][{reporter}] is 0 days, but there are reports: count the days")
    return reports, days


def _obstacle(reports: Floats, days: Floats) -> str:
    """Why nothing can be told, or nothing."""
    if days.shape[1] < LEAST_REPORTERS:
        return f"fewer than {LEAST_REPORTERS} reporters: compare totals by per_reporter_day"
    for rows, what in ((days, "days"), (reports, "reports")):
        totals = rows.sum(axis=1)
        if not totals.all():
            return f"no {what} in one of the periods"
        if (rows == totals[:, None]).any():
            return f"one reporter has all {what} of a period: compare totals by per_reporter_day"
    return ""


def _log_ratios(rows: Floats) -> Floats:
    """Logarithm of after over before: of all reporters, then without each in turn."""
    totals = rows.sum(axis=1, keepdims=True)
    before, after = np.concatenate([totals, totals - rows], axis=1)
    ratios: Floats = np.log(after / before)
    return ratios


def _factor(ratios: Floats, confidence: float) -> Factor:
    change, m = float(ratios[0]), len(ratios) - 1
    error = math.sqrt((m - 1) / m * float(np.sum((ratios[1:] - change) ** 2)))
    reach = error * float(stdtrit(m - 1, (1 + confidence) / 2))
    p_value = 2 * float(stdtr(m - 1, -abs(change) / error)) if error else float(change == 0)
    interval = math.exp(change - reach), math.exp(change + reach)
    return Factor(math.exp(change), interval, p_value, confidence)


def _sign(factor: Factor) -> int:
    """1 for a rise beyond chance, -1 for a fall, 0 for neither."""
    return int(factor.interval[0] > 1) - int(factor.interval[1] < 1)
