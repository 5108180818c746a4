"""What a pledge file says, whichever form it has: the same when read as when written."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from loftet.followup.sources.pledge_file.where import Where


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One thing in the file. Where it stands is no part of what it says."""

    where: Where = field(default_factory=Where, compare=False, repr=False)


@dataclass(frozen=True, kw_only=True)
class PledgeEntry(Entry):
    period: str
    cycle: str = ""
    starts: date
    ends: date
    decided_ends: date | None = None
    prolonged_by: str = ""
    title_sv: str
    title_en: str = ""
    place: str
    background_sv: str = ""
    background_en: str = ""
    registry_number: str = ""
    source: str = ""


@dataclass(frozen=True, kw_only=True)
class SignatureEntry(Entry):
    party: str
    name: str = ""
    title: str
    signed_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class OrganisationEntry(Entry):
    name: str
    kind: str
    part_of: str = ""


@dataclass(frozen=True, kw_only=True)
class IndicatorEntry(Entry):
    code: str
    name_sv: str
    name_en: str = ""
    kind: str
    unit_sv: str
    unit_en: str = ""
    wanted: str
    definition_sv: str
    definition_en: str = ""
    caution_sv: str = ""
    caution_en: str = ""
    source: str
    owner: str = ""


ReadingKey = tuple[str, str, date, date]


@dataclass(frozen=True, kw_only=True)
class ReadingEntry(Entry):
    indicator: str
    area: str = ""
    starts: date
    ends: date
    value: Decimal | None = None
    numerator: int | None = None
    denominator: int | None = None
    source: str
    extracted_on: date
    reason: str = ""

    @property
    def key(self) -> ReadingKey:
        """What a correction has in common with what it corrects."""
        return self.indicator, self.area, self.starts, self.ends


@dataclass(frozen=True, kw_only=True)
class CommitmentEntry(Entry):
    code: str
    kind: str
    actor: str
    text_sv: str
    text_en: str = ""
    because_sv: str = ""
    because_en: str = ""
    comparator: str = ""
    quantity: Decimal | None = None
    unit_sv: str = ""
    unit_en: str = ""
    place: str = ""
    areas: tuple[str, ...] = ()
    starts: date | None = None  # none is the pledge's own
    ends: date | None = None
    indicator: str = ""
    baseline_starts: date | None = None
    baseline_ends: date | None = None
    baseline_area: str = ""
    baseline_revision: int | None = None  # none is the newest
    target: Decimal | None = None
    counting_rule_sv: str = ""
    counting_rule_en: str = ""
    source: str = ""
    responsible: str = ""


@dataclass(frozen=True, kw_only=True)
class ResultEntry(Entry):
    commitment: str
    quantity: Decimal | None = None
    state: str = ""
    text_sv: str = ""
    text_en: str = ""
    reason_sv: str = ""
    reason_en: str = ""
    new_date: date | None = None
    context_sv: str = ""
    context_en: str = ""
    lesson_sv: str = ""
    lesson_en: str = ""
    source: str
    as_of: date


@dataclass(frozen=True)
class PledgeFile:
    """All of a file. A reading or result of the same thing replaces the one before it."""

    pledge: PledgeEntry | None
    signatures: tuple[SignatureEntry, ...] = ()
    organisations: tuple[OrganisationEntry, ...] = ()
    indicators: tuple[IndicatorEntry, ...] = ()
    readings: tuple[ReadingEntry, ...] = ()
    commitments: tuple[CommitmentEntry, ...] = ()
    results: tuple[ResultEntry, ...] = ()
