"""Writes the municipality's details, which public pages show; what is left out stays as it is."""

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from loftet.core import actions
from loftet.core.errors import Refused
from loftet.core.roles import SYSTEM

DETAILS = {
    "name": "as people say it",
    "official_name": "as it signs",
    "code": "four digits",
    "police": "the local police area",
    "website": "its address",
    "contact_email": "for the public",
    "contact_phone": "for the public",
    "contact_address": "for the public",
}


class Command(BaseCommand):
    help = "Sets the municipality's name, contact and day of accessibility assessment."

    def add_arguments(self, parser: ArgumentParser) -> None:
        for name, meaning in DETAILS.items():
            parser.add_argument(f"--{name.replace('_', '-')}", help=meaning)
        parser.add_argument(
            "--accessibility-assessed-on", type=date.fromisoformat, help="a day, as 2021-01-21"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        names = (*DETAILS, "accessibility_assessed_on")
        given = {name: options[name] for name in names if options[name] is not None}
        try:
            municipality = actions.update_municipality(by=SYSTEM, **given)
        except Refused as refusal:
            where = f"{refusal.field}: " if refusal.field else ""
            raise CommandError(where + refusal.message) from refusal
        self.stdout.write(_("Kept: %(name)s.") % {"name": municipality.official_name})
