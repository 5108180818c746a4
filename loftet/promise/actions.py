"""Every write of the promise phase."""

from collections.abc import Iterable
from datetime import date

from django.utils.translation import gettext as _

from loftet.core import clock, log
from loftet.core.access import ANYWHERE, memberships, require
from loftet.core.actions import meet_clock, open_cycle, start_clock
from loftet.core.errors import NotAllowed, Refused, refuse_invalid
from loftet.core.guard import refuse_personal_data
from loftet.core.hold import hold
from loftet.core.models import Area, Cycle, User
from loftet.core.roles import ROLES, Permission
from loftet.core.turn import action
from loftet.promise import rules
from loftet.promise.models import Commitment, Party, Pledge, Signature

PLEDGE_TEXTS = ("title_sv", "title_en", "place", "background_sv", "background_en")
COMMITMENT_TEXTS = (
    "text_sv", "text_en", "because_sv", "because_en", "place", "source",
    "counting_rule_sv", "counting_rule_en",
)  # fmt: skip


@action
def add_pledge(*, pledge: Pledge, starts: date, ends: date, by: User) -> Pledge:
    """Begin a pledge, and with the first one of a period the period itself."""
    require(by, Permission.WRITE_PLEDGE)
    if Pledge.objects.filter(period=pledge.period).exists():
        raise Refused(
            "period_taken", _("There is already a pledge at this address."), field="period"
        )
    pledge.cycle = Cycle.objects.filter(starts=starts, ends=ends).first() or open_cycle(
        period=rules.name_of_cycle(starts, ends), starts=starts, ends=ends, by=by
    )
    pledge.state = Pledge.State.DRAFT
    _refuse_text(pledge, PLEDGE_TEXTS)
    pledge.save(force_insert=True)
    log.record(by, "added", pledge, period=pledge.period)
    return pledge


@action
def edit_pledge(*, pledge: Pledge, by: User) -> Pledge:
    require(by, Permission.WRITE_PLEDGE)
    _refuse_locked(pledge)
    _refuse_text(pledge, PLEDGE_TEXTS)
    pledge.save()
    log.record(by, "edited", pledge, period=pledge.period)
    return pledge


@action
def add_commitment(*, commitment: Commitment, areas: Iterable[Area] = (), by: User) -> Commitment:
    return _save_commitment(commitment, areas, by, verb="added")


@action
def edit_commitment(*, commitment: Commitment, areas: Iterable[Area] = (), by: User) -> Commitment:
    return _save_commitment(commitment, areas, by, verb="edited")


@action
def remove_commitment(*, commitment: Commitment, by: User) -> None:
    _require_writer(commitment, by)
    _refuse_locked(commitment.pledge)
    log.record(by, "removed", commitment, code=commitment.code, text=commitment.text_sv)
    commitment.delete()


@action
def move(*, pledge: Pledge, to: rules.State, by: User) -> Pledge:
    """Send a pledge out for comment, decide it, or open it again."""
    require(by, Permission.WRITE_PLEDGE)
    hold(pledge, "state")
    to = rules.State(to)
    if to is rules.State.SIGNED or not rules.may_move(rules.State(pledge.state), to):
        raise Refused("no_such_move", _("A pledge cannot go from there to here."))
    if to is rules.State.DECIDED:
        _refuse_gaps(pledge)
    pledge.signatures.all().delete()
    pledge.state = to
    pledge.save(update_fields=["state"])
    log.record(by, "moved", pledge, to=to)
    if to is rules.State.OUT_FOR_COMMENT:
        start_clock(clock="pledge_comments", subject=pledge, start=clock.today(), by=by)
    else:
        meet_clock(clock="pledge_comments", subject=pledge, by=by)
    return pledge


@action
def sign(*, pledge: Pledge, party: str, title: str, read: str | None = None, by: User) -> Signature:
    """Sign for one party, under the text that was read; when both have, it is locked."""
    _require_signer(by, party)
    hold(pledge, "state")
    if read is not None and read != pledge.digest():
        raise Refused(
            "text_changed", _("The text was changed while you read it. Read it again, then sign.")
        )
    if pledge.state != Pledge.State.DECIDED:
        raise Refused("not_decided", _("Only a pledge that has been decided can be signed."))
    _refuse_gaps(pledge)
    if pledge.signatures.filter(party=party).exists():
        raise Refused("already_signed", _("This party has signed already."))
    signature = Signature.objects.create(
        pledge=pledge, party=party, name=by.name, title=title, user=by,
        signed_on=clock.today(), digest=pledge.digest(),
    )  # fmt: skip
    log.record(by, "signed", pledge, party=party, digest=signature.digest)
    if rules.signed_by_all(Party.values, pledge.signatures.values_list("party", flat=True)):
        pledge.state = Pledge.State.SIGNED
        pledge.save(update_fields=["state"])
    return signature


@action
def record_signatures(
    *, pledge: Pledge, signers: Iterable[tuple[str, str, str, date | None]], by: User
) -> Pledge:
    """Enter a pledge signed before it came here: party, name, title and day of each signer."""
    require(by, Permission.WRITE_PLEDGE)
    _refuse_locked(pledge)
    signers = list(signers)
    if not signers:
        raise Refused("signers_missing", _("Say which parties have signed."))
    digest = pledge.digest()
    for party, name, title, day in signers:
        Signature.objects.create(
            pledge=pledge, party=party, name=name, title=title, signed_on=day, digest=digest
        )
    pledge.state = Pledge.State.SIGNED
    pledge.save(update_fields=["state"])
    log.record(by, "recorded as signed", pledge, digest=digest)
    return pledge


def _save_commitment(
    commitment: Commitment, areas: Iterable[Area], by: User, *, verb: str
) -> Commitment:
    _require_writer(commitment, by)
    _refuse_locked(commitment.pledge)
    cycle = commitment.pledge.cycle
    if not cycle.starts <= commitment.starts <= commitment.ends <= cycle.ends:
        raise Refused(
            "outside_cycle", _("The days must lie within the pledge's own period."), field="starts"
        )
    if commitment.baseline and commitment.baseline.indicator_id != commitment.indicator_id:
        raise Refused(
            "other_indicator", _("The baseline belongs to another indicator."), field="baseline"
        )
    _refuse_text(commitment, COMMITMENT_TEXTS)
    commitment.save()
    commitment.areas.set(areas)
    log.record(by, verb, commitment, code=commitment.code, pledge=commitment.pledge.period)
    return commitment


def _require_writer(commitment: Commitment, by: User) -> None:
    """Both who answers for it and who did: nobody takes over another's promise."""
    answers = {commitment.responsible}
    if commitment.pk is not None:
        before = Commitment.objects.select_related("responsible__parent__parent")
        answers.add(before.get(pk=commitment.pk).responsible)
    for organisation in answers:
        require(by, Permission.WRITE_PLEDGE, organisation=organisation or ANYWHERE)


def _refuse_text(row: Pledge | Commitment, texts: Iterable[str]) -> None:
    refuse_invalid(row)
    refuse_personal_data(**{name: getattr(row, name) for name in texts})


def _refuse_locked(pledge: Pledge) -> None:
    hold(pledge, "state")
    if not pledge.open_for_writing:
        raise Refused(
            "locked",
            _(
                "The text is locked: it has been decided or signed."
                " Open it again, or write what changed as a result."
            ),
        )


def _refuse_gaps(pledge: Pledge) -> None:
    commitments = list(pledge.commitments.all())
    if not commitments:
        raise Refused("empty", _("The pledge has no commitments yet."))
    lacking = [c.code for c in commitments if any(gap.stops for gap in rules.gaps(c.as_draft()))]
    if lacking:
        raise Refused(
            "gaps",
            _(
                "These commitments cannot be followed up yet: %(codes)s."
                " Open each to see what is missing."
            )
            % {"codes": ", ".join(lacking)},
        )


def signs_for(person: User) -> list[str]:
    """A signer signs for the party that the own organisation is of, and for no other."""
    signing = [
        m for m in memberships(person) if Permission.SIGN_PLEDGE in ROLES[m.role].permissions
    ]
    kinds = {m.organisation.kind for m in signing}
    return [party for party in Party.values if party in kinds]


def _require_signer(by: User, party: str) -> None:
    if party not in signs_for(by):
        raise NotAllowed("not_signer", _("Only this party's own signer can sign for it."))
