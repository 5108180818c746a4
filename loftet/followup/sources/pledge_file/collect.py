"""A pledge in the database as a document, in the one order that files are written in."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import fields
from datetime import date
from typing import Any, TypeVar

from django.db import models

from loftet.core.models import Organisation
from loftet.followup.models import Result
from loftet.followup.sources.pledge_file.areas import Areas
from loftet.followup.sources.pledge_file.document import (
    CommitmentEntry,
    Entry,
    IndicatorEntry,
    OrganisationEntry,
    PledgeEntry,
    PledgeFile,
    ReadingEntry,
    ResultEntry,
    SignatureEntry,
)
from loftet.map.models import Indicator, Reading
from loftet.promise.models import Commitment, Pledge

AnyEntry = TypeVar("AnyEntry", bound=Entry)
ChainKey = tuple[int, int | None, date, date]
Chains = dict[ChainKey, list[Reading]]


def document_of(pledge: Pledge) -> PledgeFile:
    commitments = list(
        pledge.commitments.select_related("indicator", "baseline__area", "responsible")
        .prefetch_related("areas")
        .order_by("position", "code")
    )
    found = Indicator.objects.filter(commitments__pledge=pledge).distinct().select_related("owner")
    indicators = sorted(found, key=lambda indicator: indicator.code)
    areas, readings = Areas(), chains(indicators)
    named = [*(c.responsible for c in commitments), *(i.owner for i in indicators)]
    return PledgeFile(
        pledge=_pledge_entry(pledge),
        signatures=_signature_entries(pledge),
        organisations=_organisation_entries(named),
        indicators=tuple(indicator_entry(indicator) for indicator in indicators),
        readings=tuple(
            reading_entry(reading, indicator, areas)
            for indicator in indicators
            for chain in _chains_of(indicator, readings, areas)
            for reading in chain
        ),
        commitments=tuple(_commitment_entry(c, pledge, readings, areas) for c in commitments),
        results=tuple(entry for c in commitments for entry in _result_entries(c)),
    )


def chains(indicators: Iterable[Indicator]) -> Chains:
    """Give the readings of each place and period, from the first to the newest correction."""
    rows = list(Reading.objects.filter(indicator__in=list(indicators)).select_related("area"))
    after = {reading.replaces_id: reading for reading in rows if reading.replaces_id}
    found: Chains = defaultdict(list)
    for first in rows:
        at: Reading | None = None if first.replaces_id else first
        while at is not None:
            found[chain_key(at)].append(at)
            at = after.get(at.pk)
    return found


def chain_key(reading: Reading) -> ChainKey:
    return reading.indicator_id, reading.area_id, reading.starts, reading.ends


def organisation_entry(organisation: Organisation) -> OrganisationEntry:
    parent = organisation.parent
    return _entry(OrganisationEntry, organisation, part_of=parent.name if parent else "")


def indicator_entry(indicator: Indicator) -> IndicatorEntry:
    owner = indicator.owner
    return _entry(IndicatorEntry, indicator, owner=owner.name if owner else "")


def reading_entry(reading: Reading, indicator: Indicator, areas: Areas) -> ReadingEntry:
    area = areas.name(reading.area, reading.starts)
    return _entry(ReadingEntry, reading, indicator=indicator.code, area=area)


def _entry(kind: type[AnyEntry], row: models.Model, **other: Any) -> AnyEntry:
    """Copy what has the same name in the row; the rest is given."""
    same = {f.name for f in fields(kind)} - other.keys() - {"where"}
    return kind(**{name: getattr(row, name) for name in same}, **other)


def _pledge_entry(pledge: Pledge) -> PledgeEntry:
    cycle = pledge.cycle
    return _entry(
        PledgeEntry,
        pledge,
        cycle="" if cycle.period == pledge.period else cycle.period,
        starts=cycle.starts,
        ends=cycle.ends,
        decided_ends=cycle.decided_ends if cycle.prolonged_by else None,
        prolonged_by=cycle.prolonged_by,
    )


def _signature_entries(pledge: Pledge) -> tuple[SignatureEntry, ...]:
    """None of a pledge that only one party has signed so far: as a file, that is a draft."""
    if pledge.state != Pledge.State.SIGNED:
        return ()
    return tuple(_entry(SignatureEntry, row) for row in pledge.signatures.order_by("party"))


def _organisation_entries(named: Iterable[Organisation | None]) -> tuple[OrganisationEntry, ...]:
    """Those that are named, and what they are a part of."""
    found: dict[str, Organisation] = {}
    for organisation in named:
        at = organisation
        while at is not None and at.name not in found:
            found[at.name] = at
            at = at.parent
    return tuple(organisation_entry(found[name]) for name in sorted(found))


def _chains_of(indicator: Indicator, readings: Chains, areas: Areas) -> list[list[Reading]]:
    mine = [chain for key, chain in readings.items() if key[0] == indicator.pk]
    return sorted(mine, key=lambda c: (c[0].starts, c[0].ends, areas.name(c[0].area, c[0].starts)))


def _commitment_entry(
    commitment: Commitment, pledge: Pledge, readings: Chains, areas: Areas
) -> CommitmentEntry:
    cycle, indicator, unit = pledge.cycle, commitment.indicator, commitment.responsible
    baseline = commitment.baseline
    named = sorted(areas.name(area, commitment.starts) for area in commitment.areas.all())
    return _entry(
        CommitmentEntry,
        commitment,
        areas=tuple(named),
        starts=None if commitment.starts == cycle.starts else commitment.starts,
        ends=None if commitment.ends == cycle.ends else commitment.ends,
        indicator=indicator.code if indicator else "",
        baseline_starts=baseline and baseline.starts,
        baseline_ends=baseline and baseline.ends,
        baseline_area=areas.name(baseline.area, baseline.starts) if baseline else "",
        baseline_revision=_revision(baseline, readings),
        responsible=unit.name if unit else "",
    )


def _revision(baseline: Reading | None, readings: Chains) -> int | None:
    """Give the number of a baseline that was corrected after it was chosen; None is the newest."""
    if baseline is None:
        return None
    chain = readings[chain_key(baseline)]
    return None if chain[-1] == baseline else chain.index(baseline) + 1


def _result_entries(commitment: Commitment) -> list[ResultEntry]:
    after = {result.replaces_id: result for result in Result.objects.filter(commitment=commitment)}
    found: list[ResultEntry] = []
    at = after.get(None)
    while at is not None:
        found.append(_entry(ResultEntry, at, commitment=commitment.code))
        at = after.get(at.pk)
    return found
