"""However much there is, a list asks the database as often as when there is little."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from loftet.core.models import User
from loftet.map.models import Indicator
from loftet.promise import actions
from loftet.promise.models import Pledge
from loftet.promise.rules import State
from tests import make
from tests.visit import as_person, queries

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _day(settings: Any) -> None:
    settings.DEMO_DAY = "2021-01-21"


def a_year(year: int, by: User) -> None:
    """A pledge of all kinds, signed, published and partly followed up; every unit a new one."""
    pledge = make.pledge(year, by=by)
    area = make.area()
    unit = make.organisation(parent=make.organisation(parent=make.organisation()))
    rounds = make.commitment(pledge, f"{year}-1", responsible=unit, by=by)
    rounds.areas.add(area)
    make.commitment(pledge, f"{year}-2", kind="deliverable", responsible=unit, by=by)
    make.fewer_reports(pledge, 185, 162, by=by)
    make.signed(pledge, by=by)
    make.result(rounds, quantity=Decimal(1), by=by)
    make.edition(pledge, "pledge", by=by)
    make.edition(pledge, by=by)


def another_promise(_year: int, by: User) -> None:
    """Two more in the draft of 2030, one of them with figures."""
    draft = Pledge.objects.get(period="2030")
    make.commitment(draft, responsible=make.organisation(parent=make.organisation()), by=by)
    make.fewer_reports(draft, 185, by=by)


def a_text_to_write_and_one_to_sign(year: int, by: User) -> None:
    make.pledge(year + 20, by=by)
    pledge = make.pledge(year + 40, by=by)
    make.commitment(pledge, by=by)
    actions.move(pledge=pledge, to=State.OUT_FOR_COMMENT, by=by)
    actions.move(pledge=pledge, to=State.DECIDED, by=by)


def another_reading(year: int, by: User) -> None:
    make.reading(Indicator.objects.get(code="vald"), year + 20, 162, by=by)


def assert_flat(path: str, grow: Callable[[int, User], None], by: User, person: User) -> None:
    client = as_person(person)
    grow(2015, by)
    few = queries(client, path)
    for year in range(2016, 2020):
        grow(year, by)
    many = queries(client, path)
    assert many <= few, f"{path}: {few} queries with one, {many} with five"


@pytest.mark.parametrize(
    "path",
    [
        "/", "/sa-gick-det/", "/flode.xml", "/medborgarlofte/2015/", "/sa-gick-det/2015/",
        "/sa-arbetar-vi/", "/arbete/", "/arbete/lagesbild/", "/arbete/loften/",
        "/arbete/uppfoljning/", "/arbete/publicering/", "/arbete/publicering/followup/2015/",
    ],
)  # fmt: skip
def test_more_years_ask_no_more(path: str) -> None:
    make.municipality()
    by = make.coordinator()
    assert_flat(path, a_year, by, by)


@pytest.mark.parametrize("path", ["/arbete/loften/2030/", "/arbete/loften/2030/lofte/nytt/"])
def test_more_promises_ask_no_more(path: str) -> None:
    by = make.coordinator()
    make.pledge(2030, by=by)
    assert_flat(path, another_promise, by, by)


def test_more_readings_ask_no_more() -> None:
    make.municipality()
    by = make.coordinator()
    make.indicator("vald", by=by)
    assert_flat("/arbete/lagesbild/vald/", another_reading, by, by)


@pytest.mark.parametrize("role", ["coordinator", "signer", "municipal_officer"])
def test_more_that_waits_asks_no_more(role: str) -> None:
    by = make.coordinator()
    person = make.person(role, make.organisation(kind="police"))
    assert_flat("/arbete/", a_text_to_write_and_one_to_sign, by, person)


@pytest.mark.parametrize("number", [1, 6])
def test_a_follow_up_page_of_many_promises_asks_as_one_of_few(number: int) -> None:
    by = make.coordinator()
    asked = []
    for year, size in ((2018, 1), (2019, number)):
        pledge = make.pledge(year, by=by)
        for _ in range(size):
            unit = make.organisation(parent=make.organisation())
            make.commitment(pledge, responsible=unit, by=by)
            make.fewer_reports(pledge, 185, 162, by=by)
        make.edition(make.signed(pledge, by=by), by=by)
        paths = [f"/arbete/uppfoljning/{year}/", f"/sa-gick-det/{year}/"]
        asked.append([queries(as_person(by), path) for path in paths])
    assert asked[0] == asked[1]
