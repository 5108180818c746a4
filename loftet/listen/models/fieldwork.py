"""What has become of those asked: numbers by stratum and by day, and never who."""

from collections import Counter
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from django.db.models import Count, Q

from loftet.listen.models.answering import AccessCode, Envelope
from loftet.listen.models.wave import Wave
from loftet.listen.rules.field.rates import Counts


@dataclass(frozen=True)
class Part:
    """One stratum; without a name those who belong to none."""

    name: str
    population: int | None
    counts: Counts


def parts(wave: Wave) -> list[Part]:
    """Whoever has answered counts as answered, whatever was noted before."""
    found = [
        Part(stratum.name, stratum.population, _counts(vars(stratum)))
        for stratum in wave.strata.annotate(**_tallies("codes__"))
    ]
    others = wave.codes.filter(stratum=None).aggregate(**_tallies(""))
    return [*found, Part("", None, _counts(others))] if others["drawn"] else found


def _tallies(to: str) -> dict[str, Count]:
    silent = Q(**{f"{to}used_on": None})
    unheard = silent & Q(**{f"{to}outcome": "", f"{to}envelope__isnull": False})
    noted = {
        outcome.value: Count(f"{to}pk", filter=silent & Q(**{f"{to}outcome": outcome}))
        for outcome in AccessCode.Outcome
    }
    return noted | {
        "drawn": Count(f"{to}pk"),
        "answered": Count(f"{to}pk", filter=~silent),
        "begun": Count(f"{to}pk", filter=unheard),
    }


def _counts(row: dict[str, Any]) -> Counts:
    return Counts(**{field.name: row[field.name] for field in fields(Counts)})


def by_day(wave: Wave) -> Counter[date]:
    days = wave.codes.exclude(used_on=None).order_by().values_list("used_on")
    return Counter(dict(days.annotate(Count("pk"))))


def by_mode(wave: Wave) -> dict[str, int]:
    """Web and paper, while answers are sealed; afterwards only where enough came the same way."""
    finished = Envelope.objects.filter(code__wave=wave).exclude(finished_on=None)
    sealed = finished.order_by().values_list("mode").annotate(Count("pk"))
    opened = wave.answers.order_by().values_list("mode").annotate(Count("pk"))
    return dict(sealed) or dict(opened)


def sent(wave: Wave) -> dict[date, str]:
    """What has been made, by the day on which it went: the planned one, if it was made before."""
    return {
        max(one.planned_on, one.made_on or one.planned_on): one.kind
        for one in wave.mailings.exclude(made_on=None)
    }


def to_be_sent(wave: Wave) -> list[date]:
    return list(wave.mailings.filter(made_on=None).values_list("planned_on", flat=True))
