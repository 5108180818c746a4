"""How long small areas, evaluation and disclosure take, beside statsmodels where it is installed.

Each line is a size ten times the one before, so that the growth shows. The memory is the most that
Python and NumPy held at once during the call (tracemalloc), beyond what came in.
"""

import tracemalloc
import warnings
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from time import perf_counter
from typing import Any

import numpy as np

from loftet.analysis.coding import krippendorff_alpha
from loftet.analysis.disclosure import Table, attack, density, suppress
from loftet.analysis.evaluation import (
    difference_in_differences,
    interrupted_series,
    synthetic_control,
)
from loftet.analysis.smallarea import fay_herriot, poisson_gamma

PEER_UP_TO = 1_000  # given a column for each unit, statsmodels needs 17 s for 10,000 rows


def run() -> None:
    print(f"\n{'':34}{'size':>10}{'own':>12}{'memory':>10}{'statsmodels':>14}{'times':>8}")
    rng = np.random.default_rng(1)
    for size in (100, 1_000, 10_000):
        _series(rng, size)
    for size in (1_000, 10_000, 100_000, 1_000_000):
        _differences(rng, size)
    for size in (100, 1_000, 10_000, 100_000):
        _areas(rng, size)
    for places in (10, 20, 40):
        _synthetic(rng, places)
    for shape in ((10, 3), (20, 6), (30, 10)):
        _tables(rng, shape)
    for size in (1_000, 10_000, 100_000):
        points = rng.normal(650_000, 3000, (size, 2))
        _line("density of points", size, lambda: density(points))  # noqa: B023 - called at once
        codes = rng.integers(0, 8, (2, size)).tolist()
        _line("alpha of two coders", size, lambda: krippendorff_alpha(codes))  # noqa: B023


def _series(rng: np.random.Generator, n: int) -> None:
    counts = rng.negative_binomial(20, 0.2, n)

    def peer() -> object:
        api = import_module("statsmodels.api")
        time = np.arange(n)
        x = np.column_stack([np.ones(n), time, time >= n // 2])
        return api.GLM(counts, x, family=api.families.Poisson()).fit(scale="X2")

    _line("series, quasi-Poisson", n, lambda: interrupted_series(counts, start=n // 2), peer)
    _line(
        "series, negative binomial, season",
        n,
        lambda: interrupted_series(counts, start=n // 2, family="negative-binomial", season=12),
    )


def _differences(rng: np.random.Generator, n: int) -> None:
    unit, period = np.divmod(np.arange(n), 10)
    treated = (unit % 3 == 0) & (period >= 5)
    outcome = rng.normal(size=n) + rng.normal(size=n // 10)[unit] - 0.2 * treated

    def peer() -> object:
        api = import_module("statsmodels.api")
        dummies = np.eye(n // 10)[unit], np.eye(10)[period][:, 1:]
        x = np.column_stack([treated, *dummies])
        return api.OLS(outcome, x).fit(cov_type="cluster", cov_kwds={"groups": unit})

    def own() -> object:
        return difference_in_differences(outcome, unit=unit, period=period, treated=treated)

    _line("differences, clustered", n, own, peer if n <= PEER_UP_TO else None)


def _areas(rng: np.random.Generator, m: int) -> None:
    x = np.column_stack([np.ones(m), rng.normal(size=m)])
    psi = rng.uniform(0.2, 2, m)
    direct = x @ [1, 2] + rng.normal(size=m) + rng.normal(size=m) * np.sqrt(psi)
    _line("Fay-Herriot", m, lambda: fay_herriot(direct, psi, x))
    n = rng.uniform(500, 20_000, m)
    counts = rng.poisson(n * rng.gamma(4, 0.0025, m))
    _line("Poisson-gamma", m, lambda: poisson_gamma(counts, n))


def _synthetic(rng: np.random.Generator, places: int) -> None:
    outcomes = rng.normal(size=(places, 1)) + rng.normal(size=(places, 30)).cumsum(axis=1)
    predictors = np.column_stack([rng.normal(size=(places, 3)), outcomes[:, [5, 12, 19]]])
    _line("mixture, all placebos", places, lambda: synthetic_control(outcomes, treated=0, start=20))
    _line(
        "mixture with 6 predictors",
        places,
        lambda: synthetic_control(outcomes, treated=0, start=20, predictors=predictors),
    )


def _tables(rng: np.random.Generator, shape: tuple[int, int]) -> None:
    names = {name: [str(k) for k in range(n)] for name, n in zip("ab", shape, strict=True)}
    table = Table.of_inner(names, rng.negative_binomial(1, 0.07, size=shape))
    safe = suppress([table])
    _line("cells of a table to hide", table.counts.size, lambda: suppress([table]))
    _line("the attack on it", table.counts.size, lambda: attack(safe))


def _line(
    name: str, size: int, own: Callable[[], object], peer: Callable[[], object] | None = None
) -> None:
    seconds = _seconds(own)
    tracemalloc.start()
    own()
    memory = tracemalloc.get_traced_memory()[1] / 1e6
    tracemalloc.stop()
    beside = ""
    if peer and find_spec("statsmodels"):
        other = _seconds(peer)
        beside = f"{1000 * other:11.1f} ms{other / seconds:8.1f}"
    print(f"{name:<34}{size:>10,}{1000 * seconds:>9.1f} ms{memory:>7.1f} MB{beside}")


def _seconds(ask: Callable[[], Any]) -> float:
    """Time the quicker of two runs, or the only one if it is long."""
    taken: list[float] = []
    while len(taken) < 2 and sum(taken) < 2:
        start = perf_counter()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ask()
        taken.append(perf_counter() - start)
    return min(taken)


if __name__ == "__main__":
    run()
