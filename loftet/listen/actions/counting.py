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
    list(wave.codes.select_for_update().order_by("pk").values_list("pk"))  # who sends in now, ends
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


def tidy() -> None:
    """Keys of opened answers that a process had no time to destroy."""
    for wave in Wave.objects.filter(state__in=[waves.State.COUNTED, waves.State.SETTLED]):
        destroy_keys(wave)


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
    if 0 < len(found) < mixing.LEAST:
        raise Refused(
            "too_few_answers",
            _("So few have answered that one could guess who said what. Open the field again."),
        )
    SystemRandom().shuffle(found)
    drafts = [opened(wave, envelope.code_id, envelope.sealed) for envelope in found]
    origins = [
        mixing.Origin(envelope.code.stratum_id, envelope.mode, draft.language)
        for envelope, draft in zip(found, drafts, strict=True)
    ]
    answers = [
        Answer(
            wave=wave,
            stratum_id=origin.stratum,
            mode=origin.mode,
            language=origin.language,
            content=dict(sorted(draft.answers.items())),
        )
        for origin, draft in zip(mixing.mingled(origins), drafts, strict=True)
    ]
    return sorted(answers, key=lambda answer: answer.id)
