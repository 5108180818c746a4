"""What a plan must keep to, as the planner writes it."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from numpy.typing import ArrayLike

from loftet.analysis.allocation.needs import Label


class Rule(StrEnum):
    """What can bind a choice, and what can be relaxed when nothing fits."""

    LEAST = "least hours"
    MOST = "most hours"
    FIXED = "fixed presence"
    FAIRNESS = "fairness"
    HOURS = "hours"
    TEAMS = "teams"


@dataclass(frozen=True, slots=True)
class Crew:
    """Teams that are alike: police, order guards, volunteers. A team is at one place at a time.

    The defaults are those of the Swedish Working Hours Act (1982:673): 40 hours a week, 11 hours
    between shifts and 36 hours unbroken in a week. Agreements may say otherwise.

    Attributes
    ----------
    teams : int
        How many there are.
    starts : tuple of float
        Hours of the day at which a shift may begin; 18.5 is half past six in the evening.
    shift : float
        Hours of a shift.
    days : tuple of int
        Weekdays on which a shift may begin, 0 for Monday.
    week : float
        Most hours of a team in the plan.
    rest : float
        Least hours between two shifts of a team.
    weekly_rest : float
        Hours off without a break that each team has within a plan of a whole week.
    places : tuple of int, optional
        The places that it may serve; all when not given.
    """

    name: str
    teams: int
    starts: tuple[float, ...]
    shift: float = 8.0
    days: tuple[int, ...] = (0, 1, 2, 3, 4, 5, 6)
    week: float = 40.0
    rest: float = 11.0
    weekly_rest: float = 36.0
    places: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Rules:
    """How presence works and what each place, area and team is due.

    Attributes
    ----------
    slot : int
        Minutes of the smallest piece of the plan: 60, 30, 20 or 15.
    worth : sequence of float
        What the first, second, third ... slot of a visit covers of the need there and then. It
        falls, because the first counts most; its length is that of the longest visit.
    shortest : int
        Slots of the shortest visit.
    pause : int
        Slots, at least 1, for which a place is left alone after a visit, as that still works.
    names : sequence of str, optional
        Names of the places, for the sentences.
    area, beat : sequence, optional
        The area of each place, between which hours are to be fair, and its beat, within which a
        team stays for a whole shift. One of each when not given; `beats` makes beats.
    travel : array of shape (places, places), optional
        Minutes from place to place. Each visit loses, from its first slot, the longest way to the
        place within its beat, so that what the plan promises is what is there at least.
    allowed : array of bool, shape (places, hours), optional
        False where nobody shall be: a school at night.
    fixed : sequence of (place, hour)
        Where somebody must be, whatever the need; the hour is counted from the plan's beginning.
    least, most : float or array of shape (places,)
        Hours of presence that each place is due at least, and gets at most.
    fairness : float or mapping from area to float
        Each area gets at least this share, 0 to 1, of the hours that its need would give it: of
        all hours of presence times its share of the need.
    hours : float
        Hours on duty that there is money for.
    begins : float
        Hour of the week at which the plan begins, 0 for Monday 00:00.
    """

    slot: int = 60
    worth: Sequence[float] = (1.0, 0.6, 0.3)
    shortest: int = 1
    pause: int = 2
    names: Sequence[str] | None = None
    area: Sequence[Label] | None = None
    beat: Sequence[Label] | None = None
    travel: ArrayLike | None = None
    allowed: ArrayLike | None = None
    fixed: Sequence[tuple[int, float]] = ()
    least: ArrayLike = 0.0
    most: ArrayLike = math.inf
    fairness: float | Mapping[Label, float] = 0.0
    hours: float = math.inf
    begins: float = 0.0
