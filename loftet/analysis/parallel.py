"""Work in fixed pieces: on threads here or on any other Executor, with the same numbers.

A piece carries its own seed, so neither the number of workers nor their order reaches a result.
Compiled loops let go of the interpreter, which is why threads are enough on one machine; a cluster
lends its own Executor (``dask.distributed.Client(...).get_executor()``).
"""

import os
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from typing import Any, ParamSpec, TypeVar

import numpy as np

P = ParamSpec("P")
R = TypeVar("R")


class Here(Executor):
    """Does each piece at once, in the caller's own thread: for work that is itself a piece."""

    def submit(self, fn: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> Future[R]:
        future: Future[R] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except BaseException as error:
            future.set_exception(error)
        return future


def run(
    function: Callable[..., R], pieces: Iterable[Sequence[Any]], executor: Executor | None = None
) -> list[R]:
    """Results of ``function(*piece)`` in the order of the pieces; on threads unless told otherwise.

    >>> run(pow, [(2, 3), (3, 2)])
    [8, 9]
    """
    if executor is None:
        with ThreadPoolExecutor(processors()) as threads:
            return run(function, pieces, threads)
    futures = [executor.submit(function, *piece) for piece in pieces]
    return [future.result() for future in futures]


def processors() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def seeds(rng: np.random.Generator, count: int) -> list[int]:
    """One seed for each piece, all from one generator.

    >>> seeds(np.random.default_rng(1), 2) == seeds(np.random.default_rng(1), 3)[:2]
    True
    """
    drawn: list[int] = rng.integers(2**63, size=count).tolist()
    return drawn


def cut(total: int, size: int) -> list[int]:
    """Sizes of the pieces that a number of equal jobs is cut into.

    >>> cut(999, 400)
    [400, 400, 199]
    """
    whole, rest = divmod(total, size)
    return [size] * whole + [rest] * (rest > 0)
