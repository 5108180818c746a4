"""False alarms and power on simulated maps, permutations beside the exact law, two periods."""

import math
from concurrent.futures import ThreadPoolExecutor
from itertools import permutations
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse, stats

from loftet.analysis import parallel
from loftet.analysis.grid import Grid
from loftet.analysis.hotspot import State, compare, getis_ord, local_moran, rates
from loftet.analysis.hotspot.exact import Tails
from loftet.analysis.hotspot.neighbourhood import Rows, around, rows_of
from loftet.analysis.hotspot.permuted import tails

SIDE = 15
GRID = Grid("square", 250, 0, 0, SIDE, SIDE)
CHOSEN = SIDE * (SIDE // 2) + SIDE // 2
HERE = parallel.Here()


def seeded(seed: int = 1) -> np.random.Generator:
    return np.random.default_rng(seed)


# --- False alarms at a cell that was chosen beforehand ------------------------------------------


@pytest.mark.parametrize(
    ("ask", "mean"), [(getis_ord, 1.0), (getis_ord, 3.0), (getis_ord, 20.0), (local_moran, 3.0)]
)
def test_maps_without_pattern_raise_the_alarm_in_five_of_a_hundred(ask: Any, mean: float) -> None:
    rng = seeded(int(mean))
    near = GRID.neighbours(include_self=ask is getis_ord)
    p_values, bounds = np.array(
        [
            (found.p_value[CHOSEN], found.bound[CHOSEN])
            for found in (ask(rng.poisson(mean, len(GRID)), near) for _ in range(3000))
        ]
    ).T
    assert 0.04 < np.mean(p_values < 0.05) < 0.06
    assert np.mean(bounds < 0.05) < 0.05 + 2 * math.sqrt(0.05 * 0.95 / 3000)


def test_with_a_lot_drawn_for_the_observed_the_chances_are_level() -> None:
    """Counts come in steps; with a lot for the step itself every p is as likely as any other."""
    rng, near = seeded(2), GRID.neighbours(include_self=True)
    drawn = []
    for _ in range(3000):
        found = getis_ord(rng.poisson(0.3, len(GRID)), near, alternative="greater")
        step = 2 * (found.bound[CHOSEN] - found.p_value[CHOSEN])
        drawn.append(found.bound[CHOSEN] - rng.random() * step)
    assert stats.kstest(drawn, "uniform").pvalue > 0.01
    assert np.mean(np.array(drawn) < 0.05) == pytest.approx(0.05, abs=0.01)


def test_of_all_cells_together_a_map_without_pattern_names_none() -> None:
    rng, near = seeded(3), GRID.neighbours(include_self=True)
    maps = [getis_ord(rng.poisson(2, len(GRID)), near, alternative="greater") for _ in range(600)]
    named = np.mean([bool((found.adjusted < 0.05).any()) for found in maps])
    assert named < 0.05 + 3 * math.sqrt(0.05 * 0.95 / 600)


def test_a_planted_cluster_is_found() -> None:
    rng, near = seeded(4), GRID.neighbours(include_self=True)
    risk = np.full((SIDE, SIDE), 2.0)
    risk[6:9, 6:9] = 6.0
    maps = [getis_ord(rng.poisson(risk).ravel(), near, alternative="greater") for _ in range(200)]
    assert np.mean([found.adjusted[CHOSEN] < 0.05 for found in maps]) > 0.95
    far = np.mean([(found.adjusted.reshape(SIDE, SIDE)[:4] < 0.05).mean() for found in maps])
    assert far < 0.002


def test_rates_of_unlike_cells_raise_no_more_alarms_than_they_should() -> None:
    """Raw rates of small cells would stand out; standardised ones do not."""
    rng, near = seeded(5), GRID.neighbours()
    apart = [SIDE * row + column for row in (2, 7, 12) for column in (2, 7, 12)]
    alarms = []
    for _ in range(100):
        population = rng.integers(20, 2000, len(GRID))
        found = rates(rng.poisson(0.02 * population), population)
        tested = getis_ord(found.standardised, near, permutations=99, rng=rng, executor=HERE)
        alarms.append(np.mean(tested.p_value[apart] <= 0.05))
    assert np.mean(alarms) == pytest.approx(0.05, abs=3 * math.sqrt(0.05 * 0.95 / 900))


# --- Permutations -------------------------------------------------------------------------------


def law_by_permutations(values: Any, rows: Rows, count: int, seed: int) -> Tails:
    near = around(values.astype(float), rows)
    return tails(values.astype(float), rows, near.sums, permutations=count, rng=seeded(seed))


def test_permutations_come_near_the_exact_chances() -> None:
    rng = seeded(6)
    values = rng.poisson(2, len(GRID))
    found = getis_ord(values, GRID.neighbours(), alternative="greater")
    drawn = law_by_permutations(values, rows_of(GRID.neighbours(), len(GRID)), 20_000, 7)
    error = np.sqrt(found.bound * (1 - found.bound) / 20_000) + 1e-4
    assert np.abs(drawn.at_least - found.bound).max() < 4 * np.max(error)
    assert (np.abs(drawn.at_least - found.bound) < 4.5 * error).all()


def test_unequal_weights_are_those_of_every_order() -> None:
    values = np.array([4.5, 1.0, 0.2, 2.0, 3.3, 7.1])
    weights = np.array([0, 2.0, 0.5, 0, 1.0, 0])
    matrix = sparse.lil_array((6, 6))
    matrix[0] = weights
    matrix[3, [1, 2]] = 1, 3
    found = getis_ord(
        values, sparse.csr_array(matrix), alternative="greater", permutations=9999, rng=seeded()
    )
    for cell, own in ((0, weights[1:]), (3, np.array([0, 1, 3, 0, 0.0]))):
        others = np.delete(values, cell)
        every = [own @ np.array(order) for order in permutations(others)]
        observed = matrix.toarray()[cell] @ values
        expected = np.mean(np.array(every) >= observed - 1e-9)
        assert found.p_value[cell] == pytest.approx(expected, abs=0.02)
    assert found.permutations == 9999
    assert found.monte_carlo_error[0] == pytest.approx(
        math.sqrt(found.p_value[0] * (1 - found.p_value[0]) / 9999)
    )


@given(st.integers(0, 1000))
@settings(deadline=None, max_examples=20)
def test_no_cell_is_drawn_as_its_own_neighbour(seed: int) -> None:
    """One cell outweighs all others together: its own neighbours can never sum to as much."""
    rng = seeded(seed)
    values = np.append(rng.uniform(0, 1, 7), 1000.0)
    everyone = sparse.csr_array(rng.uniform(0.5, 1, (8, 8)) * (1 - np.eye(8)))
    rows = rows_of(everyone, 8)
    drawn = tails(values, rows, np.full(8, 50.0), permutations=99, rng=rng)
    assert drawn.at_least[7] == 0.01
    assert (drawn.at_least[:7] == 1).all()


def test_any_number_of_workers_gives_the_same_numbers() -> None:
    grid = Grid("hexagon", 100, 0, 0, 130, 130)  # more than one piece of work
    values = seeded(8).gamma(1, 1, len(grid))
    near = grid.neighbours(include_self=True)
    with ThreadPoolExecutor(3) as three:
        first, second, third = (
            getis_ord(values, near, permutations=39, rng=seeded(), executor=executor).p_value
            for executor in (HERE, three, None)
        )
    assert (first == second).all()
    assert (first == third).all()


# --- Two periods --------------------------------------------------------------------------------


def town(*spots: tuple[int, int]) -> Any:
    risk = np.full((SIDE, SIDE), 2.0)
    for row, column in spots:
        risk[row : row + 3, column : column + 3] = 12.0
    return risk


def test_hot_spots_stay_come_and_go() -> None:
    rng = seeded(9)
    before, after = town((1, 1), (10, 1)), town((1, 1), (10, 10))
    found = compare(
        rng.poisson(before).ravel(), rng.poisson(after).ravel(), GRID.neighbours(include_self=True)
    )
    state = found.state.reshape(SIDE, SIDE)
    moved = found.beyond_chance.reshape(SIDE, SIDE)
    assert (state[2, 2], moved[2, 2]) == (State.STABLE, False)
    assert (state[11, 11], moved[11, 11]) == (State.NEW, True)
    assert (state[11, 2], moved[11, 2]) == (State.FADING, True)
    assert (state[5:9, 6:9] == State.NONE).all()


def test_a_spot_that_crosses_the_limit_by_chance_is_not_called_a_change() -> None:
    rng, near = seeded(10), GRID.neighbours(include_self=True)
    risk = np.full((SIDE, SIDE), 3.0)
    risk[3:6, 3:6] = 5.5
    news, changes = 0, 0
    for _ in range(100):
        before, after = rng.poisson(risk, (2, SIDE, SIDE)).reshape(2, -1)
        found = compare(before, after, near)
        news += int((found.state == State.NEW).any())
        changes += int(found.beyond_chance.any())
    assert news > 20
    assert changes < 10


def test_a_period_without_events_has_no_shares_to_compare() -> None:
    values = seeded(11).poisson(2, len(GRID))
    found = compare(values, np.zeros(len(GRID)), GRID.neighbours())
    assert np.isnan(found.change).all()
    assert not found.beyond_chance.any()
    assert "all values are equal" in found.after.why


def test_weighted_neighbours_cannot_be_counted() -> None:
    with pytest.raises(ValueError, match="neighbours must hold ones only"):
        compare([1, 2, 3], [1, 2, 3], sparse.csr_array(np.full((3, 3), 0.5)))
