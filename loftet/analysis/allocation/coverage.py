"""What a plan covers, and what the same hours would have covered without planning."""

import numpy as np

from loftet.analysis.allocation.model import Visits
from loftet.analysis.allocation.needs import sums
from loftet.analysis.allocation.results import Spread
from loftet.analysis.allocation.task import Task
from loftet.analysis.arrays import Floats


def hours_by_place(task: Task, visits: Visits) -> Floats:
    return sums(visits.place, visits.dose, len(task.names))


def by_area(task: Task, visits: Visits) -> Spread:
    area, areas = task.area[visits.place], len(task.areas)
    covered = sums(area, visits.gain, areas)
    hours = sums(area, visits.dose, areas)
    need = task.area_need
    own = np.divide(covered, need, out=np.full(areas, np.nan), where=need > 0)
    return Spread(task.areas, need / need.sum(), hours, own)


def spread_out(task: Task, weights: Floats, slots: float) -> float:
    """Share of need covered by that many slots of presence, spread in proportion to weights.

    A place and slot gets a chance of presence, at most that of one shortest visit after another
    with their pauses; each such slot covers what a slot of the shortest visit covers on average.
    """
    most = task.shortest / (task.shortest + task.pause)
    presence = _filled(np.where(task.allowed, weights, 0.0), most, slots)
    lost = task.worth[0] * task.loss / task.slot
    each = (task.worth[: task.shortest].sum() - lost) / task.shortest
    return float((presence * task.need * each[:, None]).sum() / task.need.sum())


def _filled(weights: Floats, most: float, total: float) -> Floats:
    """A total shared out in proportion to weights, none above `most`: the rest goes to others."""
    filled = np.zeros_like(weights)
    open_ = weights > 0
    left = total
    while left > 1e-12 and open_.any():
        portion = np.where(open_, weights, 0.0)
        raised = filled + portion * (left / portion.sum())
        full = open_ & (raised >= most)
        filled = np.where(open_, np.minimum(raised, most), filled)
        left = total - filled.sum()
        open_ &= ~full
    return filled
