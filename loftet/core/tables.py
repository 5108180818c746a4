"""A table from a file that somebody sends: CSV of any common kind, or Excel."""

import csv
from dataclasses import dataclass
from io import StringIO

from django.utils.translation import gettext as _

from loftet.core import spreadsheet
from loftet.core.errors import Refused

ENCODINGS = ("utf-8-sig", "cp1252")
LARGEST = 60 * 2**20
EXCEL = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")


@dataclass(frozen=True)
class Table:
    """The first row and the others, every cell as text."""

    header: list[str]
    rows: list[list[str]]


def read(content: bytes) -> Table:
    if len(content) > LARGEST:
        raise _refused(
            "file_large",
            _("The file is larger than %(limit)d MB. Leave out columns that are not needed.")
            % {"limit": LARGEST // 2**20},
        )
    rows = _excel(content) if content.startswith(EXCEL) else _csv(content)
    header = [cell.strip() for cell in rows[0]] if rows else []
    if len(rows) < 2 or not any(header):
        raise _refused(
            "file_empty", _("The file holds no rows. The first row must name the columns.")
        )
    named = [name for name in header if name]
    if len(set(named)) < len(named):
        double = next(name for name in named if named.count(name) > 1)
        raise _refused(
            "column_double",
            _("Two columns are called “%(name)s”. Give each a name of its own.") % {"name": double},
        )
    return Table(header, rows[1:])


def _csv(content: bytes) -> list[list[str]]:
    if b"\x00" in content[:4096]:
        raise _refused(
            "file_type", _("This is neither CSV nor Excel. Save it as CSV (UTF-8) or XLSX.")
        )
    text = _decoded(content)
    try:
        dialect: type[csv.Dialect] | str = csv.Sniffer().sniff(text[:8192], delimiters=",;\t")
    except csv.Error:
        dialect = "excel"
    try:
        return [row for row in csv.reader(StringIO(text, newline=""), dialect) if any(row)]
    except csv.Error as error:
        raise _refused(
            "file_broken", _("The file cannot be read as CSV: %(why)s.") % {"why": error}
        ) from error


def _decoded(content: bytes) -> str:
    for encoding in ENCODINGS:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return content.decode("utf-8", errors="replace")


def _excel(content: bytes) -> list[list[str]]:
    try:
        book = spreadsheet.opened(content, largest=LARGEST)
    except Refused as refusal:
        raise _refused(refusal.code, refusal.message) from refusal
    return book.sheets[book.names[0].strip().lower()] if book.names else []


def _refused(code: str, message: str) -> Refused:
    return Refused(code, message, field="file")
