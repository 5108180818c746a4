"""What a questionnaire asks, taken apart: one item for each thing that has a share of its own."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from loftet.listen.rules.form import Choice, Form, Kind, Question

LISTS = {Kind.SEVERAL, Kind.PRIORITIES}
CHOSEN = {Kind.SINGLE, Kind.SCALE}


@dataclass(frozen=True)
class Item:
    """One answer out of several, or yes or no to one of many."""

    question: Question
    row: Choice | None = None  # of a grid
    choice: Choice | None = None  # of a list: was it marked?

    @property
    def code(self) -> str:
        part = self.row or self.choice
        return self.question.code if part is None else f"{self.question.code}.{part.code}"

    @cached_property
    def levels(self) -> tuple[str, ...]:
        if self.choice is not None:
            return ("yes", "no")
        return tuple(choice.code for choice in self.question.choices)

    def value(self, content: Mapping[str, Any]) -> str | None:
        """What somebody answered; None is no answer."""
        given = content.get(self.question.code)
        if given is None:
            return None
        if self.choice is not None:
            return "yes" if self.choice.code in given else "no"
        value = given.get(self.row.code) if self.row is not None else given
        return value if value in self.levels else None


def items(form: Form) -> Iterator[Item]:
    for question in form.questions:
        yield from of(question)


def of(question: Question) -> Iterator[Item]:
    if question.kind in CHOSEN:
        yield Item(question)
    elif question.kind is Kind.GRID:
        yield from (Item(question, row=row) for row in question.rows)
    elif question.kind in LISTS:
        yield from (Item(question, choice=choice) for choice in question.choices)
