"""A sequence of years, with trend and break marks."""

import math
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loftet.analysis.change import trend

YEARS = range(2015, 2024)
COUNTS = [210, 190, 197, 185, 170, 162, 240, 221, 230]
PEOPLE = [50, 50.5, 51, 51.2, 51.9, 52, 52.2, 52.6, 53.0]


def test_trend_and_break_agree_with_statsmodels() -> None:
    # statsmodels 0.15, GLM Poisson, scale="X2": the same but for the dispersion, here held at 1
    found = trend.fit(YEARS, COUNTS, exposure=PEOPLE, breaks=[2021])
    assert found.yearly.ratio == pytest.approx(0.948535, abs=1e-6)
    assert found.breaks[0].jump.ratio == pytest.approx(1.53199341, abs=1e-8)
    assert found.dispersion == pytest.approx(0.2872256988, abs=1e-9)
    widened = [math.log(x) / math.sqrt(0.2872256988) for x in (0.92828894, 0.948535, 0.96922262)]
    half = (widened[2] - widened[0]) / 2
    low, high = (math.exp(math.log(0.9485349961) + side * half) for side in (-1, 1))
    assert found.yearly.interval == pytest.approx((low, high), abs=2e-7)


def test_a_new_way_of_counting_is_not_taken_for_a_trend() -> None:
    blind = trend.fit(YEARS, COUNTS, exposure=PEOPLE)
    marked = trend.fit(YEARS, COUNTS, exposure=PEOPLE, breaks=[2021])
    assert blind.yearly.ratio > 1
    assert marked.yearly.interval[1] < 1
    assert marked.breaks[0].year == 2021
    assert marked.breaks[0].jump.beyond_chance


@given(st.lists(st.integers(1, 500), min_size=5, max_size=12), st.floats(0.01, 100))
@settings(max_examples=50, deadline=None)
def test_unit_of_exposure_and_order_of_years_do_not_matter(counts: list[int], unit: float) -> None:
    years = list(range(2000, 2000 + len(counts)))
    one = trend.fit(years, counts)
    other = trend.fit(years[::-1], counts[::-1], exposure=[unit] * len(counts))
    assert other.yearly.interval == pytest.approx(one.yearly.interval, rel=1e-6)
    assert other.fitted[::-1] == pytest.approx(one.fitted, rel=1e-6)


def test_a_steady_rate_of_change_is_found_and_covered() -> None:
    rng = np.random.default_rng(6)
    years = np.arange(8)
    covered = 0
    for _ in range(300):
        found = trend.fit(years, rng.poisson(150 * 0.96**years))
        covered += found.yearly.interval[0] <= 0.96 <= found.yearly.interval[1]
    assert covered / 300 > 0.92


@pytest.mark.parametrize(
    ("ask", "named"),
    [
        (lambda: trend.fit([1, 2, 3], [1, 2]), "counts has 2 values, the others 3"),
        (lambda: trend.fit([1, 2, 3], [1, 2, math.nan]), r"counts\[2\] = nan is not a number"),
        (lambda: trend.fit([1, 2, 3], [1, 2.5, 3]), r"counts\[1\] = 2.5 is not whole"),
        (lambda: trend.fit([1, 2, 3], [1, -2, 3]), r"counts\[1\] = -2 is below 0"),
        (lambda: trend.fit([1, 2, 3], [0, 0, 0]), "counts are all 0"),
        (lambda: trend.fit([1, 2], [5, 6]), "too few for 2 unknowns"),
        (lambda: trend.fit([1, 2, 2], [5, 6, 7]), "years must all differ"),
        (
            lambda: trend.fit([1, 2, 3], [5, 6, 7], exposure=[1, 0, 1]),
            r"exposure\[1\] = 0 is not above 0",
        ),
        (
            lambda: trend.fit([1, 2, 3, 4], [5, 6, 7, 8], breaks=[1]),
            "breaks: 1 needs years on both",
        ),
        (
            lambda: trend.fit([1, 2, 3, 4, 5], [5, 6, 7, 8, 9], breaks=[3, 3]),
            "breaks, seasons or steps overlap",
        ),
        (lambda: trend.fit(range(6), [0, 0, 0, 5, 6, 5], breaks=[3]), "counts are all 0 where"),
        (lambda: trend.fit([1, 2, 3], ["a", "b", "c"]), "counts must hold numbers only"),
    ],
)
def test_what_cannot_be_answered_is_refused_by_name(ask: Callable[[], object], named: str) -> None:
    with pytest.raises(ValueError, match=named):
        ask()
