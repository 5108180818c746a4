"""Stops personal data in free text before it is stored: places and problems, never persons.

Names are not recognised here: that takes a person who reads before publication.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from loftet.core.errors import Refused
from loftet.core.rules.personal import Kind, spans

MESSAGES: dict[Kind, str | Promise] = {
    Kind.PERSONAL_NUMBER: gettext_lazy("a personal identity number"),
    Kind.PHONE: gettext_lazy("a telephone number"),
    Kind.EMAIL: gettext_lazy("an e-mail address"),
    Kind.PLATE: gettext_lazy("a registration plate"),
}


@dataclass(frozen=True)
class Finding:
    kind: Kind
    start: int
    end: int
    message: str


def findings(text: str) -> list[Finding]:
    return [
        Finding(span.kind, span.start, span.end, _message(span.kind, span.start))
        for span in spans(text)
    ]


def refuse_personal_data(**fields: str | None) -> None:
    """Refuse the first field that holds personal data; say what and where, never repeat it."""
    for field, text in fields.items():
        found = findings(text or "")
        if found:
            advice = _("Describe the place and what happens there instead. Nothing was saved.")
            raise Refused(
                "personal_data", " ".join([*(f.message for f in found), advice]), field=field
            )


def _message(kind: Kind, start: int) -> str:
    return _("Character %(place)d looks like the beginning of %(what)s.") % {
        "place": start + 1,
        "what": MESSAGES[kind],
    }
