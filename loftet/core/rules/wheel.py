"""Where in the year we are: which step of the work a day belongs to.

The table is the calendar that Swedish municipalities and police have followed: they sign in
January and February, walk in spring, follow up in June, ask from August, put the picture together
in October and November and choose before Christmas. It is counted in half months from the first day
of the cycle, so a pledge that begins in July has its June in December.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from loftet.core.rules.days import add_months

HALF_MONTH = 15


class Step(StrEnum):
    ASK = "ask"
    SEE = "see"
    PROMISE = "promise"
    DO = "do"
    FOLLOW_UP = "follow_up"
    TELL = "tell"


@dataclass(frozen=True)
class Turn:
    """From this half month on, this step; with the work that it holds."""

    half_month: int
    step: Step
    work: str


# In a year that begins on the first of January: half month 0 is 1-15 January, 1 is 16-31 January.
YEAR = (
    Turn(0, Step.FOLLOW_UP, "close the counts of the year that ended and write what became of it"),
    Turn(1, Step.TELL, "sign, and publish the pledge and how the last one went"),
    Turn(4, Step.DO, "carry out: walks and rounds in spring"),
    Turn(10, Step.FOLLOW_UP, "half-year follow-up to the steering group"),
    Turn(12, Step.DO, "carry out: summer"),
    Turn(15, Step.ASK, "survey in the field; walks when evenings grow dark"),
    Turn(
        19,
        Step.SEE,
        "results and dialogues; the police's and the municipality's pictures become one",
    ),
    Turn(21, Step.PROMISE, "choose problems, look for causes, write the next pledge"),
)


def step_of_year(on: date, cycle_start: date, cycle_end: date) -> Step:
    """Which step `on` belongs to.

    A pledge for two years turns the same wheel twice. January of its second year is the mid-term
    follow-up, and its first autumn asks and sees but writes no new pledge: that time goes to doing.
    Before the cycle begins there is nothing to do or tell of; after its end what is left is to
    follow up and tell.
    """
    half_month = _half_month(on, cycle_start)
    step = next(turn.step for turn in reversed(YEAR) if turn.half_month <= half_month)
    if on < cycle_start:
        return step if step in {Step.SEE, Step.PROMISE} else Step.ASK
    if on > cycle_end:
        return Step.FOLLOW_UP if (on - cycle_end).days <= HALF_MONTH else Step.TELL
    if step is Step.PROMISE and not _in_last_year(on, cycle_start, cycle_end):
        return Step.DO
    return step


def first_year_ends(cycle_start: date, cycle_end: date) -> date | None:
    """The day of the mid-term, for a cycle longer than a year."""
    anniversary = add_months(cycle_start, 12)
    return anniversary if anniversary <= cycle_end else None


def _half_month(on: date, cycle_start: date) -> int:
    months = _months_from(cycle_start, on)
    days = (on - add_months(cycle_start, months)).days
    return months % 12 * 2 + (days >= HALF_MONTH)


def _months_from(start: date, on: date) -> int:
    months = (on.year - start.year) * 12 + on.month - start.month
    return months if add_months(start, months) <= on else months - 1


def _in_last_year(on: date, cycle_start: date, cycle_end: date) -> bool:
    years_begun = _months_from(cycle_start, on) // 12 + 1
    return add_months(cycle_start, years_begun * 12) > cycle_end
