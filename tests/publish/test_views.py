"""The public pages: what they say, that they come from editions, and that they cost little."""

from typing import Any
from xml.etree import ElementTree

import pytest
from django.test import Client

from loftet.core.models import User
from loftet.followup.models import Result
from loftet.map.models import Reading
from loftet.promise.models import Commitment, Pledge
from loftet.publish import caching
from loftet.publish.models import Edition
from tests import make

pytestmark = pytest.mark.django_db
CHANCE = {
    "sv": "inom normal slumpvariation (kvot 0,88;",
    "en": "within normal chance variation (ratio 0.88;",
}


@pytest.fixture(autouse=True)
def _day(settings: Any) -> None:
    settings.DEMO_DAY = "2021-01-21"
    caching.forget()


@pytest.fixture
def by() -> User:
    make.municipality()
    return make.coordinator()


@pytest.fixture
def published(by: User) -> Pledge:
    pledge = make.pledge(by=by)
    make.fewer_reports(pledge, 185, 162, by=by)
    make.signed(pledge, by=by)
    make.edition(pledge, "pledge", by=by)
    make.edition(pledge, "followup", by=by)
    return pledge


def text(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.usefixtures("published")
@pytest.mark.parametrize(("language", "prefix"), [("sv", ""), ("en", "/en")])
def test_the_follow_up_says_the_same_in_both_languages(
    client: Client, language: str, prefix: str
) -> None:
    page = text(client, f"{prefix}/sa-gick-det/2020/")
    assert CHANCE[language] in page
    assert f'<html lang="{language}">' in page


@pytest.mark.usefixtures("published")
def test_the_public_pages_need_no_working_table(client: Client) -> None:
    """Even with every working row gone the pages say what they said."""
    paths = ["/", "/medborgarlofte/2020/", "/sa-gick-det/2020/", "/sa-gick-det/2020/utgava/1/"]
    before = [text(client, path) for path in paths]
    caching.forget()
    Result.objects.all().delete()
    Commitment.objects.all().delete()
    Reading.objects.all().delete()
    assert [text(client, path) for path in paths] == before


def test_a_page_asks_the_database_once_while_nothing_is_written(
    client: Client, published: Pledge, django_assert_num_queries: Any
) -> None:
    text(client, "/sa-gick-det/2020/")
    with django_assert_num_queries(1):
        text(client, "/sa-gick-det/2020/")


def test_a_write_is_seen_at_once(client: Client, by: User, published: Pledge) -> None:
    assert "Utgåva 2" not in text(client, "/sa-gick-det/2020/")
    make.result(published.commitments.get(), context_sv="Pandemin.", by=by)
    assert "Pandemin." not in text(client, "/sa-gick-det/2020/")
    make.edition(published, reason="Sammanhang.", by=by)
    page = text(client, "/sa-gick-det/2020/")
    assert "Pandemin." in page
    assert "Utgåva 2" in page


@pytest.mark.usefixtures("published")
def test_who_has_the_page_already_gets_304(client: Client) -> None:
    first = client.get("/sa-gick-det/2020/")
    assert first["Cache-Control"] == "public, max-age=0, s-maxage=60"
    assert "Cookie" not in first.get("Vary", "")
    again = client.get("/sa-gick-det/2020/", headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.usefixtures("published")
def test_no_cookie_is_set_on_public_pages(client: Client) -> None:
    for path in [
        "/",
        "/sa-gick-det/2020/",
        "/en/",
        "/sa-arbetar-vi/",
        "/tillganglighet/",
        "/flode.xml",
    ]:
        assert not client.get(path).cookies


def test_an_old_edition_stays_at_its_address(client: Client, by: User, published: Pledge) -> None:
    make.result(published.commitments.get(), context_sv="Pandemin.", by=by)
    make.edition(published, reason="Sammanhang.", by=by)
    old = text(client, "/sa-gick-det/2020/utgava/1/")
    assert "Pandemin." not in old
    assert "Det här är en tidigare utgåva." in old
    assert client.get("/sa-gick-det/2020/utgava/3/").status_code == 404


@pytest.mark.usefixtures("published")
def test_a_commitment_has_an_address_of_its_own(client: Client) -> None:
    code = Edition.objects.pledges().get().content["commitments"][0]["code"]
    page = text(client, f"/medborgarlofte/2020/{code}/")
    assert "Färre anmälda brott." in page
    assert CHANCE["sv"] in page
    assert client.get("/medborgarlofte/2020/finns-inte/").status_code == 404


@pytest.mark.usefixtures("published")
def test_the_open_data_carry_the_content_and_its_digest(client: Client) -> None:
    edition = Edition.objects.followups().get()
    data = client.get("/data/followup/2020/1.json").json()
    assert data == {"digest": edition.digest, "content": edition.content}


@pytest.mark.usefixtures("published")
def test_the_feed_is_atom_with_absolute_addresses(client: Client) -> None:
    feed = ElementTree.fromstring(client.get("/flode.xml").content)  # noqa: S314 - our own
    space = {"a": "http://www.w3.org/2005/Atom"}
    links = [link.get("href") for link in feed.findall("a:entry/a:link", space)]
    assert links == [
        "http://testserver/sa-gick-det/2020/utgava/1/",
        "http://testserver/medborgarlofte/2020/utgava/1/",
    ]


def test_an_expired_pledge_without_follow_up_is_shown_as_awaited(client: Client, by: User) -> None:
    pledge = make.pledge(by=by)
    make.commitment(pledge, by=by)
    make.edition(make.signed(pledge, by=by), "pledge", by=by)
    assert "Uppföljning väntas" in text(client, "/")
    assert "Uppföljningen väntas." in text(client, "/medborgarlofte/2020/")


def test_an_empty_installation_has_a_home_page(client: Client) -> None:
    assert "Medborgarlöftet" in text(client, "/")


@pytest.mark.usefixtures("published")
def test_texts_that_people_wrote_are_never_markup(client: Client, by: User) -> None:
    pledge = make.pledge(2019, by=by)
    make.commitment(pledge, text_sv="<script>alert(1)</script>", by=by)
    make.edition(make.signed(pledge, by=by), "pledge", by=by)
    page = text(client, "/medborgarlofte/2019/")
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page
