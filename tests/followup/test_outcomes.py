"""Outcomes: judged afresh from what is recorded now, in few queries."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from loftet.core.models import User
from loftet.followup.models import awaited, outcomes
from loftet.followup.rules import Helped, Verdict
from loftet.map import actions as map_actions
from loftet.map.models import Reading
from loftet.promise.models import Commitment
from tests import make

pytestmark = pytest.mark.django_db
AFTERWARDS = date(2021, 1, 21)


def correct(reading: Reading | None, value: int, by: User) -> Reading:
    assert reading
    return map_actions.correct_reading(
        reading=reading, value=Decimal(value), reason="Rättad.", source="Polisen",
        extracted_on=reading.extracted_on, by=by,
    )  # fmt: skip


@pytest.mark.parametrize("number", [1, 8])
def test_all_outcomes_take_the_same_queries_however_many(
    number: int, django_assert_num_queries: Any
) -> None:
    by = make.coordinator()
    pledge = make.pledge(by=by)
    area = make.area()
    for _ in range(number):
        promise = make.fewer_reports(pledge, 185, 162, by=by)
        promise.areas.add(area)
    make.signed(pledge, by=by)
    for promise in pledge.commitments.all():
        make.result(promise, by=by)
    with django_assert_num_queries(4):  # commitments, their areas, reports, readings
        found = outcomes(pledge, on=AFTERWARDS)
        assert [o.judgement.helped for o in found] == [Helped.CHANCE] * number
        assert all(o.result and o.responsible and o.before and o.after for o in found)


def test_a_corrected_baseline_is_the_one_compared_with() -> None:
    by = make.coordinator()
    pledge = make.pledge(by=by)
    promise = make.fewer_reports(pledge, 185, 162, by=by)
    new = correct(promise.baseline, 285, by)
    (outcome,) = outcomes(pledge, on=AFTERWARDS)
    assert outcome.before == new
    assert (outcome.verdict, outcome.judgement.helped) == (Verdict.KEPT, Helped.BETTER)
    assert Commitment.objects.get().baseline == promise.baseline  # what was signed stays


def test_a_corrected_reading_of_the_year_changes_the_judgement() -> None:
    by = make.coordinator()
    pledge = make.pledge(by=by)
    make.fewer_reports(pledge, 185, 162, by=by)
    (before,) = outcomes(pledge, on=AFTERWARDS)
    correct(before.after, 250, by)
    (after,) = outcomes(pledge, on=AFTERWARDS)
    assert (before.verdict, after.verdict) == (Verdict.CANNOT_TELL, Verdict.NOT_KEPT)


def test_the_same_promise_goes_on_until_its_last_day_has_passed() -> None:
    by = make.coordinator()
    pledge = make.pledge(by=by)
    make.fewer_reports(pledge, 185, 162, by=by)
    on_the_last_day, afterwards = (
        outcomes(pledge, on=day)[0].verdict for day in (date(2020, 12, 31), date(2021, 1, 1))
    )
    assert (on_the_last_day, afterwards) == (Verdict.ONGOING, Verdict.CANNOT_TELL)


def test_readings_of_a_part_of_the_municipality_are_not_mixed_with_the_whole() -> None:
    by, district = make.coordinator(), make.area()
    pledge = make.pledge(by=by)
    promise = make.fewer_reports(pledge, 185, by=by)
    assert promise.indicator
    map_actions.add_reading(
        indicator=promise.indicator, area=district, value=Decimal(3),
        starts=date(2020, 1, 1), ends=date(2020, 12, 31),
        source="Polisen", extracted_on=AFTERWARDS, by=by,
    )  # fmt: skip
    (outcome,) = outcomes(pledge, on=AFTERWARDS)
    assert (outcome.after, outcome.judgement.helped) == (None, Helped.NO_READING)


def test_the_reading_of_another_period_is_no_outcome() -> None:
    by = make.coordinator()
    pledge = make.pledge(by=by)
    promise = make.fewer_reports(pledge, 185, by=by)
    assert promise.indicator
    make.reading(promise.indicator, 2021, 10, by=by)
    (outcome,) = outcomes(pledge, on=date(2022, 2, 1))
    assert outcome.verdict is Verdict.CANNOT_TELL


def test_what_was_given_a_new_date_is_late_and_not_given_up() -> None:
    by = make.coordinator()
    pledge = make.pledge(by=by)
    promise = make.commitment(pledge, kind="deliverable", by=by)
    make.signed(pledge, by=by)
    make.result(promise, state="not_done", reason_sv="Pandemin.", new_date=date(2021, 6, 30), by=by)
    (outcome,) = outcomes(pledge, on=AFTERWARDS)
    assert (outcome.verdict, outcome.late) == (Verdict.NOT_KEPT, True)


def test_a_report_is_awaited_of_what_is_over_and_untold() -> None:
    by = make.coordinator()
    pledge = make.pledge(by=by)
    untold = make.commitment(pledge, by=by)
    told = make.commitment(pledge, by=by)
    make.fewer_reports(pledge, 185, 162, by=by)  # its reading tells
    make.signed(pledge, by=by)
    make.result(told, quantity=Decimal(2), by=by)
    assert list(awaited(date(2020, 12, 31))) == []
    assert list(awaited(AFTERWARDS)) == [untold]
