"""From the text of one cell to its value and back; what cannot be read says how to write it."""

import difflib
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

Value = str | Decimal | int | date | tuple[str, ...] | None

DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?")
WITH_COMMA = re.compile(r"(-?[0-9]+),([0-9]+)")
SLUG = re.compile(r"[-a-zA-Z0-9_]+")
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]")
BETWEEN = "|"  # of several codes in one cell


class Wrong(ValueError):  # noqa: N818 - it is said of a value, not of the program
    """A cell that cannot be read, and what to write instead."""

    def __init__(self, what: str, remedy: str) -> None:
        super().__init__(what)
        self.what, self.remedy = what, remedy


@dataclass(frozen=True)
class Form:
    """How a cell is read, and whether it holds people's own words."""

    read: Callable[[str], Value]
    free: bool = False
    several: bool = False
    empty: Value = None

    @property
    def is_text(self) -> bool:
        return self.empty is not None


def words(limit: int | None = None) -> Form:
    return Form(lambda text: _at_most(limit, text), free=True, empty="")


def label(limit: int) -> Form:
    """Read a short text that is not prose, such as a registry number, or a name in office."""
    return Form(lambda text: _at_most(limit, text), empty="")


def _at_most(limit: int | None, text: str) -> str:
    if limit is not None and len(text) > limit:
        raise Wrong(
            _("The text has %(length)d characters.") % {"length": len(text)},
            _("Shorten it to at most %(limit)d.") % {"limit": limit},
        )
    return text


def slug(limit: int) -> Form:
    def read(text: str) -> str:
        if not SLUG.fullmatch(text):
            raise Wrong(
                _("“%(text)s” cannot be a code.") % {"text": text[:60]},
                _("Use the letters a to z, digits, hyphen and underscore, such as T20-1."),
            )
        return _at_most(limit, text)

    return Form(read, empty="")


def choice(allowed: Iterable[str]) -> Form:
    known = [word for word in allowed if word]

    def read(text: str) -> str:
        if text not in known:
            raise Wrong(
                _("“%(text)s” is not one of the words used here.") % {"text": text[:60]},
                _("Write one of: %(known)s.") % {"known": ", ".join(known)},
            )
        return text

    return Form(read, empty="")


def _day(text: str) -> date:
    try:
        if DATE.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise Wrong(
        _("“%(text)s” is not a date.") % {"text": text[:60]},
        _("Write year, month and day, such as 2020-12-31."),
    )


def number(whole: int, places: int) -> Form:
    def read(text: str) -> Decimal:
        _refuse_odd_number(text)
        before, _point, after = text.lstrip("-").partition(".")
        if len(before) > whole or len(after) > places:
            raise Wrong(
                _("“%(text)s” has too many digits.") % {"text": text[:60]},
                _("Use at most %(whole)d digits before the point and %(places)d after it.")
                % {"whole": whole, "places": places},
            )
        return Decimal(text) + 0  # minus nought is nought

    return Form(read)


def whole(digits: int) -> Form:
    def read(text: str) -> int:
        _refuse_odd_number(text)
        if not text.isdecimal() or len(text) > digits:
            raise Wrong(
                _("“%(text)s” is not a whole number, zero or more.") % {"text": text[:60]},
                _("Write it with digits alone, such as 185."),
            )
        return int(text)

    return Form(read)


def _refuse_odd_number(text: str) -> None:
    if found := WITH_COMMA.fullmatch(text):
        raise Wrong(
            _("“%(text)s” has a comma.") % {"text": text[:60]},
            _("Write a point: %(number)s.") % {"number": f"{found[1]}.{found[2]}"},
        )
    if not NUMBER.fullmatch(text):
        raise Wrong(
            _("“%(text)s” is not a number.") % {"text": text[:60]},
            _("Write digits alone, without spaces or unit, such as 200 or 16.2."),
        )


DAY = Form(_day)
CODES = Form(
    lambda text: tuple(code for part in text.split(BETWEEN) if (code := part.strip())),
    several=True,
    empty=(),
)


def written(value: Value) -> str:
    """Write a value as one cell, the only way that this program writes it."""
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return f"{value.normalize() + 0:f}"
    if isinstance(value, tuple):
        return BETWEEN.join(value)
    return value.isoformat() if isinstance(value, date) else str(value)


def nearest(word: str, known: Iterable[str]) -> str:
    """Ask whether the nearest known word was meant, or list what there is to choose from."""
    known = list(known)
    close = difflib.get_close_matches(word[:60], known, n=1)
    if close:
        return _("Did you mean %(word)s?") % {"word": close[0]}
    return _("Known here: %(known)s.") % {"known": ", ".join(known[:30])} if known else ""
