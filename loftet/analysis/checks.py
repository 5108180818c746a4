"""What comes in, checked by name: every error says which argument and what would cure it."""

import math
import sys


def count(name: str, value: int) -> None:
    if isinstance(value, bool) or not hasattr(value, "__index__"):
        raise ValueError(f"{name} must be a whole number of events, not {value!r}")
    if value < 0:
        raise ValueError(f"{name} must be 0 or more, not {value}")


def share(name: str, value: tuple[int, int]) -> None:
    k, n = value
    count(f"{name}[0]", k)
    count(f"{name}[1]", n)
    if n == 0:
        raise ValueError(f"{name}[1] must be above 0: a share of no cases says nothing")
    if k > n:
        raise ValueError(f"{name} must be (cases with the property, all cases); {k} exceeds {n}")


def exposure(value: tuple[float, float], *, apart: float = math.inf) -> None:
    for index, part in enumerate(value):
        positive(f"exposure[{index}]", part)
    if max(value) > apart * min(value):
        raise ValueError(f"exposure must not differ more than {apart} times: {value}")


def positive(name: str, value: float, *, most: float = sys.float_info.max) -> None:
    if isinstance(value, bool) or not 0 < value <= most:
        raise ValueError(f"{name} must be above 0 and at most {most:g}, not {value!r}")


def fraction(name: str, value: float, *, above: float = 0.0, below: float = 1.0) -> None:
    if isinstance(value, bool) or not above < value < below:
        raise ValueError(f"{name} must lie between {above:.4g} and {below:g}, not at {value!r}")


def choice(name: str, value: str, among: tuple[str, ...]) -> None:
    if value not in among:
        raise ValueError(f"{name} must be one of {', '.join(among)}, not {value!r}")
