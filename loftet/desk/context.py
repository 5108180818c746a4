from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from loftet.core.access import may
from loftet.core.models import User
from loftet.core.roles import Permission


def menu(request: HttpRequest) -> dict[str, object]:
    """The staff menu; a page of the public side brings its own and never asks who is reading."""
    return {"menu": SimpleLazyObject(lambda: _entries(request))}


def _entries(request: HttpRequest) -> list[dict[str, object]]:
    user = request.user
    if not isinstance(user, User) or not may(user, Permission.READ_WORK):
        return []
    entries = [
        (_("The desk"), reverse("desk:start")),
        (_("Survey"), reverse("listen:waves")),
        (_("Indicators"), reverse("map:indicators")),
        (_("Pledges"), reverse("promise:pledges")),
        (_("Follow-up"), reverse("followup:pledges")),
    ]
    if may(user, Permission.PUBLISH):
        entries.append((_("Publication"), reverse("publishing:pledges")))
    if may(user, Permission.READ_LOG):
        entries.append((_("The log"), reverse("desk:log")))
    return [
        {
            "label": label,
            "url": url,
            "current": (request.path.startswith(url) and url != entries[0][1])
            or request.path == url,
        }
        for label, url in entries
    ]
