"""The mean that a week should have, from the weeks behind it: a regression for each cell, compiled.

A cell is a week of a series. Its regression is quasi-Poisson with a level for each part of the year
and perhaps a slope over time. Given the slope, the most likely levels are sums, so that one number
is left to search for, on a curve with a single top.
"""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from loftet.analysis.arrays import Floats
from loftet.analysis.kernels import kernel

Whole = NDArray[np.int64]

STEPS = 60
LONGEST_STEP = 2.0  # of the logarithm of the yearly change
STEEPEST = 30.0  # beyond it the slope runs away: there is nothing but zeros at one end
CLOSE = 1e-11

# Facts told of each cell. LOG_VARIANCE is that of the logarithm of the mean, at dispersion 1;
# RELATIVE is the mean square of the residuals in proportion to their means.
FACTS = 6
MEAN, LOG_VARIANCE, DISPERSION, RELATIVE, KNOWN, LIKE_NOW = range(FACTS)


class Past(NamedTuple):
    """Which weeks stand behind a week: how far back, in which part of the year (0: its own)."""

    back: Whole
    time: Floats
    level: Whole


class Rule(NamedTuple):
    """When a week is taken for an earlier outbreak, and when a slope is kept.

    `least_t` is the smallest t value of a slope that is kept, for each number of degrees of
    freedom; empty where no slope is sought.
    """

    outlier: float
    least_t: Floats


class _Series(NamedTuple):
    counts: Floats
    log_exposure: Floats


class Weeks(NamedTuple):
    """The known weeks behind one cell, and what the regression makes of them."""

    events: Floats
    log_exposure: Floats
    time: Floats
    weight: Floats
    mean: Floats
    level: Whole


class Levels(NamedTuple):
    """Weighted sums in each part of the year, at the present slope."""

    events: Floats
    exposure: Floats
    centre: Floats  # mean time of the expected events
    spread: Floats  # variance of their times


class Line(NamedTuple):
    """A slope, its variance at dispersion 1 (below 0: no slope can be found), and dispersion."""

    slope: float
    variance: float
    dispersion: float
    relative: float


@kernel
def baselines(
    counts: Floats, log_exposure: Floats, tested: Whole, past: Past, rule: Rule
) -> Floats:
    """Facts of each cell: rows series, columns tested weeks, then the facts; NaN where unknown."""
    facts = np.full((len(counts), len(tested), FACTS), np.nan)
    many, parts = len(past.back), past.level.max() + 1
    held, place = np.empty((5, many)), np.empty(many, dtype=np.int64)
    sums = np.empty((4, parts))
    levels = Levels(sums[0], sums[1], sums[2], sums[3])
    for row in range(len(counts)):
        series = _Series(counts[row], log_exposure[row])
        for column in range(len(tested)):
            now, fact = tested[column], facts[row, column]
            n = _gather(series, now, past, first_weeks(held, place, many), fact)
            if fact[LIKE_NOW] > 0 and n > parts + 1:
                _tell(first_weeks(held, place, n), levels, series.log_exposure[now], rule, fact)
    return facts


@kernel
def first_weeks(held: Floats, place: Whole, n: int) -> Weeks:
    """View of the first weeks of a table that all cells write their own into."""
    return Weeks(held[0, :n], held[1, :n], held[2, :n], held[3, :n], held[4, :n], place[:n])


@kernel
def _gather(series: _Series, now: int, past: Past, weeks: Weeks, fact: Floats) -> int:
    """Copy the weeks that are known; how many they are."""
    known = like_now = 0
    for i in range(len(past.back)):
        week = now - past.back[i]
        if not math.isnan(series.counts[week]):
            weeks.events[known] = series.counts[week]
            weeks.log_exposure[known] = series.log_exposure[week]
            weeks.time[known] = past.time[i]
            weeks.level[known] = past.level[i]
            like_now += past.level[i] == 0
            known += 1
    fact[KNOWN], fact[LIKE_NOW] = known, like_now
    return known


@kernel
def _tell(weeks: Weeks, levels: Levels, log_exposure: float, rule: Rule, fact: Floats) -> None:
    """Keep the slope if it is sure enough and leads to no week above all that have been seen."""
    if len(rule.least_t):
        line = _fit_twice(weeks, levels, True, rule.outlier)
        if line.variance > 0:
            t = abs(line.slope) / math.sqrt(line.variance * line.dispersion)
            degrees = _degrees(weeks, levels, True)
            now = levels.events[0] / levels.exposure[0]
            most = np.max(weeks.events * np.exp(-weeks.log_exposure))
            if t >= rule.least_t[degrees] and now <= most:
                _write(levels, line, log_exposure, fact)
                return
    _write(levels, _fit_twice(weeks, levels, False, rule.outlier), log_exposure, fact)


@kernel
def _write(levels: Levels, line: Line, log_exposure: float, fact: Floats) -> None:
    events = levels.events[0]
    fact[MEAN] = events / levels.exposure[0] * math.exp(log_exposure)
    if events > 0:
        fact[LOG_VARIANCE] = 1 / events + line.variance * levels.centre[0] ** 2
    fact[DISPERSION] = line.dispersion
    fact[RELATIVE] = line.relative


@kernel
def _fit_twice(weeks: Weeks, levels: Levels, sloping: bool, outlier: float) -> Line:
    weeks.weight[:] = 1.0
    line = fit(weeks, levels, sloping, 0.0)
    if outlier < math.inf and line.variance >= 0:
        _reweight(weeks, levels, line, outlier)
        line = fit(weeks, levels, sloping, line.slope)
    return line


@kernel
def fit(weeks: Weeks, levels: Levels, sloping: bool, slope: float) -> Line:
    """Newton's method for the slope; expected counts are left in the weeks."""
    score, information = _sum(weeks, levels, slope)
    step = math.inf if sloping else 0.0
    for _ in range(STEPS):
        if abs(step) < CLOSE or abs(slope) > STEEPEST or information <= CLOSE:
            break
        step = min(max(score / information, -LONGEST_STEP), LONGEST_STEP)
        slope += step
        score, information = _sum(weeks, levels, slope)
    for i in range(len(weeks.events)):
        part = weeks.level[i]
        rate = levels.events[part] / levels.exposure[part]
        weeks.mean[i] = rate * math.exp(weeks.log_exposure[i] + slope * weeks.time[i])
    variance = 0.0
    if sloping:
        variance = 1 / information if abs(step) < CLOSE else -1.0
    return Line(slope, variance, *_residuals(weeks, _degrees(weeks, levels, sloping)))


@kernel
def _sum(weeks: Weeks, levels: Levels, slope: float) -> tuple[float, float]:
    """Sums of the levels; the slope of the log-likelihood in the slope, and its information."""
    for sums in levels:
        sums[:] = 0.0
    score = information = 0.0
    for i in range(len(weeks.events)):
        part, time = weeks.level[i], weeks.time[i]
        exposure = weeks.weight[i] * math.exp(weeks.log_exposure[i] + slope * time)
        levels.exposure[part] += exposure
        levels.centre[part] += exposure * time
        levels.spread[part] += exposure * time * time
        levels.events[part] += weeks.weight[i] * weeks.events[i]
        score += weeks.weight[i] * weeks.events[i] * time
    for part in range(len(levels.events)):
        if levels.exposure[part] > 0:
            levels.centre[part] /= levels.exposure[part]
            levels.spread[part] /= levels.exposure[part]
            levels.spread[part] -= levels.centre[part] ** 2
            score -= levels.events[part] * levels.centre[part]
            information += levels.events[part] * levels.spread[part]
    return score, information


@kernel
def _degrees(weeks: Weeks, levels: Levels, sloping: bool) -> int:
    """Weeks less unknowns; parts of the year of which no week is known are none."""
    return len(weeks.events) - int(np.sum(levels.exposure > 0)) - sloping


@kernel
def _residuals(weeks: Weeks, degrees: int) -> tuple[float, float]:
    """Mean squares of Pearson's residuals and of those in proportion to the mean."""
    pearson = relative = 0.0
    for i in range(len(weeks.events)):
        mean = weeks.mean[i]
        share = weeks.events[i] / mean - 1 if mean > 0 else -1.0
        relative += weeks.weight[i] * share**2
        pearson += weeks.weight[i] * share**2 * mean
    return pearson / degrees, relative / degrees


@kernel
def _reweight(weeks: Weeks, levels: Levels, line: Line, outlier: float) -> None:
    """Less weight to what looks like an earlier outbreak, by Anscombe's residuals."""
    total, dispersion = 0.0, max(1.0, line.dispersion)
    for i in range(len(weeks.events)):
        residual = 0.0
        mean, part = weeks.mean[i], weeks.level[i]
        if weeks.events[i] > mean > 0:
            away = weeks.time[i] - levels.centre[part]
            leverage = mean * (1 / levels.events[part] + line.variance * away**2)
            if leverage < 1:
                root = np.cbrt(mean)
                gap = np.cbrt(weeks.events[i]) ** 2 - root**2
                residual = 1.5 * gap / math.sqrt(root * dispersion * (1 - leverage))
        weeks.weight[i] = residual**-2 if residual > outlier else 1.0
        total += weeks.weight[i]
    for i in range(len(weeks.events)):
        weeks.weight[i] *= len(weeks.events) / total
