"""How many years or answers a wished change needs."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loftet.analysis.change import (
    answers_needed,
    detectable_change,
    detectable_share,
    rate_ratio,
    share_change,
    years_needed,
)

NAN: Any = math.nan
HALF: Any = 0.5


@pytest.mark.parametrize(("count", "change"), [(185, -0.1), (40, -0.3), (40, 0.3), (1000, -0.05)])
def test_one_year_less_would_not_do(count: float, change: float) -> None:
    years = years_needed(count, change=change)
    assert years is not None

    def shows(n: int) -> bool:
        found = detectable_change(count * n)
        smallest = -(found.fall or math.inf) if change < 0 else found.rise
        return abs(change) >= abs(smallest) * (1 - 1e-6)

    assert shows(years)
    assert not shows(years - 1)


def test_the_years_found_show_the_change_in_simulated_years() -> None:
    years = years_needed(40, change=-0.3, years_before=5)
    assert years == 4
    rng = np.random.default_rng(4)
    pairs = zip(rng.poisson(40 * 0.7 * years, 1500), rng.poisson(200, 1500), strict=True)
    shown = [rate_ratio(int(a), int(b), exposure=(years, 5)).interval[1] < 1 for a, b in pairs]
    assert 0.8 - 0.03 < sum(shown) / 1500 < 0.92


def test_one_year_before_can_be_too_little_for_ever() -> None:
    assert years_needed(50, change=-0.1, years_before=1) is None
    assert years_needed(50, change=-0.1, most=20) is None


def test_answers_as_in_the_manual_of_r() -> None:
    # example(power.prop.test): p1 = .50, p2 = .75, power = .90 gives n = 76.7
    assert answers_needed(0.50, 0.75, power=0.90) == 77
    assert answers_needed(0.50, 0.75, power=0.90, design_effect=2) == 154


@given(st.floats(0.05, 0.95), st.floats(0.05, 0.95), st.floats(1, 3))
@settings(deadline=None)
def test_answers_needed_and_the_share_they_show_are_each_others_reverse(
    share: float, wished: float, design_effect: float
) -> None:
    if abs(share - wished) < 0.01:
        return
    n = answers_needed(share, wished, design_effect=design_effect)
    assert n is not None
    shown = detectable_share(share, answers=(n, n), design_effect=design_effect)
    one_way = shown.fall if wished < share else shown.rise
    assert one_way is not None
    assert one_way <= abs(wished - share) + 1e-6


def test_the_answers_found_show_the_change_in_simulated_waves() -> None:
    n = answers_needed(0.30, 0.25)
    assert n == 1251
    rng = np.random.default_rng(5)
    pairs = zip(rng.binomial(n, 0.25, 2000), rng.binomial(n, 0.30, 2000), strict=True)
    shown = [share_change((int(a), n), (int(b), n)).beyond_chance for a, b in pairs]
    assert sum(shown) / 2000 == pytest.approx(0.8, abs=0.03)


def test_a_small_wave_before_can_be_too_little_for_ever() -> None:
    assert answers_needed(0.30, 0.29, answers_before=500) is None
    few = detectable_share(0.02, answers=(50, 50))
    assert few.fall is None
    assert few.rise is not None


@pytest.mark.parametrize(
    ("ask", "named"),
    [
        (lambda: years_needed(0, change=-0.1), "count must be above 0"),
        (lambda: years_needed(9, change=0), "change must be a fraction from -1 up, and not 0"),
        (lambda: years_needed(9, change=-10), "change must be a fraction"),
        (lambda: years_needed(9, change=NAN), "change must be a fraction"),
        (lambda: years_needed(9, change=-0.1, years_before=HALF), "years_before must be a whole"),
        (lambda: years_needed(9, change=-0.1, most=0), "most must be above 0"),
        (lambda: years_needed(1e6, change=-0.1), "count times the years must be"),
        (lambda: years_needed(9, change=-0.1, power=0.01), "power must lie"),
        (lambda: answers_needed(0, 0.1), "share must lie between 0 and 1"),
        (lambda: answers_needed(0.1, 10), "wished must lie between 0 and 1"),
        (lambda: answers_needed(0.1, 0.1), "wished must differ from share"),
        (lambda: answers_needed(0.1, 0.2, design_effect=0), "design_effect must be above 0"),
        (lambda: answers_needed(0.1, 0.2, answers_before=0), "answers must be above 0"),
        (lambda: detectable_share(0.1, answers=(HALF, 9)), "answers must be a whole number"),
        (lambda: detectable_share(NAN, answers=(9, 9)), "share must lie between 0 and 1"),
    ],
)
def test_what_cannot_be_answered_is_refused_by_name(ask: Callable[[], object], named: str) -> None:
    with pytest.raises(ValueError, match=named):
        ask()
