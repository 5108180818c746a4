"""All that decides the numbers of a run, refused at once where it does not hang together."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from loftet.analysis import chance, checks
from loftet.analysis.batch.events import Columns
from loftet.analysis.batch.units import Method, Numbers
from loftet.analysis.batch.versions import versions


@dataclass(frozen=True, slots=True)
class Request:
    """Which events, which methods, and how.

    Parameters
    ----------
    file : Path
        Events in CSV, plain or packed with gzip, or in Parquet; one row each.
    columns : Columns
    methods : tuple of Method
    since, until : date, optional
        First and last day on which an event would have been seen; those of the first and the last
        event unless told.
    weeks : int
        How many whole ISO weeks up to `until` are asked about.
    replicates : int
        For those methods that draw by chance.
    seed : int
    parameters : mapping
        Numberss of ``method.parameter`` other than the ordinary ones.
    """

    file: Path
    columns: Columns
    methods: tuple[Method, ...]
    since: date | None = None
    until: date | None = None
    weeks: int = 52
    replicates: int = 999
    seed: int = 1
    parameters: Mapping[str, Numbers] = field(default_factory=dict)

    def __post_init__(self) -> None:
        checks.count("weeks", self.weeks)
        checks.positive("weeks", self.weeks)
        checks.count("seed", self.seed)
        chance.replicates("replicates", self.replicates)
        if self.since and self.until and self.since > self.until:
            raise ValueError(f"since, {self.since}, comes after until, {self.until}")
        for method in self.methods:
            if method.places and not self.columns.position:
                raise ValueError(f"{method.name} asks where: name the column of the position")
        _refuse_unknown(self.parameters, self._ordinary())

    def values(self) -> dict[str, Numbers]:
        """Every parameter of every method, as set."""
        return self._ordinary() | dict(self.parameters)

    def _ordinary(self) -> dict[str, Numbers]:
        return {
            f"{method.name}.{name}": value
            for method in self.methods
            for name, value in method.parameters.items()
        }

    def values_of(self, method: Method) -> dict[str, Numbers]:
        every = self.values()
        return {name: every[f"{method.name}.{name}"] for name in method.parameters}

    def account(self) -> dict[str, Any]:
        """What is written beside the result, and what a run that goes on must share."""
        return {
            "columns": asdict(self.columns),
            "methods": [method.name for method in self.methods],
            "since": str(self.since or ""),
            "until": str(self.until or ""),
            "weeks": self.weeks,
            "replicates": self.replicates,
            "seed": self.seed,
            "parameters": self.values(),
            "versions": versions(),
        }


def _refuse_unknown(given: Mapping[str, Numbers], known: Mapping[str, Numbers]) -> None:
    for name, numbers in given.items():
        if name not in known:
            raise ValueError(f"there is no parameter {name}. There are: {', '.join(known) or '-'}")
        if not numbers or (len(known[name]) == 1 < len(numbers)):
            raise ValueError(f"{name} must be one number, not {len(numbers)}")
