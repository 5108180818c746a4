"""What a survey may say follows from how people were asked, not from what one would like to say."""

from dataclasses import dataclass
from enum import StrEnum


class Design(StrEnum):
    PROBABILITY = "probability"
    CENSUS = "census"
    TARGETED = "targeted"
    OPEN = "open"


@dataclass(frozen=True)
class Allowed:
    """What is offered for a wave of this design; what is not allowed is not on the page at all."""

    codes: bool  # each invited person has one
    response_rate: bool
    weights: bool
    intervals: bool
    comparison: bool  # with an earlier wave of a design that also allows it


ALLOWED: dict[Design, Allowed] = {
    Design.PROBABILITY: Allowed(True, True, True, True, True),
    Design.CENSUS: Allowed(True, True, True, True, True),
    Design.TARGETED: Allowed(True, True, False, False, False),
    Design.OPEN: Allowed(False, False, False, False, False),
}
