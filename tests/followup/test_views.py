"""The follow-up as staff meet it: three answers, and who may report."""

from typing import Any

import pytest

from loftet.core.models import Event, Organisation, User
from loftet.followup.models import Result
from loftet.promise.models import Pledge
from tests import make
from tests.visit import as_person, read, went_to, words

pytestmark = pytest.mark.django_db
REPORT = {"quantity": "1,5", "source": "Kommunen", "as_of": "2021-01-15"}


@pytest.fixture(autouse=True)
def _day(settings: Any) -> None:
    settings.DEMO_DAY = "2021-01-21"


@pytest.fixture
def by() -> User:
    make.municipality()
    return make.coordinator()


@pytest.fixture
def city() -> Organisation:
    return make.organisation()


@pytest.fixture
def pledge(by: User, city: Organisation) -> Pledge:
    """Two rounds, a thing to be in place, and fewer reports."""
    pledge = make.pledge(by=by)
    make.commitment(pledge, "20-1", responsible=city, by=by)
    make.commitment(pledge, "20-2", kind="deliverable", responsible=city, by=by)
    make.fewer_reports(pledge, 185, 162, by=by)
    return make.signed(pledge, by=by)


def report(person: User, code: str = "20-1", **changed: str) -> Any:
    return as_person(person).post(f"/arbete/uppfoljning/2020/{code}/", REPORT | changed)


@pytest.mark.usefixtures("pledge")
def test_a_report_is_judged_at_once_on_the_page(by: User) -> None:
    assert went_to(report(by)) == "/arbete/uppfoljning/2020/"
    page = read(as_person(by), "/arbete/uppfoljning/2020/")
    assert "Delvis" in page
    assert "1,5" in page
    assert "inom normal slumpvariation (kvot 0,88; 95 % 0,70–1,09)" in page.replace("\xa0", " ")


@pytest.mark.usefixtures("pledge")
def test_a_new_report_begins_where_the_last_one_ended(by: User) -> None:
    report(by, text_sv="En rond i maj.")
    page = read(as_person(by), "/arbete/uppfoljning/2020/20-1/")
    assert "En rond i maj." in page
    assert 'value="1,5' in page
    assert 'value="2021-01-21"' in page


@pytest.mark.usefixtures("pledge")
def test_each_kind_of_promise_is_asked_for_what_it_is_measured_by(by: User) -> None:
    client = as_person(by)
    counted = read(client, "/arbete/uppfoljning/2020/20-1/")
    thing = read(client, "/arbete/uppfoljning/2020/20-2/")
    assert ('name="quantity"' in counted, 'name="state"' in counted) == (True, False)
    assert ('name="quantity"' in thing, 'name="state"' in thing) == (False, True)


@pytest.mark.usefixtures("pledge")
def test_a_thing_that_is_not_in_place_needs_its_reason_and_keeps_what_was_written(by: User) -> None:
    response = report(by, "20-2", state="not_done", text_sv="Lokalen är klar.")
    assert "id_reason_sv_error" in words(response)
    assert "Lokalen är klar." in words(response)
    assert not Result.objects.exists()


@pytest.mark.usefixtures("pledge")
def test_a_reporter_reports_for_the_own_organisation_alone(city: Organisation) -> None:
    own, other = make.person("reporter", city), make.person("reporter")
    lines = Event.objects.count()
    assert report(other).status_code == 403
    assert Event.objects.count() == lines
    assert went_to(report(own)) == "/arbete/uppfoljning/2020/"
    link = "/arbete/uppfoljning/2020/20-1/"
    assert link in read(as_person(own), "/arbete/uppfoljning/2020/")
    assert link not in read(as_person(other), "/arbete/uppfoljning/2020/")


@pytest.mark.usefixtures("pledge")
def test_a_signer_reads_and_does_not_report() -> None:
    signer = make.person("signer")
    assert report(signer).status_code == 403
    assert read(as_person(signer), "/arbete/uppfoljning/2020/")


@pytest.mark.usefixtures("pledge")
def test_someone_without_a_role_reads_nothing() -> None:
    stranger = as_person(make.person())
    paths = ["", "2020/", "2020/20-1/"]
    assert [stranger.get(f"/arbete/uppfoljning/{p}").status_code for p in paths] == [403] * 3


def test_a_pledge_that_is_not_signed_has_no_follow_up(by: User) -> None:
    make.commitment(make.pledge(by=by), "20-1", by=by)
    client = as_person(by)
    assert client.get("/arbete/uppfoljning/2020/").status_code == 404
    assert "Medborgarlöfte 2020" not in read(client, "/arbete/uppfoljning/")
    assert "är inte undertecknat än" in words(report(by))
    assert not Result.objects.exists()
