"""Where nothing fits: the smallest sets of changes that would let a plan be made."""

import math
from collections.abc import Iterator
from dataclasses import replace
from time import monotonic

import numpy as np

from loftet.analysis.allocation.coverage import hours_by_place
from loftet.analysis.allocation.model import Give, Model, build
from loftet.analysis.allocation.results import Change, Relaxation
from loftet.analysis.allocation.rosters import roster, team_by_team
from loftet.analysis.allocation.rules import Rule
from loftet.analysis.allocation.solving import Solution, solve
from loftet.analysis.allocation.task import Task
from loftet.analysis.arrays import Floats

EXACT = 1e-6
LITTLE = 1e-6  # hours that are no change


def relaxations(task: Task, seconds: float) -> tuple[Relaxation, ...]:
    """One way by more hours and teams, where that helps, and one by smaller demands."""
    found = []
    for give in (Give.RESOURCES, Give.DEMANDS):
        model, solution = _solved(task, give, monotonic() + seconds)
        if solution.columns is None:
            continue
        changes = tuple(_changes(task, model, solution.columns))
        if changes:
            found.append(Relaxation(changes, solution.gap <= EXACT))
    return tuple(found)


def _solved(task: Task, give: Give, until: float) -> tuple[Model, Solution]:
    model = build(task, give)
    solution = solve(model.program, gap=EXACT, until=until)
    if solution.columns is None or _can_be_shared_out(task, model, solution.columns, until):
        return model, solution
    if give is Give.RESOURCES:
        return model, replace(solution, columns=None)
    team_by_team(model, task)
    return model, solve(model.program, gap=EXACT, until=until)


def _can_be_shared_out(task: Task, model: Model, columns: Floats, until: float) -> bool:
    more = columns[model.given.teams].astype(int).tolist() or [0] * len(task.crews)
    crews = [
        replace(crew, teams=crew.teams + extra)
        for crew, extra in zip(task.crews, more, strict=True)
    ]
    begun = [columns[shifts] for shifts in model.shifts]
    return roster(replace(task, crews=tuple(crews)), begun, until) is not None


def _changes(task: Task, model: Model, columns: Floats) -> Iterator[Change]:
    given = model.given
    yield from _more_hours(task, columns[given.hours])
    yield from _more_teams(task, columns[given.teams])
    yield from _less_at_places(task, columns[given.least])
    yield from _fixed_given_up(task, columns[given.fixed])
    unfair = np.flatnonzero(columns[given.fairness] > LITTLE).tolist()
    if unfair:
        yield from _less_fair(task, model, columns, unfair)


def _more_hours(task: Task, more: Floats) -> Iterator[Change]:
    for by in more[more > LITTLE].tolist():
        to = task.hours + by
        yield Change(Rule.HOURS, None, by, to, f"raise hours by {by:.6g} (to {to:.6g})")


def _more_teams(task: Task, more: Floats) -> Iterator[Change]:
    for index in np.flatnonzero(more).tolist():
        crew, by = task.crews[index], int(more[index])
        to = crew.teams + by
        what = f"add {by} team{'s' if by > 1 else ''} to {crew.name} (to {to})"
        yield Change(Rule.TEAMS, index, by, to, what)


def _less_at_places(task: Task, less: Floats) -> Iterator[Change]:
    for place in np.flatnonzero(less > LITTLE).tolist():
        to = max(0.0, _rounded_down(float(task.least[place] - less[place]), 6))
        by = float(task.least[place]) - to
        what = f"lower the least hours at {task.names[place]} by {by:.6g} (to {to:.6g})"
        yield Change(Rule.LEAST, place, by, to, what)


def _fixed_given_up(task: Task, gone: Floats) -> Iterator[Change]:
    for index in np.flatnonzero(gone > 0.5).tolist():
        place, slot = task.fixed[index]
        what = f"give up the fixed presence at {task.names[place]}, {task.clock(slot)}"
        yield Change(Rule.FIXED, index, task.slot, 0.0, what)


def _less_fair(task: Task, model: Model, columns: Floats, areas: list[int]) -> Iterator[Change]:
    """The share that each area still gets is read off the plan that was possible."""
    hours = hours_by_place(task, model.visits.chosen(columns[model.visiting] > 0.5))
    need = task.area_need / task.area_need.sum()
    for area in areas:
        its = float(hours[task.area == area].sum() / (need[area] * hours.sum()))
        to = max(0.0, _rounded_down(its, 4))
        by = float(task.fairness[area]) - to
        what = f"lower the fairness of {task.areas[area]} by {by:.4g} (to {to:.4g})"
        yield Change(Rule.FAIRNESS, area, by, to, what)


def _rounded_down(value: float, digits: int) -> float:
    scale = 10.0**digits
    return math.floor(value * scale + 1e-3) / scale
