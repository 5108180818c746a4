import math
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import combinations
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import fisher_exact

from loftet.analysis import parallel
from loftet.analysis.concentration import changed_shares, concentration, lorenz, stability

COUNTS = st.lists(st.integers(0, 30), min_size=2, max_size=25).filter(any)
GAP: Any = math.nan
HERE = parallel.Here()


def seeded(seed: int = 1) -> np.random.Generator:
    return np.random.default_rng(seed)


def quick(counts: Any, **options: Any) -> Any:
    return concentration(counts, replicates=19, rng=seeded(), executor=HERE, **options)


# --- How concentrated ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("counts", "gini", "corrected"),
    [
        ([3, 1, 1, *[0] * 7], 0.78, 0.56),  # by hand: 1 - 2 (1 - .78)
        ([10, 8, 2, *[0] * 7], 0.78, 0.78),  # more events than places: the same
        ([5, 2, 1, *[0] * 7], 0.80, 0.75),
        ([10, *[0] * 9], 0.90, 0.90),
        ([1] * 5 + [0] * 5, 0.50, 0.00),  # as even as five events can be
        ([4] * 10, 0.00, 0.00),
    ],
)
def test_the_examples_of_bernasco_and_steenbeek(
    counts: list[int], gini: float, corrected: float
) -> None:
    found = quick(counts)
    assert found.gini == pytest.approx(gini)
    assert found.corrected.value == pytest.approx(corrected)


@given(COUNTS)
@settings(deadline=None, max_examples=60)
def test_gini_is_the_area_of_the_curve_and_the_mean_difference(counts: list[int]) -> None:
    found, curve = quick(counts), lorenz(counts)
    n, c = len(counts), sum(counts)
    apart = np.abs(np.subtract.outer(counts, counts)).sum()
    assert found.gini == pytest.approx(apart / (2 * n * c))
    area = np.trapezoid(curve.events, curve.places)
    assert found.gini == pytest.approx(2 * area - 1)
    # The corrected one is the same area, over what the most even curve leaves above it.
    even = 1 - min(1, c / n) / 2
    assert found.corrected.value == pytest.approx((area - even) / (1 - even), abs=1e-12)
    assert (curve.events <= 1).all()
    assert curve.most_even[-1] == 1


@given(COUNTS, st.floats(0.05, 0.95))
@settings(deadline=None, max_examples=60)
def test_no_fewer_places_hold_the_share(counts: list[int], share: float) -> None:
    found = quick(counts, share=share)
    busiest = sorted(counts, reverse=True)
    assert sum(busiest[: found.needed]) >= share * sum(counts) - 1e-6
    assert sum(busiest[: found.needed - 1]) < share * sum(counts)
    assert found.smallest.value == found.needed / len(counts)


@pytest.mark.parametrize(("places", "events"), [(10, 3), (10, 8), (50, 200), (400, 150)])
def test_what_chance_gives_is_computed_and_drawn_alike(places: int, events: int) -> None:
    rng = seeded()
    drawn = []
    for _ in range(3000):
        counts = np.bincount(rng.integers(places, size=events), minlength=places)
        apart = np.sort(counts) @ (2 * np.arange(1, places + 1) - places - 1)
        drawn.append(1 - max(places / events, 1) * (1 - apart / (places * events)))
    even = np.full(places, events // places)
    even[: events % places] += 1
    found = concentration(even, rng=seeded(), replicates=999)
    error = float(np.std(drawn)) / math.sqrt(3000)
    assert found.corrected.by_chance == pytest.approx(np.mean(drawn), abs=4 * error)
    low, high = found.corrected.range
    assert np.mean([low - 1e-9 <= one <= high + 1e-9 for one in drawn]) > 0.93
    assert np.mean([low < one < high for one in drawn]) < 0.97


def test_events_that_fall_by_chance_are_beyond_chance_in_five_of_a_hundred() -> None:
    rng = seeded(4)
    p_values = [
        concentration(
            np.bincount(rng.integers(200, size=300), minlength=200),
            replicates=99,
            rng=rng,
            executor=HERE,
        ).corrected.p_value
        for _ in range(600)
    ]
    share = float(np.mean(np.array(p_values) <= 0.05))
    assert share == pytest.approx(0.05, abs=3 * math.sqrt(0.05 * 0.95 / 600))


def test_places_of_unlike_risk_are_beyond_chance() -> None:
    rng = seeded(5)
    found = concentration(rng.poisson(rng.gamma(0.3, 2, 500)), rng=rng)
    assert found.corrected.value > found.corrected.range[1]
    assert found.smallest.value < found.smallest.range[0]
    assert found.corrected.p_value == found.smallest.p_value == 0.001


@given(COUNTS.filter(lambda counts: np.count_nonzero(counts) > 1))
@settings(deadline=None, max_examples=40)
def test_the_jackknife_leaves_out_each_place(counts: list[int]) -> None:
    if len(counts) < 3:
        return
    each = [quick(counts[:i] + counts[i + 1 :]).corrected.value for i in range(len(counts))]
    n = len(counts)
    expected = math.sqrt((n - 1) / n * sum((value - np.mean(each)) ** 2 for value in each))
    assert quick(counts).error == pytest.approx(expected, abs=1e-12)


def test_all_events_at_one_place_are_told_as_such() -> None:
    found = quick([7, 0, 0, 0])
    assert found.needed == 1
    assert math.isnan(found.error)
    assert found.corrected.value == pytest.approx(1 - 1 / 4)


# --- How stable ---------------------------------------------------------------------------------


def kept_by_lot(before: list[int], after: list[int], count: int) -> float:
    """Mean overlap over all ways to choose the top where counts are equal."""

    def tops(counts: list[int]) -> list[set[int]]:
        best = sum(sorted(counts, reverse=True)[:count])
        chosen = combinations(range(len(counts)), count)
        return [set(c) for c in chosen if sum(counts[i] for i in c) == best]

    overlaps = [len(a & b) for a in tops(before) for b in tops(after)]
    return float(np.mean(overlaps)) / count


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=4, max_size=7))
@settings(deadline=None, max_examples=60)
def test_equal_counts_at_the_limit_draw_lots(pairs: list[tuple[int, int]]) -> None:
    before, after = ([pair[k] for pair in pairs] for k in (0, 1))
    if not any(before) or not any(after):
        return
    found = stability(before, after, top=0.4, replicates=19, rng=seeded())
    count = round(0.4 * len(pairs))
    assert found.top == count / len(pairs)
    assert found.kept.value == pytest.approx(kept_by_lot(before, after, count))


def test_a_world_that_did_not_change_looks_unchanged() -> None:
    rng = seeded(6)
    risk = rng.gamma(0.5, 4, 300)
    found = [
        stability(*rng.poisson(risk, (2, 300)), replicates=99, rng=rng, executor=HERE)
        for _ in range(200)
    ]
    alarms = np.mean([one.kept.p_value <= 0.05 for one in found])
    assert alarms < 0.05 + 3 * math.sqrt(0.05 * 0.95 / 200)
    assert np.mean([one.kept.value for one in found]) == pytest.approx(
        np.mean([one.kept.by_chance for one in found]), abs=0.02
    )
    assert np.mean([one.similar for one in found]) > 0.99


def test_places_that_changed_roles_are_found() -> None:
    rng = seeded(7)
    risk = np.repeat([20.0, 20.0, 1.0], [10, 10, 180])
    moved = np.concatenate([risk[:10], np.ones(10), [20.0] * 10, risk[30:]])
    found = stability(rng.poisson(risk), rng.poisson(moved), top=0.1, rng=rng)
    assert found.kept.value == pytest.approx(0.5, abs=0.06)
    assert found.kept.p_value == 0.001
    assert set(np.flatnonzero(found.moved < 0.05)) <= set(range(10, 30))
    assert np.count_nonzero(found.moved < 0.05) > 15


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 20)), min_size=2, max_size=8))
@settings(deadline=None, max_examples=40)
def test_a_changed_share_is_fishers_exact_test(pairs: list[tuple[int, int]]) -> None:
    before, after = np.array(pairs).T
    if not before.any() or not after.any():
        return
    found = changed_shares(before, after)
    for place, (then, now) in enumerate(pairs):
        table = [[now, then], [after.sum() - now, before.sum() - then]]
        tails = [fisher_exact(table, alternative=side).pvalue for side in ("less", "greater")]
        assert found[place] == pytest.approx(min(1, 2 * min(tails)), rel=1e-9)


def test_any_number_of_workers_gives_the_same_numbers() -> None:
    rng = seeded(8)
    first, second = rng.poisson(rng.gamma(1, 2, 100), (2, 100))
    with ThreadPoolExecutor(3) as three:
        for executor in (HERE, three):
            held = concentration(first, rng=seeded(), executor=executor)
            assert held == concentration(first, rng=seeded())
            kept = stability(first, second, rng=seeded(), executor=executor).kept
            assert kept == stability(first, second, rng=seeded()).kept


# --- What comes in ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ask", "named"),
    [
        (lambda: lorenz([0, 0]), "counts are all 0: nothing happened"),
        (lambda: quick([1, GAP]), r"counts\[1\] = nan is not a number"),
        (lambda: quick([1, 2.5]), r"counts\[1\] = 2.5 is not whole"),
        (lambda: quick([1, -1]), r"counts\[1\] = -1 is below 0"),
        (lambda: quick([3]), "counts is a single place"),
        (lambda: quick([3, 1], share=1), "share must lie between 0 and 1"),
        (lambda: concentration([3, 1], replicates=9, rng=seeded()), "replicates must be at least"),
        (lambda: stability([1, 2], [1], rng=seeded()), "after has 1 values, the others 2"),
        (lambda: stability([1, 2], [0, 0], rng=seeded()), "after are all 0"),
        (lambda: stability([1, 2], [1, 0], top=0, rng=seeded()), "top must lie between"),
    ],
)
def test_what_cannot_be_answered_is_refused_by_name(ask: Callable[[], object], named: str) -> None:
    with pytest.raises(ValueError, match=named):
        ask()
