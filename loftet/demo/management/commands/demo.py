import os
import subprocess
import sys
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError, CommandParser, call_command

from loftet.core.models import User
from loftet.demo import load


class Command(BaseCommand):
    help = (
        "Makes a database of Trollhättan's real 2020 and 2021, prints how to get in, and serves it."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--bind", default="127.0.0.1:8000", help="address and port to serve on")
        parser.add_argument(
            "--load-only", action="store_true", help="make the database, serve nothing"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        call_command("migrate", verbosity=0)
        if not load.is_loaded():
            if User.objects.exists():
                raise CommandError(
                    "This database is in use. The demonstration needs one of its own."
                )
            load.load()
        self._tell(options["bind"])
        if not options["load_only"]:
            serve(options["bind"])

    def _tell(self, bind: str) -> None:
        home = f"http://{bind}"
        logins = "\n".join(f"    {login.email:<28}{login.name}" for login in load.LOGINS)
        self.stdout.write(
            f"""
  Löftet: a demonstration with real facts of 2020 and 2021; its day is {settings.DEMO_DAY}.

    {home}/                        what is promised now
    {home}/sa-gick-det/2020/       how 2020 went
    {home}/medborgarlofte/2021/    what was promised for 2021
    {home}/en/                     the same in English
    {home}/arbete/                 for staff; log in as one of these
                                             with the password {load.PASSWORD}
{logins}

  Stop with Ctrl-C.
"""
        )
        self.stdout.flush()


def serve(bind: str) -> None:
    """Become the web server, so that Ctrl-C stops it."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "loftet.settings")
    subprocess.Popen([sys.executable, "-m", "loftet", "work", "--with-parent"])
    arguments = [
        "--bind",
        bind,
        "--workers",
        "2",
        "--threads",
        "4",
        "--no-control-socket",
        "--log-level",
        "warning",
    ]
    os.execv(sys.executable, [sys.executable, "-m", "gunicorn", *arguments, "loftet.wsgi"])  # noqa: S606
