import json
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction

from loftet.core.errors import NotAllowed
from loftet.core.models import Deadline, User
from loftet.map import actions as map_actions
from loftet.promise.models import Pledge
from loftet.publish.models import Edition, canonical, digest
from tests import make
from tests.refusal import refused

pytestmark = pytest.mark.django_db


def told(by: User) -> Pledge:
    """A pledge of 2020 with one promise in numbers, as in the year itself: 185 and 162."""
    pledge = make.pledge(by=by)
    make.fewer_reports(pledge, 185, 162, by=by)
    return make.signed(pledge, by=by)


def correct(pledge: Pledge, value: int, by: User) -> None:
    indicator = pledge.commitments.get().indicator
    assert indicator
    reading = indicator.readings.current().latest("starts")
    map_actions.correct_reading(
        reading=reading, value=Decimal(value), reason="Rättad.", source="Polisen",
        extracted_on=reading.extracted_on, by=by,
    )  # fmt: skip


def test_an_edition_keeps_the_sentence_in_both_languages() -> None:
    by = make.coordinator()
    (commitment,) = make.edition(told(by), by=by).content["commitments"]
    assert "inom normal slumpvariation (kvot 0,88; 95 % 0,70–1,09)" in commitment["helped"]["sv"]
    assert (
        "within normal chance variation (ratio 0.88; 95% 0.70–1.09)" in commitment["helped"]["en"]
    )
    assert commitment["verdict"] == "cannot_tell"
    assert commitment["statistic"]["p_value"] == pytest.approx(0.2375, abs=5e-5)


def test_a_correction_leaves_the_old_edition_as_it_was() -> None:
    by = make.coordinator()
    pledge = told(by)
    first = make.edition(pledge, by=by)
    before = canonical(first.content)
    correct(pledge, 100, by)
    second = make.edition(pledge, reason="Rättad siffra.", by=by)
    first.refresh_from_db()
    assert (first.number, second.number) == (1, 2)
    assert canonical(first.content) == before
    assert first.intact
    assert "mer än vad slumpen förklarar" in second.content["commitments"][0]["helped"]["sv"]


def test_a_new_edition_says_what_is_new_and_has_something_new() -> None:
    by = make.coordinator()
    pledge = told(by)
    make.edition(pledge, by=by)
    with refused("reason_missing"):
        make.edition(pledge, by=by)
    with refused("nothing_new"):
        make.edition(pledge, reason="Samma sak igen.", by=by)
    assert Edition.objects.count() == 1


def test_only_who_may_publish_publishes() -> None:
    by = make.coordinator()
    pledge = told(by)
    with pytest.raises(NotAllowed):
        make.edition(pledge, by=make.person("municipal_officer"))


def test_a_pledge_that_nobody_signed_is_not_published() -> None:
    by = make.coordinator()
    with refused("not_signed"):
        make.edition(make.pledge(by=by), "pledge", by=by)


def test_the_digest_is_of_the_content_and_of_nothing_else() -> None:
    by = make.coordinator()
    edition = make.edition(told(by), by=by)
    assert edition.digest == digest(json.loads(json.dumps(edition.content)))
    edition.content["commitments"][0]["verdict"] = "kept"
    assert not edition.intact


def test_the_database_refuses_to_change_or_remove_an_edition() -> None:
    by = make.coordinator()
    make.edition(told(by), by=by)
    for statement in ("UPDATE publish_edition SET number = 7", "DELETE FROM publish_edition"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert Edition.objects.get().number == 1


def test_publication_meets_its_clock() -> None:
    by = make.coordinator()
    pledge = told(by)
    make.deadline("year_end_follow_up", pledge.cycle, by=by)
    make.edition(pledge, by=by)
    assert not Deadline.objects.open().filter(clock="year_end_follow_up").exists()


def test_an_edition_is_written_with_few_queries(django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]
    by = make.coordinator()
    pledge = make.pledge(by=by)
    for _ in range(12):
        make.commitment(pledge, by=by)
    make.signed(pledge, by=by)
    with django_assert_max_num_queries(24):
        make.edition(pledge, by=by)
