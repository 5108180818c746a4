"""Means of numbers and of points on a scale."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from loftet.listen.rules.form import Kind, Question
from loftet.listen.rules.results.sample import Floats, Rows
from loftet.listen.rules.results.small import HIDDEN, Counted, Shown

Figure = dict[str, Any]
DIGITS = 2


def has_mean(question: Question) -> bool:
    """Numbers, and scales whose points are numbers."""
    if question.kind is Kind.SCALE:
        return all(_number(choice.code) is not None for choice in question.choices)
    return question.kind is Kind.NUMBER


def table(rows: Rows, question: Question) -> list[Figure]:
    given = [_number(answer.content.get(question.code)) for answer in rows.given.answers]
    values = np.array([math.nan if value is None else value for value in given], dtype=float)
    present = np.flatnonzero(~np.isnan(values))
    bases = np.bincount(rows.area_of[: rows.answered][present], minlength=len(rows.areas) + 1)
    counted = Counted(rows.areas, (), bases[:, None])
    shown = Shown(counted, rows.given.limits, question.code)
    figures = [_figure(rows, values, None, shown)]
    return figures + [_figure(rows, values, area, shown) for area in rows.areas]


def _figure(rows: Rows, values: Floats, area: str | None, shown: Shown) -> Figure:
    if not shown.area(area):
        return {"area": area, "n": None, "why": HIDDEN}
    if area is not None:
        inside = rows.area_of[: rows.answered] == rows.areas.index(area)
        values = np.where(inside, values, np.nan)
    n = shown.counted.n(area)
    if not rows.given.allowed.intervals:
        return {"area": area, "n": n, "mean": round(float(np.nanmean(values)), DIGITS)}
    found = rows.design.mean(rows.column(values), missing="omit")
    low, high = found.interval
    return {
        "area": area,
        "n": n,
        "mean": _told(found.value),
        "low": _told(low),
        "high": _told(high),
    }


def _told(value: float) -> float | None:
    return None if math.isnan(value) else round(value, DIGITS)


def _number(value: object) -> float | None:
    try:
        return float(str(value))
    except ValueError:
        return None
