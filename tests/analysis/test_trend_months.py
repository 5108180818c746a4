import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from loftet.analysis.change import rate_ratio
from loftet.analysis.trend import more_reports, per_reporter_day, rolling, seasons, xmr

SEEDS = st.integers(0, 10_000).map(np.random.default_rng)

# --- XmR ------------------------------------------------------------------------------------------


def test_nist_flow_rates_have_the_limits_of_the_handbook() -> None:
    """NIST/SEMATECH e-Handbook 6.3.2.2: 45.8159, 50.81 and 55.8041 for ten batches."""
    chart = xmr([49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1])
    assert [chart.lower.item(), chart.centre.item(), chart.upper.item()] == pytest.approx(
        [45.8159, 50.81, 55.8041], abs=1e-4
    )
    assert np.nanmean(chart.moving_range) == pytest.approx(1.8778, abs=1e-4)
    assert not (chart.signal | chart.jump).any()


@given(SEEDS)
def test_signals_are_those_of_the_three_rules_written_out(rng: np.random.Generator) -> None:
    values = rng.normal(size=40) + (np.arange(40) > 25)
    chart = xmr(values, baseline=20)
    away = values - chart.centre.item()
    limit = chart.upper.item() - chart.centre.item()
    near, run = np.zeros(40, bool), np.zeros(40, bool)
    for side in (away, -away):
        for first in range(37):
            window = np.arange(first, first + 4)
            if (side[window] > limit / 2).sum() >= 3:
                near[window[side[window] > limit / 2]] = True
        for first in range(33):
            if (side[first : first + 8] > 0).all():
                run[first : first + 8] = True
    assert (chart.near[0] == near).all()
    assert (chart.run[0] == run).all()
    assert (chart.outside[0] == (abs(away) > limit)).all()
    assert (chart.signal == (chart.near | chart.run | chart.outside)).all()


def test_a_shift_is_seen_as_a_run_and_steady_noise_mostly_not() -> None:
    rng = np.random.default_rng(7)
    steady = rng.normal(size=(2000, 24))
    assert 0.08 < xmr(steady).signal.any(axis=1).mean() < 0.14  # three rules, 24 points
    shifted = steady + 1.5 * (np.arange(24) >= 12)
    assert xmr(shifted, baseline=12).signal.any(axis=1).mean() > 0.9


def test_a_count_has_no_limit_below_zero_and_few_points_no_chart() -> None:
    assert xmr([0, 2, 1, 0, 3, 1], least=0.0).lower.item() == 0
    with pytest.raises(ValueError, match="baseline must be 6 points or more"):
        xmr([1, 2, 3])
    with pytest.raises(ValueError, match=r"values\[0, 2\] is missing"):
        xmr([1, 2, math.nan, 3, 4, 5, 6])


# --- Twelve months --------------------------------------------------------------------------------


def test_a_year_is_compared_with_the_year_before_exactly() -> None:
    counts = np.random.default_rng(8).poisson(12, (3, 40))
    exposure = np.random.default_rng(9).uniform(10, 30, 40)
    found = rolling(counts, months=17, exposure=exposure)
    assert found.months.tolist() == list(range(23, 40))
    for row in range(3):
        for column, month in enumerate(found.months):
            after, before = slice(month - 11, month + 1), slice(month - 23, month - 11)
            change = rate_ratio(
                int(counts[row, after].sum()),
                int(counts[row, before].sum()),
                exposure=(exposure[after].sum(), exposure[before].sum()),
            )
            cell = row, column
            told = [found.ratio[cell], found.low[cell], found.high[cell], found.p_value[cell]]
            assert told == pytest.approx([change.ratio, *change.interval, change.p_value])


def test_months_that_come_in_bunches_are_told_by_their_dispersion() -> None:
    rng = np.random.default_rng(10)
    assert np.mean(rolling(rng.poisson(10, (300, 24))).dispersion) == pytest.approx(1, abs=0.1)
    bunched = rolling(rng.negative_binomial(5, 1 / 3, (300, 24)))
    assert np.mean(bunched.dispersion) > 2
    assert np.mean(bunched.p_value < 0.05) > 0.15


def test_years_that_cannot_be_compared_say_why() -> None:
    counts = np.ones((3, 24))
    counts[1, 5] = np.nan
    counts[2] = 0
    found = rolling(counts, months=2)
    assert found.why[0].tolist() == ["too little history", ""]
    assert found.why[1:, 1].tolist() == [
        "a month is missing",
        "no events in either year",
    ]
    assert np.isnan(found.ratio[1:]).all()
    assert found.total[2].tolist() == [0, 0]


# --- Season ---------------------------------------------------------------------------------------

MONTHS = np.tile(np.arange(1, 13), 5)


def noisy(index: Any, dispersion: float, series: int, rng: Any, *, mean: float = 6.0) -> Any:
    means = mean * np.tile(index, 5) * np.exp(0.01 * np.arange(60))
    return rng.negative_binomial(means / (dispersion - 1) * np.ones((series, 60)), 1 / dispersion)


def test_a_season_is_found_where_none_is_in_at_most_one_of_twenty() -> None:
    rng = np.random.default_rng(11)
    for mean in (1.0, 6.0, 40.0):
        for dispersion in (1.001, 2.0):
            found = seasons(noisy(np.ones(12), dispersion, 1500, rng, mean=mean), MONTHS)
            assert 0.005 < np.mean(found.p_value < 0.05) < 0.05 + 3 * math.sqrt(0.05 * 0.95 / 1500)


def test_the_index_of_each_month_lies_within_its_interval_as_often_as_told() -> None:
    true = 1 + 0.6 * np.sin(2 * np.pi * np.arange(12) / 12)
    found = seasons(noisy(true, 2.0, 1500, np.random.default_rng(12)), MONTHS)
    covered = (found.low <= true) & (true <= found.high)
    assert covered.mean() == pytest.approx(0.95, abs=0.01)
    assert np.mean(found.p_value < 0.05) > 0.9
    assert found.index.mean(axis=1) == pytest.approx(1)


def test_a_quarter_without_events_has_index_zero_and_still_an_upper_limit() -> None:
    found = seasons([0, 4, 5, 3] * 4, [1, 2, 3, 4] * 4)
    assert (found.index[0, 0], found.low[0, 0]) == (0, 0)
    assert 0.1 < found.high[0, 0] < 0.6
    assert found.high[0, 0] < found.low[0, 1]


def test_longer_months_are_expected_to_have_more() -> None:
    counts = np.tile([31, 28, 31, 30] * 3, 5)
    found = seasons(counts, MONTHS, exposure=counts)
    assert found.index[0] == pytest.approx(np.ones(12))
    assert found.p_value.item() == pytest.approx(1)


def test_series_are_judged_each_for_itself_and_missing_months_left_out() -> None:
    counts = noisy(np.ones(12), 2.0, 3, np.random.default_rng(13)).astype(float)
    alone = seasons(counts[0], MONTHS)
    counts[1] = 0
    counts[2, MONTHS == 7] = np.nan
    found = seasons(counts, MONTHS)
    assert (found.index[0] == alone.index[0]).all()
    assert found.why.tolist() == ["", "no events", "too few periods are known"]
    assert np.isnan(found.index[1:]).all()
    counts[0, -12:] = np.nan  # as if the last year had not come yet
    four = seasons(counts[0, :48], MONTHS[:48])
    assert seasons(counts[0], MONTHS).index == pytest.approx(four.index)


def test_parts_of_the_year_must_come_twice_and_fit() -> None:
    with pytest.raises(ValueError, match="each of them twice"):
        seasons([1, 2, 3], [1, 1, 2])
    with pytest.raises(ValueError, match="part must be 3 whole numbers"):
        seasons([1, 2, 3], [1, 2])


# --- More reports or more reporters ---------------------------------------------------------------


def reporters(rng: Any, m: int, joined: int, ratio: float) -> tuple[Any, Any]:
    """Reporters who differ, some of whom join; what they see changes by a ratio."""
    days_before = np.append(rng.poisson(15, m), np.zeros(joined, int))
    days_after = rng.poisson(15, m + joined)
    rate = 0.3 * rng.gamma(2, 0.5, m + joined)
    before = rng.poisson(rate * days_before), days_before
    return before, (rng.poisson(ratio * rate * days_after), days_after)


def test_the_change_of_reports_is_that_of_days_times_that_per_day() -> None:
    before, after = reporters(np.random.default_rng(14), 20, 5, 1.2)
    change = more_reports(before, after)
    assert change.reports.ratio == pytest.approx(change.reporter_days.ratio * change.per_day.ratio)
    assert change.reports.ratio == pytest.approx(after[0].sum() / before[0].sum())
    assert change.reporters == (20, 25)
    back = more_reports(after, before)
    assert back.per_day.ratio == pytest.approx(1 / change.per_day.ratio)
    assert back.per_day.interval[0] == pytest.approx(1 / change.per_day.interval[1])


@pytest.mark.parametrize(
    ("joined", "ratio", "verdict"),
    [
        (60, 1.0, "more reporting"),
        (0, 2.0, "more events"),
        (0, 0.5, "fewer events"),
        (60, 2.0, "more reporting and more events"),
        (60, 0.4, "more reporting of fewer events"),
    ],
)
def test_the_verdict_tells_reporting_and_events_apart(
    joined: int, ratio: float, verdict: str
) -> None:
    found = [
        more_reports(*reporters(np.random.default_rng(seed), 60, joined, ratio))
        for seed in range(20)
    ]
    assert sum(one.verdict == verdict for one in found) >= 14
    assert all(one.warning == (one.verdict == "more reporting") for one in found)
    for one in (more_reports(*reversed(reporters(np.random.default_rng(0), 60, 60, 1.0))),):
        assert one.verdict == "less reporting"
        assert one.warning


@pytest.mark.parametrize(("m", "joined"), [(8, 0), (12, 12), (40, 10)])
def test_the_interval_per_reporter_day_covers_as_often_as_it_says(m: int, joined: int) -> None:
    rng = np.random.default_rng(15)
    found = [more_reports(*reporters(rng, m, joined, 1.3)).per_day for _ in range(600)]
    covered = np.mean([one.interval[0] <= 1.3 <= one.interval[1] for one in found])
    assert covered == pytest.approx(0.95, abs=0.03)
    totals = [reporters(rng, m, joined, 1.3) for _ in range(300)]
    naive = [
        per_reporter_day(int(a[0].sum()), int(b[0].sum()), days=(a[1].sum(), b[1].sum()))
        for b, a in totals
    ]
    if joined:  # totals cannot know that those who join are not like the others
        assert (
            np.mean([one.interval[0] <= 1.3 <= one.interval[1] for one in naive]) < covered - 0.03
        )


@pytest.mark.parametrize(
    ("before", "after", "why"),
    [
        (([1, 2], [5, 5]), ([1, 2], [5, 5]), "fewer than 5 reporters"),
        (([0] * 6, [5] * 6), ([1] * 6, [5] * 6), "no reports in one of the periods"),
        (([0] * 6, [0] * 6), ([1] * 6, [5] * 6), "no days in one of the periods"),
        (([3, 0, 0, 0, 0], [5] * 5), ([1] * 5, [5] * 5), "one reporter has all reports"),
    ],
)
def test_what_cannot_be_told_says_why(before: Any, after: Any, why: str) -> None:
    change = more_reports(before, after)
    assert change.verdict == "cannot be told"
    assert not change.warning
    assert change.why.startswith(why)
    assert math.isnan(change.per_day.ratio)


def test_reports_without_a_day_are_refused_by_place() -> None:
    with pytest.raises(ValueError, match=r"after\[1\]\[1\] is 0 days, but there are reports"):
        more_reports(([1, 1], [1, 1]), ([1, 1], [1, 0]))
    with pytest.raises(ValueError, match=r"after\[0\] has 1 values, the others 2"):
        more_reports(([1, 1], [1, 1]), ([1], [1, 1]))


def test_reports_and_days_that_grow_alike_leave_no_error_and_no_change() -> None:
    reports, days = np.array([2, 4, 6, 8, 10]), np.array([1, 2, 3, 4, 5])
    change = more_reports((reports, days), (2 * reports, 2 * days))
    assert change.per_day.ratio == pytest.approx(1)
    assert change.verdict == "more reporting"
