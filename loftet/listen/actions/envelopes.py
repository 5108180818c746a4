"""Answers while the field is open: sealed, page by page, and never in the log.

A line in the log for each page would tell when which code was used; the day on the code is enough.
"""

import json
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from loftet.core import clock, seals
from loftet.core.errors import Refused
from loftet.listen.models import AccessCode, Envelope, Mode, Wave
from loftet.listen.rules import codes, form, waves


@dataclass(frozen=True)
class Draft:
    """What has been answered so far on a code."""

    language: str = "sv"
    answers: dict[str, Any] = field(default_factory=dict)


def digest(wave: Wave, code: str) -> str:
    return seals.keyed_digest(wave.code_key, codes.normal(code))


def begin(*, wave: Wave) -> str:
    """A code of one's own for whoever follows an open link, to come back with."""
    refuse_unless_open(wave)
    if wave.allowed.codes:
        raise Refused("code_needed", _("This survey is answered with the code from the letter."))
    code = codes.new()
    AccessCode.objects.create(wave=wave, digest=digest(wave, code))
    return code


def draft(*, wave: Wave, code: AccessCode) -> Draft:
    """What the envelope holds; nothing if nothing has been answered."""
    envelope = Envelope.objects.filter(code=code).first()
    return Draft() if envelope is None else opened(wave, envelope.code_id, envelope.sealed)


@transaction.atomic
def keep(*, wave: Wave, code: AccessCode, draft: Draft, finished: bool) -> None:
    """Seal what has been answered so far; when it is sent in, the code is used up."""
    refuse_unless_open(wave)
    today = clock.today()
    content: dict[str, Any] = {"sealed": sealed(wave, code.pk, draft), "mode": Mode.WEB}
    if finished:
        if not AccessCode.objects.filter(pk=code.pk, used_on=None).update(used_on=today):
            raise already_used()
        content["finished_on"] = today
    elif AccessCode.objects.filter(pk=code.pk).exclude(used_on=None).exists():
        raise already_used()
    Envelope.objects.update_or_create(
        code=code, defaults=content, create_defaults=content | {"begun_on": today}
    )


def already_used() -> Refused:
    return Refused("code_used", _("An answer has already been sent in with this code. Thank you."))


def refuse_unless_open(wave: Wave) -> None:
    today = clock.today()
    if wave.state == waves.State.IN_FIELD and wave.opens <= today <= wave.closes:
        return
    if wave.state in {waves.State.PLANNED, waves.State.IN_FIELD} and today < wave.opens:
        raise Refused("wave_not_open", _("The survey has not opened yet."))
    raise Refused("wave_closed", _("The survey is closed. Answers are no longer received."))


def sealed(wave: Wave, about: int, draft: Draft) -> bytes:
    """All envelopes of a wave have the same length, so that it tells nothing of what is inside."""
    content = {"language": draft.language, "answers": draft.answers}
    plain = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
    length = form.room(wave.questionnaire.form) if wave.questionnaire else form.BLOCK
    if len(plain) > length:
        raise Refused("answer_large", _("The answer is too long to be kept."))
    return seals.seal(wave.answer_key, plain.ljust(length), about=f"{wave.pk}:{about}")


def opened(wave: Wave, about: int, sealed: bytes | memoryview) -> Draft:
    plain = seals.unseal(wave.answer_key, bytes(sealed), about=f"{wave.pk}:{about}")
    return Draft(**json.loads(plain))
