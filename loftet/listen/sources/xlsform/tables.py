"""Sheets as rows of named cells, with the faults found on the way."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from loftet.listen.sources.xlsform.columns import Column, UnknownLanguageError, column
from loftet.listen.sources.xlsform.words import Fault

Cells = dict[Column, str]


@dataclass
class Row:
    """One row that holds something, numbered as in Excel."""

    number: int
    cells: Cells

    def text(self, name: str) -> str:
        """A cell that is the same in every language, without the spaces around it."""
        return self.cells.get(Column(name), "").strip()

    def texts(self, name: str, default: str) -> dict[str, str]:
        """A cell in every language that it is written in; untold languages are the default."""
        return {
            at.language or default: text
            for at, text in self.cells.items()
            if at.name == name and text.strip()
        }

    def has(self, name: str) -> bool:
        return any(at.name == name and text.strip() for at, text in self.cells.items())


@dataclass
class Table:
    name: str
    columns: list[Column] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    def has(self, name: str) -> bool:
        return any(at.name == name for at in self.columns)


def table(name: str, sheet: list[list[str]]) -> Table:
    """The first row that holds anything names the columns."""
    made = Table(name)
    filled = [(number, row) for number, row in enumerate(sheet, 1) if _filled(row)]
    if not filled:
        return made
    (head, names), *rest = filled
    columns = [_column(made, head, header) for header in names]
    made.columns = [at for at in columns if at is not None]
    made.faults += _twice(name, head, made.columns)
    unnamed: set[int] = set()
    for number, row in rest:
        cells: Cells = {}
        for place, (at, cell) in enumerate(zip(columns, row, strict=False)):
            if at is not None:
                cells.setdefault(at, cell)
            elif cell.strip() and not names[place].strip():
                unnamed.add(place)
        made.rows.append(Row(number, cells))
    made.faults += [Fault(name, head, "unnamed_column", {"number": at + 1}) for at in unnamed]
    return made


def _filled(row: list[str]) -> bool:
    return any(cell.strip() for cell in row)


def _column(made: Table, head: int, header: str) -> Column | None:
    if not header.strip():
        return None
    try:
        return column(header)
    except UnknownLanguageError as error:
        args = {"language": error.language}
        made.faults.append(Fault(made.name, head, "unknown_language", args))
        return None


def _twice(name: str, head: int, columns: list[Column]) -> Iterator[Fault]:
    for at in dict.fromkeys(columns):
        if columns.count(at) > 1:
            yield Fault(name, head, "column_twice", {"column": shown(at)})


def shown(at: Column) -> str:
    return f"{at.name}::{at.language}" if at.language else at.name
