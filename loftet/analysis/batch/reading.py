"""Rows of text from a file of events: CSV, plain or packed, or Parquet.

CSV is always read by the standard library, so that a file gives the same answer whatever is
installed. Parquet comes as text too, and takes the same way from there.
"""

import csv
import gzip
import hashlib
import lzma
import zlib
from collections.abc import Iterator, Sequence
from operator import itemgetter
from pathlib import Path
from typing import TextIO

from loftet.analysis.batch.extra import columnar

HEADING = 1  # rows are numbered as spreadsheets show them: the first below the heading is 2
SEPARATORS = ",;\t"
Numbered = tuple[int, tuple[str, ...]]


def rows(path: Path, columns: Sequence[str]) -> Iterator[Numbered]:
    """Each row's number and its text in the named columns, empty where it has none.

    Raises
    ------
    ValueError
        If the file cannot be read, or has no such column; then it tells which there are.
    """
    reader = _parquet if path.suffix == ".parquet" else _csv
    try:
        yield from reader(path, columns)
    except UnicodeDecodeError as error:
        raise ValueError(f"{path.name} is not in UTF-8: save it anew as CSV UTF-8") from error
    except (EOFError, zlib.error, gzip.BadGzipFile, lzma.LZMAError) as error:
        raise ValueError(f"{path.name} is broken off or damaged: {error}") from error
    except csv.Error as error:
        raise ValueError(f"{path.name} is not a table in CSV: {error}") from error


def digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _csv(path: Path, columns: Sequence[str]) -> Iterator[Numbered]:
    with _opened(path) as file:
        separator = _separator(file)
        table = csv.reader(file, delimiter=separator)
        heading = next(table, [])
        places = _places(path, heading, columns)
        last = max(places)
        chosen = itemgetter(*places, places[0])  # one more, for a tuple also of a single column
        for number, row in enumerate(table, start=HEADING + 1):
            whole = row if len(row) > last else row + [""] * (last + 1 - len(row))
            yield number, chosen(whole)[:-1]


def _opened(path: Path) -> TextIO:
    if path.suffix == ".gz":
        return gzip.open(path, "rt", encoding="utf-8-sig", newline="")
    return path.open(encoding="utf-8-sig", newline="")


def _separator(file: TextIO) -> str:
    heading = file.readline()
    file.seek(0)
    return max(SEPARATORS, key=heading.count)


def _parquet(path: Path, columns: Sequence[str]) -> Iterator[Numbered]:
    pyarrow = columnar("pyarrow")
    parquet = columnar("pyarrow.parquet")
    try:
        file = parquet.ParquetFile(path)
    except pyarrow.ArrowInvalid as error:
        raise ValueError(f"{path.name} is not a Parquet file: {error}") from error
    with file:
        _places(path, file.schema_arrow.names, columns)
        number = HEADING
        for batch in file.iter_batches(columns=list(dict.fromkeys(columns))):
            texts = [batch.column(name).cast(pyarrow.string()).to_pylist() for name in columns]
            for row in zip(*texts, strict=True):
                number += 1
                yield number, tuple(text or "" for text in row)


def _places(path: Path, heading: Sequence[str], columns: Sequence[str]) -> list[int]:
    missing = [name for name in columns if name not in heading]
    if missing:
        raise ValueError(
            f"{path.name} has no column {' or '.join(missing)}. "
            f"It has: {', '.join(heading) or 'none'}"
        )
    return [heading.index(name) for name in columns]
