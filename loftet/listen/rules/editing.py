"""One change at a time to a questionnaire; each function gives a new form and leaves the old.

Nothing is checked here: `checking.problems` says what the result lacks, and the action refuses it.
A code that is not there is a KeyError.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeVar

from loftet.listen.rules.checking import COUNTS, PARTICULAR
from loftet.listen.rules.form import Form, Page, Question

Item = TypeVar("Item", Page, Question)


def add_page(form: Form, page: Page, at: int | None = None) -> Form:
    """At the end, or before the page that stands there."""
    return replace(form, pages=_inserted(form.pages, page, at))


def replace_page(form: Form, code: str, page: Page) -> Form:
    """New texts, code or rule; the questions stay."""
    kept = replace(page, questions=form.page(code).questions)
    return replace(form, pages=_replaced(form.pages, code, kept))


def move_page(form: Form, code: str, to: int) -> Form:
    """So that it stands as number `to`, counted from 0."""
    page = form.page(code)
    return replace(form, pages=_inserted(_without(form.pages, code), page, to))


def remove_page(form: Form, code: str) -> Form:
    """With its questions."""
    form.page(code)
    return replace(form, pages=_without(form.pages, code))


def page_of(form: Form, question: str) -> Page:
    return {asked.code: page for page in form.pages for asked in page.questions}[question]


def add_question(form: Form, page: str, question: Question, at: int | None = None) -> Form:
    questions = _inserted(form.page(page).questions, question, at)
    return _with_questions(form, page, questions)


def replace_question(form: Form, code: str, question: Question) -> Form:
    """A new code is also written into the rules that ask for the old one."""
    page = page_of(form, code)
    changed = _with_questions(form, page.code, _replaced(page.questions, code, question))
    return changed if question.code == code else rename(changed, code, question.code)


def move_question(form: Form, code: str, page: str, to: int | None = None) -> Form:
    """To a place on the same page or another; the place is counted when it has left its own."""
    question = form.question(code)
    return add_question(remove_question(form, code), page, question, to)


def remove_question(form: Form, code: str) -> Form:
    page = page_of(form, code)
    return _with_questions(form, page.code, _without(page.questions, code))


def rename(form: Form, old: str, new: str) -> Form:
    """Let every rule that asks for the old code ask for the new one."""
    asked = re.compile(rf"\$\{{{re.escape(old)}(?=[.}}])")

    def renamed(rule: str) -> str:
        return asked.sub(lambda _found: f"${{{new}", rule)

    return with_rules(form, renamed)


def with_rules(form: Form, change: Callable[[str], str]) -> Form:
    """Every rule changed in the same way."""
    return replace(form, pages=tuple(_page_with_rules(page, change) for page in form.pages))


def fitting(question: Question) -> Question:
    """Without what does not count for its kind: for a question whose kind was changed."""
    empty = Question(question.code, question.kind, question.label)
    unwanted = {name: getattr(empty, name) for name in PARTICULAR - COUNTS[question.kind]}
    if "constraint" in unwanted:
        unwanted["constraint_message"] = {}
    return replace(question, **unwanted)


# --- Inside ---------------------------------------------------------------------------------------


def _page_with_rules(page: Page, change: Callable[[str], str]) -> Page:
    questions = tuple(
        replace(
            question, relevant=change(question.relevant), constraint=change(question.constraint)
        )
        for question in page.questions
    )
    return replace(page, relevant=change(page.relevant), questions=questions)


def _with_questions(form: Form, code: str, questions: tuple[Question, ...]) -> Form:
    page = replace(form.page(code), questions=questions)
    return replace(form, pages=_replaced(form.pages, code, page))


def _inserted(items: Sequence[Item], item: Item, at: int | None) -> tuple[Item, ...]:
    found = list(items)
    found.insert(len(found) if at is None else max(0, at), item)
    return tuple(found)


def _replaced(items: Sequence[Item], code: str, item: Item) -> tuple[Item, ...]:
    return tuple(item if each.code == code else each for each in items)


def _without(items: Sequence[Item], code: str) -> tuple[Item, ...]:
    return tuple(each for each in items if each.code != code)
