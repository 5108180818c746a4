"""Waves after each other: which of them a line may join."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Past:
    """A wave in the row of years; `comparable` is the code of the wave before it, if any."""

    code: str
    name: str
    comparable: str | None
    intervals: bool  # what its design allows
    why: str  # it differs from those before
    share: float | None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Placed:
    """A point as it may be drawn."""

    name: str
    share: float | None
    low: float | None
    high: float | None
    joined: bool  # with the point just before it
    why: str


def placed(waves: Sequence[Past]) -> list[Placed]:
    """Join only what both designs allow and somebody has said is comparable, wave by wave."""
    found, before = [], None
    for wave in waves:
        joined = (
            before is not None
            and wave.comparable == before.code
            and wave.intervals
            and before.intervals
        )
        low, high = (wave.low, wave.high) if wave.intervals else (None, None)
        found.append(Placed(wave.name, wave.share, low, high, joined, "" if joined else wave.why))
        before = wave
    return found


def share(content: Mapping[str, Any], item: str, level: str) -> Mapping[str, Any]:
    """The whole's share of one answer in frozen results; empty where it is not shown."""
    figures = content.get("tables", {}).get(item) or [{"levels": {}}]
    told: Mapping[str, Any] = figures[0]["levels"].get(level, {})
    return told
