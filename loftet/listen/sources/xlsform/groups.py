"""The rows of a survey as groups inside each other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from loftet.listen.sources.xlsform import types
from loftet.listen.sources.xlsform.tables import Row, Table
from loftet.listen.sources.xlsform.words import Fault


@dataclass
class Group:
    """`row` is the one that begins it."""

    row: Row
    children: list[Row | Group] = field(default_factory=list)

    @property
    def table(self) -> bool:
        """Whether it is shown as a table: all of it, or by its first row being only a head."""
        return "table-list" in looks(self.row) or self.headed

    @property
    def headed(self) -> bool:
        first = self.children[0] if self.children else None
        return isinstance(first, Row) and "label" in looks(first)


def looks(row: Row) -> list[str]:
    return row.text("appearance").split()


def grouped(survey: Table) -> list[Row | Group]:
    """What stands outermost; rows that other programs leave out, or that are empty, are not there.

    A group that is asked several times is refused whole: its rows are not looked at.
    """
    top: list[Row | Group] = []
    opened: list[Group] = []
    for row in _rows(survey):
        if begins := types.begins(row.text("type")):
            group = Group(row)
            (opened[-1].children if opened else top).append(group)
            opened.append(group)
            if begins != "group":
                survey.faults.append(Fault(survey.name, row.number, "repeat"))
        elif types.ends(row.text("type")):
            if opened:
                opened.pop()
            else:
                survey.faults.append(Fault(survey.name, row.number, "not_opened"))
        else:
            (opened[-1].children if opened else top).append(row)
    survey.faults += [Fault(survey.name, group.row.number, "not_closed") for group in opened]
    return top


def repeated(group: Group) -> bool:
    return types.begins(group.row.text("type")) != "group"


def _rows(survey: Table) -> Iterator[Row]:
    for row in survey.rows:
        if row.text("disabled").lower() in {"yes", "true", "true()"}:
            continue
        if row.text("type"):
            yield row
        elif row.has("name") or row.has("label"):
            survey.faults.append(Fault(survey.name, row.number, "no_type"))
