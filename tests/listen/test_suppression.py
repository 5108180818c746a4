"""No small count comes back from what is published of a wave, add and subtract as one may."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from typing import Any

import numpy as np
import pytest
from scipy.optimize import linprog

from loftet.listen.rules.designs import Design
from loftet.listen.rules.results import Classes, Drawn, Filled, Given, Limits, compiled
from loftet.listen.rules.results.items import Item, items
from loftet.listen.rules.results.microdata import background, header, rows
from loftet.listen.rules.results.ranking import ranked
from loftet.listen.rules.results.sample import Rows
from tests.listen import survey

LIMITS = Limits()
LARGE, NO_OPINION = frozenset({"large", "very_large"}), frozenset({"unknown"})
CLASSES = [
    Classes("outdoors", ("outdoors",), LARGE, NO_OPINION, (0.05, 0.1, 0.2, 0.3, 0.4, 0.5)),
    Classes("people", ("disturbances",), LARGE, NO_OPINION, (0.05, 0.1, 0.2, 0.3, 0.4, 0.5)),
]


@pytest.fixture(scope="module", params=[(40, 1), (90, 3)], ids="{0[0]} drawn".format)
def given(request: pytest.FixtureRequest) -> Given:
    each, seed = request.param
    return survey.wave(each, seed=seed, classes=CLASSES)


@pytest.fixture(scope="module")
def content(given: Given) -> dict[str, Any]:
    return compiled(given)


def counts(given: Given, item: Item) -> dict[tuple[str | None, str], int]:
    """What is true and must not be told: how many gave each answer in each area."""
    return Counter(
        (answer.stratum, value)
        for answer in given.answers
        if (value := item.value(answer.content)) is not None
    )


def test_no_figure_stands_on_fewer_than_the_limit(given: Given, content: dict[str, Any]) -> None:
    for item in items(given.form):
        true = counts(given, item)
        for figure in content["tables"][item.code]:
            inside = [k for k in true if figure["area"] in (None, k[0])]
            if figure["n"] is not None:
                assert figure["n"] == sum(true[k] for k in inside) >= LIMITS.group
            for level, told in figure["levels"].items():
                count = sum(true[k] for k in inside if k[1] == level)
                assert "share" not in told or count == 0 or count >= LIMITS.cell


def test_an_attack_by_subtraction_finds_no_small_count(
    given: Given, content: dict[str, Any]
) -> None:
    """What is published are lines of a system; each hidden count may be none, or large enough."""
    tried = 0
    for item in items(given.form):
        figures = {f["area"]: f for f in content["tables"][item.code]}
        true = counts(given, item)
        areas = [stratum.code for stratum in given.strata]
        cells = list(product(areas, item.levels))
        lines, sums = [], []
        every = [*published(figures, cells, true), *in_the_index(content, item, cells, true)]
        for line, value in every:
            lines.append(line)
            sums.append(value)
        for at, cell in enumerate(cells):
            if 0 < true[cell] < LIMITS.cell and lines:
                low, high = (reach(lines, sums, at, sign) for sign in (1, -1))
                assert low < 1, (item.code, cell)
                assert high >= LIMITS.cell, (item.code, cell)
                tried += 1
        for area in areas:
            base = sum(true[area, level] for level in item.levels)
            if 0 < base < LIMITS.group and lines:
                inside = [at for at, cell in enumerate(cells) if cell[0] == area]
                assert reach(lines, sums, inside, -1) >= LIMITS.group, (item.code, area)
                tried += 1
    assert tried > 3


def published(
    figures: dict[str | None, Any],
    cells: list[tuple[str, str]],
    true: dict[tuple[str | None, str], int],
) -> Iterator[tuple[list[float], int]]:
    """What a reader knows of counts: a shown share and n is at worst an exact count."""
    for area, figure in figures.items():
        inside = [area in (None, cell[0]) for cell in cells]
        if figure["n"] is None:
            continue
        yield [float(x) for x in inside], figure["n"]
        for level, told in figure["levels"].items():
            if "share" in told:
                line = [
                    float(x and cell[1] == level) for x, cell in zip(inside, cells, strict=True)
                ]
                yield line, sum(true[c] for c, x in zip(cells, line, strict=True) if x)


def in_the_index(
    content: dict[str, Any],
    item: Item,
    cells: list[tuple[str, str]],
    true: dict[tuple[str | None, str], int],
) -> Iterator[tuple[list[float], int]]:
    """Whoever knows a share and its n knows how many see a problem, and who has no opinion."""
    for one in content["index"]["areas"]:
        if item.code in one["points"]:
            for kind in (LARGE, NO_OPINION):
                line = [float(one["area"] in (None, c[0]) and c[1] in kind) for c in cells]
                yield line, sum(true[c] for c, x in zip(cells, line, strict=True) if x)


def reach(lines: list[list[float]], sums: list[int], at: int | list[int], sign: int) -> float:
    goal = np.zeros(len(lines[0]))
    goal[at] = sign
    found = linprog(goal, A_eq=np.array(lines), b_eq=sums, bounds=(0, None))
    assert found.success or found.status == 3, found.message
    return float(sign * found.fun) if found.success else float("inf")


def test_answers_of_each_area_are_not_told_when_few(given: Given, content: dict[str, Any]) -> None:
    of = Counter(answer.stratum for answer in given.answers)
    told = content["response"]["by_area"]
    hidden = [one for one in told if one["answered"] is None]
    assert all(one["answered"] is None for one in told if 0 < of[one["area"]] < LIMITS.group)
    assert not hidden or len(hidden) > 1 or of[hidden[0]["area"]] >= LIMITS.group


def test_a_single_small_area_takes_another_with_it() -> None:
    answers = [Filled("a", "web", {"age": "16-24"})] * 40
    answers += [Filled("b", "web", {"age": "16-24"})] * 30
    answers += [Filled("c", "web", {"age": "16-24"})] * 4
    strata = [Drawn(code, code, 1000, 50) for code in "abc"]
    found = compiled(Given(survey.FORM, Design.PROBABILITY, answers, strata, 3000))
    shown = {figure["area"]: figure["n"] for figure in found["tables"]["age"]}
    assert shown == {None: 74, "a": 40, "b": None, "c": None}


def test_a_mean_is_not_told_of_few(given: Given) -> None:
    few = replace(given, answers=list(given.answers)[:9])
    found = compiled(few)
    assert found["means"]["safe_here"][0]["n"] is None
    assert ranked(Rows(few), few.form.question("priorities"))["rows"] == []


def test_places_lie_in_squares_with_enough_marks() -> None:
    mark = {"feeling": "unsafe", "lat": 58.28, "lon": 12.29}
    alone = {"feeling": "unsafe", "lat": 58.68, "lon": 12.99}
    answers = [Filled("a", "web", {"places": [mark, mark, mark]})] * 5
    strata = [Drawn("a", "a", 1000, 50)]
    given = Given(survey.FORM, Design.PROBABILITY, answers, strata, 1000)
    assert compiled(given)["places"]["places"]["unsafe"] == []  # fifteen marks of five people
    more = [Filled("a", "web", {"places": [mark]})] * 12
    lone = [Filled("a", "web", {"places": [alone]})]
    squares = compiled(replace(given, answers=more + lone))["places"]["places"]["unsafe"]
    assert [square["count"] for square in squares] in ([12], [])
    assert not any(abs(square["lat"] - 58.28) < 1e-4 for square in squares)


def test_rows_for_analysts_hold_nobody_who_stands_alone(given: Given) -> None:
    names = header(given)
    table = [dict(zip(names, row, strict=True)) for row in rows(given)]
    about = [code for code in background(given.form, list(given.margins)) if code in names]
    kinds = Counter(tuple(row[name] for name in ["area", *about]) for row in table)
    told = {kind: count for kind, count in kinds.items() if any(kind[1:])}
    assert told
    assert min(told.values()) >= LIMITS.cell
    areas = Counter(row["area"] for row in table if row["area"])
    assert not areas or min(areas.values()) >= LIMITS.group
    assert not {"comment", "places", "mode", "language"} & set(names)
