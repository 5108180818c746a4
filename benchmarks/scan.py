"""The scans from a thousand regions or cases up, and how often they are right.

``python -m benchmarks.scan`` times 999 replicates, each task in a process of its own;
``python -m benchmarks.scan alarms 10000`` simulates data without and with a cluster.
"""

import sys
from collections.abc import Callable
from functools import partial
from importlib import import_module

import numpy as np

from benchmarks import beside
from loftet.analysis import scan

Ask = Callable[[], scan.Scan]

REGIONS = [1000, 2000, 5000, 10_000]
CASES = [1000, 10_000, 100_000]
LIMITS = {
    ("poisson", 1000): "0.5 s",
    ("poisson", 5000): "10 s",
    ("prospective permutation", 100_000): "1 s",
}
RISKS = (1, 2, 3, 4, 6)


def run() -> None:
    own = partial(beside.python, "benchmarks.scan")
    print("999 replicates; circles of up to half of all; 10 cases per region")
    beside.table(["poisson", "bernoulli"], REGIONS, own, {}, limits=LIMITS)
    print("\n999 replicates; 616 places, 3 years of days, circles of 3 km, runs of 28 days")
    beside.table(["prospective permutation"], CASES, own, {}, limits=LIMITS)
    print("\nthe same in weeks, runs of 4")
    beside.table(["retrospective permutation"], CASES, own, {})


def prepared(task: str, size: int) -> Ask:
    ask = TASKS[task](size)
    ask()  # compiles, or reads what is compiled
    return ask


def poisson(regions: int) -> Ask:
    x, y, population, cases = _regions(regions)
    return lambda: scan.poisson(cases, population, x, y, rng=np.random.default_rng(2))


def bernoulli(regions: int) -> Ask:
    x, y, population, cases = _regions(regions)
    controls = np.random.default_rng(3).poisson(10 * population / population.mean())
    return lambda: scan.bernoulli(cases, controls, x, y, rng=np.random.default_rng(2))


def _regions(count: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(1)
    x, y = rng.uniform(0, 1e5, (2, count))
    population = rng.gamma(1, 1000, count)
    return x, y, population, rng.multinomial(10 * count, population / population.sum())


def prospective(cases: int) -> Ask:
    location, day, x, y = _cases(cases)
    return lambda: scan.space_time_permutation(
        location, day, x, y, prospective=True, radius=3000, longest=28,
        rng=np.random.default_rng(2),
    )  # fmt: skip


def retrospective(cases: int) -> Ask:
    location, day, x, y = _cases(cases)
    return lambda: scan.space_time_permutation(
        location, day // 7, x, y, prospective=False, radius=3000, longest=4,
        rng=np.random.default_rng(2),
    )  # fmt: skip


def _cases(count: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(1)
    x, y = (part.ravel() * 1000.0 for part in np.meshgrid(np.arange(22), np.arange(28)))
    busy = rng.gamma(1, 1, x.size)
    location = rng.choice(x.size, count, p=busy / busy.sum())
    return location, rng.integers(0, 1096, count), x, y


TASKS: dict[str, Callable[[int], Ask]] = {
    "poisson": poisson,
    "bernoulli": bernoulli,
    "prospective permutation": prospective,
    "retrospective permutation": retrospective,
}


def alarms(times: int) -> None:
    """The simulation of the tests, longer: share of p at or below 0.05 by relative risk."""
    simulation = import_module("tests.analysis.test_scan_chance")
    print(f"{'relative risk':14}" + "".join(f"{risk:8}" for risk in RISKS))
    for name, draw in simulation.SCANS.items():
        print(f"{name:14}", end="")
        for risk in RISKS:
            rng = np.random.default_rng(risk)
            share = simulation.alarms(draw, risk, times if risk == 1 else times // 10, rng)
            print(f"{share:8.3f}", end="", flush=True)
        print()


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["alarms", times]:
            alarms(int(times))
        case [task, size]:
            beside.report(prepared(task, int(size)))
        case _:
            run()
