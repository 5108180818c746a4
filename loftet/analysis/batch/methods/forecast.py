"""Events of the weeks to come in each area, and what would have been said of the weeks gone by."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from loftet.analysis import forecast
from loftet.analysis.batch.rows import Row, ends, number
from loftet.analysis.batch.units import Method, Study, Unit
from loftet.analysis.calendar import Panel

Counts = NDArray[np.int32]


@dataclass(frozen=True, slots=True, eq=False)
class Question:
    """What comes after these weeks, and what came, where it is known already."""

    past: Counts
    came: Counts | None
    monday: np.datetime64
    areas: tuple[str, ...]
    kind: str
    ahead: int
    confidence: float


def units(study: Study) -> Iterator[Unit]:
    """One for each week asked about, from the weeks before it; the last for the weeks to come."""
    for kind, events in study.kinds():
        panel = study.panel(events)
        weeks = len(panel.starts)
        for now in range(max(1, weeks - study.weeks), weeks + 1):
            monday = panel.starts[0] + 7 * now
            yield Unit(f"{monday}", partial(_question, study, kind, panel, now), kind=kind)


def _question(study: Study, kind: str, panel: Panel, now: int) -> Question:
    counts = panel.counts.astype(np.int32)
    gone_by = now < len(panel.starts)
    return Question(
        counts[:, :now],
        counts[:, now] if gone_by else None,
        panel.starts[0] + 7 * now,
        study.events.areas,
        kind,
        1 if gone_by else int(study.number("ahead")),
        study.number("confidence"),
    )


def answer(_rng: np.random.Generator, question: Question) -> list[Row]:
    told = forecast.predict(question.past, horizon=question.ahead, confidence=question.confidence)
    note = "; ".join(told.cautions)
    return [
        Row(
            area,
            question.kind,
            "",
            *ends(question.monday + 7 * week),
            measure="events",
            value=None if question.came is None else float(question.came[row]),
            expected=number(told.mean[row, week]),
            low=number(told.low[row, week]),
            high=number(told.high[row, week]),
            note=note,
        )
        for row, area in enumerate(question.areas)
        for week in range(question.ahead)
    ]


FORECAST = Method(
    "forecast",
    "how many events next week, and between which limits",
    units,
    answer,
    parameters={"ahead": (4.0,), "confidence": (0.9,)},
    caution=forecast.NOT_FOR,
)
