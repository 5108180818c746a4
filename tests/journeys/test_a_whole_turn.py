"""One commitment from its baseline to a published edition, by the people who would do it."""

from playwright.sync_api import expect

from tests.journeys.conftest import Open, log_in


def test_a_commitment_is_carried_from_its_baseline_to_a_published_edition(opened: Open) -> None:
    page = opened()
    log_in(page, "samordnare")

    page.get_by_role("link", name="Löften").click()
    page.get_by_role("link", name="Börja ett löfte").click()
    page.get_by_label("Adress").fill("2022")
    page.get_by_label("Första dag").fill("2022-01-01")
    page.get_by_label("Sista dag").fill("2022-12-31")
    page.get_by_label("Titel på svenska").fill("Medborgarlöfte 2022")
    page.get_by_label("Plats").fill("Hela kommunen")
    page.get_by_role("button", name="Börja löftet").click()

    page.get_by_role("link", name="Lägg till ett åtagande").click()
    page.get_by_label("Sorts löfte").select_option("change")
    page.get_by_label("Vem som lovar").select_option("police")
    page.get_by_label("Löftet på svenska").fill(
        "Vi ska verka för färre anmälda våldsbrott utomhus."
    )
    page.get_by_role("button", name="Spara och kontrollera").click()
    checks = page.get_by_role("complementary", name="Går det att följa upp?")
    expect(checks).to_contain_text("Välj vilken indikator som ska ändras.")
    expect(checks).to_contain_text("verka för")

    page.get_by_label("Löftet på svenska").fill(
        "Färre våldsbrott anmäls i offentlig miljö än 2020."
    )
    page.get_by_label("Hur mycket").select_option("decrease")
    page.get_by_label("Indikator").select_option(label="Anmälda brott om våld i offentlig miljö")
    page.get_by_label("Utgångsläge").select_option(
        label="Anmälda brott om våld i offentlig miljö, 2020: 162"
    )
    page.get_by_label("Vad som räknas, på svenska").fill(
        "Anmälda brott under 2022 jämförs med 2020."
    )
    page.get_by_label("Varifrån siffrorna kommer").fill("Polisen")
    page.get_by_label("Ansvarig").select_option(label="Polisen Östra Fyrbodal")
    page.get_by_role("button", name="Spara och kontrollera").click()
    expect(checks).to_contain_text("inte säkert skiljas från slumpen")
    expect(checks).to_contain_text("Ja. Det står vem, vad")

    page.get_by_role("link", name="Tillbaka till löftet").click()
    page.get_by_role("button", name="Skicka ut för synpunkter").click()
    page.get_by_role("button", name="Markera som beslutat").click()
    page.get_by_role("button", name="Logga ut").click()

    for who, title in (("ordforande", "Kommunstyrelsens ordförande"), ("polischef", "Polischef")):
        log_in(page, who)
        page.get_by_role("link", name="Underteckna: Medborgarlöfte 2022").click()
        page.get_by_label("Min titel").fill(title)
        page.get_by_role("button", name="Underteckna löftet").click()
        expect(page.get_by_role("listitem").filter(has_text=title)).to_be_visible()
        page.get_by_role("button", name="Logga ut").click()

    log_in(page, "samordnare")
    page.get_by_role("link", name="Publicera löftet: Medborgarlöfte 2022").click()
    page.get_by_role("button", name="Publicera utgåva 1").click()
    expect(page.get_by_role("status")).to_have_text("Utgåva 1 är offentlig.")
    page.goto("/medborgarlofte/2022/")
    expect(page.get_by_role("heading", name="Medborgarlöfte 2022")).to_be_visible()
    page.get_by_role("link", name="Färre våldsbrott anmäls").click()
    expect(page.get_by_text("Det har inte följts upp än.")).to_be_visible()
