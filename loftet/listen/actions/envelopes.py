"""Answers while the field is open: sealed, page by page, and never in the log.

A line in the log for each page would tell when which code was used; the day on the code is enough.
"""

import json
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from loftet.core import clock, places, seals
from loftet.core.errors import Refused
from loftet.listen.actions import asked
from loftet.listen.models import AccessCode, Envelope, Mode, Questionnaire, Wave
from loftet.listen.rules import codes, form, waves

GRID = 25  # metres: a place, never exactly somebody's door
ASKED = (waves.State.PLANNED, waves.State.IN_FIELD, waves.State.CLOSED)


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


def found(typed: str) -> AccessCode | None:
    """The code among all surveys whose keys are still there, open or not."""
    keyed = [wave for wave in Wave.objects.filter(state__in=ASKED, on_web=True) if _keyed(wave)]
    digests = {wave.pk: digest(wave, typed) for wave in keyed}
    rows = AccessCode.objects.filter(wave__in=digests, digest__in=digests.values())
    return next((code for code in rows.select_related("wave") if _of_its_own(code, digests)), None)


def visited(pk: int) -> AccessCode | None:
    """A code with all that a page about it needs, asked for at once."""
    return asked.code(pk)


def draft(*, wave: Wave, code: AccessCode) -> Draft:
    """What the envelope holds; nothing if nothing has been answered."""
    envelope = Envelope.objects.filter(code=code).first()
    return Draft() if envelope is None else opened(wave, envelope.code_id, envelope.sealed)


def resumed(code: AccessCode) -> Draft | None:
    """As `draft`, of a code that was `visited`; None if nothing has been answered."""
    envelope: Envelope | None = getattr(code, "envelope", None)
    return None if envelope is None else opened(code.wave, code.pk, envelope.sealed)


def keep(*, wave: Wave, code: AccessCode, draft: Draft, finished: bool) -> None:
    """Seal what has been answered so far; when it is sent in, the code is used up."""
    refuse_unless_open(wave)
    today = clock.today()
    envelope = Envelope(
        code=code,
        sealed=sealed(wave, code.pk, draft),
        mode=Mode.WEB,
        begun_on=today,
        finished_on=today if finished else None,
    )
    with transaction.atomic():
        _refuse_unless_receiving(code)
        _put(envelope)
        if finished:
            AccessCode.objects.filter(pk=code.pk).update(used_on=today)


def _refuse_unless_receiving(code: AccessCode) -> None:
    """Whoever finishes on the same code, or closes the field, waits for us or we for them."""
    used_on = asked.used_on(code.pk)
    refuse_unless_open(asked.state_of_wave(code.wave_id))
    if used_on is not None:
        raise already_used()


def _put(envelope: Envelope) -> None:
    """In one statement, so that two pages at once do not both think theirs is the first."""
    Envelope.objects.bulk_create(
        [envelope],
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["sealed", "mode", "finished_on"],
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


def receipt(code: AccessCode) -> str:
    """A number for whoever sent an answer in; it is kept nowhere and leads to no answer."""
    made = seals.keyed_digest(code.wave.code_key, f"receipt {code.digest}")
    signs = [codes.ALPHABET[int(made[at : at + 8], 16) % len(codes.ALPHABET)] for at in range(12)]
    return "-".join("".join(signs[at : at + 4]) for at in (0, 4, 8))


def form_of(wave: Wave) -> form.Form:
    """The questions of the wave; once they are locked they are read only once."""
    questionnaire = wave.questionnaire
    if questionnaire is None:
        return form.Form(title={}, languages=("sv",))
    if questionnaire.locked_at is None:
        return questionnaire.form
    return _locked(questionnaire.pk, questionnaire.locked_at)[0]


def generalised(answers: dict[str, Any]) -> dict[str, Any]:
    """Every point on the map moved to the nearest corner of a coarse grid."""
    return {code: _generalised(answer) for code, answer in answers.items()}


def sealed(wave: Wave, about: int | str, draft: Draft) -> bytes:
    """All envelopes of a wave have the same length, so that it tells nothing of what is inside."""
    content = {"language": draft.language, "answers": draft.answers}
    plain = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
    length = _room(wave)
    if len(plain) > length:
        raise Refused("answer_large", _("The answer is too long to be kept."))
    return seals.seal(wave.answer_key, plain.ljust(length), about=f"{wave.pk}:{about}")


def opened(wave: Wave, about: int | str, sealed: bytes | memoryview) -> Draft:
    plain = seals.unseal(wave.answer_key, bytes(sealed), about=f"{wave.pk}:{about}")
    return Draft(**json.loads(plain))


def _room(wave: Wave) -> int:
    questionnaire = wave.questionnaire
    if questionnaire is None:
        return form.BLOCK
    if questionnaire.locked_at is None:
        return form.room(questionnaire.form)
    return _locked(questionnaire.pk, questionnaire.locked_at)[1]


@lru_cache(maxsize=8)
def _locked(questionnaire: int, _at: datetime) -> tuple[form.Form, int]:
    whole = Questionnaire.objects.get(pk=questionnaire).form
    return whole, form.room(whole)


def _keyed(wave: Wave) -> bool:
    return seals.exists(wave.code_key)


def _of_its_own(code: AccessCode, digests: dict[int, str]) -> bool:
    return digests[code.wave_id] == code.digest


def _generalised(answer: Any) -> Any:
    if not isinstance(answer, list):
        return answer
    return [_coarse(mark) if isinstance(mark, dict) and "lat" in mark else mark for mark in answer]


def _coarse(mark: dict[str, Any]) -> dict[str, Any]:
    easting, northing = places.to_sweref(mark["lat"], mark["lon"])
    corner = round(easting / GRID) * GRID, round(northing / GRID) * GRID
    latitude, longitude = places.to_wgs84(*corner)
    return mark | {"lat": round(latitude, 5), "lon": round(longitude, 5)}
