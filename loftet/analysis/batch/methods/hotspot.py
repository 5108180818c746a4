"""Cells of each area about which more happened than chance would gather there."""

import numpy as np

from loftet.analysis import hotspot
from loftet.analysis.batch.methods import by_area
from loftet.analysis.batch.methods.by_area import InArea
from loftet.analysis.batch.rows import Row, number
from loftet.analysis.batch.units import Method
from loftet.analysis.grid import Grid

SURE = 0.05  # cells are told below it, after adjustment for all cells


def answer(rng: np.random.Generator, here: InArea) -> list[Row]:
    """Gi* of the cells of the rectangle that holds the events of the area."""
    (size,) = here.parameters["cell"]
    grid = Grid.of_points(here.x, here.y, cell=size)
    counts = grid.counts(here.x, here.y).counts
    near = grid.neighbours(include_self=True)
    found = hotspot.getis_ord(counts, near, alternative="greater", rng=rng)
    row = here.row._replace(measure="events in the cell and those about it")
    hot = np.flatnonzero(found.adjusted < SURE)
    if not len(hot):
        return [row._replace(note=found.why or "no cell stands out")]
    around, expected = near @ counts, near.sum(axis=1) * counts.mean()
    return [
        row._replace(
            place=f"{size:g} m about {east:.0f} m E {north:.0f} m N",
            value=number(around[cell]),
            expected=number(expected[cell]),
            p=number(found.adjusted[cell]),
        )
        for cell, (east, north) in zip(hot, grid.centres()[hot], strict=True)
    ]


HOTSPOT = Method(
    "hotspot",
    "about which cells of the map more happened than elsewhere, within each area",
    by_area.units,
    answer,
    parameters={"cell": (250.0,)},
    places=True,
)
