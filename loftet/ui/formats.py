"""Numbers, dates and periods in Swedish and English: one writing for page, PDF and open data."""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

from django.utils.timezone import is_aware, localtime
from django.utils.translation import get_language

NBSP = "\N{NO-BREAK SPACE}"
MINUS = "\N{MINUS SIGN}"
DASH = "\N{EN DASH}"
Number = Decimal | float | int
One = Literal["en", "ett"]  # the Swedish word for 1, by the gender of what is counted


@dataclass(frozen=True, slots=True)
class Language:
    point: str
    thousands: str
    spaced_from: int
    percent: str
    last: str
    until: str
    numbers: tuple[str, ...]
    months: tuple[str, ...]


SWEDISH = Language(
    point=",",
    thousands=NBSP,
    spaced_from=10_000,
    percent=f"{NBSP}%",
    last="och",
    until="till",
    numbers=(
        "noll", "en", "två", "tre", "fyra", "fem", "sex",
        "sju", "åtta", "nio", "tio", "elva", "tolv",
    ),
    months=(
        "januari", "februari", "mars", "april", "maj", "juni",
        "juli", "augusti", "september", "oktober", "november", "december",
    ),
)  # fmt: skip
ENGLISH = Language(
    point=".",
    thousands=",",
    spaced_from=1_000,
    percent="%",
    last="and",
    until="to",
    numbers=(
        "zero", "one", "two", "three", "four", "five", "six",
        "seven", "eight", "nine", "ten", "eleven", "twelve",
    ),
    months=(
        "January", "February", "March", "April", "May", "June",
        "July", "August", "September", "October", "November", "December",
    ),
)  # fmt: skip


def _language() -> Language:
    return ENGLISH if (get_language() or "sv").startswith("en") else SWEDISH


# --- Numbers ------------------------------------------------------------------------------------


def number(value: Number, decimals: int | None = None) -> str:
    """Round half up to so many decimals; without them, show the value as it is, no zeros added."""
    exact = Decimal(value) if isinstance(value, int | Decimal) else Decimal(f"{value:.12g}")
    if exact.is_nan():
        raise ValueError("value is not a number; say in words that it is missing")
    if exact.is_infinite():
        return "∞" if exact > 0 else f"{MINUS}∞"
    return _written(exact, decimals)


def _written(exact: Decimal, decimals: int | None) -> str:
    language = _language()
    if decimals is not None:
        exact = exact.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    whole, _, fraction = f"{abs(exact):f}".partition(".")
    if decimals is None:
        fraction = fraction.rstrip("0")
    if int(whole) >= language.spaced_from:
        whole = f"{int(whole):,}".replace(",", language.thousands)
    sign = MINUS if exact < 0 else ""
    return sign + whole + (language.point + fraction if fraction else "")


def plain(value: Number) -> str:
    """Write a number for a form field, with what a keyboard has and nothing between thousands."""
    return number(value).replace(_language().thousands, "").replace(MINUS, "-")


def percent(value: Number, decimals: int | None = None) -> str:
    """Write a value that is already in per cent: 16.2 becomes 16.2%."""
    return number(value, decimals) + _language().percent


def share(value: float, decimals: int | None = 0) -> str:
    """Write a fraction in per cent: 0.162 becomes 16%."""
    return percent(value * 100, decimals)


def interval(low: Number, high: Number, decimals: int | None = None) -> str:
    """From low to high; with a word instead of a dash where a dash would stand by a minus sign."""
    ends = number(low, decimals), number(high, decimals)
    joint = f" {_language().until} " if any(MINUS in end for end in ends) else DASH
    return joint.join(ends)


def count_word(count: int, *, one: One = "en") -> str:
    """Write a number of things as a word up to twelve; `one` is the Swedish form of 1."""
    language = _language()
    if not 0 <= count < len(language.numbers):
        return number(count)
    return one if count == 1 and language is SWEDISH else language.numbers[count]


def list_words(items: Sequence[str]) -> str:
    *first, last = items or [""]
    return f"{', '.join(first)} {_language().last} {last}" if first else last


# --- Dates --------------------------------------------------------------------------------------


def date_long(day: date) -> str:
    day = _local(day)
    return f"{day.day} {_language().months[day.month - 1]} {day.year}"


def month(day: date) -> str:
    day = _local(day)
    return f"{_language().months[day.month - 1]} {day.year}"


def date_short(day: date) -> str:
    return _local(day).isoformat()


def period(starts: date, ends: date) -> str:
    """From the first day to the last, as whole years, whole months or two dates."""
    starts, ends = _local(starts), _local(ends)
    if ends < starts:
        raise ValueError(f"ends ({ends}) must not come before starts ({starts})")
    if starts == ends:
        return date_long(starts)
    if not _whole_months(starts, ends):
        return f"{date_long(starts)} {_language().until} {date_long(ends)}"
    if starts.month == 1 and ends.month == 12:
        return _span(str(starts.year), str(ends.year))
    return _months(starts, ends)


def _whole_months(starts: date, ends: date) -> bool:
    return starts.day == 1 and ends.day == monthrange(ends.year, ends.month)[1]


def _months(starts: date, ends: date) -> str:
    months = _language().months
    first, last = months[starts.month - 1], months[ends.month - 1]
    if starts.year == ends.year:
        return f"{_span(first, last)} {starts.year}"
    return f"{first} {starts.year}{DASH}{last} {ends.year}"


def _span(first: str, last: str) -> str:
    return first if first == last else f"{first}{DASH}{last}"


def _local(day: date) -> date:
    """Give the day that people here call it, also for a point in time."""
    if isinstance(day, datetime):
        return (localtime(day) if is_aware(day) else day).date()
    return day
