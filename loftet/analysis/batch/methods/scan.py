"""Events that gather in place and time: among the areas week by week, and within each area."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from loftet.analysis import scan
from loftet.analysis.arrays import Floats
from loftet.analysis.batch.events import Events
from loftet.analysis.batch.methods import by_area
from loftet.analysis.batch.methods.by_area import InArea
from loftet.analysis.batch.rows import Row, number
from loftet.analysis.batch.units import Method, Numbers, Study, Unit
from loftet.analysis.parallel import Here

SURE = 0.05  # after the likeliest, only clusters with a p below it are told
WEEK = 7.0  # days between one look and the next
NO_EVENTS = "no events so late"


@dataclass(frozen=True, slots=True, eq=False)
class Places:
    """Where events were: the middles of areas, by name, or the places within one area."""

    x: Floats
    y: Floats
    names: tuple[str, ...] = ()
    area: str = ""

    def inside(self, members: NDArray[np.int64]) -> str:
        """The area, or the areas, that a cluster is in."""
        return " ".join(self.names[member] for member in members) if self.names else self.area

    def circle(self, centre: int, radius: float) -> str:
        middle = f"{self.x[centre]:.0f} m E {self.y[centre]:.0f} m N"
        return f"within {radius:.0f} m of {self.names[centre] if self.names else middle}"


@dataclass(frozen=True, slots=True)
class Limits:
    radius: float
    longest: int
    replicates: int


@dataclass(frozen=True, slots=True, eq=False)
class Question:
    """What has gathered up to a day."""

    location: NDArray[np.int64]
    day: NDArray[np.datetime64]
    until: np.datetime64
    places: Places
    kind: str
    limits: Limits


def among(study: Study) -> Iterator[Unit]:
    """One for the end of each week asked about, as if one had looked then."""
    middles = _middles(study.events)
    for kind, events in study.kinds():
        for until in study.judged() + 6:
            question = partial(_among, study, kind, events, until, middles)
            yield Unit(f"{until}", question, kind=kind)


def _middles(events: Events) -> tuple[Places, NDArray[np.int64]]:
    """The median position of the events of each area, and the row of each area."""
    codes, area = np.unique(events.area, return_inverse=True)
    of_area = np.split(np.argsort(area, kind="stable"), np.cumsum(np.bincount(area))[:-1])
    x, y = (np.array([np.median(row[those]) for those in of_area]) for row in (events.x, events.y))
    row = np.zeros(len(events.areas), dtype=np.int64)
    row[codes] = np.arange(len(codes))
    return Places(x, y, tuple(events.areas[code] for code in codes)), row


def _among(
    study: Study,
    kind: str,
    events: Events,
    until: np.datetime64,
    middles: tuple[Places, NDArray[np.int64]],
) -> Question:
    recent = _recent(study, events, until)
    places, row = middles
    day = recent.time.astype("M8[D]")
    return Question(
        row[recent.area], day, until, places, kind, _limits(study.parameters, study.replicates)
    )


def _recent(study: Study, events: Events, until: np.datetime64) -> Events:
    day = events.time.astype("M8[D]")
    return events.where((day > until - int(study.number("history"))) & (day <= until))


def _limits(parameters: Mapping[str, Numbers], replicates: int) -> Limits:
    return Limits(parameters["radius"][0], int(parameters["longest"][0]), replicates)


def answer_within(rng: np.random.Generator, here: InArea) -> list[Row]:
    """The same about the places within one area."""
    position = np.column_stack([here.x, here.y])
    distinct, location = np.unique(position, axis=0, return_inverse=True)
    x, y = distinct.T
    places, limits = Places(x, y, area=here.area), _limits(here.parameters, here.replicates)
    question = Question(location.reshape(-1), here.day, here.last, places, here.kind, limits)
    return answer(rng, question)


def answer(rng: np.random.Generator, question: Question) -> list[Row]:
    places = question.places
    measure = f"cluster as of {question.until}"
    if not len(question.day):
        return [Row(places.area, question.kind, measure=measure, note=NO_EVENTS)]
    found = scan.space_time_permutation(
        question.location,
        question.day,
        places.x,
        places.y,
        prospective=True,
        radius=question.limits.radius,
        longest=question.limits.longest,
        until=question.until,
        every=WEEK,
        replicates=question.limits.replicates,
        rng=rng,
        executor=Here(),
    )
    if not found.clusters:
        return [Row(places.area, question.kind, measure=measure, note=found.why)]
    first, *others = found.clusters
    return [
        _row(cluster, question, measure)
        for cluster in (first, *(other for other in others if other.p_value < SURE))
    ]


def _row(cluster: scan.Cluster, question: Question, measure: str) -> Row:
    places = question.places
    return Row(
        places.inside(cluster.members),
        question.kind,
        places.circle(cluster.centre, cluster.radius),
        str(cluster.first_day),
        str(cluster.last_day),
        measure,
        value=float(cluster.observed),
        expected=number(cluster.expected),
        p=number(cluster.p_value),
        note=f"by chance alone once in {cluster.recurrence:.0f} days",
    )


SCAN = Method(
    "scan",
    "where events gather among the areas, as of the end of each week",
    among,
    answer,
    parameters={"radius": (50_000.0,), "longest": (28.0,), "history": (365.0,)},
    places=True,
)
SCAN_WITHIN = Method(
    "scan-within",
    "where events gather within each area, as of the last week",
    by_area.units,
    answer_within,
    parameters={"radius": (3_000.0,), "longest": (28.0,)},
    places=True,
)
