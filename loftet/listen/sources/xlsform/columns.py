"""The columns of a sheet: what they are called, in the many ways XLSForm has had, and in ours."""

import re
from dataclasses import dataclass

from loftet.listen.sources.xlsform import languages

# Columns whose texts are in a language: "label::Svenska (sv)".
TRANSLATED = {"label", "hint", "constraint_message"}
TRANSLATED_OF_OURS = {"loftet::title", "loftet::introduction", "loftet::thanks"}
ALIASES = {
    "caption": "label",
    "command": "type",
    "tag": "name",
    "value": "name",
    "relevance": "relevant",
    "calculate": "calculation",
    "constraining_message": "constraint_message",
    "jr:constraintmsg": "constraint_message",
    "requiredmsg": "required_message",
    "jr:requiredmsg": "required_message",
    "read_only": "readonly",
    "title": "form_title",
    "set_form_title": "form_title",
    "id_string": "form_id",
    "set_form_id": "form_id",
}
MEDIA = {"image", "audio", "video", "big-image", "media"}


@dataclass(frozen=True)
class Column:
    name: str
    language: str = ""  # the tag; "" where the file does not say


class UnknownLanguageError(ValueError):
    def __init__(self, header: str, language: str) -> None:
        super().__init__(language)
        self.header = header
        self.language = language


def column(header: str) -> Column:
    """What a header means. `UnknownLanguageError` if it names a language that we cannot tell."""
    parts = [part.strip() for part in re.split("::" if "::" in header else ":", header)]
    head = _plain(parts[0])
    if head == "bind" and len(parts) > 1:
        return _named(":".join(parts[1:]), header)
    if head == "loftet" and len(parts) > 1:
        return _ours(parts, header)
    if head in MEDIA:
        return Column("media", "::".join(parts))
    name = ALIASES.get(head, head)
    if len(parts) == 1:
        return Column(name)
    return _translated(name, "::".join(parts[1:]), header)


def _plain(text: str) -> str:
    return "_".join(text.split()).lower()


def _named(text: str, header: str) -> Column:
    """After `bind::`: perhaps with a language behind it."""
    plain = _plain(text)
    for name in ("jr:constraintmsg", "jr:requiredmsg"):
        if plain.startswith(f"{name}:"):
            return _translated(ALIASES[name], text[len(name) + 1 :].lstrip(": "), header)
    return Column(ALIASES.get(plain, plain))


def _ours(parts: list[str], header: str) -> Column:
    name = f"loftet::{_plain(parts[1])}"
    if len(parts) == 2:
        return Column(name)
    return _translated(name, parts[2], header)


def _translated(name: str, language: str, header: str) -> Column:
    if name not in TRANSLATED | TRANSLATED_OF_OURS:
        return Column(f"{name}::{language}")
    tag = languages.tag(language)
    if tag is None:
        raise UnknownLanguageError(header, language)
    return Column(name, tag)
