"""From what a page posts to an answer, one kind of question at a time.

Names of the fields in HTML, all made by `name`:

    code                    single, scale, number, text: one value; several, priorities: any number
    code.row                grid: one value for each row
    code.0.lat              place: the first mark, each part of `form.MARK`; then code.1.lat ...

A code never has a dot and never begins with an underscore: fields of the page itself begin so.
Nothing that is posted is trusted. A text that is much too long is refused before it is looked at.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from loftet.listen.rules.form import (
    FEELINGS,
    MARK,
    MARKS_AT_MOST,
    WHEN,
    Kind,
    Question,
    longest,
)

Posted = Mapping[str, Sequence[str]]
Answer = Any  # as JSON has it, by kind: see `form.Kind`

NUMBER = re.compile(r"[+-]?\d{1,12}(?:\.\d{1,20})?", re.ASCII)
NUMBER_DECIMALS = 6
NUMBER_SIGNS = 40  # more than any number needs
SIGNS = str.maketrans(
    {"٫": ".", ",": ".", "−": "-", "\u2009": "", "\u202f": "", "\xa0": "", " ": ""}
)
UNSEEN = {"Cc", "Cs"}  # control signs and halves of signs
DEGREES = {"lat": 90, "lon": 180}
DECIMALS = 5  # about a metre


@dataclass(frozen=True)
class Error:
    """Why an answer is not taken; the words are made in the language of whoever answers."""

    code: str
    args: Mapping[str, str | int | float] = field(default_factory=dict)


class WrongError(Exception):
    def __init__(self, code: str, **args: str | int | float) -> None:
        super().__init__(code)
        self.error = Error(code, args)


def name(code: str, *parts: str | int) -> str:
    return ".".join([code, *(str(part) for part in parts)])


def answered(question: Question, posted: Posted) -> Answer | None:
    """The answer, or None where there is none; `WrongError` where it cannot be taken."""
    return READERS[question.kind](question, posted)


def typed(question: Question, answer: Answer) -> dict[str, list[str]]:
    """The other way: what the fields of the page hold when an answer is shown again."""
    code = question.code
    if question.kind is Kind.GRID:
        return {name(code, row): [choice] for row, choice in answer.items()}
    if question.kind is Kind.PLACE:
        return {
            name(code, number, part): [_shown(mark[part])]
            for number, mark in enumerate(answer)
            for part in mark
        }
    return {code: list(answer) if isinstance(answer, list) else [_shown(answer)]}


def _shown(value: str | float) -> str:
    return value if isinstance(value, str) else str(value).replace(".", ",")


# --- One kind each ------------------------------------------------------------------------------


def _one(posted: Posted, key: str) -> str:
    values = [value for value in posted.get(key, ()) if value]
    if len(values) > 1:
        raise WrongError("one_only")
    return values[0] if values else ""


def _choice(question: Question, posted: Posted, key: str) -> str | None:
    value = _one(posted, key)
    if value and value not in {choice.code for choice in question.choices}:
        raise WrongError("unknown_choice")
    return value or None


def _single(question: Question, posted: Posted) -> Answer | None:
    return _choice(question, posted, question.code)


def _several(question: Question, posted: Posted) -> Answer | None:
    chosen = {value for value in posted.get(question.code, ()) if value}
    codes = [choice.code for choice in question.choices]
    if chosen - set(codes):
        raise WrongError("unknown_choice")
    if question.most is not None and len(chosen) > question.most:
        raise WrongError("most", most=question.most, chosen=len(chosen))
    return [code for code in codes if code in chosen] or None


def _grid(question: Question, posted: Posted) -> Answer | None:
    found = {
        row.code: _choice(question, posted, name(question.code, row.code)) for row in question.rows
    }
    answer = {row: choice for row, choice in found.items() if choice}
    return answer or None


def _number(question: Question, posted: Posted) -> Answer | None:
    value = _figure(_one(posted, question.code))
    if value is None:
        return None
    if question.whole and not value.is_integer():
        raise WrongError("not_whole")
    if question.lowest is not None and value < question.lowest:
        raise WrongError("lowest", lowest=question.lowest)
    if question.highest is not None and value > question.highest:
        raise WrongError("highest", highest=question.highest)
    return int(value) if value.is_integer() else value


def _figure(text: str) -> float | None:
    """A number with a comma or a point, in the digits of any script."""
    if len(text) > NUMBER_SIGNS:
        raise WrongError("not_number")
    digits = "".join(str(unicodedata.decimal(sign, sign)) for sign in text.strip())
    plain = digits.translate(SIGNS)
    if plain and not NUMBER.fullmatch(plain):
        raise WrongError("not_number")
    return round(float(plain), NUMBER_DECIMALS) if plain else None


def _text(question: Question, posted: Posted) -> Answer | None:
    return _words(_one(posted, question.code), longest(question)) or None


def _words(text: str, most: int) -> str:
    """Without unseen signs and with one kind of line break; no longer than allowed."""
    if len(text) > 2 * most + 1000:
        raise WrongError("longest", longest=most, length=len(text))
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    clean = "".join(sign for sign in lines if sign == "\n" or not _unseen(sign)).strip()
    if len(clean) > most:
        raise WrongError("longest", longest=most, length=len(clean))
    return clean


def _unseen(sign: str) -> bool:
    return unicodedata.category(sign) in UNSEEN


def _place(question: Question, posted: Posted) -> Answer | None:
    most = question.most or MARKS_AT_MOST
    marks = []
    for number in range(most):
        try:
            mark = _mark(question, posted, number)
        except WrongError as wrong:
            raise WrongError(wrong.error.code, **wrong.error.args, mark=number + 1) from None
        if mark:
            marks.append(mark)
    return marks or None


def _mark(question: Question, posted: Posted, number: int) -> dict[str, str | float]:
    raw = {part: _one(posted, name(question.code, number, part)) for part in MARK}
    words = {part: _words(raw[part], longest(question)) for part in ("described", "why")}
    mark: dict[str, str | float] = {**_point(raw), **words, "when": raw["when"]}
    mark = {part: mark[part] for part in MARK if mark.get(part, "") != ""}
    if not mark and not raw["feeling"]:
        return {}
    if "lat" not in mark and "described" not in mark:
        raise WrongError("mark_place")
    if raw["feeling"] not in FEELINGS:
        raise WrongError("mark_feeling")
    if raw["when"] and raw["when"] not in WHEN:
        raise WrongError("unknown_choice")
    return mark | {"feeling": raw["feeling"]}


def _point(raw: Mapping[str, str]) -> dict[str, float]:
    point = {}
    for part, limit in DEGREES.items():
        try:
            value = _figure(raw[part])
        except WrongError:
            raise WrongError("mark_point") from None
        if value is not None:
            if abs(value) > limit:
                raise WrongError("mark_point")
            point[part] = round(value, DECIMALS)
    if len(point) == 1:
        raise WrongError("mark_point")
    return point


READERS: dict[Kind, Callable[[Question, Posted], Answer | None]] = {
    Kind.SINGLE: _single,
    Kind.SCALE: _single,
    Kind.SEVERAL: _several,
    Kind.PRIORITIES: _several,
    Kind.GRID: _grid,
    Kind.NUMBER: _number,
    Kind.TEXT: _text,
    Kind.PLACE: _place,
}
