"""Indicators and readings on the page: who may, what a correction leaves behind."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from loftet.core.models import Event, User
from loftet.map.models import Indicator, Reading
from tests import make
from tests.visit import as_person, read, went_to, words

pytestmark = pytest.mark.django_db
CORRECTION = {
    "value": "161,5",
    "source": "Polisen",
    "extracted_on": "2021-02-01",
    "reason": "En anmälan räknades två gånger.",
}
NEW_READING = {
    "starts": "2021-01-01",
    "ends": "2021-12-31",
    "value": "150",
    "source": "Polisen",
    "extracted_on": "2022-01-15",
}
NEW_INDICATOR = {
    "name_sv": "Klotter",
    "code": "klotter",
    "kind": "count",
    "unit_sv": "anmälningar",
    "wanted": "down",
    "definition_sv": "Antal anmälda fall.",
    "source": "Kommunen",
}


@pytest.fixture
def by() -> User:
    make.municipality()
    return make.coordinator()


@pytest.fixture
def reading(by: User) -> Reading:
    return make.reading(make.indicator("vald", kind="value", by=by), 2020, 162, by=by)


def post_correction(person: User, reading: Reading, **changed: str) -> Any:
    return as_person(person).post(
        f"/arbete/lagesbild/matning/{reading.pk}/ratta/", CORRECTION | changed
    )


def test_a_correction_is_written_with_a_comma_and_both_figures_are_shown(
    by: User, reading: Reading
) -> None:
    assert went_to(post_correction(by, reading)) == "/arbete/lagesbild/vald/"
    assert Reading.objects.current().get().value == Decimal("161.5")
    page = read(as_person(by), "/arbete/lagesbild/vald/")
    assert "162 blev 161,5" in page
    assert "En anmälan räknades två gånger." in page


def test_the_form_begins_with_the_reading_as_it_stands(by: User, reading: Reading) -> None:
    page = read(as_person(by), f"/arbete/lagesbild/matning/{reading.pk}/ratta/")
    assert 'value="162"' in page
    assert 'value="2021-01-15"' in page


def test_a_correction_without_a_reason_stays_in_the_form_with_what_was_written(
    by: User, reading: Reading
) -> None:
    response = post_correction(by, reading, reason="")
    assert response.status_code == 200
    assert "Skriv varför mätningen rättas" in words(response)
    assert 'value="161,5"' in words(response)
    assert Reading.objects.count() == 1


def test_a_figure_that_cannot_be_is_told_at_its_field(by: User) -> None:
    count = make.reading(make.indicator("antal", by=by), 2020, 162, by=by)
    response = post_correction(by, count)
    assert "Ett antal är ett heltal" in words(response)
    assert "id_value_error" in words(response)
    assert Reading.objects.count() == 1


@pytest.mark.parametrize("text", ["NaN", "Infinity", "1e30", "hundra"])
def test_what_is_not_a_figure_is_refused(by: User, reading: Reading, text: str) -> None:
    assert post_correction(by, reading, value=text).status_code == 200
    assert Reading.objects.count() == 1


def test_a_reason_that_names_a_person_by_number_is_refused(by: User, reading: Reading) -> None:
    response = post_correction(by, reading, reason="Ring 070-123 45 67.")
    assert "ett telefonnummer" in words(response)
    assert Reading.objects.count() == 1


@pytest.mark.parametrize("role", ["reporter", "signer"])
def test_who_may_not_write_readings_is_refused_by_the_action_not_only_in_the_menu(
    by: User, reading: Reading, role: str
) -> None:
    person = make.person(role)
    lines = Event.objects.count()
    assert "Rätta" not in read(as_person(person), "/arbete/lagesbild/vald/")
    posts = {
        f"/arbete/lagesbild/matning/{reading.pk}/ratta/": CORRECTION,
        "/arbete/lagesbild/vald/ny/": NEW_READING,
        "/arbete/lagesbild/ny/": NEW_INDICATOR,
    }
    for path, data in posts.items():
        response = as_person(person).post(path, data)
        assert response.status_code == 403
        assert "Inget har ändrats" in words(response)
    assert (Event.objects.count(), Reading.objects.count()) == (lines, 1)
    assert Indicator.objects.count() == 1


def test_someone_without_a_role_reads_nothing(reading: Reading) -> None:
    paths = ["", "vald/", "ny/", "vald/ny/", f"matning/{reading.pk}/ratta/"]
    stranger = as_person(make.person())
    assert [stranger.get(f"/arbete/lagesbild/{path}").status_code for path in paths] == [403] * 5


def test_the_police_officer_is_not_offered_the_municipality_s_readings(by: User) -> None:
    officer = make.person("municipal_officer", make.organisation(kind="police"))
    owned = make.indicator("skrap", kind="value", owner=make.organisation(), by=by)
    reading = make.reading(owned, 2020, 12, by=by)
    assert "Rätta" not in read(as_person(officer), "/arbete/lagesbild/skrap/")
    assert post_correction(officer, reading).status_code == 403


def test_a_new_indicator_leads_to_its_first_reading(by: User) -> None:
    client = as_person(by)
    answer = client.post("/arbete/lagesbild/ny/", NEW_INDICATOR)
    assert went_to(answer) == "/arbete/lagesbild/klotter/"
    answer = client.post("/arbete/lagesbild/klotter/ny/", NEW_READING)
    assert went_to(answer) == "/arbete/lagesbild/klotter/"
    assert Reading.objects.get().starts == date(2021, 1, 1)
    assert "150" in read(client, "/arbete/lagesbild/klotter/")


def test_a_code_that_is_taken_is_told_at_its_field(by: User, reading: Reading) -> None:
    response = as_person(by).post("/arbete/lagesbild/ny/", NEW_INDICATOR | {"code": "vald"})
    assert "id_code_error" in words(response)
    assert list(Indicator.objects.all()) == [reading.indicator]


def test_only_a_share_is_asked_for_its_counts(by: User) -> None:
    make.indicator("andel", kind="share", by=by)
    make.indicator("antal", by=by)
    client = as_person(by)
    assert 'name="numerator"' in read(client, "/arbete/lagesbild/andel/ny/")
    assert 'name="numerator"' not in read(client, "/arbete/lagesbild/antal/ny/")


def test_a_share_is_kept_with_its_counts(by: User) -> None:
    make.indicator("andel", kind="share", by=by)
    data = NEW_READING | {"value": "", "numerator": "525", "denominator": "900"}
    went_to(as_person(by).post("/arbete/lagesbild/andel/ny/", data))
    page = read(as_person(by), "/arbete/lagesbild/andel/")
    assert "525 av 900" in page
    assert "58,33" in page


def test_a_reading_that_is_not_there_is_404(by: User) -> None:
    assert as_person(by).get("/arbete/lagesbild/matning/999/ratta/").status_code == 404
    assert as_person(by).get("/arbete/lagesbild/finns-inte/").status_code == 404
