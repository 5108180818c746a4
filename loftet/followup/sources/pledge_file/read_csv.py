"""A CSV file as rows; commas or semicolons, as the spreadsheet saved it."""

import csv
import io
from collections.abc import Iterator

from django.utils.translation import gettext as _

from loftet.followup.sources.pledge_file.rows import Counter, Row, check_format
from loftet.followup.sources.pledge_file.schema import COLUMNS, RECORDS, Record
from loftet.followup.sources.pledge_file.values import nearest
from loftet.followup.sources.pledge_file.where import Problems, Where

FORMULA = "=+-@"
SHIELD = "'"  # keeps a spreadsheet from counting out a text that looks like a formula


def is_csv(text: str) -> bool:
    first = text.lstrip().split("\n", 1)[0].strip().replace('"', "")
    return first.replace(",", ";").split(";")[0].strip().lower() == "record"


def rows(text: str, problems: Problems) -> list[Row]:
    lines = enumerate(_lines(text, problems), start=1)
    header: list[str] = []
    found: list[Row] = []
    counter = Counter(problems)
    for number, line in lines:
        if not header:
            header = _header(line, number, problems)
        elif any(cell.strip() for cell in line):
            found += _row(header, line, number, counter)
    return found


def shielded(text: str) -> str:
    return SHIELD + text if text.startswith((*FORMULA, SHIELD)) else text


def _unshielded(text: str) -> str:
    return text[1:] if text.startswith(SHIELD) and text[1:].startswith((*FORMULA, SHIELD)) else text


def _lines(text: str, problems: Problems) -> Iterator[list[str]]:
    first = text.split("\n", 1)[0]
    between = ";" if first.count(";") >= first.count(",") else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=between, strict=True)
    number = 0
    try:
        for number, line in enumerate(reader, start=1):  # noqa: B007 - used after an error
            yield line
    except csv.Error:
        problems.add(
            (number + 1, ""),
            _("The row cannot be read, nor those after it."),
            _("See that each quotation mark inside a text is written twice, and that texts end."),
        )


def _header(line: list[str], number: int, problems: Problems) -> list[str]:
    names = [name.strip().lower() for name in line]
    if not any(names):
        return []
    for index, name in enumerate(names):
        if name and name not in COLUMNS:
            problems.add(
                (number, name[:60]),
                _("There is no column called “%(name)s”.") % {"name": name[:60]},
                nearest(name, COLUMNS),
            )
        elif name and name in names[:index]:
            problems.add((number, name), _("The column stands here twice."), _("Keep one of them."))
    return names


def _row(header: list[str], line: list[str], number: int, counter: Counter) -> list[Row]:
    problems = counter.problems
    if any(cell.strip() for cell in line[len(header) :]):
        problems.add(
            (number, ""),
            _("The row has more cells than there are columns."),
            _("Put a text that holds the separator in quotation marks."),
        )
    filled = {
        name: text for name, cell in zip(header, line, strict=False) if (text := cell.strip())
    }
    name = filled.pop("record", "")
    if name not in RECORDS:
        problems.add(
            (number, "record"),
            _("“%(name)s” is not a kind of row.") % {"name": name[:60]},
            _("Write one of: %(known)s.") % {"known": ", ".join(RECORDS)},
        )
        return []
    if name == "pledge":
        check_format(filled.pop("loftet", None), (number, "loftet"), problems)
    if not counter.take(RECORDS[name], (number, "record")):
        return []
    return [
        Row(RECORDS[name], Where(number, name), _cells(RECORDS[name], filled, number, problems))
    ]


def _cells(
    record: Record, filled: dict[str, str], number: int, problems: Problems
) -> dict[str, str]:
    cells = {}
    for column, text in filled.items():
        if field := record.columns.get(column):
            cells[column] = _unshielded(text) if field.form.is_text else text
        elif column in COLUMNS:
            problems.add(
                (number, column),
                _("A row of the kind %(name)s has nothing in this column.") % {"name": record.name},
                _("Empty the cell, or move it to the column that was meant."),
            )
    return cells
