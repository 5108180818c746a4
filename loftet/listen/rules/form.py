"""A questionnaire as plain values: pages of questions, each text in several languages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

Texts = Mapping[str, str]  # language tag -> text; "sv" is always there


class Kind(StrEnum):
    SINGLE = "single"  # answer: the code of a choice
    SCALE = "scale"  # as single, the choices are points in order
    SEVERAL = "several"  # a list of codes
    PRIORITIES = "priorities"  # a list of at most `most` codes
    GRID = "grid"  # {code of row: code of choice}
    NUMBER = "number"  # a number
    TEXT = "text"  # a string
    PLACE = "place"  # a list of marks, see `MARK`


# A mark on the map: either a point or a description; all but `feeling` may be absent.
MARK = ("lat", "lon", "described", "feeling", "when", "why")
FEELINGS = ("safe", "unsafe")
WHEN = ("day", "evening", "night", "weekend")
MARKS_AT_MOST = 3


@dataclass(frozen=True)
class Choice:
    """Something to choose, or a row of a grid."""

    code: str
    label: Texts


@dataclass(frozen=True)
class Question:
    """One question; which of the fields count follows from its kind."""

    code: str
    kind: Kind
    label: Texts
    hint: Texts = field(default_factory=dict)
    required: bool = False
    choices: tuple[Choice, ...] = ()
    rows: tuple[Choice, ...] = ()
    most: int | None = None
    lowest: float | None = None
    highest: float | None = None
    longest: int | None = None
    relevant: str = ""  # an expression: asked only when it holds
    constraint: str = ""  # an expression over `.`: refused when it does not hold
    constraint_message: Texts = field(default_factory=dict)
    whole: bool = False  # a number without decimals


@dataclass(frozen=True)
class Page:
    """What is asked on one screen."""

    code: str
    title: Texts
    introduction: Texts = field(default_factory=dict)
    questions: tuple[Question, ...] = ()
    relevant: str = ""


@dataclass(frozen=True)
class Form:
    """A whole questionnaire."""

    title: Texts
    languages: tuple[str, ...]  # the first one is the default
    introduction: Texts = field(default_factory=dict)
    thanks: Texts = field(default_factory=dict)
    pages: tuple[Page, ...] = ()

    @property
    def questions(self) -> Iterator[Question]:
        return (question for page in self.pages for question in page.questions)

    def question(self, code: str) -> Question:
        return {question.code: question for question in self.questions}[code]

    def page(self, code: str) -> Page:
        return {page.code: page for page in self.pages}[code]


RIGHT_TO_LEFT = {"ar", "fa", "he", "ur", "ckb", "ps", "yi"}
EASY = "sv-x-easy"  # plain Swedish for those who read little


def text(texts: Texts, language: str) -> str:
    """In the language asked for, else in Swedish, else in whatever there is."""
    return texts.get(language) or texts.get("sv") or next(iter(texts.values()), "")


def direction(language: str) -> str:
    return "rtl" if language.split("-", maxsplit=1)[0] in RIGHT_TO_LEFT else "ltr"


def read(document: Mapping[str, Any]) -> Form:
    """From the plain document that is stored; it was checked before it was stored."""
    return Form(
        title=document["title"],
        languages=tuple(document["languages"]),
        introduction=document.get("introduction", {}),
        thanks=document.get("thanks", {}),
        pages=tuple(_page(page) for page in document["pages"]),
    )


def written(form: Form) -> dict[str, Any]:
    """As a plain document, without what is empty."""
    return {
        "title": _said(form.title),
        "languages": list(form.languages),
        **_filled({"introduction": form.introduction, "thanks": form.thanks}),
        "pages": [_page_written(page) for page in form.pages],
    }


def _page(document: Mapping[str, Any]) -> Page:
    return Page(
        **{key: document[key] for key in document if key != "questions"},
        questions=tuple(_question(question) for question in document.get("questions", ())),
    )


def _question(document: Mapping[str, Any]) -> Question:
    lists = {"choices", "rows"}
    values = {key: document[key] for key in document if key not in lists}
    for key in lists & document.keys():
        values[key] = tuple(Choice(**choice) for choice in document[key])
    return Question(**values | {"kind": Kind(document["kind"])})


def _page_written(page: Page) -> dict[str, Any]:
    return {
        "code": page.code,
        "title": _said(page.title),
        **_filled({"introduction": page.introduction, "relevant": page.relevant}),
        "questions": [_question_written(question) for question in page.questions],
    }


def _question_written(question: Question) -> dict[str, Any]:
    rest = {name: getattr(question, name) for name in Question.__dataclass_fields__}
    first = {name: rest.pop(name) for name in ("code", "kind", "label")}
    for name in ("choices", "rows"):
        rest[name] = [{"code": c.code, "label": _said(c.label)} for c in rest[name]]
    return first | {"kind": str(question.kind), "label": _said(question.label)} | _filled(rest)


def _filled(values: Mapping[str, Any]) -> dict[str, Any]:
    tidy = {
        name: _said(value) if isinstance(value, Mapping) else value
        for name, value in values.items()
    }
    return {name: value for name, value in tidy.items() if present(value)}


def _said(texts: Texts) -> dict[str, str]:
    return {language: words for language, words in texts.items() if words.strip()}


def present(value: Any) -> bool:
    """Whether a field holds anything; the number 0 is something."""
    return value is not None and value is not False and value not in ("", [], (), {})


BLOCK = 4096
SIGN_ROOM = 4  # bytes of the widest sign, once the unseen ones are taken away
TEXT_ROOM = 2000  # signs of free text where no limit is given
MARK_ROOM = 300  # the same for each of the two texts about a place
NUMBER_ROOM = 24
PARTS_ROOM = 160  # of a mark besides its two texts
AROUND = 4  # quotes, colon and comma around a code
LANGUAGE_ROOM = 64


def longest(question: Question) -> int:
    """Signs that a free text, or each text about a place, may have."""
    return question.longest or (MARK_ROOM if question.kind is Kind.PLACE else TEXT_ROOM)


def room(form: Form) -> int:
    """Bytes that no answer to this form exceeds, so that every sealed one is of the same length."""
    most = LANGUAGE_ROOM + sum(_room(question) for question in form.questions)
    return -(-most // BLOCK) * BLOCK


def _room(question: Question) -> int:
    return len(question.code) + AROUND + AROUND + _answer_room(question)


def _answer_room(question: Question) -> int:
    texts = SIGN_ROOM * longest(question)
    choices = [len(choice.code) + AROUND for choice in question.choices]
    match question.kind:
        case Kind.TEXT:
            return texts
        case Kind.PLACE:
            return MARKS_AT_MOST * (2 * texts + PARTS_ROOM)
        case Kind.NUMBER:
            return NUMBER_ROOM
        case Kind.GRID:
            widest = max(choices, default=0)
            return sum(len(row.code) + AROUND + widest for row in question.rows)
        case _:
            return sum(choices)
