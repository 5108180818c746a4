"""How many of those asked have answered, in the words of AAPOR and of Swedish practice.

What somebody began and did not send in is never opened, so nobody counts as a partial answer:
AAPOR's rates 2 and 6, which add those, are here equal to 1 and 5.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Counts:
    """What has become of those drawn; whoever answered counts as that and as nothing else."""

    drawn: int
    answered: int
    begun: int = 0
    ineligible: int = 0
    returned: int = 0
    refused: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(
            self.drawn + other.drawn,
            self.answered + other.answered,
            self.begun + other.begun,
            self.ineligible + other.ineligible,
            self.returned + other.returned,
            self.refused + other.refused,
        )

    @property
    def asked(self) -> int:
        """The net sample: those drawn who belong to the people that the survey is about."""
        return self.drawn - self.ineligible

    @property
    def able(self) -> int:
        """Those who have answered or still may."""
        return self.asked - self.returned - self.refused

    @property
    def gross(self) -> float | None:
        """Of all drawn."""
        return _share(self.answered, self.drawn)

    @property
    def net(self) -> float | None:
        """AAPOR response rate 1: of the net sample, silence and returned letters included."""
        return _share(self.answered, self.asked)

    @property
    def reached(self) -> float | None:
        """AAPOR response rate 5: as if nobody whose letter came back belonged to the population."""
        return _share(self.answered, self.asked - self.returned)

    @property
    def cooperation(self) -> float | None:
        """AAPOR cooperation rate 1: of those who took up the form or said no."""
        return _share(self.answered, self.answered + self.begun + self.refused)


def together(counts: list[Counts]) -> Counts:
    return sum(counts, Counts(0, 0))


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole > 0 else None
