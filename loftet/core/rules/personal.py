"""Personal data in free text: numbers, addresses and plates that point at one person.

Names are not looked for. What is found is certain by its form (a personal number's check digit, a
plate's letters); a year, an amount, a date or a registry number is not.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Kind(StrEnum):
    PERSONAL_NUMBER = "personal_number"
    PHONE = "phone"
    EMAIL = "email"
    PLATE = "plate"


@dataclass(frozen=True)
class Span:
    """Where in the text something personal stands."""

    kind: Kind
    start: int
    end: int


PERSONAL_NUMBER = re.compile(
    r"(?<![\d/])(?P<century>18|19|20)?(?P<date>\d{6})"
    r"(?P<sign> ?[-–+] ?| )?(?P<last>\d{4}|[xX*]{4})(?![\w/]|-\d)"
)
PHONE = re.compile(
    r"""(?<![\d/.,–-])(?:
        (?:\+|00)46[ -]?(?:\(0\)[ -]?)?\d{1,3}(?:[ -]?\d){5,8}      # +46 70 123 45 67
        | 07[02369](?:[ -]?\d){7}                                    # 070-123 45 67, 0701234567
        | 0[1-9]\d{0,2}[ ]?[-–/][ ]?\d{2,3}(?:[ ]?\d{2,3}){1,3}      # 0520-49 50 00
        | 0[1-9]\d{0,2}[ ]\d{2,3}(?:[ ]\d{2,3}){1,3}                 # 0520 49 50 00
        | 0[1-9]\d{7,8}                                              # 0520495000
    )(?![\d/]|[-–]\d)""",
    re.VERBOSE,
)
EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
# I, Q and V are never used, nor O as the last letter of a plate.
PLATE = re.compile(
    r"(?<![\w/-])(?P<letters>[A-HJ-PR-UW-Z]{3}|[a-hj-pr-uw-z]{3})(?P<gap> ?)"
    r"\d{2}[0-9A-HJ-NPR-UW-Za-hj-npr-uw-z](?![\w:/-]| ?000)"
)
NOT_ON_PLATES = {
    "sek", "eur", "usd", "nok", "dkk", "gbp",  # money
    "est", "ntu", "scb", "lpo", "kso", "ksn", "stn",  # words of the trade
    "sou", "sfs", "osl", "lul", "dnr", "kap",  # law and registry
}  # fmt: skip


def spans(text: str) -> list[Span]:
    """Everything found, in the order of the text; what two rules found counts once."""
    found: list[Span] = []
    for kind, find in FINDERS.items():
        found += [
            Span(kind, *place) for place in find(text) if not any(_overlap(place, s) for s in found)
        ]
    return sorted(found, key=lambda span: span.start)


def luhn(digits: str) -> bool:
    """Whether the last digit is the check digit of the others."""
    doubled = [int(digit) * (2 - place % 2) for place, digit in enumerate(digits)]
    return sum(number // 10 + number % 10 for number in doubled) % 10 == 0


def _personal_numbers(text: str) -> Iterator[tuple[int, int]]:
    for match in PERSONAL_NUMBER.finditer(text):
        if _is_personal_number(match):
            yield match.span()


def _is_personal_number(match: re.Match[str]) -> bool:
    if not _is_birth_date(match["century"], match["date"]):
        return False
    if match["last"].isdigit():
        return luhn(match["date"] + match["last"])
    return match["sign"] is not None


def _is_birth_date(century: str | None, six: str) -> bool:
    """A day above 60 is that of a coordination number, given to those without a personal number."""
    year, month, day = int((century or "20") + six[:2]), int(six[2:4]), int(six[4:])
    try:
        date(year, month, day - 60 if day > 60 else day)
    except ValueError:
        return False
    return True


def _plates(text: str) -> Iterator[tuple[int, int]]:
    for match in PLATE.finditer(text):
        letters = match["letters"]
        if letters.lower() not in NOT_ON_PLATES and (letters.isupper() or not match["gap"]):
            yield match.span()


def _matches(pattern: re.Pattern[str]) -> Callable[[str], Iterator[tuple[int, int]]]:
    return lambda text: (match.span() for match in pattern.finditer(text))


def _overlap(place: tuple[int, int], span: Span) -> bool:
    return place[0] < span.end and span.start < place[1]


FINDERS: dict[Kind, Callable[[str], Iterator[tuple[int, int]]]] = {
    Kind.EMAIL: _matches(EMAIL),
    Kind.PERSONAL_NUMBER: _personal_numbers,
    Kind.PHONE: _matches(PHONE),
    Kind.PLATE: _plates,
}
