"""How often alarms come where nothing happens, and how often they find what was planted."""

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from loftet.analysis.trend import FLEXIBLE, NOUFAILY, ORIGINAL, Usual, cusum, farrington, glr

WEEKS = 5 * 53 + 30
Rng = np.random.Generator

RULES = {"predictive": FLEXIBLE, "as published": NOUFAILY, "original": ORIGINAL}


def town(mean: float, dispersion: float, series: int, rng: Rng, *, season: float = 0.0) -> Any:
    """Weekly counts with a season and, with it, a growth of a tenth a year."""
    week = np.arange(WEEKS)
    growth = np.exp(0.1 * (season > 0) * (week - WEEKS) / 52)
    means = mean * growth * np.exp(season * np.sin(2 * np.pi * week / 52.1775))
    if dispersion == 1:
        return rng.poisson(means, (series, WEEKS))
    return rng.negative_binomial(means / (dispersion - 1), 1 / dispersion, (series, WEEKS))


def false_alarms(
    series: int, rng: Rng, *, tested: int = 10
) -> dict[tuple[float, float, float], Any]:
    """Share of weeks with alarm, for each mean, dispersion and season, by each set of rules."""
    found = {}
    for mean, dispersion, season in [
        *((mean, spread, 0.0) for mean in (1.0, 3.0, 10.0, 40.0) for spread in (1.0, 1.5, 3.0)),
        (10.0, 1.5, 0.5),
    ]:
        counts = town(mean, dispersion, series, rng, season=season)
        found[mean, dispersion, season] = {
            name: float(farrington(counts, rules=rules, weeks=tested).alarm.mean())
            for name, rules in RULES.items()
        }
    return found


def power(series: int, rng: Rng, *, size: float, hidden: bool = False) -> dict[str, float]:
    """Share of outbreaks found in their first week, `size` standard deviations large.

    `hidden`: as large ones of six weeks came four times in the years before.
    """
    mean, dispersion = 10.0, 1.5
    counts = town(mean, dispersion, series, rng)
    outbreak = size * math.sqrt(mean * dispersion)
    if hidden:
        for row in counts:
            for start in rng.integers(0, WEEKS - 40, 4):
                row[start : start + 6] += rng.poisson(outbreak, 6)
    counts[:, -1] += rng.poisson(outbreak, series)
    return {
        name: float(farrington(counts, rules=rules, weeks=1).alarm.mean())
        for name, rules in RULES.items()
    }


def test_false_alarms_stay_at_the_rate_that_was_asked_for() -> None:
    """One in a hundred; a little more only for rare events in bunches, see the page on trends."""
    for (mean, dispersion, _), shares in false_alarms(250, np.random.default_rng(1)).items():
        asked = 0.015 if mean * 3 <= dispersion else 0.0115
        noise = 3 * math.sqrt(asked / 2500)
        assert 0.002 < shares["predictive"] < asked + noise, (mean, dispersion)
        assert shares["predictive"] <= shares["as published"] < shares["original"]


def test_large_outbreaks_are_found_and_small_ones_often_not() -> None:
    rng = np.random.default_rng(2)
    small, large = (power(400, rng, size=size)["predictive"] for size in (2, 5))
    assert 0.1 < small < 0.4
    assert large > 0.8


def test_earlier_outbreaks_hide_a_new_one_less_when_they_count_for_less() -> None:
    counts = town(10, 1.5, 400, np.random.default_rng(3))
    counts[:, [60, 120, 180]] += 40
    counts[:, -1] += 16
    found = farrington(counts, weeks=1).alarm.mean()
    alike = farrington(counts, weeks=1, rules=replace(FLEXIBLE, outlier=math.inf)).alarm.mean()
    assert found > alike + 0.1


def test_charts_of_sums_give_an_alarm_as_rarely_as_they_say() -> None:
    counts = np.random.default_rng(4).poisson(5, (300, 1202))
    usual, mean = Usual(2, harmonics=0, trend=False), np.full(1200, 5.0)
    for chart, weeks in ((cusum, 440), (glr, 385)):
        alarm = chart(counts, usual, expected=mean).alarm
        first = np.where(alarm.any(axis=1), alarm.argmax(axis=1) + 1, 1200)
        # waiting times are nearly exponential; those beyond the end are cut off
        assert first.mean() == pytest.approx(weeks * (1 - math.exp(-1200 / weeks)), rel=0.2)


def test_a_shift_that_lasts_is_found_within_weeks_by_the_sums() -> None:
    rng = np.random.default_rng(5)
    counts = np.concatenate([rng.poisson(5, (200, 150)), rng.poisson(9, (200, 30))], axis=1)
    usual = Usual(150, harmonics=0, trend=False)
    for chart in (cusum, glr):
        alarm = chart(counts, usual).alarm
        assert alarm.any(axis=1).mean() > 0.99
        assert np.median(alarm.argmax(axis=1)) <= 5
