"""Which questions are asked, given the answers so far, and what a posted page becomes.

The server decides alone: what the browser hides or shows is only for the eye. An answer to a
question that is not asked is never kept, even if it is posted; and when an earlier answer changes,
`swept` takes away those that no longer belong.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from loftet.listen.rules import expressions
from loftet.listen.rules.expressions import holds
from loftet.listen.rules.form import Form, Kind, Page, Question
from loftet.listen.rules.posted import Error, Posted, WrongError, answered, typed

Answers = Mapping[str, Any]  # code of a question -> its answer, see `form.Kind`


@dataclass(frozen=True)
class Reading:
    """One page as it was posted: what can be kept, and what must be said again."""

    answers: dict[str, Any]
    errors: dict[str, Error]


@dataclass(frozen=True)
class Asked:
    """A page with the questions that are asked on it."""

    page: Page
    questions: tuple[Question, ...]


@dataclass(frozen=True)
class Shown:
    """A question on the page as it is sent out; `rule` is for the browser, see `expressions.js`.

    The rule asks only for answers on the same page; those to earlier pages are filled in. The
    browser hides the question while the rule does not hold; without JavaScript it is always there.
    """

    question: Question
    rule: Any = None
    constraint: Any = None


@dataclass(frozen=True)
class Progress:
    number: int
    of: int


def read(form: Form, page: Page, posted: Posted, earlier: Answers) -> Reading:
    """What was posted from one page, checked against all that was answered before it."""
    known = _before(form, page, earlier)
    reading = Reading({}, {})
    if not holds(page.relevant, known):
        return reading
    for question in page.questions:
        if not holds(question.relevant, known):
            continue
        try:
            answer = answered(question, posted)
        except WrongError as wrong:
            reading.errors[question.code] = wrong.error
            continue
        if error := _fault(question, answer, known):
            reading.errors[question.code] = error
        elif answer is not None:
            known[question.code] = reading.answers[question.code] = answer
    return reading


def kept(form: Form, page: Page, earlier: Answers, reading: Reading) -> dict[str, Any]:
    """All answers once the page is read: those of other pages stay, wherever they come."""
    own = {question.code for question in page.questions}
    others = {code: answer for code, answer in earlier.items() if code not in own}
    return others | reading.answers


def visible(form: Form, answers: Answers) -> list[Asked]:
    """The pages to go through, with the questions asked on each."""
    return [asked for asked, _ in _walk(form, answers)]


def swept(form: Form, answers: Answers) -> dict[str, Any]:
    """Only answers to what is asked, in the order of the form."""
    known: dict[str, Any] = {}
    for _, found in _walk(form, answers):
        known |= found
    return known


def faults(form: Form, answers: Answers) -> dict[str, Error]:
    """What keeps these answers from being sent in: required ones, and those that now contradict."""
    known: dict[str, Any] = {}
    found: dict[str, Error] = {}
    for asked, answers_here in _walk(form, answers):
        for question in asked.questions:
            answer = answers_here.get(question.code)
            if error := _fault(question, answer, known):
                found[question.code] = error
            if answer is not None:
                known[question.code] = answer
    return found


def first(form: Form, answers: Answers) -> str | None:
    return next((asked.page.code for asked in visible(form, answers)), None)


def following(form: Form, page: str, answers: Answers) -> str | None:
    """The code of the next page, or None after the last."""
    return _beside(form, page, answers, 1)


def preceding(form: Form, page: str, answers: Answers) -> str | None:
    return _beside(form, page, answers, -1)


def progress(form: Form, page: str, answers: Answers) -> Progress:
    """Which page this is of those that are asked, as far as one can tell by now."""
    codes = [asked.page.code for asked in visible(form, answers)]
    return Progress(codes.index(page) + 1 if page in codes else len(codes), len(codes))


def shown(form: Form, page: Page, earlier: Answers) -> list[Shown]:
    """The questions to send out: those asked, and those that an answer on this page may bring."""
    known = _before(form, page, earlier)
    free: set[str] = set()
    found = []
    for question in page.questions:
        here = bool(_asked_for(question.relevant) & free)
        if here or holds(question.relevant, known):
            found.append(_with_rules(question, known, free, here))
            free.add(question.code)
    return found


def filled(page: Page, answers: Answers) -> dict[str, list[str]]:
    """The fields of the page as they hold what was answered before."""
    fields: dict[str, list[str]] = {}
    for question in page.questions:
        if question.code in answers:
            fields |= typed(question, answers[question.code])
    return fields


# --- Inside ---------------------------------------------------------------------------------------


def _walk(
    form: Form, answers: Answers, *, until: str = ""
) -> Iterator[tuple[Asked, dict[str, Any]]]:
    """Every page asked with its answers, each judged by the answers that hold before it."""
    known: dict[str, Any] = {}
    for page in form.pages:
        if page.code == until:
            return
        if not holds(page.relevant, known):
            continue
        questions, found = [], {}
        for question in page.questions:
            if holds(question.relevant, known):
                questions.append(question)
                if question.code in answers:
                    known[question.code] = found[question.code] = answers[question.code]
        if questions or not page.questions:
            yield Asked(page, tuple(questions)), found


def _before(form: Form, page: Page, answers: Answers) -> dict[str, Any]:
    known: dict[str, Any] = {}
    for _, found in _walk(form, answers, until=page.code):
        known |= found
    return known


def _fault(question: Question, answer: Any, known: Answers) -> Error | None:
    if answer is None:
        return Error("required") if question.required else None
    if question.required and question.kind is Kind.GRID and len(answer) < len(question.rows):
        return Error("rows", {"missing": len(question.rows) - len(answer)})
    return None if holds(question.constraint, known, answer) else Error("constraint")


def _beside(form: Form, page: str, answers: Answers, step: int) -> str | None:
    asked = {found.page.code for found in visible(form, answers)} | {page}
    codes = [candidate.code for candidate in form.pages if candidate.code in asked]
    place = codes.index(page) + step
    return codes[place] if 0 <= place < len(codes) else None


def _asked_for(rule: str) -> set[str]:
    return (
        {found.code for found in expressions.references(expressions.parse(rule))} if rule else set()
    )


def _with_rules(question: Question, known: Answers, free: set[str], here: bool) -> Shown:
    return Shown(
        question,
        rule=_for_browser(question.relevant, known, free) if here else None,
        constraint=_for_browser(question.constraint, known, free),
    )


def _for_browser(rule: str, known: Answers, free: set[str]) -> Any:
    if not rule:
        return None
    return expressions.as_data(expressions.bound(expressions.parse(rule), known, free=free))
