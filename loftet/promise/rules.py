"""What a pledge may become next, and what a commitment must say before anyone signs it."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum


class State(StrEnum):
    DRAFT = "draft"
    OUT_FOR_COMMENT = "out_for_comment"
    DECIDED = "decided"
    SIGNED = "signed"


MOVES: dict[State, dict[State, str]] = {
    State.DRAFT: {State.OUT_FOR_COMMENT: "the parties read it before anyone decides"},
    State.OUT_FOR_COMMENT: {
        State.DRAFT: "something must be written again",
        State.DECIDED: "both parties stand behind the text",
    },
    State.DECIDED: {
        State.DRAFT: "the text is opened again before anyone has signed",
        State.SIGNED: "both parties have signed",
    },
    State.SIGNED: {},
}


class Kind(StrEnum):
    ACTIVITY = "activity"
    PRESENCE = "presence"
    DELIVERABLE = "deliverable"
    CHANGE = "change"


class Comparator(StrEnum):
    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    EXACTLY = "exactly"
    INCREASE = "increase"
    DECREASE = "decrease"
    NONE = ""


COUNTED = {Kind.ACTIVITY, Kind.PRESENCE}


@dataclass(frozen=True)
class Draft:
    """A commitment as plain values."""

    kind: Kind
    text: str
    comparator: Comparator
    quantity: Decimal | None
    unit: str
    place: str
    source: str
    counting_rule: str
    responsible: bool
    indicator: bool
    baseline: bool


@dataclass(frozen=True)
class Gap:
    """What is missing; those that do not stop a signature are advice."""

    field: str
    code: str
    stops: bool = True
    words: str = ""


@dataclass(frozen=True)
class VagueWord:
    pattern: str
    why: str


def gaps(draft: Draft, vague: Iterable[VagueWord] = ()) -> list[Gap]:
    """Everything that would make this commitment impossible to follow up."""
    needed = {
        "text_sv": bool(draft.text.strip()),
        "responsible": draft.responsible,
        "place": bool(draft.place.strip()),
        "source": bool(draft.source.strip()),
        "counting_rule_sv": bool(draft.counting_rule.strip()),
    }
    missing = [
        Gap(field, f"{field.removesuffix('_sv')}_missing")
        for field, there in needed.items()
        if not there
    ]
    return [*missing, *_gaps_of_kind(draft), *vague_words(draft.text, vague)]


def _gaps_of_kind(draft: Draft) -> list[Gap]:
    if draft.kind in COUNTED:
        return _counted_gaps(draft)
    if draft.kind is Kind.CHANGE:
        return _change_gaps(draft)
    return []


def _counted_gaps(draft: Draft) -> list[Gap]:
    found = []
    if draft.quantity is None:
        found.append(Gap("quantity", "quantity_missing"))
    if draft.comparator not in {Comparator.AT_LEAST, Comparator.AT_MOST, Comparator.EXACTLY}:
        found.append(Gap("comparator", "comparator_counts"))
    if not draft.unit.strip():
        found.append(Gap("unit_sv", "unit_missing"))
    return found


def _change_gaps(draft: Draft) -> list[Gap]:
    found = []
    if not draft.indicator:
        found.append(Gap("indicator", "indicator_missing"))
    elif not draft.baseline:
        found.append(Gap("baseline", "baseline_missing"))
    if draft.comparator not in {Comparator.INCREASE, Comparator.DECREASE}:
        found.append(Gap("comparator", "comparator_direction"))
    return found


def vague_words(text: str, vague: Iterable[VagueWord]) -> list[Gap]:
    """Words that promise nothing that can be counted; advice, with the reason."""
    return [
        Gap("text_sv", "vague", stops=False, words=f"{found.group(0)}: {word.why}")
        for word in vague
        if (found := re.search(rf"\b{word.pattern}", text, flags=re.IGNORECASE))
    ]


def may_move(now: State, then: State) -> bool:
    return then in MOVES[now]


def name_of_cycle(starts: date, ends: date) -> str:
    """The years, or the months where it is not whole years."""
    if (starts.month, starts.day, ends.month, ends.day) == (1, 1, 12, 31):
        return f"{starts.year}" if starts.year == ends.year else f"{starts.year}-{ends.year}"
    return f"{starts:%Y-%m}-{ends:%Y-%m}"


def signed_by_all(parties: Sequence[str], signed: Iterable[str]) -> bool:
    return set(parties) <= set(signed)
