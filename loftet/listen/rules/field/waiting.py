"""What one more week, or one more reminder, would add: answers, and how sure they make us."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from loftet.listen.rules.field.forecast import Field, Forecast, shared
from loftet.listen.rules.field.rates import Counts
from loftet.listen.rules.precision import Plan, margin, together

WEEK = 7
APART = 14  # days between reminders
REMINDED = 21  # days that a reminder is given to work


class Way(StrEnum):
    NOW = "now"
    PLANNED = "planned"
    WEEK = "week"
    REMINDER = "reminder"


@dataclass(frozen=True)
class Choice:
    """Until which day the field is open (as counted in the course), and reminders yet to come."""

    way: Way
    until: int
    reminders: tuple[int, ...] = ()


@dataclass(frozen=True)
class Outcome:
    """What a choice would give: in all, and for each stratum in the order given."""

    choice: Choice
    forecast: Forecast
    whole: Plan
    parts: tuple[Plan, ...]


def choices(
    *, today: int, closes: int, sent: Sequence[int], planned: Sequence[int]
) -> list[Choice]:
    """From stopping at once to reminding once more; `planned` are days of mailings not yet made.

    The further reminder goes out two weeks after the last one, but at the earliest tomorrow.
    """
    to_come = tuple(sorted({day for day in planned if day >= today}))
    closes = max(closes, today)
    further = max(today + 1, max((*sent, *to_come)) + APART)
    return [
        Choice(Way.NOW, today - 1),
        Choice(Way.PLANNED, closes, to_come),
        Choice(Way.WEEK, closes + WEEK, to_come),
        Choice(Way.REMINDER, max(closes, further + REMINDED), (*to_come, further)),
    ]


def outcome(field: Field, choice: Choice, parts: Sequence[tuple[int | None, Counts]]) -> Outcome:
    """Margins as of a simple random sample in each stratum, with 95 % confidence at a half."""
    forecast = field.by(choice.until, reminders=choice.reminders)
    answered = [counts.answered for _population, counts in parts]
    left = [counts.able - counts.answered for _population, counts in parts]
    more = shared(forecast.answers - field.course.answered, left, answered)
    plans = tuple(
        _plan(population, counts, each)
        for (population, counts), each in zip(parts, more, strict=True)
    )
    known = all(population is not None for population, _counts in parts)
    whole = together({str(place): plan for place, plan in enumerate(plans)}) if known else None
    return Outcome(choice, forecast, whole or Plan(0, 0, forecast.answers, None), plans)


def _plan(population: int | None, counts: Counts, more: float) -> Plan:
    answers = counts.answered + more
    return Plan(
        population=population or 0,
        letters=counts.drawn,
        answers=answers,
        margin=margin(answers, population) if population else None,
    )
