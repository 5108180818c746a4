"""Writes a pledge to a file that import_pledge reads."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from loftet.followup.sources.pledge_file import FORMATS, export_pledge_file
from loftet.promise.models import Pledge


class Command(BaseCommand):
    help = "Exports a pledge with its readings and results, as import-pledge reads it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("period", help="the last part of the pledge's address, such as 2020")
        parser.add_argument("--format", choices=list(FORMATS), default="yaml")
        parser.add_argument("--output", type=Path, help="a file; otherwise the terminal")

    def handle(self, *_args: Any, **options: Any) -> None:
        pledge = Pledge.objects.filter(period=options["period"]).first()
        if pledge is None:
            raise CommandError(
                _("There is no pledge %(period)s. There are: %(known)s.")
                % {
                    "period": options["period"],
                    "known": ", ".join(Pledge.objects.values_list("period", flat=True)) or "–",
                }
            )
        content = export_pledge_file(pledge, options["format"])
        if options["output"] is None:
            self.stdout.write(content, ending="")
            return
        try:
            options["output"].write_bytes(content.encode())
        except OSError as error:
            raise CommandError(
                _("%(file)s cannot be written: %(why)s.")
                % {"file": options["output"], "why": error.strerror}
            ) from error
