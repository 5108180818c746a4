"""Which runs of periods are looked at, and how they are told."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from loftet.analysis import checks
from loftet.analysis.arrays import Floats
from loftet.analysis.scan.counting import Windows


@dataclass(frozen=True, slots=True)
class Window:
    """Runs of at most `longest` of so many periods; if prospective, those that reach the last.

    Prospective scans run from the last period backwards, so that both kinds only ever grow.
    """

    periods: int
    longest: int
    prospective: bool

    def kept(self, rows: Floats) -> Floats:
        """The rows, one for each period, that a window may hold, in the order of the scan."""
        return np.ascontiguousarray(rows[::-1][: self.longest] if self.prospective else rows)

    def order(self, period: NDArray[np.int64]) -> NDArray[np.int64]:
        """Where periods stand in the order of the scan."""
        return self.periods - 1 - period if self.prospective else period

    @property
    def runs(self) -> Windows:
        return Windows(1 if self.prospective else self.periods, self.longest)

    def span(self, start: int, stop: int) -> tuple[int, int]:
        """The first and the last period of a run that the scan has found."""
        last = self.periods - 1
        return (last - stop, last - start) if self.prospective else (start, stop)


def window(periods: int, longest: int | None, *, prospective: bool) -> Window:
    if longest is None:
        return Window(periods, max(1, periods // 2), prospective)
    checks.count("longest", longest)
    if not 1 <= longest <= periods:
        raise ValueError(f"longest must lie between 1 and {periods}, the periods there are")
    return Window(periods, longest, prospective)
