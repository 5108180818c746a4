"""Who does it: shifts to teams, and visits to the teams on duty."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import linear_sum_assignment

from loftet.analysis.allocation.model import Model, Visits
from loftet.analysis.allocation.needs import Codes
from loftet.analysis.allocation.program import Program
from loftet.analysis.allocation.results import Shift, Stint
from loftet.analysis.allocation.solving import solve
from loftet.analysis.allocation.task import Duty, Task
from loftet.analysis.arrays import Floats

Team = tuple[int, int]  # crew, and which of its teams
LATE = 1e5  # minutes that it is worth not to begin a visit that somebody else must end
NEVER = 1e9


@dataclass(frozen=True, slots=True)
class Turn:
    """A shift of a team, in slots."""

    team: Team
    beat: int
    start: int
    end: int


# --- Shifts to teams ----------------------------------------------------------------------------


def roster(task: Task, begun: Sequence[Floats], until: float) -> list[Turn] | None:
    """Share out the shifts begun in each beat at each start; None when weekly rest cannot be kept.

    Taking turns always keeps the rest between shifts and the most hours, because the program lets
    no more teams be on duty or resting at once than there are, and shifts of a crew are alike. Only
    the long rest of the week may need another order.
    """
    turns: list[Turn] = []
    for number, (crew, counts) in enumerate(zip(task.crews, begun, strict=True)):
        beats, order = _shifts(counts)
        starts = crew.starts[order]
        teams = _taking_turns(task, crew, starts)
        if teams is None:
            teams = _with_weekly_rest(task, crew, starts, until)
        if teams is None:
            return None
        for beat, start, team in zip(beats, starts, teams, strict=True):
            turns.append(Turn((number, int(team)), int(beat), int(start), int(start) + crew.length))
    return turns


def _shifts(counts: Floats) -> tuple[Codes, Codes]:
    """Beat and number of the start of each shift, the earliest first."""
    starts, beats = np.nonzero(counts.T)
    many = counts[beats, starts].astype(int)
    return np.repeat(beats, many), np.repeat(starts, many)


def _taking_turns(task: Task, crew: Duty, starts: Codes) -> Codes | None:
    teams = np.arange(len(starts)) % crew.teams
    slots = task.need.shape[1]
    rested = all(_rested(crew, starts[teams == team], slots) for team in range(crew.teams))
    return teams if rested else None


def _rested(crew: Duty, starts: Codes, slots: int) -> bool:
    free = [0, *(starts + crew.length).tolist()]
    busy = [*starts.tolist(), slots]
    return any(b - f >= crew.weekly_rest for f, b in zip(free, busy, strict=True))


def _with_weekly_rest(task: Task, crew: Duty, starts: Codes, until: float) -> Codes | None:
    program = Program()
    mine = program.columns(crew.teams * len(starts)).reshape(crew.teams, -1)
    program.rows(len(starts), (np.arange(len(starts)), mine, 1.0), lower=1.0, upper=1.0)
    for team in range(crew.teams):
        rest_within_week(program, task, crew, mine[team], starts)
    found = solve(program, gap=0.0, until=until).columns
    return None if found is None else found[mine].argmax(axis=0)


def rest_within_week(program: Program, task: Task, crew: Duty, mine: Codes, starts: Codes) -> None:
    """Rows for one team: rest between its shifts, the most of them, and the long rest."""
    for start in np.unique(starts):
        busy = (starts <= start) & (start < starts + crew.length + crew.rest)
        program.rows(1, (0, mine[busy], 1.0), upper=1.0)
    program.rows(1, (0, mine, 1.0), upper=crew.shifts)
    rests = np.arange(task.need.shape[1] - crew.weekly_rest + 1)
    off = program.columns(len(rests))
    program.rows(1, (0, off, 1.0), lower=1.0, upper=1.0)
    for column, start in zip(mine, starts, strict=True):
        breaks = (rests < start + crew.length) & (start < rests + crew.weekly_rest)
        program.rows(1, (0, column, 1.0), (0, off[breaks], 1.0), upper=1.0)


def team_by_team(model: Model, task: Task) -> None:
    """Write out each team, so that every solution can be shared out with the weekly rest."""
    program = model.program
    for crew, shifts in zip(task.crews, model.shifts, strict=True):
        if not crew.weekly_rest:
            continue
        mine = program.columns(crew.teams * len(crew.starts)).reshape(crew.teams, -1)
        each = np.arange(len(crew.starts))
        program.rows(len(each), (each, mine, 1.0), (each, shifts, -1.0), lower=0.0, upper=0.0)
        for team in range(crew.teams):
            rest_within_week(program, task, crew, mine[team], crew.starts)


# --- Visits to teams ----------------------------------------------------------------------------

Held = tuple[Turn, int, int]  # a turn at a place, from a slot to a slot


def send(task: Task, visits: Visits, turns: Sequence[Turn]) -> list[list[Held]]:
    """Give each visit its teams, usually one.

    Slot by slot: who is at a place stays there. Visits that begin, or whose team goes off duty, get
    free teams of the right crew and beat that need not leave before the end and travel least.
    """
    held: list[list[Held]] = [[] for _ in visits.place]
    ends = visits.start + visits.length
    last: dict[Turn, int] = {}  # where each turn was last
    for slot in range(task.need.shape[1]):
        current = np.flatnonzero((visits.start <= slot) & (slot < ends)).tolist()
        staying = {k: held[k][-1][0] for k in current if held[k] and held[k][-1][0].end > slot}
        waiting = [k for k in current if k not in staying]
        busy = set(staying.values())
        free = [turn for turn in turns if turn.start <= slot < turn.end and turn not in busy]
        for k, turn in _matched(task, visits, waiting, free, last):
            held[k].append((turn, slot, min(int(ends[k]), turn.end)))
            last[turn] = int(visits.place[k])
    return held


def _matched(
    task: Task, visits: Visits, waiting: list[int], free: list[Turn], last: dict[Turn, int]
) -> list[tuple[int, Turn]]:
    cost = np.zeros((len(waiting), len(free)))
    for row, k in enumerate(waiting):
        place, end = visits.place[k], visits.start[k] + visits.length[k]
        for column, turn in enumerate(free):
            before = last.get(turn)
            cost[row, column] = 0.0 if before is None else task.travel[before, place]
            cost[row, column] += LATE * (turn.end < end)
            right = task.crews[turn.team[0]].kind == visits.kind[k]
            cost[row, column] += NEVER * (turn.beat != task.beat[place] or not right)
    rows, columns = linear_sum_assignment(cost)
    return [(waiting[row], free[column]) for row, column in zip(rows, columns, strict=True)]


def stints(task: Task, visits: Visits, held: Sequence[Sequence[Held]]) -> tuple[Stint, ...]:
    """Who is where, the earliest first, with the minutes travelled since the stint before."""
    last: dict[Turn, int] = {}
    found = []
    order = [
        (start, turn.team, end, turn, k) for k, row in enumerate(held) for turn, start, end in row
    ]
    for start, team, end, turn, k in sorted(order, key=lambda row: row[:3]):
        place = int(visits.place[k])
        travel = float(task.travel[last.get(turn, place), place])
        last[turn] = place
        hours = (end - start) * task.slot
        found.append(Stint(team_name(task, team), place, start * task.slot, hours, travel))
    return tuple(found)


def shifts(task: Task, turns: Sequence[Turn], held: Sequence[Sequence[Held]]) -> tuple[Shift, ...]:
    used = {turn for row in held for turn, _, _ in row}
    return tuple(
        Shift(
            team_name(task, turn.team),
            task.beats[turn.beat],
            turn.start * task.slot,
            (turn.end - turn.start) * task.slot,
        )
        for turn in sorted(turns, key=lambda turn: (turn.start, turn.team))
        if turn in used
    )


def team_name(task: Task, team: Team) -> str:
    return f"{task.crews[team[0]].name} {team[1] + 1}"
