"""Personal data taken out of what people wrote: something can be hidden, nothing put in or changed.

Numbers and addresses are found by their form. Names and whatever else points at somebody take a
person who reads, and who only ever says which words to hide.
"""

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

FOUND = {
    "personal_number": "[personnummer]",
    "phone": "[telefonnummer]",
    "email": "[e-postadress]",
    "plate": "[registreringsnummer]",
}
BY_HAND = {"name": "[namn]", "address": "[adress]", "other": "[borttaget]"}
MASKS = (*FOUND.values(), *BY_HAND.values())
PIECE = re.compile("|".join(map(re.escape, MASKS)) + r"|\w+(?:[-’']\w+)*")


@dataclass(frozen=True)
class Piece:
    """A word with its number, or what stands between words; a mask is no word any more."""

    text: str
    number: int | None = None


def masked(text: str, found: Iterable[tuple[int, int, str]]) -> str:
    """With a mask for each place that was found: where it begins and ends, and what it is."""
    parts, upto = [], 0
    for start, end, kind in sorted(found):
        parts += [text[upto:start], FOUND[kind]]
        upto = end
    return "".join([*parts, text[upto:]])


def pieces(text: str) -> list[Piece]:
    return list(_pieces(text))


def _pieces(text: str) -> Iterator[Piece]:
    number, upto = 0, 0
    for match in PIECE.finditer(text):
        if match.start() > upto:
            yield Piece(text[upto : match.start()])
        if match[0] in MASKS:
            yield Piece(match[0])
        else:
            yield Piece(match[0], number)
            number += 1
        upto = match.end()
    if upto < len(text):
        yield Piece(text[upto:])


def hidden(text: str, words: Collection[int], mask: str) -> str:
    """Without these words; those that stand together become one mask."""
    parts: list[str] = []
    between = ""
    for piece in pieces(text):
        if piece.number is None and piece.text not in MASKS:
            between += piece.text
        elif piece.number in words:
            joined = parts and parts[-1] == mask and not between.strip()
            parts += [] if joined else [between, mask]
            between = ""
        else:
            parts += [between, piece.text]
            between = ""
    return "".join([*parts, between])
