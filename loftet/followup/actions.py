"""Every write of the follow-up phase."""

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from loftet.core import clock, log
from loftet.core.access import require
from loftet.core.actions import attach
from loftet.core.errors import Refused, refuse_invalid
from loftet.core.guard import refuse_personal_data
from loftet.core.hold import hold
from loftet.core.models import User
from loftet.core.roles import Permission
from loftet.core.turn import action
from loftet.followup.models import Result
from loftet.promise.models import Commitment, Pledge

TEXTS = (
    "text_sv", "text_en", "reason_sv", "reason_en", "context_sv", "context_en",
    "lesson_sv", "lesson_en", "source",
)  # fmt: skip


@action
def report(*, result: Result, evidence: "UploadedFile[Any] | None" = None, by: User) -> Result:
    """Report on a commitment; an earlier report is replaced and kept."""
    commitment = result.commitment
    require(by, Permission.REPORT_RESULT, organisation=commitment.responsible)
    hold(commitment)
    _refuse_early(commitment)
    _refuse_hollow(result)
    result.replaces = Result.objects.current().on(commitment).first()
    result.recorded_by, result.recorded_at = by, clock.now()
    refuse_invalid(result)
    refuse_personal_data(**{name: getattr(result, name) for name in TEXTS})
    if evidence:
        result.evidence = attach(file=evidence, name=evidence.name or "", by=by)
    result.save(force_insert=True)
    log.record(
        by, "reported", result, commitment=commitment.code, pledge=commitment.pledge.period,
        quantity=result.quantity, state=result.state, replaces=result.replaces_id,
    )  # fmt: skip
    return result


def _refuse_early(commitment: Commitment) -> None:
    if commitment.pledge.state != Pledge.State.SIGNED:
        raise Refused(
            "not_signed", _("Results are reported on a signed pledge; this one is not signed yet.")
        )


def _refuse_hollow(result: Result) -> None:
    """A report must say something that the promise can be measured by."""
    kind = result.commitment.kind
    if kind == Commitment.Kind.DELIVERABLE and not result.state:
        raise Refused("state_missing", _("Say whether it is in place."), field="state")
    late = result.state in {Result.State.NOT_DONE, Result.State.PARTLY, Result.State.ONGOING}
    if kind == Commitment.Kind.DELIVERABLE and late and not result.reason_sv.strip():
        raise Refused(
            "reason_missing",
            _("Say why it is not in place; the reason is public."),
            field="reason_sv",
        )
    if result.quantity is not None and result.quantity < 0:
        raise Refused("negative", _("The number done is zero or more."), field="quantity")
