"""Brings in a pledge from a file; with faults in it, nothing but a list of them."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from loftet.core import clock
from loftet.core.errors import Refused
from loftet.core.models import Membership, User
from loftet.core.roles import COORDINATOR, SYSTEM
from loftet.followup.sources.pledge_file import import_pledge_file


class Command(BaseCommand):
    help = "Imports a pledge from a YAML or CSV file; docs/guide/pledge-file.md tells the format."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="say what would come, no more")
        parser.add_argument(
            "--by", metavar="EMAIL", help="in whose name; the coordinator's where there is one"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            report = import_pledge_file(
                options["file"],
                by=_person(options["by"]),
                organisations_by=SYSTEM,  # as for add_person: who runs commands may
                dry_run=options["dry_run"],
            )
        except OSError as error:
            raise CommandError(
                _("%(file)s cannot be opened: %(why)s.")
                % {"file": options["file"], "why": error.strerror}
            ) from error
        except Refused as refusal:
            raise CommandError(refusal.message) from refusal
        self.stdout.write("\n".join(report.lines()))


def _person(email: str | None) -> User:
    if email is not None:
        found = User.objects.filter(email__iexact=email).first()
        if found is None:
            raise CommandError(
                _("Nobody here has the e-mail address %(email)s.") % {"email": email}
            )
        return found
    in_force = Membership.objects.in_force(clock.today()).filter(role=COORDINATOR.key)
    coordinators = list(User.objects.filter(memberships__in=in_force, is_active=True).distinct())
    if len(coordinators) != 1:
        raise CommandError(
            _("There are %(number)d coordinators here. Say in whose name with --by EMAIL.")
            % {"number": len(coordinators)}
        )
    return coordinators[0]
