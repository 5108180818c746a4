"""A task beside its peers: each in a process of its own, so that its peak memory is its own.

A benchmark has three lines of it::

    def run() -> None:
        own = partial(beside.python, "benchmarks.scan", "own")
        beside.table(TASKS, SIZES, own, {"R": r}, limits={("poisson", 1000): "0.5 s"})

    if __name__ == "__main__":
        match sys.argv[1:]:
            case [who, task, size]: beside.report(prepared(who, task, int(size)))
            case _: run()

where `prepared` returns a function without arguments: what is timed, after the data are made. A
peer is a function of task and size that returns None where it is not installed or takes too long.
"""

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from pathlib import Path
from time import perf_counter

Cost = tuple[float, float]  # seconds, peak megabytes
Who = Callable[[str, int], Cost | None]


def table(
    tasks: Iterable[str],
    sizes: Iterable[int],
    own: Callable[[str, int], Cost],
    peers: Mapping[str, Who],
    *,
    limits: Mapping[tuple[str, int], str] | None = None,
) -> None:
    """Print a line for each task and size: own cost, growth, each peer's cost, the limit asked."""
    tasks, sizes = list(tasks), list(sizes)
    width = max(map(len, tasks))
    print(f"\n{'task':{width}} {'size':>9} {'seconds':>9} {'MB':>6} {'growth':>7}", end="")
    print("".join(f" {name:>12} {'MB':>6} {'times':>7}" for name in peers) + "  limit")
    for task in tasks:
        before = float("nan")
        for size in sizes:
            seconds, memory = own(task, size)
            growth = seconds / before
            print(f"{task:{width}} {size:9,} {seconds:9.4f} {memory:6.0f} {growth:7.1f}", end="")
            for peer in peers.values():
                print(_peer(seconds, peer(task, size)), end="", flush=True)
            print(f"  {(limits or {}).get((task, size), '')}".rstrip(), flush=True)
            before = seconds


def _peer(own: float, cost: Cost | None) -> str:
    """What another takes, and how many times longer that is."""
    if cost is None:
        return " " * 28
    seconds, memory = cost
    return f" {seconds:12.3f} {memory:6.0f} {seconds / own:7.1f}"


def python(module: str, *arguments: object) -> Cost:
    """Cost that ``python -m module arguments`` told by `report`."""
    return _told([sys.executable, "-m", module, *map(str, arguments)])


def r(script: Path, *arguments: object) -> Cost:
    """Cost that an R script told on its last line: seconds, a space, megabytes."""
    return _told(["Rscript", str(script), *map(str, arguments)])


def _told(command: list[str]) -> Cost:
    told = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    seconds, memory = map(float, told.splitlines()[-1].split())
    return seconds, memory


@cache
def r_has(package: str) -> bool:
    if not shutil.which("Rscript"):
        return False
    asking = ["Rscript", "-e", f"library({package})"]
    return subprocess.run(asking, capture_output=True, check=False).returncode == 0


def report(ask: Callable[[], object], *, least: int = 1) -> None:
    """Print the cost of the quickest of four runs, or of the `least` number when they take long."""
    taken: list[float] = []
    while len(taken) < least or (len(taken) < 4 and sum(taken) < 4):
        start = perf_counter()
        ask()
        taken.append(perf_counter() - start)
    print(min(taken), _peak_megabytes())


def _peak_megabytes() -> float:
    """Most memory held; getrusage would begin with that of the process that started this one."""
    status = Path("/proc/self/status").read_text()
    return float(status.split("VmHWM:")[1].split()[0]) / 1024
