"""The coordinator corrects a reading and publishes; a reporter is refused."""

import pytest
from playwright.sync_api import expect

from loftet.map.models import Reading
from tests.journeys.conftest import Open, log_in

BEFORE = "inom normal slumpvariation (kvot 0,88; 95 % 0,70–1,09)"


@pytest.mark.parametrize("script", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_a_corrected_reading_changes_the_sentence_with_the_next_edition(
    opened: Open, script: bool
) -> None:
    page = opened("/sa-gick-det/2020/", script=script)
    promise = page.locator("article", has_text="våld i offentlig miljö anmäls")
    expect(promise).to_contain_text(BEFORE)

    log_in(page, "samordnare")
    page.get_by_role("link", name="Indikatorer").click()
    page.get_by_role("link", name="Anmälda brott om våld i offentlig miljö").click()
    page.get_by_role("link", name="Rätta 2020").click()
    page.get_by_label("Värde").fill("142")
    page.get_by_label("Skäl till rättelsen").fill("Tjugo anmälningar hörde till en annan kommun.")
    page.get_by_role("button", name="Spara rättelsen").click()
    expect(page.get_by_text("162 blev 142")).to_be_visible()
    expect(page.get_by_text("Tjugo anmälningar hörde till en annan kommun.")).to_be_visible()

    page.goto("/sa-gick-det/2020/")
    expect(promise).to_contain_text(BEFORE)  # what is published stands until the next edition

    page.goto("/arbete/publicering/followup/2020/")
    expect(page.get_by_role("table").first).to_contain_text("från 185 till 142")
    page.get_by_label("Vad som är nytt, på svenska").fill("Antalet för 2020 är rättat.")
    page.get_by_role("button", name="Publicera utgåva 2").click()
    expect(page.get_by_role("status")).to_have_text("Utgåva 2 är offentlig.")

    page.goto("/sa-gick-det/2020/")
    expect(promise).to_contain_text("från 185 till 142")
    expect(promise).not_to_contain_text("inom normal slumpvariation")
    page.get_by_role("link", name="Utgåva 1").click()
    expect(page).to_have_url(f"{page.url.split('/sa-gick-det')[0]}/sa-gick-det/2020/utgava/1/")
    expect(promise).to_contain_text(BEFORE)
    expect(page.get_by_text("Det här är en tidigare utgåva.")).to_be_visible()


def test_a_reporter_is_refused_when_writing_and_not_only_in_the_menu(opened: Open) -> None:
    page = opened()
    log_in(page, "rapportor")
    page.goto("/arbete/lagesbild/vald-offentlig-miljo/")
    expect(page.get_by_role("link", name="Rätta")).to_have_count(0)
    reading = Reading.objects.current().get(
        indicator__code="vald-offentlig-miljo", starts="2020-01-01"
    )

    page.goto(f"/arbete/lagesbild/matning/{reading.pk}/ratta/")
    page.get_by_label("Värde").fill("1")
    page.get_by_label("Skäl till rättelsen").fill("Jag vill.")
    with page.expect_response(lambda response: response.request.method == "POST") as answer:
        page.get_by_role("button", name="Spara rättelsen").click()
    assert answer.value.status == 403
    expect(page.get_by_text("Din roll omfattar inte det här")).to_be_visible()
    assert Reading.objects.current().filter(indicator=reading.indicator, value=1).count() == 0
