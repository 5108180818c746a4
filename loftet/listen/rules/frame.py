"""The register to draw from: which column holds what, and which rows cannot be used.

A frame holds personal data; nothing of it is in what these functions tell but numbers of rows.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

FIELDS = ("name", "care_of", "street", "postcode", "town", "area", "person")
NEEDED = ("name", "street", "postcode", "town", "area")
GUESSES = {
    "name": ("namn", "name", "adressat", "tilltalsnamn"),
    "care_of": ("c/o", "co", "care of"),
    "street": ("gatuadress", "adress", "utdelningsadress", "street", "address"),
    "postcode": ("postnummer", "postnr", "postcode", "zip"),
    "town": ("postort", "ort", "town", "city"),
    "area": ("område", "omrade", "stadsdel", "delområde", "area", "district", "nyko"),
    "person": ("personnummer", "pnr", "person", "id"),
}
TOLD_AT_MOST = 500


@dataclass(frozen=True)
class Person:
    """One row that may be drawn; `key` names it, and gives nothing away."""

    key: str
    name: str
    address: tuple[str, ...]
    area: str


@dataclass(frozen=True)
class Problem:
    """A row of the file, as a spreadsheet numbers it, and why it is left out."""

    row: int
    code: str
    field: str = ""


@dataclass
class Checked:
    """The usable rows, and the others."""

    people: list[Person] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    rows: int = 0

    @property
    def by_area(self) -> Counter[str]:
        return Counter(person.area for person in self.people)

    @property
    def by_problem(self) -> Counter[str]:
        return Counter(problem.code for problem in self.problems)


def guess(header: Sequence[str]) -> dict[str, str]:
    """Which column probably holds what; each column once, the plainest name first."""
    left = {column.strip().lower(): column for column in header}
    found: dict[str, str] = {}
    for name, words in GUESSES.items():
        match = next((left[word] for word in words if word in left), None)
        if match is not None:
            found[name] = match
            del left[match.strip().lower()]
    return found


def missing(mapping: Mapping[str, str], header: Sequence[str]) -> list[str]:
    """Needed fields without a column that the file has."""
    return [name for name in NEEDED if mapping.get(name) not in header]


def check(
    header: Sequence[str],
    rows: Iterable[Sequence[str]],
    mapping: Mapping[str, str],
    areas: Mapping[str, str],
) -> Checked:
    """Every row is either a person who may be drawn or a problem; the first of doubles is kept.

    `areas` gives the name of an area for each way of writing it; empty, and any name will do.
    """
    columns = {name: header.index(column) for name, column in mapping.items() if column}
    known = {_folded(written): name for written, name in areas.items()}
    seen: set[str] = set()
    checked = Checked()
    for number, row in enumerate(rows, start=2):
        if not any(cell.strip() for cell in row):
            continue
        checked.rows += 1
        values = {
            name: _one_line(row[place]) if place < len(row) else ""
            for name, place in columns.items()
        }
        problem = _problem(number, values, known) or _double(number, values, seen)
        if problem:
            checked.problems.append(problem)
        else:
            checked.people.append(_person(values, known))
    return checked


def digest(people: Iterable[Person]) -> str:
    """Of who is in the frame, in whatever order the file has them."""
    return hashlib.sha256("\n".join(sorted(p.key for p in people)).encode()).hexdigest()


def _problem(number: int, values: Mapping[str, str], known: Mapping[str, str]) -> Problem | None:
    for name in NEEDED:
        if not values.get(name):
            return Problem(number, "empty", name)
    if "\ufffd" in "".join(values.values()):
        return Problem(number, "encoding")
    if not re.fullmatch(r"\d{3} ?\d{2}", values["postcode"]):
        return Problem(number, "postcode", "postcode")
    if known and _folded(values["area"]) not in known:
        return Problem(number, "unknown_area", "area")
    return None


def _double(number: int, values: Mapping[str, str], seen: set[str]) -> Problem | None:
    key = _key(values)
    if key in seen:
        return Problem(number, "double")
    seen.add(key)
    return None


def _person(values: Mapping[str, str], known: Mapping[str, str]) -> Person:
    lines = [values.get("care_of", ""), values["street"], _town(values)]
    area = known.get(_folded(values["area"]), values["area"])
    return Person(_key(values), values["name"], tuple(line for line in lines if line), area)


def _town(values: Mapping[str, str]) -> str:
    digits = values["postcode"].replace(" ", "")
    return f"{digits[:3]} {digits[3:]} {values['town']}"


def _key(values: Mapping[str, str]) -> str:
    """Of the person's number where there is one, else of name and address."""
    own = values.get("person") or "|".join(
        values.get(name, "") for name in ("name", "street", "postcode")
    )
    return hashlib.sha256(_folded(own).encode()).hexdigest()


def _folded(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip().casefold()


def _one_line(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()
