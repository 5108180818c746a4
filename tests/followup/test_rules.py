from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from loftet.followup import rules
from loftet.followup.rules import Evidence, Figures, Helped, Promise, Verdict, judge

FEWER = Promise("change", "decrease", None, None, "count", "down")
ROUNDS = Promise("activity", "at_least", Decimal(2), None, "", "none")
CENTRE = Promise("deliverable", "", None, None, "", "none")


def counts(before: int, after: int, *, days: tuple[int, int] = (365, 366)) -> Evidence:
    return Evidence(
        over=True, before=Figures(Decimal(before), days[0]), after=Figures(Decimal(after), days[1])
    )


def test_a_fall_within_chance_is_never_kept() -> None:
    judgement = judge(FEWER, counts(185, 162))
    assert (judgement.verdict, judgement.helped) == (Verdict.CANNOT_TELL, Helped.CHANCE)
    assert judgement.statistic is not None
    assert judgement.statistic.interval == pytest.approx((0.7048, 1.0872), abs=5e-5)


def test_a_fall_beyond_chance_is_kept() -> None:
    assert judge(FEWER, counts(300, 200)).verdict is Verdict.KEPT


def test_a_rise_beyond_chance_breaks_a_promise_of_fewer() -> None:
    judgement = judge(FEWER, counts(200, 300))
    assert (judgement.verdict, judgement.helped) == (Verdict.NOT_KEPT, Helped.WORSE)


def test_what_was_promised_goes_before_what_the_indicator_wants() -> None:
    more_reports = replace(FEWER, comparator="increase", wanted="down")
    assert judge(more_reports, counts(200, 300)).verdict is Verdict.KEPT


def test_a_sure_fall_that_misses_its_target_is_partly_kept() -> None:
    judgement = judge(replace(FEWER, target=Decimal(150)), counts(300, 200))
    assert (judgement.verdict, judgement.helped) == (Verdict.PARTLY, Helped.BETTER)


def test_a_share_without_its_counts_cannot_be_told() -> None:
    share = replace(FEWER, comparator="increase", measure="share", wanted="up")
    evidence = Evidence(
        over=True, before=Figures(Decimal(16), 365), after=Figures(Decimal("16.2"), 366)
    )
    assert (judge(share, evidence).verdict, judge(share, evidence).helped) == (
        Verdict.CANNOT_TELL,
        Helped.NO_COUNTS,
    )


def test_a_share_with_its_counts_is_compared() -> None:
    share = replace(FEWER, comparator="increase", measure="share", wanted="up")
    evidence = Evidence(
        over=True,
        before=Figures(Decimal(16), 365, (160, 1000)),
        after=Figures(Decimal(26), 365, (260, 1000)),
    )
    assert judge(share, evidence).verdict is Verdict.KEPT


def test_half_a_year_is_compared_with_a_year_by_its_days() -> None:
    judgement = judge(FEWER, counts(200, 100, days=(365, 182)))
    assert judgement.helped is Helped.CHANCE


def test_a_leap_day_makes_no_difference() -> None:
    assert rules.exposure(366, 365) == (1.0, 1.0)
    assert rules.exposure(182, 365) == (182.0, 365.0)


def test_nothing_is_judged_before_its_time() -> None:
    assert judge(FEWER, replace(counts(300, 200), over=False)).verdict is Verdict.ONGOING


@pytest.mark.parametrize(
    ("comparator", "promised", "done", "over", "verdict"),
    [
        ("at_least", 2, 4, True, Verdict.KEPT),
        ("at_least", 2, 2, False, Verdict.KEPT),
        ("at_least", 2, 1, True, Verdict.PARTLY),
        ("at_least", 2, 0, True, Verdict.NOT_KEPT),
        ("at_least", 2, 1, False, Verdict.ONGOING),
        ("at_least", 50, None, True, Verdict.CANNOT_TELL),
        ("at_least", 50, None, False, Verdict.ONGOING),
        ("at_most", 5, 5, True, Verdict.KEPT),
        ("at_most", 5, 5, False, Verdict.ONGOING),
        ("at_most", 5, 6, True, Verdict.NOT_KEPT),
        ("exactly", 3, 3, True, Verdict.KEPT),
        ("exactly", 3, 4, True, Verdict.PARTLY),
        ("", None, 303, True, Verdict.KEPT),
        ("", None, None, True, Verdict.CANNOT_TELL),
    ],
)
def test_a_number_is_held_against_what_was_promised(
    comparator: str, promised: int | None, done: int | None, over: bool, verdict: Verdict
) -> None:
    promise = replace(
        ROUNDS, comparator=comparator, quantity=None if promised is None else Decimal(promised)
    )
    evidence = Evidence(over=over, quantity=None if done is None else Decimal(done))
    assert judge(promise, evidence).verdict is verdict


@pytest.mark.parametrize(
    ("state", "over", "verdict"),
    [
        ("done", False, Verdict.KEPT),
        ("partly", True, Verdict.PARTLY),
        ("ongoing", False, Verdict.ONGOING),
        ("ongoing", True, Verdict.NOT_KEPT),
        ("", True, Verdict.CANNOT_TELL),
        ("", False, Verdict.ONGOING),
    ],
)
def test_a_thing_to_be_in_place_is_judged_by_its_state(
    state: str, over: bool, verdict: Verdict
) -> None:
    assert judge(CENTRE, Evidence(over=over, state=state)).verdict is verdict


def test_a_missed_thing_with_a_new_date_is_late() -> None:
    assert rules.is_late(CENTRE, Verdict.NOT_KEPT, date(2021, 9, 30))
    assert not rules.is_late(CENTRE, Verdict.NOT_KEPT, None)
    assert not rules.is_late(CENTRE, Verdict.KEPT, date(2021, 9, 30))


def test_what_was_not_measured_is_said_to_be_so() -> None:
    assert judge(ROUNDS, Evidence(over=True, quantity=Decimal(4))).helped is Helped.NOT_MEASURED
