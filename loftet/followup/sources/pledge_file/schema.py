"""The format `pledge/1`: what each kind of row may hold, and where it stands in YAML and in CSV."""

from dataclasses import dataclass, replace
from functools import cached_property

from loftet.core.models import Organisation
from loftet.followup.models import Result
from loftet.followup.sources.pledge_file import document
from loftet.followup.sources.pledge_file.values import (
    CODES,
    DAY,
    Form,
    choice,
    label,
    number,
    slug,
    whole,
    words,
)
from loftet.map.models import Indicator
from loftet.promise.models import Commitment, Party

FORMAT = "pledge/1"


@dataclass(frozen=True)
class Field:
    """One value of a row: a column in CSV; a key in YAML, perhaps inside another."""

    name: str
    form: Form
    needed: bool = False
    inside: str = ""

    @property
    def column(self) -> str:
        return f"{self.inside}_{self.name}" if self.inside else self.name

    @property
    def dotted(self) -> str:
        return f"{self.inside}.{self.name}" if self.inside else self.name


@dataclass(frozen=True)
class Record:
    """One kind of row. In YAML it stands in a list with the plural name, inside its parent."""

    name: str
    plural: str
    entry: type[document.Entry]
    most: int
    fields: tuple[Field, ...]
    parent: str = ""

    @cached_property
    def columns(self) -> dict[str, Field]:
        return {field.column: field for field in self.fields}

    @cached_property
    def dotted(self) -> dict[str, str]:
        return {field.column: field.dotted for field in self.fields}

    @cached_property
    def inner(self) -> dict[str, dict[str, Field]]:
        """Give the fields by the key that holds them in YAML; the empty key is the row itself."""
        held: dict[str, dict[str, Field]] = {"": {}}
        for field in self.fields:
            held.setdefault(field.inside, {})[field.name] = field
        held[""].pop(self.parent, None)  # known from where the row stands
        return held


def needed(field: Field) -> Field:
    return replace(field, needed=True)


def both(name: str, form: Form, *, swedish: bool = False) -> tuple[Field, Field]:
    """Give a text in two languages."""
    return Field("sv", form, needed=swedish, inside=name), Field("en", form, inside=name)


PERIOD = (needed(Field("starts", DAY)), needed(Field("ends", DAY)))
QUANTITY = number(10, 2)
VALUE = number(11, 4)  # SQLite keeps fifteen digits exactly
COUNT = whole(15)
AREA = label(60)
ORGANISATION = label(100)

RECORDS: dict[str, Record] = {
    record.name: record
    for record in (
        Record(
            "pledge",
            "pledge",
            document.PledgeEntry,
            1,
            (
                needed(Field("period", slug(60))),
                Field("cycle", slug(20)),
                *PERIOD,
                Field("decided_ends", DAY),
                Field("prolonged_by", words(200)),
                *both("title", words(150), swedish=True),
                needed(Field("place", words(150))),
                *both("background", words()),
                Field("registry_number", label(60)),
                Field("source", label(300)),
            ),
        ),
        Record(
            "signature",
            "signatures",
            document.SignatureEntry,
            2,
            (
                needed(Field("party", choice(Party.values))),
                Field("name", label(100)),
                needed(Field("title", label(150))),
                Field("signed_on", DAY),
            ),
        ),
        Record(
            "organisation",
            "organisations",
            document.OrganisationEntry,
            500,
            (
                needed(Field("name", ORGANISATION)),
                needed(Field("kind", choice(Organisation.Kind.values))),
                Field("part_of", ORGANISATION),
            ),
        ),
        Record(
            "indicator",
            "indicators",
            document.IndicatorEntry,
            500,
            (
                needed(Field("code", slug(40))),
                *both("name", words(150), swedish=True),
                needed(Field("kind", choice(Indicator.Kind.values))),
                *both("unit", words(40), swedish=True),
                needed(Field("wanted", choice(Indicator.Wanted.values))),
                *both("definition", words(), swedish=True),
                *both("caution", words()),
                needed(Field("source", label(200))),
                Field("owner", ORGANISATION),
            ),
        ),
        Record(
            "reading",
            "readings",
            document.ReadingEntry,
            5000,
            (
                needed(Field("indicator", slug(40))),
                Field("area", AREA),
                *PERIOD,
                Field("value", VALUE),
                Field("numerator", COUNT),
                Field("denominator", COUNT),
                needed(Field("source", label(200))),
                needed(Field("extracted_on", DAY)),
                Field("reason", words(300)),
            ),
            parent="indicator",
        ),
        Record(
            "commitment",
            "commitments",
            document.CommitmentEntry,
            500,
            (
                needed(Field("code", slug(20))),
                needed(Field("kind", choice(Commitment.Kind.values))),
                needed(Field("actor", choice(Commitment.Actor.values))),
                *both("text", words(500), swedish=True),
                *both("because", words()),
                Field("comparator", choice(Commitment.Comparator.values)),
                Field("quantity", QUANTITY),
                *both("unit", words(60)),
                Field("place", words(200)),
                Field("areas", CODES),
                Field("starts", DAY),
                Field("ends", DAY),
                Field("indicator", slug(40)),
                Field("starts", DAY, inside="baseline"),
                Field("ends", DAY, inside="baseline"),
                Field("area", AREA, inside="baseline"),
                Field("revision", COUNT, inside="baseline"),
                Field("target", VALUE),
                *both("counting_rule", words()),
                Field("source", label(200)),
                Field("responsible", ORGANISATION),
            ),
        ),
        Record(
            "result",
            "results",
            document.ResultEntry,
            5000,
            (
                needed(Field("commitment", slug(20))),
                Field("quantity", QUANTITY),
                Field("state", choice(Result.State.values)),
                *both("text", words()),
                *both("reason", words()),
                Field("new_date", DAY),
                *both("context", words()),
                *both("lesson", words()),
                needed(Field("source", label(200))),
                needed(Field("as_of", DAY)),
            ),
            parent="commitment",
        ),
    )
}

COLUMNS: tuple[str, ...] = (
    "record",
    "loftet",
    *dict.fromkeys(column for record in RECORDS.values() for column in record.columns),
)


RECORD_OF = {record.entry: record for record in RECORDS.values()}


def column_for(record: Record, field: str | None) -> str:
    """Find the column where a model's or a rule's own name for a field is put right."""
    tries = (field, f"{field}_sv", f"{field}_starts")
    return next((column for column in tries if column and column in record.columns), "")


def children(name: str) -> list[Record]:
    return [record for record in RECORDS.values() if record.parent == name]
