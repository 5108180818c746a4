"""Who answered and who did not, and what the weights do about it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

import numpy as np

from loftet.listen.rules.results.given import Sent
from loftet.listen.rules.results.sample import POOLED, Rows
from loftet.listen.rules.results.shares import Told
from loftet.listen.rules.results.small import HIDDEN, small_groups

MODES = ("web", "paper")


def response(rows: Rows) -> dict[str, Any]:
    sent = rows.given.sent
    told: dict[str, Any] = {"answered": rows.answered, "by_mode": _by_mode(rows)}
    if sent is None or not rows.given.allowed.response_rate:
        return told
    return told | _outcomes(sent, rows.answered) | {"by_area": _by_area(rows)}


def _outcomes(sent: Sent, answered: int) -> dict[str, Any]:
    """AAPOR's response rate 1: letters that came back and silence count as people to be asked."""
    asked = sent.drawn - sent.ineligible
    return {
        "drawn": sent.drawn,
        "ineligible": sent.ineligible,
        "returned": sent.returned,
        "refused": sent.refused,
        "asked": asked,
        "rate": round(answered / asked, 3) if asked else None,
    }


def _by_area(rows: Rows) -> list[dict[str, Any]]:
    """Answers of each stratum; few answers are hidden here too, with what would give them away."""
    counts = Counter(answer.stratum for answer in rows.given.answers)
    strata = rows.given.strata
    known = [stratum.code for stratum in strata]
    each = np.array([*(counts[code] for code in known), rows.answered], dtype=np.int64)
    each[-1] -= each[:-1].sum()
    hidden = small_groups(known, each, rows.given.limits.group, "answered")
    return [
        {"area": s.code, "population": s.population, "asked": s.asked}
        | (
            {"answered": None, "why": HIDDEN}
            if s.code in hidden
            else {"answered": counts[s.code], "rate": _rate(counts[s.code], s.asked)}
        )
        for s in strata
    ]


def _rate(answered: int, asked: int) -> float | None:
    return round(answered / asked, 3) if asked else None


def _by_mode(rows: Rows) -> dict[str, int] | None:
    """None where one of the ways was used by too few to be told."""
    counts = Counter(answer.mode for answer in rows.given.answers)
    if any(0 < count < rows.given.limits.group for count in counts.values()):
        return None
    return {mode: counts[mode] for mode in MODES}


def weighting(rows: Rows) -> dict[str, Any] | None:
    if not rows.weighted:
        return None
    found = rows.design.diagnostics()
    pooled = [s.name for s in rows.given.strata if s.code not in rows.groups]
    return {
        "design_effect": round(found.design_effect, 2),
        "effective_n": round(found.effective_n),
        "largest": round(found.largest, 2),
        "smallest": round(found.smallest, 2),
        "fitted": list(rows.fitted),
        "bounded": rows.bounded,
        "unmet": rows.unmet,
        "gap": round(found.gap, 3),
        "pooled": pooled if POOLED in rows.groups else [],
    }


def absence(rows: Rows, told: dict[str, Told]) -> list[dict[str, Any]]:
    """Those who answered beside the population, where a register knows: what non-response did."""
    return [
        {"question": variable, "levels": _beside(told[variable], totals)}
        for variable, totals in sorted(rows.given.margins.items())
        if variable in told and any(totals.values())
    ]


def _beside(told: Told, totals: Mapping[str, int]) -> dict[str, dict[str, Any]]:
    people: int = sum(totals.values())
    n = told.counted.n(None)
    return {
        level: {
            "population": round(totals.get(level, 0) / people, 3),
            "answered": round(told.counted.of(None, level) / n, 3)
            if told.shown.cell(None, level)
            else None,
        }
        for level in told.item.levels
    }


def margin_of_error(rows: Rows, tables: dict[str, list[dict[str, Any]]]) -> float | None:
    """Half the widest interval, among questions that nearly all have answered."""
    if not rows.given.allowed.intervals:
        return None
    widths = [
        level["high"] - level["low"]
        for whole, *_areas in tables.values()
        for level in whole["levels"].values()
        if whole["n"] and whole["n"] > 0.8 * rows.answered and level.get("high") is not None
    ]
    return round(max(widths) / 2, 3) if widths else None
