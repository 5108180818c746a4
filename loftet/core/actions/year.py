from datetime import date

from django.db import models
from django.utils.translation import gettext as _

from loftet.core import clock as clock_here
from loftet.core import log
from loftet.core.access import Actor, memberships, require, require_any
from loftet.core.errors import Refused, refuse_invalid
from loftet.core.guard import refuse_personal_data
from loftet.core.hold import hold
from loftet.core.models import Cycle, Deadline, Organisation, User
from loftet.core.roles import TAKES_PART, Permission
from loftet.core.rules import days, wheel
from loftet.core.turn import action
from loftet.policy import read as policy
from loftet.policy.shapes import Clock, DayOfYear, Start


@action
def open_cycle(*, period: str, starts: date, ends: date, by: Actor) -> Cycle:
    """Begin a turn of the wheel and start the clocks that count from its days."""
    require(by, Permission.DECIDE_CYCLE)
    _refuse_days(starts, ends)
    cycle = Cycle(period=period, starts=starts, ends=ends, decided_ends=ends)
    refuse_invalid(cycle)
    cycle.save(force_insert=True)
    log.record(by, "opened", cycle, starts=starts, ends=ends)
    _start_clocks(cycle, by)
    return cycle


@action
def prolong_cycle(*, cycle: Cycle, ends: date, decision: str, by: Actor) -> Cycle:
    """A later last day, by a decision; the clocks that have not run out move with it."""
    require(by, Permission.DECIDE_CYCLE)
    refuse_personal_data(decision=decision)
    if ends <= cycle.ends:
        raise Refused(
            "not_later", _("The new last day must come after the one that holds now."), field="ends"
        )
    if not decision.strip():
        raise Refused(
            "decision_missing", _("Write which decision prolongs the pledge."), field="decision"
        )
    before, cycle.ends, cycle.prolonged_by = cycle.ends, ends, decision.strip()
    refuse_invalid(cycle)
    cycle.save(update_fields=["ends", "prolonged_by"])
    log.record(by, "prolonged", cycle, before=before, ends=ends, decision=cycle.prolonged_by)
    _start_clocks(cycle, by, only_from=(Start.FIRST_YEAR_ENDS, Start.CYCLE_ENDS))
    return cycle


@action
def set_deadline(
    *,
    clock: str,
    subject: models.Model,
    start: date,
    organisation: Organisation | None = None,
    by: Actor,
) -> Deadline:
    require_any(by, TAKES_PART)
    return start_clock(clock=clock, subject=subject, start=start, organisation=organisation, by=by)


@action
def meet_deadline(*, deadline: Deadline, on: date | None = None, by: Actor) -> Deadline:
    _require_answerable(deadline, by)
    hold(deadline, "met_on")
    if deadline.met_on is not None:
        raise Refused("already_met", _("This is already done."))
    return _meet(deadline, on or clock_here.today(), by)


# --- Consequences of other actions, which have asked whether the person may ----------------------


def start_clock(
    *,
    clock: str,
    subject: models.Model,
    start: date,
    organisation: Organisation | None = None,
    by: Actor,
) -> Deadline:
    """Start the clock for this thing, or start it again from another day if it is still running."""
    decided = policy.clock(clock)
    deadline = Deadline.objects.open().about(subject).filter(clock=clock).first() or Deadline(
        clock=clock, subject=subject._meta.label_lower, subject_id=str(subject.pk)
    )
    deadline.title_sv, deadline.title_en = decided.title.sv, decided.title.en
    deadline.subject_name = str(subject)[:200]
    deadline.due_on = due_on(decided, start)
    deadline.role = decided.role
    deadline.organisation = organisation
    deadline.is_public = decided.public
    deadline.save()
    log.record(by, "set", deadline, clock=clock, start=start, due_on=deadline.due_on)
    return deadline


def meet_clock(*, clock: str, subject: models.Model, on: date | None = None, by: Actor) -> None:
    """Meet the deadline of this clock, if it is running."""
    for running in Deadline.objects.open().about(subject).filter(clock=clock):
        _meet(running, on or clock_here.today(), by)


def _meet(deadline: Deadline, on: date, by: Actor) -> Deadline:
    deadline.met_on = on
    deadline.save(update_fields=["met_on"])
    log.record(by, "met", deadline, clock=deadline.clock, on=on)
    return deadline


def due_on(clock: Clock, start: date) -> date:
    if isinstance(clock.limit, DayOfYear):
        return days.next_on(start, clock.limit.month, clock.limit.day)
    return days.due(start, clock.limit.amount, days.Unit(clock.limit.unit))


def _require_answerable(deadline: Deadline, by: Actor) -> None:
    """Whose role answers for it, or who keeps the whole year together."""
    if not isinstance(by, User) or deadline.role not in {m.role for m in memberships(by)}:
        require(by, Permission.DECIDE_CYCLE)


def _start_clocks(
    cycle: Cycle,
    by: Actor,
    only_from: tuple[Start, ...] = (Start.CYCLE_STARTS, Start.FIRST_YEAR_ENDS, Start.CYCLE_ENDS),
) -> None:
    moments = {
        Start.CYCLE_STARTS: cycle.starts,
        Start.FIRST_YEAR_ENDS: wheel.first_year_ends(cycle.starts, cycle.ends),
        Start.CYCLE_ENDS: cycle.ends,
    }
    for start in only_from:
        moment = moments[start]
        if moment is None:
            continue
        for decided in policy.clocks_from(start):
            if due_on(decided, moment) >= clock_here.today():  # what ran out earlier is past
                start_clock(clock=decided.key, subject=cycle, start=moment, by=by)


def _refuse_days(starts: date, ends: date) -> None:
    if ends < starts:
        raise Refused("ends_before_starts", _("The last day comes before the first."), field="ends")
