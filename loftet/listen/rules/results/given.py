"""What results are computed from, as plain values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from loftet.listen.rules.designs import ALLOWED, Allowed, Design
from loftet.listen.rules.form import Form
from loftet.listen.rules.results.items import Item


@dataclass(frozen=True)
class Drawn:
    """A stratum: how many live there, and how many of them could have answered."""

    code: str
    name: str
    population: int  # those who belong: the frame less its part that was found not to
    asked: int  # drawn, less those found not to belong


@dataclass(frozen=True)
class Filled:
    """One answer; the stratum is None where it would have stood nearly alone."""

    stratum: str | None
    mode: str
    content: Mapping[str, Any]


@dataclass(frozen=True)
class Limits:
    """The smallest numbers that are shown, from the policy."""

    group: int = 10  # answers behind any figure
    cell: int = 3  # people in one cell of a table
    whole: int = 100  # answers from which decimals are given


@dataclass(frozen=True)
class Sent:
    """What became of those drawn, in all; without names and without order."""

    drawn: int
    ineligible: int = 0
    returned: int = 0
    refused: int = 0


@dataclass(frozen=True)
class Classes:
    """One group of the problem index, as the policy has it."""

    group: str
    items: tuple[str, ...]  # a question with all its rows, or a single row of it
    sees: frozenset[str]  # answers that count as seeing a problem
    leaves_out: frozenset[str]  # answers that are no answer to that
    limits: tuple[float, ...]

    def scores(self, item: Item) -> bool:
        """Whether the item is one of the group's, with an answer that sees a problem."""
        named = {item.code, item.question.code} & set(self.items)
        return bool(named and self.sees & set(item.levels))


@dataclass(frozen=True)
class Themed:
    """What the free texts of a question were put under, by those who read them."""

    question: str
    themes: tuple[str, ...]
    passages: Sequence[frozenset[str]]


@dataclass(frozen=True)
class Given:
    """A wave with its answers."""

    form: Form
    design: Design
    answers: Sequence[Filled]
    strata: Sequence[Drawn] = ()
    population: int | None = None
    margins: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    limits: Limits = Limits()
    sent: Sent | None = None
    classes: Sequence[Classes] = ()
    version: str = ""  # of the classes
    themed: Sequence[Themed] = ()
    before: Given | None = None  # the wave that this one may be compared with
    seed: int = 1

    @property
    def allowed(self) -> Allowed:
        return ALLOWED[self.design]
