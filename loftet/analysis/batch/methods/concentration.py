"""How few places hold half of the events of each area."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from loftet.analysis.batch.methods import by_area
from loftet.analysis.batch.methods.by_area import InArea
from loftet.analysis.batch.rows import Row, number
from loftet.analysis.batch.units import Method, Study, Unit
from loftet.analysis.concentration import BesideChance, concentration
from loftet.analysis.grid import Grid
from loftet.analysis.parallel import Here


@dataclass(frozen=True, slots=True, eq=False)
class Question:
    """How do events spread over the cells where any ever were."""

    here: InArea
    counts: NDArray[np.int64]


def units(study: Study) -> Iterator[Unit]:
    for unit in by_area.units(study):
        yield replace(unit, question=partial(_question, study, unit))


def _question(study: Study, unit: Unit) -> Question:
    """Places are the cells where anything ever happened, of whatever kind."""
    here: InArea = unit.question()
    ever = study.events.where(study.events.area == study.events.areas.index(unit.area))
    grid = Grid.of_points(ever.x, ever.y, cell=study.number("cell"))
    places = np.flatnonzero(grid.counts(ever.x, ever.y).counts)
    return Question(here, grid.counts(here.x, here.y).counts[places])


def answer(rng: np.random.Generator, question: Question) -> list[Row]:
    here = question.here
    found = concentration(question.counts, replicates=here.replicates, rng=rng, executor=Here())
    half, size = f"{found.share:.0%}", here.parameters["cell"][0]
    return [
        _row(here, f"share of cells of {size:g} m that hold {half} of the events", found.smallest),
        _row(here, "Gini, corrected for fewer events than cells", found.corrected),
    ]


def _row(here: InArea, measure: str, found: BesideChance) -> Row:
    """The number, and beside it what chance alone would make of as many events."""
    low, high = found.range
    return here.row._replace(
        measure=measure,
        value=number(found.value),
        expected=number(found.by_chance),
        low=number(low),
        high=number(high),
        p=number(found.p_value),
    )


CONCENTRATION = Method(
    "concentration",
    "how few cells hold half of the events, beside chance, within each area",
    units,
    answer,
    parameters={"cell": (250.0,)},
    places=True,
)
