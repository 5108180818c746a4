"""A posted page becomes answers: read by the rules, asked about by the guard, moved to the grid."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from loftet.core import places
from loftet.core.errors import Refused
from loftet.core.models import Place
from loftet.listen.actions import envelopes
from loftet.listen.rules import answers as rules
from loftet.listen.rules.form import MARK, MARKS_AT_MOST, Form, Kind, Page, Question
from loftet.listen.rules.posted import Error, Posted, WrongError, answered, name
from loftet.listen.sources import starter
from loftet.listen.views.answer import personal
from loftet.listen.views.answer.sheets import Fault
from loftet.listen.views.answer.words import Tongue

UNFINISHED = {"required", "rows"}  # no reason to stop somebody who goes back or takes a pause


@dataclass
class Turned:
    """What one page gives: all answers so far, and what must be said again."""

    answers: dict[str, Any]
    faults: dict[str, Fault] = field(default_factory=dict)
    unfinished: set[str] = field(default_factory=set)

    @property
    def stops(self) -> dict[str, Fault]:
        """Faults in what was written, as opposed to what was left out."""
        return {code: fault for code, fault in self.faults.items() if code not in self.unfinished}


def turned(
    form: Form, page: Page, posted: Posted, earlier: rules.Answers, tongue: Tongue
) -> Turned:
    reading = rules.read(form, page, posted, earlier)
    told = Turned({})
    for question in page.questions:
        if question.code in reading.answers:
            _settle(question, reading, posted, told, tongue)
        elif question.code in reading.errors:
            _complain(question, reading, posted, told, tongue)
    told.answers = envelopes.generalised(rules.kept(form, page, earlier, reading))
    return told


def with_places(page: Page, posted: Posted) -> Posted:
    """What the list of places and the boxes for taking a mark away mean for the fields."""
    keys = [
        name(question.code, number)
        for question in page.questions
        if question.kind is Kind.PLACE
        for number in range(question.most or MARKS_AT_MOST)
    ]
    removed = {key for key in keys if f"_remove.{key}" in posted}
    cleared = {name(key, part): [""] for key in removed for part in MARK}
    chosen = _points(posted, [key for key in keys if key not in removed])
    return {**posted, **cleared, **chosen}


def _points(posted: Posted, keys: list[str]) -> Posted:
    chosen = {key: pk for key in keys if (pk := _whole(posted.get(f"_named.{key}")))}
    found = Place.objects.in_bulk(chosen.values()) if chosen else {}
    more: dict[str, list[str]] = {}
    for key, place in ((key, found[pk]) for key, pk in chosen.items() if pk in found):
        more |= {f"{key}.lat": [f"{place.latitude:.5f}"], f"{key}.lon": [f"{place.longitude:.5f}"]}
        described = (posted.get(f"{key}.described") or [""])[0].strip()
        if not described or Place.objects.filter(name=described).exists():
            more[f"{key}.described"] = [place.name]
    return more


def _whole(values: Sequence[str] | None) -> int | None:
    text = (values or [""])[0]
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _settle(
    question: Question, reading: rules.Reading, posted: Posted, told: Turned, tongue: Tongue
) -> None:
    answer = reading.answers.pop(question.code)
    if question.kind is Kind.PLACE and (error := _outside(answer)):
        told.faults[question.code] = Fault(starter.said(error, tongue.tag))
        return
    kept, asks = personal.settled(question, answer, posted, tongue)
    if asks is not None:
        told.faults[question.code] = Fault(tongue.words["personal_title"], asks)
    else:
        reading.answers[question.code] = kept


def _complain(
    question: Question, reading: rules.Reading, posted: Posted, told: Turned, tongue: Tongue
) -> None:
    error = reading.errors[question.code]
    message = starter.said(error, tongue.tag)
    if error.code == "constraint" and question.constraint_message:
        message = str(tongue.said(question.constraint_message))
    told.faults[question.code] = Fault(message)
    if error.code in UNFINISHED:
        told.unfinished.add(question.code)
        partly = _partly(question, posted)
        if partly is not None:
            reading.answers[question.code] = partly


def _partly(question: Question, posted: Posted) -> Any:
    """The rows of a grid that were answered are kept, while the others wait."""
    try:
        return answered(question, posted)
    except WrongError:
        return None


def _outside(marks: list[dict[str, Any]]) -> Error | None:
    for number, mark in enumerate(marks, 1):
        try:
            if "lat" in mark:
                places.refuse_position(mark["lat"], mark["lon"])
        except Refused:
            return Error("mark_point", {"mark": number})
    return None
