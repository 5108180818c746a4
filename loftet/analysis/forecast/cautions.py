"""What a forecast must not be used for, and what in the data makes one weak."""

from enum import StrEnum

NOT_FOR = (
    "This is a forecast of how many reports there will be from places. It is not about persons and"
    " must not be used about persons: not to choose, stop, search, list or suspect anybody, nor as"
    " a reason for measures against those who live at a place or pass it. It is a forecast of"
    " reports, not of crime: it shows where people report and where the police look, and is silent"
    " on places where people do not report. More presence at a place can give more reports from"
    " there and so a higher forecast; do not send resources by the forecast alone, and do not judge"
    " a measure by it. It knows nothing of causes and is no substitute for knowing the place."
)


class Caution(StrEnum):
    """What made the forecast weaker than it could be, with the cure."""

    NO_EVENTS = (
        "counts are all 0: the forecast is next to nothing and says only that; take a longer time"
    )
    NO_SEASON = "counts hold less than two years: the season is left out"
    SHORT = (
        "counts hold too few weeks to learn from: memories are weighted alike and the swing of the"
        " weeks is set, so that intervals are wider than they need to be"
    )
    FEW = (
        "most areas expect fewer than three events: whole-number intervals hold more than they say"
    )
