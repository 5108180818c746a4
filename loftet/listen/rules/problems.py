"""What can be wrong with a questionnaire, and where; the words for it are made elsewhere."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Grade(StrEnum):
    WRONG = "wrong"  # cannot be stored
    UNFINISHED = "unfinished"  # can be stored, but not be taken into the field
    ADVICE = "advice"  # works, and could be better


@dataclass(frozen=True)
class Where:
    """A place in the document; pages and questions are counted from 0, a field is named as there.

    `field` may go on inside: "choices.2.label.en".
    """

    page: int | None = None
    question: int | None = None
    field: str = ""

    def at(self, name: str | int) -> "Where":
        inside = f"{self.field}.{name}" if self.field else str(name)
        return Where(self.page, self.question, inside)


@dataclass(frozen=True)
class Problem:
    where: Where
    code: str
    args: Mapping[str, str | int | float] = field(default_factory=dict)
    grade: Grade = Grade.WRONG


def stops(problems: list[Problem]) -> list[Problem]:
    """Those that keep the document from being stored."""
    return [problem for problem in problems if problem.grade is Grade.WRONG]


def unready(problems: list[Problem]) -> list[Problem]:
    """Those that keep the questionnaire from the field."""
    return [problem for problem in problems if problem.grade is not Grade.ADVICE]
