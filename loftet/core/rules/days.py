"""Working days by the Swedish calendar, and the day that a clock runs out.

Free days are Saturdays, Sundays, public holidays and Midsummer Eve, Christmas Eve and New Year's
Eve: the same list that the act on calculating statutory time (1930:173, 2 §) uses to move a last
day forward. Half days, such as Maundy Thursday, are working days.
"""

from calendar import monthrange
from datetime import date, timedelta
from enum import StrEnum
from functools import cache

import holidays

DAY = timedelta(days=1)
SATURDAY = 5


class Unit(StrEnum):
    DAYS = "days"
    WORKING_DAYS = "working_days"
    WEEKS = "weeks"
    MONTHS = "months"
    YEARS = "years"


def is_working_day(day: date) -> bool:
    return day.weekday() < SATURDAY and day not in _free_days(day.year)


def working_day_from(day: date) -> date:
    """The day itself, or the first working day after it."""
    while not is_working_day(day):
        day += DAY
    return day


def add_working_days(start: date, count: int) -> date:
    """The last day of so many working days; the day that the clock starts is not counted."""
    if count < 0:
        raise ValueError("count must not be negative")
    day = start
    while count:
        day += DAY
        count -= is_working_day(day)
    return working_day_from(day)


def working_days_between(start: date, end: date) -> int:
    """How many working days have passed at the end of `end`, when `start` is not counted."""
    days = (end - start).days
    return sum(is_working_day(start + DAY * number) for number in range(1, days + 1))


def add_months(start: date, count: int) -> date:
    """The day with the same number, or the last of a shorter month (1930:173, 1 §)."""
    year, month = divmod(start.year * 12 + start.month - 1 + count, 12)
    return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))


def due(start: date, amount: int, unit: Unit) -> date:
    """When so much time from `start` runs out; never on a free day."""
    if unit is Unit.WORKING_DAYS:
        return add_working_days(start, amount)
    if unit is Unit.MONTHS:
        return working_day_from(add_months(start, amount))
    if unit is Unit.YEARS:
        return working_day_from(add_months(start, amount * 12))
    return working_day_from(start + timedelta(days=amount * (7 if unit is Unit.WEEKS else 1)))


def next_on(start: date, month: int, day: int) -> date:
    """The first such day of a year that does not come before `start`; never a free day."""
    this_year = date(start.year, month, day)
    return working_day_from(this_year if this_year >= start else date(start.year + 1, month, day))


@cache
def _free_days(year: int) -> frozenset[date]:
    calendar = holidays.country_holidays(
        "SE", years=year, categories=(holidays.PUBLIC, holidays.DE_FACTO)
    )
    return frozenset(calendar)
