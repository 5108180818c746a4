"""Whether events near each other follow sooner than chance would have it, in each area."""

import numpy as np

from loftet.analysis.batch.methods import by_area
from loftet.analysis.batch.methods.by_area import InArea
from loftet.analysis.batch.rows import Row, number
from loftet.analysis.batch.units import Method
from loftet.analysis.nearrepeat import knox
from loftet.analysis.parallel import Here


def answer(rng: np.random.Generator, here: InArea) -> list[Row]:
    found = knox(
        here.x,
        here.y,
        here.day,
        distances=here.parameters["distances"],
        days=here.parameters["days"],
        permutations=here.replicates,
        rng=rng,
        executor=Here(),
    )
    if found.why:
        return [here.row._replace(measure="pairs", note=found.why)]
    return [
        here.row._replace(
            place=distance,
            measure=f"pairs, {days}",
            value=number(found.observed[row, column]),
            expected=number(found.expected[row, column]),
            p=number(found.p_adjusted[row, column]),
        )
        for row, distance in enumerate(found.rows)
        for column, days in enumerate(found.columns)
    ]


NEAR_REPEAT = Method(
    "near-repeat",
    "whether events near each other follow sooner than by chance, within each area",
    by_area.units,
    answer,
    parameters={"distances": (0.0, 1.0, 100.0, 200.0, 400.0), "days": (0.0, 1.0, 8.0, 15.0, 29.0)},
    places=True,
)
