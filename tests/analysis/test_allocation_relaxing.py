"""Where nothing fits: what to relax is right, enough and no more than needed. And bad input."""

import math
from dataclasses import replace
from itertools import pairwise, product
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loftet.analysis.allocation import (
    Change,
    Crew,
    Need,
    Relaxation,
    Rule,
    Rules,
    Status,
    allocate,
    beats,
    need,
)
from tests.analysis.test_allocation import _duties, _fit, _served, small_case
from tests.analysis.test_allocation_rules import runs, tasks

FLAT = need(np.ones((3, 24)))
GUARDS = Crew("Guards", 1, (0, 8, 16), shift=8, rest=0)


def relaxed(crews: list[Crew], rules: Rules, way: Relaxation) -> tuple[list[Crew], Rules]:
    """Crews and rules with the changes made."""
    crews = list(crews)
    for change in way.changes:
        crews, rules = _changed(crews, rules, change)
    given_up = {change.index for change in way.changes if change.rule is Rule.FIXED}
    kept = [row for k, row in enumerate(rules.fixed) if k not in given_up]
    return crews, replace(rules, fixed=kept)


def _changed(crews: list[Crew], rules: Rules, change: Change) -> tuple[list[Crew], Rules]:
    index = change.index or 0
    if change.rule is Rule.HOURS:
        rules = replace(rules, hours=change.to)
    if change.rule is Rule.TEAMS:
        crews[index] = replace(crews[index], teams=int(change.to))
    if change.rule is Rule.LEAST:
        least = np.array(rules.least, float)
        least[index] = change.to
        rules = replace(rules, least=least)
    if change.rule is Rule.FAIRNESS:
        areas = list(dict.fromkeys(rules.area or ()))
        before: Any = rules.fairness
        fair = before if isinstance(before, dict) else dict.fromkeys(areas, before)
        rules = replace(rules, fairness=fair | {areas[index]: change.to})
    return crews, rules


def test_too_few_hours_are_raised_or_the_least_hours_lowered() -> None:
    rules = Rules(least=[4, 4, 4], worth=(1.0,) * 4, pause=1, hours=10, names=["A", "B", "C"])
    crew = replace(GUARDS, shift=2, starts=tuple(range(24)))
    plan = allocate(FLAT, [crew], rules)
    assert plan.status is Status.IMPOSSIBLE
    assert plan.covered == 0
    assert plan.advice == (
        "No plan keeps to all rules: raise hours by 2 (to 12), "
        "or lower the least hours at A by 2 (to 2)."
    ) or plan.advice.endswith(("at B by 2 (to 2).", "at C by 2 (to 2)."))
    more, less = plan.relaxations
    assert more.proved
    assert less.proved
    assert [(c.rule, c.index, c.by, c.to) for c in more.changes] == [(Rule.HOURS, None, 2, 12)]
    assert [(c.rule, c.by, c.to) for c in less.changes] == [(Rule.LEAST, 2, 2)]


def test_no_hours_help_where_the_place_is_closed() -> None:
    allowed = np.ones((3, 24), bool)
    allowed[2, 1:] = False
    plan = allocate(FLAT, [GUARDS], Rules(least=[0, 0, 3], allowed=allowed))
    (only,) = plan.relaxations
    assert only.sentence == "lower the least hours at place 2 by 2 (to 1)"
    assert [(c.rule, c.index) for c in only.changes] == [(Rule.LEAST, 2)]


def test_two_places_at_once_need_another_team_or_one_of_them_given_up() -> None:
    late = replace(GUARDS, starts=(18, 2, 10))
    plan = allocate(FLAT, [late], Rules(fixed=[(0, 4), (1, 4.0)], begins=18))
    more, less = plan.relaxations
    assert more.sentence == "add 1 team to Guards (to 2)"
    assert less.sentence in {
        "give up the fixed presence at place 0, Mon 22:00",
        "give up the fixed presence at place 1, Mon 22:00",
    }


def test_fairness_gives_way_where_an_area_cannot_get_its_share() -> None:
    rules = Rules(
        worth=(1.0,) * 8, area=["a", "b", "b"], least=[0, 6, 0], most=[1, 9, 9], fairness={"a": 0.9}
    )
    plan = allocate(FLAT, [GUARDS], rules)
    sentences = [way.sentence for way in plan.relaxations]
    assert sentences == ["lower the least hours at place 1 by 3.66667 (to 2.33333)"] or (
        "fairness of a" in sentences[-1]
    )
    for way in plan.relaxations:
        assert allocate(FLAT, *relaxed([GUARDS], rules, way)).status is Status.PROVED


@given(tasks(), st.sampled_from([0.0, 0.4, 0.8]), st.integers(1, 5))
@settings(deadline=None, max_examples=40)
def test_what_is_advised_is_enough(
    task: tuple[Need, list[Crew], Rules], fairness: float, least: int
) -> None:
    needed, crews, rules = task
    due = np.where(np.arange(len(needed.values)) % 2, least, 0.0)
    tight = replace(rules, fairness=fairness, least=np.minimum(due, rules.most), hours=8.0)
    plan = allocate(needed, crews, tight)
    for way in plan.relaxations:
        assert way.proved
        assert way.changes
        assert all(change.by > 0 for change in way.changes)
        assert allocate(needed, *relaxed(crews, tight, way)).status is Status.PROVED


def cheapest(needed: Need, crew: Crew, rules: Rules) -> float:
    """The least that must be given up, by trying every presence with every set of shifts."""
    places, hours = needed.values.shape
    duties = list(_duties(crew, rules, hours))
    least = math.inf
    for bits in product((False, True), repeat=places * hours):
        present = np.array(bits).reshape(places, hours)
        cost = _given_up(present, rules) if _fit(present, crew) else math.inf
        if cost < least and any(_served(present, duty, rules) for duty in duties):
            least = cost
    return least


def _given_up(present: Any, rules: Rules) -> float:
    lost = np.zeros(len(present)) if rules.travel is None else np.max(rules.travel, axis=0) / 60
    visits = [runs(row) for row in present]
    lengths = [end - start for row in visits for start, end in row]
    pauses = [b[0] - a[1] for row in visits for a, b in pairwise(row)]
    got = [sum(e - s - lost[place] for s, e in row) for place, row in enumerate(visits)]
    wrong = (
        (present & ~np.array(rules.allowed)).any()
        or min(lengths, default=rules.shortest) < rules.shortest
        or max(lengths, default=0) > len(rules.worth)
        or min(pauses, default=rules.pause) < rules.pause
        or (np.array(got) > np.asarray(rules.most) + 1e-9).any()
    )
    short = np.maximum(0, np.asarray(rules.least) - got)
    gone = sum(not present[place, int(hour)] for place, hour in rules.fixed)
    return math.inf if wrong else short.sum() + (short > 1e-9).sum() + 2.0 * gone


@pytest.mark.parametrize("seed", range(24))
def test_no_smaller_demands_would_have_to_go(seed: int) -> None:
    needed, crew, rules = small_case(seed)
    tight = replace(
        rules, fairness=0.0, least=np.minimum([2.0, 1.0, 2.0][: len(needed.values)], rules.most)
    )
    plan = allocate(needed, [crew], tight)
    cost = cheapest(needed, crew, tight)
    assert (cost == 0) == (plan.status is Status.PROVED)
    if cost:
        changes = plan.relaxations[-1].changes
        assert sum(change.by + 1 for change in changes) == pytest.approx(cost)


# --- Bad input ----------------------------------------------------------------------------------

ONES = np.ones((2, 4))
HOLED = np.array([[1, 1, 1, 1], [1, 1, np.nan, 1]])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((HOLED,), r"events\[1, 2\] = nan is not a number"),
        ((-ONES,), r"events\[0, 0\] = -1 is below 0"),
        ((np.ones(3),), "events must have a row for each place"),
        (([[1, 2], [3]],), "events must hold numbers only"),
        ((np.ones((0, 4)),), "events must have a row for each place"),
        ((np.ones((2, 169)),), "at most a week"),
        ((0 * ONES,), "events is 0 everywhere"),
        ((ONES, 0 * ONES, 0.5), "felt is 0 everywhere"),
        ((ONES, np.ones((2, 3)), 0.5), r"felt is of shape \(2, 3\), the events of \(2, 4\)"),
        ((ONES, [1, 2, 3], 0.5), "felt has 3 values, the others 2"),
        ((ONES, [1, -2], 0.5), r"felt\[1, 0\] = -2 is below 0"),
        ((ONES, None, 0.5), "weight is 0.5 but felt is not given"),
        ((ONES, [1, 2], 1.5), "weight must lie between 0 and 1"),
        ((ONES, [1, 2], True), "weight must lie between 0 and 1"),
        ((ONES, [1, 2], 0.5, [True, False]), "asked_about must hold True or False in the shape"),
        ((ONES, [1, 2], 0.5, [False] * 4), "asked_about is false everywhere"),
    ],
)
def test_a_need_that_makes_no_sense_is_refused(arguments: tuple[Any, ...], message: str) -> None:
    names = ("felt", "weight", "asked_about")
    with pytest.raises(ValueError, match=message):
        need(arguments[0], **dict(zip(names, arguments[1:], strict=False)))


@pytest.mark.parametrize(
    ("rules", "message"),
    [
        ({"slot": 45}, "slot must be one of 15, 20, 30, 60 minutes"),
        ({"worth": ()}, "worth must hold what each slot"),
        ({"worth": (1.0, np.nan)}, "worth must hold what each slot"),
        ({"worth": (0.5, 0.6)}, "worth must begin at 1 or below and never rise"),
        ({"shortest": 4}, "shortest must be 1 to 3 slots"),
        ({"pause": 0}, "pause must be 1 slot or more"),
        ({"names": ["A"]}, "names has 1 values for 2 places"),
        ({"area": [1, 2, 3]}, "area has 3 values for 2 places"),
        ({"beat": [1]}, "beat has 1 values for 2 places"),
        ({"travel": np.ones((2, 3))}, r"travel is of shape \(2, 3\)"),
        ({"travel": np.ones((2, 2))}, "put 0 on the diagonal"),
        ({"travel": [[0, 60], [5, 0]]}, "travel to place 1 takes up to 60 minutes"),
        ({"travel": [[0, np.inf], [5, 0]]}, r"travel\[0, 1\] = inf is not a number"),
        ({"allowed": np.ones((2, 4))}, "allowed must hold True or False"),
        ({"fixed": [(2, 0)]}, r"fixed\[0\] = \(2, 0\) is outside the plan"),
        ({"fixed": [(0, 0), (1, -1)]}, r"fixed\[1\] = \(1, -1\) is outside the plan"),
        ({"fixed": [(0, 1)], "allowed": ONES < 1}, r"fixed\[0\] = \(0, 1\) is where allowed"),
        ({"least": [1, 2, 3]}, "least must be one number, or one for each of the 2 places"),
        ({"least": [1, np.nan]}, r"least\[1\] = nan: hours must be 0 or more"),
        ({"most": -1}, r"most\[0\] = -1: hours must be 0 or more"),
        ({"least": 3, "most": [4, 2]}, r"least\[1\] = 3 exceeds most\[1\] = 2"),
        ({"least": np.inf}, "least must be a number of hours"),
        ({"fairness": 2}, "fairness must lie between 0 and 1"),
        ({"fairness": "half"}, "fairness must lie between 0 and 1"),
        ({"fairness": {"north": 0.5}}, "fairness names 'north', which no place has as its area"),
        ({"hours": 0}, "hours must be above 0"),
        ({"hours": np.nan}, "hours must be above 0"),
        ({"begins": 168}, "begins must be an hour of the week"),
    ],
)
def test_rules_that_make_no_sense_are_refused(rules: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        allocate(need(ONES), [Crew("Guards", 1, (0,), shift=2)], Rules(**rules))


@pytest.mark.parametrize(
    ("crew", "message"),
    [
        ({"teams": 0}, r"crews\[0\] has no team with time for a shift"),
        ({"teams": 1.5}, r"crews\[0\].teams must be a whole number"),
        ({"week": 1}, r"crews\[0\] has no team with time for a shift"),
        ({"shift": 1.25}, r"crews\[0\].shift = 1.25 is not a number of slots"),
        ({"shift": 0}, r"crews\[0\].shift must be above 0"),
        ({"shift": 5}, r"crews\[0\].starts and days leave no shift"),
        ({"rest": -1}, r"crews\[0\].rest must be 0 to 168 hours"),
        ({"weekly_rest": np.nan}, r"crews\[0\].weekly_rest must be 0 to 168 hours"),
        ({"starts": ()}, r"crews\[0\].starts must hold hours of the day"),
        ({"starts": (24,)}, r"crews\[0\].starts must hold hours of the day"),
        ({"starts": (0.5,)}, r"crews\[0\].starts and days leave no shift"),
        ({"days": (7,)}, r"crews\[0\].days must hold weekdays"),
        ({"days": (3,)}, r"crews\[0\].starts and days leave no shift"),
        ({"places": ()}, r"crews\[0\].places must name some of the places 0 to 1"),
        ({"places": (2,)}, r"crews\[0\].places must name some of the places 0 to 1"),
    ],
)
def test_crews_that_make_no_sense_are_refused(crew: dict[str, Any], message: str) -> None:
    given: dict[str, Any] = {"name": "Guards", "teams": 1, "starts": (0,), "shift": 2} | crew
    with pytest.raises(ValueError, match=message):
        allocate(need(ONES), [Crew(**given)])


def test_other_arguments_that_make_no_sense_are_refused() -> None:
    crew = Crew("Guards", 1, (0,), shift=2)
    with pytest.raises(ValueError, match="crews is empty"):
        allocate(need(ONES), [])
    with pytest.raises(ValueError, match="gap must lie between 0 and 1"):
        allocate(need(ONES), [crew], gap=-1)
    with pytest.raises(ValueError, match="time_limit must be above 0"):
        allocate(need(ONES), [crew], time_limit=0)
    with pytest.raises(ValueError, match="within must be above 0"):
        beats([[0, 1], [1, 0]], within=0)
    with pytest.raises(ValueError, match="one row and one column for each place"):
        beats([[0, 1]], within=5)
