from collections.abc import Sequence

from django.utils.translation import gettext as _

from loftet.core import log, seals
from loftet.core.access import require
from loftet.core.errors import Refused
from loftet.core.hold import hold
from loftet.core.models import User
from loftet.core.roles import Permission
from loftet.core.turn import action
from loftet.listen.actions.envelopes import digest
from loftet.listen.models import AccessCode, Wave
from loftet.listen.rules import codes, waves

TOLD = 10  # faulty lines that are told of at once


@action
def note_outcomes(*, wave: Wave, typed: Sequence[str], outcome: str, by: User) -> int:
    """Letters that came back, and people who cannot or will not answer: by their codes.

    The log tells how many and never which. An empty outcome takes back what was noted.
    """
    require(by, Permission.ENTER_ANSWERS)
    hold(wave, "state")
    _refuse_state(wave)
    if outcome not in {"", *AccessCode.Outcome.values}:
        raise Refused("outcome_unknown", _("Choose what happened."), field="outcome")
    lines = [(number, line) for number, line in enumerate(typed, start=1) if line.strip()]
    if not lines:
        raise Refused("codes_missing", _("Type at least one code."), field="codes")
    digests = {number: digest(wave, line) for number, line in lines if not codes.wrong(line)}
    found = {code.digest: code for code in wave.codes.filter(digest__in=digests.values())}
    faults = [
        _("Line %(number)d: %(fault)s") % {"number": number, "fault": fault}
        for number, line in lines
        if (fault := _fault(line, found.get(digests.get(number, ""))))
    ]
    if faults:
        raise Refused("codes_wrong", _told(faults), field="codes")
    wave.codes.filter(digest__in=found).update(outcome=outcome)
    log.record(by, "noted_outcomes", wave, outcome=outcome, people=len(found))
    return len(found)


def _refuse_state(wave: Wave) -> None:
    if not wave.allowed.codes:
        raise Refused("no_sample", _("Anyone answers this survey; there is nobody to draw."))
    in_time = wave.state in {waves.State.IN_FIELD, waves.State.CLOSED}
    if not in_time or not seals.exists(wave.code_key):
        raise Refused(
            "no_field", _("This is noted from when the field opens until the answers are opened.")
        )


def _fault(line: str, code: AccessCode | None) -> str:
    if codes.wrong(line):
        return _("“%(code)s” is not a code. Type the eight signs again.") % {"code": line.strip()}
    if code is None:
        return _("“%(code)s” is not a code of this survey.") % {"code": line.strip()}
    if code.used_on is not None:
        return _("“%(code)s” has answered; the answer counts.") % {"code": line.strip()}
    return ""


def _told(faults: list[str]) -> str:
    more = len(faults) - TOLD
    if more > 0:
        faults = [*faults[:TOLD], _("and %(count)d more lines.") % {"count": more}]
    return " ".join([_("Nothing is noted."), *faults])
