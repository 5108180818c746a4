"""Loops over events, compiled once and kept on disk. Never imported by a web process."""

from collections.abc import Callable
from typing import Any, TypeVar

import numba

F = TypeVar("F", bound=Callable[..., Any])


def kernel(function: F) -> F:
    """Compile a loop: other threads go on while it runs, later processes find it ready."""
    return _compiled(function)


def loose_kernel(function: F) -> F:
    """As `kernel`, with sums taken in the order that is fastest: not for exact comparisons."""
    return _compiled(function, fastmath=True)


def _compiled(function: F, **how: Any) -> F:
    compiled: Any = numba.njit(nogil=True, cache=True, **how)(function)
    callable_as_before: F = compiled
    return callable_as_before
