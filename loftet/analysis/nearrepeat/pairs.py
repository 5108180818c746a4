"""Pairs of events that are near each other, found anew for each block of permutations.

Nothing but the events is kept, however many pairs there are: events lie in the order of a grid,
where those that can be near one are a few stretches of the order.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from loftet.analysis.arrays import Floats
from loftet.analysis.kernels import kernel

Rows = NDArray[np.int64]

CELLS = 2  # of the grid, to the largest distance: smaller ones would cost more than they spare
WIDEST = 32_767  # pairs that a sum of 16 bits holds
UNIT = 2.0**-24  # of the share of a pair: rounded to it, sums do not depend on their order


class Places(NamedTuple):
    """Events in the order of the grid."""

    east: Floats
    north: Floats
    starts: Rows  # (events, stretches): where the stretches with possible neighbours begin
    ends: Rows
    limits: Floats  # finite edges of the bands, squared where the metric is euclidean
    manhattan: bool


def lay_out(
    x: Floats, y: Floats, times: tuple[Any, ...], distances: Floats, metric: str
) -> tuple[Places, NDArray[np.intp]]:
    """Events on the grid, and their order: the same for the same events however they came in."""
    limits = distances[np.isfinite(distances)]
    reach, extent = limits[-1], max(np.ptp(x), np.ptp(y))
    # A little wider than needed: rounding must not put neighbours out of reach.
    side = max(reach / CELLS, extent * 1e-6, 1e-9) * (1 + 1e-6)
    column, row = ((v - v.min()) // side for v in (x, y))
    width = int(column.max()) + 1 + 2 * CELLS
    cell = row.astype(np.int64) * width + column.astype(np.int64)
    order = np.lexsort((*times, y, x, cell))
    starts, ends = _stretches(cell[order], width)
    manhattan = metric == "manhattan"
    limits = limits if manhattan else limits**2
    return Places(x[order], y[order], starts, ends, limits, manhattan), order


def _stretches(cells: Rows, width: int) -> tuple[Rows, Rows]:
    """Later events in the same and the next cells of a row, and those of the next rows."""
    starts, ends = np.empty((2, len(cells), CELLS + 1), np.int64)
    starts[:, 0] = np.arange(1, len(cells) + 1)
    ends[:, 0] = np.searchsorted(cells, cells + CELLS, "right")
    for up in range(1, CELLS + 1):
        starts[:, up] = np.searchsorted(cells, cells + up * width - CELLS, "left")
        ends[:, up] = np.searchsorted(cells, cells + up * width + CELLS, "right")
    return starts, ends


@kernel
def _neighbours(event: int, places: Places, near: Any, found: Rows) -> None:
    """List the later neighbours of an event by band, the first of them below the first edge."""
    found[:] = 0
    east, north, limits = places.east, places.north, places.limits
    for stretch in range(places.starts.shape[1]):
        for other in range(places.starts[event, stretch], places.ends[event, stretch]):
            dx, dy = east[other] - east[event], north[other] - north[event]
            apart = abs(dx) + abs(dy) if places.manhattan else dx * dx + dy * dy
            if apart < limits[-1]:
                band = 0
                for limit in limits:
                    band += apart >= limit
                near[band, found[band]] = other
                found[band] += 1


@kernel
def _lists(places: Places) -> tuple[Any, Rows]:
    """Room for the neighbours of any event."""
    most = 0
    for event in range(len(places.starts)):
        most = max(most, (places.ends[event] - places.starts[event]).sum())
    bands = len(places.limits)
    return np.empty((bands, most), np.int32), np.zeros(bands, np.int64)


@kernel
def degrees(places: Places) -> Rows:
    """How many neighbours each event has in each band, the first of them below the first edge."""
    degree = np.zeros((len(places.east), len(places.limits)), np.int64)
    near, found = _lists(places)
    for event in range(len(degree)):
        _neighbours(event, places, near, found)
        for band in range(degree.shape[1]):
            degree[event, band] += found[band]
            for other in near[band, : found[band]]:
                degree[other, band] += 1
    return degree


@kernel
def count(places: Places, first: Any, last: Any, within: Any) -> Floats:
    """Pairs in each band of distance less than each limit of time apart, and last all of the band.

    `first` and `last` hold a column for each permutation of the times. Columns lie side by side, so
    that the processor compares many at once; the sums are as narrow as the times, and are carried
    over into wide ones before they can overflow.
    """
    bands, limits, lanes = len(places.limits), len(within), first.shape[1]
    sums = np.zeros((bands, limits + 1, lanes))
    short = np.zeros((bands, limits + 1, lanes), first.dtype)
    held = np.zeros(bands, np.int64)
    near, found = _lists(places)
    for event in range(len(first)):
        _neighbours(event, places, near, found)
        for band in range(bands):
            sums[band, limits] += found[band]
            for begin in range(0, found[band], WIDEST):
                others = near[band, begin : min(begin + WIDEST, found[band])]
                if held[band] + len(others) > WIDEST:
                    sums[band, :limits] += short[band, :limits]
                    short[band] = 0
                    held[band] = 0
                held[band] += len(others)
                if last is None:
                    _compare(event, others, first, within, short[band])
                else:
                    _share(event, others, (first, last), within, short[band])
    sums[:, :limits] += short[:, :limits]
    return sums


@kernel
def _compare(event: int, others: Any, times: Any, within: Any, sums: Any) -> None:
    """Add 1 for each pair and limit; the last row of the sums is where differences are put."""
    own, apart = times[event], sums[len(within)]
    for other in others:
        its = times[other]
        for lane in range(len(own)):
            apart[lane] = abs(own[lane] - its[lane])
        for band in range(len(within)):
            limit = within[band]
            for lane in range(len(own)):
                sums[band, lane] += apart[lane] < limit


@kernel
def _share(event: int, others: Any, times: Any, within: Any, sums: Any) -> None:
    """Add the chance that two events are less than a limit apart, each step being as likely."""
    first, last = times[0][event], times[1][event]
    for other in others:
        its_first, its_last = times[0][other], times[1][other]
        for band in range(len(within)):
            limit = within[band]
            for lane in range(len(first)):
                own, its = last[lane] - first[lane] + 1, its_last[lane] - its_first[lane] + 1
                least = first[lane] - its_last[lane]
                nearer = _up_to(limit - least, own, its) - _up_to(1 - limit - least, own, its)
                # A division that could be refused would keep the loop from being taken in one go.
                chance = np.divide(nearer, own * its)
                sums[band, lane] += np.floor(chance / UNIT + 0.5) * UNIT


@kernel
def _up_to(top: float, own: float, its: float) -> float:
    """Pairs of steps of two intervals whose difference is among the `top` least, by four ramps."""
    return _ramp(top) - _ramp(top - own) - _ramp(top - its) + _ramp(top - own - its)


@kernel
def _ramp(steps: float) -> float:
    return steps * (steps + 1) / 2 if steps > 0 else 0.0


@kernel
def lags(times: Any, within: Any) -> Rows:
    """How many others lie less than each limit from each of the sorted times, and last all."""
    others = np.full((len(times), len(within) + 1), len(times) - 1)
    for band in range(len(within)):
        begin = end = 0
        for event in range(len(times)):
            while times[event] - times[begin] >= within[band]:
                begin += 1
            while end < len(times) and times[end] - times[event] < within[band]:
                end += 1
            others[event, band] = end - begin - 1
    return others


@kernel
def deal(times: Any, rng: np.random.Generator, columns: int) -> Any:
    """Times dealt anew to the events, once for each column."""
    dealt = np.empty((len(times), columns), times.dtype)
    hand = times.copy()
    for column in range(columns):
        for place in range(len(times) - 1, -1, -1):
            drawn = int(rng.random() * (place + 1))
            time = hand[drawn]
            hand[drawn] = hand[place]
            hand[place] = time
            dealt[place, column] = time
    return dealt
