"""The coordinator's autumn: from a register of 48,000 to the priorities of those who answered."""

import csv
import re
from io import BytesIO, StringIO
from random import Random

from playwright.sync_api import Page, expect
from pypdf import PdfReader

from loftet.core import jobs
from loftet.core.models import Area, Job
from loftet.demo.inhabitants import District, answers, register
from loftet.listen.actions import envelopes
from loftet.listen.models import Addressee, Mailing, Wave
from loftet.listen.rules import codes
from loftet.listen.sources import starter
from tests.journeys.conftest import Open, log_in

CODE = "2021-host"
TEXT = re.compile(r"\b([2-9A-HJKMNP-Z]{4}) ([2-9A-HJKMNP-Z]{4})\b")


def frame() -> bytes:
    areas = Area.objects.filter(kind="district").order_by("code")[:6]
    people = register([District(a.name, 8000, 1.0) for a in areas], Random(1))  # noqa: S311
    text = StringIO()
    writer = csv.writer(text, delimiter=";")
    writer.writerow(["Namn", "Adress", "Postnummer", "Ort", "Stadsdel"])
    writer.writerows([p.name, p.street, "46130", "Orten", p.district.name] for p in people)
    return text.getvalue().encode("cp1252")


def work() -> None:
    while jobs.work_once():
        pass


def step(page: Page, name: str) -> None:
    page.goto(f"/arbete/fraga/{CODE}/")
    page.get_by_role("listitem").get_by_role("link", name=name, exact=True).click()


def test_from_a_register_to_priorities(opened: Open) -> None:
    Job.objects.all().delete()  # the demonstration's own work is not ours
    page = opened()
    log_in(page, "samordnare")
    plan(page)
    draw(page)
    letters = made_letters(page)
    assert len(letters) == 1000
    assert Mailing.objects.get(wave__code=CODE).copies == 2400
    page.goto(f"/arbete/fraga/{CODE}/oppna/")
    page.get_by_role("button", name="Öppna enkäten").click()
    wave = Wave.objects.get(code=CODE)
    answered(wave, letters[:600])

    step(page, "Stäng enkäten")
    expect(page.get_by_text("600 har svarat.")).to_be_visible()
    page.get_by_role("button", name="Stäng enkäten").click()
    step(page, "Ta bort adresserna")
    page.get_by_role("button", name="Ta bort adresserna och förstör nyckeln").click()
    assert not Addressee.objects.exists()
    step(page, "Öppna svaren")
    page.get_by_role("button", name="Öppna svaren och förstör nyckeln").click()
    expect(page.get_by_text("600 svar.")).to_be_visible()
    assert wave.answers.count() == 600

    step(page, "Resultat")
    page.get_by_role("button", name="Räkna ut resultaten").click()
    work()
    step(page, "Resultat")
    expect(page.get_by_text("600 av 2400 svarade")).to_be_visible()
    page.get_by_role("link", name="Frys resultaten").click()
    page.get_by_role("main").get_by_role("button").first.click()
    first = wave.priorities.first()
    assert first is not None
    assert (first.rank_best, first.code) == (1, "drugs")


def plan(page: Page) -> None:
    page.get_by_role("link", name="Enkät", exact=True).click()
    page.get_by_role("link", name="Planera en enkät").click()
    page.get_by_label("Adress").fill(CODE)
    page.get_by_label("Titel på svenska").fill("Trygghetsenkät hösten 2021")
    page.get_by_label("Frågeformulär").select_option(index=1)
    page.get_by_label("Första svarsdag").fill("2021-01-21")
    page.get_by_label("Sista svarsdag").fill("2021-03-11")
    page.get_by_label("besvaras på papper", exact=False).check()
    page.get_by_role("radio", name="slumpmässigt urval", exact=False).check()
    page.get_by_label("Vilka som tillfrågas, på svenska").fill("Alla mellan 16 och 85 år")
    page.get_by_label("Syfte, på svenska").fill("För att välja vad vi ska arbeta med.")
    page.get_by_label("Lag och hantering av personuppgifter, på svenska").fill("Allmänt intresse.")
    page.get_by_label("Vem man frågar").fill("Kontaktcenter")
    page.get_by_role("button", name="Spara enkäten").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Trygghetsenkät hösten 2021")


def draw(page: Page) -> None:
    step(page, "Urval och koder")
    page.get_by_label("Registret").set_input_files(
        {"name": "register.csv", "mimeType": "text/csv", "buffer": frame()}
    )
    page.get_by_role("button", name="Försegla filen här").click()
    expect(page.get_by_label("Gatuadress")).to_have_value("Adress")
    page.get_by_role("button", name="Kontrollera varje rad").click()
    work()
    page.reload()
    expect(page.get_by_text("Klar", exact=False)).to_be_visible()
    step(page, "Urval och koder")
    expect(page.get_by_text("48 000 av 48 000")).to_be_visible()
    page.get_by_role("button", name="Räkna ut hur säkert det blir").click()
    expect(page.get_by_role("row", name="Totalt")).to_contain_text("2400")
    page.get_by_role("button", name="Dra urvalet").click()
    work()
    step(page, "Urval och koder")
    expect(page.get_by_role("heading", level=1)).to_have_text("Urvalet är draget")


def made_letters(page: Page) -> list[str]:
    """The code of every letter in the first file, as printed."""
    page.get_by_role("link", name="Till breven").click()
    page.get_by_label("Dag").fill("2021-01-21")
    page.get_by_role("button", name="Planera utskicket").click()
    page.get_by_role("button", name="Gör som PDF").click()
    work()
    step(page, "Brev")
    with page.expect_download() as download:
        page.get_by_role("button", name="Hämta del 1").click()
    reader = PdfReader(BytesIO(download.value.path().read_bytes()))
    printed = [TEXT.search(sheet.extract_text()) for sheet in reader.pages]
    found = [match[1] + match[2] for match in printed if match]
    assert {codes.wrong(code) for code in found} == {None}
    return found


def answered(wave: Wave, some: list[str]) -> None:
    """Those who fill it in and send it; what each page asks is tried elsewhere."""
    random, document = Random(2), starter.document()  # noqa: S311
    people = register([District("Centrum", len(some), 1.0)], random)
    for code, person in zip(some, people, strict=True):
        found = wave.codes.get(digest=envelopes.digest(wave, code))
        draft = envelopes.Draft("sv", answers(person, document, random))
        envelopes.keep(wave=wave, code=found, draft=draft, finished=True)
