"""The desk: where in the year, what is due and late, and what waits for whom."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from loftet.core import actions as core_actions
from loftet.core.errors import NotAllowed
from loftet.core.models import Deadline, User
from loftet.core.roles import SYSTEM
from loftet.desk import waiting
from loftet.promise import actions
from loftet.promise.models import Pledge
from loftet.promise.rules import State
from tests import make
from tests.visit import as_person, read, went_to

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _day(settings: Any) -> None:
    settings.DEMO_DAY = "2021-01-21"


@pytest.fixture
def by() -> User:
    make.municipality()
    return make.coordinator()


def waits(person: User) -> list[str]:
    return [one.text for one in waiting.for_person(person)]


def signer(kind: str) -> User:
    return make.person("signer", make.organisation(kind=kind))


def decided(by: User) -> Pledge:
    pledge = make.pledge(2021, by=by)
    make.commitment(pledge, by=by)
    actions.move(pledge=pledge, to=State.OUT_FOR_COMMENT, by=by)
    return actions.move(pledge=pledge, to=State.DECIDED, by=by)


# --- What waits -----------------------------------------------------------------------------------


def test_an_open_text_waits_for_those_who_write_it(by: User) -> None:
    make.pledge(2021, by=by)
    officer = make.person("municipal_officer", make.organisation(kind="police"))
    assert waits(by) == waits(officer) == ["Skriv på: Medborgarlöfte 2021"]
    assert waits(make.person("reporter")) == waits(signer("police")) == []


def test_a_decided_pledge_waits_for_each_signer_until_signed(by: User) -> None:
    pledge = decided(by)
    police, city = signer("police"), signer("municipality")
    assert waits(police) == waits(city) == ["Underteckna: Medborgarlöfte 2021"]
    actions.sign(pledge=pledge, party="police", title="Chef", by=police)
    assert (waits(police), len(waits(city)), waits(by)) == ([], 1, [])


def test_nothing_is_to_be_signed_by_one_who_signs_for_no_party(by: User) -> None:
    decided(by)
    assert waits(signer("housing")) == []


def test_who_reports_for_the_other_party_too_still_signs_for_the_own(by: User) -> None:
    pledge = decided(by)
    city = signer("municipality")
    core_actions.grant_role(
        person=city, role="reporter", organisation=make.organisation(kind="police"),
        valid_from=make.LONG_AGO, by=SYSTEM,
    )  # fmt: skip
    actions.sign(pledge=pledge, party="police", title="Chef", by=signer("police"))
    assert waits(city) == ["Underteckna: Medborgarlöfte 2021"]


def test_a_signed_pledge_waits_to_be_published_and_then_to_be_told(by: User) -> None:
    pledge = make.pledge(2020, by=by)
    promise = make.commitment(pledge, "20-1", by=by)
    make.signed(pledge, by=by)
    make.result(promise, quantity=Decimal(2), by=by)
    first = "Publicera löftet: Medborgarlöfte 2020"
    then = "Publicera hur det gick: Medborgarlöfte 2020"
    assert waits(by) == [first, then]
    make.edition(pledge, "pledge", by=by)
    assert waits(by) == [then]
    make.edition(pledge, "followup", by=by)
    assert waits(by) == []


def test_a_year_that_goes_on_is_not_yet_to_be_told(by: User) -> None:
    pledge = make.pledge(2021, by=by)
    make.commitment(pledge, by=by)
    make.edition(make.signed(pledge, by=by), "pledge", by=by)
    assert waits(by) == []


def test_a_report_waits_for_the_organisation_that_answers_for_it(by: User) -> None:
    city = make.organisation()
    pledge = make.pledge(2020, by=by)
    promise = make.commitment(pledge, "20-1", responsible=city, by=by)
    make.signed(pledge, by=by)
    own, other = make.person("reporter", city), make.person("reporter")
    assert waits(own) == ["Rapportera om 20-1: Trygghetsronder i två områden."]
    assert waits(other) == []
    make.result(promise, quantity=Decimal(2), by=own)
    assert waits(own) == []


def test_each_thing_that_waits_leads_to_a_page_where_it_is_done(by: User) -> None:
    city = make.organisation(kind="municipality")
    pledge = make.pledge(2020, by=by)
    make.commitment(pledge, responsible=city, by=by)
    make.signed(pledge, by=by)
    decided(by)
    for person in (by, make.person("reporter", city), signer("police")):
        things, client = waiting.for_person(person), as_person(person)
        assert things
        assert [client.get(one.url).status_code for one in things] == [200] * len(things)


# --- Deadlines ------------------------------------------------------------------------------------


def test_what_is_late_stands_before_what_is_due_soon(by: User) -> None:
    for period, year in (("2018", 2018), ("2021", 2021)):
        cycle = make.cycle(period, date(year, 1, 1), date(year, 12, 31), by=by)
        Deadline.objects.about(cycle).delete()
        make.deadline("year_end_follow_up", cycle, by=by)
    page = read(as_person(by), "/arbete/")
    late, soon = (page.index(f": {period}") for period in ("2018", "2021"))
    assert late < soon
    assert page.count("(försenat)") == 1


def test_a_met_deadline_leaves_the_desk(by: User) -> None:
    cycle = make.cycle("2021", date(2021, 1, 1), date(2021, 12, 31), by=by)
    Deadline.objects.about(cycle).delete()
    deadline = make.deadline("year_end_follow_up", cycle, by=by)
    path = f"/arbete/klart/{deadline.pk}/"
    client = as_person(by)
    assert client.get(path).status_code == 405
    assert went_to(client.post(path)) == "/arbete/"
    deadline.refresh_from_db()
    assert deadline.met_on == date(2021, 1, 21)
    assert path not in read(client, "/arbete/")
    assert client.post(path).status_code == 409


@pytest.mark.parametrize("role", ["reporter", "signer", "municipal_officer"])
def test_nobody_ticks_off_what_another_role_answers_for(by: User, role: str) -> None:
    cycle = make.cycle("2021", date(2021, 1, 1), date(2021, 12, 31), by=by)
    deadline = Deadline.objects.about(cycle).filter(role="coordinator").first()
    assert deadline
    client = as_person(make.person(role))
    assert f"/arbete/klart/{deadline.pk}/" not in read(client, "/arbete/")
    assert client.post(f"/arbete/klart/{deadline.pk}/").status_code == 403
    deadline.refresh_from_db()
    assert deadline.met_on is None


# --- The page -------------------------------------------------------------------------------------


def test_the_desk_says_which_day_and_year_it_is(by: User) -> None:
    make.cycle("2021", date(2021, 1, 1), date(2021, 12, 31), by=by)
    page = read(as_person(by), "/arbete/")
    assert "21 januari 2021" in page
    assert "Årshjulet" in page or "årshjulet" in page


def test_a_new_installation_has_a_desk_where_nothing_waits(by: User) -> None:
    assert "Inget väntar på dig." in read(as_person(by), "/arbete/")


def test_who_has_no_role_has_no_desk() -> None:
    assert as_person(make.person()).get("/arbete/").status_code == 403


def test_only_who_publishes_sees_publication_in_the_menu(by: User) -> None:
    assert "/arbete/publicering/" in read(as_person(by), "/arbete/")
    assert "/arbete/publicering/" not in read(as_person(make.person("reporter")), "/arbete/")


def test_the_desk_is_kept_by_no_cache(by: User) -> None:
    assert as_person(by).get("/arbete/")["Cache-Control"] == "no-store"


def test_no_system_command_ticks_off_a_deadline(by: User) -> None:
    make.cycle("2021", date(2021, 1, 1), date(2021, 12, 31), by=by)
    deadline = Deadline.objects.all()[0]
    with pytest.raises(NotAllowed):
        core_actions.meet_deadline(deadline=deadline, by=SYSTEM)
