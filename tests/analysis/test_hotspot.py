"""Local statistics against published answers and against every order of small maps."""

import csv
import json
import math
from collections.abc import Callable
from itertools import combinations
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from loftet.analysis.grid import Grid
from loftet.analysis.hotspot import (
    LocalStatistic,
    Moran,
    exact,
    getis_ord,
    local_moran,
    moran,
    rates,
)
from tests.analysis.test_change import reference

WRONG: Any = "both"
GAP: Any = math.nan
SEEDS = st.integers(0, 10_000)


def with_self(neighbours: sparse.csr_array) -> sparse.csr_array:
    return sparse.csr_array(neighbours + sparse.eye_array(neighbours.shape[0]))


def street(cells: int, *, star: bool = False) -> sparse.csr_array:
    return Grid("square", 100, 0, 0, cells, 1).neighbours("rook", include_self=star)


# --- Columbus, 49 neighbourhoods ----------------------------------------------------------------


def columbus() -> tuple[list[float], sparse.csr_array, dict[str, Any]]:
    with reference("local_columbus_crime", "units.csv").open() as file:
        values = [float(row["value"]) for row in csv.DictReader(file)]
    with reference("local_columbus_crime", "queen_pairs.csv").open() as file:
        pairs = np.array([[int(row["i"]), int(row["j"])] for row in csv.DictReader(file)]) - 1
    neighbours = sparse.csr_array((np.ones(len(pairs)), pairs.T), shape=(49, 49))
    expected = json.loads(reference("local_columbus_crime", "expected.json").read_text())
    return values, neighbours, expected


def test_moran_of_columbus_is_the_published_one() -> None:
    values, neighbours, expected = columbus()
    found = moran(values, neighbours)
    assert found.index == pytest.approx(0.500188557, abs=1e-9)
    assert found.index == pytest.approx(expected["moran_I"], rel=1e-12)
    assert found.expected == pytest.approx(expected["moran_EI"])
    assert found.z == pytest.approx(expected["moran_z_rand"], rel=1e-9)
    assert found.p_value < 1e-7


def test_local_statistics_of_columbus_agree_with_r_in_every_unit() -> None:
    values, neighbours, expected = columbus()
    local = local_moran(values, neighbours)
    assert local.statistic == pytest.approx(expected["localI"], rel=1e-9)
    assert local.z == pytest.approx(expected["localI_z_cond"], rel=1e-9)
    assert getis_ord(values, neighbours).z == pytest.approx(expected["Gi_z"], rel=1e-9)
    star = getis_ord(values, with_self(neighbours))
    assert star.name == "Gi*"
    assert star.z == pytest.approx(expected["Gi_star_z"], rel=1e-9)


def test_weights_that_sum_to_one_give_the_same() -> None:
    values, neighbours, expected = columbus()
    scaled = sparse.csr_array(sparse.diags_array(1 / neighbours.sum(axis=1)) @ neighbours)
    assert local_moran(values, scaled).z == pytest.approx(expected["localI_z_cond"], rel=1e-9)
    assert moran(values, scaled).z == pytest.approx(expected["moran_z_rand"], rel=1e-9)


# --- The exact law ------------------------------------------------------------------------------


def every_sum(values: Any, cell: int, drawn: int) -> Any:
    others = np.delete(values, cell)
    return np.array([sum(chosen) for chosen in combinations(others.tolist(), drawn)])


def small_map(seed: int) -> tuple[Any, sparse.csr_array]:
    """Counts of up to eight cells, some of them negative or all large, with any neighbours."""
    rng = np.random.default_rng(seed)
    cells = int(rng.integers(3, 9))
    values = rng.poisson(2, cells) * rng.integers(1, 5) + rng.integers(-3, 40)
    values[0] = values.max() + 1
    touching = rng.random((cells, cells)) < rng.uniform(0.2, 1)
    np.fill_diagonal(touching, val=False)
    return values, sparse.csr_array(touching.astype(float))


def from_tails(larger: float, equal: float, alternative: str) -> tuple[float, float]:
    """Chance with half of the observed, and with all of it."""
    smaller = 1 - larger - equal
    if alternative == "greater":
        return larger + equal / 2, larger + equal
    if alternative == "less":
        return smaller + equal / 2, smaller + equal
    tail = min(larger, smaller)
    return 2 * tail + equal, min(1, 2 * (tail + equal))


@given(SEEDS, st.sampled_from(["two-sided", "greater", "less"]), st.booleans())
@settings(deadline=None, max_examples=100)
def test_exact_chances_are_those_of_every_order(seed: int, alternative: Any, star: bool) -> None:
    values, neighbours = small_map(seed)
    found = getis_ord(
        values, with_self(neighbours) if star else neighbours, alternative=alternative
    )
    assert found.permutations == 0
    for cell, count in enumerate(np.diff(neighbours.indptr)):
        if count == 0:
            assert math.isnan(found.p_value[cell])
            continue
        sums = every_sum(values, cell, count)
        own = float((neighbours @ values)[cell])
        expected = from_tails(float(np.mean(sums > own)), float(np.mean(sums == own)), alternative)
        assert (found.p_value[cell], found.bound[cell]) == pytest.approx(expected, abs=1e-12)


@given(SEEDS, st.sampled_from(["two-sided", "greater", "less"]))
@settings(deadline=None, max_examples=100)
def test_exact_chances_of_local_moran_are_those_of_every_order(seed: int, alternative: Any) -> None:
    values, neighbours = small_map(seed)
    found = local_moran(values, neighbours, alternative=alternative)
    centred = values - values.mean()
    for cell, count in enumerate(np.diff(neighbours.indptr)):
        if count == 0:
            continue
        sums = every_sum(values, cell, count)
        indices = centred[cell] * (sums / count - values.mean()) / np.mean(centred**2)
        own = found.statistic[cell]
        same = np.abs(indices - own) < 1e-9
        expected = from_tails(
            float(np.mean((indices > own) & ~same)), float(np.mean(same)), alternative
        )
        if abs(centred[cell]) > 1e-9:
            assert (found.p_value[cell], found.bound[cell]) == pytest.approx(expected, abs=1e-12)
            z = (own - indices.mean()) / indices.std() if indices.std() > 1e-9 else math.nan
            assert found.z[cell] == pytest.approx(z, nan_ok=True)
        else:
            assert found.bound[cell] == 1


def test_small_chances_keep_their_digits() -> None:
    """Eight neighbours with all the tens of a thousand cells: 1 in (999 over 8)."""
    values = np.zeros(1000, dtype=int)
    values[1:9] = 10
    neighbours = sparse.lil_array((1000, 1000))
    neighbours[0, 1:9] = 1
    neighbours[500, 600:608] = 1
    found = getis_ord(values, sparse.csr_array(neighbours), alternative="greater")
    assert found.bound[0] == pytest.approx(1 / math.comb(999, 8), rel=1e-9)
    assert found.bound[500] == pytest.approx(1)


def test_many_neighbours_are_counted_through_those_who_are_not() -> None:
    rng = np.random.default_rng(3)
    values = rng.poisson(3, 60)
    everyone = 1.0 - np.eye(60)
    everyone[0, 1:4] = 0
    found = getis_ord(values, sparse.csr_array(everyone), alternative="greater")
    sums = every_sum(values, 0, 3)
    left = values[1:4].sum()
    assert found.bound[0] == pytest.approx(np.mean(sums <= left), rel=1e-9)
    assert np.isnan(found.z[1:]).all()  # all others are neighbours: there is nothing to draw
    assert "around cannot vary: 59, the first is cell 1" in found.why


def test_large_counts_are_exact_until_the_tables_would_burst() -> None:
    rng = np.random.default_rng(4)
    values = rng.poisson(3, 400)
    values[7] = 5000
    assert getis_ord(values, street(400)).permutations == 0
    spread = rng.integers(0, 20_000_000, 400)
    assert exact.tails(spread, np.full(400, 2), np.zeros(400, dtype=np.int64)) is None
    many = rng.integers(0, 2_000_000, 4000)
    told = getis_ord(many, street(4000))
    assert np.isnan(told.p_value).all()
    assert "too many and too large" in told.why
    assert np.isfinite(told.z).all()


def test_both_sides_are_twice_the_smaller_tail() -> None:
    rng = np.random.default_rng(5)
    grid = Grid("square", 100, 0, 0, 12, 12)
    values = rng.poisson(2, len(grid))
    sides: dict[str, LocalStatistic] = {
        side: getis_ord(values, grid.neighbours(), alternative=side)
        for side in ("two-sided", "greater", "less")
    }
    smaller = np.minimum(sides["greater"].p_value, sides["less"].p_value)
    assert sides["two-sided"].p_value == pytest.approx(2 * smaller)
    assert sides["greater"].p_value + sides["less"].p_value == pytest.approx(1)


@given(SEEDS)
@settings(deadline=None, max_examples=30)
def test_the_order_of_the_cells_and_an_added_constant_do_not_matter(seed: int) -> None:
    rng = np.random.default_rng(seed)
    grid = Grid("hexagon", 100, 0, 0, 6, 7)
    values, near = rng.poisson(2, len(grid)), grid.neighbours(include_self=True)
    turn = rng.permutation(len(grid))
    found = getis_ord(values, near)
    turned = getis_ord(values[turn] + 5, near[turn][:, turn])
    assert turned.p_value == pytest.approx(found.p_value[turn])
    assert turned.z == pytest.approx(found.z[turn])


# --- Rates --------------------------------------------------------------------------------------


def test_rates_are_drawn_in_and_standardised_as_assuncao_and_reis() -> None:
    y, n = np.array([2.0, 30, 55, 90, 180]), np.array([40.0, 2000, 6000, 8000, 20_000])
    found = rates(y, n)
    mean = y.sum() / n.sum()
    between = np.sum(n * (y / n - mean) ** 2) / n.sum() - mean / n.mean()
    expected = (y / n - mean) / np.sqrt(max(between, 0) + mean / n)
    assert found.standardised == pytest.approx(expected)
    assert (found.low < found.estimate).all()
    assert (found.estimate < found.high).all()
    assert found.estimate[0] < y[0] / n[0] / 3


def test_rates_without_difference_are_standardised_by_chance_alone() -> None:
    found = rates([10, 11, 9, 10], [100] * 4)
    assert found.standardised == pytest.approx((np.array([10, 11, 9, 10]) - 10) / math.sqrt(10))


# --- When nothing can be told -------------------------------------------------------------------


def test_islands_have_no_answer_and_a_reason() -> None:
    neighbours = sparse.csr_array(np.array([[0, 1, 0, 0], [1, 0, 0, 0], [0] * 4, [1, 0, 0, 0.0]]))
    found = getis_ord([3, 1, 4, 1], neighbours)
    assert np.isnan(found.p_value).tolist() == [False, False, True, False]
    assert found.why == "cells without neighbours: 1, the first is cell 2"
    assert np.isnan(found.adjusted).tolist() == [False, False, True, False]
    assert np.isnan(local_moran([3, 1, 4, 1], neighbours).statistic[2])


def test_all_events_in_one_cell_are_no_pattern_around_it() -> None:
    values = np.zeros(9, dtype=int)
    values[4] = 50
    found = getis_ord(values, street(9))
    assert math.isnan(found.z[4])
    assert found.bound[4] == 1
    assert "cells without z" in found.why
    assert found.bound[3] == pytest.approx(2 * 2 / 8)  # either side of it, of eight places


@pytest.mark.parametrize(
    ("values", "why"),
    [([0, 0, 0, 0], "all values are equal"), ([7, 7, 7], "all values are equal"), ([1, 2], "2 ce")],
)
def test_maps_without_pattern_say_so(values: list[int], why: str) -> None:
    for ask in (getis_ord, local_moran):
        found = ask(values, street(len(values)))
        assert np.isnan(found.p_value).all()
        assert np.isnan(found.adjusted).all()
        assert why in found.why


def test_moran_says_when_there_is_nothing_to_tell() -> None:
    everyone = sparse.csr_array(1.0 - np.eye(5))
    for found in (moran([1] * 5, street(5)), moran([1, 2, 3, 4, 5], everyone)):
        assert isinstance(found, Moran)
        assert math.isnan(found.p_value)
        assert found.why


def test_real_values_without_a_seed_have_z_and_a_reason() -> None:
    found = getis_ord([0.5, 2, 3, 1], street(4))
    assert np.isfinite(found.z).all()
    assert np.isnan(found.p_value).all()
    assert "need rng=numpy.random.default_rng(seed): values are not whole numbers" in found.why


SOME = street(3)
PARTLY = sparse.csr_array(np.array([[1, 1, 0], [1, 0, 1], [0, 1, 0.0]]))


@pytest.mark.parametrize(
    ("ask", "named"),
    [
        (lambda: getis_ord([1, GAP, 3], SOME), r"values\[1\] = nan is not a number"),
        (lambda: getis_ord([1, 2, 3, 4], SOME), r"neighbours has the shape \(3, 3\) for 4 values"),
        (lambda: getis_ord([1, 2, 3], np.eye(3)), "neighbours must be a SciPy sparse matrix"),
        (lambda: getis_ord([1, 2, 3], -SOME), "weight below 0"),
        (lambda: getis_ord([1, 2, 3], SOME * GAP), "weight below 0 or missing"),
        (lambda: getis_ord([1, 2, 3], PARTLY), "1 of 3 cells as their own neighbours"),
        (lambda: getis_ord([1, 2, 3], SOME, alternative=WRONG), "alternative must be one of"),
        (lambda: getis_ord([1, 2, 3], SOME, permutations=9), "permutations must be at least 19"),
        (lambda: local_moran([1, 2, 3], PARTLY), "cell 0 as its own neighbour"),
        (lambda: moran([1, 2, 3, 4], street(4, star=True)), "include_self=False"),
        (lambda: rates([1, 2, 3], [10, 0, 10]), r"population\[1\] = 0 is not above 0"),
    ],
)
def test_what_cannot_be_a_map_is_refused_by_name(ask: Callable[[], object], named: str) -> None:
    with pytest.raises(ValueError, match=named):
        ask()


def test_repeated_and_empty_entries_of_the_matrix_are_put_in_order() -> None:
    rows, columns = [0, 0, 0, 1, 2, 1], [2, 1, 1, 0, 1, 2]
    doubled = sparse.coo_array(([0.0, 0.5, 0.5, 1, 1, 1], (rows, columns)), shape=(3, 3))
    found = getis_ord([5, 1, 2], doubled)
    assert found.p_value == pytest.approx(getis_ord([5, 1, 2], SOME).p_value)
