import csv
import json
import math
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from loftet.analysis.change import detectable_change, rate_ratio, share_change

SHARED = Path(__file__).resolve().parents[3] / "shared" / "reference"
COUNTS = st.integers(0, 2000)
EXPOSURES = st.floats(0.01, 100)


def reference(*parts: str) -> Path:
    path = SHARED.joinpath(*parts)
    if not path.exists():
        pytest.skip(f"the reference results of other programs are not on this machine: {path}")
    return path


# --- Two counts ---------------------------------------------------------------------------------


def test_sixty_ratios_agree_with_r_in_every_digit_that_r_prints() -> None:
    with reference("exact_poisson", "exact_poisson.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 60
    for row in rows:
        exposure = float(row["ta"]), float(row["tb"])
        change = rate_ratio(int(row["a"]), int(row["b"]), exposure=exposure)
        got = [change.ratio, *change.interval, change.p_value]
        assert got == pytest.approx([float(row[k]) for k in ("ratio", "lo", "hi", "p")], rel=1e-9)


def test_violence_in_trollhattan_fell_from_185_to_162_within_chance() -> None:
    change = rate_ratio(162, 185)
    assert change.ratio == pytest.approx(0.8756757, abs=1e-7)
    assert change.interval == pytest.approx((0.7047529, 1.087173), abs=1e-6)
    assert change.p_value == pytest.approx(0.2375499, abs=1e-7)
    assert not change.beyond_chance


def test_a_fall_from_300_to_200_is_beyond_chance() -> None:
    assert rate_ratio(200, 300).beyond_chance
    assert rate_ratio(300, 200).beyond_chance


def test_lung_cancer_in_four_danish_towns_agrees_with_the_manual_of_r() -> None:
    # example(poisson.test): Fredericia 11 cases of 800, three other towns 21 of 3011 (eba1977)
    change = rate_ratio(11, 6 + 8 + 7, exposure=(800, 1083 + 1050 + 878))
    assert change.ratio == pytest.approx(1.971488, abs=1e-6)
    assert change.interval == pytest.approx((0.8584264, 4.2772659), abs=1e-6)
    assert change.p_value == pytest.approx(0.07967, abs=5e-6)


@pytest.mark.parametrize(
    ("after", "before", "ratio", "low", "high"),
    [(5, 0, math.inf, 0.91636, math.inf), (0, 5, 0.0, 0.0, 1.09128)],
)
def test_one_empty_period_leaves_one_side_open(
    after: int, before: int, ratio: float, low: float, high: float
) -> None:
    change = rate_ratio(after, before)
    assert change.ratio == ratio
    assert change.interval == pytest.approx((low, high), abs=1e-5)
    assert change.p_value == pytest.approx(2 / 2**5)  # all five on one side, either side


def test_two_empty_periods_say_nothing() -> None:
    change = rate_ratio(0, 0)
    assert math.isnan(change.ratio)
    assert change.interval == (0, math.inf)
    assert change.p_value == 1
    assert not change.beyond_chance


@given(COUNTS, COUNTS, EXPOSURES, EXPOSURES)
def test_swapping_the_periods_inverts_the_ratio(a: int, b: int, ta: float, tb: float) -> None:
    assume(a + b > 0)
    there = rate_ratio(a, b, exposure=(ta, tb))
    back = rate_ratio(b, a, exposure=(tb, ta))
    inverted = [1 / x if x else math.inf for x in (back.ratio, *reversed(back.interval))]
    assert [there.ratio, *there.interval] == pytest.approx(inverted, rel=1e-9)
    assert there.p_value == pytest.approx(back.p_value, rel=1e-9)


@given(COUNTS, COUNTS, EXPOSURES, EXPOSURES, st.floats(0.001, 1000))
def test_the_unit_of_exposure_does_not_matter(
    a: int, b: int, ta: float, tb: float, unit: float
) -> None:
    assume(a + b > 0)
    one = rate_ratio(a, b, exposure=(ta, tb))
    other = rate_ratio(a, b, exposure=(ta * unit, tb * unit))
    expected = [one.ratio, *one.interval, one.p_value]
    assert [other.ratio, *other.interval, other.p_value] == pytest.approx(expected, rel=1e-9)


@given(COUNTS, COUNTS, EXPOSURES, EXPOSURES, st.floats(0.01, 0.9999))
def test_the_interval_holds_the_ratio_and_grows_with_confidence(
    a: int, b: int, ta: float, tb: float, confidence: float
) -> None:
    assume(a + b > 0)
    change = rate_ratio(a, b, exposure=(ta, tb), confidence=confidence)
    wider = rate_ratio(a, b, exposure=(ta, tb), confidence=(1 + confidence) / 2)
    low, high = change.interval
    assert wider.interval[0] <= low <= change.ratio <= high <= wider.interval[1]


@given(COUNTS, COUNTS, st.floats(0.5, 0.999))
@example(1, 8, 0.95)
def test_with_equal_exposures_p_value_and_interval_give_one_verdict(
    a: int, b: int, confidence: float
) -> None:
    change = rate_ratio(a, b, confidence=confidence)
    assume(abs(change.p_value - (1 - confidence)) > 1e-9)
    assert change.beyond_chance == (change.p_value < 1 - confidence)


def exact_p_value(a: int, b: int, share: float) -> float:
    n = a + b
    chances = [math.comb(n, k) * share**k * (1 - share) ** (n - k) for k in range(n + 1)]
    return min(1.0, math.fsum(c for c in chances if c <= chances[a] * (1 + 1e-7)))


@given(st.integers(0, 40), st.integers(0, 40), st.floats(0.1, 10))
def test_the_p_value_is_the_sum_over_all_less_probable_splits(a: int, b: int, odds: float) -> None:
    change = rate_ratio(a, b, exposure=(odds, 1.0))
    assert change.p_value == pytest.approx(exact_p_value(a, b, odds / (1 + odds)), rel=1e-9)


@pytest.mark.parametrize(("before", "after"), [(3.0, 3.0), (20.0, 14.0), (185.0, 162.0)])
def test_the_interval_covers_the_true_ratio_as_often_as_it_says(
    before: float, after: float
) -> None:
    rng = np.random.default_rng(1)
    pairs = zip(rng.poisson(after, 1000), rng.poisson(before, 1000), strict=True)
    intervals = [rate_ratio(int(a), int(b)).interval for a, b in pairs]
    covered = sum(low <= after / before <= high for low, high in intervals) / 1000
    assert covered > 0.95 - 3 * math.sqrt(0.05 * 0.95 / 1000)


def test_a_million_events_are_compared_in_a_blink() -> None:
    start = perf_counter()
    change = rate_ratio(1_000_000, 1_002_000)
    assert perf_counter() - start < 0.1  # 2 ms on an ordinary machine
    # SciPy 1.17: binomtest(1000000, 2002000).pvalue and its exact interval as odds
    assert change.p_value == pytest.approx(0.157714453, rel=1e-8)
    assert change.interval == pytest.approx((0.9952419288, 1.0007737188), abs=1e-9)


# --- Two shares ---------------------------------------------------------------------------------

NEWCOMBE = [  # his table II, method 10
    ((56, 70), (48, 80), 0.0524, 0.3339),
    ((9, 10), (3, 10), 0.1705, 0.8090),
    ((6, 7), (2, 7), 0.0582, 0.8062),
    ((5, 56), (0, 29), -0.0381, 0.1926),
    ((0, 10), (0, 20), -0.1611, 0.2775),
    ((0, 10), (0, 10), -0.2775, 0.2775),
    ((10, 10), (0, 20), 0.6791, 1.0000),
    ((10, 10), (0, 10), 0.6075, 1.0000),
]


@pytest.mark.parametrize(("after", "before", "low", "high"), NEWCOMBE)
def test_newcombes_eight_intervals(
    after: tuple[int, int], before: tuple[int, int], low: float, high: float
) -> None:
    change = share_change(after, before)
    assert change.interval == pytest.approx((low, high), abs=5.1e-5)
    assert change.difference == pytest.approx(after[0] / after[1] - before[0] / before[1])


def test_the_stored_copy_of_newcombes_table_is_the_same() -> None:
    cases = json.loads(reference("proportions_newcombe", "expected.json").read_text())["cases"]
    typed = [(*after, *before, low, high) for after, before, low, high in NEWCOMBE]
    assert [tuple(case[k] for k in ("x1", "n1", "x2", "n2", "lo", "hi")) for case in cases] == typed


def test_the_p_value_of_two_shares_is_that_of_the_chi_square_test() -> None:
    # as R's prop.test(c(56, 48), c(70, 80), correct = FALSE) and SciPy: chi-square 7.023411
    assert share_change((56, 70), (48, 80)).p_value == pytest.approx(0.008045081, abs=1e-9)
    assert share_change((0, 10), (0, 20)).p_value == 1
    assert share_change((10, 10), (20, 20)).p_value == 1


def test_sixteen_per_cent_and_16_2_need_half_a_million_cases_to_differ() -> None:
    assert not share_change((16_200, 100_000), (16_000, 100_000)).beyond_chance
    assert share_change((85_860, 530_000), (84_800, 530_000)).beyond_chance


SHARES = st.integers(1, 3000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@given(SHARES, SHARES)
def test_swapping_or_turning_the_shares_mirrors_the_difference(
    after: tuple[int, int], before: tuple[int, int]
) -> None:
    change = share_change(after, before)
    low, high = change.interval
    swapped = share_change(before, after)
    turned = share_change((after[1] - after[0], after[1]), (before[1] - before[0], before[1]))
    for mirror in swapped, turned:
        assert mirror.difference == pytest.approx(-change.difference, abs=1e-12)
        assert mirror.interval == pytest.approx((-high, -low), abs=1e-12)
        assert mirror.p_value == pytest.approx(change.p_value, abs=1e-9)


@given(SHARES, SHARES)
def test_the_difference_lies_in_its_interval_and_all_within_one(
    after: tuple[int, int], before: tuple[int, int]
) -> None:
    change = share_change(after, before)
    low, high = change.interval
    assert -1 - 1e-12 <= low <= change.difference <= high <= 1 + 1e-12
    assert 0 <= change.p_value <= 1


@pytest.mark.parametrize(("p", "n", "q", "m"), [(0.16, 400, 0.162, 500), (0.05, 60, 0.2, 40)])
def test_the_interval_of_shares_covers_about_as_often_as_it_says(
    p: float, n: int, q: float, m: int
) -> None:
    rng = np.random.default_rng(2)
    pairs = zip(rng.binomial(n, p, 4000), rng.binomial(m, q, 4000), strict=True)
    intervals = [share_change((int(a), n), (int(b), m)).interval for a, b in pairs]
    covered = sum(low <= p - q <= high for low, high in intervals) / 4000
    assert covered == pytest.approx(0.95, abs=0.015)  # the method is close, not exact


# --- What a change would have to be -------------------------------------------------------------


def poisson(mean: float, k: int) -> float:
    return math.exp(k * math.log(mean) - mean - math.lgamma(k + 1)) if mean else float(k == 0)


def enumerated_power(before: float, after: float, exposure: tuple[float, float]) -> list[float]:
    """Chance of a shown fall and of a shown rise, by asking `rate_ratio` about every pair."""
    chances = [0.0, 0.0]
    most = [int(mean + 8 * math.sqrt(mean) + 12) for mean in (after, before)]
    for a in range(most[0]):
        for b in range(most[1]):
            chance = poisson(after, a) * poisson(before, b)
            change = rate_ratio(a, b, exposure=exposure) if chance > 1e-11 else None
            if change and change.beyond_chance:
                chances[change.ratio > 1] += chance
    return chances


@pytest.mark.parametrize(
    ("count", "exposure", "power"),
    [(9, (1.0, 1.0), 0.8), (16, (1.0, 1.0), 0.5), (30, (0.5, 2.0), 0.5), (7, (3.0, 1.0), 0.9)],
)
def test_the_change_found_has_the_power_asked_for_by_full_enumeration(
    count: float, exposure: tuple[float, float], power: float
) -> None:
    change = detectable_change(count, exposure=exposure, power=power)
    assert change.fall is not None
    expected = count * exposure[0] / exposure[1]
    fall, wrong_way = enumerated_power(count, expected * (1 - change.fall), exposure)
    assert fall == pytest.approx(power, abs=1e-6)
    assert wrong_way < 0.025
    _, rise = enumerated_power(count, expected * (1 + change.rise), exposure)
    assert rise == pytest.approx(power, abs=1e-6)


@pytest.mark.parametrize("power", [0.5, 0.8])
def test_the_change_found_for_185_shows_that_often_in_simulated_years(power: float) -> None:
    fall = detectable_change(185, power=power).fall
    assert fall is not None
    rng = np.random.default_rng(3)
    pairs = zip(rng.poisson(185 * (1 - fall), 1500), rng.poisson(185, 1500), strict=True)
    shown = sum(rate_ratio(int(a), int(b)).interval[1] < 1 for a, b in pairs) / 1500
    assert shown == pytest.approx(power, abs=3 * math.sqrt(power * (1 - power) / 1500))


def test_with_185_a_year_a_fall_of_20_per_cent_shows_every_other_time() -> None:
    even, likely = (detectable_change(185, power=power).fall for power in (0.5, 0.8))
    assert even == pytest.approx(0.1986, abs=1e-4)
    assert likely == pytest.approx(0.2751, abs=1e-4)


@pytest.mark.parametrize(("count", "possible"), [(1, False), (7, False), (8, True), (20, True)])
def test_few_events_cannot_show_even_a_fall_to_none(count: float, possible: bool) -> None:
    assert (detectable_change(count).fall is not None) == possible


@given(st.floats(10, 1e4), st.floats(0.3, 0.95), st.floats(0.8, 0.999))
@settings(max_examples=40, deadline=None)
def test_more_events_less_power_or_less_confidence_reveal_smaller_changes(
    count: float, power: float, confidence: float
) -> None:
    hard = detectable_change(count, power=power, confidence=confidence)
    for easy in (
        detectable_change(count * 1.5, power=power, confidence=confidence),
        detectable_change(count, power=power * 0.9, confidence=confidence),
        detectable_change(count, power=power, confidence=confidence - 0.05),
    ):
        assert easy.rise < hard.rise
        assert (easy.fall or 2) <= (hard.fall or 2)


@pytest.mark.parametrize("count", [1e4, 1e6])
@pytest.mark.parametrize("exposure", [(1.0, 1.0), (1.0, 3.0)])
def test_many_events_follow_the_square_root_rule(
    count: float, exposure: tuple[float, float]
) -> None:
    change = detectable_change(count, exposure=exposure)
    assert change.fall is not None
    rule = (1.959964 + 0.841621) / 2 * math.sqrt((1 + exposure[1] / exposure[0]) / count)
    assert 1 - math.sqrt(1 - change.fall) == pytest.approx(rule, rel=0.005)
    assert math.sqrt(1 + change.rise) - 1 == pytest.approx(rule, rel=0.005)


def test_the_detectable_change_is_found_while_a_page_is_made() -> None:
    start = perf_counter()
    detectable_change(100_000)
    assert perf_counter() - start < 0.5  # 35 ms on an ordinary machine


# --- What comes in ------------------------------------------------------------------------------

NAN: Any = math.nan
HALF: Any = 0.5


@pytest.mark.parametrize(
    ("ask", "named"),
    [
        (lambda: rate_ratio(-1, 2), "after must be 0 or more"),
        (lambda: rate_ratio(2, -1), "before must be 0 or more"),
        (lambda: rate_ratio(HALF, 1), "after must be a whole number"),
        (lambda: rate_ratio(1, NAN), "before must be a whole number"),
        (lambda: rate_ratio(True, 1), "after must be a whole number"),
        (lambda: rate_ratio(1, 2, exposure=(0, 1)), r"exposure\[0\] must be above 0"),
        (lambda: rate_ratio(1, 2, exposure=(1, math.inf)), r"exposure\[1\] must be above 0"),
        (lambda: rate_ratio(1, 2, exposure=(1, NAN)), r"exposure\[1\] must be above 0"),
        (lambda: rate_ratio(1, 2, confidence=1), "confidence must lie between 0 and 1"),
        (lambda: rate_ratio(1, 2, confidence=95), "confidence must lie between 0 and 1"),
        (lambda: rate_ratio(1, 2, confidence=NAN), "confidence must lie between 0 and 1"),
        (lambda: share_change((3, 2), (1, 2)), r"after must be .*; 3 exceeds 2"),
        (lambda: share_change((1, 2), (3, 2)), r"before must be .*; 3 exceeds 2"),
        (lambda: share_change((0, 0), (1, 2)), r"after\[1\] must be above 0"),
        (lambda: share_change((1, 2), (-1, 2)), r"before\[0\] must be 0 or more"),
        (lambda: share_change((1, 2), (HALF, 2)), r"before\[0\] must be a whole number"),
        (lambda: share_change((1, 2), (1, 2), confidence=0), "confidence must lie"),
        (lambda: detectable_change(0), "count must be above 0"),
        (lambda: detectable_change(NAN), "count must be above 0"),
        (lambda: detectable_change(2e7), r"at most 1e\+07"),
        (lambda: detectable_change(1e6, exposure=(20, 1)), "count after must be .* at most"),
        (lambda: detectable_change(True), "count must be above 0"),
        (lambda: detectable_change(9, exposure=(1, 0)), r"exposure\[1\] must be above 0"),
        (lambda: detectable_change(9, exposure=(1, 200)), "exposure must not differ"),
        (lambda: detectable_change(9, power=0.04), "power must lie between 0.05 and 0.9999"),
        (lambda: detectable_change(9, confidence=1), "confidence must lie between 0 and 0.9999"),
    ],
)
def test_what_cannot_be_answered_is_refused_by_name(ask: Callable[[], object], named: str) -> None:
    with pytest.raises(ValueError, match=named):
        ask()


def test_a_web_process_that_compares_counts_loads_nothing_heavy() -> None:
    ask = (
        "import sys, loftet.analysis.change; print(*{'scipy', 'numpy', 'django'} & {*sys.modules})"
    )
    done = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
