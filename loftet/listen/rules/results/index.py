"""The problem index 0-6 by the classes of the policy, where every figure behind it is shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from loftet.listen.rules.results.given import Classes
from loftet.listen.rules.results.sample import Floats, Rows
from loftet.listen.rules.results.shares import Told, rounded

DIGITS = 2
DRAWS = 2000
Told_ = Mapping[str, Told]


def index(rows: Rows, told: Told_) -> dict[str, Any] | None:
    """None where the design gives no shares to say it of, or nothing asked has classes."""
    groups = {
        classes.group: (classes, items)
        for classes in rows.given.classes
        if (items := [code for code, one in told.items() if classes.scores(one.item)])
    }
    if not rows.given.allowed.intervals or not groups:
        return None
    areas: Sequence[str | None] = [None, *rows.areas]
    return {
        "version": rows.given.version,
        "limits": {name: list(classes.limits) for name, (classes, _items) in groups.items()},
        "groups": {name: items for name, (_classes, items) in groups.items()},
        "areas": [
            {"area": area} | found
            for area in areas
            if (found := _area(rows, told, groups, area)) is not None
        ],
    }


def _area(
    rows: Rows, told: Told_, groups: Mapping[str, tuple[Classes, list[str]]], area: str | None
) -> dict[str, Any] | None:
    from loftet.analysis.survey import ClassLimits, problem_index  # noqa: PLC0415 - SciPy

    shown = {
        name: [code for code in items if _complete(told[code], classes, area)]
        for name, (classes, items) in groups.items()
    }
    limits = {code: groups[name][0].limits for name, items in shown.items() for code in items}
    if not limits:
        return None
    columns = {
        code: _seen(rows, told[code], groups[name][0], area)
        for name, items in shown.items()
        for code in items
    }
    whole = {name: tuple(items) for name, items in shown.items() if items == groups[name][1]}
    found = problem_index(
        rows.design.shares(columns, missing="omit"),
        ClassLimits(rows.given.version, limits, whole),
        rng=np.random.default_rng(rows.given.seed),
        draws=DRAWS,
    )
    least = rows.given.limits.whole
    return {
        "points": {
            code: {
                "point": point.point,
                "share": rounded(point.share, point.n, least),
                "n": point.n,
                "low": point.interval[0],
                "high": point.interval[1],
                "to_next": _step(point.to_next, point.n, least),
                "to_previous": _step(point.to_previous, point.n, least),
            }
            for code, point in found.points.items()
        },
        "groups": {name: _mean(mean) for name, mean in found.groups.items()},
        "total": _mean(found.total) if len(whole) == len(groups) else None,
    }


def _complete(told: Told, classes: Classes, area: str | None) -> bool:
    """Whether those who see a problem, and those without an opinion, may be told in sum."""
    out = [level for level in told.item.levels if level in classes.leaves_out]
    asked = told.counted.n(area) - sum(told.counted.of(area, level) for level in out)
    parts = [part for part in told.shown.parts if set(part) <= classes.sees | classes.leaves_out]
    shown = all(told.shown.part(area, part) for part in parts)
    return shown and asked >= told.shown.limits.group


def _seen(rows: Rows, told: Told, classes: Classes, area: str | None) -> Floats:
    levels = told.item.levels
    sees = [at for at, level in enumerate(levels) if level in classes.sees]
    out = [-1, *(at for at, level in enumerate(levels) if level in classes.leaves_out)]
    absent = np.isin(told.values, out)
    if area is not None:
        absent |= rows.area_of[: rows.answered] != rows.areas.index(area)
    return rows.column(np.where(absent, np.nan, np.isin(told.values, sees)))


def _mean(mean: Any) -> dict[str, float]:
    low, high = mean.interval
    return {
        "value": round(mean.value, DIGITS), "low": round(low, DIGITS), "high": round(high, DIGITS)
    }  # fmt: skip


def _step(value: float | None, n: int, least: int) -> float | None:
    return None if value is None else rounded(value, n, least)
