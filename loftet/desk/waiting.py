"""What waits for one person: an act each, with the page where it is done."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from loftet.core import clock
from loftet.core.access import may
from loftet.core.models import User
from loftet.core.roles import Permission
from loftet.followup.models import awaited
from loftet.listen.models import acts
from loftet.promise.actions import signs_for
from loftet.promise.models import Pledge
from loftet.publish.models import Edition


@dataclass(frozen=True)
class Waiting:
    text: str
    url: str


def for_person(who: User) -> list[Waiting]:
    return [*_to_sign(who), *_to_write(who), *_to_report(who), *_to_publish(who), *_to_ask(who)]


def _to_sign(who: User) -> Iterator[Waiting]:
    parties = signs_for(who)
    if not parties:
        return
    decided = Pledge.objects.filter(state=Pledge.State.DECIDED)
    for pledge in decided.exclude(signatures__party__in=parties):
        yield Waiting(
            _("Sign: %(title)s") % {"title": pledge.title},
            reverse("promise:sign", args=[pledge.period]),
        )


def _to_write(who: User) -> Iterator[Waiting]:
    if not may(who, Permission.WRITE_PLEDGE):
        return
    for pledge in Pledge.objects.exclude(state__in=[Pledge.State.SIGNED, Pledge.State.DECIDED]):
        yield Waiting(
            _("Write on: %(title)s") % {"title": pledge.title},
            reverse("promise:pledge", args=[pledge.period]),
        )


def _to_report(who: User) -> Iterator[Waiting]:
    if not may(who, Permission.REPORT_RESULT):
        return
    for commitment in awaited(clock.today()):
        if may(who, Permission.REPORT_RESULT, organisation=commitment.responsible):
            yield Waiting(
                _("Report on %(code)s: %(text)s")
                % {"code": commitment.code, "text": commitment.text},
                reverse("followup:report", args=[commitment.pledge.period, commitment.code]),
            )


def _to_publish(who: User) -> Iterator[Waiting]:
    """Signed and not yet public; over and not yet told."""
    if not may(who, Permission.PUBLISH):
        return
    public = set(Edition.objects.values_list("kind", "period"))
    for pledge in Pledge.objects.signed().select_related("cycle"):
        for kind, text in _unpublished(pledge, public):
            yield Waiting(
                text % {"title": pledge.title},
                reverse("publishing:publish", args=[kind, pledge.period]),
            )


def _unpublished(pledge: Pledge, public: set[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    if (Edition.Kind.PLEDGE, pledge.period) not in public:
        yield Edition.Kind.PLEDGE, _("Publish the pledge: %(title)s")
    if pledge.cycle.ends < clock.today() and (Edition.Kind.FOLLOWUP, pledge.period) not in public:
        yield Edition.Kind.FOLLOWUP, _("Publish how it went: %(title)s")


def _to_ask(who: User) -> Iterator[Waiting]:
    """What the surveys wait for."""
    if may(who, Permission.WRITE_SURVEY):
        for act in acts.waiting(clock.today()):
            yield Waiting(act.text, reverse(f"listen:{act.page}", args=[act.wave]))
