"""Farrington's method beside R's surveillance, and how often alarms come where nothing happens.

``python -m benchmarks.trend`` times 52 weeks of as many series as the size says;
``python -m benchmarks.trend alarms 6000`` simulates. R takes too long for all series: it is given
five, and its seconds are scaled to the size.
"""

import sys
import tempfile
from collections.abc import Callable
from functools import partial
from importlib import import_module
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks import beside
from loftet.analysis import trend

SIZES = [20, 300, 2000]  # series: 1,040, 15,600 and 104,000 cells
WEEKS = 52
HISTORY = 5 * 52 + 10
R_SERIES = 5
R_SCRIPT = Path(__file__).with_name("trend_peer.R")

Counts = NDArray[np.int64]
Ask = Callable[[], object]


def run() -> None:
    own = partial(beside.python, "benchmarks.trend", "own")
    limits = {("flexible", 300): "6 s, 50 times R"}
    beside.table(TASKS, SIZES, own, {"R, scaled": surveillance}, limits=limits)


def made(series: int) -> Counts:
    rng = np.random.default_rng(1)
    mean = np.geomspace(0.5, 50, series)[:, None]
    season = np.exp(0.3 * np.sin(2 * np.pi * np.arange(HISTORY + WEEKS) / 52))
    return rng.negative_binomial(2 * mean * season, 2 / 3)


def surveillance(task: str, series: int) -> beside.Cost | None:
    if task != "flexible" or not beside.r_has("surveillance"):
        return None
    few = made(series)[:: max(1, series // R_SERIES)][:R_SERIES]
    with tempfile.NamedTemporaryFile(suffix=".csv") as file:
        np.savetxt(file.name, few, fmt="%d", delimiter=",")
        return beside.r(R_SCRIPT, file.name, WEEKS, series)


def flexible(counts: Counts) -> Ask:
    return partial(trend.farrington, counts, weeks=WEEKS, rules=trend.NOUFAILY)


def original(counts: Counts) -> Ask:
    return partial(trend.farrington, counts, weeks=WEEKS, rules=trend.ORIGINAL)


def ears(counts: Counts) -> Ask:
    return partial(trend.ears, counts, weeks=WEEKS)


def cusum(counts: Counts) -> Ask:
    return partial(trend.cusum, counts, trend.Usual(HISTORY))


def glr(counts: Counts) -> Ask:
    return partial(trend.glr, counts, trend.Usual(HISTORY))


def seasons(counts: Counts) -> Ask:
    return partial(trend.seasons, counts, np.arange(counts.shape[1]) % 52)


TASKS: dict[str, Callable[[Counts], Ask]] = {
    "flexible": flexible,
    "original": original,
    "EARS C1": ears,
    "CUSUM": cusum,
    "GLR": glr,
    "seasons": seasons,
}


def alarms(series: int) -> None:
    """The simulations of the tests, longer."""
    simulated = import_module("tests.analysis.test_trend_alarms")
    rng = np.random.default_rng(1)
    print("false alarms a week: mean, dispersion, season")
    for town, shares in simulated.false_alarms(series, rng).items():
        print(town, {name: round(share, 4) for name, share in shares.items()})
    print("outbreaks found in their first week: size in standard deviations; with others before")
    for size in (2, 3, 4, 5):
        clean = simulated.power(series, rng, size=size)
        hidden = simulated.power(series, rng, size=size, hidden=True)
        print(
            size, *({name: round(share, 2) for name, share in x.items()} for x in (clean, hidden))
        )


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["alarms", series]:
            alarms(int(series))
        case [_, task, size]:
            ask = TASKS[task](made(int(size)))
            ask()  # compiled kernels come from the disk here, not in what is timed
            beside.report(ask)
        case _:
            run()
