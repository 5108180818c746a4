"""Units of one area each: what happened there in the weeks asked about."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from loftet.analysis.arrays import Floats
from loftet.analysis.batch.events import Events
from loftet.analysis.batch.rows import Row
from loftet.analysis.batch.units import Numbers, Study, Unit


@dataclass(frozen=True, slots=True, eq=False)
class InArea:
    """The events of one area in the weeks from `first` through `last`."""

    x: Floats
    y: Floats
    day: NDArray[np.datetime64]
    first: np.datetime64
    last: np.datetime64
    area: str
    kind: str
    parameters: Mapping[str, Numbers]
    replicates: int

    @property
    def row(self) -> Row:
        """A row about the whole area and time, to be filled in."""
        return Row(self.area, self.kind, "", str(self.first), str(self.last))


def units(study: Study) -> Iterator[Unit]:
    """One for each area where anything happened in those weeks."""
    mondays = study.judged()
    first, last = mondays[0], mondays[-1] + 6
    for kind, events in study.kinds():
        day = events.time.astype("M8[D]")
        those = events.where((day >= first) & (day <= last))
        for code in np.unique(those.area):
            area = study.events.areas[code]
            question = partial(_in_area, study, kind, those, int(code), (first, last))
            yield Unit(area, question, area, kind)


def _in_area(
    study: Study,
    kind: str,
    events: Events,
    code: int,
    ends: tuple[np.datetime64, np.datetime64],
) -> InArea:
    here = events.where(events.area == code)
    return InArea(
        here.x,
        here.y,
        here.time.astype("M8[D]"),
        *ends,
        study.events.areas[code],
        kind,
        study.parameters,
        study.replicates,
    )
