"""To publish is to freeze: the one write of this phase."""

from django.utils.translation import gettext as _

from loftet.core import clock, log
from loftet.core.access import require
from loftet.core.actions import meet_clock
from loftet.core.errors import Refused
from loftet.core.hold import hold
from loftet.core.models import User
from loftet.core.roles import Permission
from loftet.core.turn import action
from loftet.promise.models import Pledge
from loftet.publish import freeze
from loftet.publish.models import Edition, digest

FIRST = {"sv": "Första utgåvan", "en": "First edition"}


@action
def publish(
    *, pledge: Pledge, kind: str, reason_sv: str = "", reason_en: str = "", by: User
) -> Edition:
    """Freeze the pledge or its follow-up as it stands now; earlier editions stay as they were."""
    require(by, Permission.PUBLISH)
    kind = Edition.Kind(kind)
    hold(pledge, "state")
    if pledge.state != Pledge.State.SIGNED:
        raise Refused("not_signed", _("Only a signed pledge is published."))
    newest = Edition.objects.of(kind, pledge.period).first()
    content = content_of(pledge, kind)
    if newest and not reason_sv.strip():
        raise Refused(
            "reason_missing",
            _("Say what is new in this edition; readers see it."),
            field="reason_sv",
        )
    if newest and differences(newest.content, content) == []:
        raise Refused("nothing_new", _("Nothing has changed since the last edition."))
    edition = Edition.objects.create(
        kind=kind,
        period=pledge.period,
        number=newest.number + 1 if newest else 1,
        starts=pledge.cycle.starts,
        ends=pledge.cycle.ends,
        content=content,
        digest=digest(content),
        reason_sv=reason_sv.strip() or FIRST["sv"],
        reason_en=reason_en.strip() or ("" if reason_sv.strip() else FIRST["en"]),
        published_at=clock.now(),
        published_by=by,
    )
    log.record(
        by,
        "published",
        edition,
        kind=kind,
        period=pledge.period,
        number=edition.number,
        digest=edition.digest,
    )
    for clock_key in _clocks_met(pledge, kind):
        meet_clock(clock=clock_key, subject=pledge.cycle, by=by)
    return edition


def _clocks_met(pledge: Pledge, kind: str) -> tuple[str, ...]:
    if kind == Edition.Kind.PLEDGE:
        return ("pledge_signed",)
    over = pledge.cycle.ends < clock.today()
    return ("mid_term_follow_up", "year_end_follow_up") if over else ("mid_term_follow_up",)


def content_of(pledge: Pledge, kind: str) -> dict[str, object]:
    if kind == Edition.Kind.PLEDGE:
        return freeze.pledge(pledge)
    return freeze.followup(pledge, on=clock.today())


def differences(old: dict[str, object], new: dict[str, object]) -> list[str]:
    """The parts that differ, as paths; the day of judging alone is no news."""
    return [path for path in _differing("", old, new) if path != "judged_on"]


def _differing(path: str, old: object, new: object) -> list[str]:
    if isinstance(old, dict) and isinstance(new, dict):
        keys = sorted(old.keys() | new.keys())
        return [
            p
            for key in keys
            for p in _differing(f"{path}.{key}".lstrip("."), old.get(key), new.get(key))
        ]
    if isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        return [
            p
            for n, pair in enumerate(zip(old, new, strict=True))
            for p in _differing(f"{path}[{n}]", *pair)
        ]
    return [] if old == new else [path]
