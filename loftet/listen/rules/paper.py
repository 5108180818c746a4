"""A paper form as it is typed in: a sign for each choice, kept as written, typed twice, compared.

What is written is kept as it stands, also what cannot be meant; `flags` says so to whoever types.
`counted` is what becomes of it: unreadable boxes are empty, and so is what could never have been
answered on the web (more choices than allowed, a number out of range); what the rules of the form
do not ask is left out, as there.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from loftet.listen.rules import answers as web
from loftet.listen.rules.form import (
    FEELINGS,
    MARKS_AT_MOST,
    WHEN,
    Choice,
    Form,
    Kind,
    Question,
    longest,
)
from loftet.listen.rules.posted import Error, WrongError, answered, name

SIGNS = "123456789abcdefghijklmnopqrstuvwxyz"
UNREADABLE = "?"  # never the code of a choice
APART = re.compile(r"[\s,;.+]+")
MANY = {Kind.SEVERAL, Kind.PRIORITIES}
WORDS = re.compile(r"\w+")

Written = Mapping[str, Any]  # as `Answers`, with `UNREADABLE` here and there


@dataclass(frozen=True)
class Line:
    """One box to type in: a question, a row of a grid, a part of a mark on the map."""

    question: Question
    part: tuple[str | int, ...] = ()
    label: str = ""
    choices: tuple[Choice, ...] = ()

    @property
    def key(self) -> str:
        return name(self.question.code, *self.part)

    @property
    def many(self) -> bool:
        return self.question.kind in MANY

    @property
    def signs(self) -> dict[str, Choice]:
        """One sign each as long as they last; after that numbers, typed with spaces between."""
        few = len(self.choices) <= len(SIGNS)
        return {SIGNS[at] if few else str(at + 1): choice for at, choice in enumerate(self.choices)}


@dataclass(frozen=True)
class Reading:
    """What was typed: the answers as written, and the boxes that must be typed again."""

    written: dict[str, Any]
    errors: dict[str, Error]


@dataclass(frozen=True)
class Difference:
    """A box that two people read differently."""

    line: Line
    first: Any
    second: Any


def lines(form: Form) -> list[Line]:
    """Every box, in the order of the paper."""
    return [line for question in form.questions for line in _lines(question)]


def _lines(question: Question) -> Iterator[Line]:
    if question.kind is Kind.GRID:
        for row in question.rows:
            yield Line(question, (row.code,), row.label["sv"], question.choices)
    elif question.kind is Kind.PLACE:
        for number in range(question.most or MARKS_AT_MOST):
            yield Line(question, (number, "described"))
            yield Line(question, (number, "feeling"), choices=_plain(FEELINGS))
            yield Line(question, (number, "when"), choices=_plain(WHEN))
            yield Line(question, (number, "why"))
    else:
        yield Line(question, (), question.label["sv"], question.choices)


def _plain(codes: Sequence[str]) -> tuple[Choice, ...]:
    return tuple(Choice(code, {}) for code in codes)


# --- Reading --------------------------------------------------------------------------------------


def read(form: Form, typed: Mapping[str, str]) -> Reading:
    """The whole screen; an empty box is no answer."""
    reading = Reading({}, {})
    for line in lines(form):
        try:
            value = read_line(line, typed.get(line.key, ""))
        except WrongError as wrong:
            reading.errors[line.key] = wrong.error
            continue
        if value is not None:
            _put(reading.written, line, value)
    return reading


def read_line(line: Line, typed: str) -> Any:
    """What one box holds; None when it is empty. `WrongError` for what means nothing."""
    text = typed.strip()
    if not text or text == UNREADABLE:
        return text or None
    if line.choices:
        codes = [_choice(line, sign) for sign in _pieces(line, text)]
        if line.many:
            return [choice.code for choice in line.choices if choice.code in codes]
        if len(codes) != 1:
            raise WrongError("one_only")
        return codes[0]
    kind = Kind.NUMBER if line.question.kind is Kind.NUMBER else Kind.TEXT
    free = replace(
        line.question,
        kind=kind,
        lowest=None,
        highest=None,
        whole=False,
        longest=longest(line.question),
    )
    return answered(free, {line.question.code: [text]})


def _pieces(line: Line, text: str) -> list[str]:
    together = APART.sub("" if len(line.choices) <= len(SIGNS) else " ", text.lower())
    return list(together) if len(line.choices) <= len(SIGNS) else together.split()


def _choice(line: Line, sign: str) -> str:
    if (choice := line.signs.get(sign)) is None:
        raise WrongError("unknown_sign", sign=sign, last=list(line.signs)[-1])
    return choice.code


def typed(line: Line, value: Any) -> str:
    """The other way: what stands in the box."""
    if value is None or value == UNREADABLE:
        return value or ""
    if line.choices:
        chosen = value if isinstance(value, list) else [value]
        between = "" if len(line.choices) <= len(SIGNS) else " "
        return between.join(s for s, choice in line.signs.items() if choice.code in chosen)
    return value if isinstance(value, str) else str(value).replace(".", ",")


def at(written: Written, line: Line) -> Any:
    """What is written in a box; None when nothing is."""
    found = written.get(line.question.code)
    for step in line.part:
        if isinstance(found, list):
            found = found[step] if isinstance(step, int) and step < len(found) else None
        else:
            found = found.get(str(step)) if isinstance(found, dict) else None
    return found


def filled(form: Form, values: Mapping[str, Any]) -> dict[str, Any]:
    """As written, from a value for each box."""
    written: dict[str, Any] = {}
    for line in lines(form):
        if values.get(line.key) is not None:
            _put(written, line, values[line.key])
    return written


def _put(written: dict[str, Any], line: Line, value: Any) -> None:
    code = line.question.code
    match line.part:
        case ():
            written[code] = value
        case (row,):
            written.setdefault(code, {})[row] = value
        case (int() as number, part):
            marks = written.setdefault(code, [])
            marks += [{} for _ in range(number + 1 - len(marks))]
            marks[number][part] = value


# --- What cannot be meant -------------------------------------------------------------------------


def flags(form: Form, written: Written) -> dict[str, Error]:
    """Where to look at the paper once more, by question."""
    found = {
        question.code: wrong
        for question in form.questions
        if (wrong := _wrong(question, _readable(question, written)))
    }
    clean = _clean(form, written)
    asked = {question.code for shown in web.visible(form, clean) for question in shown.questions}
    for code in clean:
        if code not in asked:
            found[code] = Error("not_asked")
    faults = web.faults(form, clean).items()
    return found | {code: error for code, error in faults if error.code == "constraint"}


def counted(form: Form, written: Written) -> dict[str, Any]:
    """The answer that counts: what could have been sent in on the web as well."""
    return web.swept(form, _clean(form, written))


def _clean(form: Form, written: Written) -> dict[str, Any]:
    readable = ((question, _readable(question, written)) for question in form.questions)
    return {
        question.code: answer
        for question, answer in readable
        if answer is not None and not _wrong(question, answer)
    }


def _readable(question: Question, written: Written) -> Any:
    """Without what could not be read; None if nothing is left."""
    answer = written.get(question.code)
    if isinstance(answer, dict):
        return {row: value for row, value in answer.items() if value != UNREADABLE} or None
    if question.kind is Kind.PLACE and answer is not None:
        marks = [{k: v for k, v in mark.items() if v != UNREADABLE} for mark in answer]
        return [mark for mark in marks if mark] or None
    return None if answer == UNREADABLE else answer


def _wrong(question: Question, answer: Any) -> Error | None:
    """Why no such answer could have been given on the web."""
    if answer is None:
        return None
    if question.kind is Kind.PLACE:
        whole = all("described" in mark and "feeling" in mark for mark in answer)
        return None if whole else Error("mark_half")
    if question.kind is Kind.GRID:
        return None
    try:
        answered(question, {question.code: [str(v) for v in _each(answer)]})
    except WrongError as wrong:
        return wrong.error
    return None


def _each(answer: Any) -> list[Any]:
    return answer if isinstance(answer, list) else [answer]


# --- Two people -----------------------------------------------------------------------------------


def differences(form: Form, first: Written, second: Written) -> list[Difference]:
    """Every box that the two read differently; in free text only words count."""
    pairs = ((line, at(first, line), at(second, line)) for line in lines(form))
    return [Difference(*found) for found in pairs if _words(found[1]) != _words(found[2])]


def compared(form: Form, first: Written, second: Written) -> int:
    """Boxes that at least one of them filled in: what the share of errors is a share of."""
    return sum(at(first, ln) is not None or at(second, ln) is not None for ln in lines(form))


def _words(value: Any) -> Any:
    if not isinstance(value, str) or value == UNREADABLE:
        return value
    return WORDS.findall(value.casefold()) or value
