"""Paper forms, typed in by two people who do not see each other's typing.

What is typed is sealed like the answers of the web. The log gets one line for each person and day:
a line for each form would tell when which code was typed. Numbers are kept in `KeyingTally`.

The same code on the web and on paper: an answer that was sent in on the web counts, and the paper
is set aside as a duplicate; one that was only begun on the web gives way to the paper.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

from django.db.models import Count, F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from loftet.core import clock, log, seals
from loftet.core.access import require
from loftet.core.errors import Refused
from loftet.core.hold import hold
from loftet.core.models import Event, User
from loftet.core.roles import Permission
from loftet.core.turn import action
from loftet.listen.actions import envelopes
from loftet.listen.models import AccessCode, Envelope, Keying, KeyingTally, Mode, Wave
from loftet.listen.rules import codes, paper, waves

RECEIVED = {waves.State.IN_FIELD, waves.State.CLOSED}
LANGUAGE = "sv"  # of the form that is sent on paper


class Stage(Enum):
    """What a form with this code waits for."""

    FIRST = auto()
    SECOND = auto()
    OWN = auto()  # for somebody else than who asks
    DIFFERENCES = auto()
    DONE = auto()


@dataclass(frozen=True)
class Standing:
    """Where the paper of a wave stands; no code is named."""

    done: int
    once: int
    own: int  # of those: typed by who asks
    differing: int
    tally: KeyingTally


def found(*, wave: Wave, typed: str, by: User) -> AccessCode:
    """The code on the form, checked as on the web."""
    require(by, Permission.ENTER_ANSWERS)
    refuse_unless_typed(wave)
    wrong = codes.wrong(typed)
    if wrong:
        raise Refused(f"code_{wrong}", str(_why(wrong)), field="code")
    code = AccessCode.objects.filter(wave=wave, digest=envelopes.digest(wave, typed)).first()
    if code is None:
        raise Refused(
            "code_unknown",
            _("No one in this survey has this code. Compare it with the form."),
            field="code",
        )
    return code


def refuse_unless_typed(wave: Wave) -> None:
    """Paper is typed from the first day of the field until the answers are opened."""
    if not wave.on_paper:
        raise Refused("no_paper", _("This survey is not answered on paper."))
    if wave.state == waves.State.PLANNED:
        raise Refused("wave_not_open", _("The survey has not opened yet."))
    if wave.state not in RECEIVED or not seals.exists(wave.code_key):
        raise Refused(
            "answers_opened",
            _("The answers have been opened. Nothing more can be typed in."),
        )


def _why(wrong: str) -> str:
    return {
        "empty": _("Type the code that is printed on the form."),
        "length": _("A code has eight signs. Count them on the form."),
        "sign": _("There is a sign that is never used: I, L, O, 0 and 1 are in no code."),
        "mistyped": _("A sign seems to be wrong. Compare it with the form."),
    }[wrong]


def stage(code: AccessCode, by: User) -> Stage:
    if code.used_on is not None:
        return Stage.DONE
    typists = list(code.keyings.values_list("by", flat=True))
    if len(typists) == 2:
        return Stage.DIFFERENCES
    if by.pk in typists:
        return Stage.OWN
    return Stage.SECOND if typists else Stage.FIRST


@action
def type_in(*, code: AccessCode, written: Mapping[str, Any], by: User) -> Stage:
    """Keep what one person typed; as soon as two agree it is an answer."""
    require(by, Permission.ENTER_ANSWERS)
    _hold(code)
    if stage(code, by) not in {Stage.FIRST, Stage.SECOND}:
        raise Refused("not_yours", _("You have typed this form, or both have. Nothing was kept."))
    _tell(by, code.wave)
    Keying.objects.create(
        code=code,
        by=by,
        sealed=envelopes.sealed(code.wave, _about(code, by.pk), _draft(written)),
        keyed_on=clock.today(),
    )
    if code.keyings.count() < 2:
        return Stage.SECOND
    first, second = typings(code)
    if paper.differences(envelopes.form_of(code.wave), first, second):
        return Stage.DIFFERENCES
    _finish(code, first)
    return Stage.DONE


@action
def settle(*, code: AccessCode, values: Mapping[str, Any], by: User) -> None:
    """Make the answer of two typings that differ: `values` is what the paper says, by box."""
    require(by, Permission.ENTER_ANSWERS)
    _hold(code)
    if stage(code, by) is not Stage.DIFFERENCES:
        raise Refused("nothing_differs", _("There is nothing to settle for this form."))
    _tell(by, code.wave)
    form = envelopes.form_of(code.wave)
    first, second = typings(code)
    differing = {found.line.key for found in paper.differences(form, first, second)}
    if set(values) != differing:
        raise Refused("not_all", _("Choose for every box what the paper says."))
    agreed = {line.key: paper.at(first, line) for line in paper.lines(form)}
    _finish(code, paper.filled(form, agreed | dict(values)))


@action
def note_duplicate(*, code: AccessCode, by: User) -> None:
    """Set a form aside whose code is used already; only how many there were is kept."""
    require(by, Permission.ENTER_ANSWERS)
    _hold(code, refuse_used=False)
    if code.used_on is None:
        raise Refused("no_duplicate", _("No answer has come in with this code. Type the form."))
    code.keyings.all().delete()
    _add(code.wave, duplicates=1)
    _tell(by, code.wave)


def typings(code: AccessCode) -> tuple[dict[str, Any], dict[str, Any]]:
    """Both, for whoever holds the paper in hand and settles how they differ."""
    first, second = (
        envelopes.opened(code.wave, _about(code, keying.by_id), keying.sealed).answers
        for keying in code.keyings.all()
    )
    return first, second


def standing(wave: Wave, by: User) -> Standing:
    waiting = wave.codes.filter(used_on=None).annotate(times=Count("keyings"))
    once, own, differing = (
        waiting.filter(times=1).count(),
        waiting.filter(times=1, keyings__by=by).count(),
        waiting.filter(times=2).count(),
    )
    paper_ones = Q(mode=Mode.PAPER) & ~Q(finished_on=None)
    done = Envelope.objects.filter(paper_ones, code__wave=wave).count()
    tally = KeyingTally.objects.filter(wave=wave).first() or KeyingTally(wave=wave)
    return Standing(done, once, own, differing, tally)


def _hold(code: AccessCode, *, refuse_used: bool = True) -> None:
    """Whoever sends the same code in on the web waits for us, or we for them."""
    hold(code.wave, "state")
    hold(code, "used_on")
    refuse_unless_typed(code.wave)
    if refuse_used and code.used_on is not None:
        raise Refused(
            "code_used", _("An answer has come in with this code already; that one counts.")
        )


def _finish(code: AccessCode, written: Mapping[str, Any]) -> None:
    form, today = envelopes.form_of(code.wave), clock.today()
    first, second = typings(code)
    Envelope.objects.update_or_create(
        code=code,
        defaults={
            "sealed": envelopes.sealed(code.wave, code.pk, _draft(paper.counted(form, written))),
            "mode": Mode.PAPER,
            "begun_on": today,
            "finished_on": today,
        },
    )
    AccessCode.objects.filter(pk=code.pk).update(used_on=today)
    _add(
        code.wave,
        forms=1,
        boxes=paper.compared(form, first, second),
        differing=len(paper.differences(form, first, second)),
    )
    code.keyings.all().delete()


def _add(wave: Wave, **more: int) -> None:
    KeyingTally.objects.get_or_create(wave=wave)
    KeyingTally.objects.filter(wave=wave).update(
        **{name: F(name) + count for name, count in more.items()}
    )


def _tell(by: User, wave: Wave) -> None:
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    of_wave = {"subject": wave._meta.label_lower, "subject_id": str(wave.pk)}
    told = Event.objects.filter(by=by, verb="typed_paper", at__gte=midnight, **of_wave)
    if not told.exists():
        log.record(by, "typed_paper", wave)


def _draft(answers: Mapping[str, Any]) -> envelopes.Draft:
    return envelopes.Draft(LANGUAGE, dict(answers))


def _about(code: AccessCode, person: int) -> str:
    """A typing opens neither as an answer nor as somebody else's typing."""
    return f"{code.pk}:typed:{person}"
