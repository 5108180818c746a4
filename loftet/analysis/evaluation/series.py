"""Interrupted time series: one area, many periods, a measure that starts between two of them."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from loftet.analysis import arrays, checks, glm
from loftet.analysis.arrays import Floats
from loftet.analysis.evaluation.footing import Assumption, Footing, Sign, Threat, above, below
from loftet.analysis.glm import Factor, Fit

Family = Literal["poisson", "quasi-poisson", "negative-binomial"]


@dataclass(frozen=True, slots=True, eq=False)
class InterruptedSeries:
    """What the measure multiplied the rate by.

    `level` is the step at the start, `slope` what each later period adds to it (None when not asked
    for), `trend` the change a period that was there anyway. `fitted` are the expected counts,
    `without` those expected had the measure not come. `size` is the theta of a negative binomial.
    """

    level: Factor
    slope: Factor | None
    trend: Factor
    dispersion: float
    size: float
    log_likelihood: float
    autocorrelation: float
    fitted: Floats
    without: Floats
    footing: Footing


def interrupted_series(
    counts: ArrayLike,
    *,
    start: int,
    exposure: ArrayLike | None = None,
    season: float | None = None,
    harmonics: int = 2,
    slope: bool = False,
    family: Family = "quasi-poisson",
    confidence: float = 0.95,
) -> InterruptedSeries:
    r"""Estimate the step in a series of counts when a measure starts, beside trend and season.

    :math:`\log E(y_t) = \log n_t + a + b t + c [t \ge s] + d (t - s)[t \ge s] + \sum_h \{e_h
    \sin(2\pi h t / P) + f_h \cos(2\pi h t / P)\}`. The variance is the mean (Poisson), a multiple
    of it, not below 1 (quasi-Poisson, by Pearson's chi-square), or mean + mean²/size (negative
    binomial). Intervals are on the normal scale, as in the published analyses.

    Parameters
    ----------
    counts : array of shape (n,)
        Whole numbers of events in periods of equal length, in order of time.
    start : int
        Place of the first period with the measure; 36 is the 37th period.
    exposure : array of shape (n,), optional
        Inhabitants or days behind each count.
    season : float, optional
        Length of the year in periods (12 for months, 52.18 for weeks). None for no season.
    harmonics : int
        Pairs of sine and cosine that draw the season; two give it two unequal peaks.
    slope : bool
        Whether the effect may grow or wane. The level is then that of the first period.
    family : {"poisson", "quasi-poisson", "negative-binomial"}
        Quasi-Poisson by default, since recorded events swing more than Poisson counts do.
    confidence : float
        Coverage of the intervals, between 0 and 1.

    Returns
    -------
    InterruptedSeries

    Raises
    ------
    ValueError
        If a count is not whole, negative or missing, an exposure is not positive, `start` leaves
        fewer than two periods on either side, or the unknowns are more than the periods bear.

    References
    ----------
    Lopez Bernal, Cummins and Gasparrini (2017), International Journal of Epidemiology 46, 348-355;
    Venables and Ripley (2002), Modern Applied Statistics with S, 4th ed., 7.4, on theta.

    Examples
    --------
    >>> counts = [91, 84, 99, 93, 87, 96, 66, 60, 69, 57, 63, 66]
    >>> series = interrupted_series(counts, start=6)
    >>> round(series.level.ratio, 3), series.level.beyond_chance
    (0.674, True)
    >>> [str(warning.sign) for warning in series.footing.warnings]
    ['few_periods']
    """
    y = arrays.counts("counts", counts)
    t = arrays.exposures(exposure, len(y))
    checks.fraction("confidence", confidence)
    checks.choice("family", family, ("poisson", "quasi-poisson", "negative-binomial"))
    _check_start(start, len(y))
    x = _design(len(y), start, slope=slope, season=_season(season, harmonics))
    fit = (glm.negative_binomial if family == "negative-binomial" else glm.poisson)(y, x, t)
    scale = max(1.0, fit.dispersion) if family == "quasi-poisson" else 1.0

    def factor(place: int) -> Factor:
        return fit.factor(place, confidence, scale=scale)

    effect = x[:, 2 : 4 if slope else 3] @ fit.coefficients[2 : 4 if slope else 3]
    echo = _echo(y, fit)
    return InterruptedSeries(
        level=factor(2),
        slope=factor(3) if slope else None,
        trend=factor(1),
        dispersion=fit.dispersion,
        size=fit.size,
        log_likelihood=fit.log_likelihood,
        autocorrelation=echo,
        fitted=fit.fitted,
        without=fit.fitted * np.exp(-effect),
        footing=_footing(fit, start, echo, family=family, seasonal=season is not None),
    )


def _season(season: float | None, harmonics: int) -> tuple[float, int]:
    if season is None:
        return 1.0, 0
    checks.positive("season", season)
    checks.count("harmonics", harmonics)
    if not 1 <= harmonics < season / 2:
        raise ValueError(f"harmonics must be from 1 to below half the season, not {harmonics}")
    return season, harmonics


def _design(n: int, start: int, *, slope: bool, season: tuple[float, int]) -> Floats:
    time = np.arange(n, dtype=float)
    after = time >= start
    columns = [np.ones(n), time - time.mean(), 1.0 * after]
    if slope:
        columns.append((time - start) * after)
    length, harmonics = season
    for h in range(1, harmonics + 1):
        angle = 2 * np.pi * h * time / length
        columns += [np.sin(angle), np.cos(angle)]
    return np.column_stack(columns)


def _echo(y: Floats, fit: Fit) -> float:
    """Correlation of each period's residual with the next."""
    residual = (y - fit.fitted) / np.sqrt(fit.fitted + fit.fitted**2 / fit.size)
    total = float(residual @ residual)
    return float(residual[1:] @ residual[:-1]) / total if total else 0.0


def _footing(fit: Fit, start: int, echo: float, *, family: Family, seasonal: bool) -> Footing:
    n = len(fit.fitted)
    season = (Assumption.SEASON_REPEATS,) if seasonal else ()
    spread = fit.dispersion if family == "poisson" else 0.0
    return Footing(
        assumes=(
            Assumption.TREND_WOULD_HAVE_GONE_ON,
            *season,
            Assumption.PERIODS_ARE_INDEPENDENT,
            Assumption.SAME_COUNTING_THROUGHOUT,
            Assumption.NO_EARLY_EFFECT,
        ),
        broken_by=(
            Threat.SOMETHING_ELSE_AT_THE_SAME_TIME,
            Threat.COUNTING_CHANGED,
            Threat.REPORTING_CHANGED,
            Threat.STARTED_AFTER_A_PEAK,
        ),
        warnings=(
            *below(Sign.FEW_PERIODS, min(start, n - start), 8),
            *above(Sign.NEIGHBOURS_IN_TIME_ALIKE, echo, 2 / n**0.5),
            *above(Sign.MORE_SPREAD_THAN_CHANCE, spread, 1.5),
        ),
    )


def _check_start(start: int, n: int) -> None:
    checks.count("start", start)
    if not 2 <= start <= n - 2:
        raise ValueError(
            f"start must leave two periods before and two after; {start} of {n} does not"
        )
