"""The staff's side of publication: look, say what is new, publish."""

from decimal import Decimal
from typing import Any

import pytest

from loftet.core.models import User
from loftet.map import actions as map_actions
from loftet.map.models import Reading
from loftet.promise.models import Pledge
from loftet.publish import caching
from loftet.publish.models import Edition
from tests import make
from tests.visit import as_person, read, went_to, words

pytestmark = pytest.mark.django_db
TELL = "/arbete/publicering/followup/2020/"
BUTTON = {"csrfmiddlewaretoken": "as every form of ours sends"}


@pytest.fixture(autouse=True)
def _day(settings: Any) -> None:
    settings.DEMO_DAY = "2021-01-21"
    caching.forget()


@pytest.fixture
def by() -> User:
    make.municipality()
    return make.coordinator()


@pytest.fixture
def pledge(by: User) -> Pledge:
    pledge = make.pledge(by=by)
    make.fewer_reports(pledge, 185, 162, by=by)
    return make.signed(pledge, by=by)


def correct(by: User, value: int = 100) -> None:
    reading = Reading.objects.current().latest("starts")
    map_actions.correct_reading(
        reading=reading, value=Decimal(value), reason="En fil lästes in två gånger.",
        source="Polisen", extracted_on=reading.extracted_on, by=by,
    )  # fmt: skip


@pytest.mark.usefixtures("pledge")
def test_the_preview_says_what_the_public_page_then_says(by: User) -> None:
    client = as_person(by)
    sentence = "inom normal slumpvariation (kvot 0,88; 95 % 0,70–1,09)"
    assert sentence in read(client, TELL).replace("\xa0", " ")
    assert not Edition.objects.exists()
    assert went_to(client.post(TELL, BUTTON)) == "/arbete/publicering/"
    assert sentence in read(client, "/sa-gick-det/2020/").replace("\xa0", " ")


@pytest.mark.usefixtures("pledge")
def test_the_first_edition_asks_for_no_reason_and_the_next_does(by: User) -> None:
    client = as_person(by)
    assert 'name="reason_sv"' not in read(client, TELL)
    client.post(TELL, BUTTON)
    correct(by)
    assert 'name="reason_sv"' in read(client, TELL)
    response = client.post(TELL, {"reason_sv": " "})
    assert "id_reason_sv_error" in words(response)
    assert Edition.objects.count() == 1
    went_to(client.post(TELL, {"reason_sv": "Siffran för 2020 är rättad."}))
    assert "Siffran för 2020 är rättad." in read(client, "/sa-gick-det/2020/")


def test_what_differs_from_the_last_edition_is_listed_side_by_side(
    by: User, pledge: Pledge
) -> None:
    client = as_person(by)
    make.edition(pledge, by=by)
    assert "slumpvariation" not in read(client, TELL).split('id="preview"')[0]
    correct(by)
    listed = read(client, TELL).split('id="preview"')[0]
    assert "inom normal slumpvariation" in listed
    assert "mer än vad slumpen förklarar" in listed


def test_nothing_new_cannot_be_published(by: User, pledge: Pledge) -> None:
    make.edition(pledge, by=by)
    response = as_person(by).post(TELL, {"reason_sv": "Samma sak."})
    assert "Det finns ingen ny utgåva att publicera." in words(response)
    assert Edition.objects.count() == 1


@pytest.mark.parametrize("role", ["reporter", "signer", "municipal_officer"])
@pytest.mark.usefixtures("pledge")
def test_who_may_not_publish_may_look_and_is_refused_by_the_action(role: str) -> None:
    client = as_person(make.person(role))
    assert "Publicera utgåva" not in read(client, TELL)
    assert client.post(TELL, BUTTON).status_code == 403
    assert not Edition.objects.exists()


@pytest.mark.usefixtures("pledge")
def test_someone_without_a_role_reads_nothing() -> None:
    stranger = as_person(make.person())
    assert stranger.get("/arbete/publicering/").status_code == 403
    assert stranger.get(TELL).status_code == 403


def test_a_pledge_that_is_not_signed_cannot_be_looked_at_as_an_edition(by: User) -> None:
    make.commitment(make.pledge(by=by), by=by)
    assert as_person(by).get(TELL).status_code == 404
    assert as_person(by).post(TELL, BUTTON).status_code == 404


@pytest.mark.usefixtures("pledge")
def test_only_the_two_kinds_of_edition_exist(by: User) -> None:
    assert as_person(by).post("/arbete/publicering/circus/2020/").status_code == 404


def test_the_list_says_what_is_public_and_what_is_not(by: User, pledge: Pledge) -> None:
    client = as_person(by)
    assert read(client, "/arbete/publicering/").count("Inte publicerat") == 2
    make.edition(pledge, by=by)
    page = read(client, "/arbete/publicering/")
    assert page.count("Inte publicerat") == 1
    assert "Utgåva 1, 21 januari 2021" in page
