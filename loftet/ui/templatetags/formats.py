from datetime import date
from typing import Any

from django import template

from loftet.ui import formats

register = template.Library()


@register.filter
def figure(value: Any) -> str:
    return "" if value is None or value == "" else formats.number(value)


@register.filter
def day(value: date | str | None) -> str:
    """A day in words, also when an edition keeps it as text."""
    if not value:
        return ""
    return formats.date_long(date.fromisoformat(value) if isinstance(value, str) else value)


@register.filter
def period(starts: date, ends: date) -> str:
    return formats.period(starts, ends)
