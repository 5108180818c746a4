from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.locale import LocaleMiddleware
from django.shortcuts import render
from django.utils.translation import get_language

from loftet.core.errors import NotAllowed, Refused


class RefusedMiddleware:
    """A refusal that no form showed becomes a page that says what happened and what to do."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, Refused):
            return None
        status = 403 if isinstance(exception, NotAllowed) else 409
        page = render(request, "ui/refused.html", {"refusal": exception}, status=status)
        page["Cache-Control"] = "no-store"
        return page


class LanguageByAddress(LocaleMiddleware):
    """The address alone decides the language, so a proxy need not ask what the browser prefers."""

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        response.headers.setdefault("Content-Language", get_language() or "sv")
        return response
