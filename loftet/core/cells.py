"""Reads the sheets of an Excel file in a process of its own, whose memory and time have limits.

A few bytes can say that a sheet has a thousand million cells. Whoever opens it gets them all, so it
is opened where that does no harm. Run as a script: the file on standard input, the names of the
sheets wanted as arguments (in small letters; none for all), JSON on standard output.
"""

import io
import json
import resource
import sys
import zipfile
from datetime import date, datetime, time, timedelta

from python_calamine import CalamineWorkbook, PasswordError

MEMORY = 1_500_000_000
SECONDS = 20
LARGEST_UNPACKED = 200_000_000
MOST_ROWS = 300_000
MOST_COLUMNS = 300

Cell = int | float | str | bool | time | date | datetime | timedelta


def main(wanted: list[str]) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    json.dump(read(sys.stdin.buffer.read(), wanted), sys.stdout)


def read(file: bytes, wanted: list[str]) -> dict[str, object]:
    if file[:2] == b"PK" and _unpacked(file) > LARGEST_UNPACKED:
        return {"refused": "large"}
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(file))
    except PasswordError:
        return {"refused": "password"}
    sheets = {}
    for name in workbook.sheet_names:
        if wanted and name.strip().lower() not in wanted:
            continue
        sheet = workbook.get_sheet_by_name(name)
        if sheet.total_height > MOST_ROWS or sheet.total_width > MOST_COLUMNS:
            return {"refused": "large"}
        rows = sheet.to_python(skip_empty_area=False)
        sheets[name.strip().lower()] = [[_text(cell) for cell in row] for row in rows]
    return {"names": workbook.sheet_names, "sheets": sheets}


def _unpacked(file: bytes) -> int:
    with zipfile.ZipFile(io.BytesIO(file)) as packed:
        return sum(part.file_size for part in packed.infolist())


def _text(cell: Cell) -> str:
    """As it would be typed: whole numbers without a point, days as 2020-09-01."""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ")
    if isinstance(cell, date | time):
        return cell.isoformat()
    return str(cell)


if __name__ == "__main__":
    main(sys.argv[1:])
