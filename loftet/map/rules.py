"""What a reading may be, and what it comes to."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class Kind(StrEnum):
    COUNT = "count"
    SHARE = "share"
    VALUE = "value"


@dataclass(frozen=True)
class Figures:
    """A reading as plain values: a value, or the counts that a share is made of."""

    value: Decimal | None
    numerator: int | None = None
    denominator: int | None = None

    @property
    def counted(self) -> bool:
        return self.numerator is not None and self.denominator is not None

    @property
    def shown(self) -> Decimal | None:
        """The value to show; for a share with its counts, per cent to two decimals."""
        if self.numerator is None or self.denominator is None:
            return self.value
        return (Decimal(100) * self.numerator / self.denominator).quantize(Decimal("0.01"))


@dataclass(frozen=True)
class Problem:
    field: str
    code: str


def problems(kind: Kind, figures: Figures) -> list[Problem]:
    """What stops these figures from being a reading of an indicator of this kind."""
    if kind is Kind.SHARE:
        return _share_problems(figures)
    if figures.numerator is not None or figures.denominator is not None:
        return [Problem("numerator", "only_shares_have_counts")]
    if figures.value is None:
        return [Problem("value", "value_missing")]
    if kind is Kind.COUNT and (figures.value < 0 or figures.value != figures.value.to_integral()):
        return [Problem("value", "count_not_whole")]
    return []


def _share_problems(figures: Figures) -> list[Problem]:
    numerator, denominator = figures.numerator, figures.denominator
    if numerator is None and denominator is None:
        if figures.value is None:
            return [Problem("value", "share_missing")]
        return [] if 0 <= figures.value <= 100 else [Problem("value", "share_outside")]
    if figures.value is not None:
        return [Problem("value", "share_twice")]
    if numerator is None or denominator is None:
        return [Problem("denominator" if denominator is None else "numerator", "counts_half")]
    if not 0 <= numerator <= denominator or denominator == 0:
        return [Problem("numerator", "counts_impossible")]
    return []
