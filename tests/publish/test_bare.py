"""Public pages with little behind them: nothing published, no English, very long texts."""

from typing import Any
from xml.etree import ElementTree

import pytest
from django.test import Client

from loftet.core.models import User
from loftet.promise import actions
from loftet.promise.models import Pledge
from loftet.publish import caching
from loftet.publish.models import Edition, digest
from tests import make
from tests.visit import read

pytestmark = pytest.mark.django_db
EMPTY = ["/", "/sa-gick-det/", "/sa-arbetar-vi/", "/tillganglighet/", "/flode.xml", "/robots.txt"]
NOT_THERE = [
    "/medborgarlofte/2020/", "/medborgarlofte/2020/20-1/", "/medborgarlofte/2020/utgava/1/",
    "/sa-gick-det/2020/", "/sa-gick-det/2020/utgava/99999999999999999999/",
    "/data/followup/2020/1.json", "/data/circus/2020/1.json",
]  # fmt: skip


@pytest.fixture(autouse=True)
def _day(settings: Any) -> None:
    settings.DEMO_DAY = "2021-01-21"
    caching.forget()


def published(by: User, **fields: Any) -> Pledge:
    pledge = make.pledge(by=by)
    make.commitment(pledge, "20-1", by=by, **fields)
    make.signed(pledge, by=by)
    make.edition(pledge, "pledge", by=by)
    make.edition(pledge, by=by)
    return pledge


@pytest.mark.parametrize("prefix", ["", "/en"])
@pytest.mark.parametrize("path", EMPTY)
def test_a_new_installation_answers_everywhere(client: Client, prefix: str, path: str) -> None:
    assert "None" not in read(client, prefix + path)


@pytest.mark.parametrize("prefix", ["", "/en"])
@pytest.mark.parametrize("path", NOT_THERE)
def test_what_is_not_published_is_not_found(client: Client, prefix: str, path: str) -> None:
    assert client.get(prefix + path).status_code == 404


def test_where_english_is_missing_the_english_page_says_it_in_swedish(client: Client) -> None:
    by = make.coordinator()
    pledge = published(by, text_en="", unit_en="", counting_rule_en="")
    Pledge.objects.filter(pk=pledge.pk).update(title_en="")
    for path in ("/en/", "/en/medborgarlofte/2020/20-1/", "/en/sa-gick-det/2020/"):
        page = read(client, path)
        assert "Trygghetsronder i två områden." in page
        assert '<html lang="en">' in page


def test_a_promise_as_long_as_it_may_be_is_shown_whole(client: Client) -> None:
    text = ("Vi går trygghetsronder. " * 20).strip()
    published(make.coordinator(), text_sv=text, because_sv="Därför. " * 2000)
    assert text in read(client, "/medborgarlofte/2020/20-1/")
    assert text in read(client, "/sa-gick-det/2020/")


@pytest.mark.parametrize(
    "path",
    ["/medborgarlofte/2020/", "/medborgarlofte/2020/20-1/", "/sa-gick-det/2020/", "/flode.xml"],
)
def test_no_text_that_people_wrote_becomes_markup(client: Client, path: str) -> None:
    by = make.coordinator()
    attack = "\"'><script>alert(1)</script>"
    pledge = make.pledge(by=by)
    pledge.title_sv = pledge.background_sv = attack
    actions.edit_pledge(pledge=pledge, by=by)
    texts = ("text_sv", "because_sv", "counting_rule_sv", "place", "unit_sv", "source")
    promise = make.commitment(pledge, "20-1", by=by, **dict.fromkeys(texts, attack))
    followed = make.indicator(
        by=by, name_sv=attack, unit_sv=attack, definition_sv=attack, caution_sv=attack
    )
    baseline = make.reading(followed, 2019, 185, by=by)
    make.reading(followed, 2020, 162, by=by)
    make.commitment(
        pledge,
        "20-2",
        kind="change",
        comparator="decrease",
        indicator=followed,
        baseline=baseline,
        by=by,
    )
    actions.record_signatures(pledge=pledge, signers=[("police", attack, attack, None)], by=by)
    told = ("text_sv", "reason_sv", "context_sv", "lesson_sv", "source")
    make.result(promise, by=by, **dict.fromkeys(told, attack))
    make.edition(pledge, "pledge", by=by)
    make.edition(pledge, by=by)
    page = client.get(path).content.decode()
    assert "<script>alert" not in page
    assert "alert(1)" in page


def test_the_feed_is_well_formed_when_nothing_is_published(client: Client) -> None:
    feed = ElementTree.fromstring(client.get("/flode.xml").content)  # noqa: S314 - our own
    assert feed.findall("{http://www.w3.org/2005/Atom}entry") == []


def test_the_memory_of_pages_is_bounded_whatever_is_asked_for(
    client: Client, settings: Any
) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    for number in range(caching.KEPT + 20):
        assert client.get("/robots.txt", headers={"host": f"h{number}.example"}).status_code == 200
        client.get(f"/?x={number}", headers={"host": f"h{number}.example"})
    assert len(caching._pages) == caching.KEPT


def test_a_query_makes_no_new_page_and_a_head_request_has_no_body(client: Client) -> None:
    client.get("/")
    client.get("/?utm_source=x")
    assert len(caching._pages) == 1
    answer = client.head("/")
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer["ETag"] == client.get("/")["ETag"]


def test_a_page_read_by_staff_is_the_page_of_everyone(client: Client) -> None:
    by = make.coordinator()
    client.force_login(by)
    seen = read(client, "/")
    assert by.name not in seen
    assert "csrf" not in seen.lower()
    caching.forget()
    assert read(Client(), "/") == seen


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (0, 0),
        (0, 7),
        (7, 0),
        (1, 10_000_000_000),
        (10_000_000_000, 1),
        (99_999_999_999, 99_999_999_999),
    ],
)
def test_figures_at_the_edge_are_frozen_shown_and_read_back_as_they_were(
    client: Client, before: int, after: int
) -> None:
    by = make.coordinator()
    pledge = make.pledge(by=by)
    make.fewer_reports(pledge, before, after, by=by)
    make.edition(make.signed(pledge, by=by), by=by)
    edition = Edition.objects.get()
    assert edition.intact
    strict = client.get("/data/followup/2020/1.json").json()  # NaN would not be read here
    assert strict["digest"] == edition.digest == digest(strict["content"])
    for path in ("/", "/sa-gick-det/2020/", "/en/sa-gick-det/2020/"):
        assert "nan" not in read(client, path).lower().split()


@pytest.mark.parametrize(
    ("before", "after"),
    [((0, 9), (0, 9)), ((9, 9), (9, 9)), ((0, 1), (1, 1)), ((1, 10**15), (1, 3))],
)
def test_shares_at_the_edge_too(
    client: Client, before: tuple[int, int], after: tuple[int, int]
) -> None:
    by = make.coordinator()
    pledge = make.pledge(by=by)
    followed = make.indicator(kind="share", by=by)
    baseline = make.reading(followed, 2019, before, by=by)
    make.reading(followed, 2020, after, by=by)
    make.commitment(
        pledge, kind="change", comparator="decrease", indicator=followed, baseline=baseline, by=by
    )
    make.edition(make.signed(pledge, by=by), by=by)
    assert Edition.objects.get().intact
    assert read(client, "/sa-gick-det/2020/")
