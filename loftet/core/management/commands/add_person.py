"""Lets a person in, with a role: the way in for the first administrator."""

import sys
from argparse import ArgumentParser
from getpass import getpass
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils.translation import gettext as _

from loftet.core import actions, clock
from loftet.core.errors import Refused
from loftet.core.models import Organisation
from loftet.core.roles import ROLES, SYSTEM


class Command(BaseCommand):
    help = "Adds a person with a role. Without a terminal, the login's link sets the password."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument("name")
        parser.add_argument("--role", required=True, choices=list(ROLES))
        parser.add_argument("--organisation", required=True, help="added if it is not there")
        parser.add_argument(
            "--kind",
            default=Organisation.Kind.MUNICIPALITY,
            choices=Organisation.Kind.values,
            help="of an organisation that is added",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            self._add(options, _password())
        except Refused as refusal:
            raise CommandError(refusal.message) from refusal
        self.stdout.write(_("%(name)s can log in now.") % {"name": options["name"]})

    @transaction.atomic
    def _add(self, options: dict[str, Any], password: str | None) -> None:
        organisation = Organisation.objects.filter(name=options["organisation"]).first()
        organisation = organisation or actions.add_organisation(
            name=options["organisation"], kind=options["kind"], by=SYSTEM
        )
        person = actions.add_person(
            email=options["email"], name=options["name"], password=password, by=SYSTEM
        )
        actions.grant_role(
            person=person,
            role=options["role"],
            organisation=organisation,
            valid_from=clock.today(),
            by=SYSTEM,
        )


def _password() -> str | None:
    return getpass(_("Password: ")) or None if sys.stdin.isatty() else None
