"""Every plan keeps to every rule: an independent checker, itself tried on schedules that do not."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loftet.analysis.allocation import Crew, Need, Plan, Rules, Shift, Status, Stint, allocate, need

HAIR = 1e-6


# --- The checker --------------------------------------------------------------------------------


def broken(plan: Plan, needed: Need, crews: Sequence[Crew], rules: Rules) -> set[str]:
    """Names of the rules that the schedule of a plan breaks, from its stints and shifts alone."""
    places, hours = needed.values.shape
    length = rules.slot / 60
    slots = round(hours / length)
    present = np.zeros((places, slots), dtype=int)
    for stint in plan.stints:
        first = round(stint.start / length)
        present[stint.place, first : first + round(stint.hours / length)] += 1
    found = set()
    if (present > 1).any():
        found.add("two teams at a place")
    found |= _broken_by_visits(present > 0, needed, rules)
    found |= _broken_by_teams(plan.stints, plan.shifts, rules)
    found |= _broken_by_shifts(plan.shifts, crews, rules, hours)
    for stint in plan.stints:
        crew = crews[_crew(crews, stint.team)]
        if crew.places is not None and stint.place not in crew.places:
            found.add("places of the crew")
    return found


def runs(row: Any) -> list[tuple[int, int]]:
    """(from, to) of each unbroken presence."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], row.astype(int), [0]])))
    return list(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))


def _lost(needed: Need, rules: Rules) -> list[float]:
    """Hours that each visit loses on the way."""
    places = len(needed.values)
    if rules.travel is None:
        return [0.0] * places
    beat = rules.beat or [0] * places
    minutes = np.asarray(rules.travel)
    return [
        max(minutes[q, p] for q in range(places) if beat[q] == beat[p]) / 60 for p in range(places)
    ]


def _broken_by_visits(present: Any, needed: Need, rules: Rules) -> set[str]:
    places, hours = needed.values.shape
    per_hour = 60 // rules.slot
    allowed = np.ones((places, hours), bool) if rules.allowed is None else np.array(rules.allowed)
    visits = [runs(row) for row in present]
    lengths = [end - start for row in visits for start, end in row]
    pauses = [b - e for row in visits for (_, e), (b, _) in pairwise(row)]
    lost = _lost(needed, rules)
    got = np.array(
        [sum((e - s) / per_hour - lost[p] for s, e in row) for p, row in enumerate(visits)]
    )
    return _named(
        {
            "allowed": (present & ~np.repeat(allowed, per_hour, axis=1)).any(),
            "shortest": min(lengths, default=rules.shortest) < rules.shortest,
            "longest": max(lengths, default=0) > len(rules.worth),
            "pause": min(pauses, default=rules.pause) < rules.pause,
            "fixed": not all(present[place, int(hour * per_hour)] for place, hour in rules.fixed),
            "least": (got < np.asarray(rules.least) - HAIR).any(),
            "most": (got > np.asarray(rules.most) + HAIR).any(),
            "fairness": _unfair(got, needed, rules),
        }
    )


def _named(broken: dict[str, Any]) -> set[str]:
    return {name for name, is_broken in broken.items() if is_broken}


def _unfair(got: Any, needed: Need, rules: Rules) -> bool:
    area = np.array(rules.area or ["all"] * len(got))
    for name in set(area.tolist()):
        share = rules.fairness
        due = share.get(name, 0.0) if isinstance(share, dict) else share
        if got[area == name].sum() < due * needed.values[area == name].sum() * got.sum() - HAIR:
            return True
    return False


def _broken_by_teams(stints: Sequence[Stint], shifts: Sequence[Shift], rules: Rules) -> set[str]:
    found = set()
    for team in {stint.team for stint in stints}:
        its = sorted((s for s in stints if s.team == team), key=lambda s: s.start)
        if any(b.start < a.start + a.hours - HAIR for a, b in pairwise(its)):
            found.add("team at two places")
    for stint in stints:
        inside = [
            shift
            for shift in shifts
            if shift.team == stint.team
            and shift.start <= stint.start + HAIR
            and stint.start + stint.hours <= shift.start + shift.hours + HAIR
        ]
        if not inside:
            found.add("on duty")
        elif rules.beat is not None and inside[0].beat != rules.beat[stint.place]:
            found.add("beat")
    return found


def _crew(crews: Sequence[Crew], team: str) -> int:
    name, number = team.rsplit(" ", 1)
    found = [k for k, crew in enumerate(crews) if crew.name == name]
    assert found, team
    assert 1 <= int(number) <= crews[found[0]].teams
    return found[0]


def _broken_by_shifts(
    shifts: Sequence[Shift], crews: Sequence[Crew], rules: Rules, hours: int
) -> set[str]:
    found = {"hours"} if sum(shift.hours for shift in shifts) > rules.hours + HAIR else set()
    for shift in shifts:
        crew = crews[_crew(crews, shift.team)]
        day, hour = divmod(rules.begins + shift.start + 1e-9, 24)
        if min(abs(hour - start) for start in crew.starts) > 0.001 or day % 7 not in crew.days:
            found.add("starts")
        if shift.hours != crew.shift or shift.start + shift.hours > hours + HAIR:
            found.add("shift")
    for team in {shift.team for shift in shifts}:
        its = sorted((s.start, s.start + s.hours) for s in shifts if s.team == team)
        found |= _broken_by_team(its, crews[_crew(crews, team)], hours)
    return found


def _broken_by_team(its: list[tuple[float, float]], crew: Crew, hours: int) -> set[str]:
    free = [b - e for (_, e), (b, _) in pairwise([(0.0, 0.0), *its, (hours, hours)])]
    return _named(
        {
            "rest": min(free[1:-1], default=crew.rest) < crew.rest - HAIR,
            "week": sum(end - start for start, end in its) > crew.week + HAIR,
            "weekly rest": hours == 168 and max(free) < crew.weekly_rest - HAIR,
        }
    )


# --- It sees what is wrong ----------------------------------------------------------------------

NEED = need(np.ones((3, 48)))
CREWS = [Crew("Guards", 2, (0, 4, 8), shift=4, week=12, rest=8, places=(0, 1))]
RULES = Rules(
    worth=(1, 1), shortest=2, pause=2, beat=["a", "a", "b"], area=["n", "s", "s"], hours=16,
    allowed=np.arange(48) < np.array([[48], [48], [40]]), most=10, fairness={"s": 0.5},
    least=[2, 0, 0], fixed=[(0, 1)],
)  # fmt: skip


def schedule(shifts: str, stints: str) -> Plan:
    """Shifts as "team beat start" and stints as "team place start hours"; the rest left empty."""
    nothing = allocate(NEED, CREWS)
    rows = [line.split() for line in shifts.split(",")]
    went = [line.split() for line in stints.split(",")]
    return replace(
        nothing,
        shifts=tuple(Shift(f"Guards {t}", b, float(s), 4.0) for t, b, s in rows),
        stints=tuple(Stint(f"Guards {t}", int(p), float(s), float(h), 0.0) for t, p, s, h in went),
    )


GOOD = "1 a 0, 2 a 8", "1 0 0 2, 1 1 2 2, 2 0 8 2, 2 1 10 2"


def test_the_checker_is_content_with_a_good_schedule() -> None:
    assert broken(schedule(*GOOD), NEED, CREWS, RULES) == set()


@pytest.mark.parametrize(
    ("name", "shifts", "stints"),
    [
        ("two teams at a place", "1 a 0, 2 a 0", "1 0 0 2, 2 0 0 2, 1 1 2 2"),
        ("team at two places", "1 a 0, 2 a 8", "1 0 0 2, 1 1 1 2"),
        ("shortest", "1 a 0, 2 a 8", "1 0 0 2, 1 1 2 1, 2 1 8 2"),
        ("longest", "1 a 0, 2 a 8", "1 0 0 3, 2 1 8 2"),
        ("pause", "1 a 0, 2 a 4", "1 0 0 2, 1 1 2 2, 2 1 5 2"),
        ("allowed", "1 a 0, 2 b 32", "1 0 0 2, 1 1 2 2, 2 2 39 2"),
        ("fixed", "1 a 0, 2 a 8", "1 1 0 2, 1 0 2 2"),
        ("least", "1 a 0, 2 a 8", "1 1 0 2"),
        ("most", "1 a 0", ", ".join(f"1 0 {4 * k} 2, 1 1 {4 * k + 2} 2" for k in range(6))),
        ("fairness", "1 a 0, 2 a 8", "1 0 0 2, 1 0 4 2, 2 0 8 2"),
        ("on duty", "1 a 0", "1 0 0 2, 1 1 3 2"),
        ("beat", "1 b 0", "1 0 0 2, 1 1 2 2"),
        ("places of the crew", "1 a 0, 1 b 24", "1 0 0 2, 1 2 24 2"),
        ("starts", "1 a 0, 2 a 5", "1 0 0 2, 2 1 5 2"),
        ("shift", "1 a 0, 2 a 46", "1 0 0 2, 2 1 46 2"),
        ("rest", "1 a 0, 1 a 8", "1 0 0 2, 1 1 8 2"),
        ("week", "1 a 0, 1 a 24, 1 a 36, 2 a 0", "1 0 0 2, 1 1 2 2"),
        ("hours", "1 a 0, 2 a 0, 1 a 24, 2 a 24, 1 a 36", "1 0 0 2, 1 1 2 2"),
    ],
)  # fmt: skip
def test_the_checker_sees_each_rule_that_is_broken(name: str, shifts: str, stints: str) -> None:
    crews = [replace(CREWS[0], week=8)] if name == "week" else CREWS
    assert name in broken(schedule(shifts, stints), NEED, crews, RULES)


def test_the_checker_sees_a_week_without_rest() -> None:
    week = need(np.ones((1, 168)))
    crew = Crew("Guards", 1, (0,), shift=8, week=56, weekly_rest=36)
    plan = replace(
        allocate(week, [replace(crew, weekly_rest=0)], Rules(worth=(1,) * 8, shortest=8)),
        relaxations=(),
    )
    assert len(plan.shifts) == 7
    assert broken(plan, week, [crew], Rules(worth=(1,) * 8, shortest=8)) == {"weekly rest"}


# --- Plans are right ----------------------------------------------------------------------------


@st.composite
def tasks(draw: st.DrawFn) -> tuple[Need, list[Crew], Rules]:
    rng = np.random.default_rng(draw(st.integers(0, 10**6)))
    places, hours = int(rng.integers(1, 6)), int(rng.choice([12, 24, 30]))
    beat = rng.integers(0, 2, places).tolist()
    area = rng.integers(0, 2, places).tolist()
    crews = [
        Crew(
            name,
            teams=int(rng.integers(1, 4)),
            starts=(6, *rng.integers(7, 12, 2).tolist()),
            shift=float(rng.choice([2, 3, 6])),
            week=float(rng.choice([6, 12])),
            rest=float(rng.choice([0, 2, 8])),
            places=None if rng.random() < 0.6 else (int(rng.integers(places)),),
        )
        for name in ("Guards", "Night walkers")[: rng.integers(1, 3)]
    ]
    shortest = int(rng.integers(1, 3))
    xy = rng.uniform(0, 20, (places, 2))
    rules = Rules(
        slot=int(rng.choice([30, 60])),
        worth=(1.0, 0.7, 0.4)[: max(shortest, int(rng.integers(1, 4)))],
        shortest=shortest,
        pause=int(rng.integers(1, 4)),
        area=area,
        beat=beat,
        travel=np.hypot(*(xy[:, None] - xy).T) if rng.random() < 0.5 else None,
        allowed=rng.random((places, hours)) < 0.8,
        least=rng.choice([0, 0, 1], places),
        most=float(rng.choice([np.inf, 3])),
        fairness=float(rng.choice([0, 0.4])),
        hours=float(rng.choice([np.inf, 12])),
        begins=float(rng.choice([0, 6])),
    )
    return need(rng.poisson(2.0, (places, hours)) + 0.1), crews, rules


@given(tasks())
@settings(deadline=None, max_examples=60)
def test_plans_keep_to_all_rules_or_say_what_to_relax(task: tuple[Need, list[Crew], Rules]) -> None:
    plan = allocate(*task)
    assert broken(plan, *task) == set() or plan.status is Status.IMPOSSIBLE
    if plan.status is Status.IMPOSSIBLE:
        assert plan.relaxations
        assert not plan.stints
    else:
        assert plan.status is Status.PROVED
        assert 0 <= plan.covered <= 1
        assert plan.hours.sum() == pytest.approx(plan.by_area.hours.sum())
        assert plan.covered == pytest.approx(sum(visit.gain for visit in plan.visits))
        assert plan.covered == pytest.approx(np.nansum(plan.by_area.covered * plan.by_area.need))
