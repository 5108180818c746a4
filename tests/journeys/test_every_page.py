"""What holds for every page: accessible, valid, private, light, usable by keyboard alone."""

from urllib.parse import urlparse

import html5lib
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Response, expect

from loftet.map.models import Reading
from tests.journeys.conftest import Open, log_in

PUBLIC = [
    "/",
    "/medborgarlofte/2021/",
    "/medborgarlofte/2020/",
    "/medborgarlofte/2020/20-2/",
    "/medborgarlofte/2020/utgava/1/",
    "/sa-gick-det/",
    "/sa-gick-det/2020/",
    "/sa-gick-det/2020/utgava/1/",
    "/sa-arbetar-vi/",
    "/tillganglighet/",
    "/komponenter/",
    "/konto/login/",
    "/konto/password/reset/",
    "/finns-inte/",
]
STAFF = [
    "/arbete/",
    "/arbete/lagesbild/",
    "/arbete/lagesbild/vald-offentlig-miljo/",
    "/arbete/lagesbild/ny/",
    "/arbete/lagesbild/vald-offentlig-miljo/ny/",
    "/arbete/lagesbild/matning/{reading}/ratta/",
    "/arbete/loften/",
    "/arbete/loften/nytt/",
    "/arbete/loften/2020/",
    "/arbete/loften/2020/lofte/20-1/",
    "/arbete/loften/2020/underteckna/",
    "/arbete/loften/2020/forlang/",
    "/arbete/loften/2020/text/",
    "/arbete/uppfoljning/",
    "/arbete/uppfoljning/2020/",
    "/arbete/uppfoljning/2020/20-4/",
    "/arbete/publicering/",
    "/arbete/publicering/followup/2020/",
    "/arbete/publicering/pledge/2021/",
    "/konto/password/change/",
    "/konto/logout/",
]
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def pages(language: str, paths: list[str]) -> list[str]:
    prefix = "/en" if language == "en" else ""
    reading = Reading.objects.current().first()
    return [prefix + path.format(reading=reading and reading.pk) for path in paths]


def faults(page: Page, where: str) -> list[str]:
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": TAGS}})
    return [
        f"{where}: {violation['id']} {violation['nodes'][0]['html'][:200]}"
        for violation in found.response["violations"]
    ]


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["sv", "en"])
def test_axe_finds_nothing(opened: Open, language: str, scheme: str, width: int) -> None:
    page = opened("/", scheme=scheme, width=width)
    wrong = []
    for path in pages(language, PUBLIC):
        page.goto(path)
        wrong += faults(page, path)
    log_in(page, "samordnare")
    for path in [*pages(language, STAFF), *pages(language, ["/arbete/logg/"])]:
        page.goto(path)
        wrong += faults(page, path)
        if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
            wrong.append(f"{path}: scrolls sideways at {width} px")
    assert wrong == []


@pytest.mark.parametrize("language", ["sv", "en"])
def test_every_page_is_valid_html(opened: Open, language: str) -> None:
    page = opened()
    wrong = []
    log_in(page, "samordnare")
    for path in pages(language, PUBLIC + STAFF):
        parser = html5lib.HTMLParser(strict=False)
        parser.parse(page.request.get(path).text())
        wrong += [f"{path}: {code} {details}" for _place, code, details in parser.errors]
    assert wrong == []


def test_nothing_public_leaves_the_host_or_sets_a_cookie(opened: Open, site: str) -> None:
    page = opened()
    host = urlparse(site).netloc
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for path in PUBLIC:
        if not path.startswith("/konto/"):
            page.goto(path)
            page.goto(f"/en{path}")
    assert {urlparse(url).netloc for url in asked} == {host}
    assert page.context.cookies() == []


@pytest.mark.parametrize("path", ["/", "/sa-gick-det/2020/", "/medborgarlofte/2021/"])
def test_the_first_load_is_light(opened: Open, path: str) -> None:
    page = opened("/robots.txt")
    answers: list[Response] = []
    page.on("response", lambda answer: answers.append(answer))  # noqa: PLW0108
    page.goto(path, wait_until="networkidle")
    assert len(answers) <= 6
    assert sum(len(answer.body()) for answer in answers) <= 120_000


def test_the_keyboard_alone_reads_the_follow_up_and_logs_in(opened: Open) -> None:
    page = opened("/sa-gick-det/2020/")
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text("Hoppa till innehållet")
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('details.unfold summary')"):
            break
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.parentElement.open")

    page.goto("/konto/login/")
    reach(page, "input[name=login]")
    page.keyboard.type("samordnare@exempel.se")
    reach(page, "input[name=password]")
    page.keyboard.type("trygg-i-trollhattan")
    page.keyboard.press("Enter")
    page.wait_for_url("**/arbete/")


def reach(page: Page, selector: str) -> None:
    """Press Tab until the thing has focus, and see that focus shows."""
    for _ in range(40):
        if page.evaluate("s => document.activeElement.matches(s)", selector):
            outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
            assert outline != "none"
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{selector} cannot be reached by keyboard")


def test_everything_public_works_without_javascript(opened: Open) -> None:
    page = opened("/", script=False)
    page.get_by_role("link", name="Så gick det 2020").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Så gick det 2020")
    page.get_by_role("link", name="English").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("How it went 2020")
    expect(
        page.get_by_text("within normal chance variation (ratio 0.88; 95% 0.70–1.09)")
    ).to_be_visible()
