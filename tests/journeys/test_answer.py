"""An inhabitant answers: on a phone in Arabic without JavaScript, and in English with the map."""

from collections.abc import Iterator
from urllib.parse import urlsplit

import html5lib
import pytest
from django.core.cache import cache
from playwright.sync_api import Page, expect

from loftet.core.models import User
from loftet.listen.actions import envelopes
from loftet.listen.models import AccessCode, Wave
from loftet.listen.sources import starter
from tests.journeys.conftest import Open
from tests.journeys.test_every_page import faults
from tests.listen import make as survey

LANGUAGES = ["sv", "en", "ar"]


@pytest.fixture
def field(site: str) -> Iterator[tuple[Wave, list[str]]]:
    """A wave of the starter questionnaire in the field of the demonstration."""
    assert site
    cache.clear()
    by = User.objects.get(email="samordnare@exempel.se")
    yield survey.in_field(people=4, by=by, document=starter.document())
    cache.clear()


def enter(page: Page, code: str, language: str = "sv") -> None:
    page.goto(f"/enkat/?sprak={language}")
    page.locator("#code").fill(code)
    page.locator("main button").click()
    page.wait_for_url("**/enkat/borja/")


def go(page: Page, how: str = "next") -> None:
    page.locator(f"button[name=_go][value={how}]").click()


def draft_of(wave: Wave, code: str) -> envelopes.Draft:
    found = AccessCode.objects.get(wave=wave, digest=envelopes.digest(wave, code))
    return envelopes.draft(wave=wave, code=found)


def test_in_arabic_on_a_phone_without_javascript_with_a_pause(
    opened: Open, field: tuple[Wave, list[str]]
) -> None:
    wave, (code, *_others) = field
    page = opened("/enkat/?sprak=ar", width=390, script=False)
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    page.locator("#code").fill(code.lower())
    page.locator("main button").click()
    go(page)
    page.wait_for_url("**/fraga/surroundings/")
    for row in page.locator("fieldset.row").all():
        row.get_by_text("مشكلة صغيرة", exact=True).click()
    go(page)
    page.wait_for_url("**/fraga/order/")
    assert not page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
    go(page, "save")
    page.wait_for_url("**/enkat/sparat/")
    assert page.context.cookies() == []

    page.locator("main a.button").click()
    page.locator("#code").fill(code)
    page.locator("main button").click()
    expect(page.locator("main")).to_contain_text("تابع من حيث توقفت")
    go(page)
    page.wait_for_url("**/fraga/order/")
    while "/fraga/" in page.url:
        before = page.url
        if page.locator("input[name=exposed]").count():
            page.get_by_text("تهديد", exact=True).click()
            expect(page.locator(".depends")).to_be_visible()
            page.locator("input[name=reported]").first.check()
        go(page)
        expect(page).not_to_have_url(before)
    expect(page.locator("main")).to_contain_text("تهديد")
    page.locator("button[name=_send]").click()
    page.wait_for_url("**/enkat/kvitto/")
    expect(page.locator(".keep-code b")).to_have_text(
        envelopes.receipt(AccessCode.objects.exclude(used_on=None).get())
    )
    assert page.context.cookies() == []

    page.go_back()
    expect(page.locator("#code")).to_be_visible()
    page.goto("/enkat/?sprak=ar")
    page.locator("#code").fill(code)
    page.locator("main button").click()
    expect(page.locator(".summary")).to_contain_text("سبق إرسال إجابات بهذا الرمز")
    kept = draft_of(wave, code)
    assert (kept.language, kept.answers["exposed"]) == ("ar", ["threats"])


def test_in_english_with_javascript_the_code_from_the_picture_and_the_map(
    opened: Open, field: tuple[Wave, list[str]]
) -> None:
    wave, (_first, code, *_others) = field
    page = opened(f"/enkat/?sprak=en#{code}")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    expect(page.locator("#code")).to_have_value(code)
    assert code not in page.url
    page.locator("main button").click()
    page.wait_for_url("**/enkat/borja/")

    page.goto("/enkat/fraga/exposure/")
    reported = page.locator("#q-reported")
    expect(reported).to_be_hidden()
    page.get_by_text("Threats", exact=True).click()
    expect(reported).to_be_visible()
    page.get_by_text("No, none of this", exact=True).click()
    expect(page.locator("#q-exposed .advice")).not_to_be_empty()
    page.get_by_text("No, none of this", exact=True).click()
    expect(page.locator("#q-exposed .advice")).to_be_empty()

    page.goto("/enkat/fraga/map/")
    page.locator("[data-ready]").first.wait_for()
    page.locator(".map").first.click(position={"x": 330, "y": 200})
    expect(page.get_by_text("The place is on the map.").first).to_be_visible()
    page.get_by_text("Unsafe", exact=True).first.click()
    page.get_by_label("Why?").first.fill("Dark in the evenings.")
    go(page)
    page.wait_for_url("**/fraga/you/")
    (mark,) = draft_of(wave, code).answers["places"]
    assert mark["feeling"] == "unsafe"
    assert 55 < mark["lat"] < 70
    assert not [url for url in asked if code in url]
    assert {urlsplit(url).hostname for url in asked} == {urlsplit(page.url).hostname}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width", [390, 1280])
def test_every_kind_of_page_is_accessible_and_valid(
    opened: Open, field: tuple[Wave, list[str]], language: str, width: int
) -> None:
    wave, (code, *_others) = field
    page = opened("/enkat/", width=width)
    wrong: list[str] = []

    def look(where: str) -> None:
        wrong.extend(faults(page, where))
        if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
            wrong.append(f"{where}: scrolls sideways at {width} px")

    def valid(where: str) -> None:
        parser = html5lib.HTMLParser(strict=False)
        parser.parse(page.request.get(page.url).text())
        wrong.extend(f"{where}: {fault} {more}" for _place, fault, more in parser.errors)

    page.goto(f"/enkat/?sprak={language}")
    page.locator("#code").fill("ABCD EFGH")
    page.locator("main button").click()
    expect(page.locator(".summary")).to_be_visible()
    look("wrong code")
    page.goto(f"/enkat/{wave.code}/?sprak={language}")
    look("about")
    valid("about")
    enter(page, code, language)
    look("start")
    valid("start")
    go(page)
    while "/fraga/" in page.url:
        before = page.url
        if page.locator("textarea[name=comment], textarea[data-left]").count():
            page.locator("textarea[data-left]").first.fill("Ring 070-123 45 67.")
            go(page)
            expect(page.locator(".personal")).to_be_visible()
            look("personal data")
            page.locator(".personal input").first.check()
        look(before)
        valid(before)
        go(page)
        expect(page).not_to_have_url(before)
    look("review")
    valid("review")
    page.locator("button[name=_send]").click()
    page.wait_for_url("**/enkat/kvitto/")
    look("receipt")
    assert wrong == []


def test_the_keyboard_alone_answers_and_sends(opened: Open, field: tuple[Wave, list[str]]) -> None:
    wave, (*_others, code) = field
    page = opened("/enkat/")
    reach(page, "#code")
    page.keyboard.type(code)
    page.keyboard.press("Enter")
    page.wait_for_url("**/enkat/borja/")
    reach(page, "button[value=next]")
    page.keyboard.press("Enter")
    page.wait_for_url("**/fraga/surroundings/")
    reach(page, "input[type=radio]")
    page.keyboard.press("Space")
    reach(page, "button[value=next]")
    page.keyboard.press("Enter")
    page.wait_for_url("**/fraga/order/")
    page.goto("/enkat/granska/")
    reach(page, "button[name=_send]")
    page.keyboard.press("Enter")
    page.wait_for_url("**/enkat/kvitto/")
    assert len(draft_of(wave, code).answers) == 1


def reach(page: Page, selector: str) -> None:
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("s => document.activeElement.matches(s)", selector):
            return
    raise AssertionError(f"{selector} cannot be reached by keyboard")
