"""From the weeks that have been to the weeks that come."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from loftet.analysis import checks
from loftet.analysis.arrays import Floats
from loftet.analysis.forecast import levels, season, spread
from loftet.analysis.forecast.cautions import NOT_FOR, Caution

TUNING = 104  # weeks by which settings are chosen
FIRST = 8  # weeks before the first of them
UNTRIED_SWING = 0.25  # where there are too few weeks to choose by; most series swing less
FARTHEST = 13  # weeks ahead


@dataclass(frozen=True, slots=True, eq=False)
class Settings:
    """What was learned from the past; enough to forecast from more recent counts.

    Attributes
    ----------
    half_lives : array of shape (8,)
        How much the level of all areas together is believed to fade with a half-life of 2, 4, 8,
        13, 26, 52, 104 and 208 weeks; the sum is 1.
    pooling : array of shape (5,)
        How much of the share of an area is the mean of all areas, and how much its own past with
        half-lives of 4, 13, 52 and 208 weeks; the sum is 1.
    season : array
        Coefficients of the waves of the year; empty where no season could be told.
    swing : array of shape (horizon,)
        Relative variance of single weeks beyond chance, for each number of weeks ahead.
    weeks : int
        How many weeks were learned from.
    cautions : tuple of Caution
    """

    half_lives: Floats
    pooling: Floats
    season: Floats
    swing: Floats
    weeks: int
    cautions: tuple[Caution, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Forecast:
    """Expected counts, with limits between which the counts fall with probability `confidence`.

    Attributes
    ----------
    mean, low, high : array of shape (areas, horizon)
        Events in each of the next weeks.
    season : array of shape (horizon,)
        What the time of the year multiplies the level by; 1 over a year.
    confidence : float
    settings : Settings
    cautions : tuple of Caution
        What makes this forecast weak; empty when nothing does.
    not_for : str
        What it must not be used for. Show it wherever a number of it is shown.
    """

    mean: Floats
    low: Floats
    high: Floats
    season: Floats
    confidence: float
    settings: Settings
    cautions: tuple[Caution, ...]
    not_for: str = NOT_FOR


def predict(
    counts: ArrayLike,
    *,
    horizon: int = 4,
    confidence: float = 0.9,
    settings: Settings | None = None,
) -> Forecast:
    r"""Forecast the counts of each area in the weeks after the last one.

    The mean of area a in week t is level of all x season x share of the area, the three learned
    apart: the level is an exponentially weighted mean of all events, the season :math:`s_t` has up
    to four harmonics of the year, and the share is
    :math:`w_0 + \sum_j w_j A_{ja} / \bar A_j`, where :math:`A_{ja}` are the events of the area,
    fading with half-life j, and :math:`\bar A_j` their mean over areas. :math:`w_0` draws areas
    with few events towards all; with one half-life this is the empirical-Bayes estimate of the
    Poisson-gamma model. Everything is chosen by the likelihood of past weeks (see `fit`). Counts
    are negative binomial with variance :math:`m + v m^2`, v from what is not known of level and
    share and from the swing of weeks; the limits are mid-p quantiles.

    Parameters
    ----------
    counts : array of shape (areas, weeks)
        Whole numbers of events, oldest week first, without gaps. One row gives the forecast of one
        series; for all areas together give their sum as one row.
    horizon : int
        How many weeks ahead, 1 to 13.
    confidence : float
        Coverage of the limits, between 0.5 and 1.
    settings : Settings, optional
        From `fit`, to forecast each week without learning anew: `counts` then have the same areas
        and begin with the same week. Learned from `counts` if not given.

    Returns
    -------
    Forecast

    Raises
    ------
    ValueError
        If a count is missing, negative or not whole, the table is empty, the horizon is longer than
        that of the settings, or there are fewer weeks than these were learned from.

    Notes
    -----
    Limits cut whole numbers: where fewer than three events are expected they hold more than
    `confidence`, which no printed limits can avoid.

    References
    ----------
    Harvey and Fernandes (1989), J. Business and Economic Statistics 7, 407-417 (fading
    Poisson-gamma levels); Clayton and Kaldor (1987), Biometrics 43, 671-681 (pooling).

    Examples
    --------
    Three areas, three quiet years:

    >>> counts = np.random.default_rng(1).poisson([[2], [8], [20]], size=(3, 156))
    >>> soon = predict(counts, horizon=1)
    >>> soon.mean[:, 0].round(1).tolist(), soon.low[:, 0].tolist(), soon.high[:, 0].tolist()
    ([1.8, 8.0, 19.9], [0.0, 4.0, 13.0], [4.0, 13.0, 28.0])
    """
    past = by_week(counts)
    found = fit(counts, horizon=horizon) if settings is None else settings
    check_horizon(horizon)
    checks.fraction("confidence", confidence, above=0.5)
    _check_settings(found, horizon, len(past))
    now = len(past)
    year = season.index(found.season, now + horizon)
    ahead = [
        expected(past, found, year, range(now + h, now + h + 1), h + 1) for h in range(horizon)
    ]
    mean = np.concatenate([means for means, _ in ahead]).T
    unknown = np.concatenate([unknowns for _, unknowns in ahead]).T
    variance = unknown + found.swing[:horizon]
    low, high = spread.limits(mean, variance, confidence)
    few = (Caution.FEW,) if np.median(mean) < spread.TELLING else ()
    return Forecast(mean, low, high, year[now:], confidence, found, found.cautions + few)


def fit(counts: ArrayLike, *, horizon: int = 4) -> Settings:
    """Learn from the past what to forecast with.

    Half-lives are believed, and memories and swing chosen, by how likely they make the last 104
    weeks (or the later half of a shorter past), each of these weeks forecast from those before it
    and with the season of the other years. The season is fitted to all weeks, with the number of
    harmonics under which years foretell each other best.

    Parameters
    ----------
    counts : array of shape (areas, weeks)
        As for `predict`.
    horizon : int
        How many weeks ahead will be asked for.

    Returns
    -------
    Settings

    Raises
    ------
    ValueError
        As for `predict`.
    """
    past = by_week(counts)
    check_horizon(horizon)
    return learn(past, horizon)


def learn(past: Floats, horizon: int) -> Settings:
    """As `fit`, from a table that is checked and has a row for each week."""
    totals, weeks = past.sum(axis=1), len(past)
    year = season.find(totals)
    untried = FIRST + horizon
    short = weeks < untried + FIRST
    cautions = _cautions(totals, short=short)
    if short:
        return Settings(
            half_lives=_alike(len(levels.HALF_LIVES)),
            pooling=_alike(len(levels.MEMORIES) + 1),
            season=year.coefficients,
            swing=np.full(horizon, UNTRIED_SWING),
            weeks=weeks,
            cautions=cautions,
        )
    judged = range(max(weeks - TUNING, untried, weeks // 2), weeks)
    settings = Settings(
        half_lives=levels.half_lives(totals, year.apart, judged),
        pooling=levels.pooling(past, judged),
        season=year.coefficients,
        swing=np.zeros(horizon),
        weeks=weeks,
        cautions=cautions,
    )
    seen = past[judged.start :]
    swing = [
        spread.swing(seen, *expected(past, settings, year.apart, judged, h + 1))
        for h in range(horizon)
    ]
    return replace(settings, swing=np.array(swing))


def expected(
    past: Floats, settings: Settings, year: Floats, weeks: range, ahead: int
) -> tuple[Floats, Floats]:
    """Means for `weeks`, each from what was known `ahead` weeks before, and how unknown they are.

    That is a relative variance, without the swing. `year` is the season of each week up to them.
    """
    known = range(weeks.start - ahead + 1, weeks.stop - ahead + 1)
    now = levels.level(past.sum(axis=1), year, settings.half_lives, known)
    shares = levels.shares(past, settings.pooling, known)
    each = now.rate * year[weeks.start : weeks.stop] / past.shape[1]
    mean = each[:, None] * shares.factor
    return mean, shares.unknown + now.unknown[:, None]


def by_week(counts: ArrayLike) -> Floats:
    """The table with a row for each week, as the loops over weeks want it."""
    try:
        table = np.asarray(counts, dtype=float)
    except (TypeError, ValueError):
        raise ValueError("counts must hold numbers only, a row for each area") from None
    if table.ndim != 2 or not table.size:
        raise ValueError(
            "counts must have a row for each area and a column for each week, not shape"
            f" {table.shape}"
        )
    wrong = ~(np.isfinite(table) & (table >= 0) & (table == np.floor(table)))
    if wrong.any():
        area, week = np.argwhere(wrong)[0]
        raise ValueError(
            f"counts[{area}, {week}] = {table[area, week]:g} is not a whole number from 0 up: fill"
            " the gap, or leave out the weeks before it"
        )
    return np.ascontiguousarray(table.T)


def _alike(count: int) -> Floats:
    return np.full(count, 1 / count)


def check_horizon(horizon: int) -> None:
    checks.count("horizon", horizon)
    if not 1 <= horizon <= FARTHEST:
        raise ValueError(f"horizon must be 1 to {FARTHEST} weeks, not {horizon}")


def _check_settings(settings: Settings, horizon: int, weeks: int) -> None:
    known = len(settings.swing)
    if horizon > known:
        raise ValueError(
            f"horizon is {horizon} weeks, the settings know {known}: fit them for more"
        )
    if weeks < settings.weeks:
        raise ValueError(
            f"counts has {weeks} weeks, the settings were learned from {settings.weeks}: begin with"
            " the same week, or the season is out of step"
        )


def _cautions(totals: Floats, *, short: bool) -> tuple[Caution, ...]:
    found = {
        Caution.NO_EVENTS: not totals.any(),
        Caution.NO_SEASON: len(totals) < season.LEAST_WEEKS,
        Caution.SHORT: short,
    }
    return tuple(caution for caution, holds in found.items() if holds)
