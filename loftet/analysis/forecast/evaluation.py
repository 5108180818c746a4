"""How good the forecast would have been: weeks held out, each forecast from those before it."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import stdtrit

from loftet.analysis import checks
from loftet.analysis.arrays import Floats
from loftet.analysis.forecast import model, season
from loftet.analysis.forecast.calibration import Classes, Coverage, Told
from loftet.analysis.forecast.capture import Capture, capture
from loftet.analysis.forecast.cautions import NOT_FOR, Caution

Simple = Literal["last 52 weeks", "last 12 weeks"]
Method = Literal["forecast", "last 52 weeks", "last 12 weeks"]
SIMPLE: dict[Simple, int] = {"last 52 weeks": 52, "last 12 weeks": 12}


@dataclass(frozen=True, slots=True, eq=False)
class Gain:
    """Events caught each week beyond what the simple method caught, for each share of the area.

    `low` and `high` are limits by Student's t over the weeks (`confidence` of the evaluation).
    """

    events: Floats
    low: Floats
    high: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Evaluation:
    """A forecast beside the counts that came, and beside the counts of the past as forecasts.

    Attributes
    ----------
    expected : array of shape (areas, weeks)
        What was forecast for the held-out weeks.
    captured : dict of Capture
        PAI, PEI, PEI* and RRI of the forecast, of last-52-week and of last-12-week counts.
    gain : dict of Gain
        What the forecast caught beyond each of the two others.
    mean_error, root_square_error : dict of float
        Mean absolute error and root mean squared error, in events an area and week.
    coverage : Coverage
    classes : Classes
        Expected and seen, by how much was expected.
    transform : array of shape (10,)
        Histogram of the probability integral transform; 0.1 in each tenth when all is well.
    weeks, areas, horizon : int
        How many weeks were held out, how many areas, and how many weeks ahead was forecast.
    confidence : float
    settings : tuple of Settings
        What was learned, each time it was learned anew.
    cautions : tuple of Caution
    not_for : str
        What a forecast must not be used for, however good it is.
    """

    expected: Floats
    captured: dict[Method, Capture]
    gain: dict[Simple, Gain]
    mean_error: dict[Method, float]
    root_square_error: dict[Method, float]
    coverage: Coverage
    classes: Classes
    transform: Floats
    weeks: int
    areas: int
    horizon: int
    confidence: float
    settings: tuple[model.Settings, ...]
    cautions: tuple[Caution, ...]
    not_for: str = NOT_FOR


def evaluate(
    counts: ArrayLike,
    *,
    held_out: int = 52,
    horizon: int = 1,
    shares: Sequence[float] = (0.01, 0.02, 0.05),
    sizes: ArrayLike | None = None,
    confidence: float = 0.9,
    relearn: int = 13,
) -> Evaluation:
    """Forecast each held-out week from the weeks before it, and score that.

    Levels and shares move on every week, settings are learned anew every `relearn` weeks; neither
    ever sees a week later than `horizon` weeks before the one that is forecast.

    Parameters
    ----------
    counts : array of shape (areas, weeks)
        Whole numbers of events, oldest week first, without gaps.
    held_out : int
        How many of the last weeks to hold out; at least 52 must be left before them.
    horizon : int
        How many weeks ahead each of them is forecast.
    shares : sequence of float
        Shares of the whole area to flag, between 0 and 1.
    sizes : array of shape (areas,), optional
        Sizes of the areas in any unit; all alike if not given.
    confidence : float
        Of the limits, between 0.5 and 1.
    relearn : int
        Weeks between learning anew.

    Returns
    -------
    Evaluation

    Raises
    ------
    ValueError
        As for `predict` and `capture`, and if too few weeks are left.

    References
    ----------
    Czado, Gneiting and Held (2009), Biometrics 65, 1254-1261 (calibration of counts).

    Examples
    --------
    >>> rng = np.random.default_rng(2)
    >>> town = rng.poisson(rng.gamma(0.5, 1.0, size=(200, 1)), size=(200, 130))
    >>> found = evaluate(town, held_out=26, shares=[0.05])
    >>> {name: round(float(score.pai[0]), 2) for name, score in found.captured.items()}
    {'forecast': 5.29, 'last 52 weeks': 5.2, 'last 12 weeks': 4.88}
    >>> round(found.coverage.randomised, 2)
    0.9
    """
    past = model.by_week(counts)
    checks.fraction("confidence", confidence, above=0.5)
    _check_weeks(len(past), held_out, horizon, relearn)
    told = [
        _told(past, range(start, min(start + relearn, len(past))), horizon)
        for start in range(len(past) - held_out, len(past), relearn)
    ]
    mean, variance = (np.concatenate([block[k] for block in told]) for k in (0, 1))
    seen = past[-held_out:]
    methods: dict[Method, Floats] = {"forecast": mean}
    for name, weeks in SIMPLE.items():
        methods[name] = _last(past, weeks, held_out, horizon)
    captured = {
        name: capture(guess.T, seen.T, shares=shares, sizes=sizes)
        for name, guess in methods.items()
    }
    fallen = Told(seen, mean, variance, confidence)
    settings = tuple(block[2] for block in told)
    return Evaluation(
        expected=mean.T,
        captured=captured,
        gain={name: _gain(captured["forecast"], captured[name], confidence) for name in SIMPLE},
        mean_error={name: float(np.abs(seen - guess).mean()) for name, guess in methods.items()},
        root_square_error={
            name: math.sqrt(float(((seen - guess) ** 2).mean())) for name, guess in methods.items()
        },
        coverage=fallen.coverage(),
        classes=fallen.classes(),
        transform=fallen.histogram(),
        weeks=held_out,
        areas=past.shape[1],
        horizon=horizon,
        confidence=confidence,
        settings=settings,
        cautions=settings[0].cautions,
    )


def _told(past: Floats, weeks: range, horizon: int) -> tuple[Floats, Floats, model.Settings]:
    """Means and relative variances for some weeks; only the weeks known then are handed on."""
    settings = model.learn(past[: weeks.start - horizon + 1], horizon)
    known = past[: weeks.stop - horizon]
    year = season.index(settings.season, weeks.stop)
    mean, unknown = model.expected(known, settings, year, weeks, horizon)
    return mean, unknown + settings.swing[horizon - 1], settings


def _last(past: Floats, weeks: int, held_out: int, horizon: int) -> Floats:
    """Mean of the last `weeks` weeks that were known when each held-out week was forecast."""
    sums = np.concatenate([np.zeros((1, past.shape[1])), past.cumsum(axis=0)])
    known = np.arange(len(past) - held_out, len(past)) - horizon + 1
    return np.asarray((sums[known] - sums[known - weeks]) / weeks)


def _gain(ours: Capture, other: Capture, confidence: float) -> Gain:
    more = ours.caught - other.caught
    weeks = len(more)
    if weeks < 2:
        open_ = np.full(more.shape[1], np.inf)
        return Gain(more.mean(axis=0), -open_, open_)
    error = more.std(axis=0, ddof=1) / math.sqrt(weeks)
    reach = error * float(stdtrit(weeks - 1, (1 + confidence) / 2))
    return Gain(more.mean(axis=0), more.mean(axis=0) - reach, more.mean(axis=0) + reach)


def _check_weeks(weeks: int, held_out: int, horizon: int, relearn: int) -> None:
    model.check_horizon(horizon)
    for name, value in (("held_out", held_out), ("relearn", relearn)):
        checks.count(name, value)
        if value < 1:
            raise ValueError(f"{name} must be at least 1 week")
    left = weeks - held_out - horizon + 1
    if left < max(SIMPLE.values()):
        raise ValueError(
            f"held_out: {max(left, 0)} of {weeks} weeks are left to learn from, at least"
            f" {max(SIMPLE.values())} are needed: hold out fewer, or take a longer time"
        )
