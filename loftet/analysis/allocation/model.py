"""The plan as a program: which visits, and which shifts carry them.

Teams of a crew are alike, so that a shift says how many begin it and a visit that somebody comes;
who, is settled afterwards. No two solutions differ in names only, which is what makes such programs
slow elsewhere.
"""

import math
from dataclasses import dataclass
from enum import Enum

import numpy as np

from loftet.analysis.allocation.needs import Bools, Codes
from loftet.analysis.allocation.program import Program
from loftet.analysis.allocation.task import HAIR, Duty, Task
from loftet.analysis.arrays import Floats


class Give(Enum):
    """What may give way: nothing, what places and areas are due, or what there is of hours."""

    NOTHING = 0
    DEMANDS = 1
    RESOURCES = 2


@dataclass(frozen=True, slots=True, eq=False)
class Visits:
    """All visits that could be made; `kind` is of crews, `gain` a share of need, `dose` hours."""

    place: Codes
    start: Codes
    length: Codes
    kind: Codes
    gain: Floats
    dose: Floats

    def chosen(self, which: Bools) -> "Visits":
        """Those picked out, in the order of time and place."""
        rows = np.flatnonzero(which)
        rows = rows[np.lexsort((self.place[rows], self.start[rows]))]
        return Visits(
            self.place[rows],
            self.start[rows],
            self.length[rows],
            self.kind[rows],
            self.gain[rows],
            self.dose[rows],
        )


@dataclass(frozen=True, slots=True, eq=False)
class Given:
    """Columns of what gives way; empty where nothing may."""

    least: Codes
    fixed: Codes
    fairness: Codes
    hours: Codes
    teams: Codes


@dataclass(frozen=True, slots=True, eq=False)
class Model:
    """`shifts` has for each crew the columns (beats, starts): how many teams begin there and then.

    `given` are the columns of `Give`, and `scale` what the cost is a multiple of.
    """

    program: Program
    visits: Visits
    visiting: Codes
    shifts: tuple[Codes, ...]
    given: Given
    scale: float


NONE = np.zeros(0, dtype=np.intp)


def build(task: Task, give: Give = Give.NOTHING) -> Model:
    program = Program()
    visits = possible_visits(task)
    scale = 1 / max(visits.gain.max(initial=0.0), HAIR)
    worth = -visits.gain * scale * 100 if give is Give.NOTHING else 0.0
    shifts = tuple(
        program.columns(
            len(task.beats) * len(crew.starts), cost=0.0, upper=_most_at_once(task, crew, give)
        ).reshape(len(task.beats), -1)
        for crew in task.crews
    )
    visiting = program.columns(len(visits.place), cost=worth)
    given = _given(program, task, give)
    model = Model(program, visits, visiting, shifts, given, scale * 100)
    _one_visit_at_a_time(model, task)
    _somebody_on_duty(model, task)
    _working_time(model, task)
    _least_and_most(model, task)
    _fixed(model, task)
    _fairness(model, task)
    return model


def gains(task: Task, length: int) -> Floats:
    """Need covered by a visit of that length at each place from each slot; nan where forbidden."""
    last = task.need.shape[1] - length
    gain = np.zeros((task.need.shape[0], last + 1))
    for k in range(length):
        part = 1 - task.loss[:, None] / task.slot if k == 0 else 1.0
        window = slice(k, last + k + 1)
        gain += np.where(
            task.allowed[:, window], task.need[:, window] * task.worth[k] * part, np.nan
        )
    return gain


def possible_visits(task: Task) -> Visits:
    """Every visit at allowed hours that one shift of some crew could hold."""
    found = []
    lengths = range(task.shortest, min(len(task.worth), task.need.shape[1]) + 1)
    for length in lengths:
        gain = gains(task, length)
        for kind, crews in kinds(task).items():
            fits = np.isfinite(gain) & crews[0].places[:, None] & _held(task, crews, length)
            place, start = np.nonzero(fits)
            dose = length * task.slot - task.loss[place]
            same = np.ones(len(place), dtype=np.intp)
            found.append((place, start, length * same, kind * same, gain[place, start], dose))
    return Visits(*map(np.concatenate, zip(*found, strict=True)))


def kinds(task: Task) -> dict[int, list[Duty]]:
    """Crews that may serve the same places, together."""
    together: dict[int, list[Duty]] = {}
    for crew in task.crews:
        together.setdefault(crew.kind, []).append(crew)
    return together


def _held(task: Task, crews: list[Duty], length: int) -> Bools:
    """Whether a shift holds a visit of that length from each slot."""
    held = np.zeros(task.need.shape[1] - length + 1, dtype=bool)
    for crew in crews:
        for k in range(crew.length - length + 1):
            held[crew.starts + k] = True
    return held


def _most_at_once(task: Task, crew: Duty, give: Give) -> float:
    return crew.teams if give is not Give.RESOURCES else crew.teams + _extra(task)


def _extra(task: Task) -> int:
    """More teams than could ever be of use: one for each place, in each third of a day."""
    return 4 * len(task.names)


def _given(program: Program, task: Task, give: Give) -> Given:
    """Columns of what gives way; a demand costs its hours, and an hour for being touched at all."""
    if give is Give.DEMANDS:
        least = program.columns(len(task.names), cost=1.0, upper=task.least, whole=False)
        touched = program.columns(len(task.names), cost=1.0)
        each = np.arange(len(least))
        program.rows(len(least), (each, least, 1.0), (each, touched, -task.least), upper=0.0)
        fixed = program.columns(len(task.fixed), cost=1.0 + task.slot)
        most = float(task.need.shape[1] * task.slot * len(task.names))
        unfair = program.columns(len(task.areas), cost=1.0, upper=most, whole=False)
        return Given(least, fixed, unfair, NONE, NONE)
    if give is Give.RESOURCES:
        weekly = [crew.shifts * crew.length * task.slot for crew in task.crews]
        teams = program.columns(len(task.crews), cost=weekly, upper=_extra(task))
        money = 1 if math.isfinite(task.hours) else 0
        hours = program.columns(money, upper=math.inf, cost=1.0, whole=False)
        return Given(NONE, NONE, NONE, hours, teams)
    return Given(NONE, NONE, NONE, NONE, NONE)


def _one_visit_at_a_time(model: Model, task: Task) -> None:
    """No second visit at a place during one, nor in the pause after it."""
    visits, slots = model.visits, task.need.shape[1]
    parts = []
    for k in range(len(task.worth) + task.pause):
        holds = (k < visits.length + task.pause) & (visits.start + k < slots)
        row = visits.place[holds] * slots + visits.start[holds] + k
        parts.append((row, model.visiting[holds], 1.0))
    model.program.rows(len(task.names) * slots, *parts, upper=1.0)


def _somebody_on_duty(model: Model, task: Task) -> None:
    """No more visits in a slot than teams, nor over the end of a shift than teams that go on."""
    for kind, crews in kinds(task).items():
        slots = task.need.shape[1]
        everywhere = np.arange(slots)
        ends = np.unique(np.concatenate([crew.starts + crew.length for crew in crews]))
        _covered(model, task, kind, everywhere, 1)
        _covered(model, task, kind, ends[ends < slots] - 1, 2)


def _covered(model: Model, task: Task, kind: int, first: Codes, span: int) -> None:
    """Rows for each beat and stretch of `span` slots: visits over all of it, less shifts."""
    visits, slots = model.visits, task.need.shape[1]
    number = np.full(slots, -1)
    number[first] = np.arange(len(first))
    parts = []
    for k in range(len(task.worth) - span + 1):
        over = (visits.kind == kind) & (k + span <= visits.length)
        row = number[np.minimum(visits.start + k, slots - 1)]
        over &= row >= 0
        beat = task.beat[visits.place[over]]
        parts.append((beat * len(first) + row[over], model.visiting[over], 1.0))
    for crew, shifts in zip(task.crews, model.shifts, strict=True):
        if crew.kind != kind:
            continue
        for k in range(crew.length - span + 1):
            row = number[crew.starts + k]
            beats = np.arange(len(task.beats))[:, None] * len(first)
            parts.append(((beats + row)[:, row >= 0], shifts[:, row >= 0], -1.0))
    model.program.rows(len(first) * len(task.beats), *parts, upper=0.0)


def _working_time(model: Model, task: Task) -> None:
    """Alike teams can take turns exactly when never more are on duty or resting than there are."""
    program, given = model.program, model.given
    for k, (crew, shifts) in enumerate(zip(task.crews, model.shifts, strict=True)):
        more = given.teams[k : k + 1]
        for start in crew.starts:
            busy = (crew.starts <= start) & (start < crew.starts + crew.length + crew.rest)
            program.rows(1, (0, shifts[:, busy], 1.0), (0, more, -1.0), upper=crew.teams)
        limit = crew.teams * crew.shifts
        program.rows(1, (0, shifts, 1.0), (0, more, -crew.shifts), upper=limit)
    if math.isfinite(task.hours):
        paid = [
            (0, shifts, crew.length * task.slot)
            for crew, shifts in zip(task.crews, model.shifts, strict=True)
        ]
        program.rows(1, *paid, (0, given.hours, -1.0), upper=task.hours)


def _least_and_most(model: Model, task: Task) -> None:
    visits, places = model.visits, len(task.names)
    due = task.least > 0
    hours = (visits.place, model.visiting, visits.dose)
    if len(model.given.least):
        program_rows = (range(places), model.given.least, 1.0)
        model.program.rows(places, hours, program_rows, lower=task.least)
    elif due.any():
        least = task.least[visits.place]
        cut = (visits.place, model.visiting, np.minimum(visits.dose, least))
        model.program.rows(places, cut, lower=task.least)
        _least_visits(model, task)
    limited = np.isfinite(task.most)
    if limited.any():
        model.program.rows(places, hours, upper=task.most)


def _least_visits(model: Model, task: Task) -> None:
    """The least hours, counted in shortest visits and rounded up: true, and closer to whole."""
    visits = model.visits
    unit = task.shortest * task.slot - task.loss
    needed = np.ceil(task.least / unit - HAIR)
    counted = np.ceil(visits.dose / unit[visits.place] - HAIR)
    counted = np.minimum(counted, needed[visits.place])
    model.program.rows(len(task.names), (visits.place, model.visiting, counted), lower=needed)


def _fixed(model: Model, task: Task) -> None:
    visits = model.visits
    for k, (place, slot) in enumerate(task.fixed):
        there = (visits.place == place) & (visits.start <= slot)
        there &= slot < visits.start + visits.length
        given = model.given.fixed[k : k + 1]
        model.program.rows(1, (0, model.visiting[there], 1.0), (0, given, 1.0), lower=1.0)


def _fairness(model: Model, task: Task) -> None:
    visits, given = model.visits, model.given.fairness
    for area in np.flatnonzero(task.fairness * task.area_need > 0):
        due = task.fairness[area] * task.area_need[area] / task.area_need.sum()
        its = (task.area[visits.place] == area) - due
        slack = given[area : area + 1]
        model.program.rows(1, (0, model.visiting, visits.dose * its), (0, slack, 1.0), lower=0.0)
