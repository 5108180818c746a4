"""A form with every kind of question, as it is typed and as it is written down."""

from typing import Any

from loftet.listen.rules import form as forms
from tests.listen.make import choices, texts

LIKES = [{"code": code, "label": texts(code.title())} for code in ("none", "some", "much")]
DOCUMENT: dict[str, Any] = {
    "title": texts("Allt", "Everything"),
    "languages": ["sv", "en"],
    "pages": [
        {
            "code": "one",
            "title": texts("Ett"),
            "questions": [
                {
                    "code": "out",
                    "kind": "single",
                    "label": texts("Går du ut?"),
                    "choices": choices("yes", "no"),
                },
                {
                    "code": "when",
                    "kind": "single",
                    "label": texts("När?"),
                    "choices": choices("day", "night"),
                    "relevant": "${out} = 'yes'",
                },
                {
                    "code": "seen",
                    "kind": "grid",
                    "label": texts("Vad ser du?"),
                    "choices": LIKES,
                    "rows": [
                        {"code": "litter", "label": texts("Skräp")},
                        {"code": "noise", "label": texts("Buller")},
                    ],
                },
                {
                    "code": "age",
                    "kind": "number",
                    "label": texts("Ålder"),
                    "lowest": 16,
                    "highest": 85,
                    "whole": True,
                },
            ],
        },
        {
            "code": "two",
            "title": texts("Två"),
            "questions": [
                {
                    "code": "first",
                    "kind": "priorities",
                    "label": texts("Välj två"),
                    "choices": choices("drugs", "cars", "noise"),
                    "most": 2,
                },
                {"code": "where", "kind": "place", "label": texts("Var?"), "most": 1},
                {"code": "more", "kind": "text", "label": texts("Mer?"), "longest": 200},
            ],
        },
    ],
}
FORM = forms.read(DOCUMENT)
TYPED = {
    "out": "1",
    "when": "2",
    "seen.litter": "3",
    "seen.noise": "?",
    "age": "47",
    "first": "31",
    "where.0.described": "Torget",
    "where.0.feeling": "2",
    "more": "Bättre ljus.",
}
WRITTEN = {
    "out": "yes",
    "when": "night",
    "seen": {"litter": "much", "noise": "?"},
    "age": 47,
    "first": ["drugs", "noise"],
    "where": [{"described": "Torget", "feeling": "unsafe"}],
    "more": "Bättre ljus.",
}
