"""What both readers make of a file: rows of cells, not yet understood."""

from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from loftet.followup.sources.pledge_file.schema import FORMAT, RECORDS, Record
from loftet.followup.sources.pledge_file.where import Problems, Where


@dataclass(frozen=True, slots=True)
class Row:
    """One thing: the text of each column that is filled in."""

    record: Record
    where: Where
    cells: dict[str, str]
    yes_or_no: frozenset[str] = field(default=frozenset())  # columns that YAML takes for yes or no


def check_format(said: str | None, spot: tuple[int, str], problems: Problems) -> None:
    if said != FORMAT:
        problems.add(
            spot,
            _("The file does not say that it is a pledge of the format %(format)s.")
            % {"format": FORMAT},
            _("Write “loftet: %(format)s” in its first row; in CSV, in the column loftet.")
            % {"format": FORMAT},
        )


class Counter:
    """Lets no more rows of a kind through than a pledge can have, and says so once."""

    def __init__(self, problems: Problems) -> None:
        self.problems = problems
        self.seen: dict[str, int] = dict.fromkeys(RECORDS, 0)

    def take(self, record: Record, spot: tuple[int, str]) -> bool:
        self.seen[record.name] += 1
        if self.seen[record.name] == record.most + 1:
            self._complain(record, spot)
        return self.seen[record.name] <= record.most

    def _complain(self, record: Record, spot: tuple[int, str]) -> None:
        if record.most == 1:
            self.problems.add(
                spot, _("A second pledge begins here."), _("A file holds one pledge. Divide it.")
            )
            return
        self.problems.add(
            spot,
            _("There are more than %(most)d %(plural)s; from here on they were not read.")
            % {"most": record.most, "plural": record.plural},
            _("A file holds one pledge. Divide it."),
        )
