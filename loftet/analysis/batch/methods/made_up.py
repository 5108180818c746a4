"""A few made-up events, on which every method runs once so that its loops are compiled."""

from collections.abc import Iterable

import numpy as np

from loftet.analysis.batch.events import Events
from loftet.analysis.batch.units import Method, Study, do

AREAS, EACH, WEEKS = 6, 60, 120
BEGIN = np.datetime64("2020-01-06T00:00", "m")


def compile_all(methods: Iterable[Method]) -> None:
    events = _events()
    first, last = (moment.astype("M8[D]").item() for moment in (BEGIN, events.time[-1]))
    for method in methods:
        study = Study(events, first, last, 1, 19, method.parameters)
        for unit in method.units(study):
            do(method.answer, 1, unit.question(), unit.area, unit.kind)


def _events() -> Events:
    rng = np.random.default_rng(1)
    total = AREAS * EACH
    area = np.repeat(np.arange(AREAS), EACH)
    return Events(
        tuple(f"{code}" for code in range(AREAS)),
        ("",),
        area,
        np.zeros(total, dtype=np.int64),
        np.sort(BEGIN + rng.integers(WEEKS * 7 * 24 * 60, size=total)),
        20_000.0 * area + rng.normal(scale=500, size=total),
        6_500_000 + rng.normal(scale=500, size=total),
    )
