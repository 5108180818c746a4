"""What a plan is, in numbers, and why each visit is in it."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from loftet.analysis.allocation.needs import Label
from loftet.analysis.allocation.rules import Rule
from loftet.analysis.arrays import Floats


class Status(StrEnum):
    """What is known of the plan; only `PROVED` says that no other is better."""

    PROVED = "proved"
    NOT_PROVED = "not proved"  # the time ran out: `gap` says how much better another could be
    IMPOSSIBLE = "impossible"  # no plan keeps to all rules: `relaxations` say what would do
    NOT_FOUND = "not found"  # the time ran out before any plan was found


@dataclass(frozen=True, slots=True)
class Shift:
    """A team on duty in a beat; hours are counted from the plan's beginning."""

    team: str
    beat: Label
    start: float
    hours: float


@dataclass(frozen=True, slots=True)
class Stint:
    """A team at a place; `travel` is minutes from where it was before in the same shift."""

    team: str
    place: int
    start: float
    hours: float
    travel: float


@dataclass(frozen=True, slots=True)
class Visit:
    """One choice of the plan, and why it was made.

    Attributes
    ----------
    place : int
    start, hours : float
        From the plan's beginning; the visit's length.
    teams : tuple of str
        Who is there; a second team has relieved the first, whose shift ended.
    need : float
        The place's share of all need during the visit.
    rank : int
        Of its neediest hour among all places and hours that are allowed, 1 for the first.
    gain : float
        Share of all need that the visit covers, and that would be left uncovered without it.
    next_best : int or None
        The place in the same beat where the same team could have covered most instead, at the same
        time; None when every other place was visited, resting from a visit, or not allowed.
    next_gain : float
        What a visit there would have covered.
    bound_by : tuple of Rule
        When that is more: the rules that a visit there instead would have broken.
    sentence : str
        All this in plain English.
    """

    place: int
    start: float
    hours: float
    teams: tuple[str, ...]
    need: float
    rank: int
    gain: float
    next_best: int | None
    next_gain: float
    bound_by: tuple[Rule, ...]
    sentence: str


@dataclass(frozen=True, slots=True, eq=False)
class Spread:
    """What presence gives each area; `covered` is a share of the area's own need.

    `covered` is nan for an area without need.
    """

    areas: tuple[Label, ...]
    need: Floats
    hours: Floats
    covered: Floats


@dataclass(frozen=True, slots=True)
class Change:
    """A demand or a resource that is changed by so much, to so much.

    `index` is the place, the fixed presence, the area or the crew, in the order given; None for
    hours. What is given up altogether goes to 0.
    """

    rule: Rule
    index: int | None
    by: float
    to: float
    sentence: str


@dataclass(frozen=True, slots=True)
class Relaxation:
    """Changes that together make a plan possible; `proved` when no smaller set does.

    Small is counted in hours given up, and an hour more for each demand that is touched.
    """

    changes: tuple[Change, ...]
    proved: bool

    @property
    def sentence(self) -> str:
        return ", ".join(change.sentence for change in self.changes)


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """A plan for presence, proved the best within `gap` unless `status` says otherwise.

    Attributes
    ----------
    status : Status
    gap : float
        How much more need a better plan could cover, as a share of what this one covers.
    covered : float
        Share of all need that is covered.
    covered_by_events, covered_evenly : float
        What the same hours of presence would cover in visits of the shortest length, spread over
        places and hours in proportion to events, or evenly, regardless of shifts and all demands.
    visits : tuple of Visit
        Each with its reasons, in the order of time.
    stints : tuple of Stint
        Who is where and when.
    shifts : tuple of Shift
        Those in which somebody is sent somewhere.
    hours : array of shape (places,)
        Hours of presence at each place, less the longest way there.
    by_area : Spread
    relaxations : tuple of Relaxation
        Where nothing fits: ways out, any of which is enough.
    """

    status: Status
    gap: float
    covered: float
    covered_by_events: float
    covered_evenly: float
    visits: tuple[Visit, ...]
    stints: tuple[Stint, ...]
    shifts: tuple[Shift, ...]
    hours: Floats
    by_area: Spread
    relaxations: tuple[Relaxation, ...] = ()

    @property
    def advice(self) -> str:
        """What to relax, in one sentence; empty when a plan was found."""
        ways = ", or ".join(way.sentence for way in self.relaxations)
        return f"No plan keeps to all rules: {ways}." if ways else ""

    @property
    def presence(self) -> Floats:
        """Hours of teams at each place, in each whole hour from the plan's beginning."""
        last = max((stint.start + stint.hours for stint in self.stints), default=0.0)
        table = np.zeros((len(self.hours), int(np.ceil(last))))
        for stint in self.stints:
            for hour in range(int(stint.start), int(np.ceil(stint.start + stint.hours))):
                until = min(stint.start + stint.hours, hour + 1)
                table[stint.place, hour] += until - max(stint.start, hour)
        return table
