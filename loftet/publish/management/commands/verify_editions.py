"""Whether every edition still says what it said on the day that it was published."""

import sys
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand
from django.db import connection
from django.utils.translation import gettext as _

from loftet.core import triggers
from loftet.core.models import Event
from loftet.publish.models import FROZEN, Edition


class Command(BaseCommand):
    help = "Checks each edition's content against its digest and the digest in the log."

    def handle(self, *_args: Any, **_options: Any) -> None:
        problems = list(_problems())
        for problem in problems:
            self.stderr.write(problem)
        if problems:
            sys.exit(1)
        self.stdout.write(_("The editions hold: %(count)d.") % {"count": Edition.objects.count()})


def _problems() -> Iterator[str]:
    published = Event.objects.filter(subject="publish.edition", verb="published")
    logged = {event.subject_id: event.data["digest"] for event in published}
    for edition in Edition.objects.order_by("pk").iterator(chunk_size=50):
        if not edition.intact:
            yield _("%(edition)s: its content was changed.") % {"edition": edition}
        if logged.pop(str(edition.pk), None) != edition.digest:
            yield _("%(edition)s: the log has another digest, or none.") % {"edition": edition}
    for missing in logged:
        yield _("Edition number %(pk)s in the log is gone.") % {"pk": missing}
    if not triggers.are_up(connection, FROZEN):
        yield _("The database no longer refuses to change editions.")
