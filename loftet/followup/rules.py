"""Was it done, how much, did it help: three answers that are never merged into one."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from loftet.analysis.change import RateRatio, ShareChange, rate_ratio, share_change


class Verdict(StrEnum):
    KEPT = "kept"
    PARTLY = "partly"
    NOT_KEPT = "not_kept"
    CANNOT_TELL = "cannot_tell"
    ONGOING = "ongoing"


class Helped(StrEnum):
    """What the figures say of the problem, whatever was done."""

    BETTER = "better"
    WORSE = "worse"
    CHANCE = "chance"
    NO_COUNTS = "no_counts"
    NO_UNCERTAINTY = "no_uncertainty"
    NO_READING = "no_reading"
    NOT_MEASURED = "not_measured"


@dataclass(frozen=True)
class Figures:
    """A reading as plain values; a share may come with the counts behind it."""

    value: Decimal
    days: int
    counts: tuple[int, int] | None = None


@dataclass(frozen=True)
class Promise:
    kind: str
    comparator: str
    quantity: Decimal | None
    target: Decimal | None
    measure: str  # of the indicator: count, share, value; empty without one
    wanted: str  # of the indicator: up, down, none


@dataclass(frozen=True)
class Evidence:
    """What has been reported when it is judged."""

    over: bool  # the period of the promise has ended
    quantity: Decimal | None = None
    state: str = ""  # of a deliverable: done, partly, not_done, ongoing
    before: Figures | None = None
    after: Figures | None = None


@dataclass(frozen=True)
class Judgement:
    verdict: Verdict
    helped: Helped
    statistic: RateRatio | ShareChange | None = None


def judge(promise: Promise, evidence: Evidence) -> Judgement:
    helped, statistic = effect(promise, evidence)
    if promise.kind == "change":
        return Judgement(_change_verdict(promise, evidence, helped), helped, statistic)
    if promise.kind == "deliverable":
        return Judgement(_deliverable_verdict(evidence), helped, statistic)
    return Judgement(_counted_verdict(promise, evidence), helped, statistic)


def effect(promise: Promise, evidence: Evidence) -> tuple[Helped, RateRatio | ShareChange | None]:
    """Whether the indicator moved more than chance would move it, and which way."""
    if not promise.measure:
        return Helped.NOT_MEASURED, None
    if evidence.before is None or evidence.after is None:
        return Helped.NO_READING, None
    statistic = _statistic(promise.measure, evidence.after, evidence.before)
    if statistic is None:
        return (Helped.NO_COUNTS if promise.measure == "share" else Helped.NO_UNCERTAINTY), None
    if not statistic.beyond_chance:
        return Helped.CHANCE, statistic
    rose = statistic.interval[0] > (1 if isinstance(statistic, RateRatio) else 0)
    return (Helped.BETTER if rose == (direction(promise) == "up") else Helped.WORSE), statistic


def _statistic(measure: str, after: Figures, before: Figures) -> RateRatio | ShareChange | None:
    if measure == "count":
        return rate_ratio(
            int(after.value), int(before.value), exposure=exposure(after.days, before.days)
        )
    if measure == "share" and after.counts and before.counts:
        return share_change(after.counts, before.counts)
    return None


def exposure(after: int, before: int) -> tuple[float, float]:
    """Days behind two counts; a leap day is no difference between two years."""
    return (1.0, 1.0) if abs(after - before) <= 1 else (float(after), float(before))


def direction(promise: Promise) -> str:
    """What was promised goes before what the indicator's card says is good."""
    return {"increase": "up", "decrease": "down"}.get(promise.comparator, promise.wanted)


def _change_verdict(promise: Promise, evidence: Evidence, helped: Helped) -> Verdict:
    """Kept only when the number moved more than chance, the right way and far enough."""
    if not evidence.over:
        return Verdict.ONGOING
    if helped is Helped.WORSE:
        return Verdict.NOT_KEPT
    if helped is not Helped.BETTER:
        return Verdict.CANNOT_TELL
    return Verdict.KEPT if _target_reached(promise, evidence.after) else Verdict.PARTLY


def _target_reached(promise: Promise, after: Figures | None) -> bool:
    if promise.target is None or after is None:
        return True
    return (
        after.value >= promise.target
        if direction(promise) == "up"
        else after.value <= promise.target
    )


def _deliverable_verdict(evidence: Evidence) -> Verdict:
    stated = {"done": Verdict.KEPT, "partly": Verdict.PARTLY, "not_done": Verdict.NOT_KEPT}
    if evidence.state in stated:
        return stated[evidence.state]
    if not evidence.over:
        return Verdict.ONGOING
    return Verdict.NOT_KEPT if evidence.state == "ongoing" else Verdict.CANNOT_TELL


def _counted_verdict(promise: Promise, evidence: Evidence) -> Verdict:
    if evidence.quantity is None:
        return Verdict.CANNOT_TELL if evidence.over else Verdict.ONGOING
    if promise.quantity is None:
        return Verdict.KEPT if evidence.quantity > 0 else Verdict.CANNOT_TELL
    if _count_holds(promise.comparator, evidence.quantity, promise.quantity):
        return (
            Verdict.KEPT if evidence.over or promise.comparator == "at_least" else Verdict.ONGOING
        )
    if not evidence.over:
        return Verdict.ONGOING
    return (
        Verdict.PARTLY
        if promise.comparator != "at_most" and evidence.quantity > 0
        else Verdict.NOT_KEPT
    )


def _count_holds(comparator: str, done: Decimal, promised: Decimal) -> bool:
    if comparator == "at_most":
        return done <= promised
    if comparator == "exactly":
        return done == promised
    return done >= promised


def is_late(promise: Promise, verdict: Verdict, new_date: date | None) -> bool:
    """A thing that was to be in place and has got a new date is late, not given up."""
    return promise.kind == "deliverable" and verdict is Verdict.NOT_KEPT and new_date is not None
