"""What a decided thing looks like once it has been read."""

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from django.utils.dates import MONTHS
from django.utils.translation import get_language


@dataclass(frozen=True)
class Text:
    """The same words in both languages; as a string, in the reader's."""

    sv: str
    en: str

    def __str__(self) -> str:
        return self.en if (get_language() or "sv").startswith("en") else self.sv


class Basis(StrEnum):
    """What a rule rests on; `assumed` is this product's proposal until somebody has decided."""

    LAW = "law"
    AUTHORITY = "authority"
    LOCAL = "local"
    METHOD = "method"
    ASSUMED = "assumed"


BASIS = {
    Basis.LAW: Text("lag", "law"),
    Basis.AUTHORITY: Text("myndighet", "authority"),
    Basis.LOCAL: Text("lokalt beslut", "local decision"),
    Basis.METHOD: Text("metod", "method"),
    Basis.ASSUMED: Text("förslag, inte beslutat", "proposal, not decided"),
}


@dataclass(frozen=True)
class Period:
    """A length of time: 10 working days, 6 months, 2 years."""

    amount: int
    unit: str

    def __str__(self) -> str:
        one, many = UNITS[self.unit]
        return f"{self.amount} {one if self.amount == 1 else many}"


UNITS = {
    "days": (Text("dag", "day"), Text("dagar", "days")),
    "working_days": (Text("arbetsdag", "working day"), Text("arbetsdagar", "working days")),
    "weeks": (Text("vecka", "week"), Text("veckor", "weeks")),
    "months": (Text("månad", "month"), Text("månader", "months")),
    "years": (Text("år", "year"), Text("år", "years")),
}


@dataclass(frozen=True)
class DayOfYear:
    """A fixed day, the first that comes on or after the start."""

    month: int
    day: int

    def __str__(self) -> str:
        return f"{self.day} {MONTHS[self.month]}"


class Start(StrEnum):
    """The moments that a clock can be counted from."""

    CYCLE_STARTS = "cycle_starts"
    FIRST_YEAR_ENDS = "first_year_ends"
    CYCLE_ENDS = "cycle_ends"
    PICTURE_DECIDED = "picture_decided"
    PLEDGE_SENT = "pledge_sent"
    SURVEY_OPENED = "survey_opened"
    PAGES_REVIEWED = "pages_reviewed"
    ACCESSIBILITY_ASSESSED = "accessibility_assessed"


STARTS = {
    Start.CYCLE_STARTS: Text("löftets första dag", "the first day of the pledge"),
    Start.FIRST_YEAR_ENDS: Text(
        "när första året av ett tvåårigt löfte har gått",
        "when the first year of a two-year pledge has passed",
    ),
    Start.CYCLE_ENDS: Text("löftets sista dag", "the last day of the pledge"),
    Start.PICTURE_DECIDED: Text(
        "när lägesbilden beslutades", "when the situation picture was decided"
    ),
    Start.PLEDGE_SENT: Text(
        "när utkastet gick till parterna", "when the draft was sent to the parties"
    ),
    Start.SURVEY_OPENED: Text("när enkäten öppnade", "when the survey opened"),
    Start.PAGES_REVIEWED: Text(
        "när sidorna senast gicks igenom", "when the pages were last reviewed"
    ),
    Start.ACCESSIBILITY_ASSESSED: Text(
        "när tillgängligheten senast bedömdes", "when accessibility was last assessed"
    ),
}


@dataclass(frozen=True)
class Clock:
    """A day that must be kept: from when it counts, how long, and who answers for it."""

    key: str
    title: Text
    basis: Basis
    source: Text | None
    starts_from: Start
    limit: Period | DayOfYear
    role: str
    public: bool
    why: Text


@dataclass(frozen=True)
class Rule:
    """How long one table is kept; `keep` None means for ever."""

    table: str
    name: Text
    keep: Period | None
    after: Text | None
    why: Text
    basis: Basis
    source: Text | None


@dataclass(frozen=True)
class RolePolicy:
    """Who decides that a person gets a role, and how often it is looked at again."""

    key: str
    name: Text
    decided_by: Text
    review: Period
    two_persons: bool
    why: Text


@dataclass(frozen=True)
class Limit:
    """A smallest number below which something is not shown."""

    key: str
    value: int
    name: Text
    why: Text
    basis: Basis
    source: Text | None


@dataclass(frozen=True)
class VagueWord:
    """A phrase that promises nothing that can be followed up."""

    phrase: str
    forms: tuple[str, ...]
    meaning: str
    why: Text
    instead: Text

    @cached_property
    def pattern(self) -> str:
        """A regular expression of all its forms, whole words only."""
        return "(?:" + "|".join(re.escape(form) for form in self.forms) + r")\b"


@dataclass(frozen=True)
class IndexGroup:
    """Part of the problem index: its questions, what is a problem, and where points begin."""

    key: str
    name: Text
    items: tuple[str, ...]
    sees: tuple[str, ...]
    leaves_out: tuple[str, ...]
    limits: tuple[float, ...]


@dataclass(frozen=True)
class IndexClasses:
    """One version of the problem index."""

    version: str
    name: Text
    why: Text
    basis: Basis
    source: Text | None
    groups: tuple[IndexGroup, ...]
