"""What has changed since an earlier wave, question by question; what is not the same is a break."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Any

from loftet.listen.rules.form import Choice, Form, Question
from loftet.listen.rules.results import items
from loftet.listen.rules.results.sample import Rows
from loftet.listen.rules.results.shares import Told, rounded, told


class Break(StrEnum):
    """Why a question cannot be compared with the wave before."""

    NEW = "new"
    KIND = "kind"
    WORDS = "words"
    CHOICES = "choices"
    ROWS = "rows"
    WHO = "who"
    FEW = "few"


LANGUAGE = "sv"  # the wording that all other languages are translated from


def broken(now: Question, before: Question | None) -> Break | None:
    """None where it is the same question."""
    if before is None:
        return Break.NEW
    differences = {
        Break.KIND: now.kind != before.kind,
        Break.WORDS: now.label[LANGUAGE].strip() != before.label[LANGUAGE].strip(),
        Break.CHOICES: _said(now.choices) != _said(before.choices) or now.most != before.most,
        Break.WHO: now.relevant != before.relevant,
    }
    return next((why for why, differs in differences.items() if differs), None)


def same(now: Form, before: Form) -> dict[str, Break | None]:
    """For each item of the questionnaire now: comparable, or why not."""
    earlier = {question.code: question for question in before.questions}
    found: dict[str, Break | None] = {}
    for question in now.questions:
        why = broken(question, earlier.get(question.code))
        rows = {} if why else dict(_said(earlier[question.code].rows))
        for item in items.of(question):
            lost = item.row is not None and rows.get(item.row.code) != _words(item.row)
            found[item.code] = why or (Break.ROWS if lost else None)
    return found


def changes(rows: Rows, now: Mapping[str, Told]) -> dict[str, dict[str, Any]] | None:
    """For each item the change of each answer with its interval; None without such a wave."""
    before = rows.given.before
    if before is None or not (rows.given.allowed.comparison and before.allowed.comparison):
        return None
    reasons = same(rows.given.form, before.form)
    earlier = Rows(before)
    old = {item.code: item for item in items.items(before.form)}
    return {
        code: {"why": str(why)} if why else _item(now[code], told(earlier, old[code]))
        for code, why in reasons.items()
    }


def _item(now: Told, before: Told) -> dict[str, Any]:
    levels = dict(_levels(now, before))
    return {"levels": levels} if levels else {"why": str(Break.FEW)}


def _levels(now: Told, before: Told) -> Iterator[tuple[str, dict[str, Any]]]:
    from loftet.analysis.survey import change  # noqa: PLC0415 - SciPy, in jobs alone

    limits = now.rows.given.limits
    n = min(now.counted.n(None), before.counted.n(None))
    for level in now.item.levels:
        if not (now.shown.cell(None, level) and before.shown.cell(None, level)):
            continue
        found = change(now.whole[level], before.whole[level])
        if found.reason is None:
            low, high = found.interval
            yield (
                level,
                {
                    "before": rounded(before.whole[level].value, n, limits.whole),
                    "now": rounded(now.whole[level].value, n, limits.whole),
                    "change": rounded(found.value, n, limits.whole),
                    "low": rounded(low, n, limits.whole),
                    "high": rounded(high, n, limits.whole),
                    "p": float(f"{found.p_value:.3g}"),
                    "beyond_chance": found.beyond_chance,
                },
            )


def _said(choices: tuple[Choice, ...]) -> list[tuple[str, str]]:
    return [(choice.code, _words(choice)) for choice in choices]


def _words(choice: Choice) -> str:
    return choice.label[LANGUAGE].strip()
