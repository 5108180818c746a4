"""Where a wave stands: each step of its work, done, next or still to come, and why."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _

from loftet.core import seals
from loftet.listen.models.answering import Envelope, Mode
from loftet.listen.models.coding import Passage
from loftet.listen.models.wave import Wave
from loftet.listen.rules.form import Kind
from loftet.listen.rules.waves import State


@dataclass(frozen=True)
class Step:
    """One step; `name` is that of its page."""

    name: str
    title: str
    told: str
    done: bool


@dataclass(frozen=True)
class Facts:
    """What the steps are judged by, read once."""

    codes: int
    used: int
    begun: int
    addresses: int
    letters: int
    paper: int
    half_typed: int
    answers: int
    texts: int
    texts_read: int
    texts_coded: int
    results: int


def facts(wave: Wave) -> Facts:
    envelopes = Envelope.objects.filter(code__wave=wave)
    written = Passage.objects.filter(answer__wave=wave)
    return Facts(
        codes=wave.codes.count(),
        used=wave.codes.exclude(used_on=None).count(),
        begun=envelopes.filter(finished_on=None).count(),
        addresses=wave.addressees.count(),
        letters=wave.mailings.exclude(made_on=None).count(),
        paper=envelopes.filter(mode=Mode.PAPER).exclude(finished_on=None).count(),
        half_typed=wave.codes.filter(used_on=None).exclude(keyings=None).distinct().count(),
        answers=wave.answers.count(),
        texts=written.count(),
        texts_read=written.exclude(read_by=None).count(),
        texts_coded=written.with_coders().filter(Q(coders__gte=2) | Q(settlers__gte=1)).count(),
        results=wave.compilations.count(),
    )


def steps(wave: Wave, found: Facts) -> list[Step]:
    """In the order of the work; what the design does not ask for is not there."""
    return [step for part in (_before, _during, _after) for step in part(wave, found)]


def _before(wave: Wave, found: Facts) -> Iterator[Step]:
    form = wave.questionnaire
    yield Step(
        "questionnaire",
        _("Questionnaire"),
        str(form) if form else _("None is chosen."),
        form is not None,
    )
    if wave.allowed.codes:
        told = _("%(codes)d people have a code.") % {"codes": found.codes}
        yield Step("sample", _("Sample and codes"), told if found.codes else "", found.codes > 0)
        yield Step(
            "letters",
            _("Letters"),
            _("%(count)d mailings made.") % {"count": found.letters},
            found.letters > 0 or wave.state not in {State.PLANNED, State.IN_FIELD},
        )


def _during(wave: Wave, found: Facts) -> Iterator[Step]:
    opened = wave.state != State.PLANNED
    yield Step("open_field", _("Open the field"), "", opened)
    told = _("%(used)d have answered, %(begun)d have begun.") % {
        "used": found.used,
        "begun": found.begun,
    }
    closed = opened and wave.state != State.IN_FIELD
    yield Step("close_field", _("Close the field"), told if opened else "", closed)
    if wave.on_paper and wave.allowed.codes:
        told = _("%(ready)d typed in, %(wait)d wait for the second typing or to be settled.") % {
            "ready": found.paper,
            "wait": found.half_typed,
        }
        still = wave.state in {State.IN_FIELD, State.CLOSED}
        yield Step(
            "paper", _("Paper forms"), told if still else "", closed and not found.half_typed
        )
    if wave.allowed.codes:
        gone = opened and not found.addresses and not seals.exists(wave.address_key)
        told = _("%(count)d are kept.") % {"count": found.addresses} if not gone else ""
        yield Step("remove_addresses", _("Remove the addresses"), told, gone)


def _after(wave: Wave, found: Facts) -> Iterator[Step]:
    counted = wave.state in {State.COUNTED, State.SETTLED}
    told = _("%(count)d answers.") % {"count": found.answers} if counted else ""
    yield Step("count_answers", _("Open the answers"), told, counted)
    if wave.questionnaire and any(q.kind is Kind.TEXT for q in wave.questionnaire.form.questions):
        told = _("%(texts)d texts, %(read)d read, %(coded)d coded by two.") % {
            "texts": found.texts,
            "read": found.texts_read,
            "coded": found.texts_coded,
        }
        coded = 0 < found.texts == found.texts_coded
        ended = coded or wave.state == State.SETTLED
        yield Step("coding", _("Open answers"), told if found.texts else "", ended)
    yield Step("results", _("Results"), "", found.results > 0)
