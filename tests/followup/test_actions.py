from datetime import date
from decimal import Decimal

import pytest

from loftet.core.errors import NotAllowed
from loftet.core.models import Event
from loftet.followup.models import Result
from tests import make
from tests.refusal import refused

pytestmark = pytest.mark.django_db


def test_a_new_report_replaces_the_old_one_and_keeps_it() -> None:
    by = make.coordinator()
    pledge = make.pledge(by=by)
    promise = make.commitment(pledge, by=by)
    make.signed(pledge, by=by)
    first = make.result(promise, quantity=Decimal(1), by=by)
    second = make.result(promise, quantity=Decimal(2), by=by)
    assert list(Result.objects.current()) == [second]
    assert (second.replaces, Result.objects.count()) == (first, 2)
    line = Event.objects.last()
    assert line
    assert (line.verb, line.data["replaces"]) == ("reported", first.pk)


def test_nothing_is_reported_before_the_pledge_is_signed() -> None:
    by = make.coordinator()
    promise = make.commitment(make.pledge(by=by), by=by)
    with refused("not_signed"):
        make.result(promise, quantity=Decimal(1), by=by)
    assert not Result.objects.exists()


def test_a_reporter_reports_on_the_own_organisation_and_on_its_units() -> None:
    by, city = make.coordinator(), make.organisation()
    unit, other = make.organisation(parent=city), make.organisation()
    pledge = make.pledge(by=by)
    own = make.commitment(pledge, responsible=unit, by=by)
    theirs = make.commitment(pledge, responsible=other, by=by)
    make.signed(pledge, by=by)
    reporter = make.person("reporter", city)
    assert make.result(own, quantity=Decimal(1), by=reporter).recorded_by == reporter
    with pytest.raises(NotAllowed):
        make.result(theirs, quantity=Decimal(1), by=reporter)
    assert not theirs.results.exists()


@pytest.mark.parametrize("role", [None, "signer", "administrator"])
def test_who_has_no_part_in_reporting_is_refused(role: str | None) -> None:
    by = make.coordinator()
    pledge = make.pledge(by=by)
    promise = make.commitment(pledge, by=by)
    make.signed(pledge, by=by)
    with pytest.raises(NotAllowed):
        make.result(promise, quantity=Decimal(1), by=make.person(role))


def test_a_thing_that_is_not_in_place_needs_a_state_and_a_reason() -> None:
    by = make.coordinator()
    pledge = make.pledge(by=by)
    promise = make.commitment(pledge, kind="deliverable", by=by)
    make.signed(pledge, by=by)
    with refused("state_missing"):
        make.result(promise, by=by)
    with refused("reason_missing"):
        make.result(promise, state="not_done", by=by)
    made = make.result(
        promise, state="not_done", reason_sv="Personalen behövdes på annat håll.",
        new_date=date(2021, 6, 30), by=by,
    )  # fmt: skip
    assert made.new_date == date(2021, 6, 30)


def test_fewer_than_none_cannot_be_done() -> None:
    by = make.coordinator()
    pledge = make.pledge(by=by)
    promise = make.commitment(pledge, by=by)
    make.signed(pledge, by=by)
    with refused("negative"):
        make.result(promise, quantity=Decimal(-1), by=by)


@pytest.mark.parametrize("field", ["text_sv", "reason_sv", "context_en", "lesson_sv", "source"])
def test_a_report_that_points_at_a_person_is_refused(field: str) -> None:
    by = make.coordinator()
    pledge = make.pledge(by=by)
    promise = make.commitment(pledge, by=by)
    make.signed(pledge, by=by)
    with refused("personal_data"):
        make.result(promise, quantity=Decimal(1), by=by, **{field: "Skriv till anna@example.org"})
    assert not Result.objects.exists()
