"""Why each visit is in a plan, what is said when time runs out, and the long rest of the week."""

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from scipy import optimize

from loftet.analysis.allocation import Crew, Need, Rule, Rules, Status, allocate, need
from tests.analysis.test_allocation import HOURS, town
from tests.analysis.test_allocation_rules import broken, tasks

# --- Why ----------------------------------------------------------------------------------------


def test_each_choice_is_explained_in_numbers_and_in_words() -> None:
    needed = need([[8, 1, 5], [6, 1, 1], [4, 2, 2]])
    crew = [Crew("Guards", 1, (22,), shift=3)]
    rules = Rules(
        worth=(1.0,), pause=1, names=["Park", "Square", "Station"], least=[0, 0, 1], begins=118
    )
    plan = allocate(needed, crew, rules)
    assert [visit.place for visit in plan.visits] == [0, 2, 0]
    first, second, third = plan.visits
    assert (first.need, first.rank, first.gain) == pytest.approx((8 / 30, 1, 8 / 30))
    assert first.next_best == 1
    assert first.next_gain == pytest.approx(6 / 30)
    assert first.sentence == (
        "Guards 1 at Park, Fri 22:00-23:00: 26.67% of all need is there then, its neediest time "
        "ranks 1 of 9; the visit covers 26.67%. Next best was Square with 20.00%."
    )
    assert second.bound_by == ()
    assert second.next_best == 1
    assert third.sentence.startswith("Guards 1 at Park, Sat 00:00-01:00")


def test_a_better_place_was_passed_over_because_of_a_rule_that_is_named() -> None:
    needed = need([[9, 9], [1, 1], [1, 2]])
    crew = [Crew("Guards", 1, (0,), shift=1)]
    alone = Rules(worth=(1,), area=["a", "b", "b"], names=["Park", "Square", "Station"])
    for rules, bound in (
        (replace(alone, least=[0, 1, 0]), Rule.LEAST),
        (replace(alone, most=[0.5, 9, 9]), Rule.MOST),
        (replace(alone, fixed=[(1, 0)]), Rule.FIXED),
        (replace(alone, fairness={"b": 0.5}), Rule.FAIRNESS),
    ):
        plan = allocate(needed, crew, rules)
        (visit,) = plan.visits
        assert visit.next_best == 0
        assert visit.bound_by == (bound,)
        assert visit.sentence.endswith(
            f"Park would have covered 39.13%, but {bound} would not have been kept."
        )


@given(tasks())
@settings(deadline=None, max_examples=40)
def test_reasons_are_true_of_every_plan(task: tuple[Need, list[Crew], Rules]) -> None:
    plan = allocate(*task, gap=0)
    needed, _, rules = task
    per_hour = 60 // rules.slot
    slots = np.repeat(needed.values / per_hour, per_hour, axis=1)
    allowed = slots[np.repeat(np.asarray(rules.allowed), per_hour, axis=1)]
    for visit in plan.visits:
        span = slice(round(visit.start * per_hour), round((visit.start + visit.hours) * per_hour))
        its = slots[visit.place, span]
        assert visit.need == pytest.approx(its.sum())
        assert visit.rank == 1 + (allowed > its.max()).sum()
        assert visit.gain <= visit.need + 1e-12
        assert bool(visit.bound_by) == (visit.next_gain > visit.gain + 1e-9)


# --- Honest about time, and the same by every road ----------------------------------------------


def test_no_plan_in_time_is_told_from_no_plan_at_all() -> None:
    needed, crews, rules = town(20)
    plan = allocate(needed, crews, replace(rules, least=0), time_limit=0.01)
    assert plan.status is Status.NOT_FOUND
    assert plan.gap == math.inf
    assert plan.visits == ()
    assert plan.relaxations == ()


def test_a_plan_that_is_not_proved_says_how_much_better_another_could_be(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As if the solver had run out of time with its bounds a tenth above the plan."""

    def loose(*arguments: Any, **options: Any) -> Any:
        found = optimize.linprog(*arguments, **options)
        found.fun *= 1.1
        return found

    def interrupted(*arguments: Any, **options: Any) -> Any:
        found = optimize.milp(*arguments, **options)
        found.status = 1
        found.mip_dual_bound = 1.1 * found.fun
        return found

    monkeypatch.setattr("loftet.analysis.allocation.solving.linprog", loose)
    monkeypatch.setattr("loftet.analysis.allocation.solving.milp", interrupted)
    monkeypatch.setattr("loftet.analysis.allocation.solving._is_whole", lambda values: False)
    needed = need([[8, 1, 5], [6, 1, 1]])
    plan = allocate(needed, [Crew("Guards", 1, (0,), shift=3)])
    assert plan.status is Status.NOT_PROVED
    assert plan.gap == pytest.approx(0.1)
    assert plan.covered == pytest.approx(11.6 / 22)


@given(tasks())
@settings(deadline=None, max_examples=30)
def test_pricing_finds_what_the_whole_program_finds(task: tuple[Need, list[Crew], Rules]) -> None:
    whole = allocate(*task, gap=0)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("loftet.analysis.allocation.solving.SMALL", 5)
        patch.setattr("loftet.analysis.allocation.solving.FEW", 4)
        priced = allocate(*task, gap=0)
    assert priced.status is whole.status
    assert priced.covered == pytest.approx(whole.covered, abs=1e-6)
    assert broken(priced, *task) == set() or priced.status is Status.IMPOSSIBLE


# --- The long rest of the week ------------------------------------------------------------------

DAILY = Rules(worth=(1.0,) * 8, shortest=8, pause=1)


def test_one_team_gets_a_day_off() -> None:
    crew = Crew("Guards", 1, (8,), shift=8, week=56)
    week = need(np.ones((1, 168)))
    assert len(allocate(week, [replace(crew, weekly_rest=0)], DAILY).shifts) == 7
    plan = allocate(week, [crew], DAILY)
    assert len(plan.shifts) == 6
    assert broken(plan, week, [crew], DAILY) == set()


def test_turns_are_taken_in_another_order_when_the_long_rest_needs_it() -> None:
    crew = Crew("Guards", 3, (0, 8), shift=8)
    week = need(np.ones((2, 168)))
    early = np.array([HOURS % 24 < 8, (HOURS % 24 >= 8) & (HOURS % 24 < 16)])
    rules = replace(DAILY, allowed=early)
    plan = allocate(week, [crew], rules)
    assert len(plan.shifts) == 14
    assert broken(plan, week, [crew], rules) == set()


def test_an_impossible_week_of_rest_is_no_plan_with_advice() -> None:
    crew = Crew("Guards", 1, (8,), shift=8, week=56)
    week = need(np.ones((1, 168)))
    rules = replace(DAILY, least=56)
    plan = allocate(week, [crew], rules)
    assert plan.status is Status.IMPOSSIBLE
    assert [(c.rule, c.by, c.to) for c in plan.relaxations[-1].changes] == [(Rule.LEAST, 8, 48)]
