"""Whether a document has the shape of a questionnaire at all, however it came here."""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from loftet.listen.rules.form import Kind
from loftet.listen.rules.problems import Problem, Where

MOST_PAGES = 60
MOST_QUESTIONS = 300
MOST_CHOICES = 300
MOST_ROWS = 60
MOST_LANGUAGES = 20
LONGEST_LABEL = 2_000
LONGEST_TEXT = 20_000
LARGEST_NUMBER = 10**12
CODE = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,39}")
CHOICE = re.compile(r"[A-Za-z0-9_-]{1,40}")
LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{1,8})*")
LONGEST_LANGUAGE = 20

Check = Callable[[Any, Where], Iterator[Problem]]


def problems(document: Any) -> list[Problem]:
    """Empty when `form.read` can read it and `form.written` gives the same back."""
    found = list(FORM(document, Where()))
    if not found:
        questions = sum(len(page.get("questions", ())) for page in document["pages"])
        if questions > MOST_QUESTIONS:
            found.append(Problem(Where(field="pages"), "many_questions", {"most": MOST_QUESTIONS}))
    return found


# --- Plain values ---------------------------------------------------------------------------------


def word(longest: int) -> Check:
    def check(value: Any, where: Where) -> Iterator[Problem]:
        if not isinstance(value, str):
            yield Problem(where, "not_text")
        elif len(value) > longest:
            yield Problem(where, "long", {"most": longest, "length": len(value)})
        elif sign := unprintable(value):
            yield Problem(where, "unprintable", {"sign": sign})

    return check


def unprintable(text: str) -> str:
    """The name of the first sign that no file could carry: all control signs but a line break."""
    for sign in text:
        if sign != "\n" and (unicodedata.category(sign) in {"Cc", "Cs"} or sign in "\ufffe\uffff"):
            return f"U+{ord(sign):04X}"
    return ""


def pattern(form: re.Pattern[str], code: str, longest: int = 40) -> Check:
    def check(value: Any, where: Where) -> Iterator[Problem]:
        if not isinstance(value, str):
            yield Problem(where, "not_text")
        elif len(value) > longest or not form.fullmatch(value):
            yield Problem(where, code, {"found": value[:60]})

    return check


def _texts(longest: int) -> Check:
    def check(value: Any, where: Where) -> Iterator[Problem]:
        if not isinstance(value, Mapping):
            yield Problem(where, "not_texts")
            return
        for language, text in value.items():
            yield from LANGUAGE_TAG(language, where)
            yield from word(longest)(text, where.at(str(language)[:LONGEST_LANGUAGE]))

    return check


def _yes_or_no(value: Any, where: Where) -> Iterator[Problem]:
    if not isinstance(value, bool):
        yield Problem(where, "not_yes_or_no")


def _count(value: Any, where: Where) -> Iterator[Problem]:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value < 100_000:
        yield Problem(where, "not_count")


def _number(value: Any, where: Where) -> Iterator[Problem]:
    known = isinstance(value, int | float) and not isinstance(value, bool)
    if not known or not abs(value) <= LARGEST_NUMBER:
        yield Problem(where, "not_number")


def _kind(value: Any, where: Where) -> Iterator[Problem]:
    if value not in list(Kind):
        yield Problem(where, "unknown_kind", {"found": str(value)[:60]})


# --- What holds others ----------------------------------------------------------------------------


def _many(most: int, inside: Check, step: Callable[[Where, int], Where]) -> Check:
    def check(value: Any, where: Where) -> Iterator[Problem]:
        if not isinstance(value, list):
            yield Problem(where, "not_list")
        elif len(value) > most:
            yield Problem(where, "many", {"most": most, "found": len(value)})
        else:
            for number, item in enumerate(value):
                yield from inside(item, step(where, number))

    return check


def _fields(wanted: Mapping[str, Check], allowed: Mapping[str, Check]) -> Check:
    def check(value: Any, where: Where) -> Iterator[Problem]:
        if not isinstance(value, Mapping):
            yield Problem(where, "not_fields")
            return
        for key in wanted.keys() - value.keys():
            yield Problem(where.at(key), "missing", {"field": key})
        for key, item in value.items():
            inside = wanted.get(key) or allowed.get(key)
            if inside is None:
                yield Problem(where, "unknown_field", {"field": str(key)[:60]})
            else:
                yield from inside(item, where.at(key))

    return check


def _inside(where: Where, number: int) -> Where:
    return where.at(number)


def _page(_where: Where, number: int) -> Where:
    return Where(page=number)


def _question(where: Where, number: int) -> Where:
    return Where(page=where.page, question=number)


LANGUAGE_TAG = pattern(LANGUAGE, "language", LONGEST_LANGUAGE)
LABEL, TEXT, RULE = _texts(LONGEST_LABEL), _texts(LONGEST_TEXT), word(LONGEST_TEXT)
CODED = pattern(CODE, "code")
CHOICES = _many(
    MOST_CHOICES, _fields({"code": pattern(CHOICE, "choice_code"), "label": LABEL}, {}), _inside
)
ROWS = _many(MOST_ROWS, _fields({"code": CODED, "label": LABEL}, {}), _inside)
QUESTION = _fields(
    {"code": CODED, "kind": _kind, "label": LABEL},
    {
        "hint": TEXT,
        "required": _yes_or_no,
        "choices": CHOICES,
        "rows": ROWS,
        "most": _count,
        "lowest": _number,
        "highest": _number,
        "whole": _yes_or_no,
        "longest": _count,
        "relevant": RULE,
        "constraint": RULE,
        "constraint_message": LABEL,
    },
)
PAGE = _fields(
    {"code": CODED, "title": LABEL},
    {
        "introduction": TEXT,
        "relevant": RULE,
        "questions": _many(MOST_QUESTIONS, QUESTION, _question),
    },
)
FORM = _fields(
    {
        "title": LABEL,
        "languages": _many(MOST_LANGUAGES, LANGUAGE_TAG, _inside),
        "pages": _many(MOST_PAGES, PAGE, _page),
    },
    {"introduction": TEXT, "thanks": TEXT},
)
