import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize
from scipy.stats import gamma, nbinom, norm

from loftet.analysis.trend import Usual, bayes, cusum, ears, farrington, glr, rolling

SEEDS = st.integers(0, 10_000).map(np.random.default_rng)
METHODS: tuple[Any, ...] = ("C1", "C2", "C3")
STEADY = Usual(52, harmonics=0, trend=False)

# --- The last weeks: EARS and Bayes ---------------------------------------------------------------


def test_c3_adds_what_the_two_weeks_before_had_too_much() -> None:
    """Fricker, Hegler and Dunfee (2008), formulas 4-6, written out week by week."""
    counts = np.random.default_rng(1).poisson(6, 60).astype(float)
    counts[40:43] += 4, 6, 8
    c2 = {
        now: (counts[now] - counts[now - 9 : now - 2].mean())
        / counts[now - 9 : now - 2].std(ddof=1)
        for now in range(9, 60)
    }
    found = ears(counts, method="C3", least_deviation=0.0)
    for now in range(11, 60):
        c3 = sum(max(0.0, c2[week] - 1) for week in (now - 2, now - 1, now))
        assert found.alarm[0, now] == (c3 > norm.ppf(0.999))
        assert found.p_value[0, now] == pytest.approx(norm.sf(c3))
    assert found.alarm[0, 41:44].any()
    assert (found.why[0, :11] == "too little history").all()


def test_one_event_after_quiet_weeks_is_no_alarm_unless_asked_for() -> None:
    counts = [0] * 20 + [1]
    assert not ears(counts, weeks=1).alarm.any()
    assert ears(counts, weeks=1, least_deviation=0.0).alarm.all()
    assert not ears([0] * 21, weeks=1, least_deviation=0.0).alarm.any()


@pytest.mark.parametrize("weeks", [1, 2, 7])
def test_a_series_of_few_weeks_has_too_little_history_for_all_methods(weeks: int) -> None:
    counts = [3] * weeks
    for method in METHODS:
        assert (ears(counts, method=method).why == "too little history").all()
    assert (bayes(counts).why == "too little history").all()
    assert (farrington(counts).why == "too little history").all()
    assert (rolling(counts).why == "too little history").all()


def test_a_missing_week_spoils_the_baselines_it_lies_in_and_no_other() -> None:
    counts = np.random.default_rng(2).poisson(6, 40).astype(float)
    whole = ears(counts)
    counts[20] = np.nan
    found = ears(counts)
    assert found.why[0, 20] == "the week is missing"
    assert (found.why[0, 21:28] == "too many weeks missing behind it").all()
    assert (found.upper[0, 28:] == whole.upper[0, 28:]).all()


def test_the_limit_of_bayes_is_the_quantile_over_all_rates_that_the_weeks_leave() -> None:
    counts = np.random.default_rng(3).poisson(4, 120).astype(float)
    found = bayes(counts, weeks=1, year=52)
    behind = [1, 2, *range(50, 55), *range(102, 107)]
    total = sum(counts[-1 - week] for week in behind)
    rates = gamma.ppf((np.arange(20_000) + 0.5) / 20_000, total + 0.5, scale=1 / len(behind))
    chance = np.random.default_rng(4).poisson(rates)
    assert found.upper.item() == nbinom.ppf(0.95, total + 0.5, 12 / 13)
    assert np.mean(chance > found.upper.item()) <= 0.05 + 0.005
    assert np.mean(chance > found.upper.item() - 1) > 0.05 - 0.005


def test_settings_that_leave_nothing_to_compare_with_are_refused() -> None:
    with pytest.raises(ValueError, match="years and recent are both 0"):
        bayes([1, 2, 3], years=0, recent=0)
    with pytest.raises(ValueError, match="window 60 reaches the week itself"):
        bayes([1, 2, 3], window=60)
    with pytest.raises(ValueError, match="baseline must be 3 weeks or more"):
        ears([1, 2, 3], baseline=2)


# --- Sums -----------------------------------------------------------------------------------------


@given(SEEDS)
@settings(deadline=None, max_examples=20)
def test_the_sum_stands_at_its_decision_exactly_at_the_count_told(rng: np.random.Generator) -> None:
    counts = rng.poisson(5, 60).astype(float)
    mean = rng.uniform(3, 7, 8)
    found = cusum(counts, STEADY, expected=mean)
    expected, before = mean[-1], found.statistic[0, -2]
    at_limit = found.upper[0, -1]
    gain = (at_limit - 3 * expected + 2 * math.sqrt(at_limit * expected)) / 2 / math.sqrt(expected)
    if at_limit > 0:
        assert before + gain - 1.04 == pytest.approx(2.26)
    assert found.alarm[0, -1] == (counts[-1] >= at_limit)


@given(SEEDS)
@settings(deadline=None, max_examples=20)
def test_the_likelihood_ratio_is_the_best_over_all_starts_and_factors(
    rng: np.random.Generator,
) -> None:
    counts, mean = rng.poisson(7, 60).astype(float), rng.uniform(3, 9, 8)
    found = glr(counts, STEADY, expected=mean, decision=1e9)
    later = counts[52:]

    def against(since: int) -> float:
        def loss(x: Any) -> float:
            y, m = later[since:], mean[since:]
            return -float(np.sum(x[0] * y - np.expm1(x[0]) * m))

        return -float(minimize(loss, [0.1], bounds=[(0, 20)]).fun)

    assert found.statistic[0, -1] == pytest.approx(max(map(against, range(8))), abs=1e-6)


def test_a_chart_begins_anew_after_an_alarm() -> None:
    counts = np.array([5] * 52 + [30, 5, 5, 5], dtype=float)
    found = glr(counts, STEADY)
    assert found.alarm.tolist() == [[True, False, False, False]]
    assert found.statistic[0, 1:] == pytest.approx(0, abs=1e-9)


def test_a_series_without_events_has_no_usual_level_and_says_so() -> None:
    counts = np.array([[0] * 52 + [4, 4], [3] * 52 + [4, 4]])
    for chart in (cusum, glr):
        found = chart(counts, STEADY)
        assert (found.why[0] == "no usual level can be told from the weeks of training").all()
        assert np.isnan(found.statistic[0]).all()
        assert not found.alarm[0].any()
        assert (found.why[1] == "").all()
        assert found.expected[1] == pytest.approx([3, 3])


def test_training_must_hold_a_year_and_leave_weeks_to_watch() -> None:
    with pytest.raises(ValueError, match="training must be at least 52 weeks"):
        Usual(30)
    with pytest.raises(ValueError, match="none is left to watch"):
        cusum([3] * 52, STEADY)
    with pytest.raises(ValueError, match="expected must be above 0"):
        glr([3] * 54, STEADY, expected=[1, 0])
    with pytest.raises(ValueError, match="expected has shape"):
        cusum([3] * 54, STEADY, expected=[1, 1, 1])
    with pytest.raises(ValueError, match=r"counts\[0, 3\] = nan is missing"):
        glr([3, 3, 3, math.nan] * 20, STEADY)
