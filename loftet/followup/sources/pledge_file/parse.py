"""Rows become entries: each cell a value of its kind, and every fault a problem in its place."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

from django.utils.translation import gettext as _

from loftet.core import guard
from loftet.followup.sources.pledge_file import document, read_csv, read_yaml
from loftet.followup.sources.pledge_file.rows import Row
from loftet.followup.sources.pledge_file.schema import Field
from loftet.followup.sources.pledge_file.text import invisible
from loftet.followup.sources.pledge_file.values import CONTROL, Wrong
from loftet.followup.sources.pledge_file.where import Problems

AnyEntry = TypeVar("AnyEntry", bound=document.Entry)
NAMED_BY = {"indicator": "code", "commitment": "code", "organisation": "name"}
USES = {
    "commitment": {"indicator": "indicator", "responsible": "organisation"},
    "indicator": {"owner": "organisation"},
    "organisation": {"part_of": "organisation"},
}


@dataclass
class Names:
    """What the rows name, faulty ones too: a fault in one row is no reason to blame another."""

    declared: dict[str, set[str]]
    used: dict[str, set[str]]
    faulty: set[str]  # indicators that have a reading with a fault
    signed: bool


def parse(text: str, problems: Problems) -> tuple[document.PledgeFile, Names]:
    """Read all that can be read; the names come from the faulty rows too."""
    reader = read_csv if read_csv.is_csv(text) else read_yaml
    rows = reader.rows(text, problems)
    _check_twins(rows, problems)
    entries = [entry for row in rows if (entry := _entry(row, problems)) is not None]
    file = document.PledgeFile(
        pledge=next(iter(_of(document.PledgeEntry, entries)), None),
        signatures=_of(document.SignatureEntry, entries),
        organisations=_of(document.OrganisationEntry, entries),
        indicators=_of(document.IndicatorEntry, entries),
        readings=_of(document.ReadingEntry, entries),
        commitments=_of(document.CommitmentEntry, entries),
        results=_of(document.ResultEntry, entries),
    )
    if not problems and file.pledge is None:
        problems.add((1, "pledge"), _("There is no pledge in the file."), _("Write it first."))
    return file, _names(rows, file)


def _of(kind: type[AnyEntry], entries: Iterable[document.Entry]) -> tuple[AnyEntry, ...]:
    return tuple(entry for entry in entries if isinstance(entry, kind))


def _names(rows: Iterable[Row], file: document.PledgeFile) -> Names:
    names = Names({n: set() for n in NAMED_BY}, {n: set() for n in NAMED_BY}, set(), signed=False)
    whole = {id(reading.where) for reading in file.readings}
    for row in rows:
        kind = row.record.name
        if kind in NAMED_BY:
            names.declared[kind].add(row.cells.get(NAMED_BY[kind], "").strip())
        for column, used in USES.get(kind, {}).items():
            names.used[used].add(row.cells.get(column, "").strip())
        if kind == "reading" and id(row.where) not in whole:
            names.faulty.add(row.cells.get("indicator", "").strip())
        names.signed = names.signed or kind == "signature"
    return names


def _check_twins(rows: Iterable[Row], problems: Problems) -> None:
    seen: dict[tuple[str, str], int] = {}
    for row in rows:
        column = {**NAMED_BY, "signature": "party"}.get(row.record.name, "")
        name = row.cells.get(column, "").strip()
        if name and (row.record.name, name) in seen:
            earlier = seen[row.record.name, name]
            problems.at(
                row.where,
                column,
                _("“%(name)s” stands in row %(row)d already.")
                % {"name": name[:60], "row": earlier},
                _("Give each its own, or remove one of them."),
            )
        seen.setdefault((row.record.name, name), row.where.spot(column)[0])


def _entry(row: Row, problems: Problems) -> document.Entry | None:
    """Make what can be made: a fault in one field does not hide those of the others."""
    values: dict[str, Any] = {
        field.column: _value(row, field, problems) for field in row.record.fields
    }
    if any(field.needed and values[field.column] in (None, "") for field in row.record.fields):
        return None
    return row.record.entry(where=row.where, **values)


def _value(row: Row, field: Field, problems: Problems) -> Any:
    text = row.cells.get(field.column, "").strip()
    if field.column == row.record.parent and row.where.dotted:
        problems = Problems()  # what a row stands inside has been told of there
    if fault := _fault(row, field, text):
        problems.at(row.where, field.column, *fault)
    elif text:
        return _read(row, field, text, problems)
    return field.form.empty


def _fault(row: Row, field: Field, text: str) -> tuple[str, str] | None:
    if not text and field.needed:
        if field.column == row.record.parent:
            return _("It is not said what this belongs to."), _("Write its code.")
        return _("This is missing."), _("Write it.")
    if field.column in row.yes_or_no:
        return (
            _("Other programs read %(text)s here as yes or no.") % {"text": text},
            _('Put it in quotation marks: "%(text)s".') % {"text": text},
        )
    return invisible() if CONTROL.search(text) else None


def _read(row: Row, field: Field, text: str, problems: Problems) -> Any:
    if field.form.free:
        for finding in guard.findings(text):
            remedy = _("Describe the place and what happens there instead.")
            problems.at(row.where, field.column, finding.message, remedy)
    try:
        return field.form.read(text)
    except Wrong as wrong:
        problems.at(row.where, field.column, wrong.what, wrong.remedy)
        return field.form.empty
