"""A method over many areas, cut into units of work that no number of workers changes."""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from loftet.analysis import calendar
from loftet.analysis.batch.events import Events
from loftet.analysis.batch.rows import Row

Answer = Callable[[np.random.Generator, Any], list[Row]]
Numbers = tuple[float, ...]  # a parameter: mostly one number, for some methods several


@dataclass(frozen=True, slots=True, eq=False)
class Study:
    """What a method is asked: events of the days `first` to `last`, and about which weeks.

    `weeks` is how many whole ISO weeks up to `last` are judged, or looked at together.
    """

    events: Events
    first: date
    last: date
    weeks: int
    replicates: int
    parameters: Mapping[str, Numbers]

    def number(self, name: str) -> float:
        return self.parameters[name][0]

    def kinds(self) -> Iterator[tuple[str, Events]]:
        """Each kind with its events."""
        for code, kind in enumerate(self.events.kinds):
            yield kind, self.events.where(self.events.kind == code)

    def panel(self, events: Events) -> calendar.Panel:
        """Events of each area, also of those without any, in each whole week."""
        return calendar.panel(
            events.area,
            events.time,
            first=self.first,
            last=self.last,
            areas=np.arange(len(events.areas)),
        )

    def judged(self) -> NDArray[np.datetime64]:
        """Mondays of the weeks asked about."""
        return calendar.whole(self.first, self.last)[-self.weeks :]


@dataclass(frozen=True, slots=True)
class Unit:
    """A piece of work that stands alone; no other of its method and kind has its name.

    `question` is made when the unit's turn comes, so that only those under way take memory.
    """

    name: str
    question: Callable[[], Any]
    area: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Method:
    """A method of `loftet.analysis` as the batch runs it.

    Parameters
    ----------
    name, about : str
        What it is called, and the question it answers.
    units : callable
        Cuts a study into units, always alike.
    answer : callable
        A module-level function ``answer(rng, question)``, since it may run on another machine.
    parameters : mapping
        What may be set, with the ordinary values.
    places : bool
        Whether it asks where each event happened.
    caution : str
        What its results must not be used for.
    """

    name: str
    about: str
    units: Callable[[Study], Iterator[Unit]]
    answer: Answer
    parameters: Mapping[str, Numbers] = field(default_factory=dict)
    places: bool = False
    caution: str = ""


@dataclass(frozen=True, slots=True)
class Job:
    """A unit of a method in a run; its seed is its own, whatever is done beside it."""

    method: Method
    unit: Unit
    run_seed: int

    @property
    def name(self) -> str:
        return f"{self.method.name} {self.unit.kind!r} {self.unit.name}"

    @property
    def seed(self) -> int:
        whole = f"{self.run_seed} {self.name}"
        return int.from_bytes(hashlib.sha256(whole.encode()).digest()[:8])


def do(answer: Answer, seed: int, question: Any, area: str, kind: str) -> list[Row]:
    """The unit's answer, or one row that says why there is none."""
    try:
        return answer(np.random.default_rng(seed), question)
    except ValueError as error:  # how a method says that it cannot work with these events
        return [Row(area, kind, note=str(error))]
