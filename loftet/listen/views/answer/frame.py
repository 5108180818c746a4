"""The frame of every answer page: its language, its direction, who is behind it."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template import loader

from loftet.core import clock
from loftet.core.models import Municipality
from loftet.listen.views.answer.words import Tongue


def shown(
    _request: HttpRequest,
    tongue: Tongue,
    name: str,
    *,
    status: int = 200,
    reason: str = "",
    **context: Any,
) -> HttpResponse:
    """One of the pages in `templates/listen/answer`; without what other pages ask the database."""
    if reason:
        context["message"] = tongue.words[reason]
    text = loader.get_template(f"listen/answer/{name}.html").render(
        {
            "tongue": tongue,
            "words": tongue.words,
            "here": Municipality.here(),
            "demo_day": clock.today() if settings.DEMO_DAY else None,
            **context,
        }
    )
    response = HttpResponse(text, status=status)
    response["Content-Language"] = tongue.tag
    return response
