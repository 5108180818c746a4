"""Survey estimation beside svy and R's survey, where they are, and how often intervals cover.

``python -m benchmarks.survey`` times; ``python -m benchmarks.survey coverage 20000`` simulates.
Each task runs in a process of its own, so that its peak memory is its own.
"""

import sys
from collections.abc import Callable
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import beside
from loftet.analysis.survey import Design

SIZES = [10**power for power in range(3, 7)]
LEVELS = (2, 7, 12)
REPLICATES = 200
TOO_LONG = {("bootstrap", 10**6)}

Data = dict[str, Any]
Margins = list[tuple[str, dict[int, float]]]


def run() -> None:
    own = partial(beside.python, "benchmarks.survey", "own")
    beside.table(TASKS, SIZES, own, {"svy": svy, "R": r})


def svy(task: str, size: int) -> beside.Cost | None:
    if not find_spec("svy") or (task, size) in TOO_LONG or task not in PEERS:
        return None
    return beside.python("benchmarks.survey", "svy", task, size)


def r(task: str, size: int) -> beside.Cost | None:
    if not beside.r_has("survey") or (task, size) in TOO_LONG or task not in PEERS:
        return None
    return beside.r(Path(__file__).with_name("survey_peer.R"), task, size)


def prepared(who: str, task: str, size: int) -> Callable[[], object]:
    return (TASKS if who == "own" else PEERS)[task](*made(size))


def made(size: int) -> tuple[Data, Margins]:
    rng = np.random.default_rng(1)
    data: Data = {
        "weight": rng.uniform(50, 150, size),
        "stratum": rng.integers(0, 20, size),
        "domain": rng.integers(0, 50, size),
        "y": rng.normal(size=size),
    }
    margins: Margins = []
    for count in LEVELS:
        labels = rng.integers(0, count, size)
        totals = np.bincount(labels, minlength=count) * rng.uniform(0.9, 1.1, count)
        data[f"margin {count}"] = labels
        margins.append((f"margin {count}", _scaled(totals, 100.0 * size)))
    return data, margins


def _scaled(totals: Any, to: float) -> dict[int, float]:
    return dict(enumerate((totals * to / totals.sum()).tolist()))


# --- Ours ---------------------------------------------------------------------------------------

Ask = Callable[[], object]


def sample(data: Data) -> Design:
    return Design(data["weight"], strata=data["stratum"])


def domains(data: Data, _: Margins) -> Ask:
    return lambda: sample(data).mean(data["y"], by=data["domain"])


def raked(data: Data, margins: Margins) -> Design:
    return sample(data).rake([(data[name], totals) for name, totals in margins])


def rake(data: Data, margins: Margins) -> Ask:
    return partial(raked, data, margins)


def rake_and_mean(data: Data, margins: Margins) -> Ask:
    return lambda: raked(data, margins).mean(data["y"])


def bootstrap(data: Data, _: Margins) -> Ask:
    rng = np.random.default_rng(1)
    drawn = partial(sample(data).replicates, "bootstrap", count=REPLICATES, rng=rng)
    return lambda: drawn().mean(data["y"], by=data["domain"])


def municipality(_: Data, __: Margins) -> Ask:
    """5,000 answers to 40 questions in 12 areas, raked, whatever the size asked for."""
    rng = np.random.default_rng(1)
    area, answers = rng.integers(0, 12, 5000), rng.integers(1, 6, (40, 5000))

    def ask() -> None:
        design = Design(np.full(5000, 8.0), strata=area, population=dict.fromkeys(range(12), 9e3))
        design = design.rake([(answers[0], dict.fromkeys(range(1, 6), 8e3))])
        for answer in answers:
            design.share(answer, 5, by=area)

    return ask


TASKS: dict[str, Callable[[Data, Margins], Ask]] = {
    "domains": domains,
    "rake": rake,
    "rake and mean": rake_and_mean,
    "bootstrap": bootstrap,
    "municipality": municipality,
}


# --- svy ----------------------------------------------------------------------------------------


def svy_sample(data: Data, **design: str) -> Any:
    svy, frame = import_module("svy"), import_module("polars").DataFrame(data)
    return svy.Sample(frame, svy.Design(wgt="weight", stratum="stratum", **design))


def svy_domains(data: Data, _: Margins) -> Ask:
    whole = svy_sample(data)
    return lambda: whole.estimation.mean("y", by="domain")


def svy_rake(data: Data, margins: Margins) -> Ask:
    whole = svy_sample(data)
    return lambda: whole.weighting.rake(controls=dict(margins), tol=1e-9)


def svy_rake_and_mean(data: Data, margins: Margins) -> Ask:
    raking = svy_rake(data, margins)
    return lambda: raking().estimation.mean("y")  # type: ignore[attr-defined]


def svy_bootstrap(data: Data, _: Margins) -> Ask:
    whole = svy_sample(data | {"unit": np.arange(len(data["y"]))}, psu="unit")

    def ask() -> object:
        drawn = whole.weighting.create_bs_wgts(n_reps=REPLICATES)
        return drawn.estimation.mean("y", by="domain", method="replication")

    return ask


PEERS: dict[str, Callable[[Data, Margins], Ask]] = {
    "domains": svy_domains,
    "rake": svy_rake,
    "rake and mean": svy_rake_and_mean,
    "bootstrap": svy_bootstrap,
}


def cover(surveys: int) -> None:
    """The simulation of the tests, longer."""
    simulate = import_module("tests.analysis.test_survey_coverage").coverage
    for name, share in simulate(surveys, np.random.default_rng(1)).items():
        print(f"{name:22} {share:.4f}")


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["coverage", surveys]:
            cover(int(surveys))
        case [who, task, size]:
            beside.report(prepared(who, task, int(size)))
        case _:
            run()
