"""Why each visit is in the plan: what it covers, what was next best, and what stood in the way."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from loftet.analysis.allocation.coverage import hours_by_place
from loftet.analysis.allocation.model import Visits, gains
from loftet.analysis.allocation.needs import Bools, sums
from loftet.analysis.allocation.results import Visit
from loftet.analysis.allocation.rosters import Held, team_name
from loftet.analysis.allocation.rules import Rule
from loftet.analysis.allocation.task import HAIR, Task
from loftet.analysis.arrays import Floats


def explain(task: Task, visits: Visits, held: Sequence[Sequence[Held]]) -> tuple[Visit, ...]:
    """Every visit with its reasons, in the order given."""
    plan = _Plan(
        task,
        visits,
        {length: gains(task, length) for length in np.unique(visits.length).tolist()},
        _presence(task, visits),
        hours_by_place(task, visits),
        np.sort(task.need[task.allowed]),
    )
    return tuple(_explained(plan, k, held[k]) for k in range(len(visits.place)))


@dataclass(frozen=True, slots=True, eq=False)
class _Plan:
    """The plan with what its explanations look up."""

    task: Task
    visits: Visits
    gains: dict[int, Floats]
    presence: Bools
    hours: Floats
    needs: Floats


def _presence(task: Task, visits: Visits) -> Bools:
    present = np.zeros(task.need.shape, dtype=bool)
    for place, start, length in zip(visits.place, visits.start, visits.length, strict=True):
        present[place, start : start + length] = True
    return present


def _explained(plan: _Plan, k: int, held: Sequence[Held]) -> Visit:
    task, visits = plan.task, plan.visits
    place, start, length = (int(part[k]) for part in (visits.place, visits.start, visits.length))
    needs = task.need[place, start : start + length]
    gain = float(visits.gain[k])
    other, instead = _next_best(plan, k)
    better = other is not None and instead > gain + HAIR
    bound = _broken_by_moving(plan, k, other) if better and other is not None else ()
    teams = tuple(dict.fromkeys(team_name(task, turn.team) for turn, _, _ in held))
    visit = Visit(
        place=place,
        start=start * task.slot,
        hours=length * task.slot,
        teams=teams,
        need=float(needs.sum()),
        rank=int(len(plan.needs) - np.searchsorted(plan.needs, needs.max(), "right")) + 1,
        gain=gain,
        next_best=other,
        next_gain=instead,
        bound_by=bound,
        sentence="",
    )
    return _with_sentence(plan, visit)


def _next_best(plan: _Plan, k: int) -> tuple[int | None, float]:
    """Where else the team could have gone for the same slots, and what that would have covered."""
    task, visits = plan.task, plan.visits
    start, length = int(visits.start[k]), int(visits.length[k])
    served = next(crew.places for crew in task.crews if crew.kind == visits.kind[k])
    near = slice(max(0, start - task.pause), start + length + task.pause)
    free = ~plan.presence[:, near].any(axis=1)
    gain = plan.gains[length][:, start]
    could = served & free & (task.beat == task.beat[visits.place[k]]) & np.isfinite(gain)
    if not could.any():
        return None, 0.0
    best = int(np.argmax(np.where(could, gain, -1.0)))
    return best, float(gain[best])


def _broken_by_moving(plan: _Plan, k: int, other: int) -> tuple[Rule, ...]:
    task, visits = plan.task, plan.visits
    place, start, length = (int(part[k]) for part in (visits.place, visits.start, visits.length))
    hours = plan.hours.copy()
    hours[place] -= visits.dose[k]
    hours[other] += length * task.slot - task.loss[other]
    kept = [slot for there, slot in task.fixed if there == place]
    broken = {
        Rule.FIXED: any(start <= slot < start + length for slot in kept),
        Rule.LEAST: hours[place] < task.least[place] - HAIR,
        Rule.MOST: hours[other] > task.most[other] + HAIR,
        Rule.FAIRNESS: bool((_fairness_missing(task, hours) > HAIR).any()),
    }
    return tuple(rule for rule, is_broken in broken.items() if is_broken)


def _fairness_missing(task: Task, hours: Floats) -> Floats:
    """Hours that each area lacks of what fairness gives it."""
    by_area = sums(task.area, hours, len(task.areas))
    missing: Floats = task.fairness * task.area_need / task.area_need.sum() * hours.sum() - by_area
    return missing


def _with_sentence(plan: _Plan, visit: Visit) -> Visit:
    return replace(visit, sentence=f"{_what(plan, visit)} {_instead(plan, visit)}")


def _what(plan: _Plan, visit: Visit) -> str:
    task = plan.task
    first = round(visit.start / task.slot)
    when = f"{task.clock(first)}-{task.clock(round((visit.start + visit.hours) / task.slot))[4:]}"
    who = " relieved by ".join(visit.teams)
    return (
        f"{who} at {task.names[visit.place]}, {when}: {visit.need:.2%} of all need is there then, "
        f"its neediest time ranks {visit.rank} of {len(plan.needs)}; the visit covers "
        f"{visit.gain:.2%}."
    )


def _instead(plan: _Plan, visit: Visit) -> str:
    if visit.next_best is None:
        return "Nowhere else could be visited then."
    other = plan.task.names[visit.next_best]
    if visit.next_gain <= visit.gain + HAIR:
        return f"Next best was {other} with {visit.next_gain:.2%}."
    rules = " and ".join(visit.bound_by)
    why = f"{rules} would not have been kept" if rules else "the plan is not proved the best"
    return f"{other} would have covered {visit.next_gain:.2%}, but {why}."
