"""Whether the log is as it was written; run it each night and keep the digest somewhere else."""

import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand
from django.db import connection
from django.utils.translation import gettext as _

from loftet.core import log, triggers
from loftet.core.models import Event


class Command(BaseCommand):
    help = "Checks that no line of the log has been changed, removed or put in."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--head",
            metavar="DIGEST",
            help="a digest printed earlier and kept elsewhere; finds a log whose end was cut off",
        )

        parser.add_argument(
            "--put-triggers-back",
            action="store_true",
            help="make the database refuse changes of the log again",
        )

    def handle(
        self,
        *_args: Any,
        head: str | None = None,
        put_triggers_back: bool = False,
        **_options: Any,
    ) -> None:
        if put_triggers_back:
            triggers.put_up(connection)
        problems = list(_problems(head))
        for problem in problems:
            self.stderr.write(problem)
        if problems:
            sys.exit(1)
        newest = Event.objects.last()
        self.stdout.write(
            _("The log holds. Lines: %(lines)d. Digest of the last: %(digest)s")
            % {
                "lines": newest.number if newest else 0,
                "digest": newest.digest if newest else log.START,
            }
        )


def _problems(head: str | None) -> Iterator[str]:
    for broken in log.verify():
        yield _("Line %(number)d: %(why)s.") % {"number": broken.number, "why": broken.why}
    if head and head != log.START and not Event.objects.filter(digest=head).exists():
        yield _(
            "The line with the digest %(head)s is gone: the log was cut off or written anew."
        ) % {"head": head}
    if not triggers.are_up(connection):
        yield _(
            "The database no longer refuses to change the log. Run this command again with "
            "--put-triggers-back, and find out who took them away."
        )
