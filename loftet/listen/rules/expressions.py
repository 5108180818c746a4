"""Rules inside a questionnaire, in the part of XLSForm's language that we understand.

A rule says when a question is asked (`relevant`) or which answers are refused (`constraint`):

    selected(${exposed}, 'theft') and ${years} >= 2

`${code}` is the answer to an earlier question, `${grid.row}` to one row of a grid, and `.` the
answer itself. Every answer is a text, as in XPath: an unanswered question is '', several choices
stand with spaces between them. Whoever writes a rule may not be one of us: its length, its depth
and the number of its operations have limits.
"""

import math
import re
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any

from loftet.listen.rules.syntax import Call, ExpressionError, Literal, Node, Reference, parsed

__all__ = ["Call", "ExpressionError", "Literal", "Node", "Reference", "as_data", "bound",
           "evaluate", "holds", "parse", "references", "text", "uses_itself"]  # fmt: skip

Answers = Mapping[str, Any]
Value = str | float | bool

NUMBER = re.compile(r"[ \t\r\n]*(-?(?:\d+(?:\.\d*)?|\.\d+))[ \t\r\n]*", re.ASCII)


@lru_cache(maxsize=4096)
def parse(rule: str) -> Node:
    """The rule as a tree; `ExpressionError` says what is wrong with it, and where."""
    return parsed(rule)


def holds(rule: str, answers: Answers, own: Any = "") -> bool:
    """Whether the rule is true of these answers; a rule that is not there always is."""
    return not rule or boolean(evaluate(parse(rule), answers, own))


def evaluate(node: Node, answers: Answers, own: Any = "") -> Value:
    if isinstance(node, Literal):
        return node.value
    if isinstance(node, Reference):
        return _answer(node, answers)
    if node.name == "this":
        return text(own)
    values = [evaluate(argument, answers, own) for argument in node.arguments]
    return OPERATIONS[node.name](*values)


def references(node: Node) -> Iterator[Reference]:
    """Every answer that the rule asks for, in the order of the text."""
    if isinstance(node, Reference):
        yield node
    elif isinstance(node, Call):
        for argument in node.arguments:
            yield from references(argument)


def uses_itself(node: Node) -> bool:
    return isinstance(node, Call) and (
        node.name == "this" or any(uses_itself(argument) for argument in node.arguments)
    )


def bound(node: Node, answers: Answers, *, free: set[str]) -> Node:
    """The rule with every answer filled in but those to the questions in `free`."""
    if isinstance(node, Reference) and node.code not in free:
        return Literal(_answer(node, answers))
    if isinstance(node, Call):
        filled = tuple(bound(argument, answers, free=free) for argument in node.arguments)
        return Call(node.name, filled)
    return node


def as_data(node: Node) -> Any:
    """As lists for JSON; `expressions.js` evaluates them in the browser, to the same answer."""
    if isinstance(node, Literal):
        return node.value
    if isinstance(node, Reference):
        return ["answer", node.code, node.row] if node.row else ["answer", node.code]
    return [node.name, *(as_data(argument) for argument in node.arguments)]


def _answer(reference: Reference, answers: Answers) -> str:
    answer = answers.get(reference.code, "")
    if reference.row:
        return text(answer.get(reference.row, "") if isinstance(answer, Mapping) else "")
    return text(answer)


# --- Values, as XPath turns one kind into another -----------------------------------------------


def text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return _numeral(float(value))
    if isinstance(value, Mapping):
        return " ".join(text(part) for part in value.values())
    return value if isinstance(value, str) else " ".join(text(part) for part in value)


def number(value: Value) -> float:
    if isinstance(value, str):
        found = NUMBER.fullmatch(value)
        return float(found[1]) if found else math.nan
    return float(value)


def boolean(value: Value) -> bool:
    return not math.isnan(value) and value != 0 if isinstance(value, float) else bool(value)


def _numeral(value: float) -> str:
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    return str(int(value)) if value.is_integer() else format(Decimal(repr(value)), "f")


def _equal(left: Value, right: Value) -> bool:
    kinds = {type(left), type(right)}
    if bool in kinds:
        return boolean(left) == boolean(right)
    return number(left) == number(right) if float in kinds else left == right


def _divide(left: Value, right: Value) -> float:
    above, below = number(left), number(right)
    if below != 0:
        return above / below
    if above == 0 or math.isnan(above):
        return math.nan
    return math.copysign(math.inf, above) * math.copysign(1, below)


def _remainder(left: Value, right: Value) -> float:
    above, below = number(left), number(right)
    return math.nan if below == 0 or math.isinf(above) else math.fmod(above, below)


def _words(value: Value) -> list[str]:
    return [word for word in text(value).split(" ") if word]


OPERATIONS: dict[str, Callable[..., Value]] = {
    "or": lambda *values: any(boolean(value) for value in values),
    "and": lambda *values: all(boolean(value) for value in values),
    "=": _equal,
    "!=": lambda left, right: not _equal(left, right),
    "<": lambda left, right: number(left) < number(right),
    "<=": lambda left, right: number(left) <= number(right),
    ">": lambda left, right: number(left) > number(right),
    ">=": lambda left, right: number(left) >= number(right),
    "+": lambda left, right: number(left) + number(right),
    "-": lambda left, right: number(left) - number(right),
    "*": lambda left, right: number(left) * number(right),
    "div": _divide,
    "mod": _remainder,
    "negative": lambda value: -number(value),
    "not": lambda value: not boolean(value),
    "true": lambda: True,
    "false": lambda: False,
    "selected": lambda several, one: text(one) in _words(several),
    "count-selected": lambda several: float(len(_words(several))),
    "string-length": lambda value: float(len(text(value))),
    "coalesce": lambda first, second: text(first) or text(second),
}
