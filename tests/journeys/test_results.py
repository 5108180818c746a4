"""Results as a person reads them: computed, looked through, frozen, and pointed to by a promise."""

import pytest
from playwright.sync_api import expect

from loftet.core import jobs
from loftet.core.models import Job, User
from loftet.listen.models import Wave
from tests.journeys.conftest import Open, log_in
from tests.listen import survey

PAGES = ("", "fragor/safety/", "fragor/order/", "omraden/", "platser/", "forandring/", "metod/")


@pytest.fixture
def wave(site: str) -> Wave:
    Job.objects.all().delete()  # the demonstration's own work is not ours
    return survey.opened(by=User.objects.get(email="samordnare@exempel.se"))


def test_from_opened_answers_to_a_promise_that_points_at_them(opened: Open, wave: Wave) -> None:
    page = opened()
    log_in(page, "samordnare")
    start = f"/arbete/fraga/{wave.code}/resultat/"
    page.goto(start)
    page.get_by_role("button", name="Räkna ut resultaten").click()
    while jobs.work_once():
        pass
    page.goto(start)
    expect(page.get_by_text("Felmarginalen är högst", exact=False)).to_be_visible()
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 900})
        for part in PAGES:
            page.goto(start + part)
            wide = page.evaluate("document.documentElement.scrollWidth")
            assert wide <= width, (part, width)
    page.goto(start)
    page.get_by_role("link", name="Frys resultaten").click()
    page.get_by_role("button", name="Frys resultaten").click()
    expect(page.get_by_text("Nu kan löften peka på dem", exact=False)).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="Arbetsbok (Excel)").click()
    assert download.value.suggested_filename == f"{wave.code}-1.xlsx"
