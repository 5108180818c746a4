import csv
import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import nbinom, poisson, t

from loftet.analysis.change import trend as yearly
from loftet.analysis.parallel import Here
from loftet.analysis.trend import (
    FLEXIBLE,
    NOUFAILY,
    ORIGINAL,
    Rules,
    Usual,
    bayes,
    cusum,
    ears,
    farrington,
    glr,
)
from tests.analysis.test_change import reference

WRONG: Any = "bayes"
TESTED = 31  # weeks 282 to 312
# As the reference was made: four years back, of 52 weeks each.
AS_IN_1996 = replace(ORIGINAL, years=4, year=52.0)
AS_IN_2013 = replace(NOUFAILY, years=4, year=52.0)


def agona() -> tuple[Any, dict[str, Any]]:
    """Weekly cases of Salmonella Agona in England and Wales 1990-1995, and what R says of them."""
    with reference("trend_salmonella_agona", "agona.csv").open() as file:
        counts = np.array([float(row["observed1"]) for row in csv.DictReader(file)])
    expected = json.loads(reference("trend_salmonella_agona", "expected.json").read_text())
    assert expected["range"] == [282, 282 + TESTED - 1] == [282, len(counts)]
    return counts, expected


def agrees(found: Any, expected: dict[str, Any], rel: float) -> None:
    assert found.upper[0] == pytest.approx(expected["upper"], rel=rel, abs=1e-9)
    assert found.alarm[0].tolist() == [bool(one) for one in expected["alarm"]]
    assert not (found.why != "").any()


# --- Reference ----------------------------------------------------------------------------------


def test_the_original_method_agrees_with_r_in_every_limit_and_alarm() -> None:
    counts, expected = agona()
    found = farrington(counts, rules=AS_IN_1996, weeks=TESTED)
    agrees(found, expected["farrington_original"], 1e-4)


@pytest.mark.parametrize(("threshold", "name"), [("plug-in", "nb"), ("muan", "muan")])
def test_the_flexible_method_agrees_with_r_in_every_limit_and_alarm(
    threshold: Any, name: str
) -> None:
    counts, expected = agona()
    found = farrington(counts, rules=replace(AS_IN_2013, threshold=threshold), weeks=TESTED)
    agrees(found, expected[f"farrington_flexible_{name}"], 0)


@pytest.mark.parametrize(
    ("method", "name"), [("C1", "earsC1"), ("C2", "earsC2"), ("C3 of surveillance", "earsC3")]
)
def test_ears_agrees_with_r(method: Any, name: str) -> None:
    counts, expected = agona()
    agrees(ears(counts, method=method, weeks=TESTED), expected[name], 1e-9)


def test_bayes_agrees_with_r() -> None:
    counts, expected = agona()
    agrees(bayes(counts, weeks=TESTED, year=52), expected["bayes1"], 0)


def test_cusum_agrees_with_r() -> None:
    counts, expected = agona()
    agrees(cusum(counts, Usual(281, trend=False, year=52)), expected["cusum_rossi"], 1e-8)


def test_glr_agrees_with_r() -> None:
    counts, expected = agona()
    found = glr(counts, Usual(281, year=52))
    assert found.statistic[0] == pytest.approx(expected["glrpois"]["stat"], abs=1e-8)
    assert found.alarm[0].tolist() == [bool(one) for one in expected["glrpois"]["alarm"]]


# --- Farrington, against the same written out -----------------------------------------------------


def fitted(y: Any, x: Any, offset: Any, weight: Any) -> tuple[Any, Any, float]:
    """Coefficients, inverse information and Pearson dispersion, by weighted least squares."""
    mean = y + 0.1
    for _ in range(60):
        logs = np.log(mean)
        target = logs - offset + (y - mean) / mean
        root = np.sqrt(weight * mean)
        beta = np.linalg.lstsq(x * root[:, None], target * root, rcond=None)[0]
        mean = np.exp(x @ beta + offset)
    inverse = np.linalg.inv((x * (weight * mean)[:, None]).T @ x)
    return beta, inverse, float(np.sum(weight * (y - mean) ** 2 / mean) / (len(y) - x.shape[1]))


def twice(y: Any, x: Any, offset: Any, outlier: float) -> tuple[Any, Any, float]:
    """A fit, and another with less weight for what lies far above the first."""
    ones = np.ones(len(y))
    beta, inverse, spread = fitted(y, x, offset, ones)
    mean = np.exp(x @ beta + offset)
    leverage = np.array([m * row @ inverse @ row for m, row in zip(mean, x, strict=True)])
    scale = mean ** (1 / 6) * np.sqrt(max(1.0, spread) * (1 - leverage))
    residual = 1.5 * (y ** (2 / 3) - mean ** (2 / 3)) / scale
    weight = np.array([r**-2 if r > outlier else 1.0 for r in residual])
    return fitted(y, x, offset, weight * len(y) / weight.sum())


def part_of_year(back: int, rules: Rules) -> int:
    """Part of the year of the week `back` weeks ago, counted from mark to mark."""
    marks = [round(rules.year * year) for year in range(rules.years + 1)]
    if min(abs(back - mark) for mark in marks) <= rules.window:
        return 0
    later = max(mark for mark in marks if mark < back)
    earlier = min(mark for mark in marks if mark > back)
    between = earlier - later - 2 * rules.window - 1
    return 1 + (earlier - rules.window - back - 1) * (rules.parts - 1) // between


def written_out(counts: Any, now: int, rules: Rules, log_exposure: Any) -> tuple[float, float]:
    """Expected count and limit of one week."""
    last = round(rules.year * rules.years) + rules.window
    back = [b for b in range(rules.skip + 1, last + 1) if not np.isnan(counts[now - b])]
    if rules.parts == 1:
        back = [b for b in range(1, last + 1) if part_of_year(b, rules) == 0 and b > rules.window]
    part = np.array([part_of_year(b, rules) for b in back])
    y, offset = counts[now - np.array(back)], log_exposure[now - np.array(back)]
    levels = 1.0 * (part[:, None] == np.unique(part))
    x = np.column_stack([levels, np.array(back) / -52.0])
    beta, inverse, spread = twice(y, x, offset, rules.outlier)
    steep = abs(beta[-1]) / np.sqrt(spread * inverse[-1, -1])
    sure = 2 * t.sf(steep, len(y) - x.shape[1]) <= rules.trend and rules.years > 2
    if not sure or beta[0] > np.log((y / np.exp(offset)).max()):
        beta, inverse, spread = twice(y, levels, offset, rules.outlier)
    spread = max(1.0, spread)
    mean = float(np.exp(beta[0] + log_exposure[now]))
    scale = spread + spread * inverse[0, 0] * mean
    if rules.threshold == "two-thirds":
        z = 1.959963984540054
        return mean, (mean ** (2 / 3) + z * (4 / 9 * mean ** (1 / 3) * scale) ** 0.5) ** 1.5
    return mean, float(nbinom.ppf(1 - rules.alpha, mean / (scale - 1), 1 / scale))


def weekly_counts(rng: np.random.Generator, series: int = 3, weeks: int = 330) -> Any:
    week = np.arange(weeks)
    rate = rng.uniform(1, 30, (series, 1)) * np.exp(
        0.5 * np.sin(2 * np.pi * week / 52) + rng.normal(0, 0.1, (series, 1)) * week / 52
    )
    return rng.negative_binomial(rate, 0.5).astype(float)


SEEDS = st.integers(0, 10_000)
SHORT = replace(FLEXIBLE, years=1)  # leaves no week of some parts of the year


@given(SEEDS, st.sampled_from([FLEXIBLE, ORIGINAL, replace(FLEXIBLE, parts=4, trend=0.05), SHORT]))
@settings(deadline=None, max_examples=15, derandomize=True)
def test_expected_counts_and_limits_are_those_of_the_formulas_written_out(
    seed: int, rules: Rules
) -> None:
    rng = np.random.default_rng(seed)
    counts, exposure = weekly_counts(rng), rng.uniform(0.5, 2, (3, 330))
    if rules.parts > 1:
        counts[:, rng.integers(0, 280, 20)] = np.nan
    found = farrington(counts, rules=rules, weeks=4, exposure=exposure)
    for row in range(3):
        for column, now in enumerate(found.weeks):
            mean, upper = written_out(counts[row], now, rules, np.log(exposure[row]))
            assert found.expected[row, column] == pytest.approx(mean, rel=1e-6)
            assert found.upper[row, column] == pytest.approx(upper, rel=1e-6)


def test_a_limit_is_passed_exactly_when_the_p_value_is_at_most_alpha() -> None:
    counts = weekly_counts(np.random.default_rng(4), series=200)
    for rules in (FLEXIBLE, NOUFAILY, replace(NOUFAILY, threshold="muan"), ORIGINAL):
        found = farrington(counts, rules=rules, weeks=20)
        passed = counts[:, -20:] > found.upper
        assert passed.any()
        assert (passed == (found.p_value <= rules.alpha + 1e-12)).all()


# --- Farrington, invariants -----------------------------------------------------------------------


def test_many_series_at_once_are_as_one_at_a_time_in_any_order_and_on_any_workers() -> None:
    rng = np.random.default_rng(5)
    counts, turn = weekly_counts(rng, series=40), rng.permutation(40)
    whole = farrington(counts, weeks=6)
    with ThreadPoolExecutor(3) as three:
        turned = farrington(counts[turn], weeks=6, executor=three)
    for name in ("expected", "upper", "alarm", "p_value", "why"):
        assert (getattr(turned, name) == getattr(whole, name)[turn]).all()
        single = [getattr(farrington(row, weeks=6, executor=Here()), name)[0] for row in counts]
        assert (np.array(single) == getattr(whole, name)).all()


def test_a_week_is_judged_by_what_came_before_it_alone() -> None:
    counts = weekly_counts(np.random.default_rng(6))
    later = counts.copy()
    later[:, 310:] += 100
    early, late = farrington(counts), farrington(later)
    assert (early.upper[:, :310] == late.upper[:, :310])[:, early.why[0, :310] == ""].all()
    assert (early.expected[:, 310:] == late.expected[:, 310:]).all()  # 26 weeks are left out


@given(SEEDS, st.floats(0.01, 1000))
@settings(deadline=None, max_examples=10, derandomize=True)
def test_the_unit_of_exposure_does_not_matter(seed: int, unit: float) -> None:
    rng = np.random.default_rng(seed)
    counts, exposure = weekly_counts(rng), rng.uniform(0.5, 2, 330)
    one = farrington(counts, weeks=3, exposure=exposure)
    other = farrington(counts, weeks=3, exposure=exposure * unit)
    assert other.expected == pytest.approx(one.expected, rel=1e-8)
    assert (other.upper == one.upper).all()


def test_twice_the_exposure_this_week_doubles_what_is_expected() -> None:
    counts, exposure = weekly_counts(np.random.default_rng(7)), np.ones(330)
    exposure[-1] = 2
    twofold = farrington(counts, weeks=1, exposure=exposure)
    plain = farrington(counts, weeks=1)
    assert twofold.expected == pytest.approx(2 * plain.expected, rel=1e-9)


def test_a_part_of_the_year_without_events_expects_none() -> None:
    counts = np.zeros((1, 330))
    counts[0, 10:30] = 3  # never in the season of the last week
    found = farrington(counts, weeks=1)
    assert (found.expected.item(), found.upper.item(), found.alarm.item()) == (0, 0, False)


def test_five_events_where_there_never_was_one_are_an_alarm_and_four_are_not() -> None:
    counts = np.zeros((2, 330))
    counts[:, -1] = 5, 4
    found = farrington(counts, weeks=1)
    assert found.alarm.ravel().tolist() == [True, False]
    assert found.why.ravel().tolist() == ["", "too few events of late"]
    assert (found.expected == 0).all()


def test_what_cannot_be_judged_says_why_and_the_others_are_not_touched() -> None:
    counts = weekly_counts(np.random.default_rng(8), series=4)
    whole = farrington(counts, weeks=70)
    counts[1, -1] = np.nan
    counts[2, 10:240] = np.nan
    found = farrington(counts, weeks=70)
    first = 70 - (330 - 261 - 3)  # column of the first week with five years and a window behind it
    assert (found.why[0, :first] == "too little history").all()
    assert found.why[0, first] == ""
    assert found.why[1, -1] == "the week is missing"
    assert (found.why[2, first:] == "too many weeks missing behind it").all()
    few = found.why == "too few events of late"
    assert np.isnan(found.upper[(found.why != "") & ~few]).all()
    assert not np.isnan(found.upper[few]).any()
    assert not found.alarm[found.why != ""].any()
    assert (found.upper[3] == whole.upper[3])[first:].all()


def test_a_yearly_change_is_followed_only_where_the_rules_say() -> None:
    counts = np.round(20 * 1.3 ** (np.arange(330) / 52))
    rising = yearly.fit(range(6), counts[:312].reshape(6, 52).sum(axis=1)).yearly.ratio
    assert rising == pytest.approx(1.3, rel=0.01)
    level = farrington(counts, weeks=1, rules=replace(FLEXIBLE, trend=0.0)).expected.item()
    sloped = farrington(counts, weeks=1).expected.item()
    assert level < 0.65 * counts[-1]
    assert sloped == pytest.approx(level)  # it would lead above every week seen
    fall = farrington(counts[::-1], weeks=1).expected.item()
    assert fall == pytest.approx(counts[0], rel=0.02)
    two_years = farrington(counts[::-1], weeks=1, rules=replace(FLEXIBLE, years=2)).expected.item()
    assert two_years > 1.2 * counts[0]


def test_months_are_weeks_of_another_length() -> None:
    monthly = replace(FLEXIBLE, year=12.0, window=1, parts=4, skip=2, least=(0, 1))
    counts = np.tile([5, 6, 7, 8, 9, 10, 11, 12, 11, 10, 9, 8], 7).astype(float)
    found = farrington(counts, weeks=12, rules=monthly)
    season = [np.roll(counts, shift)[-12:] for shift in (-1, 0, 1)]
    assert found.expected[0] == pytest.approx(np.mean(season, axis=0), rel=0.02)
    assert not found.alarm.any()


# --- Wrong input ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("counts", "message"),
    [
        ([[1, 2], [3, -1]], r"counts\[1, 1\] = -1 is below 0"),
        ([1.5, 2], r"counts\[0, 0\] = 1.5 is not whole"),
        ([np.inf, 2], r"counts\[0, 0\] = inf is not a number"),
        ([[1, 2], [3]], "counts must be rows of numbers"),
        ([[[1]]], "counts must have a row for each series"),
        ([], "counts must have a row for each series"),
        ("many", "counts must be rows of numbers"),
    ],
)
def test_counts_that_cannot_be_are_refused_by_place(counts: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        farrington(counts)


@pytest.mark.parametrize(
    ("knobs", "message"),
    [
        ({"years": 0}, "years and parts must be at least 1"),
        ({"window": -1}, "window must be 0 or more"),
        ({"trend": 2.0}, "trend must be a p-value"),
        ({"alpha": 0.0}, "alpha must lie between"),
        ({"threshold": WRONG}, "threshold must be one of"),
        ({"outlier": 0.0}, "outlier must be above 0"),
        ({"least": (5, 0)}, "least must be"),
        ({"year": 12.0}, "has no room for a window of 3"),
    ],
)
def test_rules_that_cannot_be_are_refused(knobs: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Rules(**knobs)


def test_exposures_and_weeks_must_fit_the_counts() -> None:
    counts = [[1, 2, 3]] * 2
    with pytest.raises(ValueError, match=r"exposure\[0, 1\] = 0 is not above 0"):
        farrington(counts, exposure=[1, 0, 1])
    with pytest.raises(ValueError, match="exposure has shape"):
        farrington(counts, exposure=[1, 1])
    with pytest.raises(ValueError, match="weeks must be from 1 to the 3"):
        farrington(counts, weeks=4)


def test_a_limit_without_overdispersion_is_that_of_poisson() -> None:
    counts = np.resize([9.0, 10, 11], 330)
    found = farrington(counts, weeks=1, rules=replace(NOUFAILY, trend=0.0))
    assert found.upper.item() == poisson.ppf(0.99, found.expected.item())
