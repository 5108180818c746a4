"""Where something stands in a pledge file, and what is wrong with it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from loftet.core.errors import Refused

SHOWN = 100
KEPT = 1000  # a hopeless file must not fill the memory with complaints


@dataclass(frozen=True)
class Where:
    """The row and path of a thing, and those of its fields.

    A YAML path is dotted (`commitments[2].text.sv`, counted from 1); in CSV it is the column.
    """

    row: int = 1
    path: str = ""
    rows: Mapping[str, int] = field(default_factory=dict)
    dotted: Mapping[str, str] = field(default_factory=dict)

    def spot(self, column: str = "") -> tuple[int, str]:
        if not column:
            return self.row, self.path
        inner = self.dotted.get(column)
        if inner is None:
            return self.rows.get(column, self.row), column
        holder = self.rows.get(inner.partition(".")[0], self.row)
        return self.rows.get(column, holder), f"{self.path}.{inner}"


@dataclass(frozen=True, order=True)
class Problem:
    """One thing to put right: where, what is wrong, and how."""

    row: int
    path: str
    what: str
    remedy: str = ""

    def __str__(self) -> str:
        place = _("Row %(row)d, %(path)s") if self.path else _("Row %(row)d")
        sentence = f"{self.what} {self.remedy}".strip()
        return f"{place % {'row': self.row, 'path': self.path}}: {sentence}"


class Problems:
    """Every problem of a file, as they are found."""

    def __init__(self) -> None:
        self.total = 0
        self._kept: dict[Problem, None] = {}
        self._faulty: set[int] = set()

    def add(self, spot: tuple[int, str], what: str, remedy: str = "") -> None:
        problem = Problem(*spot, str(what), str(remedy))
        if problem in self._kept:
            return
        self.total += 1
        if len(self._kept) < KEPT:
            self._kept[problem] = None

    def at(self, where: Where, column: str, what: str, remedy: str = "") -> None:
        self._faulty.add(id(where))
        self.add(where.spot(column), what, remedy)

    def touch(self, where: Where) -> bool:
        return id(where) in self._faulty

    def __bool__(self) -> bool:
        return self.total > 0

    def shown(self) -> tuple[Problem, ...]:
        return tuple(sorted(self._kept)[:SHOWN])


class FileRefused(Refused):
    """The file cannot be imported; nothing was. Carries the problems, at most a hundred of them."""

    def __init__(self, problems: Problems) -> None:
        self.problems = problems.shown()
        self.total = problems.total
        super().__init__("pledge_file", "\n".join(self._lines()))

    def _lines(self) -> list[str]:
        lines = [
            _("The file was not imported; nothing was changed. Put this right and try again:"),
            *map(str, self.problems),
        ]
        more = self.total - len(self.problems)
        return [*lines, _("… and %(more)d more.") % {"more": more}] if more else lines
