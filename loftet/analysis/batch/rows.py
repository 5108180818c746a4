"""The result: one table, and in each row one answer about one area."""

import csv
import math
import os
from collections.abc import Iterable
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from loftet.analysis.batch.extra import columnar

DIGITS = 10  # significant: beyond them processors differ
AT_ONCE = 65_536  # rows held in memory while writing


class Row(NamedTuple):
    """One answer; what does not apply is empty.

    `value` is what was observed or estimated, `expected` what was to be expected had nothing
    happened, `low` to `high` the interval, and `note` what a reader must know, such as why it
    cannot be told.
    """

    area: str
    kind: str = ""
    place: str = ""
    first_day: str = ""
    last_day: str = ""
    measure: str = ""
    value: float | None = None
    expected: float | None = None
    low: float | None = None
    high: float | None = None
    p: float | None = None
    note: str = ""


HEADINGS = ("method", *Row._fields)
NUMBERS = ("value", "expected", "low", "high", "p")
Line = tuple[str | float | None, ...]  # a method and its row


def number(value: float) -> float | None:
    """A number as the table holds it: rounded to ten digits, empty where there is none.

    >>> number(1 / 3), number(float("nan"))
    (0.3333333333, None)
    """
    return float(f"{value:.{DIGITS}g}") if math.isfinite(value) else None


def ends(monday: np.datetime64) -> tuple[str, str]:
    """First and last day of a week.

    >>> ends(np.datetime64("2025-07-28"))
    ('2025-07-28', '2025-08-03')
    """
    return str(monday), str(monday + 6)


def write(path: Path, lines: Iterable[Line]) -> int:
    """The whole table or nothing; the number of rows written."""
    beside = unfinished(path)
    rows = (_parquet if path.suffix == ".parquet" else _csv)(beside, lines)
    replace(beside, path)
    return rows


def unfinished(path: Path) -> Path:
    """Where a file is written before it takes its place."""
    return path.with_name(f".{path.name}.unfinished")


def replace(beside: Path, path: Path) -> None:
    """Put a file in its place only when it is safely on the disk."""
    with beside.open("rb") as file:
        os.fsync(file.fileno())
    beside.replace(path)


def _csv(path: Path, lines: Iterable[Line]) -> int:
    rows = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(HEADINGS)
        for line in lines:
            table.writerow([_text(value) for value in line])
            rows += 1
    return rows


def _text(value: str | float | None) -> str:
    if isinstance(value, float):
        return f"{value:.{DIGITS}g}"
    return "" if value is None else str(value)


def _parquet(path: Path, lines: Iterable[Line]) -> int:
    pyarrow = columnar("pyarrow")
    parquet = columnar("pyarrow.parquet")
    schema = pyarrow.schema(
        [(name, pyarrow.float64() if name in NUMBERS else pyarrow.string()) for name in HEADINGS]
    )
    rest = iter(lines)
    rows = 0
    with parquet.ParquetWriter(path, schema) as table:
        while some := list(islice(rest, AT_ONCE)):
            columns: list[Any] = [list(column) for column in zip(*some, strict=True)]
            table.write_table(pyarrow.table(columns, schema=schema))
            rows += len(some)
    return rows
