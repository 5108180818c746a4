from django.db.models import QuerySet

from loftet.core import log
from loftet.core.access import require
from loftet.core.models import Event, User
from loftet.core.roles import Permission
from loftet.core.turn import action


@action
def read_log(*, by: User) -> QuerySet[Event]:
    """The lines, newest first; that somebody read them is a line too."""
    require(by, Permission.READ_LOG)
    log.record(by, "read", by, what="log")
    return Event.objects.select_related("by").order_by("-number")
