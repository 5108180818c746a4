"""Who is drawn: by numbers that anyone can compute again from the frame and the seed.

Every person gets the SHA-256 of seed and key; in each stratum those with the smallest numbers are
drawn. That is a simple random sample, whatever the order of the file. A systematic sample sorts the
stratum by address, begins at a random place and takes every k-th, so that no street is forgotten.
"""

import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from enum import StrEnum

from loftet.listen.rules.frame import Person

SPAN = 2**256


class Method(StrEnum):
    SIMPLE = "simple"
    SYSTEMATIC = "systematic"


def draw(
    people: Sequence[Person], planned: Mapping[str, int], *, seed: int, method: Method
) -> list[Person]:
    """As many as planned from each area."""
    strata: dict[str, list[Person]] = defaultdict(list)
    for person in people:
        strata[person.area].append(person)
    take = _simple if method is Method.SIMPLE else _systematic
    return [
        person
        for area, count in sorted(planned.items())
        for person in take(strata[area], count, seed, area)
    ]


def _simple(stratum: list[Person], count: int, seed: int, _area: str) -> list[Person]:
    return sorted(stratum, key=lambda person: _number(seed, person.key))[:count]


def _systematic(stratum: list[Person], count: int, seed: int, area: str) -> list[Person]:
    """Every k-th along the streets, with a fractional step so that the count is exact."""
    along = sorted(stratum, key=lambda person: (person.address[::-1], person.key))
    count = min(count, len(along))
    if not count:
        return []
    step = len(along) / count
    first = _number(seed, f"stratum {area}") / SPAN * step
    return [along[min(int(first + k * step), len(along) - 1)] for k in range(count)]


def _number(seed: int, key: str) -> int:
    return int.from_bytes(hashlib.sha256(f"{seed}:{key}".encode()).digest(), "big")
