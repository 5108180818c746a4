"""Hot spots and density beside esda and KDEpy where they are, and how often chance cries wolf.

``python -m benchmarks.hotspot`` times (building the neighbours is left out on both sides);
``python -m benchmarks.hotspot chance 20000`` simulates maps without pattern and with a cluster.
"""

import sys
import warnings
from collections.abc import Callable
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from math import isqrt
from typing import Any

import numpy as np

from benchmarks import beside
from loftet.analysis.concentration import concentration
from loftet.analysis.grid import Grid
from loftet.analysis.hotspot import density, getis_ord, local_moran

MODULE = "benchmarks.hotspot"
SIZES = [10**power for power in range(3, 7)]
EXTENT = (0.0, 0.0, 30_000.0, 30_000.0)
BANDWIDTH = 500.0

Ask = Callable[[], object]


def run() -> None:
    beside.table(
        TASKS,
        SIZES,
        partial(beside.python, MODULE, "own"),
        {"esda, KDEpy": peer},
        limits={
            ("Gi*, exact", 10**5): "300 times esda",
            ("Gi*, exact", 10**6): "1 s",
            ("density 256 x 256", 10**6): "0.16 s",
        },
    )


def peer(task: str, size: int) -> beside.Cost | None:
    package = "KDEpy" if task.startswith("density") else "esda"
    if task not in PEERS or not find_spec(package) or (package == "esda" and size > 10**5):
        return None
    return beside.python(MODULE, "peer", task, size)


def map_of(cells: int) -> tuple[Any, Any, Any]:
    """Counts on a square map of about so many cells, with queen neighbours, without and with."""
    side = isqrt(cells - 1) + 1
    grid = Grid("square", 250, 0, 0, side, side)
    values = np.random.default_rng(1).poisson(3, len(grid))
    return values, grid.neighbours(), grid.neighbours(include_self=True)


def events(count: int) -> Any:
    rng = np.random.default_rng(1)
    return rng.normal(15_000, 4000, (2, count)).clip(100, 29_900)


# --- Ours ---------------------------------------------------------------------------------------


def gi(size: int) -> Ask:
    values, _, neighbours = map_of(size)
    return partial(getis_ord, values, neighbours)


def moran(size: int) -> Ask:
    values, neighbours, _ = map_of(size)
    return partial(local_moran, values, neighbours)


def gi_drawn(size: int) -> Ask:
    values, _, neighbours = map_of(size)
    rng = np.random.default_rng(1)
    real = values + rng.random(len(values))
    return partial(getis_ord, real, neighbours, permutations=999, rng=rng)


def spread(size: int) -> Ask:
    return partial(density, *events(size), bandwidth=BANDWIDTH, extent=EXTENT, shape=(256, 256))


def concentrated(size: int) -> Ask:
    counts = np.random.default_rng(1).poisson(1, size)
    return partial(concentration, counts, rng=np.random.default_rng(2))


TASKS: dict[str, Callable[[int], Ask]] = {
    "Gi*, exact": gi,
    "local Moran, exact": moran,
    "Gi*, 999 permutations": gi_drawn,
    "density 256 x 256": spread,
    "concentration, 999 draws": concentrated,
}


# --- Peers --------------------------------------------------------------------------------------


def weights(neighbours: Any) -> Any:
    libpysal = import_module("libpysal.weights")
    return libpysal.WSP(neighbours).to_W(silence_warnings=True)


def esda_gi(size: int) -> Ask:
    values, neighbours, _ = map_of(size)
    statistic = import_module("esda").G_Local
    options = {"transform": "B", "permutations": 999, "star": True, "seed": 1, "n_jobs": 1}
    near = weights(neighbours)
    return lambda: statistic(values.astype(float), near, **options)


def esda_moran(size: int) -> Ask:
    values, neighbours, _ = map_of(size)
    statistic = import_module("esda").Moran_Local
    near = weights(neighbours)
    options = {"permutations": 999, "seed": 1, "n_jobs": 1}
    return lambda: statistic(values.astype(float), near, **options)


def kdepy(size: int) -> Ask:
    points = np.column_stack(events(size))
    centres = (np.arange(256) + 0.5) * EXTENT[2] / 256
    lattice = np.stack(np.meshgrid(centres, centres, indexing="ij"), axis=-1).reshape(-1, 2)
    estimate = import_module("KDEpy").FFTKDE
    return lambda: estimate(kernel="gaussian", bw=BANDWIDTH).fit(points).evaluate(lattice)


PEERS: dict[str, Callable[[int], Ask]] = {
    "Gi*, exact": esda_gi,
    "local Moran, exact": esda_moran,
    "Gi*, 999 permutations": esda_gi,
    "density 256 x 256": kdepy,
}


# --- Chance -------------------------------------------------------------------------------------


def cry_wolf(maps: int) -> None:
    """Share of maps in which the middle cell, chosen beforehand, has p < 0.05."""
    rng = np.random.default_rng(1)
    grid = Grid("square", 250, 0, 0, 15, 15)
    neighbours, middle = grid.neighbours(include_self=True), len(grid) // 2
    print(f"{'mean count':>11} {'p':>7} {'bound':>7} {'p, hot':>7} {'bound':>7}")
    for mean in (0.1, 0.2, 0.5, 1, 2, 3, 5, 10, 30):
        below = np.zeros(4)
        for _ in range(maps):
            counts = rng.poisson(mean, len(grid))
            both = getis_ord(counts, neighbours)
            hot = getis_ord(counts, neighbours, alternative="greater")
            parts = (both.p_value, both.bound, hot.p_value, hot.bound)
            below += [part[middle] < 0.05 for part in parts]
        print(f"{mean:11.1f}" + "".join(f" {share:7.4f}" for share in below / maps))
    print(f"\n{'times':>6} {'found':>7}   mean 2 in 225 cells, a square of 3 x 3 cells with more")
    for times in (1.5, 2.0, 2.5, 3.0):
        risk = np.full((15, 15), 2.0)
        risk[6:9, 6:9] *= times
        found = [
            getis_ord(rng.poisson(risk).ravel(), neighbours, alternative="greater").adjusted[middle]
            for _ in range(maps // 10)
        ]
        print(f"{times:6.1f} {np.mean(np.array(found) < 0.05):7.3f}")


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["chance", maps]:
            cry_wolf(int(maps))
        case [who, task, size]:
            warnings.simplefilter("ignore")  # esda tells of changes to come
            beside.report((TASKS if who == "own" else PEERS)[task](int(size)), least=2)
        case _:
            run()
