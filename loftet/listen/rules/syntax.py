"""How a rule is written: from text to a small tree, with the place of every error."""

from __future__ import annotations

import re
from dataclasses import dataclass

LONGEST = 1000
DEEPEST = 20  # parentheses, functions and signs inside each other
OPERATIONS_AT_MOST = 100  # besides `and` and `or`

LEVELS = (("or",), ("and",), ("=", "!="), ("<", "<=", ">", ">="), ("+", "-"), ("*", "div", "mod"))
ARGUMENTS = {
    "not": 1,
    "true": 0,
    "false": 0,
    "selected": 2,
    "count-selected": 1,
    "string-length": 1,
    "coalesce": 2,
}
CODE = r"[A-Za-z][A-Za-z0-9_-]{0,39}"
REFERENCE = re.compile(rf"\$\{{({CODE})(?:\.({CODE}))?\}}")
TOKEN = re.compile(
    r"""[ \t\r\n]*(?:
      (?P<number>\d{1,15}(?:\.\d{0,15})?(?![\d.]) | \.\d{1,15}(?![\d.]))
    | (?P<string>'[^']*' | "[^"]*")
    | (?P<reference>\$\{[^{}]*\})
    | (?P<word>[A-Za-z][A-Za-z-]*)
    | (?P<sign><= | >= | != | [=<>()+*,.-])
    | (?P<end>\Z)
    )""",
    re.VERBOSE | re.ASCII,
)


class ExpressionError(ValueError):
    """Why a rule cannot be read, as a word; the place, counted from 1; and what stood there."""

    def __init__(self, code: str, at: int, found: str = "") -> None:
        super().__init__(f"{code} at {at}: {found}")
        self.code = code
        self.at = at
        self.found = found


@dataclass(frozen=True)
class Literal:
    value: str | float


@dataclass(frozen=True)
class Reference:
    """The answer to a question, or to one row of a grid."""

    code: str
    row: str = ""


@dataclass(frozen=True)
class Call:
    """An operation on its arguments; "this" is the answer itself."""

    name: str
    arguments: tuple[Node, ...] = ()


Node = Literal | Reference | Call


@dataclass(frozen=True)
class Token:
    kind: str
    text: str
    at: int


def parsed(rule: str) -> Node:
    if len(rule) > LONGEST:
        raise ExpressionError("long", LONGEST)
    reader = _Reader(_tokens(rule))
    node = reader.joined(0)
    if reader.now.kind != "end":
        raise ExpressionError("left_over", reader.now.at, reader.now.text)
    return node


def _tokens(rule: str) -> list[Token]:
    tokens: list[Token] = []
    place = 0
    while not tokens or tokens[-1].kind != "end":
        found = TOKEN.match(rule, place)
        if found is None or found.lastgroup is None:
            raise _unreadable(rule, place)
        text = found[found.lastgroup]
        tokens.append(Token(found.lastgroup, text, found.start(found.lastgroup) + 1))
        place = found.end()
    return tokens


def _unreadable(rule: str, place: int) -> ExpressionError:
    rest = rule[place:].lstrip(" \t\r\n")
    at = len(rule) - len(rest) + 1
    if rest[0] in "'\"":
        return ExpressionError("open_string", at, rest[0])
    if rest[0].isdigit() or rest[0] == ".":
        return ExpressionError("number", at, rest[:20])
    return ExpressionError("sign", at, rest[0])


class _Reader:
    """Reads tokens from left to right; each method takes what it is named for."""

    def __init__(self, tokens: list[Token]) -> None:
        self.tokens = tokens
        self.place = 0
        self.depth = 0
        self.operations = 0

    @property
    def now(self) -> Token:
        return self.tokens[self.place]

    def taken(self) -> Token:
        token = self.now
        self.place += token.kind != "end"
        return token

    def joined(self, level: int) -> Node:
        """Parts with the operators of this level between them; later levels bind harder."""
        if level == len(LEVELS):
            return self.signed()
        left = self.joined(level + 1)
        while self.now.kind in {"word", "sign"} and self.now.text in LEVELS[level]:
            operator = self.taken()
            left = self._operation(operator, left, self.joined(level + 1))
        return left

    def signed(self) -> Node:
        if self.now.text != "-" or self.now.kind != "sign":
            return self.part()
        self._go_deeper(self.taken())
        node = Call("negative", (self.signed(),))
        self.depth -= 1
        return node

    def part(self) -> Node:
        token = self.taken()
        if token.kind == "number":
            return Literal(float(token.text))
        if token.kind == "string":
            return Literal(token.text[1:-1])
        if token.kind == "reference":
            return _reference(token)
        if token.kind == "word":
            return self._function(token)
        if token.text == ".":
            return Call("this")
        if token.text == "(":
            return self._inside(token)
        raise ExpressionError("value_wanted", token.at, token.text)

    def _operation(self, operator: Token, left: Node, right: Node) -> Call:
        """`a or b or c` is one operation with three arguments, however long it grows."""
        name = operator.text
        if name in {"and", "or"} and isinstance(left, Call) and left.name == name:
            return Call(name, (*left.arguments, right))
        self.operations += 1
        if self.operations > OPERATIONS_AT_MOST:
            raise ExpressionError("long", operator.at, name)
        return Call(name, (left, right))

    def _inside(self, opening: Token) -> Node:
        self._go_deeper(opening)
        node = self.joined(0)
        self._expect(")")
        self.depth -= 1
        return node

    def _function(self, name: Token) -> Call:
        if name.text not in ARGUMENTS:
            raise ExpressionError("function", name.at, name.text)
        self._go_deeper(name)
        self._expect("(")
        arguments: list[Node] = []
        while self.now.text != ")" or self.now.kind != "sign":
            if arguments:
                self._expect(",")
            arguments.append(self.joined(0))
        self._expect(")")
        self.depth -= 1
        if len(arguments) != ARGUMENTS[name.text]:
            raise ExpressionError("arguments", name.at, name.text)
        return Call(name.text, tuple(arguments))

    def _expect(self, sign: str) -> None:
        token = self.taken()
        if token.text != sign or token.kind != "sign":
            raise ExpressionError("sign_wanted", token.at, sign)

    def _go_deeper(self, token: Token) -> None:
        self.depth += 1
        if self.depth > DEEPEST:
            raise ExpressionError("deep", token.at, token.text)


def _reference(token: Token) -> Reference:
    found = REFERENCE.fullmatch(token.text)
    if found is None:
        raise ExpressionError("reference", token.at, token.text)
    return Reference(found[1], found[2] or "")
