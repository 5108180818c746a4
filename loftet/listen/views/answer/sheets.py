"""Questions as HTML, made once for each questionnaire and language, with slots for the answers.

Making a page from its template costs several milliseconds, filling a made one hardly any. What
differs from person to person is the slots alone: which choice is marked, what is written in a box.
Only a question with an error is made anew.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from django.template import loader
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from loftet.listen.models import Wave
from loftet.listen.rules import expressions
from loftet.listen.rules.answers import Shown
from loftet.listen.rules.form import (
    FEELINGS,
    MARK,
    MARKS_AT_MOST,
    WHEN,
    Choice,
    Form,
    Kind,
    Question,
)
from loftet.listen.rules.form import longest as signs_at_most
from loftet.listen.rules.posted import Posted, name
from loftet.listen.views.answer.words import Tongue

SLOT = re.compile("\ue000([^\ue002]*)\ue002")
HELP = {
    Kind.SINGLE: "choose_one",
    Kind.SCALE: "choose_one",
    Kind.SEVERAL: "choose_several",
    Kind.PRIORITIES: "choose_most",
}
TEMPLATES = {
    Kind.SINGLE: "choices",
    Kind.SCALE: "choices",
    Kind.SEVERAL: "choices",
    Kind.PRIORITIES: "choices",
    Kind.GRID: "grid",
    Kind.NUMBER: "number",
    Kind.TEXT: "text",
    Kind.PLACE: "place",
}

Filled = Mapping[str, Sequence[str]]
Parts = list[str]  # text, slot, text, slot, ... text


@dataclass(frozen=True)
class Fault:
    """What must be said again, and the guard's question where that is what stops it."""

    message: str
    asks: Mapping[str, Any] | None = None


@dataclass
class Sheets:
    """The questions of one form in one language."""

    form: Form
    tongue: Tongue
    made: dict[tuple[str, bool], Parts] = field(default_factory=dict)

    def question(self, shown: Shown, filled: Filled, fault: Fault | None = None) -> SafeString:
        key = (shown.question.code, shown.rule is not None)
        if fault is not None:
            parts = self._make(shown, fault=fault)
        elif (found := self.made.get(key)) is not None:
            parts = found
        else:
            parts = self.made[key] = self._make(shown)
        return filled_in(parts, filled)

    def place(self, shown: Shown, filled: Filled, fault: Fault | None, **more: Any) -> SafeString:
        """As `question`, but made each time: the list of places may change at any time."""
        question = shown.question
        marks = [
            _mark(question, number, self.tongue) | _state(name(question.code, number), filled)
            for number in range(question.most or MARKS_AT_MOST)
        ]
        return filled_in(self._make(shown, fault=fault, marks=marks, **more), filled)

    def _make(self, shown: Shown, **more: Any) -> Parts:
        question = shown.question
        words = self.tongue.words
        needs_help = question.kind in HELP and not question.hint
        help_text = words[HELP[question.kind]] if needs_help else ""
        context = {
            "question": question,
            "label": self.tongue.said(question.label),
            "hint": self.tongue.said(question.hint),
            "help": help_text.format_map({"most": question.most or len(question.choices)}),
            "depends": self._depends(shown),
            "id": f"q-{question.code}",
            "words": words,
            "tongue": self.tongue,
            "many": question.kind in {Kind.SEVERAL, Kind.PRIORITIES},
            **_parts(question, self.tongue),
            **more,
        }
        template = loader.get_template(f"listen/answer/kinds/{TEMPLATES[question.kind]}.html")
        return SLOT.split(template.render(context))

    def _depends(self, shown: Shown) -> str:
        """The condition in words, for those whose browser cannot hide the question."""
        if shown.rule is None:
            return ""
        asked = expressions.references(expressions.parse(shown.question.relevant))
        labels = {reference.code: self.form.question(reference.code).label for reference in asked}
        said = " / ".join(str(self.tongue.said(label)) for label in labels.values())
        return self.tongue.words["depends"].format_map({"question": said})


def sheets(wave: Wave, form: Form, tongue: Tongue) -> Sheets:
    questionnaire = wave.questionnaire
    if questionnaire is None or questionnaire.locked_at is None:
        return Sheets(form, tongue)
    return _kept(questionnaire.pk, questionnaire.locked_at, tongue, _Same(form))


def filled_in(parts: Parts, filled: Filled) -> SafeString:
    pieces = list(parts)
    for at in range(1, len(pieces), 2):
        kind, key, value = pieces[at].split("\ue001")
        given = filled.get(key, ())
        if kind == "value":
            pieces[at] = escape(given[0]) if given else ""
        else:
            pieces[at] = f" {kind}" if value in given else ""
    return mark_safe("".join(pieces))  # noqa: S308 - from templates, and what is filled in is escaped


def first_field(question: Question) -> str:
    """The id of the control that an error about the question leads to."""
    if question.kind is Kind.GRID:
        return f"f-{name(question.code, question.rows[0].code)}-{question.choices[0].code}"
    if question.kind is Kind.PLACE:
        return f"f-{name(question.code, 0, 'described')}"
    if question.choices:
        return f"f-{question.code}-{question.choices[0].code}"
    return f"f-{question.code}"


class _Same:
    """Carries the form past the cache: the questionnaire and its day of locking are the key."""

    def __init__(self, form: Form) -> None:
        self.form = form

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same)

    def __hash__(self) -> int:
        return 0


@lru_cache(maxsize=32)
def _kept(_questionnaire: int, _locked_at: Any, tongue: Tongue, same: _Same) -> Sheets:
    return Sheets(same.form, tongue)


def slot(kind: str, key: str, value: str = "") -> str:
    return f"\ue000{kind}\ue001{key}\ue001{value}\ue002"


def _parts(question: Question, tongue: Tongue) -> dict[str, Any]:
    if question.kind is Kind.GRID:
        return {"rows": [_row(question, row, tongue) for row in question.rows]}
    if question.kind is Kind.PLACE:
        return {"longest": signs_at_most(question)}
    if question.choices:
        return {"choices": _choices(question.code, question.choices, tongue)}
    return {
        "field": {"name": question.code, "value": slot("value", question.code)},
        "longest": signs_at_most(question) if question.kind is Kind.TEXT else None,
    }


def _row(question: Question, row: Choice, tongue: Tongue) -> dict[str, Any]:
    key = name(question.code, row.code)
    return {
        "label": tongue.said(row.label),
        "choices": _choices(key, question.choices, tongue),
    }


def _choices(key: str, choices: Sequence[Choice], tongue: Tongue) -> list[dict[str, Any]]:
    return [
        {
            "name": key,
            "value": choice.code,
            "id": f"f-{key}-{choice.code}",
            "label": tongue.said(choice.label),
            "checked": slot("checked", key, choice.code),
        }
        for choice in choices
    ]


def _mark(question: Question, number: int, tongue: Tongue) -> dict[str, Any]:
    """The fields of one mark on the map, by what they are."""
    words = tongue.words

    def options(part: str, values: Sequence[str], how: str) -> list[dict[str, str]]:
        key = name(question.code, number, part)
        return [
            {
                "name": key,
                "value": value,
                "id": f"f-{key}-{value}",
                "label": words[f"mark_{'when_' if part == 'when' else ''}{value}"],
                "checked": slot(how, key, value),
            }
            for value in values
        ]

    boxes = {
        part: {
            "name": name(question.code, number, part),
            "value": slot("value", name(question.code, number, part)),
        }
        for part in ("lat", "lon", "described", "why")
    }
    return boxes | {
        "number": number,
        "title": words["mark"].format_map({"number": number + 1}),
        "feelings": options("feeling", FEELINGS, "checked"),
        "whens": options("when", WHEN, "selected"),
        "when": name(question.code, number, "when"),
        "named": f"_named.{name(question.code, number)}",
    }


def _state(key: str, filled: Filled) -> dict[str, Any]:
    given = {part for part in MARK if any(filled.get(name(key, part), ()))}
    return {"filled": bool(given), "pointed": "lat" in given, "remove": f"_remove.{key}"}


def as_posted(posted: Any) -> Posted:
    """A QueryDict as the rules read it."""
    return dict(posted.lists())
