"""How often somebody may guess: enough for tired eyes, too little for a machine."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Limit:
    """So many times within so many seconds."""

    most: int
    within: int

    def counted(self, times: Sequence[float], now: float) -> list[float]:
        """The times that still count."""
        return [time for time in times if time > now - self.within][-self.most :]

    def free_at(self, times: Sequence[float], now: float) -> float | None:
        """When one may try again; None if one may now."""
        counted = self.counted(times, now)
        return counted[0] + self.within if len(counted) >= self.most else None


WRONG_CODES = Limit(most=20, within=600)
BEGUN = Limit(most=100, within=600)  # a school class behind one address, twice over
