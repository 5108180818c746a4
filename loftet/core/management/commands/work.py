"""Does the long work that pages ask for: letters, results, imports."""

import os
import time
from argparse import ArgumentParser
from contextlib import suppress
from typing import Any

from django.core.management.base import BaseCommand
from django.db import close_old_connections

from loftet.core import jobs


class Command(BaseCommand):
    help = "Does the long work that pages ask for, one thing at a time, until stopped."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="do what waits now, then end")
        parser.add_argument(
            "--with-parent", action="store_true", help="end when the process that began this ends"
        )

    def handle(self, *_args: Any, once: bool, with_parent: bool, **_options: Any) -> None:
        parent = os.getppid()
        jobs.tidy()
        with suppress(KeyboardInterrupt):
            while not (with_parent and os.getppid() != parent):
                worked = jobs.work_once()
                if once and not worked:
                    return
                if not worked:
                    close_old_connections()
                    time.sleep(0.5)
