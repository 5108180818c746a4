"""What we bring along: a questionnaire to begin with, and the words of the answer page."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from loftet.listen.rules.posted import Error

FOLDER = Path(__file__).resolve().parent.parent / "starter"
OTHERWISE = "en"
POINT = {"en"}  # languages that write a decimal point; the others write a comma


def document() -> dict[str, Any]:
    """The starter questionnaire as a document of its own, to be changed at will."""
    whole: dict[str, Any] = _read("form.yaml")
    pages = [_read(f"pages/{page}.yaml") for page in whole["pages"]]
    return whole | {"pages": pages}


@cache
def chrome(language: str) -> Mapping[str, str]:
    """The words of the answer page; in English where the language is not one of ours."""
    return {key: words.get(language, words[OTHERWISE]) for key, words in _words().items()}


def said(error: Error, language: str) -> str:
    """What is wrong with an answer, for whoever gave it."""
    args = {name: _shown(value, language) for name, value in error.args.items()}
    return chrome(language)[f"error_{error.code}"].format_map(args)


def _shown(value: str | float, language: str) -> str:
    if isinstance(value, str):
        return value
    text = str(int(value)) if float(value).is_integer() else str(value)
    return text if language in POINT else text.replace(".", ",")


@cache
def _words() -> dict[str, dict[str, str]]:
    words: dict[str, dict[str, str]] = _read("chrome.yaml")
    return words


def _read(name: str) -> Any:
    return yaml.safe_load((FOLDER / name).read_text(encoding="utf-8"))
