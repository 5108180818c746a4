from django.http import HttpRequest
from django.urls import translate_url
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language

NAMES = {"sv": "Svenska", "en": "English"}  # each in its own language


def other_language(request: HttpRequest) -> dict[str, object]:
    """The same page in the other language."""
    code = "sv" if get_language() == "en" else "en"
    return {
        "other_language": SimpleLazyObject(
            lambda: {"code": code, "label": NAMES[code], "url": translate_url(request.path, code)}
        )
    }
