"""How long the comparison of two counts takes, beside SciPy where that happens to be installed."""

from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from time import perf_counter

from loftet.analysis.change import detectable_change, rate_ratio

COUNTS = [10**power for power in range(1, 7)]


def run() -> None:
    print("before and after   rate_ratio      SciPy  times faster  detectable_change")
    for before in COUNTS:
        after = before - round(2 * before**0.5)
        own = milliseconds(lambda: rate_ratio(after, before))  # noqa: B023 - called at once
        peer = milliseconds(lambda: scipy_ratio(after, before)) if find_spec("scipy") else None  # noqa: B023
        power = milliseconds(lambda: detectable_change(before))  # noqa: B023
        beside = f"{peer:8.2f} ms {peer / own:13.1f}" if peer else "scipy not installed     "
        print(f"{before:16,} {own:9.2f} ms {beside} {power:15.2f} ms")


def scipy_ratio(after: int, before: int) -> tuple[float, float, float]:
    stats = import_module("scipy.stats")
    test = stats.binomtest(after, after + before)
    low, high = test.proportion_ci(method="exact")
    return low / (1 - low), high / (1 - high), test.pvalue


def milliseconds(ask: Callable[[], object], *, times: int = 7) -> float:
    """Time the quickest of some runs, which is the one least disturbed by others."""
    taken = []
    for _ in range(times):
        start = perf_counter()
        ask()
        taken.append(perf_counter() - start)
    return 1000 * min(taken)
