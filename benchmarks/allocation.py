"""How long a week's plan takes to be proved the best, beside the same program given to HiGHS whole.

``python -m benchmarks.allocation``. A size is a number of place-hours, 20 a day over a week: 2,940
are 21 places and 18,200 are 130. "hours" has one binary for each of them (visits of an hour);
"visits" lets a visit last up to three hours with falling worth; "demands" adds travel, least hours
and fairness to that. Binaries and the gap that is left stand on the right.
"""

import sys
from collections.abc import Callable
from functools import partial

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from benchmarks import beside
from loftet.analysis.allocation import Crew, Need, Rules, allocate, need
from loftet.analysis.allocation.model import build
from loftet.analysis.allocation.task import Task, read

A_DAY = 140  # place-hours of one place in a week, closed from 4 to 8
SIZES = (980, 2_940, 9_800, 18_200)
HOURS = np.arange(168)
GAP = 1e-4
SECONDS = 120.0

Case = tuple[Need, list[Crew], Rules]
LIMITS = {("hours", 2_940): "1 s", ("hours", 18_200): "3 s"}


def run() -> None:
    own = partial(beside.python, "benchmarks.allocation", "own")
    whole = partial(beside.python, "benchmarks.allocation", "whole")
    beside.table(TASKS, SIZES, own, {"HiGHS, whole": whole}, limits=LIMITS)
    print(f"\n{'task':10}{'binaries':>10}{'gap':>10}{'covered':>10}{'by events':>11}{'evenly':>9}")
    for task in TASKS:
        for size in SIZES:
            _found(task, size)


def _found(name: str, size: int) -> None:
    case = TASKS[name](size // A_DAY)
    plan = allocate(*case, gap=GAP, time_limit=SECONDS)
    binaries = build(read(*case)).program.width
    shares = f"{plan.covered:10.1%}{plan.covered_by_events:11.1%}{plan.covered_evenly:9.1%}"
    print(f"{name:10}{binaries:10,}{plan.gap:10.0e}{shares}", flush=True)


def prepared(who: str, name: str, size: int) -> Callable[[], object]:
    case = TASKS[name](size // A_DAY)
    return partial(_whole, read(*case)) if who == "whole" else partial(_own, case)


def _own(case: Case) -> object:
    return allocate(*case, gap=GAP, time_limit=SECONDS)


def _whole(task: Task) -> object:
    program = build(task).program
    lower, upper = program.limits()
    return milp(
        program.cost(),
        integrality=program.whole().astype(int),
        bounds=Bounds(0, program.upper()),
        constraints=LinearConstraint(program.matrix(), lower, upper),
        options={"mip_rel_gap": GAP, "time_limit": SECONDS},
    )


# --- A made-up town -----------------------------------------------------------------------------


def town(places: int) -> tuple[Need, list[Crew], Rules]:
    rng = np.random.default_rng(1)
    late = (HOURS % 24 >= 18) | (HOURS % 24 < 2)
    rhythm = 1 + np.sin((HOURS - 12) * np.pi / 12) + 0.5 * (HOURS >= 96)
    events = rng.poisson(2 * rng.gamma(0.6, 1.0, places)[:, None] * rhythm)
    needed = need(events, rng.gamma(1.0, 1.0, places), weight=0.3, asked_about=late)
    crews = [Crew("Guards", max(2, places // 12), (7, 14, 18, 20))]
    closed = (HOURS % 24 >= 4) & (HOURS % 24 < 8)
    return needed, crews, Rules(allowed=np.broadcast_to(~closed, (places, 168)))


def hours(places: int) -> Case:
    needed, crews, rules = town(places)
    return needed, crews, Rules(allowed=rules.allowed, worth=(1.0,), pause=1)


def visits(places: int) -> Case:
    return town(places)


def demands(places: int) -> Case:
    needed, crews, rules = town(places)
    where = np.random.default_rng(2).uniform(0, 10, (places, 2))
    return (
        needed,
        crews,
        Rules(
            allowed=rules.allowed,
            travel=np.hypot(*(where[:, None] - where).T),
            area=[k % 6 for k in range(places)],
            least=0.8,
            fairness=0.5,
        ),
    )


TASKS: dict[str, Callable[[int], Case]] = {"hours": hours, "visits": visits, "demands": demands}


if __name__ == "__main__":
    match sys.argv[1:]:
        case [who, task, size]:
            beside.report(prepared(who, task, int(size)))
        case _:
            run()
