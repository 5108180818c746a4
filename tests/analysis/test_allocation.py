"""Plans against every plan there is in small cases, and what they gain in larger ones."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations, pairwise, product
from typing import Any

import numpy as np
import pytest

from loftet.analysis.allocation import (
    Crew,
    Need,
    Plan,
    Rules,
    Status,
    allocate,
    beats,
    need,
)
from tests.analysis.test_allocation_rules import broken, runs

# --- Every plan there is ------------------------------------------------------------------------


def best_of_all(needed: Need, crew: Crew, rules: Rules) -> float | None:
    """The most that can be covered, by trying every presence with every set of shifts."""
    places, hours = needed.values.shape
    duties = list(_duties(crew, rules, hours))
    best = None
    for bits in product((False, True), repeat=places * hours):
        present = np.array(bits).reshape(places, hours)
        covered = _covered(present, needed, rules) if _fit(present, crew) else None
        if covered is None or (best is not None and covered <= best):
            continue
        if any(_served(present, duty, rules) for duty in duties):
            best = covered
    return best


def _fit(present: Any, crew: Crew) -> bool:
    """Whether some shift could hold each visit."""
    length = int(crew.shift)
    starts = [t for t in range(present.shape[1] - length + 1) if t in crew.starts]
    visits = [run for row in present for run in runs(row)]
    return all(any(s <= a and b <= s + length for s in starts) for a, b in visits)


def _covered(present: Any, needed: Need, rules: Rules) -> float | None:
    """What presence covers; None when it breaks a rule on visits, places or areas."""
    total, got = 0.0, np.zeros(len(present))
    lost = 0.0 if rules.travel is None else np.asarray(rules.travel).max(axis=0) / 60
    lost = np.broadcast_to(lost, len(present))
    for place, row in enumerate(present):
        for start, end in runs(row):
            share = np.array(rules.worth, float)[: end - start]
            if not rules.shortest <= end - start <= len(rules.worth):
                return None
            share[0] *= 1 - lost[place]
            total += float(share @ needed.values[place, start:end])
            got[place] += end - start - lost[place]
    return None if _refused(present, got, needed, rules) else total


def _refused(present: Any, got: Any, needed: Need, rules: Rules) -> bool:
    area = np.array(rules.area)
    dues = [
        got[area == a].sum() - rules.fairness * needed.values[area == a].sum() * got.sum()
        for a in set(area.tolist())
    ]
    rows = [runs(row) for row in present]
    pauses = [b[0] - a[1] for row in rows for a, b in pairwise(row)]
    return bool(
        (present & ~np.array(rules.allowed)).any()
        or (got < np.asarray(rules.least) - 1e-9).any()
        or (got > np.asarray(rules.most) + 1e-9).any()
        or min(dues) < -1e-9
        or min(pauses, default=rules.pause) < rules.pause
        or not all(present[place, int(hour)] for place, hour in rules.fixed)
    )


def _duties(crew: Crew, rules: Rules, hours: int) -> Iterator[list[tuple[Any, Any]]]:
    """Every set of shifts of all teams, as (beat, hours on duty)."""
    length = int(crew.shift)
    starts = [t for t in range(hours - length + 1) if t % 24 in crew.starts]
    options: list[list[tuple[Any, Any]]] = []
    beats_ = list(dict.fromkeys(rules.beat or [0]))
    for count in range(int(crew.week // crew.shift) + 1):
        for chosen in combinations(starts, count):
            if any(b - a < length + crew.rest for a, b in pairwise(chosen)):
                continue
            spans = [range(start, start + length) for start in chosen]
            options.extend(
                list(zip(beat, spans, strict=True)) for beat in product(beats_, repeat=count)
            )
    for mix in product(options, repeat=crew.teams):
        if sum(len(its) for its in mix) * crew.shift <= rules.hours:
            yield [shift for its in mix for shift in its]


def _served(present: Any, duty: list[tuple[Any, Any]], rules: Rules) -> bool:
    """Whether each beat has as many teams as visits, and no visit goes on without its team."""
    beat = np.array(rules.beat)
    for b in set(beat.tolist()):
        its = [hours for at, hours in duty if at == b]
        visited = present[beat == b]
        for t in range(present.shape[1]):
            if visited[:, t].sum() > sum(t in hours for hours in its):
                return False
            onward = visited[:, t : t + 2].all(axis=1).sum() if t + 1 < present.shape[1] else 0
            if onward > sum(t in hours and t + 1 in hours for hours in its):
                return False
    return True


def small_case(seed: int) -> tuple[Need, Crew, Rules]:
    rng = np.random.default_rng(seed)
    places, hours = ((2, 6), (3, 4), (2, 5))[seed % 3]
    shortest = int(rng.integers(1, 3))
    crew = Crew(
        "Guards",
        teams=int(rng.integers(1, 3)),
        starts=tuple(rng.choice(hours - 1, 2, replace=False).tolist()),
        shift=float(rng.integers(2, 4)),
        week=float(rng.integers(3, 7)),
        rest=float(rng.integers(0, 2)),
    )
    distance = rng.uniform(0, 30, (places, places)) * (1 - np.eye(places))
    beat = rng.integers(0, 2, places).tolist()
    apart = np.array(beat)[:, None] != np.array(beat)
    allowed = rng.random((places, hours)) < 0.9
    fixed = [(0, int(rng.integers(hours)))] if rng.random() < 0.2 else []
    rules = Rules(
        worth=(1.0, 0.6, 0.2)[: int(rng.integers(shortest, 4))],
        shortest=shortest,
        pause=int(rng.integers(1, 3)),
        area=list(range(places)),
        beat=beat,
        travel=np.where(apart, 0.0, distance) if rng.random() < 0.5 else None,
        allowed=allowed,
        fixed=[row for row in fixed if allowed[row]],
        least=rng.choice([0.0, 0.0, 1.0], places),
        most=rng.choice([2.0, 9.0], places),
        fairness=float(rng.choice([0.0, 0.5])),
        hours=float(rng.choice([np.inf, 4.0])),
    )
    return need(rng.integers(0, 9, (places, hours)) + 0.01), crew, rules


@pytest.mark.parametrize("seed", range(36))
def test_no_plan_in_a_small_case_covers_more(seed: int) -> None:
    needed, crew, rules = small_case(seed)
    plan = allocate(needed, [crew], rules, gap=0)
    best = best_of_all(needed, crew, rules)
    if best is None:
        assert plan.status is Status.IMPOSSIBLE
    else:
        assert plan.status is Status.PROVED
        assert plan.covered == pytest.approx(best, abs=1e-7)
        assert broken(plan, needed, [crew], rules) == set()


# --- What a plan is -----------------------------------------------------------------------------

HOURS = np.arange(168)
EVENING = (HOURS % 24 >= 18) | (HOURS % 24 < 2)


def town(places: int = 10) -> tuple[Need, list[Crew], Rules]:
    """A week in which evenings are worst, and five in the morning forbidden."""
    rng = np.random.default_rng(4)
    busy = rng.gamma(0.6, 1.0, places)[:, None] * (0.5 + EVENING + (HOURS >= 96))
    needed = need(rng.poisson(busy), rng.gamma(1.0, 1.0, places), weight=0.3, asked_about=EVENING)
    crews = [Crew("Guards", 2, (14, 18)), Crew("Walkers", 1, (20,), shift=3, days=(4, 5), week=6)]
    where = rng.uniform(0, 12, (places, 2))
    rules = Rules(
        names=[f"Place {k}" for k in range(places)],
        area=["north", "south"] * (places // 2),
        travel=np.hypot(*(where[:, None] - where).T),
        allowed=np.broadcast_to(HOURS % 24 != 5, (places, 168)),
        least=0.5,
        most=40,
        fairness=0.4,
    )
    return needed, crews, rules


@pytest.fixture(scope="module")
def plan() -> Plan:
    return allocate(*town())


def test_a_week_is_planned_and_proved(plan: Plan) -> None:
    assert plan.status is Status.PROVED
    assert broken(plan, *town()) == set()
    assert plan.covered > 1.4 * plan.covered_by_events > 1.4 * plan.covered_evenly
    assert plan.advice == ""
    worked = sum(shift.hours for shift in plan.shifts)
    assert worked <= 2 * 40 + 6
    assert plan.presence.sum() == pytest.approx(sum(stint.hours for stint in plan.stints))


def test_the_same_question_gets_the_same_plan(plan: Plan) -> None:
    again = allocate(*town())
    assert again.visits == plan.visits
    assert again.stints == plan.stints


def test_the_order_of_places_does_not_matter(plan: Plan) -> None:
    needed, crews, rules = town()
    turn = np.random.default_rng(1).permutation(10)
    turned = replace(
        rules,
        area=[list(rules.area or [])[k] for k in turn],
        travel=np.asarray(rules.travel)[np.ix_(turn, turn)],
    )
    shuffled = Need(needed.values[turn], needed.events[turn], needed.felt[turn], needed.weight)
    found = allocate(shuffled, crews, turned, gap=0)
    assert found.covered == pytest.approx(plan.covered, rel=2e-4)
    assert found.covered_by_events == pytest.approx(plan.covered_by_events)
    assert found.covered_evenly == pytest.approx(plan.covered_evenly)


def test_more_hours_never_cover_less() -> None:
    needed, crews, rules = town(6)
    covered = [
        allocate(needed, crews, replace(rules, hours=hours), gap=0).covered
        for hours in (24, 40, 60, np.inf)
    ]
    assert covered == sorted(covered)
    assert covered[0] < covered[-1]


def test_the_weight_chooses_between_events_and_the_survey() -> None:
    happened, felt = [[9, 0, 0, 0], [0, 0, 0, 1]], [[0, 0, 1, 0], [0, 9, 0, 0]]
    crew, rules = [Crew("Guards", 1, (0,), shift=2), ], Rules(worth=(1.0,), pause=1)  # fmt: skip
    only_events = allocate(need(happened, felt, weight=0), crew, rules)
    only_survey = allocate(need(happened, felt, weight=1), crew, rules)
    assert [(visit.place, visit.start, visit.rank) for visit in only_events.visits] == [(0, 0, 1)]
    assert [(visit.place, visit.start, visit.rank) for visit in only_survey.visits] == [(1, 1, 1)]
    assert only_events.visits == allocate(need(happened), crew, rules).visits
    assert only_survey.visits == allocate(need(np.ones((2, 4)), felt, weight=1), crew, rules).visits
    assert need(happened, felt, weight=0.25).values[:, 0].tolist() == [0.75 * 0.9, 0]


def test_the_first_hour_counts_more() -> None:
    """With little gained by staying, the team goes back and forth; else it stays."""
    needed = need([[10, 10, 10], [7, 7, 7]])
    crew = [Crew("Guards", 1, (0,), shift=3)]
    stays = allocate(needed, crew, Rules(worth=(1.0, 0.9, 0.8), pause=1))
    goes = allocate(needed, crew, Rules(worth=(1.0, 0.3, 0.1), pause=1))
    assert [(visit.place, visit.hours) for visit in stays.visits] == [(0, 3)]
    assert [visit.place for visit in goes.visits] == [0, 1, 0]
    assert stays.covered == pytest.approx(27 / 51)
    assert goes.covered == pytest.approx(27 / 51)


def test_a_visit_does_not_go_on_when_its_shift_ends() -> None:
    """Staying from 1 to 3 would cover 16 with a visit on either side, but shifts meet at 2."""
    needed = need([[0, 5, 5, 0], [3, 0, 0, 3]])
    crew = Crew("Guards", 1, (0, 1, 2), shift=2, week=4, rest=0)
    plan = allocate(needed, [crew], Rules(worth=(1.0, 1.0), pause=1))
    assert plan.covered == pytest.approx(11 / 16)


def test_short_visits_come_back_after_a_pause() -> None:
    rules = Rules(slot=15, worth=(1.0,), pause=8)
    plan = allocate(need(np.ones((9, 6))), [Crew("Police", 1, (0,), shift=6)], rules)
    assert broken(plan, need(np.ones((9, 6))), [Crew("Police", 1, (0,), shift=6)], rules) == set()
    assert {visit.hours for visit in plan.visits} == {0.25}
    assert len(plan.visits) == 24
    assert plan.covered == pytest.approx(24 / (9 * 24))


def test_what_the_way_takes_is_left_out_of_the_promise(plan: Plan) -> None:
    travel = [[0, 12], [30, 0]]
    found = allocate(
        need(np.ones((2, 2))), [Crew("Guards", 1, (0,), shift=2)], Rules(worth=(1,), travel=travel)
    )
    assert sorted(found.hours.tolist()) == [0.5, 0.8]
    assert found.covered == pytest.approx((0.5 + 0.8) / 4)
    assert found.stints[0].travel == 0
    assert found.stints[1].travel in {12, 30}
    for stint in plan.stints:
        furthest = np.asarray(town()[2].travel)[:, stint.place].max()
        assert stint.travel <= furthest


def test_beats_keep_places_together_that_are_near() -> None:
    rng = np.random.default_rng(3)
    where = rng.uniform(0, 60, (40, 2))
    minutes = np.hypot(*(where[:, None] - where).T)
    found = beats(minutes, within=20)
    assert all(minutes[np.ix_(found == b, found == b)].max() <= 20 for b in set(found.tolist()))
    assert 4 <= len(set(found.tolist())) < 40
    assert beats([[0.0]], within=5).tolist() == [0]


def test_what_the_hours_would_cover_without_a_plan() -> None:
    """Two hours at four place-hours, at most half of the time at each: counted by hand."""
    needed = need([[6, 2], [1, 1]])
    plan = allocate(needed, [Crew("G", 1, (0,), shift=2)], Rules(worth=(1,), pause=1))
    assert plan.covered == pytest.approx(0.7)
    assert plan.covered_evenly == pytest.approx(0.5)
    by_events = 0.5 * 0.6 + 0.5 * 0.2 + 2 * 0.5 * 0.1
    assert plan.covered_by_events == pytest.approx(by_events)
    held = allocate(needed, [Crew("G", 1, (0,), shift=1)], Rules(worth=(1,), pause=1))
    assert held.covered_by_events == pytest.approx(0.5 * 0.6 + 0.25 * 0.2 + 2 * 0.125 * 0.1)
