from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from loftet.core import clock, log, seals, vault
from loftet.core.access import require
from loftet.core.actions import meet_clock, start_clock
from loftet.core.errors import Refused, refuse_invalid
from loftet.core.guard import refuse_personal_data
from loftet.core.hold import hold
from loftet.core.models import User
from loftet.core.roles import Permission
from loftet.core.turn import action
from loftet.listen.actions.questionnaires import lock_questionnaire
from loftet.listen.models import AccessCode, Wave
from loftet.listen.rules import waves

TEXTS = (
    "title_sv", "title_en", "population_sv", "population_en", "purpose_sv", "purpose_en",
    "law_sv", "law_en", "broken_sv", "broken_en", "source",
)  # fmt: skip
TOLD = ("purpose_sv", "law_sv", "contact")
UNKNOWN = "–"  # what those asked were told, of a wave made elsewhere
CLOCK = "survey_closes"


@action
def add_wave(*, wave: Wave, by: User) -> Wave:
    require(by, Permission.WRITE_SURVEY)
    wave.state = waves.State.PLANNED
    _refuse(wave)
    wave.save(force_insert=True)
    log.record(by, "added", wave, code=wave.code, design=wave.design)
    return wave


@action
def edit_wave(*, wave: Wave, by: User) -> Wave:
    """In the field only the texts and the last day may change: what was asked of whom is set."""
    require(by, Permission.WRITE_SURVEY)
    before = Wave.objects.get(pk=wave.pk)
    wave.state = before.state
    if before.state == waves.State.SETTLED:
        raise Refused("wave_settled", _("The results are frozen; the wave no longer changes."))
    if before.state != waves.State.PLANNED:
        _refuse_set(before, wave)
    elif before.design != wave.design and (before.codes.exists() or seals.exists(wave.address_key)):
        raise Refused("drawn", _("The sample is drawn. Undo the draw first."), field="design")
    _refuse(wave)
    wave.save()
    log.record(by, "edited", wave, code=wave.code)
    return wave


@action
def record_wave(*, wave: Wave, by: User) -> Wave:
    """Enter a wave that was made elsewhere, of which only the totals are known."""
    require(by, Permission.WRITE_SURVEY)
    if not wave.source or wave.answered is None:
        raise Refused(
            "totals_missing", _("Say where it is published and how many answered."), field="source"
        )
    if wave.sent is not None and wave.answered > wave.sent:
        raise Refused(
            "too_many_answers", _("More cannot have answered than were asked."), field="answered"
        )
    wave.state = waves.State.SETTLED
    for name in TOLD:
        setattr(wave, name, getattr(wave, name) or UNKNOWN)
    _refuse(wave)
    wave.save(force_insert=True)
    log.record(by, "recorded", wave, code=wave.code, answered=wave.answered, source=wave.source)
    return wave


@action
def open_field(*, wave: Wave, by: User) -> Wave:
    """Lock the questionnaire and begin to receive answers on the first day of the field."""
    require(by, Permission.WRITE_SURVEY)
    hold(wave, "state")
    _refuse_move(wave, waves.State.IN_FIELD)
    questionnaire = wave.questionnaire
    if questionnaire is None:
        raise Refused("no_questionnaire", _("Choose a questionnaire first."))
    if wave.on_web is False and wave.on_paper is False:
        raise Refused("no_mode", _("Say whether it is answered on the web, on paper or both."))
    if wave.allowed.codes and not AccessCode.objects.filter(wave=wave).exists():
        raise Refused("no_codes", _("Draw the sample first: nobody has a code to answer with."))
    make_keys(wave)
    lock_questionnaire(questionnaire, by)
    wave.state = waves.State.IN_FIELD
    wave.save(update_fields=["state"])
    log.record(by, "opened_field", wave, questionnaire=questionnaire.digest())
    start_clock(clock=CLOCK, subject=wave, start=wave.opens, by=by)
    return wave


@action
def close_field(*, wave: Wave, by: User) -> Wave:
    require(by, Permission.WRITE_SURVEY)
    hold(wave, "state")
    _refuse_move(wave, waves.State.CLOSED)
    wave.state = waves.State.CLOSED
    wave.closes = min(wave.closes, max(clock.today(), wave.opens))
    wave.save(update_fields=["state", "closes"])
    log.record(by, "closed_field", wave, on=wave.closes)
    meet_clock(clock=CLOCK, subject=wave, by=by)
    return wave


@action
def reopen_field(*, wave: Wave, closes: date, by: User) -> Wave:
    """Prolong a field that was closed; nothing has been opened yet."""
    require(by, Permission.WRITE_SURVEY)
    hold(wave, "state")
    if wave.state != waves.State.CLOSED:
        raise Refused("not_closed_yet", _("Only a closed field can be opened again."))
    if closes < clock.today():
        raise Refused("day_passed", _("Choose today or a later day."), field="closes")
    wave.state, wave.closes = waves.State.IN_FIELD, closes
    wave.save(update_fields=["state", "closes"])
    log.record(by, "reopened_field", wave, until=closes)
    return wave


@action
def remove_wave(*, wave: Wave, by: User) -> None:
    """A plan that came to nothing, or a wave made elsewhere that was entered wrongly."""
    require(by, Permission.WRITE_SURVEY)
    hold(wave, "state")
    planned = wave.state == waves.State.PLANNED and not wave.codes.exists()
    if not planned and not wave.source:
        raise Refused("not_a_plan", _("Only a plan without a sample can be removed."))
    if Wave.objects.filter(comparable_with=wave).exists():
        raise Refused("compared", _("Another survey is compared with this one."))
    log.record(by, "removed", wave, code=wave.code)
    keys, frame = (wave.answer_key, wave.code_key, wave.address_key), f"frame-{wave.pk}"
    wave.delete()
    transaction.on_commit(lambda: _forget(keys, frame))


def _forget(keys: tuple[str, ...], frame: str) -> None:
    for key in keys:
        seals.destroy(key)
    vault.remove(frame)


def make_keys(wave: Wave) -> None:
    """The keys that seal what is received; before anything is."""
    for key in (wave.answer_key, wave.code_key):
        seals.make(key)


def _refuse_move(wave: Wave, to: waves.State) -> None:
    if not waves.may_move(waves.State(wave.state), to):
        raise Refused("no_such_move", _("A survey cannot go from there to here."))


def _refuse_set(before: Wave, wave: Wave) -> None:
    for name in ("design", "questionnaire_id", "opens", "on_web", "on_paper"):
        if getattr(before, name) != getattr(wave, name):
            raise Refused(
                "set_in_field",
                _("This cannot change once people have been asked."),
                field=name.removesuffix("_id"),
            )


def _refuse(wave: Wave) -> None:
    refuse_invalid(wave)
    if wave.code in waves.TAKEN:
        raise Refused(
            "address_taken", _("A page here has that address. Choose another."), field="code"
        )
    refuse_personal_data(**{name: getattr(wave, name) for name in TEXTS})
    earlier = wave.comparable_with
    if earlier is None:
        return
    if not (wave.allowed.comparison and earlier.allowed.comparison):
        raise Refused(
            "not_comparable",
            _("Only waves of everyone or of a random sample can be compared."),
            field="comparable_with",
        )
    if earlier.opens >= wave.opens:
        raise Refused(
            "not_earlier",
            _("Choose a wave that was made before this one."),
            field="comparable_with",
        )
