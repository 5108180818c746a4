import math
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import nbinom

from loftet.analysis import forecast
from loftet.analysis.calendar import YEAR_IN_WEEKS
from loftet.analysis.forecast import levels, season, spread
from loftet.analysis.forecast.cautions import Caution

GAP: Any = math.nan
TEXT: Any = "many"


def town(
    rng: np.random.Generator,
    *,
    areas: int = 20,
    weeks: int = 156,
    mean: float = 5.0,
    season_size: float = 0.2,
    swing: float = 0.02,
    drift: float = 0.0,
) -> tuple[Any, Any]:
    """Counts, and the means they were drawn about (before the swing of single weeks)."""
    level = rng.gamma(2, mean / 2, size=(areas, 1)) if areas > 1 else np.full((1, 1), mean)
    year = np.exp(season_size * np.sin(2 * np.pi * np.arange(weeks) / YEAR_IN_WEEKS))
    expected = level * year * np.exp(np.cumsum(rng.normal(0, drift, (areas, weeks)), axis=1))
    return rng.poisson(expected * rng.gamma(1 / swing, swing, expected.shape)), expected


# --- What it finds where the truth is known -----------------------------------------------------


@pytest.mark.parametrize(
    ("how", "towns"),
    [
        ({"areas": 20, "weeks": 156, "drift": 0.03}, 12),
        ({"areas": 20, "weeks": 60, "mean": 20.0, "season_size": 0.0}, 12),
        ({"areas": 1, "weeks": 130, "mean": 20.0}, 40),
    ],
)
def test_limits_of_90_per_cent_hold_87_to_93_of_100_counts(how: Any, towns: int) -> None:
    rng = np.random.default_rng(21)
    within: list[bool] = []
    for _ in range(towns):
        counts, _means = town(rng, **how | {"weeks": how["weeks"] + 4})
        told = forecast.predict(counts[:, :-4], horizon=4)
        came = counts[:, -4:]
        judged = told.mean >= spread.TELLING
        within += ((came >= told.low) & (came <= told.high))[judged].tolist()
    assert 0.87 < np.mean(within) < 0.93


def test_the_level_and_the_season_of_each_area_are_found() -> None:
    rng = np.random.default_rng(22)
    counts, expected = town(rng, areas=40, weeks=212, mean=10.0, season_size=0.3)
    told = forecast.predict(counts[:, :-4])
    assert told.mean.sum() == pytest.approx(expected[:, -4:].sum(), rel=0.05)
    apart = told.mean / expected[:, -4:] - 1
    assert float(np.sqrt((apart**2).mean())) < 0.12  # one mean of 52 weeks of 10 alone has 0.044
    year = season.index(told.settings.season, 53)
    truth = np.exp(0.3 * np.sin(2 * np.pi * np.arange(53) / YEAR_IN_WEEKS))
    assert year == pytest.approx(truth / np.exp(0.0225), rel=0.06)


def test_a_summer_that_comes_back_is_believed_and_one_that_does_not_is_not() -> None:
    rng = np.random.default_rng(23)
    plain = rng.poisson(30, size=(12, 156)).astype(float)
    once, each_year = plain.copy(), plain.copy()
    once[:, 60:75] += 30
    for summer in (8, 60, 112):
        each_year[:, summer : summer + 15] += 10
    found = [[len(season.find(row).coefficients) > 0 for row in rows] for rows in (once, each_year)]
    assert sum(found[0]) <= 2
    assert all(found[1])


def test_areas_that_differ_by_chance_only_are_drawn_together() -> None:
    rng = np.random.default_rng(24)
    alike = forecast.predict(rng.poisson(0.5, size=(100, 60)), horizon=1)
    unlike = forecast.predict(rng.poisson(rng.gamma(1, 0.5, (100, 1)), size=(100, 60)), horizon=1)
    assert alike.settings.pooling[0] > 0.6
    assert unlike.settings.pooling[0] < 0.2
    own = rng.poisson(0.5, size=(100, 60)).mean(axis=1)
    assert alike.mean.std() < own.std() / 2


def test_with_one_memory_the_mean_is_that_of_the_poisson_gamma_model() -> None:
    rng = np.random.default_rng(25)
    counts = rng.poisson(rng.gamma(1, 2, size=(8, 1)), size=(8, 40)).T.astype(float)
    own = levels.faded(counts, 52.0, range(40, 41))[0]
    k = 3.0
    weights = np.array([k, 0, 0, own.mean(), 0]) / (k + own.mean())
    found = levels.shares(counts, weights, range(40, 41))
    assert found.factor[0] == pytest.approx((k + own) / (k + own.mean()))
    assert found.unknown[0] == pytest.approx(1 / (k + own))


def test_a_level_that_moves_is_followed_and_one_that_stands_is_not() -> None:
    rng = np.random.default_rng(26)
    moving, _ = town(rng, areas=1, weeks=300, mean=100.0, season_size=0.0, drift=0.15)
    still, _ = town(rng, areas=1, weeks=300, mean=100.0, season_size=0.0)
    quick, slow = (forecast.fit(counts).half_lives[:3].sum() for counts in (moving, still))
    assert quick > 0.9
    assert slow < 0.1


def test_fading_is_a_weighted_sum_over_the_past() -> None:
    counts = np.random.default_rng(27).poisson(3, size=(30, 4)).astype(float)
    found = levels.faded(counts, 5.0, range(10, 31))
    for place, week in enumerate(range(10, 31)):
        weights = 0.5 ** ((week - 1 - np.arange(week)) / 5)
        assert found[place] == pytest.approx(weights @ counts[:week])


# --- The law of the counts ----------------------------------------------------------------------

LAWS = st.tuples(st.floats(1e-3, 300), st.floats(1e-5, 5))


@given(st.lists(LAWS, min_size=1, max_size=20), st.floats(0.55, 0.99))
@settings(deadline=None, max_examples=60)
def test_limits_are_the_mid_p_limits_of_the_negative_binomial(
    laws: list[tuple[float, float]], confidence: float
) -> None:
    mean, variance = np.array(laws).T
    low, high = spread.limits(mean, variance, confidence)
    tail = (1 - confidence) / 2
    for m, v, first, last in zip(mean, variance, low, high, strict=True):
        count = np.arange(int(last) + 3)
        law = nbinom(1 / v, 1 / (1 + m * v))
        middle = law.cdf(count) - law.pmf(count) / 2
        inside = count[(middle >= tail) & (middle <= 1 - tail)]
        assert (first, last) == (inside[0], inside[-1])


def test_the_likelihood_is_that_of_the_negative_binomial() -> None:
    rng = np.random.default_rng(28)
    mean, variance = rng.gamma(1, 1, (6, 9)), rng.gamma(1, 0.5, (6, 9)) + 0.01
    seen = rng.poisson(mean).astype(float)
    expected = nbinom.logpmf(seen, 1 / variance, 1 / (1 + mean * variance)).sum()
    assert spread.log_likelihood(seen, mean, variance) == pytest.approx(expected)


def test_the_swing_of_the_weeks_is_found() -> None:
    rng = np.random.default_rng(29)
    mean = np.full((100, 50), 20.0)
    seen = rng.poisson(mean * rng.gamma(10, 0.1, mean.shape)).astype(float)
    assert spread.swing(seen, mean, np.full(mean.shape, 1e-9)) == pytest.approx(0.1, rel=0.1)


# --- What must not change it --------------------------------------------------------------------

TOWNS = st.integers(0, 10_000).map(np.random.default_rng)


@given(TOWNS, st.integers(1, 70))
@settings(deadline=None, max_examples=15)
def test_the_order_of_the_areas_does_not_matter(rng: np.random.Generator, weeks: int) -> None:
    counts, _ = town(rng, areas=7, weeks=weeks)
    turn = rng.permutation(7)
    plain, turned = forecast.predict(counts), forecast.predict(counts[turn])
    assert turned.mean == pytest.approx(plain.mean[turn], rel=1e-9)
    assert turned.low.tolist() == plain.low[turn].tolist()
    assert turned.high.tolist() == plain.high[turn].tolist()


@given(TOWNS)
@settings(deadline=None, max_examples=15)
def test_areas_add_up_to_the_forecast_for_all_of_them(rng: np.random.Generator) -> None:
    counts, _ = town(rng, areas=6, weeks=110)
    whole = forecast.predict(counts.sum(axis=0, keepdims=True))
    assert forecast.predict(counts).mean.sum(axis=0) == pytest.approx(whole.mean[0])
    wider = forecast.predict(np.vstack([counts, np.zeros((3, 110))]))
    assert wider.mean.sum(axis=0) == pytest.approx(whole.mean[0])


@given(TOWNS)
@settings(deadline=None, max_examples=15)
def test_twice_as_many_events_everywhere_give_twice_the_forecast(rng: np.random.Generator) -> None:
    counts, _ = town(rng, areas=6, weeks=60, mean=40.0)
    settings_ = forecast.fit(counts)
    once, twice = (forecast.predict(n * counts, settings=settings_).mean for n in (1, 2))
    assert twice == pytest.approx(2 * once, rel=1e-3)


def test_more_quiet_weeks_bring_the_forecast_down_but_never_to_nothing() -> None:
    counts, _ = town(np.random.default_rng(30), areas=5, weeks=60)
    told = [
        forecast.predict(np.hstack([counts, np.zeros((5, quiet))]), horizon=1).mean.sum()
        for quiet in (0, 4, 20, 100)
    ]
    assert all(later < earlier for earlier, later in pairwise(told))
    assert told[-1] > 0


def test_settings_learned_once_give_the_same_forecast_again() -> None:
    counts, _ = town(np.random.default_rng(31), areas=4, weeks=120)
    learned = forecast.fit(counts, horizon=3)
    again = forecast.predict(counts, horizon=2, settings=learned)
    plain = forecast.predict(counts, horizon=2)
    assert again.mean.tolist() == plain.mean.tolist()
    assert again.high.tolist() == plain.high.tolist()


def test_farther_weeks_and_more_confidence_do_not_narrow_the_limits() -> None:
    counts, _ = town(np.random.default_rng(32), areas=10, weeks=156, mean=30.0, drift=0.08)
    swing = forecast.fit(counts, horizon=8).swing
    assert swing[7] > swing[0]
    widths = [np.ptp([told.low, told.high], axis=0) for told in map(_with, (0.6, 0.9, 0.99))]
    assert (widths[0] <= widths[1]).all()
    assert (widths[1] < widths[2]).all()


def _with(confidence: float) -> forecast.Forecast:
    counts, _ = town(np.random.default_rng(33), areas=5, weeks=110)
    return forecast.predict(counts, confidence=confidence)


# --- Little or nothing to go by -----------------------------------------------------------------


def test_every_forecast_says_what_it_is_not_for() -> None:
    told = forecast.predict([[1, 2, 0, 3]])
    assert told.not_for == forecast.NOT_FOR
    for word in ("not about persons", "where people report", "where the police look"):
        assert word in told.not_for


def test_a_short_past_is_told_and_makes_limits_wider() -> None:
    counts, _ = town(np.random.default_rng(34), areas=5, weeks=120, mean=20.0, season_size=0.0)
    short, long = forecast.predict(counts[:, -10:]), forecast.predict(counts)
    assert set(short.cautions) == {Caution.SHORT, Caution.NO_SEASON}
    assert long.cautions == ()
    assert ((short.high - short.low) / short.mean > (long.high - long.low) / long.mean).all()


@pytest.mark.parametrize("weeks", [1, 2, 15, 19, 20, 21, 51, 103, 104, 105])
@pytest.mark.parametrize("areas", [1, 2, 5])
def test_any_length_of_past_gives_a_forecast(areas: int, weeks: int) -> None:
    counts, _ = town(np.random.default_rng(35), areas=areas, weeks=weeks)
    told = forecast.predict(counts)
    assert told.mean.shape == (areas, 4)
    assert np.isfinite(told.mean).all()
    assert (told.mean > 0).all()
    assert (told.low <= told.high).all()


def test_nothing_anywhere_is_told_and_not_taken_for_never() -> None:
    told = forecast.predict(np.zeros((3, 120)))
    assert Caution.NO_EVENTS in told.cautions
    assert (told.mean > 0).all()
    assert told.mean.sum() < 0.1
    assert told.high.tolist() == np.zeros((3, 4)).tolist()


def test_all_events_in_one_area_or_one_week_break_nothing() -> None:
    here = np.zeros((4, 130))
    here[2] = 5
    once = np.zeros((4, 130))
    once[:, 40] = 50
    assert np.argmax(forecast.predict(here).mean[:, 0]) == 2
    assert len(forecast.fit(once).season) == 0
    assert np.isfinite(forecast.predict(once).mean).all()


def test_an_area_where_nothing_happened_yet_is_expected_a_little() -> None:
    counts, _ = town(np.random.default_rng(36), areas=6, weeks=80)
    counts[3] = 0
    told = forecast.predict(counts, horizon=1).mean[:, 0]
    assert 0 < told[3] < told[[0, 1, 2, 4, 5]].min()


def test_sparse_areas_are_told_that_their_limits_are_coarse() -> None:
    counts = np.random.default_rng(37).poisson(0.2, size=(50, 120))
    assert Caution.FEW in forecast.predict(counts).cautions


# --- Wrong input --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("counts", "how", "said"),
    [
        ([[1, 2], [3, GAP]], {}, r"counts\[1, 1\] = nan"),
        ([[1, -2], [3, 4]], {}, r"counts\[0, 1\] = -2"),
        ([[1, 2.5]], {}, r"counts\[0, 1\] = 2.5"),
        ([1, 2, 3], {}, "a row for each area"),
        (np.zeros((0, 5)), {}, "a row for each area"),
        ([[TEXT]], {}, "numbers only"),
        ([[1, 2]], {"horizon": 0}, "horizon must be 1 to 13"),
        ([[1, 2]], {"horizon": 14}, "horizon must be 1 to 13"),
        ([[1, 2]], {"confidence": 0.4}, "confidence must lie between 0.5"),
        ([[1, 2]], {"settings": forecast.fit([[1, 2]], horizon=1)}, "horizon is 4 weeks"),
        ([[2]], {"settings": forecast.fit([[1, 2]])}, "begin with the same week"),
    ],
)
def test_wrong_input_is_refused_by_name_and_place(counts: Any, how: Any, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        forecast.predict(counts, **how)
