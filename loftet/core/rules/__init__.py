"""Decisions on plain values: days and deadlines, the year wheel, kinds of files, personal data."""

from loftet.core.rules.days import (
    Unit,
    add_working_days,
    due,
    is_working_day,
    next_on,
    working_day_from,
    working_days_between,
)
from loftet.core.rules.wheel import YEAR, Step, first_year_ends, step_of_year

__all__ = [
    "YEAR",
    "Step",
    "Unit",
    "add_working_days",
    "due",
    "first_year_ends",
    "is_working_day",
    "next_on",
    "step_of_year",
    "working_day_from",
    "working_days_between",
]
