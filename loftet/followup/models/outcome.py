"""The outcome of a commitment: judged afresh from what is recorded, frozen only in an edition."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, QuerySet

from loftet.core.models import Organisation
from loftet.followup import rules
from loftet.followup.models.result import Result
from loftet.map.models import Reading
from loftet.promise.models import Commitment, Pledge


@dataclass(frozen=True)
class Outcome:
    """A commitment, what was reported, the two readings, and the judgement."""

    commitment: Commitment
    result: Result | None
    before: Reading | None
    after: Reading | None
    series: tuple[Reading, ...]
    judgement: rules.Judgement

    @property
    def verdict(self) -> rules.Verdict:
        return self.judgement.verdict

    @property
    def late(self) -> bool:
        new_date = self.result.new_date if self.result else None
        return rules.is_late(promise_of(self.commitment), self.verdict, new_date)

    @property
    def responsible(self) -> Organisation | None:
        return self.commitment.responsible


def outcomes(pledge: Pledge, *, on: date) -> list[Outcome]:
    """Every commitment's outcome as of a day, with four queries however many there are."""
    commitments = list(pledge.commitments.in_full())
    results = {
        result.commitment_id: result
        for result in Result.objects.current()
        .filter(commitment__in=commitments)
        .select_related("evidence")
    }
    series = _series(commitments)
    return [
        _outcome(commitment, results.get(commitment.pk), series[commitment.indicator_id], on)
        for commitment in commitments
    ]


def awaited(on: date) -> QuerySet[Commitment]:
    """Promises whose time is over and of which nothing has been told yet."""
    read = Reading.objects.current().filter(
        indicator=OuterRef("indicator"), starts=OuterRef("starts"), ends=OuterRef("last_day")
    )
    return (
        Commitment.objects.in_full()
        .over(on)
        .filter(~Exists(read), pledge__state=Pledge.State.SIGNED)
        .exclude(pk__in=Result.objects.values("commitment"))
    )


def _series(commitments: list[Commitment]) -> dict[int | None, list[Reading]]:
    wanted = [c.indicator_id for c in commitments if c.indicator_id]
    found: dict[int | None, list[Reading]] = defaultdict(list)
    readings = Reading.objects.current().filter(indicator__in=wanted).select_related("indicator")
    for reading in readings.order_by("starts", "pk"):
        found[reading.indicator_id].append(reading)
    return found


def _outcome(
    commitment: Commitment, result: Result | None, series: list[Reading], on: date
) -> Outcome:
    baseline = commitment.baseline
    place = baseline.area_id if baseline else None
    same_place = tuple(reading for reading in series if reading.area_id == place)
    before = next(
        (r for r in same_place if baseline and r.covers(baseline.starts, baseline.ends)), None
    )
    after = next((r for r in same_place if r.covers(commitment.starts, commitment.until)), None)
    evidence = rules.Evidence(
        over=commitment.until < on,
        quantity=result.quantity if result else None,
        state=result.state if result else "",
        before=_figures(before),
        after=_figures(after),
    )
    judgement = rules.judge(promise_of(commitment), evidence)
    return Outcome(commitment, result, before, after, same_place, judgement)


def promise_of(commitment: Commitment) -> rules.Promise:
    indicator = commitment.indicator
    return rules.Promise(
        kind=commitment.kind,
        comparator=commitment.comparator,
        quantity=commitment.quantity,
        target=commitment.target,
        measure=indicator.kind if indicator else "",
        wanted=indicator.wanted if indicator else "none",
    )


def _figures(reading: Reading | None) -> rules.Figures | None:
    if reading is None or reading.figures.shown is None:
        return None
    numerator, denominator = reading.numerator, reading.denominator
    counts = None if numerator is None or denominator is None else (numerator, denominator)
    return rules.Figures(reading.figures.shown, (reading.ends - reading.starts).days + 1, counts)
