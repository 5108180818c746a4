"""The way in: codes right and wrong, open links, languages, and a machine that guesses."""

import logging
from datetime import date
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from loftet.core.models import Event
from loftet.listen import actions
from loftet.listen.models import AccessCode
from loftet.listen.rules import codes, limits
from tests import make
from tests.listen import make as survey
from tests.listen.answering import Person
from tests.visit import queries, words

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh() -> None:
    cache.clear()


def unknown() -> str:
    return codes.new()


def typed(code: str, **more: Any) -> str:
    return words(Client().post("/enkat/", {"code": code, **more}))


@pytest.mark.parametrize("how", ["{a}{b}", "{a} {b}", " {a}-{b} ", "{a} - {b}"])
def test_a_code_is_understood_however_it_is_typed(how: str) -> None:
    _wave, (code,) = survey.in_field()
    person = Person(how.format(a=code[:4].lower(), b=code[4:]))
    assert person.path == "borja/"
    assert "För att välja vad polis och kommun ska arbeta med." in person.page


def test_each_thing_wrong_with_a_code_is_said_and_what_was_typed_stays() -> None:
    survey.in_field()
    good = unknown()
    swapped = good[1] + good[0] + good[2:] if good[0] != good[1] else good[:6] + good[7] + good[6]
    said = {
        "": "Skriv koden som står i brevet",
        "ABC": "Koden ska ha åtta tecken",
        "ABCD EFG0": "I, L, O, 0 och 1 finns aldrig",
        swapped: "Ett tecken i koden verkar vara fel",
        good: "Koden finns inte i den här undersökningen",
    }
    for code, message in said.items():
        page = typed(code)
        assert message in page
        assert f'value="{code}"' in page


def test_used_codes_and_surveys_that_are_not_open_are_told_apart(settings: Any) -> None:
    settings.DEMO_DAY = "2026-10-05"
    by = make.coordinator()
    wave, (code,) = survey.in_field(by=by, opens=date(2026, 10, 1), closes=date(2026, 10, 31))
    survey.answered(wave, code, {"age": "old"})
    assert "redan ett inskickat svar" in typed(code)
    coming, (early,) = survey.in_field(by=by, opens=date(2026, 11, 1), closes=date(2026, 11, 30))
    assert "Den öppnar 1 november 2026" in typed(early)
    assert "opens on 1 November 2026" in typed(early, language="en")
    settings.DEMO_DAY = "2026-12-05"
    assert "Undersökningen är stängd" in typed(early)
    actions.close_field(wave=coming, by=by)
    assert "Undersökningen är stängd" in typed(early)


def test_the_right_survey_is_found_among_several() -> None:
    _first, (one,) = survey.in_field(purpose_sv="För den ena.")
    _second, (other,) = survey.in_field(purpose_sv="För den andra.")
    assert "För den ena." in Person(one).page
    assert "För den andra." in Person(other).page


def test_a_code_is_never_in_an_address_a_log_or_a_readable_cookie(
    caplog: pytest.LogCaptureFixture,
) -> None:
    _wave, (code,) = survey.in_field()
    before = Event.objects.count()
    client = Client()
    with caplog.at_level(logging.DEBUG):
        response = client.post("/enkat/", {"code": code})
        typed(unknown())
    assert code not in response["Location"]
    assert code not in caplog.text
    assert Event.objects.count() == before
    (cookie,) = client.cookies.values()
    assert code not in cookie.value
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == ("/enkat/", True, "Lax")
    assert 0 < cookie["max-age"] <= 12 * 60 * 60


def test_guessing_is_stopped_for_a_while_and_for_that_client_alone() -> None:
    _wave, (code,) = survey.in_field()
    for _ in range(limits.WRONG_CODES.most):
        assert "finns inte" in typed(unknown())
    response = Client().post("/enkat/", {"code": code})
    assert response.status_code == 429
    assert "Försök igen klockan" in words(response)
    elsewhere = Client(REMOTE_ADDR="192.0.2.7").post("/enkat/", {"code": code})
    assert elsewhere.status_code == 302


def test_behind_a_proxy_the_client_is_whom_the_proxy_names(settings: Any) -> None:
    settings.HTTPS = True
    survey.in_field()
    for number in range(limits.WRONG_CODES.most + 1):
        forged = f"198.51.100.{number}, 192.0.2.9"
        answer = Client(headers={"X-Forwarded-For": forged}).post("/enkat/", {"code": unknown()})
    assert answer.status_code == 429
    other = Client(headers={"X-Forwarded-For": "192.0.2.10"})
    assert other.post("/enkat/", {"code": unknown()}).status_code == 200


def test_old_tries_are_forgotten() -> None:
    limit = limits.Limit(most=3, within=10)
    assert limit.free_at([1, 2, 3], now=5) == 11
    assert limit.free_at([1, 2, 3], now=11.5) is None
    assert limit.counted([1, 2, 3, 4], now=12) == [3, 4]


def test_another_site_cannot_post_the_form() -> None:
    _wave, (code,) = survey.in_field()
    for headers in ({"Origin": "https://elsewhere.example"}, {"Sec-Fetch-Site": "cross-site"}):
        response = Client(headers=headers).post("/enkat/", {"code": code})
        assert response.status_code == 403
        assert not response.cookies


def test_an_open_link_tells_what_it_is_about_and_gives_a_code_to_come_back_with() -> None:
    make.municipality()
    wave, _none = survey.in_field(design="open")
    person = Person()
    page = person.at(f"{wave.code}/")
    for said in ("För att välja vad", "Uppgift av allmänt intresse", "frivilligt", "Ungefär 5 min"):
        assert said in page
    assert not AccessCode.objects.exists()
    person.posts(f"{wave.code}/")
    assert person.path == "borja/"
    code = person.page.split("fortsätta senare: ")[1][:9]
    person.posts("borja/")
    person.posts("fraga/you/", age="young", _go="save")
    assert code in person.page
    again = Person(code)
    assert 'value="young" checked' in again.at("fraga/you/")


def test_a_survey_with_codes_does_not_give_them_away() -> None:
    wave, _codes = survey.in_field()
    person = Person()
    assert "Börja svara" not in person.at(f"{wave.code}/")
    assert "koden som står i brevet" in words(Client().post(f"/enkat/{wave.code}/"))
    assert AccessCode.objects.count() == 1
    assert Client().get("/enkat/finns-inte/").status_code == 404


def test_the_language_is_chosen_in_its_own_name() -> None:
    _wave, (code,) = survey.in_field()
    person = Person(code)
    assert 'lang="en" dir="ltr">English<' in person.page
    person.posts("borja/", _language="en")
    assert '<html lang="en" dir="ltr">' in person.page
    assert "Why we ask" in person.page
    assert '<dd lang="sv" dir="ltr">För att välja' in person.page


@pytest.mark.parametrize(("tag", "way"), [("sv", "ltr"), ("sv-x-easy", "ltr"), ("ar", "rtl")])
def test_the_first_page_speaks_every_language_of_ours(tag: str, way: str) -> None:
    response = Client().get("/enkat/", {"sprak": tag})
    assert f'<html lang="{tag}" dir="{way}">' in words(response)
    assert response["Content-Language"] == tag


def test_a_forged_or_old_cookie_leads_back_to_the_code(monkeypatch: pytest.MonkeyPatch) -> None:
    _wave, (code,) = survey.in_field()
    person = Person(code)
    monkeypatch.setattr("time.time", lambda: 4_000_000_000)
    assert "Skriv koden igen" in person.at("fraga/you/")
    assert 'id="code"' in person.page
    stranger = Client()
    stranger.cookies["enkat"] = "YWJjZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXo="
    assert stranger.get("/enkat/borja/")["Location"].startswith("/enkat/")


def test_the_map_has_borders_and_places_for_everyone() -> None:
    area = make.area()
    place = make.place()
    data = Client().get("/enkat/karta.json").json()
    names = {feature["properties"]["name"] for feature in data["features"]}
    assert names == {area.name, place.name}


def test_a_page_asks_the_database_seldom() -> None:
    _wave, (code,) = survey.in_field()
    person = Person(code)
    assert queries(person.client, "/enkat/fraga/you/") <= 2
