from dataclasses import replace
from decimal import Decimal

import pytest

from loftet.promise.rules import Comparator, Draft, Kind, VagueWord, gaps

WHOLE = Draft(
    kind=Kind.ACTIVITY,
    text="Minst två trygghetsronder.",
    comparator=Comparator.AT_LEAST,
    quantity=Decimal(2),
    unit="ronder",
    place="Två områden",
    source="Kommunen",
    counting_rule="En rond räknas när protokollet är skrivet.",
    responsible=True,
    indicator=False,
    baseline=False,
)
CHANGE = replace(
    WHOLE,
    kind=Kind.CHANGE,
    comparator=Comparator.DECREASE,
    quantity=None,
    indicator=True,
    baseline=True,
)


@pytest.mark.parametrize("draft", [WHOLE, CHANGE, replace(WHOLE, kind=Kind.DELIVERABLE)])
def test_a_whole_promise_has_no_gaps(draft: Draft) -> None:
    assert gaps(draft) == []


@pytest.mark.parametrize(
    ("draft", "field"),
    [
        (replace(WHOLE, text=" "), "text_sv"),
        (replace(WHOLE, responsible=False), "responsible"),
        (replace(WHOLE, place=""), "place"),
        (replace(WHOLE, source=""), "source"),
        (replace(WHOLE, counting_rule=""), "counting_rule_sv"),
        (replace(WHOLE, quantity=None), "quantity"),
        (replace(WHOLE, unit=""), "unit_sv"),
        (replace(WHOLE, comparator=Comparator.DECREASE), "comparator"),
        (replace(CHANGE, indicator=False, baseline=False), "indicator"),
        (replace(CHANGE, baseline=False), "baseline"),
        (replace(CHANGE, comparator=Comparator.AT_LEAST), "comparator"),
    ],
)
def test_each_thing_that_is_missing_is_named_by_its_field(draft: Draft, field: str) -> None:
    assert [(gap.field, gap.stops) for gap in gaps(draft)] == [(field, True)]


def test_a_vague_word_is_advice_and_stops_nothing() -> None:
    vague = [VagueWord("verka för", "säger inte vad som ska göras")]
    (gap,) = gaps(replace(WHOLE, text="Vi ska Verka för trygghet."), vague)
    assert not gap.stops
    assert gap.words == "Verka för: säger inte vad som ska göras"


def test_presence_without_a_number_cannot_be_followed_up() -> None:
    found = gaps(replace(WHOLE, kind=Kind.PRESENCE, quantity=None, comparator=Comparator.NONE))
    assert {gap.field for gap in found} == {"quantity", "comparator"}
