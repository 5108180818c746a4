"""Surveys for tests, made the way that people make them: through the actions."""

from datetime import date
from itertools import count
from typing import Any

from loftet.core import clock
from loftet.core.models import User
from loftet.listen import actions
from loftet.listen.actions import envelopes
from loftet.listen.models import AccessCode, Questionnaire, Stratum, Wave
from loftet.listen.rules import codes
from tests import make

_numbers = count(1)


def texts(swedish: str, english: str = "") -> dict[str, str]:
    return {"sv": swedish, "en": english or swedish}


def choices(*given: str) -> list[dict[str, Any]]:
    return [{"code": code, "label": texts(code.title())} for code in given]


DOCUMENT: dict[str, Any] = {
    "title": texts("Trygghet", "Safety"),
    "languages": ["sv", "en"],
    "pages": [
        {
            "code": "you",
            "title": texts("Om dig", "About you"),
            "questions": [
                {
                    "code": "age",
                    "kind": "single",
                    "label": texts("Hur gammal är du?", "How old are you?"),
                    "choices": choices("young", "middle", "old"),
                },
                {
                    "code": "evening",
                    "kind": "single",
                    "label": texts("Känner du dig trygg ute sent?", "Do you feel safe out late?"),
                    "choices": choices("safe", "unsafe", "never_out"),
                },
            ],
        },
        {
            "code": "work",
            "title": texts("Vad ska vi göra?", "What shall we do?"),
            "questions": [
                {
                    "code": "priorities",
                    "kind": "priorities",
                    "label": texts("Välj högst tre", "Choose at most three"),
                    "choices": choices("drugs", "cars", "noise", "lighting", "graffiti"),
                    "most": 3,
                },
                {
                    "code": "more",
                    "kind": "text",
                    "label": texts("Något mer?", "Anything more?"),
                    "longest": 500,
                },
            ],
        },
    ],
}


def questionnaire(document: dict[str, Any] | None = None, by: User | None = None) -> Questionnaire:
    return actions.add_questionnaire(
        code=f"form-{next(_numbers)}",
        document=document or DOCUMENT,
        by=by or make.coordinator(),
    )


def planned(
    *,
    design: str = "probability",
    document: dict[str, Any] | None = None,
    by: User | None = None,
    **values: Any,
) -> Wave:
    by = by or make.coordinator()
    today = clock.today()
    given = {
        "code": f"wave-{next(_numbers)}",
        "title_sv": "Medborgarenkät",
        "title_en": "Citizen survey",
        "population_sv": "Alla mellan 16 och 85 år",
        "population_size": 48_000,
        "opens": today,
        "closes": date(today.year + 1, 12, 31),
        "purpose_sv": "För att välja vad polis och kommun ska arbeta med.",
        "law_sv": "Uppgift av allmänt intresse.",
        "contact": "Kontaktcenter",
        "on_paper": True,
    } | values
    if "questionnaire" not in given:
        given["questionnaire"] = questionnaire(document, by)
    made = Wave(design=design, **given)
    return actions.add_wave(wave=made, by=by)


def stratum(wave: Wave, name: str = "Centrum", population: int = 10_000) -> Stratum:
    return Stratum.objects.create(
        wave=wave, code=name.lower(), name=name, population=population, planned=100
    )


def code(wave: Wave, stratum: Stratum | None = None) -> str:
    """A code as it stands on a letter; the wave keeps its digest alone."""
    actions.make_keys(wave)
    new = codes.new()
    AccessCode.objects.create(wave=wave, digest=envelopes.digest(wave, new), stratum=stratum)
    return new


def in_field(*, people: int = 1, by: User | None = None, **values: Any) -> tuple[Wave, list[str]]:
    """A wave that receives answers, and the codes that may be used."""
    by = by or make.coordinator()
    wave = planned(by=by, **values)
    drawn = stratum(wave)
    given = [code(wave, drawn) for _ in range(people)] if wave.allowed.codes else []
    return actions.open_field(wave=wave, by=by), given


def answered(wave: Wave, code: str, answers: dict[str, Any], language: str = "sv") -> None:
    """Someone fills in everything and sends it in."""
    envelopes.keep(
        wave=wave,
        code=wave.codes.get(digest=envelopes.digest(wave, code)),
        draft=envelopes.Draft(language, answers),
        finished=True,
    )


def counted(wave: Wave, by: User | None = None) -> Wave:
    by = by or make.coordinator()
    actions.close_field(wave=wave, by=by)
    actions.count_answers(wave=wave, by=by)
    return wave
