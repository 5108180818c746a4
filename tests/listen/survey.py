"""A whole made-up survey, answered, for what is computed from it."""

from collections import Counter
from random import Random
from typing import Any

from loftet.demo import inhabitants
from loftet.listen.rules import form
from loftet.listen.rules.designs import Design
from loftet.listen.rules.results import Drawn, Filled, Given, Sent
from loftet.listen.sources import starter

TOWN = {"north": (9000, 1.3), "south": (5000, 0.8), "east": (1500, 1.1), "wood": (300, 0.5)}
DOCUMENT: dict[str, Any] = starter.document()
FORM = form.read(DOCUMENT)


def drawn(each: int = 200, *, seed: int = 1) -> tuple[list[Filled], list[Drawn], dict[str, Any]]:
    """Answers, strata and figures of the register."""
    random = Random(seed)
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
    given = {
        "form": FORM,
        "design": Design.PROBABILITY,
        "answers": answers,
        "strata": strata,
        "population": sum(stratum.population for stratum in strata),
        "margins": margins,
        "sent": Sent(drawn=each * len(strata)),
    }
    return Given(**given | values)


def _answered(person: inhabitants.Inhabitant, random: Random) -> dict[str, Any]:
    return inhabitants.answers(person, DOCUMENT, random)
