import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from loftet.analysis.grid import Form, Grid

FORMS = st.sampled_from(["square", "hexagon"])
CELLS = st.sampled_from([0.5, 100.0, 250.0, 333.3, 1000.0])
SEEDS = st.integers(0, 10_000)
WRONG: Any = "triangle"
HALF: Any = 0.5
GAP: Any = math.nan


def some_points(seed: int, count: int = 60) -> tuple[Any, Any]:
    rng = np.random.default_rng(seed)
    return rng.uniform(300_000, 306_000, count), rng.uniform(6_400_000, 6_404_000, count)


# --- Where the cells lie ------------------------------------------------------------------------


@given(SEEDS, CELLS, FORMS)
@settings(deadline=None, max_examples=60)
def test_each_point_lies_in_the_polygon_of_its_cell(seed: int, cell: float, form: Form) -> None:
    x, y = some_points(seed, 20)
    if cell < 100:
        x, y = x % 10, y % 10
    grid = Grid.of_points(x, y, cell=cell, form=form)
    found = grid.cell_of(x, y)
    assert (found >= 0).all()
    corners = grid.corners()[found]
    ahead = np.roll(corners, -1, axis=1) - corners
    towards = np.stack([x, y], axis=-1)[:, None, :] - corners
    left = ahead[..., 0] * towards[..., 1] - ahead[..., 1] * towards[..., 0]
    assert (left >= -1e-6 * cell).all()


@given(SEEDS, CELLS, FORMS)
@settings(deadline=None, max_examples=40)
def test_the_centre_of_a_cell_lies_in_it_and_its_polygon_has_its_area(
    seed: int, cell: float, form: Form
) -> None:
    x, y = some_points(seed)
    grid = Grid.of_points(x[:3], y[:3], cell=max(cell, 100), form=form)
    centres = grid.centres()
    assert grid.cell_of(*centres.T).tolist() == list(range(len(grid)))
    assert grid.corners().mean(axis=1) == pytest.approx(centres, abs=1e-6)
    polygons = np.asarray(shapely.polygons(grid.corners()))
    assert shapely.area(polygons) == pytest.approx(grid.area, rel=1e-6)
    assert shapely.area(shapely.union_all(polygons)) == pytest.approx(grid.area * len(grid))
    assert grid.extent == pytest.approx(shapely.total_bounds(polygons))


@given(SEEDS, SEEDS, FORMS)
@settings(deadline=None, max_examples=40)
def test_next_years_points_lie_in_the_cells_of_this_year(one: int, two: int, form: Form) -> None:
    x, y = some_points(one)
    whole = Grid.of_points(x, y, cell=250, form=form)
    other = Grid.of_points(
        np.append(x, some_points(two, 1)[0] + 5000),
        np.append(y, some_points(two, 1)[1] - 7000),
        cell=250,
        form=form,
    )
    here, there = whole.cell_of(x, y), other.cell_of(x, y)
    assert (whole.addresses()[here] == other.addresses()[there]).all()
    assert whole.centres()[here] == pytest.approx(other.centres()[there])


def test_squares_begin_at_round_numbers_and_a_line_belongs_to_the_east_and_north() -> None:
    grid = Grid.over((319_001, 6_399_999, 319_600, 6_400_300), cell=250)
    assert grid.extent == (319_000, 6_399_750, 319_750, 6_400_500)
    assert grid.cell_of([319_250], [6_400_000]).tolist() == [grid.columns + 1]
    exact = Grid.over((0, 0, 1000, 500), cell=250)
    assert (exact.columns, exact.rows) == (4, 2)
    assert Grid.of_points([0, 1000], [0, 500], cell=250).columns == 5


def test_hexagons_are_as_far_apart_as_squares_of_the_same_size() -> None:
    grid = Grid.over((0, 0, 2000, 2000), cell=250, form="hexagon")
    centres, touching = grid.centres(), grid.neighbours().tocoo()
    apart = np.hypot(*(centres[touching.row] - centres[touching.col]).T)
    assert apart == pytest.approx(250)
    assert grid.area == pytest.approx(250**2 * math.sqrt(3) / 2)


@given(SEEDS)
@settings(deadline=None, max_examples=40)
def test_a_point_lies_in_the_hexagon_with_the_nearest_centre(seed: int) -> None:
    x, y = some_points(seed, 30)
    grid = Grid.of_points(x, y, cell=700, form="hexagon")
    apart = np.hypot(x[:, None] - grid.centres()[:, 0], y[:, None] - grid.centres()[:, 1])
    own = apart[np.arange(len(x)), grid.cell_of(x, y)]
    assert own == pytest.approx(apart.min(axis=1), abs=1e-6)


# --- Counts -------------------------------------------------------------------------------------


@given(SEEDS, FORMS)
@settings(deadline=None, max_examples=40)
def test_all_events_are_counted_or_told_to_be_outside(seed: int, form: Form) -> None:
    x, y = some_points(seed, 300)
    grid = Grid.over((301_000, 6_401_000, 304_000, 6_403_000), cell=500, form=form)
    week = np.random.default_rng(seed).integers(0, 52, 300)
    whole, weekly = grid.counts(x, y), grid.counts(x, y, period=week, periods=53)
    assert whole.counts.sum() + whole.outside == 300
    assert weekly.outside == whole.outside
    assert weekly.counts.shape == (len(grid), 53)
    assert (weekly.counts.sum(axis=1) == whole.counts).all()
    inside = grid.cell_of(x, y) >= 0
    assert (weekly.counts.sum(axis=0) == np.bincount(week[inside], minlength=53)).all()


def test_no_events_and_events_in_one_place_are_counted() -> None:
    grid = Grid.over((0, 0, 1000, 1000), cell=500)
    assert grid.counts([], []).counts.tolist() == [0, 0, 0, 0]
    assert grid.counts([700] * 5, [10] * 5).counts.tolist() == [0, 5, 0, 0]


# --- Borders ------------------------------------------------------------------------------------


def test_shares_within_a_border_add_up_to_its_area() -> None:
    border = (
        shapely.Point(302_000, 6_402_000)
        .buffer(1700)
        .difference(shapely.box(301_500, 6_401_500, 301_700, 6_401_900))
    )
    for form in ("square", "hexagon"):
        grid = Grid.over((300_000, 6_400_000, 304_000, 6_404_000), cell=300, form=form)
        shares = grid.shares_within(border)
        assert shares.sum() * grid.area == pytest.approx(border.area, rel=1e-9)
        assert (shares >= 0).all()
        assert (shares <= 1).all()
        assert np.count_nonzero(shares == 1) > 50


# --- Neighbours ---------------------------------------------------------------------------------


@given(st.integers(1, 6), st.integers(1, 6), st.integers(0, 3), st.booleans())
@settings(deadline=None, max_examples=60)
def test_neighbours_are_those_whose_centres_are_near(
    columns: int, rows: int, shift: int, star: bool
) -> None:
    reach = {"queen": 1.5, "rook": 1.1, "hexagon": 1.1}
    for kind, most in reach.items():
        form: Form = "hexagon" if kind == "hexagon" else "square"
        grid = Grid(form, 100.0, shift, shift, columns, rows)
        centres = grid.centres()
        apart = np.hypot(*(centres[:, None, :] - centres).transpose(2, 0, 1))
        expected = (apart < 100 * most) & ((apart > 0) | star)
        touching: Any = "rook" if kind == "rook" else "queen"
        found = grid.neighbours(touching, include_self=star)
        assert (found.toarray() == expected).all()
        assert found.has_canonical_format


def test_cells_outside_the_border_are_nobodys_neighbours() -> None:
    grid = Grid.over((0, 0, 1500, 1500), cell=500)
    among = np.array([True, True, False, False, True, False, True, True, True])
    whole, part = grid.neighbours(), grid.neighbours(among=among)
    assert (part.toarray() == whole.toarray()[np.ix_(among, among)]).all()


# --- What comes in ------------------------------------------------------------------------------

GRID = Grid.over((0, 0, 1000, 1000), cell=500)


@pytest.mark.parametrize(
    ("ask", "named"),
    [
        (lambda: Grid.over((0, 0, 0, 10), cell=5), "extent must be west, south, east, north"),
        (lambda: Grid.over((0, GAP, 10, 10), cell=5), r"extent\[1\] = nan is not a number"),
        (lambda: Grid.over((0, 0, 10, 10), cell=0), "cell must be above 0"),
        (lambda: Grid.over((0, 0, 1e6, 1e6), cell=1), "take larger ones"),
        (lambda: Grid.over((0, 0, 10, 10), cell=5, form=WRONG), "form must be one of"),
        (lambda: Grid.of_points([], [], cell=5), "hold no points"),
        (lambda: GRID.cell_of([1, GAP], [1, 2]), r"x\[1\] = nan is not a number"),
        (lambda: GRID.counts([1, 2], [1]), "y has 1 values, the others 2"),
        (lambda: GRID.counts([1], [1], period=[HALF]), r"period\[0\] = 0.5 is not whole"),
        (lambda: GRID.counts([1], [1], period=[3], periods=3), "period reaches 3"),
        (lambda: GRID.neighbours(WRONG), "touching must be one of"),
        (lambda: GRID.neighbours(among=[1, 0, 1, 0]), "among must say true or false"),
    ],
)
def test_what_cannot_be_a_grid_is_refused_by_name(ask: Callable[[], object], named: str) -> None:
    with pytest.raises(ValueError, match=named):
        ask()
