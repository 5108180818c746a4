"""Somebody who answers a survey: types a code, reads pages, posts them."""

import re
from typing import Any
from urllib.parse import quote

from django.test import Client

from tests.visit import words

FORM = re.compile(r'name="_token" value="(\w+)"')


class Person:
    """With a browser without JavaScript, and nothing else than what the pages say."""

    def __init__(self, code: str = "") -> None:
        self.client = Client(enforce_csrf_checks=True)
        self.page = ""
        if code:
            self.enter(code)

    def enter(self, code: str, language: str = "sv") -> Any:
        return self._came(
            self.client.post("/enkat/", {"code": code, "language": language}, follow=True)
        )

    def at(self, where: str) -> str:
        self._came(self.client.get(f"/enkat/{where}", follow=True))
        return self.page

    def posts(self, where: str, **values: Any) -> Any:
        """Post a page as the last page read would; follow where it leads."""
        return self._came(self.client.post(*self._form(where, values), follow=True))

    def post(self, where: str, **values: Any) -> Any:
        """The same, without going where it leads."""
        return self.client.post(*self._form(where, values))

    def _form(self, where: str, values: dict[str, Any]) -> tuple[str, dict[str, Any]]:
        token = FORM.search(self.page)
        return f"/enkat/{quote(where)}", {"_token": token[1] if token else "", **_dotted(values)}

    @property
    def path(self) -> str:
        return str(self.came_to)

    def _came(self, response: Any) -> Any:
        self.page = words(response)
        self.came_to = response.request["PATH_INFO"].removeprefix("/enkat/")
        return response


def _dotted(values: dict[str, Any]) -> dict[str, Any]:
    """`places__0__lat` as the page's `places.0.lat`."""
    return {name.replace("__", "."): value for name, value in values.items()}
