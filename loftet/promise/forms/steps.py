"""What a form begins with or offers: the next step, the next code, whom one signs for."""

from collections.abc import Iterable, Mapping
from typing import Protocol

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from loftet.core.models import Area, User
from loftet.promise import rules
from loftet.promise.actions import signs_for
from loftet.promise.models import Commitment, Pledge

MOVES: Mapping[rules.State, str | Promise] = {
    rules.State.DRAFT: _("Open the text again"),
    rules.State.OUT_FOR_COMMENT: _("Send out for comment"),
    rules.State.DECIDED: _("Mark as decided"),
}


class Write(Protocol):
    def __call__(
        self, *, commitment: Commitment, areas: Iterable[Area], by: User
    ) -> Commitment: ...


def moves(pledge: Pledge) -> list[tuple[str, str]]:
    onward = rules.MOVES[rules.State(pledge.state)]
    return [(state.value, str(MOVES[state])) for state in onward if state in MOVES]


def party_of(person: User) -> str:
    return next(iter(signs_for(person)), "")


def next_code(pledge: Pledge) -> str:
    """The period's last two digits and the next number, as people number their promises: 20-5."""
    taken = set(pledge.commitments.values_list("code", flat=True))
    year = f"{pledge.cycle.starts:%y}"
    number = next(n for n in range(1, len(taken) + 2) if f"{year}-{n}" not in taken)
    return f"{year}-{number}"
