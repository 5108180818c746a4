"""Two people type in a form by keyboard alone, and look at the paper where they differ."""

from datetime import date
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from loftet.core.models import User
from loftet.listen.models import Envelope, Keying, KeyingTally, Wave
from tests import make
from tests.journeys.conftest import Open, log_in
from tests.journeys.test_every_page import faults
from tests.listen import make as make_survey
from tests.listen.paper import DOCUMENT

PASSWORD = "trygg-i-trollhattan"


@pytest.fixture
def on_paper(site: str) -> tuple[Wave, str]:
    by = User.objects.get(email="samordnare@exempel.se")
    second = make.person("survey_assistant", password=PASSWORD)
    second.email = "skriver@exempel.se"
    second.save()
    wave, (code,) = make_survey.in_field(
        by=by, document=DOCUMENT, closes=date(2021, 12, 31), code="papper"
    )
    return wave, code


def begin(page: Page, who: str, code: str) -> None:
    log_in(page, who)
    page.goto("/arbete/fraga/papper/papper/")
    expect(page.locator("#id_code")).to_be_focused()
    page.keyboard.type(code.lower())
    page.keyboard.press("Enter")
    expect(page.locator("#f-out")).to_be_focused()
    page.wait_for_load_state()


def type_form(page: Page, age: str) -> None:
    """Each sign goes on to the next box; Enter goes on from a number, a list and an empty box."""
    page.keyboard.type("123?")  # out, when, and the two rows of the grid
    expect(page.locator("#f-age")).to_be_focused()
    page.keyboard.type(age)
    page.keyboard.press("Enter")
    page.keyboard.type("31")
    for _ in range(5):
        page.keyboard.press("Enter")
    page.keyboard.type("Bättre ljus.")
    page.keyboard.press("Control+Enter")


def test_a_difference_is_settled_with_the_paper_in_hand(
    opened: Open, on_paper: tuple[Wave, str]
) -> None:
    _wave, code = on_paper
    first = opened()
    begin(first, "samordnare", code)
    assert faults(first, "typing") == []
    type_form(first, "47")
    expect(first.get_by_role("status")).to_be_visible()
    assert Keying.objects.count() == 1

    second = opened()
    begin(second, "skriver", code)
    expect(second.locator("#f-age")).to_have_value("")
    type_form(second, "74")
    expect(second.locator("fieldset legend")).to_have_text(["Ålder"])
    assert faults(second, "differences") == []
    second.locator("input[type=radio]").first.focus()
    second.keyboard.press("Space")
    second.keyboard.press("Enter")
    expect(second.get_by_role("status")).to_be_visible()
    assert Envelope.objects.get(code__wave__code="papper").mode == "paper"
    assert KeyingTally.objects.get().differing == 1


def test_a_wrong_sign_stays_in_its_box(opened: Open, on_paper: tuple[Wave, str]) -> None:
    page: Any = opened()
    begin(page, "samordnare", on_paper[1])
    page.keyboard.type("9")
    expect(page.locator("#f-out")).to_be_focused()
    expect(page.locator("#f-out")).to_have_attribute("aria-invalid", "true")
    page.keyboard.type("2")
    expect(page.locator("#f-when")).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(page.locator("#f-out")).to_be_focused()


def test_without_javascript_the_boxes_are_filled_with_tab(
    opened: Open, on_paper: tuple[Wave, str]
) -> None:
    page = opened(script=False)
    begin(page, "samordnare", on_paper[1])
    for sign in ("1", "2", "3", "1", "47"):
        page.keyboard.type(sign)
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_be_visible()
    assert Keying.objects.count() == 1
