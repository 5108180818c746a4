"""What must not matter to a scan: workers, order, origin, units; and how it tells days."""

import math
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from datetime import date
from multiprocessing import get_context
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loftet.analysis import scan
from loftet.analysis.parallel import Here

MAPS = st.integers(0, 10_000).map(np.random.default_rng)
few_examples = settings(deadline=None, max_examples=25)


def a_scan(rng: np.random.Generator, **options: Any) -> scan.Scan:
    x, y = rng.integers(0, 50, (2, 40)).astype(float) * 100
    expected = rng.uniform(1, 9, 40)
    return scan.poisson(
        rng.poisson(expected), expected, x, y, rng=np.random.default_rng(3), **options
    )


def same(one: scan.Scan, other: scan.Scan) -> bool:
    return one.null.tolist() == other.null.tolist() and [
        (c.members.tolist(), c.p_value, c.log_likelihood_ratio) for c in one.clusters
    ] == [(c.members.tolist(), c.p_value, c.log_likelihood_ratio) for c in other.clusters]


@pytest.mark.parametrize("stop_after", [None, 30])
def test_workers_and_their_number_do_not_matter(stop_after: int | None) -> None:
    def on(executor: Executor | None) -> scan.Scan:
        return a_scan(
            np.random.default_rng(1), stop_after=stop_after, executor=executor, replicates=500
        )

    threads = on(None)
    assert same(threads, on(Here()))
    with ThreadPoolExecutor(3) as more:
        assert same(threads, on(more))


def test_processes_give_the_same_numbers_too() -> None:
    location, day = np.arange(300) % 7, (np.arange(300) * 7) // 50

    def on(executor: Executor | None) -> scan.Scan:
        return scan.space_time_permutation(
            location, day, range(7), [0] * 7, prospective=True, radius=2, longest=5,
            replicates=199, rng=np.random.default_rng(1), executor=executor,
        )  # fmt: skip

    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as other:
        assert same(on(None), on(other))


@given(MAPS)
@few_examples
def test_neither_order_nor_origin_nor_unit_of_expectations_matters(
    rng: np.random.Generator,
) -> None:
    x, y = rng.integers(0, 9, (2, 25)).astype(float)
    expected = rng.integers(1, 9, 25).astype(float)
    counts = rng.poisson(expected)
    turn = rng.permutation(25)

    def told(order: Any, shift: float, unit: float) -> list[Any]:
        found = scan.poisson(
            counts[order], expected[order] * unit, x[order] + shift, y[order] - shift,
            replicates=19, rng=np.random.default_rng(1),
        )  # fmt: skip
        return [
            (
                sorted(order[c.members].tolist()), c.observed, c.p_value,
                round(c.log_likelihood_ratio, 9), round(c.expected, 6), c.radius,
            )
            for c in found.clusters
        ]  # fmt: skip

    as_is = told(np.arange(25), 0, 1)
    assert told(turn, 0, 1) == as_is
    assert told(np.arange(25), 6_400_000, 1) == as_is
    assert told(np.arange(25), 0, 1024) == as_is


@pytest.mark.parametrize("angle", [0.3, 1.1])
def test_neighbours_on_a_turned_grid_are_still_at_one_distance(angle: float) -> None:
    """Where rounding told their distances apart, some would come into a circle without others."""
    east, north = (part.ravel() * 250.0 for part in np.meshgrid(np.arange(5), np.arange(5)))
    x = 674_000 + math.cos(angle) * east - math.sin(angle) * north
    y = 6_580_000 + math.sin(angle) * east + math.cos(angle) * north
    rng = np.random.default_rng(1)
    for _ in range(10):
        cases, expected = rng.poisson(3, 25), rng.uniform(1, 2, 25)
        turned, straight = (
            scan.poisson(cases, expected, *points, replicates=19, rng=rng)
            for points in ((x, y), (east, north))
        )
        members, same_members = (
            [sorted(cluster.members.tolist()) for cluster in found.clusters]
            for found in (turned, straight)
        )
        assert members == same_members
        assert turned.clusters[0].radius == pytest.approx(straight.clusters[0].radius)


def test_of_circles_that_hold_the_same_the_smallest_is_told() -> None:
    cases, x = [9, 9, 9, 2, 2, 2, 2, 2], [0, 10, 13, 100, 200, 300, 400, 500]
    found = scan.poisson(cases, [1] * 8, x, [0] * 8, rng=np.random.default_rng(1))
    first = found.clusters[0]
    assert (first.centre, first.radius, first.members.tolist()) == (1, 10, [1, 2, 0])


def day_number(day: date | int | None) -> int:
    assert isinstance(day, int)
    return day


@given(MAPS)
@few_examples
def test_neither_the_order_of_cases_nor_the_first_day_of_the_calendar_matters(
    rng: np.random.Generator,
) -> None:
    location, day = rng.integers(0, 5, 60), rng.integers(0, 20, 60)
    turn = rng.permutation(60)

    def told(order: Any, shift: Any) -> list[Any]:
        found = scan.space_time_permutation(
            location[order], day[order] + shift, [0, 1, 3, 7, 8], [0] * 5, prospective=False,
            radius=3, longest=4, replicates=19, rng=np.random.default_rng(1),
        )  # fmt: skip
        return [
            (c.members.tolist(), c.p_value, c.log_likelihood_ratio, day_number(c.first_day) - shift)
            for c in found.clusters
        ]

    assert told(turn, 0) == told(slice(None), 0) == told(turn, 730_000)


def test_cases_that_are_counted_in_one_row_or_in_several_at_one_place_are_the_same() -> None:
    options: Any = {"replicates": 99}
    whole = scan.poisson(
        [5, 12, 3, 4], [4, 4, 4, 4], [0, 1, 5, 9], [0] * 4, rng=np.random.default_rng(1), **options
    )
    parts = scan.poisson(
        [5, 7, 5, 3, 4], [4, 1, 3, 4, 4], [0, 1, 1, 5, 9], [0] * 5,
        rng=np.random.default_rng(1), **options,
    )  # fmt: skip
    assert whole.null == pytest.approx(parts.null)
    assert whole.clusters[0].members.tolist() == [1]
    assert parts.clusters[0].members.tolist() == [1, 2]
    assert parts.clusters[0].p_value == whole.clusters[0].p_value


def test_one_period_is_no_time_at_all() -> None:
    cases, expected, x = [3, 9, 2, 4, 3], [4.0, 4, 3, 4, 6], [0, 1, 4, 9, 11]
    flat = scan.poisson(cases, expected, x, [0] * 5, rng=np.random.default_rng(1))
    table = scan.space_time_poisson(
        np.transpose([cases]), np.transpose([expected]), x, [0] * 5, prospective=False,
        rng=np.random.default_rng(1),
    )  # fmt: skip
    assert same(flat, table)
    assert (flat.clusters[0].first_day, table.clusters[0].first_day) == (None, 0)


def test_the_globe_is_round() -> None:
    """Neighbours across the 180th meridian, and the way to the pole's other side."""
    found = scan.poisson(
        [20, 20, 5, 5, 5, 5], [10] * 6, [179.9, -179.9, 0, 90, -90, 45], [0] * 6,
        metric="great circle", rng=np.random.default_rng(1),
    )  # fmt: skip
    assert sorted(found.clusters[0].members.tolist()) == [0, 1]
    assert found.clusters[0].radius == pytest.approx(math.radians(0.2) * 6_371_008.8)
    near = scan.poisson(
        [20, 20, 5, 5, 5, 5], [10] * 6, [179.9, -179.9, 0, 90, -90, 45], [0] * 6,
        metric="great circle", radius=20_000, rng=np.random.default_rng(1),
    )  # fmt: skip
    assert near.clusters[0].members.tolist() in ([0], [1])


def test_days_go_out_as_they_came_in() -> None:
    start = np.datetime64("2025-03-01")
    day = np.concatenate([np.arange(60), [57, 58, 58, 59, 59]])
    location = np.concatenate([np.arange(60) % 6, [1] * 5])
    options: Any = {"prospective": True, "radius": 1, "longest": 7}

    def first(days: Any, **more: Any) -> scan.Cluster:
        found = scan.space_time_permutation(
            location, days, range(6), [0] * 6, rng=np.random.default_rng(1), **options, **more
        )
        return found.clusters[0]

    cluster = first(start + day, every=7)
    assert (cluster.first_day, cluster.last_day) == (date(2025, 4, 25), date(2025, 4, 29))
    assert cluster.recurrence == pytest.approx(7 / cluster.p_value)
    texts = first((start + day).astype(str))
    assert texts.last_day == date(2025, 4, 29)
    assert first(day).last_day == 59
    later = first(start + day, until=date(2025, 5, 2))
    assert later.last_day == date(2025, 5, 2)
    assert later.log_likelihood_ratio < cluster.log_likelihood_ratio


def test_person_days_are_the_area_under_the_straight_lines_between_counts() -> None:
    counted, edges = ["1990-07-01", "2000-07-01"], ["1989-01-01", "1996-03-05", "2003-01-01"]
    days = scan.person_days([[100.0, 400.0], [7.0, 7.0]], counted, edges)
    knots = np.array(counted, dtype="M8[D]").astype(float)
    bounds = np.array(edges, dtype="M8[D]").astype(int)
    for period in range(2):
        middle = np.arange(bounds[period], bounds[period + 1]) + 0.5
        assert days[0, period] == pytest.approx(np.interp(middle, knots, [100, 400]).sum())
        assert days[1, period] == pytest.approx(7 * len(middle))


def test_expectations_by_stratum_add_up_to_the_cases() -> None:
    rng = np.random.default_rng(2)
    population = rng.uniform(10, 99, (5, 4, 3))
    cases = rng.poisson(3, (5, 4, 3))
    expected = scan.expected_from_strata(cases, population)
    assert expected.shape == (5, 4)
    assert expected.sum() == pytest.approx(cases.sum())
    totals = scan.expected_from_strata(cases.sum(axis=(0, 1)), population)
    assert totals == pytest.approx(expected)
