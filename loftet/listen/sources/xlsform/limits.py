"""Limits of ours as the constraint that other programs understand.

XLSForm has one column for everything an answer must fulfil. What we have as fields of their own
(`most`, `lowest`, `highest`, `longest`) is written there too, and again in columns that begin with
`loftet::`, so that it can be read back as what it was.
"""

from collections.abc import Iterator

from loftet.listen.rules import expressions
from loftet.listen.rules.form import Kind, Question

FIELDS = ("most", "lowest", "highest", "longest")


def has_limits(question: Question) -> bool:
    return any(getattr(question, name) is not None for name in FIELDS)


def constraint(question: Question) -> str:
    """The question's own rule and its limits as one rule."""
    limits = list(_limits(question))
    own = question.constraint
    if own and limits:
        own = f"({own})"
    return " and ".join([own, *limits] if own else limits)


def _limits(question: Question) -> Iterator[str]:
    if question.kind is Kind.PLACE:
        return
    if question.most is not None:
        yield f"count-selected(.) <= {question.most}"
    if question.lowest is not None:
        yield f". >= {expressions.text(question.lowest)}"
    if question.highest is not None:
        yield f". <= {expressions.text(question.highest)}"
    if question.longest is not None:
        yield f"string-length(.) <= {question.longest}"
