"""The end of the field: envelopes are opened all at once, mixed, and their key is destroyed."""

from secrets import SystemRandom

from django.db import transaction
from django.utils.translation import gettext as _

from loftet.core import log, seals
from loftet.core.access import require
from loftet.core.errors import Refused
from loftet.core.hold import hold
from loftet.core.models import User
from loftet.core.roles import Permission
from loftet.core.turn import action
from loftet.listen.actions.envelopes import opened
from loftet.listen.models import Answer, Envelope, Keying, Wave
from loftet.listen.rules import mixing, waves


@action
def count_answers(*, wave: Wave, by: User) -> int:
    """Turn every finished envelope into an answer that nothing leads back from."""
    require(by, Permission.WRITE_SURVEY)
    hold(wave, "state")
    if wave.state != waves.State.CLOSED:
        raise Refused("not_closed", _("Close the field first: the answers are opened all at once."))
    _refuse_what_is_left(wave)
    answers = _mixed(wave)
    Answer.objects.bulk_create(answers, batch_size=500)
    Keying.objects.filter(code__wave=wave).delete()
    Envelope.objects.filter(code__wave=wave).delete()
    wave.state = waves.State.COUNTED
    wave.save(update_fields=["state"])
    keys = [wave.answer_key, wave.code_key]
    proofs = [seals.fingerprint(key) for key in keys]
    log.record(by, "opened_answers", wave, answers=len(answers), destroyed_keys=proofs)
    transaction.on_commit(lambda: destroy_keys(wave))
    return len(answers)


def destroy_keys(wave: Wave) -> None:
    """Again and again if need be: after this no copy of the database tells who answered what."""
    for key in (wave.answer_key, wave.code_key):
        seals.destroy(key)


def _refuse_what_is_left(wave: Wave) -> None:
    if wave.addressees.exists():
        raise Refused(
            "addresses_left",
            _("Remove the addresses first: once answers are opened nobody may be reminded."),
        )
    typed_once = Keying.objects.filter(code__wave=wave, code__used_on=None)
    if typed_once.exists():
        raise Refused(
            "paper_left",
            _("Some paper forms wait for a second typing or for a difference to be settled."),
        )


def _mixed(wave: Wave) -> list[Answer]:
    """In an order of its own: by the random numbers that the answers get here."""
    envelopes = Envelope.objects.filter(code__wave=wave).exclude(finished_on=None)
    found = list(envelopes.select_related("code"))
    SystemRandom().shuffle(found)
    origins = mixing.mingled([(envelope.code.stratum_id, envelope.mode) for envelope in found])
    answers = []
    for envelope, (stratum, mode) in zip(found, origins, strict=True):
        draft = opened(wave, envelope.code_id, envelope.sealed)
        content = dict(sorted(draft.answers.items()))
        answers.append(
            Answer(
                wave=wave, stratum_id=stratum, mode=mode, language=draft.language, content=content
            )
        )
    return sorted(answers, key=lambda answer: answer.id)
