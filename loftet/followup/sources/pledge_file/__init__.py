"""A pledge as one file, YAML or CSV: in through the actions, out in a form that comes in again."""

from pathlib import Path

from django.db import transaction

from loftet.core.access import Actor
from loftet.core.models import User
from loftet.followup.sources.pledge_file import text, write
from loftet.followup.sources.pledge_file.bring_in import Importer
from loftet.followup.sources.pledge_file.check import check
from loftet.followup.sources.pledge_file.collect import document_of
from loftet.followup.sources.pledge_file.parse import parse
from loftet.followup.sources.pledge_file.report import Report
from loftet.followup.sources.pledge_file.where import FileRefused, Problem, Problems
from loftet.promise.models import Pledge

__all__ = [
    "FileRefused",
    "Problem",
    "Report",
    "export_pledge_file",
    "import_pledge_file",
]

FORMATS = {"yaml": write.as_yaml, "csv": write.as_csv}


def import_pledge_file(
    source: Path | str | bytes,
    *,
    by: User,
    organisations_by: Actor | None = None,
    dry_run: bool = False,
) -> Report:
    """Bring in a file (a path) or its content: all of it or, with problems, nothing.

    Organisations that are new here are added in the name of `organisations_by`, otherwise of `by`.
    """
    problems = Problems()
    content = _read(source, problems)
    if not content:
        raise FileRefused(problems)
    file, names = parse(content, problems)
    check(file, names, problems)
    with transaction.atomic():
        importer = Importer(file, names, problems, by=by, organisations_by=organisations_by or by)
        report = importer.run(dry_run=dry_run)
        if problems or dry_run:
            transaction.set_rollback(True)
    if problems:
        raise FileRefused(problems)
    return report


def export_pledge_file(pledge: Pledge, form: str = "yaml") -> str:
    """Write all that is stored of a pledge but who recorded it and when, which is in the log."""
    return FORMATS[form](document_of(pledge))


def _read(source: Path | str | bytes, problems: Problems) -> str:
    if isinstance(source, Path):
        return text.from_path(source, problems)
    return text.from_bytes(source if isinstance(source, bytes) else source.encode(), problems)
