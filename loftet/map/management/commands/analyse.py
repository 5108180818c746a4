"""Runs methods of analysis over all areas of a file of events; docs/operate/analyse.md."""

from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from loftet.analysis.batch import (
    AnotherRunError,
    Columns,
    LeftOut,
    Report,
    Request,
    analyse,
    gathering,
    hired,
    positions,
)
from loftet.analysis.batch.methods import METHODS, warm

STOPPED = 130  # what a shell expects of a program that was interrupted
POSITIONS = (("place",), ("lon", "lat"), ("x", "y"))
REASONS = {
    gathering.ANOTHER: gettext_lazy("another value than asked for"),
    gathering.NO_AREA: gettext_lazy("no area"),
    gathering.NO_TIME: gettext_lazy("no time"),
    gathering.BAD_TIME: gettext_lazy("a time that cannot be read"),
    gathering.BEFORE: gettext_lazy("before the period"),
    gathering.AFTER: gettext_lazy("after the period"),
    positions.NONE: gettext_lazy("no position"),
    positions.UNREADABLE: gettext_lazy("a position that cannot be read"),
    positions.OUTSIDE: gettext_lazy("a position outside Sweden"),
}


class Command(BaseCommand):
    help = "Runs methods over all areas of a file of events and writes one table."
    requires_system_checks = []  # a file in, a file out: no database

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, nargs="?", help="events: .csv, .csv.gz or .parquet")
        parser.add_argument("--out", type=Path, help="the table to write: .csv or .parquet")
        parser.add_argument(
            "--method",
            action="append",
            choices=list(METHODS),
            help="; ".join(f"{name}: {method.about}" for name, method in METHODS.items()),
        )
        parser.add_argument("--warm", action="store_true", help="compile all loops, no more")
        _add_columns(parser)
        _add_question(parser)
        _add_work(parser)

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            if options["warm"]:
                warm()
            else:
                self._tell(_analysed(options))
        except AnotherRunError as error:
            raise CommandError(
                _("%(why)s. Ask as it was asked then, or begin anew with --restart.")
                % {"why": error}
            ) from error
        except (ValueError, OSError) as error:
            raise CommandError(str(error)) from error
        except KeyboardInterrupt:
            raise CommandError(
                _("Stopped. What is finished is kept; the same command goes on from there."),
                returncode=STOPPED,
            ) from None

    def _tell(self, report: Report) -> None:
        gathered = report.gathered
        used = {"used": len(gathered.events), "read": gathered.read}
        self.stderr.write(_("Used %(used)d of %(read)d rows.") % used, self.style.NOTICE)
        for line in (
            *_reasons(_("Left out"), gathered.left_out),
            *_reasons(_("Not on the map"), gathered.unplaced),
        ):
            self.stderr.write(line, self.style.NOTICE)
        for method in report.request.methods:
            if method.caution:
                self.stderr.write(f"{method.name}: {method.caution}", self.style.NOTICE)
        self.stdout.write(
            _("%(file)s: %(rows)d rows, of which %(not_told)d say why there is no answer.")
            % {"file": report.out, "rows": report.rows, "not_told": report.not_told}
        )


def _add_columns(parser: ArgumentParser) -> None:
    columns = parser.add_argument_group("columns of the file")
    columns.add_argument("--by", metavar="COLUMN", help="the area's code or name")
    columns.add_argument("--time", metavar="COLUMN", help="when it happened")
    columns.add_argument("--place", metavar="COLUMN", help="“latitude, longitude” in one column")
    columns.add_argument("--lon", metavar="COLUMN", help="longitude in degrees, with --lat")
    columns.add_argument("--lat", metavar="COLUMN", help="latitude in degrees")
    columns.add_argument("--x", metavar="COLUMN", help="metres east (SWEREF 99 TM), with --y")
    columns.add_argument("--y", metavar="COLUMN", help="metres north")
    columns.add_argument("--each", metavar="COLUMN", help="analyse each value of it apart")
    columns.add_argument(
        "--where",
        metavar="COLUMN=VALUE",
        type=_pair,
        action="append",
        default=[],
        help="only such rows; several values of one column are alternatives",
    )


def _add_question(parser: ArgumentParser) -> None:
    question = parser.add_argument_group("the question")
    question.add_argument("--since", metavar="DAY", type=_day, help="the first day that is whole")
    question.add_argument("--until", metavar="DAY", type=_day, help="the last day that is whole")
    question.add_argument("--weeks", type=int, default=52, help="how many of the last weeks; 52")
    question.add_argument("--replicates", type=int, default=999, help="draws by chance; 999")
    question.add_argument("--seed", type=int, default=1, help="of the draws by chance; 1")
    question.add_argument(
        "--set",
        metavar="METHOD.PARAMETER=NUMBER[,NUMBER]",
        type=_parameter,
        action="append",
        default=[],
        help="; ".join(_parameters()),
    )


def _add_work(parser: ArgumentParser) -> None:
    work = parser.add_argument_group("the work")
    work.add_argument("--workers", type=int, help="threads, or processes with --cluster local")
    work.add_argument("--cluster", help="a Dask scheduler such as tcp://host:8786, or local")
    work.add_argument("--restart", action="store_true", help="throw away what is half done")
    work.add_argument("--quiet", action="store_true", help="without a progress bar")


def _analysed(options: dict[str, Any]) -> Report:
    _refuse_missing(options)
    request = Request(
        options["file"],
        _columns(options),
        tuple(METHODS[name] for name in dict.fromkeys(options["method"])),
        since=options["since"],
        until=options["until"],
        weeks=options["weeks"],
        replicates=options["replicates"],
        seed=options["seed"],
        parameters=dict(options["set"]),
    )
    return analyse(
        request,
        options["out"],
        hired(options["cluster"], options["workers"]),
        restart=options["restart"],
        quiet=options["quiet"],
    )


def _refuse_missing(options: dict[str, Any]) -> None:
    needed = {"file": "FILE"} | {name: f"--{name}" for name in ("by", "time", "method", "out")}
    missing = [name for option, name in needed.items() if options[option] is None]
    if missing:
        raise CommandError(_("Say also %(missing)s.") % {"missing": ", ".join(missing)})


def _columns(options: dict[str, Any]) -> Columns:
    given = [names for names in POSITIONS if any(options[name] for name in names)]
    whole = all(options[name] for names in given for name in names)
    if len(given) > 1 or not whole:
        raise CommandError(
            _("Give the position by --place, by --lon and --lat, or by --x and --y.")
        )
    return Columns(
        options["by"],
        options["time"],
        tuple(options[name] for names in given for name in names),
        metres=given == [("x", "y")],
        kind=options["each"],
        where=tuple(options["where"]),
    )


def _reasons(heading: str, left_out: LeftOut) -> Iterator[str]:
    for reason, rows, first in left_out:
        yield _("%(heading)s: %(reason)s, %(rows)d rows, such as %(first)s") % {
            "heading": heading,
            "reason": REASONS[reason],
            "rows": rows,
            "first": ", ".join(map(str, first)),
        }


def _parameters() -> Iterator[str]:
    for name, method in METHODS.items():
        for parameter, numbers in method.parameters.items():
            yield f"{name}.{parameter}={','.join(f'{number:g}' for number in numbers)}"


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"{text} is not a day such as 2025-01-31") from None


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        raise ArgumentTypeError(f"{text} is not of the form COLUMN=VALUE")
    return name, value.strip()


def _parameter(text: str) -> tuple[str, tuple[float, ...]]:
    name, values = _pair(text)
    try:
        return name, tuple(float(value) for value in values.split(","))
    except ValueError:
        raise ArgumentTypeError(f"{values} is not a number, or several with commas") from None
