"""The life of a wave: each step, and why it is taken."""

from enum import StrEnum


class State(StrEnum):
    PLANNED = "planned"
    IN_FIELD = "in_field"
    CLOSED = "closed"
    COUNTED = "counted"
    SETTLED = "settled"


MOVES: dict[State, dict[State, str]] = {
    State.PLANNED: {State.IN_FIELD: "the questionnaire is locked and answers are received"},
    State.IN_FIELD: {State.CLOSED: "the web closes; paper that came in time may still be typed in"},
    State.CLOSED: {
        State.IN_FIELD: "the field is prolonged",
        State.COUNTED: "the sealed answers are opened, all at once, and the key is destroyed",
    },
    State.COUNTED: {State.SETTLED: "the results are frozen"},
    State.SETTLED: {},
}

# Words that pages already have in their addresses, here and where people answer.
TAKEN = frozenset(
    {"ny", "annan", "arbete", "formular", "borja", "fraga", "granska", "kvitto", "sparat", "om"}
)


def may_move(at: State, to: State) -> bool:
    return to in MOVES[at]
