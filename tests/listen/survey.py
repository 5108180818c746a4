"""A whole made-up survey, answered, for what is computed from it."""

from collections import Counter
from random import Random
from typing import Any

from loftet.core.models import User
from loftet.demo import inhabitants
from loftet.listen.models import AccessCode, Answer, Margin, Stratum, Wave
from loftet.listen.rules import form
from loftet.listen.rules.designs import Design
from loftet.listen.rules.results import Drawn, Filled, Given, Sent
from loftet.listen.sources import starter
from tests import make
from tests.listen import make as listen

TOWN = {"north": (9000, 1.3), "south": (5000, 0.8), "east": (1500, 1.1), "wood": (300, 0.5)}
DOCUMENT: dict[str, Any] = starter.document()
FORM = form.read(DOCUMENT)


def drawn(each: int = 200, *, seed: int = 1) -> tuple[list[Filled], list[Drawn], dict[str, Any]]:
    """Answers, strata and figures of the register."""
    random = Random(seed)  # noqa: S311 - made-up people, not secrets
    districts = [inhabitants.District(name, *about) for name, about in TOWN.items()]
    register = inhabitants.register(districts, random)
    people = [
        person
        for district in districts
        for person in random.sample([p for p in register if p.district is district], each)
    ]
    answers = [
        Filled(p.district.name, random.choice(["web", "web", "paper"]), _answered(p, random))
        for p in people
        if random.random() < p.likelihood
    ]
    random.shuffle(answers)
    strata = [Drawn(name, name.title(), size, each) for name, (size, _) in TOWN.items()]
    genders = Counter(p.gender for p in register if p.gender in {"woman", "man"})
    return answers, strata, {"age": dict(Counter(p.age for p in register)), "gender": genders}


def wave(each: int = 200, *, seed: int = 1, **values: Any) -> Given:
    answers, strata, margins = drawn(each, seed=seed)
    given: dict[str, Any] = {
        "form": FORM,
        "design": Design.PROBABILITY,
        "answers": answers,
        "strata": strata,
        "population": sum(stratum.population for stratum in strata),
        "margins": margins,
        "sent": Sent(drawn=each * len(strata)),
    }
    return Given(**given | values)


def opened(
    each: int = 200,
    *,
    seed: int = 1,
    design: str = "probability",
    by: User | None = None,
    **values: Any,
) -> Wave:
    """A wave in the database whose answers have been opened."""
    by = by or make.coordinator()
    answers, strata, margins = drawn(each, seed=seed)
    wave, _codes = listen.in_field(
        people=0 if design == "open" else 1, design=design, document=DOCUMENT, by=by, **values
    )
    listen.counted(wave, by)
    AccessCode.objects.filter(wave=wave).delete()
    Stratum.objects.filter(wave=wave).delete()
    kept = {
        s.code: Stratum.objects.create(
            wave=wave, code=s.code, name=s.name, population=s.population, planned=s.asked
        )
        for s in strata
    }
    if design != "open":
        AccessCode.objects.bulk_create(
            AccessCode(wave=wave, digest=f"{code}-{at}", stratum=kept[code])
            for code in kept
            for at in range(each)
        )
        Margin.objects.bulk_create(
            Margin(wave=wave, variable=variable, category=category, count=count)
            for variable, totals in margins.items()
            for category, count in totals.items()
        )
    Answer.objects.bulk_create(
        Answer(
            wave=wave,
            stratum=None if design == "open" else kept[str(answer.stratum)],
            mode=answer.mode,
            language="sv",
            content=answer.content,
        )
        for answer in answers
    )
    return Wave.objects.get(pk=wave.pk)


def _answered(person: inhabitants.Inhabitant, random: Random) -> dict[str, Any]:
    return inhabitants.answers(person, DOCUMENT, random)
