"""The planner's need, crews and rules, checked and counted in slots."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from loftet.analysis import checks
from loftet.analysis.allocation.needs import (
    WEEK,
    Bools,
    Codes,
    Label,
    Need,
    codes,
    mask,
    share,
    sums,
    travel_times,
)
from loftet.analysis.allocation.rules import Crew, Rules
from loftet.analysis.arrays import Floats

SLOTS = (15, 20, 30, 60)
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
HAIR = 1e-9  # hours that are no time at all


@dataclass(frozen=True, slots=True, eq=False)
class Duty:
    """A crew in slots. `kind` numbers the crews that may serve the same places."""

    name: str
    teams: int
    length: int
    rest: int
    weekly_rest: int
    shifts: int
    starts: Codes
    places: Bools
    kind: int


@dataclass(frozen=True, slots=True, eq=False)
class Task:
    """Arrays by place, or by place and slot; hours where the name does not say slots."""

    need: Floats
    allowed: Bools
    names: tuple[str, ...]
    area: Codes
    areas: tuple[Label, ...]
    beat: Codes
    beats: tuple[Label, ...]
    travel: Floats
    loss: Floats
    worth: Floats
    shortest: int
    pause: int
    slot: float
    least: Floats
    most: Floats
    fixed: tuple[tuple[int, int], ...]
    fairness: Floats
    hours: float
    begins: float
    crews: tuple[Duty, ...]

    @property
    def area_need(self) -> Floats:
        return sums(self.area, self.need.sum(axis=1), len(self.areas))

    def clock(self, slot: int) -> str:
        """Weekday and time at which a slot begins."""
        minutes = round((self.begins + slot * self.slot) * 60)
        day, minute = divmod(minutes, 24 * 60)
        return f"{DAYS[day % 7]} {minute // 60:02d}:{minute % 60:02d}"


def read(need: Need, crews: Sequence[Crew], rules: Rules) -> Task:
    places, hours = need.values.shape
    slot = _slot(rules.slot)
    per_hour = 60 // rules.slot
    worth = _worth(rules)
    allowed = np.repeat(mask("allowed", rules.allowed, (places, hours)), per_hour, axis=1)
    areas, area = _labels("area", rules.area, places)
    beats, beat = _labels("beat", rules.beat, places)
    travel = np.zeros((places, places))
    if rules.travel is not None:
        travel = travel_times(rules.travel, places)
    least, most = _limits(rules, places)
    checks.positive("hours", rules.hours, most=math.inf)
    if not 0 <= rules.begins < WEEK:
        raise ValueError(f"begins must be an hour of the week, 0 to {WEEK}, not {rules.begins!r}")
    return Task(
        need=np.repeat(need.values / per_hour, per_hour, axis=1),
        allowed=allowed,
        names=_names(rules.names, places),
        area=area,
        areas=areas,
        beat=beat,
        beats=beats,
        travel=travel,
        loss=_loss(travel, beat, slot),
        worth=worth,
        shortest=rules.shortest,
        pause=rules.pause,
        slot=slot,
        least=least,
        most=most,
        fixed=_fixed(rules.fixed, allowed, slot),
        fairness=_fairness(rules, areas),
        hours=float(rules.hours),
        begins=float(rules.begins),
        crews=_duties(crews, rules, need.values.shape),
    )


def _slot(minutes: int) -> float:
    if minutes not in SLOTS:
        raise ValueError(f"slot must be one of {', '.join(map(str, SLOTS))} minutes: {minutes!r}")
    return minutes / 60


def _worth(rules: Rules) -> Floats:
    worth = np.asarray(rules.worth, dtype=float)
    if worth.ndim != 1 or not worth.size or not (np.isfinite(worth) & (worth >= 0)).all():
        raise ValueError("worth must hold what each slot of a visit covers, numbers from 0 up")
    if worth.max() > 1 or (np.diff(worth) > 0).any():
        raise ValueError("worth must begin at 1 or below and never rise: the first counts most")
    checks.count("shortest", rules.shortest)
    if not 1 <= rules.shortest <= len(worth):
        raise ValueError(f"shortest must be 1 to {len(worth)} slots, as worth is that long")
    checks.count("pause", rules.pause)
    if rules.pause < 1:
        raise ValueError("pause must be 1 slot or more: without it two visits are one long visit")
    return worth


def _labels(
    name: str, labels: Sequence[Label] | None, places: int
) -> tuple[tuple[Label, ...], Codes]:
    given = ["all"] * places if labels is None else list(labels)
    if len(given) != places:
        raise ValueError(f"{name} has {len(given)} values for {places} places: give one for each")
    return codes(given)


def _names(names: Sequence[str] | None, places: int) -> tuple[str, ...]:
    if names is None:
        return tuple(f"place {k}" for k in range(places))
    if len(names) != places:
        raise ValueError(f"names has {len(names)} values for {places} places: give one for each")
    return tuple(names)


def _limits(rules: Rules, places: int) -> tuple[Floats, Floats]:
    least, most = (
        _by_place("least", rules.least, places),
        _by_place("most", rules.most, places),
    )
    if np.isinf(least).any():
        raise ValueError("least must be a number of hours for each place, not infinite")
    wrong = least > most
    if wrong.any():
        k = int(np.argmax(wrong))
        raise ValueError(f"least[{k}] = {least[k]:g} exceeds most[{k}] = {most[k]:g}: lower it")
    return least, most


def _by_place(name: str, values: ArrayLike, places: int) -> Floats:
    row = np.asarray(values, dtype=float)
    if row.ndim > 1 or (row.ndim == 1 and len(row) != places):
        raise ValueError(f"{name} must be one number, or one for each of the {places} places")
    row = np.broadcast_to(row, places)
    wrong = np.isnan(row) | (row < 0)
    if wrong.any():
        k = int(np.argmax(wrong))
        raise ValueError(f"{name}[{k}] = {row[k]:g}: hours must be 0 or more")
    return row


def _loss(travel: Floats, beat: Codes, slot: float) -> Floats:
    together = beat[:, None] == beat
    loss: Floats = np.where(together, travel, 0.0).max(axis=0) / 60
    if (loss >= slot).any():
        k = int(np.argmax(loss >= slot))
        raise ValueError(
            f"travel to place {k} takes up to {60 * loss[k]:g} minutes within its beat, a whole "
            f"slot of {60 * slot:g}: make smaller beats, or a longer slot"
        )
    return loss


def _fixed(
    fixed: Sequence[tuple[int, float]], allowed: Bools, slot: float
) -> tuple[tuple[int, int], ...]:
    found = []
    for k, (place, hour) in enumerate(fixed):
        at = math.floor(hour / slot + HAIR)
        if not (0 <= place < allowed.shape[0] and 0 <= at < allowed.shape[1]):
            raise ValueError(f"fixed[{k}] = ({place}, {hour:g}) is outside the plan: correct it")
        if not allowed[place, at]:
            raise ValueError(
                f"fixed[{k}] = ({place}, {hour:g}) is where allowed says no: change one of them"
            )
        found.append((place, at))
    return tuple(found)


def _fairness(rules: Rules, areas: tuple[Label, ...]) -> Floats:
    if not isinstance(rules.fairness, Mapping):
        return np.full(len(areas), share("fairness", rules.fairness))
    unknown = [area for area in rules.fairness if area not in areas]
    if unknown:
        raise ValueError(f"fairness names {unknown[0]!r}, which no place has as its area")
    return np.array([share(f"fairness[{a!r}]", rules.fairness.get(a, 0.0)) for a in areas])


def _duties(crews: Sequence[Crew], rules: Rules, shape: tuple[int, ...]) -> tuple[Duty, ...]:
    if not crews:
        raise ValueError("crews is empty: somebody must be there to be sent out")
    names = [f"crews[{k}]" for k in range(len(crews))]
    served = [_served(name, crew, shape[0]) for name, crew in zip(names, crews, strict=True)]
    kinds = codes([places.tobytes() for places in served])[1].tolist()
    return tuple(
        _duty(name, crew, rules, hours=shape[1], places=places, kind=kind)
        for name, crew, places, kind in zip(names, crews, served, kinds, strict=True)
    )


def _served(name: str, crew: Crew, places: int) -> Bools:
    served = np.ones(places, dtype=bool)
    if crew.places is not None:
        chosen = np.asarray(crew.places, dtype=int)
        if not chosen.size or chosen.min() < 0 or chosen.max() >= places:
            raise ValueError(f"{name}.places must name some of the places 0 to {places - 1}")
        served[:] = False
        served[chosen] = True
    return served


def _duty(name: str, crew: Crew, rules: Rules, *, hours: int, places: Bools, kind: int) -> Duty:
    per_hour = 60 // rules.slot
    checks.count(f"{name}.teams", crew.teams)
    for what in ("shift", "week"):
        checks.positive(f"{name}.{what}", getattr(crew, what))
    for what in ("rest", "weekly_rest"):
        if not 0 <= getattr(crew, what) <= WEEK:
            raise ValueError(f"{name}.{what} must be 0 to {WEEK} hours, not {getattr(crew, what)}")
    length = crew.shift * per_hour
    if abs(length - round(length)) > HAIR:
        raise ValueError(f"{name}.shift = {crew.shift:g} is not a number of slots: round it")
    shifts = math.floor(crew.week / crew.shift + HAIR)
    if crew.teams == 0 or shifts == 0:
        raise ValueError(f"{name} has no team with time for a shift: leave the crew out")
    return Duty(
        name=crew.name,
        teams=crew.teams,
        length=round(length),
        rest=math.ceil(crew.rest * per_hour - HAIR),
        weekly_rest=math.ceil(crew.weekly_rest * per_hour - HAIR) if hours == WEEK else 0,
        shifts=shifts,
        starts=_starts(name, crew, rules, hours),
        places=places,
        kind=kind,
    )


def _starts(name: str, crew: Crew, rules: Rules, hours: int) -> Codes:
    """Slots at which a shift may begin and still end within the plan."""
    per_hour = 60 // rules.slot
    last = (hours - crew.shift) * per_hour
    clock = rules.begins + np.arange(max(0, math.floor(last + HAIR) + 1)) / per_hour
    day, hour = np.divmod(clock + HAIR, 24)
    wanted = np.asarray(crew.starts, dtype=float)
    if not wanted.size or not ((wanted >= 0) & (wanted < 24)).all():
        raise ValueError(f"{name}.starts must hold hours of the day, from 0 to below 24")
    if not set(crew.days) <= set(range(7)):
        raise ValueError(f"{name}.days must hold weekdays, 0 for Monday to 6 for Sunday")
    right = (np.abs(hour[:, None] - wanted) < 0.001).any(axis=1)
    found = np.flatnonzero(right & np.isin(day % 7, crew.days))
    if not found.size:
        raise ValueError(f"{name}.starts and days leave no shift that ends within the plan")
    return found
