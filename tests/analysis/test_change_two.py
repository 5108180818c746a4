"""Two counts by mid-p and the E-test, two shares by score, and the same people asked twice."""

import csv
import json
import math
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize_scalar
from scipy.special import xlogy
from scipy.stats import binom, poisson

from loftet.analysis.change import e_test, paired_share_change, rate_ratio, share_change
from tests.analysis.test_change import COUNTS, EXPOSURES, SHARES, reference

FEW = st.integers(0, 40)
NAN: Any = math.nan
HALF: Any = 0.5
WRONG: Any = "wald"


# --- Mid-p --------------------------------------------------------------------------------------


def test_the_mid_p_intervals_of_sixty_ratios_agree_as_far_as_their_source_was_solved() -> None:
    """R's uniroot stops within 1.22e-4 of the share; the equation itself is met to 1e-9 here."""
    with reference("exact_poisson", "exact_poisson.csv").open() as file:
        rows = list(csv.DictReader(file))
    compared = 0
    for row in rows:
        a, b, ta, tb = int(row["a"]), int(row["b"]), float(row["ta"]), float(row["tb"])
        change = rate_ratio(a, b, exposure=(ta, tb), method="mid-p")
        for limit, key, lower in zip(
            change.interval, ("midp_lo", "midp_hi"), (True, False), strict=True
        ):
            peer = float(row[key])
            if peer in {0.0, math.inf}:
                assert limit == peer
                continue
            compared += 1
            own, other = (x * ta / (x * ta + tb) for x in (limit, peer))
            assert own == pytest.approx(other, abs=6.1e-5)
            tail = binom.sf(a, a + b, own) + binom.pmf(a, a + b, own) / 2
            assert (tail if lower else 1 - tail) == pytest.approx(0.025, rel=1e-9)
    assert compared == 107


@given(COUNTS, COUNTS, EXPOSURES, st.floats(0.5, 0.999))
def test_mid_p_lies_inside_exact_and_its_verdict_is_that_of_its_p_value(
    a: int, b: int, ta: float, confidence: float
) -> None:
    assume(a + b > 0)
    exact = rate_ratio(a, b, exposure=(ta, 1), confidence=confidence)
    mid = rate_ratio(a, b, exposure=(ta, 1), confidence=confidence, method="mid-p")
    assert exact.interval[0] <= mid.interval[0] <= mid.interval[1] <= exact.interval[1]
    assume(abs(mid.p_value - (1 - confidence)) > 1e-9)
    assert mid.beyond_chance == (mid.p_value < 1 - confidence)


def test_mid_p_of_two_empty_periods_says_nothing() -> None:
    change = rate_ratio(0, 0, method="mid-p")
    assert (change.interval, change.p_value) == ((0, math.inf), 1)


# --- The E-test ---------------------------------------------------------------------------------


def test_the_e_test_agrees_with_its_authors() -> None:
    for case in json.loads(reference("etest", "expected.json").read_text())["cases"]:
        assert e_test(case["k1"], case["k2"]) == pytest.approx(case["p"], abs=case["tol"])


def summed_e_test(a: int, b: int, t: float, s: float) -> float:
    def distance(x: int, y: int) -> float:
        return abs(x / t - y / s) / math.sqrt(x / t**2 + y / s**2) if x or y else 0.0

    rate = (a + b) / (t + s)
    most = int(rate * max(t, s) + 12 * math.sqrt(rate * max(t, s)) + 30)
    limit = distance(a, b) * (1 - 1e-12)
    first, second = (poisson.pmf(range(most), rate * length) for length in (t, s))
    pairs = ((x, y) for x in range(most) for y in range(most) if distance(x, y) >= limit)
    return math.fsum(first[x] * second[y] for x, y in pairs)


@given(st.integers(0, 15), st.integers(0, 15), st.sampled_from([0.5, 1.0, 3.0]))
@settings(max_examples=15, deadline=None)
def test_the_e_test_is_the_sum_over_all_pairs(a: int, b: int, t: float) -> None:
    assert e_test(a, b, exposure=(t, 1)) == pytest.approx(summed_e_test(a, b, t, 1), rel=1e-7)


@given(COUNTS, COUNTS, EXPOSURES, EXPOSURES)
@settings(deadline=None)
def test_swapping_the_periods_leaves_the_e_test_alone(a: int, b: int, ta: float, tb: float) -> None:
    there = e_test(a, b, exposure=(ta, tb))
    assert 0 <= there <= 1
    assert e_test(b, a, exposure=(tb, ta)) == pytest.approx(there, rel=1e-6, abs=1e-12)


def test_the_e_test_of_many_events_is_close_to_the_normal_one() -> None:
    assert e_test(100_000, 101_000) == pytest.approx(
        math.erfc(1000 / math.sqrt(201_000) / math.sqrt(2)), abs=1e-4
    )
    assert e_test(5, 5) == 1


# --- Shares by score ----------------------------------------------------------------------------


def numeric_score(after: tuple[int, int], before: tuple[int, int], d: float) -> float:
    """The same statistic with the likeliest shares found by a search."""
    (a, n), (b, m) = after, before

    def unlikely(q: float) -> float:
        p = q + d
        return -float(xlogy(a, p) + xlogy(n - a, 1 - p) + xlogy(b, q) + xlogy(m - b, 1 - q))

    bounds = max(0.0, -d), min(1.0, 1 - d)
    q = minimize_scalar(unlikely, bounds=bounds, method="bounded", options={"xatol": 1e-12}).x
    p = q + d
    variance = (p * (1 - p) / n + q * (1 - q) / m) * (n + m) / (n + m - 1)
    return float((a / n - b / m - d) / math.sqrt(variance))


@given(st.tuples(st.integers(1, 39), st.just(40)), st.tuples(st.integers(1, 59), st.just(60)))
@settings(max_examples=40, deadline=None)
def test_miettinen_and_nurminens_limits_solve_their_equation(
    after: tuple[int, int], before: tuple[int, int]
) -> None:
    low, high = share_change(after, before, method="miettinen-nurminen").interval
    assert numeric_score(after, before, low) == pytest.approx(1.959964, abs=1e-4)
    assert numeric_score(after, before, high) == pytest.approx(-1.959964, abs=1e-4)


@given(SHARES, SHARES)
@settings(deadline=None)
def test_score_interval_and_p_value_give_one_verdict_and_mirror_each_other(
    after: tuple[int, int], before: tuple[int, int]
) -> None:
    change = share_change(after, before, method="miettinen-nurminen")
    low, high = change.interval
    assert -1 <= low <= change.difference + 1e-12
    assert change.difference - 1e-12 <= high <= 1
    swapped = share_change(before, after, method="miettinen-nurminen")
    assert swapped.interval == pytest.approx((-high, -low), abs=1e-6)
    assume(abs(change.p_value - 0.05) > 1e-6)
    assert change.beyond_chance == (change.p_value < 0.05)


def test_the_score_p_value_of_statsmodels() -> None:
    # statsmodels 0.15: test_proportions_2indep(37, 412, 61, 388, method="score", compare="diff")
    change = share_change((37, 412), (61, 388), method="miettinen-nurminen")
    assert change.p_value == pytest.approx(0.0036773391339213, rel=1e-10)


# --- The same people twice ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("table", "low", "high"),
    [
        ((14, 5, 0, 22), 0.011, 0.226),  # Altman et al. (2000), Statistics with Confidence, p. 52
        ((1, 1, 7, 12), -0.507, -0.026),  # Bentur et al. (2009) in Fagerland et al. (2014)
    ],
)
def test_newcombes_paired_intervals_as_published(
    table: tuple[int, int, int, int], low: float, high: float
) -> None:
    assert paired_share_change(*table).interval == pytest.approx((low, high), abs=6e-4)


def test_mcnemars_mid_p_as_published() -> None:
    # Fagerland, Lydersen and Laake (2013), BMC Medical Research Methodology 13:91: 0.0391
    assert paired_share_change(1, 1, 7, 12).p_value == pytest.approx(0.0391, abs=5e-5)


@given(FEW, FEW, FEW, FEW)
def test_only_those_who_changed_make_a_difference(a: int, b: int, c: int, d: int) -> None:
    assume(a + b + c + d > 0)
    change, swapped = paired_share_change(a, b, c, d), paired_share_change(a, c, b, d)
    low, high = change.interval
    assert change.difference == pytest.approx((b - c) / (a + b + c + d))
    assert -1 - 1e-12 <= low <= change.difference <= high <= 1 + 1e-12
    assert swapped.interval == pytest.approx((-high, -low), abs=1e-12)
    assert swapped.p_value == pytest.approx(change.p_value, rel=1e-9)


# --- What comes in ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ask", "named"),
    [
        (lambda: rate_ratio(1, 2, method=WRONG), "method must be one of exact, mid-p"),
        (lambda: share_change((1, 2), (1, 2), method=WRONG), "method must be one of newcombe"),
        (lambda: e_test(-1, 2), "after must be 0 or more"),
        (lambda: e_test(1, NAN), "before must be a whole number"),
        (lambda: e_test(1, 2, exposure=(1, 0)), r"exposure\[1\] must be above 0"),
        (lambda: paired_share_change(0, 0, 0, 0), "nobody was asked"),
        (lambda: paired_share_change(1, HALF, 0, 0), "only_after must be a whole number"),
        (lambda: paired_share_change(1, 0, 0, -1), "neither must be 0 or more"),
    ],
)
def test_what_cannot_be_answered_is_refused_by_name(ask: Callable[[], object], named: str) -> None:
    with pytest.raises(ValueError, match=named):
        ask()
