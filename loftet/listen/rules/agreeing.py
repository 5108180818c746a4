"""Whether two coders put the same texts under the same themes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

MOST_REDRAWN = 2_000  # texts; with more the interval is too narrow to be worth the wait
ENOUGH = 0.667  # below it Krippendorff draws no conclusions, above 0.8 he relies on them
GOOD = 0.8
LEAST = 10  # texts with the theme


@dataclass(frozen=True)
class Pair:
    """The themes of one text as two coders have it; who was first says nothing."""

    passage: int
    first: frozenset[str]
    second: frozenset[str]

    @property
    def same(self) -> bool:
        return self.first == self.second


@dataclass(frozen=True)
class ThemeAgreement:
    """How often both, one or none gave the theme, and Krippendorff's alpha where it can be said."""

    theme: str
    both: int
    one: int
    alpha: float | None
    low: float | None
    high: float | None

    @property
    def grade(self) -> str:
        """By the whole interval: what may still be poor is not called good."""
        if self.low is None or self.high is None or self.both + self.one < LEAST:
            return "unknown"
        if self.high < ENOUGH:
            return "poor"
        return "good" if self.low >= GOOD else "fair" if self.low >= ENOUGH else "unknown"


def agreement(pairs: Sequence[Pair], themes: Sequence[str]) -> list[ThemeAgreement]:
    """Theme by theme, for a text may have several."""
    return [_of_theme(pairs, theme) for theme in themes]


def _of_theme(pairs: Sequence[Pair], theme: str) -> ThemeAgreement:
    first = [theme in pair.first for pair in pairs]
    second = [theme in pair.second for pair in pairs]
    both = sum(a and b for a, b in zip(first, second, strict=True))
    one = sum(a != b for a, b in zip(first, second, strict=True))
    if both + one == 0 or both == len(pairs):
        return ThemeAgreement(theme, both, one, None, None, None)
    import numpy as np  # noqa: PLC0415 - web processes stay light until somebody asks

    from loftet.analysis.coding import krippendorff_alpha  # noqa: PLC0415

    rng = np.random.default_rng(1) if len(pairs) <= MOST_REDRAWN else None
    found = krippendorff_alpha([first, second], rng=rng)
    low, high = found.interval or (None, None)
    return ThemeAgreement(theme, both, one, found.value, low, high)
