"""Weeks with more events than the same season of earlier years lets us expect, for each area."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from loftet.analysis.batch.rows import Row, ends, number
from loftet.analysis.batch.units import Method, Study, Unit
from loftet.analysis.calendar import YEAR_IN_WEEKS, Panel
from loftet.analysis.parallel import Here
from loftet.analysis.trend import FLEXIBLE, Rules, farrington

BLOCK = 32  # series in a unit

Counts = NDArray[np.int32]


@dataclass(frozen=True, slots=True, eq=False)
class Question:
    """Which of the last weeks were too many."""

    counts: Counts
    mondays: NDArray[np.datetime64]
    areas: tuple[str, ...]
    kind: str
    rules: Rules


def units(study: Study) -> Iterator[Unit]:
    areas = study.events.areas
    for kind, events in study.kinds():
        panel = study.panel(events)
        rules = _rules(study, len(panel.starts))
        for first in range(0, len(areas), BLOCK):
            block = slice(first, first + BLOCK)
            question = partial(_question, study, kind, panel, block, rules)
            yield Unit(areas[first], question, f"{areas[first]} …", kind)


def _rules(study: Study, weeks: int) -> Rules:
    """As many earlier years as lie behind every week asked about, up to the number told."""
    behind = weeks - study.weeks - FLEXIBLE.window
    years = min(study.number("years"), behind // YEAR_IN_WEEKS)
    return replace(FLEXIBLE, years=max(1, int(years)), alpha=study.number("alpha"))


def _question(study: Study, kind: str, panel: Panel, block: slice, rules: Rules) -> Question:
    mondays = panel.starts[-study.weeks :]
    counts = panel.counts[block].astype(np.int32)
    return Question(counts, mondays, study.events.areas[block], kind, rules)


def answer(_rng: np.random.Generator, question: Question) -> list[Row]:
    found = farrington(
        question.counts, rules=question.rules, weeks=len(question.mondays), executor=Here()
    )
    measure = f"events, against {question.rules.years} earlier years"
    return [
        Row(
            area,
            question.kind,
            "",
            *ends(monday),
            measure=measure,
            value=float(question.counts[row, week - len(question.mondays)]),
            expected=number(found.expected[row, week]),
            high=number(found.upper[row, week]),
            p=number(found.p_value[row, week]),
            note="alarm" if found.alarm[row, week] else str(found.why[row, week]),
        )
        for row, area in enumerate(question.areas)
        for week, monday in enumerate(question.mondays)
    ]


TREND = Method(
    "trend",
    "which weeks had more events than the same season of earlier years",
    units,
    answer,
    parameters={"years": (5.0,), "alpha": (0.01,)},
)
