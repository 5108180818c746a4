"""The coordinator's survey pages in a browser: what is clicked and typed, and that all can."""

import re
from datetime import timedelta

import html5lib
import pytest
from playwright.sync_api import Page, expect

from loftet.core import clock, jobs
from loftet.core.models import User
from loftet.demo.load import LOGINS
from loftet.listen import actions
from loftet.listen.models import AccessCode, Questionnaire, Wave
from tests.journeys.conftest import Open, log_in
from tests.journeys.test_every_page import faults
from tests.listen import make as make_survey

HERE = "/arbete/fraga/"
FORM = f"{HERE}formular/trygghet/2/"
PAGES = [
    HERE, f"{HERE}ny/", f"{HERE}annan/", f"{HERE}formular/", f"{HERE}formular/trygghet/1/",
    FORM, f"{FORM}sida/you/", f"{FORM}fraga/outdoors/", f"{FORM}fraga/priorities/",
    f"{FORM}fraga/places/", f"{FORM}ny-sida/", f"{HERE}2018/", f"{HERE}arbete/{{job}}/",
    *(f"{HERE}mitt/{path}" for path in (
        "", "uppgifter/", "stang/", "utskick/", "utskick/ta-bort/", "falt/", "falt/ater/",
        "befolkning/", "befolkning/age/", "urval/",
    )),
    *(f"{HERE}plan/{path}" for path in ("", "oppna/", "urval/")),
    f"{HERE}beratta-2021/falt/", f"{HERE}beratta-2021/",
]  # fmt: skip


def coordinator() -> User:
    return User.objects.get(email=LOGINS[0].email)


def in_the_middle() -> int:
    """A planned survey, one three weeks into its field, a form to change; some long work."""
    by = coordinator()
    form = Questionnaire.objects.get(code="trygghet")
    actions.new_version(of=form, by=by)
    first = clock.today() - timedelta(days=21)
    make_survey.planned(by=by, code="plan", opens=clock.today())
    wave = make_survey.planned(
        by=by, code="mitt", opens=first, closes=first + timedelta(days=49), questionnaire=form
    )
    for name in ("Norr", "Söder"):
        stratum = make_survey.stratum(wave, name)
        AccessCode.objects.bulk_create(
            AccessCode(wave=wave, digest=f"{name}{n}", stratum=stratum) for n in range(60)
        )
    make_survey.code(wave)
    wave.addressees.create(sealed=b"-")
    wave.mailings.create(kind="letter", planned_on=first, made_on=first, copies=120)
    wave.mailings.create(kind="card", planned_on=clock.today())
    actions.open_field(wave=wave, by=by)
    for number, code in enumerate(wave.codes.all()[:50]):
        wave.codes.filter(pk=code.pk).update(used_on=first + timedelta(days=number // 4))
    [age] = [question for question in form.form.questions if question.code == "age"]
    counts = {choice.code: 9000 for choice in age.choices}
    actions.set_margin(wave=wave, variable="age", counts=counts, source="Påhittat", by=by)
    return jobs.ask(handler="none", title="Räknar", subject=wave, by=by).pk


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("language", ["", "/en"])
def test_every_survey_page_can_be_used_by_all(opened: Open, width: int, language: str) -> None:
    job = in_the_middle()
    page = opened("/robots.txt", width=width)
    log_in(page, "samordnare")
    wrong = []
    for path in PAGES:
        where = language + path.format(job=job)
        answer = page.goto(where)
        assert answer
        assert answer.ok, where
        wrong += faults(page, where)
        if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
            wrong.append(f"{where}: scrolls sideways at {width} px")
        wrong += [f"{where}: {code} {more}" for code, more in invalid(answer.text())]
    assert wrong == []


def invalid(text: str) -> list[tuple[str, object]]:
    parser = html5lib.HTMLParser(strict=False)
    parser.parse(text)
    return [(code, more) for _place, code, more in parser.errors]


@pytest.mark.parametrize("script", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_a_survey_from_its_questions_to_the_field(opened: Open, script: bool) -> None:
    page = opened("/robots.txt", script=script)
    log_in(page, "samordnare")
    a_questionnaire(page)
    a_plan(page)
    wave = Wave.objects.get(code="2021-hosten")
    codes = [make_survey.code(wave, make_survey.stratum(wave)) for _ in range(1)]

    page.get_by_role("link", name="Enkät", exact=True).click()
    page.get_by_role("link", name="Enkät hösten 2021").click()
    page.get_by_role("link", name="Öppna enkäten").first.click()
    keep(page)
    expect(page.get_by_role("status")).to_be_visible()
    assert Wave.objects.get(code="2021-hosten").state == Wave.State.IN_FIELD

    page.goto(f"{HERE}2021-hosten/falt/ater/")
    page.get_by_role("textbox").fill(f"{codes[0]}\nFEL")
    keep(page)
    expect(page.get_by_role("alert")).to_contain_text("FEL")
    page.get_by_role("textbox").fill(codes[0])
    keep(page)
    expect(page).to_have_url(re.compile("/falt/$"))
    assert wave.codes.filter(outcome="returned").count() == 1


def keep(page: Page) -> None:
    """Press the one button of the page's form."""
    page.locator("main form button.button").click()


def a_questionnaire(page: Page) -> None:
    """Begin with the one that comes with the system, and add a question of one's own."""
    page.goto(f"{HERE}formular/")
    page.locator("input[name=code]").fill("hosten")
    keep(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Trygghet där du bor")
    page.goto(f"{HERE}formular/hosten/1/sida/you/ny-fraga/")
    page.locator("select[name=kind]").select_option("number")
    page.locator("input[name=code]").fill("children")
    page.locator("input[name=label]").fill("Hur många barn bor hemma?")
    keep(page)
    page.locator("input[name=highest]").fill("20")
    keep(page)
    expect(page.get_by_role("link", name="Hur många barn bor hemma?")).to_be_visible()


def a_plan(page: Page) -> None:
    page.goto(f"{HERE}ny/")
    page.locator("input[name=code]").fill("2021-hosten")
    page.locator("input[name=title_sv]").fill("Enkät hösten 2021")
    page.locator("select[name=questionnaire]").select_option(label="Trygghet där du bor, 1")
    page.locator("input[name=opens]").fill("2021-01-21")
    page.locator("input[name=closes]").fill("2021-01-01")
    page.locator("input[name=design][value=probability]").check()
    page.locator("input[name=population_sv]").fill("Alla mellan 16 och 85 år")
    page.locator("textarea[name=purpose_sv]").fill("För att välja vad vi ska arbeta med.")
    page.locator("textarea[name=law_sv]").fill("Uppgift av allmänt intresse.")
    page.locator("input[name=contact]").fill("Kontaktcenter")
    keep(page)
    expect(page.get_by_role("alert")).to_be_visible()
    page.locator("input[name=closes]").fill("2021-03-31")
    keep(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Enkät hösten 2021")
