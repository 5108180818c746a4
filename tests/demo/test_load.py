"""The demonstration: real facts, told through the actions; two sentences must stand."""

from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from loftet.core import log
from loftet.core.models import Area, Event, Place, User
from loftet.demo import load
from loftet.desk import waiting
from loftet.promise.models import Pledge
from loftet.publish import caching
from loftet.publish.models import Edition
from tests import make
from tests.visit import read

pytestmark = pytest.mark.django_db
SENTENCES = {
    "/sa-gick-det/2020/": [
        "inom normal slumpvariation (kvot 0,88; 95 % 0,70–1,09)",
        "kan inte bedömas: antal ärenden saknas",
    ],
    "/en/sa-gick-det/2020/": [
        "within normal chance variation (ratio 0.88; 95% 0.70–1.09)",
        "cannot be judged: the number of cases is missing",
    ],
}


@pytest.fixture(autouse=True)
def _day(settings: Any) -> None:
    settings.DEMO_DAY = "2021-01-21"
    caching.forget()


@pytest.fixture
def demo(_day: None) -> None:
    load.load()


def page(client: Client, path: str) -> str:
    return read(client, path).replace("\xa0", " ").replace("\u202f", " ")


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize("path", SENTENCES)
def test_the_follow_up_says_the_two_sentences(client: Client, path: str) -> None:
    told = page(client, path).lower()
    assert [said for said in SENTENCES[path] if said not in told] == []


@pytest.mark.usefixtures("demo")
def test_kept_late_and_unprovable_are_told_apart(client: Client) -> None:
    content = Edition.objects.followups().get().content
    told = {one["code"]: (one["verdict"], one["late"]) for one in content["commitments"]}
    assert len(told) == 4
    assert sorted(told.values()) == [
        ("cannot_tell", False), ("cannot_tell", False), ("kept", False), ("not_kept", True),
    ]  # fmt: skip
    shown = page(client, "/sa-gick-det/2020/")
    assert "Klart" in shown
    assert "Kan inte visas" in shown


@pytest.mark.usefixtures("demo")
def test_the_delayed_contact_centre_stands_with_its_reason(client: Client) -> None:
    (late,) = [c for c in Edition.objects.followups().get().content["commitments"] if c["late"]]
    assert "kontaktcenter" in late["text"]["sv"].lower()
    for prefix, language in (("", "sv"), ("/en", "en")):
        assert late["reason"][language]
        assert late["reason"][language] in page(client, f"{prefix}/sa-gick-det/2020/")


@pytest.mark.usefixtures("demo")
def test_the_interval_of_the_change_is_drawn_with_its_table(client: Client) -> None:
    shown = page(client, "/sa-gick-det/2020/")
    assert "<svg" in shown
    assert "0,70" in shown.split("<table", 1)[1]


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize("prefix", ["", "/en"])
def test_the_five_lines_of_2021_are_promised(client: Client, prefix: str) -> None:
    language = prefix.strip("/") or "sv"
    content = Edition.objects.pledges().get(period="2021").content
    assert [one["code"] for one in content["commitments"]] == [f"21-{n}" for n in range(1, 6)]
    shown = page(client, f"{prefix}/medborgarlofte/2021/")
    assert [c["code"] for c in content["commitments"] if c["text"][language] not in shown] == []


@pytest.mark.usefixtures("demo")
def test_everything_was_written_through_the_actions_and_the_log_holds() -> None:
    assert list(log.verify()) == []
    written = set(Event.objects.values_list("verb", "subject"))
    for model in (Pledge, Edition, User, Area, Place):
        assert any(subject == model._meta.label_lower for _verb, subject in written), model
    lines = Event.objects.filter(subject="publish.edition").values_list("data__digest", flat=True)
    assert sorted(lines) == sorted(Edition.objects.values_list("digest", flat=True))
    assert all(edition.intact for edition in Edition.objects.all())


@pytest.mark.usefixtures("demo")
def test_districts_and_places_are_there_as_facts() -> None:
    assert Area.objects.filter(kind="district").count() > 20
    assert Place.objects.exists()
    assert not Place.objects.filter(area=None).exists()


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize("login", load.LOGINS, ids=lambda login: login.role)
def test_each_printed_login_opens_the_door(client: Client, login: load.Login) -> None:
    data = {"login": login.email, "password": load.PASSWORD}
    assert client.post("/konto/login/", data)["Location"] == "/arbete/"
    assert client.get("/arbete/").status_code == 200


@pytest.mark.usefixtures("demo")
def test_nothing_of_what_is_over_waits_for_the_coordinator() -> None:
    coordinator = User.objects.get(email=load.LOGINS[0].email)
    assert [one.text for one in waiting.for_person(coordinator)] == []


@pytest.mark.usefixtures("demo")
def test_loading_again_changes_nothing() -> None:
    before = log.head()
    said = StringIO()
    call_command("demo", "--load-only", stdout=said)
    assert log.head() == before
    assert load.PASSWORD in said.getvalue()
    assert all(login.email in said.getvalue() for login in load.LOGINS)


def test_a_database_in_use_is_left_alone() -> None:
    make.coordinator()
    before = log.head()
    with pytest.raises(CommandError, match="in use"):
        call_command("demo", "--load-only", stdout=StringIO())
    assert log.head() == before
    assert not Pledge.objects.exists()


def test_a_load_that_fails_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(**_kwargs: object) -> None:
        raise RuntimeError("the power went")

    monkeypatch.setattr(load, "publish", fails)
    with pytest.raises(RuntimeError):
        load.load()
    assert not User.objects.exists()
