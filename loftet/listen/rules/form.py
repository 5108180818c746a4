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
        return next(question for question in self.questions if question.code == code)


RIGHT_TO_LEFT = {"ar", "fa", "he", "ur", "ckb", "ps", "yi", "ti-arab"}
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
    return _filled(
        {
            "title": form.title,
            "languages": list(form.languages),
            "introduction": form.introduction,
            "thanks": form.thanks,
        }
    ) | {"pages": [_page_written(page) for page in form.pages]}


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
    return _filled(
        {
            "code": page.code,
            "title": page.title,
            "introduction": page.introduction,
            "relevant": page.relevant,
        }
    ) | {"questions": [_question_written(question) for question in page.questions]}


def _question_written(question: Question) -> dict[str, Any]:
    values = {name: getattr(question, name) for name in Question.__dataclass_fields__}
    for name in ("choices", "rows"):
        values[name] = [{"code": c.code, "label": dict(c.label)} for c in values[name]]
    return _filled(values | {"kind": str(question.kind)})


def _filled(values: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: dict(value) if isinstance(value, Mapping) else value
        for name, value in values.items()
        if value not in (None, "", False, [], ()) and value != {}
    }


BLOCK = 4096
CODE_ROOM = 64  # bytes that a code with its quotes may take
TEXT_ROOM = 2000  # signs of free text where no limit is given


def room(form: Form) -> int:
    """Bytes that no answer to this form exceeds, so that every sealed one is of the same length."""
    most = CODE_ROOM + sum(_room(question) for question in form.questions)
    return -(-most // BLOCK) * BLOCK


def _room(question: Question) -> int:
    texts = 6 * (question.longest or TEXT_ROOM)  # JSON writes the worst sign with six bytes
    if question.kind is Kind.TEXT:
        return CODE_ROOM + texts
    if question.kind is Kind.PLACE:
        return MARKS_AT_MOST * (2 * texts + 6 * CODE_ROOM)
    return CODE_ROOM * (2 + len(question.choices) + 2 * len(question.rows))
