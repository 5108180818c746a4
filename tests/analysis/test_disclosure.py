from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray
from scipy.optimize import linprog

from loftet.analysis.disclosure import (
    Cell,
    Suppressed,
    Table,
    attack,
    density,
    round_share,
    suppress,
)

# --- The attack, written apart from the product -------------------------------------------------


def recovered(
    published: list[Suppressed], *, least: int, behind: tuple[Table, ...] = (), whole: bool = False
) -> list[str]:
    """Small cells that a reader can tell from what is shown, by solving for their bounds."""
    tables = [*(old.table for old in published), *behind]
    cells = sorted({cell for table in tables for cell in table.cells().values()})
    shown, small = known(published)
    bounds = [(shown.get(cell, 0), shown.get(cell)) for cell in cells]
    sums = np.array([row for table in tables for row in sum_rows(table, cells)])

    def extreme(direction: NDArray[np.float64]) -> float:
        found = linprog(
            direction, A_eq=sums, b_eq=np.zeros(len(sums)), bounds=bounds, integrality=int(whole)
        )
        return float(found.fun) if found.status == 0 else -np.inf

    told = []
    for cell in sorted(small):
        unit = np.eye(len(cells))[cells.index(cell)]
        low, high = extreme(unit), -extreme(-unit)
        if low > 1e-6 or high < least - 1e-6:
            told.append(f"{cell}: {low:g} to {high:g}")
    return told


def known(published: list[Suppressed]) -> tuple[dict[Cell, int], set[Cell]]:
    shown, small = {}, set()
    for old in published:
        for index, cell in old.table.cells().items():
            if old.small[index]:
                small.add(cell)
            if not old.hidden[index]:
                shown[cell] = int(old.table.counts[index])
    return shown, small


def sum_rows(table: Table, cells: list[Cell]) -> list[NDArray[np.float64]]:
    place, names = {cell: k for k, cell in enumerate(cells)}, table.cells()
    rows = []
    for total, *parts in table.sums():
        row = np.zeros(len(cells))
        row[place[names[total]]] = -1
        row[[place[names[part]] for part in parts]] = 1
        rows.append(row)
    return rows


def levels(prefix: str, n: int) -> list[str]:
    return [f"{prefix}{k}" for k in range(n)]


def random_table(shape: tuple[int, ...], seed: int) -> Table:
    names = {name: levels(name, n) for name, n in zip("abcd", shape, strict=False)}
    counts = np.random.default_rng(seed).negative_binomial(1, 0.1, size=shape)
    return Table.of_inner(names, counts)


SMALL_TABLES = st.tuples(st.integers(1, 4), st.integers(1, 4)).flatmap(
    lambda shape: arrays(np.int64, shape, elements=st.integers(0, 12))
)


@given(SMALL_TABLES, st.integers(2, 6), st.booleans())
@settings(max_examples=40, deadline=None)
def test_no_small_count_of_a_table_comes_back_by_subtraction(
    inner: Any, least: int, zeros: bool
) -> None:
    names = {"area": levels("a", inner.shape[0]), "kind": levels("k", inner.shape[1])}
    (safe,) = suppress([Table.of_inner(names, inner)], least=least, zeros=zeros)
    assert recovered([safe], least=least) == []
    assert recovered([safe], least=least, whole=True) == []


def test_hiding_the_small_cells_only_would_give_them_away() -> None:
    table = Table.of_inner(
        {"area": levels("a", 3), "kind": levels("k", 3)}, [[20, 3, 12], [15, 25, 8], [30, 9, 11]]
    )
    careless = Suppressed(table, table.counts == 3, table.counts == 3)
    assert recovered([careless], least=5) == ["(('area', 'a0'), ('kind', 'k1')): 3 to 3"]
    assert attack([careless]) == {(("area", "a0"), ("kind", "k1")): (3, 3)}
    (safe,) = suppress([table])
    assert recovered([safe], least=5) == []
    assert safe.hidden.sum() == 4


@pytest.mark.parametrize("seed", range(4))
def test_tables_that_share_margins_are_guarded_together(seed: int) -> None:
    joint = np.random.default_rng(seed).negative_binomial(1, 0.15, size=(5, 4, 3))
    names = {"area": levels("a", 5), "kind": levels("k", 4), "year": levels("y", 3)}
    tables = [two_way(joint, names, axis) for axis in (2, 1)]  # area x kind and area x year
    alone = [suppress([table])[0] for table in tables]
    together = suppress(tables)
    assert recovered(list(together), least=5) == []
    assert recovered(list(together), least=5, whole=True) == []
    for table in together:  # a cell that both show is hidden in both or in neither
        for other in together:
            assert agree(table, other)
    assert all(not recovered([one], least=5) for one in alone)


def two_way(joint: Any, names: dict[str, list[str]], axis: int) -> Table:
    kept = {name: names[name] for k, name in enumerate(names) if k != axis}
    return Table.of_inner(kept, joint.sum(axis=axis))


def agree(one: Suppressed, other: Suppressed) -> bool:
    hidden = {cell: one.hidden[index] for index, cell in one.table.cells().items()}
    return all(
        hidden.get(cell, other.hidden[index]) == other.hidden[index]
        for index, cell in other.table.cells().items()
    )


@pytest.mark.parametrize("seed", range(3))
def test_three_two_way_tables_are_guarded_through_the_table_behind_them(seed: int) -> None:
    joint = np.random.default_rng(seed).negative_binomial(1, 0.15, size=(3, 3, 2))
    names = {"area": levels("a", 3), "kind": levels("k", 3), "year": levels("y", 2)}
    behind = Table.of_inner(names, joint)
    safe = suppress([two_way(joint, names, axis) for axis in range(3)], behind=[behind])
    assert recovered(list(safe), least=5, behind=(behind,)) == []
    assert recovered(list(safe), least=5, behind=(behind,), whole=True) == []


@pytest.mark.parametrize("shape", [(7,), (4, 3, 3), (12, 8)])
def test_tables_of_one_two_and_three_dimensions_hold_the_attack(shape: tuple[int, ...]) -> None:
    (safe,) = suppress([random_table(shape, seed=5)])
    assert safe.small.any()
    assert recovered([safe], least=5) == []


def test_the_attack_of_the_product_finds_what_the_attack_of_the_test_finds() -> None:
    table = random_table((4, 3), seed=2)
    small = (table.counts > 0) & (table.counts < 5)
    careless = Suppressed(table, small, small)
    ranges = attack([careless])
    told = {
        str(cell): ranges[cell]
        for index, cell in table.cells().items()
        if small[index] and (ranges[cell][0] > 0 or ranges[cell][1] < 5)
    }
    assert told
    assert sorted(told) == sorted(line.split(":")[0] for line in recovered([careless], least=5))


def test_a_later_table_does_not_undo_an_earlier_one() -> None:
    joint = np.array([[[9, 2], [8, 7]], [[6, 12], [11, 5]], [[14, 9], [20, 7]]])
    names = {"area": levels("a", 3), "kind": levels("k", 2), "year": levels("y", 2)}
    first = suppress([two_way(joint, names, 1)])  # area x year
    second = suppress([two_way(joint, names, 2)], already=first)  # area x kind
    assert recovered([*first, *second], least=5) == []
    for index, cell in first[0].table.cells().items():
        for other, same in second[0].table.cells().items():
            if cell == same and not first[0].hidden[index]:
                assert not second[0].hidden[other]


def test_what_is_published_already_can_make_a_table_impossible() -> None:
    one = Table.of_inner({"area": levels("a", 3)}, [3, 9, 30])
    shown = Suppressed(one, np.zeros(4, dtype=bool), np.zeros(4, dtype=bool))
    with pytest.raises(ValueError, match="already shows the small count of area a0"):
        suppress([one], already=[shown])
    two = Table.of_inner({"area": levels("a", 3), "sex": ["f", "m"]}, [[1, 5], [9, 9], [30, 9]])
    open_margins = Suppressed(two, np.zeros((4, 3), dtype=bool), np.zeros((4, 3), dtype=bool))
    open_margins.hidden[0, 0] = True
    with pytest.raises(ValueError, match=r"cannot guard area a0, sex f.*leave a margin out"):
        suppress([two], already=[open_margins])


@given(SMALL_TABLES)
@settings(max_examples=25, deadline=None)
def test_nothing_is_hidden_where_nothing_is_small(inner: Any) -> None:
    names = {"area": levels("a", inner.shape[0]), "kind": levels("k", inner.shape[1])}
    (safe,) = suppress([Table.of_inner(names, inner + 5)])
    assert not safe.hidden.any()
    assert np.array_equal(safe.shown, safe.table.counts)


def test_turning_a_table_hides_as_much() -> None:
    table = random_table((5, 4), seed=9)
    turned = Table({name: table.dimensions[name] for name in "ba"}, table.counts.T)
    (one,), (other,) = suppress([table]), suppress([turned])
    assert np.array_equal(one.small, other.small.T)
    assert recovered([other], least=5) == []


# --- Shares -------------------------------------------------------------------------------------


@given(st.integers(1, 400), st.integers(1, 8))
@settings(max_examples=60, deadline=None)
def test_every_rounded_share_fits_several_counts(n: int, least: int) -> None:
    shares = [round_share(k, n, least=least) for k in range(n + 1)]
    told = [share.share for share in shares if share]
    assert len({share.step for share in shares if share}) <= 1
    assert len(told) in {0, n + 1}
    assert all(told.count(share) >= least for share in set(told))
    for k, share in enumerate(shares):
        assert share is None or abs(share.share - k / n) <= share.step / 2 + 1e-12


def test_few_people_get_coarse_shares_and_very_few_none() -> None:
    assert round_share(1, 3) is None
    assert [s.step for n in (10, 30, 100, 300, 1000) if (s := round_share(1, n))] == [
        0.5, 0.2, 0.05, 0.02, 0.01,
    ]  # fmt: skip


# --- Points -------------------------------------------------------------------------------------

POINTS = st.integers(0, 2**32 - 1).flatmap(
    lambda seed: st.integers(0, 400).map(
        lambda n: np.random.default_rng(seed).normal(650_000, 3000, size=(n, 2))
    )
)


@given(POINTS, st.integers(1, 30))
@settings(max_examples=40, deadline=None)
def test_every_group_of_squares_tells_of_enough_points_and_none_is_lost(
    points: Any, least: int
) -> None:
    told = density(points, least=least)
    assert (told.count >= least).all()
    assert int(told.count.sum()) + told.left_out == len(points)
    assert told.left_out == 0 or told.left_out >= least or len(told.count) == 0
    held = np.zeros(len(told.count), dtype=int)
    for x, y, side, group in zip(told.x, told.y, told.side, told.group, strict=True):
        inside = (points >= [x, y]).all(axis=1) & (points < [x + side, y + side]).all(axis=1)
        held[group] += inside.sum()
    assert np.array_equal(held, told.count)


def test_squares_are_smaller_where_points_are_many() -> None:
    rng = np.random.default_rng(1)
    town, country = rng.normal(4000, 300, (2000, 2)), rng.uniform(0, 16_000, (300, 2))
    told = density(np.vstack([town, country]), least=20)
    assert told.side.min() == 250
    assert told.side.max() >= 4000
    densest = told.group == told.per_km2.argmax()
    assert (told.side[densest] == 250).all()
    assert np.bincount(told.group).max() > 1


def test_the_order_of_the_points_does_not_matter() -> None:
    points = np.random.default_rng(3).normal(0, 2000, (500, 2))
    one, other = density(points), density(points[::-1])
    assert np.array_equal(np.sort(one.count), np.sort(other.count))


# --- What comes in ------------------------------------------------------------------------------

AREAS = {"area": ["A", "B"]}


@pytest.mark.parametrize(
    ("ask", "named"),
    [
        (lambda: Table(AREAS, np.array([1, 2, 4])), r"do not add up over 'area': 1 \+ 2 is not 4"),
        (lambda: Table(AREAS, np.array([1, 2])), "put the total last, or use Table.of_inner"),
        (lambda: Table.of_inner(AREAS, [1, -2]), "whole numbers from 0 up"),
        (lambda: Table.of_inner(AREAS, [1, 2.5]), "whole numbers from 0 up"),
        (lambda: Table.of_inner(AREAS, [1, np.nan]), "give 0, not NaN"),
        (lambda: Table.of_inner(AREAS, ["x", "y"]), "counts must be whole numbers"),
        (lambda: Table.of_inner({"area": ["A", "A"]}, [1, 2]), "names a level twice"),
        (lambda: suppress([Table.of_inner(AREAS, [1, 2])], least=-1), "least must be 0 or more"),
        (
            lambda: suppress([Table.of_inner(AREAS, [1, 2]), Table.of_inner(AREAS, [1, 3])]),
            "tables disagree on area B: 2 and 3",
        ),
        (lambda: round_share(3, 2), "3 exceeds 2"),
        (lambda: round_share(1, 2, least=0), "least must be above 0"),
        (lambda: density([[1, 2, 3]]), r"points must have the shape \(n, 2\)"),
        (lambda: density([[1, np.nan]]), "points have a coordinate that is not a number"),
        (lambda: density([[1, 2]], least=0), "least must be above 0"),
        (lambda: density([[1, 2]], smallest=0), "smallest must be above 0"),
    ],
)
def test_what_cannot_be_answered_is_refused_by_name(ask: Callable[[], object], named: str) -> None:
    with pytest.raises(ValueError, match=named):
        ask()
