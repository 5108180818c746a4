"""What is said in both languages at once, and the choice of one."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import override

LANGUAGES = ("sv", "en")


def bilingual(say: Callable[[], str]) -> dict[str, str]:
    said = {}
    for language in LANGUAGES:
        with override(language):
            said[language] = say()
    return said


def in_language(value: Any, language: str) -> Any:
    """Choose one language throughout; Swedish stands in where English was not written."""
    if isinstance(value, list):
        return [in_language(item, language) for item in value]
    if not isinstance(value, dict):
        return value
    if value.keys() == set(LANGUAGES):
        return value[language] or value["sv"]
    return {key: in_language(item, language) for key, item in value.items()}
