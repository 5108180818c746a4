"""A document into the database, thing by thing through the actions; every refusal is kept.

What has a fault is looked through but not written, so that one round tells of every fault there is.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import fields
from datetime import date
from typing import Any, TypeVar

from django.utils.translation import gettext as _

from loftet.core import actions as core
from loftet.core.access import Actor, may
from loftet.core.errors import NotAllowed, Refused
from loftet.core.models import Cycle, User
from loftet.core.roles import Permission
from loftet.followup import actions as followup
from loftet.followup.models import Result
from loftet.followup.sources.pledge_file import collect
from loftet.followup.sources.pledge_file.document import (
    CommitmentEntry,
    Entry,
    IndicatorEntry,
    OrganisationEntry,
    PledgeEntry,
    PledgeFile,
    ReadingEntry,
    ResultEntry,
)
from loftet.followup.sources.pledge_file.parse import Names
from loftet.followup.sources.pledge_file.references import References
from loftet.followup.sources.pledge_file.report import Report
from loftet.followup.sources.pledge_file.schema import RECORD_OF, column_for
from loftet.followup.sources.pledge_file.where import Problem, Problems
from loftet.map import actions as situation
from loftet.map.models import Indicator, Reading
from loftet.promise import actions as promise
from loftet.promise.models import Commitment, Pledge, advice

T = TypeVar("T")


class Importer:
    """One file on its way in; used once, inside a transaction that the caller may roll back."""

    def __init__(
        self,
        file: PledgeFile,
        names: Names,
        problems: Problems,
        *,
        by: User,
        organisations_by: Actor,
    ) -> None:
        self.file, self.names, self.problems = file, names, problems
        self.by, self.organisations_by = by, organisations_by
        self.known = References(names, problems)
        named = [i for code, i in self.known.indicators.items() if code in names.used["indicator"]]
        self.chains = collect.chains(named)
        self.passed: Counter[collect.ChainKey] = Counter()  # readings of the file, by chain
        self.added: Counter[str] = Counter()
        self.reused: Counter[str] = Counter()

    def run(self, *, dry_run: bool) -> Report:
        self._organisations()
        for indicator in self.file.indicators:
            self._indicator(indicator)
        for reading in self.file.readings:
            self._reading(reading)
        pledge = self._pledge()
        for position, commitment in enumerate(self.file.commitments, start=1):
            self._commitment(commitment, pledge, position)
        self._sign(pledge)
        for result in self.file.results:
            self._result(result)
        period = self.file.pledge.period if self.file.pledge else ""
        return Report(period, self.added, self.reused, tuple(self._advice()), dry_run)

    def _try(self, entry: Entry, act: Callable[[], T]) -> T | None:
        if self.problems.touch(entry.where):
            return None
        record = RECORD_OF[type(entry)]
        try:
            done = act()
        except NotAllowed:
            raise
        except Refused as refusal:
            self.problems.at(entry.where, column_for(record, refusal.field), refusal.message)
            return None
        self.added[record.name] += 1
        return done

    def _organisations(self) -> None:
        """Wholes before their parts, whatever their order in the file."""
        waiting = list(self.file.organisations)
        while ready := [o for o in waiting if not o.part_of or o.part_of in self._there(waiting)]:
            waiting = [o for o in waiting if o not in ready]
            for entry in ready:
                self._organisation(entry)
        for entry in waiting:
            if self.known.organisation(entry.part_of, entry, "part_of") is None:
                self._complain_of_circle(entry)

    def _there(self, waiting: list[OrganisationEntry]) -> set[str]:
        return self.known.organisations.keys() - {o.name for o in waiting}

    def _complain_of_circle(self, entry: OrganisationEntry) -> None:
        if not self.problems.touch(entry.where):
            self.problems.at(
                entry.where,
                "part_of",
                _("What this is a part of cannot be added, or is a part of it in turn."),
                _("Put that right first."),
            )

    def _organisation(self, entry: OrganisationEntry) -> None:
        existing = self.known.organisations.get(entry.name)
        if existing is not None:
            self._reuse(entry, collect.organisation_entry(existing))
            return
        if not may(self.organisations_by, Permission.MANAGE_PEOPLE):
            self.problems.at(
                entry.where,
                "name",
                _("There is no organisation called “%(name)s” here.") % {"name": entry.name},
                _("Ask the administrator to add it; your role cannot."),
            )
            return
        parent = self.known.organisation(entry.part_of, entry, "part_of")
        added = self._try(
            entry,
            lambda: core.add_organisation(
                name=entry.name, kind=entry.kind, parent=parent, by=self.organisations_by
            ),
        )
        if added is not None:
            self.known.organisations[entry.name] = added

    def _indicator(self, entry: IndicatorEntry) -> None:
        owner = self.known.organisation(entry.owner, entry, "owner")
        existing = self.known.indicators.get(entry.code)
        if existing is not None:
            self._reuse(entry, collect.indicator_entry(existing))
            return
        indicator = Indicator(**_same(entry, owner=owner))
        if self._try(entry, lambda: situation.add_indicator(indicator=indicator, by=self.by)):
            self.known.indicators[entry.code] = indicator

    def _reuse(self, entry: Entry, there: Entry) -> None:
        """Accept what stands there already if it is the same; nothing is overwritten."""
        record = RECORD_OF[type(entry)]
        other = _differing(entry, there)
        if not other:
            self.reused[record.name] += 1
            return
        named = ", ".join(record.dotted[column] for column in other)
        self.problems.at(
            entry.where,
            other[0],
            _("This stands here already, but is not the same: %(fields)s.") % {"fields": named},
            _("Write it as it stands here. What is wrong here is corrected on its own page first."),
        )

    def _reading(self, entry: ReadingEntry) -> None:
        indicator = self.known.indicator(entry.indicator, entry)
        area = self.known.area(entry.area, entry.starts, entry, "area")
        if indicator is None or (entry.area and area is None) or self.problems.touch(entry.where):
            self.names.faulty.add(entry.indicator)
            return
        key = (indicator.pk, area.pk if area else None, entry.starts, entry.ends)
        chain, number = self.chains[key], self.passed[key]
        self.passed[key] += 1
        if number < len(chain):
            self._reuse(entry, collect.reading_entry(chain[number], indicator, self.known.areas))
            return
        figures = {name: getattr(entry, name) for name in FIGURES}
        written = self._try(
            entry,
            lambda: (
                situation.correct_reading(
                    reading=chain[-1], reason=entry.reason, by=self.by, **figures
                )
                if chain
                else situation.add_reading(
                    indicator=indicator,
                    area=area,
                    starts=entry.starts,
                    ends=entry.ends,
                    by=self.by,
                    **figures,
                )
            ),
        )
        if written is None:
            self.names.faulty.add(entry.indicator)
        else:
            chain.append(written)

    def _pledge(self) -> Pledge | None:
        entry = self.file.pledge
        if entry is None or self.problems.touch(entry.where):
            return None
        cycle = self._cycle(entry)
        if cycle is None:
            return None
        pledge = Pledge(**_same(entry, leave=CYCLE_COLUMNS))
        return self._try(
            entry,
            lambda: promise.add_pledge(
                pledge=pledge, starts=cycle.starts, ends=cycle.ends, by=self.by
            ),
        )

    def _cycle(self, entry: PledgeEntry) -> Cycle | None:
        period, decided = entry.cycle or entry.period, entry.decided_ends or entry.ends
        cycle = Cycle.objects.filter(starts=entry.starts, ends=entry.ends).first()
        cycle = cycle or Cycle.objects.filter(period=period).first()
        if cycle is None:
            return self._open_cycle(entry, period, decided)
        wanted = (
            entry.cycle or cycle.period,
            entry.starts,
            entry.ends,
            decided,
            entry.prolonged_by,
        )
        if wanted == (
            cycle.period,
            cycle.starts,
            cycle.ends,
            cycle.decided_ends,
            cycle.prolonged_by,
        ):
            return cycle
        self.problems.at(
            entry.where,
            "cycle" if entry.cycle else "starts",
            _("The cycle %(cycle)s is here already, from %(starts)s to %(ends)s, and not the same.")
            % {"cycle": cycle.period, "starts": cycle.starts, "ends": cycle.ends},
            _("Write cycle, days and prolongation as they stand here, or choose another cycle."),
        )
        return None

    def _open_cycle(self, entry: PledgeEntry, period: str, decided: date) -> Cycle | None:
        try:
            cycle = core.open_cycle(period=period, starts=entry.starts, ends=decided, by=self.by)
            if entry.prolonged_by:
                core.prolong_cycle(
                    cycle=cycle, ends=entry.ends, decision=entry.prolonged_by, by=self.by
                )
        except NotAllowed:
            raise
        except Refused as refusal:
            self.problems.at(entry.where, refusal.field or "", refusal.message)
            return None
        return cycle

    def _commitment(self, entry: CommitmentEntry, pledge: Pledge | None, position: int) -> None:
        first = entry.starts or (self.file.pledge.starts if self.file.pledge else date.max)
        named = [self.known.area(code, first, entry, "areas") for code in entry.areas]
        responsible = self.known.organisation(entry.responsible, entry, "responsible")
        indicator = self.known.indicator(entry.indicator, entry)
        baseline = self._baseline(entry, indicator) if indicator else None
        if pledge is None:
            return
        commitment = Commitment(
            pledge=pledge,
            position=position,
            indicator=indicator,
            baseline=baseline,
            responsible=responsible,
            starts=entry.starts or pledge.cycle.starts,
            ends=entry.ends or pledge.cycle.ends,
            **_same(entry, leave=COMMITMENT_COLUMNS),
        )
        areas = [area for area in named if area is not None]
        if self._try(
            entry,
            lambda: promise.add_commitment(commitment=commitment, areas=areas, by=self.by),
        ):
            self.known.commitments[entry.code] = commitment

    def _baseline(self, entry: CommitmentEntry, indicator: Indicator) -> Reading | None:
        if entry.baseline_starts is None or entry.baseline_ends is None:
            return None
        area = self.known.area(entry.baseline_area, entry.baseline_starts, entry, "baseline_area")
        key = (indicator.pk, area.pk if area else None, entry.baseline_starts, entry.baseline_ends)
        chain = self.chains.get(key, [])
        newest = self.passed[key] or len(chain)  # of the file's own, where it has any
        number = newest if entry.baseline_revision is None else entry.baseline_revision
        if 1 <= number <= len(chain):
            return chain[number - 1]
        if entry.indicator not in self.names.faulty:
            self._complain_of_baseline(entry)
        return None

    def _complain_of_baseline(self, entry: CommitmentEntry) -> None:
        self.problems.at(
            entry.where,
            "baseline_starts",
            _("The indicator %(code)s has no such reading from %(starts)s to %(ends)s.")
            % {
                "code": entry.indicator,
                "starts": entry.baseline_starts,
                "ends": entry.baseline_ends,
            },
            _("Write the days of a reading, or add the reading under the indicator."),
        )

    def _sign(self, pledge: Pledge | None) -> None:
        signatures = self.file.signatures
        if pledge is None or any(self.problems.touch(s.where) for s in signatures):
            return
        if signatures:
            signers = [(s.party, s.name, s.title, s.signed_on) for s in signatures]
            promise.record_signatures(pledge=pledge, signers=signers, by=self.by)
            self.added["signature"] += len(signatures)

    def _result(self, entry: ResultEntry) -> None:
        commitment = self.known.commitment(entry.commitment, entry)
        if commitment is None or commitment.pledge.state != Pledge.State.SIGNED:
            return
        result = Result(**_same(entry, commitment=commitment))
        self._try(entry, lambda: followup.report(result=result, by=self.by))

    def _advice(self) -> list[Problem]:
        found = []
        if self.added["signature"] == 1:
            what = _("Only one of the two parties has signed, by this file.")
            found.append(Problem(*self.file.signatures[0].where.spot(), what))
        for entry in self.file.commitments:
            commitment = self.known.commitments.get(entry.code)
            for one in advice.of(commitment) if commitment else ():
                spot = entry.where.spot(column_for(RECORD_OF[CommitmentEntry], one.field))
                found.append(Problem(*spot, one.text))
        return found


FIGURES = ("value", "numerator", "denominator", "source", "extracted_on")
CYCLE_COLUMNS = frozenset({"cycle", "starts", "ends", "decided_ends", "prolonged_by"})
COMMITMENT_COLUMNS = frozenset({"areas", "starts", "ends", "indicator", "responsible"}) | {
    column for column in RECORD_OF[CommitmentEntry].columns if column.startswith("baseline_")
}


def _same(entry: Entry, leave: frozenset[str] = frozenset(), **other: Any) -> dict[str, Any]:
    """Give the columns that the model calls the same, and others in place of their names."""
    names = RECORD_OF[type(entry)].columns.keys() - leave - other.keys()
    return {**{name: getattr(entry, name) for name in names}, **other}


def _differing(one: Entry, other: Entry) -> list[str]:
    return [
        field.name
        for field in fields(one)
        if field.compare and getattr(one, field.name) != getattr(other, field.name)
    ]
