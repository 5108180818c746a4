"""Whether all frozen results still say what was computed."""

import sys
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand
from django.db import connection
from django.utils.translation import gettext as _

from loftet.core import triggers
from loftet.core.models import Event
from loftet.listen.models import Compilation
from loftet.listen.models.results import FROZEN


class Command(BaseCommand):
    help = "Checks the content of survey results against its digest and the digest in the log."

    def handle(self, *_args: Any, **_options: Any) -> None:
        problems = list(_problems())
        for problem in problems:
            self.stderr.write(problem)
        if problems:
            sys.exit(1)
        self.stdout.write(
            _("The results hold: %(count)d.") % {"count": Compilation.objects.count()}
        )


def _problems() -> Iterator[str]:
    computed = Event.objects.filter(subject="listen.compilation", verb="computed")
    logged = {event.subject_id: event.data["digest"] for event in computed}
    for kept in Compilation.objects.select_related("wave").order_by("pk").iterator(chunk_size=20):
        if not kept.intact:
            yield _("%(kept)s: its content was changed.") % {"kept": kept}
        if logged.pop(str(kept.pk), None) != kept.digest:
            yield _("%(kept)s: the log has another digest, or none.") % {"kept": kept}
    for missing in logged:
        yield _("Results number %(pk)s in the log are gone.") % {"pk": missing}
    if not triggers.are_up(connection, FROZEN):
        yield _("The database no longer refuses to change results.")
