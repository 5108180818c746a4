"""What people most want worked on, and how sure the order is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from loftet.listen.rules.form import Kind, Question
from loftet.listen.rules.results import items
from loftet.listen.rules.results.sample import Rows
from loftet.listen.rules.results.shares import Told, rounded, told
from loftet.listen.rules.results.small import HIDDEN

TOP = 3


def is_list(question: Question) -> bool:
    return question.kind is Kind.PRIORITIES


def ranked(rows: Rows, question: Question) -> dict[str, Any]:
    """Everything that could be chosen, the most wanted first.

    What too few chose is last, without figures and without a place of its own.
    """
    each = [told(rows, item) for item in items.of(question)]
    n = each[0].counted.n(None)
    if n < rows.given.limits.group:
        return {"n": None, "why": HIDDEN, "rows": [], "tiers": []}
    shown = [one for one in each if one.shown.cell(None, "yes")]
    hidden = [{"code": _code(one), "why": HIDDEN} for one in each if one not in shown]
    if rows.given.allowed.intervals and len(shown) > 1:
        found = _estimated(rows, shown)
    else:
        found = _counted(rows, shown)
    places = [(row["best"], row["worst"]) for row in found if "best" in row]
    return {"n": n, "rows": found + hidden, "tiers": tiers(places)}


def tiers(places: Sequence[tuple[int, int]]) -> list[int]:
    """How many stand in each group: the groups are in order, those within one are not told apart.

    Cut after the k first where none of them can be lower than k and none of the others higher.
    """
    cuts = [
        k
        for k in range(1, len(places) + 1)
        if all(worst <= k for _best, worst in places[:k])
        and all(best > k for best, _worst in places[k:])
    ]
    return [cut - before for before, cut in zip([0, *cuts], cuts, strict=False)]


def _estimated(rows: Rows, shown: Sequence[Told]) -> list[dict[str, Any]]:
    from loftet.analysis.survey import rank  # noqa: PLC0415 - SciPy, in jobs alone

    columns = {_code(one): one.columns()["yes"] for one in shown}
    estimates = rows.design.shares(columns, missing="omit")
    order = rank(estimates, top=min(TOP, len(shown)), rng=np.random.default_rng(rows.given.seed))
    by_code = {_code(one): one for one in shown}
    best, worst = order.interval
    return [
        _row(by_code[str(code)], place + 1)
        | {
            "share": _rounded(by_code[str(code)], estimates[code].value),
            "low": _rounded(by_code[str(code)], estimates[code].interval[0]),
            "high": _rounded(by_code[str(code)], estimates[code].interval[1]),
            "best": int(best[place]),
            "worst": int(worst[place]),
            "among_top": round(float(order.among_top[place]), 2),
        }
        for place, code in enumerate(order.names)
    ]


def _counted(rows: Rows, shown: Sequence[Told]) -> list[dict[str, Any]]:
    """Those with the same count share their place."""
    counts = [one.counted.of(None, "yes") for one in shown]
    order = sorted(range(len(shown)), key=lambda at: (-counts[at], at))
    return [
        _row(shown[at], 1 + sum(count > counts[at] for count in counts))
        | {"share": _rounded(shown[at], counts[at] / shown[at].counted.n(None))}
        for at in order
    ]


def _row(one: Told, place: int) -> dict[str, Any]:
    counted = one.counted
    chosen, n = counted.of(None, "yes"), counted.n(None)
    return {"code": _code(one), "rank": place, "chosen_by": chosen, "out_of": n}


def _rounded(one: Told, value: float) -> float | None:
    return rounded(value, one.counted.n(None), one.rows.given.limits.whole)


def _code(one: Told) -> str:
    return one.item.choice.code if one.item.choice else one.item.code
