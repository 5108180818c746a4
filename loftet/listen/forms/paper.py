"""The paper form as a screen to type from: one box for each answer, a sign for each choice."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from loftet.core import guard
from loftet.listen.rules import paper
from loftet.listen.rules.form import Form, Kind, Page, Question, text
from loftet.listen.rules.paper import Difference, Line
from loftet.listen.rules.posted import Error, WrongError

PAPER = "sv"  # the boxes are named as on the form, whatever language the page is in
OTHER = "other"
Values = dict[str, Any]


@dataclass(frozen=True)
class Box:
    """What the screen shows of one line."""

    line: Line
    label: str
    value: str
    error: str
    first: bool = False  # where one begins to type

    @property
    def key(self) -> str:
        return self.line.key

    @property
    def signs(self) -> list[tuple[str, str]]:
        return [(sign, _called(self.line, one.code)) for sign, one in self.line.signs.items()]

    @property
    def only(self) -> str:
        """The signs of a box that is full after one of them."""
        few = len(self.line.choices) <= len(paper.SIGNS)
        return "".join(self.line.signs) if few and not self.line.many else ""

    @property
    def long(self) -> bool:
        return not self.line.choices and self.line.question.kind is not Kind.NUMBER


@dataclass(frozen=True)
class Group:
    """A question with its boxes, and why to look at the paper once more."""

    question: Question
    number: int
    boxes: list[Box]
    flag: str

    @property
    def label(self) -> str:
        return text(self.question.label, PAPER)

    @property
    def alone(self) -> bool:
        return len(self.boxes) == 1 and not self.boxes[0].line.part


@dataclass(frozen=True)
class Part:
    title: str
    groups: list[Group]


def typed(form: Form, post: QueryDict) -> dict[str, str]:
    return {line.key: post.get(line.key, "") for line in paper.lines(form)}


def sheet(
    form: Form,
    values: Mapping[str, str],
    errors: Mapping[str, Error] | None = None,
    flags: Mapping[str, str] | None = None,
) -> list[Part]:
    """All boxes in the order of the paper, numbered as one counts questions."""
    groups: dict[str, Group] = {}
    by_question = groupby(paper.lines(form), key=lambda line: line.question)
    for number, (question, own) in enumerate(by_question, 1):
        begins = number == 1 and not errors and not flags
        boxes = [
            _box(line, values, errors or {}, first=begins and not at) for at, line in enumerate(own)
        ]
        groups[question.code] = Group(question, number, boxes, (flags or {}).get(question.code, ""))
    return [_part(page, groups) for page in form.pages if page.questions]


def _part(page: Page, groups: Mapping[str, Group]) -> Part:
    return Part(text(page.title, PAPER), [groups[question.code] for question in page.questions])


def _box(line: Line, values: Mapping[str, str], errors: Mapping[str, Error], *, first: bool) -> Box:
    error = errors.get(line.key)
    return Box(line, named(line), values.get(line.key, ""), said(error) if error else "", first)


def flagged(form: Form, written: paper.Written) -> dict[str, str]:
    """What to compare with the paper once more before it is kept as it stands, by question."""
    found = {code: said(error) for code, error in paper.flags(form, written).items()}
    for line in paper.lines(form):
        value = paper.at(written, line)
        if not line.choices and isinstance(value, str) and guard.findings(value):
            found[line.question.code] = _(
                "This looks like a number or an address of a person. Write [name], [telephone] or"
                " the like instead."
            )
    return found


# --- Differences ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Choice:
    """One box that was read in two ways."""

    difference: Difference
    number: int
    chosen: str
    other: str
    error: str

    @property
    def key(self) -> str:
        return self.difference.line.key

    @property
    def label(self) -> str:
        question = text(self.difference.line.question.label, PAPER)
        own = named(self.difference.line)
        return question if own == question else f"{question} – {own}"

    @property
    def first(self) -> str:
        return shown(self.difference.line, self.difference.first)

    @property
    def second(self) -> str:
        return shown(self.difference.line, self.difference.second)

    @property
    def signs(self) -> list[tuple[str, str]]:
        return Box(self.difference.line, "", "", "").signs


def choices(differences: list[Difference], post: QueryDict) -> tuple[list[Choice], Values]:
    """What was chosen for each box, and the values; fewer values than boxes means: not yet all."""
    values: Values = {}
    found = []
    for number, difference in enumerate(differences, 1):
        key = difference.line.key
        other = post.get(f"_other.{key}", "")
        chosen = post.get(f"_choice.{key}", OTHER if other else "")
        error = ""
        try:
            if chosen == OTHER:
                values[key] = paper.read_line(difference.line, other)
            elif chosen:
                values[key] = difference.first if chosen == "first" else difference.second
            elif post.get("_step") == "settle":
                error = _("Choose what the paper says.")
        except WrongError as wrong:
            error = said(wrong.error)
        found.append(Choice(difference, number, chosen, other, error))
    return found, values


def shown(line: Line, value: Any) -> str:
    """An answer in words, as it is compared."""
    if value is None:
        return _("empty")
    if value == paper.UNREADABLE:
        return _("unreadable")
    if line.choices:
        codes = value if isinstance(value, list) else [value]
        return ", ".join(_called(line, code) for code in codes)
    return str(value)


def named(line: Line) -> str:
    if line.question.kind is not Kind.PLACE:
        return line.label
    number, part = int(line.part[0]) + 1, str(line.part[1])
    return _("Place %(number)d: %(part)s") % {"number": number, "part": _parts()[part]}


def _parts() -> dict[str, str]:
    return {
        "described": _("which place"),
        "feeling": _("how it feels there"),
        "when": _("when"),
        "why": _("why"),
    }


def _called(line: Line, code: str) -> str:
    label = next((choice.label for choice in line.choices if choice.code == code), {})
    return text(label, PAPER) or _marks().get(code, code)


def _marks() -> dict[str, str]:
    return {
        "safe": _("safe"),
        "unsafe": _("unsafe"),
        "day": _("in the daytime"),
        "evening": _("in the evening"),
        "night": _("at night"),
        "weekend": _("at weekends"),
    }


def said(error: Error) -> str:
    words = {
        "unknown_sign": _("“%(sign)s” is no sign of a choice here. The last one is %(last)s."),
        "one_only": _("One sign only; where two boxes are ticked, type a question mark."),
        "not_number": _("Type a number in digits, or a question mark."),
        "longest": _("The text is longer than the %(longest)s signs that are kept."),
        "most": _("%(chosen)s are chosen, at most %(most)s count. The question counts as empty."),
        "lowest": _("Less than %(lowest)s. The question counts as empty."),
        "highest": _("More than %(highest)s. The question counts as empty."),
        "not_whole": _("Not a whole number. The question counts as empty."),
        "not_asked": _(
            "This is not asked, judging by the earlier answers. It is left out when counting."
        ),
        "constraint": _("It does not go together with other answers. It counts as it stands."),
        "mark_half": _("A place needs its name and how it feels there. It is left out otherwise."),
    }
    return words[error.code] % dict(error.args)
