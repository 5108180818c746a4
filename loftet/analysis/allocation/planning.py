"""Limited hours of presence, put where and when they cover most of the need."""

from collections.abc import Sequence
from dataclasses import replace
from time import monotonic

import numpy as np

from loftet.analysis import checks
from loftet.analysis.allocation.coverage import by_area, hours_by_place, spread_out
from loftet.analysis.allocation.model import Model, Visits, build
from loftet.analysis.allocation.needs import Need, share
from loftet.analysis.allocation.reasons import explain
from loftet.analysis.allocation.relaxing import relaxations
from loftet.analysis.allocation.results import Plan, Relaxation, Spread, Status
from loftet.analysis.allocation.rosters import Turn, roster, send, shifts, stints, team_by_team
from loftet.analysis.allocation.rules import Crew, Rules
from loftet.analysis.allocation.solving import Solution, solve
from loftet.analysis.allocation.task import Task, read


def allocate(
    need: Need,
    crews: Sequence[Crew],
    rules: Rules | None = None,
    *,
    gap: float = 1e-4,
    time_limit: float = 60.0,
) -> Plan:
    r"""Plan who is where and when, so that presence covers as much of the need as it can.

    A visit to place *p* from slot *t*, *d* slots long, covers
    :math:`\sum_{k<d} c_k\, n_{p,t+k}` of the need, with the worth :math:`c_k` falling, and less by
    the share of the first slot that the longest way there takes. Chosen are the visits v and shifts
    y that cover most,

    .. math:: \max \sum_v g_v v \quad\text{so that}\quad
       \sum_{v \ni (p,t)} v \le 1, \quad
       \sum_{v \ni t,\; p \in b} v \le \sum_{y \ni t} y_b, \quad
       \sum_{y \ni t,\, \text{or resting}} y \le \text{teams},

    one visit at a time at a place and a pause after it, no more visits at once in a beat than teams
    there, no more teams on duty or resting than there are; and the rules on hours, fairness and
    fixed presence. The solver is HiGHS.

    Parameters
    ----------
    need : Need
        From `need`: shares of places and hours.
    crews : sequence of Crew
        The teams, their shifts and working time.
    rules : Rules, optional
        What places and areas are due, how long visits are, and how far it is between places.
    gap : float
        How near to the best the plan must be proved to be, as a share of what it covers.
    time_limit : float
        Seconds for the search. A plan that was still not proved then is returned as such; only
        then can two runs differ. Finding what to relax may take as long again, twice.

    Returns
    -------
    Plan

    Raises
    ------
    ValueError
        If an argument makes no sense by itself. Demands that cannot be met together are no error:
        the plan says so and what to relax.

    Notes
    -----
    Covered need is a count of where people were when it mattered, not an effect: what presence
    prevents must be evaluated. The plan says which hours, not which minutes; arrivals within the
    hour should vary, and the plan be kept from those it is made for.

    References
    ----------
    Huangfu and Hall (2018), Mathematical Programming Computation 10, 119-142 (HiGHS); Koper (1995),
    Justice Quarterly 12, 649-672, and Telep, Mitchell and Weisburd (2014), Justice Quarterly 31,
    905-933, for short visits with a pause; Church and ReVelle (1974), Papers of the Regional
    Science Association 32, 101-118, for covering the most with what there is.

    Examples
    --------
    >>> from loftet.analysis.allocation import Crew, Rules, allocate, need
    >>> evening = need([[5, 1, 4], [2, 3, 1]])
    >>> walkers = [Crew("Walkers", teams=1, starts=(0,), shift=3)]
    >>> plan = allocate(evening, walkers, Rules(worth=(1.0,), pause=1, names=["Park", "Square"]))
    >>> [(stint.team, stint.place, stint.start) for stint in plan.stints]
    [('Walkers 1', 0, 0.0), ('Walkers 1', 1, 1.0), ('Walkers 1', 0, 2.0)]
    >>> plan.covered, str(plan.status)
    (0.75, 'proved')
    >>> plan.visits[1].sentence  # doctest: +NORMALIZE_WHITESPACE
    'Walkers 1 at Square, Mon 01:00-02:00: 18.75% of all need is there then, its neediest time
    ranks 3 of 6; the visit covers 18.75%. Nowhere else could be visited then.'
    """
    share("gap", gap)
    checks.positive("time_limit", time_limit)
    task = read(need, crews, rules or Rules())
    until = monotonic() + time_limit
    model, solution, turns = _solved(task, gap, until)
    if solution.columns is None:
        ways = relaxations(task, time_limit) if solution.infeasible else ()
        return _no_plan(task, solution.infeasible, ways)
    chosen = model.visits.chosen(solution.columns[model.visiting] > 0.5)
    proved = Status.PROVED if solution.gap <= gap else Status.NOT_PROVED
    return replace(_plan(task, need, chosen, turns), status=proved, gap=solution.gap)


def _solved(task: Task, gap: float, until: float) -> tuple[Model, Solution, list[Turn]]:
    """Shifts that cannot be shared out with the weekly rest are searched for anew, by team."""
    model = build(task)
    solution = solve(model.program, gap=gap, until=until)
    turns = _shared_out(task, model, solution, until)
    if solution.columns is None or turns is not None:
        return model, solution, turns or []
    team_by_team(model, task)
    solution = solve(model.program, gap=gap, until=until)
    return model, solution, _shared_out(task, model, solution, until) or []


def _shared_out(task: Task, model: Model, solution: Solution, until: float) -> list[Turn] | None:
    if solution.columns is None:
        return None
    return roster(task, [solution.columns[shifts] for shifts in model.shifts], until)


def _plan(task: Task, need: Need, chosen: Visits, turns: list[Turn]) -> Plan:
    held = send(task, chosen, turns)
    slots = float(chosen.length.sum())
    per_slot = task.need.shape[1] // need.values.shape[1]
    by_events = np.repeat(need.events, per_slot, axis=1)
    return Plan(
        status=Status.PROVED,
        gap=0.0,
        covered=float(chosen.gain.sum() / task.need.sum()),
        covered_by_events=spread_out(task, by_events, slots),
        covered_evenly=spread_out(task, np.ones(task.need.shape), slots),
        visits=explain(task, chosen, held),
        stints=stints(task, chosen, held),
        shifts=shifts(task, turns, held),
        hours=hours_by_place(task, chosen),
        by_area=by_area(task, chosen),
    )


def _no_plan(task: Task, impossible: bool, ways: tuple[Relaxation, ...]) -> Plan:
    places = len(task.names)
    none = np.zeros(len(task.areas))
    return Plan(
        status=Status.IMPOSSIBLE if impossible else Status.NOT_FOUND,
        gap=np.inf,
        covered=0.0,
        covered_by_events=0.0,
        covered_evenly=0.0,
        visits=(),
        stints=(),
        shifts=(),
        hours=np.zeros(places),
        by_area=Spread(task.areas, task.area_need / task.area_need.sum(), none, none),
        relaxations=ways,
    )
