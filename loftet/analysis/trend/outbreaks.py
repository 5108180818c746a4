"""Is this week above what the same season of earlier years lets us expect: Farrington's method."""

from concurrent.futures import Executor

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtri

from loftet.analysis import parallel
from loftet.analysis.arrays import Floats
from loftet.analysis.trend import alarms, limits
from loftet.analysis.trend.alarms import Alarm, Flags, Numbers
from loftet.analysis.trend.baseline import (
    DISPERSION,
    FACTS,
    KNOWN,
    LIKE_NOW,
    LOG_VARIANCE,
    MEAN,
    RELATIVE,
    Past,
    Whole,
    baselines,
)
from loftet.analysis.trend.rules import FLEXIBLE, Rules, fitting_rule, weeks_behind

PIECE = 16  # series in a piece of work
LEAST_KNOWN = 0.5  # share of the weeks behind, and of those of the season, that must be known


def farrington(
    counts: ArrayLike,
    *,
    rules: Rules = FLEXIBLE,
    weeks: int | None = None,
    exposure: ArrayLike | None = None,
    executor: Executor | None = None,
) -> Alarm:
    r"""Find weeks with more events than the same season of earlier years lets us expect.

    For each series and week a quasi-Poisson regression on the weeks behind,
    :math:`\log E(y_i) = \log t_i + a_{part(i)} + b\,i`, is made twice, the second time with less
    weight for weeks that look like earlier outbreaks. :math:`\mu` is its mean for this week,
    :math:`\phi` its dispersion, not below 1, and :math:`\tau^2 = \phi/n` the variance of
    :math:`\log \mu`. The limit is

    - "predictive": the :math:`1-\alpha` quantile of a negative binomial law with mean :math:`\mu`
      and variance :math:`\phi\mu + \tau^2\mu^2`: chance of the week and error of the mean.
    - "plug-in": the same without the error of the mean (Noufaily and others).
    - "muan": plug-in at the upper confidence limit of the mean, as R's ``surveillance`` computes
      it: with the mean square of the *relative* residuals in place of :math:`\phi` in the error.
    - "two-thirds": :math:`\mu(1 + \frac23 z\sqrt{(\phi + \tau^2\mu)/\mu})^{3/2}` (Farrington and
      others).

    Parameters
    ----------
    counts : array of shape (series, weeks) or (weeks,)
        Whole numbers of events, week after week without gaps. NaN is a week that was not counted;
        it is left out of the baseline.
    rules : Rules
        `FLEXIBLE`, `NOUFAILY` (R's ``farringtonFlexible`` as published), `ORIGINAL` (1996), or
        your own: ``dataclasses.replace(FLEXIBLE, years=2)``.
    weeks : int, optional
        How many of the latest weeks to test; all of them unless told.
    exposure : array of the shape of counts, or (weeks,), optional
        Inhabitants, reporter-days or the like behind each count.
    executor : Executor, optional
        Where the pieces of 16 series are worked on; on threads unless told.

    Returns
    -------
    Alarm
        `p_value` is the chance of at least as many events as came, by the law of the limit.

    Raises
    ------
    ValueError
        If a count is negative or not whole, an exposure is not positive, or `weeks` is more than
        there are. Too little history is no error: `why` tells it for each cell.

    References
    ----------
    Farrington, Andrews, Beale and Catchpole (1996), JRSS A 159, 547-563; Noufaily, Enki,
    Farrington, Garthwaite, Andrews and Charlett (2013), Statistics in Medicine 32, 1206-1222;
    Salmon, Schumacher and Höhle (2016), Journal of Statistical Software 70(10).

    Examples
    --------
    Six years with about four events a week, and twelve in the last:

    >>> counts = np.resize([3, 5, 4, 2, 6, 4, 3, 5], 313)
    >>> counts[-1] = 12
    >>> found = farrington(counts, weeks=2)
    >>> found.alarm.tolist(), found.upper.tolist(), found.expected.round(1).tolist()
    ([[False, True]], [[10.0, 9.0]], [[4.1, 4.0]])
    >>> farrington(counts[:200], weeks=1).why.tolist()
    [['too little history']]
    """
    y = alarms.table("counts", counts, missing=True)
    log_exposure = np.log(alarms.exposures(exposure, y))
    tested, past = alarms.latest(weeks, y), weeks_behind(rules)
    old_enough = tested >= past.back.max()
    facts = np.full((len(y), len(tested), FACTS), np.nan)
    if old_enough.any():
        rule, when = fitting_rule(rules, len(past.back)), tested[old_enough]
        rows = [slice(first, first + PIECE) for first in range(0, len(y), PIECE)]
        jobs = [(y[part], log_exposure[part], when, past, rule) for part in rows]
        facts[:, old_enough] = np.concatenate(parallel.run(baselines, jobs, executor))
    return _alarm(y, tested, facts, past, rules)


def _alarm(y: Floats, tested: Whole, facts: Floats, past: Past, rules: Rules) -> Alarm:
    season = np.count_nonzero(past.level == 0)
    gaps = (facts[..., KNOWN] < LEAST_KNOWN * len(past.back)) | (
        facts[..., LIKE_NOW] < LEAST_KNOWN * season
    )
    facts = np.where(gaps[..., None], np.nan, facts)
    numbers = Numbers(facts[..., MEAN], *_limit(y[:, tested], facts, rules))
    few = _few(y, rules.least)[:, tested]
    return alarms.judge(y, tested, numbers, short=tested < past.back.max(), few=few)


def _limit(y: Floats, facts: Floats, rules: Rules) -> tuple[Floats, Floats]:
    """Largest count without alarm, and chance of at least as many events as came."""
    mean, alpha = facts[..., MEAN], rules.alpha
    dispersion = np.maximum(1.0, facts[..., DISPERSION])
    unsure = np.where(mean > 0, dispersion * facts[..., LOG_VARIANCE] * mean, 0.0)
    if rules.threshold == "two-thirds":
        spread = dispersion + unsure
        return limits.two_thirds_limit(alpha, mean, spread), limits.two_thirds_tail(y, mean, spread)
    if rules.threshold == "predictive":
        dispersion = dispersion + unsure
    elif rules.threshold == "muan":
        error = np.sqrt(facts[..., LOG_VARIANCE] * facts[..., RELATIVE])
        mean = np.where(mean > 0, mean * np.exp(-ndtri(alpha) * error), mean)
    return limits.count_limit(alpha, mean, dispersion), limits.count_tail(y, mean, dispersion)


def _few(y: Floats, least: tuple[int, int]) -> Flags:
    """Whether too few events came in the latest weeks, each week in turn among them."""
    events, period = least
    total = np.cumsum(np.nan_to_num(y), axis=1)
    total[:, period:] -= total[:, :-period].copy()
    few: Flags = total < events
    return few
