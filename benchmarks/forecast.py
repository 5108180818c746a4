"""How long forecasts take, and how good they are on real counts, where these are.

``python -m benchmarks.forecast`` times, beside statsmodels where it is installed, and then holds
out a year of Chicago's assaults and of the notices of the Swedish police;
``python -m benchmarks.forecast scores`` does the second alone.
"""

import sys
import warnings
from collections.abc import Callable
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import numpy as np

from benchmarks import beside
from loftet.analysis import forecast

SIZES = [10**power for power in range(3, 6)]  # areas
WEEKS = 520
PEER_UP_TO = 1_000  # it fits one area after the other, 5 ms each
LIMITS = {("learn and forecast", 10_000): "seconds", ("forecast a year", 10_000): "seconds"}

Ask = Callable[[], object]


def run() -> None:
    own = partial(beside.python, "benchmarks.forecast", "own")
    beside.table(TASKS, SIZES, own, {"statsmodels": statsmodels}, limits=LIMITS)
    scores()


def statsmodels(task: str, size: int) -> beside.Cost | None:
    if not find_spec("statsmodels") or task != "learn and forecast" or size > PEER_UP_TO:
        return None
    return beside.python("benchmarks.forecast", "statsmodels", task, size)


def made(areas: int) -> Any:
    rng = np.random.default_rng(1)
    return rng.poisson(rng.gamma(0.3, 0.2, size=(areas, 1)), size=(areas, WEEKS))


def learn(counts: Any) -> Ask:
    return lambda: forecast.predict(counts, horizon=1)


def go_on(counts: Any) -> Ask:
    """Forecast four weeks with settings that were learned earlier."""
    settings = forecast.fit(counts)
    return lambda: forecast.predict(counts, settings=settings)


def hold_out(counts: Any) -> Ask:
    """Forecast each of 52 weeks from those before it, learning anew every quarter, and score it."""
    return lambda: forecast.evaluate(counts)


TASKS: dict[str, Callable[[Any], Ask]] = {
    "learn and forecast": learn,
    "forecast, learned": go_on,
    "forecast a year": hold_out,
}


def smooth_each(counts: Any) -> Ask:
    """An exponentially weighted level for each area by itself: no season, no pooling, no limits."""
    smoothing = import_module("statsmodels.tsa.api").SimpleExpSmoothing

    def ask() -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            for row in counts:
                smoothing(row, initialization_method="estimated").fit().forecast(1)

    return ask


# --- Real counts --------------------------------------------------------------------------------


def scores() -> None:
    real = import_module("tests.analysis.test_forecast_real")
    if not real.NOTICES.exists():
        print("\nThe real counts are not on this machine.")
        return
    cells, districts = real.chicago_cells(250), real.chicago_districts()
    _where("Chicago, cells of 250 m", cells, years=4)
    print(f"\n{'limits of 90 %':34}{'ahead':>6}{'held':>8}{'of':>7}{'by lot':>8}{'MAE':>8}", end="")
    print(f"{'52':>8}{'12':>8}{'RMSE':>8}{'52':>8}{'12':>8}")
    for name, counts, ahead in (
        ("Chicago, districts", districts, 1),
        ("Chicago, districts", districts, 4),
        ("Chicago, cells of 2 km", real.chicago_cells(2000), 1),
        ("Chicago, cells of 1 km", real.chicago_cells(1000), 1),
        ("Chicago, cells of 250 m", cells, 1),
        ("Swedish municipalities", real.notices(), 1),
        ("Swedish municipalities", real.notices(), 4),
    ):
        _limits(name, forecast.evaluate(counts, horizon=ahead))


def _where(name: str, counts: Any, *, years: int) -> None:
    """PAI and the other scores of the last years, each held out in turn."""
    print(f"\n{name}: {len(counts)} areas\n{'year':5}{'share':>7}", end="")
    print("".join(f"{head:>21}" for head in ("PAI", "PEI", "PEI*", "RRI")), "   gain a week")
    for ago in range(years):
        known = counts[:, : counts.shape[1] - 52 * ago]
        found = forecast.evaluate(known, shares=[0.005, 0.01, 0.02, 0.05])
        for place, share in enumerate(found.captured["forecast"].shares):
            print(f"-{ago + 1:<4}{share:7.1%}", end="")
            for digits, head in ((2, "pai"), (3, "pei"), (3, "pei_star"), (2, "rri")):
                row = (getattr(score, head)[place] for score in found.captured.values())
                print("".join(f"{value:7.{digits}f}" for value in row), end="")
            gain = found.gain["last 52 weeks"]
            print(f"   {gain.events[place]:.2f} ({gain.low[place]:.2f} to {gain.high[place]:.2f})")


def _limits(name: str, found: forecast.Evaluation) -> None:
    held = found.coverage
    print(f"{name:34}{found.horizon:6}{held.judged:8.1%}{held.judged_counts:7}", end="")
    print(f"{held.randomised:8.1%}", end="")
    for errors in (found.mean_error, found.root_square_error):
        print("".join(f"{error:8.3f}" for error in errors.values()), end="")
    print(f"   plain {held.plain:.1%}")


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["own", task, size]:
            beside.report(TASKS[task](made(int(size))), least=2)
        case ["statsmodels", _, size]:
            beside.report(smooth_each(made(int(size))))
        case ["scores"]:
            scores()
        case _:
            run()
