"""Answers one by one for an analyst, without what could point at somebody.

Left out: free texts, marked places, the way of answering and the language. What people said about
themselves is blanked where fewer than a few share it, from the last such question to the first.
"""

from collections import Counter
from collections.abc import Iterator, Sequence

from loftet.listen.rules.form import Form, Kind, Question
from loftet.listen.rules.results.given import Given
from loftet.listen.rules.results.items import CHOSEN, LISTS, Item, of
from loftet.listen.rules.results.sample import POOLED, Rows

ABOUT = "you"  # the page where people say who they are
Row = list[str | float]


def header(given: Given) -> list[str]:
    return ["area", "weight", *(name for name, _item in _columns(given))]


def rows(given: Given) -> Iterator[Row]:
    """In the order of the answers, which is random; the weight is that of the results."""
    sample = Rows(given)
    weights = sample.design.weights
    blanked = _blanked(given, sample)
    for at, answer in enumerate(given.answers):
        area, hidden = blanked[at]
        values = [_value(item, answer.content, hidden) for _name, item in _columns(given)]
        yield [area, round(float(weights[at]), 6), *values]


def background(form: Form, margins: Sequence[str]) -> list[str]:
    """Questions that tell who somebody is: what registers know, and the rest of that page."""
    found = [
        question.code
        for page in form.pages
        for question in page.questions
        if page.code == ABOUT or any(q.code in margins for q in page.questions)
    ]
    return sorted(found, key=lambda code: code not in margins)


def _columns(given: Given) -> list[tuple[str, Item]]:
    asked = [question for question in given.form.questions if _told(question)]
    return [(item.code, item) for question in asked for item in _items(question)]


def _told(question: Question) -> bool:
    return question.kind in CHOSEN | LISTS | {Kind.GRID, Kind.NUMBER}


def _items(question: Question) -> list[Item]:
    return [Item(question)] if question.kind is Kind.NUMBER else list(of(question))


def _value(item: Item, content: object, hidden: frozenset[str]) -> str | float:
    if item.question.code in hidden or not isinstance(content, dict):
        return ""
    if item.question.kind is Kind.NUMBER:
        number = content.get(item.question.code)
        return "" if number is None else number
    return item.value(content) or ""


def _blanked(given: Given, sample: Rows) -> list[tuple[str, frozenset[str]]]:
    """For each answer the area and the questions that are blanked."""
    about = background(given.form, list(given.margins))
    sizes = Counter(sample.group_of)
    areas = [
        area if area != POOLED and sizes[area] >= given.limits.group else ""
        for area in (sample.group_of if sample.groups else [POOLED] * sample.answered)
    ]
    kept = [len(about)] * sample.answered
    for count in range(len(about), 0, -1):
        kinds = [
            (areas[at], *(str(answer.content.get(code)) for code in about[:count]))
            for at, answer in enumerate(given.answers)
        ]
        sizes_of = Counter(kind for kind, most in zip(kinds, kept, strict=True) if most == count)
        for at, kind in enumerate(kinds):
            if kept[at] == count and sizes_of[kind] < given.limits.cell:
                kept[at] = count - 1
    return [(area, frozenset(about[most:])) for area, most in zip(areas, kept, strict=True)]
