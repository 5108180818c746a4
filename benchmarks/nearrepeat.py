"""Knox's test beside R's surveillance and pointpats, how often it is wrong, and what it finds.

``python -m benchmarks.nearrepeat`` times; ``python -m benchmarks.nearrepeat chance 10000``
simulates. Events of a year lie in a square of 38 km that fills up, but for the moments, where it
grows with them. Ours is a table of 5 by 4 bands; the peers test one cell, nearer than the last
edges. pointpats is carried on to 999 permutations from 9 and 99 where they take minutes.
"""

import sys
from collections.abc import Callable
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from benchmarks import beside
from loftet.analysis.arrays import Floats
from loftet.analysis.nearrepeat import knox, knox_moments

SIDE = 38_000.0
DISTANCES, DAYS = [0, 1, 200, 400, 600, 1000], [0, 1, 8, 15, 29]
NEAR, SOON = 1000, 28
TIMED = {10**4: (9, 99)}
LIMITS = {
    ("table", 10**3): "300 times R",
    ("table", 10**4): "500 times pointpats",
    ("table", 10**5): "5 s, 300 MB",
}


def run() -> None:
    own = partial(beside.python, "benchmarks.nearrepeat", "own")
    peers = {"R, one cell": r, "pointpats": pointpats}
    beside.table(["table"], [10**3, 10**4, 10**5], own, peers, limits=LIMITS)
    beside.table(["intervals"], [10**3, 10**4], own, {})
    beside.table(["moments"], [10**3, 10**4, 10**5, 10**6], own, {})


def r(task: str, size: int) -> beside.Cost | None:
    if not beside.r_has("surveillance") or size > 10**3:
        return None
    return beside.r(Path(__file__).with_name("nearrepeat_peer.R"), size)


def pointpats(task: str, size: int) -> beside.Cost | None:
    if not find_spec("pointpats") or size > 10**4:
        return None
    asked = partial(beside.python, "benchmarks.nearrepeat")
    if size not in TIMED:
        return asked("pointpats 999", task, size)
    few, many = TIMED[size]
    (first, _), (second, memory) = (asked(f"pointpats {n}", task, size) for n in (few, many))
    return second + (second - first) / (many - few) * (999 - many), memory


def made(task: str, size: int) -> tuple[Floats, Floats, Floats]:
    rng = np.random.default_rng(1)
    side = SIDE * (size / 10**5) ** 0.5 if task == "moments" else SIDE
    x, y = rng.uniform(0, side, (2, size))
    return x, y, np.floor(rng.uniform(0, 365, size))


def prepared(who: str, task: str, size: int) -> Callable[[], object]:
    x, y, t = made(task, size)
    if who != "own":
        tested, permutations = import_module("pointpats").Knox, int(who.split()[1])
        return partial(tested, np.column_stack([x, y]), t[:, None], NEAR, SOON, permutations)
    if task == "moments":
        return lambda: knox_moments(x, y, t, distances=DISTANCES, days=DAYS)
    latest = t + np.random.default_rng(2).integers(0, 4, size) if task == "intervals" else None
    rng = np.random.default_rng(3)
    return lambda: knox(x, y, t, latest=latest, distances=DISTANCES, days=DAYS, rng=rng)


def chance(towns: int) -> None:
    """The simulations of the tests, longer."""
    tests = import_module("tests.analysis.test_nearrepeat_chance")
    cells, table = tests.false_alarms(towns, np.random.default_rng(1))
    print(f"p < 0.05 without near repeats: {cells.round(4).tolist()}, adjusted {table:.4f}")
    for followed in (3, 6, 9, 15, 30):
        seen, reached = tests.power(followed, towns // 10, np.random.default_rng(2))
        print(f"{followed} of 300 followed: p < 0.05 in {seen:.3f}, reach right in {reached:.3f}")


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["chance", towns]:
            chance(int(towns))
        case [who, task, size]:
            beside.report(prepared(who, task, int(size)), least=2 if who == "own" else 1)
        case _:
            run()
