"""A real browser against the demonstration's year; skipped where the machine has no Chromium."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page
from pytest_django.live_server_helper import LiveServer

from loftet.core import log
from loftet.demo import load
from loftet.publish import caching

CHROMIUM = (
    os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
)
QUIET = ["--no-sandbox", "--disable-background-networking", "--disable-component-update",
         "--disable-quic", "--no-first-run", "--disable-sync"]  # fmt: skip
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = (
    "true"  # Playwright runs a loop; the ORM is ours alone here
)

Open = Callable[..., Page]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.e2e)
            item.add_marker(pytest.mark.filterwarnings("ignore::ResourceWarning"))
            if CHROMIUM is None:
                item.add_marker(pytest.mark.skip("no Chromium here: apt-get install chromium"))


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    return {"executable_path": CHROMIUM, "args": QUIET}


@pytest.fixture
def site(live_server: LiveServer, settings: Any) -> str:
    """The demonstration, on its day, in this test's own database."""
    settings.DEMO_DAY = "2021-01-21"
    caching.forget()
    load.load()
    assert log.head() > 0
    return str(live_server.url)


@pytest.fixture
def opened(browser: Browser, site: str) -> Iterator[Open]:
    """Open a page: desktop or phone, light or dark, with or without JavaScript."""
    contexts: list[BrowserContext] = []

    def open_page(
        path: str = "/", *, width: int = 1280, scheme: Any = "light", script: bool = True
    ) -> Page:
        context = browser.new_context(
            base_url=site,
            viewport={"width": width, "height": 900},
            color_scheme=scheme,
            java_script_enabled=script,
            locale="sv-SE",
        )
        context.set_default_timeout(5000)
        contexts.append(context)
        page = context.new_page()
        page.goto(path)
        return page

    yield open_page
    for context in contexts:
        context.close()


def log_in(page: Page, who: str) -> None:
    page.goto("/konto/login/")
    page.get_by_label("E-post").fill(f"{who}@exempel.se")
    page.get_by_label("Lösenord").fill(load.PASSWORD)
    page.get_by_role("button", name="Logga in").click()
    page.wait_for_url("**/arbete/")
