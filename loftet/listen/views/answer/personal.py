"""The guard on free texts: what looks like personal data is asked about before it is stored.

The choice is for that text alone: it carries a digest of it, so a changed text is asked about anew.
"""

import hashlib
from collections.abc import Iterator
from typing import Any

from loftet.core import guard
from loftet.core.guard import Finding
from loftet.listen.rules.form import Kind, Question
from loftet.listen.rules.posted import Posted
from loftet.listen.views.answer.words import Tongue

KINDS = {"personal_number": "personal_number", "phone": "personal_phone",
         "email": "personal_email", "plate": "personal_plate"}  # fmt: skip

APART = "\u2068{}\u2069"  # digits and Latin letters keep their own direction


def settled(
    question: Question, answer: Any, posted: Posted, tongue: Tongue
) -> tuple[Any, dict[str, Any] | None]:
    """The answer as it may be stored, or else what to ask about it."""
    found = [(text, spans) for text in texts(question, answer) if (spans := guard.findings(text))]
    if not found:
        return answer, None
    mark = _digest([text for text, _ in found])
    choice = (posted.get(f"_personal.{question.code}") or [""])[0]
    if choice == f"keep-{mark}":
        return answer, None
    if choice == f"hide-{mark}":
        return _hidden(question, answer, tongue.words["personal_hidden"]), None
    return None, {
        "seen": list(_seen(found, tongue)),
        "name": f"_personal.{question.code}",
        "id": f"f-personal-{question.code}",
        "keep": f"keep-{mark}",
        "hide": f"hide-{mark}",
    }


def texts(question: Question, answer: Any) -> list[str]:
    if question.kind is Kind.TEXT:
        return [answer]
    if question.kind is Kind.PLACE:
        return [mark[part] for mark in answer for part in ("described", "why") if part in mark]
    return []


def _seen(found: list[tuple[str, list[Finding]]], tongue: Tongue) -> Iterator[str]:
    for text, spans in found:
        for span in spans:
            what = tongue.words[KINDS[span.kind]]
            yield tongue.words["personal_seen"].format_map(
                {"what": what, "text": APART.format(text[span.start : span.end])}
            )


def _hidden(question: Question, answer: Any, instead: str) -> Any:
    if question.kind is Kind.TEXT:
        return _without(answer, instead)
    return [
        {
            part: _without(value, instead) if part in {"described", "why"} else value
            for part, value in mark.items()
        }
        for mark in answer
    ]


def _without(text: str, instead: str) -> str:
    for span in reversed(guard.findings(text)):
        text = text[: span.start] + instead + text[span.end :]
    return text


def _digest(found: list[str]) -> str:
    return hashlib.sha256("\0".join(found).encode()).hexdigest()[:16]
